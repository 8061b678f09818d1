package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

type answered struct {
	Query  string
	Whole  bool
	Total  int
	Groups []struct {
		Kind  string
		More  int
		Found []struct{ Title, Path, Code string }
	}
}

func TestSearchPage(t *testing.T) {
	s := newSite(t)
	s.get("/search").want(http.StatusOK).says("By any of its names", "All measures")
	page := s.get("/search?q=looked+after&area=Leeds&show=count").want(http.StatusOK)
	page.says("found.", "Measures", "What words mean")
	first := page.page().Find(".bw-found a").First()
	u, err := url.Parse(first.AttrOr("href", ""))
	if err != nil || u.Path != "/measures/cla" || u.Query().Get("area") != "E08000035" || u.Query().Get("show") != "count" {
		t.Errorf("the first leads to %s", first.AttrOr("href", ""))
	}
	if got := page.page().Find("main form input[name=area]").AttrOr("value", ""); got != "E08000035" {
		t.Errorf("the form carries area %q", got)
	}
	// One hit is a list of one, and an area is looked at with the rest kept.
	one := s.get("/search?q=806&show=count").want(http.StatusOK)
	one.says("1 found.", "North East, DfE number 806, ONS code E06000002")
	if href := one.page().Find(".bw-found a").AttrOr("href", ""); href != "/?area=E06000002&neighbours=2025&show=count" {
		t.Errorf("the area leads to %s", href)
	}
	s.get("/search?q=referrals+on+Mars").want(http.StatusOK).says("Nothing has all of these words.")
	s.get("/search?q=806+Mars").want(http.StatusOK).says("Nothing has all of these words. 1 has some of them.")
	none := s.get("/search?q=" + url.QueryEscape(attack)).want(http.StatusOK)
	none.says("Nothing is called", "all measures")
	if none.page().Find("main img, main script").Length() != 0 {
		t.Error("what was sought is markup")
	}
	var got answered
	s.get("/search.json?q=london").want(http.StatusOK).json(&got)
	if got.Query != "london" || !got.Whole || got.Groups[0].Kind != "area" || len(got.Groups[0].Found) != 20 || got.Groups[0].More == 0 {
		t.Errorf("%+v", got)
	}
}

// A measure that a file brings can be found by its name.
func TestSearchFindsWhatFilesBring(t *testing.T) {
	s := newSite(t)
	s.get("/search?q=short+breaks+started").want(http.StatusOK).says("Nothing has all of these words.")
	data, meta := published()
	s.imported(data, meta)
	s.get("/search?q=short+breaks+started").want(http.StatusOK).says("1 found.", "Short breaks started")
}

// Every term has an address of its own and leads only to what there is.
func TestGlossary(t *testing.T) {
	s := newSite(t)
	var got struct {
		Terms []struct{ ID, Name, Text, More string }
	}
	s.get("/about/glossary.json").want(http.StatusOK).json(&got)
	doc := s.get("/about/glossary").want(http.StatusOK).page()
	ids := map[string]bool{}
	for _, term := range got.Terms {
		if ids[term.ID] || term.Name == "" || !strings.HasSuffix(term.Text, ".") || doc.Find("dt#"+term.ID).Length() != 1 || doc.Find(`nav a[href="#`+term.ID+`"]`).Length() != 1 {
			t.Errorf("term %+v", term)
		}
		ids[term.ID] = true
		if term.More == "" {
			continue
		}
		path, fragment, _ := strings.Cut(term.More, "#")
		if page := s.get(path).want(http.StatusOK).page(); fragment != "" && page.Find("#"+fragment).Length() != 1 {
			t.Errorf("%s leads to %s, where there is no such place", term.ID, term.More)
		}
	}
	for _, id := range []string{"cla", "cpp", "cin", "rate", "statistical-neighbours", "median", "quartile", "confidence-interval", "special-cause", "provisional", "suppressed", "section-47", "referral"} {
		if !ids[id] {
			t.Errorf("%s is not explained", id)
		}
	}
}

// A page leads to each of its words once, where it is met first.
func TestWordsLeadToTheGlossary(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", "/measures/cla", "/since?meeting=2024-06-03"} {
		doc := s.get(path).want(http.StatusOK).page()
		seen := map[string]int{}
		doc.Find(`main a[href^="/about/glossary#"]`).Each(func(_ int, a *goquery.Selection) { seen[a.AttrOr("href", "")]++ })
		if seen["/about/glossary#rate"] != 1 {
			t.Errorf("%s leads to %v", path, seen)
		}
		for href, n := range seen {
			if n != 1 {
				t.Errorf("%s leads to %s %d times", path, href, n)
			}
		}
	}
}
