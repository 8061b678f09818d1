package chart

import (
	"cmp"

	"github.com/go-echarts/go-echarts/v2/opts"

	"bellwether/internal/dashboard"
)

// Looks of a projection: it goes on from the area's line, dashed; what was
// projected before is hollow, with the range it had.
var (
	projected = look{"#12436D", 2.5, []int{7, 5}, "emptyCircle", 8, false}
	keptLook  = look{colour: "#801650", symbol: "emptyDiamond", size: 11}
	againLook = look{colour: quiet, symbol: "emptyRect", size: 8}
	whisker   = look{width: 1.25, dash: "solid", symbol: "rect"}
)

const aheadColour = "rgba(18,67,109,0.14)"

// ahead is a projection: the past as a line, the coming years dashed in the
// band of their range, and what was projected of years since.
func ahead(p dashboard.Panel) (*plot, error) {
	a := p.Ahead
	b := noBounds()
	for _, x := range a.Past.Points {
		b.take(x.Number)
	}
	for _, x := range append(a.Ahead[:len(a.Ahead):len(a.Ahead)], a.Before...) {
		b.take(x.Number, x.Lower, x.Upper)
	}
	if b.none() {
		return nil, ErrNoFigures
	}
	c := newPlot(p, b.scale(p, a.Decimals))
	c.addPast(a)
	c.addAhead(a)
	c.addRange(a)
	kept, again := apart(a.Before)
	c.addBefore("kept", "Projection kept at the time", keptLook, iconDiamond, kept)
	c.addBefore("again", "What the method would have said", againLook, iconSquare, again)
	c.dates = aheadDates(a)
	c.from, c.to = c.dates[0], c.dates[len(c.dates)-1]
	return c, nil
}

func aheadDates(a *dashboard.AheadPanel) []int64 {
	var coming dashboard.Line
	for _, x := range append(a.Ahead[:len(a.Ahead):len(a.Ahead)], a.Before...) {
		coming.Points = append(coming.Points, dashboard.Point{Period: x.Period})
	}
	dates := moments([]dashboard.Line{a.Past, coming}, nil)
	if len(dates) == 1 {
		return []int64{dates[0] - year/2, dates[0] + year/2}
	}
	return dates
}

// addRange draws the range, from the last figure on, as a filled line stacked
// on one that is not seen.
func (c *plot) addRange(a *dashboard.AheadPanel) {
	var low, high []opts.LineData
	if p := last(a.Past); p != nil {
		low = append(low, datum("", midnight(p.Period), *p.Number, "", ""))
		high = append(high, datum("", midnight(p.Period), 0, "", ""))
	}
	for _, x := range a.Ahead {
		if number(x.Lower) != nil && number(x.Upper) != nil {
			low = append(low, datum("", midnight(x.Period), *x.Lower, "", ""))
			high = append(high, datum("", midnight(x.Period), *x.Upper-*x.Lower, "", ""))
		}
	}
	c.add(stroke{id: rangeLow, data: low, look: look{symbol: "none"}, z: 1, never: true, stack: "range"})
	c.add(stroke{id: rangeHigh, name: rangeName, data: high, look: look{colour: aheadColour, symbol: "none"}, z: 1, icon: "rect", always: true, stack: "range", area: aheadColour})
}

// rangeName is what the legend calls the range: four in five outcomes are in
// it, as benchmark.Project has it.
const rangeName = "80% range"

func (c *plot) addPast(a *dashboard.AheadPanel) {
	data := make([]opts.LineData, len(a.Past.Points))
	for i, x := range a.Past.Points {
		data[i] = datum(x.Label, midnight(x.Period), number(x.Number), x.Text, "")
	}
	c.add(stroke{id: "line-0", name: cmp.Or(a.Past.Name, "Figures"), data: data, look: lookOf(dashboard.RoleArea), z: 10})
}

// addAhead goes on from the last figure, which is not said again.
func (c *plot) addAhead(a *dashboard.AheadPanel) {
	var data []opts.LineData
	if p := last(a.Past); p != nil {
		data = append(data, datum("", midnight(p.Period), *p.Number, "", ""))
	}
	var label, short string
	for _, x := range a.Ahead {
		data = append(data, datum(x.Label, midnight(x.Period), number(x.Number), withRange(x), ""))
		if x.Number != nil {
			label, short = "Projection "+x.Text, x.Text
			if x.Range != "" {
				label += "\n" + x.Range
			}
		}
	}
	c.add(stroke{id: "ahead", name: "Projection", data: data, look: projected, z: 9, label: label, short: short, bold: true, always: true})
}

// aside is how far from its year each further projection of it stands, so that
// none hides another.
const aside = year / 13

// before is a projection made earlier and where it stands.
type before struct {
	dashboard.Projected
	at int64
}

// apart are the projections that were kept and those worked out again, each
// year's side by side.
func apart(all []dashboard.Projected) (kept, again []before) {
	taken := map[string]int64{}
	for _, x := range all {
		b := before{x, midnight(x.Period) + taken[x.Period]*aside}
		taken[x.Period]++
		if x.Kept {
			kept = append(kept, b)
		} else {
			again = append(again, b)
		}
	}
	return kept, again
}

// addBefore draws the projections of one kind and their ranges.
func (c *plot) addBefore(id, name string, k look, icon string, all []before) {
	var marks, ranges []opts.LineData
	for _, x := range all {
		marks = append(marks, datum(x.Label, x.at, number(x.Number), withRange(x.Projected), madeWords(x.Projected)))
		if number(x.Lower) != nil && number(x.Upper) != nil {
			ranges = append(ranges, datum("", x.at, *x.Lower, "", ""), datum("", x.at, *x.Upper, "", ""), datum("", x.at, nil, "", ""))
		}
	}
	w := whisker
	w.colour = k.colour
	if ranges != nil {
		c.add(stroke{id: "range-" + id, data: ranges, look: w, size: []int{9, 2}, z: 6, never: true})
	}
	if marks != nil {
		c.add(stroke{id: id, name: name, data: marks, look: k, z: 11, icon: icon, always: true})
	}
}

func withRange(x dashboard.Projected) string {
	if x.Range == "" || x.Text == "" {
		return x.Text
	}
	return x.Text + " (" + x.Range + ")"
}

// madeWords are how a projection was made and how it turned out.
func madeWords(x dashboard.Projected) string {
	words := x.Made
	if x.Outcome != "" {
		words += "; what happened: " + x.Outcome
	}
	return words
}
