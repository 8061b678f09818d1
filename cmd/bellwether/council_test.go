package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
)

// must runs a command that is to succeed, and returns what it printed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, code := bellwether(t, args...)
	if code != done {
		t.Fatalf("bellwether %s: exit %d, %s", strings.Join(args, " "), code, errs)
	}
	return out
}

func says(t *testing.T, out string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(out, w) {
			t.Errorf("%q does not say %q", out, w)
		}
	}
}

func TestGroup(t *testing.T) {
	db := newDB(t)
	list := func() (out []string) {
		groups, code := answerOf[[]stat.Group](t, "group", "list", "--db", db)
		if code != done || groups == nil {
			t.Fatalf("exit %d, %v", code, groups)
		}
		for _, g := range groups {
			out = append(out, fmt.Sprint(g.Name, ": ", g.Title, " ", g.Areas, " by ", g.By))
		}
		return out
	}
	if got := list(); got != nil {
		t.Errorf("at first %q", got)
	}
	says(t, must(t, "group", "save", "--db", db, "--who", "Ann", "tees", "--title", "Tees Valley", "806", "Hartlepool", "E06000003"), "Tees Valley", "3 authorities")
	want := []string{"tees: Tees Valley [E06000002 E06000001 E06000003] by Ann"}
	if diff := cmp.Diff(want, list()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	says(t, must(t, "group", "list", "--db", db), "Tees Valley", "Middlesbrough, Hartlepool, Redcar and Cleveland", "Ann")

	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"save", "Tees", "--title", "Tees", "806"}, refused, "hyphens"},
		{[]string{"save", "region", "--title", "Tees", "806"}, refused, "region"},
		{[]string{"save", "2025", "--title", "Tees", "806"}, refused, "year"},
		{[]string{"save", "tees", "--title", " ", "806"}, refused, "title"},
		{[]string{"save", "tees", "--title", "Tees", "Atlantis"}, refused, "Atlantis"},
		{[]string{"save", "tees", "--title", "Tees", "Dorset"}, refused, "838"},
		{[]string{"save", "tees", "--title", "Tees", "England"}, refused, "not a local authority"},
		{[]string{"save", "tees", "--title", "Tees"}, usage, "area"},
		{[]string{"save", "tees", "806"}, usage, "--title"},
		{[]string{"delete", "nonesuch"}, refused, "not found"},
	} {
		out, errs, code := bellwether(t, append([]string{"group", "--db", db}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q, %q; want exit %d and %q", c.args, code, out, errs, c.code, c.says)
		}
	}
	if diff := cmp.Diff(want, list()); diff != "" {
		t.Errorf("after what was refused (-want +got):\n%s", diff)
	}
	says(t, must(t, "group", "save", "--db", db, "alone", "--title", "Alone", "806", "Middlesbrough", "E06000002"), "saved with 1 authority;")
	must(t, "group", "delete", "--db", db, "alone")
	must(t, "group", "delete", "--db", db, "tees")
	if got := list(); got != nil {
		t.Errorf("deleted, and still %q", got)
	}
}

func TestMeeting(t *testing.T) {
	db := newDB(t)
	list := func() (out []string) {
		meetings, _ := answerOf[[]stat.Meeting](t, "meeting", "list", "--db", db)
		for _, m := range meetings {
			out = append(out, fmt.Sprint(m.Date, " ", m.Name, " by ", m.By))
		}
		return out
	}
	must(t, "meeting", "add", "--db", db, "--who", "Ann", "2025-06-03", "Scrutiny Panel")
	m, code := answerOf[stat.Meeting](t, "meeting", "add", "--db", db, "--who", "Ann", "2025-09-02", "Scrutiny Panel")
	if code != done || m.Date.String() != "2025-09-02" || m.At.IsZero() {
		t.Errorf("exit %d, %+v", code, m)
	}
	if diff := cmp.Diff([]string{"2025-09-02 Scrutiny Panel by Ann", "2025-06-03 Scrutiny Panel by Ann"}, list()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	says(t, must(t, "meeting", "list", "--db", db), "2025-06-03  Scrutiny Panel", "Ann")
	must(t, "meeting", "delete", "--db", db, "2025-09-02", "Scrutiny panel")
	if diff := cmp.Diff([]string{"2025-06-03 Scrutiny Panel by Ann"}, list()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"add", "yesterday", "Panel"}, usage}, {[]string{"delete", "3 June 2025", "Panel"}, usage},
		{[]string{"add", "2025-06-03", " "}, refused}, {[]string{"add", "2025-06-03"}, usage},
		{[]string{"delete", "2025-09-02", "Scrutiny Panel"}, refused},
	} {
		if out, errs, code := bellwether(t, append([]string{"meeting", "--db", db}, c.args...)...); code != c.code || out != "" || errs == "" {
			t.Errorf("%v: exit %d, %q, %q; want exit %d", c.args, code, out, errs, c.code)
		}
	}
}

func TestRebase(t *testing.T) {
	db := newDB(t)
	list := func(args ...string) (out []string) {
		rebases, _ := answerOf[[]stat.Rebase](t, append([]string{"rebase", "list", "--db", db}, args...)...)
		for _, r := range rebases {
			out = append(out, fmt.Sprint(r.Measure, " ", r.Area, " ", r.From, " ", r.Reason, " by ", r.By))
		}
		return out
	}
	hub := []string{"--db", db, "--who", "Ann", "--measure", "referrals", "--area", "806", "--from", "2019-04-01"}
	must(t, append([]string{"rebase", "add", "--reason", "one hub for all"}, hub...)...)
	want := []string{"referrals E06000002 2019-04-01 one hub for all by Ann"}
	for _, args := range [][]string{nil, {"--measure", "referrals"}} {
		if diff := cmp.Diff(want, list(args...)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", args, diff)
		}
	}
	if got := list("--measure", "cla"); got != nil {
		t.Errorf("of another measure %q", got)
	}
	says(t, must(t, "rebase", "list", "--db", db), "Middlesbrough", "one hub for all")
	for _, c := range []struct {
		args []string
		code int
	}{
		{append([]string{"add"}, hub...), usage}, {append([]string{"add", "--reason", " "}, hub...), refused},
		{append([]string{"add", "--reason", "why"}, slices.Replace(slices.Clone(hub), 9, 10, "then")...), usage},
		{append([]string{"add", "--reason", "why"}, slices.Replace(slices.Clone(hub), 5, 6, "nonesuch")...), refused},
		{append([]string{"delete", "--reason", "why"}, slices.Replace(slices.Clone(hub), 9, 10, "2020-04-01")...), refused},
		{append([]string{"add", "--reason", "why"}, slices.Replace(slices.Clone(hub), 9, 10, "2199-04-01")...), refused},
		{append([]string{"add", "--reason", "why"}, slices.Replace(slices.Clone(hub), 5, 6, "cla")...), refused},
		{append([]string{"add", "--reason", "why"}, slices.Replace(slices.Clone(hub), 7, 8, "England")...), refused},
	} {
		if out, errs, code := bellwether(t, append([]string{"rebase"}, c.args...)...); code != c.code || out != "" || errs == "" {
			t.Errorf("%v: exit %d, %q, %q; want exit %d", c.args, code, out, errs, c.code)
		}
	}
	must(t, append([]string{"rebase", "delete", "--reason", "a mistake"}, hub...)...)
	if got := list(); got != nil {
		t.Errorf("deleted, and still %q", got)
	}
}

// A comparison with a group of the council's own, since a meeting, and with a
// projection that is kept.
func TestCompareWith(t *testing.T) {
	db := newDB(t)
	must(t, "group", "save", "--db", db, "tees", "--title", "Tees Valley authorities", "806", "805", "807", "808", "841")
	must(t, "meeting", "add", "--db", db, "2024-06-03", "Scrutiny Panel")
	compare := func(args ...string) map[string]any {
		t.Helper()
		got, code := answerOf[map[string]any](t, append([]string{"compare", "--db", db, "--area", "806", "--measure", "cla"}, args...)...)
		if code != done {
			t.Fatalf("%v: exit %d", args, code)
		}
		return got
	}
	got := compare("--neighbours", "tees", "--since", "last")
	if dig(got, "neighbours.n") != 4.0 || dig(got, "sinceMeeting.date") != "2024-06-03" || dig(got, "sinceMeeting.absolute") != -8.0 || got["kept"] != nil {
		t.Errorf("%v, %v, %v", got["neighbours"], got["sinceMeeting"], got["kept"])
	}
	if got := compare("--neighbours", "region"); dig(got, "neighbours.n") != 11.0 {
		t.Errorf("the region's others: %v", got["neighbours"])
	}
	plain, ahead := compare()["sentences"].([]any), compare("--project", "2028")["sentences"].([]any)
	if len(ahead) != len(plain)+1 || !strings.Contains(ahead[len(ahead)-1].(string), "projection") {
		t.Errorf("with a projection: %v", ahead)
	}
	kept := compare("--project", "2028", "--keep", "--note", "for the budget", "--who", "Ann")
	if dig(kept, "kept.id") != 1.0 || dig(kept, "kept.for") != "2028-03-31" || dig(kept, "kept.last") != "2025-03-31" ||
		dig(kept, "kept.note") != "for the budget" || dig(kept, "kept.by") != "Ann" {
		t.Errorf("kept %v", kept["kept"])
	}
	says(t, must(t, "compare", "--db", db, "--area", "806", "--measure", "cla", "--project", "2028", "--keep"), "Kept as projection 2")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--keep"}, usage, "--project"}, {[]string{"--project", "2028", "--note", "a"}, usage, "--keep"},
		{[]string{"--neighbours", "nonesuch"}, refused, "nonesuch"}, {[]string{"--since", "then"}, refused, "then"},
		{[]string{"--project", "2099"}, refused, "2026 to 2030"},
	} {
		out, errs, code := bellwether(t, append([]string{"compare", "--db", db, "--area", "806", "--measure", "cla"}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q, %q; want exit %d and %q", c.args, code, out, errs, c.code, c.says)
		}
	}
}

// The council's own newer figure is told as well as doubted.
func TestCompareTellsTheLatest(t *testing.T) {
	db := newDB(t)
	compare := []string{"compare", "--db", db, "--area", "806", "--measure", "cla"}
	if out := must(t, compare...); strings.Contains(out, "latest figure") {
		t.Errorf("before there is one: %s", out)
	}
	must(t, "import", "--db", db, "--accept-all", "a test", write(t, "own.csv", "date,measure,count\n2026-06-30,cla,490\n2026-09-30,cla,506\n"))
	says(t, must(t, compare...), "The council's own latest figure, of 30 September 2026, is 506 (142 per 10,000, worked out here).")
}

// Whoever does something is recorded: by the flag, the environment, or as the
// user of the computer.
func TestWho(t *testing.T) {
	db := newDB(t)
	who := func(args ...string) string {
		g, _ := answerOf[stat.Group](t, append([]string{"group", "save", "--db", db, "tees", "--title", "Tees", "806"}, args...)...)
		return g.By
	}
	if got := who(); got != user() || got == "" {
		t.Errorf("by %q, want %q", got, user())
	}
	t.Setenv("BELLWETHER_WHO", "Bob")
	if got := who(); got != "Bob" {
		t.Errorf("by %q, want Bob of the environment", got)
	}
	if got := who("--who", " Ann "); got != "Ann" {
		t.Errorf("by %q, want Ann of the flag", got)
	}
	answers, _ := answerOf[[]imported](t, "import", "--db", db, "--accept-all", "a test", write(t, "a.csv", "date,measure,count\n2026-06-30,cla,490\n"))
	w, code := answerOf[map[string]any](t, "withdraw", "--db", db, "--reason", "a test", strconv.FormatInt(answers[0].Batch, 10))
	if code != done || w["by"] != "Bob" {
		t.Errorf("exit %d, withdrawn %v", code, w)
	}
}

// A release that is older than the one that is held is kept, and said to be.
func TestImportSuperseded(t *testing.T) {
	db := newDB(t)
	imp := func(released, n string) imported {
		a, code := answerOf[[]imported](t, "import", "--db", db, "--accept-all", "a test", "--released", released, write(t, "cla.csv", "date,measure,count\n2026-06-30,cla,"+n+"\n"))
		if code != done {
			t.Fatalf("%+v", a)
		}
		return a[0]
	}
	imp("2026-09-01", "490")
	if a := imp("2026-08-01", "491"); a.New != 0 || a.Revised != 0 || a.Unchanged != 0 || a.Superseded != 1 {
		t.Errorf("%+v, want one superseded", a)
	}
	out := must(t, "import", "--db", db, "--dry-run", "--released", "2026-07-01", write(t, "cla.csv", "date,measure,count\n2026-06-30,cla,492\n"))
	says(t, out, "1 superseded: kept, but a later release is in force")
}

func TestImportLimits(t *testing.T) {
	db := newDB(t)
	rows := "date,measure,count\n"
	for year := range 20 {
		rows += fmt.Sprintf("%d-03-31,cla,%d\n", 2000+year, 400+year)
	}
	file := filepath.Join(t.TempDir(), "years.csv")
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	imp := func(args ...string) (imported, int) {
		a, code := answerOf[[]imported](t, append([]string{"import", "--db", db, "--dry-run", file}, args...)...)
		return a[0], code
	}
	if a, code := imp("--max-upload", "1KB", "--max-rows", "21"); code != done || a.Rows != 20 {
		t.Errorf("within the limits: exit %d, %+v", code, a)
	}
	for _, args := range [][]string{{"--max-upload", "100"}, {"--max-upload", "0.1 kB"}, {"--max-rows", "20"}} {
		a, code := imp(args...)
		if code != refused || len(a.Problems) == 0 || !strings.Contains(a.Problems[0].Message, args[0]) {
			t.Errorf("%v: exit %d, %+v; want the limit and its name", args, code, a.Problems)
		}
	}
	t.Setenv("BELLWETHER_MAX_ROWS", "9")
	if a, code := imp(); code != refused {
		t.Errorf("the environment's limit: exit %d, %+v", code, a)
	}
	for _, args := range [][]string{{"--max-upload", "much"}, {"--max-upload", "-1MB"}, {"--max-upload", "0"}, {"--max-upload", "NaN"}, {"--max-upload", "3GB"}, {"--max-rows", "-1"}} {
		if _, errs, code := bellwether(t, append([]string{"import", "--db", db, file}, args...)...); code != usage || !strings.Contains(errs, args[0]) {
			t.Errorf("%v: exit %d, %q", args, code, errs)
		}
	}
}

// A projection from a draft is not kept: all would see it.
func TestKeepProjectionOfADraft(t *testing.T) {
	db := newDB(t)
	rows := "date,measure,area,value\n"
	for year := range 6 {
		rows += fmt.Sprintf("%d-03-31,uasc,806,%d\n", 2021+year, 40+4*year)
	}
	out := must(t, "import", "--db", db, "--accept-all", "a test", write(t, "uasc.csv", rows))
	keep := []string{"compare", "--db", db, "--area", "806", "--measure", "uasc", "--project", "2028", "--keep"}
	if out, errs, code := bellwether(t, keep...); code != refused || out != "" || !strings.Contains(errs, "not been published yet") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
	number, _, _ := strings.Cut(strings.TrimSpace(out[strings.Index(out, "publish ")+len("publish "):]), "\n")
	must(t, "publish", "--db", db, number)
	says(t, must(t, keep...), "Kept as projection 1")
}
