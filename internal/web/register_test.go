package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/stat"
)

var brokenLayout = stat.SavedLayout{Name: "broken", TOML: "title = \"Broken\"\nkind = \"sideways\"\n", By: "analyst"}

// imported stores files and gives the page of the import.
func (s *site) imported(files ...file) answer {
	s.Helper()
	path := s.do(uploadRequest(s.TB, "", files...)).location()
	page := s.settled(path)
	for _, field := range page.want(http.StatusOK).reasons() {
		s.post(path+"/accept", field, "as published").want(http.StatusSeeOther)
	}
	return s.settled(s.post(path + "/confirm").location()).want(http.StatusOK)
}

const started = "b9_short_breaks.breaks_started"

// A file brings measures of its own; they are listed apart, have a page, and
// can be named.
func TestRegisteredMeasure(t *testing.T) {
	s := newSite(t)
	s.get("/measures/" + started).want(http.StatusNotFound)
	data, meta := published()
	s.imported(data, meta)
	group := s.get("/measures").page().Find("h2").FilterFunction(func(_ int, h *goquery.Selection) bool {
		return h.Text() == "From imported files, not yet in the catalogue"
	})
	if group.Length() != 1 || !strings.Contains(group.NextAll().Filter(".bw-tablewrap").First().Text(), "Short breaks started") {
		t.Fatalf("the measures of the file are not listed apart: %s", s.get("/measures").text())
	}
	for _, path := range []string{"", ".json", ".csv"} {
		s.get("/measures/" + started + path).want(http.StatusOK)
	}
	page := s.get("/measures/"+started).says("Name this measure", "not in the catalogue", "425")
	action := page.page().Find("#naming form").AttrOr("action", "")

	form := func(name, decimals string) []string {
		return []string{"name", name, "noun", "short breaks", "topic", "Placements", "kind", "flow", "unit", "number", "decimals", decimals, "polarity", "none", "definition", attack}
	}
	for _, c := range []struct{ name, decimals, says string }{
		{"", "0", "Give the measure a name"}, {"!", "0", "Give the measure a name"}, {"Short breaks", "many", "Decimals is a number"}, {"Short breaks", "9", "Decimals is a number"},
		{"Children looked after", "0", "Another measure is called that already"},
	} {
		wrong := s.post(action, form(c.name, c.decimals)...).want(http.StatusBadRequest)
		if got := wrong.page().Find(".govuk-error-summary").Text(); !strings.Contains(got, c.says) {
			t.Errorf("%+v: the page says %q", c, fold(got))
		}
		if got := wrong.page().Find("#name").AttrOr("value", ""); got != c.name {
			t.Errorf("what was filled in is gone: %q", got)
		}
	}
	s.get("/measures/" + started).says("Name this measure")

	named := s.get(s.post(action, form("Short breaks "+attack, "0")...).location()).want(http.StatusOK)
	named.says("Short breaks " + attack)
	if doc := named.page(); doc.Find("#naming").Length() != 0 || doc.Find("main img").Length() != 0 {
		t.Error("it can be named twice, or its name is markup")
	}
	s.post(action, form("Again", "0")...).want(http.StatusConflict)
	for range 2 {
		list := s.get("/measures")
		under := list.page().Find("h2").FilterFunction(func(_ int, h *goquery.Selection) bool { return h.Text() == "Placements" })
		if text := under.NextAll().Filter(".bw-tablewrap").First().Text(); !strings.Contains(text, "Short breaks "+attack) {
			t.Errorf("it is not among its topic: %s", fold(text))
		}
		s.restart() // it was kept
	}
}

// Another program's import shows without a restart.
func TestRegisteredElsewhere(t *testing.T) {
	s := newSite(t)
	sub := stat.Submission{Batch: stat.Batch{File: "x.csv", SHA256: "0", Publisher: stat.Council, Released: "2026-11-01", By: "test"}, Measures: []stat.Measure{
		{Code: "x.elsewhere", Name: "Elsewhere (x)", Kind: stat.Snapshot, Unit: stat.Number, Polarity: stat.NoPolarity, Registered: true}}}
	if _, err := s.db.Store(t.Context(), sub, nil); err != nil {
		t.Fatal(err)
	}
	s.server.Stale()
	s.get("/measures").says("Elsewhere (x)")
	s.get("/measures/x.elsewhere").want(http.StatusOK).says("No figures")
}

// Measures with breakdowns alone, or with figures of other places alone, have
// pages, and lead to what there is.
func TestMeasureWithoutTotals(t *testing.T) {
	s := newSite(t)
	rows := "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,new_la_code,old_la_code,la_name,ward_code,ward_name,kind,breaks\n" +
		"2025,Reporting year,Ward,E92000001,England,E12000001,North East,E06000002,806,Middlesbrough,E05001549,Acklam,Day,7\n" +
		"2025,Reporting year,Local authority,E92000001,England,E12000001,North East,E06000002,806,Middlesbrough,,,Day,70\n"
	s.imported(file{"wards_by_kind.csv", []byte(rows)})
	page := s.get("/measures/wards_by_kind.breaks").want(http.StatusOK)
	doc := page.page()
	if got := doc.Find("#history #breakdown option").Text(); !strings.Contains(got, "Day") {
		t.Fatalf("the breakdowns are %q: %s", got, page.text())
	}
	if got := doc.Find("#history-area").Text(); !strings.Contains(got, "Acklam") {
		t.Errorf("the areas are %q", got)
	}
	breakdown := doc.Find("#history #breakdown option").AttrOr("value", "")
	s.get("/measures/wards_by_kind.breaks/history?period=2025&breakdown="+strings.ReplaceAll(breakdown, " ", "+")).want(http.StatusOK).says("70", "wards_by_kind.csv")
	s.get("/measures/wards_by_kind.breaks?area=Leeds").want(http.StatusOK).says("No figure of Leeds is held, but some of other areas are.")
	for _, ending := range []string{".json", ".csv"} {
		s.get("/measures/wards_by_kind.breaks" + ending).want(http.StatusOK)
	}
}
