package chart

import (
	"fmt"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"bellwether/internal/dashboard"
)

// splitEnds parts the labels, one a line and last the band's, into those at
// the end of the chart and those of lines that end before: there they would
// lie on what goes on, such as the council's own months.
func splitEnds(t *dashboard.TrendPanel, labels []string) (beside, late []string) {
	newest := latest(t)
	beside, late = slices.Clone(labels), make([]string, len(labels))
	for i, label := range labels {
		if at, _ := lastOf(t, i); label != "" && at < newest {
			beside[i], late[i] = "", label
		}
	}
	return beside, late
}

// latest is the time of the last figure of any line.
func latest(t *dashboard.TrendPanel) int64 {
	var at int64
	for i := range t.Lines {
		one, _ := lastOf(t, i)
		at = max(at, one)
	}
	return at
}

// lastOf is where a line, or after them the band, ends.
func lastOf(t *dashboard.TrendPanel, i int) (at int64, n float64) {
	if i < len(t.Lines) {
		if p := last(t.Lines[i]); p != nil {
			return midnight(p.Period), *p.Number
		}
		return 0, 0
	}
	for _, b := range slices.Backward(t.Band) {
		if b.Low != nil && b.High != nil {
			return midnight(b.Period), *b.High
		}
	}
	return 0, 0
}

// addEnds writes labels of lines that end early at the chart's end, each at
// the height of its line's last figure, by a series that is not seen. Its id,
// which begins with rangeHigh, keeps it from being read out.
func addEnds(line *charts.Line, v *visitor, t *dashboard.TrendPanel, labels []string) {
	_, end := trendEnds(t)
	for i, label := range labels {
		if label == "" {
			continue
		}
		at, n := lastOf(t, i)
		line.AddSeries("", []opts.LineData{{Value: []any{at, n}}, {Value: []any{end, n}}},
			charts.WithSeriesId(endID(i)), charts.WithLineChartOpts(opts.LineChart{Symbol: "none"}))
		shown := endLabel(label, false)
		if i < len(t.Lines) {
			shown = lineEnd(t.Lines[i], label)
		}
		v.series = append(v.series, series{
			Silent: true, Emphasis: object{"disabled": true}, LineStyle: object{"width": 0, "opacity": 0},
			EndLabel: shown, LabelLayout: object{"moveOverlap": "shiftY"},
		})
	}
}

func endID(i int) string { return fmt.Sprintf(rangeHigh+"-end-%d", i) }
