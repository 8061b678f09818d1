package chart_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// placements is children looked after by placement type over four months, the
// second of them withheld for one type and the third missing for another.
func placements(parts int) dashboard.Panel {
	p := dashboard.Panel{
		Kind: dashboard.Parted, ID: "cla-breakdown-placement-type", Title: "Children looked after by placement type", Subtitle: "number",
		Sentence: "Most were with foster carers.", Unit: stat.Number.Words(), Parted: &dashboard.PartedPanel{Dimension: "placement type"},
	}
	for i := range parts {
		part := dashboard.Part{Name: fmt.Sprintf("Placed with a foster carer of kind %d who is not a relative", i)}
		for month, day := range []string{"2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30"} {
			part.Points = append(part.Points, point(day, float64(200-10*i+month), 0))
		}
		p.Parted.Parts = append(p.Parted.Parts, part)
	}
	first := &p.Parted.Parts[0].Points[1]
	first.Number, first.Text, first.Mark = nil, "c", "c"
	return p
}

// Each part has a chart of its own, all on one axis from zero, as many as
// there is room for.
func TestMultiples(t *testing.T) {
	for parts, charts := range map[int]int{2: 2, 6: 6, 20: 12} {
		p := placements(parts)
		options, err := chart.Options(p)
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Grid  []struct{ Top, Height int }
			XAxis []struct {
				GridIndex int
				Min, Max  float64
			}
			YAxis []struct {
				GridIndex int
				Name      string
				Min, Max  float64
			}
			Series []struct{ XAxisIndex, YAxisIndex int }
		}
		if err := json.Unmarshal(options, &d); err != nil {
			t.Fatal(err)
		}
		if len(d.Grid) != charts || len(d.XAxis) != charts || len(d.YAxis) != charts || len(d.Series) != charts {
			t.Fatalf("%d parts: %d grids, %d and %d axes, %d series", parts, len(d.Grid), len(d.XAxis), len(d.YAxis), len(d.Series))
		}
		for i := range charts {
			if d.XAxis[i].GridIndex != i || d.YAxis[i].GridIndex != i || d.Series[i].XAxisIndex != i || d.Series[i].YAxisIndex != i {
				t.Errorf("chart %d is drawn elsewhere: %+v", i, d.Series[i])
			}
			if d.YAxis[i].Min != 0 || d.YAxis[i].Max != d.YAxis[0].Max || d.XAxis[i] != (struct {
				GridIndex int
				Min, Max  float64
			}{i, d.XAxis[0].Min, d.XAxis[0].Max}) {
				t.Errorf("chart %d has axes of its own: %+v %+v", i, d.XAxis[i], d.YAxis[i])
			}
			if last := d.Grid[len(d.Grid)-1]; last.Top+last.Height > chart.Height(p, chart.Wide) {
				t.Errorf("the last chart lies below the picture: %+v", last)
			}
			if strings.Count(d.YAxis[i].Name, "\n") > 1 {
				t.Errorf("%q has too many lines", d.YAxis[i].Name)
			}
		}
	}
}

// A mark breaks the line and is said; a part without any number has a chart
// with no line.
func TestMultiplesBreak(t *testing.T) {
	p := placements(3)
	for i := range p.Parted.Parts[1].Points {
		p.Parted.Parts[1].Points[i].Number = nil
	}
	d := read(t, p)
	if got := d.Series[0].Data[1].Value; got[1] != nil || got[2] != "c" {
		t.Errorf("%v", got)
	}
	if !chart.Drawn(p) || slices.ContainsFunc(d.Series[1].Data, func(x struct {
		Name  string
		Value []any
	}) bool {
		return x.Value[1] != nil
	}) {
		t.Errorf("%+v", d.Series[1])
	}
	for i := range p.Parted.Parts {
		p.Parted.Parts[i].Points = p.Parted.Parts[i].Points[:1]
	}
	if chart.Drawn(p) {
		t.Error("one period is drawn as a line")
	}
}
