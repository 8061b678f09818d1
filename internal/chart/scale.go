package chart

import (
	"math"

	"bellwether/internal/dashboard"
)

// scale is a value axis: round ends and a round step between its ticks.
type scale struct {
	Min, Max, Step float64
	Decimals       int  // of a tick
	Zero           bool // zero is on it
}

// spread is the least share of the highest figure that the figures must
// spread over for an axis from zero to show how they move.
const spread = 0.25

// leastSpan is the least share of the highest figure that an axis takes in, so
// that figures which hardly move look as if they hardly moved.
const leastSpan = 0.2

// newScale takes in low to high. It starts at zero unless that would press
// the figures into the top of the chart, or as axis says: dashboard.AxisZero
// or AxisData. whole keeps ticks to whole numbers;
// most is the highest an axis may go, such as 100 per cent.
func newScale(low, high float64, whole bool, most float64, axis string) scale {
	switch {
	case axis == dashboard.AxisZero:
		low, high = math.Min(0, low), math.Max(0, high)
	case axis == dashboard.AxisData && low < high:
	case low > 0 && (high-low >= spread*high || low == high):
		low = 0
	case high < 0 && (high-low >= spread*-low || low == high):
		high = 0
	default:
		low, high = widened(low, high, most)
	}
	if low == 0 && high == 0 {
		high = 1
	}
	step := niceStep((high - low) / 5)
	if whole {
		step = wholeStep(step)
	}
	s := scale{Step: step}
	for x := step; s.Decimals < 9 && math.Abs(x-math.Round(x)) > 1e-6; x *= 10 {
		s.Decimals++
	}
	s.Min = s.round(math.Floor(low/step+1e-9) * step)
	s.Max = s.round(math.Ceil(high/step-1e-9) * step)
	if high <= most {
		s.Max = math.Min(s.Max, most)
	}
	s.Zero = s.Min <= 0 && s.Max >= 0
	return s
}

// widened takes in leastSpan about the middle of low and high, where that is
// more, and nothing above most.
func widened(low, high, most float64) (from, to float64) {
	missing := leastSpan*math.Max(math.Abs(low), math.Abs(high)) - (high - low)
	if missing <= 0 {
		return low, high
	}
	to = high + missing/2
	if high <= most {
		to = math.Min(to, most)
	}
	return low - (missing - (to - high)), to
}

// wholeStep is the smallest step of whole numbers that is not below another.
func wholeStep(step float64) float64 {
	for step = math.Max(1, step); step != math.Round(step); {
		step = niceStep(step * 1.01)
	}
	return step
}

// round takes away what binary fractions leave behind.
func (s scale) round(x float64) float64 {
	p := math.Pow(10, float64(s.Decimals+1))
	return math.Round(x*p)/p + 0 // + 0 makes −0 a zero
}

// niceStep is the smallest of 1, 2, 2.5, 5 times a power of ten that is not
// below x.
func niceStep(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, n := range []float64{1, 2, 2.5, 5} {
		if x <= n*power*(1+1e-9) {
			return n * power
		}
	}
	return 10 * power
}
