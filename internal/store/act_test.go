package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/store"
)

// Every function that writes leaves one act, which gives away no figure, text
// or secret; none where it is refused.
func TestEveryWriteIsAnAct(t *testing.T) {
	db := open(t)
	for _, w := range allWritten(t, db) {
		before := len(trail(t, db))
		if err := w.do(); err != nil {
			t.Fatalf("%s: %v", w.name, err)
		}
		after := trail(t, db)
		if len(after) != before+1 {
			t.Fatalf("%s left %d acts", w.name, len(after)-before)
		}
		got := after[before]
		if w.act.At = morning; w.name == "NameMeasure" || w.name == "KeepLink" {
			w.act.At = got.At // now
		}
		if diff := cmp.Diff(w.act, got, actsBut); diff != "" {
			t.Errorf("%s (-want +got):\n%s", w.name, diff)
		}
		if all := strings.ToLower(fmt.Sprint(got.Who, got.What, got.On, got.Detail)); strings.Contains(all, "412") || strings.Contains(all, "secret") {
			t.Errorf("%s tells %s", w.name, all)
		}
		if err := w.refused(); err == nil {
			t.Errorf("%s was not refused", w.name)
		}
		if n := len(trail(t, db)); n != before+1 {
			t.Errorf("%s, refused, left %d acts", w.name, n-before-1)
		}
	}
	if _, err := db.CheckActs(t.Context()); err != nil {
		t.Error(err)
	}
}

// Where the act cannot be written nothing is.
func TestNoWriteWithoutItsAct(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	const refuse = `CREATE TRIGGER refuse BEFORE INSERT ON act BEGIN SELECT raise(ABORT, 'no act today'); END`
	for _, w := range allWritten(t, db) {
		if err := db.OnWriter(t.Context(), refuse); err != nil {
			t.Fatal(err)
		}
		before := contents(t, path)
		if err := w.do(); err == nil || !strings.Contains(err.Error(), "no act today") {
			t.Errorf("%s: %v", w.name, err)
		}
		if diff := cmp.Diff(before, contents(t, path)); diff != "" {
			t.Errorf("%s left something (-want +got):\n%s", w.name, diff)
		}
		if err := db.OnWriter(t.Context(), `DROP TRIGGER refuse`); err != nil {
			t.Fatal(err)
		}
		if err := w.do(); err != nil {
			t.Errorf("%s, with its act: %v", w.name, err)
		}
	}
}

// contents is every row of every table, as text.
func contents(t *testing.T, path string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, table := range texts(t, path, `SELECT name FROM sqlite_schema WHERE type = 'table'`) {
		cells := texts(t, path, `SELECT group_concat('quote(' || name || ')', ' || '','' || ') FROM pragma_table_info('`+table+`')`)
		out[table] = texts(t, path, `SELECT `+cells[0]+` FROM `+table+` ORDER BY 1`)
	}
	return out
}

// What reads, or writes nothing that is an act of its own.
var noActs = strings.Fields(`
	Acts Acted AllActs Head LastAct CheckActs LastDrill
	Read Version Releases Batches Batch BatchBySHA Changed Preview Compare Preview History Registered Releases
	Groups Meetings Rebases Projections Comments Layouts Issues Issue Questions Stewards Settings
	People Person PersonNamed PersonOf Administered Secrets UseStep PeekLink
	Copies Size Serve Close OnWriter`)

// No function is forgotten in the list above, and none writes past the trail.
func TestNoWriteIsForgotten(t *testing.T) {
	db := open(t)
	known := map[string]bool{"FirstAdministrator": true, "Backup": true, "Keep": true} // have tests of their own
	for _, name := range noActs {
		known[name] = true
	}
	for _, w := range allWritten(t, db) {
		known[w.name] = true
	}
	for m := range reflect.TypeOf(db).Methods() {
		if !known[m.Name] {
			t.Errorf("%s: is it in allWritten, or does it write nothing?", m.Name)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for use, homes := range map[string]string{"db.write.": "store.go transaction.go export_test.go", "db.transact(": "transaction.go people.go"} {
			if strings.Contains(string(text), use) && !strings.Contains(homes, file) && file != "act_test.go" {
				t.Errorf("%s uses %s: change leaves an act", file, use)
			}
		}
	}
	if n := strings.Count(readAll(t, "people.go"), "db.transact("); n != 1 {
		t.Errorf("people.go writes %d times without an act, want UseStep alone", n)
	}
}

func readAll(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The file that is held already is no act.
func TestUnchangedIsNoAct(t *testing.T) {
	db := open(t)
	keep(t, db, restated[0].submission(0))
	if _, err := db.Store(t.Context(), restated[0].submission(0), nil); !errors.Is(err, store.ErrUnchanged) {
		t.Fatal(err)
	}
	if n := len(trail(t, db)); n != 1 {
		t.Errorf("%d acts, want 1", n)
	}
}
