package dashboard_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// say comments on a measure of Middlesbrough in the scorecard "card".
func (h *holding) say(head, date, text string) *holding {
	d, err := stat.ParseDate(date)
	if err != nil {
		h.t.Fatal(err)
	}
	h.said.Comments = append(h.said.Comments, stat.Comment{
		Place: "scorecard/card", Head: head, Area: home, Date: d, Text: text,
		By: "A. Analyst", At: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC),
	})
	return h
}

// card is the scorecard of some rows, in TOML, with a monthly cadence unless
// the rows say otherwise.
func card(t *testing.T, src dashboard.Source, cat *stat.Catalogue, rows string, period string) (*dashboard.View, error) {
	t.Helper()
	area, err := cat.Area(home)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(rows, "cadence") {
		rows = "cadence = \"month\"\n" + rows
	}
	b, err := dashboard.New(fstest.MapFS{"card.toml": {Data: []byte("title = \"Corporate parenting\"\n" + rows)}}, cat, area)
	if err != nil {
		t.Fatal(err)
	}
	return b.Dashboard(t.Context(), src, "card", dashboard.Selection{Period: period})
}

// rowsOf are the rows of a scorecard, which is to be whole.
func rowsOf(t *testing.T, h *holding, rows string) []dashboard.ScorecardRow {
	t.Helper()
	v, err := card(t, h, h.cat, rows, "")
	if err != nil {
		t.Fatal(err)
	}
	p := panel(v, dashboard.Scorecard)
	if p == nil || p.Scorecard == nil || p.Table == nil || len(p.Table.Rows) != len(p.Scorecard.Rows) {
		t.Fatalf("panel %+v", p)
	}
	for i, row := range p.Table.Rows {
		if len(row) != len(p.Table.Columns) || len(p.Table.Numbers[i]) != len(row) {
			t.Errorf("%d columns, %d cells, %d numbers", len(p.Table.Columns), len(row), len(p.Table.Numbers[i]))
		}
	}
	if words := len(strings.Fields(p.Title)); words > 10 {
		t.Errorf("title of %d words: %s", words, p.Title)
	}
	return p.Scorecard.Rows
}

// months holds what the council says of a measure in Middlesbrough.
func (h *holding) months(measure string, values map[string]any) *holding {
	h.t.Helper()
	for _, period := range slices.Sorted(keys(values)) {
		h.add(stat.Council, measure, "Middlesbrough", period, nil, values[period])
	}
	return h
}

func keys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// neighbourly has published percentages, of which low is good, and a council's
// own newer month.
func neighbourly(t *testing.T) *holding {
	h := hold(t)
	h.near("2025", "Middlesbrough", "Hartlepool", "Redcar and Cleveland")
	for _, f := range []struct {
		area  string
		value float64
	}{{"Middlesbrough", 24}, {"Hartlepool", 20.5}, {"Redcar and Cleveland", 22.2}, {"North East", 21.4}, {"England", 21.5}} {
		h.dfe("rereferrals", f.area, "2025", nil, f.value)
	}
	h.dfe("rereferrals", "Middlesbrough", "2024", nil, 26.3)
	return h
}

// Two rows of one measure, its number and its rate, tell one percentage.
func TestNumberAndRateTellOnePercentage(t *testing.T) {
	const rows = "[[row]]\nref = \"A\"\nmeasure = \"cla\"\nshow = \"count\"\n[[row]]\nref = \"B\"\nmeasure = \"cla\""
	for name, tc := range map[string]struct {
		was, is      int
		before, now  any
		number, rate string
	}{
		"down":    {480, 478, 135, 134, "down 2 (0.4%)", "down 1 (the number down 2, 0.4%)"},
		"rounded": {480, 478, 134, 134, "down 2 (0.4%)", "no change (the number down 2, 0.4%)"},
		"same":    {480, 480, 135, 134, "no change", "down 1 (the number the same)"},
	} {
		h := hold(t).own("cla", "2025-08-31", tc.was, tc.before).own("cla", "2025-09-30", tc.is, tc.now)
		r := rowsOf(t, h, rows)
		const since = " since 31 August 2025"
		if r[0].Travel.Words != tc.number+since || r[1].Travel.Words != tc.rate+since {
			t.Errorf("%s: %q and %q", name, r[0].Travel.Words, r[1].Travel.Words)
		}
	}
	h := hold(t).own("cla", "2025-08-31", nil, 135).own("cla", "2025-09-30", nil, 134)
	if got := rowsOf(t, h, rows)[1].Travel.Words; got != "down 1 (0.7% of the rate) since 31 August 2025" {
		t.Error(got)
	}
}

func TestTravel(t *testing.T) {
	for name, tc := range map[string]struct {
		row      string
		was, is  any
		arrow    string
		judged   string
		sentence string
	}{
		"up is worse":         {"", 50, 60, "↑", "worse", "up 10 (20.0%) since 31 August 2025: worse"},
		"up is better here":   {`good = "high"`, 50, 60, "↑", "better", "up 10 (20.0%) since 31 August 2025: better"},
		"neither":             {`good = "none"`, 60, 50, "↓", "", "down 10 (16.7%) since 31 August 2025"},
		"no change":           {"", 60, 60, "→", "", "no change since 31 August 2025"},
		"from nothing":        {"", 0, 3, "↑", "worse", "up 3 since 31 August 2025: worse"},
		"towards the range":   {"range = [10, 20]", 60, 50, "↓", "better", "down 10 (16.7%) since 31 August 2025: better"},
		"out of the range":    {"range = [10, 20]", 15, 8, "↓", "worse", "down 7 (46.7%) since 31 August 2025: worse"},
		"within the range":    {"range = [10, 20]", 15, 18, "↑", "", "up 3 (20.0%) since 31 August 2025"},
		"from a mark":         {"", stat.Confidential, 60, "", "", ""},
		"the target says":     {"good = \"none\"\ntarget = 70\ntarget_is = \"below\"", 50, 60, "↑", "", "up 10 (20.0%) since 31 August 2025"},
		"to a mark":           {"", 60, stat.Low, "", "", ""},
		"a gap is no reading": {"", 60, stat.Unexplained, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := hold(t).months("cla_residential", map[string]any{"2025-08": tc.was, "2025-09": tc.is})
			r := rowsOf(t, h, "[[row]]\nmeasure = \"cla_residential\"\n"+tc.row)[0]
			if r.Travel.Arrow != tc.arrow || r.Travel.Judged != tc.judged || r.Travel.Words != tc.sentence {
				t.Errorf("%+v", r.Travel)
			}
		})
	}
}

// TestFlags are of a row of 60 (before 50), target at most 55, tolerance 2: red.
func TestFlags(t *testing.T) {
	no := func(x string) string { return "The commentary says " + x + "; the row has no " + x + "." }
	for text, want := range map[string][]string{
		"60 children, 10 more than the 50 of August.": nil,
		"412 children.":                   {no("412")},
		"A rise of 4% and another of 4%.": {no("4%")},
		"A rise of 20%.":                  nil,
		"About 59 children, against a target of 55 and a tolerance of 2.": nil,
		"1,267 were seen.":    {no("1,267")},
		"5 above the target.": nil,
		"On 30 September 2025 there were 60; Sep 25, Q2, CP5 and section 47 are no figures.":       nil,
		"Within 20 working days, aged 16 to 17, 12-15 year olds, per 10,000, in 2024-25, 3 weeks.": nil,
		"It decreased 12 times and was marked 45.":                                                 {no("12"), no("45")},
		"RAG: red, as expected.":                nil,
		"RAG: green.":                           {"The commentary says green; by its target it is red."},
		"The measure is rated Amber.":           {"The commentary says amber; by its target it is red."},
		"This should be rated green by spring.": nil,
		"We asked the Green family.":            nil,
		"The target was met.":                   {`The commentary says "target was met"; the row is red: 60 is 5 above the target of 55, beyond the tolerance of 2.`},
		"The target was not met.":               nil,
		"We aim to be on target soon.":          nil,
	} {
		t.Run(text, func(t *testing.T) {
			h := hold(t).months("cla_residential", map[string]any{"2025-08": 50, "2025-09": 60})
			h.say("cla_residential", "2025-09-30", text)
			r := rowsOf(t, h, "[[row]]\nmeasure = \"cla_residential\"\ntarget = 55\ntolerance = 2")[0]
			if diff := cmp.Diff(want, r.Flags); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("green, yet said to be missed", func(t *testing.T) {
		h := hold(t).months("cla_residential", map[string]any{"2025-09": 50})
		h.say("cla_residential", "2025-09-30", "We have missed our target.")
		r := rowsOf(t, h, "[[row]]\nmeasure = \"cla_residential\"\ntarget = 55")[0]
		if len(r.Flags) != 1 || !strings.Contains(r.Flags[0], `"missed our target"; the row is green`) {
			t.Error(r.Flags)
		}
	})
	t.Run("of an earlier figure", func(t *testing.T) {
		h := hold(t).months("cla_residential", map[string]any{"2025-09": 50})
		h.say("cla_residential", "2025-08-31", "412 children.").say("cla", "2025-09-30", "Another row's.")
		r := rowsOf(t, h, "[[row]]\nmeasure = \"cla_residential\"\ntarget = 55")[0]
		if !r.Comment.Stale || !slices.Equal(r.Flags, []string{"The commentary is about figures of 31 August 2025; the row is of 30 September 2025."}) {
			t.Errorf("%+v %v", r.Comment, r.Flags)
		}
	})
}

func TestScorecardInWords(t *testing.T) {
	h := neighbourly(t).months("cla_residential", map[string]any{"2025-08": 50, "2025-09": 60})
	h.say("cla_residential", "2025-09-30", "412 children.")
	rows := `
[[row]]
section = "Front door"
measure = "rereferrals"
target_from = "neighbours"
target_is = "below"
tolerance = 3
target_by = "national"
[[row]]
section = "Care"
measure = "cla_residential"
target = 55
[[row]]
section = "Care"
measure = "cla"
[[row]]
section = "Care"
measure = "care_leavers_eet"
target = 60
`
	v, err := card(t, h, h.cat, rows, "")
	if err != nil {
		t.Fatal(err)
	}
	p := panel(v, dashboard.Scorecard)
	if p.Title != "0 of 2 measures on target" || p.Subtitle != "Middlesbrough, figures to 30 September 2025; previous is the latest figure of at least a month before" {
		t.Errorf("%s\n%s", p.Title, p.Subtitle)
	}
	if want := "Of 2 measures rated, 1 off target but within tolerance and 1 off target; besides, 1 for information and 1 not rated although there is a target; there is no figure for 2."; p.Sentence != want {
		t.Error(p.Sentence)
	}
	if want := []string{"Measure", "Section", "Unit", "Good is", "Target", "Target set", "Tolerance", "Previous", "Previous period", "Current", "Current period", "Whose figure", "Change", "Direction of travel", "Rating", "Why", "Neighbours' mean", "Region", "England", "Others' period", "Commentary"}; !cmp.Equal(want, p.Table.Columns) {
		t.Error(cmp.Diff(want, p.Table.Columns))
	}
	all := strings.Join(slices.Concat(p.Table.Rows...), "|")
	for _, want := range []string{"↑ up 10 (20.0%) since 31 August 2025: worse", "Amber", "for information", "Not rated", "412 children."} {
		if !strings.Contains(all, want) {
			t.Errorf("the table lacks %q: %s", want, all)
		}
	}
	if strings.Contains(all, "row has no") {
		t.Error("a flag is in the download")
	}
	if !strings.Contains(p.Source, "DfE") || !strings.Contains(p.Source, "2025 model") {
		t.Errorf("source %q", p.Source)
	}
	var missing []string
	for _, m := range v.Missing {
		missing = append(missing, m.Code+": "+m.How)
	}
	if len(missing) != 2 || !strings.HasPrefix(missing[0], "cla: Published by DfE in Children looked after in England including adoptions: import that file") {
		t.Errorf("missing %q", missing)
	}
	if h.reads != 1 {
		t.Errorf("%d reads", h.reads)
	}
}
