package benchmark

import (
	"fmt"
	"strings"

	"bellwether/internal/stat"
)

// changeOf is the difference of two observations whose values are known.
func changeOf(from, to stat.Observation) Change {
	ch := Change{
		From:        from.Period.End.String(),
		Consecutive: to.Period.Consecutive(from.Period, stat.Year),
		Absolute:    shed(to.Value.Number - from.Value.Number),
		Percent:     percentOf(from.Value.Number, to.Value.Number),
	}
	if to.Count.Known() && from.Count.Known() {
		ch.Count = ptr(to.Count.Number - from.Count.Number)
		ch.CountPercent = percentOf(from.Count.Number, to.Count.Number)
	}
	return ch
}

// percentOf is the change from a number as a percentage of it; nil for one of 0.
func percentOf(from, to float64) *float64 {
	if from == 0 {
		return nil
	}
	return ptr(shed(100 * (to - from) / from))
}

// moved is the change since the earlier figure: "20 fewer than a year before"
// only where that figure is a year old, otherwise "20 fewer than on" its date.
func (c Comparison) moved(in Input) string {
	if c.Change == nil {
		return ""
	}
	then := "a year before"
	if !c.Change.Consecutive {
		then = whenEnded(c.Change.From, in.Period.Span)
	}
	return c.Change.words(in.Measure, then) + c.alsoSince()
}

// words are the change as a part of a sentence, by number where the measure
// counts: "20 fewer than a year before".
func (ch Change) words(m stat.Measure, then string) string {
	if ch.Count != nil && m.Unit == stat.RateOf {
		return than(*ch.Count, stat.Format(max(*ch.Count, -*ch.Count), 0), "fewer", "more", "the same number as", then)
	}
	less, more := "lower", "higher"
	if !Comparable(m) {
		less, more = "fewer", "more"
	}
	return than(stat.RoundHalfUp(ch.Absolute, m.Decimals), amount(m, ch.Absolute), less, more, "the same as", then)
}

func than(change float64, size, less, more, same, then string) string {
	switch {
	case change == 0:
		return same + " " + then
	case change < 0:
		return fmt.Sprintf("%s %s than %s", size, less, then)
	}
	return fmt.Sprintf("%s %s than %s", size, more, then)
}

// whenEnded is the period that ends on an ISO day, in a sentence.
func whenEnded(iso string, span stat.Span) string {
	d, err := stat.ParseDate(iso)
	if err != nil {
		return iso
	}
	return When(stat.Period{End: d, Span: span})
}

// ChangeWords is the change on a card: "−20 children (−3.9%) on a year before;
// rate −8", or "since 31 March 2022" across a gap; "" where there is none.
func (c Comparison) ChangeWords(m stat.Measure) string {
	if c.Change == nil {
		return ""
	}
	if c.Change.Consecutive {
		return c.Change.card(m, "on a year before")
	}
	return c.Change.card(m, "since "+longDay(c.Change.From))
}

// card is the change for a card. Of a rate with counts it is told in the thing
// counted, for rates are rounded: a percentage of them would be a coarse one.
func (ch Change) card(m stat.Measure, when string) string {
	switch {
	case m.Unit == stat.RateOf && ch.Count != nil:
		s := stat.FormatChange(*ch.Count, 0)
		if noun := brief(nounOf(m)); noun != "" && s != noChange {
			s += " " + some(s, noun)
		}
		rate := strings.Replace(stat.FormatChange(ch.Absolute, m.Decimals), noChange, "unchanged", 1)
		return s + inBrackets(s, ch.CountPercent) + " " + when + "; rate " + rate
	case m.Unit == stat.Percent:
		ch.Percent = nil // of a percentage it would be mistaken for points
	}
	s := stat.FormatChange(ch.Absolute, m.Decimals)
	switch {
	case s == noChange:
	case m.Unit == stat.RateOf:
		s += " per 10,000"
	default:
		s = inUnits(m, s)
	}
	return s + inBrackets(s, ch.Percent) + " " + when
}

// noChange is what stat.FormatChange calls none.
const noChange = "no change"

// inBrackets is a change in percent behind the change itself.
func inBrackets(change string, percent *float64) string {
	if change == noChange || percent == nil {
		return ""
	}
	return fmt.Sprintf(" (%s%%)", signed(*percent))
}

// signed keeps a change that rounds to nothing a number: 0.0.
func signed(x float64) string {
	if s := stat.FormatChange(x, 1); s != noChange {
		return s
	}
	return "0.0"
}
