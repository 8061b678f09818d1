package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func TestLayouts(t *testing.T) {
	path := t.TempDir() + "/figures.db"
	db := openAt(t, path)
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	save := func(l stat.SavedLayout) {
		t.Helper()
		if err := db.SaveLayout(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want ...stat.SavedLayout) {
		t.Helper()
		got, err := db.Layouts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("layouts (-want +got):\n%s", diff)
		}
	}
	check()
	wards := stat.SavedLayout{Name: "wards", TOML: "kind = \"table\"\n", By: "Ann", At: at}
	monthly := stat.SavedLayout{Name: "Monthly return", TOML: "kind = \"grid\"\n", By: "Ann", At: at}
	save(wards)
	save(stat.SavedLayout{Name: " Monthly return ", TOML: monthly.TOML, By: "Ann", At: at})
	check(monthly, wards)

	better := stat.SavedLayout{Name: "Wards", TOML: "kind = \"table\" # better\n", By: "Bob", At: at.Add(time.Hour)}
	save(better)
	check(monthly, better)

	if err := db.DeleteLayout(t.Context(), "wards", "Bob", morning); err != nil {
		t.Fatal(err)
	}
	check(monthly)
	for _, name := range []string{"wards", "nonesuch", ""} {
		if err := db.DeleteLayout(t.Context(), name, "Bob", morning); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("delete %q: %v", name, err)
		}
	}
	save(wards)
	check(monthly, wards)
	for _, l := range []stat.SavedLayout{{Name: " ", TOML: "x"}, {Name: "x", TOML: " \n"}} {
		if err := db.SaveLayout(t.Context(), l); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("save %+v: %v", l, err)
		}
	}
	db.Close()
	if n := len(texts(t, path, `SELECT name FROM layout`)); n != 5 {
		t.Errorf("%d rows are kept, want all 5", n)
	}
	if who := texts(t, path, `SELECT who || ' ' || saved FROM layout WHERE toml IS NULL`); len(who) != 1 || who[0] != "Bob 2026-11-21T09:30:00Z" {
		t.Errorf("deleted by %q", who)
	}
}

func TestLayoutSavedNow(t *testing.T) {
	db := open(t)
	if err := db.SaveLayout(t.Context(), stat.SavedLayout{Name: "a", TOML: "b", By: "Ann"}); err != nil {
		t.Fatal(err)
	}
	if l, err := db.Layouts(t.Context()); err != nil || time.Since(l[0].At).Abs() > time.Minute {
		t.Errorf("%+v, %v", l, err)
	}
}
