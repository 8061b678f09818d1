package benchmark_test

import (
	"math"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// ofYear is a figure of a year, whose value follows from its parts.
func ofYear(year int, count, of, times float64, decimals int) stat.Observation {
	f := func(x float64, d int) stat.Figure { return stat.Figure{Number: x, Text: stat.Format(x, d)} }
	o := stat.Observation{Key: stat.Key{Period: stat.ReportingYear(year)}, Count: f(count, 0)}
	if of > 0 {
		o.Denominator, o.Value = f(of, 0), f(stat.RoundHalfUp(count*times/of, decimals), decimals)
	}
	return o
}

func TestChangeInterval(t *testing.T) {
	percent, rate, number := stat.Measure{Unit: stat.Percent, Decimals: 1}, stat.Measure{Unit: stat.RateOf}, stat.Measure{Unit: stat.Number}
	even := []stat.Observation{ofYear(2020, 490, 35700, 10000, 0), ofYear(2021, 492, 35700, 10000, 0), ofYear(2022, 494, 35700, 10000, 0), ofYear(2023, 491, 35700, 10000, 0), ofYear(2024, 493, 35700, 10000, 0)}
	wild := []stat.Observation{ofYear(2020, 300, 35700, 10000, 0), ofYear(2021, 700, 35700, 10000, 0), ofYear(2022, 300, 35700, 10000, 0), ofYear(2023, 700, 35700, 10000, 0), ofYear(2024, 493, 35700, 10000, 0)}
	for name, tc := range map[string]struct {
		m            stat.Measure
		from, to     stat.Observation
		part         stat.Part
		before       []stat.Observation
		lower, upper float64
		none         bool
	}{
		// Newcombe 1998, table II, example (a), method 10: 0.0524 to 0.3339.
		"Newcombe's example": {m: percent, from: ofYear(2024, 48, 80, 100, 1), to: ofYear(2025, 56, 70, 100, 1), part: stat.PartValue, lower: 5.24315, upper: 33.38727},
		// By Byar's limits and the formula, outside this package.
		"a rate that may be chance": {m: rate, from: ofYear(2024, 493, 35700, 10000, 0), to: ofYear(2025, 536, 35900, 10000, 0), part: stat.PartValue, lower: -6.55591, upper: 28.98980},
		"a rate that is not":        {m: rate, from: ofYear(2024, 493, 35700, 10000, 0), to: ofYear(2025, 600, 35900, 10000, 0), part: stat.PartValue, before: even, lower: 10.75293, upper: 47.36734},
		"numbers":                   {m: rate, from: ofYear(2024, 212, 0, 0, 0), to: ofYear(2025, 260, 0, 0, 0), part: stat.PartCount, before: wild, lower: 4.73372, upper: 91.47074},
		"a number":                  {m: number, from: ofYear(2024, 212, 0, 0, 0), to: ofYear(2025, 260, 0, 0, 0), part: stat.PartCount, lower: 4.73372, upper: 91.47074},
		"no denominator":            {m: rate, from: ofYear(2024, 212, 0, 0, 0), to: ofYear(2025, 260, 35900, 10000, 0), part: stat.PartValue, none: true},
		"nothing":                   {m: rate, from: stat.Observation{}, to: ofYear(2025, 260, 35900, 10000, 0), part: stat.PartCount, none: true},
		"a value of another population": {m: rate, from: ofYear(2024, 493, 35700, 10000, 0), to: func() stat.Observation {
			o := ofYear(2025, 536, 35900, 10000, 0)
			o.Denominator.Number = 20000
			return o
		}(), part: stat.PartValue, none: true},
	} {
		t.Run(name, func(t *testing.T) {
			i, ok := benchmark.ChangeInterval(tc.m, tc.from, tc.to, tc.part, tc.before)
			if ok == tc.none || ok && (math.Abs(i.Lower-tc.lower) > 1e-4 || math.Abs(i.Upper-tc.upper) > 1e-4) {
				t.Errorf("%v, %v", i, ok)
			}
		})
	}
	plain, _ := benchmark.ChangeInterval(rate, even[4], ofYear(2025, 600, 35900, 10000, 0), stat.PartValue, even)
	wide, _ := benchmark.ChangeInterval(rate, even[4], ofYear(2025, 600, 35900, 10000, 0), stat.PartValue, wild)
	if !(wide.Lower < 0 && plain.Lower > 0 && wide.Upper > plain.Upper) {
		t.Errorf("a series that scatters gives %v, an even one %v", wide, plain)
	}
}
