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
	Neighbours string `json:"neighbours"` // model "2025" or "2021", Region, or the name of a group of the council's own
	Show       string `json:"show"`       // "value" or "count"
	From       int    `json:"from,omitempty"`
	To         int    `json:"to,omitempty"`      // reporting years, 0 for all
	Period     string `json:"period,omitempty"`  // ISO end date, "" for the latest; of Neighbours and Authorities
	Since      string `json:"since,omitempty"`   // ISO date of the meeting that changes are told from, "" for none
	Project    int    `json:"project,omitempty"` // reporting year to project to, 0 for none
	Cadence    string `json:"cadence,omitempty"` // how often a scorecard is read, "" for as it says itself

	Axis      string `json:"axis,omitempty"`      // of line charts: AxisZero, AxisData, "" for what suits the figures
	Highlight string `json:"highlight,omitempty"` // code of a neighbour to bring out, "" for none
	Mine      string `json:"mine,omitempty"`      // IDs of panels gathered for a page of the reader's own, with commas between
}

// View is one page, whole: nothing that lays it out works anything out.
type View struct {
	Name      string    `json:"name"`
	Title     string    `json:"title"`
	Lead      string    `json:"lead"` // one sentence below the title
	Path      string    `json:"path"` // "/dashboards/overview", "/measures/cla"
	Area      stat.Area `json:"area"`
	Selection Selection `json:"selection"`
	Models    []Choice  `json:"models"`             // whom to compare with: models, latest first, the region's authorities, the council's own groups
	Meetings  []Choice  `json:"meetings,omitempty"` // latest first
	Periods   []Choice  `json:"periods,omitempty"`  // that may be chosen, latest first; of Neighbours and Authorities
	Cadences  []Choice  `json:"cadences,omitempty"` // how often a scorecard may be read
	Links     []Link    `json:"links,omitempty"`    // pages of the same measure

	Highlights []Choice `json:"highlights,omitempty"` // neighbours that charts here can bring out, by name
	Near       []string `json:"-"`                    // codes of the area and the closest it is compared with; of a measure's page
	Beside     *Beside  `json:"beside,omitempty"`     // of areas side by side
	Built      *Built   `json:"built,omitempty"`      // of a reader's own page

	Panels   []Panel   `json:"panels"`            // in order
	Missing  []Missing `json:"missing,omitempty"` // measures of a dashboard that nothing is held of
	Warnings []string  `json:"warnings"`          // of the whole page
	Sample   bool      `json:"sample"`            // sample figures are among those shown
	Drafts   []int64   `json:"drafts,omitempty"`  // imports, not published yet, whose figures are among those shown
	Version  int64     `json:"version"`           // of the data
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
	Control  = "control"        // an XmR chart
	Ahead    = "projection"     // what to expect of the coming years
	Shares   = "representation" // groups' shares of a measure against their shares of the population
	Parted   = "breakdown"      // a measure by the categories of one dimension
	Monthly  = "monthly"        // the last thirteen months beside those of the year before
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
	Axis     string       `json:"axis,omitempty"` // of a line chart, as the Selection has it

	Headline *HeadlinePanel `json:"headline,omitempty"`
	Trend    *TrendPanel    `json:"trend,omitempty"`
	Bars     *BarsPanel     `json:"bars,omitempty"`
	Table    *TablePanel    `json:"table,omitempty"`
	About    *AboutPanel    `json:"about,omitempty"`
	Control  *ControlPanel  `json:"control,omitempty"`
	Ahead    *AheadPanel    `json:"projection,omitempty"`
	Shares   *SharesPanel   `json:"representation,omitempty"`
	Parted   *PartedPanel   `json:"breakdown,omitempty"`

	Scorecard *ScorecardPanel `json:"scorecard,omitempty"`
	Moved     *MovedPanel     `json:"moved,omitempty"`
}

// HeadlinePanel is one card.
type HeadlinePanel struct {
	Count      string                `json:"count"` // "493", "" where there is none
	Value      string                `json:"value"` // "138 per 10,000"
	AsOf       string                `json:"asOf"`  // "31 March 2025"
	Change     string                `json:"change"`
	Against    string                `json:"against"`              // "17.6 above the neighbours' mean of 120.4"
	Rank       string                `json:"rank"`                 // "6th highest of 151"
	Latest     string                `json:"latest"`               // the council's own newer figure, "" for none
	Interval   string                `json:"interval"`             // 95%: "126.4 to 151.1", "" for none
	Verdict    string                `json:"verdict"`              // "higher than the neighbours' mean by more than chance would explain", "" for none
	Trend      string                `json:"trend"`                // "decreasing over the five years to 31 March 2025", "" where nothing is compared
	Crossed    string                `json:"crossed"`              // "below 500 children looked after for the first time in three years", "" for none
	Meeting    string                `json:"meeting"`              // "+12 children (+2.5%) since 31 March 2025, the latest figure by the meeting of 3 June 2025; rate +3", "" where none is chosen
	Peak       string                `json:"peak"`                 // "185 per 10,000 on 31 March 2020", "" for none
	Spark      []Point               `json:"spark,omitempty"`      // a small trend of the area alone, oldest first; none of fewer than two numbers
	SparkWords string                `json:"sparkWords,omitempty"` // the same in words: "118 in Mar 2016, 138 in Mar 2025"
	Freshness  *Freshness            `json:"freshness,omitempty"`
	Comparison *benchmark.Comparison `json:"comparison"` // unrounded
}

// Roles of a line, a bar or a row; a chart gives each its colour and dash.
const (
	RoleArea       = "area"
	RoleOwn        = "own" // the council's own newer figures
	RoleNeighbours = "neighbours"
	RoleNeighbour  = "neighbour" // one of the ten
	RoleBefore     = "before"    // the area itself, a year before
	RoleRegion     = "region"
	RoleEngland    = "england"
	RoleSecond     = "second" // areas side by side: the first is RoleArea
	RoleThird      = "third"
	RoleFourth     = "fourth"
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
	Code   string  `json:"code,omitempty"`   // of the area, where lines are areas
	Marked bool    `json:"marked,omitempty"` // the neighbour to bring out
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
	Marked bool     `json:"marked,omitempty"` // the neighbour to bring out
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
	Caption string       `json:"caption"`
	Columns []string     `json:"columns"`
	Rows    [][]string   `json:"rows"`
	Numbers [][]*float64 `json:"-"`               // of each cell, unrounded; nil where it is text. Of the shape of Rows, or nil where none are numbers
	Notes   []string     `json:"notes,omitempty"` // what the marks mean

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

// Variations of a point of a control chart.
const (
	CommonCause = "common"      // nothing but chance
	Improvement = "improvement" // special cause the good way
	Concern     = "concern"     // special cause the other way
	SpecialHigh = "high"        // special cause, neither way being good
	SpecialLow  = "low"
	TooEarly    = "early" // too few points since limits began anew to tell
)

// ControlPanel is an XmR chart of consecutive months, quarters or years.
type ControlPanel struct {
	Points    []ControlPoint   `json:"points"`   // oldest first
	Segments  []ControlSegment `json:"segments"` // at least one
	Target    *float64         `json:"target,omitempty"`
	Decimals  int              `json:"decimals"`
	Variation string           `json:"variation"` // of the latest point, one of the above
	Words     string           `json:"words"`     // what that means, in Making Data Count's words
	Assurance string           `json:"assurance"` // "" without a target
}

// ControlPoint is a figure and what the rules say of it.
type ControlPoint struct {
	Point
	Variation string `json:"variation"`
	Cause     string `json:"cause,omitempty"` // the rule, in words
}

// ControlSegment is a stretch with limits of its own, as much of it as is
// shown; its mean and limits come of all its points.
type ControlSegment struct {
	From   string   `json:"from"` // ISO end date of its first period shown
	To     string   `json:"to"`
	Mean   float64  `json:"mean"`
	Lower  *float64 `json:"lower"`            // nil, as Upper, of too few points; never below 0, which no figure can be
	Upper  *float64 `json:"upper"`            // of a percentage never above 100
	Reason string   `json:"reason,omitempty"` // why the limits begin anew, "" for the first
	By     string   `json:"by,omitempty"`
}

// AheadPanel is a projection: the past, what the coming years may bring, and
// what was projected before beside what happened.
type AheadPanel struct {
	Past     Line        `json:"past"`
	Ahead    []Projected `json:"ahead"`  // at least one
	Before   []Projected `json:"before"` // kept, or worked out again from the figures of the time; oldest first
	Decimals int         `json:"decimals"`
	Method   string      `json:"method"` // in words
}

// Projected is one year's projection.
type Projected struct {
	Period  string   `json:"period"` // ISO end date
	Label   string   `json:"label"`
	Number  *float64 `json:"number"`
	Lower   *float64 `json:"lower"`
	Upper   *float64 `json:"upper"`
	Text    string   `json:"text"`     // "131"
	Range   string   `json:"interval"` // "112 to 150"
	Made    string   `json:"made"`     // "from figures to 31 March 2022", or by whom and when it was kept
	Kept    bool     `json:"kept"`
	Note    string   `json:"note,omitempty"`
	Actual  *float64 `json:"actual,omitempty"`
	Outcome string   `json:"outcome,omitempty"` // "138, inside the range", "" while not known
}

// SharesPanel sets each group's share of a measure beside its share of the
// population.
type SharesPanel struct {
	Dimension string  `json:"dimension"` // "ethnicity"
	Period    string  `json:"period"`
	Groups    []Share `json:"groups"`
}

// Share is one group's. Shares are percentages; Ratio is one of the two by the
// other, nil where it cannot be told.
type Share struct {
	Name       string   `json:"name"`
	Count      string   `json:"count"` // as shown, a mark's letter where it is one
	Of         *float64 `json:"share"` // of the measure
	Population *float64 `json:"population"`
	Ratio      *float64 `json:"ratio"`
	Lower      *float64 `json:"lower"` // 95% interval of Ratio
	Upper      *float64 `json:"upper"`
	Words      string   `json:"words"` // "over-represented", …
}

// Region is the choice of comparing with the other authorities of the region.
const Region = "region"

// PartedPanel is a measure by the categories of one dimension over time: a
// small chart for each, and a table shaded by how much.
type PartedPanel struct {
	Dimension string     `json:"dimension"` // "placement type"; of areas within the authority, their level: "ward"
	Heads     []string   `json:"heads"`     // of the columns of the table, the latest thirteen periods, oldest first: "Sep 2026"
	Parts     []Part     `json:"parts"`     // at least two, in the order they are read
	Total     []HeatCell `json:"total"`     // as the publisher gives it, one for each of Heads; nil where none is held
	Decimals  int        `json:"decimals"`
}

// Part is one category, or one area.
type Part struct {
	Name   string     `json:"name"`
	Points []Point    `json:"points"` // of every period held, the same ones for all parts; nil Number breaks the line
	Cells  []HeatCell `json:"cells"`  // one for each of Heads
	Share  string     `json:"share"`  // of the latest total: "44.8%", "" where it cannot be told
}

// HeatCell is one figure of the table. Shade goes from 1 to HeatShades by how
// much it is of the highest of all parts; 0 is none, or no number.
type HeatCell struct {
	Text  string `json:"text"`
	Shade int    `json:"shade"`
}

// HeatShades is how many shades there are.
const HeatShades = 5
