package benchmark

import (
	"math"

	"bellwether/internal/stat"
)

// ChangeInterval is the 95% interval of the change between two figures of one
// series, both of which chance has moved: one that leaves 0 out is more than
// chance explains. It is in the measure's unit where part is PartValue, and a
// difference of numbers where it is PartCount, which are taken to be Poisson.
// before are the figures of the series up to from: where they scatter about
// their own line by more than chance explains, the interval is as much wider.
//
// It is made of the intervals of the two, as Newcombe does for proportions
// and Zou and Donner for rates. Of children on a date, most of whom are the
// same on both, it is rather too wide.
//
// It is false where either has no interval.
//
// Source: Newcombe, "Interval estimation for the difference between
// independent proportions", Statistics in Medicine 17 (1998), method 10; Zou
// and Donner, "Construction of confidence limits about effect measures",
// Statistics in Medicine 27 (2008).
func ChangeInterval(m stat.Measure, from, to stat.Observation, part stat.Part, before []stat.Observation) (Interval, bool) {
	a, okA := estimateOf(m, from, part)
	b, okB := estimateOf(m, to, part)
	if !okA || !okB {
		return Interval{}, false
	}
	wider := 1.0
	if t := TrendOf(m, before); part == stat.PartValue && t.Marker != NotAvailable {
		wider = math.Sqrt(max(1, t.Dispersion))
	}
	change := b.Value - a.Value
	i := Interval{
		Lower: change - wider*math.Hypot(b.Value-b.Interval.Lower, a.Interval.Upper-a.Value),
		Upper: change + wider*math.Hypot(b.Interval.Upper-b.Value, a.Value-a.Interval.Lower),
	}
	return i, i.known()
}

// estimateOf is a figure with its interval: a value by its count and
// denominator, a number by itself.
func estimateOf(m stat.Measure, o stat.Observation, part stat.Part) (Estimate, bool) {
	var i Interval
	var ok bool
	x := o.Count.Number
	switch {
	case !o.Count.Known():
		return Estimate{}, false
	case part == stat.PartCount:
		i, ok = RateInterval(x, 1, 1, Confidence95)
	default:
		o, _ = settled(m, o)
		i, ok = IntervalFor(m, o, Confidence95)
		x *= multiplierOf(m) / o.Denominator.Number
	}
	return Estimate{Point{o.Period, x}, i}, ok
}
