// Package dashboard turns a definition and a selection into a View: the
// panels, series, comparisons, sentences and warnings to show. It knows which
// figures a page needs and how they are worded. It refuses to know where
// figures are kept (Source is declared here and satisfied elsewhere) or how a
// View is laid out: page, chart, JSON and file all write the same View.
package dashboard

import (
	"context"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// Source is where figures are read, once a page.
type Source interface {
	Read(ctx context.Context, q stat.Query) (stat.Holding, error)
}

// Selection is what a reader chose; it is the whole query string.
type Selection struct {
	Area       string `json:"area"`       // code
	Neighbours string `json:"neighbours"` // model: "2025" or "2021"
	Show       string `json:"show"`       // "value" or "count"
	From       int    `json:"from,omitempty"`
	To         int    `json:"to,omitempty"`     // reporting years, 0 for all
	Period     string `json:"period,omitempty"` // ISO end date, "" for the latest; of Neighbours and Authorities
}

// View is one page, whole: nothing that lays it out works anything out.
type View struct {
	Name      string    `json:"name"`
	Title     string    `json:"title"`
	Lead      string    `json:"lead"` // one sentence below the title
	Path      string    `json:"path"` // "/dashboards/overview", "/measures/cla"
	Area      stat.Area `json:"area"`
	Selection Selection `json:"selection"`
	Models    []string  `json:"models"`            // neighbour models there are, latest first
	Periods   []Choice  `json:"periods,omitempty"` // that may be chosen, latest first; of Neighbours and Authorities
	Links     []Link    `json:"links,omitempty"`   // pages of the same measure
	Panels    []Panel   `json:"panels"`            // in order
	Warnings  []string  `json:"warnings"`          // of the whole page
	Sample    bool      `json:"sample"`            // sample figures are among those shown
	Version   int64     `json:"version"`           // of the data
}

// Choice is one value of a selection and how it is shown.
type Choice struct {
	Value string `json:"value"` // "2025-03-31"
	Label string `json:"label"` // "31 March 2025"
}

// Link leads to another page; the selection's query belongs after its Path.
type Link struct {
	Path string `json:"path"` // "/measures/cla/neighbours"
	Text string `json:"text"`
}

// Panel kinds.
const (
	Headline = "headline"
	Trend    = "trend"
	Bars     = "neighbours"
	Table    = "table"
	About    = "about"
)

// Panel is one thing to look at. Which of the pointers is set follows Kind; a
// chart's panel carries its Table too, so that it never stands alone.
type Panel struct {
	Kind     string       `json:"kind"`
	ID       string       `json:"id"`       // unique on the page: "cla-trend"
	Title    string       `json:"title"`    // active, ten words at most
	Subtitle string       `json:"subtitle"` // measure, place, period
	Sentence string       `json:"sentence"` // what it shows, in one sentence
	Source   string       `json:"source"`   // "DfE, October 2025; neighbours: 2025 model, unweighted mean"
	Measure  stat.Measure `json:"-"`
	Code     string       `json:"measure"`
	Unit     string       `json:"unit"`
	Warnings []string     `json:"warnings,omitempty"`

	Headline *HeadlinePanel `json:"headline,omitempty"`
	Trend    *TrendPanel    `json:"trend,omitempty"`
	Bars     *BarsPanel     `json:"bars,omitempty"`
	Table    *TablePanel    `json:"table,omitempty"`
	About    *AboutPanel    `json:"about,omitempty"`
}

// HeadlinePanel is one card.
type HeadlinePanel struct {
	Count      string                `json:"count"` // "493", "" where there is none
	Value      string                `json:"value"` // "138 per 10,000"
	AsOf       string                `json:"asOf"`  // "31 March 2025"
	Change     string                `json:"change"`
	Against    string                `json:"against"`    // "17.6 above the neighbours' mean of 120.4"
	Rank       string                `json:"rank"`       // "6th highest of 151"
	Latest     string                `json:"latest"`     // the council's own newer figure, "" for none
	Interval   string                `json:"interval"`   // 95%: "126.4 to 151.1", "" for none
	Verdict    string                `json:"verdict"`    // "higher than the neighbours' mean by more than chance would explain", "" for none
	Trend      string                `json:"trend"`      // "decreasing over the five years to 31 March 2025", "" where nothing is compared
	Crossed    string                `json:"crossed"`    // "below 500 children looked after for the first time in three years", "" for none
	Peak       string                `json:"peak"`       // "185 per 10,000 on 31 March 2020", "" for none
	Comparison *benchmark.Comparison `json:"comparison"` // unrounded
}

// Roles of a line, a bar or a row; a chart gives each its colour and dash.
const (
	RoleArea       = "area"
	RoleOwn        = "own" // the council's own newer figures
	RoleNeighbours = "neighbours"
	RoleNeighbour  = "neighbour" // one of the ten
	RoleRegion     = "region"
	RoleEngland    = "england"
)

// Point is one figure on a chart: nil Number breaks the line.
type Point struct {
	Period string   `json:"period"` // ISO end date
	Label  string   `json:"label"`  // "31 March 2025"
	Number *float64 `json:"number"` // unrounded where it was worked out
	Text   string   `json:"text"`   // as shown: "138", "120.4", "c"
	Mark   string   `json:"mark,omitempty"`
	Origin string   `json:"origin,omitempty"` // "DfE, cla_number…csv N123, November 2025"
}

// Line is one series.
type Line struct {
	Name   string  `json:"name"`
	Role   string  `json:"role"`
	Points []Point `json:"points"`
}

// BandPoint is the neighbours' range at one time.
type BandPoint struct {
	Period string   `json:"period"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
}

// TrendPanel is a chart over time: at most four lines and the own months.
type TrendPanel struct {
	Lines    []Line      `json:"lines"`
	Band     []BandPoint `json:"band,omitempty"`
	BandName string      `json:"bandName,omitempty"`
	Decimals int         `json:"decimals"`
}

// Bar is one area at one time.
type Bar struct {
	Code   string   `json:"code"`
	Name   string   `json:"name"`
	Role   string   `json:"role"`
	Number *float64 `json:"number"`
	Text   string   `json:"text"`
	Mark   string   `json:"mark,omitempty"`
}

// BarsPanel is the area, its ten neighbours and their comparators, highest
// first, those without a value last.
type BarsPanel struct {
	Bars     []Bar  `json:"bars"`
	Decimals int    `json:"decimals"`
	Period   string `json:"period"`
}

// TablePanel is the figures of a panel, as text that is also its download.
// Numbers go right; the first column heads the row.
type TablePanel struct {
	Caption string     `json:"caption"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
	Notes   []string   `json:"notes,omitempty"` // what the marks mean

	Mark int      `json:"mark"`           // index of the row of the chosen area, -1 for none
	Keys []string `json:"keys,omitempty"` // area code of each row, where rows are areas
	Sort []string `json:"sort,omitempty"` // what each column sorts as, SortNumber or SortText, "" for one that does not; empty where rows keep their order
}

// What a column of a table sorts as.
const (
	SortNumber = "number"
	SortText   = "text"
)

// AboutPanel defines a measure.
type AboutPanel struct {
	Facts [][2]string `json:"facts"` // heading and text
}
