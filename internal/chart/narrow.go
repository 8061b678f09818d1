package chart

import (
	"bellwether/internal/dashboard"
)

// legendMark is the width of a legend's picture of a line, enough to show the
// dash, legendGap what parts two names and two rows.
const (
	legendMark = 34
	legendGap  = 10
	legendWide = 290 // the container's width on a phone 320 pixels wide
)

// narrowTrend is what changes in a narrow container: fewer ticks, smaller
// text, last figures at the lines' ends and names in a legend below.
func narrowTrend(t *dashboard.TrendPanel, y scale, before, after string) object {
	left := tickRoom(y, before, after, narrowText)
	return object{
		"query": object{"maxWidth": Breakpoint - 1},
		"option": object{
			"grid":   object{"left": left, "right": figureRoom(t), "top": 36, "bottom": 50 + trendLegend(t)},
			"legend": legend(entries(t), narrowText),
			"xAxis":  []object{narrowTimes(trendTicks(t, 5))},
			"yAxis": []object{{
				"nameTextStyle": object{"fontSize": narrowText, "padding": []int{0, 0, 0, -left}},
				"axisLabel":     object{"fontSize": narrowText},
			}},
			"series": narrowLines(t),
		},
	}
}

func narrowLines(t *dashboard.TrendPanel) []object {
	var lines []object
	if len(t.Band) > 0 {
		lines = append(lines, object{"id": rangeHigh, "endLabel": object{"show": false}})
	}
	_, late := splitEnds(t, endLabels(t))
	for i, text := range endFigures(t) {
		k, label := lineLook(t.Lines[i]), object{"show": false}
		if text != "" {
			label = object{"formatter": object{"$fmt": "end", "label": text}, "fontSize": narrowText, "lineHeight": narrowText + 2, "distance": 6}
		}
		if late[i] != "" {
			lines = append(lines, object{"id": endID(i), "endLabel": label})
			label = object{"show": false}
		}
		lines = append(lines, object{"id": lineID(i, t.Lines[i]), "endLabel": label, "symbolSize": max(0, k.size-2)})
	}
	if late[len(t.Lines)] != "" {
		lines = append(lines, object{"id": endID(len(t.Lines)), "endLabel": object{"show": false}})
	}
	return lines
}

// legend names lines by a picture of each, at the foot of a chart.
func legend(all []entry, size int) object {
	if len(all) == 0 {
		return object{"show": false}
	}
	data := make([]object, len(all))
	for i, e := range all {
		data[i] = object{"name": e.name}
		if e.icon != "" {
			data[i]["icon"] = e.icon
		}
		if e.icon == iconSolid || e.icon == iconDashed || e.icon == iconDotted {
			data[i]["itemStyle"] = object{"borderWidth": 0}
		}
	}
	return object{
		"show": true, "data": data, "left": 0, "right": 0, "bottom": 0, "orient": "horizontal",
		"selectedMode": false, "itemWidth": legendMark, "itemHeight": 12, "itemGap": legendGap, "padding": 0,
		"textStyle": object{"color": ink, "fontFamily": font, "fontSize": size, "lineHeight": size + 2},
	}
}

// legendHeight is what a legend takes in a chart that wide, wrapped.
func legendHeight(all []entry, width, size int) int {
	if len(all) == 0 {
		return 0
	}
	rows, x := 1, 0
	for _, e := range all {
		w := legendMark + 5 + textWidth(e.name, size)
		if x > 0 && x+w > width {
			rows, x = rows+1, 0
		}
		x += w + legendGap
	}
	return rows * (size + 2 + legendGap)
}

// entries are what the legend of a trend lists: all but the neighbours' own
// lines.
func entries(t *dashboard.TrendPanel) []entry {
	var all []entry
	for _, l := range t.Lines {
		if !behind(l) {
			all = append(all, entry{name: l.Name})
		}
	}
	if len(t.Band) > 0 {
		all = append(all, entry{t.BandName, "rect"})
	}
	return all
}

func trendLegend(t *dashboard.TrendPanel) int {
	return legendHeight(entries(t), legendWide, narrowText)
}

// endFigures are the last figure of each line, "" where another bears it.
func endFigures(t *dashboard.TrendPanel) []string {
	figures := make([]string, len(t.Lines))
	for i, label := range endLabels(t)[:len(t.Lines)] {
		if label != "" && !behind(t.Lines[i]) {
			figures[i] = last(t.Lines[i]).Text
		}
	}
	return figures
}

func figureRoom(t *dashboard.TrendPanel) int {
	var room int
	for _, text := range endFigures(t) {
		room = max(room, textWidth(text, narrowText))
	}
	return room + 16
}
