package chart_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

var update = flag.Bool("update", false, "write the golden files anew")

func panels() []dashboard.Panel {
	return []dashboard.Panel{looked(), growing(), broken(), ten(), monthly(), quarterly(), coming(), groups(), placements(4)}
}

func TestOptions(t *testing.T) {
	for _, p := range panels() {
		options, err := chart.Options(p)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := json.Indent(&got, options, "", " "); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", p.ID+".json")
		if *update {
			if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got), run with -update if it is meant:\n%s", p.ID, diff)
		}
		again, err := chart.Options(p)
		if err != nil || !bytes.Equal(again, options) {
			t.Errorf("%s: a second time the options differ, %v", p.ID, err)
		}
	}
}

// Names come from files: none may end a script or become code.
func TestOptionsAreInert(t *testing.T) {
	options, err := chart.Options(broken())
	if err != nil {
		t.Fatal(err)
	}
	if i := bytes.IndexAny(options, "<>&"); i >= 0 {
		t.Errorf("%q stands in the options unescaped", options[i:i+10])
	}
	var o struct {
		Series []struct{ Name string }
	}
	if err := json.Unmarshal(options, &o); err != nil {
		t.Fatal(err)
	}
	if o.Series[0].Name != hostile {
		t.Errorf("the name is %q, want it as it was, %q", o.Series[0].Name, hostile)
	}
}

func TestOptionsRefuse(t *testing.T) {
	none := yearly("Rutland", dashboard.RoleArea, 0, area)
	for i := range none.Points {
		none.Points[i].Number = nil
	}
	for name, p := range map[string]dashboard.Panel{
		"no point":  {Trend: &dashboard.TrendPanel{}},
		"no number": {Trend: &dashboard.TrendPanel{Lines: []dashboard.Line{none}}},
		"no bar":    {Bars: &dashboard.BarsPanel{Bars: []dashboard.Bar{{Name: "Rutland", Text: "c"}}}},
		"no month":  {Control: &dashboard.ControlPanel{Points: []dashboard.ControlPoint{{Point: none.Points[0]}}}},
		"no limits": {Control: &dashboard.ControlPanel{}},
		"no future": {Ahead: &dashboard.AheadPanel{Past: none, Ahead: []dashboard.Projected{{Period: "2026-03-31"}}}},
		"no share":  {Shares: &dashboard.SharesPanel{Groups: []dashboard.Share{{Name: "White", Count: "c"}}}},
	} {
		if _, err := chart.Options(p); !errors.Is(err, chart.ErrNoFigures) {
			t.Errorf("%s: %v, want ErrNoFigures", name, err)
		}
	}
	if _, err := chart.Options(dashboard.Panel{Kind: dashboard.Headline, ID: "card"}); err == nil || !strings.Contains(err.Error(), "headline") {
		t.Errorf("a headline: %v, want an error that names its kind", err)
	}
}

// A line chart starts at zero unless that would press its figures flat, and
// says so where it does not.
func TestValueAxis(t *testing.T) {
	for _, c := range []struct {
		name           string
		unit           stat.Unit
		values         []float64
		min, max, step float64
		zero           bool
	}{
		{"rates", stat.RateOf, []float64{60, 188}, 0, 200, 50, true},
		{"high percentages", stat.Percent, []float64{91, 97.5}, 80, 100, 5, false},
		{"percentages end at 100", stat.Percent, []float64{20, 99.9}, 0, 100, 20, true},
		{"more than all", stat.Percent, []float64{20, 130}, 0, 150, 50, true},
		{"one figure", stat.RateOf, []float64{138}, 0, 150, 50, true},
		{"zero alone", stat.Number, []float64{0}, 0, 1, 1, true},
		{"few children", stat.Number, []float64{1, 3}, 0, 3, 1, true},
		{"below zero", stat.Days, []float64{-4, 9}, -5, 10, 5, true},
		{"all below zero", stat.Days, []float64{-9, -4}, -10, 0, 2, true},
		{"months that hardly move", stat.Number, []float64{478, 489, 481}, 420, 540, 20, false},
		{"no halves of children", stat.Number, []float64{40, 47}, 38, 50, 2, false},
		{"tenths", stat.Ratio, []float64{0.1, 0.34}, 0, 0.4, 0.1, true},
		{"England", stat.Number, []float64{69470, 83750}, 65000, 85000, 5000, false},
	} {
		p := dashboard.Panel{Unit: c.unit.Words(), Trend: &dashboard.TrendPanel{Lines: []dashboard.Line{yearly("x", dashboard.RoleArea, 0, c.values)}}}
		if c.unit == stat.Ratio {
			p.Trend.Decimals = 1
		}
		options, err := chart.Options(p)
		if err != nil {
			t.Fatal(err)
		}
		var o struct {
			YAxis []struct {
				Min, Max, Interval float64
				Name               string
			}
		}
		if err := json.Unmarshal(options, &o); err != nil {
			t.Fatal(err)
		}
		y := o.YAxis[0]
		if y.Min != c.min || y.Max != c.max || y.Interval != c.step {
			t.Errorf("%s: %v to %v by %v, want %v to %v by %v", c.name, y.Min, y.Max, y.Interval, c.min, c.max, c.step)
		}
		if says := !strings.Contains(y.Name, "does not start at zero"); says != c.zero {
			t.Errorf("%s: the axis is called %q", c.name, y.Name)
		}
	}
}

func FuzzOptions(f *testing.F) {
	f.Add("Middlesbrough", 138.0, "138", "2025-03-31")
	f.Add(hostile, math.Inf(1), "", "no date")
	f.Add("\xff", -0.0, "c", "0001-01-01")
	f.Fuzz(func(t *testing.T, name string, v float64, text, period string) {
		line := yearly(name, dashboard.RoleArea, 1, area)
		line.Points = append(line.Points, dashboard.Point{Period: period, Label: name, Number: &v, Text: text})
		bar := dashboard.Bar{Name: name, Number: &v, Text: text}
		for _, p := range []dashboard.Panel{
			{Title: name, Trend: &dashboard.TrendPanel{Lines: []dashboard.Line{line}}},
			{Title: name, Bars: &dashboard.BarsPanel{Bars: []dashboard.Bar{bar, {Name: text}}}},
			{Title: name, Control: &dashboard.ControlPanel{
				Points:   []dashboard.ControlPoint{{Point: line.Points[0], Variation: name}, {Point: line.Points[len(line.Points)-1], Cause: text}},
				Segments: []dashboard.ControlSegment{{From: period, Mean: v, Upper: new(1.0)}, {To: period, Reason: name, Lower: &v}}, Target: &v,
			}},
			{Title: name, Ahead: &dashboard.AheadPanel{Past: line, Ahead: []dashboard.Projected{{Period: period, Number: &v, Upper: &v}}, Before: []dashboard.Projected{{Period: period, Number: &v, Lower: &v, Upper: &v, Made: text}}}},
			{Title: name, Shares: &dashboard.SharesPanel{Groups: []dashboard.Share{{Name: name, Of: &v, Ratio: &v, Words: text}, {Name: text, Count: name, Population: &v}}}},
		} {
			for _, width := range widths {
				if h := chart.Height(p, width); h <= 0 {
					t.Errorf("Height at %d = %d", width, h)
				}
			}
			options, err := chart.Options(p)
			if errors.Is(err, chart.ErrNoFigures) {
				continue
			}
			if err != nil || !json.Valid(options) || bytes.ContainsAny(options, "<>&") {
				t.Errorf("Options = %q, %v", options, err)
			}
		}
	})
}

func BenchmarkOptions(b *testing.B) {
	p := growing()
	for b.Loop() {
		if _, err := chart.Options(p); err != nil {
			b.Fatal(err)
		}
	}
}
