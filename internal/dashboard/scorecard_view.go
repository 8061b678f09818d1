package dashboard

// Scorecard is the kind of the panel that a definition's rows make.
const Scorecard = "scorecard"

// ScorecardPanel is measures down, each against its target, its own past and
// the others. It is laid out from Rows; the panel's Table says the same in
// text and is its download.
type ScorecardPanel struct {
	Cadence  string         `json:"cadence"`  // "month", "six weeks", "quarter" or "year"
	Since    string         `json:"since"`    // what previous means, in words: "the latest figure of at least six weeks before"
	Comments string         `json:"comments"` // the Place of its commentary: "scorecard/corporate-parenting"
	Rows     []ScorecardRow `json:"rows"`     // in order; those of a section stand together
}

// ScorecardRow is one measure.
type ScorecardRow struct {
	Section string `json:"section,omitempty"`
	Ref     string `json:"ref,omitempty"` // "CP1"
	Head    string `json:"head"`          // the Head of its commentary, unique on the scorecard
	Measure string `json:"measure"`       // code
	Name    string `json:"name"`
	Path    string `json:"path"` // "/measures/cla"
	Unit    string `json:"unit"`
	Good    string `json:"good"`   // "high", "low", "range" or "none"
	GoodIs  string `json:"goodIs"` // "low", "between 15% and 20%", "neither high nor low"

	Target   Target         `json:"target"`
	Previous ScorecardPoint `json:"previous"`
	Current  ScorecardPoint `json:"current"`
	Travel   Travel         `json:"travel"`
	Rating   Rating         `json:"rating"`
	Series   []Point        `json:"series"` // up to and with Current, oldest first; a gap has no Number

	Neighbours Comparator `json:"neighbours"` // their mean
	Region     Comparator `json:"region"`
	England    Comparator `json:"england"`

	Comment  *Remark  `json:"comment,omitempty"`
	Flags    []string `json:"flags,omitempty"` // for whoever keeps the scorecard: what does not agree
	Decimals int      `json:"decimals"`
}

// ScorecardPoint is a figure with its period and whose it is. Text is in the
// measure's unit: "138 per 10,000", "20.5%", or a mark's letter; "" for none.
type ScorecardPoint struct {
	Point
	Bare      string `json:"bare"`                // the number alone: "138"
	Of        string `json:"of,omitempty"`        // "82 of 400", of a percentage with its count and denominator
	Publisher string `json:"publisher,omitempty"` // "the council's own", "DfE"
}

// Who sets a target.
const (
	LocalTarget    = "local"
	NationalTarget = "national"
)

// Target is what a figure is meant to be. Lower and Upper are its bounds, the
// one that is not there nil; a target that rests on others' figures has none
// while those are not known.
type Target struct {
	Words     string   `json:"words"`        // "at most 480", "between 15% and 20%", "below the neighbours' mean of 120.4 (31 March 2025)", "" for none
	By        string   `json:"by,omitempty"` // LocalTarget, NationalTarget or ""
	ByWords   string   `json:"byWords,omitempty"`
	Lower     *float64 `json:"lower"`
	Upper     *float64 `json:"upper"`
	Strict    bool     `json:"strict"`              // the bound itself does not meet it: "below", "above"
	Tolerance *float64 `json:"tolerance,omitempty"` // in the measure's unit

	ToleranceWords string `json:"toleranceWords,omitempty"` // "amber within 2 percentage points"
}

// Ways a figure moved.
const (
	Better = "better"
	Worse  = "worse"
)

// Travel is the direction from the previous figure to the current one.
type Travel struct {
	Arrow  string   `json:"arrow"`            // ↑ → ↓, "" where it is not known
	Words  string   `json:"words"`            // "up 8 (1.6%) since 31 August 2025: worse"
	Judged string   `json:"judged,omitempty"` // Better, Worse, or "" where neither
	Number *float64 `json:"number"`           // current less previous, at the decimals shown
}

// Ratings of a figure against its target.
const (
	Green   = "green"
	Amber   = "amber"
	Red     = "red"
	Unrated = "none"
)

// Rating is a RAG, never told by colour alone.
type Rating struct {
	Code   string `json:"code"`   // one of the above
	Word   string `json:"word"`   // "Green", "Amber", "Red", "Not rated"
	Shape  string `json:"shape"`  // name: "circle", "triangle", "diamond", "" for none
	Reason string `json:"reason"` // "60 is 5 above the target of at most 55, beyond the tolerance of 2"
}

// Comparator is what others' latest published figure was. Text is in the
// measure's unit.
type Comparator struct {
	Name   string   `json:"name"`
	Number *float64 `json:"number"` // unrounded
	Text   string   `json:"text"`   // "" for none
	Bare   string   `json:"bare"`
	Period string   `json:"period,omitempty"`
	Label  string   `json:"label,omitempty"`
}

// Remark is the service's commentary, in plain text.
type Remark struct {
	Text  string `json:"text"`
	By    string `json:"by"`
	At    string `json:"at"`   // RFC 3339
	Date  string `json:"date"` // ISO day of the figures it is about
	Label string `json:"label"`
	Stale bool   `json:"stale"` // it is about figures before the current one
}

// Missing is a measure of a dashboard that nothing is held of, and how its
// figures come in.
type Missing struct {
	Code string `json:"measure"`
	Name string `json:"name"`
	Path string `json:"path"`
	How  string `json:"how"` // "published by DfE in …: import its file"
}
