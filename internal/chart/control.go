package chart

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// signal is how a variation is drawn and called. Of the shapes that can stand
// in one chart no two are alike: a measure with a good way has concerns and
// improvements, one without has highs and lows.
type signal struct {
	id, name string
	colour   string
	symbol   string
}

// The colours are Making Data Count's, darkened to 3:1 on white.
const (
	commonColour      = "#6F7F8D"
	concernColour     = "#C2500E"
	improvementColour = "#0B6FB8"
	specialColour     = "#6A3D9A"
)

// signals are those of a measure with that polarity, in the legend's order.
func signals(good stat.Polarity) []signal {
	concern, improvement := "high", "low"
	bad := pointsUp
	if good == stat.HighIsGood {
		concern, improvement, bad = "low", "high", pointsDown
	}
	return []signal{
		{dashboard.CommonCause, "Common cause: chance alone", commonColour, "circle"},
		{dashboard.TooEarly, "Too early to say", commonColour, "emptyCircle"},
		{dashboard.Concern, "Special cause: concern (" + concern + ")", concernColour, bad},
		{dashboard.Improvement, "Special cause: improvement (" + improvement + ")", improvementColour, pointsAll},
		{dashboard.SpecialHigh, "Special cause: high", specialColour, pointsUp},
		{dashboard.SpecialLow, "Special cause: low", specialColour, pointsDown},
	}
}

// Lines of a control chart.
var (
	joined = look{colour: "#8A9499", width: 1.5, dash: "solid", symbol: "none"}
	centre = look{colour: ink, width: 1.5, dash: "solid", symbol: "none"}
	limit  = look{colour: quiet, width: 1.5, dash: []int{7, 5}, symbol: "none"}
	target = look{colour: "#801650", width: 2, dash: []int{2, 4}, symbol: "none"}
	begins = look{colour: ink, width: 1, dash: "solid", symbol: "none"}
)

// control is an XmR chart: the figures joined, each marked by its variation,
// with the mean, the limits and the target of each stretch.
func control(p dashboard.Panel) (*plot, error) {
	k := p.Control
	b := noBounds()
	for _, x := range k.Points {
		b.take(x.Number)
	}
	if b.none() {
		return nil, ErrNoFigures
	}
	stretches := stretched(k, b, most(p))
	for _, s := range stretches {
		b.take(&s.Mean, s.lower, s.upper)
	}
	b.take(k.Target)
	c := newPlot(p, b.scale(p, k.Decimals))
	c.dates = controlDates(k)
	c.from, c.to = ends(c.dates)
	c.addPoints(p)
	c.addLatest(k)
	c.addLimits(p, stretches)
	c.addTarget(k)
	c.addBeginnings(stretches)
	return c, nil
}

func controlDates(k *dashboard.ControlPanel) []int64 {
	l := dashboard.Line{Points: make([]dashboard.Point, len(k.Points))}
	for i, x := range k.Points {
		l.Points[i] = x.Point
	}
	return moments([]dashboard.Line{l}, nil)
}

// ends are half a step beyond the first and the last, so that the limits are
// seen to hold for them too.
func ends(dates []int64) (from, to int64) {
	first, last := dates[0], dates[len(dates)-1]
	half := int64(year / 24)
	if n := int64(len(dates) - 1); n > 0 {
		half = (last - first) / n / 2
	}
	return first - half, last + half
}

// addPoints joins the points and marks each as a stroke of its variation.
func (c *plot) addPoints(p dashboard.Panel) {
	k, kinds := p.Control, signals(p.Measure.Polarity)
	all := make([]opts.LineData, len(k.Points))
	marked := map[string][]opts.LineData{}
	for i, x := range k.Points {
		at, n := midnight(x.Period), number(x.Number)
		all[i] = datum(x.Label, at, n, x.Text, said(kinds, x))
		if n != nil {
			id := signalOf(kinds, x.Variation).id
			marked[id] = append(marked[id], datum("", at, n, "", ""))
		}
	}
	c.add(stroke{id: "joined", name: cmp.Or(p.Measure.Name, "Figure"), data: all, look: joined, z: 6, never: true})
	for _, s := range kinds {
		if data := marked[s.id]; data != nil {
			c.add(stroke{id: s.id, name: s.name, data: data, look: look{colour: s.colour, symbol: s.symbol, size: symbolSize(s, len(k.Points))}, z: 8, icon: s.symbol, always: true})
		}
	}
}

// addLatest names the latest figure beside the plot, level with its point.
func (c *plot) addLatest(k *dashboard.ControlPanel) {
	for i := len(k.Points) - 1; i >= 0; i-- {
		x := k.Points[i]
		if n := number(x.Number); n != nil {
			data := []opts.LineData{datum("", midnight(x.Period), n, "", ""), datum("", c.to, n, "", "")}
			c.add(stroke{id: "latest", data: data, look: look{symbol: "none"}, label: "Latest " + x.Text, short: x.Text, bold: true, never: true})
			return
		}
	}
}

// said is what stands below a point's figure when it is read.
func said(kinds []signal, x dashboard.ControlPoint) string {
	if x.Variation == dashboard.CommonCause || x.Number == nil {
		return ""
	}
	words := signalOf(kinds, x.Variation).name
	if x.Cause != "" {
		words += ": " + x.Cause
	}
	return words
}

func signalOf(kinds []signal, variation string) signal {
	for _, s := range kinds {
		if s.id == variation {
			return s
		}
	}
	return kinds[0]
}

// symbolSize is smaller where points are many, never so small that a special
// cause is not seen.
func symbolSize(s signal, n int) int {
	size := 8
	if n > 60 {
		size = 5
	}
	if s.id == dashboard.CommonCause || s.id == dashboard.TooEarly {
		return size
	}
	return size + 5
}

// stretch is a segment on the time axis, with the limits that are drawn.
type stretch struct {
	dashboard.ControlSegment
	from, to     int64
	lower, upper *float64
}

// stretched gives the segments their room: each reaches half way to its
// neighbour. Limits that no figure could reach, below none or above all, are
// not drawn.
func stretched(k *dashboard.ControlPanel, figures bounds, most float64) []stretch {
	first, last := ends(controlDates(k))
	out := make([]stretch, len(k.Segments))
	for i, s := range k.Segments {
		out[i] = stretch{ControlSegment: s, from: first, to: last}
		if i > 0 {
			at := (midnight(k.Segments[i-1].To) + midnight(s.From)) / 2
			out[i].from, out[i-1].to = at, at
		}
		if s.Lower != nil && *s.Lower <= s.Mean && (*s.Lower >= 0 || figures.low < 0) {
			out[i].lower = s.Lower
		}
		if s.Upper != nil && *s.Upper >= s.Mean && (*s.Upper <= most || figures.high > most) {
			out[i].upper = s.Upper
		}
	}
	return out
}

// addLimits draws the mean and the limits, named by those now in force.
func (c *plot) addLimits(p dashboard.Panel, all []stretch) {
	if len(all) == 0 {
		return
	}
	mean, lower, upper := make([]*float64, len(all)), make([]*float64, len(all)), make([]*float64, len(all))
	for i := range all {
		mean[i], lower[i], upper[i] = &all[i].Mean, all[i].lower, all[i].upper
	}
	for _, l := range []struct {
		id, name, label string
		at              []*float64
		look            look
		icon            string
	}{
		{"mean", "Mean", "Mean", mean, centre, iconSolid},
		{"upper", "Control limits", "Upper limit", upper, limit, iconDashed},
		{"lower", "Control limits", "Lower limit", lower, limit, iconDashed},
	} {
		data, now := steps(all, l.at)
		s := stroke{id: l.id, name: l.name, data: data, look: l.look, z: 4, icon: l.icon}
		if now != nil {
			s.label = l.label + " " + figure(*now, p.Control.Decimals)
		}
		if data != nil {
			c.add(s)
		}
	}
}

// steps are level lines, broken where one stretch ends; now is the last one's.
func steps(all []stretch, at []*float64) (data []opts.LineData, now *float64) {
	for i, s := range all {
		now = nil
		if n := number(at[i]); n != nil {
			now = at[i]
			data = append(data, datum("", s.from, n, "", ""), datum("", s.to, n, "", ""), datum("", s.to, nil, "", ""))
		}
	}
	if n := len(data); n > 0 {
		data = data[:n-1] // an end that is no number would take no label
	}
	return data, now
}

func (c *plot) addTarget(k *dashboard.ControlPanel) {
	n := number(k.Target)
	if n == nil {
		return
	}
	data := []opts.LineData{datum("", c.from, n, "", ""), datum("", c.to, n, "", "")}
	c.add(stroke{id: "target", name: "Target", data: data, look: target, z: 5, icon: iconDotted, label: "Target " + stat.Format(*k.Target, k.Decimals)})
}

// plotWide and plotNarrow are about the widths of the plots themselves, in
// which the words of a vertical line must find room.
const (
	plotWide   = 720
	plotNarrow = 230
	linesMost  = 3
)

// addBeginnings draws a vertical line where limits begin anew, with why above
// it.
func (c *plot) addBeginnings(all []stretch) {
	for i := 1; i < len(all); i++ {
		end := c.to
		if i+1 < len(all) {
			end = all[i+1].from
		}
		share := float64(end-all[i].from) / float64(c.to-c.from)
		text := shorten(wrap("New limits: "+cmp.Or(all[i].Reason, "the process changed"), int(math.Max(90, share*plotWide-12)), narrowText), linesMost)
		c.top = max(c.top, 50+(strings.Count(text, "\n")+1)*(narrowText+2))
		data := []opts.LineData{datum("", all[i].from, c.y.Min, "", ""), datum("", all[i].from, c.y.Max, "", "")}
		c.add(stroke{
			id: "begins-" + strconv.Itoa(i), data: data, look: begins, z: 3, never: true,
			end: aboveLine(text, "left"), narrow: narrowBeginning(share),
		})
	}
}

// aboveLine is a label above the upper end of a vertical line.
func aboveLine(text, align string) object {
	return object{
		"show": true, "formatter": object{"$fmt": "end", "label": text}, "color": ink, "fontFamily": font,
		"fontSize": narrowText, "lineHeight": narrowText + 2, "distance": 0, "align": align, "verticalAlign": "bottom", "offset": []int{0, -4},
	}
}

// narrowBeginning says that limits are new, to whichever side has room.
func narrowBeginning(share float64) object {
	switch room := share * plotNarrow; {
	case room >= 80:
		return aboveLine("New limits", "left")
	case share < 0.5:
		return aboveLine("New limits", "right")
	}
	return object{"show": false}
}

// shorten keeps the first lines of a text.
func shorten(s string, lines int) string {
	all := strings.Split(s, "\n")
	if len(all) <= lines {
		return s
	}
	return strings.Join(all[:lines], "\n") + " …"
}
