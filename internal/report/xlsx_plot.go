package report

import (
	"cmp"
	"slices"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/workbook"
)

// plot is what a panel's chart draws, a row for each time or name.
type plot struct {
	kind     workbook.ChartKind
	names    []string
	ends     []string // ISO dates of Lines
	columns  []drawn
	unit     string
	decimals int
	axis     string // where the value axis starts, as dashboard.Selection has it
}

// drawn is one series: a number, or none, for each of the plot's rows.
type drawn struct {
	name    string
	numbers []*float64
	look    workbook.ChartSeries // without its column
}

// Looks of the page's own charts: the Government Analysis Function's palette.
// No two lines share both dash and symbol.
const (
	blue   = "#12436D"
	teal   = "#28A197"
	plum   = "#801650"
	orange = "#F46A25"
	grey   = "#6F7F8D"
	violet = "#5B3E90"
)

var looks = map[string]workbook.ChartSeries{
	dashboard.RoleArea:       {Color: blue, Width: 3, Symbol: "circle", Size: 6},
	dashboard.RoleOwn:        {Color: blue, Width: 1.5, Dash: workbook.Dashed, Symbol: "circle", Size: 4, Open: true},
	dashboard.RoleNeighbours: {Color: teal, Width: 2.25, Dash: workbook.Dashed, Symbol: "triangle", Size: 7},
	dashboard.RoleRegion:     {Color: plum, Width: 2.25, Dash: workbook.Dotted, Symbol: "square", Size: 6},
	dashboard.RoleEngland:    {Color: orange, Width: 2.25, Dash: workbook.DashDotted, Symbol: "diamond", Size: 7},
	dashboard.RoleNeighbour:  {Color: grey, Width: 1},
	dashboard.RoleBefore:     {Color: grey, Width: 2, Dash: workbook.Dashed, Symbol: "diamond", Size: 6, Open: true},
	dashboard.RoleSecond:     {Color: teal, Width: 2.25, Dash: workbook.Dashed, Symbol: "triangle", Size: 7},
	dashboard.RoleThird:      {Color: plum, Width: 2.25, Dash: workbook.Dotted, Symbol: "square", Size: 6},
	dashboard.RoleFourth:     {Color: orange, Width: 2.25, Dash: workbook.DashDotted, Symbol: "diamond", Size: 7},
}

var (
	band     = workbook.ChartSeries{Color: teal, Width: 1, Dash: workbook.Dotted}
	brought  = workbook.ChartSeries{Color: plum, Width: 3}
	mean     = workbook.ChartSeries{Color: grey, Width: 1.5}
	limit    = workbook.ChartSeries{Color: grey, Width: 1.25, Dash: workbook.Dashed}
	target   = workbook.ChartSeries{Color: plum, Width: 1.5, Dash: workbook.DashDotted}
	expected = workbook.ChartSeries{Color: blue, Width: 2.25, Dash: workbook.Dashed, Symbol: "circle", Size: 6, Open: true}
	interval = workbook.ChartSeries{Color: blue, Width: 1, Dash: workbook.Dotted}
	before   = workbook.ChartSeries{Color: plum, Symbol: "diamond", Size: 8}
)

// plotOf is a panel's chart, nil where it has none or there is nothing in it.
func plotOf(p dashboard.Panel) *plot {
	var out *plot
	switch {
	case p.Trend != nil:
		out = trendPlot(p.Trend)
	case p.Bars != nil:
		out = barsPlot(p.Bars)
	case p.Control != nil:
		out = controlPlot(p.Control)
	case p.Ahead != nil:
		out = aheadPlot(p.Ahead)
	case p.Shares != nil:
		out = sharesPlot(p.Shares)
	case p.Parted != nil && p.Parted.Charted():
		out = partsPlot(p.Parted)
	default:
		return nil
	}
	out.columns = slices.DeleteFunc(out.columns, func(d drawn) bool {
		return !slices.ContainsFunc(d.numbers, func(n *float64) bool { return n != nil })
	})
	if len(out.columns) == 0 {
		return nil
	}
	if len(out.columns) == 1 {
		out.columns[0].look.Dash = workbook.Solid // there is none to be told from
	}
	out.unit, out.axis = p.Unit, p.Axis
	return out
}

// row finds or adds the row of a time; times are found by date and name.
func (p *plot) row(end, name string) int {
	for i := range p.names {
		if p.names[i] == name && p.ends[i] == end {
			return i
		}
	}
	p.names, p.ends = append(p.names, name), append(p.ends, end)
	return len(p.names) - 1
}

// column adds a series with nothing in it yet.
func (p *plot) column(name string, look workbook.ChartSeries) []*float64 {
	d := drawn{name: name, numbers: make([]*float64, len(p.names)), look: look}
	p.columns = append(p.columns, d)
	return d.numbers
}

// trendPlot has the rows of the panel's table, by date and then by name.
func trendPlot(t *dashboard.TrendPanel) *plot {
	p := &plot{decimals: t.Decimals}
	var points []dashboard.Point
	for _, l := range t.Lines {
		points = append(points, l.Points...)
	}
	slices.SortStableFunc(points, func(a, b dashboard.Point) int {
		return cmp.Or(strings.Compare(a.Period, b.Period), strings.Compare(a.Label, b.Label))
	})
	for _, pt := range points {
		p.row(pt.Period, pt.Label)
	}
	for _, l := range t.Lines {
		look := looks[l.Role]
		if l.Marked {
			look = brought
		}
		numbers := p.column(l.Name, look)
		for _, pt := range l.Points {
			if !joins(t, l, pt) {
				numbers[p.row(pt.Period, pt.Label)] = pt.Number
			}
		}
	}
	if len(t.Band) > 0 {
		low, high := p.column(t.BandName+", lowest", band), p.column(t.BandName+", highest", band)
		for _, b := range t.Band {
			if i := slices.Index(p.ends, b.Period); i >= 0 {
				low[i], high[i] = b.Low, b.High
			}
		}
	}
	return p
}

// joins reports a published point that only lets the council's own line begin
// where the area's ends: it is no figure of the council's.
func joins(t *dashboard.TrendPanel, l dashboard.Line, pt dashboard.Point) bool {
	return l.Role == dashboard.RoleOwn && t.Lines[0].Role == dashboard.RoleArea &&
		slices.ContainsFunc(t.Lines[0].Points, func(a dashboard.Point) bool {
			return a.Period == pt.Period && a.Label == pt.Label && a.Number != nil
		})
}

// barsPlot has a series for each role, so that each has its colour.
func barsPlot(b *dashboard.BarsPanel) *plot {
	p := &plot{kind: workbook.Bars, decimals: b.Decimals}
	for _, bar := range b.Bars {
		p.names = append(p.names, bar.Name)
	}
	columns := map[string][]*float64{}
	for i, bar := range b.Bars {
		if columns[bar.Role] == nil {
			name := bar.Name
			if bar.Role == dashboard.RoleNeighbour {
				name = "Neighbours"
			}
			columns[bar.Role] = p.column(name, looks[bar.Role])
		}
		columns[bar.Role][i] = bar.Number
	}
	return p
}

// variations are drawn over the line, by colour and symbol.
var variations = []struct {
	kind, name string
	look       workbook.ChartSeries
}{
	{dashboard.Improvement, "Special cause, improvement", workbook.ChartSeries{Color: blue, Symbol: "diamond", Size: 9}},
	{dashboard.Concern, "Special cause, concern", workbook.ChartSeries{Color: orange, Symbol: "triangle", Size: 9}},
	{dashboard.SpecialHigh, "Special cause, high", workbook.ChartSeries{Color: violet, Symbol: "triangle", Size: 9}},
	{dashboard.SpecialLow, "Special cause, low", workbook.ChartSeries{Color: violet, Symbol: "square", Size: 8}},
}

func controlPlot(c *dashboard.ControlPanel) *plot {
	p := &plot{decimals: c.Decimals}
	for _, pt := range c.Points {
		p.names, p.ends = append(p.names, pt.Label), append(p.ends, pt.Period)
	}
	figures := p.column("Figure", workbook.ChartSeries{Color: grey, Width: 2, Symbol: "circle", Size: 5})
	aim := p.column("Target", target)
	for i, pt := range c.Points {
		figures[i], aim[i] = pt.Number, c.Target
	}
	for i := range c.Segments {
		p.segment(c, i)
	}
	for _, v := range variations {
		special := p.column(v.name, v.look)
		for i, pt := range c.Points {
			if pt.Variation == v.kind {
				special[i] = pt.Number
			}
		}
	}
	return p
}

// segment draws the limits of a stretch of a control chart. Each has series of
// its own, since one line would slope from the old limits to the new.
func (p *plot) segment(c *dashboard.ControlPanel, n int) {
	s, from := c.Segments[n], ""
	if first := slices.IndexFunc(c.Points, func(pt dashboard.ControlPoint) bool { return pt.Period >= s.From }); n > 0 && first >= 0 {
		from = ", from " + c.Points[first].Label
	}
	centre, lower, upper := p.column("Mean"+from, mean), p.column("Lower limit"+from, limit), p.column("Upper limit"+from, limit)
	for i, end := range p.ends {
		if s.From <= end && end <= s.To {
			centre[i], lower[i], upper[i] = &s.Mean, s.Lower, s.Upper
		}
	}
}

// aheadPlot lets the projection begin at the latest figure, as it is drawn.
func aheadPlot(a *dashboard.AheadPanel) *plot {
	p := &plot{decimals: a.Decimals}
	last := -1
	for _, pt := range a.Past.Points {
		if i := p.row(pt.Period, pt.Label); pt.Number != nil {
			last = i
		}
	}
	for _, y := range a.Ahead {
		p.row(y.Period, y.Label)
	}
	past := p.column(a.Past.Name, looks[dashboard.RoleArea])
	for _, pt := range a.Past.Points {
		past[p.row(pt.Period, pt.Label)] = pt.Number
	}
	value, low, high := p.column("Projection", expected), p.column("Lower end of the range", interval), p.column("Upper end of the range", interval)
	if last >= 0 {
		value[last], low[last], high[last] = past[last], past[last], past[last]
	}
	for _, y := range a.Ahead {
		i := p.row(y.Period, y.Label)
		value[i], low[i], high[i] = y.Number, y.Lower, y.Upper
	}
	earlier := p.column("Projected before", before)
	for _, y := range a.Before {
		if i := slices.Index(p.ends, y.Period); i >= 0 {
			earlier[i] = y.Number
		}
	}
	return p
}

func sharesPlot(s *dashboard.SharesPanel) *plot {
	p := &plot{kind: workbook.PairedBars, decimals: 1}
	for _, g := range s.Groups {
		p.names = append(p.names, g.Name)
	}
	of := p.column("Share of the measure (%)", workbook.ChartSeries{Color: blue})
	population := p.column("Share of the population (%)", workbook.ChartSeries{Color: orange})
	for i, g := range s.Groups {
		of[i], population[i] = g.Of, g.Population
	}
	return p
}
