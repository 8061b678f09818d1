package main

import (
	"path/filepath"
	"strings"
	"testing"

	"bellwether/internal/stat"
)

func TestQuestion(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	list := func(args ...string) []stat.Asked {
		t.Helper()
		questions, code := answerOf[[]stat.Asked](t, append([]string{"question", "list", "--db", db}, args...)...)
		if code != done || questions == nil {
			t.Fatalf("exit %d, %v", code, questions)
		}
		return questions
	}
	if got := list(); len(got) != 0 {
		t.Errorf("at first %+v", got)
	}
	says(t, must(t, "question", "ask", "--db", db, "--who", "Ann", "--meeting", "2016-06-03", "--measure", "LAC", "Why above neighbours?"), "question 1", "3 June 2016")
	must(t, "question", "ask", "--db", db, "--who", "Ann", "--meeting", "2016-06-03", "--area", "Hartlepool", "And ours?")
	got := list("--area", "806")
	if len(got) != 1 || got[0].Measure != "cla" || got[0].Area != "E06000002" || got[0].Text != "Why above neighbours?" || got[0].By != "Ann" || got[0].At.IsZero() {
		t.Errorf("%+v", got)
	}
	out := filepath.Join(t.TempDir(), "b.docx")
	must(t, "report", "council", "--db", db, "--briefing", out)
	says(t, words(t, contents(t, out)), "Why above neighbours?", "3 June 2016")

	says(t, must(t, "question", "answer", "--db", db, "--who", "Bob", "1", "More come in."), "question 1 is answered")
	if got := list("--open"); len(got) != 1 || got[0].ID != 2 {
		t.Errorf("still open: %+v", got)
	}
	if got := list()[0]; got.Answer != "More come in." || got.Answerer != "Bob" || got.Answered.IsZero() {
		t.Errorf("answered: %+v", got)
	}
	says(t, must(t, "question", "list", "--db", db), "Hartlepool", "Why above neighbours?", "More come in.", "Bob")
	says(t, must(t, "question", "answer", "--db", db, "1", " "), "open again")
	if got := list("--open"); len(got) != 2 {
		t.Errorf("open: %+v", got)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"ask", "Why?"}, usage, "--meeting"},
		{[]string{"ask", "Why?", "--meeting", "soon"}, usage, "--meeting"},
		{[]string{"ask", " ", "--meeting", "2016-06-03"}, refused, "what was asked"},
		{[]string{"ask", "Why?", "--meeting", "2016-06-03", "--measure", "weather"}, refused, "weather"},
		{[]string{"ask", "Why?", "--meeting", "2016-06-03", "--area", "Atlantis"}, refused, "Atlantis"},
		{[]string{"answer", "9", "Because."}, refused, "not found"},
		{[]string{"list", "--area", "Atlantis"}, refused, "Atlantis"},
	} {
		out, errs, code := bellwether(t, append([]string{"question", "--db", db}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q, %q; want exit %d and %q", c.args, code, out, errs, c.code, c.says)
		}
	}
}
