package dashboard

import (
	"fmt"
	"slices"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// subject is one measure in one area, compared at every period there is.
type subject struct {
	f        *figures
	m        stat.Measure
	area     stat.Area
	sel      Selection
	with     peers
	in       benchmark.Input
	periods  []stat.Period           // of the published series, with the years in between
	compared []*benchmark.Comparison // at each of the periods, nil until it is asked for
	own      []stat.Observation      // the council's own, oldest first
	span     stat.Span               // of the published series of a flow
	local    bool                    // nobody but the council has figures of this measure
	at       int                     // index of the headline's period, -1 for none
}

func (f *figures) subject(m stat.Measure, a stat.Area, sel Selection) *subject {
	with, _ := f.peers(sel.Neighbours, a) // checked by settle
	s := &subject{f: f, m: m, area: a, sel: sel, with: with, in: f.input(m, a, with), own: f.own[m.Code][a.Code]}
	s.in.Since, s.in.Meeting = f.meeting(sel.Since)
	s.local = len(f.published[m.Code]) == 0
	s.span = series(m, f.published[m.Code])
	if s.local {
		s.compareOwn()
		return s
	}
	for p := range f.published[m.Code] {
		if s.main(p) {
			s.periods = append(s.periods, p)
		}
	}
	slices.SortFunc(s.periods, stat.Period.Compare)
	s.periods = fill(s.periods, s.span)
	s.compared = make([]*benchmark.Comparison, len(s.periods))
	s.at = s.latest()
	if w := s.passedOver(); w != "" {
		c := s.comparedAt(s.at)
		c.Warnings = append(slices.Clone(c.Warnings), w)
	}
	return s
}

// passedOver says that the headline is not of the area's latest figure, because
// of that date there is nobody to compare with.
func (s *subject) passedOver() string {
	for i := len(s.periods) - 1; i > s.at && s.at >= 0; i-- {
		o := s.observation(s.area.Code, s.periods[i])
		if !o.Value.Known() && !o.Count.Known() {
			continue
		}
		figure := stat.Format(o.Count.Number, 0)
		if o.Value.Known() {
			figure = benchmark.Quantity(s.m, o.Value.Number, s.m.Decimals)
		}
		return fmt.Sprintf("A newer figure is held, %s %s, but none of %s of that date; this is of the latest with one to compare with.",
			figure, benchmark.When(s.periods[i]), s.with.its())
	}
	return ""
}

// comparedAt is the comparison at one of the subject's periods.
func (s *subject) comparedAt(i int) *benchmark.Comparison {
	if s.compared[i] == nil {
		c := s.compare(s.periods[i])
		s.compared[i] = &c
	}
	return s.compared[i]
}

func (s *subject) compare(p stat.Period) benchmark.Comparison {
	s.in.Period, s.in.Figures, s.in.Neighbours = p, s.f.published[s.m.Code][p], s.with.at(p)
	c := benchmark.Compare(s.in)
	here := s.in.Figures[s.area.Code]
	if year := s.f.provisional(here); year > 0 {
		c.Warnings = append(c.Warnings, provisionalWarning(benchmark.When(p), year))
	} else if year := s.f.early(here); year > 0 && c.Interval != nil {
		c.Warnings = append(c.Warnings, fmt.Sprintf("The interval and the distance in children %s use the population estimate for mid-%d until a later one is held.", benchmark.When(p), year))
	}
	return c
}

// answer is a comparison with what is to be said of its Latest figure.
func (s *subject) answer(c benchmark.Comparison) *benchmark.Comparison {
	if c.Latest == nil {
		return &c
	}
	newest := s.newest()
	if year := s.f.provisional(newest); year > 0 {
		c.Warnings = append(slices.Clone(c.Warnings), provisionalWarning(benchmark.When(newest.Period), year))
	}
	return &c
}

// newest is the council's last own figure, the one that is a comparison's
// Latest where it has one.
func (s *subject) newest() stat.Observation {
	for _, o := range slices.Backward(s.own) {
		if o.Count.Known() || o.Value.Known() {
			return o
		}
	}
	return stat.Observation{}
}

// compareOwn sets the council's figures beside each other, there being no
// others.
func (s *subject) compareOwn() {
	s.in.Regions, s.in.Authorities, s.in.Group = nil, nil, ""
	s.in.Earlier, s.in.Own = s.own, nil
	for _, o := range s.own {
		s.in.Period, s.in.Figures = o.Period, map[string]stat.Observation{s.area.Code: o}
		c := benchmark.Compare(s.in)
		c.Warnings = append([]string{localWarning}, c.Warnings...)
		if year := s.f.provisional(o); year > 0 {
			c.Warnings = append(c.Warnings, provisionalWarning(benchmark.When(o.Period), year))
		}
		s.periods, s.compared = append(s.periods, o.Period), append(s.compared, &c)
	}
	s.at = len(s.periods) - 1
}

const localWarning = "Only the council has figures for this measure, so there are no others to compare them with."

// series is the span of a measure's published periods: what the catalogue
// says, unless nothing of that span is held and something else is.
func series[T any](m stat.Measure, published map[stat.Period]T) stat.Span {
	step := m.Frequency
	if step == "" {
		step = stat.Year
	}
	if m.Kind == stat.Snapshot {
		return step
	}
	var longest stat.Span
	for p := range published {
		if p.Span == step {
			return step
		}
		if months[p.Span] > months[longest] {
			longest = p.Span
		}
	}
	if longest == "" {
		return step
	}
	return longest
}

// main reports whether a published figure of this period belongs to the
// measure's series: every date of a snapshot, every year of an annual flow.
func (s *subject) main(p stat.Period) bool {
	return s.m.Kind == stat.Snapshot || p.Span == s.span
}

var months = map[stat.Span]int{stat.Month: 1, stat.Quarter: 3, stat.Half: 6, stat.Year: 12}

// seasonal reports whether the measure is counted over a part of a year.
func (s *subject) seasonal(p stat.Period) bool {
	n := months[p.Span]
	return s.m.Kind == stat.Flow && n > 0 && n < months[stat.Year]
}

// fill puts in the periods that are missing between others a step apart, so
// that a gap breaks the line.
func fill(ps []stat.Period, step stat.Span) []stat.Period {
	n := months[step]
	var out []stat.Period
	for _, p := range ps {
		if len(out) > 0 && n > 0 {
			last := out[len(out)-1]
			for next := last.End.AddMonthEnds(n); last.End == last.End.MonthEnd() && next.Before(p.End); next = next.AddMonthEnds(n) {
				out = append(out, stat.Period{End: next, Span: p.Span})
			}
		}
		out = append(out, p)
	}
	return out
}

// latest is the period a headline is of: the last with neighbours to compare
// with while the area existed, or else the last with a figure of the area.
func (s *subject) latest() int {
	for _, good := range []func(i int) bool{
		func(i int) bool { return s.comparedAt(i).Neighbours.N > 0 && s.area.ExistedAt(s.periods[i].End) },
		func(i int) bool { return s.comparedAt(i).Value != nil },
		func(i int) bool { return s.comparedAt(i).Count != nil },
	} {
		for i := len(s.periods) - 1; i >= 0; i-- {
			if good(i) {
				return i
			}
		}
	}
	return len(s.periods) - 1
}

// headline is the comparison of the headline's period, nil where there are no
// figures at all.
func (s *subject) headline() *benchmark.Comparison {
	if s.at < 0 {
		return nil
	}
	return s.comparedAt(s.at)
}

// current is the observation the headline is of.
func (s *subject) current() stat.Observation {
	if s.local {
		return s.own[s.at]
	}
	return s.observation(s.area.Code, s.periods[s.at])
}

// within reports whether a period is in the selected reporting years.
func (s *subject) within(p stat.Period) bool {
	y := p.End.FinancialYear()
	return (s.sel.From == 0 || y >= s.sel.From) && (s.sel.To == 0 || y <= s.sel.To)
}

// observation is what was published of an area at a period.
func (s *subject) observation(code string, p stat.Period) stat.Observation {
	return s.f.published[s.m.Code][p][code]
}

// counting reports whether numbers are shown that depend on an area's size.
func (s *subject) counting() bool {
	return s.sel.Show == ShowCount || !benchmark.Comparable(s.m)
}

// shown is the figure of an observation that the selection asks for.
func (s *subject) shown(o stat.Observation) stat.Figure {
	if s.sel.Show == ShowCount && s.m.Unit != stat.Number {
		return o.Count
	}
	return o.Value
}

// decimals are those of the figures shown.
func (s *subject) decimals() int {
	if s.sel.Show == ShowCount && s.m.Unit != stat.Number {
		return 0
	}
	return s.m.Decimals
}

// number is how many there were: the count, or the value of a measure that is
// a number itself.
func (s *subject) number(o stat.Observation) stat.Figure {
	if s.m.Unit == stat.Number && !o.Count.Given() {
		return o.Value
	}
	return o.Count
}

// sharesAxis reports whether an own figure can be drawn on the axis of the
// published ones: a month's referrals cannot stand beside a year's, and a
// month's percentage, of few, scatters more than a year's.
func (s *subject) sharesAxis(p stat.Period) bool {
	return s.m.Kind == stat.Snapshot || p.Span == s.span || s.local && s.m.Unit != stat.RateOf
}

// alone is the figure of an own observation drawn apart: a percentage as such,
// and of a rate how many there were, since a month's rate is none.
func (s *subject) alone(o stat.Observation) stat.Figure {
	if s.countsAlone() {
		return s.number(o)
	}
	return o.Value
}

func (s *subject) countsAlone() bool {
	return s.sel.Show == ShowCount || s.m.Unit == stat.RateOf || s.m.Unit == stat.Number
}

// newer are the own figures after the area's last published one that share
// its axis, within the selected years.
func (s *subject) newer() []stat.Observation {
	var last stat.Date
	if !s.local {
		for _, p := range s.periods {
			if s.shown(s.observation(s.area.Code, p)).Known() {
				last = p.End
			}
		}
	}
	var out []stat.Observation
	for _, o := range s.own {
		if s.within(o.Period) && s.sharesAxis(o.Period) && (last.IsZero() || last.Before(o.Period.End)) {
			out = append(out, o)
		}
	}
	return out
}

// apart are the own figures that need an axis of their own, of the span there
// are most of, within the selected years.
func (s *subject) apart() []stat.Observation {
	bySpan := map[stat.Span][]stat.Observation{}
	var most stat.Span
	for _, o := range s.own {
		if s.within(o.Period) && !s.sharesAxis(o.Period) && s.alone(o).Given() {
			sp := o.Period.Span
			bySpan[sp] = append(bySpan[sp], o)
			if len(bySpan[sp]) > len(bySpan[most]) {
				most = sp
			}
		}
	}
	return bySpan[most]
}

// show notes that a figure is on the page, for samples and drafts to be
// announced.
func (s *subject) show(fig stat.Figure) {
	s.f.drafts.note(fig)
	if fig.Origin != nil && fig.Origin.Sample && fig.Known() {
		s.f.sampled = true
	}
}
