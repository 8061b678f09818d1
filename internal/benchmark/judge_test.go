package benchmark_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// judged is Ashby's rate over years that end with 2025, on 35,617 children.
func judged(t *testing.T, counts ...float64) benchmark.Input {
	in := input(t)
	for i, n := range counts {
		rate, _ := stat.Rate(n, 35617, 0)
		o := stat.Observation{Key: stat.Key{Period: on(t, fmt.Sprintf("%d-03-31", 2026-len(counts)+i))}, Count: num(n), Denominator: num(35617), Value: num(rate)}
		if i == len(counts)-1 {
			in.Figures["A"] = o
		}
		in.Earlier = append(in.Earlier, o) // the compared one too, as dashboards have it
	}
	return in
}

func TestJudge(t *testing.T) {
	c := benchmark.Compare(judged(t, 650, 600, 560, 513, 493))
	if i := c.Interval; i == nil || math.Abs(i.Lower-126.466) > 0.01 || math.Abs(i.Upper-151.191) > 0.01 || c.Interval998.Upper <= i.Upper {
		t.Errorf("intervals %v, %v", c.Interval, c.Interval998)
	}
	if want := (benchmark.Verdicts{Neighbours: benchmark.Higher, Region: benchmark.Higher, England: benchmark.Higher}); c.Verdict != want {
		t.Errorf("verdict %+v", c.Verdict)
	}
	if tr := c.Trend; tr.Marker != benchmark.Decreasing || tr.From != "2021-03-31" || tr.To != "2025-03-31" || *tr.Slope >= 0 || *tr.ChiSquared < 9.55 || tr.Reason != "" {
		t.Errorf("trend %+v", tr)
	}
	if d := c.Distance; d.Absolute != 29 || *d.Match != 388 || *d.Children != -105 {
		t.Errorf("distance %+v", d)
	}
	if c.Peak.Period != "2021-03-31" || c.Peak.Value != 182 || *c.OneIn != 72 || *c.Denominator != 35617 {
		t.Errorf("peak %+v, one in %v", c.Peak, *c.OneIn)
	}
	if c.Crossed != "below 500 children looked after for the first time since the figures begin (31 March 2021)" {
		t.Errorf("crossed %q", c.Crossed)
	}
	want := []string{
		"On 31 March 2025 Ashby had 493 children looked after, 138 in every 10,000 (about 1 in 72).",
		"That is 20 fewer than a year before, and above the mean of its ten statistical neighbours (109.0).",
		"It was the highest of 11 authorities.",
		"Over the five years to 31 March 2025 the rate was decreasing.",
		"To match the neighbours' mean it would have 105 fewer children looked after.",
	}
	if !slices.Equal(c.Sentences, want) {
		t.Errorf("sentences %q", c.Sentences)
	}
}

// judgeDoubts each change five sound years in one way, and say what is judged
// of them.
var judgeDoubts = map[string]struct {
	change func(*benchmark.Input)
	check  func(c benchmark.Comparison) bool
}{
	"a value that does not follow from its count has no interval": {
		func(in *benchmark.Input) { o := in.Figures["A"]; o.Value = num(250); in.Figures["A"] = o },
		func(c benchmark.Comparison) bool {
			return c.Interval == nil && c.Verdict.England == benchmark.NotCompared && c.VerdictWords() == ""
		},
	},
	"no denominator, no children": {
		func(in *benchmark.Input) {
			o := in.Figures["A"]
			o.Denominator = stat.Figure{}
			in.Figures["A"], in.Earlier = o, nil
		},
		func(c benchmark.Comparison) bool {
			return c.Interval == nil && c.Distance.Children == nil && c.Distance.Absolute == 29 && c.OneIn == nil &&
				c.Trend.Reason == "the figure of 31 March 2025 has no denominator"
		},
	},
	"a gap is no trend and no crossing": {
		func(in *benchmark.Input) { in.Earlier = slices.Delete(in.Earlier, 3, 4) },
		func(c benchmark.Comparison) bool {
			return c.Trend.Marker == benchmark.NotAvailable && c.Trend.Reason != "" && c.Crossed == "" && !c.Change.Consecutive
		},
	},
	"later years do not enter": {
		func(in *benchmark.Input) {
			in.Earlier = append(in.Earlier, stat.Observation{Key: stat.Key{Period: stat.OnDay(stat.Date{Year: 2026, Month: 3, Day: 31})}, Count: num(900), Denominator: num(35617), Value: num(253)})
		},
		func(c benchmark.Comparison) bool { return c.Trend.To == "2025-03-31" && c.Peak.Value == 182 },
	},
	"months are not tested": {
		func(in *benchmark.Input) { in.Measure.Frequency = stat.Month },
		func(c benchmark.Comparison) bool {
			return strings.Contains(c.Trend.Reason, "yearly") && c.TrendWords() == "cannot be calculated: only measures with yearly figures are tested"
		},
	},
	"polarity judges": {
		func(in *benchmark.Input) { in.Measure.Polarity = stat.LowIsGood },
		func(c benchmark.Comparison) bool {
			return c.Verdict.England == benchmark.Worse && c.Trend.Words == "decreasing and getting better" &&
				c.VerdictWords() == "worse than the neighbours' mean by more than chance would explain"
		},
	},
	"similar where chance explains it": {
		func(in *benchmark.Input) {
			for _, a := range in.Neighbours {
				in.Figures[a.Code] = value(140)
			}
		},
		func(c benchmark.Comparison) bool {
			return c.Verdict.Neighbours == benchmark.Similar && strings.HasPrefix(c.VerdictWords(), "similar to the neighbours' mean")
		},
	},
	"without neighbours England is named": {
		func(in *benchmark.Input) { in.Neighbours = nil },
		func(c benchmark.Comparison) bool {
			return c.Distance == nil && c.Verdict.Neighbours == benchmark.NotCompared && strings.HasPrefix(c.VerdictWords(), "higher than England")
		},
	},
	"small numbers warn": {
		func(in *benchmark.Input) {
			in.Figures["A"] = stat.Observation{Count: num(9), Denominator: num(900), Value: num(100)}
		},
		func(c benchmark.Comparison) bool {
			return len(c.Warnings) == 1 && strings.Contains(c.Warnings[0], "rests on a count of 9: with fewer than ten") &&
				!strings.Contains(strings.Join(c.Sentences, " "), "To match") && c.Verdict.Neighbours == benchmark.Similar &&
				strings.Contains(strings.Join(c.Sentences, " "), "below the mean of its ten statistical neighbours (109.0), by no more than chance could explain.")
		},
	},
	"one in many has two figures": {
		func(in *benchmark.Input) {
			in.Figures["A"] = stat.Observation{Count: num(50), Denominator: num(74600), Value: num(6.7)}
		},
		func(c benchmark.Comparison) bool { return *c.OneIn == 1500 },
	},
}

func TestJudgeDoubts(t *testing.T) {
	for name, tc := range judgeDoubts {
		t.Run(name, func(t *testing.T) {
			in := judged(t, 650, 600, 560, 513, 493)
			tc.change(&in)
			if c := benchmark.Compare(in); !tc.check(c) {
				t.Errorf("%+v\ntrend %+v\ndistance %+v", c, c.Trend, c.Distance)
			}
		})
	}
}

func TestIntervalsAndQuartersInWords(t *testing.T) {
	i := &benchmark.Interval{Lower: 126.466, Upper: 1151.19}
	if got := benchmark.IntervalWords(cla, i); got != "126.5 to 1,151.2" {
		t.Error(got)
	}
	if got := benchmark.IntervalWords(cla, nil); got != "" {
		t.Error(got)
	}
	for q, want := range map[int]string{0: "", 1: "lowest quarter", 2: "second lowest quarter", 3: "second highest quarter", 4: "highest quarter", 5: ""} {
		if got := benchmark.QuarterWords(q); got != want {
			t.Errorf("%d is %q", q, got)
		}
	}
}
