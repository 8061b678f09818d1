// Package chart turns a panel that is a chart into ECharts options, and options
// into an SVG. It knows how a role looks and where a label finds room. It
// refuses to know what the figures mean: names, texts and order are the
// panel's.
package chart

import (
	"encoding/json"
	"errors"
	"fmt"

	"bellwether/internal/dashboard"
)

// The widths in pixels a page has drawn on the server, for a wide and a
// narrow container. Options hold for both: below Breakpoint the names of
// lines stand in a legend under the chart, from there up at the lines' ends.
const (
	Wide       = 960
	Narrow     = 340
	Breakpoint = 640
)

// ErrNoFigures says that a panel has no number to draw; show its table alone.
var ErrNoFigures = errors.New("no figures to draw")

// Options are the ECharts options of a panel that is Drawn as JSON, safe in a
// <script type="application/json">. Functions are named, {"$fmt": "number"},
// and looked up by draw.js. The error is ErrNoFigures where no point has a
// number.
func Options(p dashboard.Panel) (json.RawMessage, error) {
	chart, err := build(p)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", p.ID, err)
	}
	options, err := json.Marshal(chart)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", p.ID, err)
	}
	return options, nil
}

func build(p dashboard.Panel) (object, error) {
	switch {
	case p.Trend != nil:
		return trend(p)
	case p.Bars != nil:
		return bars(p)
	case p.Shares != nil:
		return shares(p)
	case p.Parted != nil:
		return multiples(p)
	}
	c, err := plotted(p)
	if err != nil {
		return nil, err
	}
	return c.options(p), nil
}

func plotted(p dashboard.Panel) (*plot, error) {
	switch {
	case p.Control != nil:
		return control(p)
	case p.Ahead != nil:
		return ahead(p)
	}
	return nil, fmt.Errorf("a panel of kind %q is not a chart", p.Kind)
}

// Drawn reports whether a panel is one that Options and SVG draw.
func Drawn(p dashboard.Panel) bool {
	return p.Trend != nil || p.Bars != nil || p.Control != nil || p.Ahead != nil || p.Shares != nil || p.Parted != nil && p.Parted.Charted()
}

// Height is the height in pixels that suits a panel at a width.
func Height(p dashboard.Panel, width int) int {
	switch {
	case p.Bars != nil:
		return len(p.Bars.Bars)*barStep + barsTop + barsBottom
	case p.Shares != nil:
		return pairsHeight(p, width)
	case p.Parted != nil:
		return multiplesHeight(p, width)
	case p.Trend != nil && width < Breakpoint:
		return 290 + trendLegend(p.Trend)
	}
	if c, err := plotted(p); err == nil {
		return c.height(width)
	}
	return 420
}

// object is a part of options that go-echarts has no type for.
type object = map[string]any
