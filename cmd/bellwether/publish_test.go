package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// viewersSee is how many figures of a measure those see who see no drafts.
func viewersSee(t *testing.T, path, measure string) int {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	h, err := db.Read(t.Context(), stat.Query{Measures: []string{measure}, Areas: []string{"E06000002"}, Published: true})
	if err != nil {
		t.Fatal(err)
	}
	return len(h.Observations)
}

// october is a small file of the council's own.
func october(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "october.csv")
	if err := os.WriteFile(file, []byte("date,measure,area,count,rate\n2026-10-31,Children looked after,806,480,134\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// What is imported is a draft, marked as one, until it is published, and again
// when that is taken back. What came with Bellwether is published.
func TestPublish(t *testing.T) {
	db := newDB(t)
	box := viewersSee(t, db, "cla")
	if box == 0 {
		t.Fatal("nothing of what came with Bellwether is published")
	}
	out := must(t, "import", "--db", db, "--who", "Ann", october(t))
	says(t, out, "a draft, which viewers do not see: bellwether publish ")
	a, _ := answerOf[[]imported](t, "import", "--db", db, "--dry-run", october(t))
	if !a[0].Published.IsZero() {
		t.Errorf("a dry run: %+v", a[0])
	}
	number := strings.TrimSpace(out[strings.Index(out, "publish ")+len("publish "):])
	number, _, _ = strings.Cut(number, "\n")
	if n := viewersSee(t, db, "cla"); n != box {
		t.Errorf("viewers see %d figures, %d before the import", n, box)
	}
	says(t, must(t, "series", "--db", db, "--measure", "cla", "--area", "806"), "council, draft")
	says(t, must(t, "history", "--db", db, "--measure", "cla", "--area", "806", "--period", "2026-10-31"), "council, draft")
	says(t, must(t, "compare", "--db", db, "--measure", "cla", "--area", "806"), "Note: Includes figures of an import that has not been published yet (import "+number+", october.csv).")

	_, errs, code := bellwether(t, "report", "council", "--db", db, "--issue")
	if code != refused || !strings.Contains(errs, "publish import "+number+" first") {
		t.Errorf("issued: exit %d, %s", code, errs)
	}
	out, _, code = bellwether(t, "report", "council", "--db", db, "--out", filepath.Join(t.TempDir(), "draft.csv"))
	if code != done {
		t.Errorf("as a draft: exit %d, %s", code, out)
	}

	says(t, must(t, "publish", "--db", db, "--who", "Pat", "--why", "checked", number), "october.csv (import "+number+") is published: viewers see it now")
	if n := viewersSee(t, db, "cla"); n != box+1 {
		t.Errorf("published, viewers see %d figures, %d before", n, box)
	}
	if out := must(t, "series", "--db", db, "--measure", "cla", "--area", "806"); strings.Contains(out, "draft") {
		t.Errorf("published, and still %s", out)
	}
	must(t, "report", "council", "--db", db, "--issue")

	b, code := answerOf[published](t, "publish", "--db", db, "--who", "Pat", "--take-back", "--why", "wrong file", number)
	if code != done || !b.Published.IsZero() || b.By != "Pat" || b.Why != "wrong file" || b.File != "october.csv" {
		t.Errorf("taken back: exit %d, %+v", code, b)
	}
	if n := viewersSee(t, db, "cla"); n != box {
		t.Errorf("taken back, viewers see %d figures, want %d", n, box)
	}
	soon := time.Now().Add(time.Hour).Truncate(time.Minute)
	b, code = answerOf[published](t, "publish", "--db", db, "--from", soon.Format("2006-01-02T15:04"), number)
	if code != done || !b.Published.Equal(soon) {
		t.Errorf("under an embargo: exit %d, %+v, want %v", code, b, soon)
	}
	if n := viewersSee(t, db, "cla"); n != box {
		t.Errorf("under an embargo, viewers see %d figures, want %d", n, box)
	}

	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{number}, refused, "has been published already"},
		{[]string{"999"}, refused, "not found"},
		{[]string{"--take-back", number}, usage, "--why"},
		{[]string{"--take-back", "--why", "x", "--from", "2099-01-01", number}, usage, "--from"},
		{[]string{"--take-back", "--why", "x", "1000"}, refused, "not found"},
		{[]string{"--from", "2020-01-01", number}, usage, "past"},
		{[]string{"--from", "Monday", number}, usage, "2026-11-24T09:30"},
		{nil, usage, "batch"},
	} {
		out, errs, code := bellwether(t, append([]string{"publish", "--db", db}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q, %q; want exit %d and %q", c.args, code, out, errs, c.code, c.says)
		}
	}
}

// import --publish publishes at once, unless that takes a second person.
func TestImportAndPublish(t *testing.T) {
	db := newDB(t)
	box := viewersSee(t, db, "cla")
	a, code := answerOf[[]imported](t, "import", "--db", db, "--who", "Ann", "--publish", october(t))
	if code != done || a[0].Status != "imported" || time.Since(a[0].Published) > time.Minute {
		t.Fatalf("exit %d, %+v", code, a)
	}
	if n := viewersSee(t, db, "cla"); n != box+1 {
		t.Errorf("viewers see %d figures, %d before", n, box)
	}
	again, code := answerOf[[]imported](t, "import", "--db", db, "--publish", october(t))
	if code != done || again[0].Status != "unchanged" || !again[0].Published.Equal(a[0].Published) {
		t.Errorf("the same bytes again: exit %d, %+v", code, again)
	}
	must(t, "publish", "--db", db, "--take-back", "--why", "a test", strconv.FormatInt(a[0].Batch, 10))
	says(t, must(t, "import", "--db", db, "--publish", october(t)), "unchanged", "a draft")

	secondPerson(t, db)
	_, errs, code := bellwether(t, "import", "--db", db, "--publish", samples+"monthly-return.xlsx")
	if code != refused || !strings.Contains(errs, "--publish: store monthly-return.xlsx: by the council's settings it has to be published by somebody else") {
		t.Errorf("alone: exit %d, %s", code, errs)
	}
	_, errs, code = bellwether(t, "publish", "--db", db, "--who", "ann", strconv.FormatInt(a[0].Batch, 10))
	if code != refused || !strings.Contains(errs, "somebody else") {
		t.Errorf("by who imported it: exit %d, %s", code, errs)
	}
	must(t, "publish", "--db", db, "--who", "Pat", strconv.FormatInt(a[0].Batch, 10))
}

func secondPerson(t *testing.T, path string) {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := stat.DefaultSettings
	s.SecondPerson, s.By = true, "test"
	if err := db.SaveSettings(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func TestSteward(t *testing.T) {
	db := newDB(t)
	must(t, "steward", "--db", db, "--who", "Ann", "Children looked after", "--owner", "Head of Care", "--review", "2027-03-31")
	must(t, "steward", "--db", db, "--who", "Ann", "cin", "--unmeasured", "the new system cannot say")
	must(t, "steward", "--db", db, "--who", "Pat", "cla", "--owner", "Head of Safeguarding")
	out := must(t, "steward", "--db", db)
	says(t, out, "cla", "Head of Safeguarding", "2027-03-31", "Pat", "cin", "the new system cannot say")
	one, code := answerOf[[]stat.Steward](t, "steward", "--db", db, "cla")
	if code != done || len(one) != 1 || one[0].Owner != "Head of Safeguarding" || one[0].Review.String() != "2027-03-31" || one[0].By != "Pat" {
		t.Errorf("exit %d, %+v", code, one)
	}
	must(t, "steward", "--db", db, "cla", "--owner", "", "--review", "")
	if all, _ := answerOf[[]stat.Steward](t, "steward", "--db", db); len(all) != 1 || all[0].Measure != "cin" {
		t.Errorf("removed, and still %+v", all)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"nonsense", "--owner", "Jo"}, refused, "nonsense"},
		{[]string{"--owner", "Jo"}, usage, "measure"},
		{[]string{"cla", "--review", "soon"}, usage, "--review"},
	} {
		out, errs, code := bellwether(t, append([]string{"steward", "--db", db}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q, %q; want exit %d and %q", c.args, code, out, errs, c.code, c.says)
		}
	}
}
