package store_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func TestSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	check := func(want stat.Settings) {
		t.Helper()
		got, err := db.Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("settings (-want +got):\n%s", diff)
		}
	}
	check(stat.DefaultSettings)
	first := stat.Settings{Public: true, SecondPerson: true, MaskViewers: true, Threshold: 7, Thresholds: map[string]int{"cla": 0, "cpp": 10}, By: "Ann", At: morning}
	do(t, db, func() error { return db.SaveSettings(t.Context(), first) })
	check(first)
	for name, s := range map[string]stat.Settings{
		"below none":        {Threshold: -1, By: "Ann"},
		"a measure's below": {Thresholds: map[string]int{"cla": -1}, By: "Ann"},
		"of no measure":     {Thresholds: map[string]int{"": 5}, By: "Ann"},
		"nobody":            {Threshold: 5, By: " "},
	} {
		if err := db.SaveSettings(t.Context(), s); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	check(first)
	do(t, db, func() error {
		return db.SaveSettings(t.Context(), stat.Settings{By: " Bob ", At: morning.Add(time.Hour)})
	})
	check(stat.Settings{By: "Bob", At: morning.Add(time.Hour)})
	if stat.DefaultSettings.By != "" || stat.DefaultSettings.Threshold != 5 {
		t.Errorf("the default settings became %+v", stat.DefaultSettings)
	}
	db.Close()
	if n := rows(t, path, "settings"); n != 2 {
		t.Errorf("%d rows are kept, want both", n)
	}
}
