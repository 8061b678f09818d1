package dashboard_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"bellwether/dashboards"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

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
