package benchmark

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// judge asks of the figure whether it is high, whether it moves, and whether
// either is more than chance.
func (c *Comparison) judge(in Input) {
	here := in.here()
	c.Verdict = Verdicts{NotCompared, NotCompared, NotCompared}
	if i, ok := IntervalFor(in.Measure, here, Confidence95); ok {
		c.Interval = &i
		c.Verdict.Neighbours = i.verdict(c.Neighbours.Mean, in.Measure)
		c.Verdict.Region = i.verdict(c.Region.Value, in.Measure)
		c.Verdict.England = i.verdict(c.England.Value, in.Measure)
		if wide, ok := IntervalFor(in.Measure, here, Confidence998); ok {
			c.Interval998 = &wide
		}
	}
	yearly := in.yearly(here)
	c.Trend = in.trend(yearly)
	c.Crossed = in.crossed(yearly)
	c.Peak = peakOf(in.past(here))
	c.OneIn = oneIn(in.Measure, here)
	if c.Neighbours.Mean != nil {
		here, _ = settled(in.Measure, here)
		if d, ok := DistanceFrom(*c.Neighbours.Mean, in.Measure, here); ok {
			c.Distance = d.sound(in.Measure, here)
		}
	}
}

// IntervalFor is IntervalOf of the value as it is printed. Where count and
// denominator do not give that (the count was restated without its rate, say),
// it is not theirs and there is none; but a rate less than a twentieth off is
// taken to be of another estimate of the population, and so is its interval.
func IntervalFor(m stat.Measure, o stat.Observation, confidence Confidence) (Interval, bool) {
	o, ok := settled(m, o)
	if !ok || !o.Value.Known() {
		return Interval{}, false
	}
	return IntervalOf(m, o, confidence)
}

// offBy is how far a printed rate may lie from what its count and population
// give, and still be taken to be of another estimate of that population.
const offBy = 0.05

// settled is an observation with the denominator that its printed value is of:
// the one held or, of a rate not far off, the one that the rate implies. It is
// false where the value does not follow from its count.
func settled(m stat.Measure, o stat.Observation) (stat.Observation, bool) {
	if adds(m, o) {
		return o, true
	}
	x, _ := reckoned(m, o)
	if m.Unit != stat.RateOf || x == 0 || math.Abs(o.Value.Number/x-1) > offBy {
		return o, false
	}
	o.Denominator.Number *= x / o.Value.Number
	return o, true
}

// adds reports whether a printed value follows from its count and denominator,
// to a unit in its last digit. One without either contradicts nothing.
func adds(m stat.Measure, o stat.Observation) bool {
	x, ok := reckoned(m, o)
	return !ok || !o.Value.Known() || math.Abs(x-o.Value.Number) <= math.Pow(10, -float64(m.Decimals))+1e-9
}

// reckoned is the value that follows from count and denominator, unrounded.
func reckoned(m stat.Measure, o stat.Observation) (float64, bool) {
	k := multiplierOf(m)
	if k == 0 || !o.Count.Known() || !o.Denominator.Known() || !positive(o.Denominator.Number) {
		return 0, false
	}
	return o.Count.Number * k / o.Denominator.Number, true
}

func (i Interval) verdict(benchmark *float64, m stat.Measure) Verdict {
	if benchmark == nil {
		return NotCompared
	}
	return i.Against(*benchmark).Judged(m.Polarity)
}

// past is the area's series of periods as long as this, up to and with the
// compared figure.
func (in Input) past(here stat.Observation) []stat.Observation {
	var out []stat.Observation
	for _, o := range in.Earlier {
		if o.Period.Span == in.Period.Span && o.Period.Compare(in.Period) < 0 {
			out = append(out, o)
		}
	}
	return append(out, here)
}

// yearly is the past of the same date or months of every year.
func (in Input) yearly(here stat.Observation) []stat.Observation {
	return slices.DeleteFunc(in.past(here), func(o stat.Observation) bool { return o.Period.End.Month != in.Period.End.Month })
}

// trend tests the five years that end with the compared one, and no others.
func (in Input) trend(yearly []stat.Observation) TrendResult {
	t := TrendOf(in.Measure, yearly)
	last := yearly[len(yearly)-1]
	_, ok := IntervalOf(in.Measure, last, Confidence95)
	switch {
	case in.Measure.Frequency != "" && in.Measure.Frequency != stat.Year:
		t = Trend{}.unavailable("only measures with yearly figures are tested")
	case !ok && multiplierOf(in.Measure) != 0:
		t = Trend{}.unavailable("the figure of %s has %s", date(last.Period), lacking(last))
	}
	r := TrendResult{Marker: t.Marker, Words: t.Words(in.Measure.Polarity), Uneven: t.Uneven, Reason: t.Reason}
	if t.Marker != NotAvailable {
		r.From, r.To = t.From.End.String(), t.To.End.String()
		r.Slope, r.ChiSquared, r.Dispersion = &t.Slope, &t.ChiSquared, &t.Dispersion
	}
	return r
}

// lacking is why an observation has no interval.
func lacking(o stat.Observation) string {
	switch {
	case !o.Count.Known() && !o.Denominator.Known():
		return "no count and no denominator"
	case !o.Count.Known():
		return "no count" + because(o.Count)
	case !o.Denominator.Known():
		return "no denominator" + because(o.Denominator)
	}
	return "a count and a denominator that make no such figure"
}

// because is the reason that a file's mark gives, in brackets.
func because(f stat.Figure) string {
	if f.Mark == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", marked(f))
}

// peakOf is the highest of the past; nil where that is nothing at all.
func peakOf(past []stat.Observation) *PeakValue {
	top, ok := Peak(Points(past, stat.PartValue))
	if !ok || top.Value == 0 {
		return nil
	}
	return &PeakValue{Period: top.Period.End.String(), Label: top.Period.Label(), Value: top.Value}
}

// leastLapse is the number of years a level must have held for its crossing to
// be worth a word, leastCount the number below which every year crosses one.
const (
	leastLapse = 3
	leastCount = 20
)

// crossed says that the number (or of another unit than a rate the value) passed a
// round one for the first time in years: the hundreds and fifties of a number
// in the hundreds, and so on. Only the latest year's own crossing counts, and
// only from the year before.
func (in Input) crossed(yearly []stat.Observation) string {
	counted := in.Measure.Unit == stat.RateOf && in.Measure.Noun != ""
	points := Points(yearly, stat.PartValue)
	if counted {
		points = Points(yearly, stat.PartCount)
	}
	n := len(points)
	if n < 2 || points[n-1].Period != in.Period || !follows(points[n-1].Period, points[n-2].Period, stat.Year) {
		return ""
	}
	before, after := points[n-2].Value, points[n-1].Value
	level, ok := RoundBetween(before, after)
	largest := max(before, after)
	half := math.Pow(10, math.Floor(math.Log10(largest))) / 2
	if !ok || largest < leastCount || math.Mod(level, half) != 0 {
		return ""
	}
	x, ok := Crossed(points, level, stat.Year)
	if !ok || x.Last.Period.End.Year-x.Since.Period.End.Year < leastLapse {
		return ""
	}
	if counted {
		return x.Words(stat.Format(level, 0) + " " + in.Measure.Noun)
	}
	return x.Words(Quantity(in.Measure, level, 0))
}

// oneIn is how many children there are to each one in the figure, to the
// nearest child below a hundred and two figures above; nil for what is not a
// rate of children on a date.
func oneIn(m stat.Measure, o stat.Observation) *float64 {
	children := m.Kind == stat.Snapshot && m.Unit == stat.RateOf && strings.HasPrefix(m.Noun, "children")
	if !children || !o.Count.Known() || !o.Denominator.Known() || !positive(o.Count.Number) || !positive(o.Value.Number) {
		return nil
	}
	n := multiplierOf(m) / o.Value.Number
	if n < 2 {
		return nil
	}
	scale := math.Pow(10, max(0, math.Floor(math.Log10(n))-1))
	return ptr(stat.RoundHalfUp(n/scale, 0) * scale)
}

// sound leaves out the children where they would say what the value does not:
// where it does not follow from its count, where it reads the same as the
// mean, where rounding turns the sign, and where a part would be more than its
// whole.
func (d Distance) sound(m stat.Measure, o stat.Observation) *Distance {
	if d.Match == nil {
		return &d
	}
	side := map[string]float64{"above": -1, "below": 1}[Direction(o.Value.Number, d.Benchmark)]
	beyond := m.Unit == stat.Percent && *d.Match > o.Denominator.Number
	if beyond || !adds(m, o) || side**d.Children < 0 || side == 0 && *d.Children != 0 {
		d.Match, d.Children = nil, nil
	}
	return &d
}
