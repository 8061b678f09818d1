package web_test

import (
	"net/http"
	"slices"
	"testing"

	"bellwether/internal/stat"
)

// settingsFields are those of the form of settings, with others in their place.
func (s *site) settingsFields(changed ...string) []string {
	s.Helper()
	fields := filled(s.get("/settings").want(http.StatusOK).page().Find(`main form[action="/settings"]`))
	for i := 0; i < len(changed); i += 2 {
		at := -1
		for j := 0; j < len(fields); j += 2 {
			if fields[j] == changed[i] {
				at = j
			}
		}
		if at < 0 {
			fields = append(fields, changed[i], changed[i+1])
		} else {
			fields[at+1] = changed[i+1] // the last of them, which is the new one
		}
	}
	return fields
}

func (s *site) settings() stat.Settings {
	s.Helper()
	held, err := s.db.Settings(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return held
}

// What settings change is said first, and nothing is saved before.
func TestSettings(t *testing.T) {
	s := newSite(t)
	s.get("/settings").says("Nobody has changed these settings yet", "whoever reaches this address")
	check := s.post("/settings", s.settingsFields("public", "yes", "second", "yes", "threshold", "7")...).want(http.StatusOK)
	check.says("Nothing is saved yet", "Anyone may read what is published: Yes", "without signing in", "A second person publishes: Yes", "counts from 1 to 7 are shown as c", "Until now: 5")
	if held := s.settings(); held.Public || !held.At.IsZero() {
		t.Fatalf("saved before it was agreed to: %+v", held)
	}
	s.get(s.post("/settings", filled(check.page().Find("main form"))...).location()).says("The settings hold from now on", "Last changed 21 November 2026")
	if held := s.settings(); !held.Public || !held.SecondPerson || held.MaskViewers || held.Threshold != 7 || len(held.Thresholds) != 0 || held.By == "" {
		t.Errorf("saved are %+v", held)
	}
	if act := s.lastAct(); act.What != "settings.save" {
		t.Errorf("the audit trail ends with %+v", act)
	}
	var twin stat.Settings
	s.get("/settings.json").want(http.StatusOK).json(&twin)
	if !twin.Public || twin.Threshold != 7 || twin.Thresholds == nil {
		t.Errorf("the JSON is %+v", twin)
	}
}

// A measure may have a threshold of its own, and loses it again.
func TestThresholdsOfMeasures(t *testing.T) {
	s := newSite(t)
	check := s.post("/settings", s.settingsFields("measure", "cla", "own", "10")...).want(http.StatusOK).says("counts from 1 to 10 are shown as c", "Until now: as for the others")
	s.post("/settings", filled(check.page().Find("main form"))...).location()
	if held := s.settings(); held.ThresholdOf("cla") != 10 || held.ThresholdOf("cpp") != 5 {
		t.Fatalf("saved are %+v", held)
	}
	s.post("/settings", s.settingsFields("measure", "cla", "own", "3")...).want(http.StatusBadRequest).says("has a number already")
	fields := s.settingsFields()
	fields[slices.Index(fields, "own")+1] = ""
	check = s.post("/settings", fields...).want(http.StatusOK).says("as for the others", "Until now: 10", "counts from 1 to 5")
	s.post("/settings", filled(check.page().Find("main form"))...).location()
	if held := s.settings(); len(held.Thresholds) != 0 {
		t.Errorf("left are %+v", held.Thresholds)
	}
}

func TestSettingsWrong(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct {
		fields      []string
		field, says string
	}{
		"no number":  {[]string{"threshold", "few"}, "threshold", "Give a whole number from 0 to 99"},
		"negative":   {[]string{"threshold", "-1"}, "threshold", "Give a whole number"},
		"large":      {[]string{"threshold", "100"}, "threshold", "Give a whole number"},
		"none":       {[]string{"threshold", ""}, "threshold", "Give a whole number"},
		"no measure": {[]string{"own", "3"}, "measure", "Choose the measure"},
		"unknown":    {[]string{"measure", "nothing", "own", "3"}, "threshold-1", "There is no measure nothing"},
		"own number": {[]string{"measure", "cla", "own", "many"}, "threshold-1", "Give a whole number"},
		"no change":  {nil, "public", "Nothing would change"},
	} {
		page := s.post("/settings", s.settingsFields(c.fields...)...).want(http.StatusBadRequest).says(c.says)
		if doc := page.page(); doc.Find(`.govuk-error-summary a[href="#`+c.field+`"]`).Length() != 1 || doc.Find("#"+c.field).Length() != 1 {
			t.Errorf("%s: the page does not lead to %s", name, c.field)
		}
	}
	if held := s.settings(); !held.At.IsZero() {
		t.Errorf("saved are %+v", held)
	}
}

// What two administrators change at once is not lost.
func TestSettingsMeanwhile(t *testing.T) {
	s := newSite(t)
	fields := append(s.settingsFields("second", "yes"), "agreed", "yes")
	if err := s.db.SaveSettings(t.Context(), stat.Settings{Threshold: 6, By: "Al", At: s.now()}); err != nil {
		t.Fatal(err)
	}
	s.post("/settings", fields...).want(http.StatusConflict).says("Somebody else has changed the settings")
	if held := s.settings(); held.SecondPerson || held.Threshold != 6 {
		t.Errorf("held are %+v", held)
	}
}

// To show the public the smallest numbers is asked twice.
func TestSettingsDoubt(t *testing.T) {
	s := newSite(t)
	const doubt = "down to a single child"
	s.post("/settings", s.settingsFields("public", "yes", "threshold", "0")...).want(http.StatusOK).says(doubt, "No number is masked")
	s.post("/settings", s.settingsFields("public", "yes", "measure", "cla", "own", "0")...).want(http.StatusOK).says("Of some measures", doubt)
	if page := s.post("/settings", s.settingsFields("public", "yes")...).want(http.StatusOK).page(); page.Find(".govuk-warning-text").Length() != 0 {
		t.Error("it warns of what is usual")
	}
}
