package chart

import (
	"fmt"
	"math"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"bellwether/internal/dashboard"
)

// mostMultiples is how many small charts there are at most; the table has all.
const mostMultiples = 12

// Pixels of a small chart: its plot, what stands below it, and between it and
// the name of the next.
const (
	multiplePlot  = 100
	multipleTimes = 44
	multipleGap   = 18
	multipleLine  = 18 // of its name
)

// grille is how small charts stand side by side, in hundredths of the width.
type grille struct {
	columns, left, step, width float64
	room                       int // pixels for a name
	size                       int // of text
	lines                      int // of a name, at most
}

var (
	wideGrille   = grille{3, 6, 32, 27, 190, narrowText, 2}
	narrowGrille = grille{2, 13, 46, 40, 122, narrowText, 3}
)

// drawnParts are those that have a small chart.
func drawnParts(p dashboard.Panel) []dashboard.Part {
	return p.Parted.Parts[:min(len(p.Parted.Parts), mostMultiples)]
}

// multiples are small charts of one line each, on one and the same axis from
// zero, the name and latest figure of each above it.
func multiples(p dashboard.Panel) (object, error) {
	all := drawnParts(p)
	b := noBounds()
	for _, part := range all {
		for _, pt := range part.Points {
			b.take(pt.Number)
		}
	}
	if b.none() {
		return nil, ErrNoFigures
	}
	before, after := sign(p)
	y := multipleScale(b, p)
	line := charts.NewLine()
	line.SetGlobalOptions(charts.WithAnimation(false), charts.WithAriaOpts(aria(p)))
	v := &visitor{}
	for i, part := range all {
		addMultiple(line, v, i, part)
	}
	v.common = object{
		"grid":    wideGrille.grids(all),
		"xAxis":   multipleTimesOf(all),
		"yAxis":   wideGrille.values(all, y, before, after),
		"legend":  object{"show": false},
		"tooltip": tooltip("axis", object{"$fmt": "trend", "after": after}),
		"media": []object{{"query": object{"maxWidth": Breakpoint - 1}, "option": object{
			"grid":  narrowGrille.grids(all),
			"yAxis": narrowGrille.values(all, y, before, after),
		}}},
	}
	line.Validate()
	line.Accept(v)
	return line.JSON(), nil
}

// multipleScale starts at zero and has few ticks, the charts being low.
func multipleScale(b bounds, p dashboard.Panel) scale {
	y := newScale(math.Min(0, b.low), b.high, p.Parted.Decimals == 0, most(p), dashboard.AxisZero)
	if (y.Max-y.Min)/y.Step > 5 {
		y.Step *= 2
		y.Max = y.round(math.Ceil(y.Max/y.Step-1e-9) * y.Step)
	}
	return y
}

func addMultiple(line *charts.Line, v *visitor, i int, part dashboard.Part) {
	k := lookOf(dashboard.RoleArea)
	data := make([]opts.LineData, len(part.Points))
	for j, pt := range part.Points {
		data[j] = opts.LineData{Name: pt.Label, Value: []any{midnight(pt.Period), number(pt.Number), pt.Text}}
	}
	line.AddSeries(part.Name, data,
		charts.WithSeriesId(fmt.Sprintf("part-%d", i)),
		charts.WithLineChartOpts(opts.LineChart{XAxisIndex: i, YAxisIndex: i, Symbol: "circle", SymbolSize: 4, ShowSymbol: opts.Bool(len(data) <= crowd), ConnectNulls: opts.Bool(false)}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: k.colour}))
	v.series = append(v.series, series{Emphasis: object{"disabled": true}, LineStyle: object{"color": k.colour, "width": 2, "type": "solid"}})
}

// title is a small chart's name with its latest figure.
func (g grille) title(part dashboard.Part) string {
	name := part.Name
	if pt := last(dashboard.Line{Points: part.Points}); pt != nil {
		name += ":" + string(noBreak) + pt.Text
	}
	return shorten(wrap(strings.ReplaceAll(name, "/", "/ "), g.room, g.size), g.lines)
}

// titleRoom is the height of the names of a row of charts.
func (g grille) titleRoom(all []dashboard.Part, row int) int {
	lines, columns := 1, int(g.columns)
	for _, part := range all[row*columns : min(len(all), (row+1)*columns)] {
		lines = max(lines, 1+strings.Count(g.title(part), "\n"))
	}
	return lines*multipleLine + 10
}

func (g grille) rows(n int) int { return (n + int(g.columns) - 1) / int(g.columns) }

// grids are the places of the plots.
func (g grille) grids(all []dashboard.Part) []object {
	out := make([]object, len(all))
	top := 0
	for row := range g.rows(len(all)) {
		top += g.titleRoom(all, row)
		for i := row * int(g.columns); i < min(len(all), (row+1)*int(g.columns)); i++ {
			left := g.left + g.step*float64(i%int(g.columns))
			out[i] = object{
				"left": fmt.Sprintf("%g%%", left), "width": fmt.Sprintf("%g%%", g.width),
				"top": top, "height": multiplePlot, "outerBoundsMode": "none",
			}
		}
		top += multiplePlot + multipleTimes + multipleGap
	}
	return out
}

func (g grille) height(all []dashboard.Part) int {
	height := 0
	for row := range g.rows(len(all)) {
		height += g.titleRoom(all, row) + multiplePlot + multipleTimes + multipleGap
	}
	return height
}

// multipleTimesOf are the time axes, all alike, marked at both ends.
func multipleTimesOf(all []dashboard.Part) []object {
	lines := make([]dashboard.Line, len(all))
	for i, part := range all {
		lines[i] = dashboard.Line{Points: part.Points}
	}
	dates := moments(lines, nil)
	from, to := dates[0], dates[len(dates)-1]
	out := make([]object, len(all))
	for i := range out {
		out[i] = timeAxis(from, to, []int64{from, to})
		out[i]["gridIndex"] = i
		label := out[i]["axisLabel"].(object)
		label["fontSize"], label["lineHeight"] = narrowText, narrowText+2
		label["alignMinLabel"], label["alignMaxLabel"] = "left", "right"
	}
	return out
}

// values are the value axes, all alike, named by the parts; those at the left
// bear the numbers.
func (g grille) values(all []dashboard.Part, y scale, before, after string) []object {
	out := make([]object, len(all))
	for i, part := range all {
		axis := valueAxis(y, g.title(part), before, after)
		axis["gridIndex"], axis["nameGap"] = i, 8
		axis["nameTextStyle"] = object{"align": "left", "color": ink, "fontFamily": font, "fontSize": g.size, "fontWeight": "bold", "lineHeight": multipleLine}
		label := axis["axisLabel"].(object)
		label["fontSize"], label["show"] = narrowText, i%int(g.columns) == 0
		out[i] = axis
	}
	return out
}

func multiplesHeight(p dashboard.Panel, width int) int {
	if width < Breakpoint {
		return narrowGrille.height(drawnParts(p))
	}
	return wideGrille.height(drawnParts(p))
}
