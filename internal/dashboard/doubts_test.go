package dashboard_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// A line whose ends hide a peak or a low names it.
func TestTrendNamesWhatLiesBetween(t *testing.T) {
	for name, tc := range map[string]struct {
		rates []int
		says  string
	}{
		"a peak":            {[]int{118, 150, 189, 170, 138}, "rose from 118 per 10,000 (31 March 2021) to 138 per 10,000 (31 March 2025), having peaked at 189 per 10,000 (31 March 2023)."},
		"a low":             {[]int{118, 80, 60, 70, 100}, "fell from 118 per 10,000 (31 March 2021) to 100 per 10,000 (31 March 2025), having been as low as 60 per 10,000 (31 March 2023)."},
		"same at both ends": {[]int{118, 140, 118}, "was 118 per 10,000 at both ends (31 March 2021 and 31 March 2023), having peaked at 140 per 10,000 (31 March 2022)."},
		"a steady rise":     {[]int{100, 110, 120, 130}, "rose from 100 per 10,000 (31 March 2021) to 130 per 10,000 (31 March 2024)."},
		"a small wave":      {[]int{120, 126, 122}, "rose from 120 per 10,000 (31 March 2021) to 122 per 10,000 (31 March 2023)."},
		"less than the way": {[]int{100, 150, 140}, "rose from 100 per 10,000 (31 March 2021) to 140 per 10,000 (31 March 2023)."},
	} {
		h := hold(t)
		for i, r := range tc.rates {
			h.dfe("cla", "Middlesbrough", fmt.Sprint(2021+i), nil, r)
		}
		if got := panel(h.view("cla"), "cla-trend").Sentence; got != "Middlesbrough's rate "+tc.says {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Where the latest date has nobody to compare with, the newer figure is named.
func TestAnOlderAnswerSaysSo(t *testing.T) {
	h := hold(t).dfe("cla", "Middlesbrough", "2023", 513, 146).dfe("cla", "Middlesbrough", "2025", 493, 138).dfe("cla", "Cumbria", "2023", 600, 64)
	h.said.Groups = []stat.Group{{Name: "gone", Title: "Old friends", Areas: []string{h.code("Cumbria")}}}
	b := boards(t, h.cat)
	c, err := b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Neighbours: "gone"})
	const says = "A newer figure is held, 138 per 10,000 on 31 March 2025, but none of Old friends of that date; this is of the latest with one to compare with."
	if err != nil || c.Period != "2023-03-31" || !slices.Contains(c.Warnings, says) {
		t.Errorf("%v, %+v", err, c)
	}
	c, err = b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Neighbours: "gone", Period: "2023"})
	if err != nil || slices.Contains(c.Warnings, says) {
		t.Errorf("of the period that was asked for: %v, %q", err, c.Warnings)
	}
	_, err = b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Period: "2015"})
	if !errors.Is(err, dashboard.ErrNoFigures) || !strings.Contains(err.Error(), "are held on 31 March 2015; the latest are of 31 March 2025") {
		t.Errorf("a period of which nothing is held: %v", err)
	}
}

// restated says that a figure of the council's own was first given otherwise.
func (h *holding) restated(measure, end string, part stat.Part, first, now float64) *holding {
	h.t.Helper()
	h.said.Restated = append(h.said.Restated, stat.Restatement{
		Key:       stat.Key{Measure: measure, Area: home, Period: stat.OnDay(day(h.t, end))},
		Publisher: stat.Council, Part: part,
		First: figure(first, &stat.Origin{Publisher: stat.Council, Released: "2025-10"}), Now: figure(now, &stat.Origin{Publisher: stat.Council, Released: "2025-11"}),
	})
	return h
}

// A measure that only the council has keeps its other doubts.
func TestDoubtsOfTheCouncilsOwn(t *testing.T) {
	h := hold(t).near("2025", "Middlesbrough", "Hartlepool").near("2021", "Hartlepool", "Middlesbrough").pop("Middlesbrough", 2024, 35617).
		add(stat.Council, "rereferrals", "Middlesbrough", "2025-02", 3, 20.0)
	h.add(stat.Council, "cin_local", "Middlesbrough", "2025-02-28", 1200, nil).add(stat.Council, "cin_local", "Middlesbrough", "2025-03-31", 1267, nil).
		restated("cin_local", "2025-03-31", stat.PartCount, 1250, 1267)
	warnings := panel(h.view("cin_local", "since", "2025-06-03"), "cin_local-headline").Warnings
	all := strings.Join(warnings, "\n")
	for _, want := range []string{"Only the council has figures", "first given as 1,250", "No change is given since the meeting of 3 June 2025"} {
		if strings.Count(all, want) != 1 {
			t.Errorf("%q is not said once in\n%s", want, all)
		}
	}
	if all := strings.Join(panel(h.view("rereferrals"), "rereferrals-headline").Warnings, "\n"); !strings.Contains(all, "a count of 3") || strings.Contains(all, "no statistical neighbours") || strings.Contains(all, "2025 model") {
		t.Errorf("a small number: %s", all)
	}
	h.said.Groups = []stat.Group{{Name: "alone", Title: "Alone", Areas: []string{home}}}
	for _, whom := range []string{"2021", "alone"} {
		if all := strings.Join(panel(h.view("rereferrals", "neighbours", whom), "rereferrals-headline").Warnings, "\n"); strings.Contains(all, "nobody but") || strings.Contains(all, "neighbours") {
			t.Errorf("%s: that there is nobody to compare with is said twice: %s", whom, all)
		}
	}
}

// So does the council's newer figure beside a published one.
func TestARestatedNewerFigure(t *testing.T) {
	h := hold(t).dfe("cla", "Middlesbrough", "2025", 493, 138).
		add(stat.Council, "cla", "Middlesbrough", "2025-09-30", 506, nil).restated("cla", "2025-09-30", stat.PartCount, 499, 506)
	if all := strings.Join(panel(h.view("cla"), "cla-headline").Warnings, " "); strings.Count(all, "first given as 499 (October 2025); it has since been restated as 506.") != 1 {
		t.Error(all)
	}
	h.said.Restated = nil
	h.restated("cla", "2025-09-30", stat.PartValue, 138.2, 138.4)
	if all := strings.Join(panel(h.view("cla"), "cla-headline").Warnings, " "); strings.Contains(all, "first given") {
		t.Errorf("138 restated as 138: %s", all)
	}
}

// Closeness is in words: it goes by position, not by letters.
func TestClosenessDoesNotSort(t *testing.T) {
	h := small(t)
	for i := range h.links {
		h.links[i].Closeness = "Close"
	}
	table := panel(h.neighbours("cla", "", ""), "cla-neighbour-table").Table
	i := slices.Index(table.Columns, "Closeness")
	if i < 0 || table.Sort[i] != "" || table.Sort[i-1] != dashboard.SortNumber {
		t.Errorf("%q sort as %q", table.Columns, table.Sort)
	}
}

// A group whose title says what its members are is not said twice.
func TestCountsOfAGroup(t *testing.T) {
	h := council(t)
	h.said.Groups = []stat.Group{
		{Name: "friends", Title: "Coastal authorities", Areas: []string{h.code("Blackpool"), h.code("Hartlepool")}},
		{Name: "coast", Title: "Seaside towns", Areas: []string{h.code("Blackpool"), h.code("Hartlepool")}},
	}
	for whom, want := range map[string]string{"friends": "lower than 2 of 2 Coastal authorities", "coast": "lower than 2 of 2 authorities of Seaside towns"} {
		if got := panel(h.view("cla", "neighbours", whom), "cla-neighbours").Sentence; !strings.Contains(got, want+";") {
			t.Errorf("%s: %q", whom, got)
		}
	}
}

// In a sentence a place has the name people call it by.
func TestPlacesAreCalledByTheirNames(t *testing.T) {
	h := hold(t).near("2025", "Bristol, City of", "Herefordshire, County of").
		dfe("cla", "Bristol, City of", "2024", 700, 75).dfe("cla", "Bristol, City of", "2025", 720, 77).
		dfe("cla", "Herefordshire, County of", "2024", 380, 105).dfe("cla", "Herefordshire, County of", "2025", 370, 103).
		dfe("cin", "Herefordshire, County of", "2025", 900, 250.1)
	b := boards(t, h.cat)
	near, err := b.Neighbours(t.Context(), h, "cla", dashboard.Selection{Area: "Bristol, City of"})
	if err != nil {
		t.Fatal(err)
	}
	everyone, err := b.Authorities(t.Context(), h, "cla", dashboard.Selection{Area: "Bristol, City of"})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []*dashboard.View{h.view("cla", "area", "Bristol, City of"), h.view("cin", "area", "Bristol, City of"), near, everyone} {
		for _, p := range v.Panels {
			for _, text := range append(append([]string{p.Title, p.Sentence}, p.Warnings...), v.Warnings...) {
				if strings.Contains(text, ", City of") || strings.Contains(text, ", County of") {
					t.Errorf("%s: %q", p.ID, text)
				}
			}
		}
	}
}
