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

// monthly is the council's referrals by month from April 2023, some missing.
func monthly(t testing.TB, counts ...int) *holding {
	h := hold(t).charted("referrals")
	for i, n := range counts {
		if n > 0 {
			h.add(stat.Council, "referrals", "Middlesbrough", fmt.Sprintf("%d-%02d", 2023+(i+3)/12, (i+3)%12+1), n, nil)
		}
	}
	return h
}

func TestControlChart(t *testing.T) {
	counts := []int{200, 210, 190, 205, 195, 200, 208, 192, 203, 197, 201, 199, 300}
	v := monthly(t, counts...).view("referrals")
	p := panel(v, "referrals-control")
	if p == nil {
		t.Fatal("there is no control chart")
	}
	c := p.Control
	last := c.Points[len(c.Points)-1]
	if len(c.Points) != 13 || len(c.Segments) != 1 || c.Variation != dashboard.SpecialHigh || last.Variation != dashboard.SpecialHigh || last.Cause != "outside the limits" || c.Decimals != 0 {
		t.Errorf("%+v", c)
	}
	if s := c.Segments[0]; stat.RoundHalfUp(s.Mean, 1) != 207.7 || s.From != "2023-04-30" || s.To != "2024-04-30" || *s.Upper >= 300 || *s.Lower <= 0 {
		t.Errorf("%+v", s)
	}
	if p.Title != "Referrals to children's social care by month: unusually high" || p.Unit != "number" {
		t.Errorf("title %q, unit %q", p.Title, p.Unit)
	}
	if !strings.HasPrefix(p.Sentence, "In April 2024 the council's own figure was 300, against a mean of 207.7 and limits of ") || !strings.HasSuffix(p.Sentence, "More than chance would explain: 1 of the 13 points.") {
		t.Errorf("sentence %q", p.Sentence)
	}
	if len(p.Table.Rows) != 13 || *p.Table.Numbers[12][1] != 300 || *p.Table.Numbers[0][2] != c.Segments[0].Mean || p.Source == "" {
		t.Errorf("table %+v, source %q", p.Table, p.Source)
	}
}

func TestControlChartNeedsTwelveInARow(t *testing.T) {
	full := []int{200, 210, 190, 205, 195, 200, 208, 192, 203, 197, 201, 199}
	for name, tc := range map[string]struct {
		counts []int
		points int
		warns  string
	}{
		"eleven":          {full[:11], 0, ""},
		"a gap within":    {append(slices.Clone(full[:6]), append([]int{0}, full[6:]...)...), 0, ""},
		"a gap long past": {append([]int{200, 0}, full...), 12, "A figure is missing after April 2023"},
	} {
		p := panel(monthly(t, tc.counts...).view("referrals"), "referrals-control")
		if p == nil {
			if tc.points > 0 {
				t.Errorf("%s: no chart", name)
			}
			continue
		}
		if len(p.Control.Points) != tc.points || !strings.Contains(strings.Join(p.Warnings, " "), tc.warns) {
			t.Errorf("%s: %d points, %q", name, len(p.Control.Points), p.Warnings)
		}
	}
	h := hold(t).charted()
	for y := 2010; y < 2026; y++ {
		h.dfe("cla", "Middlesbrough", fmt.Sprint(y), 400+y%7, 130)
	}
	if panel(h.view("cla"), "cla-control") != nil {
		t.Error("a control chart of a measure that is not for one")
	}
}

// The council's own months come before published years, which serve where
// there are none.
func TestControlChartOfPublishedYears(t *testing.T) {
	h := hold(t).charted("referrals")
	for y := 2016; y < 2026; y++ {
		h.dfe("referrals", "Middlesbrough", fmt.Sprint(y), 2000+10*(y%3), 700+y%3)
	}
	p := panel(h.view("referrals"), "referrals-control")
	if p == nil || len(p.Control.Points) != 10 || p.Control.Decimals != 1 || *p.Control.Points[0].Number != 700 {
		t.Fatalf("%+v", p)
	}
	if !strings.Contains(strings.Join(p.Warnings, " "), "not to be relied on") || !strings.Contains(p.Subtitle, "years ending 31 March 2016 to 31 March 2025") {
		t.Errorf("%q, %q", p.Warnings, p.Subtitle)
	}
	if cut := panel(h.view("referrals", "from", "2020"), "referrals-control"); len(cut.Control.Points) != 6 || cut.Control.Segments[0].Mean != p.Control.Segments[0].Mean {
		t.Errorf("ten years, of which six are shown: %+v", cut.Control)
	}
	short := hold(t).charted("referrals")
	for y := 2018; y < 2026; y++ {
		short.dfe("referrals", "Middlesbrough", fmt.Sprint(y), 2000, 700)
	}
	if panel(short.view("referrals"), "referrals-control") != nil {
		t.Error("eight years make a control chart")
	}
}

// What is said of a point does not hang on the years shown, and limits that
// began anew before them stay.
func TestControlChartOfSomeYears(t *testing.T) {
	counts := append(slices.Repeat([]int{200, 210, 190, 205, 195, 200}, 4), slices.Repeat([]int{260, 270, 250, 265, 255, 260}, 4)...)
	h := monthly(t, counts...) // April 2023 to March 2027
	all := panel(h.view("referrals"), "referrals-control")
	cut := panel(h.view("referrals", "from", "2026"), "referrals-control")
	n := len(cut.Control.Points)
	if n != 24 || cut.Control.Variation != all.Control.Variation || cut.Control.Segments[0].Mean != all.Control.Segments[0].Mean || cut.Control.Segments[0].From != "2025-04-30" {
		t.Errorf("%d points, %+v", n, cut.Control)
	}
	for i, p := range cut.Control.Points {
		if was := all.Control.Points[len(counts)-n+i]; p.Variation != was.Variation || p.Cause != was.Cause || p.Period != was.Period {
			t.Errorf("%s: %s, %s with all years", p.Label, p.Variation, was.Variation)
		}
	}
	if len(cut.Table.Rows) != n || !slices.Contains(cut.Warnings, "Means, limits and causes are of all 48 points from April 2023 to March 2027, of which 24 are shown.") {
		t.Errorf("%d rows, %q", len(cut.Table.Rows), cut.Warnings)
	}
	if early := panel(h.view("referrals", "to", "2025"), "referrals-control"); len(early.Control.Points) != 24 || early.Control.Variation == dashboard.CommonCause || !strings.HasPrefix(early.Sentence, "In March 2025 ") {
		t.Errorf("to 2025: %s, %q", early.Control.Variation, early.Sentence)
	}
	if panel(h.view("referrals", "from", "2030"), "referrals-control") != nil {
		t.Error("a chart of years without figures")
	}

	h.said.Rebases = []stat.Rebase{{Measure: "referrals", Area: home, From: day(t, "2025-01-01"), Reason: "One hub", By: "Ada"}}
	c := panel(h.view("referrals", "from", "2026"), "referrals-control")
	if s := c.Control.Segments; len(s) != 1 || s[0].Reason != "One hub" || s[0].By != "Ada" || s[0].From != "2025-04-30" || s[0].To != "2027-03-31" {
		t.Errorf("%+v", s)
	}
	if slices.Contains(c.Table.Columns, "Limits begin anew") {
		t.Error("limits begin anew within the years shown")
	}
}

// The verdict is of the run that reaches into the years shown, not of a later one.
func TestControlChartBeforeAGap(t *testing.T) {
	full := []int{200, 210, 190, 205, 195, 200, 208, 192, 203, 197, 201, 199}
	h := monthly(t, append(append(slices.Clone(full), 0, 0), full...)...)
	if p := panel(h.view("referrals", "to", "2024"), "referrals-control"); p == nil || len(p.Control.Points) != 12 || p.Control.Points[11].Period != "2024-03-31" {
		t.Errorf("to the gap: %+v", p)
	}
	if p := panel(h.view("referrals"), "referrals-control"); p.Control.Points[0].Period != "2024-06-30" {
		t.Errorf("all years: from %s", p.Control.Points[0].Period)
	}
}

// With few points since limits began anew there are none, and no verdict.
func TestNewLimitsNeedPoints(t *testing.T) {
	for points, limits := range map[int]bool{1: false, 2: false, 5: false, 6: true} {
		h := monthly(t, append(slices.Repeat([]int{200, 210, 190, 205, 195, 200}, 2), []int{263, 301, 262, 264, 260, 263}[:points]...)...)
		h.said.Rebases = []stat.Rebase{{Measure: "referrals", Area: home, From: day(t, "2024-04-01"), Reason: "A new front door", By: "Ada"}}
		p := panel(h.view("referrals"), "referrals-control")
		c := p.Control
		s := c.Segments[1]
		if (s.Lower != nil) != limits || (s.Upper != nil) != limits || (c.Variation != dashboard.TooEarly) != limits {
			t.Errorf("%d points: %+v, %s", points, s, c.Variation)
		}
		if limits {
			continue
		}
		last := p.Table.Rows[len(p.Table.Rows)-1]
		if last[3] != "" || last[4] != "" || last[5] != "too early to say" || last[6] != "" || c.Words != "too early to say" {
			t.Errorf("%d points: %q, %q", points, last, c.Words)
		}
		if !strings.Contains(p.Sentence, "too early to say whether that is unusual") || strings.Contains(p.Sentence, "limits of") || !strings.HasSuffix(p.Title, "too early to say") {
			t.Errorf("%d points: %q, %q", points, p.Title, p.Sentence)
		}
		if !strings.Contains(strings.Join(p.Warnings, " "), "There are no limits from April 2024 yet: they need 6 points") {
			t.Errorf("%d points: %q", points, p.Warnings)
		}
	}
}

// Where most points are special causes, the chart asks for new limits.
func TestLimitsOutOfDate(t *testing.T) {
	var counts []int
	for i := range 36 {
		counts = append(counts, []int{200, 260, 230}[i/12]+[]int{0, 2, -2}[i%3])
	}
	p := panel(monthly(t, counts...).view("referrals"), "referrals-control")
	if p.Control.Variation != dashboard.CommonCause || p.Title != "Referrals to children's social care by month: consider new limits" || !strings.Contains(p.Sentence, "Consider new limits") {
		t.Errorf("%s, %q, %q", p.Control.Variation, p.Title, p.Sentence)
	}
	if p := panel(monthly(t, counts[:12]...).view("referrals"), "referrals-control"); strings.Contains(p.Sentence, "Consider") {
		t.Errorf("a steady year: %q", p.Sentence)
	}
}

func TestCheckRebase(t *testing.T) {
	h := hold(t).charted("referrals")
	b := clock(boards(t, h.cat), "2026-11-21")
	for name, tc := range map[string]struct {
		r    stat.Rebase
		want error
	}{
		"sound":           {stat.Rebase{Measure: "referrals", Area: home, From: day(t, "2026-11-21")}, nil},
		"to come":         {stat.Rebase{Measure: "referrals", Area: home, From: day(t, "2026-11-22")}, dashboard.ErrToCome},
		"no chart":        {stat.Rebase{Measure: "cla", Area: home, From: day(t, "2020-04-01")}, dashboard.ErrUncharted},
		"of a region":     {stat.Rebase{Measure: "referrals", Area: stat.England, From: day(t, "2020-04-01")}, dashboard.ErrUncharted},
		"unknown measure": {stat.Rebase{Measure: "clown", Area: home, From: day(t, "2020-04-01")}, stat.ErrUnknown},
		"unknown area":    {stat.Rebase{Measure: "referrals", Area: "Atlantis", From: day(t, "2020-04-01")}, stat.ErrUnknown},
	} {
		if err := b.CheckRebase(tc.r); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRebase(t *testing.T) {
	counts := slices.Repeat([]int{200, 210, 190, 205, 195, 200}, 2)
	counts = append(counts, slices.Repeat([]int{300, 310, 290, 305, 295, 300}, 2)...)
	h := monthly(t, counts...)
	h.said.Rebases = []stat.Rebase{
		{Measure: "referrals", Area: home, From: day(t, "2024-04-01"), Reason: "A new front door", By: "Ada"},
		{Measure: "referrals", Area: h.code("Hartlepool"), From: day(t, "2023-09-01"), Reason: "Not ours", By: "Bob"},
	}
	p := panel(h.view("referrals"), "referrals-control")
	if n := len(p.Control.Segments); n != 2 {
		t.Fatalf("%d segments", n)
	}
	if s := p.Control.Segments[1]; s.From != "2024-04-30" || s.Mean != 300 || s.Reason != "A new front door" || s.By != "Ada" {
		t.Errorf("%+v", s)
	}
	if s := p.Control.Segments[0]; s.Reason != "" || s.By != "" || s.Mean != 200 {
		t.Errorf("%+v", s)
	}
	if row := p.Table.Rows[12]; row[len(row)-1] != "A new front door" || p.Control.Variation != dashboard.CommonCause {
		t.Errorf("row %q, %s", row, p.Control.Variation)
	}
}
