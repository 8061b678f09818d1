package dashboard_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// peopled is children looked after by ethnicity and sex, and the population by
// ethnicity alone.
func peopled(t testing.TB) *holding {
	return hold(t).dfe("cla", "Middlesbrough", "2025", 500, 140).pop("Middlesbrough", 2024, 35000).
		part("cla", "Middlesbrough", "2025", "ethnicity: White", 400).
		part("cla", "Middlesbrough", "2025", "ethnicity: Black", 60).
		part("cla", "Middlesbrough", "2025", "ethnicity: Asian", 20).
		part("cla", "Middlesbrough", "2025", "ethnicity: Gypsy or Roma", stat.Confidential).
		part("cla", "Middlesbrough", "2025", "sex: Male", 280).
		part("cla", "Middlesbrough", "2025", "sex: Male; ethnicity: Black", 30).
		part(stat.Population, "Middlesbrough", "2023-06-30", "ethnicity: white", 27000).
		part(stat.Population, "Middlesbrough", "2023-06-30", "ethnicity: Black", 1750).
		part(stat.Population, "Middlesbrough", "2023-06-30", "ethnicity: Asian", 5000).
		pop("Middlesbrough", 2023, 35000)
}

func TestRepresentation(t *testing.T) {
	p := panel(peopled(t).view("cla"), "cla-representation")
	if p == nil {
		t.Fatal("there is no representation")
	}
	if p.Shares.Dimension != "ethnicity" || p.Shares.Period != "2025-03-31" {
		t.Errorf("%+v", p.Shares)
	}
	want := [][]string{
		{"White", "400", "80.0", "77.1", "1.04", "0.99 to 1.08", "in line with its share of the population"},
		{"Black", "60", "12.0", "5.0", "2.40", "1.89 to 3.03", "over-represented"},
		{"Asian", "20", "4.0", "14.3", "0.28", "0.18 to 0.43", "under-represented"},
		{"Gypsy or Roma", "c", "", "", "", "", ""},
	}
	if diff := cmp.Diff(want, p.Table.Rows); diff != "" {
		t.Error(diff)
	}
	if g := p.Shares.Groups[3]; g.Count != "c" || g.Of != nil || g.Ratio != nil || g.Words != "" {
		t.Errorf("a mark became a number: %+v", g)
	}
	if p.Title != "Children looked after: Black over-represented" || p.Sentence != "On 31 March 2025 among children looked after by ethnicity: Black, 12.0% of them and 5.0% of all children, over-represented; Asian, 4.0% of them and 14.3% of all children, under-represented." {
		t.Errorf("%q, %q", p.Title, p.Sentence)
	}
	if !slices.Contains(p.Warnings, "Shares of all children are those of mid-2023, the latest held with this breakdown.") || !strings.Contains(p.Source, "ONS") && !strings.Contains(p.Source, "DfE") {
		t.Errorf("%q, %q", p.Warnings, p.Source)
	}
}

// Shares of all children are of what the groups' own publisher counts.
func TestRepresentationOfTheCouncilsPopulation(t *testing.T) {
	brought := func(total any, groups ...int) *holding {
		h := hold(t).dfe("cla", "Middlesbrough", "2025", 500, 140).pop("Middlesbrough", 2024, 35617).
			part("cla", "Middlesbrough", "2025", "ethnicity: White", 400).part("cla", "Middlesbrough", "2025", "ethnicity: Black", 70)
		if total != nil {
			h.add(stat.Council, stat.Population, "Middlesbrough", "2024-06-30", nil, total)
		}
		for i, n := range groups {
			h.add(stat.Council, stat.Population, "Middlesbrough", "2024-06-30", nil, n)
			h.obs[len(h.obs)-1].Breakdown = "ethnicity: " + []string{"White", "Black"}[i]
		}
		return h
	}
	for name, tc := range map[string]struct {
		h     *holding
		white string
		warns []string
	}{
		"no total of the council's": {brought(nil, 20000, 4000), "83.3", []string{
			"No total goes with these groups' populations, so a share of all children is of their sum, 24,000.",
			"The groups' populations are the council's own, 24,000 together; ONS publishes 35,617 for that date."}},
		"a total of the council's": {brought(35000, 20000, 4000), "57.1", []string{
			"The populations of the groups add up to 24,000, not to the 35,000 that shares of all children are of.",
			"The groups' populations are the council's own, 35,000 together; ONS publishes 35,617 for that date."}},
		"no total, but the groups come to ONS's": {brought(nil, 29617, 6000), "83.2", []string{
			"The groups' populations are the council's own and come exactly to the 35,617 that ONS publishes for 30 June 2024."}},
		"all agree": {brought(35617, 29617, 6000), "83.2", nil},
	} {
		p := panel(tc.h.view("cla"), "cla-representation")
		if p == nil || p.Table.Rows[0][3] != tc.white {
			t.Errorf("%s: %+v", name, p)
			continue
		}
		for _, w := range tc.warns {
			if !slices.Contains(p.Warnings, w) {
				t.Errorf("%s: %q not in %q", name, w, p.Warnings)
			}
		}
		if all := strings.Join(p.Warnings, " "); name != "no total of the council's" && strings.Contains(all, "No total") {
			t.Errorf("%s: %q", name, all)
		}
		if all := strings.Join(p.Warnings, " "); tc.warns == nil && strings.Contains(all, "population") {
			t.Errorf("%s: %q", name, all)
		}
	}
}

// What is in no group is told whether or not another is withheld.
func TestRepresentationOfSome(t *testing.T) {
	if w := panel(peopled(t).view("cla"), "cla-representation").Warnings; !slices.Contains(w, "20 of the 500 are in a group whose number is withheld, or in none.") {
		t.Errorf("%q", w)
	}
	h := peopled(t)
	h.obs = slices.DeleteFunc(h.obs, func(o stat.Observation) bool { return o.Count.Mark == stat.Confidential })
	if w := panel(h.view("cla"), "cla-representation").Warnings; !slices.Contains(w, "20 of the 500 are in none of these groups.") {
		t.Errorf("%q", w)
	}
	h.part("cla", "Middlesbrough", "2025", "ethnicity: Mixed", 90)
	if w := strings.Join(panel(h.view("cla"), "cla-representation").Warnings, " "); !strings.Contains(w, "The groups add up to 570, more than the 500 there are") {
		t.Errorf("%q", w)
	}
}

// Without a total, or a population by the same dimension, there is nothing to
// set a share against.
func TestRepresentationNeedsBoth(t *testing.T) {
	for name, drop := range map[string]func(o stat.Observation) bool{
		"no total":      func(o stat.Observation) bool { return o.Measure == "cla" && o.Breakdown == "" },
		"no population": func(o stat.Observation) bool { return o.Measure == stat.Population && o.Breakdown != "" },
		"population of a later year": func(o stat.Observation) bool {
			return false
		},
	} {
		h := peopled(t)
		h.obs = slices.DeleteFunc(h.obs, drop)
		if name == "population of a later year" {
			for i := range h.obs {
				if h.obs[i].Measure == stat.Population {
					h.obs[i].Period.End.Year += 5
				}
			}
		}
		if panel(h.view("cla"), "cla-representation") != nil {
			t.Errorf("%s: there is a representation", name)
		}
	}
}

// Every number of a table is the one its cell shows, and no text has one.
func TestTablesHaveTheirNumbers(t *testing.T) {
	h := council(t).charted("cla_started")
	for _, o := range append(yearly(t).obs, peopled(t).obs...) {
		if o.Period.End.Year != 2025 || o.Breakdown != "" {
			h.obs = append(h.obs, o)
		}
	}
	views := []*dashboard.View{h.view("cla"), h.view("cla", "show", "count"), h.view("cla", "neighbours", "region")}
	b := boards(t, h.cat)
	for _, page := range []func() (*dashboard.View, error){
		func() (*dashboard.View, error) { return b.Neighbours(t.Context(), h, "cla", dashboard.Selection{}) },
		func() (*dashboard.View, error) { return b.Authorities(t.Context(), h, "cla", dashboard.Selection{}) },
	} {
		v, err := page()
		if err != nil {
			t.Fatal(err)
		}
		views = append(views, v)
	}
	numbers := 0
	for _, v := range views {
		for _, p := range v.Panels {
			if p.Table == nil {
				continue
			}
			numbers += checkNumbers(t, p.ID, p.Table)
			for i := range p.Table.Columns {
				if sorted, ok := p.Table.Sorted(i, true); ok {
					checkNumbers(t, p.ID+" sorted", &sorted)
				}
			}
		}
	}
	if numbers < 100 {
		t.Errorf("only %d numbers", numbers)
	}
}

// checkNumbers counts the numbers of a table.
func checkNumbers(t *testing.T, id string, table *dashboard.TablePanel) int {
	t.Helper()
	if len(table.Numbers) != len(table.Rows) {
		t.Fatalf("%s: %d rows, %d of numbers", id, len(table.Rows), len(table.Numbers))
	}
	n := 0
	for i, row := range table.Rows {
		if len(table.Numbers[i]) != len(row) || len(row) != len(table.Columns) {
			t.Fatalf("%s: row %q has %d numbers for %d columns", id, row, len(table.Numbers[i]), len(table.Columns))
		}
		for j, x := range table.Numbers[i] {
			if x == nil {
				continue
			}
			n++
			shown := false
			for decimals := range 3 {
				text := stat.Format(*x, decimals)
				shown = shown || row[j] == text || row[j] == "+"+text
			}
			if !shown {
				t.Errorf("%s: %v is shown as %q", id, *x, row[j])
			}
		}
	}
	return n
}
