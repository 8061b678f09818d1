package chart_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
)

// each is the area over its ten neighbours, a line each.
func each() dashboard.Panel {
	t := &dashboard.TrendPanel{Lines: []dashboard.Line{yearly("Middlesbrough", dashboard.RoleArea, 0, area)}}
	for i := range 10 {
		values := make([]float64, len(area))
		for j := range values {
			values[j] = float64(60 + 10*i + j)
		}
		t.Lines = append(t.Lines, yearly(fmt.Sprintf("Neighbour %d", i+1), dashboard.RoleNeighbour, 0, values))
	}
	return dashboard.Panel{Kind: dashboard.Trend, ID: "cla-neighbour-trends", Title: "Children looked after: each neighbour", Sentence: "It fell.", Trend: t}
}

// A neighbour's line is thin and grey, at 3:1 on white or better, below the
// area's and named at its end where there is room; the legend leaves it out.
func TestNeighboursLinesStandBack(t *testing.T) {
	options, err := chart.Options(each())
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		Series []struct {
			Name      string
			Z         int
			Symbol    string
			LineStyle struct {
				Color string
				Width float64
			}
			EndLabel struct {
				Show      bool
				Color     string
				Formatter struct{ Label string }
			}
		}
		Media []struct {
			Option struct {
				Legend struct{ Data []struct{ Name string } }
				Series []struct{ EndLabel struct{ Show *bool } }
			}
		}
	}
	if err := json.Unmarshal(options, &o); err != nil {
		t.Fatal(err)
	}
	if len(o.Series) != 11 || !o.Series[0].EndLabel.Show {
		t.Fatalf("%d series, the area's labelled: %v", len(o.Series), o.Series[0].EndLabel.Show)
	}
	first := o.Series[0]
	for _, s := range o.Series[1:] {
		if !s.EndLabel.Show || !strings.HasPrefix(s.EndLabel.Formatter.Label, s.Name+" ") || contrast(t, s.EndLabel.Color) < 4.5 || s.Z >= first.Z || s.LineStyle.Width >= first.LineStyle.Width || s.Symbol != "none" {
			t.Errorf("%s: %+v", s.Name, s)
		}
		if c := contrast(t, s.LineStyle.Color); c < 3 {
			t.Errorf("%s on white is %.2f to 1", s.LineStyle.Color, c)
		}
	}
	for i, s := range o.Media[0].Option.Series {
		if hidden := s.EndLabel.Show != nil && !*s.EndLabel.Show; hidden != (i > 0) {
			t.Errorf("on a phone line %d has a label: %v", i, !hidden)
		}
	}
	if l := o.Media[0].Option.Legend.Data; len(l) != 1 || l[0].Name != "Middlesbrough" {
		t.Errorf("legend %+v", l)
	}
}

// So many that their names would lie on each other go without.
func TestManyNeighboursGoUnnamed(t *testing.T) {
	p := each()
	p.Trend.Lines = append(p.Trend.Lines, p.Trend.Lines[1:4]...)
	options, err := chart.Options(p)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(options); strings.Contains(s, `"label":"Neighbour`) || !strings.Contains(s, `"label":"Middlesbrough`) {
		t.Error("thirteen lines of neighbours are named")
	}
}

// contrast is a colour's with white, as WCAG 2.2 works it out.
func contrast(t *testing.T, hex string) float64 {
	t.Helper()
	luminance := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		luminance += weight * c
	}
	return 1.05 / (luminance + 0.05)
}
