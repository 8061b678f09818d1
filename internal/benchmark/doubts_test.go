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

// share is Ashby with so many of so many, as a percentage, among ten
// neighbours of 20%.
func share(t *testing.T, p stat.Polarity, count, of float64) benchmark.Input {
	t.Helper()
	in := input(t)
	in.Measure, in.Period = rereferrals, stat.ReportingYear(2025)
	in.Measure.Polarity, in.Measure.Noun = p, "re-referrals within 12 months"
	in.Figures["A"] = stat.Observation{Count: num(count), Denominator: num(of), Value: num(stat.RoundHalfUp(100*count/of, 1))}
	for _, a := range in.Neighbours {
		in.Figures[a.Code] = value(20)
	}
	return in
}

func TestSmallNumbersAreDoubted(t *testing.T) {
	for name, tc := range map[string]struct {
		in   func() benchmark.Input
		want string
	}{
		"14 of 15": {func() benchmark.Input { return share(t, stat.NoPolarity, 14, 15) },
			"The percentage is of only 15: one more or less moves it by 6.7 percentage points, so a change or a rank may be chance."},
		"13 of 13": {func() benchmark.Input { return share(t, stat.NoPolarity, 13, 13) }, "The percentage is of only 13: "},
		"9 of 900": {func() benchmark.Input { return share(t, stat.NoPolarity, 9, 900) }, "The figure rests on a count of 9: with fewer than ten,"},
		"many":     {func() benchmark.Input { return share(t, stat.NoPolarity, 180, 900) }, ""},
		"a percentage alone of what another measure counts": {func() benchmark.Input {
			in := share(t, stat.NoPolarity, 4, 16)
			in.Figures["A"] = value(25)
			in.Whole = num(16)
			return in
		}, "The percentage is of only 16: "},
		"a small share of what another measure counts": {func() benchmark.Input {
			in := share(t, stat.NoPolarity, 4, 400)
			in.Figures["A"] = value(1)
			in.Whole = num(400)
			return in
		}, "The figure rests on a count of about 4: "},
		"a percentage alone": {func() benchmark.Input {
			in := share(t, stat.NoPolarity, 4, 16)
			in.Figures["A"] = value(25)
			return in
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			all := strings.Join(benchmark.Compare(tc.in()).Warnings, " ")
			if !strings.HasPrefix(all, tc.want) || tc.want == "" && all != "" {
				t.Errorf("warnings: %q", all)
			}
		})
	}
}

func TestAFigureThatDoesNotFollowFromItsCount(t *testing.T) {
	in := judged(t, 650, 600, 560, 513, 493)
	o := in.Figures["A"]
	dfe := &stat.Origin{Publisher: stat.DfE, Released: "2025-10"}
	o.Count.Origin, o.Value.Origin = dfe, dfe
	restated := stat.Restatement{Key: stat.Key{Measure: "cla", Area: "A", Period: in.Period}, Publisher: stat.DfE, Part: stat.PartCount, First: o.Count, Now: num(520)}
	o.Count = num(520)
	o.Count.Origin = dfe
	in.Figures["A"] = o
	in.Restated = []stat.Restatement{restated}
	c := benchmark.Compare(in)
	all := strings.Join(c.Warnings, " ")
	for _, want := range []string{
		"The rate on 31 March 2025 is kept as printed, 138 per 10,000, but 520 of 35,617 would be 146 per 10,000: the count has been restated, the rate has not. So no interval and no number to match the mean is given.",
		"The count on 31 March 2025 was first published as 493 (October 2025); it has since been restated as 520.",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
	if want := "On 31 March 2025 Ashby had 520 children looked after; the rate as printed is 138 in every 10,000."; c.Sentences[0] != want {
		t.Error(c.Sentences[0])
	}
	if c.Interval != nil || c.Distance.Children != nil || c.Verdict.Neighbours != benchmark.NotCompared || strings.Contains(strings.Join(c.Sentences, " "), "To match") {
		t.Errorf("worked out all the same: %+v", c)
	}
}

// 493 children among 35,617 are 138.4 in every 10,000. A rate that is printed
// otherwise, but not by much, has its own population and its own interval; one
// further off has none.
func TestIntervalsAreOfTheValuePrinted(t *testing.T) {
	for printed, lower := range map[float64]float64{138: 126.466, 139: 126.466, 137.5: 126.466, 140: 127.913, 137: 125.172, 145: 132.481, 126: 0, 146: 0, 110: 0} {
		o := stat.Observation{Count: num(493), Denominator: num(35617), Value: num(printed)}
		i, ok := benchmark.IntervalFor(cla, o, benchmark.Confidence95)
		if ok != (lower > 0) || math.Abs(i.Lower-lower) > 0.002 {
			t.Errorf("%g: %v, %t", printed, i, ok)
		}
	}
	in := judged(t, 493)
	o := in.Figures["A"]
	o.Value = num(141)
	in.Figures["A"] = o
	c := benchmark.Compare(in)
	if want := "The rate on 31 March 2025 is kept as printed, 141 per 10,000, but 493 of 35,617 would be 138 per 10,000: the rate may be from another estimate of the population."; !slices.Contains(c.Warnings, want) {
		t.Error(c.Warnings)
	}
	if *c.Distance.Match != 381 || c.Interval == nil || !strings.Contains(c.Sentences[0], "493 children looked after, 141 in every 10,000") {
		t.Errorf("%v %v %s", *c.Distance.Match, c.Interval, c.Sentences[0])
	}
}

func TestWithheldFiguresAreSmallOnes(t *testing.T) {
	for name, tc := range map[string]struct {
		neighbours, others int // withheld
		want               string
	}{
		"none":                  {0, 0, ""},
		"a few elsewhere":       {0, 2, ""},
		"many elsewhere":        {0, 9, "Small numbers are withheld (nine authorities), so the rank is that of the others."},
		"a neighbour's":         {1, 0, "Small numbers are withheld (one authority), so the neighbours' mean is that of the others."},
		"of neighbours and all": {3, 9, "Small numbers are withheld (twelve authorities), so the rank and the neighbours' mean are those of the others."},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			for i := range 100 {
				a := stat.Area{Code: fmt.Sprintf("X%d", i), Level: stat.Authority}
				in.Authorities = append(in.Authorities, a)
				in.Figures[a.Code] = value(90)
				if i < tc.others {
					in.Figures[a.Code] = stat.Observation{Value: mark(stat.Confidential)}
				}
			}
			for i := range tc.neighbours {
				in.Figures[in.Neighbours[i].Code] = stat.Observation{Value: mark(stat.Confidential)}
			}
			got := ""
			for _, w := range benchmark.Compare(in).Warnings {
				if strings.Contains(w, "Small numbers") {
					got = w
				}
			}
			if got != tc.want {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestOneNeighbourDrawsTheMean(t *testing.T) {
	for name, tc := range map[string]struct {
		extreme float64
		others  int
		want    string
	}{
		"far above": {299, 9, "Neighbour 9 draws the neighbours' mean far from the others (299, resting on a count of 20): without it the mean would be 108.0, not 127.1."},
		"far below": {0, 4, "Neighbour 9 draws the neighbours' mean far from the others (0, resting on a count of 20): without it the mean would be 113.0, not 90.4."},
		"beside":    {130, 9, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			in.Neighbours = in.Neighbours[9-tc.others:]
			in.Figures["N9"] = stat.Observation{Count: num(20), Value: num(tc.extreme)}
			if got := strings.Join(benchmark.Compare(in).Warnings, " "); got != tc.want {
				t.Errorf("%q", got)
			}
		})
	}
}

// TestToMatch says how many children make the difference only where they do.
func TestToMatch(t *testing.T) {
	for name, tc := range map[string]struct {
		in   benchmark.Input
		want string // "" for no sentence
	}{
		"more than the mean, low is good":  {share(t, stat.LowIsGood, 300, 1000), "To match the neighbours' mean it would have 100 fewer re-referrals within 12 months."},
		"more than the mean, high is good": {share(t, stat.HighIsGood, 300, 1000), ""},
		"less than the mean, low is good":  {share(t, stat.LowIsGood, 100, 1000), ""},
		"less than the mean, high is good": {share(t, stat.HighIsGood, 100, 1000), "To match the neighbours' mean it would have 100 more re-referrals within 12 months."},
		"neither is good":                  {share(t, stat.NoPolarity, 100, 1000), "To match the neighbours' mean it would have 100 more re-referrals within 12 months."},
		"by chance":                        {share(t, stat.NoPolarity, 22, 100), ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := benchmark.Compare(tc.in)
			all := strings.Join(c.Sentences, " ")
			if !strings.Contains(all, tc.want) || tc.want == "" && strings.Contains(all, "To match") {
				t.Error(all)
			}
			if similar := strings.Contains(all, ", by no more than chance could explain"); similar != (c.Verdict.Neighbours == benchmark.Similar) {
				t.Error(all)
			}
		})
	}
}

// The same to the decimal that is shown is no distance, and a count on the
// other side of the mean than its rounded rate is none to tell.
func TestDistancesThatRoundingMakes(t *testing.T) {
	in := judged(t, 493)
	for mean, told := range map[float64]bool{138: false, 138.2: false, 138.6: true, 137.9: true, 150: true} {
		for _, a := range in.Neighbours {
			in.Figures[a.Code] = value(mean)
		}
		if c := benchmark.Compare(in); (c.Distance.Children != nil) != told {
			t.Errorf("%g: %v", mean, c.Distance.Children)
		}
	}
}

func TestNothingHasNoPeak(t *testing.T) {
	in := judged(t, 0, 0, 0)
	if c := benchmark.Compare(in); c.Peak != nil {
		t.Errorf("%+v", c.Peak)
	}
}

// What only the council counts is compared with nobody, and still doubted.
func TestAloneIsStillDoubted(t *testing.T) {
	in := judged(t, 650, 600, 560, 513, 9)
	in.Authorities, in.Neighbours, in.Regions = nil, nil, nil
	in.Since, in.Meeting = on(t, "2025-06-03").End, "Scrutiny"
	all := strings.Join(benchmark.Compare(in).Warnings, " ")
	for _, want := range []string{"rests on a count of 9", "No change is given since the meeting"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
	if strings.Contains(all, "eighbours") {
		t.Error(all)
	}
	in.Measure = uasc
	if got := benchmark.Compare(in).Warnings; slices.ContainsFunc(got, func(w string) bool { return strings.Contains(w, "size of an area") }) {
		t.Error(got)
	}
}
