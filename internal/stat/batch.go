package stat

import (
	"strings"
	"time"
)

// Severity of a problem. An error refuses the whole file; a warning holds it
// back until somebody accepts it with a reason; a note is for information.
type Severity string

const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Problem is what is wrong with a cell, and what to do about it.
type Problem struct {
	At       string   `json:"at"` // "Sheet1!F12"; a sheet or "" where it is of the whole
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // "unknown_area"
	Message  string   `json:"message"`
	Row      []string `json:"row,omitempty"`      // the texts of the row it stands in, where they may be shown
	Accepted string   `json:"accepted,omitempty"` // why a warning was accepted, by whoever imported the file
}

// ID names a problem within its file.
func (p Problem) ID() string { return p.Code + "@" + p.At }

// Skip is a run of rows, or a column, that was left out on purpose.
type Skip struct {
	Reason string `json:"reason"`
	Rows   int    `json:"rows"`
	First  string `json:"first"` // where the first one stands
}

// Batch is one imported file.
type Batch struct {
	ID        int64
	File      string
	SHA256    string
	Layout    string
	Publisher string
	Released  Release
	By        string
	Person    int64 // the number of who imported it; 0 where nobody had signed in
	At        time.Time
	Rows      int // data rows read: used, skipped or with problems
	Changes
	Sample   bool
	Problems []Problem // warnings, each with the reason it was accepted for, and notes: an error stores nothing
	Skipped  []Skip

	Published                 time.Time // when viewers may see it, perhaps to come; zero for a draft
	PublishedBy, PublishedWhy string    // of the last act, be it publishing or taking that back

	Withdrawn                 time.Time // zero while the batch is in force
	WithdrawnBy, WithdrawnWhy string
}

// ImportedBy reports whether somebody imported the batch: by their number or,
// where either has none, by the title that records know them by.
func (b Batch) ImportedBy(person int64, title string) bool {
	if b.Person != 0 && person != 0 {
		return b.Person == person
	}
	return strings.EqualFold(strings.TrimSpace(title), strings.TrimSpace(b.By))
}

// Changes counts what a file's observations (or neighbour links) are to what
// was held before. A Superseded one says otherwise than what is held and is
// kept, but a later release is in force.
type Changes struct {
	New, Revised, Unchanged, Superseded int
}

// Total is all of them.
func (c Changes) Total() int { return c.New + c.Revised + c.Unchanged + c.Superseded }

// Change is one figure before and after a file: Was is not Given where nothing
// was held of it.
type Change struct {
	Key
	Publisher string
	Part      Part
	Was, Now  Figure
}

// SavedLayout is a layout of the council's own: the text of its file, and who
// saved it when.
type SavedLayout struct {
	Name, TOML, By string
	At             time.Time
}

// Submission is a file read whole, ready to be compared and stored.
type Submission struct {
	Batch        Batch
	Observations []Observation // no two with the same key and publisher
	Links        []Link
	Measures     []Measure // that the file brings and the catalogue lacks
	Areas        []Area    // likewise
	Bundled      bool      // it comes with Bellwether, published already by whose figures they are
}
