package dashboard_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/dashboards"
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

// TestRatings holds one figure against every kind of target.
func TestRatings(t *testing.T) {
	for name, tc := range map[string]struct {
		row  string
		is   any // value of cla_residential, low is good, in September 2025
		code string
		says string
	}{
		"no target":                 {``, 60, "none", "No target is set: for information."},
		"met":                       {"target = 65", 60, "green", "60 meets the target: at most 65."},
		"exactly met":               {"target = 60", 60, "green", "60 meets the target: at most 60."},
		"missed":                    {"target = 55", 60, "red", "60 is 5 above the target of 55."},
		"beyond tolerance":          {"target = 55\ntolerance = 2", 60, "red", "60 is 5 above the target of 55, beyond the tolerance of 2."},
		"at the tolerance":          {"target = 55\ntolerance = 5", 60, "amber", "60 is 5 above the target of 55, within the tolerance of 5."},
		"no tolerance at all":       {"target = 55\ntolerance = 0", 60, "red", "60 is 5 above the target of 55, beyond the tolerance of 0."},
		"good is high here":         {"target = 55\ngood = \"high\"", 60, "green", "60 meets the target: at least 55."},
		"good is high, missed":      {"target = 65\ngood = \"high\"\ntolerance = 5", 60, "amber", "60 is 5 below the target of 65, within the tolerance of 5."},
		"a decimal target":          {"target = 59.5\ntolerance = 1", 60, "amber", "60 is 0.5 above the target of 59.5, within the tolerance of 1."},
		"strictly below, at it":     {"target = 60\ntarget_is = \"below\"", 60, "red", "60 is the same as the target of 60; it is to be below."},
		"strictly below, tolerated": {"target = 60\ntarget_is = \"below\"\ntolerance = 1", 60, "amber", "60 is the same as the target of 60; it is to be below, within the tolerance of 1."},
		"strictly below, met":       {"target = 85\ntarget_is = \"below\"", 60, "green", "60 meets the target: below 85."},
		"strictly below, missed":    {"target = 50\ntarget_is = \"below\"", 60, "red", "60 is 10 above the target, which is below 50."},
		"inside the range":          {"range = [50, 60]", 60, "green", "60 meets the target: between 50 and 60."},
		"above the range":           {"range = [50, 55]\ntolerance = 5", 60, "amber", "60 is 5 above the target, which is between 50 and 55, within the tolerance of 5."},
		"below the range":           {"range = [70, 80]", 60, "red", "60 is 10 below the target, which is between 70 and 80."},
		"a zero is a figure":        {"target = 5", 0, "green", "0 meets the target: at most 5."},
		"a target of zero":          {"target = 0", 1, "red", "1 is 1 above the target of 0."},
		"suppressed":                {"target = 55", stat.Confidential, "none", "The figure is withheld to protect children's identities, so there is no rating."},
		"no figure":                 {"target = 55", nil, "none", "No figure is held, so there is no rating."},
	} {
		t.Run(name, func(t *testing.T) {
			h := hold(t)
			h.pop("Middlesbrough", 2024, 33000)
			if tc.is != nil {
				h.months("cla_residential", map[string]any{"2025-09": tc.is})
			}
			r := rowsOf(t, h, "[[row]]\nmeasure = \"cla_residential\"\n"+tc.row)[0]
			if r.Rating.Code != tc.code || r.Rating.Reason != tc.says {
				t.Errorf("%s: %s, want %s: %s", r.Rating.Code, r.Rating.Reason, tc.code, tc.says)
			}
			if (r.Rating.Shape == "") != (tc.code == "none") || r.Rating.Word == "" {
				t.Errorf("rating %+v is told by colour alone", r.Rating)
			}
		})
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

func TestTargetsThatAreOthersFigures(t *testing.T) {
	row := "[[row]]\nmeasure = \"rereferrals\"\ntarget_by = \"local\"\n"
	for name, tc := range map[string]struct{ row, code, says, words string }{
		"above the mean": {`target_from = "neighbours"` + "\n" + `target_is = "below"`, "red",
			"24.0% is 2.6 percentage points above the neighbours' mean of 21.4% (year ending 31 March 2025), which it is to be below.",
			"below the neighbours' mean of 21.4% (year ending 31 March 2025)"},
		"tolerated": {`target_from = "region"` + "\n" + `target_is = "below"` + "\ntolerance = 3", "amber",
			"24.0% is 2.6 percentage points above the regional figure of 21.4% (North East, year ending 31 March 2025), which it is to be below, within the tolerance of 3 percentage points.",
			"below the regional figure of 21.4% (North East, year ending 31 March 2025)"},
		"the other way": {`target_from = "england"` + "\n" + `target_is = "above"` + "\n" + `good = "high"`, "green",
			"24.0% is 2.5 percentage points above England's figure of 21.5% (year ending 31 March 2025), as the target asks.",
			"above England's figure of 21.5% (year ending 31 March 2025)"},
	} {
		t.Run(name, func(t *testing.T) {
			r := rowsOf(t, neighbourly(t), row+tc.row)[0]
			if r.Rating.Code != tc.code || r.Rating.Reason != tc.says || r.Target.Words != tc.words {
				t.Errorf("%s: %s\n%s", r.Rating.Code, r.Rating.Reason, r.Target.Words)
			}
			if r.Target.By != dashboard.LocalTarget || r.Target.ByWords != "local target" {
				t.Errorf("target %+v", r.Target)
			}
		})
	}
	alone := hold(t)
	alone.dfe("rereferrals", "Middlesbrough", "2025", nil, 24.0)
	r := rowsOf(t, alone, row+`target_from = "neighbours"`+"\n"+`target_is = "below"`)[0]
	if r.Rating.Code != dashboard.Unrated || r.Rating.Reason != "The target is to be below the neighbours' mean, which is not held, so there is no rating." {
		t.Errorf("%+v", r.Rating)
	}
}

func TestTheNewestFigureIsComparedWithWhatWasPublished(t *testing.T) {
	h := neighbourly(t)
	h.months("rereferrals", map[string]any{"2025-07": 20.0, "2025-08": 19.5, "2025-09": 19.0})
	r := rowsOf(t, h, "[[row]]\nref = \"FD2\"\nmeasure = \"rereferrals\"")[0]
	if r.Current.Text != "19.0%" || r.Current.Label != "September 2025" || r.Current.Publisher != "the council's own" {
		t.Errorf("current %+v", r.Current)
	}
	if r.Previous.Text != "19.5%" || r.Travel.Words != "down 0.5 percentage points on August 2025: better; it may be the season or chance" || r.Travel.Arrow != "↓" {
		t.Errorf("previous %+v, travel %+v", r.Previous, r.Travel)
	}
	if r.Neighbours.Bare != "21.4" || r.Neighbours.Label != "year ending 31 March 2025" || r.Region.Name != "North East" || r.England.Text != "21.5%" {
		t.Errorf("others %+v %+v %+v", r.Neighbours, r.Region, r.England)
	}
	if len(r.Series) != 3 || r.Series[0].Text != "20.0" {
		t.Errorf("series %+v", r.Series)
	}
	if r.Ref != "FD2" || r.Path != "/measures/rereferrals" || r.Good != "low" {
		t.Errorf("row %+v", r)
	}
}

// A month is not held against others' year: the area's own year is, or nothing.
func TestAMonthIsNotRatedAgainstAYear(t *testing.T) {
	const row = "[[row]]\nmeasure = \"rereferrals\"\ntarget_from = \"neighbours\"\ntarget_is = \"below\""
	h := neighbourly(t).months("rereferrals", map[string]any{"2025-09": 19.0})
	r := rowsOf(t, h, row)[0]
	if want := "24.0% in the year ending 31 March 2025 is 2.6 percentage points above the neighbours' mean of 21.4% (year ending 31 March 2025), which it is to be below. The current figure is of a month and theirs of a year, so it is not the one rated."; r.Current.Text != "19.0%" || r.Rating.Code != dashboard.Red || r.Rating.Reason != want {
		t.Errorf("%s, %s: %s", r.Current.Text, r.Rating.Code, r.Rating.Reason)
	}
	h.own("rereferrals", "2025", nil, 20.0)
	h.own("rereferrals", "2026", nil, 20.5).own("rereferrals", "2026-09", nil, 23.0)
	if r := rowsOf(t, h, row)[0]; r.Current.Text != "23.0%" || r.Rating.Code != dashboard.Green || !strings.HasPrefix(r.Rating.Reason, "20.5% in the year ending 31 March 2026 is 0.9 percentage points below") {
		t.Errorf("a later year of the council's own: %s, %s: %s", r.Current.Text, r.Rating.Code, r.Rating.Reason)
	}
	alone := hold(t)
	alone.near("2025", "Middlesbrough", "Hartlepool").dfe("rereferrals", "Hartlepool", "2025", nil, 21.4)
	alone.months("rereferrals", map[string]any{"2025-09": 19.0})
	if r := rowsOf(t, alone, row)[0]; r.Rating.Code != dashboard.Unrated || r.Rating.Reason != "The figure is of a month and the others' of a year, so there is no rating." {
		t.Errorf("without a year: %+v", r.Rating)
	}
}

// What happens in a month goes with the seasons, so it is set against the same
// month a year before.
func TestAMonthIsSetAgainstTheSameMonth(t *testing.T) {
	h := hold(t)
	for period, n := range map[string]int{"2024-09": 300, "2025-08": 200, "2025-09": 312} {
		h.own("referrals", period, n, nil)
	}
	v, err := card(t, h, h.cat, "[[row]]\nmeasure = \"referrals\"\nshow = \"count\"", "")
	if err != nil {
		t.Fatal(err)
	}
	p := panel(v, dashboard.Scorecard)
	if r := p.Scorecard.Rows[0]; r.Previous.Label != "September 2024" || r.Travel.Words != "up 12 (4.0%) on September 2024" {
		t.Errorf("previous %s, travel %q", r.Previous.Label, r.Travel.Words)
	}
	if !strings.HasSuffix(p.Subtitle, "the latest figure of at least a month before, or the same month or quarter a year before of what goes with the seasons") {
		t.Error(p.Subtitle)
	}
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

// Having children in care is neither good nor bad, so no built-in rates it.
func TestNoBuiltInRatesChildrenInCare(t *testing.T) {
	defs, err := dashboard.Load(dashboards.FS, catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, def := range defs {
		for _, r := range def.Rows {
			if r.Measure != "cla" {
				continue
			}
			if rows++; r.Target != nil || r.Range != nil || r.TargetFrom != "" || r.Good != "" {
				t.Errorf("%s rates %s %s", def.Name, r.Ref, r.Measure)
			}
		}
	}
	if rows == 0 {
		t.Error("no scorecard has children looked after")
	}
}

// TestTheReaderChoosesTheCadence over the scorecard's own, by the address.
func TestTheReaderChoosesTheCadence(t *testing.T) {
	h := hold(t).months("cla_residential", map[string]any{"2025-03": 30, "2025-06": 40, "2025-08": 50, "2025-09": 60})
	area, err := h.cat.Area(home)
	if err != nil {
		t.Fatal(err)
	}
	b, err := dashboard.New(fstest.MapFS{
		"card.toml":  {Data: []byte("title = \"Card\"\ncadence = \"month\"\n[[row]]\nmeasure = \"cla_residential\"\n")},
		"topic.toml": {Data: []byte("title = \"Topic\"\n[[panel]]\nkind = \"trend\"\nmeasure = \"cla\"\n")},
	}, h.cat, area)
	if err != nil {
		t.Fatal(err)
	}
	for chosen, want := range map[string][2]string{
		"": {"month", "50"}, "month": {"month", "50"}, "six weeks": {"six weeks", "40"}, "quarter": {"quarter", "40"}, "year": {"year", ""},
	} {
		sel, err := b.Select(url.Values{"cadence": {chosen}}.Get)
		if err != nil {
			t.Fatal(err)
		}
		v, err := b.Dashboard(t.Context(), h, "card", sel)
		if err != nil {
			t.Fatal(err)
		}
		sc := panel(v, dashboard.Scorecard).Scorecard
		if got := [2]string{v.Selection.Cadence, sc.Rows[0].Previous.Bare}; got != want || sc.Cadence != want[0] || len(v.Cadences) != 4 {
			t.Errorf("%q: %q, want %q", chosen, got, want)
		}
		if v, err := b.Dashboard(t.Context(), h, "topic", sel); err != nil || v.Selection.Cadence != "" || v.Cadences != nil {
			t.Errorf("%q: a dashboard without rows has a cadence, %v", chosen, err)
		}
	}
	var choice *dashboard.ChoiceError
	if _, err := b.Select(url.Values{"cadence": {"fortnight"}}.Get); !errors.As(err, &choice) || choice.Field != "cadence" || !strings.Contains(err.Error(), "month, six weeks, quarter, year") {
		t.Errorf("error %v", err)
	}
}

func TestHowFarBackPreviousLies(t *testing.T) {
	months := map[string]any{"2025-03": 70, "2025-05": 68, "2025-06": 66, "2025-07": 64, "2025-08": 62, "2025-09": 60}
	for cadence, want := range map[string]string{
		"month": "31 August 2025", "six weeks": "31 July 2025", "quarter": "30 June 2025", "year": "",
	} {
		t.Run(cadence, func(t *testing.T) {
			h := hold(t).months("cla_residential", months)
			r := rowsOf(t, h, "cadence = \""+cadence+"\"\n[[row]]\nmeasure = \"cla_residential\"")[0]
			if r.Previous.Label != want {
				t.Errorf("previous is of %q, want %q", r.Previous.Label, want)
			}
			if (r.Travel.Words == "") != (want == "") {
				t.Errorf("travel %+v", r.Travel)
			}
		})
	}
}

func TestQuartersStandForMonthsInAQuarterlyScorecard(t *testing.T) {
	h := hold(t).months("cic_budget_share", map[string]any{"2025-26-Q1": 50.0, "2025-26-Q2": 52.0, "2025-10": 53.0})
	for cadence, want := range map[string]string{"quarter": "1 July 2025 to 30 September 2025", "month": "October 2025"} {
		r := rowsOf(t, h, "cadence = \""+cadence+"\"\n[[row]]\nmeasure = \"cic_budget_share\"")[0]
		if r.Current.Label != want {
			t.Errorf("%s: current is of %s", cadence, r.Current.Label)
		}
	}
	h.months("cic_budget_share", map[string]any{"2026-03": 55.0}) // the quarters have stopped
	if r := rowsOf(t, h, "cadence = \"quarter\"\n[[row]]\nmeasure = \"cic_budget_share\"")[0]; r.Current.Label != "March 2026" {
		t.Errorf("current is of %s", r.Current.Label)
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

// On a common day a monthly scorecard keeps to the council's months, and says
// that DfE published another figure.
func TestMonthsAreSetAgainstMonths(t *testing.T) {
	h := neighbourly(t).months("rereferrals", map[string]any{"2025-01": 20.0})
	h.dfe("cla_residential", "Middlesbrough", "2025-03-31", nil, 63).dfe("cla_residential", "Middlesbrough", "2024-03-31", nil, 70)
	h.months("cla_residential", map[string]any{"2025-02": 62, "2025-03": 61})
	v, err := card(t, h, h.cat, "[[row]]\nmeasure = \"cla_residential\"", "")
	if err != nil {
		t.Fatal(err)
	}
	p := panel(v, dashboard.Scorecard)
	if r := p.Scorecard.Rows[0]; r.Current.Text != "61" || r.Previous.Text != "62" || r.Current.Publisher != "the council's own" {
		t.Errorf("current %+v, previous %+v", r.Current, r.Previous)
	}
	if len(p.Warnings) != 1 || !strings.HasSuffix(p.Warnings[0], "the council's own figure was 61, but DfE published 63.") {
		t.Errorf("warnings %q", p.Warnings)
	}
	if r := rowsOf(t, h, "cadence = \"year\"\n[[row]]\nmeasure = \"cla_residential\"")[0]; r.Current.Text != "63" || r.Previous.Text != "70" {
		t.Errorf("by year: current %+v, previous %+v", r.Current, r.Previous)
	}
}

// A reader may compare with others; the target stays what it is.
func TestATargetDoesNotMoveWithTheReader(t *testing.T) {
	h := neighbourly(t)
	h.near("2021", "Middlesbrough", "Hartlepool")
	area, _ := h.cat.Area(home)
	b, err := dashboard.New(fstest.MapFS{"card.toml": {Data: []byte("title = \"T\"\ncadence = \"year\"\n[[row]]\nmeasure = \"rereferrals\"\ntarget_from = \"neighbours\"\ntarget_is = \"below\"\n")}}, h.cat, area)
	if err != nil {
		t.Fatal(err)
	}
	for model, want := range map[string][2]string{
		"2025": {"21.4", "below the neighbours' mean of 21.4% (year ending 31 March 2025)"},
		"2021": {"20.5", "below the 2025 neighbours' mean of 21.4% (year ending 31 March 2025)"},
	} {
		v, err := b.Dashboard(t.Context(), h, "card", dashboard.Selection{Neighbours: model})
		if err != nil {
			t.Fatal(err)
		}
		if r := panel(v, dashboard.Scorecard).Scorecard.Rows[0]; r.Neighbours.Bare != want[0] || r.Target.Words != want[1] {
			t.Errorf("%s: %s, %s", model, r.Neighbours.Bare, r.Target.Words)
		}
	}
}

func TestTheCouncilsFirstFigureFollowsThePublished(t *testing.T) {
	h := small(t)
	h.add(stat.Council, "cla", "Middlesbrough", "2025-09-30", 505, 141)
	r := rowsOf(t, h, "[[row]]\nmeasure = \"cla\"\nshow = \"count\"\ntarget = 480\ntarget_is = \"below\"\ntolerance = 10")[0]
	if r.Current.Text != "505" || r.Previous.Text != "493" || r.Previous.Publisher != "DfE" {
		t.Errorf("current %+v, previous %+v", r.Current, r.Previous)
	}
	if want := "up 12 (2.4%) since 31 March 2025 (DfE's figure): worse"; r.Travel.Words != want {
		t.Errorf("travel %q", r.Travel.Words)
	}
	if r.Neighbours.Text != "" || r.England.Text != "" {
		t.Error("numbers are compared with others' rates")
	}
}

func TestAScorecardOfAnEarlierDay(t *testing.T) {
	h := hold(t).months("cla_residential", map[string]any{"2025-07": 64, "2025-08": 62, "2025-09": 60})
	h.say("cla_residential", "2025-08-31", "62 children.").say("cla_residential", "2025-09-30", "60 children.")
	v, err := card(t, h, h.cat, "[[row]]\nmeasure = \"cla_residential\"", "2025-08-31")
	if err != nil {
		t.Fatal(err)
	}
	r := panel(v, dashboard.Scorecard).Scorecard.Rows[0]
	if r.Current.Text != "62" || r.Previous.Text != "64" || len(r.Series) != 2 || r.Comment.Text != "62 children." {
		t.Errorf("%+v", r)
	}
	if want := []dashboard.Choice{{"2025-09-30", "30 September 2025"}, {"2025-08-31", "31 August 2025"}, {"2025-07-31", "31 July 2025"}}; !cmp.Equal(want, v.Periods) {
		t.Errorf("periods %v", v.Periods)
	}
	if _, err := card(t, h, h.cat, "[[row]]\nmeasure = \"cla\"", "soon"); err == nil {
		t.Error("any period is accepted")
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

// TestADashboardWithoutFigures names what to import and shows no empty cards.
func TestADashboardWithoutFigures(t *testing.T) {
	h := small(t)
	b := boards(t, h.cat)
	v, err := b.Dashboard(t.Context(), h, "workforce", dashboard.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Panels) != 0 || len(v.Missing) != 6 || len(v.Warnings) != 1 || !strings.Contains(v.Warnings[0], "Import a file") {
		t.Errorf("%d panels, missing %v, warnings %q", len(v.Panels), v.Missing, v.Warnings)
	}
	if how := v.Missing[5].How; how != "The council's own: put it on the monthly return and import that." {
		t.Error(how)
	}
}

// TestEveryDashboardOfTheBox opens each with the published figures.
func TestEveryDashboardOfTheBox(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := box(t), boards(t, cat)
	for _, name := range b.Names() {
		v, err := b.Dashboard(t.Context(), db, name, dashboard.Selection{})
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, p := range v.Panels {
			if p.ID == "" || ids[p.ID] || p.Title == "" || p.Sentence == "" {
				t.Errorf("%s: panel %q, %q: %q", name, p.ID, p.Title, p.Sentence)
			}
			ids[p.ID] = true
		}
		if len(v.Panels) == 0 && len(v.Missing) == 0 {
			t.Errorf("%s shows nothing and does not say why", name)
		}
		t.Logf("%s: %d panels, %d measures missing, warnings %q", name, len(v.Panels), len(v.Missing), v.Warnings)
	}
}

func TestRowFaultsNameFileAndLine(t *testing.T) {
	cat := catalogue(t)
	const head = "title = \"T\"\ncadence = \"month\"\n[[row]]\nmeasure = \"cla\"\n" // four lines
	for name, tc := range map[string]struct{ toml, want string }{
		"no cadence":         {"title = \"T\"\n[[row]]\nmeasure = \"cla\"\n", "x.toml:1: a dashboard with [[row]] needs a cadence"},
		"unknown cadence":    {"title = \"T\"\ncadence = \"day\"\n[[row]]\nmeasure = \"cla\"\n", `x.toml:2: cadence "day" is none of month, six weeks, quarter, year`},
		"cadence of nothing": {"title = \"T\"\ncadence = \"month\"\n[[panel]]\nkind = \"trend\"\nmeasure = \"cla\"\n", "x.toml:2: a cadence is of the [[row]]s"},
		"unknown measure":    {"title = \"T\"\ncadence = \"month\"\n[[row]]\nref = \"A\"\nmeasure = \"clown\"\n", `x.toml:5: measure "clown"`},
		"unknown setting":    {head + "colour = 3\n", `x.toml:5: "row.colour" is not a setting`},
		"unknown good":       {head + "good = \"middling\"\n", `x.toml:5: good "middling" is none of high, low, none`},
		"unknown show":       {head + "show = \"rate\"\n", `x.toml:5: show "rate" is none of value, count`},
		"unknown source":     {head + "target_from = \"mars\"\ntarget_is = \"below\"\n", `x.toml:5: target_from "mars"`},
		"unknown side":       {head + "target = 3\ntarget_is = \"beside\"\n", `x.toml:6: target_is "beside"`},
		"unknown setter":     {head + "target_by = \"me\"\n", `x.toml:5: target_by "me"`},
		"two targets":        {head + "good = \"low\"\ntarget = 3\nrange = [1, 2]\n", "x.toml:4: cla has more than one target"},
		"range upside down":  {head + "range = [2, 1]\n", "x.toml:5: a range is two numbers"},
		"range of one":       {head + "range = [2]\n", "x.toml:5: a range is two numbers"},
		"endless target":     {head + "good = \"low\"\ntarget = inf\n", "x.toml:6: the target is not a number"},
		"tolerance below 0":  {head + "good = \"low\"\ntarget = 3\ntolerance = -1\n", "x.toml:7: the tolerance is not a number of 0 or more"},
		"tolerance alone":    {head + "tolerance = 1\n", "x.toml:5: there is no target for this tolerance"},
		"setter alone":       {head + "target_by = \"local\"\n", "x.toml:5: there is no target for this target_by"},
		"which way":          {head + "target = 480\n", "x.toml:5: neither high nor low is good of cla"},
		"which side of them": {head + "target_from = \"region\"\n", "x.toml:5: say whether the figure is to be below or above"},
		"numbers of others":  {head + "show = \"count\"\ntarget_from = \"region\"\ntarget_is = \"below\"\n", "x.toml:6: plain numbers depend on the size"},
		"against itself":     {head + "good = \"high\"\ntarget = 3\ntarget_is = \"below\"\n", "x.toml:7: the target is to be below it, yet high is good"},
		"range with a side":  {head + "range = [1, 2]\ntarget_is = \"below\"\n", "x.toml:6: a range needs no target_is"},
		"twice":              {head + "[[row]]\nmeasure = \"lac\"\n", "x.toml:6: there is already a row of cla"},
		"section torn apart": {head + "section = \"A\"\n[[row]]\nsection = \"B\"\nmeasure = \"cpp\"\n[[row]]\nsection = \"A\"\nmeasure = \"cin\"\n", `x.toml:10: section "A" stands in two places`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dashboard.Load(fstest.MapFS{"x.toml": {Data: []byte(tc.toml)}}, cat)
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
	twice := head + "show = \"count\"\n[[row]]\nmeasure = \"cla\"\nref = \"CP2\"\n"
	if _, err := dashboard.Load(fstest.MapFS{"x.toml": {Data: []byte(twice)}}, cat); err != nil {
		t.Errorf("a measure's number and rate, told apart by a ref: %v", err)
	}
}

// FuzzScorecard lays out whatever rows a definition and commentary can have.
func FuzzScorecard(f *testing.F) {
	cat := catalogue(f)
	f.Add("target = 55\ntolerance = 2", "412 children. RAG: green.")
	f.Add("range = [50, 55.5]", "4% on 31 March; the target was met")
	f.Add("target_from = \"neighbours\"\ntarget_is = \"below\"", "")
	f.Fuzz(func(t *testing.T, row, text string) {
		area, _ := cat.Area(home)
		b, err := dashboard.New(fstest.MapFS{"card.toml": {Data: []byte("title = \"T\"\ncadence = \"month\"\n[[row]]\nmeasure = \"rereferrals\"\n" + row)}}, cat, area)
		if err != nil {
			return
		}
		h := neighbourly(t)
		h.say("rereferrals", "2025-03-31", text)
		v, err := b.Dashboard(t.Context(), h, "card", dashboard.Selection{})
		if err != nil {
			t.Fatal(err)
		}
		if p := panel(v, dashboard.Scorecard); p == nil || p.Scorecard.Rows[0].Rating.Reason == "" {
			t.Errorf("no rating of %q", row)
		}
	})
}
