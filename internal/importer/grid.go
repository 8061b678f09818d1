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
	above       []line         // the rows above the header, for years over months
	since       int            // index into above of what stands over this block
	units       []int          // columns of units
	known       map[int]bool   // columns that are not figures, and said to be
	loose       map[int]string // columns of months below a header nobody knows
	head        gridHead       // the header as it stands, whatever is below it
	fresh       bool           // no row but headers has come since the header
	base        section        // of the titles
	within      section        // the rows are in
	areaSays    *stat.Area     // a heading between rows
	corner      *labelled      // the measure of all rows, which are of areas
	other       *complaint     // a title names another area
	otherAt     string
	years       []string         // the titles name
	merges      []workbook.Merge // of the sheet
}

// gridColumn is a column of one period.
type gridColumn struct {
	col    int
	row    int // of its header
	period stat.Period
	fault  *complaint

	unit     stat.Unit // "" unsaid
	unitSays string
	area     *stat.Area // nil where the row says it
}

// gridHead is a header row, and its months by their columns.
type gridHead struct {
	line       line
	months     map[int]gridColumn
	firstMonth int
}

func newGrid(r *reading, s sheetMatch) *grid {
	g := &grid{reading: r, above: s.head[:s.line+1]}
	for _, sheet := range r.book.Sheets {
		if sheet.Name == r.sheet {
			g.merges = sheet.Merges
		}
	}
	g.titles()
	g.within = g.base
	g.bind(&s.head[s.line])
	return g
}

// bind takes the columns from a header row.
func (g *grid) bind(ln *line) {
	stands := false
	g.label, stands = g.layout.labelColumn(ln)
	g.area, g.months, g.corner = g.layout.place(ln, roleArea), nil, nil
	if corner, ok := g.layout.cornerMeasure(g.im.cat, ln); ok && !stands && g.area < 0 {
		g.corner, g.area = &corner, g.label
	}
	g.labelEnd, g.width = g.label, len(ln.cells)
	for _, m := range g.merges {
		if m.FirstRow <= ln.number && ln.number <= m.LastRow && m.FirstCol == g.label {
			g.labelEnd = m.LastCol
		}
	}
	g.units, g.known, g.loose, g.fresh = nil, map[int]bool{}, map[int]string{}, true
	var unread []int
	for i, c := range ln.cells {
		g.known[i] = ln.folded[i] != ""
		reason, ignored := g.layout.ignores(ln.folded[i])
		switch {
		case i == g.label || i == g.area || ln.folded[i] == "":
		case slices.Contains(unitHeaders, ln.folded[i]):
			g.units = append(g.units, i)
		case ignored:
			g.skipColumn(ln, i, reason)
		case periodLike(c):
			p, fault := g.columnPeriod(c, i)
			g.months = append(g.months, gridColumn{col: i, row: ln.number, period: p, fault: fault})
		default:
			unread = append(unread, i)
		}
	}
	g.unread(ln, unread)
	g.carryYears(ln)
	g.finest(ln)
	g.leaps(ln)
	g.bands(ln)
	g.head = gridHead{line: *ln, months: map[int]gridColumn{}, firstMonth: len(ln.cells)}
	for _, c := range g.months {
		g.head.months[c.col] = c
		g.head.firstMonth = min(g.head.firstMonth, c.col)
	}
	g.joinKnown(ln)
}

// joinKnown takes what a header that is no month is merged over for known.
func (g *grid) joinKnown(ln *line) {
	for _, m := range g.merges {
		if m.FirstRow > ln.number || ln.number > m.LastRow || !g.known[m.FirstCol] || g.isMonth(m.FirstCol) {
			continue
		}
		for col := m.FirstCol; col <= min(m.LastCol, maxHead); col++ {
			g.known[col] = true
		}
	}
}

func (g *grid) skipColumn(ln *line, i int, reason string) {
	g.skip("column "+strconv.Quote(ln.cells[i].Text)+": "+reason, g.at(i, ln.number), 0)
}

// unread tells of headers that are no period. Among the months one is surely a
// slip of the pen; beside them it may be anything, or narrow what the row says.
func (g *grid) unread(ln *line, cols []int) {
	for _, i := range cols {
		at, says := g.at(i, ln.number), ln.cells[i].Text
		if len(g.months) > 0 && g.months[0].col < i && i < g.months[len(g.months)-1].col {
			g.problem(stat.Error, "unreadable_period", at, "%q stands among the months, but is no period: write it as Apr-24, April 2024 or 2024/25 Q1", says)
			continue
		}
		if narrows(ln.folded[i]) {
			g.problem(stat.Warning, "narrowing_column", at, "column %q may say that a row is of a part, such as one team: accept this if every row is of the whole council, or else give the totals", says)
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

// row implements rowReader.
func (g *grid) row(row workbook.Row) string {
	ln := newLine(row)
	again := ln
	if len(g.merged.open) > 0 {
		again = newLine(g.merged.downwards(row))
	}
	if g.headerAgain(&again) {
		g.leave()
		g.above = append(slices.Clone(g.above), again)
		g.bind(&again)
		return "a heading"
	}
	for _, f := range ln.folded {
		g.res.Batch.Sample = g.res.Batch.Sample || strings.Contains(f, sampleText)
	}
	row = g.spread(row, g.width, g.isMonth)
	if g.subHeader(row) {
		g.above = append(slices.Clone(g.above), ln) // it may stand over a block that follows
		return "a heading"
	}
	label := g.labelOf(row)
	if reason := g.layout.ignoredRows[stat.Fold(label)]; reason != "" {
		return reason
	}
	if !slices.ContainsFunc(g.months, func(c gridColumn) bool { return cell(row, c.col).Kind != workbook.Empty }) && !g.hasStray(row) {
		g.section(row, label)
		return g.noFigures(ln, label)
	}
	g.fresh, g.since = false, len(g.above)
	l, ok := g.measure(label)
	if !ok {
		return g.notMeasure(row, label)
	}
	return g.figures(row, l)
}

// measure is that of a row, or of the whole block.
func (g *grid) measure(label string) (labelled, bool) {
	if g.corner != nil {
		return *g.corner, true
	}
	return measureOf(g.im.cat, label)
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

// section takes a row without figures for a heading, unless it is a measure's.
func (g *grid) section(row workbook.Row, label string) {
	if _, ok := g.measure(label); !ok {
		g.enter(onlyText(row))
	}
}

// headerAgain looks at the periods of a row only where its label allows it to
// be a header, since that is slow.
func (g *grid) headerAgain(ln *line) bool {
	_, stands := g.layout.labelColumn(ln)
	if _, corner := g.layout.cornerMeasure(g.im.cat, ln); corner {
		stands = true
	}
	return (stands || firstCell(ln.cells) > 0) && g.layout.matchGrid(g.im.cat, ln).complete()
}

func (g *grid) noFigures(ln line, label string) string {
	if _, ok := g.measure(label); ok {
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
	if reason, refused := g.refuses(row); refused {
		return reason
	}
	g.strays(row)
	some := false
	for _, c := range g.months {
		if cell(row, c.col).Kind == workbook.Empty {
			continue
		}
		given, ok := g.cellFigure(row, l, c)
		if !ok {
			return ""
		}
		some = some || given
	}
	if !some {
		return "no figure in the row"
	}
	return ""
}

// cellFigure reads one month's figure of a row. What is wrong with the whole
// row is told once: then ok is false.
func (g *grid) cellFigure(row workbook.Row, l labelled, c gridColumn) (given, ok bool) {
	part, fault := g.partOf(row, l, c)
	if fault != nil {
		g.problem(stat.Error, fault.code, g.at(c.col, row.Number), "%s", fault.message)
		return false, false
	}
	fig, fault := figureOf(cell(row, c.col), &l.measure, part, g.layout.marks)
	if fault != nil {
		g.problem(stat.Error, fault.code, g.at(c.col, row.Number), "%s", fault.message)
		return false, true
	}
	if !fig.Given() {
		return false, true
	}
	area, fault := g.areaFor(row, c)
	if fault != nil {
		g.problem(stat.Error, fault.code, g.at(max(g.area, 0), row.Number), "%s", fault.message)
		return false, false
	}
	g.figure(c, row.Number, stat.Key{Measure: l.measure.Code, Area: area.Code}, &l.measure, part, fig)
	return true, true
}

// areaFor is the area of a figure: its column's, or its row's, which must
// agree. A title that names another is told once.
func (g *grid) areaFor(row workbook.Row, c gridColumn) (stat.Area, *complaint) {
	if c.area != nil && (g.area < 0 || text(row, g.area) == "") && g.areaSays == nil {
		return *c.area, nil
	}
	area, fault := g.areaOf(row)
	if fault == nil && c.area != nil && c.area.Code != area.Code {
		fault = &complaint{"area_mismatch", "the row is of " + area.Name + ", but a column of " + c.area.Name + " has a figure in it: correct one of the two"}
	}
	if fault == nil && g.other != nil && c.area == nil && g.area < 0 && g.areaSays == nil {
		g.problem(stat.Error, g.other.code, g.otherAt, "%s", g.other.message)
		g.other = nil
	}
	return area, fault
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
