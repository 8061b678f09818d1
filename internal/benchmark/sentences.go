package benchmark

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"bellwether/internal/stat"
)

// sentences say what the comparison holds and no more. They call nothing good
// or bad unless the measure's polarity does.
func (c Comparison) sentences(in Input) []string {
	if c.Value == nil && c.Count == nil {
		return []string{c.absence(in)}
	}
	out := []string{c.opening(in)}
	if parts := keep(c.moved(in), c.movedSince(in), c.stands(in)); len(parts) > 0 {
		out = append(out, "That is "+series(parts)+".")
	}
	if c.Rank != nil && c.Rank.Of > 1 {
		out = append(out, fmt.Sprintf("It was %s authorities.", c.Rank.Sentence()))
	}
	out = append(out, keep(c.trended(in), c.matches(in), c.ownSince(in))...)
	if good := better[in.Measure.Polarity]; good != "" && len(out) > 1 {
		out = append(out, good)
	}
	return out
}

var better = map[stat.Polarity]string{
	stat.HighIsGood: "For this measure higher is better.",
	stat.LowIsGood:  "For this measure lower is better.",
}

// series joins parts of a sentence: "a, and b", "a, b, and c".
func series(parts []string) string {
	n := len(parts) - 1
	if n == 0 {
		return parts[0]
	}
	return strings.Join(parts[:n], ", ") + ", and " + parts[n]
}

func keep(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// absence says that there is no figure, and why where a file does.
func (c Comparison) absence(in Input) string {
	f := in.Figures[in.Area.Code]
	s := fmt.Sprintf("There is no figure for %s %s", PlaceName(in.Area.Name), When(in.Period))
	if mark := cmp.Or(f.Value.Mark, f.Count.Mark); mark != "" {
		s += fmt.Sprintf(" (%s: %s)", mark.Letter(), mark.Meaning())
	}
	return s + "."
}

// opening states the figure itself.
func (c Comparison) opening(in Input) string {
	m, noun, per := in.Measure, nounOf(in.Measure), perWords(in.Measure)
	start := UpperFirst(When(in.Period)) + " " + PlaceName(in.Area.Name)
	_, follows := settled(m, in.here())
	switch {
	case c.Value == nil:
		return fmt.Sprintf("%s had %s.", start, things(*c.Count, 0, noun))
	case m.Unit == stat.RateOf && c.Count != nil && !follows:
		return fmt.Sprintf("%s had %s; the rate as printed is %s %s.", start, things(*c.Count, 0, noun), stat.Format(*c.Value, m.Decimals), per)
	case m.Unit == stat.RateOf && c.Count != nil:
		return fmt.Sprintf("%s had %s, %s %s%s.", start, things(*c.Count, 0, noun), stat.Format(*c.Value, m.Decimals), per, c.about())
	case m.Unit == stat.RateOf:
		return fmt.Sprintf("%s had %s %s %s.", start, stat.Format(*c.Value, m.Decimals), noun, per)
	case m.Noun != "" && !Comparable(m):
		return fmt.Sprintf("%s had %s.", start, things(*c.Value, m.Decimals, noun))
	}
	return fmt.Sprintf("%s figure for %s was %s%s.", Possessive(start), LowerFirst(m.Name), Quantity(m, *c.Value, m.Decimals), c.fraction(in))
}

// nounOf is what a measure counts, in a sentence.
func nounOf(m stat.Measure) string {
	if m.Noun == "" {
		return LowerFirst(m.Name)
	}
	return m.Noun
}

// perWords are "per 10,000" in a sentence: children on a date are themselves
// among the ten thousand, what happens in a year is not.
func perWords(m stat.Measure) string {
	if m.Kind == stat.Snapshot {
		return "in every 10,000"
	}
	return "for every 10,000 children aged 0 to 17"
}

// fraction is n of N behind a percentage, for small numbers move it.
func (c Comparison) fraction(in Input) string {
	o := in.Figures[in.Area.Code]
	if in.Measure.Unit != stat.Percent || !o.Count.Known() || !o.Denominator.Known() {
		return ""
	}
	return fmt.Sprintf(" (%s of %s)", stat.Format(o.Count.Number, 0), stat.Format(o.Denominator.Number, 0))
}

// about is the rate as one in so many children.
func (c Comparison) about() string {
	if c.OneIn == nil {
		return ""
	}
	return fmt.Sprintf(" (about 1 in %s)", stat.Format(*c.OneIn, 0))
}

// trended says how the last five years moved; nothing where that is not known.
// A trend that the latest year runs against is told so.
func (c Comparison) trended(in Input) string {
	to, err := stat.ParseDate(c.Trend.To)
	if err != nil {
		return ""
	}
	moved := "was " + c.Trend.Words
	if c.Trend.Marker == NoChange {
		moved = "showed " + c.Trend.Words
	}
	moved += c.against(in)
	if c.Trend.Uneven {
		moved += ", but so unevenly that the trend is uncertain"
	}
	return fmt.Sprintf("Over the %s years to %s the %s %s.", numeral(trendPoints), to.Long(), valueNoun(in.Measure), moved)
}

// against names the latest year's change of the value, whose trend is told,
// where it goes the other way, so that the two do not seem at odds.
func (c Comparison) against(in Input) string {
	if c.Change == nil || !c.Change.Consecutive {
		return ""
	}
	switch change := stat.RoundHalfUp(c.Change.Absolute, in.Measure.Decimals); {
	case c.Trend.Marker == Decreasing && change > 0:
		return ", in spite of the rise in the last of them"
	case c.Trend.Marker == Increasing && change < 0:
		return ", in spite of the fall in the last of them"
	}
	return ""
}

// valueNoun is what a measure's value is called in a sentence.
func valueNoun(m stat.Measure) string {
	switch m.Unit {
	case stat.RateOf:
		return "rate"
	case stat.Percent:
		return "percentage"
	}
	return "figure"
}

// matches turns the distance from the neighbours' mean into children: nothing
// where chance alone could explain it, nor where the area is the better off.
func (c Comparison) matches(in Input) string {
	if c.Distance == nil || c.Distance.Children == nil || *c.Distance.Children == 0 || in.Measure.Noun == "" || c.Verdict.Neighbours == Similar {
		return ""
	}
	more := *c.Distance.Children > 0
	if p := in.Measure.Polarity; more && p == stat.LowIsGood || !more && p == stat.HighIsGood {
		return ""
	}
	way := "fewer"
	if more {
		way = "more"
	}
	n := stat.Format(math.Abs(*c.Distance.Children), 0)
	return fmt.Sprintf("To match %s it would have %s %s %s.", c.Neighbours.MeanName(), n, way, some(n, in.Measure.Noun))
}

// stands is the place beside the neighbours' mean, and whether chance could
// have put it there.
func (c Comparison) stands(in Input) string {
	n := c.Neighbours
	if c.Value == nil || n.Mean == nil {
		return ""
	}
	side := Direction(*c.Value, *n.Mean)
	chance := ""
	if c.Verdict.Neighbours == Similar && side != theSame {
		chance = ", by no more than chance could explain"
	}
	mean := plain(in.Measure)
	if one := n.alone(); one != nil {
		return fmt.Sprintf("%s %s (%s)%s%s", side, PlaceName(one.Name), Quantity(mean, *one.Value, in.Measure.Decimals), n.onlyOne(), chance)
	}
	return fmt.Sprintf("%s the mean of %s (%s)%s", side, n.Of(), Quantity(mean, *n.Mean, 1), chance)
}

// plain drops "per 10,000", which a sentence has already said.
func plain(m stat.Measure) stat.Measure {
	if m.Unit == stat.RateOf {
		m.Unit = stat.Ratio
	}
	return m
}

// AgainstWords is the distance from the neighbours' mean as both are shown:
// "17.6 above the neighbours' mean of 120.4".
func (c Comparison) AgainstWords(m stat.Measure) string {
	if c.Value == nil || c.Neighbours.Mean == nil {
		return ""
	}
	decimals, of := 1, c.Neighbours.MeanName()+" of "
	if one := c.Neighbours.alone(); one != nil {
		decimals, of = m.Decimals, Possessive(one.Name)+" figure of "
	}
	mean := stat.RoundHalfUp(*c.Neighbours.Mean, decimals)
	of += Quantity(plain(m), mean, decimals)
	side := Direction(*c.Value, mean)
	if side == theSame {
		return side + " " + of
	}
	decimals = max(decimals, m.Decimals)
	gap := stat.Format(math.Abs(stat.RoundHalfUp(*c.Value, decimals)-mean), decimals)
	return fmt.Sprintf("%s %s %s", inUnits(m, gap), side, of)
}

// VerdictWords set the figure against the neighbours' mean, or where there is
// none England's value, with chance allowed for; "" without an interval.
func (c Comparison) VerdictWords() string {
	verdict, than := c.Verdict.Neighbours, c.Neighbours.MeanName()
	if verdict == NotCompared {
		verdict, than = c.Verdict.England, "England"
	}
	switch verdict {
	case NotCompared:
		return ""
	case Similar:
		return "similar to " + than + ": chance alone could explain the difference"
	}
	return fmt.Sprintf("%s than %s by more than chance would explain", verdict, than)
}

// TrendWords are the trend on a card: "decreasing over the five years to 31
// March 2025", or that and why it cannot be calculated.
func (c Comparison) TrendWords() string {
	to, err := stat.ParseDate(c.Trend.To)
	if err != nil {
		return fmt.Sprintf("%s: %s", c.Trend.Marker, c.Trend.Reason)
	}
	words := c.Trend.Words
	if c.Trend.Uneven {
		words += ", but unevenly,"
	}
	return fmt.Sprintf("%s over the %s years to %s", words, numeral(trendPoints), to.Long())
}

// IntervalWords are an interval as it is shown: "126.1 to 151.2". It has one
// decimal as comparators have, or the measure's where those are more.
func IntervalWords(m stat.Measure, i *Interval) string {
	if i == nil {
		return ""
	}
	d := max(1, m.Decimals)
	return stat.Format(i.Lower, d) + " to " + stat.Format(i.Upper, d)
}

var quarters = []string{"lowest quarter", "second lowest quarter", "second highest quarter", "highest quarter"}

// QuarterWords name a quartile band, 1 being the lowest; "" for none.
func QuarterWords(quarter int) string {
	if quarter < 1 || quarter > len(quarters) {
		return ""
	}
	return quarters[quarter-1]
}

// Quarter is the band of a value by the three cuts; 0 where there are none.
func (c Comparison) Quarter(value float64) int {
	if len(c.Quartiles) == 0 {
		return 0
	}
	return quarter(value, c.Quartiles)
}
