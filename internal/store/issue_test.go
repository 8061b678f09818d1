package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// council is the report of October 2016 under a number.
func council(t *testing.T, number int64) stat.Issue {
	content := fmt.Appendf(nil, `{"name":"council","number":%d}`, number)
	hash := sha256.Sum256(content)
	return stat.Issue{
		Number: number, Name: "council", Title: "Executive Member report", Area: middlesbrough,
		AsOf: day(t, "2016-09-26"), Dated: day(t, "2016-10-19"), By: "Ann", At: morning,
		SHA256: hex.EncodeToString(hash[:]), Content: content,
		Under: stat.DefaultSettings,
		Files: map[string][]byte{"docx": bytes.Repeat([]byte{0, 'P', 'K', byte(number)}, 50_000), "csv": []byte("measure\r\n")},
	}
}

func versionOf(t *testing.T, db *store.DB) int64 {
	t.Helper()
	version, err := db.Version(t.Context())
	must(t, err)
	return version
}

// A report is not issued on figures whose publication was taken back while it
// was made.
func TestIssueOfWhatHasChanged(t *testing.T) {
	db := open(t)
	b := keep(t, db, restated[0].submission(0))
	publish(t, db, b.ID)
	looked := versionOf(t, db)
	must(t, second(db.Unpublish(t.Context(), b.ID, "Pat", "wrong", morning)))
	if is, err := db.SaveIssue(t.Context(), "Ann", looked, func(n int64) (stat.Issue, error) { return council(t, n), nil }); !errors.Is(err, store.ErrChanged) {
		t.Errorf("issued %d, %v", is.Number, err)
	}
	if list, err := db.Issues(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("kept %d issues, %v", len(list), err)
	}
}

func issue(t *testing.T, db *store.DB) stat.Issue {
	t.Helper()
	var out stat.Issue
	do(t, db, func() (err error) {
		out, err = db.SaveIssue(t.Context(), "Ann", versionOf(t, db), func(n int64) (stat.Issue, error) { return council(t, n), nil })
		return err
	})
	return out
}

func listed(is stat.Issue) stat.Issue {
	is.Content, is.Files, is.Under = nil, nil, stat.Settings{}
	return is
}

func TestIssues(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	holds(t, func() ([]stat.Issue, error) { return db.Issues(t.Context()) })
	for n := range int64(3) {
		if diff := cmp.Diff(council(t, n+1), issue(t, db)); diff != "" {
			t.Errorf("issued (-want +got):\n%s", diff)
		}
	}
	list := func() ([]stat.Issue, error) { return db.Issues(t.Context()) }
	holds(t, list, listed(council(t, 3)), listed(council(t, 2)), listed(council(t, 1)))
	again := openAt(t, path) // another day
	for n := range int64(3) {
		got, err := again.Issue(t.Context(), n+1)
		if diff := cmp.Diff(council(t, n+1), got); diff != "" || err != nil {
			t.Errorf("issue %d: %v (-want +got):\n%s", n+1, err, diff)
		}
	}
	if _, err := db.Issue(t.Context(), 4); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an issue that is not there: %v", err)
	}
}

// What was signed is what was given: a hash is worked out where none is.
func TestIssueIsSigned(t *testing.T) {
	db := open(t)
	got, err := db.SaveIssue(t.Context(), "Ann", versionOf(t, db), func(n int64) (stat.Issue, error) {
		is := council(t, n)
		is.Number, is.SHA256, is.By = 0, "", " Ann\n"
		return is, nil
	})
	if diff := cmp.Diff(council(t, 1), got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestIssueRefused(t *testing.T) {
	db := open(t)
	issue(t, db)
	for name, spoil := range map[string]func(is *stat.Issue){
		"another number":     func(is *stat.Issue) { is.Number = 1 },
		"another hash":       func(is *stat.Issue) { is.Content = append(is.Content, ' ') },
		"no name":            func(is *stat.Issue) { is.Name = "" },
		"no title":           func(is *stat.Issue) { is.Title = "" },
		"no area":            func(is *stat.Issue) { is.Area = "" },
		"no as-of day":       func(is *stat.Issue) { is.AsOf = stat.Date{} },
		"dated before it":    func(is *stat.Issue) { is.Dated = day(t, "2016-09-25") },
		"nobody":             func(is *stat.Issue) { is.By = " " },
		"no content":         func(is *stat.Issue) { is.Content, is.SHA256 = nil, "" },
		"no files":           func(is *stat.Issue) { is.Files = nil },
		"an empty file":      func(is *stat.Issue) { is.Files["docx"] = nil },
		"a file of no known": func(is *stat.Issue) { is.Files[""] = []byte("a") },
	} {
		_, err := db.SaveIssue(t.Context(), "Ann", versionOf(t, db), func(n int64) (stat.Issue, error) {
			is := council(t, n)
			spoil(&is)
			return is, nil
		})
		if !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	why := errors.New("no paper")
	if _, err := db.SaveIssue(t.Context(), "Ann", versionOf(t, db), func(int64) (stat.Issue, error) { return stat.Issue{}, why }); !errors.Is(err, why) {
		t.Errorf("one that could not be made: %v", err)
	}
	if got := issue(t, db); got.Number != 2 {
		t.Errorf("after what was refused, number %d, want 2", got.Number)
	}
}

// Two who issue at once get a number each, and what each content says is the
// number it is kept under.
func TestIssuesAtOnce(t *testing.T) {
	db := open(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			err := store.ErrChanged
			for errors.Is(err, store.ErrChanged) { // by one who was quicker
				_, err = db.SaveIssue(t.Context(), "Ann", versionOf(t, db), func(n int64) (stat.Issue, error) {
					if _, err := db.Issues(t.Context()); err != nil { // figures can be read meanwhile
						return stat.Issue{}, err
					}
					return council(t, n), nil
				})
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for n := int64(8); n > 0; n-- {
		if got, err := db.Issue(t.Context(), n); err != nil || string(got.Content) != string(council(t, n).Content) {
			t.Errorf("issue %d: %s, %v", n, got.Content, err)
		}
	}
}

// The file itself refuses to change what was issued, and a byte that changed
// all the same is found.
func TestIssueStays(t *testing.T) {
	for _, table := range []string{"issue", "issue_file"} {
		path := filepath.Join(t.TempDir(), "figures.db")
		db := openAt(t, path)
		issue(t, db)
		spoil := `UPDATE ` + table + ` SET content = CAST(content || 'x' AS BLOB)`
		for _, statement := range []string{spoil, `DELETE FROM ` + table} {
			if err := tryExec(t, path, statement); err == nil || !strings.Contains(err.Error(), "never") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		if _, err := db.Issue(t.Context(), 1); err != nil {
			t.Errorf("%s: %v", table, err)
		}
		exec(t, path, `DROP TRIGGER `+table+`_stays; `+spoil)
		if _, err := db.Issue(t.Context(), 1); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%s, changed: %v", table, err)
		}
	}
}

// Fifty imports, a withdrawal and a backup later the bytes are the same.
func TestIssueOutlivesImports(t *testing.T) {
	db := open(t)
	want := issue(t, db)
	for i := range 50 {
		b := keep(t, db, submission(fmt.Sprint(i, ".csv"), stat.DfE, stat.Release(fmt.Sprintf("%d-10", 2017+i%9)), cin(fmt.Sprint(2000+i), "")))
		if i%7 == 0 {
			if _, err := db.Withdraw(t.Context(), b.ID, "Ann", "a test", morning); err != nil {
				t.Fatal(err)
			}
		}
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if _, err := db.Backup(t.Context(), copied, "Ann"); err != nil {
		t.Fatal(err)
	}
	for _, db := range []*store.DB{db, openAt(t, copied)} {
		got, err := db.Issue(t.Context(), 1)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
}
