package report

import (
	"bellwether/internal/dashboard"
	"bellwether/internal/workbook"
)

// partLooks tell the lines of a breakdown apart, by dash and symbol as well as
// by colour; there are no more lines than looks.
var partLooks = []workbook.ChartSeries{
	{Color: blue, Width: 3, Symbol: "circle", Size: 6},
	{Color: teal, Width: 2.25, Dash: workbook.Dashed, Symbol: "triangle", Size: 7},
	{Color: plum, Width: 2.25, Dash: workbook.Dotted, Symbol: "square", Size: 6},
	{Color: orange, Width: 2.25, Dash: workbook.DashDotted, Symbol: "diamond", Size: 7},
	{Color: violet, Width: 2, Symbol: "square", Size: 5, Open: true},
	{Color: grey, Width: 2, Dash: workbook.Dashed, Symbol: "circle", Size: 5, Open: true},
}

// partsPlot draws a breakdown's first parts over its table of all.
func partsPlot(d *dashboard.PartedPanel) *plot {
	p := &plot{decimals: d.Decimals}
	for _, pt := range d.Parts[0].Points {
		p.names, p.ends = append(p.names, pt.Label), append(p.ends, pt.Period)
	}
	for i, part := range d.Parts[:min(len(d.Parts), len(partLooks))] {
		numbers := p.column(part.Name, partLooks[i])
		for j, pt := range part.Points {
			numbers[j] = pt.Number
		}
	}
	return p
}
