package dashboard

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// goal is a row's target and how a reason speaks of it.
type goal struct {
	Target
	name     string    // "the target of 55", "the neighbours' mean of 120.4 per 10,000 on 31 March 2025"
	missing  string    // why there are no bounds
	decimals int       // at which a figure is held against it
	span     stat.Span // of the others' figures it rests on, "" where it rests on none
}

// goal is what the row's figure is meant to be.
func (s *scoring) goal(r *ScorecardRow) goal {
	g := goal{decimals: s.decimals()}
	switch {
	case s.def.Range != nil:
		g.Lower, g.Upper, g.Words = &s.def.Range[0], &s.def.Range[1], s.def.rangeWords(s.m)
		g.name = "the target, which is " + g.Words
		g.decimals = decimalsOf(s.def.Range[1], decimalsOf(s.def.Range[0], g.decimals))
	case s.def.Target != nil:
		s.fixed(&g)
	case s.def.TargetFrom != "":
		s.relative(&g, r)
	default:
		g.missing = "No target is set: for information."
		return g
	}
	g.By, g.Tolerance = s.def.TargetBy, s.def.Tolerance
	if g.Tolerance != nil {
		g.ToleranceWords = "amber within " + s.def.gapOf(s.m, plain(*g.Tolerance, 0))
	}
	g.ByWords = map[string]string{LocalTarget: "local target", NationalTarget: "national target"}[g.By]
	return g
}

// fixed is a target that is a number.
func (s *scoring) fixed(g *goal) {
	t := s.def.unitOf(s.m, plain(*s.def.Target, 0))
	g.decimals = decimalsOf(*s.def.Target, g.decimals)
	g.Strict = s.def.TargetIs != ""
	g.bound(s.def.Target, s.def.below(s.m))
	g.name = "the target of " + t
	switch {
	case g.Strict:
		g.Words = s.def.TargetIs + " " + t
		g.name = "the target, which is " + g.Words
	case s.def.below(s.m):
		g.Words = "at most " + t
	default:
		g.Words = "at least " + t
	}
}

// relative is a target that is others' latest figure.
func (s *scoring) relative(g *goal, r *ScorecardRow) {
	var other *Comparator
	whose := "the " + DefaultModel + " neighbours' mean"
	switch s.def.TargetFrom {
	case fromNeighbours:
		if other = s.peersMean(r); other == &r.Neighbours {
			whose = "the neighbours' mean"
		}
	case fromRegion:
		other, whose = &r.Region, "the regional figure"
	case fromEngland:
		other, whose = &r.England, benchmark.Possessive(r.England.Name)+" figure"
	}
	g.Strict = true
	g.Words = s.def.TargetIs + " " + whose
	if other.Number == nil {
		g.missing = fmt.Sprintf("The target is to be %s, which is not held, so there is no rating.", g.Words)
		return
	}
	g.decimals = max(1, g.decimals)
	if g.span = stat.Day; s.m.Kind != stat.Snapshot {
		g.span = s.span
	}
	where := other.Label
	if other == &r.Region {
		where = other.Name + ", " + where
	}
	g.name = fmt.Sprintf("%s of %s (%s)", whose, other.Text, where)
	g.Words = s.def.TargetIs + " " + g.name
	g.bound(other.Number, s.def.TargetIs == isBelow)
}

func (g *goal) bound(x *float64, below bool) {
	if below {
		g.Upper = x
		return
	}
	g.Lower = x
}

var ratings = map[string]Rating{
	Green:   {Code: Green, Word: "Green", Shape: "circle"},
	Amber:   {Code: Amber, Word: "Amber", Shape: "triangle"},
	Red:     {Code: Red, Word: "Red", Shape: "diamond"},
	Unrated: {Code: Unrated, Word: "Not rated"},
}

// rate holds the current figure against the goal. Both are taken as they are
// shown, so that a reader finds the same. Amber is a miss by no more than the
// tolerance; without one a miss is red.
func (s *scoring) rate(r *ScorecardRow, g goal) Rating {
	rated := func(code, reason string) Rating {
		out := ratings[code]
		out.Reason = reason
		return out
	}
	here, beside := s.alike(r.Current, g)
	switch {
	case g.missing != "":
		return rated(Unrated, g.missing)
	case here.Mark != "":
		return rated(Unrated, fmt.Sprintf("The figure is %s, so there is no rating.", stat.Mark(here.Mark).Meaning()))
	case here.Number == nil:
		return rated(Unrated, cmp.Or(beside, "No figure is held, so there is no rating."))
	}
	miss, side := g.miss(*here.Number)
	switch {
	case side == "":
		return rated(Green, s.metWords(here, g)+beside)
	case g.Tolerance == nil:
		return rated(Red, s.missWords(here, g, miss, side)+"."+beside)
	}
	tolerance := s.def.gapOf(s.m, plain(*g.Tolerance, 0))
	if miss <= stat.RoundHalfUp(*g.Tolerance, 6) {
		return rated(Amber, s.missWords(here, g, miss, side)+", within the tolerance of "+tolerance+"."+beside)
	}
	return rated(Red, s.missWords(here, g, miss, side)+", beyond the tolerance of "+tolerance+"."+beside)
}

// alike is the figure to hold against the goal, and what is to be said of it:
// the current one, or, where others' figures are of longer or shorter periods,
// the area's latest of one as long as theirs. It has no Number where there is
// none, for a month is not held against a year.
func (s *scoring) alike(current ScorecardPoint, g goal) (here ScorecardPoint, beside string) {
	span := s.current().Period.Span
	if g.span == "" || current.Number == nil || span == g.span {
		return current, ""
	}
	var latest stat.Observation
	for _, l := range s.lists() {
		for _, o := range l {
			if o.Period.Span == g.span && s.shown(o).Known() && latest.Period.End.Before(o.Period.End) {
				latest = o
			}
		}
	}
	if latest.Period.IsZero() {
		return ScorecardPoint{}, fmt.Sprintf("The figure is of %s and the others' of %s, so there is no rating.", spanWords[span], spanWords[g.span])
	}
	here = s.figure(latest, &credit{}) // its sources are those of the figures it is held against
	here.Text += " " + benchmark.When(latest.Period)
	return here, fmt.Sprintf(" The current figure is of %s and theirs of %s, so it is not the one rated.", spanWords[span], spanWords[g.span])
}

// spanWords are lengths of periods in a sentence.
var spanWords = map[stat.Span]string{
	stat.Day: "a day", stat.Month: "a month", stat.Quarter: "a quarter", stat.Half: "half a year", stat.Year: "a year",
}

// miss is by how much x misses the goal and on which side, "" where it does
// not. A strict goal is missed by 0 too.
func (g goal) miss(x float64) (by float64, side string) {
	round := func(x float64) float64 { return stat.RoundHalfUp(x, g.decimals) }
	off := func(bound *float64, way float64) (float64, bool) {
		if bound == nil {
			return 0, false
		}
		d := round(way * (round(x) - round(*bound)))
		return d, d > 0 || g.Strict && d == 0
	}
	if by, missed := off(g.Upper, 1); missed {
		return by, "above"
	}
	if by, missed := off(g.Lower, -1); missed {
		return by, "below"
	}
	return 0, ""
}

// missWords are "60 is 5 above the target of 55".
func (s *scoring) missWords(here ScorecardPoint, g goal, miss float64, side string) string {
	if miss == 0 {
		return fmt.Sprintf("%s is the same as %s; it is to be %s", here.Text, s.boundWords(g), s.def.TargetIs)
	}
	out := fmt.Sprintf("%s is %s %s %s", here.Text, s.def.gapOf(s.m, stat.Format(miss, s.gapDecimals(miss, g))), side, g.name)
	if s.def.TargetFrom != "" {
		out += ", which it is to be " + s.def.TargetIs
	}
	return out
}

// boundWords name what a strict goal is not to be reached of.
func (s *scoring) boundWords(g goal) string {
	if s.def.Target != nil {
		return "the target of " + s.def.unitOf(s.m, plain(*s.def.Target, 0))
	}
	return g.name
}

func (s *scoring) metWords(here ScorecardPoint, g goal) string {
	if s.def.TargetFrom == "" {
		return fmt.Sprintf("%s meets the target: %s.", here.Text, g.Words)
	}
	bound := g.Upper
	if bound == nil {
		bound = g.Lower
	}
	gap := math.Abs(stat.RoundHalfUp(stat.RoundHalfUp(*here.Number, g.decimals)-stat.RoundHalfUp(*bound, g.decimals), g.decimals))
	return fmt.Sprintf("%s is %s %s, as the target asks.", here.Text, s.def.gapOf(s.m, stat.Format(gap, s.gapDecimals(gap, g))), g.Words)
}

// gapDecimals leave off a .0 that the figures themselves do not have.
func (s *scoring) gapDecimals(gap float64, g goal) int {
	return min(g.decimals, decimalsOf(gap, s.decimals()))
}

// travel is the way from the previous figure to the current one, judged by
// what is good on this scorecard; towards a range is better.
func (s *scoring) travel(r *ScorecardRow) Travel {
	if r.Previous.Number == nil || r.Current.Number == nil {
		return Travel{}
	}
	d := s.decimals()
	was, is := stat.RoundHalfUp(*r.Previous.Number, d), stat.RoundHalfUp(*r.Current.Number, d)
	by := stat.RoundHalfUp(is-was, d)
	t := Travel{Arrow: "→", Number: &by, Words: "no change"}
	if by != 0 {
		way := "up "
		if t.Arrow = "↑"; by < 0 {
			t.Arrow, way = "↓", "down "
		}
		t.Words = way + s.def.gapOf(s.m, stat.Format(math.Abs(by), d))
	}
	t.Words += s.percentWords(was, by) + sinceWords(s.before.Period, r.Previous, r.Current)
	if t.Judged = s.judge(was, is); t.Judged != "" {
		t.Words += ": " + t.Judged
	}
	if by != 0 && s.seasonal(s.current().Period) && s.before.Period != yearEarlier(s.current().Period) {
		t.Words += "; it may be the season or chance"
	}
	return t
}

// percentWords are a change as a percentage, in brackets. That of a rounded
// rate is a coarse one, so it is told of the number where that is held.
func (s *scoring) percentWords(was, by float64) string {
	rate := s.m.Unit == stat.RateOf && s.def.Show != ShowCount
	a, b := s.before.Count, s.current().Count
	switch {
	case rate && a.Known() && b.Known():
		return " (the number " + numberMoved(a.Number, b.Number) + ")"
	case was == 0 || by == 0 || s.m.Unit == stat.Percent && s.def.Show != ShowCount:
		return ""
	case rate:
		return fmt.Sprintf(" (%s%% of the rate)", stat.Format(100*math.Abs(by/was), 1))
	}
	return fmt.Sprintf(" (%s%%)", stat.Format(100*math.Abs(by/was), 1))
}

// numberMoved is "down 2, 0.4%".
func numberMoved(was, is float64) string {
	out := "up "
	switch {
	case is == was:
		return "the same"
	case is < was:
		out = "down "
	}
	if out += stat.Format(math.Abs(is-was), 0); was != 0 {
		out += fmt.Sprintf(", %s%%", stat.Format(100*math.Abs((is-was)/was), 1))
	}
	return out
}

// sinceWords name the previous figure: "since 31 August 2025", "on August
// 2025", and whose it is where that is not the current one's publisher.
func sinceWords(p stat.Period, previous, current ScorecardPoint) string {
	out := " on the " + p.Label()
	switch p.Span {
	case stat.Day:
		out = " since " + p.Label()
	case stat.Year:
	default:
		out = " on " + p.Label()
	}
	if strings.TrimSuffix(previous.Publisher, draftEnd) != strings.TrimSuffix(current.Publisher, draftEnd) {
		out += fmt.Sprintf(" (%s figure)", possessor(previous.Publisher))
	}
	return out
}

func possessor(publisher string) string {
	if council(publisher) {
		return publisher
	}
	name, draft := strings.CutSuffix(publisher, draftEnd)
	if name = benchmark.Possessive(name); draft {
		name += draftEnd
	}
	return name
}

func (s *scoring) judge(was, is float64) string {
	way := is - was
	if s.def.Range != nil {
		way = s.outside(was) - s.outside(is)
	} else {
		switch s.def.good(s.m) {
		case stat.LowIsGood:
			way = -way
		case stat.HighIsGood:
		default:
			return ""
		}
	}
	switch {
	case way > 0:
		return Better
	case way < 0:
		return Worse
	}
	return ""
}

// outside is how far x lies from the range.
func (s *scoring) outside(x float64) float64 {
	return max(s.def.Range[0]-x, 0, x-s.def.Range[1])
}
