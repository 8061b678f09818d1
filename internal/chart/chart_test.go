package chart_test

import (
	"fmt"
	"strconv"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// Middlesbrough's looked-after rate against its 2025 neighbours, the North
// East and England at 31 March 2016 to 2025. Source: DfE, Children looked
// after in England, November 2025.
var (
	area       = []float64{118, 138, 144, 159, 188, 172, 150, 148, 146, 138}
	neighbours = []float64{109.2, 112.4, 118.7, 126.3, 130.1, 132.3, 130.8, 127.4, 125.9, 120.4}
	lowest     = []float64{88, 89, 95, 91, 96, 88, 83, 78, 78, 73}
	highest    = []float64{163, 183, 185, 200, 228, 215, 219, 190, 190, 184}
	region     = []float64{84, 92, 96, 102, 109, 110, 109, 112, 113, 111}
	england    = []float64{60, 62, 64, 66, 68, 69, 70, 70, 69, 67}
)

func yearly(name, role string, decimals int, values []float64) dashboard.Line {
	l := dashboard.Line{Name: name, Role: role}
	for i, v := range values {
		l.Points = append(l.Points, point(fmt.Sprintf("%d-03-31", 2016+i), v, decimals))
	}
	return l
}

func point(period string, v float64, decimals int) dashboard.Point {
	d, err := stat.ParseDate(period)
	if err != nil {
		panic(err)
	}
	return dashboard.Point{Period: period, Label: d.Long(), Number: &v, Text: stat.Format(v, decimals)}
}

// looked is the trend of a measure page.
func looked() dashboard.Panel {
	t := &dashboard.TrendPanel{BandName: "Range of the neighbours", Lines: []dashboard.Line{
		yearly("Middlesbrough", dashboard.RoleArea, 0, area),
		yearly("Neighbours' mean (2025)", dashboard.RoleNeighbours, 1, neighbours),
		yearly("North East", dashboard.RoleRegion, 0, region),
		yearly("England", dashboard.RoleEngland, 0, england),
	}}
	for i := range area {
		t.Band = append(t.Band, dashboard.BandPoint{Period: t.Lines[0].Points[i].Period, Low: &lowest[i], High: &highest[i]})
	}
	return dashboard.Panel{
		Kind: dashboard.Trend, ID: "cla-trend", Title: "Fewer children looked after for the fifth year",
		Sentence: "At 31 March 2025 the rate in Middlesbrough was 138, 17.6 above the neighbours' mean of 120.4.",
		Unit:     stat.RateOf.Words(), Trend: t,
	}
}

// growing is the same with the council's own months after the last year.
func growing() dashboard.Panel {
	p := looked()
	own := dashboard.Line{Name: "Middlesbrough, council's own", Role: dashboard.RoleOwn}
	own.Points = append(own.Points, p.Trend.Lines[0].Points[9])
	for i, v := range []float64{139, 141, 140, 142, 143, 145} {
		d := stat.Date{Year: 2025, Month: 3, Day: 31}.AddMonthEnds(i + 1)
		own.Points = append(own.Points, point(d.String(), v, 0))
	}
	p.ID, p.Trend.Lines = "cla-own", append(p.Trend.Lines, own)
	return p
}

// broken is a percentage high up, with a mark, a creation and a name that
// would do harm if it could.
func broken() dashboard.Panel {
	l := yearly(hostile, dashboard.RoleArea, 1, []float64{91.5, 92.4, 93, 90.1, 94.6, 95, 96.1, 95.2, 97, 97.5})
	l.Points[4].Number, l.Points[4].Text, l.Points[4].Mark = nil, "c", "c"
	return dashboard.Panel{
		Kind: dashboard.Trend, ID: "visits", Title: hostile, Sentence: hostile, Unit: stat.Percent.Words(),
		Trend: &dashboard.TrendPanel{Decimals: 1, Lines: []dashboard.Line{l, yearly("England __f__function(){}__f__", dashboard.RoleEngland, 1, []float64{90, 90.4, 91, 91.2, 91.9, 92, 92.1, 92.2, 92.4, 93})}},
	}
}

const hostile = `</script><script>alert(1)</script>&"'{b}{x|y}__f__`

// ten is Middlesbrough among its 2025 neighbours on 31 March 2025; one of them
// (97) is withheld here, to show a mark.
func ten() dashboard.Panel {
	b := &dashboard.BarsPanel{Period: "31 March 2025"}
	for row := range strings.Lines(`Blackpool|184|neighbour
Stoke-on-Trent|170|neighbour
Hartlepool|157|neighbour
Liverpool|145|neighbour
Middlesbrough|138|area
Neighbours' mean (2025)|120.4|neighbours
North East|111|region
Newcastle upon Tyne|107|neighbour
Rochdale|102|neighbour
Salford|88|neighbour
Walsall|81|neighbour
Wolverhampton|73|neighbour
England|67|england
South Tyneside|c|neighbour`) {
		f := strings.Split(strings.TrimSpace(row), "|")
		bar := dashboard.Bar{Name: f[0], Text: f[1], Role: f[2]}
		if v, err := strconv.ParseFloat(f[1], 64); err == nil {
			bar.Number = &v
		} else {
			bar.Mark = f[1]
		}
		b.Bars = append(b.Bars, bar)
	}
	return dashboard.Panel{
		Kind: dashboard.Bars, ID: "cla-neighbours", Title: "Fifth highest among its statistical neighbours",
		Sentence: "Middlesbrough's rate is fifth highest of eleven.", Unit: stat.RateOf.Words(), Bars: b,
	}
}
