package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// Size of a chart, in pixels; a bar's chart grows with its bars.
const (
	chartWidth  = 820
	chartHeight = 420
	barHeight   = 26
	columnWidth = 64 // of a usual column
	rowHeight   = 20 // of a usual row
)

// draw adds the chart to the right of the table. It draws the table's own
// columns where they say the same; what else it needs stands right of it.
func (s sheet) draw(o *page, head int) {
	p := s.plot
	chart := workbook.Chart{
		Kind: p.kind, Title: s.title, AltText: s.alt, Col: len(s.table.Columns) + 1, Row: head + 1,
		Width: chartWidth, Height: p.height(), Head: head, First: head + 1, Last: head + len(p.names),
	}
	next := chart.Col + chartWidth/columnWidth + 2
	o.PrintCols = max(o.PrintCols, next-1, o.across)
	first, rows := next, p.rowsIn(s.cells)
	add := func(name string, cellAt func(i int) workbook.OutCell) int {
		o.put(next, head, workbook.OutCell{Kind: workbook.Text, Text: name, Bold: true, Wrap: true, Fill: shade})
		o.setWidth(next, max(usualWidth, float64(longestWord(name)+2)))
		for i := range p.names {
			at := i
			if rows != nil {
				at = rows[i]
			}
			o.put(next, head+1+at, cellAt(i))
		}
		next++
		return next - 1
	}
	if rows == nil {
		chart.Across = add("Drawn", func(i int) workbook.OutCell { return text(p.names[i]) })
		o.setWidth(chart.Across, 24)
	}
	if p.kind == workbook.Lines {
		chart.Across = add("Period ends", p.end)
		o.setWidth(chart.Across, 12)
	}
	taken := map[int]bool{}
	for _, d := range p.columns {
		col := s.columnOf(d, rows, taken)
		if col < 0 {
			col = add(d.name, func(i int) workbook.OutCell { return d.cell(i, p.decimals) })
		}
		taken[col] = true
		series := d.look
		series.Col = col
		chart.Series = append(chart.Series, series)
	}
	if next > first {
		o.put(first, head-1, bold("Drawn in the chart"))
		o.heighten(head, o.Rows[head-1])
	}
	p.axes(&chart)
	o.Charts = append(o.Charts, chart)
	for len(o.Rows) < chart.Row+chart.Height/rowHeight+1 { // what follows stands below the chart
		o.add()
	}
}

func (o *page) setWidth(col int, width float64) {
	for len(o.ColWidths) <= col {
		o.ColWidths = append(o.ColWidths, 0)
	}
	o.ColWidths[col] = width
}

func longestWord(s string) int {
	n := 0
	for word := range strings.FieldsSeq(s) {
		n = max(n, len(word))
	}
	return n
}

func (p *plot) height() int {
	if p.kind == workbook.Lines {
		return chartHeight
	}
	bars := len(p.names)
	if p.kind == workbook.PairedBars {
		bars *= 2
	}
	return max(chartHeight, 110+barHeight*bars)
}

// rowsIn finds the plot's rows in a table that has those and no others; nil
// where it has not.
func (p *plot) rowsIn(cells [][]workbook.OutCell) []int {
	if len(cells) != len(p.names) {
		return nil
	}
	var out []int
	for _, name := range p.names {
		i := slices.IndexFunc(cells, func(row []workbook.OutCell) bool {
			return len(row) > 0 && strings.EqualFold(row[0].Text, name)
		})
		if i < 0 || slices.Contains(out, i) {
			return nil
		}
		out = append(out, i)
	}
	return out
}

// columnOf is a column of the table, not yet drawn, that holds a series'
// numbers and nothing else, the one of its name before others; -1 for none.
func (s sheet) columnOf(d drawn, rows []int, taken map[int]bool) int {
	found := -1
	for col, name := range s.table.Columns {
		if rows == nil || col == 0 || taken[col] || !s.holds(col, d, rows) {
			continue
		}
		if name == d.name {
			return col
		}
		if found < 0 {
			found = col
		}
	}
	return found
}

func (s sheet) holds(col int, d drawn, rows []int) bool {
	for i, r := range rows {
		var c workbook.OutCell
		if col < len(s.cells[r]) {
			c = s.cells[r][col]
		}
		n := d.numbers[i]
		if n == nil && c.Kind != workbook.Empty || n != nil && (c.Kind != workbook.Number || c.Number != *n) {
			return false
		}
	}
	return true
}

// end is the last day of a row's period.
func (p *plot) end(i int) workbook.OutCell {
	d, err := stat.ParseDate(p.ends[i])
	if err != nil {
		return workbook.OutCell{}
	}
	return workbook.OutCell{Kind: workbook.Date, Time: d.Time()}
}

// cell is a number drawn; a nil leaves the cell empty, and the line broken.
func (d drawn) cell(i, decimals int) workbook.OutCell {
	n := d.numbers[i]
	if n == nil || math.IsNaN(*n) || math.IsInf(*n, 0) {
		return workbook.OutCell{}
	}
	if *n != stat.RoundHalfUp(*n, decimals) {
		decimals = max(decimals, 1)
	}
	return workbook.OutCell{Kind: workbook.Number, Number: *n, Format: numberFormat("#,##0", decimals)}
}

// spread is the least share of the highest figure that figures must spread
// over for an axis from zero to show how they move.
const spread = 0.25

// axes name the unit and say where the value axis starts if not at zero; bars
// always start there.
func (p *plot) axes(c *workbook.Chart) {
	low, high := p.extent()
	from := 0.0
	pressed := p.axis == dashboard.AxisData || p.axis != dashboard.AxisZero && high-low < spread*high
	if p.kind == workbook.Lines && low > 0 && high > low && pressed {
		step := math.Pow10(int(math.Floor(math.Log10(high - low))))
		from = math.Floor(low/step) * step
	}
	if low >= 0 {
		c.Min = &from
	}
	decimals := max(0, 1-int(math.Floor(math.Log10(max(high-from, 1e-9)))))
	c.Format = numberFormat("#,##0", min(decimals, 6))
	c.Unit = benchmark.UpperFirst(p.unit)
	if from != 0 {
		c.Unit += fmt.Sprintf(" (axis starts at %s)", stat.Format(from, min(decimals, 6)))
	}
	c.Months = p.months()
}

func (p *plot) extent() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, d := range p.columns {
		for _, n := range d.numbers {
			if n != nil {
				low, high = min(low, *n), max(high, *n)
			}
		}
	}
	return low, high
}

// months is how far apart dates are named, about a dozen of them.
func (p *plot) months() int {
	if len(p.ends) == 0 {
		return 0
	}
	first, err := stat.ParseDate(slices.Min(p.ends))
	last, err2 := stat.ParseDate(slices.Max(p.ends))
	if err != nil || err2 != nil {
		return 0
	}
	span := (last.Year-first.Year)*12 + int(last.Month) - int(first.Month)
	for _, m := range []int{1, 3, 6, 12, 24} {
		if span <= m*12 {
			return m
		}
	}
	return 60
}
