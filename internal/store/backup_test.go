package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	db := openAt(t, filepath.Join(dir, "figures.db"))
	keep(t, db, submission("big.csv", stat.DfE, "2025-10", many(2, 175, 5)...))
	q := stat.Query{Measures: []string{"m00", "m01"}}
	want := read(t, db, q)
	head := headOf(t, db)

	path := filepath.Join(dir, "it's a copy.db")
	var made store.Copy
	var copying sync.WaitGroup
	_, err := db.Store(t.Context(), submission("more.csv", stat.DfE, "2025-11", many(1, 175, 9)...), func(done, _ int) {
		if done != 100 {
			return
		}
		copying.Go(func() { made = backup(t, db, path) })
		for _, err := store.ReadCopy(path); err != nil; _, err = store.ReadCopy(path) { // it is made while this write is going on
			time.Sleep(time.Millisecond)
		}
	})
	copying.Wait()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	copied := store.Copy{Path: path, Bytes: int64(len(content)), Made: made.Made, SHA256: hex.EncodeToString(sum[:]),
		Database: made.Database, Schema: made.Schema, Version: want.Version, Acts: head.Number, Head: head.Hash}
	if diff := cmp.Diff(copied, made); diff != "" || head.Number != 1 || time.Since(made.Made) > time.Minute {
		t.Errorf("at %v (-want +got):\n%s", made.Made, diff)
	}
	if told, err := store.ReadCopy(path); err != nil || !cmp.Equal(told, made) {
		t.Errorf("the manifest says %+v, %v; want %+v", told, err, made)
	}
	if names := list(t, dir, "*copy*"); !cmp.Equal(names, []string{"it's a copy.db", "it's a copy.db.json"}) {
		t.Errorf("left %v", names)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	if diff := cmp.Diff(want, read(t, openAt(t, path), q)); diff != "" {
		t.Errorf("the copy holds something else (-want +got):\n%s", diff)
	}
}

func TestBackupRefused(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "figures.db")
	db := openAt(t, path)
	keep(t, db, restated[0].submission(0))
	there := filepath.Join(dir, "there.db")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, onto := range []string{there, path} {
		if _, err := db.Backup(t.Context(), onto, "Ann"); !errors.Is(err, fs.ErrExist) {
			t.Errorf("onto %s: %v", onto, err)
		}
	}
	if text, err := os.ReadFile(there); err != nil || string(text) != "mine" {
		t.Errorf("the file there is %q, %v", text, err)
	}
	if _, err := db.Backup(t.Context(), filepath.Join(dir, "no", "such", "place.db"), "Ann"); err == nil {
		t.Error("into a directory that is not there: no error")
	}
	backup(t, db, filepath.Join(dir, "copy.db"))
	var acts []string
	for _, a := range trail(t, db)[1:] {
		acts = append(acts, a.Who+" "+a.What+" "+a.On)
	}
	if diff := cmp.Diff([]string{"Ann backup.failed place.db", "Ann backup copy.db"}, acts); diff != "" {
		t.Errorf("the trail says (-want +got):\n%s", diff)
	}
	if n := len(read(t, db, stat.Query{Measures: []string{"cin"}}).Observations); n != 1 {
		t.Errorf("the database holds %d observations after refusing", n)
	}
	if left := list(t, dir, "*.part"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// A copy of a database whose references are broken is no backup.
func TestBackupIsChecked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	keep(t, db, restated[0].submission(0))
	exec(t, path, `PRAGMA foreign_keys = 0; UPDATE origin SET batch = 99`)
	if c, err := db.Backup(t.Context(), path+".copy", "Ann"); err == nil {
		t.Errorf("made %+v", c)
	}
	if left := list(t, filepath.Dir(path), "*.copy*"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// Every copy that Keep or somebody else made, of a year and a half, and what is
// left of them after the next.
func TestKeep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "backups")
	db := open(t)
	of := identityOf(t, db)
	at := time.Date(2026, 11, 22, 10, 15, 0, 5e8, time.UTC)
	want := map[string]bool{"figures-20261122T101500.db": true}
	for days := range 550 {
		for _, hour := range []int{3, 9} { // the second is a day's latest
			made := time.Date(2026, 11, 22-days, hour, 0, 0, 0, time.UTC)
			ofMonth := made.AddDate(0, 0, 1).Month() != made.Month() && made.After(time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC))
			name := fakeCopy(t, of, dir, made, true)
			if days < 2 || hour == 9 && (days < 14 || ofMonth) {
				want[name] = true
			}
		}
	}
	want[fakeCopy(t, of, dir, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), false)] = true // made by hand
	other := fakeCopy(t, of, dir, time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC), true)
	for _, ending := range []string{"", ".json"} { // of another database
		if err := os.Rename(filepath.Join(dir, other+ending), filepath.Join(dir, "training-20240201T000000.db"+ending)); err != nil {
			t.Fatal(err)
		}
	}
	want["training-20240201T000000.db"] = true
	for _, name := range []string{"figures-20250101T000000.db", "figures.db"} { // not copies, as far as anybody knows
		write(t, filepath.Join(dir, name), "")
		want[name] = true
	}
	renamed := fakeCopy(t, of, dir, time.Date(2025, 2, 2, 0, 0, 0, 0, time.UTC), true)
	for _, ending := range []string{"", ".json"} {
		if err := os.Rename(filepath.Join(dir, renamed+ending), filepath.Join(dir, "keep-this.db"+ending)); err != nil {
			t.Fatal(err)
		}
	}
	want["keep-this.db"] = true

	made, err := db.Keep(t.Context(), dir, "Ann", at)
	if err != nil || !made.Scheduled || !made.Made.Equal(at.Truncate(time.Second)) || filepath.Base(made.Path) != "figures-20261122T101500.db" {
		t.Fatalf("made %+v, %v", made, err)
	}
	got := map[string]bool{}
	for _, name := range list(t, dir, "*.db") {
		got[name] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	copies, err := db.Copies(t.Context(), dir)
	if err != nil || len(copies) != len(want)-2 || !cmp.Equal(copies[0], made) || !copies[1].Made.Before(made.Made) {
		t.Errorf("lists %d copies, %v; want %d, the latest first", len(copies), err, len(want)-2)
	}
	if orphans := len(list(t, dir, "*.json")) - len(copies); orphans != 0 {
		t.Errorf("%d manifests are left without a copy", orphans)
	}
}

// Two databases of one name may share a folder: each keeps and lists its own.
func TestKeepInASharedFolder(t *testing.T) {
	dir := t.TempDir()
	ours, theirs := open(t), open(t)
	for days := range 10 {
		at := morning.AddDate(0, 0, days)
		for i, db := range []*store.DB{ours, theirs} {
			_, err := db.Keep(t.Context(), dir, "Ann", at.Add(time.Duration(i)*time.Hour))
			must(t, err)
		}
	}
	for _, db := range []*store.DB{ours, theirs} {
		copies, err := db.Copies(t.Context(), dir)
		if err != nil || len(copies) != 10 || copies[0].Database != identityOf(t, db) {
			t.Errorf("%d copies, %v", len(copies), err)
		}
	}
}

// identityOf is what a copy of a database says it is of.
func identityOf(t *testing.T, db *store.DB) string {
	t.Helper()
	of := backup(t, db, filepath.Join(t.TempDir(), "copy.db")).Database
	if len(of) != 32 {
		t.Errorf("the database is %q", of)
	}
	return of
}

// A clock that was ahead has dated copies in years to come: the day's stays.
func TestKeepWithAWrongClock(t *testing.T) {
	dir := t.TempDir()
	db := open(t)
	of := identityOf(t, db)
	for days := range 40 {
		fakeCopy(t, of, dir, time.Date(2090, 1, 1+days, 0, 0, 0, 0, time.UTC), true)
	}
	made, err := db.Keep(t.Context(), dir, "Ann", morning)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(made.Path); err != nil {
		t.Error(err)
	}
	if _, err := db.Keep(t.Context(), dir, "Ann", morning); !errors.Is(err, fs.ErrExist) {
		t.Errorf("twice in a second: %v", err)
	}
}

// What a copy that was cut short has left goes a day later.
func TestKeepSweeps(t *testing.T) {
	dir := t.TempDir()
	db := open(t)
	old, young, others := "figures-20261121T000000.db.123.part", "figures-20261122T000000.db.json.456.part", "film.part"
	for _, name := range []string{old, young, others} {
		write(t, filepath.Join(dir, name), "half")
	}
	for _, name := range []string{old, others} {
		if err := os.Chtimes(filepath.Join(dir, name), time.Time{}, time.Now().Add(-25*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Keep(t.Context(), dir, "Ann", time.Now()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{young, others}, list(t, dir, "*.part")); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestCopiesOfNothing(t *testing.T) {
	dir, db := t.TempDir(), open(t)
	write(t, filepath.Join(dir, "a.db.json"), `{"sha256": "a"}`) // whose copy has gone
	write(t, filepath.Join(dir, "b.db"), "b")
	write(t, filepath.Join(dir, "b.db.json"), `{}`)
	for _, dir := range []string{dir, filepath.Join(dir, "none")} {
		if copies, err := db.Copies(t.Context(), dir); err != nil || len(copies) != 0 {
			t.Errorf("%s: %+v, %v", dir, copies, err)
		}
	}
}

func TestLastDrill(t *testing.T) {
	db := open(t)
	if a, err := db.LastDrill(t.Context()); err != nil || a != (stat.Act{}) {
		t.Errorf("before any: %+v, %v", a, err)
	}
	drill := stat.Act{Who: "Ann", What: "drill", On: "copy.db", Detail: "sha256 abc", At: morning}
	for _, a := range []stat.Act{drill, {Who: "Ann", What: "drill.failed", On: "copy.db"}, {Who: "Ann", What: "backup", On: "other.db"}} {
		if err := db.Note(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	a, err := db.LastDrill(t.Context())
	if diff := cmp.Diff(drill, a, cmpopts.IgnoreFields(stat.Act{}, "Number", "Before", "Hash")); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func backup(t testing.TB, db *store.DB, path string) store.Copy {
	t.Helper()
	c, err := db.Backup(t.Context(), path, "Ann")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func headOf(t testing.TB, db *store.DB) stat.Act {
	t.Helper()
	head, err := db.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// fakeCopy is a file such as Keep makes, and its name.
func fakeCopy(t *testing.T, of, dir string, made time.Time, scheduled bool) string {
	t.Helper()
	name := "figures-" + made.Format("20060102T150405") + ".db"
	says := `{"made": "` + made.Format(time.RFC3339) + `", "sha256": "abc", "database": "` + of + `"}`
	if scheduled {
		says = says[:len(says)-1] + `, "scheduled": true}`
	}
	write(t, filepath.Join(dir, name), "")
	write(t, filepath.Join(dir, name+".json"), says)
	return name
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// list is the names of the files of a directory that a pattern fits.
func list(t *testing.T, dir, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	for i := range paths {
		paths[i] = filepath.Base(paths[i])
	}
	return paths
}
