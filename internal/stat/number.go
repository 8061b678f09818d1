package stat

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// RoundHalfUp rounds to a number of decimals, halves away from zero, as DfE
// does. Figures are decimal in print but binary here, so x is first taken to
// twelve significant digits: 104.85 held as 104.8499999999 still rounds up.
func RoundHalfUp(x float64, decimals int) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(x, 'e', 12, 64))
	if !ok {
		return x
	}
	return roundRat(r, decimals)
}

func roundRat(r *big.Rat, decimals int) float64 {
	f, _ := strconv.ParseFloat(r.FloatString(decimals), 64) // FloatString rounds halves away from zero
	return f
}

// Rate is count x 10,000 / population, rounded half up once. It is false
// where the population is not above zero or the count is negative.
// Source: DfE, "Children looked after in England", methodology; the
// denominator is ONS's mid-year estimate of children aged 0 to 17.
func Rate(count, population float64, decimals int) (float64, bool) {
	if !(population > 0) || !(count >= 0) || math.IsInf(count, 0) || math.IsInf(population, 0) {
		return 0, false
	}
	c, p := new(big.Rat).SetFloat64(count), new(big.Rat).SetFloat64(population)
	return roundRat(c.Quo(c.Mul(c, big.NewRat(10000, 1)), p), decimals), true
}

// Format writes x with its decimals and with commas between thousands:
// 1,267 and 128.9. A minus is U+2212, as print has it.
func Format(x float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(RoundHalfUp(x, decimals)), 'f', decimals, 64)
	whole, frac, dot := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		whole += "." + frac
	}
	if x < 0 && strings.Trim(whole, "0.,") != "" {
		whole = "\u2212" + whole
	}
	return whole
}

// FormatChange writes a signed difference: +8, −8.0 or "no change".
func FormatChange(x float64, decimals int) string {
	s := Format(x, decimals)
	switch {
	case strings.Trim(s, "0.,\u2212") == "":
		return "no change"
	case x > 0:
		return "+" + s
	}
	return s
}
