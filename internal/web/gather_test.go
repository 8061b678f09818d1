package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/dashboard"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// follow opens a link as a browser does, which keeps the fragment to itself.
func (s *site) follow(link *goquery.Selection) *goquery.Document {
	s.Helper()
	path, _, _ := strings.Cut(link.AttrOr("href", ""), "#")
	return s.get(path).want(http.StatusOK).page()
}

// selected are the values of the selects of one name that have been chosen.
func selected(doc *goquery.Document, name string) []string {
	var out []string
	doc.Find(`select[name="` + name + `"] option[selected]`).Each(func(_ int, o *goquery.Selection) {
		out = append(out, o.AttrOr("value", ""))
	})
	return out
}

// The page of areas side by side says what its twins say, however its lists
// are written.
func TestCompareAreas(t *testing.T) {
	s := newSite(t)
	var v, again dashboard.View
	s.get("/compare.json?areas=806,808,807&measures=cla,cpp").want(http.StatusOK).json(&v)
	page := s.get("/compare?areas=806&areas=808&areas=Redcar&areas=&measures=cla&measures=cpp&measures=").want(http.StatusOK)
	page.says(v.Title, v.Lead)
	doc := page.page()
	if len(v.Panels) != 3 || v.Panels[2].ID != "side-by-side" {
		t.Fatalf("%d panels", len(v.Panels))
	}
	for _, p := range v.Panels {
		checkPanel(t, doc, p)
	}
	if got := strings.Join(append(selected(doc, "areas"), selected(doc, "measures")...), " "); got != "E06000002 E06000004 E06000003 cla cpp" {
		t.Errorf("the form has %s", got)
	}
	s.get(doc.Find(`link[rel="alternate"]`).AttrOr("href", "")).want(http.StatusOK).json(&again)
	if again.Panels[0].Sentence != v.Panels[0].Sentence {
		t.Error("the page's own link to its JSON says something else")
	}
	csv := s.get(doc.Find(`#cla-areas a[download]`).First().AttrOr("href", "")).want(http.StatusOK)
	if first, _, _ := strings.Cut(csv.body, "\n"); first != "Date,Middlesbrough,Stockton-on-Tees,Redcar and Cleveland" {
		t.Errorf("the CSV begins %s", first)
	}
	if name := csv.header.Get("Content-Disposition"); name != `attachment; filename="compare-cla-areas.csv"` {
		t.Error(name)
	}
	svg := s.get("/compare.svg?areas=806,808&measures=cla&chart=cla-areas").want(http.StatusOK)
	if !strings.Contains(svg.body, "Stockton-on-Tees") {
		t.Error("the picture does not name Stockton-on-Tees")
	}
	s.get("/compare.xlsx?areas=806,808&measures=cla").want(http.StatusOK)
}

// What cannot be followed is said beside the field, and the rest is kept.
func TestCompareProblems(t *testing.T) {
	s := newSite(t)
	doc := s.get("/compare?areas=806,807,805,808,383,999&measures=cla,nonsense").want(http.StatusBadRequest).page()
	areas, measures := fold(doc.Find("#areas-error").Text()), fold(doc.Find("#measures-error").Text())
	if areas != `Error: There is no area "999": choose one from a list. Up to 4 areas can be shown: Leeds was left out.` || measures != `Error: There is no measure "nonsense": choose one from a list.` {
		t.Errorf("%s\n%s", areas, measures)
	}
	if got := doc.Find(`fieldset[aria-describedby="areas-error"]`).Length(); got != 1 {
		t.Error("the error does not belong to its field")
	}
	if got := strings.Join(selected(doc, "areas"), " "); got != "E06000002 E06000003 E06000001 E06000004" || doc.Find("#cla-areas svg").Length() != 2 {
		t.Errorf("kept %s", got)
	}
	if a := s.get("/compare?areas=806,999"); a.header.Get("ETag") == "" {
		t.Error("no ETag")
	}
	s.get("/compare.csv?areas=999").want(http.StatusBadRequest)
	s.get("/compare?axis=sideways").want(http.StatusBadRequest).says("zero or data")
}

// A page of the reader's own: panels are added by links that carry the list
// on, changed in order, and taken out.
func TestBuildOwnPage(t *testing.T) {
	s := newSite(t)
	empty := s.get("/build").want(http.StatusOK).page()
	if empty.Find("#your-panels[open]").Length() != 1 {
		t.Error("an empty page does not show how to fill it")
	}
	add := `.bw-tools a:contains("Add to your own page")`
	doc := s.follow(s.get("/measures/cla").page().Find("#cla-trend " + add))
	if doc.Find("figure").Length() != 1 || doc.Find("figure#cla-trend").Length() != 1 {
		t.Fatalf("the page has %d charts", doc.Find("figure").Length())
	}
	on := doc.Find(`.bw-nav a[href^="/measures"]`).AttrOr("href", "")
	if !strings.Contains(on, "mine=cla-trend") {
		t.Fatalf("%s does not carry the list on", on)
	}
	other := s.get("/measures/cpp/neighbours" + on[strings.IndexByte(on, '?'):]).want(http.StatusOK).page()
	if got := fold(other.Find(".bw-mine").Text()); got != "Your own page has 1 panel. Add more below, or open it." {
		t.Error(got)
	}
	two := s.follow(other.Find("#cpp-neighbours " + add))
	if ids := two.Find("figure").Map(func(_ int, f *goquery.Selection) string { return f.AttrOr("id", "") }); strings.Join(ids, " ") != "cla-trend cpp-neighbours" {
		t.Errorf("it shows %v", ids)
	}
	up := s.follow(two.Find(`.bw-own a:contains("Up")`))
	if got := up.Find("figure").First().AttrOr("id", ""); got != "cpp-neighbours" {
		t.Errorf("%s comes first", got)
	}
	less := s.follow(two.Find(`#cla-trend .bw-tools a:contains("Remove")`))
	if less.Find("figure").Length() != 1 || less.Find("figure#cpp-neighbours").Length() != 1 {
		t.Error("the trend is still there")
	}
	if two.Find(`.bw-selection input[name="panel"][value="cla-trend"]`).Length() == 0 {
		t.Error("choosing another area would lose the panels")
	}
}

// The form leads to the address with the new panel at the end.
func TestBuildForm(t *testing.T) {
	s := newSite(t)
	a := s.get("/build?area=383&panel=cla-trend&measure=cpp&kind=neighbours&title=Scrutiny%20%3Cb%3E").want(http.StatusSeeOther)
	if want := "/build?area=E08000035&neighbours=2025&show=value&title=Scrutiny+%3Cb%3E&panel=cla-trend&panel=cpp-neighbours"; a.header.Get("Location") != want {
		t.Fatal(a.header.Get("Location"))
	}
	page := s.get(a.header.Get("Location")).want(http.StatusOK)
	if got := page.page().Find("h1").Text(); got != "Scrutiny <b>" {
		t.Errorf("headed %q", got)
	}
	var v dashboard.View
	s.get("/build.json?panel=cla-trend&panel=cpp-neighbours").json(&v)
	if len(v.Panels) != 2 || len(v.Built.Panels) != 2 {
		t.Errorf("%d panels", len(v.Panels))
	}
	bad := s.get("/build?panel=cla-pie&panel=cla-trend").want(http.StatusBadRequest).page()
	if got := fold(bad.Find("#panel-error").Text()); !strings.Contains(got, `There is no panel "cla-pie"`) || bad.Find("figure#cla-trend").Length() != 1 {
		t.Error(got)
	}
	s.get("/build.json?panel=cla-pie").want(http.StatusBadRequest)
	s.get("/build?panel=cla-control&panel=cla-trend").want(http.StatusOK).says("there are no figures of Middlesbrough for it")
}

// Beside every chart and table are its downloads, and none is a dead link.
func TestTools(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/measures/cla", "/measures/cla/authorities", "/dashboards/looked-after", "/compare?areas=806,England&measures=cla", "/build?panel=cla-table&panel=cla-trend"} {
		doc := s.get(path).want(http.StatusOK).page()
		tools := doc.Find(".bw-tools")
		if tools.Length() == 0 {
			t.Errorf("%s has no downloads", path)
		}
		tools.Each(func(_ int, tool *goquery.Selection) {
			tool.Find("a[download]").Each(func(_ int, a *goquery.Selection) {
				s.get(a.AttrOr("href", "")).want(http.StatusOK)
			})
			link := tool.Find("[data-copy-link]").AttrOr("data-copy-link", "")
			at, id, _ := strings.Cut(link, "#")
			if s.get(at).want(http.StatusOK).page().Find("#"+id).Length() != 1 {
				t.Errorf("%s: %s leads nowhere", path, link)
			}
			tool.Find("[data-copy-from]").Each(func(_ int, b *goquery.Selection) {
				if from := b.AttrOr("data-copy-from", ""); fold(doc.Find(from).Text()) == "" {
					t.Errorf("%s: %s has no sentence", path, from)
				}
			})
		})
	}
}

// The neighbour to bring out and the axis are in the server's picture and in
// every link of the page.
func TestLookInAddress(t *testing.T) {
	s := newSite(t)
	const q = "?highlight=805&axis=data"
	doc := s.get("/measures/cla/neighbours" + q).want(http.StatusOK).page()
	if got := fold(doc.Find("#cla-neighbour-trends .bw-chart__wide svg").Text()); !strings.Contains(got, "Hartlepool 157") || !strings.Contains(got, "does not start at zero") {
		t.Errorf("the picture says %s", got)
	}
	if got := selected(doc, "highlight"); len(got) != 1 || got[0] != "E06000001" {
		t.Errorf("the form has %v", got)
	}
	plain := s.get("/measures/cla/neighbours?axis=data").want(http.StatusOK).page()
	const live = "#cla-neighbour-trends-options"
	if options := doc.Find(live).Text(); options == "" || options != plain.Find(live).Text() {
		t.Error("the live chart could not be unmarked")
	}
	svg := s.get(doc.Find(`#cla-neighbour-trends a[href*=".svg"]`).AttrOr("href", "")).want(http.StatusOK)
	if !strings.Contains(svg.body, "Hartlepool 157") {
		t.Error("the downloaded picture does not bring Hartlepool out")
	}
	s.get("/measures/cla?highlight=Atlantis").want(http.StatusBadRequest)
}
