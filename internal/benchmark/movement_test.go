package benchmark_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// monthEnds are snapshots at the ends of months from April 2023, none where
// the value is not a number.
func monthEnds(values ...float64) []benchmark.Point {
	out := months(values...)
	for i := range out {
		out[i].Period.Span = stat.Day
	}
	return slices.DeleteFunc(out, func(p benchmark.Point) bool { return p.Value != p.Value })
}

// marches are snapshots at 31 March from 2016.
func marches(values ...float64) []benchmark.Point {
	var out []benchmark.Point
	for i, v := range values {
		if v == v {
			out = append(out, benchmark.Point{Period: stat.OnDay(stat.Date{Year: 2016 + i, Month: time.March, Day: 31}), Value: v})
		}
	}
	return out
}

func TestPointsAreOfNumbersAlone(t *testing.T) {
	at := func(year int, count, value stat.Figure) stat.Observation {
		return stat.Observation{Key: stat.Key{Period: stat.ReportingYear(year)}, Count: count, Value: value}
	}
	series := []stat.Observation{
		at(2025, num(4), num(40)), at(2024, mark(stat.Confidential), num(30)), at(2023, num(0), mark(stat.Low)), at(2022, stat.Figure{}, stat.Figure{}),
	}
	for part, want := range map[stat.Part][]benchmark.Point{
		stat.PartCount: {{Period: stat.ReportingYear(2023), Value: 0}, {Period: stat.ReportingYear(2025), Value: 4}},
		stat.PartValue: {{Period: stat.ReportingYear(2024), Value: 30}, {Period: stat.ReportingYear(2025), Value: 40}},
		"other":        {},
	} {
		if got := benchmark.Points(series, part); !slices.Equal(got, want) {
			t.Errorf("%s: %v", part, got)
		}
	}
}

func TestPrevious(t *testing.T) {
	year := monthEnds(500, 510, 520, 515, 505, 500, 495, 490, 495, 500, 505, 510, 530) // to 30 April 2024
	for name, tc := range map[string]struct {
		step   stat.Span
		series []benchmark.Point
		change float64
		is     stat.Span // the movement's own, "" across a gap
		none   bool
	}{
		"a month":                    {stat.Month, year, 20, stat.Month, false},
		"a year":                     {stat.Year, marches(500, 493), -7, stat.Year, false},
		"across a gap":               {stat.Year, marches(500, nan, nan, 493), -7, "", false},
		"a month of years":           {stat.Month, marches(500, 493), -7, "", false},
		"a reporting year":           {stat.Year, []benchmark.Point{{stat.ReportingYear(2024), 22.6}, {stat.ReportingYear(2025), 20.5}}, -2.1, stat.Year, false},
		"a month's flow, across one": {stat.Month, slices.Delete(months(5, 6, 8), 1, 2), 3, "", false},
		"one point":                  {stat.Year, marches(500), 0, "", true},
		"none":                       {stat.Year, nil, 0, "", true},
	} {
		mixed := slices.Clone(tc.series)
		slices.Reverse(mixed)
		for _, series := range [][]benchmark.Point{tc.series, mixed} {
			m, ok := benchmark.Previous(series, tc.step)
			if ok == tc.none || m.Absolute != tc.change || m.Step != tc.is {
				t.Errorf("%s: %+v, %t", name, m, ok)
			}
		}
	}
	if m, _ := benchmark.Previous(marches(500, 493), stat.Year); *m.Percent != -1.4 {
		t.Errorf("percent: %v", *m.Percent)
	}
	if m, _ := benchmark.Previous(marches(0, 493), stat.Year); m.Percent != nil || m.Absolute != 493 {
		t.Errorf("from nothing: %+v", m)
	}
}

// However many periods are missing, the one named as the period before is
// that.
func TestAGapIsNeverAPreviousPeriod(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	stepped, across := 0, 0
	for range 2000 {
		values := make([]float64, 2+rng.IntN(20))
		for i := range values {
			if values[i] = float64(rng.IntN(100)); rng.IntN(3) == 0 {
				values[i] = nan
			}
		}
		for step, series := range map[stat.Span][]benchmark.Point{stat.Month: monthEnds(values...), stat.Year: marches(values...)} {
			m, ok := benchmark.Previous(series, step)
			if !ok {
				continue
			}
			n := len(values)
			if direct := values[n-1] == values[n-1] && values[n-2] == values[n-2]; direct && m.Step != step {
				t.Fatalf("%v: %+v", values, m)
			}
			switch days := m.To.Period.End.Time().Sub(m.From.Period.End.Time()).Hours() / 24; {
			case m.Step == "":
				across++
			case m.Step == stat.Month && days > 31, m.Step == stat.Year && days > 366:
				t.Fatalf("%v: %+v", values, m)
			default:
				stepped++
			}
		}
	}
	if stepped == 0 || across == 0 {
		t.Errorf("%d steps, %d gaps", stepped, across)
	}
}

func TestCrossings(t *testing.T) {
	flat := func(n int, v float64) []float64 { return slices.Repeat([]float64{v}, n) }
	for name, tc := range map[string]struct {
		series []benchmark.Point
		level  float64
		step   stat.Span
		want   string // "" for no crossing
	}{
		"below, after 13 months":  {monthEnds(append(append([]float64{549}, flat(12, 560)...), 548)...), 550, stat.Month, "below 550 for the first time in 13 months"},
		"above, after two years":  {marches(600, 540, 601), 550, stat.Year, "above 550 for the first time in two years"},
		"after a year of months":  {monthEnds(append(append([]float64{549}, flat(11, 560)...), 548)...), 550, stat.Month, "below 550 for the first time in twelve months"},
		"from the level itself":   {marches(540, 550, 549), 550, stat.Year, "below 550 for the first time in two years"},
		"to the level":            {marches(540, 560, 550), 550, stat.Year, ""},
		"still below":             {marches(560, 540, 530), 550, stat.Year, ""},
		"never before":            {marches(700, 690, 549), 550, stat.Year, "below 550 for the first time since the figures begin (31 March 2016)"},
		"never before, with gaps": {marches(700, nan, 690, 549), 550, stat.Year, "below 550 for the first time since the figures begin (31 March 2016), as far as there are figures"},
		"a gap between":           {marches(540, nan, 560, 549), 550, stat.Year, "below 550 for the first time since 31 March 2016, as far as there are figures"},
		"a gap just before":       {marches(540, 560, nan, 549), 550, stat.Year, "below 550 for the first time since 31 March 2016, as far as there are figures"},
		"a gap long before":       {marches(540, nan, 540, 560, 549), 550, stat.Year, "below 550 for the first time in two years"},
		"years by name":           {[]benchmark.Point{{stat.ReportingYear(2021), 5}, {stat.ReportingYear(2023), 9}, {stat.ReportingYear(2024), 5}}, 7, stat.Year, "below 7 for the first time since the year ending 31 March 2021, as far as there are figures"},
		"weeks":                   {weeks(5, 9, 5), 7, stat.Week, "below 7 for the first time since 30 December 2024 to 5 January 2025"},
		"one figure":              {marches(540), 550, stat.Year, ""},
		"no figure":               {nil, 550, stat.Year, ""},
		"no level":                {marches(540, 560), nan, stat.Year, ""},
	} {
		c, ok := benchmark.Crossed(tc.series, tc.level, tc.step)
		if got := c.Words(stat.Format(tc.level, 0)); ok != (tc.want != "") || ok && got != tc.want {
			t.Errorf("%s: %q, %t, want %q", name, got, ok, tc.want)
		}
	}
}

func weeks(values ...float64) []benchmark.Point {
	out := months(values...)
	for i := range out {
		out[i].Period = stat.Period{End: stat.Date{Year: 2025, Month: time.January, Day: 5}.AddDays(7 * i), Span: stat.Week}
	}
	return out
}

func TestRoundBetween(t *testing.T) {
	for _, tc := range []struct {
		before, after, want float64
		ok                  bool
	}{
		{553, 548, 550, true}, {550, 548, 550, true}, {548, 550, 0, false}, {548, 551, 550, true}, {549, 548, 0, false},
		{700, 480, 500, true}, {980, 1010, 1000, true}, {390, 180, 200, true}, {138, 142, 140, true}, {0.31, 0.29, 0.3, true},
		{0.3, 0.29, 0.3, true}, {9, 11, 10, true}, {0, 3, 0, true}, {5, 5, 0, false}, {nan, 5, 0, false}, {-12, -8, -10, true},
	} {
		if got, ok := benchmark.RoundBetween(tc.before, tc.after); got != tc.want || ok != tc.ok {
			t.Errorf("%v to %v: %v, %t", tc.before, tc.after, got, ok)
		}
	}
}

func TestARoundNumberIsCrossed(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 2000 {
		a, b := float64(rng.IntN(20_000))/10, float64(rng.IntN(20_000))/10
		level, ok := benchmark.RoundBetween(a, b)
		if !ok {
			continue
		}
		if c, crossed := benchmark.Crossed(marches(a, b), level, stat.Year); !crossed || c.Above != (b > a) {
			t.Fatalf("%v to %v does not cross %v", a, b, level)
		}
	}
}
