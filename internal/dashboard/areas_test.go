package dashboard_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// open makes a view of a holding's areas, at a period.
func (h *holding) open(make func(*dashboard.Boards, dashboard.Selection) (*dashboard.View, error), area, period string) *dashboard.View {
	h.t.Helper()
	b := boards(h.t, h.cat)
	sel, err := b.Select(chosen("area", area, "show", "count")) // numbers are asked for, values are shown
	if err != nil {
		h.t.Fatal(err)
	}
	sel.Period = period
	v, err := make(b, sel)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func (h *holding) neighbours(measure, area, period string) *dashboard.View {
	return h.open(func(b *dashboard.Boards, sel dashboard.Selection) (*dashboard.View, error) {
		return b.Neighbours(h.t.Context(), h, measure, sel)
	}, area, period)
}

func (h *holding) authorities(measure, area, period string) *dashboard.View {
	return h.open(func(b *dashboard.Boards, sel dashboard.Selection) (*dashboard.View, error) {
		return b.Authorities(h.t.Context(), h, measure, sel)
	}, area, period)
}

func TestNeighboursPage(t *testing.T) {
	h := small(t)
	h.links[1].Closeness = "Very close"
	v := h.neighbours("cla", "", "")
	var ids []string
	for _, p := range v.Panels {
		ids = append(ids, p.ID+" "+p.Kind)
		if p.Title == "" || len(strings.Fields(p.Title)) > 10 || p.Subtitle == "" || p.Sentence == "" || p.Source == "" || p.Table == nil {
			t.Errorf("%s lacks words: %+v", p.ID, p)
		}
	}
	if diff := cmp.Diff([]string{"cla-neighbours neighbours", "cla-neighbour-trends trend", "cla-neighbour-table table"}, ids); diff != "" {
		t.Error(diff)
	}
	if h.reads != 1 || v.Path != "/measures/cla/neighbours" || v.Selection.Show != "value" || len(v.Warnings) != 0 || v.Links[0].Path != "/measures/cla" {
		t.Errorf("%d reads, %+v", h.reads, v)
	}
	trend := panel(v, "cla-neighbour-trends")
	if got := line(trend, dashboard.RoleNeighbour); !slices.Equal(got, []string{
		"2023-03-31 150", "2024-03-31 152", "2025-03-31 157", "2023-03-31 190", "2024-03-31 c", "2025-03-31 184"}) {
		t.Errorf("neighbours %v", got)
	}
	if trend.Trend.Lines[0].Role != dashboard.RoleArea || len(trend.Trend.Lines) != 3 {
		t.Errorf("lines %+v", trend.Trend.Lines)
	}
	if !strings.HasSuffix(trend.Sentence, "Of the 2 neighbours with a figure at both ends, 1 rose, 1 fell and 0 stayed the same.") {
		t.Errorf("sentence %q", trend.Sentence)
	}
	table := panel(v, "cla-neighbour-table").Table
	if diff := cmp.Diff([]string{"Area", "Position", "Closeness", "Number", "Rate per 10,000", "95% interval", "Difference from Middlesbrough"}, table.Columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{
		{"Middlesbrough", "", "", "493", "138", "126.5 to 151.2", ""},
		{"Hartlepool", "1", "", "", "157", "", "+19"},
		{"Blackpool", "2", "Very close", "", "184", "", "+46"},
	}, table.Rows); diff != "" {
		t.Error(diff)
	}
	if table.Mark != 0 || !slices.Equal(table.Keys, []string{home, "E06000001", "E06000009"}) || len(table.Sort) != len(table.Columns) {
		t.Errorf("mark %d, keys %v, sort %v", table.Mark, table.Keys, table.Sort)
	}
}

func TestThePeriodIsChosen(t *testing.T) {
	v := small(t).neighbours("cla", "", "2024-03-31")
	table := panel(v, "cla-neighbour-table")
	if diff := cmp.Diff([][]string{
		{"Middlesbrough", "", "", "", ""},
		{"Hartlepool", "1", "", "152", ""},
		{"Blackpool", "2", "", "c", ""},
	}, dropped(table.Table, "95% interval")); diff != "" {
		t.Error(diff)
	}
	if v.Selection.Period != "2024-03-31" || len(v.Periods) != 3 || v.Periods[0] != (dashboard.Choice{Value: "2025-03-31", Label: "31 March 2025"}) {
		t.Errorf("period %q of %+v", v.Selection.Period, v.Periods)
	}
	if !strings.HasPrefix(table.Sentence, "1 of the 2 neighbours in the 2025 model has a figure on 31 March 2024") {
		t.Errorf("sentence %q", table.Sentence)
	}
	for _, bad := range []string{"2019-03-31", "last year"} {
		b := boards(t, catalogue(t))
		sel, _ := b.Select(chosen())
		sel.Period = bad
		var choice *dashboard.ChoiceError
		if _, err := b.Authorities(t.Context(), small(t), "cla", sel); !errors.As(err, &choice) || choice.Field != "period" {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// dropped are a table's rows without a column.
func dropped(t *dashboard.TablePanel, heading string) [][]string {
	i := slices.Index(t.Columns, heading)
	var out [][]string
	for _, row := range t.Rows {
		out = append(out, slices.Delete(slices.Clone(row), i, i+1))
	}
	return out
}

func TestAuthoritiesPage(t *testing.T) {
	h := small(t).dfe("cla", "Camden", "2025", 190, 138).dfe("cla", "City of London", "2025", stat.Confidential, stat.Confidential).
		dfe("cla", "Wigan", "2025", 5, 0.0).dfe("cla", "Cumbria", "2025", stat.Unexplained, stat.Unexplained) // abolished in 2023
	v := h.authorities("cla", "", "")
	p := panel(v, "cla-authorities")
	if h.reads != 1 || v.Path != "/measures/cla/authorities" || len(v.Panels) != 1 || p.Kind != dashboard.Table {
		t.Fatalf("%d reads, %+v", h.reads, v)
	}
	if want := "On 31 March 2025 Middlesbrough was joint 3rd highest of 5 authorities, in the lowest quarter; England's figure was 67 per 10,000."; p.Sentence != want {
		t.Errorf("sentence %q", p.Sentence)
	}
	if diff := cmp.Diff([]string{"Authority", "Rank", "Rate per 10,000", "Number", "95% interval", "Region", "Quarter", "Against England"}, p.Table.Columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{
		{"Blackpool", "1", "184", "", "", "North West", "highest quarter", ""},
		{"Hartlepool", "2", "157", "", "", "North East", "second highest quarter", ""},
		{"Camden", "3=", "138", "190", "", "Inner London", "lowest quarter", ""},
		{"Middlesbrough", "3=", "138", "493", "126.5 to 151.2", "North East", "lowest quarter", "higher"},
		{"Wigan", "5", "0", "5", "", "North West", "lowest quarter", ""},
		{"City of London", "", "c", "c", "", "Inner London", "", ""},
	}, p.Table.Rows); diff != "" {
		t.Error(diff)
	}
	if p.Table.Mark != 3 || p.Table.Keys[3] != home || len(p.Table.Keys) != 6 || len(p.Table.Sort) != 8 {
		t.Errorf("mark %d, keys %v, sort %v", p.Table.Mark, p.Table.Keys, p.Table.Sort)
	}
	if got := h.authorities("cla", "City of London", "").Panels[0]; got.Table.Mark != 5 ||
		got.Sentence != "On 31 March 2025 6 authorities have a figure, or a reason why there is none. There is no figure for the City of London on 31 March 2025 (c: withheld to protect children's identities)." {
		t.Errorf("mark %d, sentence %q", got.Table.Mark, got.Sentence)
	}
}

func TestPagesOfAreasThatCompareNothing(t *testing.T) {
	own := hold(t).add(stat.Council, "cin_local", "Middlesbrough", "2025-03-31", 1267, nil)
	for name, v := range map[string]*dashboard.View{"neighbours": own.neighbours("cin_local", "", ""), "authorities": own.authorities("cin_local", "", "")} {
		if len(v.Panels) != 0 || len(v.Periods) != 0 || len(v.Warnings) != 1 || !strings.HasPrefix(v.Warnings[0], "Only the council has figures") {
			t.Errorf("%s of an own measure: %+v", name, v)
		}
	}
	if page := own.page("cin_local", "", "", "", "", ""); page.Links != nil {
		t.Errorf("links %v", page.Links)
	}
	plain := hold(t).near("2025", "Middlesbrough", "Hartlepool").dfe("uasc", "Middlesbrough", "2025", nil, 30).dfe("uasc", "Hartlepool", "2025", nil, 40)
	v := plain.authorities("uasc", "", "")
	if table := v.Panels[0].Table; !slices.Equal(table.Columns, []string{"Authority", "Number", "Region"}) || table.Rows[0][0] != "Hartlepool" || table.Mark != 1 {
		t.Errorf("%+v", table)
	}
	if len(v.Warnings) != 1 || !strings.Contains(v.Warnings[0], "not ranked or compared") {
		t.Errorf("warnings %q", v.Warnings)
	}
	v = plain.neighbours("uasc", "", "")
	if len(v.Panels) != 1 || !slices.Equal(v.Panels[0].Table.Columns, []string{"Area", "Position", "Number"}) {
		t.Errorf("%+v", v.Panels)
	}
	for name, v := range map[string]*dashboard.View{"neighbours": hold(t).neighbours("cla", "", ""), "authorities": hold(t).authorities("cla", "", "")} {
		if len(v.Panels) > 0 || len(v.Warnings) != 1 || !strings.Contains(v.Warnings[0], "import a file") {
			t.Errorf("%s without figures: %+v", name, v)
		}
	}
	alone := hold(t).dfe("cla", "Cumbria", "2023", 740, 82).dfe("cla", "England", "2023", nil, 71).neighbours("cla", "Cumbria", "")
	if !slices.ContainsFunc(alone.Warnings, func(w string) bool { return w == "Cumbria has no statistical neighbours in the 2025 model." }) {
		t.Errorf("warnings %q, panels %d", alone.Warnings, len(alone.Panels))
	}
}

func TestUnknownMeasureOfAreas(t *testing.T) {
	h := small(t)
	b := boards(t, h.cat)
	if _, err := b.Neighbours(t.Context(), h, "nonsense", dashboard.Selection{}); !errors.Is(err, dashboard.ErrNotFound) {
		t.Error(err)
	}
	if _, err := b.Authorities(t.Context(), h, "nonsense", dashboard.Selection{}); !errors.Is(err, dashboard.ErrNotFound) {
		t.Error(err)
	}
}

func TestTablesSort(t *testing.T) {
	table := dashboard.TablePanel{
		Columns: []string{"Area", "Rank", "Value", "Quarter"}, Sort: []string{dashboard.SortText, dashboard.SortNumber, dashboard.SortNumber, ""},
		Rows: [][]string{{"bury", "2=", "−20", "x"}, {"Ashby", "10", "c", "x"}, {"York", "2=", "1,267", "x"}, {"Wigan", "", "3.5 to 4", "x"}},
		Keys: []string{"B", "A", "Y", "W"}, Mark: 2,
	}
	for _, tc := range []struct {
		column     int
		descending bool
		keys       string
		mark       int
	}{
		{0, false, "ABWY", 3}, {0, true, "YWBA", 0},
		{1, false, "BYAW", 1}, {1, true, "ABYW", 2},
		{2, false, "BWYA", 2}, {2, true, "YWBA", 0},
	} {
		got, ok := table.Sorted(tc.column, tc.descending)
		if keys := strings.Join(got.Keys, ""); !ok || keys != tc.keys || got.Mark != tc.mark {
			t.Errorf("column %d, descending %v: %s, mark %d", tc.column, tc.descending, keys, got.Mark)
		}
	}
	for _, column := range []int{-1, 3, 4} {
		if got, ok := table.Sorted(column, false); ok || got.Keys[0] != "B" {
			t.Errorf("column %d sorts", column)
		}
	}
	if table.Keys[0] != "B" {
		t.Error("the table itself was sorted")
	}
}
