package importer

import (
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// grid reads the return an analyst keeps: measures down the side, periods
// across. A row that is a header again, below, starts a new block.
type grid struct {
	*reading
	label, area int
	labelEnd    int // the last column the label's header is merged over
	width       int // columns of the header
	months      []gridColumn
	above       []line           // the rows above the header, for years over months
	merges      []workbook.Merge // of the sheet
}

// gridColumn is a column of one period.
type gridColumn struct {
	col    int
	row    int // of its header
	period stat.Period
	fault  *complaint
}

// matchGrid wants a row with the label's header and a period after it. Where
// the label has no header, two periods must be the first cells of the row, and
// none of them a plain number, which may be a figure.
func (l *layout) matchGrid(ln *line) match {
	m := match{layout: l}
	label, stands := l.labelColumn(ln)
	periods, surely := periodsAfter(ln, label)
	first := firstCell(ln.cells)
	m.want(periods > 0, "a row with months across, such as Apr-24")
	m.want(stands || surely >= 2 && first > 0 && periodLike(ln.cells[first]), l.Columns[0].Header[0])
	if stands && m.complete() {
		m.found++ // a row that names the label is a better header
	}
	return m
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

func newGrid(r *reading, s sheetMatch) *grid {
	g := &grid{reading: r, above: s.head[:s.line+1]}
	for _, sheet := range r.book.Sheets {
		if sheet.Name == r.sheet {
			g.merges = sheet.Merges
		}
	}
	g.bind(&s.head[s.line])
	return g
}

// bind takes the columns from a header row.
func (g *grid) bind(ln *line) {
	g.label, _ = g.layout.labelColumn(ln)
	g.area, g.months = g.layout.place(ln, roleArea), nil
	g.labelEnd, g.width = g.label, len(ln.cells)
	for _, m := range g.merges {
		if m.FirstRow <= ln.number && ln.number <= m.LastRow && m.FirstCol == g.label {
			g.labelEnd = m.LastCol
		}
	}
	var unread []int
	for i, c := range ln.cells {
		reason, ignored := g.layout.ignores(ln.folded[i])
		switch {
		case i == g.label || i == g.area || ln.folded[i] == "":
		case ignored:
			g.skipColumn(ln, i, reason)
		case periodLike(c):
			p, fault := g.columnPeriod(c, i)
			g.months = append(g.months, gridColumn{i, ln.number, p, fault})
		default:
			unread = append(unread, i)
		}
	}
	g.unread(ln, unread)
	g.finest(ln)
}

func (g *grid) skipColumn(ln *line, i int, reason string) {
	g.skip("column "+strconv.Quote(ln.cells[i].Text)+": "+reason, g.at(i, ln.number), 0)
}

// unread tells of headers that are no period. Among the months one is surely a
// slip of the pen; beside them it may be anything.
func (g *grid) unread(ln *line, cols []int) {
	for _, i := range cols {
		at, says := g.at(i, ln.number), ln.cells[i].Text
		if len(g.months) > 0 && g.months[0].col < i && i < g.months[len(g.months)-1].col {
			g.problem(stat.Error, "unreadable_period", at, "%q stands among the months, but is no period: write it as Apr-24, April 2024 or 2024/25 Q1", says)
			continue
		}
		g.problem(stat.Note, "unknown_column", at, "column %q is not a period and was not read: head it with a month such as Apr-24 if it should be", says)
	}
}

// finest keeps the shortest periods: a quarter or year beside its months is
// their total, or says again what the last of them does.
func (g *grid) finest(ln *line) {
	span := stat.Year
	for _, c := range g.months {
		if c.fault == nil && shorter(c.period.Span, span) {
			span = c.period.Span
		}
	}
	g.months = slices.DeleteFunc(g.months, func(c gridColumn) bool {
		longer := c.fault == nil && shorter(span, c.period.Span)
		if longer {
			g.skipColumn(ln, c.col, "a longer period beside the "+string(span)+"s it is made of")
		}
		return longer
	})
}

// shorter orders spans; a day counts as a month, since both head months.
func shorter(a, b stat.Span) bool {
	order := []stat.Span{stat.Week, stat.Month, stat.Quarter, stat.Half, stat.Year}
	return max(slices.Index(order, a), 1) < max(slices.Index(order, b), 1)
}

// columnPeriod is the period a header stands for. A month without a year takes
// it from the rows above.
func (g *grid) columnPeriod(c workbook.Cell, col int) (stat.Period, *complaint) {
	if c.Kind == workbook.Date {
		return wholeMonth(stat.DateOf(c.Time)), nil
	}
	if bare(c.Text) {
		return g.bareMonth(c.Text, col)
	}
	p, err := stat.ParsePeriod(c.Text)
	if err != nil {
		return p, &complaint{"unreadable_period", err.Error()}
	}
	if p.Span == stat.Day {
		p = wholeMonth(p.End)
	}
	return p, nil
}

func (g *grid) bareMonth(text string, col int) (stat.Period, *complaint) {
	for i := len(g.above) - 1; i >= 0; i-- {
		if p, ok := withYear(strings.TrimSpace(text), g.over(&g.above[i], col)); ok {
			return p, nil
		}
	}
	return stat.Period{}, &complaint{"unreadable_period", strconv.Quote(text) + " has no year: write it as " + strconv.Quote(strings.TrimSpace(text)+" 2024") + ", or put the year, such as 2024/25, in the row above"}
}

// over is the text of a row above that stands over a column: the cell's own,
// or the last one to its left that is a year, as a merged cell is.
func (g *grid) over(ln *line, col int) string {
	for _, m := range g.merges {
		if m.FirstRow <= ln.number && ln.number <= m.LastRow && m.FirstCol <= col && col <= m.LastCol && m.FirstCol < len(ln.cells) {
			return ln.cells[m.FirstCol].Text
		}
	}
	for i := min(col, len(ln.cells)-1); i >= 0; i-- {
		if ln.folded[i] != "" {
			return ln.cells[i].Text
		}
	}
	return ""
}

// withYear joins "Apr" or "Q1" to the year above it: a financial year as in
// 2024/25, or a calendar year.
func withYear(text, year string) (stat.Period, bool) {
	y, err := stat.ParsePeriod(year)
	if err != nil || y.Span != stat.Year {
		return stat.Period{}, false
	}
	year = strings.TrimSpace(year)
	p, err := stat.ParsePeriod(text + " " + year) // a quarter, or a month of a calendar year
	if err == nil {
		return p, true
	}
	first := strconv.Itoa(y.Start().Year)
	if p, err = stat.ParsePeriod(text + " " + first); err == nil && p.End.FinancialYear() != y.End.FinancialYear() {
		p, err = stat.ParsePeriod(text + " " + strconv.Itoa(y.End.Year))
	}
	return p, err == nil
}

// row implements rowReader.
func (g *grid) row(row workbook.Row) string {
	ln := newLine(row)
	again := ln
	if len(g.merged.open) > 0 {
		again = newLine(g.merged.downwards(row))
	}
	if g.headerAgain(&again) {
		g.above = append(slices.Clone(g.above), again)
		g.bind(&again)
		return "a heading"
	}
	for _, f := range ln.folded {
		g.res.Batch.Sample = g.res.Batch.Sample || strings.Contains(f, sampleText)
	}
	row = g.spread(row, g.width, g.isMonth)
	label := g.labelOf(row)
	if reason := g.layout.ignoredRows[stat.Fold(label)]; reason != "" {
		return reason
	}
	if !slices.ContainsFunc(g.months, func(c gridColumn) bool { return cell(row, c.col).Kind != workbook.Empty }) {
		return g.noFigures(ln, label)
	}
	l, ok := g.measureOf(row, label)
	if !ok {
		return g.notMeasure(row, label)
	}
	return g.figures(row, l)
}

func (g *grid) isMonth(col int) bool {
	return slices.ContainsFunc(g.months, func(c gridColumn) bool { return c.col == col })
}

// labelOf is the last text under the label's header, which may be merged over
// several columns.
func (g *grid) labelOf(row workbook.Row) string {
	for col := g.labelEnd; col > g.label; col-- {
		if s := text(row, col); s != "" && !g.isMonth(col) {
			return s
		}
	}
	return text(row, g.label)
}

// measureOf takes "rate" or "number" beside a label for a part of it.
func (g *grid) measureOf(row workbook.Row, label string) (labelled, bool) {
	for col := g.labelEnd + 1; len(g.months) > 0 && col < g.months[0].col; col++ {
		word := stat.Fold(text(row, col))
		if slices.Contains(rateWords, word) || slices.Contains(countWords, word) || slices.Contains(percentWords, word) {
			if l, ok := measureOf(g.im.cat, label+" "+word); ok {
				return l, true
			}
		}
	}
	return measureOf(g.im.cat, label)
}

// headerAgain looks at the periods of a row only where its label allows it to
// be a header, since that is slow.
func (g *grid) headerAgain(ln *line) bool {
	_, stands := g.layout.labelColumn(ln)
	return (stands || firstCell(ln.cells) > 0) && g.layout.matchGrid(ln).complete()
}

func (g *grid) noFigures(ln line, label string) string {
	if _, ok := measureOf(g.im.cat, label); ok {
		return "no figure in the row"
	}
	g.above = append(slices.Clone(g.above), ln) // it may hold the years of a block that follows
	return "a heading or note"
}

// notMeasure warns of a row with numbers whose label nobody knows.
func (g *grid) notMeasure(row workbook.Row, label string) string {
	if !slices.ContainsFunc(g.months, func(c gridColumn) bool { return numeric(cell(row, c.col)) }) {
		g.above = append(slices.Clone(g.above), newLine(row))
		return "a heading or note"
	}
	says := strconv.Quote(label) + " is not a measure that is known"
	if label == "" {
		says = "the row has figures but no label"
	}
	g.problem(stat.Warning, "unknown_measure", g.at(g.label, row.Number), "%s, and the row was left out: label it with a measure's name, such as %q", says, g.im.example())
	return "the label is no measure that is known"
}

func (g *grid) figures(row workbook.Row, l labelled) string {
	area := g.im.home
	if said := text(row, g.area); said != "" {
		found := g.reading.area(areaRef{name: said})
		if found.fault != nil {
			g.problem(stat.Error, found.fault.code, g.at(g.area, row.Number), "%s", found.fault.message)
			return ""
		}
		area = found.area
	}
	part, some := partFor(&l.measure, l.part), false
	for _, c := range g.months {
		fig, fault := figureOf(cell(row, c.col), &l.measure, part, g.layout.marks)
		if fault != nil {
			g.problem(stat.Error, fault.code, g.at(c.col, row.Number), "%s", fault.message)
			continue
		}
		if fig.Given() {
			some = true
			g.figure(c, row.Number, stat.Key{Measure: l.measure.Code, Area: area.Code}, &l.measure, part, fig)
		}
	}
	if !some {
		return "no figure in the row"
	}
	return ""
}

func (g *grid) figure(c gridColumn, row int, key stat.Key, m *stat.Measure, part stat.Part, fig stat.Figure) {
	fault := c.fault
	if fault == nil {
		key.Period, fault = g.timely(c.period, m)
	}
	if fault != nil {
		g.problem(stat.Error, fault.code, g.at(c.col, c.row), "%s (figure in %s)", fault.message, g.at(c.col, row))
		return
	}
	fig.At = g.at(c.col, row)
	g.asides.note(m, part, g.sheet, fig)
	g.add(key, part, fig, "")
}

// end says that nothing was understood, where that is so.
func (g *grid) end() {
	if g.res.Used == 0 && g.errors == 0 && slices.ContainsFunc(g.res.Problems, func(p stat.Problem) bool { return p.Code == "unknown_measure" }) {
		g.problem(stat.Error, "unknown_measure", g.sheet, "no row of the sheet is labelled with a measure that is known: label at least one with a measure's name, such as %q", g.im.example())
	}
}
