package dashboard

import "bellwether/internal/benchmark"

// Moved is the kind of the panels that tell what moved since a meeting.
const Moved = "moved"

// Parts of what is told, in the order in which they are.
const (
	MovedBeyond = "beyond"    // by more than chance explains
	MovedChance = "chance"    // chance may explain it, or it cannot be told
	MovedLate   = "late"      // of a day up to the meeting, and came out after it
	MovedNot    = "unchanged" // the newer figure says the same
	MovedNone   = "none"      // nothing is newer, or nothing older to compare it with
)

// MovedPanel is the measures of one part, most notable first. It is laid out
// from Moves; the panel's Table says the same and is its download.
type MovedPanel struct {
	Part  string `json:"part"`
	Moves []Move `json:"moves"` // at least one
}

// Move is the way of one measure from its latest figure of a day up to the
// meeting to its newest. Numbers are unrounded.
type Move struct {
	Measure  string              `json:"measure"` // code
	Name     string              `json:"name"`
	Path     string              `json:"path"` // "/measures/cla"
	Unit     string              `json:"unit"`
	Whose    string              `json:"publisher"` // "the council's own", "DfE"
	From     MovePoint           `json:"from"`      // empty where there is none, or nothing is newer
	To       MovePoint           `json:"to"`        // the newest
	Change   string              `json:"change"`    // "+2 (+0.4%); rate +1", "+12 (+8.7%)", "no change", "" without From
	Absolute *float64            `json:"absolute"`
	Number   *float64            `json:"number"`   // change of the number behind a rate; nil where that is not held
	Percent  *float64            `json:"percent"`  // of the number where there is one, or else of the figure
	Way      string              `json:"way"`      // "up", "down" or ""
	Good     string              `json:"good"`     // "better" or "worse", "" where neither way is
	Beyond   bool                `json:"beyond"`   // more than chance explains
	Chance   string              `json:"chance"`   // how that is known, in words
	Interval *benchmark.Interval `json:"interval"` // 95%, of the change; nil where a control chart tells, or nothing does
	Sentence string              `json:"sentence"`
	Notes    []string            `json:"notes,omitempty"` // doubts of this measure
}

// MovePoint is a figure with how it is said.
type MovePoint struct {
	Point
	Said  string `json:"said"`            // "138 per 10,000"
	Count string `json:"count,omitempty"` // "493", of a rate
}

// Because is how chance was told, as a sentence without its stop.
func (m Move) Because() string { return benchmark.UpperFirst(m.Chance) }
