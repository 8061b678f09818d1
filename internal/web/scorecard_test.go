package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// The page of a scorecard has every row of its JSON, with the rating in words
// and what the service says of it.
func TestScorecardPage(t *testing.T) {
	s := newSite(t)
	const page = "/dashboards/scorecard"
	var v dashboard.View
	s.get(page + ".json").want(http.StatusOK).json(&v)
	at := slices.IndexFunc(v.Panels, func(p dashboard.Panel) bool { return p.Scorecard != nil })
	if at < 0 {
		t.Fatal("there is no scorecard")
	}
	sc := v.Panels[at].Scorecard
	said := sc.Rows[0]
	day, err := stat.ParseDate(said.Current.Period)
	if err != nil {
		t.Fatal(err)
	}
	comment := stat.Comment{Place: sc.Comments, Head: said.Head, Area: v.Area.Code, Date: day, Text: "The hub took " + attack, By: "Ann", At: s.now()}
	if err := s.db.SaveComment(t.Context(), comment); err != nil {
		t.Fatal(err)
	}
	s.server.Stale()
	answer := s.get(page)
	if answer.status != http.StatusOK {
		t.Fatalf("status %d; the log: %s", answer.status, s.log)
	}
	doc := answer.page()
	rows := doc.Find(".bw-score__row")
	if rows.Length() != len(sc.Rows) {
		t.Fatalf("%d rows of %d", rows.Length(), len(sc.Rows))
	}
	for i, r := range sc.Rows {
		checkRow(t, rows.Eq(i), r)
	}
	if text := fold(doc.Find(".bw-score__said").First().Text()); !strings.Contains(text, fold(comment.Text)) || !strings.Contains(text, "Ann") || doc.Find("main img").Length() != 0 {
		t.Errorf("the service says %q", text)
	}
	for _, id := range []string{"show", "from", "since", "project"} {
		if doc.Find("#"+id).Length() != 0 {
			t.Errorf("there can be chosen #%s, which a scorecard does not heed", id)
		}
	}
	old := s.get(page + "?period=2024-03-31").want(http.StatusOK).page()
	if got := old.Find("#period option[selected]").AttrOr("value", ""); got != "2024-03-31" || old.Find(".bw-score").Text() == doc.Find(".bw-score").Text() {
		t.Errorf("another period is %q and shows the same", got)
	}
}

// checkRow holds what a page shows of a row to its JSON.
func checkRow(t *testing.T, row *goquery.Selection, r dashboard.ScorecardRow) {
	t.Helper()
	text := fold(row.Text() + " " + row.NextFiltered(".bw-score__said").Text())
	wants := []string{r.Name, r.GoodIs, r.Target.Words, r.Target.ByWords, r.Target.ToleranceWords}
	if r.Current.Period != "" {
		wants = append(wants, r.Previous.Bare, r.Current.Bare, r.Current.Label, r.Current.Publisher, r.Travel.Words, r.Rating.Word, r.Neighbours.Bare, r.Region.Bare, r.England.Bare)
	}
	if r.Current.Period != "" && r.Target.Words != "" {
		wants = append(wants, r.Rating.Reason)
	}
	for _, want := range wants {
		if !strings.Contains(text, fold(want)) {
			t.Errorf("the row of %s does not say %q: %s", r.Name, want, text)
		}
	}
	if signs := row.Find(".bw-rag__shape").Length(); r.Current.Period != "" && (r.Rating.Shape != "") != (signs == 1) {
		t.Errorf("the row of %s has %d shapes for %q", r.Name, signs, r.Rating.Shape)
	}
	numbers := 0
	for _, p := range r.Series {
		if p.Number != nil {
			numbers++
		}
	}
	if drawn := row.Find(".bw-score__spark svg[aria-hidden]").Length(); r.Current.Period != "" && (drawn == 1) != (numbers > 1) {
		t.Errorf("the row of %s has %d small trends of %d figures", r.Name, drawn, numbers)
	}
	if href := row.Find("th a").AttrOr("href", ""); !strings.HasPrefix(href, r.Path+"?") || strings.Contains(href, "cadence") {
		t.Errorf("the row of %s leads to %s", r.Name, href)
	}
	if forms := row.Next().Find("form").Length(); (forms == 1) != (r.Current.Period != "") {
		t.Errorf("the row of %s has %d forms", r.Name, forms)
	}
}

// How far back the previous figures lie is chosen in the address.
func TestScorecardCadence(t *testing.T) {
	s := newSite(t)
	s.imported(sampleFile(t, "monthly-return.xlsx"))
	const page = "/dashboards/leadership-team"
	doc := s.get(page).want(http.StatusOK).page()
	if got := doc.Find("#cadence option[selected]").AttrOr("value", ""); got != "six weeks" {
		t.Errorf("its own cadence is %q", got)
	}
	seen := map[string]string{}
	for _, cadence := range []string{"month", "six weeks", "quarter", "year"} {
		query := "?cadence=" + url.QueryEscape(cadence)
		var v dashboard.View
		s.get(page + ".json" + query).want(http.StatusOK).json(&v)
		sc := v.Panels[0].Scorecard
		if sc.Cadence != cadence || v.Selection.Cadence != cadence || !strings.Contains(sc.Since, cadence) {
			t.Errorf("%s gives %s, %s", cadence, sc.Cadence, sc.Since)
		}
		at := slices.IndexFunc(sc.Rows, func(r dashboard.ScorecardRow) bool { return r.Measure == "cla" })
		if before := seen[sc.Rows[at].Previous.Period]; before != "" {
			t.Errorf("%s and %s are set against the same day", cadence, before)
		}
		seen[sc.Rows[at].Previous.Period] = cadence
		doc := s.get(page + query).want(http.StatusOK).page()
		if got := doc.Find("#cadence option[selected]").AttrOr("value", ""); got != cadence {
			t.Errorf("%s is shown as %q", cadence, got)
		}
		for _, href := range []string{doc.Find(`a[href*=".csv"]`).AttrOr("href", ""), doc.Find(".bw-score form").AttrOr("action", "")} {
			if !strings.Contains(href, "cadence="+url.QueryEscape(cadence)) {
				t.Errorf("%s is lost by %s", cadence, href)
			}
		}
	}
	s.get(page+"?cadence=fortnight").want(http.StatusBadRequest).says("fortnight", "six weeks")
	s.get("/?cadence=month").want(http.StatusOK)
}

// A scorecard is taken away as a table and as a workbook of typed numbers.
func TestScorecardTwins(t *testing.T) {
	s := newSite(t)
	var v dashboard.View
	s.get("/dashboards/scorecard.json").want(http.StatusOK).json(&v)
	table := v.Panels[0].Table
	href := s.get("/dashboards/scorecard").page().Find(`#scorecard .bw-tools a[href*=".csv"]`).AttrOr("href", "")
	if lines, err := csv.NewReader(strings.NewReader(s.get(href).want(http.StatusOK).body)).ReadAll(); err != nil || len(lines) != len(table.Rows)+1 || !slices.Equal(lines[0], table.Columns) {
		t.Errorf("%s has %d lines, %v", href, len(lines), err)
	}
	twice := s.get("/dashboards/corporate-parenting.csv").want(http.StatusOK).body
	if !strings.Contains(twice, ",CP1 Children looked after,") || !strings.Contains(twice, ",CP2 Children looked after,") {
		t.Error("two rows of a measure cannot be told apart")
	}
	s.get("/dashboards/scorecard.svg?chart=scorecard").want(http.StatusNotFound)
	a := s.get("/dashboards/scorecard.xlsx").want(http.StatusOK)
	book, err := workbook.Open("scorecard.xlsx", []byte(a.body), workbook.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	at := slices.IndexFunc(book.Sheets, func(sheet workbook.Sheet) bool { return sheet.Name == "Scorecard" })
	if at < 0 {
		t.Fatalf("the sheets are %+v", book.Sheets)
	}
	heads, rows := []string(nil), 0
	for row, err := range book.Rows(at) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case heads == nil && len(row.Cells) > 1 && row.Cells[0].Text == "Measure":
			for _, c := range row.Cells {
				heads = append(heads, c.Text)
			}
		case heads != nil && rows < len(table.Rows):
			checkTyped(t, heads, row.Cells, table.Rows[rows])
			rows++
		}
	}
	if rows != len(table.Rows) || !slices.Equal(heads, table.Columns) {
		t.Errorf("%d rows of %d under %q", rows, len(table.Rows), heads)
	}
}

// checkTyped wants a number wherever a column of numbers shows one.
func checkTyped(t *testing.T, heads []string, cells []workbook.Cell, shown []string) {
	t.Helper()
	for i, head := range heads {
		if i >= len(cells) || shown[i] == "" || !slices.Contains([]string{"Previous", "Current", "Change", "Tolerance", "Neighbours' mean", "Region", "England"}, head) {
			continue
		}
		number := strings.ContainsAny(shown[i], "0123456789")
		if (cells[i].Kind == workbook.Number) != number {
			t.Errorf("%s of %s is of kind %d, shown as %s", head, shown[0], cells[i].Kind, shown[i])
		}
	}
}

// The service says something of a row, is told what does not agree, corrects
// it and takes it back.
func TestCommentary(t *testing.T) {
	s := newSite(t)
	const page = "/dashboards/scorecard"
	form := func(query string) *goquery.Selection {
		return s.get(page + query).want(http.StatusOK).page().Find(`.bw-score form:has([value="rereferrals"])`)
	}
	send := func(form *goquery.Selection, text string) answer {
		fields := []string{"text", text}
		for _, in := range form.Find("input[name]").EachIter() {
			fields = append(fields, in.AttrOr("name", ""), in.AttrOr("value", ""))
		}
		return s.post(form.AttrOr("action", ""), fields...)
	}
	first := form("?area=Leeds&period=2024-03-31&cadence=year")
	to := send(first, "Up to 99%.\r\n\r\n\r\n"+attack).location()
	if !strings.HasSuffix(to, "#row-rereferrals") || !strings.Contains(to, "period=2024-03-31") || !strings.Contains(to, "cadence=year") {
		t.Errorf("it leads to %s", to)
	}
	after := s.get(strings.Split(to, "#")[0]).says("Up to 99%.", attack, "analyst, 21 November 2026", "To check: The commentary says 99%; the row has no 99%.", "Check before this is shared").page()
	if after.Find("main img").Length() != 0 || after.Find(`.bw-check a[href="#row-rereferrals"]`).Length() != 1 || after.Find("#row-rereferrals").Length() != 1 {
		t.Error("the commentary is markup, or what is to be checked cannot be reached")
	}
	kept, err := s.db.Comments(t.Context(), "scorecard/scorecard")
	if err != nil || len(kept) != 1 || kept[0].Text != "Up to 99%.\n\n"+attack || kept[0].Date.String() != "2024-03-31" || kept[0].Area != "E08000035" || kept[0].By != "analyst" || kept[0].At != s.now() {
		t.Fatalf("kept is %+v, %v", kept, err)
	}
	if text := s.get(page).text(); strings.Contains(text, "Up to 99%") {
		t.Error("it stands on another area's scorecard")
	}
	s.get(page+"?area=Leeds").says("The service said of 31 March 2024:", "Up to 99%.", "Bring the commentary up to date")

	// another window's form is of what was there before
	late := send(first, "Mine.").want(http.StatusBadRequest).says("analyst saved this while you were writing: “Up to 99%.", "There is a problem")
	again := late.page()
	if field := again.Find(".bw-score details[open] textarea"); field.Text() != "Mine." || again.Find(again.Find(".govuk-error-summary a").AttrOr("href", "-")).Length() != 1 {
		t.Errorf("the text is %q", field.Text())
	}
	send(again.Find(".bw-score details[open] form"), "Mine.").want(http.StatusSeeOther)
	corrected := form("?area=Leeds&period=2024-03-31&cadence=year")
	if got := corrected.Find("textarea").Text(); got != "Mine." {
		t.Errorf("to be changed is %q", got)
	}
	if s.get(page+"?area=Leeds&period=2024-03-31").page().Find(".bw-score__flag, .bw-check").Length() != 0 {
		t.Error("there is still something to check")
	}
	send(corrected, strings.Repeat("long ", 401)).want(http.StatusBadRequest).says("up to 2,000 characters; this has 2,004")
	send(form("?area=Leeds&period=2024-03-31"), " \n ").want(http.StatusSeeOther)
	if kept, err := s.db.Comments(t.Context(), "scorecard/scorecard"); err != nil || len(kept) != 0 {
		t.Errorf("kept is %+v, %v", kept, err)
	}
	send(corrected, "Mine.").want(http.StatusBadRequest).says("Somebody removed the commentary")
	s.post(page+"/commentary", "head", "rereferrals", "date", "2020-03-31", "text", "Old.").want(http.StatusBadRequest).says("Newer figures came in", "Old.")
	s.post(page+"/commentary", "head", "nothing").want(http.StatusNotFound)
	s.post("/dashboards/overview/commentary", "head", "cla").want(http.StatusNotFound)
	s.post(page+"/commentary?area=Atlantis", "head", "cla").want(http.StatusNotFound)
}

// Every dashboard is listed and has its twins; one without figures says what
// to import.
func TestEveryDashboard(t *testing.T) {
	s := newSite(t)
	list := s.get("/dashboards?area=Leeds").want(http.StatusOK).page()
	if n := list.Find(`#scorecards ~ .bw-listed a[href^="/dashboards/corporate-parenting?"]`).Length(); n != 1 {
		t.Error("the scorecards are not listed as such")
	}
	links := list.Find(".bw-listed a")
	if links.Length() < 3 {
		t.Fatalf("only %d dashboards are listed", links.Length())
	}
	for _, a := range links.EachIter() {
		path, query, _ := strings.Cut(a.AttrOr("href", ""), "?")
		if !strings.Contains(query, "area=E08000035") {
			t.Errorf("the selection is lost: %s", query)
		}
		page := s.get(path + "?" + query).want(http.StatusOK)
		var v dashboard.View
		s.get(path + ".json?" + query).want(http.StatusOK).json(&v)
		s.get(path + ".csv?" + query).want(http.StatusOK)
		for _, m := range v.Missing {
			page.says(m.Name, fold(m.How))
		}
		if len(v.Panels)+len(v.Missing) == 0 {
			t.Errorf("%s is empty and says nothing of it", path)
		}
	}
}

// Commentary on a draft's figure waits until it is published; of another row it
// does not.
func TestCommentaryOnADraft(t *testing.T) {
	s := newSite(t)
	const page = "/dashboards/scorecard"
	on := stat.OnDay(stat.Date{Year: 2026, Month: 10, Day: 31})
	draft := s.published("october.csv", time.Time{}, "2026-11-01", stat.Observation{Key: stat.Key{Measure: "cla", Area: council, Period: on}, Count: said(487), Value: said(136)})
	send := func(head string) answer {
		fields := []string{"text", "More came in."}
		for _, in := range s.get(page).want(http.StatusOK).page().Find(`.bw-score form:has([value="` + head + `"]) input[name]`).EachIter() {
			fields = append(fields, in.AttrOr("name", ""), in.AttrOr("value", ""))
		}
		return s.post(page+"/commentary", fields...)
	}
	send("cla").want(http.StatusBadRequest).says(fmt.Sprintf("rests on import %d, which has not been published yet", draft), "More came in.")
	send("rereferrals").want(http.StatusSeeOther)
	if kept, err := s.db.Comments(t.Context(), "scorecard/scorecard"); err != nil || len(kept) != 1 {
		t.Errorf("kept is %+v, %v", kept, err)
	}
	if _, err := s.db.Publish(t.Context(), draft, "Jo", "", s.now(), s.now()); err != nil {
		t.Fatal(err)
	}
	s.server.Stale()
	send("cla").want(http.StatusSeeOther)
}
