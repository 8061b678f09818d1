package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// Ids of the series that draw the neighbours' range; draw.js leaves them out
// of the tooltip.
const (
	rangeLow  = "range-low"
	rangeHigh = "range"
)

// trend is a chart over time: one line for each series, the neighbours' range
// as a band behind them.
func trend(p dashboard.Panel) (object, error) {
	t := p.Trend
	low, high, ok := extent(t)
	if !ok {
		return nil, ErrNoFigures
	}
	before, after := sign(p)
	y := newScale(low, high, t.Decimals == 0, most(p), p.Axis)
	line := charts.NewLine()
	line.SetGlobalOptions(charts.WithAnimation(false), charts.WithAriaOpts(aria(p)))
	v := &visitor{}
	labels := endLabels(t)
	beside, late := splitEnds(t, labels)
	v.axes(trendTimes(t, 12), valueAxis(y, axisName(p, y.Zero), before, after))
	addBand(line, v, t, beside)
	for i := range t.Lines {
		addLine(line, v, t, i, beside[i])
	}
	addEnds(line, v, t, late)
	v.common = object{
		"grid":    trendGrid(y, before, after, labels),
		"legend":  object{"show": false},
		"tooltip": tooltip("axis", object{"$fmt": "trend", "after": after}),
		"media":   []object{narrowTrend(t, y, before, after)},
	}
	line.Validate()
	line.Accept(v)
	return line.JSON(), nil
}

// extent is the lowest and highest number drawn.
func extent(t *dashboard.TrendPanel) (low, high float64, ok bool) {
	all := noBounds()
	for _, l := range t.Lines {
		for _, p := range l.Points {
			all.take(p.Number)
		}
	}
	for _, b := range t.Band {
		all.take(b.Low, b.High)
	}
	return all.low, all.high, !all.none()
}

// crowd is the number of points from which on a line goes without symbols.
const crowd = 40

// addLine draws one series: value is [time, number, text as shown].
func addLine(line *charts.Line, v *visitor, t *dashboard.TrendPanel, i int, label string) {
	l := t.Lines[i]
	k, z := lineLook(l), 20-i // the first, the area's, on top
	if l.Role == dashboard.RoleNeighbour {
		z = 2 // below every other
	}
	if l.Marked {
		z = 19
	}
	if len(t.Lines) == 1 {
		k.dash, k.width = "solid", max(k.width, 2) // there is none to be told from
	}
	data := make([]opts.LineData, len(l.Points))
	for j, p := range l.Points {
		data[j] = opts.LineData{Name: p.Label, Value: []any{midnight(p.Period), number(p.Number), p.Text}}
	}
	line.AddSeries(l.Name, data,
		charts.WithSeriesId(lineID(i, l)),
		charts.WithLineChartOpts(opts.LineChart{Symbol: k.symbol, SymbolSize: k.size, ShowSymbol: opts.Bool(len(l.Points) <= crowd), ConnectNulls: opts.Bool(false)}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: k.colour}))
	v.series = append(v.series, series{
		Z:           z,
		Emphasis:    object{"disabled": true},
		LineStyle:   object{"color": k.colour, "width": k.width, "type": k.dash, "cap": "butt"},
		EndLabel:    lineEnd(l, label),
		LabelLayout: object{"moveOverlap": "shiftY"},
		LineEvents:  l.Role == dashboard.RoleNeighbour,
	})
}

// lineEnd is the label at a line's end.
func lineEnd(l dashboard.Line, label string) object {
	end := endLabel(label, l.Marked || l.Role == dashboard.RoleArea || l.Role == dashboard.RoleOwn)
	switch {
	case label == "":
	case l.Marked:
		end["color"] = lineLook(l).colour
	case behind(l):
		end["color"], end["fontSize"], end["lineHeight"] = quiet, narrowText, narrowText+1
	}
	return end
}

// lineID tells the council's own line, whose first point repeats the area's
// last, from the others.
func lineID(i int, l dashboard.Line) string {
	if l.Role == dashboard.RoleOwn {
		return fmt.Sprintf("own-%d", i)
	}
	return fmt.Sprintf("line-%d", i)
}

// addBand draws the range as a filled line stacked on one that is not seen.
func addBand(line *charts.Line, v *visitor, t *dashboard.TrendPanel, labels []string) {
	if len(t.Band) == 0 {
		return
	}
	low, high := make([]opts.LineData, len(t.Band)), make([]opts.LineData, len(t.Band))
	for i, b := range t.Band {
		from, to := number(b.Low), number(b.High)
		if from == nil || to == nil {
			from, to = nil, nil
		} else {
			to = *b.High - *b.Low
		}
		low[i] = opts.LineData{Value: []any{midnight(b.Period), from}}
		high[i] = opts.LineData{Value: []any{midnight(b.Period), to}}
	}
	for _, s := range []struct {
		id, name string
		data     []opts.LineData
	}{{rangeLow, "", low}, {rangeHigh, t.BandName, high}} {
		line.AddSeries(s.name, s.data, charts.WithSeriesId(s.id),
			charts.WithLineChartOpts(opts.LineChart{Symbol: "none", Stack: "range"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: bandColour}))
		e := series{Silent: true, StackStrategy: "all", Emphasis: object{"disabled": true}, LineStyle: object{"width": 0, "opacity": 0}}
		if s.id == rangeHigh {
			e.AreaStyle = object{"color": bandColour, "opacity": 1}
			e.EndLabel = endLabel(labels[len(labels)-1], false)
			e.LabelLayout = object{"moveOverlap": "shiftY"}
		}
		v.series = append(v.series, e)
	}
}

// endLabels names every line with its last figure, and last the band. Where
// the council's own figures go on from the area's line, they bear its name.
func endLabels(t *dashboard.TrendPanel) []string {
	own := slices.ContainsFunc(t.Lines, func(l dashboard.Line) bool {
		return l.Role == dashboard.RoleOwn && last(l) != nil
	})
	labels := make([]string, len(t.Lines)+1)
	crowded := neighbours(t) > namedNeighbours
	for i, l := range t.Lines {
		if behind(l) && crowded {
			continue // their names would lie on each other
		}
		if p := last(l); p != nil && !(own && l.Role == dashboard.RoleArea) {
			labels[i] = wrap(l.Name+" "+p.Text, labelRoom, wideText)
		}
	}
	for _, b := range slices.Backward(t.Band) {
		if b.Low != nil && b.High != nil {
			labels[len(t.Lines)] = fmt.Sprintf("%s\n%s to %s", t.BandName, stat.Format(*b.Low, t.Decimals), stat.Format(*b.High, t.Decimals))
			break
		}
	}
	return labels
}

// namedNeighbours is how many lines of neighbours find room for their names at
// their ends.
const namedNeighbours = 12

// behind reports whether a line is one of those the others stand before.
func behind(l dashboard.Line) bool { return l.Role == dashboard.RoleNeighbour && !l.Marked }

func neighbours(t *dashboard.TrendPanel) int {
	n := 0
	for _, l := range t.Lines {
		if behind(l) {
			n++
		}
	}
	return n
}

// last is the last point with a number.
func last(l dashboard.Line) *dashboard.Point {
	for i := len(l.Points) - 1; i >= 0; i-- {
		if number(l.Points[i].Number) != nil {
			return &l.Points[i]
		}
	}
	return nil
}

// labelRoom is the widest an end label may be before it breaks.
const labelRoom = 250

func endLabel(text string, bold bool) object {
	if text == "" {
		return object{"show": false}
	}
	label := object{
		"show": true, "formatter": object{"$fmt": "end", "label": text}, "color": ink,
		"fontFamily": font, "fontSize": wideText, "lineHeight": wideText + 3, "distance": 10,
	}
	if bold {
		label["fontWeight"] = "bold"
	}
	return label
}

func trendGrid(y scale, before, after string, labels []string) object {
	return object{"left": tickRoom(y, before, after, wideText), "right": endRoom(labels), "top": 44, "bottom": 52, "outerBoundsMode": "none"}
}

// endRoom is the width that labels at lines' ends take.
func endRoom(labels []string) int {
	var room int
	for _, l := range labels {
		for row := range strings.SplitSeq(l, "\n") {
			room = max(room, min(textWidth(row, wideText), labelRoom*3/2))
		}
	}
	return room + 18
}

// tickRoom is the width the labels of a value axis take.
func tickRoom(y scale, before, after string, size int) int {
	var room int
	for _, x := range []float64{y.Min, y.Max} {
		room = max(room, textWidth(before+stat.Format(x, y.Decimals)+after, size))
	}
	return room + 14
}

// number is nil for what breaks a line.
func number(n *float64) any {
	if n == nil || math.IsNaN(*n) || math.IsInf(*n, 0) {
		return nil
	}
	return *n
}
