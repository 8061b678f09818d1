package benchmark

import (
	"math"

	"bellwether/internal/stat"
)

// Interval is a confidence interval, in the unit of the figure it belongs to:
// how far chance alone could have moved that figure. The zero Interval is
// none.
type Interval struct {
	Lower float64 `json:"lower"`
	Upper float64 `json:"upper"`
}

// Confidence is the share of such intervals that hold the true figure,
// between 0 and 1.
type Confidence float64

// The levels of the Fingertips profiles. Chance alone puts one authority in
// twenty beyond a 95% interval, one in five hundred beyond a 99.8% one.
const (
	Confidence95  Confidence = 0.95
	Confidence998 Confidence = 0.998
)

func (c Confidence) valid() bool { return c > 0 && c < 1 }

// z is the standard normal deviate: 1.96 at 95%, 3.09 at 99.8%.
func (c Confidence) z() float64 { return math.Sqrt2 * math.Erfinv(float64(c)) }

// tail is what either end leaves out.
func (c Confidence) tail() float64 { return (1 - float64(c)) / 2 }

// exactBelow is the count from which Byar's approximation is used.
const exactBelow = 10

// RateInterval is the interval of count x multiplier / population, in the
// same unit (per 10,000 with 10,000). The count is taken to be Poisson: with
// 10 or more by Byar's approximation, below that exactly.
//
// It is false where there can be no such rate: a count that is negative or
// not whole, a population or multiplier not above 0, a confidence outside 0
// to 1.
//
// Source: Fingertips public health technical guidance, rates, and its R
// package PHEindicatormethods (phe_rate); Breslow and Day, "Statistical
// Methods in Cancer Research", volume II (1987), for Byar; Armitage and
// Berry, "Statistical Methods in Medical Research" (2002), for exact limits.
func RateInterval(count, population, multiplier float64, c Confidence) (Interval, bool) {
	if !whole(count) || !positive(population) || !positive(multiplier) || !c.valid() {
		return Interval{}, false
	}
	i := byar(count, c)
	if count < exactBelow {
		i = exact(count, c)
	}
	i = i.Times(multiplier / population)
	return i, i.known()
}

// ProportionInterval is Wilson's score interval of count / of, between 0 and
// 1; Times(100) makes it percent. At a count of 0 it begins at exactly 0, at
// count == of it ends at exactly 1.
//
// It is false for a count that is negative, not whole or above of, for an of
// not above 0, and for a confidence outside 0 to 1.
//
// Source: Wilson, "Probable inference, the law of succession, and statistical
// inference", JASA 22 (1927); PHEindicatormethods (phe_proportion).
func ProportionInterval(count, of float64, c Confidence) (Interval, bool) {
	if !whole(count) || !positive(of) || count > of || !c.valid() {
		return Interval{}, false
	}
	z := c.z()
	middle, half := 2*count+z*z, z*math.Sqrt(z*z+4*count*(1-count/of))
	i := Interval{max(0, (middle-half)/(2*(of+z*z))), min(1, (middle+half)/(2*(of+z*z)))}
	if count == 0 {
		i.Lower = 0
	}
	if count == of {
		i.Upper = 1
	}
	return i, i.known()
}

// IntervalOf is the interval of an observation's value in the measure's unit,
// from its count and denominator: a rate per 10,000 or a percentage. Other
// units have none, nor has a figure whose count or denominator is not known.
func IntervalOf(m stat.Measure, o stat.Observation, c Confidence) (Interval, bool) {
	if !o.Count.Known() || !o.Denominator.Known() {
		return Interval{}, false
	}
	switch m.Unit {
	case stat.RateOf:
		return RateInterval(o.Count.Number, o.Denominator.Number, multiplierOf(m), c)
	case stat.Percent:
		i, ok := ProportionInterval(o.Count.Number, o.Denominator.Number, c)
		return i.Times(multiplierOf(m)), ok
	}
	return Interval{}, false
}

// multiplierOf is what count / denominator is multiplied by in the measure's
// unit, 0 where its value is no such fraction.
func multiplierOf(m stat.Measure) float64 {
	switch m.Unit {
	case stat.RateOf:
		return 10_000
	case stat.Percent:
		return 100
	}
	return 0
}

// Times is the interval in a unit k times as fine: of a percentage where i is
// of a proportion and k is 100.
func (i Interval) Times(k float64) Interval { return Interval{i.Lower * k, i.Upper * k} }

// Holds reports whether x lies in the interval, its ends included.
func (i Interval) Holds(x float64) bool { return i.known() && i.Lower <= x && x <= i.Upper }

func (i Interval) known() bool { return finite(i.Lower) && finite(i.Upper) && i.Lower < i.Upper }

// byar approximates the limits of a Poisson count.
func byar(count float64, c Confidence) Interval {
	limit := func(x, z float64) float64 {
		root := 1 - 1/(9*x) + z/(3*math.Sqrt(x))
		return x * math.Pow(max(0, root), 3)
	}
	return Interval{limit(count, -c.z()), limit(count+1, c.z())}
}

// exact gives the limits of a small Poisson count: the means that would give
// as many or more, and as many or fewer, no more often than the tail.
func exact(count float64, c Confidence) Interval {
	i := Interval{Upper: poissonMean(count, c.tail())}
	if count > 0 {
		i.Lower = poissonMean(count-1, 1-c.tail())
	}
	return i
}

// poissonMean is the mean of which P(X <= count) is p, found by bisection
// down to neighbouring floats: the probability falls as the mean grows.
func poissonMean(count, p float64) float64 {
	low, high := 0.0, 1.0
	for poissonCDF(count, high) > p {
		high *= 2
	}
	for {
		middle := low + (high-low)/2
		switch {
		case middle <= low || middle >= high:
			return middle
		case poissonCDF(count, middle) > p:
			low = middle
		default:
			high = middle
		}
	}
}

func poissonCDF(count, mean float64) float64 {
	term := math.Exp(-mean)
	sum := term
	for k := 1.0; k <= count; k++ {
		term *= mean / k
		sum += term
	}
	return sum
}

// Verdict is how a figure stands to a benchmark, chance allowed for.
type Verdict string

// Better and worse need a polarity, all need an interval.
const (
	NotCompared Verdict = "not compared"
	Higher      Verdict = "higher"
	Similar     Verdict = "similar"
	Lower       Verdict = "lower"
	Better      Verdict = "better"
	Worse       Verdict = "worse"
)

// Against sets the interval against a benchmark's value, which is taken to be
// fixed: wholly above it is higher, wholly below lower, otherwise (the ends
// included) similar. Without an interval or a number nothing is compared.
//
// Source: Fingertips, "compare with benchmark" by confidence interval.
func (i Interval) Against(benchmark float64) Verdict {
	switch {
	case !i.known() || !finite(benchmark):
		return NotCompared
	case i.Lower > benchmark:
		return Higher
	case i.Upper < benchmark:
		return Lower
	}
	return Similar
}

// Judged turns higher and lower into better and worse where the measure says
// which way is good, and leaves everything else as it is.
func (v Verdict) Judged(p stat.Polarity) Verdict {
	switch {
	case v != Higher && v != Lower:
		return v
	case p == stat.HighIsGood && v == Higher, p == stat.LowIsGood && v == Lower:
		return Better
	case p == stat.HighIsGood, p == stat.LowIsGood:
		return Worse
	}
	return v
}
