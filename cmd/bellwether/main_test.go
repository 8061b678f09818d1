package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
)

const samples = "../../imports/samples/"

// filled is a database with the published figures, made once and copied.
var filled = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "bellwether")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, copied := filepath.Join(dir, "filled.db"), filepath.Join(dir, "copy.db")
	for _, args := range [][]string{{"reports", "--db", db}, {"backup", "--db", db, copied}} {
		if code := run(context.Background(), args, io.Discard, os.Stderr); code != done {
			return nil, os.ErrInvalid
		}
	}
	return os.ReadFile(copied)
})

func newDB(t *testing.T) string {
	t.Helper()
	b, err := filled()
	if err != nil {
		t.Fatalf("filling a database: %v", err)
	}
	db := filepath.Join(t.TempDir(), "t.db")
	if err := os.WriteFile(db, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return db
}

// bellwether runs the program and returns what it printed and its exit code.
func bellwether(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return out.String(), errs.String(), code
}

// answerOf runs the program with --json and decodes what it printed.
func answerOf[T any](t *testing.T, args ...string) (T, int) {
	t.Helper()
	out, errs, code := bellwether(t, append(args, "--json")...)
	var v T
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatalf("bellwether %s: %v\n%s\n%s", strings.Join(args, " "), err, out, errs)
	}
	return v, code
}

// dig follows a path of keys through decoded JSON.
func dig(v any, path string) any {
	for _, key := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

// The figures of the first page, worked out independently.
func TestCompare(t *testing.T) {
	db := newDB(t)
	for _, c := range []struct {
		args []string
		want map[string]any
	}{
		{[]string{"--measure", "cla", "--period", "2025"}, map[string]any{
			"value": 138.0, "count": 493.0, "period": "2025-03-31", "area.code": "E06000002", "neighbours.model": "2025",
			"neighbours.n": 10.0, "neighbours.mean": 120.4, "neighbours.median": 104.5, "neighbours.min": 73.0, "neighbours.max": 184.0,
			"region.value": 111.0, "region.name": "North East", "england.value": 67.0,
			"rank.position": 6.0, "rank.of": 151.0, "rank.joint": false,
			"change.absolute": -8.0, "change.from": "2024-03-31", "quartile": 4.0, "quartiles": []any{53.0, 67.0, 90.0}}},
		{[]string{"--measure", "cla", "--period", "2025", "--neighbours", "2021"}, map[string]any{"value": 138.0, "neighbours.mean": 126.2}},
		{[]string{"--measure", "cpp", "--period", "2025-03-31"}, map[string]any{"value": 99.1, "rank.position": 1.0, "rank.of": 151.0}},
		{[]string{"--measure", "cin"}, map[string]any{"value": 562.9, "period": "2025-03-31", "rank.position": 5.0, "rank.of": 153.0}},
	} {
		got, code := answerOf[map[string]any](t, append([]string{"compare", "--db", db, "--area", "806"}, c.args...)...)
		if code != done {
			t.Errorf("%v: exit %d", c.args, code)
		}
		for path, want := range c.want {
			if diff := cmp.Diff(want, dig(got, path)); diff != "" {
				t.Errorf("%v: %s: %s", c.args, path, diff)
			}
		}
	}
	got, _ := answerOf[map[string]any](t, "compare", "--db", db, "--area", "806", "--measure", "cin")
	if mean, _ := dig(got, "neighbours.mean").(float64); mean < 478.45 || mean >= 478.55 {
		t.Errorf("cin: neighbours' mean %v, want 478.5", mean)
	}
	got, _ = answerOf[map[string]any](t, "compare", "--db", db, "--area", "Middlesbrough", "--measure", "cla")
	if pc, _ := dig(got, "change.percent").(float64); pc > -5.4 || pc < -5.6 {
		t.Errorf("cla: change %v%%, want -5.5", pc)
	}
}

// A month's file: checked without a trace, imported, the same bytes again.
func TestImportMonthlyReturn(t *testing.T) {
	db := newDB(t)
	file := samples + "monthly-return.xlsx"
	points := func() int {
		s, _ := answerOf[map[string]any](t, "series", "--db", db, "--measure", "cla", "--area", "806")
		return len(s["points"].([]any))
	}
	before := points()
	checkedFiles, code := answerOf[[]imported](t, "import", "--db", db, "--dry-run", file)
	if a := checkedFiles[0]; code != done || a.Status != "checked" || a.New == 0 || a.Revised != 0 || a.Batch != 0 {
		t.Fatalf("dry run: exit %d, %+v", code, a)
	}
	if points() != before {
		t.Error("a dry run stored something")
	}
	first, code := answerOf[[]imported](t, "import", "--db", db, file)
	if a := first[0]; code != done || a.Status != "imported" || a.New != checkedFiles[0].New || a.Batch == 0 {
		t.Fatalf("import: exit %d, %+v", code, a)
	}
	grown := points()
	if grown <= before {
		t.Errorf("the series has %d points, %d before the import", grown, before)
	}
	again, code := answerOf[[]imported](t, "import", "--db", db, file)
	if a := again[0]; code != done || a.Status != "unchanged" || a.Batch != first[0].Batch {
		t.Errorf("the same bytes again: exit %d, %+v", code, a)
	}
	next, code := answerOf[[]imported](t, "import", "--db", db, samples+"monthly-return-next.xlsx")
	if a := next[0]; code != done || a.Status != "imported" || a.New == 0 || a.Revised != 0 || a.Unchanged != first[0].New {
		t.Errorf("next month: exit %d, %+v", code, a)
	}
	if points() != grown+1 {
		t.Errorf("next month: %d points, want one more than %d", points(), grown)
	}
}

// Every row of every published file is accounted for, and after the box none
// changes anything.
func TestImportOriginals(t *testing.T) {
	const data = "../../../shared/data/"
	if _, err := os.Stat(data); err != nil {
		t.Skip("the published originals are not beside the project (../shared/data): skipped")
	}
	db := newDB(t)
	for _, c := range []struct {
		file, layout string
		fresh        bool // figures that are not in the box
	}{
		{"dfe/cla_number_and_rate_per_10k_children.csv", "dfe-cla", false},
		{"dfe/b1_children_in_need_2013_to_2025.csv", "dfe-cin", false},
		{"dfe/d5_cpps_at31march_by_duration_2013_to_2025.csv", "dfe-cpp", false},
		{"dfe/ons_mid-year_population_estimates_2012_to_2024.csv", "ons-population", false},
		{"dfe/lait_underlying_2016_2025.csv", "lait", false},
		{"neighbours/sn_may_2025.xlsx", "neighbours", false},
		{"neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv", "neighbours", false},
		{"local/middlesbrough_referrals_monthly.csv", "measure-columns", true},
	} {
		answers, code := answerOf[[]imported](t, "import", "--db", db, data+c.file)
		a := answers[0]
		if code != done || a.Status != "imported" || a.Layout != c.layout {
			t.Errorf("%s: exit %d, %s by %s, %v", c.file, code, a.Status, a.Layout, a.Problems)
			continue
		}
		skipped := 0
		for _, s := range a.Skipped {
			skipped += s.Rows
			if s.Reason == "" {
				t.Errorf("%s: rows skipped without a reason", c.file)
			}
		}
		if a.Rows == 0 || a.Rows != a.Used+skipped+a.Faulty {
			t.Errorf("%s: %d rows, but %d used, %d skipped, %d faulty", c.file, a.Rows, a.Used, skipped, a.Faulty)
		}
		if a.Revised != 0 || a.New+a.Revised+a.Unchanged != a.Observations+a.Links || (a.New > 0) != c.fresh {
			t.Errorf("%s: %d new, %d revised, %d unchanged of %d", c.file, a.New, a.Revised, a.Unchanged, a.Observations+a.Links)
		}
	}
}

// A refused file says what, where and what to do, and leaves nothing.
func TestImportRefused(t *testing.T) {
	db := newDB(t)
	bad := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(bad, []byte("date,measure,area,count\n2026-03-31,cla,806,480\n2026-03-31,cla,Atlantis,12\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	answers, code := answerOf[[]imported](t, "import", "--db", db, bad, filepath.Join(t.TempDir(), "none.csv"))
	if code != refused || answers[0].Status != "refused" || answers[1].Status != "refused" {
		t.Fatalf("exit %d, %+v", code, answers)
	}
	if p := answers[0].Problems; len(p) != 1 || p[0].At != "C3" || p[0].Code != "unknown_area" || !strings.Contains(p[0].Message, "Atlantis") {
		t.Errorf("problems %+v, want the unknown area at C3", p)
	}
	s, _ := answerOf[map[string]any](t, "series", "--db", db, "--measure", "cla", "--area", "806")
	for _, p := range s["points"].([]any) {
		if p.(map[string]any)["file"] == "bad.csv" {
			t.Error("a figure of the refused file was stored")
		}
	}
}

// Answers go to stdout alone, messages to stderr; the exit code tells.
func TestUsage(t *testing.T) {
	db := newDB(t)
	for _, c := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{[]string{"compare", "--db", db, "--measure", "cla"}, usage, "--area"},
		{[]string{"nonsense"}, usage, "nonsense"},
		{[]string{"compare", "--db", db, "--measure", "nonsense", "--area", "806"}, refused, "nonsense"},
		{[]string{"compare", "--db", db, "--measure", "cla", "--area", "Dorset"}, refused, "838"},
		{[]string{"compare", "--db", db, "--measure", "cla", "--area", "806", "--period", "someday"}, refused, "someday"},
		{[]string{"compare", "--db", db, "--measure", "cla", "--area", "806", "--neighbours", "1999"}, refused, "1999"},
		{[]string{"series", "--db", db, "--measure", "cla", "--area", "806", "--as-of", "yesterday"}, usage, "yesterday"},
		{[]string{"check", "--home", "Atlantis"}, usage, "Atlantis"},
	} {
		out, errs, code := bellwether(t, c.args...)
		if code != c.code || out != "" || !strings.Contains(errs, c.stderr) {
			t.Errorf("%v: exit %d, stdout %q, stderr %q; want exit %d and %q", c.args, code, out, errs, c.code, c.stderr)
		}
	}
	if out, _, code := bellwether(t, "--help"); code != done || !strings.Contains(out, "import") {
		t.Errorf("--help: exit %d, %q", code, out)
	}
}

func TestCheck(t *testing.T) {
	a, code := answerOf[checked](t, "check")
	if code != done || a.Measures < 40 || a.Areas < 164 || a.Neighbours < 2900 || a.Figures < 40000 || a.Dashboards < 1 || a.Layouts < 8 {
		t.Errorf("exit %d, %+v", code, a)
	}
}

func TestHistory(t *testing.T) {
	db := newDB(t)
	versions, code := answerOf[[]dashboard.Version](t, "history", "--db", db, "--measure", "cin", "--area", "806", "--period", "2023")
	if code != done || len(versions) == 0 {
		t.Fatalf("exit %d, %+v", code, versions)
	}
	for _, v := range versions {
		if v.File == "" || v.At == "" || v.Released == "" || v.Publisher != "DfE" {
			t.Errorf("a version that cannot be traced: %+v", v)
		}
	}
}
