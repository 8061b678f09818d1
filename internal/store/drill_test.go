package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// backedUp is a backup of a database that holds imports and two issues.
func backedUp(t *testing.T) store.Copy {
	t.Helper()
	db := open(t)
	keep(t, db, restated[0].submission(0), restated[1].submission(1))
	keep(t, db, submission("big.csv", stat.DfE, "2025-10", many(2, 50, 5)...))
	issue(t, db)
	issue(t, db)
	return backup(t, db, filepath.Join(t.TempDir(), "copy.db"))
}

func TestDrill(t *testing.T) {
	c := backedUp(t)
	content, err := os.ReadFile(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	var seen []stat.Issue
	d, err := store.Drill(t.Context(), c.Path, scratch, func(is stat.Issue) error { seen = append(seen, is); return nil })
	if err != nil {
		t.Fatal(err)
	}
	want := store.Drilled{File: c.Path, Bytes: c.Bytes, SHA256: c.SHA256, Made: c.Made, Schema: c.Schema,
		Imports: 3, Figures: 2 + 2*50*5, Issues: 2, Acts: 5, Head: c.Head}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]stat.Issue{council(t, 1), council(t, 2)}, seen); diff != "" {
		t.Errorf("saw (-want +got):\n%s", diff)
	}
	if left := list(t, scratch, "*"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	if after, err := os.ReadFile(c.Path); err != nil || !bytes.Equal(content, after) {
		t.Errorf("the backup was changed, %v", err)
	}
	if beside := list(t, filepath.Dir(c.Path), "*"); len(beside) != 2 {
		t.Errorf("beside the backup are %v", beside)
	}

	if err := os.Remove(c.Path + ".json"); err != nil {
		t.Fatal(err)
	}
	if d, err = store.Drill(t.Context(), c.Path, "", nil); err != nil || !d.Made.IsZero() || d.Head != c.Head {
		t.Errorf("without a manifest: %+v, %v", d, err)
	}
}

// A backup that an older program made is restored by this one.
func TestDrillOfOlder(t *testing.T) {
	path := madeAt1(t)
	d, err := store.Drill(t.Context(), path, "", nil)
	if err != nil || d.Schema != 1 || !d.Migrated || d.Imports != 4 || d.Figures != 4 || d.Acts != 0 {
		t.Errorf("found %+v, %v", d, err)
	}
	if got := texts(t, path, `SELECT CAST(max(version_id) AS TEXT) FROM goose_db_version`); got[0] != "1" {
		t.Errorf("the backup itself is now of version %s", got[0])
	}
}

func TestDrillFails(t *testing.T) {
	t.Parallel()
	page := func(path string) { // a page of its figures
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		copy(content[len(content)/2/4096*4096:], bytes.Repeat([]byte{0x5a}, 4096))
		write(t, path, string(content))
	}
	sql := func(query string) func(string) {
		return func(path string) { exec(t, path, query) }
	}
	manifest := func(f func(says string) string) func(string) {
		return func(path string) {
			says, err := os.ReadFile(path + ".json")
			if err != nil {
				t.Fatal(err)
			}
			write(t, path+".json", f(string(says)))
		}
	}
	refuse := errors.New("not rendered")
	for _, tt := range []struct {
		name  string
		spoil func(path string)
		told  bool // the manifest stays
		see   error
		want  error
		says  string
	}{
		{name: "a byte", spoil: page, told: true, want: store.ErrDamaged, says: "its manifest tells of another"},
		{name: "a page, without a manifest", spoil: page, says: "damaged"},
		{name: "cut short", spoil: func(p string) { must(t, os.Truncate(p, 40_000)) }, says: "damaged"},
		{name: "a reference", spoil: sql(`PRAGMA foreign_keys = 0; UPDATE origin SET batch = 99`), says: "refer to rows that are not there"},
		{name: "an act", spoil: sql(`DROP TRIGGER act_stays; UPDATE act SET who = 'Bob' WHERE number = 2`), want: store.ErrTampered, says: "act 2"},
		{name: "the trail's end", spoil: sql(`DROP TRIGGER act_is_kept; DELETE FROM act WHERE number = 5`), want: store.ErrTampered},
		{name: "another head", told: true, want: store.ErrTampered, says: "otherwise than the manifest says",
			spoil: manifest(func(s string) string { return strings.Replace(s, `"head": "`, `"head": "0`, 1) })},
		{name: "no manifest of ours", told: true, says: "is not the manifest of a backup", spoil: manifest(func(string) string { return "{" })},
		{name: "an issue", spoil: sql(`DROP TRIGGER issue_stays; UPDATE issue SET content = x'7b7d' WHERE number = 2`), want: store.ErrDamaged, says: "issue 2"},
		{name: "a file of an issue", spoil: sql(`DROP TRIGGER issue_file_stays; UPDATE issue_file SET content = x'00' WHERE issue = 1 AND ending = 'docx'`), want: store.ErrDamaged, says: "docx"},
		{name: "what cannot be rendered", spoil: func(string) {}, told: true, see: refuse, want: refuse},
		{name: "a newer one", spoil: sql(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`), want: store.ErrNewer},
		{name: "another program's", spoil: sql(`PRAGMA application_id = 7`), want: store.ErrNotOurs},
		{name: "a spreadsheet", spoil: func(p string) { write(t, p, strings.Repeat("PK\x03\x04 not a database. ", 99)) }, want: store.ErrNotOurs},
		{name: "empty", spoil: func(p string) { write(t, p, "") }, want: store.ErrNotOurs},
		{name: "none", spoil: func(p string) { must(t, os.Remove(p)) }, want: os.ErrNotExist},
		{name: "in use", spoil: func(p string) { write(t, p+"-wal", "x") }, told: true, says: "bellwether backup"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := backedUp(t)
			tt.spoil(c.Path)
			if !tt.told {
				must(t, os.Remove(c.Path+".json"))
			}
			scratch := t.TempDir()
			d, err := store.Drill(t.Context(), c.Path, scratch, func(stat.Issue) error { return tt.see })
			if err == nil || d != (store.Drilled{}) {
				t.Fatalf("found %+v, %v", d, err)
			}
			if tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), c.Path) {
				t.Errorf("error: %v", err)
			}
			if left := list(t, scratch, "*"); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
