package dashboard_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// yearly is children looked after on 31 March of ten years, and the rate of
// each: 120, 122 and so on.
func yearly(t testing.TB) *holding {
	h := hold(t)
	for i := range 10 {
		h.dfe("cla", "Middlesbrough", fmt.Sprint(2016+i), 420+7*i, 120+2*i)
	}
	return h
}

func TestProjection(t *testing.T) {
	h := yearly(t)
	p := panel(h.view("cla"), "cla-projection")
	if p == nil {
		t.Fatal("there is no projection")
	}
	a := p.Ahead
	if len(a.Past.Points) != 10 || len(a.Ahead) != 3 || a.Ahead[2].Period != "2028-03-31" || a.Method == "" {
		t.Fatalf("%+v", a)
	}
	for i, y := range a.Ahead {
		if *y.Lower >= *y.Number || *y.Upper <= *y.Number || *y.Number < 138 || y.Actual != nil || y.Made != "from figures to 31 March 2025" {
			t.Errorf("year %d: %+v", i, y)
		}
	}
	if len(a.Before) != 3 || a.Before[0].Period != "2023-03-31" || *a.Before[2].Actual != 138 || a.Before[2].Outcome != "138, inside the range" || a.Before[2].Made != "worked out now from figures to 31 March 2022" {
		t.Errorf("%+v", a.Before)
	}
	if !strings.Contains(p.Sentence, "This is a projection") || !strings.HasSuffix(p.Sentence, "the ranges for 3 of the latest 3 years held what happened.") {
		t.Errorf("sentence %q", p.Sentence)
	}
	if len(strings.Fields(p.Title)) > 10 || !strings.Contains(p.Title, "2028") || len(p.Table.Rows) != 16 || p.Source == "" {
		t.Errorf("title %q, %d rows, source %q", p.Title, len(p.Table.Rows), p.Source)
	}
	if p := panel(h.view("cla", "project", "2030"), "cla-projection"); len(p.Ahead.Ahead) != 5 || len(p.Warnings) != 0 {
		t.Errorf("%d years to 2030", len(p.Ahead.Ahead))
	}
	if p := panel(h.view("cla", "project", "2040"), "cla-projection"); len(p.Ahead.Ahead) != 3 || !strings.Contains(p.Warnings[0], "choose a year from 2026 to 2030") {
		t.Errorf("to 2040: %q", p.Warnings)
	}
}

// A figure of the council's own of a projected year is no future: it stands
// beside the projection.
func TestProjectionOfWhatIsKnown(t *testing.T) {
	h := yearly(t).add(stat.Council, "cla", "Middlesbrough", "2026-03-31", 478, 136).add(stat.Council, "cla", "Middlesbrough", "2026-09-30", 480, 135)
	p := panel(h.view("cla"), "cla-projection")
	first, next := p.Ahead.Ahead[0], p.Ahead.Ahead[1]
	if first.Actual == nil || *first.Actual != 136 || first.Outcome != "136 by the council's own figures, inside the range" || next.Actual != nil || next.Outcome != "" {
		t.Errorf("%+v\n%+v", first, next)
	}
	if want := " The council's own figures have come already: 136 per 10,000 on 31 March 2026, inside the range. The projection rests on published figures alone."; !strings.Contains(p.Sentence, want) {
		t.Error(p.Sentence)
	}
	if n := len(p.Table.Columns); p.Table.Rows[10][n-1] != first.Outcome || !strings.Contains(p.Source, "council's own") {
		t.Errorf("%q, source %q", p.Table.Rows[10], p.Source)
	}
}

// What somebody kept stands beside what happened, and what is not known yet.
func TestKeptProjections(t *testing.T) {
	h := yearly(t)
	kept := func(last, of int, value float64) stat.Projection {
		return stat.Projection{Measure: "cla", Area: home, Last: stat.OnDay(day(t, fmt.Sprintf("%d-03-31", last))), For: stat.OnDay(day(t, fmt.Sprintf("%d-03-31", of))),
			Value: value, Lower: value - 5, Upper: value + 5, By: "Ada", At: time.Date(2023, 1, 9, 0, 0, 0, 0, time.UTC), Note: "Before the new homes"}
	}
	h.said.Projections = []stat.Projection{kept(2022, 2025, 160), kept(2025, 2027, 140), {Measure: "cla", Area: h.code("Hartlepool"), For: stat.OnDay(day(t, "2025-03-31"))}}
	var got []string
	for _, b := range panel(h.view("cla"), "cla-projection").Ahead.Before {
		if b.Kept {
			got = append(got, b.Period+": "+b.Text+", "+b.Made+"; "+b.Outcome+"; "+b.Note)
		}
	}
	want := []string{
		"2025-03-31: 160, kept by Ada on 9 January 2023, from figures to 31 March 2022; 138, below the range; Before the new homes",
		"2027-03-31: 140, kept by Ada on 9 January 2023, from figures to 31 March 2025; ; Before the new homes",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q", got)
	}
}

func TestProject(t *testing.T) {
	h := yearly(t)
	b := boards(t, h.cat)
	p, err := b.Project(t.Context(), h, "cla", "", 2027)
	if err != nil {
		t.Fatal(err)
	}
	if p.Measure != "cla" || p.Area != home || p.Last.String() != "2025-03-31" || p.For.String() != "2027-03-31" || p.Lower >= p.Value || p.Value >= p.Upper || p.Method == "" || p.By != "" {
		t.Errorf("%+v", p)
	}
	if p, err := b.Project(t.Context(), h, "cla", "806", 0); err != nil || p.For.String() != "2028-03-31" {
		t.Errorf("the usual year: %+v, %v", p, err)
	}
	c, err := b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Project: 2027})
	if err != nil || !strings.Contains(c.Sentences[len(c.Sentences)-1], "on 31 March 2027") {
		t.Errorf("%v, %v", c, err)
	}
	for name, tc := range map[string]struct {
		measure, area string
		year          int
		want          error
	}{
		"too far":         {"cla", "806", 2031, benchmark.ErrTooFar},
		"the past":        {"cla", "806", 2025, benchmark.ErrTooFar},
		"no figures":      {"cla", "Hartlepool", 2027, dashboard.ErrNoFigures},
		"unknown measure": {"clown", "806", 2027, stat.ErrUnknown},
		"unknown area":    {"cla", "Atlantis", 2027, stat.ErrUnknown},
	} {
		if _, err := b.Project(t.Context(), h, tc.measure, tc.area, tc.year); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	gone := hold(t)
	for y := 2013; y < 2024; y++ {
		gone.dfe("cla", "Cumbria", fmt.Sprint(y), 600+y%5, 60+y%5)
	}
	if _, err := boards(t, gone.cat).Project(t.Context(), gone, "cla", "Cumbria", 2027); !errors.Is(err, dashboard.ErrEnded) || !strings.Contains(err.Error(), "1 April 2023") {
		t.Errorf("an authority that is no more: %v", err)
	}
	if panel(gone.view("cla", "area", "Cumbria"), "cla-projection") != nil {
		t.Error("an authority that is no more has a projection")
	}
	months := monthly(t, 200, 210, 190)
	if _, err := boards(t, months.cat).Project(t.Context(), months, "referrals", "", 2027); !errors.Is(err, benchmark.ErrNotYearly) || errors.Is(err, dashboard.ErrNoFigures) {
		t.Errorf("months alone: %v", err)
	}
	short := hold(t).dfe("cla", "Middlesbrough", "2024", 513, 146).dfe("cla", "Middlesbrough", "2025", 493, 138)
	if _, err := b.Project(t.Context(), short, "cla", "806", 2027); !errors.Is(err, benchmark.ErrFewYears) {
		t.Errorf("two years: %v", err)
	}
	if panel(short.view("cla"), "cla-projection") != nil {
		t.Error("two years have a projection")
	}
}
