package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// A withdrawn import is gone from every page but the list, and what it had
// revised shows again.
func TestWithdraw(t *testing.T) {
	s := newSite(t)
	first := file{"first.csv", tidy("31/10/2026,Children looked after,487,")}
	second := file{"second.csv", tidy("31/10/2026,Children looked after,489,", "30/09/2026,Children looked after,481,")}
	s.imported(first)
	before := s.get("/measures/cla").text()
	page := s.imported(second)
	page.counts("1 1 0")
	page.says("What it changed", "2 figures read differently", "487", "489", "In force")
	row := page.page().Find(".bw-changed tbody tr").First()
	if got := fold(row.Text()); !strings.Contains(got, "487") || !strings.Contains(got, "489") {
		t.Errorf("the revised figure's row is %q", got)
	}
	row.Find("a").Each(func(_ int, a *goquery.Selection) { s.get(a.AttrOr("href", "")).want(http.StatusOK) })
	action := page.page().Find("#withdraw form").AttrOr("action", "")

	s.post(action, "reason", "   ").want(http.StatusBadRequest).says("Say why the import is withdrawn")
	s.get("/measures/cla").says("489")
	gone := s.get(s.post(action, "reason", "Wrong month "+attack).location()).want(http.StatusOK)
	gone.says("Withdrawn on", "by analyst: Wrong month "+attack, "shows again as it was", "489")
	if doc := gone.page(); doc.Find("#withdraw, main img").Length() != 0 {
		t.Error("it can be withdrawn twice, or its reason is markup")
	}
	if after := s.get("/measures/cla").text(); after != before {
		t.Errorf("the measure's page is not as before:\n%s\n%s", before, after)
	}
	s.get("/imports").says("Withdrawn", "Wrong month", "Draft", "Published")
	var list []struct {
		File      string
		Withdrawn *struct{ By, Why string }
	}
	s.get("/imports.json").json(&list)
	if w := list[0].Withdrawn; w == nil || w.By != "analyst" || list[1].Withdrawn != nil {
		t.Errorf("the JSON lists %+v", list[:2])
	}
	s.post(action, "reason", "again").want(http.StatusConflict).says("withdrawn already, by analyst")
	s.imported(second)
	s.get("/measures/cla").says("489")
}

// Every release of a figure is listed, with its file and cell.
func TestHistory(t *testing.T) {
	s := newSite(t)
	s.imported(file{"first.csv", tidy("31/10/2026,Children looked after,487,")})
	s.imported(file{"second.csv", tidy("31/10/2026,Children looked after,489,137.1")})
	page := s.get("/measures/cla")
	link := page.page().Find("#cla-table tbody th a").Last().AttrOr("href", "")
	history := s.get(link).want(http.StatusOK)
	history.says("2 releases have said", "31 October 2026", "487", "489", "“137.1”", "first.csv", "second.csv", "C2", "D2", "the council")
	rows := history.page().Find(".bw-history tbody tr")
	if got := rows.Find(`a[href^="/imports/"]`).Length(); rows.Length() != 2 || got != 2 {
		t.Errorf("%d rows with %d links to imports", rows.Length(), got)
	}
	var versions []struct {
		Released, Publisher, File, At string
		Count, Value                  *float64
	}
	s.get(history.page().Find(`main a[href*="history.json"]`).AttrOr("href", "")).want(http.StatusOK).json(&versions)
	if len(versions) != 2 || *versions[0].Count != 487 || versions[0].Value != nil || *versions[1].Value != 137.1 || versions[1].At != "C2, D2" {
		t.Errorf("the JSON is %+v", versions)
	}
	page.page().Find("#cla-trend tbody th a, #cla-table tbody th a").Each(func(i int, a *goquery.Selection) {
		s.get(a.AttrOr("href", "")).want(http.StatusOK)
	})
	if n := page.page().Find("#cla-table tbody th a").Length(); n != page.page().Find("#cla-table tbody tr").Length() {
		t.Errorf("only %d of the table's rows lead to a history", n)
	}
}
