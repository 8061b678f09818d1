package benchmark_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// months are points from April 2023, one a month.
func months(values ...float64) []benchmark.Point {
	var out []benchmark.Point
	for i, v := range values {
		end := stat.Date{Year: 2023, Month: time.April, Day: 30}.AddMonthEnds(i)
		out = append(out, benchmark.Point{Period: stat.Period{End: end, Span: stat.Month}, Value: v})
	}
	return out
}

// level alternates about 50 so that the mean is 50 and limits stand at 44.68
// and 55.32, near limits at 46.45 and 53.55.
func level(n int) []float64 {
	var out []float64
	for i := range n {
		out = append(out, 51-2*float64(i%2))
	}
	return out
}

// after is a chart on whose baseline, the first twelve points, the others do
// not bear.
func after(t *testing.T, s benchmark.ControlSettings, values ...float64) []benchmark.ControlPoint {
	t.Helper()
	s.Baseline = 12
	c, err := benchmark.XmR(months(append(level(12), values...)...), s)
	if err != nil {
		t.Fatal(err)
	}
	if l := c.Segments[0].Limits; c.Segments[0].Mean != 50 || !nearly(l.Lower, 44.68) || !nearly(l.Upper, 55.32) || !nearly(l.NearLower, 50-5.32*2/3) || !nearly(l.NearUpper, 50+5.32*2/3) {
		t.Fatalf("mean %v, limits %+v", c.Segments[0].Mean, *l)
	}
	return c.Points[12:]
}

func TestRules(t *testing.T) {
	const none, outside, trend, two, shift = benchmark.NoCause, benchmark.OutsideLimits, benchmark.TrendRun, benchmark.TwoOfThree, benchmark.ShiftRun
	six := benchmark.ControlSettings{Trend: 6, Shift: 6}
	for name, tc := range map[string]struct {
		s      benchmark.ControlSettings
		values []float64
		want   []benchmark.Cause
	}{
		"inside":                    {benchmark.ControlSettings{}, []float64{51, 49, 55, 45}, []benchmark.Cause{none, none, none, none}},
		"outside, strictly":         {benchmark.ControlSettings{}, []float64{55.32, 55.33, 44.68, 44.67}, []benchmark.Cause{none, outside, none, outside}},
		"two of three":              {benchmark.ControlSettings{}, []float64{54, 51, 54}, []benchmark.Cause{two, none, two}},
		"two of three below":        {benchmark.ControlSettings{}, []float64{46, 46, 49}, []benchmark.Cause{two, two, none}},
		"two after one below":       {benchmark.ControlSettings{}, []float64{46, 46}, []benchmark.Cause{two, two}},
		"on both sides":             {benchmark.ControlSettings{}, []float64{54, 46, 54, 46}, []benchmark.Cause{none, none, none, none}},
		"the third on the mean":     {benchmark.ControlSettings{}, []float64{54, 54, 50, 49}, []benchmark.Cause{none, none, none, none}},
		"beyond does not count":     {benchmark.ControlSettings{}, []float64{51, 54, 56, 51}, []benchmark.Cause{none, none, outside, none}},
		"beyond counts":             {benchmark.ControlSettings{BeyondCounts: true}, []float64{51, 54, 56, 51}, []benchmark.Cause{none, two, outside, none}},
		"six rises":                 {benchmark.ControlSettings{}, []float64{48, 49, 50, 51, 52, 53, 53.5}, []benchmark.Cause{trend, trend, trend, trend, trend, trend, trend}},
		"five rises":                {benchmark.ControlSettings{}, []float64{49, 50, 51, 52, 53, 53.5}, []benchmark.Cause{none, none, none, none, none, none}},
		"five rises, trends of 6":   {six, []float64{49, 50, 51, 52, 53, 53.5}, []benchmark.Cause{trend, trend, trend, trend, trend, trend}},
		"a tie ends a trend":        {benchmark.ControlSettings{}, []float64{48, 49, 50, 50, 51, 52, 53, 53.5}, []benchmark.Cause{none, none, none, none, none, none, none, none}},
		"seven above":               {benchmark.ControlSettings{}, []float64{51, 52, 51, 52, 51, 52, 51}, []benchmark.Cause{shift, shift, shift, shift, shift, shift, shift}},
		"six above":                 {benchmark.ControlSettings{}, []float64{51, 52, 51, 52, 51, 52}, []benchmark.Cause{none, none, none, none, none, none}},
		"six above, shifts of 6":    {six, []float64{51, 52, 51, 52, 51, 52}, []benchmark.Cause{shift, shift, shift, shift, shift, shift}},
		"the mean ends a shift":     {benchmark.ControlSettings{}, []float64{51, 52, 51, 50, 51, 52, 51, 52}, []benchmark.Cause{none, none, none, none, none, none, none, none}},
		"outside before trend":      {benchmark.ControlSettings{}, []float64{48, 49, 50, 51, 52, 53, 56}, []benchmark.Cause{trend, trend, trend, trend, trend, trend, outside}},
		"trend before two of three": {benchmark.ControlSettings{}, []float64{51, 51.5, 52, 53, 53.6, 54, 55}, []benchmark.Cause{trend, trend, trend, trend, trend, trend, trend}},
		"two of three before shift": {benchmark.ControlSettings{}, []float64{51, 52, 54, 54, 51, 52, 51}, []benchmark.Cause{shift, shift, two, two, shift, shift, shift}},
	} {
		var got []benchmark.Cause
		for _, p := range after(t, tc.s, tc.values...) {
			got = append(got, p.Cause)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// A peak belongs to the fall that follows it, as in NHSRplotthedots.
func TestATurningPointBelongsToTheLaterTrend(t *testing.T) {
	got := after(t, benchmark.ControlSettings{Polarity: stat.HighIsGood}, 48, 49, 50, 51, 52, 53, 53.5, 53, 52, 51, 50, 49, 48)
	for i, p := range got {
		if want := i < 6; p.Cause != benchmark.TrendRun || p.High != want || (p.Variation == benchmark.Improving) != want {
			t.Errorf("%d: %+v", i, p)
		}
	}
	// A tie between two trends: each keeps its own way.
	got = after(t, benchmark.ControlSettings{}, 48, 49, 50, 51, 52, 53, 53.5, 53.5, 53, 52, 51, 50, 49, 48)
	for i, p := range got {
		if want := i < 7; p.Cause != benchmark.TrendRun || p.High != want {
			t.Errorf("%d: %+v", i, p)
		}
	}
}

func TestVariationAndAssuranceInWords(t *testing.T) {
	for _, tc := range []struct {
		polarity         stat.Polarity
		target           *float64
		high, low, plain string
		assurance        string
	}{
		{stat.HighIsGood, ptr(40.0), "unusually high, a good sign (special cause of improving nature or lower pressure due to higher values)", "unusually low, a cause for concern (special cause of concerning nature or higher pressure due to lower values)",
			"usual variation (common cause, no significant change)", "variation indicates consistently passing the target"},
		{stat.LowIsGood, ptr(40.0), "unusually high, a cause for concern (special cause of concerning nature or higher pressure due to higher values)", "unusually low, a good sign (special cause of improving nature or lower pressure due to lower values)",
			"usual variation (common cause, no significant change)", "variation indicates consistently falling short of the target"},
		{stat.HighIsGood, ptr(60.0), "unusually high, a good sign (special cause of improving nature or lower pressure due to higher values)", "unusually low, a cause for concern (special cause of concerning nature or higher pressure due to lower values)",
			"usual variation (common cause, no significant change)", "variation indicates consistently falling short of the target"},
		{stat.LowIsGood, ptr(60.0), "unusually high, a cause for concern (special cause of concerning nature or higher pressure due to higher values)", "unusually low, a good sign (special cause of improving nature or lower pressure due to lower values)",
			"usual variation (common cause, no significant change)", "variation indicates consistently passing the target"},
		{stat.LowIsGood, ptr(55.32), "unusually high, a cause for concern (special cause of concerning nature or higher pressure due to higher values)", "unusually low, a good sign (special cause of improving nature or lower pressure due to lower values)",
			"usual variation (common cause, no significant change)", "variation indicates inconsistently passing and falling short of the target"},
		{stat.LowIsGood, nil, "unusually high, a cause for concern (special cause of concerning nature or higher pressure due to higher values)", "unusually low, a good sign (special cause of improving nature or lower pressure due to lower values)",
			"usual variation (common cause, no significant change)", ""},
		{stat.NoPolarity, ptr(60.0), "unusually high (special cause of an increasing nature, where up is not necessarily improving nor concerning)",
			"unusually low (special cause of a decreasing nature, where down is not necessarily improving nor concerning)", "usual variation (common cause, no significant change)", ""},
	} {
		s := benchmark.ControlSettings{Polarity: tc.polarity, Target: tc.target, Baseline: 12}
		c, err := benchmark.XmR(months(append(level(12), 60, 40, 50)...), s)
		if err != nil {
			t.Fatal(err)
		}
		if high, low, plain := c.Points[12].Words(), c.Points[13].Words(), c.Latest().Words(); high != tc.high || low != tc.low || plain != tc.plain {
			t.Errorf("%s: %q, %q, %q", tc.polarity, high, low, plain)
		}
		if got := c.Assurance.Words(); got != tc.assurance {
			t.Errorf("%s, target %v: %q", tc.polarity, tc.target, got)
		}
		if tc.polarity == stat.NoPolarity && (c.Points[12].Variation != benchmark.NeutralHigh || c.Points[13].Variation != benchmark.NeutralLow) {
			t.Errorf("%+v, %+v", c.Points[12], c.Points[13])
		}
	}
}

func TestRebase(t *testing.T) {
	values := append(level(13), 30, 32, 30, 32, 30, 32, 30, 32, 30, 32, 30, 32, 30) // a new level from May 2024
	from := func(y int, m time.Month, d int, why string) benchmark.Rebase {
		return benchmark.Rebase{From: stat.Date{Year: y, Month: m, Day: d}, Reason: why}
	}
	for name, tc := range map[string]struct {
		rebase []benchmark.Rebase
		sizes  []int
		reason string
	}{
		"none":                      {nil, []int{26}, ""},
		"on the day":                {[]benchmark.Rebase{from(2024, 5, 1, "new front door")}, []int{13, 13}, "new front door"},
		"within a month, the next":  {[]benchmark.Rebase{from(2024, 4, 2, "new front door")}, []int{13, 13}, "new front door"},
		"two reasons for one month": {[]benchmark.Rebase{from(2024, 5, 1, "new front door"), from(2024, 4, 30, "new system")}, []int{13, 13}, "new front door; new system"},
		"before the series":         {[]benchmark.Rebase{from(2020, 5, 1, "long ago")}, []int{26}, ""},
		"on its first day":          {[]benchmark.Rebase{from(2023, 4, 1, "long ago")}, []int{26}, ""},
		"not yet":                   {[]benchmark.Rebase{from(2030, 1, 1, "planned")}, []int{26}, ""},
		"two, in any order":         {[]benchmark.Rebase{from(2025, 4, 1, "b"), from(2024, 5, 1, "a")}, []int{13, 11, 2}, "a"},
	} {
		c, err := benchmark.XmR(months(values...), benchmark.ControlSettings{Rebase: tc.rebase})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var sizes []int
		at := 0
		for i, s := range c.Segments {
			sizes = append(sizes, s.N)
			if s.From != c.Points[at].Period || s.To != c.Points[at+s.N-1].Period || c.Points[at].Segment != i || s.Short != (s.N < 13) {
				t.Errorf("%s: %+v", name, s)
			}
			at += s.N
		}
		if !slices.Equal(sizes, tc.sizes) || len(sizes) > 1 && c.Segments[1].Reason != tc.reason || c.Segments[0].Reason != "" {
			t.Errorf("%s: %v, %+v", name, sizes, c.Segments)
		}
		short := 0
		for _, n := range sizes {
			if n < 13 {
				short++
			}
		}
		if got := c.Warnings(); len(got) != short {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A rise that a rebase cuts in two is no trend, and points on one side of two
// means no shift.
func TestRulesDoNotCrossARebase(t *testing.T) {
	values := append(level(12), 50, 51, 52, 53, 54, 55, 56, 57)
	rebase := benchmark.Rebase{From: stat.Date{Year: 2024, Month: 8, Day: 1}, Reason: "new"}
	whole, _ := benchmark.XmR(months(values...), benchmark.ControlSettings{})
	cut, err := benchmark.XmR(months(values...), benchmark.ControlSettings{Rebase: []benchmark.Rebase{rebase}})
	if err != nil {
		t.Fatal(err)
	}
	has := func(c benchmark.Control) bool {
		return slices.ContainsFunc(c.Points, func(p benchmark.ControlPoint) bool { return p.Cause == benchmark.TrendRun })
	}
	if !has(whole) || has(cut) || len(cut.Segments) != 2 {
		t.Errorf("whole %t, cut %t in %d", has(whole), has(cut), len(cut.Segments))
	}
}

func TestASegmentOfOnePointHasNoLimits(t *testing.T) {
	s := benchmark.ControlSettings{Polarity: stat.LowIsGood, Target: ptr(10.0), Rebase: []benchmark.Rebase{{From: stat.Date{Year: 2024, Month: 4, Day: 1}, Reason: "new"}}}
	c, err := benchmark.XmR(months(append(level(12), 80)...), s)
	if err != nil {
		t.Fatal(err)
	}
	last := c.Segments[1]
	if last.Limits != nil || last.Mean != 80 || c.Latest().Variation != benchmark.CommonCause || c.Assurance != "" {
		t.Errorf("%+v, %+v, %q", last, c.Latest(), c.Assurance)
	}
	want := []string{
		"The limits from April 2023 rest on 12 points; with fewer than 13 they are not to be relied on.",
		"There are no limits from April 2024 yet: they need two points.",
	}
	if got := c.Warnings(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestAConstantSeriesIsCommonCause(t *testing.T) {
	for _, keep := range []bool{true, false} {
		c, err := benchmark.XmR(months(slices.Repeat([]float64{0.1}, 20)...), benchmark.ControlSettings{KeepOutliers: keep})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.Points {
			if p.Cause != benchmark.NoCause || p.Side != 0 {
				t.Errorf("%+v", p)
			}
		}
	}
}

func TestWhatCannotBeCharted(t *testing.T) {
	good := months(level(20)...)
	days := slices.Clone(good)
	for i := range days {
		days[i].Period.Span = stat.Day
	}
	mixed := slices.Clone(good)
	mixed[3].Period.Span = stat.Quarter
	unknown := slices.Clone(good)
	unknown[3].Value = nan
	for name, tc := range map[string]struct {
		points []benchmark.Point
		s      benchmark.ControlSettings
		is     error
		says   string
	}{
		"none":              {nil, benchmark.ControlSettings{}, benchmark.ErrTooFew, "two points"},
		"one":               {good[:1], benchmark.ControlSettings{}, benchmark.ErrTooFew, "two points"},
		"a gap":             {slices.Delete(slices.Clone(good), 3, 4), benchmark.ControlSettings{}, benchmark.ErrGap, "August 2023 comes after June 2023"},
		"a month twice":     {append(slices.Clone(good), good[5]), benchmark.ControlSettings{}, benchmark.ErrGap, "September 2023 comes after September 2023"},
		"a quarter between": {mixed, benchmark.ControlSettings{}, benchmark.ErrGap, "comes after June 2023"},
		"no number":         {unknown, benchmark.ControlSettings{}, benchmark.ErrGap, "August 2023 comes after June 2023"},
		"days, no step":     {days, benchmark.ControlSettings{}, nil, "how far apart"},
		"days, wrong step":  {days, benchmark.ControlSettings{Step: stat.Quarter}, benchmark.ErrGap, "31 May 2023 comes after 30 April 2023"},
		"trends of 5":       {good, benchmark.ControlSettings{Trend: 5}, nil, "a trend is 6 or 7 points, not 5"},
		"shifts of 8":       {good, benchmark.ControlSettings{Shift: 8}, nil, "a shift is 6 or 7 points, not 8"},
		"a short baseline":  {good, benchmark.ControlSettings{Baseline: 11}, nil, "use 12 or more"},
		"no reason":         {good, benchmark.ControlSettings{Rebase: []benchmark.Rebase{{From: stat.Date{Year: 2024, Month: 1, Day: 1}, Reason: " "}}}, nil, "the reason"},
		"no date":           {good, benchmark.ControlSettings{Rebase: []benchmark.Rebase{{Reason: "x"}}}, nil, "its date"},
		"a target of what":  {good, benchmark.ControlSettings{Target: &nan}, nil, "not a number"},
	} {
		c, err := benchmark.XmR(tc.points, tc.s)
		if err == nil || tc.is != nil && !errors.Is(err, tc.is) || !strings.Contains(err.Error(), tc.says) || c.Points != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := benchmark.XmR(days, benchmark.ControlSettings{Step: stat.Month}); err != nil {
		t.Errorf("days a month apart: %v", err)
	}
	if _, err := benchmark.XmR(weeks(level(20)...), benchmark.ControlSettings{}); err != nil {
		t.Errorf("weeks: %v", err)
	}
}

func TestControllable(t *testing.T) {
	for _, tc := range []struct {
		m    stat.Measure
		want bool
	}{
		{stat.Measure{Kind: stat.Flow, Unit: stat.RateOf}, true},
		{stat.Measure{Kind: stat.Flow, Unit: stat.Number}, true},
		{stat.Measure{Kind: stat.Snapshot, Unit: stat.Percent}, true},
		{stat.Measure{Kind: stat.Snapshot, Unit: stat.RateOf}, false},
		{stat.Measure{Kind: stat.Snapshot, Unit: stat.Number}, false},
	} {
		if got := tc.m.Controllable(); got != tc.want {
			t.Errorf("%s %s: %t", tc.m.Kind, tc.m.Unit, got)
		}
	}
}

// What Controllable's comment says of stable series: those of a flow are marked
// now and then, those of a stock nearly always.
func TestStocksRaiseFalseAlarms(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	const tries = 1000
	marked := func(series func() []float64) float64 {
		n := 0
		for range tries {
			c, err := benchmark.XmR(months(series()...), benchmark.ControlSettings{})
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(c.Points, func(p benchmark.ControlPoint) bool { return p.Cause != benchmark.NoCause }) {
				n++
			}
		}
		return float64(n) / tries
	}
	flow := marked(func() []float64 {
		var out []float64
		for range 24 {
			out = append(out, float64(poisson(rng, 14.5)))
		}
		return out
	})
	stock := marked(func() []float64 {
		children, out := 405.0, []float64(nil)
		for month := range 200 + 24 { // 13.3 start a month, each stays as long as makes 405
			children += float64(poisson(rng, 13.3)) - float64(poisson(rng, children*13.3/405))
			if month >= 200 {
				out = append(out, children)
			}
		}
		return out
	})
	if flow < 0.1 || flow > 0.3 || stock < 0.94 {
		t.Errorf("flows marked %.0f%%, stocks %.0f%%", 100*flow, 100*stock)
	}
	t.Logf("flows marked %.1f%%, stocks %.1f%%", 100*flow, 100*stock)
}

// poisson draws by Knuth's method.
func poisson(rng *rand.Rand, mean float64) int {
	n, p := 0, rng.Float64()
	for limit := math.Exp(-mean); p > limit; n++ {
		p *= rng.Float64()
	}
	return n
}
