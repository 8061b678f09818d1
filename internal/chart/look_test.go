package chart_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
)

// drawing is what these tests read of options.
type drawing struct {
	YAxis []struct {
		Min  float64
		Name string
	} `json:"yAxis"`
	Series []struct {
		Name      string
		Symbol    string
		Z         int
		LineStyle struct {
			Color string
			Width float64
			Type  any
		}
		ItemStyle struct{ Color string }
		EndLabel  struct {
			Show  bool
			Color string
		}
		Data []struct {
			Name      string
			ItemStyle struct{ Color string }
		}
	}
}

func readDrawing(t *testing.T, p dashboard.Panel) drawing {
	t.Helper()
	options, err := chart.Options(p)
	if err != nil {
		t.Fatal(err)
	}
	var d drawing
	if err := json.Unmarshal(options, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// An axis starts where it is told to, and says so where that is not zero.
func TestAxisChoice(t *testing.T) {
	wide := []float64{40, 90, 120}
	narrow := []float64{110, 115, 120}
	for _, c := range []struct {
		values []float64
		axis   string
		zero   bool
	}{
		{wide, "", true}, {narrow, "", false},
		{wide, dashboard.AxisZero, true}, {narrow, dashboard.AxisZero, true},
		{wide, dashboard.AxisData, false}, {narrow, dashboard.AxisData, false},
		{[]float64{7, 7, 7}, dashboard.AxisData, true}, {[]float64{0, 0, 0}, dashboard.AxisZero, true},
	} {
		for _, p := range []dashboard.Panel{
			{ID: "trend", Trend: &dashboard.TrendPanel{Lines: []dashboard.Line{yearly("Middlesbrough", dashboard.RoleArea, 0, c.values)}}},
			controlled(c.values),
		} {
			p.Axis, p.Unit = c.axis, "percentage"
			y := readDrawing(t, p).YAxis[0]
			if zero := y.Min == 0; zero != c.zero || strings.Contains(y.Name, "does not start at zero") == zero {
				t.Errorf("%s of %v, axis %q: from %v, called %q", p.ID, c.values, c.axis, y.Min, y.Name)
			}
		}
	}
}

// controlled is a control chart whose limits are its ends.
func controlled(values []float64) dashboard.Panel {
	k := &dashboard.ControlPanel{}
	l := yearly("", dashboard.RoleArea, 0, values)
	for _, pt := range l.Points {
		k.Points = append(k.Points, dashboard.ControlPoint{Point: pt, Variation: dashboard.CommonCause})
	}
	k.Segments = []dashboard.ControlSegment{{
		From: l.Points[0].Period, To: l.Points[len(l.Points)-1].Period,
		Mean: (slices.Min(values) + slices.Max(values)) / 2, Lower: new(slices.Min(values)), Upper: new(slices.Max(values)),
	}}
	return dashboard.Panel{ID: "control", Control: k}
}

// The neighbour that is brought out differs by weight, place and name as well
// as by colour, in the picture as in the browser.
func TestBroughtOut(t *testing.T) {
	p := each()
	p.Trend.Lines[4].Marked = true
	d := readDrawing(t, p)
	for i, s := range d.Series[1:] {
		brought := i == 3
		if (s.EndLabel.Color == s.ItemStyle.Color) != brought || (s.LineStyle.Width > 2) != brought || (s.Z > 10) != brought {
			t.Errorf("%s: %+v", s.Name, s)
		}
	}
	svg, err := shared(t).SVG(t.Context(), p, chart.Wide, 420)
	if err != nil || !strings.Contains(string(svg), "Neighbour 4 ") {
		t.Errorf("the picture does not name Neighbour 4: %v", err)
	}
	b := ten()
	for i := range b.Bars.Bars {
		b.Bars.Bars[i].Marked = b.Bars.Bars[i].Role == dashboard.RoleNeighbour && i > 3
		if b.Bars.Bars[i].Marked {
			if got := readDrawing(t, b).Series[0].Data[i].ItemStyle.Color; got != d.Series[4].LineStyle.Color {
				t.Errorf("the bar brought out is %s", got)
			}
			return
		}
	}
	t.Error("no bar was brought out")
}

// Areas side by side are told apart by dash and symbol, and named at the end.
func TestAreasApart(t *testing.T) {
	panel := dashboard.Panel{ID: "cla-areas", Trend: &dashboard.TrendPanel{}}
	for i, role := range []string{dashboard.RoleArea, dashboard.RoleSecond, dashboard.RoleThird, dashboard.RoleFourth} {
		panel.Trend.Lines = append(panel.Trend.Lines, yearly("Area "+role, role, 0, []float64{100 + 20*float64(i), 90}))
	}
	looks := map[string]bool{}
	for _, s := range readDrawing(t, panel).Series {
		looks[s.Symbol+" "+strings.TrimSpace(strings.Trim(strings.Join(strings.Fields(fmt.Sprint(s.LineStyle.Type)), ","), "[]"))] = true
		if !s.EndLabel.Show {
			t.Errorf("%s is not named", s.Name)
		}
	}
	if len(looks) != 4 {
		t.Errorf("the lines look alike: %v", looks)
	}
}
