package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"bellwether/internal/dashboard"
)

// visitor adds to go-echarts' options what it has no type for: labels at
// lines' ends, dashes by length, axes with their own ticks, media queries.
type visitor struct {
	charts.BaseConfigurationVisitor
	x, y   object
	series []series // in the order they were added to the chart
	common object
}

// series is go-echarts' with what it lacks; a field here wins over the one of
// the same name there.
type series struct {
	charts.SingleSeries
	Z             int    `json:"z,omitempty"`
	Silent        bool   `json:"silent,omitempty"`
	StackStrategy string `json:"stackStrategy,omitempty"`
	LineStyle     object `json:"lineStyle,omitempty"`
	AreaStyle     object `json:"areaStyle,omitempty"`
	Label         object `json:"label,omitempty"`
	EndLabel      object `json:"endLabel,omitempty"`
	LabelLayout   object `json:"labelLayout,omitempty"`
	Emphasis      object `json:"emphasis,omitempty"`
	LineEvents    bool   `json:"triggerLineEvent,omitempty"` // mark.js marks what answers to clicks

	BarGap         string `json:"barGap,omitempty"`
	BarCategoryGap string `json:"barCategoryGap,omitempty"`
}

func (v *visitor) axes(x, y object) { v.x, v.y = x, y }

// VisitSeriesOpt joins go-echarts' series with what was added to them.
func (v *visitor) VisitSeriesOpt(all charts.MultiSeries) any {
	for i := range v.series {
		v.series[i].SingleSeries = all[i]
	}
	return v.series
}

// VisitXAxis and VisitYAxis put in the axes that were built here.
func (v *visitor) VisitXAxis([]opts.XAxis) any { return []object{v.x} }
func (v *visitor) VisitYAxis([]opts.YAxis) any { return []object{v.y} }

// Visit comes last: it drops what is empty and adds what all charts share.
func (v *visitor) Visit(chart map[string]any) {
	delete(chart, "title")
	delete(chart, "toolbox")
	delete(chart, "color")
	chart["useUTC"] = true
	chart["textStyle"] = object{"fontFamily": font, "color": ink}
	for k, part := range v.common {
		chart[k] = part
	}
}

// aria names the live chart to a screen reader; the picture has the same
// words as its title and description.
func aria(p dashboard.Panel) *opts.Aria {
	return &opts.Aria{Enabled: opts.Bool(true), Label: &opts.AriaLabel{Enabled: opts.Bool(true), Description: p.Title + ". " + p.Sentence}}
}

// tooltip is drawn as SVG text: the HTML one needs inline styles, which the
// content security policy forbids.
func tooltip(trigger string, formatter object) object {
	return object{
		"trigger": trigger, "renderMode": "richText", "confine": true, "formatter": formatter,
		"backgroundColor": white, "borderColor": ink, "borderWidth": 1, "padding": []int{8, 12},
		"textStyle":          object{"color": ink, "fontFamily": font, "fontSize": narrowText, "lineHeight": 20},
		"axisPointer":        object{"type": "line", "lineStyle": object{"color": edge, "width": 1, "type": "solid"}},
		"transitionDuration": 0,
	}
}

func valueAxis(s scale, name, before, after string) object {
	return object{
		"type": "value", "min": s.Min, "max": s.Max, "interval": s.Step,
		"name": name, "nameLocation": "end", "nameGap": 16,
		"nameTextStyle": object{"align": "left", "color": quiet, "fontFamily": font, "fontSize": wideText, "padding": []int{0, 0, 0, -tickRoom(s, before, after, wideText)}},
		"axisLabel":     object{"formatter": object{"$fmt": "number", "decimals": s.Decimals, "before": before, "after": after}, "color": ink, "fontFamily": font, "fontSize": wideText, "margin": 8},
		"axisLine":      object{"show": false}, "axisTick": object{"show": false},
		"splitLine": object{"lineStyle": object{"color": rule, "width": 1}},
	}
}
