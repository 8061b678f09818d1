package dashboard_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// placed is children looked after by placement type at three month ends, as the
// council has them; April misses 105 of them, and one is withheld in May.
func placed(t testing.TB) *holding {
	h := hold(t)
	for _, m := range []struct {
		day                        string
		total, foster, own, others any
	}{
		{"2025-03-31", 500, 300, 150, 50},
		{"2025-04-30", 504, 165, 135, 99},
		{"2025-05-31", 510, 320, 130, stat.Confidential},
		{"2026-03-31", 490, 310, 175, 5},
	} {
		h.add(stat.Council, "cla", "Middlesbrough", m.day, m.total, nil)
		for category, n := range map[string]any{"Foster care": m.foster, "Own parents": m.own, "Other placement": m.others} {
			h.ownPart("cla", m.day, "placement type: "+category, n)
		}
	}
	return h
}

// ownPart holds a count of one category in Middlesbrough of the council's own.
func (h *holding) ownPart(measure, period, breakdown string, count any) *holding {
	h.t.Helper()
	h.add(stat.Council, measure, "Middlesbrough", period, count, nil)
	h.obs[len(h.obs)-1].Breakdown = breakdown
	return h
}

func TestBreakdown(t *testing.T) {
	p := panel(placed(t).view("cla"), "cla-breakdown-placement-type")
	if p == nil {
		t.Fatal("there is no breakdown")
	}
	b := p.Parted
	var heads = b.Heads
	if len(heads) != 13 || heads[0] != "Mar 2025" || heads[12] != "Mar 2026" {
		t.Errorf("heads %q", heads)
	}
	cells := func(row []dashboard.HeatCell) (out []string) {
		for _, i := range []int{0, 1, 2, 3, 12} {
			out = append(out, row[i].Text)
		}
		return out
	}
	got := [][]string{}
	for _, part := range b.Parts {
		got = append(got, append([]string{part.Name, part.Share}, cells(part.Cells)...))
	}
	got = append(got, append([]string{"Total", ""}, cells(b.Total)...))
	want := [][]string{
		{"Foster care", "63.3%", "300", "165", "320", "", "310"},
		{"Own parents", "35.7%", "150", "135", "130", "", "175"},
		{"Other placement", "1.0%", "50", "99", "c", "", "5"},
		{"Total", "", "500", "504", "510", "", "490"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := b.Parts[2].Points[2]; n.Number != nil || n.Mark != "c" || b.Parts[2].Points[3].Number != nil {
		t.Errorf("a mark or a gap became a number: %+v", n)
	}
	if got := []int{b.Parts[0].Cells[0].Shade, b.Parts[1].Cells[0].Shade, b.Parts[2].Cells[0].Shade, b.Parts[2].Cells[2].Shade}; !slices.Equal(got, []int{5, 3, 1, 0}) {
		t.Errorf("shades %v", got)
	}
	if p.Title != "Children looked after by placement type: Foster care 63.3%" {
		t.Errorf("%q", p.Title)
	}
	if p.Sentence != "Of the 490 children looked after on 31 March 2026, the largest by placement type were Foster care, 310 (63.3%); Own parents, 175 (35.7%); Other placement, 5 (1.0%). Since 31 March 2025 Other placement moved most, from 50 to 5 (−45)." {
		t.Errorf("%q", p.Sentence)
	}
	for _, w := range []string{
		"The parts come to 399 on 30 April 2025, but the total is 504: 105 are in none of the parts.",
		"Fewer than ten, so one more or less changes much: Other placement.",
	} {
		if !slices.Contains(p.Warnings, w) {
			t.Errorf("no %q in %q", w, p.Warnings)
		}
	}
	if p.Table.Columns[5] != "In none of these" || p.Table.Rows[1][5] != "105" || p.Table.Rows[2][3] != "c" || !slices.Contains(p.Table.Notes, "c: "+stat.Confidential.Meaning()) {
		t.Errorf("%q %q %q", p.Table.Columns, p.Table.Rows[1], p.Table.Notes)
	}
	checkNumbers(t, p.ID, p.Table)
}

// Bands stand in their own order, other parts by size, what is left over last.
func TestBreakdownOrder(t *testing.T) {
	for dimension, want := range map[string][]string{
		"age":      {"Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over", "Unknown"},
		"duration": {"3 months or less", "more than 3 months to 6 months", "1 year to less than 2 years", "2 years or more"},
		"category": {"Neglect", "Emotional abuse", "Other", "Not stated"},
	} {
		h := hold(t)
		for i, category := range want {
			n := 10 * (i + 1) // smallest first, unless the size decides
			if dimension == "category" {
				n = 100 - 10*i
			}
			if category == "Other" || category == "Unknown" {
				n = 500
			}
			h.part("cpp", "Middlesbrough", "2025", dimension+": "+category, n)
		}
		p := panel(h.view("cpp"), "cpp-breakdown-"+dimension)
		var got []string
		for _, part := range p.Parted.Parts {
			got = append(got, part.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", dimension, got, want)
		}
		if p.Parted.Charted() {
			t.Errorf("%s: a chart of one period", dimension)
		}
	}
}

// Percentages are shown as held: no share, no total to miss.
func TestBreakdownOfPercentages(t *testing.T) {
	h := hold(t)
	for i, year := range []string{"2024", "2025"} {
		for category, x := range map[string]float64{"Boys": 21.5, "Girls": 19} {
			h.dfe("rereferrals", "Middlesbrough", year, nil, x+float64(i))
			h.obs[len(h.obs)-1].Breakdown = "Sex: " + category
		}
		h.dfe("rereferrals", "Middlesbrough", year, nil, 20.0)
	}
	p := panel(h.view("rereferrals"), "rereferrals-breakdown-sex")
	if p.Parted.Shared() || p.Parted.Total[1].Text != "20.0" || p.Sentence != "In the year ending 31 March 2025 the figure by sex was highest of Boys, 22.5%, and lowest of Girls, 20.0%. Since the year ending 31 March 2024 Boys moved most, from 21.5% to 22.5% (+1.0)." {
		t.Errorf("%+v, %q", p.Parted.Total, p.Sentence)
	}
	for _, w := range p.Warnings {
		if strings.Contains(w, "total") || strings.Contains(w, "parts") {
			t.Errorf("%q", w)
		}
	}
}

// Areas that lie within the authority divide a measure too; those elsewhere do
// not.
func TestBreakdownByWard(t *testing.T) {
	h := hold(t)
	home := h.code("Middlesbrough")
	wards := []stat.Area{
		{Code: "E05011832", Name: "Newport", Level: "Ward", Region: home}, {Code: "E05011827", Name: "Acklam", Level: "Ward", Region: home},
		{Code: "E05099999", Name: "Elsewhere", Level: "Ward", Region: h.code("Hartlepool")},
	}
	if err := h.cat.Register(nil, wards); err != nil {
		t.Fatal(err)
	}
	for i, w := range wards {
		h.dfe("cpp", w.Code, "2025", 20+i, nil)
	}
	h.dfe("cpp", "Middlesbrough", "2025", 300, 90.0)
	p := panel(h.view("cpp", "show", "count"), "cpp-breakdown-ward")
	if p == nil || len(p.Parted.Parts) != 2 || p.Parted.Parts[0].Name != "Acklam" || p.Parted.Parts[0].Share != "7.0%" {
		t.Fatalf("%+v", p)
	}
	if !strings.Contains(p.Sentence, "Of the 300 children with a child protection plan on 31 March 2025, the largest by ward were Acklam, 21 (7.0%)") {
		t.Errorf("%q", p.Sentence)
	}
}

// One part is no breakdown, and neither are parts of two dimensions at once.
func TestNoBreakdown(t *testing.T) {
	h := hold(t).dfe("cla", "Middlesbrough", "2025", 500, 140).
		part("cla", "Middlesbrough", "2025", "sex: Male", 280).
		part("cla", "Middlesbrough", "2025", "age: 1 to 4; sex: Male", 28).part("cla", "Middlesbrough", "2025", "age: 5 to 9; sex: Male", 28)
	for _, p := range h.view("cla").Panels {
		if p.Kind == dashboard.Parted {
			t.Errorf("%s", p.ID)
		}
	}
}

// A population by ethnicity that the council brought serves for shares where
// nobody has published one.
func TestSharesOfOwnPopulation(t *testing.T) {
	h := hold(t).pop("Middlesbrough", 2024, 35000).add(stat.Council, "cla", "Middlesbrough", "2025-09-30", 500, nil).
		ownPart("cla", "2025-09-30", "ethnicity: White", 400).ownPart("cla", "2025-09-30", "ethnicity: Black", 60).
		ownPart(stat.Population, "2024-06-30", "ethnicity: White", 30000).ownPart(stat.Population, "2024-06-30", "ethnicity: Black", 1750)
	p := panel(h.view("cla"), "cla-representation")
	if p == nil || len(p.Shares.Groups) != 2 || p.Shares.Groups[1].Words != "over-represented" {
		t.Fatalf("%+v", p)
	}
}

// A dashboard may ask for one dimension, and for no dimension of anything else.
func TestBreakdownDefinition(t *testing.T) {
	h := placed(t).ownPart("cla", "2026-03-31", "age: Under 1", 40).ownPart("cla", "2026-03-31", "age: 1 to 4", 90)
	file := func(text string) fstest.MapFS {
		return fstest.MapFS{"overview.toml": {Data: []byte("title = \"A\"\n" + text)}}
	}
	home, err := h.cat.Area("Middlesbrough")
	if err != nil {
		t.Fatal(err)
	}
	b, err := dashboard.New(file("[[panel]]\nkind = \"breakdown\"\nmeasure = \"cla\"\ndimension = \"Age\"\n[[panel]]\nkind = \"monthly\"\nmeasure = \"cla\"\n"), h.cat, home)
	if err != nil {
		t.Fatal(err)
	}
	v, err := b.Dashboard(t.Context(), h, "overview", dashboard.Selection{})
	if err != nil || len(v.Panels) != 2 || v.Panels[0].ID != "cla-breakdown-age" || v.Panels[1].ID != "cla-monthly" {
		t.Errorf("%v %+v", err, v)
	}
	_, err = dashboard.New(file("[[panel]]\nkind = \"trend\"\nmeasure = \"cla\"\ndimension = \"age\"\n"), h.cat, home)
	if err == nil || !strings.Contains(err.Error(), "overview.toml:5: ") || errors.Is(err, dashboard.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// The council's parts without a total of its own are shares of the published
// one where they come to it exactly, and not otherwise.
func TestBreakdownOfAPublishedTotal(t *testing.T) {
	for name, tc := range map[string]struct {
		black any
		share string
		warns string
	}{
		"exactly":    {6000, "83.2%", "The total is the 35,617 that ONS publishes for 30 June 2024, which the council's parts come to exactly."},
		"one short":  {5999, "", "No total is held on 30 June 2024, so no shares are shown."},
		"one marked": {stat.Confidential, "", "No total is held on 30 June 2024, so no shares are shown."},
	} {
		h := hold(t).pop("Middlesbrough", 2024, 35617).
			ownPart(stat.Population, "2024-06-30", "ethnicity: White", 29617).ownPart(stat.Population, "2024-06-30", "ethnicity: Black", tc.black)
		p := panel(h.view(stat.Population), stat.Population+"-breakdown-ethnicity")
		if p == nil {
			t.Fatalf("%s: there is no breakdown", name)
		}
		if p.Parted.Parts[0].Share != tc.share || !slices.Contains(p.Warnings, tc.warns) {
			t.Errorf("%s: share %q, warnings %q", name, p.Parted.Parts[0].Share, p.Warnings)
		}
		if exactly := tc.share != ""; exactly && !strings.Contains(p.Source, "ONS") || exactly != (p.Parted.Total != nil) {
			t.Errorf("%s: source %q, total %v", name, p.Source, p.Parted.Total)
		}
	}
}
