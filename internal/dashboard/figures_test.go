package dashboard_test

import (
	"slices"
	"testing"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

func TestRatesAreDerivedWhereNonePublished(t *testing.T) {
	h := hold(t).near("2025", "Middlesbrough", "Hartlepool").
		dfe("cin", "Middlesbrough", "2013", 2485, nil).dfe("cin", "Hartlepool", "2013", 700, stat.Unexplained).
		dfe("cin", "Blackpool", "2013", 1500, stat.Confidential).dfe("cin", "England", "2013", nil, 331.5).
		pop("Middlesbrough", 2012, 31604).pop("Hartlepool", 2012, 20000).pop("Blackpool", 2012, 28000)
	c, err := boards(t, h.cat).Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cin", Area: "806", Period: "2013"})
	if err != nil {
		t.Fatal(err)
	}
	if *c.Value != 786.3 || !c.Derived || *c.Neighbours.Mean != 350 || c.Rank.Of != 2 {
		t.Errorf("value %v derived %v, mean %v, rank %+v", *c.Value, c.Derived, c.Neighbours.Mean, c.Rank)
	}
	if want := "The rate on 31 March 2013 was worked out here from the count and the population, because none was published."; !slices.Contains(c.Warnings, want) {
		t.Errorf("warnings %q", c.Warnings)
	}
	s, err := boards(t, h.cat).Series(t.Context(), h, "cin", "Middlesbrough", "", stat.Date{})
	if err != nil {
		t.Fatal(err)
	}
	if p := s.Points[0]; !p.Derived || *p.Denominator != 31604 || *p.Value != 786.3 || p.Released != "2025-11" || p.File != "figures.csv" || p.At != "F12" {
		t.Errorf("point %+v", p)
	}
}

func TestThePopulationOfADate(t *testing.T) {
	for _, tc := range []struct {
		date  string
		years []int
		none  bool
	}{
		{"2025-03-31", []int{2023, 2024, 2025}, false},
		{"2024-09-30", []int{2023, 2024, 2025}, false},
		{"2024-03-31", []int{2023, 2024, 2025}, false},
		{"2025-09-30", []int{2023, 2024}, false},
		{"2020-03-31", []int{2023}, true},
	} {
		h := hold(t)
		want := 0
		for _, y := range tc.years {
			h.pop("Middlesbrough", y, 10000+10*(y-2022))
			d, _ := stat.ParseDate(tc.date)
			if y <= d.FinancialYear()-1 {
				want = 10000 + 10*(y-2022)
			}
		}
		h.add(stat.Council, "cpp", "Middlesbrough", tc.date, 100, nil)
		s, err := boards(t, h.cat).Series(t.Context(), h, "cpp", "806", "", stat.Date{})
		if err != nil {
			t.Fatal(err)
		}
		p := s.Points[0]
		if tc.none {
			if p.Value != nil || p.Derived {
				t.Errorf("%s: a rate of a later population: %+v", tc.date, p)
			}
			continue
		}
		if p.Denominator == nil || *p.Denominator != float64(want) {
			t.Errorf("%s: denominator %v, want %d", tc.date, p.Denominator, want)
		}
		if rate, _ := stat.Rate(100, float64(want), 1); p.Value == nil || *p.Value != rate {
			t.Errorf("%s: rate %v", tc.date, p.Value)
		}
	}
}

// A published rate gets the population it would be divided by; an earlier
// year's is named as long as it stands in.
func TestPublishedRatesHaveADenominator(t *testing.T) {
	h := hold(t).dfe("cla", "Middlesbrough", "2024", 513, 146).dfe("cla", "Middlesbrough", "2025", 493, 138).dfe("cla", "Hartlepool", "2025", stat.Confidential, 157).
		pop("Middlesbrough", 2023, 35177).pop("Hartlepool", 2024, 21000)
	for _, tc := range []struct {
		period string
		warns  bool
	}{{"2024", false}, {"2025", true}} {
		c, err := boards(t, h.cat).Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Area: "806", Period: tc.period})
		if err != nil {
			t.Fatal(err)
		}
		if c.Interval == nil || *c.Denominator != 35177 || c.Derived {
			t.Errorf("%s: interval %v, denominator %v, derived %v", tc.period, c.Interval, c.Denominator, c.Derived)
		}
		want := "The interval and the distance in children on 31 March 2025 use the population estimate for mid-2023 until a later one is held."
		if slices.Contains(c.Warnings, want) != tc.warns {
			t.Errorf("%s: warnings %q", tc.period, c.Warnings)
		}
	}
	c, err := boards(t, h.cat).Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Area: "805", Period: "2025"})
	if err != nil || c.Interval != nil || c.CountMark != "c" || c.Count != nil {
		t.Errorf("a count withheld has an interval: %+v, %v", c, err)
	}
	if got := panel(h.page("cla", "", "", "", "", ""), "cla-headline").Source; got != "DfE, November 2025; ONS, November 2025" {
		t.Errorf("source %q", got)
	}
}
