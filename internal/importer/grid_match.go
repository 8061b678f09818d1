package importer

import (
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// matchGrid wants a row with the label's header and a period after it. Where
// the label has no header, two periods must be the first cells of the row, and
// none of them a plain number, which may be a figure.
func (l *layout) matchGrid(cat *stat.Catalogue, ln *line) match {
	m := match{layout: l}
	label, stands := l.labelColumn(ln)
	periods, surely := periodsAfter(ln, label)
	if _, ok := l.cornerMeasure(cat, ln); ok {
		stands = true
	}
	first := firstCell(ln.cells)
	m.want(periods > 0, "a row with months across, such as Apr-24")
	m.want(stands || surely >= 2 && first > 0 && periodLike(ln.cells[first]), l.Columns[0].Header[0])
	if stands && m.complete() {
		m.found++ // a row that names the label is a better header
	}
	return m
}

// cornerMeasure is the measure named by the first cell of a header row, below
// which areas stand. All that is right of it must be periods, one of them no
// plain number, or headers the layout leaves out: else it is a row of figures.
func (l *layout) cornerMeasure(cat *stat.Catalogue, ln *line) (labelled, bool) {
	if len(ln.cells) == 0 || ln.cells[0].Kind != workbook.Text {
		return labelled{}, false
	}
	for i, c := range ln.cells[1:] {
		if _, ignored := l.ignores(ln.folded[i+1]); c.Kind != workbook.Empty && !periodLike(c) && !ignored {
			return labelled{}, false
		}
	}
	if _, surely := periodsAfter(ln, 0); surely == 0 {
		return labelled{}, false
	}
	return measureOf(cat, ln.cells[0].Text)
}

// periodsAfter counts the periods right of a column, and those that cannot be
// a figure.
func periodsAfter(ln *line, col int) (n, surely int) {
	for i, c := range ln.cells {
		if i <= col || !periodLike(c) {
			continue
		}
		n++
		if _, err := strconv.Atoi(ln.folded[i]); c.Kind == workbook.Date || err != nil {
			surely++
		}
	}
	return n, surely
}

// labelColumn is where the measures stand: under a header of the layout's, or
// in the first column.
func (l *layout) labelColumn(ln *line) (int, bool) {
	for _, c := range l.Columns {
		if col, ok := c.find(ln); ok && c.Is == roleLabel {
			return col, true
		}
	}
	return 0, false
}

// periodLike reports whether a header cell is a period, if only a month or
// quarter without its year.
func periodLike(c workbook.Cell) bool {
	switch c.Kind {
	case workbook.Date:
		return true
	case workbook.Text, workbook.Number:
		return bare(c.Text) || isPeriod(c.Text)
	}
	return false
}

func isPeriod(s string) bool { _, err := stat.ParsePeriod(s); return err == nil }

// bare reports whether s is a month or quarter without a year.
func bare(s string) bool { return isPeriod(strings.TrimSpace(s)+" 2024") && !isPeriod(s) }
