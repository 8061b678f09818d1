package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
)

// What is written of a scorecard's row all may read: not of a draft's figure
// before it is published.
func TestCommentOnADraft(t *testing.T) {
	db := newDB(t)
	out := must(t, "import", "--db", db, "--who", "Ann", october(t))
	number, _, _ := strings.Cut(out[strings.Index(out, "publish ")+len("publish "):], "\n")
	write := func(head, text string) (string, int) {
		t.Helper()
		_, errs, code := bellwether(t, "comment", "write", "--db", db, "--who", "Ann", "scorecard/scorecard", head, given(t, "a.txt", text))
		return errs, code
	}
	if errs, code := write("cla", "There are 480."); code != refused || !strings.Contains(errs, "rests on import "+number+", which has not been published yet: publish it first") {
		t.Errorf("of a draft: exit %d, %s", code, errs)
	}
	if errs, code := write("rereferrals", "Steady."); code != done {
		t.Errorf("of another row: exit %d, %s", code, errs)
	}
	if errs, code := write("cla", ""); code != done {
		t.Errorf("nothing said of a draft: exit %d, %s", code, errs)
	}
	if kept, _ := answerOf[[]stat.Comment](t, "comment", "list", "--db", db, "scorecard/scorecard"); len(kept) != 1 || kept[0].Head != "rereferrals" {
		t.Errorf("kept is %+v", kept)
	}
	must(t, "publish", "--db", db, number)
	if errs, code := write("cla", "There are 480."); code != done {
		t.Errorf("published: exit %d, %s", code, errs)
	}
}

// comments are those written at a place, or at all of them.
func comments(t *testing.T, db string, place ...string) (out []string) {
	t.Helper()
	comments, code := answerOf[[]stat.Comment](t, append([]string{"comment", "list", "--db", db}, place...)...)
	if code != done || comments == nil {
		t.Fatalf("exit %d, %v", code, comments)
	}
	for _, c := range comments {
		out = append(out, fmt.Sprintf("%s %s %s %s by %s: %s", c.Place, c.Head, c.Area, c.Date, c.By, c.Text))
	}
	return out
}

func writeComment(t *testing.T, db string, args ...string) string {
	t.Helper()
	return must(t, append([]string{"comment", "write", "--db", db, "--who", "Ann"}, args...)...)
}

func TestComment(t *testing.T) {
	db := newDB(t)
	write := func(args ...string) string { return writeComment(t, db, args...) }
	if got := comments(t, db); got != nil {
		t.Errorf("at first %q", got)
	}
	says(t, write("report/council", "Fostering and Adoption", given(t, "a.txt", "More homes."), "--date", "2016-10-19"), "kept for 19 October 2016")
	write("report/council", "Fostering and Adoption", given(t, "b.txt", "Theirs."), "--area", "Hartlepool", "--date", "2016-10-19")
	write("scorecard/corporate-parenting", "cla", given(t, "c.txt", "Steady.\n"))

	in, err := os.Open(given(t, "d.txt", "From elsewhere."))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer func(was *os.File) { os.Stdin = was }(os.Stdin)
	os.Stdin = in
	write("report/scrutiny", scrutinyHead(t, db), "--date", "2016-10-19")

	want := []string{
		"report/council Fostering and Adoption E06000001 2016-10-19 by Ann: Theirs.",
		"report/council Fostering and Adoption E06000002 2016-10-19 by Ann: More homes.",
		"report/scrutiny " + scrutinyHead(t, db) + " E06000002 2016-10-19 by Ann: From elsewhere.",
		"scorecard/corporate-parenting cla E06000002 2025-03-31 by Ann: Steady.",
	}
	if diff := cmp.Diff(want, comments(t, db)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:2], comments(t, db, "report/council")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	says(t, must(t, "comment", "list", "--db", db), "Hartlepool", "More homes.", "Ann")
	says(t, write("report/council", "Fostering and Adoption", given(t, "e.txt", " \n"), "--date", "2016-10-19"), "removed")
	if diff := cmp.Diff(want[:1], comments(t, db, "report/council")); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
}

// What is refused leaves the comments as they are.
func TestCommentRefused(t *testing.T) {
	db := newDB(t)
	writeComment(t, db, "report/council", "Fostering and Adoption", given(t, "a.txt", "More homes."), "--date", "2016-10-19")
	writeComment(t, db, "report/council", "Fostering and Adoption", given(t, "b.txt", "Theirs."), "--area", "Hartlepool", "--date", "2016-10-19")
	writeComment(t, db, "scorecard/corporate-parenting", "cla", given(t, "c.txt", "Steady.\n"))
	before := comments(t, db)
	text := given(t, "f.txt", "a")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"council", "Fostering and Adoption", text}, usage, "report/NAME"},
		{[]string{"report/nonesuch", "Fostering and Adoption", text}, refused, "there is no report"},
		{[]string{"report/council", "Weather", text}, refused, "Fostering and Adoption"},
		{[]string{"report/council", "Fostering and Adoption", text, "--date", "today"}, usage, "--date"},
		{[]string{"report/council", "Fostering and Adoption", text, "--area", "Atlantis"}, refused, "Atlantis"},
		{[]string{"report/council", "Fostering and Adoption", text + "x"}, refused, "no such file"},
		{[]string{"report/council", "Fostering and Adoption", given(t, "g.doc", "\xd0\xcf\x11\xe0")}, refused, "plain text"},
		{[]string{"report/council", "Fostering and Adoption", given(t, "h.txt", strings.Repeat("é", stat.LongestCommentary+1))}, refused, "10000 characters"},
		{[]string{"scorecard/corporate-parenting", "weather", text}, refused, "weather"},
		{[]string{"scorecard/corporate-parenting", "cla", given(t, "i.txt", strings.Repeat("é", stat.LongestRemark+1))}, refused, "2000 characters"},
		{[]string{"scorecard/corporate-parenting", "cla", text, "--date", "2016-10-19"}, usage, "--date"},
		{[]string{"scorecard/nonesuch", "cla", text}, refused, "nonesuch"},
	} {
		out, errs, code := bellwether(t, append([]string{"comment", "write", "--db", db}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q, %q; want exit %d and %q", c.args, code, out, errs, c.code, c.says)
		}
	}
	if diff := cmp.Diff(before, comments(t, db)); diff != "" || len(before) != 3 {
		t.Errorf("after what was refused (-want +got):\n%s", diff)
	}
}

// scrutinyHead is a heading of the panel's report.
func scrutinyHead(t *testing.T, db string) string {
	t.Helper()
	a, _ := answerOf[reportList](t, "reports", "--db", db)
	for _, r := range a.Reports {
		if r.Name == "scrutiny" && len(r.Heads) > 0 {
			return r.Heads[0]
		}
	}
	t.Fatal("the panel's report has no heading for commentary")
	return ""
}
