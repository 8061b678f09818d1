package benchmark_test

import (
	"strings"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

func TestPlacesInSentences(t *testing.T) {
	for name, want := range map[string][2]string{
		"Middlesbrough":                       {"Middlesbrough", "Middlesbrough's"},
		"Bristol, City of":                    {"Bristol", "Bristol's"},
		"Herefordshire, County of":            {"Herefordshire", "Herefordshire's"},
		"Kingston upon Hull, City of":         {"Kingston upon Hull", "Kingston upon Hull's"},
		"Bournemouth, Christchurch and Poole": {"Bournemouth, Christchurch and Poole", "Bournemouth, Christchurch and Poole's"},
		"St Helens":                           {"St Helens", "St Helens'"},
		"Isles of Scilly":                     {"the Isles of Scilly", "Isles of Scilly's"},
		"":                                    {"", "'s"},
	} {
		if got := [2]string{benchmark.PlaceName(name), benchmark.Possessive(name)}; got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	in := input(t)
	in.Area.Name, in.Area.Ended = "Herefordshire, County of", stat.Date{Year: 2026, Month: 3, Day: 31}
	in.Neighbours[0].Name = "Bristol, City of"
	delete(in.Figures, "N0")
	c := benchmark.Compare(in)
	if all := strings.Join(append(c.Sentences, c.Warnings...), " "); strings.Contains(all, ", C") || !strings.Contains(all, "No figure for Bristol: none is held.") {
		t.Error(all)
	}
}

// TestOneOfAThing tries the nouns of the catalogue that are awkward for one.
func TestOneOfAThing(t *testing.T) {
	for noun, want := range map[string]string{
		"children looked after":                                       "1 child looked after",
		"children in children's homes":                                "1 child in children's homes",
		"unaccompanied asylum-seeking children":                       "1 unaccompanied asylum-seeking child",
		"approved fostering households":                               "1 approved fostering household",
		"open plans lasting 2 years or more":                          "1 open plan lasting 2 years or more",
		"section 47 enquiries":                                        "1 section 47 enquiry",
		"families open to early help":                                 "1 family open to early help",
		"social worker vacancies":                                     "1 social worker vacancy",
		"episodes of need starting":                                   "1 episode of need starting",
		"children in need who are neither looked after nor on a plan": "1 child in need who is neither looked after nor on a plan",
		"staff": "1 staff",
	} {
		in := input(t)
		in.Measure = stat.Measure{Code: "x", Name: "X", Noun: noun, Kind: stat.Snapshot, Unit: stat.Number}
		in.Figures["A"] = value(1)
		if got := benchmark.Compare(in).Sentences[0]; got != "On 31 March 2025 Ashby had "+want+"." {
			t.Error(got)
		}
	}
}

func TestChangesCarryTheirUnits(t *testing.T) {
	measure := func(u stat.Unit, decimals int) stat.Measure {
		return stat.Measure{Code: "x", Name: "Costs", Kind: stat.Snapshot, Unit: u, Decimals: decimals, Denominator: "homes", Noun: "homes in all of the towns"}
	}
	for name, tc := range map[string]struct {
		m              stat.Measure
		before, after  float64
		sentence, card string
	}{
		"a point":     {measure(stat.Percent, 0), 20, 21, "1 percentage point higher than a year before", "+1 percentage point on a year before"},
		"points":      {measure(stat.Percent, 1), 20, 21, "1.0 percentage points higher than a year before", "+1.0 percentage points on a year before"},
		"a day":       {measure(stat.Days, 0), 100, 99, "1 day lower than a year before", "−1 day (−1.0%) on a year before"},
		"days":        {measure(stat.Days, 0), 100, 90, "10 days lower than a year before", "−10 days (−10.0%) on a year before"},
		"pounds":      {measure(stat.Pounds, 0), 5000, 6000, "£1,000 higher than a year before", "+£1,000 (+20.0%) on a year before"},
		"fewer":       {measure(stat.Pounds, 0), 5000, 4000, "£1,000 lower than a year before", "−£1,000 (−20.0%) on a year before"},
		"none":        {measure(stat.Pounds, 0), 5000, 5000, "the same as a year before", "no change on a year before"},
		"a bare rate": {measure(stat.RateOf, 0), 146, 138, "8 lower than a year before", "−8 per 10,000 (−5.5%) on a year before"},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			in.Measure = tc.m
			in.Figures["A"] = value(tc.after)
			in.Earlier = []stat.Observation{{Key: stat.Key{Period: on(t, "2024-03-31")}, Value: num(tc.before)}}
			c := benchmark.Compare(in)
			if all := strings.Join(c.Sentences, " "); !strings.Contains(all, tc.sentence) || c.ChangeWords(tc.m) != tc.card {
				t.Errorf("%s\n%s", all, c.ChangeWords(tc.m))
			}
		})
	}
	if got := benchmark.InUnit(measure(stat.Days, 0), "1"); got != "1 day" {
		t.Error(got)
	}
}

// A group of one is no mean, and its figure is shown as it was printed.
func TestOneAloneIsNoMean(t *testing.T) {
	in := input(t)
	in.Model, in.Group, in.Neighbours = "pair", "Pair", places(1)
	in.Neighbours[0].Name = "Redcar and Cleveland"
	in.Figures["N0"] = value(144)
	c := benchmark.Compare(in)
	if got := c.Sentences[1]; got != "That is below Redcar and Cleveland (144)." {
		t.Error(got)
	}
	if got := c.AgainstWords(cla); got != "6 below Redcar and Cleveland's figure of 144" {
		t.Error(got)
	}
	in.Model, in.Group, in.Neighbours = "2025", "", places(2)
	in.Figures["N1"] = stat.Observation{Value: mark(stat.Unavailable)}
	if got := benchmark.Compare(in).Sentences[1]; got != "That is below Neighbour 0 (144), the only one of its two statistical neighbours with a figure." {
		t.Error(got)
	}
}

func TestJointLowest(t *testing.T) {
	in := input(t)
	in.Figures["A"], in.Figures["N3"] = value(99), value(99)
	if got := benchmark.Compare(in).Sentences[2]; got != "It was joint lowest of 11 authorities." {
		t.Error(got)
	}
}
