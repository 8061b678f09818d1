package benchmark_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// estimates are yearly rates to 31 March 2025, each with an interval of one
// either side.
func estimates(values ...float64) []benchmark.Estimate {
	var out []benchmark.Estimate
	for i, v := range values {
		out = append(out, benchmark.Estimate{
			Point:    benchmark.Point{Period: stat.ReportingYear(2026 - len(values) + i), Value: v},
			Interval: benchmark.Interval{Lower: v - 1, Upper: v + 1},
		})
	}
	return out
}

func fractions(of float64, counts ...float64) []benchmark.Fraction {
	var out []benchmark.Fraction
	for i, x := range counts {
		out = append(out, benchmark.Fraction{Period: stat.ReportingYear(2026 - len(counts) + i), Count: x, Of: of})
	}
	return out
}

func TestTrendWords(t *testing.T) {
	for _, tc := range []struct {
		values          []float64
		none, high, low string
	}{
		{[]float64{10, 12, 14, 16, 18}, "increasing", "increasing and getting better", "increasing and getting worse"},
		{[]float64{18, 16, 14, 12, 10}, "decreasing", "decreasing and getting worse", "decreasing and getting better"},
		{[]float64{10, 10, 10, 10, 10}, "no significant change", "no significant change", "no significant change"},
		{[]float64{10, 11, 10, 11, 10.5}, "no significant change", "no significant change", "no significant change"},
		{[]float64{10, 12, 14, 16}, "cannot be calculated", "cannot be calculated", "cannot be calculated"},
		// Only the latest five count, and they fall.
		{[]float64{1, 2, 18, 16, 14, 12, 10}, "decreasing", "decreasing and getting worse", "decreasing and getting better"},
	} {
		got := benchmark.RateTrend(estimates(tc.values...))
		if got.Words(stat.NoPolarity) != tc.none || got.Words("") != tc.none || got.Words(stat.HighIsGood) != tc.high || got.Words(stat.LowIsGood) != tc.low {
			t.Errorf("%v: %+v, %q", tc.values, got, got.Words(stat.LowIsGood))
		}
		if len(tc.values) >= 5 && (got.From != stat.ReportingYear(2021) || got.To != stat.ReportingYear(2025)) {
			t.Errorf("%v: from %s to %s", tc.values, got.From, got.To)
		}
	}
}

func TestRateTrendIsNotAvailable(t *testing.T) {
	for name, tc := range map[string]struct {
		change func([]benchmark.Estimate) []benchmark.Estimate
		reason string
	}{
		"four years":  {func(e []benchmark.Estimate) []benchmark.Estimate { return e[1:] }, "fewer than five years have a figure"},
		"none":        {func([]benchmark.Estimate) []benchmark.Estimate { return nil }, "fewer than five years have a figure"},
		"no interval": {func(e []benchmark.Estimate) []benchmark.Estimate { e[2].Interval = benchmark.Interval{}; return e }, "the figure of the year ending 31 March 2023 has no interval"},
		"a width of zero": {func(e []benchmark.Estimate) []benchmark.Estimate {
			e[2].Interval = benchmark.Interval{Lower: 3, Upper: 3}
			return e
		}, "the figure of the year ending 31 March 2023 has no interval"},
		"out of reach": {func(e []benchmark.Estimate) []benchmark.Estimate {
			e[2].Value, e[2].Interval = 0, benchmark.Interval{Upper: 1e-200}
			return e
		}, "the figures are too far apart in size to be tested"},
		"not a number":     {func(e []benchmark.Estimate) []benchmark.Estimate { e[2].Value = nan; return e }, "the figure of the year ending 31 March 2023 has no interval"},
		"a year missing":   {func(e []benchmark.Estimate) []benchmark.Estimate { e[0].Period = stat.ReportingYear(2020); return e }, "the latest five figures are not of consecutive years: the year ending 31 March 2022 comes after the year ending 31 March 2020"},
		"a year twice":     {func(e []benchmark.Estimate) []benchmark.Estimate { e[0].Period = e[1].Period; return e }, "the latest five figures are not of consecutive years: the year ending 31 March 2022 comes after the year ending 31 March 2022"},
		"rolling years":    {func(e []benchmark.Estimate) []benchmark.Estimate { return at(e, stat.Year, 3) }, "the latest five figures are not of consecutive years: the year ending 30 June 2020 comes after the year ending 31 March 2020"},
		"ends of months":   {func(e []benchmark.Estimate) []benchmark.Estimate { return at(e, stat.Day, 1) }, "the latest five figures are not of consecutive years: 30 April 2020 comes after 31 March 2020"},
		"months":           {func(e []benchmark.Estimate) []benchmark.Estimate { return at(e, stat.Month, 1) }, "only yearly figures are tested, and March 2020 is a month"},
		"a quarter a year": {func(e []benchmark.Estimate) []benchmark.Estimate { return at(e, stat.Quarter, 12) }, "only yearly figures are tested, and 1 January 2020 to 31 March 2020 is a quarter"},
	} {
		got := benchmark.RateTrend(tc.change(estimates(10, 12, 14, 16, 18)))
		if got.Marker != benchmark.NotAvailable || got.Reason != tc.reason || got.ChiSquared != 0 || got.Words(stat.LowIsGood) != "cannot be calculated" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := benchmark.RateTrend(at(estimates(10, 12, 14, 16, 18), stat.Day, 12)); got.Marker != benchmark.Increasing {
		t.Errorf("31 March of each year: %+v", got)
	}
}

// at moves estimates to periods so many months apart, from March 2020.
func at(e []benchmark.Estimate, span stat.Span, months int) []benchmark.Estimate {
	for i := range e {
		e[i].Period = stat.Period{End: stat.Date{Year: 2020, Month: 3, Day: 31}.AddMonthEnds(i * months), Span: span}
	}
	return e
}

func TestProportionTrendIsNotAvailable(t *testing.T) {
	for reason, f := range map[string][]benchmark.Fraction{
		"fewer than five years have a figure":                    fractions(10, 1, 2, 3, 4),
		"the year ending 31 March 2021 has none":                 fractions(10, 0, 2, 3, 4, 5),
		"the year ending 31 March 2025 has all":                  fractions(10, 6, 7, 8, 9, 10),
		"the year ending 31 March 2023 is not a part of a whole": fractions(10, 6, 7, 11, 9, 9),
	} {
		if got := benchmark.ProportionTrend(f); got.Marker != benchmark.NotAvailable || got.Reason != reason {
			t.Errorf("%s: %+v", reason, got)
		}
	}
}

func TestTrendOfAMeasure(t *testing.T) {
	var series []stat.Observation
	for i, x := range []float64{262, 249, 231, 219, 196} {
		series = append(series, stat.Observation{
			Key:   stat.Key{Period: stat.OnDay(stat.Date{Year: 2021 + i, Month: 3, Day: 31})},
			Count: num(x), Denominator: num(51_000), Value: num(1),
		})
	}
	rate := benchmark.TrendOf(stat.Measure{Unit: stat.RateOf}, series)
	if rate.Marker != benchmark.Decreasing || rate.Slope > -3 || rate.Slope < -4 {
		t.Errorf("rate: %+v", rate)
	}
	part := benchmark.TrendOf(stat.Measure{Unit: stat.Percent}, series)
	if part.Marker != benchmark.Decreasing || part.Slope > 0 || part.Slope < -1 {
		t.Errorf("percentage: %+v", part)
	}
	if got := benchmark.TrendOf(stat.Measure{Unit: stat.Days}, series); got.Marker != benchmark.NotAvailable || !strings.Contains(got.Reason, "only rates and percentages") {
		t.Errorf("days: %+v", got)
	}
	series[2].Count = mark(stat.Confidential)
	if got := benchmark.TrendOf(stat.Measure{Unit: stat.RateOf}, series); got.Marker != benchmark.NotAvailable || got.Reason != "fewer than five years have a figure" {
		t.Errorf("a marked year: %+v", got)
	}
}

// TestTrendProperties tries random series: the order they come in does not
// matter, nor does the unit; turned round in time or in value, the trend is
// the opposite.
func TestTrendProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	markers := map[benchmark.Marker]int{}
	for range 3000 {
		var e, mixed, scaled, back []benchmark.Estimate
		var counts, others []float64
		drift := rng.Float64()*4 - 2
		for i := range 5 {
			v := 60 + drift*float64(i) + rng.NormFloat64()
			counts = append(counts, math.Round(10*v))
			others = append(others, 1000-math.Round(10*v))
			w := 0.5 + rng.Float64()*2
			e = append(e, benchmark.Estimate{Point: benchmark.Point{Period: stat.ReportingYear(2021 + i), Value: v}, Interval: benchmark.Interval{Lower: v - w, Upper: v + w}})
		}
		for i, x := range e {
			x.Value, x.Interval = x.Value/10, x.Interval.Times(0.1)
			scaled = append(scaled, x)
			x = e[4-i]
			x.Period = e[i].Period
			back = append(back, x)
		}
		mixed = slices.Clone(e)
		rng.Shuffle(5, func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		before := slices.Clone(mixed)
		got := benchmark.RateTrend(e)
		markers[got.Marker]++
		if again := benchmark.RateTrend(mixed); again != got || !slices.Equal(mixed, before) {
			t.Fatalf("%v: %+v, mixed %+v", e, got, again)
		}
		if per1000 := benchmark.RateTrend(scaled); per1000.Marker != got.Marker || !nearly(per1000.ChiSquared, got.ChiSquared) || !nearly(10*per1000.Slope, got.Slope) {
			t.Fatalf("%v: %+v, in another unit %+v", e, got, per1000)
		}
		if b := benchmark.RateTrend(back); b.Marker != opposite(got.Marker) || !nearly(b.ChiSquared, got.ChiSquared) || !nearly(-b.Slope, got.Slope) {
			t.Fatalf("%v: %+v, backwards %+v", e, got, b)
		}
		part, other := benchmark.ProportionTrend(fractions(1000, counts...)), benchmark.ProportionTrend(fractions(1000, others...))
		if other.Marker != opposite(part.Marker) || !nearly(part.ChiSquared, other.ChiSquared) || !nearly(-part.Slope, other.Slope) {
			t.Fatalf("%v: %+v, the others %+v", counts, part, other)
		}
	}
	if len(markers) != 3 {
		t.Errorf("not all kinds were tried: %v", markers)
	}
}

func nearly(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

func opposite(m benchmark.Marker) benchmark.Marker {
	switch m {
	case benchmark.Increasing:
		return benchmark.Decreasing
	case benchmark.Decreasing:
		return benchmark.Increasing
	}
	return m
}
