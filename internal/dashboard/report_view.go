package dashboard

import (
	"encoding/json"

	"bellwether/internal/stat"
)

// ReportSelection is what a report is made for.
type ReportSelection struct {
	Area       string // code, number or name; "" for home
	Neighbours string // "" for DefaultModel
	AsOf       string // ISO day the figures are for; "" for today. Only releases known by then count
	Dated      string // ISO day of the report itself; "" for today
	By         string // its author
}

// Report is a council report, whole: nothing that lays it out works anything
// out. Its JSON is what an issue freezes.
type Report struct {
	Name      string          `json:"name"`
	Title     string          `json:"title"`
	Audience  string          `json:"audience"` // "Council"
	Area      stat.Area       `json:"area"`
	AsOf      string          `json:"asOf"`  // ISO
	Dated     string          `json:"dated"` // ISO
	By        string          `json:"by"`
	Number    int64           `json:"number,omitempty"` // of the issue; 0 for a draft
	Selection Selection       `json:"selection"`
	Model     string          `json:"model"` // whom it compares with, in words
	Sections  []ReportSection `json:"sections"`
	Figures   []ReportFigure  `json:"figures"` // every figure it rests on, in key order
	Before    *Predecessor    `json:"before,omitempty"`
	Briefing  []Question      `json:"briefing"` // printed apart from the report
	Models    []Choice        `json:"-"`        // whom else it could compare with
	Meetings  []Choice        `json:"-"`        // of the council, the latest first
	Version   int64           `json:"-"`        // of the data

	Unpublished []int64 `json:"-"` // see Drafts
}

// Section kinds of a report's definition.
const (
	SectionHeadline    = "headline"    // count, rate and date of each measure, as a list
	SectionChange      = "change"      // since the last report, in twelve months, in five years
	SectionNeighbours  = "neighbours"  // against neighbours, region and England
	SectionChart       = "chart"       // trend panels
	SectionTable       = "table"       // table panels
	SectionScorecard   = "scorecard"   // a scorecard by name
	SectionCommentary  = "commentary"  // what officers write, by heading
	SectionDefinitions = "definitions" // and sources
	SectionQuality     = "quality"     // every warning, once
)

// ReportSection is one heading with what stands below it.
type ReportSection struct {
	Kind       string          `json:"kind"`
	Heading    string          `json:"heading"`
	Paragraphs []string        `json:"paragraphs,omitempty"` // numbered through the report
	Panels     []Panel         `json:"panels,omitempty"`     // charts with their tables, tables
	Comments   []ReportComment `json:"comments,omitempty"`
	Notes      []string        `json:"notes,omitempty"`
	Empty      string          `json:"empty,omitempty"` // why there is nothing, where there is not
}

// ReportComment is what an officer wrote below a heading.
type ReportComment struct {
	Head  string `json:"head"` // "Fostering and Adoption"
	Text  string `json:"text"` // plain; "" while nobody has written
	By    string `json:"by,omitempty"`
	At    string `json:"at,omitempty"` // "21 November 2026"
	Flags []Flag `json:"-"`            // for the author, never printed
}

// Flag is a claim of a text that the figures do not bear out.
type Flag struct {
	Quote string `json:"quote"` // "numbers reducing"
	Why   string `json:"why"`   // "Children looked after rose by 18% over twelve months (377 to 444)."
}

// ReportFigure is one figure a report rests on, as it stood.
type ReportFigure struct {
	Measure   string    `json:"measure"`
	Area      string    `json:"area"`
	Period    string    `json:"period"` // as stat.Period.String has it
	Label     string    `json:"label"`
	Breakdown string    `json:"breakdown,omitempty"`
	Part      stat.Part `json:"part"`
	Publisher string    `json:"publisher"`
	Number    *float64  `json:"number"` // nil for a mark
	Text      string    `json:"text"`   // as shown in the report
	Derived   bool      `json:"derived,omitempty"`
	Released  string    `json:"released"`
	File      string    `json:"file"`
	At        string    `json:"at"`
}

// Revision is a figure of an issued report that has since been said otherwise.
type Revision struct {
	ReportFigure
	Name     string `json:"name"` // of the measure
	Now      string `json:"now"`  // as it would be shown today, "withdrawn" where it is no longer held
	NowFrom  string `json:"nowFrom"`
	Revealed string `json:"released,omitempty"` // release it comes from
}

// Predecessor is the last issue of the same report before this one.
type Predecessor struct {
	Number int64    `json:"number"`
	Dated  string   `json:"dated"`
	AsOf   string   `json:"asOf"`
	Moved  []string `json:"moved"` // sentences, most notable first; each says whether chance explains it
	Noise  []string `json:"noise"`
	Stale  []Flag   `json:"stale"` // where its text no longer holds
}

// Question is one that scrutiny will ask, with the figures that answer it.
type Question struct {
	Measure string `json:"measure,omitempty"`
	Text    string `json:"text"`
	Answer  string `json:"answer"`
	Asked   string `json:"asked,omitempty"` // "at the meeting of 3 June 2025": left open then
	Known   bool   `json:"known"`           // false where the figures held cannot answer it
}

// Marshal is the report as an issue freezes it: the same report gives the same
// bytes.
func (r *Report) Marshal() ([]byte, error) { return json.Marshal(r) }
