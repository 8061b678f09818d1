package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// plot is a chart over time in the making, out of strokes: a control chart or
// a projection.
type plot struct {
	line    *charts.Line
	v       *visitor
	strokes []stroke
	y       scale
	from    int64 // of the time axis, in milliseconds as all times
	to      int64
	dates   []int64 // of the figures, in order
	top     int     // pixels above the plot, for labels of vertical lines
	before  string
	after   string
}

// stroke is one series of a plot: points, a line through them, or both.
type stroke struct {
	id, name string
	data     []opts.LineData
	look     look
	size     any    // of its symbols, where not the look's
	z        int    // what is higher lies above
	label    string // at its end, where there is room
	short    string // the same where there is little
	bold     bool
	icon     string // in the legend, "" for the line itself
	always   bool   // in the legend even where its end bears its name
	never    bool   // not in the legend
	stack    string // strokes of one stack add up
	area     string // colour below the line
	end      object // of the label, where it is not that of a line's end
	narrow   object
}

func newPlot(p dashboard.Panel, y scale) *plot {
	c := &plot{line: charts.NewLine(), v: &visitor{}, y: y, top: 44}
	c.before, c.after = sign(p)
	c.line.SetGlobalOptions(charts.WithAnimation(false), charts.WithAriaOpts(aria(p)))
	return c
}

// add draws a stroke.
func (c *plot) add(s stroke) {
	var size any = s.look.size
	if s.size != nil {
		size = s.size
	}
	c.line.AddSeries(s.name, s.data, charts.WithSeriesId(s.id),
		charts.WithLineChartOpts(opts.LineChart{Symbol: s.look.symbol, SymbolSize: size, ShowSymbol: opts.Bool(true), ConnectNulls: opts.Bool(false), Stack: s.stack}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: s.look.colour}))
	more := series{Z: s.z, Emphasis: object{"disabled": true, "scale": false}, LineStyle: lineStyle(s.look), EndLabel: s.end}
	if s.end == nil {
		more.EndLabel, more.LabelLayout = endLabel(s.label, s.bold), object{"moveOverlap": "shiftY"}
	}
	if s.stack != "" {
		more.Silent, more.StackStrategy = true, "all"
	}
	if s.area != "" {
		more.AreaStyle = object{"color": s.area, "opacity": 1}
	}
	c.v.series, c.strokes = append(c.v.series, more), append(c.strokes, s)
}

// lineStyle leaves out the line of what has points alone.
func lineStyle(k look) object {
	if k.width == 0 {
		return object{"width": 0, "opacity": 0}
	}
	return object{"color": k.colour, "width": k.width, "type": k.dash, "cap": "butt"}
}

// options are the plot's, its axis from one time to another with those dates.
func (c *plot) options(p dashboard.Panel) object {
	y := valueAxis(c.y, axisName(p, c.y.Zero), c.before, c.after)
	y["nameGap"] = c.top - 28
	c.v.axes(timeAxis(c.from, c.to, thinned(c.dates, c.dates, c.from, c.to, 12)), y)
	c.v.common = object{
		"grid":    object{"left": tickRoom(c.y, c.before, c.after, wideText), "right": c.labelRoom(), "top": c.top, "bottom": 52 + c.legendHeight(false), "outerBoundsMode": "none"},
		"legend":  legend(c.legend(false), wideText),
		"tooltip": tooltip("axis", object{"$fmt": "trend", "after": c.after}),
		"media":   []object{{"query": object{"maxWidth": Breakpoint - 1}, "option": c.narrow()}},
	}
	c.line.Validate()
	c.line.Accept(c.v)
	return c.line.JSON()
}

// narrow is what changes in a narrow container.
func (c *plot) narrow() object {
	left := tickRoom(c.y, c.before, c.after, narrowText)
	return object{
		"grid":   object{"left": left, "right": c.figureRoom(), "top": narrowTop(c.top), "bottom": 50 + c.legendHeight(true)},
		"legend": legend(c.legend(true), narrowText),
		"xAxis":  []object{narrowTimes(thinned(c.dates, c.dates, c.from, c.to, 5))},
		"yAxis": []object{{
			"nameGap":       narrowTop(c.top) - 22,
			"nameTextStyle": object{"fontSize": narrowText, "padding": []int{0, 0, 0, -left}},
			"axisLabel":     object{"fontSize": narrowText},
		}},
		"series": c.narrowSeries(),
	}
}

// height is what suits a plot at a width.
func (c *plot) height(width int) int {
	if width < Breakpoint {
		return 256 + narrowTop(c.top) + c.legendHeight(true)
	}
	return 376 + c.top + c.legendHeight(false)
}

// narrowTop is what stands above a narrow plot: the axis's name, and a line of
// labels where a wide one has any.
func narrowTop(top int) int {
	if top > 44 {
		return 36 + narrowText + 6
	}
	return 36
}

func (c *plot) narrowSeries() []object {
	out := make([]object, len(c.strokes))
	for i, s := range c.strokes {
		label := s.narrow
		switch {
		case label != nil:
		case s.short == "":
			label = object{"show": false}
		default:
			label = object{"formatter": object{"$fmt": "end", "label": s.short}, "fontSize": narrowText, "lineHeight": narrowText + 2, "distance": 6}
		}
		out[i] = object{"id": s.id, "endLabel": label}
	}
	return out
}

// entry is one of a legend.
type entry struct{ name, icon string }

// legend lists the strokes that no label names, each name once.
func (c *plot) legend(narrow bool) []entry {
	var out []entry
	seen := map[string]bool{}
	for _, s := range c.strokes {
		if !narrow && !s.always && s.label != "" {
			seen[s.name] = true
		}
	}
	for _, s := range c.strokes {
		if s.never || seen[s.name] {
			continue
		}
		seen[s.name] = true
		out = append(out, entry{s.name, s.icon})
	}
	return out
}

func (c *plot) legendHeight(narrow bool) int {
	if narrow {
		return legendHeight(c.legend(true), legendWide, narrowText)
	}
	return legendHeight(c.legend(false), Breakpoint-20, wideText)
}

func (c *plot) labelRoom() int {
	var labels []string
	for _, s := range c.strokes {
		labels = append(labels, s.label)
	}
	return endRoom(labels)
}

func (c *plot) figureRoom() int {
	var room int
	for _, s := range c.strokes {
		room = max(room, textWidth(s.short, narrowText))
	}
	return room + 16
}

// datum is a point of a stroke: text is what is read out and shown at it, ""
// for one that is drawn only, and more are words below that.
func datum(label string, at int64, n any, text, more string) opts.LineData {
	value := []any{at, n}
	if text != "" {
		value = append(value, text)
	}
	if more != "" {
		value = append(value, wrap(more, tipRoom, narrowText))
	}
	return opts.LineData{Name: label, Value: value}
}

// tipRoom is the widest words in a tooltip may be.
const tipRoom = 240

// figure is a number among the words of a chart, no less precise than a tenth.
func figure(n float64, decimals int) string { return stat.Format(n, max(1, decimals)) }

// bounds are the lowest and highest of what was taken in.
type bounds struct{ low, high float64 }

func noBounds() bounds { return bounds{math.Inf(1), math.Inf(-1)} }

func (b *bounds) take(ns ...*float64) {
	for _, n := range ns {
		if number(n) != nil {
			b.low, b.high = math.Min(b.low, *n), math.Max(b.high, *n)
		}
	}
}

func (b bounds) none() bool { return b.low > b.high }

// scale is the value axis that holds the bounds.
func (b bounds) scale(p dashboard.Panel, decimals int) scale {
	return newScale(b.low, b.high, decimals == 0, most(p), p.Axis)
}

// most is the highest value an axis may reach for.
func most(p dashboard.Panel) float64 {
	if p.Unit == stat.Percent.Words() {
		return 100
	}
	return math.Inf(1)
}
