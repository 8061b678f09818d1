package stat

import "time"

// What a council says of its figures, beside the figures themselves. Each is
// kept with who said it and when; none is ever changed, a later one takes its
// place.

// Group is a set of authorities the council compares itself with, of its own
// choosing: "North East authorities".
type Group struct {
	Name  string    `json:"name"`  // as an address has it: "north-east"
	Title string    `json:"title"` // as a page has it
	Areas []string  `json:"areas"` // codes, in the order they were given
	By    string    `json:"by"`
	At    time.Time `json:"at"`
}

// Meeting is a day on which figures are read: what has moved since the last
// one is what a panel asks.
type Meeting struct {
	Date Date      `json:"date"`
	Name string    `json:"name"` // "Children and Young People's Scrutiny Panel"
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// Rebase says that the process behind a measure of an area changed, so that a
// control chart's limits begin anew with From.
type Rebase struct {
	Measure string    `json:"measure"`
	Area    string    `json:"area"`
	From    Date      `json:"from"`   // first day of the first period of the new limits
	Reason  string    `json:"reason"` // never empty
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// Projection is what somebody expected of a figure, kept to be set beside
// what happened. Value, Lower and Upper are in the measure's unit.
type Projection struct {
	ID      int64     `json:"id"`
	Measure string    `json:"measure"`
	Area    string    `json:"area"`
	Last    Period    `json:"-"` // of the latest figure it was made from
	For     Period    `json:"-"` // the period it is of
	Value   float64   `json:"value"`
	Lower   float64   `json:"lower"`
	Upper   float64   `json:"upper"`
	Method  string    `json:"method"` // in words
	Note    string    `json:"note,omitempty"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// Comment is what the service says of figures, in plain text.
type Comment struct {
	Place string    `json:"place"` // what it is part of: "scorecard/corporate-parenting", "report/council"
	Head  string    `json:"head"`  // a measure's code or a heading: "cla", "Fostering and Adoption"
	Area  string    `json:"area"`
	Date  Date      `json:"date"` // of the figures or the report it is about
	Text  string    `json:"text"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
}

// Restatement is a figure that a later release of the same publisher says
// otherwise than the first did.
type Restatement struct {
	Key
	Publisher  string
	Part       Part
	First, Now Figure
}

// DefinitionChange says that a measure's figures from a day on are not made as
// those before were.
type DefinitionChange struct {
	From string `toml:"from" json:"from"` // ISO day
	What string `toml:"what" json:"what"` // a sentence
}
