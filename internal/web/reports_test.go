package web_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/web"
)

// fields are those that a form sends, with others in place of its own.
func fields(form *goquery.Selection, others ...string) []string {
	var out []string
	for _, in := range form.Find("input[name]").EachIter() {
		out = append(out, in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	return append(out, others...)
}

// Every report that is defined is listed, and can be had in every form; what
// the page shows is what its JSON says.
func TestReports(t *testing.T) {
	s := newSite(t)
	var list struct {
		Reports []dashboard.ReportInfo
		Issues  []stat.Issue
	}
	s.get("/reports.json").want(http.StatusOK).json(&list)
	links := s.get("/reports?area=Leeds").want(http.StatusOK).says("None has been issued yet").page().Find(".bw-listed a")
	if len(list.Reports) < 3 || links.Length() != len(list.Reports) || list.Issues == nil || len(list.Issues) != 0 {
		t.Fatalf("%d links; %+v", links.Length(), list)
	}
	for i, r := range list.Reports {
		href := links.Eq(i).AttrOr("href", "")
		if !strings.HasPrefix(href, "/reports/"+r.Name+"?") || !strings.Contains(href, "area=E08000035") {
			t.Fatalf("the report %s is at %s", r.Name, href)
		}
		page := s.get(href).want(http.StatusOK)
		doc := page.page()
		var report dashboard.Report
		s.get(doc.Find(`link[rel=alternate]`).AttrOr("href", "")).want(http.StatusOK).json(&report)
		if report.Area.Number != "383" || report.AsOf != "2026-11-21" || report.Dated != "2026-11-21" || report.By != "analyst" || report.Number != 0 {
			t.Errorf("%s is of %s, %s, %s, by %s, number %d", r.Name, report.Area.Name, report.AsOf, report.Dated, report.By, report.Number)
		}
		for _, sec := range report.Sections {
			page.says(append([]string{fold(sec.Heading)}, folded(sec.Paragraphs)...)...)
		}
		if n := doc.Find(".bw-report--draft").Length(); n != 1 {
			t.Errorf("%s says %d times that it is a draft", r.Name, n)
		}
		for _, a := range doc.Find(".bw-tool[download]").EachIter() {
			d := s.get(a.AttrOr("href", "")).want(http.StatusOK)
			if disposition := d.header.Get("Content-Disposition"); !strings.Contains(disposition, r.Name+"-383-2026-11-21-draft.") || len(d.body) < 1000 {
				t.Errorf("%s: %s of %d bytes", a.AttrOr("href", ""), disposition, len(d.body))
			}
		}
		if got := doc.Find("link[rel=stylesheet]").Last().AttrOr("href", ""); got != "/reports/style.css" {
			t.Errorf("%s has the style %s", r.Name, got)
		}
	}
}

func folded(texts []string) []string {
	var out []string
	for _, text := range texts {
		out = append(out, fold(text))
	}
	return out
}

// A day that cannot be read, or cannot be, is said beside its field; the rest
// of what was chosen stays.
func TestReportDays(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ query, field, says string }{
		{"as-of=soon", "as-of", "Give the day as 3 June 2026"},
		{"dated=next+week", "dated", "Give the day as 3 June 2026"},
		{"as-of=1+January+2030", "as-of", "yet to come"},
		{"as-of=2020-03-31&dated=2020-01-01", "dated", "date it that day or later"},
	} {
		doc := s.get("/reports/council?area=Leeds&by=Councillor+Jones&"+c.query).want(http.StatusBadRequest).says("There is a problem", c.says).page()
		if doc.Find(".bw-selection #"+c.field+"-error").Length() != 1 || doc.Find(`.govuk-error-summary a[href="#`+c.field+`"]`).Length() != 1 {
			t.Errorf("%s: the problem is not beside the field", c.query)
		}
		if area, by := doc.Find("#area option[selected]").Text(), doc.Find("#by").AttrOr("value", ""); area != "Leeds" || by != "Councillor Jones" {
			t.Errorf("%s: kept are %q and %q", c.query, area, by)
		}
	}
	old := s.get("/reports/council?as-of=26/09/2016&dated=19+October+2016").want(http.StatusOK).says("26 September 2016", "19 October 2016")
	if got := old.page().Find("#as-of").AttrOr("value", ""); got != "26 September 2016" {
		t.Errorf("the day is shown as %q", got)
	}
	if strings.Contains(old.text(), "31 March 2025") {
		t.Error("a report of 2016 knows 2025")
	}
}

// Officers write below a heading; a claim that the figures contradict is
// pointed out, and what is markup stays text.
func TestReportCommentary(t *testing.T) {
	s := newSite(t)
	const page, head = "/reports/council?area=806&as-of=2026-11-21&dated=2026-11-21", "Fostering and Adoption"
	form := func(query string) *goquery.Selection {
		return s.get(page + query).want(http.StatusOK).page().Find(`form:has([name="head"][value="` + head + `"])`)
	}
	send := func(f *goquery.Selection, text string) answer {
		return s.post(f.AttrOr("action", ""), fields(f, "text", text)...)
	}
	first := form("")
	to := send(first, "Children looked after are rising to 999.\r\n\r\n\r\n"+attack).location()
	if !strings.HasSuffix(to, "#heading-fostering-and-adoption") || !strings.Contains(to, "as-of=2026-11-21") {
		t.Errorf("it leads to %s", to)
	}
	after := s.get(strings.Split(to, "#")[0]).says(attack, "analyst, 21 November 2026", "Check before this is issued", "To check:", "fell by").page()
	if after.Find("main img[src=x], main script").Length() != 0 || after.Find("#heading-fostering-and-adoption .bw-score__flag").Length() == 0 {
		t.Error("the text is markup, or nothing is pointed out beside it")
	}
	if report := fold(after.Find(".bw-report").Text()); !strings.Contains(report, "rising to 999.") || strings.Contains(report, "To check") {
		t.Errorf("the report does not carry the text, or carries what is for its author: %.300s", report)
	}
	for _, other := range []string{"/reports/council?area=Leeds", "/reports/council?as-of=2026-11-01&dated=2026-11-20"} {
		if strings.Contains(s.get(other).text(), "rising to 999") {
			t.Errorf("it stands in %s", other)
		}
	}
	send(first, "Mine.").want(http.StatusBadRequest).says("There is a problem", "analyst saved this while you were writing")
	send(form(""), strings.Repeat("long ", 2001)).want(http.StatusBadRequest).says("up to 10,000 characters")

	s.clock = s.clock.AddDate(0, 0, 7)
	later := strings.ReplaceAll(page, "21", "28")
	next := s.get(later).page().Find(`form:has([value="` + head + `"])`)
	if text := next.Find("textarea").Text(); !strings.HasPrefix(text, "Children looked after are rising") {
		t.Errorf("the next report begins with %q", text)
	}
	send(next, " \n ").want(http.StatusSeeOther)
	if kept, err := s.db.Comments(t.Context(), "report/council"); err != nil || len(kept) != 0 {
		t.Errorf("kept is %+v, %v", kept, err)
	}
	s.post("/reports/council/commentary", "head", "Weather", "text", "Fair.").want(http.StatusNotFound)
}

// A question that a meeting left open is carried until it is answered.
func TestReportQuestions(t *testing.T) {
	s := newSite(t)
	const page = "/reports/council/briefing"
	form := s.get(page).want(http.StatusOK).says("No question has been kept").page().Find("#add-question")
	to := form.AttrOr("action", "")
	s.post(to, "text", "", "meeting", "3 June 2026").want(http.StatusBadRequest).says("Write what was asked")
	again := s.post(to, "text", "Why so many?", "meeting", "soon", "measure", "cla").want(http.StatusBadRequest).says("Give the day of the meeting").page()
	if text, about := again.Find("#question").Text(), again.Find("#about option[selected]").AttrOr("value", ""); text != "Why so many?" || about != "cla" {
		t.Errorf("kept are %q and %q", text, about)
	}
	s.post(to, "text", "Why so many? "+attack, "meeting", "3 June 2026", "measure", "nothing").want(http.StatusNotFound)
	s.post(to, "text", "Why so many? "+attack, "meeting", "3 June 2026", "measure", "cla").want(http.StatusSeeOther)
	open := s.get(page).says("Asked at the meeting of 3 June 2026, about Children looked after", "Still open", attack)
	if report := fold(open.page().Find(".bw-report").Text()); !strings.Contains(report, "Why so many?") || open.page().Find("main img[src=x]").Length() != 0 {
		t.Error("the briefing does not carry the question, or it is markup")
	}
	reply := open.page().Find(`form[action*="/answers"]`)
	s.post(reply.AttrOr("action", ""), fields(reply, "text", "More came in.")...).want(http.StatusSeeOther)
	s.get(page).says("More came in.", "Change the answer")
	s.post(reply.AttrOr("action", ""), fields(reply, "text", strings.Repeat("a", 2001))...).want(http.StatusBadRequest).says("up to 2,000 characters")
	s.post("/reports/council/answers?area=Leeds", "id", "1", "text", "Mine.").want(http.StatusNotFound)
	if held, err := s.db.Questions(t.Context(), "E06000002"); err != nil || len(held) != 1 || held[0].Answer != "More came in." || held[0].By != "analyst" {
		t.Errorf("held are %+v, %v", held, err)
	}
}

// issue issues a report as its confirmation page asks, and returns its address.
func (s *site) issue(path string) string {
	s.Helper()
	form := s.get(path).want(http.StatusOK).page().Find("main form[method=post]")
	return s.post(form.AttrOr("action", ""), fields(form)...).location()
}

// An issued report stays as it was, byte for byte, whatever is imported, and
// says which of its figures have been revised.
func TestIssue(t *testing.T) {
	s := newSite(t)
	const draft = "/reports/council/issue?area=806&as-of=2026-11-21&dated=2026-11-21&by=Councillor+Jones"
	form := s.get(draft).want(http.StatusOK).says("Councillor Jones", "Nobody has written below").page().Find("main form[method=post]")
	s.post(form.AttrOr("action", ""), "seen", "another").want(http.StatusBadRequest).says("have changed since you looked")
	stale := fields(form)
	s.signedOff(s.imported(file{"march.csv", tidy("31/03/2026,Children looked after,470,")}))
	s.post(form.AttrOr("action", ""), stale...).want(http.StatusBadRequest).says("have changed since you looked")
	at := s.issue(draft)
	if at != "/reports/issues/1" {
		t.Fatalf("it is at %s", at)
	}
	before := map[string]string{}
	for _, ending := range []string{"docx", "xlsx", "html", "csv", "json"} {
		a := s.get(at + "." + ending).want(http.StatusOK)
		if got := a.header.Get("Content-Disposition"); !strings.Contains(got, `"council-issue-1.`+ending+`"`) {
			t.Errorf("%s is %s", ending, got)
		}
		before[ending] = a.body
	}
	first := s.get(at).says("Issue 1", "Councillor Jones", "None of its figures has been revised since", "470")
	if doc := first.page(); doc.Find(".bw-report--draft").Length() != 0 || doc.Find("h1").Length() != 1 {
		t.Error("the issued report is a draft, or has several titles")
	}
	s.signedOff(s.imported(file{"again.csv", tidy("31/03/2026,Children looked after,481,")}))
	s.server.Stale()
	for ending, body := range before {
		if s.get(at+"."+ending).body != body {
			t.Errorf("the .%s has changed", ending)
		}
	}
	after := s.get(at).says("revised since", "481")
	if diff := after.page().Find(".bw-report").Text(); diff != first.page().Find(".bw-report").Text() {
		t.Error("the report has changed")
	}
	row := fold(after.page().Find("#revised ~ .bw-tablewrap tbody tr").First().Text())
	for _, want := range []string{"Children looked after", "Middlesbrough", "31 March 2026", "470", "481"} {
		if !strings.Contains(row, want) {
			t.Errorf("the revision does not say %s: %s", want, row)
		}
	}
	s.get(draft).says("Issue 1 is of the same report and date")
	if second := s.issue(draft); second != "/reports/issues/2" {
		t.Errorf("the second is at %s", second)
	}
	s.get(at).says("There is a later one: issue 2")
	rows := s.get("/reports").page().Find("tbody tr")
	if rows.Length() != 2 || !strings.HasPrefix(fold(rows.First().Text()), "2") {
		t.Errorf("listed are %q", fold(rows.Text()))
	}
	s.get("/reports/issues/1.svg").want(http.StatusNotFound)
	s.get("/reports/issues/3").want(http.StatusNotFound)
}

// Reports are put on the council's own template.
func TestReportTemplate(t *testing.T) {
	s := newSite(t)
	plain := s.get("/reports/council.docx").want(http.StatusOK).body
	book, err := zip.NewReader(strings.NewReader(plain), int64(len(plain)))
	if err != nil || !slices.ContainsFunc(book.File, func(f *zip.File) bool { return f.Name == "word/document.xml" }) {
		t.Fatalf("it is no Word document: %v", err)
	}
	var house bytes.Buffer
	w := zip.NewWriter(&house)
	for _, f := range book.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		text := readAll(t, r)
		if f.Name == "word/styles.xml" {
			text = strings.ReplaceAll(text, "Arial", "Georgia")
		}
		part.Write([]byte(text))
	}
	w.Close()
	s.reconfigured(web.Config{Template: house.Bytes()})
	own := s.get("/reports/council.docx?" + url.Values{"by": {"Ann"}}.Encode()).want(http.StatusOK).body
	if book, err = zip.NewReader(strings.NewReader(own), int64(len(own))); err != nil {
		t.Fatal(err)
	}
	for _, f := range book.File {
		if f.Name != "word/styles.xml" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(readAll(t, r), "Georgia") {
			t.Error("the template's styles are lost")
		}
	}
}

// What the last issue said is held against the figures of the next report.
func TestReportBefore(t *testing.T) {
	s := newSite(t)
	form := s.get("/reports/council").page().Find(`form:has([value="Early Help"])`)
	s.post(form.AttrOr("action", ""), fields(form, "text", "Children looked after are rising.")...).want(http.StatusSeeOther)
	s.issue("/reports/council/issue")
	for _, page := range []string{"/reports/council", "/reports/council/issue"} {
		a := s.get(page+"?dated=2026-12-01").want(http.StatusOK).says("no longer holds", "fell by")
		if n := a.page().Find(`.bw-reports__check a[href="/reports/issues/1"]`).Length(); n != 1 {
			t.Errorf("%s leads %d times to the last issue", page, n)
		}
	}
	s.get("/reports/council?dated=2026-12-01").says("has been issued with what was said then")
}
