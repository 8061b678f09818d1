package importer

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// ambiguousColumn complains of a month's column that may not be its figure.
func ambiguousColumn(text string) *complaint {
	return &complaint{"ambiguous_column", "it is not certain that the column " + strconv.Quote(text) + " holds the month's figures: head it Actual, Number or Rate, or with an area's name; else head it Target or YTD, or delete it"}
}

// owner is the header a column without one belongs to: that merged over it, or
// the last to its left.
func (g *grid) owner(ln *line, col int) (at int, joined bool) {
	for _, m := range g.merges {
		if m.FirstRow <= ln.number && ln.number <= m.LastRow && m.FirstCol <= col && col <= m.LastCol {
			return m.FirstCol, true
		}
	}
	for i := min(col, len(ln.folded)-1); i >= 0; i-- {
		if ln.folded[i] != "" {
			return i, i == col
		}
	}
	return -1, false
}

// apply narrows a month's column by what stands over or under it.
func (c *gridColumn) apply(h heading, text string) {
	switch h.kind {
	case headUnit:
		c.unit, c.unitSays = h.unit, text
	case headArea:
		c.area = &h.area
	case headPart:
		c.fault = &complaint{"part_of_measure", strconv.Quote(text) + " is only a part of the children, and must not be stored as all of them: give the figures of all, or delete the column"}
	}
}

// bands applies what stands above several months: an area, "Target", "Rate".
func (g *grid) bands(ln *line) {
	g.months = slices.DeleteFunc(g.months, func(c gridColumn) bool {
		for _, above := range g.above[min(g.since, len(g.above)):] {
			if above.number >= ln.number {
				continue
			}
			text, h := g.bandOver(&above, c.col)
			if h.kind == headSkip {
				g.skip("column "+strconv.Quote(text)+": "+h.reason, g.at(c.col, above.number), 0)
				g.known[c.col] = true
				return true
			}
		}
		return false
	})
	for i := range g.months {
		for _, above := range g.above[min(g.since, len(g.above)):] {
			if above.number < ln.number {
				text, h := g.bandOver(&above, g.months[i].col)
				g.months[i].apply(h, text)
			}
		}
	}
}

// bandOver is the text over a column right of the label's, unless the row has
// a label that says what its text is.
func (g *grid) bandOver(ln *line, col int) (string, heading) {
	from, _ := g.owner(ln, col)
	if from <= g.labelEnd || from >= len(ln.cells) || ln.cells[from].Kind != workbook.Text {
		return "", heading{}
	}
	if g.label < len(ln.folded) && ln.folded[g.label] != "" && !g.isHeader(ln.folded[g.label]) {
		return "", heading{}
	}
	return ln.cells[from].Text, g.overMonths(ln.cells[from].Text)
}

// isHeader reports whether a folded text heads a column of the layout's.
func (g *grid) isHeader(folded string) bool {
	return slices.ContainsFunc(g.layout.Columns, func(c column) bool {
		return slices.ContainsFunc(c.Header, func(h string) bool { return stat.Fold(h) == folded })
	})
}

// subHeader takes a row of headers below the months. Right below them it is
// any without a label and figures; further down all it says must be known.
func (g *grid) subHeader(row workbook.Row) bool {
	texts, known := 0, true
	for col := range row.Cells {
		c := cell(row, col)
		if len(g.months) == 0 || col < g.first() || c.Kind == workbook.Empty {
			continue
		}
		if c.Kind != workbook.Text || numeric(c) {
			return false
		}
		if g.monthOf(col) >= 0 {
			texts++
			known = known && g.underMonth(c.Text).kind != headUnknown
		}
	}
	label := stat.Fold(text(row, g.label))
	if _, measure := measureOf(g.im.cat, label); texts == 0 || measure || !known && (!g.fresh || label != "" && !g.isHeader(label)) {
		return false
	}
	if !g.fresh {
		g.anew()
	}
	g.subBind(row)
	return true
}

// anew forgets what earlier rows below the header said of the months.
func (g *grid) anew() {
	g.months, g.loose, g.fresh = nil, map[int]string{}, true
	for _, c := range g.head.months {
		g.months = append(g.months, c)
	}
	slices.SortFunc(g.months, func(a, b gridColumn) int { return a.col - b.col })
	for col := range g.known {
		if at := g.monthOf(col); at >= 0 && at != col {
			delete(g.known, col)
		}
	}
}

func (g *grid) first() int { return g.head.firstMonth }

// monthOf is the header column of the month a column belongs to, or -1.
func (g *grid) monthOf(col int) int {
	at, _ := g.owner(&g.head.line, col)
	if _, ok := g.head.months[at]; ok {
		return at
	}
	return -1
}

// subBind makes the months' columns anew, by the header below them.
func (g *grid) subBind(row workbook.Row) {
	old := g.months
	g.months = nil
	for col := g.first(); col < max(len(row.Cells), g.width); col++ {
		at := g.monthOf(col)
		if at < 0 {
			g.known[col] = true // beside the months
			continue
		}
		c, held, ok := g.inherit(old, at, col)
		if !ok {
			continue // left out by the header above
		}
		says := g.under(row, col)
		h := g.underMonth(says)
		switch {
		case says == "" && held && g.onlySkipped(row, at):
			g.months = append(g.months, c)
		case says == "":
			delete(g.known, col)
		case h.kind == headSkip:
			g.known[col] = true
			g.skip("column "+strconv.Quote(says)+": "+h.reason, g.at(col, row.Number), 0)
		case h.kind == headUnknown:
			delete(g.known, col)
			g.loose[col] = says
		default:
			c.apply(h, says)
			g.months, g.known[col] = append(g.months, c), true
		}
	}
}

// inherit is a month's column as the headers above leave it: its own, or, as
// "Number" and "Rate" stand below an area, that to its left.
func (g *grid) inherit(old []gridColumn, at, col int) (c gridColumn, held, ok bool) {
	c = g.head.months[at]
	for from := col; from >= at; from-- {
		i := slices.IndexFunc(old, func(o gridColumn) bool { return o.col == from })
		if i >= 0 {
			c, held = old[i], from == col
			break
		}
		if g.loose[from] != "" || g.known[from] && g.head.line.at(from) == "" || from == at {
			return c, false, false
		}
	}
	c.col = col
	return c, held, true
}

// at is a line's folded text in a column.
func (ln *line) at(col int) string {
	if col < len(ln.folded) {
		return ln.folded[col]
	}
	return ""
}

// under is the text of a row in a column, or merged over it.
func (g *grid) under(row workbook.Row, col int) string {
	for _, m := range g.merges {
		if m.FirstRow == row.Number && m.FirstCol <= col && col <= m.LastCol {
			return text(row, m.FirstCol)
		}
	}
	return text(row, col)
}

// onlySkipped reports whether all that stands below a month is left out.
func (g *grid) onlySkipped(row workbook.Row, at int) bool {
	for col := range row.Cells {
		if says := g.under(row, col); says != "" && g.monthOf(col) == at && g.underMonth(says).kind != headSkip {
			return false
		}
	}
	return true
}

// strays complains, once for each column, of figures right of the first month
// in a column that nothing says what it is.
func (g *grid) strays(row workbook.Row) {
	for col := g.first(); col < len(row.Cells); col++ {
		if g.known[col] || g.isMonth(col) || !plainNumber(row.Cells[col]) {
			continue
		}
		g.known[col] = true
		fault := ambiguousColumn(g.loose[col])
		g.problem(stat.Error, fault.code, g.at(col, row.Number), "%s", fault.message)
	}
}

// hasStray reports whether a row has such a figure.
func (g *grid) hasStray(row workbook.Row) bool {
	for col := g.first(); col < len(row.Cells); col++ {
		if !g.isMonth(col) && !g.known[col] && plainNumber(row.Cells[col]) {
			return true
		}
	}
	return false
}

func plainNumber(c workbook.Cell) bool {
	s := strings.TrimSpace(c.Text)
	return c.Kind == workbook.Number || c.Kind == workbook.Text && s != "" && !math.IsNaN(textNumber(s).number)
}

// titles reads the sheet's name and the rows above the header, for an area and
// a unit that hold for all of it.
func (g *grid) titles() {
	g.title(g.sheet, g.sheet)
	for _, ln := range g.above[:max(len(g.above)-1, 0)] {
		from := firstCell(ln.cells)
		if from < len(ln.cells) {
			g.title(ln.cells[from].Text, g.at(from, ln.number))
		}
		if from+1 < len(ln.cells) && g.isHeader(ln.folded[from]) && firstPeriod(&ln) < 0 && from <= g.labelEnd {
			if a, ok := g.im.areaNamed(ln.cells[from+1].Text); ok && len(ln.cells) == from+2 {
				g.otherArea(a, ln.cells[from+1].Text, g.at(from+1, ln.number))
			}
		}
	}
}

func firstPeriod(ln *line) int {
	return slices.IndexFunc(ln.cells, periodLike)
}

func (g *grid) title(text, at string) {
	h, folded := g.overRows(text), stat.Fold(text)
	switch {
	case h.kind == headArea:
		g.otherArea(h.area, text, at)
	case h.kind == headPart, h.kind == headSkip && ofTargets(folded):
		g.base = section{heading: h, text: text}
	case h.kind == headUnit && h.unit == stat.RateOf, perTenThousand(folded):
		g.base = section{heading: heading{kind: headUnit, unit: stat.RateOf}, text: text, title: true}
	}
	for _, m := range yearPair.FindAllStringSubmatch(text, -1) {
		if p, err := stat.ParsePeriod(m[0]); err == nil && p.Span == stat.Year && !slices.Contains(g.years, p.String()) {
			g.years = append(g.years, p.String())
		}
	}
}

var yearPair = regexp.MustCompile(`\b20\d\d\s?[-/–]\s?(?:20)?\d\d\b`)

func (g *grid) otherArea(a stat.Area, text, at string) {
	if a.Code != g.im.home.Code && g.other == nil {
		g.other, g.otherAt = &complaint{"other_area", strconv.Quote(text) + " names " + a.Name + ", not " + g.im.home.Name + ", and the rows name no area: add a column headed Area that says whose each row is"}, at
	}
}
