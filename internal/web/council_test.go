package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

const northEast = "E12000001"

// options are what a select of a page offers, by value.
func options(doc *goquery.Document, id string) map[string]string {
	out := map[string]string{}
	doc.Find("#" + id + " option").Each(func(_ int, o *goquery.Selection) {
		out[o.AttrOr("value", fold(o.Text()))] = fold(o.Text())
	})
	return out
}

// A group is made of a region and single authorities, offered on every page,
// changed and deleted.
func TestGroup(t *testing.T) {
	s := newSite(t)
	s.get("/council").want(http.StatusOK).says("There are none yet")
	to := s.post("/groups", "title", "North East "+attack, "region", northEast, "area", "E08000035").location()
	list := s.get(strings.Split(to, "#")[0]).want(http.StatusOK)
	list.says("North East "+attack, "13 authorities", "Hartlepool", "by analyst")
	if list.page().Find("main img").Length() != 0 {
		t.Error("a title is markup")
	}
	groups, err := s.db.Groups(t.Context())
	if err != nil || len(groups) != 1 {
		t.Fatalf("%v, %v", groups, err)
	}
	g := groups[0]
	if len(g.Areas) != 13 || !slices.Contains(g.Areas, "E08000035") || !slices.Contains(g.Areas, "E06000002") || g.By != "analyst" || g.At != s.now() {
		t.Errorf("kept is %+v", g)
	}
	if path := "/groups/" + g.Name; s.get(path).want(http.StatusOK).page().Find("input[name=area][checked]").Length() != 13 {
		t.Error("the form does not show what was chosen")
	}

	for _, path := range []string{"/", "/measures/cla", "/measures/cla/neighbours", "/measures/cla/authorities"} {
		page := s.get(path + "?neighbours=" + g.Name).want(http.StatusOK).page()
		if got := options(page, "neighbours"); got[g.Name] != "North East "+attack || got["2025"] == "" || got["region"] == "" {
			t.Errorf("%s offers %v", path, got)
		}
		if got := page.Find("#neighbours option[selected]").AttrOr("value", ""); got != g.Name {
			t.Errorf("%s has chosen %q", path, got)
		}
	}

	s.post("/groups/"+g.Name, "title", "Near us", "area", "E08000035").location()
	groups, _ = s.db.Groups(t.Context())
	if len(groups) != 1 || groups[0].Name != g.Name || groups[0].Title != "Near us" || !slices.Equal(groups[0].Areas, []string{"E08000035"}) {
		t.Errorf("changed is %+v", groups)
	}
	if got := options(s.get("/").page(), "neighbours"); got[g.Name] != "Near us" {
		t.Errorf("the cache still offers %v", got)
	}
	s.post("/groups/" + g.Name + "/delete").location()
	s.get("/groups/" + g.Name).want(http.StatusNotFound)
	s.post("/groups/" + g.Name + "/delete").want(http.StatusNotFound)
	s.get("/?neighbours=" + g.Name).want(http.StatusBadRequest).says(g.Name)
}

// What cannot be kept says why, in the field it is about, and keeps what was
// filled in.
func TestGroupFaults(t *testing.T) {
	s := newSite(t)
	s.post("/groups", "title", "Tees Valley", "area", "E06000001", "area", "E06000005").location()
	for _, c := range []struct {
		name, title, field, says string
		areas                    []string
	}{
		{"no title", "", "title", "Give the group a title", []string{"E06000001"}},
		{"no letters", "…", "title", "Give the group a title", []string{"E06000001"}},
		{"a model", "2025", "title", "Choose another title", []string{"E06000001"}},
		{"the region", "Region", "title", "Choose another title", []string{"E06000001"}},
		{"a page", "New", "title", "Choose another title", []string{"E06000001"}},
		{"taken", "tees  valley", "title", "There is a group called that already", []string{"E06000001"}},
		{"no authority", "Others", "areas", "Choose at least one authority", nil},
		{"itself alone", "Others", "areas", "other than Middlesbrough", []string{"E06000002"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields := []string{"title", c.title}
			for _, a := range c.areas {
				fields = append(fields, "area", a)
			}
			page := s.post("/groups", fields...).want(http.StatusBadRequest).page()
			link := page.Find(".govuk-error-summary a")
			if !strings.Contains(link.Text(), c.says) || link.AttrOr("href", "") != "#"+c.field || page.Find("#"+c.field+"-error").Length() != 1 || page.Find("#"+c.field).Length() != 1 {
				t.Errorf("the page says %q at %s", link.Text(), link.AttrOr("href", ""))
			}
			if got := page.Find("#title").AttrOr("value", ""); got != fold(c.title) {
				t.Errorf("the title has become %q", got)
			}
			if got := page.Find("input[name=area][checked]").Length(); got != len(c.areas) {
				t.Errorf("%d authorities are chosen, want %d", got, len(c.areas))
			}
			if title := page.Find("title").Text(); !strings.HasPrefix(title, "Error: ") {
				t.Errorf("the page is called %q", title)
			}
		})
	}
	s.post("/groups", "title", "Others", "area", "E12000001").want(http.StatusBadRequest)
	s.post("/groups", "title", "Others", "area", "Atlantis").want(http.StatusBadRequest)
	if groups, _ := s.db.Groups(t.Context()); len(groups) != 1 {
		t.Errorf("%d groups are kept, want 1", len(groups))
	}
}

// A meeting is listed, offered to tell changes from, and removed.
func TestMeeting(t *testing.T) {
	s := newSite(t)
	for _, day := range []string{"3 June 2025", "12/02/2026"} {
		s.post("/meetings", "date", day, "name", "Scrutiny Panel").location()
	}
	page := s.get("/council").says("3 June 2025", "12 February 2026", "Scrutiny Panel", "by analyst").page()
	if got := page.Find("#name").AttrOr("value", ""); got != "Scrutiny Panel" {
		t.Errorf("the next meeting is said to be of %q", got)
	}
	if got := options(s.get("/").page(), "since"); len(got) != 3 || !strings.HasPrefix(got["2025-06-03"], "3 June 2025") {
		t.Errorf("there can be chosen %v", got)
	}
	var v dashboard.View
	s.get("/measures/cla.json?since=last").want(http.StatusOK).json(&v)
	if v.Selection.Since != "2026-02-12" {
		t.Errorf("the last meeting is %q", v.Selection.Since)
	}
	chosen := s.get("/measures/cla?since=2025-06-03").want(http.StatusOK).page()
	if got := chosen.Find("#since option[selected]").AttrOr("value", ""); got != "2025-06-03" {
		t.Errorf("%q is chosen", got)
	}
	for _, selector := range []string{".bw-tabs a", `a[download]`, `link[rel="alternate"]`} {
		if href := chosen.Find(selector).First().AttrOr("href", ""); !strings.Contains(href, "since=2025-06-03") {
			t.Errorf("%s leads to %s", selector, href)
		}
	}
	s.post("/meetings/delete", "date", "2025-06-03", "name", "Scrutiny Panel").location()
	s.post("/meetings/delete", "date", "2025-06-03", "name", "Scrutiny Panel").want(http.StatusNotFound)
	if text := s.get("/council").text(); strings.Contains(text, "3 June 2025") {
		t.Error("a meeting that was removed is listed")
	}
	for _, c := range []struct{ date, name, field string }{
		{"", "Panel", "date"}, {"June 2025", "Panel", "date"}, {"31 February 2025", "Panel", "date"}, {"3 June 2025", "", "name"}, {"3 June 2025", "…", "name"},
	} {
		page := s.post("/meetings", "date", c.date, "name", c.name).want(http.StatusBadRequest).page()
		if got := page.Find(".govuk-error-summary a").AttrOr("href", ""); got != "#"+c.field || page.Find("#"+c.field+"-error").Length() != 1 {
			t.Errorf("%+v: the fault is at %s", c, got)
		}
		if page.Find("#date").AttrOr("value", "") != c.date || page.Find("#name").AttrOr("value", "") != c.name {
			t.Errorf("%+v: what was filled in is gone", c)
		}
	}
}

func TestCouncilJSON(t *testing.T) {
	s := newSite(t)
	type council struct {
		Groups   []stat.Group
		Meetings []stat.Meeting
	}
	var none, some council
	if s.get("/council.json").json(&none); none.Groups == nil || none.Meetings == nil {
		t.Error("nothing is null")
	}
	s.post("/groups", "title", "Tees Valley", "area", "E06000001").location()
	s.post("/meetings", "date", "3 June 2025", "name", "Panel").location()
	s.get("/council.json").json(&some)
	if len(some.Groups) != 1 || some.Groups[0].Name != "tees-valley" || len(some.Meetings) != 1 || some.Meetings[0].Date.String() != "2025-06-03" {
		t.Errorf("it has %+v", some)
	}
}

// Reading changes nothing, whatever the address.
func TestReadingChangesNothing(t *testing.T) {
	s := newSite(t)
	before, err := s.db.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/groups", "/groups/tees-valley/delete", "/meetings", "/meetings/delete", "/measures/cla/process", "/measures/cla/process/undo", "/measures/cla/projection"} {
		if a := s.get(path + "?title=Tees+Valley&area=E06000001&date=2025-06-03&name=Panel&from=2024-04-01&reason=why&year=2028"); a.status < 400 {
			t.Errorf("%s is %d", path, a.status)
		}
	}
	if after, _ := s.db.Version(t.Context()); after != before {
		t.Error("reading has changed the data")
	}
}

// A release older than the one that shows is kept, and said to be superseded.
func TestSupersededImport(t *testing.T) {
	s := newSite(t)
	send := func(released, count string) answer {
		path := s.do(uploadRequest(t, released, file{"october.csv", tidy("31/10/2026,Children looked after," + count + ",")})).location()
		preview := s.settled(path).want(http.StatusOK)
		for _, field := range preview.reasons() {
			s.post(path+"/accept", field, "as it is").want(http.StatusSeeOther)
		}
		if released == "3 November 2026" {
			s.get(path).says("Superseded", "a later release is in force")
		}
		return s.settled(s.post(path + "/confirm").location()).want(http.StatusOK)
	}
	send("20 November 2026", "487")
	send("3 November 2026", "488").says("Superseded")
	s.get("/imports").says("1 figure superseded by a later release")
	var list []struct{ Superseded int }
	if s.get("/imports.json").json(&list); list[0].Superseded != 1 || list[1].Superseded != 0 {
		t.Errorf("the JSON says %+v", list[:2])
	}
	s.get("/measures/cla").says("487")
}

// What was said of a draft's periods is seen once they are published, and no
// longer once that is taken back.
func TestCouncilOfDrafts(t *testing.T) {
	s := newSite(t)
	viewer := s.as(stat.Viewer)
	on := stat.OnDay(stat.Date{Year: 2026, Month: 10, Day: 31})
	draft := s.published("october.csv", time.Time{}, "2026-11-01", stat.Observation{Key: stat.Key{Measure: "cla", Area: council, Period: on}, Count: said(487)})
	if err := s.db.SaveRebase(t.Context(), stat.Rebase{Measure: "cla", Area: council, From: on.End, Reason: "The hub opened", By: "Jo", At: s.now()}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.KeepProjection(t.Context(), stat.Projection{Measure: "cla", Area: council, Last: on, For: stat.OnDay(stat.Date{Year: 2028, Month: 10, Day: 31}), Value: 140, Lower: 130, Upper: 150, Method: "a test", Note: "For the budget", By: "Jo", At: s.now()}); err != nil {
		t.Fatal(err)
	}
	unsaid := func(when string) {
		t.Helper()
		s.server.Stale()
		if text := viewer.get("/council").want(http.StatusOK).text(); strings.Contains(text, "The hub opened") || strings.Contains(text, "For the budget") {
			t.Errorf("%s viewers read %s", when, text)
		}
		s.get("/council").says("The hub opened", "For the budget")
	}
	unsaid("of a draft")
	if _, err := s.db.Publish(t.Context(), draft, "Jo", "", s.now(), s.now()); err != nil {
		t.Fatal(err)
	}
	s.server.Stale()
	viewer.get("/council").says("The hub opened", "For the budget")
	if _, err := s.db.Unpublish(t.Context(), draft, "Jo", "Wrong month", s.now()); err != nil {
		t.Fatal(err)
	}
	unsaid("of what was taken back")
}
