package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func TestSteward(t *testing.T) {
	db := open(t)
	version := read(t, db, stat.Query{}).Version
	say := func(s stat.Steward) {
		t.Helper()
		s.By, s.At = "Pat", morning
		if err := db.SaveSteward(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		v := read(t, db, stat.Query{}).Version
		if v <= version {
			t.Errorf("the version went from %d to %d", version, v)
		}
		version = v
	}
	say(stat.Steward{Measure: "cpp", Owner: "Head of Safeguarding"})
	say(stat.Steward{Measure: "cin", Owner: "Somebody"})
	say(stat.Steward{Measure: "cin", Owner: " Head of Help ", Review: day(t, "2027-03-31"), Unmeasured: " no system yet "})
	cin := stat.Steward{Measure: "cin", Owner: "Head of Help", Review: day(t, "2027-03-31"), Unmeasured: "no system yet", By: "Pat", At: morning}
	cpp := stat.Steward{Measure: "cpp", Owner: "Head of Safeguarding", By: "Pat", At: morning}
	got, err := db.Stewards(t.Context())
	if diff := cmp.Diff([]stat.Steward{cin, cpp}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, q := range []stat.Query{{}, {Published: true}, {AsOf: day(t, "2020-01-01")}} {
		q.Measures = []string{"cla", "cin"}
		if diff := cmp.Diff([]stat.Steward{cin}, read(t, db, q).Stewards); diff != "" {
			t.Errorf("a holding of %+v (-want +got):\n%s", q, diff)
		}
	}
	say(stat.Steward{Measure: "cin"})
	if got, err := db.Stewards(t.Context()); err != nil || cmp.Diff([]stat.Steward{cpp}, got) != "" {
		t.Errorf("removed, and %+v, %v", got, err)
	}
	act, err := db.Head(t.Context())
	if err != nil || act.What != "measure.steward" || act.On != "measure cin" || act.Who != "Pat" || !act.At.Equal(morning) {
		t.Errorf("the last act is %+v, %v", act, err)
	}

	for name, s := range map[string]stat.Steward{
		"no measure": {Owner: "Jo", By: "Pat"},
		"nobody":     {Measure: "cin", Owner: "Jo", By: " "},
		"no day":     {Measure: "cin", Review: stat.Date{Year: 2027, Month: 2, Day: 30}, By: "Pat"},
	} {
		if err := db.SaveSteward(t.Context(), s); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
