package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
)

func TestReleases(t *testing.T) {
	db := open(t)
	published := func(file, publisher string, released stat.Release, o stat.Observation) stat.Submission {
		s := submission(file, publisher, released, o)
		s.Batch.Published, s.Batch.PublishedBy = time.Now(), "Pat"
		return s
	}
	other := cin("9", "")
	other.Measure = "cla"
	keep(t, db,
		published("march.csv", stat.Council, "2025-04-10", cin("7", "")),
		published("again.csv", stat.Council, "2025-04-10", cin("8", "")),
		published("month.csv", stat.Council, "2024-11", cin("6", "")),
		published("dfe.csv", stat.DfE, "2025-10-30", cin("7", "")),
		published("other.csv", stat.Council, "2025-06-01", other),
		submission("draft.csv", stat.Council, "2025-07-01", cin("5", "")))
	gone := keep(t, db, published("gone.csv", stat.Council, "2025-05-05", cin("4", "")))

	day := func(y int, m time.Month, d int) stat.Date { return stat.Date{Year: y, Month: m, Day: d} }
	tests := []struct {
		name, measure string
		want          []stat.Date
	}{
		{"several", "cin", []stat.Date{day(2024, 11, 30), day(2025, 4, 10), day(2025, 5, 5)}},
		{"one", "cla", []stat.Date{day(2025, 6, 1)}},
		{"none", "cpp", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := db.Releases(t.Context(), tt.measure)
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
	if _, err := db.Withdraw(t.Context(), gone.ID, "Pat", "wrong month", time.Now()); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Releases(t.Context(), "cin"); err != nil || len(got) != 2 {
		t.Errorf("after a withdrawal: %v (%v)", got, err)
	}
}
