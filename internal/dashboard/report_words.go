package dashboard

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// plainNumber is a number as print has it, not as a spreadsheet stores one.
var plainNumber = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d{1,4})?$|^\d+(\.\d{1,4})?$`)

// printed is a figure as its file printed it, or where that is no plain number
// (or nobody printed it) with the measure's decimals; a mark is its letter.
func printed(f stat.Figure, decimals int) string {
	if !f.Known() {
		return f.Mark.Letter()
	}
	text := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(f.Text), "%"))
	if x, err := strconv.ParseFloat(text, 64); err == nil && len(text) > 12 { // 128.88999999999999 was 128.89
		text = strconv.FormatFloat(stat.RoundHalfUp(x, 9), 'f', -1, 64)
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if f.Derived || err != nil || x != stat.RoundHalfUp(f.Number, 9) || !plainNumber.MatchString(text) {
		return stat.Format(f.Number, decimals)
	}
	return text
}

// saying is an observation as a council report has it: "412 (128.89 per
// 10,000)", as printed where the council itself did so.
func (s *subject) saying(o stat.Observation) string {
	write := printed
	if o.Publisher() != stat.Council {
		write = func(f stat.Figure, decimals int) string {
			if !f.Known() {
				return f.Mark.Letter()
			}
			return stat.Format(f.Number, decimals)
		}
	}
	count, value := write(s.number(o), 0), ""
	if s.m.Unit == stat.Number {
		if !o.Count.Given() {
			count = write(o.Value, s.m.Decimals)
		}
		return count
	}
	if o.Value.Given() {
		if value = write(o.Value, s.m.Decimals); o.Value.Known() {
			value = benchmark.InUnit(s.m, value)
		}
	}
	switch {
	case value == "":
		return count
	case s.m.Unit == stat.Percent && o.Count.Known() && o.Denominator.Known():
		return fmt.Sprintf("%s (%s of %s)", value, write(o.Count, 0), write(o.Denominator, 0))
	case count == "" || s.m.Unit != stat.RateOf:
		return value
	case o.Value.Derived:
		return fmt.Sprintf("%s (%s, worked out here)", count, value)
	}
	return fmt.Sprintf("%s (%s)", count, value)
}

// asOf opens the sentence on a figure: "As of 26 September 2016", "In the year
// ending 31 March 2025".
func asOf(p stat.Period) string {
	if p.Span == stat.Day {
		return "As of " + p.End.Long()
	}
	return benchmark.UpperFirst(benchmark.When(p))
}

// bare is a period as a noun in a sentence: "31 March 2025", "the year ending
// 31 March 2025".
func bare(p stat.Period) string {
	if p.Span == stat.Year {
		return "the " + p.Label()
	}
	return p.Label()
}

// reportSteps are the numbers of years back that a change is told from.
var reportSteps = []struct {
	years  int
	words  string // "In twelve months"
	before string
}{{1, "In twelve months", "twelve months before"}, {5, "In five years", "five years before"}}

// reportNear is how many days a date may lie from one a year or five years
// before and still stand for it.
const reportNear = 31

// then is the figure of about that many years before an observation, of the
// same publisher rather than another; false for none. A span is of the same
// months exactly, a date the nearest within a month.
func (s *subject) then(o stat.Observation, years int) (stat.Observation, bool) {
	want := yearsBefore(o.Period, years)
	var best stat.Observation
	least := reportNear + 1
	for _, own := range []bool{o.Publisher() == stat.Council, o.Publisher() != stat.Council} {
		for _, x := range s.reportSeries(own) {
			if x.Period.Span != o.Period.Span || !s.comparableTo(x, o) || !x.Period.End.Before(o.Period.End) {
				continue
			}
			if apart := daysApart(x.Period.End, want.End); apart < least && (apart == 0 || o.Period.Span == stat.Day) {
				best, least = x, apart
			}
		}
	}
	return best, !best.Period.IsZero()
}

// ago is the change to an observation from about that many years before, or
// where there is no such figure but there is for the last published one, to
// that; false for neither.
func (s *subject) ago(now stat.Observation, years int) (reportChange, bool) {
	if o, ok := s.then(now, years); ok {
		return s.changed(o, now), true
	}
	for _, last := range slices.Backward(s.reportSeries(false)) {
		if !last.Count.Known() && !last.Value.Known() {
			continue
		}
		o, ok := s.then(last, years)
		if !ok || o.Publisher() == stat.Council {
			return reportChange{}, false
		}
		return s.changed(o, last), true
	}
	return reportChange{}, false
}

// comparableTo reports whether both have what a change is told of.
func (s *subject) comparableTo(a, b stat.Observation) bool {
	return s.number(a).Known() && s.number(b).Known() && s.changesByCount() || a.Value.Known() && b.Value.Known()
}

// changesByCount reports whether a change is told by how many there were.
func (s *subject) changesByCount() bool { return s.m.Unit == stat.RateOf || s.m.Unit == stat.Number }

// reportSeries is the area's figures, the council's own or the published.
func (s *subject) reportSeries(own bool) []stat.Observation {
	if own {
		return s.own
	}
	return s.published()
}

func yearsBefore(p stat.Period, years int) stat.Period {
	if p.End == p.End.MonthEnd() {
		return stat.Period{End: p.End.AddMonthEnds(-12 * years), Span: p.Span}
	}
	return stat.Period{End: stat.Date{Year: p.End.Year - years, Month: p.End.Month, Day: p.End.Day}, Span: p.Span}
}

func daysApart(a, b stat.Date) int {
	days := int(a.Time().Sub(b.Time()).Hours() / 24)
	return max(days, -days)
}

// reportChange is the way from one figure to a later one.
type reportChange struct {
	from, to stat.Observation
	by       float64 // of the counts, or of the values where those are not both known
	percent  *float64
	counts   bool
	beyond   bool
	chance   string // in words; "" where it cannot be told
}

// changed works out the change between two observations that are comparable,
// and whether it is more than chance explains: by the rates where both have a
// population, or else by the counts.
func (s *subject) changed(from, to stat.Observation) reportChange {
	c := reportChange{from: from, to: to, counts: s.changesByCount() && s.number(from).Known() && s.number(to).Known()}
	a, b := from.Value.Number, to.Value.Number
	part := stat.PartValue
	if c.counts {
		a, b, part = s.number(from).Number, s.number(to).Number, stat.PartCount
	}
	moved, _ := benchmark.Previous([]benchmark.Point{{Period: from.Period, Value: a}, {Period: to.Period, Value: b}}, "")
	c.by, c.percent = moved.Absolute, moved.Percent
	if s.m.Unit == stat.Number && (s.m.Denominator != "" || s.m.Decimals > 0) {
		return c
	}
	x, y := from, to
	x.Count, y.Count = s.number(from), s.number(to)
	i, ok := benchmark.ChangeInterval(s.m, from, to, stat.PartValue, s.yearsBy(from))
	if !ok && part == stat.PartCount {
		i, ok = benchmark.ChangeInterval(s.m, x, y, part, nil)
	}
	switch {
	case !ok:
	case i.Holds(0):
		c.chance = "chance alone could explain it"
	default:
		c.beyond, c.chance = true, "more than chance explains"
	}
	return c
}

// yearsBy are the published yearly figures up to one of them, whose scatter
// tells how much they move anyway.
func (s *subject) yearsBy(from stat.Observation) []stat.Observation {
	if from.Publisher() == stat.Council || s.step() != stat.Year {
		return nil
	}
	var out []stat.Observation
	for _, o := range s.published() {
		if o.Period.Compare(from.Period) <= 0 {
			out = append(out, o)
		}
	}
	return out
}

// changeDecimals are those of the change.
func (s *subject) changeDecimals(c reportChange) int {
	if c.counts && s.m.Unit != stat.Number {
		return 0
	}
	return s.m.Decimals
}

// changeEnd is one end of a change, in its unit.
func (s *subject) changeEnd(c reportChange, o stat.Observation) string {
	if c.counts {
		return stat.Format(s.number(o).Number, s.changeDecimals(c))
	}
	return benchmark.Quantity(s.m, o.Value.Number, s.m.Decimals)
}

// changeSize is the change itself: "13 (2.6%)", "2.1 percentage points".
func (s *subject) changeSize(c reportChange) string {
	out := stat.Format(abs(c.by), s.changeDecimals(c))
	switch {
	case s.m.Unit == stat.Percent && !c.counts:
		return out + " percentage points"
	case s.m.Unit == stat.RateOf && !c.counts:
		out += " per 10,000"
	}
	if c.percent != nil {
		out += fmt.Sprintf(" (%s%%)", stat.Format(abs(*c.percent), 1))
	}
	return out
}

// changeWay is 1 up, -1 down, 0 for none at the decimals shown.
func (s *subject) changeWay(c reportChange) int {
	switch x := stat.RoundHalfUp(c.by, s.changeDecimals(c)); {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// changeWords are the change after its opening, which named now: "up 13 (2.6%)
// from 492 on 30 September 2025; chance alone could explain it".
func (s *subject) changeWords(c reportChange, now stat.Observation) string {
	from := s.changeEnd(c, c.from) + " " + benchmark.When(c.from.Period)
	if a, b := whoseShort(c.from), whoseShort(c.to); a != b {
		from += fmt.Sprintf(" (%s figure)", benchmark.Possessive(a))
	}
	way := s.changeWay(c)
	if way == 0 {
		return "no change from " + from
	}
	out := map[int]string{1: "up ", -1: "down "}[way] + s.changeSize(c) + " from " + from
	if now.Period != c.to.Period || now.Publisher() != c.to.Publisher() {
		out += fmt.Sprintf(" to %s %s", s.changeEnd(c, c.to), benchmark.When(c.to.Period))
	}
	if c.chance != "" {
		out += "; " + c.chance
	}
	return out
}
