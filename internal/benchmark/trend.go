package benchmark

import (
	"fmt"
	"math"
	"slices"

	"bellwether/internal/stat"
)

const (
	trendPoints = 5

	// trendCritical is the chi-squared value on one degree of freedom that
	// chance alone exceeds twice in a thousand.
	trendCritical = 9.54953570608324

	// temperedCritical is the value of F on one and three degrees of freedom
	// that chance alone exceeds five times in a hundred: a scatter told from
	// five figures is itself uncertain.
	temperedCritical = 10.1279644860139
)

// Marker is what the recent trend is called.
type Marker string

// The markers, in Fingertips' words.
const (
	Increasing   Marker = "increasing"
	Decreasing   Marker = "decreasing"
	NoChange     Marker = "no significant change"
	NotAvailable Marker = "cannot be calculated"
)

// Trend is whether the latest five yearly figures move more than chance
// explains. It is a cautious test: a rise of a fifth over five years may well
// be "no significant change", so absolute and percent change belong beside it.
type Trend struct {
	Marker     Marker
	From, To   stat.Period // of the five; zero where there are not five
	Slope      float64     // a year: in the rate's unit, or in log odds for a proportion
	ChiSquared float64     // significant above 9.5495 (0.2%)
	Agree      bool        // the slope has one sign, whichever of the five is left out
	Dispersion float64     // scatter about the line: 1 is what chance alone gives independent events
	Uneven     bool        // significant by the test, which such scatter makes over-sure
	Reason     string      // why it is not available
}

// Estimate is a figure with its 95% interval.
type Estimate struct {
	Point
	Interval Interval
}

// Fraction is Count out of Of.
type Fraction struct {
	Period    stat.Period
	Count, Of float64
}

// RateTrend tests the latest five of a series of rates, in any unit, each
// with its 95% interval: a straight line weighted by (3.92 / interval
// width)², significant where slope² / variance exceeds 9.5495 and all five
// lines with one year left out slope the same way. A slope of exactly 0
// agrees with neither way. It is not available for fewer than five
// consecutive years, for months and quarters, and where a figure has no
// interval.
//
// Source: Fingertips public health technical guidance, trend markers.
func RateTrend(series []Estimate) Trend {
	series, t, ok := latestFive(series, func(e Estimate) stat.Period { return e.Period })
	if !ok {
		return t
	}
	var values, weights []float64
	for _, e := range series {
		if !finite(e.Value) || !e.Interval.known() {
			return t.unavailable("the figure of %s has no interval", date(e.Period))
		}
		values = append(values, e.Value)
		weights = append(weights, math.Pow(3.92/(e.Interval.Upper-e.Interval.Lower), 2))
	}
	var spread float64
	t.Slope, spread = line(years, values, weights)
	t.ChiSquared = t.Slope * t.Slope * spread
	t.Agree = agree(t.Slope, values, weights)
	t.Dispersion = max(0, scatter(values, weights)-t.ChiSquared) / (trendPoints - 2)
	return t.marked()
}

// ProportionTrend tests the latest five of a series of proportions: the
// Cochran-Armitage chi-squared for a trend above 9.5495, and straight lines
// through the log odds, unweighted, that slope the same way with each year
// left out. It is not available for fewer than five consecutive years, for
// months and quarters, and where a year has none or all of its Of.
//
// Source: Fingertips public health technical guidance, trend markers;
// Armitage, "Tests for linear trends in proportions and frequencies",
// Biometrics 11 (1955).
func ProportionTrend(series []Fraction) Trend {
	series, t, ok := latestFive(series, func(f Fraction) stat.Period { return f.Period })
	if !ok {
		return t
	}
	var odds, even []float64
	for _, f := range series {
		switch {
		case !whole(f.Count) || !positive(f.Of) || f.Count > f.Of:
			return t.unavailable("%s is not a part of a whole", date(f.Period))
		case f.Count == 0:
			return t.unavailable("%s has none", date(f.Period))
		case f.Count == f.Of:
			return t.unavailable("%s has all", date(f.Period))
		}
		odds = append(odds, math.Log(f.Count/(f.Of-f.Count)))
		even = append(even, 1)
	}
	t.Slope, _ = line(years, odds, even)
	t.ChiSquared = cochranArmitage(series)
	t.Agree = agree(t.Slope, odds, even)
	t.Dispersion = max(0, heterogeneity(series)-t.ChiSquared) / (trendPoints - 2)
	return t.marked()
}

// TrendOf tests a measure's yearly series: percentages as proportions, rates
// per 10,000 with their intervals, both from counts and denominators, so
// that the rounding of printed rates does not enter. Years without either
// are gaps. Other units have no interval and no trend. A marker may be uneven,
// for referrals and plans come in families and in drives of practice.
func TrendOf(m stat.Measure, series []stat.Observation) Trend {
	var rates []Estimate
	var parts []Fraction
	for _, o := range series {
		i, ok := IntervalOf(m, o, Confidence95)
		if !ok {
			continue
		}
		x, n := o.Count.Number, o.Denominator.Number
		rates = append(rates, Estimate{Point{o.Period, x * multiplierOf(m) / n}, i})
		parts = append(parts, Fraction{o.Period, x, n})
	}
	switch m.Unit {
	case stat.RateOf:
		return RateTrend(rates).Tempered()
	case stat.Percent:
		return ProportionTrend(parts).Tempered()
	}
	return Trend{}.unavailable("only rates and percentages with a count and a denominator are tested")
}

// Tempered says of a trend that it is uneven where, with a dispersion above 1,
// chi-squared divided by it does not exceed 10.128. The test takes events to be independent.
// Referrals are not: of their five-year series, scatter about the line was
// above 36 times that of chance in half of all authorities from 2016 to 2025.
// The dispersion is estimated on three degrees of freedom, so that the quotient
// is no chi-squared but F(1, 3), of which chance alone exceeds 10.128 five
// times in a hundred. The marker stays Fingertips'; Uneven is the doubt of it.
//
// Source: McCullagh and Nelder, "Generalized linear models" (1989), 4.5 and
// 6.2; Spiegelhalter, "Handling over-dispersion of performance indicators",
// Quality and Safety in Health Care 14 (2005).
func (t Trend) Tempered() Trend {
	moves := t.Marker == Increasing || t.Marker == Decreasing
	if moves && t.Dispersion > 1 && t.ChiSquared/t.Dispersion <= temperedCritical {
		t.Uneven = true
	}
	return t
}

// Words are the marker with a judgement where the polarity allows one:
// "increasing and getting worse".
func (t Trend) Words(p stat.Polarity) string {
	v := NotCompared
	switch t.Marker {
	case Increasing:
		v = Higher.Judged(p)
	case Decreasing:
		v = Lower.Judged(p)
	}
	if v == Better || v == Worse {
		return fmt.Sprintf("%s and getting %s", t.Marker, v)
	}
	return string(t.Marker)
}

// latestFive are the last five of a series, each a year after the other. It
// is false, and the trend says why, where there are none such.
func latestFive[T any](series []T, period func(T) stat.Period) ([]T, Trend, bool) {
	var t Trend
	if len(series) < trendPoints {
		return nil, t.unavailable("fewer than five years have a figure"), false
	}
	series = slices.SortedStableFunc(slices.Values(series), func(a, b T) int { return period(a).Compare(period(b)) })
	series = series[len(series)-trendPoints:]
	t.From, t.To = period(series[0]), period(series[trendPoints-1])
	for i, x := range series {
		p := period(x)
		if p.Span != stat.Day && p.Span != stat.Year {
			return nil, t.unavailable("only yearly figures are tested, and %s is a %s", date(p), p.Span), false
		}
		if i > 0 && !p.Consecutive(period(series[i-1]), stat.Year) {
			return nil, t.unavailable("the latest five figures are not of consecutive years: %s comes after %s", date(p), date(period(series[i-1]))), false
		}
	}
	return series, t, true
}

func (t Trend) unavailable(format string, args ...any) Trend {
	return Trend{Marker: NotAvailable, From: t.From, To: t.To, Reason: fmt.Sprintf(format, args...)}
}

// marked reads the marker off the test.
func (t Trend) marked() Trend {
	switch {
	case !finite(t.Slope) || !finite(t.ChiSquared):
		return t.unavailable("the figures are too far apart in size to be tested")
	case t.ChiSquared <= trendCritical || !t.Agree:
		t.Marker = NoChange
	case t.Slope > 0:
		t.Marker = Increasing
	default:
		t.Marker = Decreasing
	}
	return t
}

// years are the times of the five figures.
var years = []float64{1, 2, 3, 4, 5}

// line is the weighted least squares line through values at times at: its
// slope, and the weighted sum of squares of the times about their mean, so
// that 1/spread is the slope's variance.
func line(at, values, weights []float64) (slope, spread float64) {
	var sum, sumAt, product float64
	for i, w := range weights {
		sum += w
		sumAt += w * at[i]
	}
	for i, w := range weights {
		d := at[i] - sumAt/sum
		spread += w * d * d
		product += w * d * values[i]
	}
	return product / spread, spread
}

// agree reports whether the slope keeps its sign when each of the five is
// left out in turn.
func agree(slope float64, values, weights []float64) bool {
	for i := range years {
		s, _ := line(without(years, i), without(values, i), without(weights, i))
		if !(s > 0 && slope > 0 || s < 0 && slope < 0) {
			return false
		}
	}
	return true
}

func without(xs []float64, i int) []float64 {
	return slices.Delete(slices.Clone(xs), i, i+1)
}

// scatter is the weighted sum of squares of values about their mean.
func scatter(values, weights []float64) float64 {
	var sum, total float64
	for i, w := range weights {
		sum += w
		total += w * values[i]
	}
	squares := 0.0
	for i, w := range weights {
		squares += w * math.Pow(values[i]-total/sum, 2)
	}
	return squares
}

// heterogeneity is chi-squared of proportions that are all the same but for
// chance.
func heterogeneity(series []Fraction) float64 {
	var r, n float64
	for _, f := range series {
		r, n = r+f.Count, n+f.Of
	}
	p, sum := r/n, 0.0
	for _, f := range series {
		sum += math.Pow(f.Count-f.Of*p, 2) / (f.Of * p * (1 - p))
	}
	return sum
}

// cochranArmitage is chi-squared for a linear trend of proportions with
// scores 1, 2, 3…
func cochranArmitage(series []Fraction) float64 {
	var r, n, nt float64
	for i, f := range series {
		r, n, nt = r+f.Count, n+f.Of, nt+f.Of*float64(i+1)
	}
	var sum, spread float64
	for i, f := range series {
		d := float64(i+1) - nt/n
		sum += f.Count * d
		spread += f.Of * d * d
	}
	p := r / n
	return sum * sum / (p * (1 - p) * spread)
}
