package importer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// Words in the header of a column whose texts say what part of the whole a
// figure is of, and those beside which they say something else.
var (
	narrowWords = []string{"gender", "sex", "age", "ages", "ethnicity", "ethnic", "team", "teams", "ward", "wards", "locality", "localities", "neighbourhood", "patch",
		"placement", "category", "subcategory", "provider", "providers", "type", "group", "band", "disability", "religion", "nationality", "school", "breakdown", "characteristic", "subgroup", "office", "postcode", "district"}
	otherWords = []string{"measure", "indicator", "kpi", "metric", "data", "area", "geography", "geographic", "authority", "council", "period", "date", "month", "time",
		"note", "notes", "comment", "comments", "commentary", "rag", "target"}
	remarkHeaders = []string{"note", "notes", "comment", "comments", "commentary", "source"}
)

// narrows reports whether a folded header is of a column that breaks figures
// down.
func narrows(folded string) bool {
	is := func(words []string) bool {
		return slices.ContainsFunc(strings.Fields(folded), func(w string) bool { return slices.Contains(words, w) })
	}
	return is(narrowWords) && !is(otherWords)
}

// isWhole reports whether a text says that a row is of all.
func isWhole(s string) bool {
	f := stat.Fold(s)
	rest, all := strings.CutPrefix(f, "all ")
	return isTotal(s) || f == "overall" || f == "both" || f == "both sexes" || f == "persons" || f == "grand total" || all && !strings.HasPrefix(rest, "other")
}

// narrowed is what is wrong with a row that is a part of a whole, and where.
func (t *table) narrowed(row workbook.Row) (*complaint, int) {
	for _, col := range t.narrow {
		if s := strings.TrimSpace(cellText(cell(row, col))); s != "" && !isWhole(s) {
			return t.partOfWhole(col, s), col
		}
	}
	return nil, 0
}

func (t *table) partOfWhole(col int, says string) *complaint {
	return &complaint{"narrowing_column", "the row is of " + strconv.Quote(says) + " in column " + strconv.Quote(t.head[col]) +
		", a part of a whole, and would be stored as the whole: give the total instead, in one row with Total in that column, or remove the column if the figure is the total"}
}

// twiceNarrowed is the column by whose texts two rows of one key differ.
func (t *table) twiceNarrowed(key stat.Key, row workbook.Row) (*complaint, int) {
	if len(t.strange) == 0 {
		return nil, 0
	}
	texts := make([]string, len(t.strange))
	for i, col := range t.strange {
		if c := cell(row, col); !numeric(c) {
			texts[i] = strings.TrimSpace(cellText(c))
		}
	}
	first, ok := t.beside[key]
	if !ok {
		t.beside[key] = texts
		return nil, 0
	}
	for i, s := range texts {
		if s != first[i] {
			return t.partOfWhole(t.strange[i], s+"\" and, elsewhere, \""+first[i]), t.strange[i]
		}
	}
	return nil, 0
}

// surplus is what is wrong with a row that goes on beyond the header, as one
// in a CSV does where the comma of 2,005 begins a new cell. A lone text there,
// in a workbook, is a note.
func (t *table) surplus(row workbook.Row) (*complaint, int) {
	csv, blank := t.book.Format == "csv", t.blank(row) != ""
	for i := t.width; i < len(row.Cells); i++ {
		c := row.Cells[i]
		if c.Kind == workbook.Empty || c.Kind == workbook.Text && strings.TrimSpace(c.Text) == "" {
			continue
		}
		if words := c.Kind == workbook.Text && !numeric(c); words && (!csv || blank) {
			continue
		}
		if csv {
			return &complaint{"too_many_cells", "the row has more cells than the header, as one does where a number such as 2,005 or a text has a comma in it: put it in double quotes, or leave the comma out"}, i
		}
		return &complaint{"too_many_cells", strconv.Quote(shortened(cellText(c))) + " stands right of the last column that has a header: give the column a header, or clear the cell"}, i
	}
	if csv {
		return t.pushed(row)
	}
	return nil, 0
}

var thousandsRest = regexp.MustCompile(`^\d{3}$`)

// pushed finds the end of a number among the remarks, where a comma in it has
// pushed the rest of the row along.
func (t *table) pushed(row workbook.Row) (*complaint, int) {
	for _, col := range t.remarks {
		if s := text(row, col); thousandsRest.MatchString(s) && t.isFigure(col-1) {
			return &complaint{"too_many_cells", strconv.Quote(s) + " stands where words belong, as it does where a number such as 2,005 is split at its comma: put the number in double quotes, or leave the comma out"}, col
		}
	}
	return nil, 0
}
