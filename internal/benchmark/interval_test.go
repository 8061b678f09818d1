package benchmark_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

var nan = math.NaN()

func TestNoIntervalOfWhatCannotBe(t *testing.T) {
	for name, in := range map[string]struct {
		count, of  float64
		c          benchmark.Confidence
		rate, part bool
	}{
		"as it should be":   {5, 10, benchmark.Confidence95, true, true},
		"none":              {0, 10, benchmark.Confidence95, true, true},
		"all":               {10, 10, benchmark.Confidence95, true, true},
		"more than all":     {11, 10, benchmark.Confidence95, true, false},
		"more, less surely": {11, 10, benchmark.Confidence998, true, false},
		"a negative count":  {-1, 10, benchmark.Confidence95, false, false},
		"a broken count":    {1.5, 10, benchmark.Confidence95, false, false},
		"no population":     {0, 0, benchmark.Confidence95, false, false},
		"below nobody":      {1, -10, benchmark.Confidence95, false, false},
		"no number":         {nan, 10, benchmark.Confidence95, false, false},
		"of no number":      {1, nan, benchmark.Confidence95, false, false},
		"of infinitely":     {1, math.Inf(1), benchmark.Confidence95, false, false},
		"infinitely many":   {math.Inf(1), 10, benchmark.Confidence95, false, false},
		"certainty":         {1, 10, 1, false, false},
		"no confidence":     {1, 10, 0, false, false},
		"confidence as 95%": {1, 10, 95, false, false},
	} {
		i, ok := benchmark.RateInterval(in.count, in.of, 10_000, in.c)
		if ok != in.rate || !ok && i.Against(1) != benchmark.NotCompared {
			t.Errorf("%s: rate %+v, %t", name, i, ok)
		}
		i, ok = benchmark.ProportionInterval(in.count, in.of, in.c)
		if ok != in.part || !ok && i.Against(1) != benchmark.NotCompared {
			t.Errorf("%s: proportion %+v, %t", name, i, ok)
		}
	}
	for _, multiplier := range []float64{0, -1, nan, math.Inf(1)} {
		if i, ok := benchmark.RateInterval(1, 10, multiplier, benchmark.Confidence95); ok {
			t.Errorf("multiplier %v: %+v", multiplier, i)
		}
	}
}

func TestIntervalOfAMeasure(t *testing.T) {
	o := stat.Observation{Count: num(5), Denominator: num(1000), Value: num(50)}
	for name, tc := range map[string]struct {
		unit stat.Unit
		o    stat.Observation
		ok   bool
	}{
		"a rate":           {stat.RateOf, o, true},
		"a percentage":     {stat.Percent, o, true},
		"a number":         {stat.Number, o, false},
		"days":             {stat.Days, o, false},
		"a marked count":   {stat.RateOf, stat.Observation{Count: mark(stat.Confidential), Denominator: num(1000), Value: num(50)}, false},
		"a rate by itself": {stat.RateOf, stat.Observation{Value: num(50)}, false},
	} {
		if i, ok := benchmark.IntervalOf(stat.Measure{Unit: tc.unit}, tc.o, benchmark.Confidence95); ok != tc.ok {
			t.Errorf("%s: %+v, %t", name, i, ok)
		}
	}
}

func TestAgainst(t *testing.T) {
	i := benchmark.Interval{Lower: 70, Upper: 90}
	for benchmarked, want := range map[float64][3]benchmark.Verdict{
		69.9:         {benchmark.Higher, benchmark.Better, benchmark.Worse},
		70:           {benchmark.Similar, benchmark.Similar, benchmark.Similar},
		80:           {benchmark.Similar, benchmark.Similar, benchmark.Similar},
		90:           {benchmark.Similar, benchmark.Similar, benchmark.Similar},
		90.1:         {benchmark.Lower, benchmark.Worse, benchmark.Better},
		math.Inf(-1): {benchmark.NotCompared, benchmark.NotCompared, benchmark.NotCompared},
	} {
		v := i.Against(benchmarked)
		got := [3]benchmark.Verdict{v, v.Judged(stat.HighIsGood), v.Judged(stat.LowIsGood)}
		if got != want || v.Judged(stat.NoPolarity) != v || v.Judged("") != v {
			t.Errorf("%v: %v, want %v", benchmarked, got, want)
		}
	}
	for _, none := range []benchmark.Interval{{}, {Lower: 5, Upper: 5}, {Lower: 6, Upper: 5}, {Lower: nan, Upper: 5}, {Lower: 1, Upper: math.Inf(1)}} {
		if v := none.Against(5); v != benchmark.NotCompared || none.Holds(5) {
			t.Errorf("%+v: %s", none, v)
		}
	}
	if v := i.Against(nan); v != benchmark.NotCompared {
		t.Errorf("no number: %s", v)
	}
}

// A rate interval of any count holds the rate, grows with confidence and
// moves up with the count, also where Byar takes over from exact limits.
func TestRateIntervalProperties(t *testing.T) {
	before := map[benchmark.Confidence]benchmark.Interval{}
	for x := range 3000 {
		var narrow benchmark.Interval
		for _, c := range []benchmark.Confidence{0.5, benchmark.Confidence95, benchmark.Confidence998} {
			i, ok := benchmark.RateInterval(float64(x), 35_617, 10_000, c)
			if rate := 10_000 * float64(x) / 35_617; !ok || !i.Holds(rate) || i.Lower < 0 {
				t.Fatalf("%d at %v: %+v does not hold %v", x, c, i, rate)
			}
			if c > 0.5 && !(i.Lower <= narrow.Lower && narrow.Upper < i.Upper) {
				t.Fatalf("%d: %+v at %v is not wider than %+v", x, i, c, narrow)
			}
			if b := before[c]; x > 0 && (b.Lower >= i.Lower || b.Upper >= i.Upper) {
				t.Fatalf("%d at %v: %+v after %+v", x, c, i, b)
			}
			narrow, before[c] = i, i
		}
		if (narrow.Lower == 0) != (x == 0) {
			t.Fatalf("%d begins at %v", x, narrow.Lower)
		}
	}
}

// An exact interval's ends are where as many or more, and as many or fewer,
// come by chance in half of what the confidence leaves out.
func TestExactLimitsAreExact(t *testing.T) {
	cdf := func(k int, mean float64) (sum float64) {
		for i := 0; i <= k; i++ {
			g, _ := math.Lgamma(float64(i + 1))
			sum += math.Exp(float64(i)*math.Log(mean) - mean - g)
		}
		return sum
	}
	for x := range 10 {
		for c, tail := range map[benchmark.Confidence]float64{benchmark.Confidence95: 0.025, benchmark.Confidence998: 0.001} {
			i, _ := benchmark.RateInterval(float64(x), 1, 1, c)
			if p := cdf(x, i.Upper); math.Abs(p-tail) > 1e-12 {
				t.Errorf("%d at %v: %v or fewer", x, c, p)
			}
			if x > 0 {
				if p := 1 - cdf(x-1, i.Lower); math.Abs(p-tail) > 1e-12 {
					t.Errorf("%d at %v: %v or more", x, c, p)
				}
			}
		}
	}
}

// A proportion's interval holds it, stays between 0 and 1, grows with
// confidence and with fewer cases, and is the mirror of that of the others.
func TestProportionIntervalProperties(t *testing.T) {
	for n := 1; n <= 150; n++ {
		before := benchmark.Interval{Lower: -1, Upper: -1}
		for x := 0; x <= n; x++ {
			i, ok := benchmark.ProportionInterval(float64(x), float64(n), benchmark.Confidence95)
			if !ok || !i.Holds(float64(x)/float64(n)) || i.Lower < 0 || i.Upper > 1 {
				t.Fatalf("%d of %d: %+v", x, n, i)
			}
			if (i.Lower == 0) != (x == 0) || (i.Upper == 1) != (x == n) {
				t.Fatalf("%d of %d ends at %+v", x, n, i)
			}
			wide, _ := benchmark.ProportionInterval(float64(x), float64(n), benchmark.Confidence998)
			if wide.Lower > i.Lower || wide.Upper < i.Upper || wide.Upper-wide.Lower <= i.Upper-i.Lower {
				t.Fatalf("%d of %d: %+v is not wider than %+v", x, n, wide, i)
			}
			if i.Lower <= before.Lower || i.Upper <= before.Upper {
				t.Fatalf("%d of %d: %+v after %+v", x, n, i, before)
			}
			more, _ := benchmark.ProportionInterval(10*float64(x), 10*float64(n), benchmark.Confidence95)
			if more.Upper-more.Lower >= i.Upper-i.Lower {
				t.Fatalf("%d of %d: %+v with ten times as many", x, n, more)
			}
			others, _ := benchmark.ProportionInterval(float64(n-x), float64(n), benchmark.Confidence95)
			if math.Abs(1-others.Lower-i.Upper) > 1e-14 || math.Abs(1-others.Upper-i.Lower) > 1e-14 {
				t.Fatalf("%d of %d: %+v, the others %+v", x, n, i, others)
			}
			before = i
		}
	}
}

func FuzzIntervals(f *testing.F) {
	f.Add(405.0, 51_230.0, 10_000.0, 0.95)
	f.Add(3.0, 38_000.0, 10_000.0, 0.998)
	f.Add(1e300, 1e-300, 1e9, 0.5)
	f.Add(9.0, 5e-324, 1e308, 0.999999999999)
	f.Fuzz(func(t *testing.T, count, of, multiplier, confidence float64) {
		c := benchmark.Confidence(confidence)
		if i, ok := benchmark.RateInterval(count, of, multiplier, c); ok && (i.Lower < 0 || !(i.Lower < i.Upper)) {
			t.Errorf("%v of %v x %v at %v: %+v", count, of, multiplier, c, i)
		}
		i, ok := benchmark.ProportionInterval(count, of, c)
		if ok && (i.Lower < 0 || i.Upper > 1 || !(i.Lower < i.Upper) || count > of) {
			t.Errorf("%v of %v at %v: %+v", count, of, c, i)
		}
	})
}

// Rates of a group's share that is no more than chance are called in line
// with it about as often as promised.
func TestIntervalsCover(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const tries, n, share = 4000, 400, 0.15
	held := 0
	for range tries {
		x := 0
		for range n {
			if rng.Float64() < share {
				x++
			}
		}
		if i, _ := benchmark.ProportionInterval(float64(x), n, benchmark.Confidence95); i.Holds(share) {
			held++
		}
	}
	if got := float64(held) / tries; got < 0.94 || got > 0.965 {
		t.Errorf("95%% intervals hold the truth in %.1f%%", 100*got)
	}
}
