package dashboard_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// printed is a number in a sentence: "1,267", "128.9", "−0.4".
var printed = regexp.MustCompile(`[0-9][0-9,]*(\.[0-9]+)?`)

// TestEveryComparison holds every authority and measure in the box to what
// must be true of any comparison: with statistical neighbours, and with the
// authorities of its region and a meeting.
func TestEveryComparison(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	b, src := boards(t, cat), once{box(t), map[string]stat.Holding{}}
	for _, sel := range []dashboard.Selection{
		{Neighbours: dashboard.DefaultModel, Show: dashboard.ShowValue},
		{Neighbours: dashboard.Region, Show: dashboard.ShowValue, Since: "2024-06-03"},
	} {
		made := map[string]int{}
		for _, m := range cat.Measures() {
			all, err := b.CompareAll(t.Context(), src, m.Code, sel)
			if err != nil {
				t.Fatal(err)
			}
			ranks := map[string]map[string]int{} // period, area
			for _, c := range all {
				checkComparison(t, m, c)
				tally(made, m, c)
				if c.Rank != nil {
					if ranks[c.Period] == nil {
						ranks[c.Period] = map[string]int{}
					}
					ranks[c.Period][c.Area.Code] = c.Rank.Position
					ranks[c.Period]["of"] = c.Rank.Of
				}
			}
			checkRanks(t, m, ranks)
		}
		t.Log(sel.Neighbours, made)
		for _, what := range []string{"comparisons", "intervals", "trends"} {
			if made[what] < 500 {
				t.Errorf("%s: only %d %s in the box", sel.Neighbours, made[what], what)
			}
		}
		if sel.Since != "" && made["since a meeting"] < 500 {
			t.Errorf("only %d changes since a meeting", made["since a meeting"])
		}
	}
}

// tally counts what a comparison holds.
func tally(made map[string]int, m stat.Measure, c *benchmark.Comparison) {
	for what, there := range map[string]bool{
		"comparisons": true, "intervals": c.Interval != nil, "crossings": c.Crossed != "", "since a meeting": c.Meeting != nil,
		"trends": c.Trend.Marker != benchmark.NotAvailable,
		"values outside their interval": c.Interval == nil && c.Value != nil && c.Count != nil && c.Denominator != nil &&
			(m.Unit == stat.RateOf || m.Unit == stat.Percent),
	} {
		if there {
			made[what]++
		}
	}
}

// checkRanks: competition ranks are a permutation but for ties.
func checkRanks(t *testing.T, m stat.Measure, ranks map[string]map[string]int) {
	t.Helper()
	for period, by := range ranks {
		of := by["of"]
		delete(by, "of")
		var places []int
		for _, p := range by {
			places = append(places, p)
		}
		slices.Sort(places)
		if len(places) < of { // others answer for another period
			continue
		}
		for i, p := range places {
			if p != i+1 && (i == 0 || p != places[i-1]) {
				t.Fatalf("%s %s: ranks %v", m.Code, period, places)
			}
		}
	}
}

func checkComparison(t *testing.T, m stat.Measure, c *benchmark.Comparison) {
	t.Helper()
	name := m.Code + " " + c.Area.Name
	if (c.Mark != "") && c.Value != nil || c.CountMark != "" && c.Count != nil {
		t.Errorf("%s: a mark is also the number %v", name, c.Value)
	}
	n := c.Neighbours
	if n.Mean != nil && (*n.Mean < *n.Min || *n.Mean > *n.Max || *n.Median < *n.Min || *n.Median > *n.Max) {
		t.Errorf("%s: neighbours %+v", name, n)
	}
	for _, p := range append(slices.Clone(n.Members), c.Region, c.England) {
		if p.Mark != "" && p.Value != nil {
			t.Errorf("%s: %s has the mark %s and the number %v", name, p.Name, p.Mark, *p.Value)
		}
	}
	if i := c.Interval; i != nil && (!i.Holds(*c.Value) || c.Interval998 == nil || c.Interval998.Lower > i.Lower || c.Interval998.Upper < i.Upper) {
		t.Errorf("%s: value %v, intervals %v and %v", name, *c.Value, i, c.Interval998)
	}
	if c.Interval == nil && (c.Verdict != benchmark.Verdicts{Neighbours: benchmark.NotCompared, Region: benchmark.NotCompared, England: benchmark.NotCompared}) {
		t.Errorf("%s: verdict %+v without an interval", name, c.Verdict)
	}
	if ch := c.Change; ch != nil && ch.Consecutive != (c.Period[4:] == ch.From[4:] && year(c.Period) == year(ch.From)+1) {
		t.Errorf("%s: change from %s to %s, consecutive %v", name, ch.From, c.Period, ch.Consecutive)
	}
	if (c.Trend.Marker == benchmark.NotAvailable) != (c.Trend.To == "") || c.Trend.To != "" && (c.Trend.To != c.Period || c.Trend.ChiSquared == nil) {
		t.Errorf("%s: %s, trend %+v", name, c.Period, c.Trend)
	}
	checkSentences(t, name, m, c)
}

func year(iso string) int { y, _ := strconv.Atoi(iso[:4]); return y }

// checkSentences: a sentence has no number that the comparison does not hold.
func checkSentences(t *testing.T, name string, m stat.Measure, c *benchmark.Comparison) {
	t.Helper()
	held := map[string]bool{"10,000": true}
	hold := func(decimals int, xs ...*float64) {
		for _, x := range xs {
			if x != nil {
				held[strings.TrimPrefix(stat.Format(*x, decimals), "\u2212")] = true
			}
		}
	}
	hold(0, c.Count, c.OneIn, c.Denominator)
	if c.OneIn != nil {
		held["1"] = true
	}
	hold(m.Decimals, c.Value)
	hold(1, c.Neighbours.Mean)
	if c.Change != nil {
		hold(0, c.Change.Count)
		hold(m.Decimals, &c.Change.Absolute)
	}
	if c.Meeting != nil {
		hold(0, c.Meeting.Count)
		hold(m.Decimals, &c.Meeting.Absolute)
	}
	if c.Distance != nil {
		hold(0, c.Distance.Children)
	}
	held[fmt.Sprint(c.Neighbours.N)], held[fmt.Sprint(len(c.Neighbours.Members))] = true, true
	if c.Rank != nil {
		held[fmt.Sprint(c.Rank.Position)], held[fmt.Sprint(c.Rank.Of)] = true, true
	}
	for _, s := range c.Sentences {
		text := s
		for _, known := range []string{m.Noun, m.Name, benchmark.LowerFirst(m.Name), "aged 0 to 17"} {
			if known != "" {
				text = strings.ReplaceAll(text, known, "")
			}
		}
		ends := []string{c.Period}
		if c.Change != nil {
			ends = append(ends, c.Change.From)
		}
		if c.Meeting != nil {
			ends = append(ends, c.Meeting.Date, c.Meeting.From)
		}
		for _, iso := range ends {
			d, err := stat.ParseDate(iso)
			if err != nil {
				t.Fatal(err)
			}
			text = strings.ReplaceAll(text, d.Long(), "")
		}
		for _, n := range printed.FindAllString(text, -1) {
			if !held[strings.TrimRight(n, ",")] {
				t.Errorf("%s: %s is not held: %q", name, n, s)
			}
		}
		if m.Polarity == stat.NoPolarity && regexp.MustCompile(`(?i)improve|better|worse`).MatchString(text) {
			t.Errorf("%s is called good or bad: %q", name, s)
		}
	}
	if len(c.Sentences) == 0 {
		t.Errorf("%s: no sentence", name)
	}
}

// TestCompareWhereComparingIsHard asks for authorities that came, went, have
// no neighbours or no number.
func TestCompareWhereComparingIsHard(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	b, src := boards(t, cat), once{box(t), map[string]stat.Holding{}}
	for name, tc := range map[string]struct {
		measure, area, period, model string
		of                           string // the period answered for
		check                        func(c *benchmark.Comparison) bool
		says                         string // in sentences or warnings
	}{
		"the issue's example": {"cla", "806", "", "", "2025-03-31", func(c *benchmark.Comparison) bool {
			return *c.OneIn == 72 && *c.Distance.Children == -64 && c.Verdict.Neighbours == benchmark.Higher && c.Trend.Marker == benchmark.Decreasing
		}, "On 31 March 2025 Middlesbrough had 493 children looked after, 138 in every 10,000 (about 1 in 72). That is 20 fewer than a year before, and above the mean of its ten statistical neighbours (120.4). It was the 6th highest of 151 authorities. Over the five years to 31 March 2025 the rate was decreasing. To match the neighbours' mean it would have 64 fewer children looked after."},
		"abolished, without neighbours in the later model": {"cla", "Cumbria", "", "2025", "2023-03-31", func(c *benchmark.Comparison) bool {
			return *c.Value == 82 && c.Interval != nil && c.Distance == nil && len(c.Neighbours.Members) == 0 &&
				c.Verdict.Neighbours == benchmark.NotCompared && c.Verdict.England == benchmark.Higher && c.Trend.To == "2023-03-31"
		}, "Cumbria was abolished on 1 April 2023; its figures to that day remain. Cumbria has no statistical neighbours in the 2025 model."},
		"abolished, in the earlier model": {"cla", "909", "", "2021", "2023-03-31", func(c *benchmark.Comparison) bool {
			return c.Neighbours.N == 10 && c.Verdict.Neighbours == benchmark.Higher && *c.Distance.Children == -92
		}, "above the mean of its ten statistical neighbours (71.6)"},
		"new, too young for a trend": {"cla", "Cumberland", "", "", "2025-03-31", func(c *benchmark.Comparison) bool {
			return *c.Value == 87 && c.Change.Consecutive && c.Trend.Marker == benchmark.NotAvailable && c.Trend.Slope == nil &&
				c.Trend.Reason == "fewer than five years have a figure" && c.Peak.Period >= "2024-03-31"
		}, "Cumberland had 458 children looked after"},
		"new, before the model it is not in": {"cla", "942", "", "2021", "2025-03-31", func(c *benchmark.Comparison) bool {
			return c.Neighbours.Mean == nil && c.Distance == nil && c.Rank != nil && c.Verdict.England == benchmark.Higher
		}, "Cumberland has no statistical neighbours in the 2021 model."},
		"before it was created": {"cla", "942", "2023", "", "2023-03-31", func(c *benchmark.Comparison) bool {
			return c.Value == nil && c.Rank == nil && c.Change == nil && c.Interval == nil && c.Peak == nil
		}, "There is no figure for Cumberland on 31 March 2023"},
		"the latest is c": {"cla", "City of London", "", "", "2025-03-31", func(c *benchmark.Comparison) bool {
			return c.Value == nil && c.Mark == "c" && c.Interval == nil && c.Distance == nil && c.OneIn == nil && c.Rank == nil &&
				c.Trend.Marker == benchmark.NotAvailable && c.Neighbours.N == 10
		}, "There is no figure for the City of London on 31 March 2025 (c: withheld to protect children's identities)."},
		"the latest is x": {"cpp", "201", "", "", "2025-03-31", func(c *benchmark.Comparison) bool {
			return c.Value == nil && c.Mark == "x" && c.Verdict.England == benchmark.NotCompared
		}, "(x: not available; the file gives no reason)"},
		"a small population": {"cin", "201", "", "", "2025-03-31", func(c *benchmark.Comparison) bool {
			return c.Rank.Position == 1 && c.Interval.Upper-c.Interval.Lower > 300
		}, "City of London had 69 children in need, 814.6 in every 10,000 (about 1 in 12)."},
		"Dorset that was": {"cla", "835", "", "", "2018-03-31", func(c *benchmark.Comparison) bool {
			return *c.Value == 59 && c.Area.Code == "E10000009" && c.Neighbours.Mean == nil
		}, "Dorset was abolished on 1 April 2019"},
		"Dorset that is": {"cla", "838", "", "", "2025-03-31", func(c *benchmark.Comparison) bool {
			return *c.Value == 65 && c.Area.Code == "E06000059" && c.Verdict.Neighbours == benchmark.Similar && c.Rank.Joint
		}, "It was joint 81st highest of 151 authorities."},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := b.Compare(t.Context(), src, dashboard.CompareQuery{Measure: tc.measure, Area: tc.area, Period: tc.period, Neighbours: tc.model})
			if err != nil {
				t.Fatal(err)
			}
			if c.Period != tc.of || !tc.check(c) {
				t.Errorf("%+v", c)
			}
			if all := strings.Join(append(slices.Clone(c.Sentences), c.Warnings...), " "); !strings.Contains(all, tc.says) {
				t.Errorf("%q\ndoes not say\n%q", all, tc.says)
			}
		})
	}
}

// BenchmarkCompare compares every authority and measure in the box, each
// measure read once, and says how many comparisons that is a second.
func BenchmarkCompare(b *testing.B) {
	cat := catalogue(b)
	bs, db := boards(b, cat), box(b)
	n := 0
	for b.Loop() {
		for _, m := range cat.Measures() {
			all, err := bs.CompareAll(b.Context(), db, m.Code, dashboard.Selection{Neighbours: dashboard.DefaultModel, Show: dashboard.ShowValue})
			if err != nil {
				b.Fatal(err)
			}
			n += len(all)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "comparisons/s")
}
