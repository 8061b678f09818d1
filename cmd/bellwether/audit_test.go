package main

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func TestAudit(t *testing.T) {
	path, db := bare(t)
	base := headOf(t, db).Number
	for i := range 60 {
		if err := db.Note(t.Context(), stat.Act{Who: "=Ann", What: "sign-in", On: fmt.Sprintf("person %d", i+1)}); err != nil {
			t.Fatal(err)
		}
	}
	list := func(args ...string) []stat.Act {
		t.Helper()
		acts, code := answerOf[[]stat.Act](t, append([]string{"audit", "--db", path}, args...)...)
		if code != done {
			t.Fatalf("exit %d", code)
		}
		return acts
	}
	if acts := list(); len(acts) != 50 || acts[0].Number != base+60 || acts[0].Who != "=Ann" {
		t.Errorf("%d acts, the first %+v", len(acts), acts[0])
	}
	acts := list("--limit", "2")
	if len(acts) != 2 || acts[1].Number != base+59 || acts[0].Before != acts[1].Hash {
		t.Errorf("acts %+v", acts)
	}
	says(t, must(t, "audit", "--db", path, "--limit", "1"), "person 60", "sign-in", "=Ann")

	file := filepath.Join(t.TempDir(), "trail.csv")
	got, code := answerOf[auditAnswer](t, "audit", "--db", path, "--check", "--head", strings.ToUpper(acts[1].Hash), "--csv", file)
	if diff := cmp.Diff(auditAnswer{Acts: base + 60, Head: acts[0].Hash, Whole: true, Holds: base + 59, File: file}, got); diff != "" || code != done {
		t.Errorf("exit %d (-want +got):\n%s", code, diff)
	}
	says(t, must(t, "audit", "--db", path, "--check"), fmt.Sprintf("%d acts in the audit trail, the last %s", base+60, acts[0].Hash), "as it was written")

	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil || len(rows) != int(base)+61 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	last := acts[0]
	want := []string{fmt.Sprint(base + 60), last.At.Format("2006-01-02T15:04:05.999999999Z07:00"), "'=Ann", "0", "sign-in", "person 60", "", last.Before, last.Hash}
	if diff := cmp.Diff([][]string{{"number", "at", "who", "person", "what", "on", "detail", "before", "hash"}, want}, [][]string{rows[0], rows[base+60]}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// bare is bareDB, open beside the commands.
func bare(t *testing.T) (string, *store.DB) {
	t.Helper()
	path := bareDB(t)
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return path, db
}

func headOf(t *testing.T, db *store.DB) stat.Act {
	t.Helper()
	head, err := db.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// A trail that was changed, and one that was written anew from an act on.
func TestAuditTampered(t *testing.T) {
	path, db := bare(t)
	for range 3 {
		note(t, db, "sign-in")
	}
	head := headOf(t, db)
	h, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, err := h.Exec(`DROP TRIGGER act_stays; UPDATE act SET who = 'Bob' WHERE number = 2`); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--check"}, refused, "act 2"},
		{[]string{"--check", "--csv", filepath.Join(t.TempDir(), "never.csv")}, refused, "has been tampered with"},
		{[]string{"--head", head.Hash}, done, ""},
		{[]string{"--head", strings.Repeat("0", 64)}, refused, "no act of the audit trail has the hash"},
		{[]string{"--limit", "0"}, usage, "--limit"},
		{[]string{"--csv", filepath.Join(t.TempDir(), "no", "folder.csv")}, refused, "no such file"},
	} {
		if _, errs, code := bellwether(t, append([]string{"audit", "--db", path}, c.args...)...); code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %s", c.args, code, errs)
		}
	}
}
