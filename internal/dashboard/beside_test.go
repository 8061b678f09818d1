package dashboard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// tees holds two years of four areas, one of them the region, with counts and
// populations for intervals.
func tees(t testing.TB) *holding {
	h := hold(t).near("2025", "Middlesbrough", "Hartlepool", "Redcar and Cleveland", "Stockton-on-Tees", "Leeds")
	for _, f := range []struct {
		area         string
		was, is      int
		before, rate float64
	}{
		{"Middlesbrough", 400, 493, 118, 138}, {"Hartlepool", 200, 332, 104, 157},
		{"Redcar and Cleveland", 300, 320, 110, 117}, {"North East", 5000, 5600, 100, 111},
	} {
		h.dfe("cla", f.area, "2024", f.was, f.before).dfe("cla", f.area, "2025", f.is, f.rate)
		h.pop(f.area, 2023, int(float64(f.was)/f.before*10000)).pop(f.area, 2024, int(float64(f.is)/f.rate*10000))
	}
	return h
}

func (h *holding) beside(areas, measures []string, choices ...string) *dashboard.View {
	h.t.Helper()
	b := boards(h.t, h.cat)
	b.Now = func() time.Time { return time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC) }
	sel, err := b.Select(chosen(choices...))
	if err != nil {
		h.t.Fatal(err)
	}
	v, err := b.Areas(h.t.Context(), h, sel, areas, measures)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func areaNames(v *dashboard.View) []string {
	var out []string
	for _, a := range v.Beside.Areas {
		out = append(out, a.Name)
	}
	return out
}

func TestAreasSideBySide(t *testing.T) {
	h := tees(t)
	v := h.beside([]string{"806,Hartlepool", "", "E12000001"}, []string{"cla"})
	if diff := cmp.Diff([]string{"Middlesbrough", "Hartlepool", "North East"}, areaNames(v)); diff != "" {
		t.Error(diff)
	}
	if h.reads != 1 || v.Path != "/compare" || v.Area.Code != "" || len(v.Beside.Problems) != 0 {
		t.Errorf("%d reads, path %s, area %v, problems %v", h.reads, v.Path, v.Area, v.Beside.Problems)
	}
	p := panel(v, "cla-areas")
	if p == nil {
		t.Fatal("no chart")
	}
	for role, want := range map[string][]string{
		dashboard.RoleArea:   {"2024-03-31 118", "2025-03-31 138"},
		dashboard.RoleSecond: {"2024-03-31 104", "2025-03-31 157"},
		dashboard.RoleThird:  {"2024-03-31 100", "2025-03-31 111"},
	} {
		if diff := cmp.Diff(want, line(p, role)); diff != "" {
			t.Errorf("%s: %s", role, diff)
		}
	}
	if p.Title != "Children looked after: highest in Hartlepool, lowest in North East" {
		t.Error(p.Title)
	}
	want := "On 31 March 2025, highest first: Hartlepool 157 per 10,000, Middlesbrough 138 and North East 111." +
		" The highest and the lowest differ by more than chance would explain." +
		" Since 31 March 2024 it rose in Middlesbrough (from 118), Hartlepool (from 104) and North East (from 100)."
	if p.Sentence != want {
		t.Error(p.Sentence)
	}
	if len(p.Table.Rows) != 2 || len(p.Table.Columns) != 4 {
		t.Errorf("table %v", p.Table)
	}
	side := panel(v, "side-by-side")
	var rows []string
	for _, r := range side.Table.Rows {
		rows = append(rows, strings.Join(r, " | "))
	}
	if diff := cmp.Diff([]string{
		"Children looked after: rate per 10,000, 31 March 2025 | 138 | 157 | 111",
		"Children looked after: number | 493 | 332 | 5,600",
		"Children looked after: 95% interval | 126.1 to 150.7 | 140.6 to 174.8 | 108.1 to 113.9",
		"Children looked after: change on a year before | +20 | +53 | +11",
		"Children looked after: rank of authorities, 1 the highest | 2nd of 3 | 1st of 3 | ",
	}, rows); diff != "" {
		t.Error(diff)
	}
	if n := side.Table.Numbers[0][1]; n == nil || *n != 138 {
		t.Error("the table's numbers are not numbers")
	}
}

// Two areas whose intervals are wide cannot be told apart.
func TestAreasWithinChance(t *testing.T) {
	h := hold(t).dfe("cla", "806", "2025", 12, 100).dfe("cla", "805", "2025", 14, 110).pop("806", 2024, 1200).pop("805", 2024, 1270)
	p := panel(h.beside([]string{"806", "805"}, []string{"cla"}), "cla-areas")
	if want := "On 31 March 2025, highest first: Hartlepool 110 per 10,000 and Middlesbrough 100. The two differ by no more than chance may explain."; p.Sentence != want || p.Title != "Children looked after: differences may be chance" {
		t.Errorf("%q, %q", p.Title, p.Sentence)
	}
}

func TestAreasUsual(t *testing.T) {
	v := tees(t).beside(nil, nil)
	if diff := cmp.Diff([]string{"Middlesbrough", "Hartlepool", "Redcar and Cleveland", "Stockton-on-Tees"}, areaNames(v)); diff != "" {
		t.Error(diff)
	}
	if len(v.Beside.Measures) != dashboard.MostMeasures || v.Beside.Measures[0].Value != "cla" {
		t.Errorf("measures %v", v.Beside.Measures)
	}
	p := panel(v, "cla-areas")
	if !strings.Contains(strings.Join(p.Warnings, " "), "Stockton-on-Tees has no figure") || len(p.Trend.Lines) != 3 {
		t.Errorf("%d lines, warnings %v", len(p.Trend.Lines), p.Warnings)
	}
	if !strings.Contains(strings.Join(v.Warnings, " "), "No figures are held of child protection plans") {
		t.Errorf("warnings %v", v.Warnings)
	}
}

// What cannot be followed is said, and the rest is shown.
func TestAreasProblems(t *testing.T) {
	for name, tc := range map[string]struct {
		areas, measures []string
		want            []string // names of the areas
		field, says     string
	}{
		"five areas":     {[]string{"806,805,807,808,383"}, []string{"cla"}, []string{"Middlesbrough", "Hartlepool", "Redcar and Cleveland", "Stockton-on-Tees"}, "areas", "Up to 4 areas can be shown: Leeds was left out."},
		"unknown area":   {[]string{"Atlantis", "806"}, []string{"cla"}, []string{"Middlesbrough"}, "areas", `There is no area "Atlantis"`},
		"two Dorsets":    {[]string{"806", "Dorset"}, []string{"cla"}, []string{"Middlesbrough"}, "areas", "838"},
		"four measures":  {[]string{"806"}, []string{"cla", "cpp,cin,referrals"}, []string{"Middlesbrough"}, "measures", "Up to 3 measures can be shown: "},
		"no measure":     {[]string{"806"}, []string{"nonsense", "cla"}, []string{"Middlesbrough"}, "measures", `There is no measure "nonsense"`},
		"the same twice": {[]string{"806", "Middlesbrough"}, []string{"cla"}, []string{"Middlesbrough"}, "", ""},
		"a comma in it":  {[]string{"Bristol, City of"}, []string{"cla"}, []string{"Bristol, City of"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := tees(t).beside(tc.areas, tc.measures)
			if diff := cmp.Diff(tc.want, areaNames(v)); diff != "" {
				t.Error(diff)
			}
			if tc.field == "" {
				if len(v.Beside.Problems) > 0 {
					t.Errorf("problems %v", v.Beside.Problems)
				}
				return
			}
			if len(v.Beside.Problems) != 1 || v.Beside.Problems[0].Field != tc.field || !strings.Contains(v.Beside.Problems[0].Message, tc.says) {
				t.Errorf("problems %v", v.Beside.Problems)
			}
		})
	}
}

// A measure that nobody but the council has is drawn of the council alone, and
// numbers come with a warning.
func TestAreasOwnAndNumbers(t *testing.T) {
	h := hold(t).add(stat.Council, "cin_local", "806", "2025-03-31", 700, nil).add(stat.Council, "cin_local", "806", "2025-05-31", 720, nil)
	v := h.beside([]string{"806", "805"}, []string{"cin_local"}, "show", "count")
	p := panel(v, "cin_local-areas")
	if p == nil {
		t.Fatalf("no chart: %v", v.Warnings)
	}
	if len(p.Trend.Lines) != 1 || !strings.Contains(strings.Join(p.Warnings, " "), "Only the council") || !strings.Contains(strings.Join(p.Warnings, " "), "size of an area") {
		t.Errorf("%d lines, %v", len(p.Trend.Lines), p.Warnings)
	}
}

func TestBuild(t *testing.T) {
	h := tees(t)
	b := boards(t, h.cat)
	sel, _ := b.Select(chosen())
	build := func(ids ...string) *dashboard.View {
		v, err := b.Build(t.Context(), h, sel, "Scrutiny", ids)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := build("cla-neighbours", "cla-trend", "cla-neighbour-trends", "cla-neighbours", "nothing-trend", "cla-pie", "cla-control")
	var ids, problems []string
	for _, p := range v.Panels {
		ids = append(ids, p.ID)
	}
	for _, p := range v.Built.Problems {
		problems = append(problems, p.Value)
	}
	if diff := cmp.Diff([]string{"cla-neighbours", "cla-trend", "cla-neighbour-trends"}, ids); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"nothing-trend", "cla-pie", "cla-control"}, problems); diff != "" {
		t.Error(diff)
	}
	if h.reads != 1 || v.Title != "Scrutiny" || v.Path != "/build" || len(v.Built.Panels) != 4 {
		t.Errorf("%d reads, %s, %s, %v", h.reads, v.Title, v.Path, v.Built.Panels)
	}
	if empty := build(); len(empty.Panels) != 0 || len(empty.Built.Problems) != 0 {
		t.Errorf("an empty page has %v", empty.Panels)
	}
	var many []string
	for _, m := range h.cat.Measures()[:dashboard.MostPanels+1] {
		many = append(many, m.Code+"-about")
	}
	if over := build(many...); len(over.Panels) != dashboard.MostPanels || !strings.Contains(over.Built.Problems[0].Message, "Up to 12 panels") {
		t.Errorf("%d panels, %v", len(over.Panels), over.Built.Problems)
	}
}

// Every panel of a measure's pages says whether it can be gathered, and what
// can be is the same panel again.
func TestGathers(t *testing.T) {
	h := tees(t)
	b := boards(t, h.cat)
	sel, _ := b.Select(chosen())
	near, err := b.Neighbours(t.Context(), h, "cla", sel)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(h.view("cla").Panels, near.Panels...) {
		if !dashboard.Gathers(p) {
			t.Errorf("%s cannot be gathered", p.ID)
			continue
		}
		v, err := b.Build(t.Context(), h, sel, "", []string{p.ID})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Panels) != 1 || v.Panels[0].ID != p.ID || v.Panels[0].Sentence != p.Sentence {
			t.Errorf("%s gathered is %v", p.ID, v.Built)
		}
	}
	if dashboard.Gathers(*panel(h.beside([]string{"806"}, []string{"cla"}), "cla-areas")) {
		t.Error("areas side by side cannot be made from an ID")
	}
}

// How charts are drawn, and a neighbour that is brought out.
func TestLook(t *testing.T) {
	h := tees(t)
	b := boards(t, h.cat)
	for _, c := range []struct{ name, value, says string }{{"axis", "middle", "zero or data"}, {"highlight", "Atlantis", "Atlantis"}, {"highlight", "North East", "not a local authority"}, {"mine", strings.Repeat("x", 2000), "longer than"}} {
		if _, err := b.Select(chosen(c.name, c.value)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	sel, err := b.Select(chosen("axis", "zero", "highlight", "805"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := b.Neighbours(t.Context(), h, "cla", sel)
	if err != nil {
		t.Fatal(err)
	}
	marked := 0
	for _, bar := range panel(v, "cla-neighbours").Bars.Bars {
		if bar.Marked {
			marked++
			if bar.Name != "Hartlepool" {
				t.Errorf("%s is brought out", bar.Name)
			}
		}
	}
	trends := panel(v, "cla-neighbour-trends")
	for _, l := range trends.Trend.Lines {
		if l.Marked != (l.Name == "Hartlepool") {
			t.Errorf("%s: %v", l.Name, l.Marked)
		}
	}
	if marked != 1 || trends.Axis != dashboard.AxisZero || len(v.Highlights) != 4 {
		t.Errorf("%d bars are brought out, axis %q, choices %v", marked, trends.Axis, v.Highlights)
	}
}
