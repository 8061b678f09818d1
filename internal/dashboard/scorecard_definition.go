package dashboard

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// RowDefinition is one measure of a scorecard. At most one of Target, Range
// and TargetFrom is given; without any the row is for information.
type RowDefinition struct {
	Section    string    `toml:"section"` // heading above the row
	Ref        string    `toml:"ref"`     // the council's own number for it: "CP1"
	Measure    string    `toml:"measure"`
	Show       string    `toml:"show"`        // ShowValue, or ShowCount for the number behind a rate
	Good       string    `toml:"good"`        // "high", "low" or "none", in the place of the measure's polarity
	Target     *float64  `toml:"target"`      // in the unit shown
	Range      []float64 `toml:"range"`       // lowest and highest, both good
	TargetFrom string    `toml:"target_from"` // "neighbours", "region" or "england": their latest figure
	TargetIs   string    `toml:"target_is"`   // "below" or "above" the target or those figures, not at it
	TargetBy   string    `toml:"target_by"`   // LocalTarget or NationalTarget
	Tolerance  *float64  `toml:"tolerance"`   // how far off the target is amber, in the unit shown

	head string // of the row's commentary
}

// What a row may say.
const (
	fromNeighbours = "neighbours"
	fromRegion     = "region"
	fromEngland    = "england"
	isBelow        = "below"
	isAbove        = "above"
)

// good is which way is good on this scorecard: what the row says, what its
// target says, or what the measure says.
func (r *RowDefinition) good(m stat.Measure) stat.Polarity {
	switch {
	case r.Good != "":
		return stat.Polarity(r.Good)
	case r.TargetIs == isBelow:
		return stat.LowIsGood
	case r.TargetIs == isAbove:
		return stat.HighIsGood
	}
	return m.Polarity
}

// below reports whether the target is a most, not a least.
func (r *RowDefinition) below(m stat.Measure) bool {
	if r.TargetIs != "" {
		return r.TargetIs == isBelow
	}
	return r.good(m) == stat.LowIsGood
}

// checkRows says what is wrong with a scorecard; line is that of row i's key.
func (def *Definition) checkRows(cat *stat.Catalogue, line func(i int, key string) int, fault func(line int, format string, args ...any)) {
	if def.Cadence != "" && !slices.Contains(cadences, def.Cadence) {
		fault(line(-1, "cadence"), "cadence %q is none of %s", def.Cadence, strings.Join(cadences, ", "))
	}
	switch {
	case len(def.Rows) > 0 && def.Cadence == "":
		fault(1, "a dashboard with [[row]] needs a cadence: %s", strings.Join(cadences, ", "))
	case len(def.Rows) == 0 && def.Cadence != "":
		fault(line(-1, "cadence"), "a cadence is of the [[row]]s of a scorecard, and there are none")
	}
	heads, sections := map[string]bool{}, []string{}
	for i := range def.Rows {
		r := &def.Rows[i]
		m, err := cat.Measure(r.Measure)
		if err != nil {
			fault(line(i, "measure"), "measure %q is not in the catalogue", r.Measure)
			continue
		}
		r.Measure = m.Code
		r.check(m, func(key, format string, args ...any) { fault(line(i, key), format, args...) })
		if r.head = m.Code; heads[r.head] {
			r.head += " " + r.Ref
		}
		if heads[r.head] || r.head == m.Code+" " {
			fault(line(i, "measure"), "there is already a row of %s: tell the two apart by a ref each", r.Measure)
		}
		heads[r.head] = true
		if n := len(sections); n == 0 || sections[n-1] != r.Section {
			if slices.Contains(sections, r.Section) {
				fault(line(i, "section"), "section %q stands in two places: keep its rows together", r.Section)
			}
			sections = append(sections, r.Section)
		}
	}
}

// check says what is wrong with one row of a measure that is known.
func (r *RowDefinition) check(m stat.Measure, fault func(key, format string, args ...any)) {
	for _, c := range []struct {
		key, is string
		may     []string
	}{
		{"show", r.Show, []string{ShowValue, ShowCount}},
		{"good", r.Good, []string{string(stat.HighIsGood), string(stat.LowIsGood), string(stat.NoPolarity)}},
		{"target_from", r.TargetFrom, []string{fromNeighbours, fromRegion, fromEngland}},
		{"target_is", r.TargetIs, []string{isBelow, isAbove}},
		{"target_by", r.TargetBy, []string{LocalTarget, NationalTarget}},
	} {
		if c.is != "" && !slices.Contains(c.may, c.is) {
			fault(c.key, "%s %q is none of %s", c.key, c.is, strings.Join(c.may, ", "))
			return
		}
	}
	r.checkNumbers(fault)
	r.checkTarget(m, fault)
}

// checkNumbers refuses what is no number to compare with.
func (r *RowDefinition) checkNumbers(fault func(key, format string, args ...any)) {
	infinite := func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
	if r.Target != nil && infinite(*r.Target) {
		fault("target", "the target is not a number")
	}
	if r.Tolerance != nil && (infinite(*r.Tolerance) || *r.Tolerance < 0) {
		fault("tolerance", "the tolerance is not a number of 0 or more")
	}
	if r.Range != nil && (len(r.Range) != 2 || slices.ContainsFunc(r.Range, infinite) || r.Range[0] >= r.Range[1]) {
		fault("range", "a range is two numbers, the lower first: range = [15, 20]")
		r.Range = nil
	}
}

// checkTarget refuses a target that contradicts itself or leaves open what
// meets it.
func (r *RowDefinition) checkTarget(m stat.Measure, fault func(key, format string, args ...any)) {
	given := 0
	for _, has := range []bool{r.Target != nil, r.Range != nil, r.TargetFrom != ""} {
		if has {
			given++
		}
	}
	if given > 1 {
		fault("measure", "%s has more than one target: give target, range or target_from", r.Measure)
		return
	}
	if given == 0 {
		for _, spare := range []struct {
			key string
			has bool
		}{{"tolerance", r.Tolerance != nil}, {"target_is", r.TargetIs != ""}, {"target_by", r.TargetBy != ""}} {
			if spare.has {
				fault(spare.key, "there is no target for this %s: give target, range or target_from", spare.key)
			}
		}
		return
	}
	good := r.good(m)
	switch {
	case r.Range != nil && r.TargetIs != "":
		fault("target_is", "a range needs no target_is: a figure is to be inside it")
	case r.TargetFrom != "" && r.TargetIs == "":
		fault("target_from", "say whether the figure is to be below or above it: target_is")
	case r.TargetFrom != "" && (r.Show == ShowCount || !benchmark.Comparable(m)):
		fault("target_from", "plain numbers depend on the size of an area, so others' cannot be a target")
	case r.Target != nil && good == stat.NoPolarity && r.TargetIs == "":
		fault("target", "neither high nor low is good of %s: say what the target is by target_is or good", r.Measure)
	case r.TargetIs == isBelow && good == stat.HighIsGood, r.TargetIs == isAbove && good == stat.LowIsGood:
		fault("target_is", "the target is to be %s it, yet %s is good of %s here: correct target_is or good", r.TargetIs, good, r.Measure)
	}
}

// cadence is how often a scorecard is read, which is how far back its previous
// figures lie.
const (
	monthly   = "month"
	sixWeekly = "six weeks"
	quarterly = "quarter"
	yearly    = "year"
)

var cadences = []string{monthly, sixWeekly, quarterly, yearly}

// cadenceChoices are the cadences as they are offered.
var cadenceChoices = []Choice{{monthly, "a month"}, {sixWeekly, "six weeks"}, {quarterly, "a quarter"}, {yearly, "a year"}}

// cadenceWords say what previous means.
var cadenceWords = map[string]string{
	monthly:   "the latest figure of at least a month before",
	sixWeekly: "the latest figure of at least six weeks before",
	quarterly: "the latest figure of at least a quarter before",
	yearly:    "the latest figure of at least a year before",
}

// cadenceSpan is the length of period a flow is wanted in.
var cadenceSpan = map[string]stat.Span{monthly: stat.Month, sixWeekly: stat.Month, quarterly: stat.Quarter, yearly: stat.Year}

// cadenceBefore is the day by which a previous figure's period has ended.
func cadenceBefore(cadence string, p stat.Period) stat.Date {
	back := func(months, days int) stat.Date {
		if p.End == p.End.MonthEnd() {
			return p.End.AddMonthEnds(-months)
		}
		return p.End.AddDays(-days)
	}
	day := map[string]stat.Date{
		monthly: back(1, 28), sixWeekly: p.End.AddDays(-42), quarterly: back(3, 89), yearly: back(12, 365),
	}[cadence]
	if start := p.Start(); start.Before(p.End) && !day.Before(start) { // a flow's previous period does not reach into it
		return start.AddDays(-1)
	}
	return day
}

// unitOf puts a number of a row into its unit, bare where it is a count.
func (r *RowDefinition) unitOf(m stat.Measure, text string) string {
	if r.Show == ShowCount || text == "" {
		return text
	}
	return benchmark.InUnit(m, text)
}

// gapOf is a difference in the row's unit: points of a percentage.
func (r *RowDefinition) gapOf(m stat.Measure, text string) string {
	switch {
	case r.Show == ShowCount:
	case m.Unit == stat.Percent && text == "1":
		return text + " percentage point"
	case m.Unit == stat.Percent:
		return text + " percentage points"
	case m.Unit == stat.Days || m.Unit == stat.Pounds:
		return benchmark.InUnit(m, text)
	}
	return text
}

// plain writes a number of a definition with the decimals it has, at least d.
func plain(x float64, d int) string {
	return stat.Format(x, decimalsOf(x, d))
}

// decimalsOf is how many decimals x needs, d at least and 6 at most.
func decimalsOf(x float64, d int) int {
	for d < 6 && stat.RoundHalfUp(x, d) != stat.RoundHalfUp(x, 6) {
		d++
	}
	return d
}

var goodShort = map[stat.Polarity]string{
	stat.HighIsGood: "high", stat.LowIsGood: "low", stat.NoPolarity: "neither high nor low",
}

// goodIs says which way is good, for a row's code and words.
func (r *RowDefinition) goodIs(m stat.Measure) (code, words string) {
	if r.Range != nil {
		return "range", r.rangeWords(m)
	}
	good := r.good(m)
	return string(good), goodShort[good]
}

func (r *RowDefinition) rangeWords(m stat.Measure) string {
	return fmt.Sprintf("between %s and %s", r.unitOf(m, plain(r.Range[0], 0)), r.unitOf(m, plain(r.Range[1], 0)))
}
