package benchmark_test

import (
	"math"
	"strings"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// counted are yearly counts and denominators to 31 March 2025.
func counted(counts, of []float64, k float64) []stat.Observation {
	var out []stat.Observation
	for i, x := range counts {
		out = append(out, stat.Observation{
			Key:   stat.Key{Period: stat.ReportingYear(2026 - len(counts) + i)},
			Count: num(x), Denominator: num(of[i]), Value: num(stat.RoundHalfUp(k*x/of[i], 1)),
		})
	}
	return out
}

// Middlesbrough's referrals, 2021 to 2025, as published, and its children.
var (
	referred = []float64{4429, 4613, 4229, 2797, 3636}
	children = []float64{33231, 33480, 34384, 35177, 35617}
)

// TestTemperedTrends holds chi-squared and dispersion against the same sums
// done apart, in Python.
func TestTemperedTrends(t *testing.T) {
	referrals := cla
	referrals.Kind = stat.Flow
	for name, tc := range map[string]struct {
		got             benchmark.Trend
		chi, dispersion float64
		marker          benchmark.Marker
		uneven          bool
	}{
		"referrals scatter": {benchmark.TrendOf(referrals, counted(referred, children, 10000)), 464.797949, 110.397529, benchmark.Decreasing, true},
		"a share scatters":  {benchmark.TrendOf(rereferrals, counted([]float64{300, 350, 310, 420, 390}, []float64{1000, 1020, 990, 1010, 1000}, 100)), 28.073424, 5.009006, benchmark.Increasing, true},
		"a steady fall":     {benchmark.TrendOf(cla, counted([]float64{262, 249, 231, 219, 196}, []float64{50900, 51000, 51100, 51200, 51230}, 10000)), math.NaN(), math.NaN(), benchmark.Decreasing, false},
	} {
		t.Run(name, func(t *testing.T) {
			if !math.IsNaN(tc.chi) && (math.Abs(tc.got.ChiSquared-tc.chi) > 1e-4 || math.Abs(tc.got.Dispersion-tc.dispersion) > 1e-4) {
				t.Errorf("chi-squared %.6f, dispersion %.6f", tc.got.ChiSquared, tc.got.Dispersion)
			}
			if tc.got.Marker != tc.marker || tc.got.Uneven != tc.uneven {
				t.Errorf("%+v", tc.got)
			}
		})
	}
}

// TestTrendAndChangeAgreeInWords sees that no two sentences seem at odds.
func TestTrendAndChangeAgreeInWords(t *testing.T) {
	for name, tc := range map[string]struct {
		counts, of []float64
		says, card string
	}{
		"uneven": {referred, children,
			"Over the five years to 31 March 2025 the rate was decreasing, in spite of the rise in the last of them, but so unevenly that the trend is uncertain.",
			"decreasing, but unevenly, over the five years to 31 March 2025"},
		"a fall that ends in a rise": {[]float64{300, 270, 240, 210, 214}, []float64{50000, 50000, 50000, 50000, 50000},
			"Over the five years to 31 March 2025 the rate was decreasing, in spite of the rise in the last of them.",
			"decreasing over the five years to 31 March 2025"},
		"a rise that ends in a fall": {[]float64{220, 250, 280, 310, 304}, []float64{50000, 50000, 50000, 50000, 50000},
			"Over the five years to 31 March 2025 the rate was increasing, in spite of the fall in the last of them.",
			"increasing over the five years to 31 March 2025"},
		"fewer of fewer children is no fall": {[]float64{300, 270, 240, 210, 205}, []float64{50000, 50000, 50000, 50000, 47000},
			"Over the five years to 31 March 2025 the rate was decreasing, in spite of the rise in the last of them.",
			"decreasing over the five years to 31 March 2025"},
		"more of more children is no rise": {[]float64{300, 270, 240, 210, 212}, []float64{50000, 50000, 50000, 50000, 53000},
			"Over the five years to 31 March 2025 the rate was decreasing. To match",
			"decreasing over the five years to 31 March 2025"},
		"a rise": {[]float64{220, 260, 300, 340, 380}, []float64{50000, 50000, 50000, 50000, 50000},
			"Over the five years to 31 March 2025 the rate was increasing.", "increasing over the five years to 31 March 2025"},
	} {
		t.Run(name, func(t *testing.T) {
			all := counted(tc.counts, tc.of, 10000)
			in := input(t)
			in.Measure.Kind, in.Period = stat.Flow, stat.ReportingYear(2025)
			in.Figures["A"], in.Earlier = all[4], all[:4]
			c := benchmark.Compare(in)
			if said := strings.Join(c.Sentences, " "); !strings.Contains(said, tc.says) || c.TrendWords() != tc.card {
				t.Errorf("%s\n%s\n%+v", said, c.TrendWords(), c.Trend)
			}
		})
	}
}

// TestTemperedLevel holds the bound of a tempered trend against the
// distribution function of Student's t on three degrees of freedom, which has
// a closed form: F on one and three is its square.
func TestTemperedLevel(t *testing.T) {
	beyond := func(f float64) float64 {
		x := math.Sqrt(f / 3)
		return 1 - 2/math.Pi*(x/(1+x*x)+math.Atan(x))
	}
	if p := beyond(10.1279644860139); math.Abs(p-0.05) > 1e-9 {
		t.Errorf("chance exceeds it %g", p)
	}
	if p := beyond(9.54953570608324); math.Abs(p-0.0537) > 1e-4 {
		t.Errorf("chance exceeds the bound of chi-squared %g", p)
	}
	for chi, uneven := range map[float64]bool{10.12 * 2: true, 10.13 * 2: false} {
		if got := (benchmark.Trend{Marker: benchmark.Increasing, ChiSquared: chi, Dispersion: 2}).Tempered(); got.Marker != benchmark.Increasing || got.Uneven != uneven {
			t.Errorf("%g: %+v", chi, got)
		}
	}
	if got := (benchmark.Trend{Marker: benchmark.Decreasing, ChiSquared: 10, Dispersion: 0.9}).Tempered(); got.Marker != benchmark.Decreasing {
		t.Errorf("%+v", got)
	}
}
