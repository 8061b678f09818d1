// Package benchmark sets one figure against others: statistical neighbours,
// region, England, every authority, and the area's own past. It knows the
// arithmetic and the words of a comparison. It refuses to know where figures
// come from, which of them a page shows, or how it shows them.
package benchmark

import "bellwether/internal/stat"

// Comparison is one area's figure for one period beside everyone else's.
// Numbers are unrounded; one that is not there is nil, and a mark beside it
// says why where a file did.
type Comparison struct {
	Measure    string     `json:"measure"`
	Area       stat.Area  `json:"area"`
	Period     string     `json:"period"` // ISO end date
	Label      string     `json:"label"`  // "31 March 2025"
	Count      *float64   `json:"count"`
	CountMark  string     `json:"countMark,omitempty"`
	Value      *float64   `json:"value"`
	Mark       string     `json:"mark,omitempty"` // of the value
	Derived    bool       `json:"derived"`        // the value was worked out here
	Neighbours Neighbours `json:"neighbours"`
	Region     Place      `json:"region"`
	England    Place      `json:"england"`
	Rank       *Rank      `json:"rank"`      // nil where the area has no value
	Quartile   *int       `json:"quartile"`  // 1 is the lowest quarter
	Quartiles  []float64  `json:"quartiles"` // the three cuts; empty where nobody has a value
	Change     *Change    `json:"change"`    // nil where there is no earlier value
	Latest     *Latest    `json:"latest"`    // the council's own newer figure
	Sentences  []string   `json:"sentences"`
	Warnings   []string   `json:"warnings"`
}

// Neighbours sums up the statistical neighbours of one model.
type Neighbours struct {
	Model   string   `json:"model"`
	N       int      `json:"n"` // how many have a value
	Mean    *float64 `json:"mean"`
	Median  *float64 `json:"median"`
	Min     *float64 `json:"min"`
	Max     *float64 `json:"max"`
	Members []Place  `json:"members"` // closest first
}

// Place is another area's value.
type Place struct {
	Code   string   `json:"code"`
	Number string   `json:"number,omitempty"`
	Name   string   `json:"name"`
	Value  *float64 `json:"value"`
	Mark   string   `json:"mark"`
}

// Rank is a competition rank, 1 for the highest.
type Rank struct {
	Position int  `json:"position"`
	Of       int  `json:"of"`    // authorities with a value
	Joint    bool `json:"joint"` // another authority has the same value
}

// Change is the difference from an earlier figure.
type Change struct {
	From        string   `json:"from"`        // ISO end date of the earlier period
	Consecutive bool     `json:"consecutive"` // that period is a year before, none between
	Count       *float64 `json:"count"`       // difference of the counts
	Absolute    float64  `json:"absolute"`    // difference of the values
	Percent     *float64 `json:"percent"`     // of the earlier value; nil where that was 0
}

// Latest is a figure the council gives for a period after the compared one.
type Latest struct {
	Period  string   `json:"period"`
	Label   string   `json:"label"`
	Count   *float64 `json:"count"`
	Value   *float64 `json:"value"`
	Mark    string   `json:"mark,omitempty"`
	Derived bool     `json:"derived"`
}
