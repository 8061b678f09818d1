package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func TestOpenMakesTheDirectory(t *testing.T) {
	for _, name := range []string{"figures.db", "a b/50% of #1?.db", "côté/mode=memory&x.db"} {
		path := filepath.Join(t.TempDir(), "data", filepath.FromSlash(name))
		keep(t, openAt(t, path), restated[0].submission(0))
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReopened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	keep(t, db, restated[0].submission(0))
	want := read(t, db, stat.Query{Measures: []string{"cin"}})
	db.Close()
	if left, _ := filepath.Glob(path + "-*"); len(left) > 0 {
		t.Errorf("closing left %v", left)
	}
	for range 2 { // migrations are run once
		db := openAt(t, path)
		if diff := cmp.Diff(want, read(t, db, stat.Query{Measures: []string{"cin"}})); diff != "" {
			t.Errorf("reopened (-want +got):\n%s", diff)
		}
		db.Close()
	}
}

// Another process's writes show at once: the version says so.
func TestTwoHandles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	one, two := openAt(t, path), openAt(t, path)
	before := read(t, two, stat.Query{Measures: []string{"cin"}})
	keep(t, one, restated[0].submission(0))
	after := read(t, two, stat.Query{Measures: []string{"cin"}})
	if len(before.Observations) != 0 || len(after.Observations) != 1 || after.Version == before.Version {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestOpenRefuses(t *testing.T) {
	newer := func(path string) {
		openAt(t, path).Close()
		exec(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
	}
	tests := []struct {
		name string
		make func(path string)
		want error
		says string
	}{
		{"a spreadsheet", func(p string) { os.WriteFile(p, bytes.Repeat([]byte("PK\x03\x04 not a database. "), 99), 0o600) }, store.ErrNotOurs, "choose another file"},
		{"another program's database", func(p string) { exec(t, p, `CREATE TABLE bookmark (url TEXT)`) }, store.ErrNotOurs, "another program's data"},
		{"a newer database", newer, store.ErrNewer, "version 99"},
		{"a directory", func(p string) { os.Mkdir(p, 0o700) }, nil, "cannot be read or written"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			tt.make(path)
			before, _ := os.ReadFile(path)
			db, err := store.Open(t.Context(), path)
			if err == nil {
				db.Close()
				t.Fatal("it was opened")
			}
			if tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("error: %v", err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	db := openAt(t, filepath.Join(dir, "figures.db"))
	keep(t, db, submission("big.csv", stat.DfE, "2025-10", many(2, 175, 5)...))
	q := stat.Query{Measures: []string{"m00", "m01"}}
	want := read(t, db, q)

	copied := filepath.Join(dir, "it's a copy.db")
	_, err := db.Store(t.Context(), submission("more.csv", stat.DfE, "2025-11", many(1, 175, 9)...), func(done, _ int) {
		if done == 100 { // while a write is going on
			if err := db.Backup(t.Context(), copied); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, read(t, openAt(t, copied), q)); diff != "" {
		t.Errorf("the copy holds something else (-want +got):\n%s", diff)
	}

	if err := db.Backup(t.Context(), copied); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto a file that exists: %v", err)
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "figures.db")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto itself: %v", err)
	}
	if n := len(read(t, db, q).Observations); n != (9+5)*175 {
		t.Errorf("the database holds %d observations after refusing", n)
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "no", "such", "place.db")); err == nil {
		t.Error("into a directory that is not there: no error")
	}
}
