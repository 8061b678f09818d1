package benchmark_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// TestProperties tries comparisons of random figures, many of them tied,
// missing or marked.
func TestProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		all := places(2 + rng.IntN(40))
		in := benchmark.Input{
			Measure: cla, Period: on(t, "2025-03-31"), Model: "2025", England: england,
			Authorities: all, Neighbours: all[:min(10, len(all)-1)], Figures: map[string]stat.Observation{},
		}
		for _, a := range all {
			switch rng.IntN(5) {
			case 0:
				in.Figures[a.Code] = stat.Observation{Value: mark(stat.Confidential)}
			case 1:
			default:
				in.Figures[a.Code] = value(float64(rng.IntN(20)))
			}
		}
		var places []int
		for _, a := range all {
			in.Area = a
			c := benchmark.Compare(in)
			checkProperties(t, in, c)
			if c.Rank != nil {
				places = append(places, c.Rank.Position)
			}
		}
		// Competition ranks: sorted, each is its own place or that of the tie
		// it belongs to.
		slices.Sort(places)
		for i, p := range places {
			if p != i+1 && (i == 0 || p != places[i-1]) {
				t.Fatalf("ranks %v", places)
			}
		}
	}
}

func checkProperties(t *testing.T, in benchmark.Input, c benchmark.Comparison) {
	t.Helper()
	if f := in.Figures[in.Area.Code].Value; (c.Value != nil) != f.Known() || (c.Rank != nil) != f.Known() {
		t.Fatalf("value %v, rank %v of %+v", c.Value, c.Rank, f)
	}
	n, known := c.Neighbours, 0
	for i, a := range in.Neighbours {
		if in.Figures[a.Code].Value.Known() {
			known++
		} else if n.Members[i].Value != nil {
			t.Fatalf("a mark became %v", *n.Members[i].Value)
		}
	}
	if n.N != known {
		t.Fatalf("n = %d of %d known", n.N, known)
	}
	if n.N > 0 && (*n.Mean < *n.Min || *n.Mean > *n.Max || *n.Median < *n.Min || *n.Median > *n.Max) {
		t.Fatalf("neighbours: %+v", n)
	}
	if c.Rank != nil && (c.Rank.Position < 1 || c.Rank.Position > c.Rank.Of) {
		t.Fatalf("rank %+v", *c.Rank)
	}
	if len(c.Quartiles) == 3 && !slices.IsSorted(c.Quartiles) {
		t.Fatalf("quartiles %v", c.Quartiles)
	}
}

// TestSentencesHoldOnlyKnownNumbers makes comparisons of random figures, gaps
// and marks among them, with and without a group, a meeting and own figures,
// and looks for every number and date of their sentences in the result.
func TestSentencesHoldOnlyKnownNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	met, own, grouped, projected := 0, 0, 0, 0
	for i := range 1200 {
		in := random(rng)
		c := benchmark.Compare(in)
		said := strings.Join(append(c.Sentences, c.ChangeWords(in.Measure), c.MeetingWords(in.Measure), c.TrendWords()), " ")
		c.Sentences, c.Warnings = nil, nil
		if bad := unknown(t, said, c); bad != "" {
			b, _ := json.Marshal(c)
			t.Fatalf("trial %d: %s is not in the result\n%s\n%s", i, bad, said, b)
		}
		checkChange(t, in, c, said)
		met, own, grouped = met+many(c.Meeting != nil), own+many(strings.Contains(said, "By the council's own")), grouped+many(strings.Contains(said, "North East authorities"))
		p, err := benchmark.Project(in.Measure, append(in.Earlier, here31(in)), 1+rng.IntN(5))
		if err != nil {
			continue
		}
		if bad := unknown(t, p.Sentence(in.Measure, "Ashby"), p, in.Period); bad != "" {
			t.Fatalf("trial %d: %s is not in the projection\n%s\n%+v", i, bad, p.Sentence(in.Measure, "Ashby"), p)
		}
		projected++
	}
	if min(met, own, grouped, projected) < 40 {
		t.Errorf("too few were tried: %d with a meeting, %d by own figures, %d with a group, %d projected", met, own, grouped, projected)
	}
}

func many(b bool) int {
	if b {
		return 1
	}
	return 0
}

// here31 is the area's observation with its period.
func here31(in benchmark.Input) stat.Observation {
	o := in.Figures["A"]
	o.Period = in.Period
	return o
}

// checkChange holds that a gap or a mark is never a previous period.
func checkChange(t *testing.T, in benchmark.Input, c benchmark.Comparison, words string) {
	t.Helper()
	if c.Change == nil {
		return
	}
	before := false
	for _, o := range in.Earlier {
		before = before || o.Value.Known() && in.Period.Consecutive(o.Period, stat.Year)
	}
	if c.Change.Consecutive != before || strings.Contains(words, "a year before") != before {
		t.Fatalf("change %+v with a figure of the year before: %t\n%v", c.Change, before, words)
	}
}

// random is a comparison of a measure of any kind on 31 March 2025.
func random(rng *rand.Rand) benchmark.Input {
	in := benchmark.Input{
		Measure: []stat.Measure{cla, rereferrals, uasc}[rng.IntN(3)], Area: here, Model: "2025", England: england,
		Regions: []stat.Area{inner, london}, Neighbours: places(1 + rng.IntN(14)), Figures: map[string]stat.Observation{},
	}
	at := func(year int) stat.Period {
		if in.Measure.Kind == stat.Flow {
			return stat.ReportingYear(year)
		}
		return stat.OnDay(stat.Date{Year: year, Month: time.March, Day: 31})
	}
	in.Period = at(2025)
	in.Authorities = append([]stat.Area{here}, in.Neighbours...)
	for _, a := range append(in.Authorities, inner, london, england) {
		in.Figures[a.Code] = randomFigures(rng, in.Measure)
	}
	for year := 2014; year < 2025; year++ {
		if rng.IntN(6) > 0 {
			o := randomFigures(rng, in.Measure)
			o.Period = at(year)
			in.Earlier = append(in.Earlier, o)
		}
	}
	if rng.IntN(2) == 0 {
		in.Model, in.Group, in.Member = "ours", "North East authorities", rng.IntN(2) == 0
	}
	if rng.IntN(2) == 0 {
		in.Since, in.Meeting = stat.Date{Year: 2023 + rng.IntN(3), Month: time.June, Day: 3}, "Scrutiny"
	}
	for month := time.April; month < time.Month(4+rng.IntN(6)); month++ {
		o := randomFigures(rng, in.Measure)
		o.Period = stat.OnDay(stat.Date{Year: 2025, Month: month, Day: 1}.MonthEnd())
		in.Own = append(in.Own, o)
	}
	return in
}

// randomFigures follow from one another where all are known.
func randomFigures(rng *rand.Rand, m stat.Measure) stat.Observation {
	if rng.IntN(8) == 0 {
		return stat.Observation{Count: mark(stat.Confidential), Value: mark(stat.Confidential)}
	}
	count, of := float64(rng.IntN(500)), float64(500+rng.IntN(40000))
	o := stat.Observation{Count: num(count), Denominator: num(of)}
	switch m.Unit {
	case stat.RateOf:
		o.Value = num(stat.RoundHalfUp(10000*count/of, m.Decimals))
	case stat.Percent:
		o.Value = num(stat.RoundHalfUp(100*count/of, m.Decimals))
	default:
		o = stat.Observation{Value: num(count)}
	}
	if rng.IntN(5) == 0 {
		o.Count, o.Denominator = stat.Figure{}, stat.Figure{}
	}
	return o
}

var (
	longDays = regexp.MustCompile(`\d{1,2} [A-Z][a-z]+ \d{4}`)
	spoken   = regexp.MustCompile(`\d[\d,]*(\.\d+)?`)
)

// unknown is the first number or date in words that none of the results
// holds; the words of a rate, a range, an age group and a measure are no figures.
func unknown(t *testing.T, words string, results ...any) string {
	t.Helper()
	allowed := map[string]bool{}
	for _, r := range results {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		collect(v, allowed)
		if p, ok := r.(stat.Period); ok {
			allowed[p.End.String()] = true
		}
	}
	for _, fixed := range []string{"10,000 children aged 0 to 17", "10,000", "80% range", "within 12 months"} {
		words = strings.ReplaceAll(words, fixed, "")
	}
	for _, day := range longDays.FindAllString(words, -1) {
		d, err := time.Parse("2 January 2006", day)
		if err != nil || !allowed[d.Format(time.DateOnly)] {
			return day
		}
	}
	for _, n := range spoken.FindAllString(longDays.ReplaceAllString(words, ""), -1) {
		if !allowed[n] {
			return n
		}
	}
	return ""
}

// collect gathers numbers as they may be printed, and strings as they are.
func collect(v any, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			collect(x, into)
		}
	case []any:
		into[fmt.Sprint(len(v))] = true // "35 neighbours"
		for _, x := range v {
			collect(x, into)
		}
	case string:
		into[v] = true
		for _, day := range longDays.FindAllString(v, -1) {
			if d, err := time.Parse("2 January 2006", day); err == nil {
				into[d.Format(time.DateOnly)] = true
			}
		}
		for _, n := range spoken.FindAllString(longDays.ReplaceAllString(v, ""), -1) {
			into[n] = true // of a crossing's words
		}
	case float64:
		for d := range 3 {
			into[stat.Format(math.Abs(v), d)] = true
		}
	}
}
