package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// On a full disk nothing is half written, reads go on, and with room again so
// does everything.
func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	first := keep(t, db, submission("first.csv", stat.DfE, "2025-10", many(1, 50, 2)...))
	q := stat.Query{Measures: []string{"m00", "m01"}}
	before := read(t, db, q)
	s := submission("big.csv", stat.DfE, "2025-11", many(2, 100, 6)...)
	s.Measures = []stat.Measure{{Code: "m01", Name: "M", Registered: true}}

	full := func(how string, f func() error) {
		t.Helper()
		err := f()
		if !errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrReopen) ||
			!strings.Contains(err.Error(), "nothing has been kept") || !strings.Contains(err.Error(), "make room") {
			t.Errorf("%s: %v", how, err)
		}
		if !cmp.Equal(before, read(t, db, q)) {
			t.Errorf("%s left something", how)
		}
		if m, _ := registered(t, db); len(m) != 0 {
			t.Errorf("%s left %+v", how, m)
		}
	}
	// However far it gets before the disk is full.
	for room := 0; room < 18; room += 3 {
		limitPages(t, db, path, room)
		full(fmt.Sprintf("an import with room for %d pages", room), func() error {
			_, err := db.Store(t.Context(), s, nil)
			return err
		})
	}
	limitPages(t, db, path, 0)
	full("a layout", func() error {
		return db.SaveLayout(t.Context(), stat.SavedLayout{Name: "long", TOML: strings.Repeat("# long\n", 10_000), By: "Ann"})
	})
	if _, err := db.Withdraw(t.Context(), first.ID, "Ann", "takes no room", morning); err != nil {
		t.Errorf("withdrawing on a full disk: %v", err)
	}

	limitPages(t, db, path, 1<<20)
	if b := keep(t, db, s); b.New != len(s.Observations) {
		t.Errorf("with room again: %+v", b.Changes)
	}
	if n := len(read(t, db, q).Observations); n != len(s.Observations) {
		t.Errorf("%d observations, want %d", n, len(s.Observations))
	}
	sound(t, db, path)
}

// limitPages leaves room for so many more pages.
func limitPages(t *testing.T, db *store.DB, path string, more int) {
	t.Helper()
	limit := texts(t, path, fmt.Sprintf(`SELECT page_count + %d FROM pragma_page_count`, more))
	if err := db.OnWriter(t.Context(), `PRAGMA max_page_count = `+limit[0]); err != nil {
		t.Fatal(err)
	}
}

func sound(t *testing.T, db *store.DB, path string) {
	t.Helper()
	if says := texts(t, path, `SELECT integrity_check FROM pragma_integrity_check`); len(says) != 1 || says[0] != "ok" {
		t.Errorf("integrity: %v", says)
	}
	if says := texts(t, path, `SELECT "table" FROM pragma_foreign_key_check`); len(says) != 0 {
		t.Errorf("references are broken in %v", says)
	}
}

// A commit that failed may have happened: nothing more is written until the
// database has been opened anew, which shows.
func TestFailedCommit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	keep(t, db, restated[0].submission(0))
	s := restated[1].submission(1)
	q := stat.Query{Measures: []string{"cin"}}
	before := read(t, db, q)

	// A reference that is checked at commit, and does not hold.
	exec(t, path, `
		CREATE TABLE parent (id INTEGER PRIMARY KEY);
		CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
		CREATE TRIGGER spoil AFTER INSERT ON batch BEGIN INSERT INTO child VALUES (1); END;`)
	if _, err := db.Store(t.Context(), s, nil); !errors.Is(err, store.ErrReopen) || !strings.Contains(err.Error(), "restart") {
		t.Fatalf("the commit failed with %v", err)
	}
	exec(t, path, `DROP TRIGGER spoil`)

	writes := map[string]func() error{
		"store":         func() error { _, err := db.Store(t.Context(), s, nil); return err },
		"withdraw":      func() error { _, err := db.Withdraw(t.Context(), 1, "Ann", "a test", morning); return err },
		"name":          func() error { return db.NameMeasure(t.Context(), stat.Measure{Code: "a", Name: "A"}, "Ann") },
		"save layout":   func() error { return db.SaveLayout(t.Context(), stat.SavedLayout{Name: "a", TOML: "b"}) },
		"delete layout": func() error { return db.DeleteLayout(t.Context(), "a", "Bob", morning) },
		"save group": func() error {
			return db.SaveGroup(t.Context(), stat.Group{Name: "a", Title: "A", Areas: []string{"b"}, By: "Ann"})
		},
		"save comment": func() error { return db.SaveComment(t.Context(), stat.Comment{Place: "a", Text: "A", By: "Ann"}) },
	}
	for name, write := range writes {
		if err := write(); !errors.Is(err, store.ErrReopen) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := cmp.Diff(before, read(t, db, q)); diff != "" {
		t.Errorf("reads changed:\n%s", diff)
	}
	if c, err := db.Backup(t.Context(), path+".copy", "Ann"); c.Path == "" || !errors.Is(err, store.ErrReopen) {
		t.Errorf("a backup that no act can tell of: %+v, %v", c, err)
	}
	other := openAt(t, path) // no lock was left behind
	keep(t, other, s)
	db.Close()
	sound(t, other, path)
}

// Giving up is no failure: the next import goes on.
func TestGivingUpIsNoDoubt(t *testing.T) {
	db := open(t)
	for room := range 30 {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := db.Store(ctx, submission("a.csv", stat.DfE, "2025-10", many(1, 60, 5)...), func(done, total int) {
			if done == total || done > room*10 {
				cancel()
			}
		})
		cancel()
		if err == nil || errors.Is(err, store.ErrReopen) {
			t.Fatalf("given up: %v", err)
		}
	}
	keep(t, db, submission("a.csv", stat.DfE, "2025-10", many(1, 60, 5)...))
}
