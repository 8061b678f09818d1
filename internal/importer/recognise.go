package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// headRows is how far down a header row is looked for.
const headRows = 20

// line is one of the first rows of a sheet, kept.
type line struct {
	number int
	cells  []workbook.Cell
	folded []string
	cols   map[string][]int // folded text to columns
}

// match is how well one row of a sheet fits one layout.
type match struct {
	layout  *layout
	line    int // index into the head
	found   int // required headers that stand in the row
	present int // and those that need not
	missing []string
}

func (m match) complete() bool { return len(m.missing) == 0 }

// sheetMatch is the layout a sheet is read by; the zero one skips the sheet.
type sheetMatch struct {
	layout *layout
	head   []line
	line   int
	row    int // number of the header row; 0 where there is none
	reason string
}

// recognise chooses the layout of every sheet, or finds problems that say why
// it cannot.
func (r *reading) recognise() ([]sheetMatch, error) {
	heads := make([][]line, len(r.book.Sheets))
	for i := range r.book.Sheets {
		head, err := r.head(i)
		if err != nil {
			return nil, err
		}
		if heads[i] = head; r.childLevel(r.book.Sheets[i].Name, head) {
			return nil, nil
		}
	}
	layouts, ok := r.candidates()
	if !ok {
		return nil, nil
	}
	return r.choose(layouts, heads), nil
}

func (r *reading) candidates() ([]*layout, bool) {
	if r.o.Layout == "" {
		return r.im.layouts, true
	}
	for _, l := range r.im.layouts {
		if l.name == r.o.Layout {
			return []*layout{l}, true
		}
	}
	r.problem(stat.Error, "unknown_layout", "", "there is no layout %q: choose one of %s", r.o.Layout, strings.Join(r.im.Layouts(), ", "))
	return nil, false
}

// head keeps the first rows of a sheet.
func (r *reading) head(sheet int) ([]line, error) {
	var head []line
	for row, err := range r.book.Rows(sheet) {
		if err != nil {
			return nil, err
		}
		head = append(head, newLine(row))
		if len(head) == headRows {
			break
		}
	}
	return head, nil
}

func newLine(row workbook.Row) line {
	l := line{number: row.Number, cells: slices.Clone(row.Cells), cols: map[string][]int{}}
	for i, c := range l.cells {
		f := stat.Fold(c.Text)
		l.folded = append(l.folded, f)
		if f != "" {
			l.cols[f] = append(l.cols[f], i)
		}
	}
	return l
}

// choose picks the best layout of each visible sheet; all sheets that are
// read have the layout of the first.
func (r *reading) choose(layouts []*layout, heads [][]line) []sheetMatch {
	out := make([]sheetMatch, len(heads))
	var near []match
	var nearHead []line
	for i, head := range heads {
		if r.book.Sheets[i].Hidden {
			out[i].reason = fmt.Sprintf("hidden sheet %q is not read", r.book.Sheets[i].Name)
			r.problem(stat.Warning, "hidden_sheet", r.book.Sheets[i].Name, "the sheet is hidden and was not read: unhide it if its figures are wanted, or delete it")
			continue
		}
		all := matches(r.im.cat, layouts, head)
		best := leading(all)
		switch {
		case len(best) > 1:
			r.ambiguous(i, head, best)
			return nil
		case len(best) == 0:
			if out[i].reason = fmt.Sprintf("sheet %q has no header row of a known layout", r.book.Sheets[i].Name); near == nil {
				near, nearHead = all, head
			}
			continue
		case r.layout != nil && r.layout != best[0].layout:
			out[i].reason = fmt.Sprintf("sheet %q has the layout %s, but the file is read as %s", r.book.Sheets[i].Name, best[0].layout.name, r.layout.name)
			continue
		}
		r.layout = best[0].layout
		out[i] = sheetMatch{layout: r.layout, head: head, line: best[0].line, row: head[best[0].line].number}
	}
	if r.layout == nil {
		r.unrecognised(near, nearHead)
		return nil
	}
	return out
}

// leading are the complete matches with the most headers.
func leading(all []match) []match {
	var best []match
	for _, m := range all {
		switch {
		case !m.complete() || len(best) > 0 && m.found < best[0].found:
		case len(best) > 0 && m.found == best[0].found:
			best = append(best, m)
		default:
			best = []match{m}
		}
	}
	return best
}

func (r *reading) ambiguous(sheet int, head []line, best []match) {
	var names []string
	for _, m := range best {
		names = append(names, m.layout.name)
	}
	at := workbook.Address(r.book.Sheets[sheet].Name, 0, head[best[0].line].number)
	r.problem(stat.Error, "ambiguous_layout", at, "the header row fits the layouts %s alike: say which it is by choosing a layout (--layout %s)", strings.Join(names, " and "), names[0])
}

// matches is the best line of the head for each layout.
func matches(cat *stat.Catalogue, layouts []*layout, head []line) []match {
	var out []match
	for _, l := range layouts {
		var best *match
		for i := range head {
			m := l.match(cat, &head[i])
			m.line = i
			if best == nil || m.complete() && !best.complete() || m.complete() == best.complete() && (m.found > best.found || m.found == best.found && m.present > best.present) {
				best = &m
			}
		}
		if best != nil {
			out = append(out, *best)
		}
	}
	return out
}

func (l *layout) match(cat *stat.Catalogue, ln *line) match {
	if l.Kind == gridKind {
		return l.matchGrid(ln)
	}
	m := match{layout: l}
	figures, figureNames := false, []string(nil)
	for _, c := range l.Columns {
		_, stands := c.find(ln)
		if stands {
			m.present++
		}
		if isFigure(c) && c.Optional {
			figures = figures || stands
			figureNames = append(figureNames, c.Header[0])
		}
		if !c.Optional {
			m.want(stands, c.Header[0])
		}
	}
	for _, h := range l.Neighbours {
		m.want(len(ln.cols[stat.Fold(h)]) > 0, h)
	}
	switch {
	case l.MeasureColumns:
		m.want(slices.ContainsFunc(ln.cells, func(c workbook.Cell) bool { return headsMeasure(cat, l, c) }), "a column headed by a measure's name")
	case len(figureNames) > 0:
		m.want(figures, strings.Join(figureNames, " or "))
	}
	m.present = max(m.present, m.found)
	return m
}

func (m *match) want(stands bool, header string) {
	if stands {
		m.found++
	} else {
		m.missing = append(m.missing, header)
	}
}

// find is the first column of the line that has one of the headers.
func (c column) find(ln *line) (int, bool) {
	for _, h := range c.Header {
		if cols := ln.cols[stat.Fold(h)]; len(cols) > 0 {
			return cols[0], true
		}
	}
	return 0, false
}

// headsMeasure reports whether a header names a measure and no column of the
// layout.
func headsMeasure(cat *stat.Catalogue, l *layout, c workbook.Cell) bool {
	if c.Kind != workbook.Text || l.column(c.Text) != nil {
		return false
	}
	_, ok := measureOf(cat, c.Text)
	return ok
}

// column is the layout's column of that header, nil where it has none.
func (l *layout) column(header string) *column {
	f := stat.Fold(header)
	for i := range l.Columns {
		if slices.ContainsFunc(l.Columns[i].Header, func(h string) bool { return stat.Fold(h) == f }) {
			return &l.Columns[i]
		}
	}
	return nil
}

// unrecognised says what the nearest layouts miss. A layout is near where two
// of its headers, and no fewer than it misses, stand in one row.
func (r *reading) unrecognised(all []match, head []line) {
	var near []match
	for _, m := range all {
		if m.present >= 2 && m.present >= len(m.missing) || r.o.Layout != "" {
			near = append(near, m)
		}
	}
	slices.SortStableFunc(near, func(a, b match) int {
		return cmp.Or(cmp.Compare(len(a.missing), len(b.missing)), cmp.Compare(b.present, a.present))
	})
	if len(near) == 0 {
		r.problem(stat.Error, "unknown_layout", r.firstSheet(), "%s: no header row of a known layout in its first %d rows. Known are %s: use one of them, or name the columns date, measure, area, count and rate",
			r.res.Batch.File, headRows, strings.Join(r.im.Layouts(), ", "))
		return
	}
	var says []string
	for _, m := range near[:min(3, len(near))] {
		says = append(says, fmt.Sprintf("%s (%s) lacks %s", m.layout.name, m.layout.Title, strings.Join(quoted(m.missing), ", ")))
	}
	row := head[near[0].line].number
	r.problem(stat.Error, "missing_column", workbook.Address(r.firstSheet(), 0, row), "%s: no layout fits the header in row %d. %s. Add or rename the missing column, or choose another layout",
		r.res.Batch.File, row, strings.Join(says, "; "))
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

// childHeadings head columns of files about single children: the statutory
// returns (SSDA903, Annex A) and what people call the like.
var childHeadings = []string{"upn", "uln", "nhs number", "nhs no", "date of birth", "dob", "d o b", "mc dob", "forename", "surname",
	"first name", "last name", "child unique id", "child id", "childid", "lachildid", "lachild id", "child identifier", "person id",
	"decom", "home post", "pl post", "postcode", "home postcode", "address"}

// childLevel refuses a file with rows about single children, on any sheet.
func (r *reading) childLevel(sheet string, head []line) bool {
	for _, ln := range head {
		for _, h := range childHeadings {
			if cols := ln.cols[h]; len(cols) > 0 && len(ln.cols) > 1 {
				r.problem(stat.Error, "child_level", workbook.Address(sheet, cols[0], ln.number),
					"%s: a column headed %q is about single children, and only totals may be held here. Nothing of the file was kept: upload a file of totals", r.res.Batch.File, ln.cells[cols[0]].Text)
				return true
			}
		}
	}
	return false
}

// reader makes the sheet's rowReader.
func (s sheetMatch) reader(r *reading) rowReader {
	if s.layout == nil {
		return skipper(s.reason)
	}
	r.sampleMark(s)
	switch s.layout.Kind {
	case gridKind:
		return newGrid(r, s)
	case neighboursKind:
		return newNeighbours(r, s)
	}
	return newTable(r, s)
}

// skipper leaves a whole sheet out.
type skipper string

func (s skipper) row(workbook.Row) string { return string(s) }
func (s skipper) end()                    {}

// sampleText is what a file of samples says above its figures, in a header or
// in the sheet's name.
const sampleText = "sample figures"

func (r *reading) sampleMark(s sheetMatch) {
	says := strings.Contains(stat.Fold(r.sheet), sampleText)
	for _, ln := range s.head[:s.line+1] {
		says = says || slices.ContainsFunc(ln.folded, func(f string) bool { return strings.Contains(f, sampleText) })
	}
	r.res.Batch.Sample = r.res.Batch.Sample || says
}
