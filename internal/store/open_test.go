package store_test

import (
	"bytes"
	"database/sql"
	"errors"
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

// A program killed while it wrote to a database without a log, as one that is
// new or was restored is at first, leaves the write half done: it is taken back.
func TestOpenAfterAKill(t *testing.T) {
	path := madeAt(t, 1, 20_000)
	h, err := sql.Open("sqlite", path)
	must(t, err)
	defer h.Close()
	h.SetMaxOpenConns(1)
	_, err = h.Exec(`PRAGMA cache_size = 10; BEGIN; UPDATE observation SET value = 0`)
	must(t, err)
	left := filepath.Join(t.TempDir(), "figures.db")
	for _, ending := range []string{"", "-journal"} {
		content, err := os.ReadFile(path + ending)
		must(t, err)
		write(t, left+ending, string(content))
	}
	db := openAt(t, left)
	sound(t, db, left)
	if zero := texts(t, left, `SELECT CAST(count(*) AS TEXT) FROM observation WHERE value = 0`)[0]; zero != "0" {
		t.Errorf("%s figures are half written", zero)
	}
}

// Whoever else uses the computer cannot read the secrets of those who sign in.
func TestDatabaseIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "bellwether.db")
	openAt(t, path)
	for _, ending := range []string{"", "-wal"} {
		info, err := os.Stat(path + ending)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o", info.Name(), mode)
		}
	}
}
