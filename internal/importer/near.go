package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// almost refuses a file of DfE's that has all but one column of a known table:
// read under names of its own, its figures would be missed where they belong.
func (r *reading) almost(sheet int, head []line, all []match) bool {
	for _, m := range all {
		if len(m.missing) != 1 || m.layout.Kind != tableKind || m.layout.Publisher == stat.Council || !m.layout.knows(&head[m.line]) {
			continue
		}
		row := head[m.line].number
		r.problem(stat.Error, "missing_column", workbook.Address(r.book.Sheets[sheet].Name, 0, row), "%s: the file %s. Add or rename the missing column, or choose the layout %s to keep the figures under the file's own names",
			r.res.Batch.File, m.lacks(), publishedKind)
		return true
	}
	return false
}

// knows reports whether at least two of a layout's own columns, of figures and
// items, stand in the line; the items among them, since many a table has a
// number and a rate.
func (l *layout) knows(ln *line) bool {
	n := 0
	for _, c := range l.Columns {
		_, stands := c.find(ln)
		switch {
		case stands && (isFigure(c) || c.Is == roleItem):
			n++
		case c.Is == roleItem:
			return false
		}
	}
	return n >= 2
}

func (r *reading) ambiguous(sheet int, head []line, best []match) {
	var names []string
	for _, m := range best {
		names = append(names, m.layout.name)
	}
	at := workbook.Address(r.book.Sheets[sheet].Name, 0, head[best[0].line].number)
	r.problem(stat.Error, "ambiguous_layout", at, "the header row fits the layouts %s alike: say which it is by choosing a layout (--layout %s)", strings.Join(names, " and "), names[0])
}

// near are the layouts that nearly fit, the nearest first: two of their
// headers, and no fewer than they miss, stand in one row.
func near(all []match) []match {
	var near []match
	for _, m := range all {
		if m.present >= 2 && m.present >= len(m.missing) {
			near = append(near, m)
		}
	}
	byMissing(near)
	return near
}

func byMissing(all []match) {
	slices.SortStableFunc(all, func(a, b match) int {
		return cmp.Or(cmp.Compare(len(a.missing), len(b.missing)), cmp.Compare(b.present, a.present))
	})
}

func (m match) lacks() string {
	return fmt.Sprintf("has the layout %s (%s) but for %s", m.layout.name, m.layout.Title, strings.Join(quoted(m.missing), ", "))
}

// unrecognised says what the nearest layouts miss, in the first sheet where
// there are any.
func (r *reading) unrecognised(all [][]match, heads [][]line) {
	if len(heads) > 0 && len(heads[0]) > 0 && isMeta(&heads[0][0]) {
		r.problem(stat.Error, "meta_alone", "", "%s says what the columns of another file are: upload it together with that file", r.res.Batch.File)
		return
	}
	var nearest []match
	sheet := 0
	for i := range all {
		if nearest = near(all[i]); r.o.Layout != "" && len(all[i]) > 0 {
			nearest = all[i]
		}
		if sheet = i; len(nearest) > 0 {
			break
		}
	}
	if len(nearest) == 0 {
		r.unknown()
		return
	}
	var says []string
	for _, m := range nearest[:min(3, len(nearest))] {
		says = append(says, fmt.Sprintf("%s (%s) lacks %s", m.layout.name, m.layout.Title, strings.Join(quoted(m.missing), ", ")))
	}
	row := heads[sheet][nearest[0].line].number
	r.problem(stat.Error, "missing_column", workbook.Address(r.book.Sheets[sheet].Name, 0, row), "%s: no layout fits the header in row %d. %s. Add or rename the missing column, or choose another layout",
		r.res.Batch.File, row, strings.Join(says, "; "))
}

// unknown is of a file that is like none that is known.
func (r *reading) unknown() {
	r.problem(stat.Error, "unknown_layout", r.firstSheet(), "%s: no header row of a known layout in its first %d rows. Known are %s: use one of them, or name the columns date, measure, area, count and rate",
		r.res.Batch.File, headRows, strings.Join(r.im.Layouts(), ", "))
}

func (r *reading) firstSheet() string {
	for _, s := range r.book.Sheets {
		if !s.Hidden {
			return s.Name
		}
	}
	return ""
}

func quoted(texts []string) []string {
	var out []string
	for _, t := range texts {
		out = append(out, fmt.Sprintf("%q", t))
	}
	return out
}
