package chart

import (
	"slices"
	"time"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// timeAxis has its ticks where the figures are, since a year's figure stands
// at 31 March and not at a round date.
func timeAxis(from, to int64, ticks []int64) object {
	return object{
		"type": "time", "min": from, "max": to,
		"axisLine":  object{"show": true, "onZero": false, "lineStyle": object{"color": edge, "width": 1}},
		"axisTick":  object{"show": true, "customValues": ticks, "length": 5, "lineStyle": object{"color": edge}},
		"axisLabel": object{"customValues": ticks, "formatter": object{"$fmt": "month"}, "color": ink, "fontFamily": font, "fontSize": wideText, "lineHeight": wideText + 2, "hideOverlap": true, "showMinLabel": true, "showMaxLabel": true},
		"splitLine": object{"show": false},
	}
}

// narrowTimes is what a time axis changes in a narrow container.
func narrowTimes(ticks []int64) object {
	return object{
		"axisTick":  object{"customValues": ticks},
		"axisLabel": object{"customValues": ticks, "fontSize": narrowText, "lineHeight": narrowText + 2},
	}
}

// trendTimes is the axis of a trend, with at most a number of ticks.
func trendTimes(t *dashboard.TrendPanel, most int) object {
	from, to := trendEnds(t)
	return timeAxis(from, to, trendTicks(t, most))
}

func trendTicks(t *dashboard.TrendPanel, most int) []int64 {
	from, to := trendEnds(t)
	published := moments(t.Lines, func(l dashboard.Line) bool { return l.Role != dashboard.RoleOwn })
	return thinned(published, moments(t.Lines, nil), from, to, most)
}

func trendEnds(t *dashboard.TrendPanel) (from, to int64) {
	ends := moments(t.Lines, nil)
	for _, b := range t.Band {
		ends = append(ends, midnight(b.Period))
	}
	from, to = slices.Min(ends), slices.Max(ends)
	if from == to { // a lone figure stands in the middle of a year
		from, to = from-year/2, to+year/2
	}
	return from, to
}

// thinned are the dates to mark, out of all: the last of them and, going back,
// those about a most-th of the axis apart, over more than three years of
// its month only; and the end of all where it is as far on.
func thinned(dates, all []int64, from, to int64, most int) []int64 {
	if len(dates) == 0 {
		dates = all
	}
	gap := (to-from)/int64(most) - week // years are not all as long
	end := dates[len(dates)-1]
	kept := []int64{end}
	for _, d := range slices.Backward(dates) {
		if kept[len(kept)-1]-d >= gap && (sameMonth(d, end) || to-from < 3*year) {
			kept = append(kept, d)
		}
	}
	slices.Reverse(kept)
	if own := all[len(all)-1]; own-end >= gap {
		kept = append(kept, own)
	}
	return kept
}

// Lengths in milliseconds.
const (
	day  = 24 * int64(time.Hour/time.Millisecond)
	week = 7 * day
	year = 365 * day
)

func sameMonth(a, b int64) bool {
	return time.UnixMilli(a).UTC().Month() == time.UnixMilli(b).UTC().Month()
}

// moments are the times of the lines that want keeps, each once, in order.
func moments(lines []dashboard.Line, want func(dashboard.Line) bool) []int64 {
	var out []int64
	for _, l := range lines {
		if want != nil && !want(l) {
			continue
		}
		for _, p := range l.Points {
			out = append(out, midnight(p.Period))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// midnight is a day's start in milliseconds UTC, as a time axis counts.
func midnight(iso string) int64 {
	d, err := stat.ParseDate(iso)
	if err != nil {
		return 0
	}
	return d.Time().UnixMilli()
}
