package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/report"
)

// given writes a file of a test's own.
func given(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// words is the text of a document's body.
func words(t *testing.T, docx []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// with2016 holds what the Executive Member's report of 19 October 2016 printed.
func with2016(t *testing.T) string {
	t.Helper()
	db := newDB(t)
	must(t, "import", "--db", db, "--publish", "--accept-all", "as the report printed them", given(t, "lac.csv", `date,measure,area,count,rate
2016-09-26,Children looked after,806,412,128.89
2016-09-26,Child protection plans,806,270,84.47
2016-09-26,Children in need (council's own count),806,1267,396.38
`))
	return db
}

// From figures loaded long after, as they were printed, with what was known by
// then and nothing else.
func TestReportOf2016(t *testing.T) {
	t.Parallel()
	db, dir := with2016(t), t.TempDir()
	args := []string{"report", "council", "--db", db, "--area", "Middlesbrough", "--as-of", "2016-09-26", "--dated", "2016-10-19", "--by", "Ann",
		"--briefing", filepath.Join(dir, "briefing.docx")}
	for _, ending := range append(slices.Clone(report.Endings), report.JSON) {
		args = append(args, "--out", filepath.Join(dir, "report."+ending))
	}
	a, code := answerOf[reported](t, args...)
	if code != done || len(a.Files) != 6 || a.Number != 0 || a.SHA256 != "" || a.AsOf != "2016-09-26" || a.Dated != "2016-10-19" || a.By != "Ann" {
		t.Errorf("exit %d, %+v", code, a)
	}
	for _, text := range []string{words(t, contents(t, filepath.Join(dir, "report.docx"))), string(contents(t, filepath.Join(dir, "report.html")))} {
		says(t, text, "412 (128.89 per 10,000)", "270 (84.47 per 10,000)", "1267 (396.38 per 10,000)", "26 September 2016", "19 October 2016", "31,964", "known by 26 September 2016", "Ann")
		if strings.Contains(text, "March 2025") {
			t.Error("it tells of March 2025")
		}
	}
	says(t, string(contents(t, filepath.Join(dir, "report.html"))), "<html lang=\"en-GB\">", "has not been issued")
	says(t, string(contents(t, filepath.Join(dir, "report.csv"))), "128.89", "lac.csv", "E2")
	says(t, words(t, contents(t, filepath.Join(dir, "briefing.docx"))), "Questions to expect")
	r, err := dashboard.ReadReport(contents(t, filepath.Join(dir, "report.json")))
	if err != nil || r.Number != 0 || len(r.Figures) != 6 {
		t.Errorf("%v, %+v", err, r)
	}
	if z, err := zip.OpenReader(filepath.Join(dir, "report.xlsx")); err != nil {
		t.Error(err)
	} else {
		z.Close()
	}
}

// The same report of today has all its context, and again the same bytes.
func TestReportOfToday(t *testing.T) {
	t.Parallel()
	db, dir := newDB(t), t.TempDir()
	made := func(name string) []byte {
		out := filepath.Join(dir, name)
		says(t, must(t, "report", "council", "--db", db, "--out", out), "draft", out)
		return contents(t, out)
	}
	says(t, words(t, made("report.docx")), "493 (138 per 10,000)", "120.4", "North East", "England", "statistical neighbours")
	for _, ending := range append(slices.Clone(report.Endings), report.JSON) {
		if !bytes.Equal(made("a."+ending), made("b."+ending)) {
			t.Errorf(".%s is not the same twice", ending)
		}
	}
}

func TestReportRefused(t *testing.T) {
	t.Parallel()
	db, dir := newDB(t), t.TempDir()
	out, notWord := filepath.Join(dir, "r.docx"), given(t, "house.docx", "not a document")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"council"}, usage, "--out"},
		{[]string{"council", "--out", filepath.Join(dir, "r.pdf")}, usage, ".docx, .xlsx, .html, .csv, .json"},
		{[]string{"council", "--out", filepath.Join(dir, "none", "r.docx")}, usage, "no folder"},
		{[]string{"council", "--out", out, "--briefing", filepath.Join(dir, "b.csv")}, usage, ".docx, .html"},
		{[]string{"council", "--out", out, "--template", notWord}, usage, "--template"},
		{[]string{"council", "--out", out, "--template", filepath.Join(dir, "none.docx")}, usage, "--template"},
		{[]string{"council", "--out", out, "--as-of", "26/9/2016"}, usage, "--as-of"},
		{[]string{"council", "--out", out, "--as-of", "2199-01-01"}, usage, "yet to come"},
		{[]string{"council", "--out", out, "--as-of", "2016-09-26", "--dated", "2016-09-25"}, usage, "--dated"},
		{[]string{"council", "--out", out, "--area", "Atlantis"}, usage, "--area"},
		{[]string{"council", "--out", out, "--neighbours", "1999"}, usage, "--neighbours"},
		{[]string{"nonesuch", "--out", out}, refused, "corporate-parenting, council, scrutiny"},
		{[]string{"council", "--out", dir + "/.docx/"}, usage, "--out"},
	} {
		said, errs, code := bellwether(t, append([]string{"report", "--db", db}, c.args...)...)
		if code != c.code || said != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q, %q; want exit %d and %q", c.args, code, said, errs, c.code, c.says)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("something was written")
	}
}

// monthly is a council's return of May 2024 that says so many.
func monthly(t *testing.T, count int) string {
	return given(t, fmt.Sprintf("return-%d.csv", count), fmt.Sprintf("date,measure,area,count\n2024-04-30,Children looked after,806,500\n2024-05-31,Children looked after,806,%d\n", count))
}

// What was issued is handed out again to the byte fifty imports later, and
// tells which of its figures have been revised since.
func TestIssueOutlivesFiftyImports(t *testing.T) {
	t.Parallel()
	db, dir := newDB(t), t.TempDir()
	must(t, "import", "--db", db, "--publish", "--released", "2024-06-10", "--accept-all", "a test", monthly(t, 510))
	endings := append(slices.Clone(report.Endings), report.JSON)
	args := []string{"report", "council", "--db", db, "--as-of", "2024-06-30", "--dated", "2024-07-03", "--by", "Ann", "--issue"}
	for _, ending := range endings {
		args = append(args, "--out", filepath.Join(dir, "first."+ending))
	}
	a, code := answerOf[reported](t, args...)
	if code != done || a.Number != 1 || len(a.SHA256) != 64 {
		t.Fatalf("exit %d, %+v", code, a)
	}
	says(t, must(t, "issue", "1", "--db", db, "--revisions"), "issue 1", "Middlesbrough", "as of 30 June 2024, dated 3 July 2024, issued by Ann", a.SHA256, "None of its figures")

	for month := range 5 {
		later := []string{"import", "--db", db, "--publish", "--released", fmt.Sprintf("2024-%02d-10", 7+month), "--accept-all", "a test"}
		for i := range 10 {
			later = append(later, monthly(t, 511+10*month+i))
		}
		must(t, later...)
	}
	for _, ending := range endings {
		was, again := contents(t, filepath.Join(dir, "first."+ending)), filepath.Join(dir, "again."+ending)
		must(t, "issue", "1", "--db", db, "--out", again)
		if !bytes.Equal(was, contents(t, again)) {
			t.Errorf(".%s is not as it was issued", ending)
		}
	}
	r, err := dashboard.ReadReport(contents(t, filepath.Join(dir, "again.json")))
	if err != nil || r.Number != 1 || r.By != "Ann" {
		t.Errorf("%v, number %d, by %s", err, r.Number, r.By)
	}
	docx := words(t, contents(t, filepath.Join(dir, "again.docx")))
	says(t, docx, "510", a.SHA256[:12])

	answer, code := answerOf[struct{ Revisions []dashboard.Revision }](t, "issue", "1", "--db", db, "--revisions")
	if code != done {
		t.Errorf("exit %d", code)
	}
	var got []string
	for _, v := range answer.Revisions {
		got = append(got, fmt.Sprint(v.Measure, " ", v.Area, " ", v.Period, " ", v.Part, ": ", v.Text, " is ", v.Now))
	}
	if !slices.Contains(got, "cla E06000002 2024-05-31 count: 510 is 560") {
		t.Errorf("revised are %q", got)
	}
	says(t, must(t, "issue", "1", "--db", db, "--revisions"), "Revised since", "510", "560", "2024-11-10")

	b, _ := answerOf[reported](t, "report", "council", "--db", db, "--as-of", "2024-12-01", "--dated", "2024-12-04", "--issue")
	if b.Number != 2 || b.SHA256 == a.SHA256 || len(b.Files) != 0 {
		t.Errorf("the next issue: %+v", b)
	}
	if b.Replaces != nil {
		t.Errorf("it replaces %v", b.Replaces)
	}
	list, _ := answerOf[reportList](t, "reports", "--db", db)
	if len(list.Reports) < 3 || len(list.Issues) != 2 || list.Issues[0].Number != 2 || list.Issues[1].SHA256 != a.SHA256 {
		t.Errorf("listed: %+v", list)
	}
	says(t, must(t, "reports", "--db", db), "council", "scrutiny", "Middlesbrough", a.SHA256[:12], "2024-06-30", "2024-07-03", "Ann")
}

func TestIssueRefused(t *testing.T) {
	t.Parallel()
	db, dir := newDB(t), t.TempDir()
	for range 2 {
		must(t, "report", "council", "--db", db, "--issue", "--as-of", "2024-12-01", "--dated", "2024-12-04")
	}
	_, errs, code := bellwether(t, "report", "council", "--db", db, "--issue", "--as-of", "2024-12-01", "--dated", "2024-12-04")
	if code != done || !strings.Contains(errs, "issue 1 is of the same report and date") || !strings.Contains(errs, "issue 2 is of") {
		t.Errorf("issued again: exit %d, %s", code, errs)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"9"}, refused, "there is no issue 9"},
		{[]string{"one"}, usage, "number"},
		{[]string{"1", "--out", filepath.Join(dir, "r.pdf")}, usage, ".csv, .docx, .html, .xlsx and .json"},
		{[]string{"1", "--out", filepath.Join(dir, "none", "r.docx")}, refused, "none"},
	} {
		out, errs, code := bellwether(t, append([]string{"issue", "--db", db}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q, %q; want exit %d and %q", c.args, code, out, errs, c.code, c.says)
		}
	}
}

// A council's own template is taken for a draft, and its own reports stand
// beside the built-in ones.
func TestOwnReports(t *testing.T) {
	t.Parallel()
	db, dir := newDB(t), folder(t, map[string]string{"ours.toml": ownBoard})
	builtIn, _ := answerOf[checked](t, "check")
	if same, code := answerOf[checked](t, "check", "--dashboards", dir); code != done || same.Reports != builtIn.Reports || builtIn.Reports < 3 {
		t.Errorf("without a folder of reports: exit %d, %d reports, want %d", code, same.Reports, builtIn.Reports)
	}
	if err := os.Mkdir(filepath.Join(dir, "reports"), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "reports", "cabinet.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("title = \"To Cabinet\"\naudience = \"Cabinet\"\n[[section]]\nkind = \"headline\"\nheading = \"In short\"\nmeasures = [\"cla\"]\n")
	if own, code := answerOf[checked](t, "check", "--dashboards", dir); code != done || own.Reports != builtIn.Reports+1 {
		t.Errorf("exit %d, %d reports, want one more than %d", code, own.Reports, builtIn.Reports)
	}
	out := filepath.Join(dir, "r.docx")
	must(t, "report", "cabinet", "--db", db, "--dashboards", dir, "--out", out)
	says(t, words(t, contents(t, out)), "To Cabinet", "In short")
	house := filepath.Join(dir, "again.docx")
	must(t, "report", "cabinet", "--db", db, "--dashboards", dir, "--template", out, "--out", house)
	says(t, words(t, contents(t, house)), "To Cabinet", "In short")

	write("title = \"To Cabinet\"\naudience = \"Cabinet\"\n[[section]]\nkind = \"pie\"\nheading = \"In short\"\n")
	if _, errs, code := bellwether(t, "check", "--dashboards", dir); code != refused || !strings.Contains(errs, "cabinet.toml:4") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

// What the last report said, and what an author writes, is held against the
// figures, and the author is told.
func TestReportPointsOut(t *testing.T) {
	t.Parallel()
	db, dir := newDB(t), t.TempDir()
	text := given(t, "fostering.txt", "Child protection plans fell over the year.\r\n\r\n\r\n  More homes\tare needed. \n")
	a, code := answerOf[commented](t, "comment", "write", "--db", db, "--who", "Bob", "report/council", "fostering AND adoption", text)
	if code != done || a.Head != "Fostering and Adoption" || a.Area != "E06000002" || a.By != "Bob" || a.Text != "Child protection plans fell over the year.\n\nMore homes are needed." || len(a.Flags) != 1 {
		t.Fatalf("exit %d, %+v", code, a)
	}
	out := filepath.Join(dir, "r.json")
	said, errs, code := bellwether(t, "report", "council", "--db", db, "--out", out)
	if code != done {
		t.Fatalf("exit %d, %s", code, errs)
	}
	says(t, errs, "look again", "Fostering and Adoption", a.Flags[0].Why)
	says(t, string(contents(t, out)), "More homes are needed.", "Bob")
	for _, printed := range []string{said, string(contents(t, out))} {
		if strings.Contains(printed, a.Flags[0].Why) {
			t.Error("what is for the author alone is printed")
		}
	}
	drafted, _ := answerOf[reported](t, "report", "council", "--db", db, "--out", out)
	if diff := cmp.Diff([]pointed{{a.Head, a.Flags[0]}}, drafted.Flags); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := json.Marshal(drafted); err != nil || drafted.Stale == nil {
		t.Errorf("%v, %v", err, drafted)
	}
}
