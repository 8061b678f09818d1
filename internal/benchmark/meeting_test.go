package benchmark_test

import (
	"strings"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

func onDay(t *testing.T, s string, count, value float64) stat.Observation {
	t.Helper()
	return stat.Observation{Key: stat.Key{Period: on(t, s)}, Count: num(count), Value: num(value)}
}

// sinceCase is a meeting, what the council says itself, and what is said of the
// change since.
type sinceCase struct {
	since    string
	own      []stat.Observation
	want     *benchmark.SinceMeeting
	sentence string
	warning  string
	card     string
}

// sinceCases are meetings before, between and after the figures.
func sinceCases(t *testing.T) map[string]sinceCase {
	t.Helper()
	return map[string]sinceCase{
		"none chosen": {},
		"between two figures": {
			since:    "2023-06-03",
			want:     &benchmark.SinceMeeting{Date: "2023-06-03", Name: "Scrutiny", Figure: "31 March 2023", To: "2025-03-31", Change: benchmark.Change{From: "2023-03-31", Count: ptr(-12.0), Absolute: -4}},
			sentence: "That is 20 fewer than a year before, 12 fewer than on 31 March 2023 (the latest figure by the meeting of 3 June 2023), and above the mean of its ten statistical neighbours (109.0).",
			card:     "−12 children (−2.4%) since 31 March 2023, the latest figure by the meeting of 3 June 2023; rate −4",
		},
		"the same as a year before": {
			since:    "2024-06-03",
			want:     &benchmark.SinceMeeting{Date: "2024-06-03", Name: "Scrutiny", Figure: "31 March 2024", To: "2025-03-31", Change: benchmark.Change{From: "2024-03-31", Consecutive: true, Count: ptr(-20.0), Absolute: -8}},
			sentence: "That is 20 fewer than a year before (31 March 2024, the latest figure by the meeting of 3 June 2024), and above the mean",
			card:     "−20 children (−3.9%) since 31 March 2024, the latest figure by the meeting of 3 June 2024; rate −8",
		},
		"on the very day of the figure": {
			since:   "2025-03-31",
			warning: "No change is given since the meeting of 31 March 2025: no figure is of a later day, with one before it to compare.",
		},
		"before all figures": {
			since:   "2020-06-03",
			warning: "No change is given since the meeting of 3 June 2020: there is no earlier figure of a day up to it.",
		},
		"by the council's own": {
			since:    "2025-06-03",
			own:      []stat.Observation{onDay(t, "2025-05-31", 493, 138), onDay(t, "2025-06-30", 499, 140), onDay(t, "2025-09-30", 505, 142)},
			want:     &benchmark.SinceMeeting{Date: "2025-06-03", Name: "Scrutiny", Figure: "31 May 2025", To: "2025-09-30", Own: true, Change: benchmark.Change{From: "2025-05-31", Count: ptr(12.0), Absolute: 4}},
			sentence: "By the council's own figures it had 505 children looked after on 30 September 2025, 12 more than on 31 May 2025 (the latest figure by the meeting of 3 June 2025).",
			card:     "+12 children (+2.4%) since 31 May 2025 by the council's own figures, the latest figure by the meeting of 3 June 2025; rate +4",
		},
		"the council's own where they begin nearer and go on later": {
			since:    "2025-02-10",
			own:      []stat.Observation{onDay(t, "2025-01-31", 499, 140), onDay(t, "2026-10-31", 506, 142)},
			want:     &benchmark.SinceMeeting{Date: "2025-02-10", Name: "Scrutiny", Figure: "31 January 2025", To: "2026-10-31", Own: true, Change: benchmark.Change{From: "2025-01-31", Count: ptr(7.0), Absolute: 2}},
			sentence: "That is 20 fewer than a year before, and above the mean of its ten statistical neighbours (109.0). It was the highest of 11 authorities. By the council's own figures it had 506 children looked after on 31 October 2026, 7 more than on 31 January 2025 (the latest figure by the meeting of 10 February 2025).",
			card:     "+7 children (+1.4%) since 31 January 2025 by the council's own figures, the latest figure by the meeting of 10 February 2025; rate +2",
		},
		"an own series that ends in a mark": {
			since: "2025-06-03",
			own: []stat.Observation{onDay(t, "2025-05-31", 493, 138), onDay(t, "2025-09-30", 494, 138),
				{Key: stat.Key{Period: on(t, "2025-10-31")}, Value: mark(stat.Unavailable)}},
			want:     &benchmark.SinceMeeting{Date: "2025-06-03", Name: "Scrutiny", Figure: "31 May 2025", To: "2025-09-30", Own: true, Change: benchmark.Change{From: "2025-05-31", Count: ptr(1.0)}},
			sentence: "By the council's own figures it had 494 children looked after on 30 September 2025, 1 more than on 31 May 2025",
			card:     "+1 child (+0.2%) since 31 May 2025 by the council's own figures, the latest figure by the meeting of 3 June 2025; rate unchanged",
		},
		"a figure long before the meeting": {
			since:    "2025-02-10",
			want:     &benchmark.SinceMeeting{Date: "2025-02-10", Name: "Scrutiny", Figure: "31 March 2024", To: "2025-03-31", Change: benchmark.Change{From: "2024-03-31", Consecutive: true, Count: ptr(-20.0), Absolute: -8}},
			sentence: "That is 20 fewer than a year before (31 March 2024, the latest figure by the meeting of 10 February 2025)",
			warning:  "The change since the meeting of 10 February 2025 is counted from 31 March 2024, ten months before it, so some of it may have come before the meeting.",
			card:     "−20 children (−3.9%) since 31 March 2024, the latest figure by the meeting of 10 February 2025; rate −8",
		},
		"own counts without rates": {
			since:   "2025-06-03",
			own:     []stat.Observation{{Key: stat.Key{Period: on(t, "2025-05-31")}, Count: num(493)}, {Key: stat.Key{Period: on(t, "2025-09-30")}, Count: num(505)}},
			warning: "No change is given since the meeting of 3 June 2025: no figure is of a later day",
		},
	}
}

func TestChangeSinceAMeeting(t *testing.T) {
	for name, tc := range sinceCases(t) {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			in.Earlier = []stat.Observation{onDay(t, "2021-03-31", 480, 130), onDay(t, "2023-03-31", 505, 142), onDay(t, "2024-03-31", 513, 146)}
			in.Own = tc.own
			if tc.since != "" {
				in.Since, in.Meeting = on(t, tc.since).End, "Scrutiny"
			}
			c := benchmark.Compare(in)
			got := c.Meeting
			if got != nil {
				got.Percent, got.CountPercent = nil, nil
			}
			if (got == nil) != (tc.want == nil) || got != nil && !sameMeeting(*got, *tc.want) {
				t.Errorf("since the meeting: %+v", got)
			}
			if all := strings.Join(c.Sentences, " "); !strings.Contains(all, tc.sentence) || tc.want == nil && strings.Contains(all, "meeting") {
				t.Errorf("sentences: %s", all)
			}
			if all := strings.Join(c.Warnings, " "); !strings.Contains(all, tc.warning) || tc.warning == "" && strings.Contains(all, "meeting") {
				t.Errorf("warnings: %s", all)
			}
			if c = benchmark.Compare(in); c.MeetingWords(cla) != tc.card {
				t.Errorf("card: %s", c.MeetingWords(cla))
			}
		})
	}
}

func sameMeeting(a, b benchmark.SinceMeeting) bool {
	counts := *a.Count == *b.Count
	a.Count, b.Count = nil, nil
	return counts && a == b
}

func TestGroupsInWords(t *testing.T) {
	for name, tc := range map[string]struct {
		group           string
		member          bool
		members, marked int
		of, title       string
	}{
		"a model":                     {"", false, 10, 0, "its ten statistical neighbours", "statistical neighbours"},
		"some of a model":             {"", false, 10, 1, "nine of its ten statistical neighbours", "statistical neighbours"},
		"a region":                    {"North East authorities", true, 11, 0, "the other eleven North East authorities", "other North East authorities"},
		"some of a region":            {"North East authorities", true, 11, 2, "nine of the other eleven North East authorities", "other North East authorities"},
		"a group without the area":    {"Tees Valley councils", false, 5, 0, "the five Tees Valley councils", "Tees Valley councils"},
		"a large group":               {"Metropolitan boroughs", true, 35, 0, "the other 35 Metropolitan boroughs", "other Metropolitan boroughs"},
		"a title that is no noun":     {"Family of schools", true, 4, 0, "the other four in “Family of schools”", "others in “Family of schools”"},
		"a title with an owner":       {"Our neighbours", false, 4, 0, "the four in “Our neighbours”", "Our neighbours"},
		"one alone goes by its name":  {"Leeds", false, 1, 0, "Neighbour 0", "Leeds"},
		"one with a figure among two": {"Core cities", false, 2, 1, "one of the two Core cities", "Core cities"},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			in.Model, in.Group, in.Member, in.Neighbours = "x", tc.group, tc.member, places(tc.members)
			for i, a := range in.Neighbours {
				in.Figures[a.Code] = value(100)
				if i < tc.marked {
					in.Figures[a.Code] = stat.Observation{Value: mark(stat.Confidential)}
				}
			}
			n := benchmark.Compare(in).Neighbours
			if n.Of() != tc.of || n.Title() != tc.title {
				t.Errorf("%q, %q", n.Of(), n.Title())
			}
		})
	}
}

func TestAGroupIsNotCalledNeighbours(t *testing.T) {
	in := input(t)
	in.Model, in.Group, in.Member = "region", "North East authorities", true
	o := in.Figures["A"]
	o.Denominator = num(35617)
	in.Figures["A"] = o
	in.Figures["N9"] = stat.Observation{Value: mark(stat.Unavailable)}
	c := benchmark.Compare(in)
	all := strings.Join(append(c.Sentences, append(c.Warnings, c.AgainstWords(cla), c.VerdictWords())...), " ")
	for _, want := range []string{
		"above the mean of nine of the other ten North East authorities (108.0).",
		"To match the group's mean it would have 108 fewer children looked after.",
		"Nine of the other ten North East authorities have a figure on 31 March 2025; no other areas stand in.",
		"30.0 above the group's mean of 108.0", "higher than the group's mean by more than chance would explain",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
	if strings.Contains(all, "eighbours'") || strings.Contains(all, "statistical") {
		t.Error(all)
	}
	in.Neighbours = nil
	if got := benchmark.Compare(in).Warnings[0]; got != "There is nobody but Ashby in the group North East authorities, so nothing to compare with." {
		t.Error(got)
	}
}

func TestRestatedAndRedefined(t *testing.T) {
	origin := func(release stat.Release) *stat.Origin {
		return &stat.Origin{Publisher: stat.DfE, Released: release}
	}
	restated := func(end string, part stat.Part, first, now float64) stat.Restatement {
		a, b := num(first), num(now)
		a.Origin, b.Origin = origin("2023-10"), origin("2025-10")
		return stat.Restatement{Key: stat.Key{Measure: "cin", Area: "A", Period: on(t, end)}, Publisher: stat.DfE, Part: part, First: a, Now: b}
	}
	marked := restated("2025-03-31", stat.PartValue, 0, 138)
	marked.First.Mark = stat.Confidential
	council := restated("2025-03-31", stat.PartValue, 100, 138)
	council.Publisher = stat.Council
	newer := restated("2025-09-30", stat.PartValue, 140, 142)
	newer.Publisher = stat.Council
	for name, tc := range map[string]struct {
		restated []stat.Restatement
		changed  []stat.DefinitionChange
		want     string
	}{
		"nothing": {},
		"the figure": {[]stat.Restatement{restated("2025-03-31", stat.PartValue, 656.7, 638.7)}, nil,
			"The figure on 31 March 2025 was first published as 656.7 (October 2023); it has since been restated as 638.7."},
		"the value before its count": {[]stat.Restatement{restated("2025-03-31", stat.PartCount, 2196, 2195), restated("2025-03-31", stat.PartValue, 656.7, 638.7)}, nil,
			"The figure on 31 March 2025 was first published as 656.7 (October 2023); it has since been restated as 638.7."},
		"the count alone": {[]stat.Restatement{restated("2025-03-31", stat.PartCount, 2196, 2195)}, nil,
			"The count on 31 March 2025 was first published as 2,196 (October 2023); it has since been restated as 2,195."},
		"the one compared with": {[]stat.Restatement{restated("2024-03-31", stat.PartValue, 656.7, 638.7)}, nil,
			"The figure on 31 March 2024 was first published as 656.7 (October 2023); it has since been restated as 638.7."},
		"another year": {[]stat.Restatement{restated("2020-03-31", stat.PartValue, 656.7, 638.7)}, nil, ""},
		"a mark that became a number": {[]stat.Restatement{marked}, nil,
			"The figure on 31 March 2025 was first published as c, withheld to protect children's identities (October 2023); it has since been restated as 138.0."},
		"the council's own of a day that is not compared": {[]stat.Restatement{council}, nil, ""},
		"the council's newer one": {[]stat.Restatement{newer}, nil,
			"The council's own figure on 30 September 2025 was first given as 140.0 (October 2023); it has since been restated as 142.0."},
		"one that reads the same": {[]stat.Restatement{restated("2025-03-31", stat.PartValue, 138.02, 138.04)}, nil, ""},
		"one that reads the same, with another count": {[]stat.Restatement{restated("2025-03-31", stat.PartCount, 492, 493), restated("2025-03-31", stat.PartValue, 138.02, 138.04)}, nil,
			"The count on 31 March 2025 was first published as 492 (October 2023); it has since been restated as 493."},
		"a new definition": {nil, []stat.DefinitionChange{{From: "2024-04-01", What: "Young carers are counted."}},
			"From 1 April 2024 this measure is not made as it was before, so figures from before that day are not strictly comparable: Young carers are counted."},
		"an old definition": {nil, []stat.DefinitionChange{{From: "2024-03-31", What: "Young carers are counted."}}, ""},
		"a coming one":      {nil, []stat.DefinitionChange{{From: "2025-04-01", What: "Young carers are counted."}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			in.Measure.Code, in.Measure.Decimals, in.Measure.Changed = "cin", 1, tc.changed
			o := in.Figures["A"]
			o.Value.Origin = origin("2025-10")
			in.Figures["A"] = o
			in.Earlier = []stat.Observation{onDay(t, "2024-03-31", 513, 146)}
			in.Own = []stat.Observation{onDay(t, "2025-09-30", 505, 142)}
			in.Restated = tc.restated
			if got := strings.Join(benchmark.Compare(in).Warnings, " "); got != tc.want {
				t.Errorf("got %q", got)
			}
		})
	}
}
