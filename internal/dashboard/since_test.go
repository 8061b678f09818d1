package dashboard_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// since is the page of what moved, as it was on 21 November 2026.
func (h *holding) since(choices ...string) (*dashboard.View, error) {
	h.t.Helper()
	b := boards(h.t, h.cat)
	b.Now = func() time.Time { return time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC) }
	sel, err := b.Select(chosen(choices...))
	if err != nil {
		h.t.Fatal(err)
	}
	return b.Since(h.t.Context(), h, sel)
}

// met are meetings of the Scrutiny Panel, the latest first.
func (h *holding) met(days ...string) *holding {
	for _, d := range days {
		h.said.Meetings = append(h.said.Meetings, stat.Meeting{Date: day(h.t, d), Name: "Scrutiny Panel"})
	}
	return h
}

func (h *holding) own(measure, period string, count, value any) *holding {
	h.t.Helper()
	return h.add(stat.Council, measure, "Middlesbrough", period, count, value)
}

// ownMonths holds one own figure a month from January 2025.
func (h *holding) ownMonths(measure string, values ...any) *holding {
	h.t.Helper()
	for i, v := range values {
		h.own(measure, fmt.Sprintf("%d-%02d", 2025+i/12, i%12+1), nil, v)
	}
	return h
}

// moved are a View's parts, each move by its measure.
func moved(v *dashboard.View) (parts map[string][]string, moves map[string]dashboard.Move) {
	parts, moves = map[string][]string{}, map[string]dashboard.Move{}
	for _, p := range v.Panels {
		for _, m := range p.Moved.Moves {
			parts[p.Moved.Part] = append(parts[p.Moved.Part], m.Measure)
			moves[m.Measure] = m
		}
	}
	return parts, moves
}

func TestSince(t *testing.T) {
	h := hold(t).met("2027-01-12", "2026-06-03", "2025-06-03").pop("Middlesbrough", 2023, 35177).pop("Middlesbrough", 2024, 35617).pop("Middlesbrough", 2025, 35617).
		// The council's own newer figures go before what is published.
		dfe("cla", "Middlesbrough", "2025", 493, 138).
		own("cla", "2026-05-31", 500, nil).own("cla", "2026-06-30", 560, nil).own("cla", "2026-09-30", 620, nil).
		own("cin_local", "2026-05-31", 800, nil).own("cin_local", "2026-09-30", 810, nil).
		// An even series with one month outside its limits.
		ownMonths("rereferrals", 20.0, 21.0, 20.5, 19.5, 20.0, 21.0, 20.5, 19.5, 20.0, 21.0, 20.5, 19.5, 20.0, 21.0, 20.5, 19.5, 20.0, 21.0, 20.5, 30.0).
		// One that has been as high since before the meeting.
		ownMonths("contacts", 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 318, 319).
		own("cla_with_parents", "2026-05-31", nil, 10.0).own("cla_with_parents", "2026-09-30", nil, 12.5).
		own("cla_residential", "2026-05-31", nil, 60).own("cla_residential", "2026-09-30", nil, 60).
		own("cin_plans", "2026-09-30", nil, 200).
		dfe("cpp", "Middlesbrough", "2024", 320, 91.0).dfe("cpp", "Middlesbrough", "2025", 353, 99.1).dfe("cpp", "Middlesbrough", "2026", stat.Confidential, stat.Confidential).
		dfe("population_0_17", "Middlesbrough", "2025", nil, 35617)
	v, err := h.since()
	if err != nil {
		t.Fatal(err)
	}
	parts, moves := moved(v)
	want := map[string][]string{
		dashboard.MovedBeyond: {"rereferrals", "cla"},
		dashboard.MovedChance: {"cla_with_parents", "contacts", "cin_local"},
		dashboard.MovedNot:    {"cla_residential"},
		dashboard.MovedNone:   {"cin_plans", "cpp"},
	}
	slices.Sort(want[dashboard.MovedBeyond])
	slices.Sort(parts[dashboard.MovedBeyond])
	slices.Sort(parts[dashboard.MovedChance])
	slices.Sort(want[dashboard.MovedChance])
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Error(diff)
	}
	for code, says := range map[string]string{
		"cla":              "Children looked after rose from 500 (140 per 10,000) on 31 May 2026 to 620 (174 per 10,000) on 30 September 2026, by the council's own figures: more than chance explains (95% interval of the change: +15.1 to +52.4).",
		"rereferrals":      "to 30.0% in August 2026, by the council's own figures: unusually high: outside the limits on its control chart.",
		"contacts":         "unusually high on its control chart, as it was before.",
		"cla_with_parents": "chance cannot be told: no count and denominator are held that give the figures.",
		"cin_plans":        "The newest figure is 200 on 30 September 2026, with none of a day up to the meeting to compare it with.",
		"cpp":              "The newest figure is 353 (99.1 per 10,000) on 31 March 2025.",
		"cla_residential":  "60 on 31 May 2026 and 60 on 30 September 2026",
	} {
		if !strings.Contains(moves[code].Sentence, says) {
			t.Errorf("%s: %s", code, moves[code].Sentence)
		}
	}
	if m := moves["rereferrals"]; m.Change != "+10.0 percentage points" || m.Way != "up" || m.Good != "worse" || m.Interval != nil {
		t.Errorf("re-referrals: %+v", m)
	}
	if m := moves["cla"]; m.Change != "+120 (+24.0%); rate +34" || *m.Number != 120 || *m.Percent != 24 || m.Good != "" || m.Interval == nil || m.Whose != "the council's own" || m.From.Count != "500" {
		t.Errorf("looked after: %+v", m)
	}
	if n := moves["cpp"].Notes; len(n) != 1 || !strings.Contains(n[0], "withheld to protect children's identities (c)") {
		t.Errorf("a figure that is withheld: %v", n)
	}
	if h.reads != 1 || v.Path != "/since" || v.Title != "Since the meeting of 3 June 2026" || len(v.Meetings) != 2 ||
		!strings.Contains(v.Lead, "Scrutiny Panel. Of 8 measures with figures for Middlesbrough, 2 moved by more than chance explains, 3 moved by what may be chance, 1 did not change, 2 have no newer figure.") {
		t.Errorf("%d reads; %s; %s; %s; meetings %v", h.reads, v.Path, v.Title, v.Lead, v.Meetings)
	}
	if len(v.Warnings) != 1 || !strings.Contains(v.Warnings[0], "provisional") {
		t.Errorf("warnings %v", v.Warnings)
	}
}

// A percentage stands beside what it is of: the number where one is held.
func TestSinceTellsThePercentOfWhatItTells(t *testing.T) {
	for name, tc := range map[string]struct {
		before, after any // numbers
		was, is       any // rates
		want          string
	}{
		"with numbers":      {478, 480, 134, 135, "+2 (+0.4%); rate +1"},
		"without":           {nil, nil, 134, 135, "+1 (+0.7% of the rate)"},
		"the rate is still": {478, 480, 134, 134, "+2 (+0.4%); rate unchanged"},
		"both are":          {478, 478, 134, 134, "no change"},
		"one each way":      {480, 478, 134, 135, "rate +1; number \u22122 (\u22120.4%)"},
		"from no child":     {0, 2, 0, 1, "+2; rate +1"},
	} {
		h := hold(t).met("2026-06-03").own("cla", "2026-05-31", tc.before, tc.was).own("cla", "2026-09-30", tc.after, tc.is)
		v, err := h.since("since", "last")
		if err != nil {
			t.Fatal(err)
		}
		if _, moves := moved(v); moves["cla"].Change != tc.want {
			t.Errorf("%s: %q, want %q", name, moves["cla"].Change, tc.want)
		}
	}
}

// What came out after a meeting is news, whatever day it is of.
func TestSinceLate(t *testing.T) {
	h := hold(t).met("2025-06-03").
		dfe("cpp", "Middlesbrough", "2024", 320, 91.0).dfe("cpp", "Middlesbrough", "2025", 353, 99.1).
		dfe("referrals", "Middlesbrough", "2023", 2000, 568.0).dfe("referrals", "Middlesbrough", "2025", 2500, 701.0)
	h.obs[0].Denominator = figure(35177, h.obs[0].Value.Origin)
	h.obs[1].Denominator = figure(35617, h.obs[1].Value.Origin)
	v, err := h.since("since", "last")
	if err != nil {
		t.Fatal(err)
	}
	parts, moves := moved(v)
	if diff := cmp.Diff(map[string][]string{dashboard.MovedLate: {"referrals", "cpp"}}, parts); diff != "" {
		t.Error(diff)
	}
	if m := moves["cpp"]; m.From.Label != "31 March 2024" || m.Change != "+33 (+10.3%); rate +8.1" || m.Beyond || !strings.Contains(m.Chance, "chance alone") {
		t.Errorf("%+v", m)
	}
	if m := moves["referrals"]; m.From.Label != "year ending 31 March 2023" {
		t.Errorf("across a gap: %+v", m)
	}
	// By December all of it was out.
	v, err = h.since("since", "2025-12-01")
	if err != nil {
		t.Fatal(err)
	}
	if parts, _ = moved(v); len(parts) != 1 || len(parts[dashboard.MovedNone]) != 2 || v.Title != "Since 1 December 2025" {
		t.Errorf("%s: %v", v.Title, parts)
	}
}

func TestSinceWithoutMeeting(t *testing.T) {
	h := small(t)
	for _, choice := range []string{"", "last"} {
		v, err := h.since("since", choice)
		if err != nil || len(v.Panels) != 0 || v.Selection.Since != "" || !strings.Contains(v.Lead, "No meeting is kept") {
			t.Errorf("%q: %v, %+v", choice, err, v)
		}
	}
	v, err := h.since("since", "2030-01-01")
	if err != nil || len(v.Warnings) == 0 || !strings.Contains(v.Warnings[0], "yet to come") {
		t.Errorf("a day to come: %v, %v", err, v.Warnings)
	}
	v, err = hold(t).since("since", "2025-06-03")
	if err != nil || !strings.Contains(v.Lead, "No figures are held of Middlesbrough") || len(v.Panels) != 0 {
		t.Errorf("nothing held: %v, %+v", err, v)
	}
	var choice *dashboard.ChoiceError
	if _, err := h.since("neighbours", "nobody"); !errors.As(err, &choice) || choice.Field != "neighbours" {
		t.Errorf("a group there is none of: %v", err)
	}
}

// The earlier figure is told as it stands now, with what it was at first, and
// a definition that changed on the way is named.
func TestSinceNotes(t *testing.T) {
	h := hold(t).met("2024-06-03").dfe("cin", "Middlesbrough", "2024", 2100, 600.0).dfe("cin", "Middlesbrough", "2025", 2100, 590.0)
	first, now := figure(620.5, &stat.Origin{Publisher: stat.DfE, Released: "2024-05"}), h.obs[0].Value
	h.said.Restated = []stat.Restatement{{Key: h.obs[0].Key, Publisher: stat.DfE, Part: stat.PartValue, First: first, Now: now}}
	measures := slices.Clone(h.cat.Measures())
	for i := range measures {
		if measures[i].Code == "cin" {
			measures[i].Changed = []stat.DefinitionChange{{From: "2024-12-04", What: "They leave out something."}}
		}
	}
	var err error
	if h.cat, err = stat.NewCatalogue(measures, h.cat.Areas()); err != nil {
		t.Fatal(err)
	}
	v, err := h.since()
	if err != nil {
		t.Fatal(err)
	}
	_, moves := moved(v)
	want := []string{
		"The figures from 4 December 2024 are not made as those before: They leave out something.",
		"The earlier figure was first published as 620.5 per 10,000 and has been restated as 600 per 10,000.",
	}
	if diff := cmp.Diff(want, moves["cin"].Notes); diff != "" {
		t.Error(diff)
	}
	if table := v.Panels[0].Table; len(table.Rows) != 1 || len(table.Rows[0]) != len(table.Columns) || table.Rows[0][0] != "Children in need" || len(table.Numbers[0]) != len(table.Columns) {
		t.Errorf("table %+v", table)
	}
}
