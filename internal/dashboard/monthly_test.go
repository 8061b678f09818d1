package dashboard_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// referred is referrals by month from April 2024: 100, 101, 102 and so on,
// what is said of a month otherwise.
func referred(t testing.TB, n int, otherwise map[int]any) *holding {
	h := hold(t).pop("Middlesbrough", 2024, 35000)
	for i := range n {
		month := fmt.Sprintf("%d-%02d", 2024+(i+3)/12, (i+3)%12+1)
		x, said := otherwise[i]
		if !said {
			x = 100 + i
		}
		if x != nil {
			h.add(stat.Council, "referrals", "Middlesbrough", month, x, nil)
		}
	}
	return h
}

// row is the row of a table by its heading, without the heading.
func row(p *dashboard.Panel, heading string) []string {
	for _, r := range p.Table.Rows {
		if r[0] == heading {
			return r[1:]
		}
	}
	return nil
}

// 27 months to June 2026: 100 in April 2024, 126 in June 2026.
func TestMonthlyFlow(t *testing.T) {
	p := panel(referred(t, 27, nil).view("referrals"), "referrals-monthly")
	if p == nil {
		t.Fatal("there is no monthly view")
	}
	if got := p.Table.Columns; len(got) != 14 || got[1] != "Jun 2025" || got[13] != "Jun 2026" {
		t.Errorf("%q", got)
	}
	// The sums by hand: April to June 2026 is 124 + 125 + 126 = 375, a year
	// before 112 + 113 + 114 = 339; twelve months to June 2026 is the mean of 115
	// and 126 twelve times, 1,446, and 1,446 x 10,000 / 35,000 is 413.1.
	for heading, want := range map[string][2]string{
		"Number": {"114", "126"}, "Same month a year before": {"102", "114"}, "Change on a year before": {"+12", "+12"},
		"Year to date, since April": {"339", "375"}, "Year to date, a year before": {"303", "339"},
		"Twelve months to the month's end": {"1,302", "1,446"}, "The same as a rate per 10,000": {"372.0", "413.1"},
	} {
		if r := row(p, heading); len(r) != 13 || r[0] != want[0] || r[12] != want[1] {
			t.Errorf("%s: %q, want %q", heading, r, want)
		}
	}
	want := "In June 2026 there were 126 referrals, 12 more (+10.5%) than in June 2025. Since April there have been 375, against 339 in the same months a year before. Over the twelve months to June 2026 there have been 1,446, a rate of 413.1 per 10,000."
	if p.Sentence != want {
		t.Errorf("%q", p.Sentence)
	}
	if l := p.Trend.Lines; len(l) != 2 || l[1].Role != dashboard.RoleBefore || l[1].Points[12].Period != "2026-06-30" || l[1].Points[12].Label != "June 2026" || *l[1].Points[12].Number != 114 {
		t.Errorf("%+v", l)
	}
	if !slices.Contains(p.Warnings, "The rate of the twelve months uses the population estimate for mid-2024, the latest held.") {
		t.Errorf("%q", p.Warnings)
	}
	checkNumbers(t, p.ID, p.Table)
}

// A month that is missing or withheld breaks every sum that needs it; it is
// never averaged over.
func TestMonthlyGaps(t *testing.T) {
	p := panel(referred(t, 27, map[int]any{24: nil, 20: stat.Confidential}).view("referrals"), "referrals-monthly")
	want := map[string][]string{
		"Number":                           {"114", "115", "116", "117", "118", "119", "c", "121", "122", "123", "", "125", "126"},
		"Change on a year before":          {"+12", "+12", "+12", "+12", "+12", "+12", "", "+12", "+12", "+12", "", "+12", "+12"},
		"Year to date, since April":        {"339", "454", "570", "687", "805", "924", "", "", "", "", "", "", ""},
		"Twelve months to the month's end": {"1,302", "1,314", "1,326", "1,338", "1,350", "1,362", "", "", "", "", "", "", ""},
	}
	for heading, cells := range want {
		got := row(p, heading)
		if heading == "Twelve months to the month's end" {
			got, cells = got[6:], cells[6:]
		}
		if diff := cmp.Diff(cells, got); diff != "" {
			t.Errorf("%s: %s", heading, diff)
		}
	}
	if p.Sentence != "In June 2026 there were 126 referrals, 12 more (+10.5%) than in June 2025." {
		t.Errorf("%q", p.Sentence)
	}
	if p.Warnings[0] != "No number for December 2025, April 2026: the line breaks there, and no sum that needs it is given." {
		t.Errorf("%q", p.Warnings)
	}
	if l := p.Trend.Lines[0].Points; l[10].Number != nil || l[6].Number != nil || l[6].Mark != "c" {
		t.Errorf("%+v", l)
	}
}

// A number on a day is not summed; its rate stands below it.
func TestMonthlySnapshot(t *testing.T) {
	h := hold(t).pop("Middlesbrough", 2024, 35000)
	for i, n := range []int{480, 482, 481, 479} {
		h.add(stat.Council, "cla", "Middlesbrough", fmt.Sprintf("2025-%02d-%02d", 6+i, []int{30, 31, 31, 30}[i]), n, nil)
	}
	h.add(stat.Council, "cla", "Middlesbrough", "2025-09-15", 999, nil) // no end of a month
	p := panel(h.view("cla"), "cla-monthly")
	if p == nil || len(p.Table.Rows) != 2 || p.Table.Rows[1][0] != "Rate per 10,000" || p.Table.Rows[1][4] != "137" {
		t.Fatalf("%+v", p)
	}
	if p.Sentence != "On 30 September 2025 there were 479 children looked after." {
		t.Errorf("%q", p.Sentence)
	}
	if strings.Contains(fmt.Sprint(p.Table.Rows), "999") {
		t.Error("a day within a month stands for the month")
	}
}

// Months' percentages are not added up, unless numerators and denominators are
// all held.
func TestMonthlyPercentages(t *testing.T) {
	h := hold(t)
	for i, n := range []int{60, 90, 30} {
		h.add(stat.Council, "rereferrals", "Middlesbrough", fmt.Sprintf("2025-%02d", 4+i), n, float64(n)/3)
	}
	p := panel(h.view("rereferrals"), "rereferrals-monthly")
	if row(p, "Year to date, since April") != nil || !strings.Contains(strings.Join(p.Warnings, " "), "months' percentages are not averaged") {
		t.Errorf("%q %q", p.Table.Rows, p.Warnings)
	}
	for i := range h.obs {
		h.obs[i].Denominator = figure([]int{180, 270, 60}[i], h.obs[i].Count.Origin)
	}
	p = panel(h.view("rereferrals"), "rereferrals-monthly")
	if got := row(p, "Year to date, since April"); !slices.Equal(got, []string{"33.3", "33.3", "35.3"}) {
		t.Errorf("%q", got)
	}
}

// Years and quarters alone are no months.
func TestNoMonthlyView(t *testing.T) {
	h := hold(t)
	for _, day := range []string{"2024-03-31", "2025-03-31", "2025-06-30", "2025-09-30"} {
		h.add(stat.Council, "cla", "Middlesbrough", day, 480, nil)
	}
	if panel(h.view("cla"), "cla-monthly") != nil {
		t.Error("there is a monthly view of quarters")
	}
}
