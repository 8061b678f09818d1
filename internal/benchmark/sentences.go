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
	if parts := keep(c.moved(in), c.stands(in)); len(parts) > 0 {
		out = append(out, "That is "+strings.Join(parts, ", and ")+".")
	}
	if c.Rank != nil {
		out = append(out, fmt.Sprintf("It was %s authorities.", c.Rank.Sentence()))
	}
	out = append(out, keep(c.trended(in), c.matches(in))...)
	if good := better[in.Measure.Polarity]; good != "" && len(out) > 1 {
		out = append(out, good)
	}
	return out
}

var better = map[stat.Polarity]string{
	stat.HighIsGood: "For this measure higher is better.",
	stat.LowIsGood:  "For this measure lower is better.",
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
	s := fmt.Sprintf("There is no figure for %s %s", in.Area.Name, When(in.Period))
	if mark := cmp.Or(f.Value.Mark, f.Count.Mark); mark != "" {
		s += fmt.Sprintf(" (%s: %s)", mark.Letter(), mark.Meaning())
	}
	return s + "."
}

// opening states the figure itself.
func (c Comparison) opening(in Input) string {
	m, noun := in.Measure, in.Measure.Noun
	if noun == "" {
		noun = LowerFirst(m.Name)
	}
	start := UpperFirst(When(in.Period)) + " " + in.Area.Name
	per := "for every 10,000 children aged 0 to 17"
	if m.Kind == stat.Snapshot {
		per = "in every 10,000"
	}
	switch {
	case c.Value == nil:
		return fmt.Sprintf("%s had %s %s.", start, stat.Format(*c.Count, 0), noun)
	case m.Unit == stat.RateOf && c.Count != nil:
		return fmt.Sprintf("%s had %s %s, %s %s%s.", start, stat.Format(*c.Count, 0), noun, stat.Format(*c.Value, m.Decimals), per, c.about())
	case m.Unit == stat.RateOf:
		return fmt.Sprintf("%s had %s %s %s.", start, stat.Format(*c.Value, m.Decimals), noun, per)
	case m.Noun != "" && !Comparable(m):
		return fmt.Sprintf("%s had %s %s.", start, stat.Format(*c.Value, m.Decimals), noun)
	}
	return fmt.Sprintf("%s figure for %s was %s%s.", Possessive(start), LowerFirst(m.Name), Quantity(m, *c.Value, m.Decimals), c.fraction(in))
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
func (c Comparison) trended(in Input) string {
	to, err := stat.ParseDate(c.Trend.To)
	if err != nil {
		return ""
	}
	moved := "was " + c.Trend.Words
	if c.Trend.Marker == NoChange {
		moved = "showed " + c.Trend.Words
	}
	return fmt.Sprintf("Over the %s years to %s the %s %s.", numeral(trendPoints), to.Long(), valueNoun(in.Measure), moved)
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

// matches turns the distance from the neighbours' mean into children.
func (c Comparison) matches(in Input) string {
	if c.Distance == nil || c.Distance.Children == nil || *c.Distance.Children == 0 || in.Measure.Noun == "" {
		return ""
	}
	n, noun, way := math.Abs(*c.Distance.Children), in.Measure.Noun, "fewer"
	if *c.Distance.Children > 0 {
		way = "more"
	}
	if rest, ok := strings.CutPrefix(noun, "children "); ok && n == 1 {
		noun = "child " + rest
	} else if n == 1 {
		noun = "(" + noun + ")"
	}
	return fmt.Sprintf("To match the neighbours' mean it would have %s %s %s.", stat.Format(n, 0), way, noun)
}

// moved is the change since the earlier figure: "20 fewer than a year before"
// only where that figure is a year old, otherwise "20 fewer than on" its date.
func (c Comparison) moved(in Input) string {
	if c.Change == nil {
		return ""
	}
	m, then := in.Measure, "a year before"
	if !c.Change.Consecutive {
		then = c.Change.when(in)
	}
	if c.Change.Count != nil && m.Unit == stat.RateOf {
		return than(*c.Change.Count, 0, "", "fewer", "more", "the same number as", then)
	}
	unit := ""
	switch m.Unit {
	case stat.Percent:
		unit = " percentage points"
	case stat.Days:
		unit = " days"
	}
	less, more := "lower", "higher"
	if !Comparable(m) {
		less, more = "fewer", "more"
	}
	return than(c.Change.Absolute, m.Decimals, unit, less, more, "the same as", then)
}

func than(change float64, decimals int, unit, less, more, same, then string) string {
	switch size := stat.Format(math.Abs(change), decimals) + unit; {
	case stat.RoundHalfUp(change, decimals) == 0:
		return same + " " + then
	case change < 0:
		return fmt.Sprintf("%s %s than %s", size, less, then)
	default:
		return fmt.Sprintf("%s %s than %s", size, more, then)
	}
}

// when is the earlier period in a sentence.
func (ch Change) when(in Input) string {
	d, err := stat.ParseDate(ch.From)
	if err != nil {
		return ch.From
	}
	return When(stat.Period{End: d, Span: in.Period.Span})
}

// stands is the place beside the neighbours' mean.
func (c Comparison) stands(in Input) string {
	n := c.Neighbours
	if c.Value == nil || n.Mean == nil {
		return ""
	}
	of := "its " + numeral(n.N)
	if n.N < len(n.Members) {
		of = fmt.Sprintf("%s of its %s", numeral(n.N), numeral(len(n.Members)))
	}
	return fmt.Sprintf("%s the mean of %s statistical neighbours (%s)", Direction(*c.Value, *n.Mean), of, Quantity(plain(in.Measure), *n.Mean, 1))
}

// plain drops "per 10,000", which a sentence has already said.
func plain(m stat.Measure) stat.Measure {
	if m.Unit == stat.RateOf {
		m.Unit = stat.Ratio
	}
	return m
}

// ChangeWords is the change on a card: "−8 (−5.5%) on a year before", or
// "since 31 March 2022" across a gap; "" where there is none.
func (c Comparison) ChangeWords(m stat.Measure) string {
	if c.Change == nil {
		return ""
	}
	s := stat.FormatChange(c.Change.Absolute, m.Decimals)
	if m.Unit == stat.Percent && s != "no change" {
		s += " percentage points"
	} else if c.Change.Percent != nil && s != "no change" {
		s += fmt.Sprintf(" (%s%%)", signed(*c.Change.Percent))
	}
	if c.Change.Consecutive {
		return s + " on a year before"
	}
	if d, err := stat.ParseDate(c.Change.From); err == nil {
		return s + " since " + d.Long()
	}
	return s
}

// signed keeps a change that rounds to nothing a number: 0.0.
func signed(x float64) string {
	if s := stat.FormatChange(x, 1); s != "no change" {
		return s
	}
	return "0.0"
}

// AgainstWords is the distance from the neighbours' mean as both are shown:
// "17.6 above the neighbours' mean of 120.4".
func (c Comparison) AgainstWords(m stat.Measure) string {
	if c.Value == nil || c.Neighbours.Mean == nil {
		return ""
	}
	mean := stat.RoundHalfUp(*c.Neighbours.Mean, 1)
	shown := Quantity(plain(m), mean, 1)
	side := Direction(*c.Value, mean)
	if side == "the same as" {
		return "the same as the neighbours' mean of " + shown
	}
	gap := stat.Format(math.Abs(stat.RoundHalfUp(*c.Value, max(1, m.Decimals))-mean), 1)
	if m.Unit == stat.Percent {
		gap += " percentage points"
	}
	return fmt.Sprintf("%s %s the neighbours' mean of %s", gap, side, shown)
}

// VerdictWords set the figure against the neighbours' mean, or where there is
// none England's value, with chance allowed for; "" without an interval.
func (c Comparison) VerdictWords() string {
	verdict, than := c.Verdict.Neighbours, "the neighbours' mean"
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
	return fmt.Sprintf("%s over the %s years to %s", c.Trend.Words, numeral(trendPoints), to.Long())
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
