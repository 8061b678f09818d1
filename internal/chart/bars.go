package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"bellwether/internal/dashboard"
)

// Pixels a bar takes, and above and below all of them.
const (
	barStep    = 30
	barsTop    = 8
	barsBottom = 12
)

// bars are horizontal, from zero, in the panel's order from the top; what has
// no value is listed with its mark.
func bars(p dashboard.Panel) (object, error) {
	b := p.Bars
	var low, high float64
	var any bool
	for _, bar := range b.Bars {
		if n := bar.Number; number(n) != nil {
			low, high, any = math.Min(low, *n), math.Max(high, *n), true
		}
	}
	if !any {
		return nil, ErrNoFigures
	}
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false), charts.WithAriaOpts(aria(p)))
	names := make([]object, len(b.Bars))
	data := make([]opts.BarData, len(b.Bars))
	for i, x := range b.Bars {
		names[i], data[i] = barName(x), barData(i, x)
	}
	bar.AddSeries(p.Title, data, charts.WithSeriesId("bars"), charts.WithBarChartOpts(opts.BarChart{BarWidth: "66%"}))
	_, after := sign(p)
	v := &visitor{series: []series{{Emphasis: object{"disabled": true}, Label: barLabel(wideText)}}}
	v.axes(lengthAxis(low, high), nameAxis(names, 230))
	v.common = object{
		"grid":    barsGrid(b, wideText, 230),
		"legend":  object{"show": false},
		"tooltip": tooltip("item", object{"$fmt": "barTip", "after": after}),
		"media":   []object{narrowBars(b)},
	}
	bar.XYReversal()
	bar.SetXAxis(names)
	bar.Validate()
	bar.Accept(v)
	return bar.JSON(), nil
}

// barName is a category: the name, with the mark in brackets where there is
// no value, as official statistics write it.
func barName(b dashboard.Bar) object {
	name := object{"value": b.Name}
	if b.Number == nil {
		name["value"] = b.Name + " [" + b.Text + "]"
	}
	if b.Role == dashboard.RoleArea || b.Marked {
		name["textStyle"] = object{"fontWeight": "bold"}
	}
	return name
}

// barData is a bar: value is [number, position, text as shown]. Comparators
// are outlined, since they are no area of their own.
func barData(i int, b dashboard.Bar) opts.BarData {
	k := lookOf(b.Role)
	style := &opts.ItemStyle{Color: k.colour}
	if k.open {
		style = &opts.ItemStyle{Color: white, BorderColor: k.colour, BorderWidth: 2}
	}
	d := opts.BarData{Value: []any{number(b.Number), i, b.Text}, ItemStyle: style}
	if b.Role == dashboard.RoleNeighbour {
		d.Name = b.Name // mark.js marks what has a name of its own
	}
	if b.Role == dashboard.RoleArea {
		d.Label = &opts.Label{FontWeight: "bold"}
	}
	if b.Marked {
		d.ItemStyle, d.Label = &opts.ItemStyle{Color: markColour}, &opts.Label{FontWeight: "bold", Color: markColour}
	}
	return d
}

func barLabel(size int) object {
	return object{"show": true, "position": "right", "distance": 6, "formatter": object{"$fmt": "bar"}, "color": ink, "fontFamily": font, "fontSize": size}
}

func lengthAxis(low, high float64) object {
	return object{
		"type": "value", "min": low, "max": high,
		"axisLabel": object{"show": false}, "axisTick": object{"show": false}, "axisLine": object{"show": false}, "splitLine": object{"show": false},
	}
}

func nameAxis(names []object, room int) object {
	return object{
		"type": "category", "inverse": true, "data": names,
		"axisLine":  object{"show": true, "onZero": true, "lineStyle": object{"color": edge, "width": 1}},
		"axisTick":  object{"show": false},
		"axisLabel": object{"interval": 0, "color": ink, "fontFamily": font, "fontSize": wideText, "margin": 10, "width": room, "overflow": "break"},
	}
}

func barsGrid(b *dashboard.BarsPanel, size, most int) object {
	var left, right int
	for _, x := range b.Bars {
		left = max(left, min(textWidth(barName(x)["value"].(string), size)+18, most+12))
		right = max(right, textWidth(x.Text, size)+16)
	}
	return object{"left": left, "right": right, "top": barsTop, "bottom": barsBottom, "outerBoundsMode": "none"}
}

func narrowBars(b *dashboard.BarsPanel) object {
	const room = 140
	return object{
		"query": object{"maxWidth": Breakpoint - 1},
		"option": object{
			"grid":   barsGrid(b, narrowText, room),
			"yAxis":  []object{{"axisLabel": object{"fontSize": narrowText, "width": room}}},
			"series": []object{{"id": "bars", "label": object{"fontSize": narrowText}}},
		},
	}
}
