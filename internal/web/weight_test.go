package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// weight is what a browser fetches to show a page first: the page with its
// drawings, and each file it names, compressed; alive is the script that makes
// the charts answer, which loads after.
type weight struct{ page, files, alive, requests int }

func (s *site) weigh(path string) (w weight) {
	s.Helper()
	a := s.get(path, "Accept-Encoding", "gzip").want(http.StatusOK)
	w.page, w.requests = len(a.body), 1
	for _, e := range s.get(path).page().Find(`link[rel="stylesheet"], link[rel="icon"], script[src], img[src]`).EachIter() {
		src := e.AttrOr("href", e.AttrOr("src", ""))
		file := s.get(src, "Accept-Encoding", "gzip").want(http.StatusOK)
		w.requests++
		if !strings.Contains(src, "/chart-") {
			w.files += len(file.body)
			continue
		}
		w.alive = len(file.body)
		if _, later := e.Attr("defer"); !later && e.AttrOr("type", "") != "module" {
			s.Errorf("%s: %s holds the page up", path, src)
		}
	}
	return w
}

// kilobyte is what budgets count in.
const kilobyte = 1024

// A first view is light, the overview above all.
func TestWeight(t *testing.T) {
	s := newSite(t)
	check := func(path string, budget int) {
		t.Helper()
		w := s.weigh(path)
		if first := w.page + w.files; first > budget {
			t.Errorf("a first view of %s is %d bytes, of which %d are the page; %d will do", path, first, w.page, budget)
		}
		if w.requests > 5 {
			t.Errorf("%s takes %d requests", path, w.requests)
		}
	}
	check("/", 75*kilobyte) // issue: 150
	s.imported(sampleFile(t, "monthly-return.xlsx"))
	for path, budget := range map[string]int{"/": 80, "/measures/cla": 110, "/measures/cla/neighbours": 60, "/measures/cla/authorities": 60, "/dashboards/looked-after": 110,
		"/dashboards/corporate-parenting": 50, "/compare": 75, "/since": 45, "/search?q=care": 45, "/measures": 45, "/about/methods": 45} {
		check(path, budget*kilobyte)
	}
	if w := s.weigh("/"); w.alive == 0 || w.alive > 250*kilobyte {
		t.Errorf("the script of the charts is %d bytes", w.alive)
	}
}

// What is named by its content is kept for a year, what is made of data is
// asked about and not sent twice, and a drawing keeps its tag while its figures
// stay as they are, whatever else is imported.
func TestKept(t *testing.T) {
	s := newSite(t)
	for _, e := range s.get("/").page().Find(`link[rel="stylesheet"], link[rel="icon"], script[src]`).EachIter() {
		src := e.AttrOr("href", e.AttrOr("src", ""))
		if got := s.get(src).want(http.StatusOK).header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control is %q", src, got)
		}
	}
	const drawing = "/measures/rereferrals.svg"
	tag := s.get(drawing).want(http.StatusOK).header.Get("ETag")
	s.imported(file{"october.csv", tidy("31/10/2026,Children looked after,487,")})
	s.forget()
	if got := s.get(drawing).want(http.StatusOK).header.Get("ETag"); got != tag {
		t.Errorf("a drawing of other figures has the tag %s, had %s", got, tag)
	}
	s.get(drawing, "If-None-Match", tag).want(http.StatusNotModified)
	for _, path := range []string{"/", "/dashboards", "/measures", "/measures/cla", "/compare", "/build", "/since", "/search?q=care", "/about/methods", "/about/glossary", "/about/accessibility"} {
		page := s.get(path).want(http.StatusOK)
		if got := page.header.Get("Cache-Control"); got != "private, no-cache" {
			t.Errorf("%s: Cache-Control is %q", path, got)
		}
		if again := s.get(path, "If-None-Match", page.header.Get("ETag")); again.status != http.StatusNotModified {
			t.Errorf("%s is sent again to who has it", path)
		}
	}
}
