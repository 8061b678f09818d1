package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// titleWords is the most a chart's title may have.
const titleWords = 10

// fit is the first of some titles that is short enough, or else the last.
func fit(titles ...string) string {
	for _, t := range titles {
		if t != "" && len(strings.Fields(t)) <= titleWords {
			return t
		}
	}
	return titles[len(titles)-1]
}

// unitWords is the unit of the figures shown, for a subtitle.
func (s *subject) unitWords() string {
	if s.sel.Show == ShowCount {
		return stat.Number.Words()
	}
	return s.m.Unit.Words()
}

// placeAndTime is "Middlesbrough, 31 March 2016 to 31 March 2025".
func (s *subject) placeAndTime(t *TrendPanel) string {
	var first, last *Point
	for _, l := range t.Lines {
		for i := range l.Points {
			pt := &l.Points[i]
			if first == nil || pt.Period < first.Period {
				first = pt
			}
			if last == nil || pt.Period > last.Period {
				last = pt
			}
		}
	}
	switch {
	case first == nil:
		return s.area.Name
	case first.Label == last.Label:
		return s.area.Name + ", " + first.Label
	}
	from, to := first.Label, last.Label
	if year := "year ending "; strings.HasPrefix(from, year) && strings.HasPrefix(to, year) {
		from, to = "years ending "+from[len(year):], to[len(year):]
	}
	return fmt.Sprintf("%s, %s to %s", s.area.Name, from, to)
}

// trendTitle says where the area stands: "Children looked after: 138 per
// 10,000, above neighbours".
func (s *subject) trendTitle() string {
	c := s.headline()
	if c == nil {
		return s.m.Name
	}
	if s.counting() {
		count := number(c.Count, 0)
		if s.m.Unit == stat.Number {
			count = number(c.Value, s.m.Decimals)
		}
		if count == "" {
			return s.m.Name
		}
		return fit(fmt.Sprintf("%s: %s %s", s.m.Name, count, benchmark.When(s.periods[s.at])), s.m.Name+": "+count, s.m.Name)
	}
	if c.Value == nil {
		return fit(fmt.Sprintf("%s: no figure %s", s.m.Name, benchmark.When(s.periods[s.at])), s.m.Name)
	}
	value := s.m.Name + ": " + benchmark.Quantity(s.m, *c.Value, s.m.Decimals)
	if c.Neighbours.Mean == nil {
		return fit(value, s.m.Name)
	}
	side := benchmark.Direction(*c.Value, *c.Neighbours.Mean)
	if side == "the same as" {
		side = "same as"
	}
	return fit(value+", "+side+" "+s.with.who(), value+", "+side+" "+c.Neighbours.MeanName(), value, s.m.Name)
}

// trendSentence says what moved over the years drawn.
func (s *subject) trendSentence(t *TrendPanel) string {
	switch last := t.Lines[len(t.Lines)-1]; {
	case t.Lines[0].Role == RoleArea:
	case last.Role == RoleOwn:
		return s.ownSentence(last)
	default:
		return s.nothing()
	}
	first, last := ends(t.Lines[0])
	what := map[stat.Unit]string{stat.RateOf: "rate", stat.Percent: "percentage"}[s.m.Unit]
	if what == "" {
		what = "figure"
	}
	if s.counting() {
		what = "number"
	}
	out := fmt.Sprintf("%s %s %s", benchmark.Possessive(s.area.Name), what, s.movement(t.Lines[0], s.decimals()))
	for _, l := range t.Lines {
		if l.Role == RoleNeighbours {
			a, b := ends(l)
			if a.Period == first.Period && b.Period == last.Period && s.alikeAt(a, b) {
				out += fmt.Sprintf("; the mean of %s %s", s.with.its(), s.moved(a, b, 1))
			}
		}
	}
	return out + "."
}

// alikeAt reports whether the neighbours' mean is of much the same ones at two
// points: no fewer than three in four at either end.
func (s *subject) alikeAt(a, b Point) bool {
	var n []int
	for i, p := range s.periods {
		if end := p.End.String(); end == a.Period || end == b.Period {
			n = append(n, s.comparedAt(i).Neighbours.N)
		}
	}
	return len(n) > 0 && 4*slices.Min(n) >= 3*slices.Max(n)
}

// nothing says that the area has no line to look at.
func (s *subject) nothing() string {
	what := "figures"
	if s.sel.Show == ShowCount {
		what = "numbers"
	}
	if len(s.own) > 0 {
		what = "published " + what
		if s.span == stat.Year && s.m.Kind == stat.Flow {
			what = "yearly " + what
		}
	}
	return fmt.Sprintf("No %s are held of %s in %s for these years.", what, benchmark.LowerFirst(s.m.Name), benchmark.PlaceName(s.area.Name))
}

// ownSentence is of the council's own figures alone.
func (s *subject) ownSentence(l Line) string {
	if _, last := ends(l); s.seasonalAt(last.Period) {
		return s.seasonSentence(l)
	}
	return fmt.Sprintf("The council's own figure %s.", s.movement(l, s.decimals()))
}

// seasonalAt reports whether the own figure to a day is seasonal: then the
// first and the last are of two seasons, and tell no movement.
func (s *subject) seasonalAt(end string) bool {
	return slices.ContainsFunc(s.own, func(o stat.Observation) bool { return o.Period.End.String() == end && s.seasonal(o.Period) })
}

// seasonSentence is the latest figure, the same one of the year before and the
// range: what can be said of months without comparing seasons.
func (s *subject) seasonSentence(l Line) string {
	_, last := ends(l)
	low, high := last, last
	out := fmt.Sprintf("The council's own figure was %s (%s)", s.pointText(last), last.Label)
	day, _ := stat.ParseDate(last.Period) // it is one of ours
	for _, pt := range l.Points {
		if pt.Number == nil {
			continue
		}
		if pt.Period == day.AddMonthEnds(-12).String() {
			out += fmt.Sprintf(", against %s (%s)", s.pointText(pt), pt.Label)
		}
		if *pt.Number < *low.Number {
			low = pt
		}
		if *pt.Number > *high.Number {
			high = pt
		}
	}
	if *low.Number == *high.Number {
		return out + "."
	}
	return out + fmt.Sprintf("; those shown run from %s (%s) to %s (%s).", s.pointText(low), low.Label, s.pointText(high), high.Label)
}

// movement is "rose from 118 per 10,000 (31 March 2016) to 138 per 10,000 (31
// March 2025), having peaked at 189 per 10,000 (31 March 2021)".
func (s *subject) movement(l Line, decimals int) string {
	a, b := ends(l)
	if a.Period == b.Period {
		return fmt.Sprintf("was %s (%s)", s.pointText(b), b.Label)
	}
	verb := "rose"
	switch x, y := stat.RoundHalfUp(*a.Number, decimals), stat.RoundHalfUp(*b.Number, decimals); {
	case x > y:
		verb = "fell"
	case x == y:
		return fmt.Sprintf("was %s at both ends (%s and %s)", s.pointText(b), a.Label, b.Label) + s.between(l)
	}
	return fmt.Sprintf("%s from %s (%s) to %s (%s)", verb, s.pointText(a), a.Label, s.pointText(b), b.Label) + s.between(l)
}

// between names the peak or the low of a line that lies further beyond its ends
// than these are apart, and by a tenth or more: the ends alone would mislead.
func (s *subject) between(l Line) string {
	a, b := ends(l)
	high, low := max(*a.Number, *b.Number), min(*a.Number, *b.Number)
	var turn Point
	word, furthest := "", max(high-low, 0.1*high)
	for _, pt := range l.Points {
		if pt.Number == nil {
			continue
		}
		if above := *pt.Number - high; above > furthest {
			turn, word, furthest = pt, "peaked at", above
		}
		if below := low - *pt.Number; below > furthest {
			turn, word, furthest = pt, "been as low as", below
		}
	}
	if word == "" {
		return ""
	}
	return fmt.Sprintf(", having %s %s (%s)", word, s.pointText(turn), turn.Label)
}

// moved is movement without the dates, which have been given.
func (s *subject) moved(a, b Point, decimals int) string {
	switch x, y := stat.RoundHalfUp(*a.Number, decimals), stat.RoundHalfUp(*b.Number, decimals); {
	case a.Period == b.Period:
		return "was " + b.Text
	case x > y:
		return fmt.Sprintf("fell from %s to %s", a.Text, b.Text)
	case x == y:
		return fmt.Sprintf("was %s at both ends", b.Text)
	}
	return fmt.Sprintf("rose from %s to %s", a.Text, b.Text)
}

// pointText is a point's figure with its unit.
func (s *subject) pointText(p Point) string {
	if s.sel.Show == ShowCount {
		return p.Text
	}
	return benchmark.InUnit(s.m, p.Text)
}

// ends are the first and last points of a line that have numbers.
func ends(l Line) (first, last Point) {
	for _, pt := range l.Points {
		if pt.Number == nil {
			continue
		}
		if first.Number == nil {
			first = pt
		}
		last = pt
	}
	return first, last
}

// trendWarnings are the doubts about the lines drawn.
func (s *subject) trendWarnings(t *TrendPanel, from, to int) []string {
	var out []string
	if s.local {
		out = append(out, localWarning)
	}
	switch {
	case s.sel.Show == ShowCount:
		out = append(out, "Numbers depend on the size of an area, so only the area's own are drawn.")
	case s.counting() && !s.local:
		out = append(out, "This measure is a number that depends on the size of an area, so only the area's own is drawn.")
	case s.with.none() && !s.local:
		out = append(out, s.with.absence(s.area))
	}
	if c := s.headline(); c != nil && !s.counting() && len(s.in.Regions) > 1 && c.Region.Code != s.in.Regions[0].Code && c.Region.Value != nil {
		out = append(out, fmt.Sprintf("Compared with %s, because there is no figure for %s.", c.Region.Name, s.in.Regions[0].Name))
	}
	for _, o := range s.own {
		for _, p := range s.periods[from:to] {
			if p != o.Period {
				continue
			}
			if d := benchmark.Difference(s.m, o, s.observation(s.area.Code, p)); d != "" {
				s.show(s.number(o))
				out = append(out, d)
			}
		}
	}
	return append(out, s.provisionalWarnings()...)
}

// provisionalWarnings name the population estimates that stand in for ones not
// yet held, once for each.
func (s *subject) provisionalWarnings() []string {
	if s.sel.Show == ShowCount {
		return nil
	}
	var out []string
	when := "after the last published figure"
	if s.local {
		when = "from the council's own numbers"
	}
	for _, o := range s.newer() {
		if year := s.f.provisional(o); year > 0 {
			w := provisionalWarning(when, year)
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

func provisionalWarning(when string, year int) string {
	return fmt.Sprintf("Rates worked out here %s are provisional: they use the population estimate for mid-%d until a later one is held.", when, year)
}
