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
	Measure     string        `json:"measure"`
	Area        stat.Area     `json:"area"`
	Period      string        `json:"period"` // ISO end date
	Label       string        `json:"label"`  // "31 March 2025"
	Count       *float64      `json:"count"`
	CountMark   string        `json:"countMark,omitempty"`
	Denominator *float64      `json:"denominator"` // what the interval, trend and distance divide by
	Value       *float64      `json:"value"`
	Mark        string        `json:"mark,omitempty"` // of the value
	Derived     bool          `json:"derived"`        // the value was worked out here
	OneIn       *float64      `json:"oneIn"`          // "about 1 in 72", for children on a date; nil for anything else
	Neighbours  Neighbours    `json:"neighbours"`
	Region      Place         `json:"region"`
	England     Place         `json:"england"`
	Rank        *Rank         `json:"rank"`      // nil where the area has no value
	Quartile    *int          `json:"quartile"`  // 1 is the lowest quarter
	Quartiles   []float64     `json:"quartiles"` // the three cuts; empty where nobody has a value
	Change      *Change       `json:"change"`    // nil where there is no earlier value
	Interval    *Interval     `json:"interval"`  // 95%; nil without a count and a denominator
	Interval998 *Interval     `json:"interval998"`
	Verdict     Verdicts      `json:"verdict"`
	Trend       TrendResult   `json:"trend"`
	Distance    *Distance     `json:"distance"`     // to the neighbours' mean
	Peak        *PeakValue    `json:"peak"`         // the highest value up to the period
	Meeting     *SinceMeeting `json:"sinceMeeting"` // nil where no meeting was chosen, or no figure is newer
	Crossed     string        `json:"crossed"`      // "below 500 children looked after for the first time in three years"
	Latest      *Latest       `json:"latest"`       // the council's own newer figure
	Projection  *Projection   `json:"projection"`   // Compare leaves it nil; Project makes it where one was asked for
	Sentences   []string      `json:"sentences"`
	Warnings    []string      `json:"warnings"`
}

// Neighbours sums up the statistical neighbours of one model, or a group of
// authorities that somebody chose.
type Neighbours struct {
	Model   string   `json:"model"`           // "2025"; of a group its name: "region", "north-east"
	Group   string   `json:"group,omitempty"` // title of a group: "North East authorities"; "" of a model
	Others  bool     `json:"-"`               // the area is itself one of the group
	N       int      `json:"n"`               // how many have a value
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
	Of       int  `json:"of"`     // authorities with a value
	Joint    bool `json:"joint"`  // another authority has the same value
	Lowest   bool `json:"lowest"` // no authority has a lower value, and some a higher
}

// Change is the difference from an earlier figure.
type Change struct {
	From         string   `json:"from"`         // ISO end date of the earlier period
	Consecutive  bool     `json:"consecutive"`  // that period is a year before, none between
	Count        *float64 `json:"count"`        // difference of the counts
	CountPercent *float64 `json:"countPercent"` // of the earlier count; nil where that was 0
	Absolute     float64  `json:"absolute"`     // difference of the values
	Percent      *float64 `json:"percent"`      // of the earlier value, as printed; nil where that was 0
}

// SinceMeeting is the movement since the latest figure of a period that had
// ended by a meeting's day: to the compared figure or, where the council's own
// begin nearer the meeting or go on later, between two of those.
type SinceMeeting struct {
	Date   string `json:"date"` // of the meeting, ISO
	Name   string `json:"name"`
	Figure string `json:"figure"` // the earlier period, "31 March 2025" or "the year ending" it, which may lie long before the meeting
	To     string `json:"to"`     // ISO end date of the later period
	Own    bool   `json:"own"`    // both figures are the council's own
	Change
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

// Verdicts are how the figure stands to the neighbours' mean, the region and
// England, chance allowed for by its 95% interval.
type Verdicts struct {
	Neighbours Verdict `json:"neighbours"`
	Region     Verdict `json:"region"`
	England    Verdict `json:"england"`
}

// TrendResult is a Trend as it is answered: numbers are nil and dates empty
// where it is not available, and Reason says why.
type TrendResult struct {
	Marker     Marker   `json:"marker"`
	Words      string   `json:"words"` // the marker, judged where the polarity allows it
	From       string   `json:"from"`  // ISO end date of the first of five years
	To         string   `json:"to"`
	Slope      *float64 `json:"slope"` // a year: in the rate's unit, or in log odds of a percentage
	ChiSquared *float64 `json:"chiSquared"`
	Dispersion *float64 `json:"dispersion"` // what the scatter about the line is of that by chance
	Uneven     bool     `json:"uneven"`     // such scatter makes the marker uncertain
	Reason     string   `json:"reason"`
}

// PeakValue is the highest value and the latest period that had it.
type PeakValue struct {
	Period string  `json:"period"` // ISO end date
	Label  string  `json:"label"`
	Value  float64 `json:"value"`
}
