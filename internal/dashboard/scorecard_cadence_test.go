package dashboard_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

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
