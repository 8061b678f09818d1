package importer

import (
	"strconv"
	"strings"

	"bellwether/internal/workbook"
)

// bindBreakdowns finds the columns that say what part of the whole a row is
// of: those whose header names the dimension, and one of dimensions beside one
// of categories.
func (t *table) bindBreakdowns(ln *line) {
	t.dimension, t.category = t.layout.place(ln, roleDimension), t.layout.place(ln, roleCategory)
	for _, c := range t.layout.Columns {
		if col, ok := c.find(ln); ok && c.Is == roleBreakdown {
			label := c.Dimension
			if label == "" {
				label = strings.ToLower(plainPart(ln.cells[col].Text))
			}
			t.filters = append(t.filters, filter{col, label, new(int), new(string)})
		}
	}
}

// plainPart is a dimension or a category without what divides breakdowns.
func plainPart(s string) string {
	s = strings.NewReplacer("_", " ", "; ", ", ", ": ", " – ").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// partOfRow is the row's breakdown, "" for the total, or what is wrong with it
// and where.
func (t *table) partOfRow(row workbook.Row) (string, *complaint, int) {
	if t.layout.Kind == publishedKind {
		return t.breakdown(row), nil, 0
	}
	var parts []string
	for _, f := range t.filters {
		category, fault := t.categoryAt(row, f.col)
		if fault != nil {
			return "", fault, f.col
		}
		if category != "" {
			parts = append(parts, f.label+": "+category)
		}
	}
	if t.category >= 0 || t.dimension >= 0 {
		part, fault, col := t.namedPart(row)
		if fault != nil {
			return "", fault, col
		}
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "; "), nil, 0
}

// categoryAt is the category in a column, "" where it is empty or says that
// the row is of all. A spreadsheet takes 5-9 for a day in September.
func (t *table) categoryAt(row workbook.Row, col int) (string, *complaint) {
	c := cell(row, col)
	if c.Kind == workbook.Date {
		return "", &complaint{"category_as_date", "a date stands in column " + strconv.Quote(t.head[col]) + ", as it does where a spreadsheet took a range such as 5-9 for a day: write \"5 to 9\", or format the column as text"}
	}
	s := plainPart(cellText(c))
	if isWhole(s) {
		return "", nil
	}
	return s, nil
}

// namedPart is the category of a row whose dimension stands beside it, or
// before it as in "ethnicity: White".
func (t *table) namedPart(row workbook.Row) (string, *complaint, int) {
	dimension := strings.ToLower(plainPart(text(row, t.dimension)))
	if isWhole(dimension) {
		dimension = ""
	}
	first, rest, told := strings.Cut(cellText(cell(row, t.category)), ": ")
	if dimension == "" && told && !isWhole(rest) {
		return strings.ToLower(plainPart(first)) + ": " + plainPart(rest), nil, 0
	}
	if dimension == "" && told {
		return "", nil, 0
	}
	category, fault := t.categoryAt(row, t.category)
	switch {
	case fault != nil:
		return "", fault, t.category
	case category == "" && dimension != "" && text(row, t.category) == "":
		return "", &complaint{"half_breakdown", "the row is by " + strconv.Quote(dimension) + " but does not say which of its categories: write it, or Total"}, max(t.category, t.dimension)
	case category == "":
		return "", nil, 0
	case dimension == "":
		return "", &complaint{"half_breakdown", strconv.Quote(category) + " does not say what it is a category of: add a column headed dimension, or write it before, as in \"ethnicity: White\""}, t.category
	}
	return dimension + ": " + category, nil, 0
}
