package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/dashboard"
	"bellwether/internal/longtest"
)

// The page says what its JSON says.
func TestTwins(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ page, twin string }{
		{"/", "/dashboards/overview.json"},
		{"/dashboards/overview?area=Leeds&neighbours=2021", "/dashboards/overview.json?area=383&neighbours=2021"},
		{"/measures/cla", "/measures/cla.json"},
		{"/measures/cla/neighbours?neighbours=2021", "/measures/cla/neighbours.json?neighbours=2021"},
		{"/measures/cla/authorities?sort=region&dir=desc", "/measures/cla/authorities.json?sort=region&dir=desc"},
		{"/measures/cin?show=count&from=2018", "/measures/cin.json?show=count&from=2018"},
	} {
		t.Run(c.page, func(t *testing.T) {
			var v dashboard.View
			s.get(c.twin).want(http.StatusOK).json(&v)
			page := s.get(c.page).want(http.StatusOK)
			page.says(v.Title, fold(v.Lead))
			page.says(v.Warnings...)
			if len(v.Panels) == 0 {
				t.Fatal("no panels")
			}
			doc := page.page()
			for _, p := range v.Panels {
				checkPanel(t, doc, p)
			}
			alternate, _ := doc.Find(`link[rel="alternate"]`).Attr("href")
			var again dashboard.View
			s.get(alternate).want(http.StatusOK).json(&again)
			if again.Selection != v.Selection {
				t.Errorf("the page's own link to its JSON selects %+v, want %+v", again.Selection, v.Selection)
			}
		})
	}
}

func checkPanel(t *testing.T, doc *goquery.Document, p dashboard.Panel) {
	t.Helper()
	at := doc.Find("#" + p.ID)
	if at.Length() != 1 {
		t.Fatalf("%d elements have the id %s", at.Length(), p.ID)
	}
	says := append([]string{p.Title, p.Sentence}, p.Warnings...)
	if h := p.Headline; h != nil {
		says = append([]string{p.Title}, h.Comparison.Sentences...)
		notes := fold(doc.Find(".bw-notes").Text()) // its own, or those of all cards
		for _, w := range p.Warnings {
			if !strings.Contains(notes, fold(w)) {
				t.Errorf("panel %s: no notes say %q: %.600s", p.ID, w, notes)
			}
		}
		says = append(says, h.Count, h.Value, h.AsOf, h.Change, h.Against, h.Rank, h.Latest, h.Interval, h.Verdict, h.Trend, h.Meeting)
	}
	text := fold(at.Text())
	for _, part := range says {
		if !strings.Contains(text, fold(part)) {
			t.Errorf("panel %s does not say %q: %.600s", p.ID, part, text)
		}
	}
	if p.Table != nil {
		if got := at.Find("tbody tr").Length(); got != len(p.Table.Rows) {
			t.Errorf("panel %s shows %d rows of %d", p.ID, got, len(p.Table.Rows))
		}
	}
	if c := p.Control; c != nil && !(strings.Contains(text, fold(c.Words)) && strings.Contains(text, fold(c.Assurance))) {
		t.Errorf("panel %s does not say %q and %q", p.ID, c.Words, c.Assurance)
	}
	if p.Trend != nil || p.Bars != nil || p.Control != nil || p.Ahead != nil || p.Shares != nil {
		if at.Find("svg").Length() != 2 || at.Find("figcaption").Length() != 1 || at.Find(`script[type="application/json"]`).Length() != 1 {
			t.Errorf("panel %s has %d drawings, %d captions", p.ID, at.Find("svg").Length(), at.Find("figcaption").Length())
		}
	}
}

func TestOverviewFigures(t *testing.T) {
	s := newSite(t)
	card := s.get("/").page().Find(".bw-card").First()
	text := fold(card.Text())
	for _, want := range []string{"493", "138", "31 March 2025", "120.4", "6th"} {
		if !strings.Contains(text, want) {
			t.Errorf("the card of children looked after does not say %q: %s", want, text)
		}
	}
}

// Every link and download that a page offers is there.
func TestLinksLead(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	s := newSite(t)
	seen := map[string]bool{}
	for _, start := range []string{"/", "/dashboards", "/measures", "/measures/cla", "/measures/cla/neighbours", "/imports", "/imports/1", "/council", "/groups/new", "/about/accessibility", "/about/methods"} {
		s.get(start).page().Find(`a[href], link[href], script[src], form[method="get"]`).Each(func(_ int, e *goquery.Selection) {
			to, ok := e.Attr("href")
			if !ok {
				to, ok = e.Attr("src")
			}
			if !ok {
				to, _ = e.Attr("action")
			}
			if !strings.HasPrefix(to, "/") || seen[to] {
				return
			}
			seen[to] = true
			path, fragment, _ := strings.Cut(to, "#")
			a := s.get(path)
			if a.status != http.StatusOK {
				t.Errorf("%s links to %s, which is %d", start, to, a.status)
			}
			if fragment != "" && a.page().Find("#"+fragment).Length() != 1 {
				t.Errorf("%s links to %s, where nothing is called so", start, to)
			}
		})
	}
	if len(seen) < 20 {
		t.Errorf("only %d links were followed", len(seen))
	}
}

func TestAreasToChoose(t *testing.T) {
	s := newSite(t)
	groups := s.get("/?area=383").page().Find("#area optgroup")
	last, _ := groups.Last().Attr("label")
	if groups.Length() < 10 || last != "No longer exist" {
		t.Errorf("%d groups of areas, the last is %q", groups.Length(), last)
	}
	if n := groups.Not(":last-child").Find("option").Length(); n != 153 {
		t.Errorf("%d authorities can be chosen, want 153", n)
	}
	if got := groups.Find("option[selected]").Text(); got != "Leeds" {
		t.Errorf("%q is chosen, want Leeds", got)
	}
}

func TestDownloadNames(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"/measures/cla.csv":                      `attachment; filename="cla-806.csv"`,
		"/dashboards/overview.csv?area=Leeds":    `attachment; filename="overview-383.csv"`,
		"/measures/cla.csv?chart=trend&area=383": `attachment; filename="cla-383-cla-trend.csv"`,
		"/samples/monthly-return.xlsx":           `attachment; filename="monthly-return.xlsx"`,
	} {
		if got := s.get(path).want(http.StatusOK).header.Get("Content-Disposition"); got != want {
			t.Errorf("%s: Content-Disposition %s, want %s", path, got, want)
		}
	}
}
