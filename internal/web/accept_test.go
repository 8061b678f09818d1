package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/web"
	"bellwether/internal/workbook"
)

// doubtful is a file that reads well and has two warnings: a number and a rate
// far from any before.
func doubtful(t *testing.T, s *site) (path string, page answer) {
	t.Helper()
	path, page = s.upload(file{"doubtful.csv", tidy("31/10/2026,Children looked after,3,", "31/10/2026,Child protection plans,2000,")})
	if n := page.want(http.StatusOK).page().Find(".bw-waiting__item").Length(); n != 2 {
		t.Fatalf("%d warnings wait, want 2: %s", n, page.text())
	}
	return path, page
}

// reasons are the names of the fields of a page that take a reason.
func (a answer) reasons() []string {
	a.Helper()
	return a.page().Find(`.bw-waiting input[name^="reason:"]`).Map(func(_ int, e *goquery.Selection) string { return e.AttrOr("name", "") })
}

// Warnings are accepted one by one, and only then can the file be imported.
func TestAcceptWarnings(t *testing.T) {
	s := newSite(t)
	n := len(batches(s))
	path, page := doubtful(t, s)
	page.says("2 warnings wait for a reason", "C2", "WARNING", "PASS")
	if page.page().Find(`form[action$="/confirm"]`).Length() != 0 {
		t.Error("a file whose warnings wait can be confirmed")
	}
	s.post(path + "/confirm").want(http.StatusConflict).says("A warning still waits for a reason")
	fields := page.reasons()
	blank := s.post(path+"/accept", fields[0], "  ", fields[1], "").want(http.StatusBadRequest).says("Give a reason for at least one warning")
	if got := blank.page().Find(".govuk-error-summary a").AttrOr("href", ""); blank.page().Find(got).Length() != 1 {
		t.Errorf("the summary leads to %q, which is not on the page", got)
	}

	one := s.get(s.post(path+"/accept", fields[0], "A third of them moved. "+attack, fields[1], "").location()).want(http.StatusOK)
	one.says("A warning waits for a reason", "A third of them moved. "+attack)
	if got := one.reasons(); len(got) != 1 || got[0] != fields[1] || one.page().Find("img").Length() != 0 {
		t.Errorf("the warnings that wait are %v", got)
	}
	s.post(path + "/confirm").want(http.StatusConflict)

	both := s.get(s.post(path+"/accept", fields[1], "Checked with the team").location()).want(http.StatusOK)
	both.says("This is what would change", "Accepted, because: Checked with the team", "Import these figures")
	stored := s.settled(s.post(path + "/confirm").location()).want(http.StatusOK)
	stored.says("Warnings, and why they were accepted", "A third of them moved. "+attack, "Checked with the team")
	if after := batches(s); len(after) != n+1 {
		t.Errorf("%d imports, want %d", len(after), n+1)
	}
	s.get("/imports").says("2 warnings accepted")
	var kept struct {
		Problems []struct{ Severity, Accepted string }
	}
	s.get(strings.Split(stored.page().Find(`link[rel="alternate"]`).AttrOr("href", ""), "?")[0]).json(&kept)
	for _, p := range kept.Problems {
		if p.Severity == "warning" && p.Accepted == "" {
			t.Errorf("a warning is kept without its reason: %+v", p)
		}
	}
	s.post(path+"/accept", fields[0], "late").want(http.StatusConflict)
}

// Reasons given at the same moment are all kept, while the page is read.
func TestAcceptTogether(t *testing.T) {
	s := newSite(t)
	path, page := doubtful(t, s)
	var all sync.WaitGroup
	for i, field := range page.reasons() {
		all.Go(func() { s.post(path+"/accept", field, fmt.Sprint("reason ", i)).want(http.StatusSeeOther) })
		all.Go(func() { s.get(path).want(http.StatusOK) })
	}
	all.Wait()
	s.get(path).says("reason 0", "reason 1", "Import these figures")
}

// What was found can be taken away as a workbook, while the file is here.
func TestProblemsAsWorkbook(t *testing.T) {
	s := newSite(t)
	path, _ := doubtful(t, s)
	refused, page := s.upload(file{"bad figures.csv", tidy("31/10/2025,Children looked after,many,")})
	if href := page.page().Find(`a[download][href$="/problems.xlsx"]`).AttrOr("href", ""); href != refused+"/problems.xlsx" {
		t.Errorf("the refused file's workbook is at %q", href)
	}
	for at, want := range map[string]string{path: "doubtful-problems.xlsx", refused: "bad-figures-problems.xlsx"} {
		a := s.get(at + "/problems.xlsx").want(http.StatusOK)
		if got := a.header.Get("Content-Disposition"); got != `attachment; filename="`+want+`"` {
			t.Errorf("Content-Disposition %s", got)
		}
		book, err := workbook.Open(want, []byte(a.body), workbook.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		if len(book.Sheets) != 2 || book.Sheets[0].Name != "Problems" {
			t.Errorf("the sheets are %+v", book.Sheets)
		}
		book.Close()
	}
	s.post(path + "/cancel").want(http.StatusSeeOther)
	s.get(path + "/problems.xlsx").want(http.StatusNotFound)
	s.post(refused + "/cancel").want(http.StatusSeeOther)
	s.get(refused + "/problems.xlsx").want(http.StatusNotFound)
	again, _ := s.upload(file{"bad.csv", tidy("31/10/2025,Children looked after,many,")})
	s.wait(web.Lifetime + time.Minute)
	s.get(again + "/problems.xlsx").want(http.StatusNotFound)
}

// A file about single children is refused by sheet and column, and nothing of
// it stays: not its values on the page, not its bytes, not its name in the log.
func TestChildLevelRefused(t *testing.T) {
	s := newSite(t)
	data := []byte("Child Unique ID,Date of Birth,Forename,Measure\n" +
		"A123456,03/04/2015,Imogen,Children looked after\nA123457,05/06/2016,Rupert,Children looked after\nA123458,07/08/2017,Ottilie,Children looked after\n")
	path, page := s.upload(file{"imogen-case-list.csv", data})
	page.want(http.StatusUnprocessableEntity).says("rows about single children", "Nothing of it was stored or kept", "Child Unique ID")
	for _, value := range []string{"A123456", "03/04/2015", "Rupert", "Ottilie"} {
		if strings.Contains(page.body, value) {
			t.Errorf("the page shows %s", value)
		}
	}
	s.get(path + "/problems.xlsx").want(http.StatusNotFound)
	s.get(path + "/columns").want(http.StatusConflict)
	if page.page().Find(`a[href$="/columns"], a[href$="/problems.xlsx"]`).Length() != 0 {
		t.Error("the page offers what is made of the bytes")
	}
	log := s.log.String()
	for _, word := range []string{"imogen", "Imogen", "Rupert", "A123456", "Forename"} {
		if strings.Contains(log, word) {
			t.Errorf("the log says %s: %s", word, log)
		}
	}
	if !strings.Contains(log, "sha256=") {
		t.Errorf("the log does not have the hash: %s", log)
	}
	if kept := s.server.Bytes(); kept != 0 {
		t.Errorf("%d bytes are kept", kept)
	}
}

// A .meta.csv comes with the file it describes, in either order.
func TestMetaBeside(t *testing.T) {
	s := newSite(t)
	data, meta := published()
	for _, files := range [][]file{{data, meta}, {meta, data}} {
		a := s.do(uploadRequest(t, "", files...)).want(http.StatusSeeOther)
		page := s.settled(a.header.Get("Location"))
		page.want(http.StatusOK).says("Check "+data.name, "Short breaks started")
		if page.page().Find("h1").Length() != 1 || strings.Contains(page.page().Find("h1").Text(), "meta") {
			t.Errorf("the page is of %s", page.page().Find("h1").Text())
		}
	}
}

// published is a file in DfE's open-data standard that no layout was written
// for, and what describes it.
func published() (data, meta file) {
	rows := []string{"time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,new_la_code,old_la_code,la_name,break_type,breaks_started,breaks_percent"}
	for _, year := range []string{"2023", "2024", "2025"} {
		for _, kind := range []string{"Total", "Overnight"} {
			rows = append(rows,
				year+",Reporting year,National,E92000001,England,,,,,,"+kind+",5"+year+",12.5",
				year+",Reporting year,Local authority,E92000001,England,E12000001,North East,E06000002,806,Middlesbrough,"+kind+",4"+year[2:]+",11.5")
		}
	}
	data = file{"b9_short_breaks_2023_to_2025.csv", []byte(strings.Join(rows, "\n") + "\n")}
	meta = file{"b9_short_breaks_2023_to_2025.meta.csv", []byte("col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column\n" +
		"break_type,Filter,Type of short break,,,,,\nbreaks_started,Indicator,Short breaks started,,,0,,\nbreaks_percent,Indicator,Children with a short break,,%,1,,\n")}
	return data, meta
}

// Nobody but this site's own pages can change anything.
func TestOtherOriginChangesNothing(t *testing.T) {
	s := newSite(t)
	path, page := doubtful(t, s)
	for _, at := range []string{path + "/accept", path + "/confirm", path + "/cancel", path + "/columns", "/imports/1/withdraw", "/layouts/delete", "/measures/cla/name", "/dashboards/scorecard/commentary"} {
		r := httptest.NewRequest(http.MethodPost, at, bytes.NewReader([]byte("reason=because")))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		s.do(r).want(http.StatusForbidden)
	}
	if got := s.get(path); got.text() != page.text() {
		t.Errorf("the upload has changed: %s", got.text())
	}
	s.get("/imports/1").says("In force")
}
