package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/dashboard"
)

// monthly are two years of the council's own referrals, lower from April 2025.
func monthly() file {
	var rows []string
	for i := range 24 {
		month := time.Date(2024, time.April+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		n := 260 + i%3
		if i >= 12 {
			n -= 40
		}
		rows = append(rows, fmt.Sprintf("%s,Referrals,%d,", month.Format("2006-01"), n))
	}
	return file{"referrals.csv", tidy(rows...)}
}

// panelOf is a panel of a measure's page as its JSON has it.
func (s *site) panelOf(path, kind string) dashboard.Panel {
	s.Helper()
	var v dashboard.View
	s.get(path).want(http.StatusOK).json(&v)
	at := slices.IndexFunc(v.Panels, func(p dashboard.Panel) bool { return p.Kind == kind })
	if at < 0 {
		s.Fatalf("%s has no panel %s", path, kind)
	}
	return v.Panels[at]
}

// The limits of a control chart begin anew where the process changed, and go
// on again where that is taken back.
func TestRebase(t *testing.T) {
	s := newSite(t)
	s.imported(monthly())
	const page, control = "/measures/referrals", "#referrals-control"
	form := s.get(page).want(http.StatusOK).page().Find(control + " #process form")
	action := form.AttrOr("action", "")
	begins := options(s.get(page).page(), "process-from")
	if begins["2025-04-01"] != "April 2025" || len(begins) != 24 { // all months but the first, and none chosen
		t.Fatalf("new limits can begin with %v", begins)
	}

	for _, c := range []struct{ from, reason, field string }{{"", "The hub opened", "process-from"}, {"soon", "The hub opened", "process-from"}, {"2025-04-01", " ", "process-reason"}, {"2199-04-01", "The hub opened", "process-from"}} {
		wrong := s.post(action, "from", c.from, "reason", c.reason).want(http.StatusBadRequest).page()
		if got := wrong.Find(".govuk-error-summary a").AttrOr("href", ""); got != "#"+c.field || wrong.Find(control+" #"+c.field+"-error").Length() != 1 {
			t.Errorf("%+v: the fault is at %q", c, got)
		}
		if _, open := wrong.Find("#process").Attr("open"); !open || wrong.Find("#process-reason").AttrOr("value", "") != strings.TrimSpace(c.reason) {
			t.Errorf("%+v: the form is closed or what was filled in is gone", c)
		}
		if got := wrong.Find("#process-from option[selected]").AttrOr("value", ""); c.from == "2025-04-01" && got != c.from {
			t.Errorf("%+v: %q is chosen", c, got)
		}
	}
	s.post("/measures/cla/process", "from", "2025-04-01", "reason", "The hub opened").want(http.StatusBadRequest).says("There is no control chart of children looked after")
	if n := len(s.panelOf(page+".json", dashboard.Control).Control.Segments); n != 1 {
		t.Fatalf("%d segments before anything was said", n)
	}

	to := s.post(action, "from", "2025-04-01", "reason", "The hub opened "+attack).location()
	if !strings.HasPrefix(to, page+"?") || !strings.HasSuffix(to, control) {
		t.Errorf("it leads to %s", to)
	}
	said := s.get(strings.Split(to, "#")[0]).says("New limits from 1 April 2025: The hub opened "+attack, "by analyst").page()
	if said.Find("main img").Length() != 0 {
		t.Error("the reason is markup")
	}
	segments := s.panelOf(page+".json", dashboard.Control).Control.Segments
	if len(segments) != 2 || segments[0].Mean != 261 || segments[1].Mean != 221 || !strings.Contains(segments[1].Reason, "The hub opened") {
		t.Errorf("the segments are %+v", segments)
	}
	s.get("/council").says("Processes that changed", "from 1 April 2025: The hub opened", "by analyst")
	if got := options(said, "process-from"); got["2025-04-01"] != "" {
		t.Error("new limits can begin twice on one day")
	}
	if text := s.get(page + "?area=Leeds").text(); strings.Contains(text, "The hub opened") {
		t.Error("it is said of another area")
	}

	undo := said.Find(`form[action*="/process/undo"]`).AttrOr("action", "")
	wrong := s.post(undo, "from", "2025-04-01", "reason", "").want(http.StatusBadRequest).page()
	if got := wrong.Find(".govuk-error-summary a").AttrOr("href", ""); got != "#undo-2025-04-01" || wrong.Find("#undo-2025-04-01-error").Length() != 1 {
		t.Errorf("the fault is at %q", got)
	}
	s.post(undo, "from", "2025-05-01", "reason", "Wrong month").want(http.StatusNotFound)
	s.post(undo, "from", "2025-04-01", "reason", "Wrong month").location()
	if n := len(s.panelOf(page+".json", dashboard.Control).Control.Segments); n != 1 {
		t.Errorf("%d segments after it was taken back", n)
	}
	if text := s.get(page).text(); strings.Contains(text, "The hub opened") {
		t.Error("the page still says what was taken back")
	}
}

// A projection is kept once, with a note, and stays.
func TestKeepProjection(t *testing.T) {
	s := newSite(t)
	const page, ahead = "/measures/cla", "#cla-projection"
	doc := s.get(page).want(http.StatusOK).page()
	years := options(doc, "project")
	if years["2026"] == "" || years["2030"] == "" || years["2031"] != "" {
		t.Errorf("there can be projected to %v", years)
	}
	doc = s.get(page + "?project=2027").want(http.StatusOK).page()
	p := s.panelOf(page+".json?project=2027", dashboard.Ahead).Ahead
	last := p.Ahead[len(p.Ahead)-1]
	if last.Period != "2027-03-31" || doc.Find("#project option[selected]").Text() != "2027" {
		t.Fatalf("the last projected is %+v", last)
	}
	form := doc.Find(ahead + " #keep form")
	if text := fold(form.Text()); !strings.Contains(text, last.Text+" ("+last.Range+") for "+last.Label) {
		t.Errorf("the form says %q", text)
	}
	fields := []string{"year", form.Find("[name=year]").AttrOr("value", ""), "note", "For the budget " + attack}
	action := form.AttrOr("action", "")
	to := s.post(action, fields...).location()
	if !strings.Contains(to, "project=2027") || !strings.HasSuffix(to, ahead) {
		t.Errorf("it leads to %s", to)
	}
	after := s.get(strings.Split(to, "#")[0]).says("was kept", "by analyst: For the budget").page()
	if after.Find("#keep").Length() != 0 || after.Find("main img").Length() != 0 {
		t.Error("it can be kept twice, or its note is markup")
	}
	s.post(action, fields...).want(http.StatusConflict).says("kept already")
	s.get("/council").says("Projections that are kept", last.Text+" ("+last.Range+")", "31 March 2027", "For the budget")
	kept, err := s.db.Projections(t.Context(), "cla")
	if err != nil || len(kept) != 1 || kept[0].By != "analyst" || kept[0].At != s.now() || kept[0].For.End.String() != last.Period || kept[0].Value != *last.Number {
		t.Errorf("kept is %+v, %v", kept, err)
	}
	s.get(page + "?project=2029").want(http.StatusOK) // another is not kept
	if s.get(page+"?project=2029").page().Find("#keep").Length() != 1 {
		t.Error("another year cannot be kept")
	}
	for _, year := range []string{"", "soon"} {
		s.post(action, "year", year).want(http.StatusBadRequest)
	}
	for _, year := range []string{"1999", "2099"} {
		if a := s.post(action, "year", year); a.status < 400 || a.status >= 500 {
			t.Errorf("to project to %s is %d", year, a.status)
		}
	}
}

// Charts of every kind can be had as a table and as a picture.
func TestChartTwins(t *testing.T) {
	s := newSite(t)
	s.imported(monthly())
	for _, c := range []struct{ page, chart string }{
		{"/measures/referrals", dashboard.Control}, {"/measures/cla", dashboard.Ahead}, {"/measures/cla", "bars"}, {"/measures/cla", dashboard.Trend},
	} {
		svg := s.get(c.page + ".svg?chart=" + c.chart).want(http.StatusOK)
		if !strings.HasPrefix(svg.body, "<svg") || strings.Contains(svg.body, " style=") {
			t.Errorf("%s of %s is %.80s", c.chart, c.page, svg.body)
		}
		if lines := strings.Count(s.get(c.page+".csv?chart="+c.chart).want(http.StatusOK).body, "\n"); lines < 5 {
			t.Errorf("%s of %s has %d lines", c.chart, c.page, lines)
		}
	}
	s.get("/measures/cla.svg?chart=pie").want(http.StatusNotFound).says("Choose chart=trend or")
	doc := s.get("/measures/referrals").page()
	for _, id := range []string{"referrals-control"} {
		at := doc.Find("#" + id)
		for _, selector := range []string{`a[href^="/about/methods#control"]`, `a[href*=".csv"]`, `a[href*=".svg"]`, "table", "svg"} {
			if at.Find(selector).Length() == 0 {
				t.Errorf("%s has no %s", id, selector)
			}
		}
	}
}
