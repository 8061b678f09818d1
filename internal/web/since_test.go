package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// meet keeps a meeting.
func (s *site) meet(iso, name string) {
	s.Helper()
	day, err := stat.ParseDate(iso)
	if err != nil {
		s.Fatal(err)
	}
	if err := s.db.SaveMeeting(s.Context(), stat.Meeting{Date: day, Name: name, By: "analyst", At: s.now()}); err != nil {
		s.Fatal(err)
	}
	s.forget()
}

func TestSincePage(t *testing.T) {
	s := newSite(t)
	first := s.get("/since").want(http.StatusOK)
	first.says("No meeting is kept", "Add the days of your meetings", "a year ago (")
	if n := first.page().Find("main .bw-moved").Length(); n != 0 {
		t.Errorf("without a meeting %d parts are shown", n)
	}
	s.meet("2024-06-03", "Scrutiny Panel")
	s.imported(sampleFile(t, "monthly-return.xlsx"))
	page := s.get("/since").want(http.StatusOK)
	page.says("Since the meeting of 3 June 2024", "Scrutiny Panel. Of", "measures with figures for Middlesbrough")
	doc := page.page()
	var v dashboard.View
	twin, _ := doc.Find("link[rel=alternate]").Attr("href")
	s.get(twin).want(http.StatusOK).json(&v)
	if v.Selection.Since != "2024-06-03" || len(v.Panels) < 2 || !v.Sample {
		t.Fatalf("%s, %d panels, sample %v", v.Selection.Since, len(v.Panels), v.Sample)
	}
	// The page says what the JSON does, each measure once with its link.
	total := 0
	for _, p := range v.Panels {
		section := doc.Find("#" + p.ID)
		for _, m := range p.Moved.Moves {
			total++
			link := section.Find(`a[href^="/measures/` + m.Measure + `?"]`)
			if link.Length() != 1 || fold(link.Text()) != m.Name {
				t.Errorf("%s has %d links in %s", m.Measure, link.Length(), p.ID)
			}
			if m.From.Said != "" && !strings.Contains(fold(section.Text()), m.To.Said) {
				t.Errorf("%s does not say %s", m.Measure, m.To.Said)
			}
		}
	}
	if got := doc.Find(".bw-move, .bw-still__item").Length(); got != total || total < 10 {
		t.Errorf("%d of %d measures are shown", got, total)
	}
	// What was chosen goes along: to the measures, and into the downloads.
	doc.Find(".bw-move a, .bw-still a, main .bw-actions a").Each(func(_ int, a *goquery.Selection) {
		if u, err := url.Parse(a.AttrOr("href", "")); err != nil || u.Query().Get("since") != "2024-06-03" {
			t.Errorf("%s has lost the meeting", a.AttrOr("href", ""))
		}
	})
	csv := s.get("/since.csv?since=last").want(http.StatusOK)
	if !strings.Contains(csv.header.Get("Content-Disposition"), `"since-806.csv"`) || !strings.Contains(csv.body, "Children looked after") {
		t.Errorf("%s: %.200s", csv.header.Get("Content-Disposition"), csv.body)
	}
	// The choices are read once and answered from the cache.
	tag := page.header.Get("ETag")
	s.get("/since", "If-None-Match", tag).want(http.StatusNotModified)
}

func TestSinceAnotherDay(t *testing.T) {
	s := newSite(t)
	s.meet("2024-06-03", "Scrutiny Panel")
	for _, typed := range []string{"2023-06-05", "5 June 2023", "05/06/2023"} {
		page := s.get("/since?since=2024-06-03&meeting=" + url.QueryEscape(typed)).want(http.StatusOK)
		page.says("Since 5 June 2023")
		if got := page.page().Find("#since option[selected]").AttrOr("value", ""); got != "2023-06-05" {
			t.Errorf("typed %s, chosen is %q", typed, got)
		}
	}
	wrong := s.get("/since?meeting=last+" + url.QueryEscape(attack) + "&area=Leeds").want(http.StatusBadRequest)
	wrong.says("There is a problem", "Give the day as 3 June 2026")
	doc := wrong.page()
	if got := doc.Find("#meeting").AttrOr("value", ""); got != "last "+attack {
		t.Errorf("what was typed is kept as %q", got)
	}
	if doc.Find("#area option[selected]").Text() != "Leeds" || doc.Find("#meeting").AttrOr("aria-describedby", "") != "meeting-error" || !strings.HasPrefix(doc.Find("title").Text(), "Error: ") {
		t.Error("the form does not say what is wrong, or forgot the rest")
	}
}
