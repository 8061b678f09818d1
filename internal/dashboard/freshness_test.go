package dashboard_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// card is the headline of a dashboard's only panel, on a day.
func (h *holding) card(toml, area string, today stat.Date) *dashboard.HeadlinePanel {
	h.t.Helper()
	home, err := h.cat.Area("806")
	if err != nil {
		h.t.Fatal(err)
	}
	b, err := dashboard.New(fstest.MapFS{"x.toml": {Data: []byte("title = \"T\"\n[[panel]]\nkind = \"headline\"\n" + toml)}}, h.cat, home)
	if err != nil {
		h.t.Fatal(err)
	}
	b.Now = func() time.Time { return today.Time().Add(12 * time.Hour) }
	v, err := b.Dashboard(context.Background(), h, "x", dashboard.Selection{Area: area})
	if err != nil {
		h.t.Fatal(err)
	}
	if len(v.Panels) != 1 {
		h.t.Fatalf("%d panels", len(v.Panels))
	}
	return v.Panels[0].Headline
}

func TestFreshness(t *testing.T) {
	november := stat.Date{Year: 2026, Month: time.November, Day: 5}
	const published = "Published figures to 31 March 2025, 19 months ago; the next are of 31 March 2026"
	for name, tc := range map[string]struct {
		toml  string
		own   []string // periods
		today stat.Date
		want  *dashboard.Freshness
	}{
		"nothing said of when": {"measure = \"cla\"", []string{"2026-08-31", "2026-09-30"}, november,
			&dashboard.Freshness{Own: "Own figures to 30 September 2026", Published: published}},
		"due": {"measure = \"cla\"\ndue_days = 7", []string{"2026-08-31", "2026-09-30"}, november,
			&dashboard.Freshness{Own: "Own figures to 30 September 2026; next due 7 November", Published: published, Due: "2026-11-07"}},
		"due today": {"measure = \"cla\"\ndue_days = 5", []string{"2026-09-30"}, november,
			&dashboard.Freshness{Own: "Own figures to 30 September 2026; next due 5 November", Published: published, Due: "2026-11-05"}},
		"overdue": {"measure = \"cla\"\ndue_days = 4", []string{"2026-09-30"}, november,
			&dashboard.Freshness{Own: "Own figures to 30 September 2026; those to 31 October 2026 were due on 4 November", Published: published, Due: "2026-11-04", Overdue: true}},
		"due next year, by the quarter": {"measure = \"cla\"\ndue_days = 14\ndue_every = \"quarter\"", []string{"2026-06-30", "2026-09-30"}, november,
			&dashboard.Freshness{Own: "Own figures to 30 September 2026; next due 14 January 2027", Published: published, Due: "2027-01-14"}},
		"a day within a month": {"measure = \"cla\"\ndue_days = 7", []string{"2026-09-26"}, november,
			&dashboard.Freshness{Own: "Own figures to 26 September 2026", Published: published}},
		"none of its own": {"measure = \"cla\"\ndue_days = 7", nil, november,
			&dashboard.Freshness{Published: published}},
		"its next day to come": {"measure = \"cla\"", nil, stat.Date{Year: 2026, Month: time.March, Day: 31},
			&dashboard.Freshness{Published: "Published figures to 31 March 2025; the next are of 31 March 2026"}},
		"on the day of twenty months": {"measure = \"cla\"", nil, stat.Date{Year: 2026, Month: time.November, Day: 30},
			&dashboard.Freshness{Published: "Published figures to 31 March 2025, 20 months ago; the next are of 31 March 2026"}},
		"old": {"measure = \"cla\"", nil, stat.Date{Year: 2027, Month: time.April, Day: 1},
			&dashboard.Freshness{Published: "Published figures to 31 March 2025, more than two years ago", Old: true}},
	} {
		t.Run(name, func(t *testing.T) {
			h := small(t)
			for _, p := range tc.own {
				h.add(stat.Council, "cla", "Middlesbrough", p, 480, nil)
			}
			got := h.card(tc.toml, "E06000002", tc.today)
			if diff := cmp.Diff(tc.want, got.Freshness); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A flow's next published figure is of a year, and a measure of the council's
// own has no other.
func TestFreshnessOfOtherKinds(t *testing.T) {
	today := stat.Date{Year: 2026, Month: time.November, Day: 5}
	h := hold(t).dfe("referrals", "Middlesbrough", "2024-25", 3636, 1020.9).add(stat.Council, "cin_local", "Middlesbrough", "2026-09-30", 1200, nil)
	if got := h.card(`measure = "referrals"`, "E06000002", today).Freshness; got == nil || got.Published != "Published figures to 31 March 2025, 19 months ago; the next are of the year ending 31 March 2026" {
		t.Errorf("referrals: %+v", got)
	}
	if diff := cmp.Diff(&dashboard.Freshness{Own: "Own figures to 30 September 2026"}, h.card(`measure = "cin_local"`, "E06000002", today).Freshness); diff != "" {
		t.Errorf("cin_local: %s", diff)
	}
	gone := hold(t).dfe("cla", "Bournemouth", "2018", 300, 80)
	if got := gone.card(`measure = "cla"`, gone.code("Bournemouth"), today).Freshness; got != nil {
		t.Errorf("an authority that is no more waits for figures: %+v", got)
	}
}

// A newer figure that is withheld has come out: the series is not old.
func TestFreshnessOfAFigureWithheld(t *testing.T) {
	today := stat.Date{Year: 2026, Month: time.November, Day: 22}
	h := hold(t).dfe("cla", "City of London", "2024", 10, 60).dfe("cla", "City of London", "2025", stat.Confidential, stat.Confidential)
	want := &dashboard.Freshness{Published: "Published figures to 31 March 2024, more than two years ago; that on 31 March 2025 is withheld to protect children's identities (c); the next are of 31 March 2026"}
	if diff := cmp.Diff(want, h.card(`measure = "cla"`, h.code("City of London"), today).Freshness); diff != "" {
		t.Error(diff)
	}
}

func TestSparkOfACard(t *testing.T) {
	today := stat.Date{Year: 2026, Month: time.November, Day: 5}
	h := small(t).add(stat.Council, "cla", "Middlesbrough", "2026-09-30", 478, nil)
	got := h.card(`measure = "cla"`, "E06000002", today)
	var points []string
	for _, p := range got.Spark {
		points = append(points, p.Period+" "+p.Text)
	}
	if diff := cmp.Diff([]string{"2023-03-31 148", "2024-03-31 ", "2025-03-31 138", "2026-09-30 134"}, points); diff != "" {
		t.Error(diff)
	}
	if got.SparkWords != "148 in Mar 2023, 134 in Sep 2026" {
		t.Errorf("in words %q", got.SparkWords)
	}
	one := hold(t).dfe("cla", "Middlesbrough", "2025", 493, 138).card(`measure = "cla"`, "E06000002", today)
	if one.Spark != nil || one.SparkWords != "" {
		t.Errorf("one figure is a trend: %+v, %q", one.Spark, one.SparkWords)
	}
}

func TestDueFaults(t *testing.T) {
	cat := catalogue(t)
	for name, tc := range map[string]struct{ panel, want string }{
		"of a trend":   {"kind = \"trend\"\nmeasure = \"cla\"\ndue_days = 7", `x.toml:5: only a panel of kind "headline" says when figures are due`},
		"before":       {"kind = \"headline\"\nmeasure = \"cla\"\ndue_days = -1", "x.toml:5: due_days is -1"},
		"no days":      {"kind = \"headline\"\nmeasure = \"cla\"\ndue_every = \"month\"", "due_days is 0"},
		"another span": {"kind = \"headline\"\nmeasure = \"cla\"\ndue_days = 7\ndue_every = \"fortnight\"", `x.toml:6: due_every "fortnight" is none of month, quarter, half, year`},
		"card twice":   {"kind = \"headline\"\nmeasure = \"cla\"\n[[panel]]\nkind = \"headline\"\nmeasure = \"cla\"\ndue_days = 7", "there is already a headline panel of cla"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dashboard.Load(fstest.MapFS{"x.toml": {Data: []byte("title = \"T\"\n[[panel]]\n" + tc.panel + "\n")}}, cat)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}
