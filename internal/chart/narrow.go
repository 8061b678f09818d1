package chart

import (
	"bellwether/internal/dashboard"
)

// legendStep is the height of a row of the legend, legendMark the width of its
// picture of a line, enough to show the dash, legendGap what parts two names.
const (
	legendStep = 26
	legendMark = 34
	legendGap  = 10
	legendWide = 290 // the container's width on a phone 320 pixels wide
)

// narrowTrend is what changes in a narrow container: fewer ticks, smaller
// text, last figures at the lines' ends and names in a legend below.
func narrowTrend(t *dashboard.TrendPanel, y scale, before, after string) object {
	left := tickRoom(y, before, after, narrowText)
	ticks := timeAxis(t, 5)["axisTick"].(object)["customValues"]
	return object{
		"query": object{"maxWidth": Breakpoint - 1},
		"option": object{
			"grid":   object{"left": left, "right": figureRoom(t), "top": 36, "bottom": 50 + legendHeight(t)},
			"legend": legend(t),
			"xAxis": []object{{
				"axisTick":  object{"customValues": ticks},
				"axisLabel": object{"customValues": ticks, "fontSize": narrowText, "lineHeight": narrowText + 2},
			}},
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
	for i, text := range endFigures(t) {
		k := lookOf(t.Lines[i].Role)
		if t.Lines[i].Role == dashboard.RoleNeighbour {
			k = thin
		}
		label := object{"show": false}
		if text != "" {
			label = object{"formatter": object{"$fmt": "end", "label": text}, "fontSize": narrowText, "lineHeight": narrowText + 2, "distance": 6}
		}
		lines = append(lines, object{"id": lineID(i, t.Lines[i]), "endLabel": label, "symbolSize": max(0, k.size-2)})
	}
	return lines
}

func legend(t *dashboard.TrendPanel) object {
	var entries []object
	for _, name := range named(t) {
		entries = append(entries, object{"name": name})
	}
	if len(t.Band) > 0 {
		entries = append(entries, object{"name": t.BandName, "icon": "rect"})
	}
	return object{
		"show": true, "data": entries, "left": 0, "right": 0, "bottom": 0, "orient": "horizontal",
		"selectedMode": false, "itemWidth": legendMark, "itemHeight": 12, "itemGap": legendGap, "padding": 0,
		"textStyle": object{"color": ink, "fontFamily": font, "fontSize": narrowText, "lineHeight": legendStep - legendGap},
	}
}

// named are the lines that the legend lists: all but the neighbours' own.
func named(t *dashboard.TrendPanel) []string {
	var names []string
	for _, l := range t.Lines {
		if l.Role != dashboard.RoleNeighbour {
			names = append(names, l.Name)
		}
	}
	return names
}

// legendHeight is what the legend takes in a narrow chart, wrapped.
func legendHeight(t *dashboard.TrendPanel) int {
	names := named(t)
	if len(t.Band) > 0 {
		names = append(names, t.BandName)
	}
	rows, x := 1, 0
	for _, n := range names {
		w := legendMark + 5 + textWidth(n, narrowText)
		if x > 0 && x+w > legendWide {
			rows, x = rows+1, 0
		}
		x += w + legendGap
	}
	return rows * legendStep
}

// endFigures are the last figure of each line, "" where another bears it.
func endFigures(t *dashboard.TrendPanel) []string {
	figures := make([]string, len(t.Lines))
	for i, label := range endLabels(t)[:len(t.Lines)] {
		if label != "" {
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
