package benchmark_test

import (
	"encoding/csv"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// yearlyValues are snapshots on 31 March of the years up to 2025.
func yearlyValues(values ...float64) []stat.Observation {
	var out []stat.Observation
	for i, v := range values {
		p := stat.OnDay(stat.Date{Year: 2026 - len(values) + i, Month: 3, Day: 31})
		out = append(out, stat.Observation{Key: stat.Key{Period: p}, Value: num(v)})
	}
	return out
}

// looked are Middlesbrough's children looked after per 10,000, 2016 to 2025.
var looked = []float64{118, 138, 144, 159, 188, 172, 150, 148, 146, 138}

// TestProjectArithmetic holds projections against the same sums done apart,
// in Python with Student's t to ten digits:
//
//	z = [log(x) for x in values]; n = len(z) - 1
//	s2 = sum((b-a)**2 for a, b in zip(z, z[1:])) / n; m = (z[-1]-z[0]) / n
//	exp(z[-1] + m*(1 - 0.5**k) -/+ t*sqrt(s2*k)), k years ahead
func TestProjectArithmetic(t *testing.T) {
	small := yearlyValues(10, 10, 10, 10, 10)
	small[4].Count = num(8)
	share := yearlyValues(20.5, 22.1, 24.0, 19.8, 21.3)
	share[4].Count, share[4].Denominator = num(480), num(2250)
	for name, tc := range map[string]struct {
		m    stat.Measure
		past []stat.Observation
		want [][3]float64
	}{
		"ten years of a rate": {cla, yearlyValues(looked...), [][3]float64{
			{139.205599, 120.821179, 160.387432}, {139.812342, 114.433214, 170.820080}, {140.116704, 109.633979, 179.074872}}},
		"eleven years, of which ten count": {cla, yearlyValues(append([]float64{7}, looked...)...), [][3]float64{
			{139.205599, 120.821179, 160.387432}}},
		"five years of a percentage": {rereferrals, share, [][3]float64{
			{21.401585, 17.793325, 25.514453}, {21.452509, 16.486570, 27.423074}, {21.478004, 15.526350, 28.929760}}},
		"a range is never less than chance gives": {cla, small, [][3]float64{
			{10, 4.645885, 21.524422}, {10, 3.381923, 29.568974}}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := benchmark.Project(tc.m, tc.past, len(tc.want))
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range tc.want {
				y := p.Years[i]
				for j, got := range []float64{y.Value, y.Lower, y.Upper} {
					if math.Abs(got-want[j]) > 2e-5 {
						t.Errorf("%s: %.6f, want %.6f", y.Label, got, want[j])
					}
				}
				if y.Period.End.Year != 2026+i || y.End != y.Period.End.String() {
					t.Errorf("year %d is %s", i, y.End)
				}
			}
		})
	}
}

func TestProjectRefuses(t *testing.T) {
	gap := yearlyValues(looked...)
	gap = append(gap[:6], gap[7:]...)
	marked := yearlyValues(looked...)
	marked[7].Value = mark(stat.Confidential)
	lastMarked := yearlyValues(looked...)
	lastMarked[9].Value = mark(stat.Unavailable)
	months := yearlyValues(looked...)
	for i := range months {
		months[i].Period = stat.InMonth(2025, time.Month(i+3))
	}
	changed := cla
	changed.Changed = []stat.DefinitionChange{{From: "2021-04-01", What: "It is counted anew."}}
	for name, tc := range map[string]struct {
		m     stat.Measure
		past  []stat.Observation
		years int
		want  error
		says  string
	}{
		"no years":          {cla, yearlyValues(looked...), 0, benchmark.ErrTooFar, "a projection goes one to five years ahead, not 0"},
		"six years":         {cla, yearlyValues(looked...), 6, benchmark.ErrTooFar, ""},
		"four figures":      {cla, yearlyValues(1, 2, 3, 4), 1, benchmark.ErrFewYears, "a projection needs five years of figures, and there are four"},
		"none":              {cla, nil, 1, benchmark.ErrFewYears, ""},
		"a gap":             {cla, gap, 1, benchmark.ErrBroken, "a projection needs a figure for each of the latest five years: there is none for the year before 31 March 2023"},
		"a mark":            {cla, marked, 1, benchmark.ErrBroken, ""},
		"the last a mark":   {cla, lastMarked, 1, benchmark.ErrBroken, "a projection needs a figure for each of the latest five years: there is none for 31 March 2025"},
		"months":            {cla, months, 1, benchmark.ErrNotYearly, "only yearly figures are projected, and December 2025 is a month"},
		"a zero":            {cla, yearlyValues(3, 2, 0, 1, 2), 1, benchmark.ErrAtBound, "figures of nothing or of everything are not projected: the figure of 31 March 2023 is 0 per 10,000"},
		"everybody":         {rereferrals, yearlyValues(98, 99, 100, 99, 98), 1, benchmark.ErrAtBound, ""},
		"beyond all bounds": {cla, yearlyValues(1e-300, 1e300, 1e-300, 1e300, 1), 5, benchmark.ErrUnsteady, ""},
		"a new definition":  {changed, yearlyValues(looked...), 1, benchmark.ErrFewYears, "a projection needs five years of figures, and there are four"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := benchmark.Project(tc.m, tc.past, tc.years)
			if !errors.Is(err, tc.want) || tc.says != "" && err.Error() != tc.says {
				t.Errorf("%v, want %v", err, tc.want)
			}
		})
	}
}

func TestProjectWords(t *testing.T) {
	p, err := benchmark.Project(cla, yearlyValues(looked...), 3)
	if err != nil {
		t.Fatal(err)
	}
	want := "If the average yearly change since 31 March 2016 went on, each year by half as much as the year before, Middlesbrough would have about 140 children looked after in every 10,000 on 31 March 2028 (80% range 110 to 179). " +
		"This is a projection, not a forecast of what the council will do."
	if got := p.Sentence(cla, "Middlesbrough"); got != want {
		t.Errorf("sentence\n got %s\nwant %s", got, want)
	}
	if got := p.Years[2].Words(cla); got != "about 140 per 10,000 (80% range 110 to 179)" {
		t.Error(got)
	}
	share := rereferrals
	q, err := benchmark.Project(share, yearlyValues(20, 21, 22, 21, 20), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := q.Sentence(share, "St Helens"); !strings.Contains(got, "St Helens' figure for re-referrals within 12 months would be about 20.0% on 31 March 2026 (80% range ") {
		t.Error(got)
	}
}

// TestProjectAgainstTheTrend projects what rose to a peak and fell since: the
// average goes one way, the latest five years the other.
func TestProjectAgainstTheTrend(t *testing.T) {
	peak := counted([]float64{300, 400, 500, 640, 690, 650, 600, 560, 513, 493}, slices.Repeat([]float64{35000}, 10), 10000)
	fall := counted([]float64{690, 650, 600, 560, 513}, slices.Repeat([]float64{35000}, 5), 10000)
	for name, tc := range map[string]struct {
		past  []stat.Observation
		trend benchmark.Marker
		says  string
	}{
		"a peak between": {peak, benchmark.Decreasing, "It points up, though over the five years to 31 March 2025 the rate was decreasing."},
		"a steady fall":  {fall, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := benchmark.Project(cla, tc.past, 2)
			if err != nil {
				t.Fatal(err)
			}
			if p.Trend != tc.trend || p.Against(cla) != tc.says || !strings.HasSuffix(p.Sentence(cla, "Bristol, City of"), strings.TrimSpace("will do. "+tc.says)) {
				t.Errorf("%q: %s", p.Trend, p.Sentence(cla, "Bristol, City of"))
			}
		})
	}
}

// TestProjectStaysPossible tries random series: a range holds its middle,
// leaves no bound, and widens with the years.
func TestProjectStaysPossible(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		m, top := cla, math.Inf(1)
		if rng.IntN(2) == 0 {
			m, top = rereferrals, 100
		}
		var values []float64
		for range 5 + rng.IntN(8) {
			values = append(values, 0.1+99.8*rng.Float64())
		}
		p, err := benchmark.Project(m, yearlyValues(values...), 5)
		if err != nil {
			t.Fatalf("%v: %v", values, err)
		}
		width := 0.0
		for _, y := range p.Years {
			if !(0 <= y.Lower && y.Lower < y.Value && y.Value < y.Upper && y.Upper <= top) {
				t.Fatalf("%v: %+v", values, y)
			}
			if w := y.Upper - y.Lower; w <= width && top != 100 {
				t.Fatalf("%v: narrower at %s", values, y.Label)
			} else {
				width = w
			}
		}
	}
}

// TestProjectCoverage simulates yearly changes, with and without a drift, and
// counts how often the range holds what came.
func TestProjectCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, tc := range []struct {
		drift       float64
		least, most float64
	}{{0, 0.72, 0.84}, {0.03, 0.70, 0.85}, {-0.03, 0.70, 0.85}} {
		for _, ahead := range []int{1, 3, 5} {
			held := 0
			const trials = 800
			for range trials {
				walk := []float64{100}
				for range 9 + ahead {
					walk = append(walk, walk[len(walk)-1]*math.Exp(tc.drift+0.08*rng.NormFloat64()))
				}
				p, err := benchmark.Project(cla, yearlyValues(walk[:10]...), ahead)
				if err != nil {
					t.Fatal(err)
				}
				if y := p.Years[ahead-1]; y.Lower <= walk[9+ahead] && walk[9+ahead] <= y.Upper {
					held++
				}
			}
			if share := float64(held) / trials; share < tc.least || share > tc.most {
				t.Errorf("drift %g, %d years ahead: held %.3f", tc.drift, ahead, share)
			}
		}
	}
}

// TestProjectWhatHappened projects every authority's published figures three
// years on from earlier ones, as the page of methods says it was tried.
func TestProjectWhatHappened(t *testing.T) {
	held := published(t, "../../../shared/data/dfe/lait_underlying_2016_2025.csv")
	for short, percent := range map[string]bool{
		"LAC": false, "CPP_rate": false, "CIN": false, "CPP_Total_Rateper10,000": false, "ReReferral": true, "LACDistance": true,
	} {
		m := cla
		if percent {
			m = rereferrals
		}
		for _, points := range []int{5, 7} {
			in, all := 0, 0
			for _, series := range held[short] {
				for end := 2016 + points - 1; end <= 2022; end++ {
					actual, ok := series[end+3]
					if ok && outcome(m, series, end, points, actual, &in) {
						all++
					}
				}
			}
			share := float64(in) / float64(all)
			t.Logf("%s from %d years: held %.2f of %d", short, points, share, all)
			if share < 0.755 || share > 0.925 {
				t.Errorf("%s from %d years: held %.3f of %d", short, points, share, all)
			}
		}
	}
}

// outcome projects the points years up to end, and counts actual if it falls
// into the range three years on; false where there is no projection.
func outcome(m stat.Measure, series map[int]float64, end, points int, actual float64, in *int) bool {
	var past []stat.Observation
	for year := end - points + 1; year <= end; year++ {
		v, ok := series[year]
		if !ok {
			return false
		}
		past = append(past, stat.Observation{Key: stat.Key{Period: stat.ReportingYear(year)}, Value: num(v)})
	}
	p, err := benchmark.Project(m, past, 3)
	if err != nil {
		return false
	}
	if p.Years[2].Lower <= actual && actual <= p.Years[2].Upper {
		*in++
	}
	return true
}

// published reads the underlying data of the Local Authority Interactive
// Tool: by measure and area, the values of years.
func published(t *testing.T, name string) map[string]map[string]map[int]float64 {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Skipf("the published file is not here: put it in ../shared/data to run this test (%v)", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]map[int]float64{}
	for _, r := range rows[1:] {
		year, err1 := strconv.Atoi(r[2])
		value, err2 := strconv.ParseFloat(r[4], 64)
		if err1 != nil || err2 != nil || len(r[5]) != 3 {
			continue
		}
		if out[r[0]] == nil {
			out[r[0]] = map[string]map[int]float64{}
		}
		if out[r[0]][r[5]] == nil {
			out[r[0]][r[5]] = map[int]float64{}
		}
		out[r[0]][r[5]][year] = value
	}
	return out
}
