package web_test

import (
	"net/http"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// The public view shows what it shows without a name, and leads to sign in.
func TestPublicView(t *testing.T) {
	s := newSite(t)
	if doc := s.public().get("/about/accessibility").want(http.StatusOK).page(); doc.Find(".bw-nav, .bw-search, .bw-who").Length() != 0 {
		t.Error("where there is no public view its navigation is shown")
	}
	s.open(true)
	public := s.public()
	doc := public.get("/").want(http.StatusOK).page()
	if doc.Find(`.bw-who a[href="/sign-in"]`).Length() != 1 || doc.Find("main form[method=post]").Length() != 0 || doc.Find(".bw-nav a").Length() != 5 {
		t.Errorf("the public sees %q", doc.Find(".bw-nav").Text())
	}
	if public.get("/measures/cla").want(http.StatusOK).page().Find(`main a[href*="/history"]`).Length() != 0 || public.token() != "" {
		t.Error("the public is led to histories, or has a session")
	}
	if got := public.get("/").header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control is %q", got)
	}
	s.open(false)
	if a := public.get("/"); !out(a.header) {
		t.Errorf("once it is switched off: %d", a.status)
	}
	public.get("/measures/cla.json").want(http.StatusUnauthorized)
	public.get("/compare.svg").want(http.StatusUnauthorized)
	if got := public.get("/measures/cla?area=Leeds").location(); got != "/sign-in?next=%2Fmeasures%2Fcla%3Farea%3DLeeds" {
		t.Errorf("it leads to %s", got)
	}
}

// forms is every form of a page by where it is sent.
func forms(doc *goquery.Document) []string {
	return doc.Find("main form[method=post]").Map(func(_ int, e *goquery.Selection) string { return e.AttrOr("action", "") })
}
