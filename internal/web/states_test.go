package web_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"
)

// emptied is a site that holds nothing.
func emptied(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.path = filepath.Join(t.TempDir(), "empty.db")
	s.restart()
	return s
}

// Without figures a page says what to do, and shows no card of nothing.
func TestEmptyPages(t *testing.T) {
	s := emptied(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	for _, path := range []string{"/", "/dashboards/workforce", "/measures/cla"} {
		doc := s.get(path).want(http.StatusOK).page()
		box := doc.Find(".bw-empty")
		if box.Find(`a[href="/imports"]`).Length() != 1 || box.Find(`a[href="/samples/monthly-return.xlsx"]`).Length() != 1 {
			t.Errorf("%s does not say where to import: %s", path, fold(box.Text()))
		}
		if n := doc.Find(".bw-card").Length(); n != 0 {
			t.Errorf("%s has %d cards of nothing", path, n)
		}
		ctx := s.tab(t, server)
		do(t, ctx, chromedp.Navigate(server.URL+path), chromedp.WaitVisible(chromedp.CSS("main")))
		look(t, ctx, "empty"+strings.ReplaceAll(path, "/", "-"))
	}
}

// The council's own month is marked overdue on the day it is, and a doubt that
// all cards share is said once, where it can be seen.
func TestGlanceWithOwnFigures(t *testing.T) {
	s := newSite(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	s.imported(sampleFile(t, "monthly-return.xlsx"))
	doc := s.get("/").page()
	for _, card := range doc.Find(".bw-card").EachIter() {
		late, fresh := fold(card.Find(".bw-fresh__late").Text()), fold(card.Find(".bw-fresh").Text())
		if want := "▲ Overdue. Own figures to 30 September 2026; those to 31 October 2026 were due on 7 November"; late != want {
			t.Errorf("%s: overdue is %q, want %q", card.AttrOr("id", ""), late, want)
		}
		if want := "Published figures to 31 March 2025, 19 months ago; the next are of 31 March 2026"; !strings.HasSuffix(fresh, want) {
			t.Errorf("%s: its freshness does not say %q: %s", card.AttrOr("id", ""), want, fresh)
		}
		if card.Find(".bw-card__own").Length() != 1 || card.Find("svg.bw-spark[aria-hidden]").Length() != 1 || card.Find(".bw-card__sparked").Length() != 2 {
			t.Errorf("%s lacks its newest figure or its trend", card.AttrOr("id", ""))
		}
	}
	provisional := doc.Find("details.bw-notes[open]").FilterFunction(func(_ int, e *goquery.Selection) bool {
		return strings.Contains(e.Text(), "Rates worked out here on 30 September 2026 are provisional")
	})
	if provisional.Filter(".bw-cards + *").Length() != 1 || provisional.Filter(".bw-card *").Length() != 0 {
		t.Errorf("%d open notes say that the rates are provisional, not one below the cards", provisional.Length())
	}
	ctx := s.tab(t, server)
	do(t, ctx, chromedp.Navigate(server.URL+"/"), chromedp.WaitVisible(chromedp.CSS("main")))
	look(t, ctx, "overview-own")
}

// A number that is withheld is shown as its letter with what that means
// beside it, never as nothing or a zero.
func TestSuppressedCard(t *testing.T) {
	s := newSite(t)
	found := 0
	for _, path := range []string{"/dashboards/looked-after", "/dashboards/care-leavers", "/dashboards/child-protection"} {
		for _, area := range []string{"420", "857", "372", "392", "801"} {
			doc := s.get(path + "?area=" + area).page()
			for _, mark := range doc.Find(".bw-card__figure--mark").EachIter() {
				found++
				letter, meaning := fold(mark.Text()), fold(mark.Next().Text())
				if letter == "" || letter == "0" || meaning == "" {
					t.Errorf("%s, area %s: %q means %q", path, area, letter, meaning)
				}
			}
		}
	}
	if found == 0 {
		t.Error("no card of these has a mark")
	}
}
