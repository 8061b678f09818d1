package importer

import (
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
	bands  map[int]string   // column to the text merged over it and its neighbours, in the row above
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
		heads[i] = head
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
	var bands map[int]string
	merged := newMerged(r.book.Sheets[sheet].Merges)
	for row, err := range r.book.Rows(sheet) {
		if err != nil {
			return nil, err
		}
		merged.keep(row)
		ln := newLine(merged.downwards(row))
		ln.bands = bands
		head, bands = append(head, ln), merged.bands(row.Number)
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

// choose picks the best layout of each sheet, each for itself.
func (r *reading) choose(layouts []*layout, heads [][]line) []sheetMatch {
	out := make([]sheetMatch, len(heads))
	all := make([][]match, len(heads))
	found := false
	for i, head := range heads {
		all[i] = matches(r.im.cat, layouts, head)
		best := leading(all[i])
		if len(best) > 1 {
			r.ambiguous(i, head, best)
			return nil
		}
		if len(best) == 0 {
			continue
		}
		if best[0].layout.Kind == publishedKind && r.o.Layout == "" && r.almost(i, head, all[i]) {
			return nil
		}
		found = true
		out[i] = sheetMatch{layout: best[0].layout, head: head, line: best[0].line, row: head[best[0].line].number}
	}
	if !found {
		r.unrecognised(all, heads)
		return nil
	}
	for i := range out {
		r.tellSheet(i, &out[i], near(all[i]))
	}
	return out
}

// tellSheet says that a sheet is hidden, or is left out; where it nearly fits
// a layout, its figures may be missed.
func (r *reading) tellSheet(i int, s *sheetMatch, near []match) {
	name := r.book.Sheets[i].Name
	if r.book.Sheets[i].Hidden {
		r.problem(stat.Note, "hidden_sheet", name, "the sheet is hidden, and was read like the others: delete it, and import again, if it should not count")
	}
	if s.layout != nil {
		return
	}
	s.reason = fmt.Sprintf("sheet %q has no header row of a known layout", name)
	if len(near) > 0 {
		r.problem(stat.Warning, "sheet_skipped", name, "the sheet was left out, since it %s: add or rename the column if its figures are wanted", near[0].lacks())
		return
	}
	r.problem(stat.Note, "sheet_skipped", name, "the sheet was left out: none of its first %d rows is the header of a known layout", headRows)
}

// leading are the complete matches with the most headers; the council's own
// before others.
func leading(all []match) []match {
	var best []match
	ownFits := slices.ContainsFunc(all, func(m match) bool { return m.layout.own && m.complete() })
	for _, m := range all {
		switch {
		case ownFits && m.layout.Kind == publishedKind: // it fits whatever the council's own was made for
		case !m.complete() || len(best) > 0 && m.found < best[0].found:
		case len(best) > 0 && m.found == best[0].found && best[0].layout.own == m.layout.own:
			best = append(best, m)
		case len(best) > 0 && m.found == best[0].found && best[0].layout.own:
		default:
			best = []match{m}
		}
	}
	return best
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
		return l.matchGrid(cat, ln)
	}
	m := match{layout: l}
	figures, figureNames := false, []string(nil)
	for _, c := range l.Columns {
		_, stands := c.find(ln)
		if stands {
			m.present++
		}
		if isFigure(c) {
			figures = figures || stands
		}
		if isFigure(c) && c.Optional {
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
		m.want(l.measureColumn(cat, ln), "a column headed by a measure's name")
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

func (l *layout) measureColumn(cat *stat.Catalogue, ln *line) bool {
	for i := range ln.cells {
		if _, ok := l.headsMeasure(cat, ln, i); ok {
			return true
		}
	}
	return false
}

// headsMeasure is the measure a header names that is no column of the layout:
// by itself, or together with what is merged over it and its neighbours, as
// "Count" and "Rate" under "Children looked after".
func (l *layout) headsMeasure(cat *stat.Catalogue, ln *line, i int) (labelled, bool) {
	c := ln.cells[i]
	if c.Kind != workbook.Text || l.column(c.Text) != nil {
		return labelled{}, false
	}
	if found, ok := measureOf(cat, c.Text); ok || ln.bands[i] == "" {
		return found, ok
	}
	return measureOf(cat, ln.bands[i]+" "+c.Text)
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

// reader makes the rowReader of the sheet of that index.
func (s sheetMatch) reader(r *reading, sheet int) (rowReader, error) {
	if s.layout == nil {
		return skipper(s.reason), nil
	}
	r.sampleMark(s)
	switch s.layout.Kind {
	case gridKind:
		return newGrid(r, s), nil
	case neighboursKind:
		return newNeighbours(r, s), nil
	case publishedKind:
		return newPublished(r, s, sheet)
	}
	return newTable(r, s), nil
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
