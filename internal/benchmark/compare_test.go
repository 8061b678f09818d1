package benchmark_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

var (
	cla = stat.Measure{Code: "cla", Name: "Children looked after", Noun: "children looked after",
		Kind: stat.Snapshot, Unit: stat.RateOf, Polarity: stat.NoPolarity, Denominator: "children aged 0 to 17"}
	rereferrals = stat.Measure{Code: "rereferrals", Name: "Re-referrals within 12 months", Noun: "re-referrals",
		Kind: stat.Flow, Unit: stat.Percent, Polarity: stat.LowIsGood, Decimals: 1, Denominator: "referrals"}
	uasc = stat.Measure{Code: "uasc", Name: "Unaccompanied asylum-seeking children", Noun: "unaccompanied children",
		Kind: stat.Snapshot, Unit: stat.Number}

	here    = stat.Area{Code: "A", Number: "801", Name: "Ashby", Level: stat.Authority}
	england = stat.Area{Code: stat.England, Number: "970", Name: "England"}
	inner   = stat.Area{Code: "R1", Name: "Inner London"}
	london  = stat.Area{Code: "R2", Name: "London"}
	cumbria = stat.Area{Code: "N0", Name: "Cumbria", Ended: stat.Date{Year: 2023, Month: 3, Day: 31}} // abolished
)

func on(t *testing.T, s string) stat.Period {
	t.Helper()
	d, err := stat.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return stat.OnDay(d)
}

func num(x float64) stat.Figure { return stat.Figure{Number: x, Text: fmt.Sprint(x)} }

func mark(m stat.Mark) stat.Figure { return stat.Figure{Mark: m, Text: string(m)} }

func value(x float64) stat.Observation { return stat.Observation{Value: num(x)} }

func places(n int) []stat.Area {
	var out []stat.Area
	for i := range n {
		out = append(out, stat.Area{Code: fmt.Sprintf("N%d", i), Name: fmt.Sprintf("Neighbour %d", i), Level: stat.Authority})
	}
	return out
}

// input is Ashby with 138 among ten neighbours of 100, 102 … 118.
func input(t *testing.T) benchmark.Input {
	t.Helper()
	near := places(10)
	in := benchmark.Input{
		Measure: cla, Area: here, Period: on(t, "2025-03-31"), Model: "2025",
		Neighbours: near, Regions: []stat.Area{inner, london}, England: england,
		Authorities: append([]stat.Area{here}, near...),
		Figures: map[string]stat.Observation{
			"A":          {Count: num(493), Value: num(138)},
			"R1":         value(59),
			"R2":         value(61),
			stat.England: value(67),
		},
	}
	for i, a := range near {
		in.Figures[a.Code] = value(float64(100 + 2*i))
	}
	return in
}

func TestCompareSetsAFigureBesideTheOthers(t *testing.T) {
	in := input(t)
	in.Earlier = []stat.Observation{
		{Key: stat.Key{Period: on(t, "2024-03-31")}, Count: num(513), Value: num(146)},
	}
	c := benchmark.Compare(in)
	if c.Period != "2025-03-31" || *c.Count != 493 || *c.Value != 138 || c.Derived || c.Latest != nil {
		t.Errorf("own figure: %+v", c)
	}
	n := c.Neighbours
	if n.N != 10 || *n.Mean != 109 || *n.Median != 109 || *n.Min != 100 || *n.Max != 118 || n.Members[3].Name != "Neighbour 3" {
		t.Errorf("neighbours: %+v", n)
	}
	if c.Region.Name != "Inner London" || *c.Region.Value != 59 || *c.England.Value != 67 {
		t.Errorf("region %+v, England %+v", c.Region, c.England)
	}
	if *c.Rank != (benchmark.Rank{Position: 1, Of: 11}) || *c.Quartile != 4 || !slices.Equal(c.Quartiles, []float64{105, 110, 115}) {
		t.Errorf("rank %+v, quartile %d, %v", *c.Rank, *c.Quartile, c.Quartiles)
	}
	want := benchmark.Change{From: "2024-03-31", Consecutive: true, Count: ptr(-20.0), CountPercent: ptr(-3.898635478), Absolute: -8, Percent: ptr(-5.479452055)}
	if diff := cmp.Diff(&want, c.Change); diff != "" {
		t.Error(diff)
	}
	say := []string{
		"On 31 March 2025 Ashby had 493 children looked after, 138 in every 10,000.",
		"That is 20 fewer than a year before, and above the mean of its ten statistical neighbours (109.0).",
		"It was the highest of 11 authorities.",
	}
	if diff := cmp.Diff(say, c.Sentences); diff != "" {
		t.Error(diff)
	}
	if len(c.Warnings) != 0 {
		t.Errorf("warnings: %v", c.Warnings)
	}
	if got := c.ChangeWords(cla); got != "−20 children (−3.9%) on a year before; rate −8" {
		t.Errorf("change: %s", got)
	}
	if got := c.AgainstWords(cla); got != "29.0 above the neighbours' mean of 109.0" {
		t.Errorf("against: %s", got)
	}
}

func ptr[T any](x T) *T { return &x }

// compareDoubts each change the sound input in one way: what is warned of then,
// and what stands.
var compareDoubts = map[string]struct {
	change  func(*benchmark.Input)
	warning string
	check   func(c benchmark.Comparison) bool
}{
	"an abolished neighbour has no value and nobody stands in": {
		func(in *benchmark.Input) { in.Neighbours[0] = cumbria; delete(in.Figures, "N0") },
		"Nine of the ten neighbours have a figure on 31 March 2025; no other areas stand in. No figure for Cumbria: abolished on 1 April 2023.",
		func(c benchmark.Comparison) bool {
			return c.Neighbours.N == 9 && *c.Neighbours.Mean == 110 && len(c.Neighbours.Members) == 10 && c.Neighbours.Members[0].Value == nil
		},
	},
	"a mark is never a zero": {
		func(in *benchmark.Input) {
			in.Figures["N0"] = stat.Observation{Value: mark(stat.Confidential)}
			in.Figures["N1"] = stat.Observation{Value: mark(stat.Low)}
		},
		"Eight of the ten neighbours have a figure on 31 March 2025; no other areas stand in. " +
			"No figure for Neighbour 0: c, withheld to protect children's identities. No figure for Neighbour 1: low, rounds to zero but is not zero. " +
			"Small numbers are withheld (one authority), so the rank and the neighbours' mean are those of the others.",
		func(c benchmark.Comparison) bool {
			return *c.Neighbours.Min == 104 && c.Neighbours.Members[0].Mark == "c" && c.Rank.Of == 9
		},
	},
	"the count's mark explains an unexplained one": {
		func(in *benchmark.Input) {
			in.Figures["N0"] = stat.Observation{Count: mark(stat.Confidential), Value: mark(stat.Unexplained)}
		},
		"Nine of the ten neighbours have a figure on 31 March 2025; no other areas stand in. No figure for Neighbour 0: c, withheld to protect children's identities. " +
			"Small numbers are withheld (one authority), so the rank and the neighbours' mean are those of the others.",
		func(c benchmark.Comparison) bool { return c.Neighbours.N == 9 },
	},
	"a published zero is a zero": {
		func(in *benchmark.Input) { in.Figures["N0"] = value(0) }, "",
		func(c benchmark.Comparison) bool { return *c.Neighbours.Min == 0 && c.Neighbours.N == 10 },
	},
	"an area outside the model is told so": {
		func(in *benchmark.Input) { in.Neighbours = nil },
		"Ashby has no statistical neighbours in the 2025 model.",
		func(c benchmark.Comparison) bool {
			return c.Neighbours.Mean == nil && c.Neighbours.N == 0 && c.Rank.Position == 1
		},
	},
	"London stands in for Inner London, and is named": {
		func(in *benchmark.Input) { delete(in.Figures, "R1") },
		"Compared with London, because there is no figure for Inner London on 31 March 2025.",
		func(c benchmark.Comparison) bool { return c.Region.Name == "London" && *c.Region.Value == 61 },
	},
	"with neither, the first region stays": {
		func(in *benchmark.Input) { delete(in.Figures, "R1"); delete(in.Figures, "R2") }, "",
		func(c benchmark.Comparison) bool { return c.Region.Name == "Inner London" && c.Region.Value == nil },
	},
	"council and publisher on one date": {
		func(in *benchmark.Input) {
			dfe := &stat.Origin{Publisher: stat.DfE}
			o := in.Figures["A"]
			o.Count.Origin, o.Value.Origin = dfe, dfe
			in.Figures["A"] = o
			in.Own = []stat.Observation{{Key: stat.Key{Period: in.Period}, Count: num(495), Value: num(139)}}
		},
		"On 31 March 2025 the council's own figure was 495, but DfE published 493.",
		func(c benchmark.Comparison) bool { return *c.Count == 493 && *c.Value == 138 && c.Latest == nil },
	},
	"a derived value says so": {
		func(in *benchmark.Input) {
			o := in.Figures["A"]
			o.Value.Derived = true
			in.Figures["A"] = o
		},
		"The rate on 31 March 2025 was worked out here from the count and the population, because none was published.",
		func(c benchmark.Comparison) bool { return c.Derived && c.Rank != nil },
	},
	"an area that is no more": {
		func(in *benchmark.Input) { in.Area.Ended = stat.Date{Year: 2026, Month: 3, Day: 31} },
		"Ashby was abolished on 1 April 2026; its figures to that day remain.",
		func(c benchmark.Comparison) bool { return c.Value != nil },
	},
	"a marked figure of its own": {
		func(in *benchmark.Input) { in.Figures["A"] = stat.Observation{Value: mark(stat.Unexplained)} }, "",
		func(c benchmark.Comparison) bool {
			return c.Value == nil && c.Mark == "x" && c.Rank == nil && c.Quartile == nil && c.Change == nil &&
				c.Sentences[0] == "There is no figure for Ashby on 31 March 2025 (x: not available; the file gives no reason)."
		},
	},
}

func TestCompareDoubts(t *testing.T) {
	for name, tc := range compareDoubts {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			in.Neighbours = slices.Clone(in.Neighbours)
			tc.change(&in)
			c := benchmark.Compare(in)
			if got := strings.Join(c.Warnings, " "); got != tc.warning {
				t.Errorf("warnings\n got %q\nwant %q", got, tc.warning)
			}
			if !tc.check(c) {
				b, _ := json.MarshalIndent(c, "", " ")
				t.Errorf("comparison: %s", b)
			}
		})
	}
}

func TestChangeIsOnAYearBeforeOnlyWhenItIs(t *testing.T) {
	at := func(date string, v stat.Figure) stat.Observation {
		return stat.Observation{Key: stat.Key{Period: on(t, date)}, Count: num(500), Value: v}
	}
	for name, tc := range map[string]struct {
		earlier     []stat.Observation
		from        string
		consecutive bool
		sentence    string
		card        string
	}{
		"the year before": {
			[]stat.Observation{at("2023-03-31", num(150)), at("2024-03-31", num(146))}, "2024-03-31", true,
			"7 fewer than a year before", "−7 children (−1.4%) on a year before; rate −8"},
		"across a gap": {
			[]stat.Observation{at("2022-03-31", num(150)), at("2023-03-31", num(148))}, "2023-03-31", false,
			"7 fewer than on 31 March 2023", "−7 children (−1.4%) since 31 March 2023; rate −10"},
		"across a mark": {
			[]stat.Observation{at("2023-03-31", num(148)), at("2024-03-31", mark(stat.Unavailable))}, "2023-03-31", false,
			"7 fewer than on 31 March 2023", "−7 children (−1.4%) since 31 March 2023; rate −10"},
		"months before do not stand for the year": {
			[]stat.Observation{at("2024-03-31", num(146)), at("2024-12-31", num(141))}, "2024-03-31", true,
			"7 fewer than a year before", "−7 children (−1.4%) on a year before; rate −8"},
		"the percentage is of the counts": {
			[]stat.Observation{at("2024-03-31", num(0))}, "2024-03-31", true,
			"7 fewer than a year before", "−7 children (−1.4%) on a year before; rate +138"},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			in.Earlier = tc.earlier
			c := benchmark.Compare(in)
			if c.Change == nil || c.Change.From != tc.from || c.Change.Consecutive != tc.consecutive {
				t.Fatalf("change: %+v", c.Change)
			}
			if !strings.Contains(c.Sentences[1], tc.sentence) {
				t.Errorf("sentence: %s", c.Sentences[1])
			}
			if got := c.ChangeWords(cla); got != tc.card {
				t.Errorf("card: %s", got)
			}
		})
	}
}

func TestWordsOfAPercentage(t *testing.T) {
	in := input(t)
	in.Measure, in.Period = rereferrals, stat.ReportingYear(2025)
	in.Figures["A"] = stat.Observation{Count: num(41), Denominator: num(200), Value: num(20.5)}
	in.Earlier = []stat.Observation{{Key: stat.Key{Period: stat.ReportingYear(2024)}, Value: num(22.6)}}
	c := benchmark.Compare(in)
	want := []string{
		"In the year ending 31 March 2025 Ashby's figure for re-referrals within 12 months was 20.5% (41 of 200).",
		"That is 2.1 percentage points lower than a year before, and below the mean of its ten statistical neighbours (109.0%).",
		"It was the lowest of 11 authorities.",
		"For this measure lower is better.",
	}
	if diff := cmp.Diff(want, c.Sentences); diff != "" {
		t.Error(diff)
	}
}

func TestPlainNumbersAreNotCompared(t *testing.T) {
	in := input(t)
	in.Measure = uasc
	c := benchmark.Compare(in)
	if c.Neighbours.Mean != nil || c.Rank != nil || c.Quartile != nil || len(c.Quartiles) != 0 {
		t.Errorf("compared: %+v", c)
	}
	if len(c.Neighbours.Members) != 10 || len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "depend on the size") {
		t.Errorf("members %d, warnings %v", len(c.Neighbours.Members), c.Warnings)
	}
}

func TestLatestIsTheCouncilsNewerFigure(t *testing.T) {
	in := input(t)
	in.Own = []stat.Observation{
		{Key: stat.Key{Period: on(t, "2025-03-31")}, Count: num(493)},
		{Key: stat.Key{Period: on(t, "2025-09-30")}, Count: num(505), Value: stat.Figure{Number: 142, Text: "142", Derived: true}},
	}
	c := benchmark.Compare(in)
	want := &benchmark.Latest{Period: "2025-09-30", Label: "30 September 2025", Count: ptr(505.0), Value: ptr(142.0), Derived: true}
	if diff := cmp.Diff(want, c.Latest); diff != "" {
		t.Error(diff)
	}
	if *c.Value != 138 || c.Rank.Position != 1 || len(c.Warnings) != 0 {
		t.Errorf("the council's own entered the comparison: %+v", c)
	}
}

func TestJSONHasNullsAndEmptyLists(t *testing.T) {
	c := benchmark.Compare(benchmark.Input{Measure: cla, Area: here, Period: on(t, "2025-03-31"), England: england})
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"value":null`, `"count":null`, `"mean":null`, `"members":[]`, `"quartiles":[]`,
		`"rank":null`, `"change":null`, `"latest":null`, `"england":{"code":"E92000001","number":"970","name":"England","value":null,"mark":""}`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in %s", want, b)
		}
	}
}

func TestOrdinalsAndRanks(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 111: "111th", 122: "122nd"} {
		if got := benchmark.Ordinal(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	for want, r := range map[string]benchmark.Rank{
		"6th highest of 151":       {Position: 6, Of: 151},
		"joint 2nd highest of 149": {Position: 2, Of: 149, Joint: true},
		"joint highest of 149":     {Position: 1, Of: 149, Joint: true},
		"lowest of 151":            {Position: 151, Of: 151},
		"joint lowest of 94":       {Position: 68, Of: 94, Joint: true, Lowest: true},
	} {
		if got := r.Words(); got != want {
			t.Errorf("%+v is %q, want %q", r, got, want)
		}
	}
}

func TestNamesInSentences(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Children looked after": "children looked after", "CIN open": "CIN open", "Élan": "élan",
	} {
		if got := benchmark.LowerFirst(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"": "", "éa": "Éa", "on 1 May": "On 1 May"} {
		if got := benchmark.UpperFirst(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got := benchmark.Possessive("St Helens"); got != "St Helens'" {
		t.Error(got)
	}
}
