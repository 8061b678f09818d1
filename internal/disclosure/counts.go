package disclosure

import (
	"math"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// group is measures that count the same things, by the catalogue's words for
// their numerators and denominators: children looked after on the date are the
// count of one measure and what another's percentage is of. Measures whose
// counts are tied in other ways are in it too; see ties.go.
type group struct {
	measures []string
	hides    map[stat.Key]parts // nil until it is decided
}

// grouped puts each measure into its group.
func grouped(measures []stat.Measure) map[string]*group {
	out, by, ties := map[string]*group{}, map[string]*group{}, tied(measures)
	for _, m := range measures {
		g := &group{measures: []string{m.Code}}
		out[m.Code] = g
		for _, what := range append(ties.of(m), numeratorOf(m), denominatorOf(m)) {
			if other := by[what]; what != "" && other != nil && other != g {
				g.measures = append(g.measures, other.measures...)
				for _, code := range other.measures {
					out[code] = g
				}
				for w := range by {
					if by[w] == other {
						by[w] = g
					}
				}
			}
			by[what] = g
		}
	}
	return out
}

// numeratorOf names what a measure counts. A measure in days or pounds counts
// something else than its numerator says.
func numeratorOf(m stat.Measure) string {
	if m.Numerator == "" || m.Unit == stat.Days || m.Unit == stat.Pounds {
		return "count of " + m.Code
	}
	return string(m.Kind) + " " + stat.Fold(m.Numerator)
}

// denominatorOf names what a measure is out of; "" for the population, which
// anybody may know.
func denominatorOf(m stat.Measure) string {
	switch {
	case m.Population != "" || m.Unit == stat.RateOf:
		return ""
	case m.Denominator == "":
		return "denominator of " + m.Code
	}
	return string(m.Kind) + " " + stat.Fold(m.Denominator)
}

// counts reports whether a measure's value is a count itself, not an average.
func counts(m stat.Measure) bool {
	return m.Unit == "" || m.Unit == stat.Number && m.Denominator == "" && m.Decimals == 0
}

// shares reports whether what a measure counts is a part of what it is out of,
// so that the rest is a count of people too: 39 of 41 leaves 2.
func shares(m stat.Measure) bool { return m.Unit == stat.Percent && denominatorOf(m) != "" }

// people are the populations rates are worked out with, by area and breakdown.
type people map[[2]string][]stat.Observation

// near is the population that a rate goes with: the latest that is not of after
// its day; 0 where none is known of the same people.
func (p people) near(key stat.Key) float64 {
	n := 0.0
	for _, o := range p[[2]string{key.Area, key.Breakdown}] {
		if n != 0 && key.Period.End.Before(o.Period.End) {
			break
		}
		for _, f := range []stat.Figure{o.Count, o.Value} {
			if f.Known() {
				n = f.Number
			}
		}
	}
	return n
}

// count is what an observation counts: as it says, or as follows from its
// value and what that is out of, which is base where it does not say. It is
// false where nothing tells.
func count(m stat.Measure, o *stat.Observation, base float64) (float64, bool) {
	switch {
	case o.Count.Known():
		return o.Count.Number, true
	case !o.Value.Known():
		return 0, false
	case counts(m) || o.Value.Number == 0:
		return o.Value.Number, true
	}
	if o.Denominator.Known() {
		base = o.Denominator.Number
	}
	per, ok := pers[m.Unit]
	return math.Round(o.Value.Number * base / per), ok && base > 0
}

// pers are what values are out of, by their unit.
var pers = map[stat.Unit]float64{stat.Percent: 100, stat.RateOf: 10_000, stat.Ratio: 1}

// outOf is what a percentage or a ratio is out of, as follows from a count; 0
// where it does not.
func outOf(m stat.Measure, o *stat.Observation, n float64) float64 {
	per := pers[m.Unit]
	if per == 0 || m.Unit == stat.RateOf || !o.Value.Known() || o.Value.Number <= 0 || !(n > 0) {
		return 0
	}
	return math.Round(n * per / o.Value.Number)
}

// cell is one count of one place and time, whichever measures print it.
type cell struct {
	what, part, area string // part is a breakdown, its dimensions in order
	period           stat.Period
}

// compare puts cells in an order, so that of two alike the same one is chosen.
func (c cell) compare(o cell) int {
	return stat.Key{Measure: c.what, Breakdown: c.part, Area: c.area, Period: c.period}.Compare(
		stat.Key{Measure: o.what, Breakdown: o.part, Area: o.area, Period: o.period})
}

// dimensions are the parts of a breakdown, "dimension: category" each.
func dimensions(breakdown string) []string {
	if breakdown == "" {
		return nil
	}
	out := strings.Split(breakdown, "; ")
	slices.Sort(out)
	return out
}

// saying is what the council said of a cell in one release.
type saying struct {
	day    stat.Date
	number float64 // NaN for a mark
}

// state is what is known of a cell.
type state struct {
	cell
	flow   bool
	said   []saying  // of the council, in order of release
	open   bool      // a publisher prints it, so that masking it hides nothing
	since  stat.Date // of the first release with it or with a part of it
	number float64   // the latest, NaN where there is none
	some   bool      // it was above zero in some release
	whole  bool      // all its numbers are whole
	limit  int       // the threshold of its measure
	small  bool      // from 1 to that in some release
	masked bool
	sealed bool // the council itself marked it confidential in some release
	secret bool // that is all it ever said of it
	stock  bool // it is what others join and leave
	rest   bool // what a count leaves of its denominator, which nobody prints
}

// hidden reports whether the number is kept from whoever reads, by masking or by
// the council's own mark.
func (s *state) hidden() bool { return s.masked || s.secret }

// known reports whether whoever reads all that is shown knows the number.
func (s *state) known() bool { return s.open || s.maskable() }

// maskable reports whether masking the cell hides something more.
func (s *state) maskable() bool {
	return !s.open && !s.masked && !s.rest && !math.IsNaN(s.number)
}

// add takes one more number, NaN for a mark, in its place among the releases.
func (s *state) add(day stat.Date, n float64, limit int) {
	at := len(s.said)
	for at > 0 && day.Before(s.said[at-1].day) {
		at--
	}
	s.said = slices.Insert(s.said, at, saying{day, n})
	s.limit = max(s.limit, limit)
	s.whole = s.whole && (math.IsNaN(n) || n == math.Trunc(n))
	s.some = s.some || n > 0
	s.small = s.small || n > 0 && n <= float64(limit)
}

// settle draws from all that was said what the cell is now.
func (s *state) settle() {
	for _, say := range s.said {
		if !math.IsNaN(say.number) && (!s.open || math.IsNaN(s.number)) {
			s.number = say.number
		}
	}
	s.masked = s.small
	s.secret = s.sealed && math.IsNaN(s.number) && s.limit > 0
	switch {
	case s.open:
		s.since = stat.Date{}
	case len(s.said) > 0:
		s.since = s.said[0].day
	}
}

// by reports whether the cell was one that somebody counts by a day, were it
// only in parts.
func (s *state) by(day stat.Date) bool { return !day.Before(s.since) }

// never is the day of what nobody counts.
var never = stat.Date{Year: 9999, Month: 12, Day: 31}

// table is every count of a group of measures, and what adds up to what.
type table struct {
	cat    *stat.Catalogue
	cells  []*state
	at     map[cell]int
	sums   []*sum
	sumOf  map[int]*sum // one for each total
	ties   ties
	tying  []*sum // across what is counted: their totals are found by the others
	terms  []term
	termAt map[term]int
}

// place is where a cell stands in the table; it is added if it is not there.
func (t *table) place(c cell, flow bool) int {
	i, ok := t.at[c]
	if !ok {
		i = len(t.cells)
		t.at[c] = i
		t.cells = append(t.cells, &state{cell: c, flow: flow, number: math.NaN(), whole: true, since: never})
	}
	return i
}

// cellsOf are the cells of an observation's count and denominator.
func cellsOf(m stat.Measure, key stat.Key) (count cell, denominator cell, divided bool) {
	c := cell{numeratorOf(m), strings.Join(dimensions(key.Breakdown), "; "), key.Area, key.Period}
	d := c
	d.what = denominatorOf(m)
	return c, d, d.what != ""
}
