package benchmark_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// Middlesbrough on 31 March 2025: 493 children looked after of 35,617, the
// mean of its neighbours 120.4 (testdata of package dashboard names sources).
func TestDistanceInChildren(t *testing.T) {
	m := stat.Measure{Unit: stat.RateOf}
	d, ok := benchmark.DistanceFrom(120.4, m, stat.Observation{Count: num(493), Denominator: num(35_617), Value: num(138)})
	if !ok || d.Absolute != 17.6 || *d.Percent != 14.617940199 || *d.Match != 429 || *d.Children != -64 {
		t.Errorf("%+v: %v%%, %v children", d, *d.Percent, *d.Children)
	}
	d, ok = benchmark.DistanceFrom(23.5, stat.Measure{Unit: stat.Percent}, stat.Observation{Count: num(41), Denominator: num(200), Value: num(20.5)})
	if !ok || d.Absolute != -3 || *d.Match != 47 || *d.Children != 6 {
		t.Errorf("%+v: %v children", d, *d.Children)
	}
}

func TestDistanceWithoutChildren(t *testing.T) {
	full := stat.Observation{Count: num(41), Denominator: num(200), Value: num(20.5)}
	for name, tc := range map[string]struct {
		unit      stat.Unit
		o         stat.Observation
		benchmark float64
		ok        bool
	}{
		"no denominator":     {stat.RateOf, stat.Observation{Count: num(41), Value: num(20.5)}, 20, true},
		"denominator of 0":   {stat.RateOf, stat.Observation{Count: num(41), Denominator: num(0), Value: num(20.5)}, 20, true},
		"a marked count":     {stat.RateOf, stat.Observation{Count: mark(stat.Confidential), Denominator: num(200), Value: num(20.5)}, 20, true},
		"days":               {stat.Days, full, 20, true},
		"a benchmark of 0":   {stat.Days, full, 0, true},
		"a marked value":     {stat.RateOf, stat.Observation{Count: num(41), Denominator: num(200), Value: mark(stat.Unavailable)}, 20, false},
		"no number to be at": {stat.RateOf, full, nan, false},
	} {
		d, ok := benchmark.DistanceFrom(tc.benchmark, stat.Measure{Unit: tc.unit}, tc.o)
		if ok != tc.ok || d.Match != nil || d.Children != nil || ok && (d.Percent == nil) != (tc.benchmark == 0) {
			t.Errorf("%s: %+v, %t", name, d, ok)
		}
	}
}

// With the children that match, the rate is the benchmark's to half a child.
func TestMatchMatches(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for range 1000 {
		n, want := float64(1+rng.IntN(100_000)), rng.Float64()*200
		x := float64(rng.IntN(int(n) + 1))
		d, _ := benchmark.DistanceFrom(want, stat.Measure{Unit: stat.RateOf}, stat.Observation{Count: num(x), Denominator: num(n), Value: num(10_000 * x / n)})
		if got := 10_000 * (x + *d.Children) / n; math.Abs(got-want) > 0.5*10_000/n+1e-6 {
			t.Fatalf("%v of %v and %v more is %v, want %v", x, n, *d.Children, got, want)
		}
	}
}
