// Package stat holds the nouns of children's services figures: measures,
// areas, periods, observations and what is said about them, with the people and
// settings by which they are shown. It knows how each is parsed, ordered and
// written out. It refuses to know where figures are
// kept, how a file is read, or how anything is drawn.
package stat

import (
	"fmt"
	"strconv"
)

// Publishers. A council's figure and DfE's for one day are two figures.
const (
	DfE     = "DfE"
	ONS     = "ONS"
	Council = "council"
)

// Key names one figure: a measure, its breakdown ("" is the total, otherwise
// "dimension: category"), an area's code and a period.
type Key struct {
	Measure   string
	Breakdown string
	Area      string
	Period    Period
}

func (k Key) String() string {
	return fmt.Sprintf("%s %s %s %s", k.Measure, k.Breakdown, k.Area, k.Period)
}

// Origin says where a figure was printed.
type Origin struct {
	Publisher string
	Released  Release
	File      string // name of the published or uploaded file
	Batch     int64  // 0 until it is stored
	Sample    bool   // the file says its figures are samples
	Draft     bool   // its import has not been published yet
}

// Figure is one number as a file gave it. The zero Figure is one the file
// says nothing of; a Mark stands in the place of the number.
type Figure struct {
	Number  float64
	Mark    Mark
	Text    string // as printed; never empty in a figure that was given
	At      string // cell: "Sheet1!F12", or "F12" in a CSV
	Derived bool   // worked out here, because no file gave it
	Origin  *Origin
}

// Given reports whether anything was said, be it a mark.
func (f Figure) Given() bool { return f.Text != "" }

// Known reports whether the figure is a number.
func (f Figure) Known() bool { return f.Given() && f.Mark == "" }

// Float is a copy of the number to twelve significant digits, nil where there
// is none: a workbook's 80.30000000000001 is 80.3.
func (f Figure) Float() *float64 {
	if !f.Known() {
		return nil
	}
	x, err := strconv.ParseFloat(strconv.FormatFloat(f.Number, 'g', 12, 64), 64)
	if err != nil {
		x = f.Number
	}
	return &x
}

// Same reports whether two figures say the same thing, however it was printed.
func (f Figure) Same(o Figure) bool {
	return f.Given() == o.Given() && f.Mark.Letter() == o.Mark.Letter() && (f.Mark != "" || f.Number == o.Number)
}

// Observation is what one publisher says of one key: count, denominator and
// value, each with its own origin; a part not Given was left unsaid.
type Observation struct {
	Key
	Count, Denominator, Value Figure
}

// Part names a figure of an observation.
type Part string

const (
	PartCount       Part = "count"
	PartDenominator Part = "denominator"
	PartValue       Part = "value"
)

// Parts lists them in the order they are written.
var Parts = []Part{PartCount, PartDenominator, PartValue}

// Part returns a pointer to the named figure, nil for an unknown name.
func (o *Observation) Part(p Part) *Figure {
	switch p {
	case PartCount:
		return &o.Count
	case PartDenominator:
		return &o.Denominator
	case PartValue:
		return &o.Value
	}
	return nil
}

// Publisher is the publisher of the first part that was given.
func (o Observation) Publisher() string {
	for _, f := range []Figure{o.Value, o.Count, o.Denominator} {
		if f.Origin != nil {
			return f.Origin.Publisher
		}
	}
	return ""
}

// Link says that Neighbour stands at Position (1 is closest) among the
// statistical neighbours of Area in a model ("2025"). Areas are codes.
type Link struct {
	Model, Area, Neighbour string
	Position               int
	Closeness              string // "Very close", as printed
	At                     string
}

// Query asks for all periods of some measures. Nil Areas means every area.
// With AsOf, only what had been released by that day counts; with Own as well,
// the council's own figures of periods ended by then count from their first
// version, even where that was loaded later. With Published, drafts do not
// count.
type Query struct {
	Measures  []string
	Areas     []string
	AsOf      Date
	Own       bool
	Published bool
}

// Holding answers a Query: one Observation per key and publisher, the latest
// release of each part, in key order; what was restated of them; all neighbour
// links; what the council says of these measures; and the version of the data,
// which changes whenever anything is stored.
type Holding struct {
	Observations []Observation
	Restated     []Restatement // in key order
	Links        []Link
	Groups       []Group      // by title
	Meetings     []Meeting    // latest first
	Rebases      []Rebase     // of the measures asked for, oldest first
	Projections  []Projection // likewise, oldest first
	Comments     []Comment    // those in force, by place, head, area and date
	Stewards     []Steward    // of the measures asked for
	Version      int64
}
