package chart_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// drawn is what these tests read of a chart's options.
type drawn struct {
	XAxis  []struct{ Min, Max float64 }
	YAxis  []struct{ Min, Max float64 }
	Series []struct {
		ID, Name, Symbol string
		ItemStyle        struct{ Color string }
		EndLabel         struct {
			Show      bool
			Formatter struct{ Label string }
		}
		Data []struct {
			Name  string
			Value []any
		}
	}
}

func read(t *testing.T, p dashboard.Panel) drawn {
	t.Helper()
	options, err := chart.Options(p)
	if err != nil {
		t.Fatal(err)
	}
	var d drawn
	if err := json.Unmarshal(options, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// numbers are a series' second dimension, NaN for a break; nil where the chart
// has no such series.
func (d drawn) numbers(id string) []float64 {
	for _, s := range d.Series {
		if s.ID != id {
			continue
		}
		out := make([]float64, len(s.Data))
		for i, x := range s.Data {
			n, ok := x.Value[1].(float64)
			if !ok {
				n = math.NaN()
			}
			out[i] = n
		}
		return out
	}
	return nil
}

func (d drawn) symbol(id string) string {
	for _, s := range d.Series {
		if s.ID == id {
			return s.Symbol
		}
	}
	return ""
}

// Each point of a control chart is there once in the line that joins them, and
// once, where it has a number, with its variation's shape.
func TestControlPoints(t *testing.T) {
	for _, p := range []dashboard.Panel{monthly(), quarterly()} {
		d, marked := read(t, p), 0
		for _, v := range []string{dashboard.CommonCause, dashboard.Concern, dashboard.Improvement, dashboard.SpecialHigh, dashboard.SpecialLow} {
			marked += len(d.numbers(v))
		}
		joined, with := d.numbers("joined"), 0
		for i, n := range joined {
			x := p.Control.Points[i].Number
			if x == nil != math.IsNaN(n) || x != nil && *x != n {
				t.Errorf("%s: point %d is drawn at %v", p.ID, i, n)
			}
			if x != nil {
				with++
			}
		}
		if len(joined) != len(p.Control.Points) || marked != with {
			t.Errorf("%s: %d points joined and %d marked, of %d with a number", p.ID, len(joined), marked, with)
		}
	}
}

// No two variations of a chart share a shape, whichever way is good, and the
// way a triangle points is the way the figure went.
func TestControlShapes(t *testing.T) {
	up, down := read(t, monthly()).symbol(dashboard.SpecialHigh), read(t, monthly()).symbol(dashboard.SpecialLow)
	if up == down || up == "" {
		t.Fatalf("high is %q and low %q", up, down)
	}
	for polarity, want := range map[stat.Polarity]string{stat.LowIsGood: up, stat.HighIsGood: down} {
		p := quarterly()
		p.Measure.Polarity = polarity
		p.Control.Points[8].Variation = dashboard.Concern
		d := read(t, p)
		shapes := map[string]bool{}
		for _, v := range []string{dashboard.CommonCause, dashboard.Concern, dashboard.Improvement} {
			shapes[d.symbol(v)] = true
		}
		if got := d.symbol(dashboard.Concern); got != want || len(shapes) != 3 {
			t.Errorf("%s is good: concern is %q, want %q; shapes %v", polarity, got, want, shapes)
		}
	}
}

// Colours of a chart's own are at 3:1 on white or better.
func TestCouncilColours(t *testing.T) {
	p := quarterly()
	p.Control.Points[8].Variation = dashboard.Concern
	for _, p := range []dashboard.Panel{p, monthly(), coming()} {
		for _, s := range read(t, p).Series {
			if c := s.ItemStyle.Color; strings.HasPrefix(c, "#") && contrast(t, c) < 3 {
				t.Errorf("%s: %s is %.2f to 1", p.ID, s.ID, contrast(t, c))
			}
		}
	}
}

// Limits are level within a stretch and broken between two; one that no
// percentage can reach is not drawn, nor widens the axis.
func TestControlLimits(t *testing.T) {
	d, k := read(t, monthly()), monthly().Control
	nan := math.NaN()
	want := []float64{k.Segments[0].Mean, k.Segments[0].Mean, nan, k.Segments[1].Mean, k.Segments[1].Mean}
	got := d.numbers("mean")
	if len(got) != len(want) {
		t.Fatalf("the mean is drawn through %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			t.Errorf("the mean is drawn through %v, want %v", got, want)
		}
	}
	if n := d.numbers("begins-1"); len(n) != 2 || n[0] != d.YAxis[0].Min || n[1] != d.YAxis[0].Max {
		t.Errorf("where limits begin anew a line goes through %v", n)
	}
	q, kq := read(t, quarterly()), quarterly().Control
	if *kq.Segments[1].Upper <= 100 {
		t.Fatalf("the upper limit is %v: the test wants one above 100%%", *kq.Segments[1].Upper)
	}
	if upper := q.numbers("upper"); len(upper) != 2 || q.YAxis[0].Max != 100 {
		t.Errorf("upper limits %v on an axis to %v", upper, q.YAxis[0].Max)
	}
}

// A stretch of one point has no limits; counts have none below zero.
func TestControlWithoutLimits(t *testing.T) {
	p := monthly()
	p.Control.Segments = []dashboard.ControlSegment{{From: p.Control.Points[0].Period, To: p.Control.Points[71].Period, Mean: 200, Lower: new(-12.0), Upper: new(412.0)}}
	if d := read(t, p); d.numbers("lower") != nil || len(d.numbers("upper")) != 2 || d.YAxis[0].Min != 0 {
		t.Errorf("lower %v, upper %v, axis from %v", d.numbers("lower"), d.numbers("upper"), d.YAxis[0].Min)
	}
	p.Control.Segments[0].Lower, p.Control.Segments[0].Upper = nil, nil
	if d := read(t, p); d.numbers("upper") != nil || len(d.numbers("mean")) != 2 {
		t.Errorf("upper %v, mean %v", d.numbers("upper"), d.numbers("mean"))
	}
}

// The projection goes on from the last figure, in a band that is its range.
func TestAhead(t *testing.T) {
	p := coming()
	d := read(t, p)
	line, low, high := d.numbers("ahead"), d.numbers("range-low"), d.numbers("range")
	if line[0] != 138 || low[0] != 138 || high[0] != 0 || len(line) != 4 {
		t.Errorf("it begins at %v in %v to %v more", line[0], low[0], high[0])
	}
	for i, x := range p.Ahead.Ahead {
		if line[i+1] != *x.Number || low[i+1] != *x.Lower || low[i+1]+high[i+1] != *x.Upper {
			t.Errorf("%s: %v in %v to %v", x.Label, line[i+1], low[i+1], low[i+1]+high[i+1])
		}
	}
	at := map[any]string{}
	for _, s := range d.Series {
		if s.ID != "kept" && s.ID != "again" {
			continue
		}
		for _, x := range s.Data {
			if other, ok := at[x.Value[0]]; ok {
				t.Errorf("%v lies on %v", x.Value, other)
			}
			at[x.Value[0]] = x.Name
		}
	}
	if len(at) != len(p.Ahead.Before) {
		t.Errorf("%d earlier projections are drawn, want %d", len(at), len(p.Ahead.Before))
	}
}

// A share that is withheld is no bar of nought.
func TestSharesWithoutFigure(t *testing.T) {
	d := read(t, groups())
	for _, c := range []struct {
		series, group int
		text          string
	}{{0, 4, "c"}, {1, 5, "no figure"}} {
		if v := d.Series[c.series].Data[c.group].Value; v[0] != nil || v[2] != c.text {
			t.Errorf("%s: %v, want no number and %q", d.Series[c.series].ID, v, c.text)
		}
	}
}

// What is drawn is what has options, and its height holds what it lists.
func TestDrawn(t *testing.T) {
	for _, p := range panels() {
		if !chart.Drawn(p) {
			t.Errorf("%s is not drawn", p.ID)
		}
		if wide, narrow := chart.Height(p, chart.Wide), chart.Height(p, chart.Narrow); wide < 200 || narrow < 200 {
			t.Errorf("%s is %d and %d pixels high", p.ID, wide, narrow)
		}
	}
	if chart.Drawn(dashboard.Panel{Kind: dashboard.Headline, Headline: &dashboard.HeadlinePanel{}}) {
		t.Error("a headline is drawn")
	}
	few, many := groups(), groups()
	few.Shares.Groups = few.Shares.Groups[:2]
	if chart.Height(few, chart.Narrow) >= chart.Height(many, chart.Narrow) {
		t.Error("fewer groups take no less room")
	}
}
