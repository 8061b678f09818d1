package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/longtest"
	"bellwether/internal/stat"
)

// signedOff publishes the import whose page it is given, and is that page then.
func (s *site) signedOff(page answer, fields ...string) answer {
	s.Helper()
	action := page.page().Find("#signoff form").AttrOr("action", "")
	if action == "" {
		s.Fatalf("the page has nothing to publish by: %.900s", page.text())
	}
	return s.get(s.post(action, fields...).location()).want(http.StatusOK)
}

// everywhere is all that a viewer or the public can read about children looked
// after, with what a file brought and what it is called.
var everywhere = []string{
	"/", "/?show=count", "/dashboards/overview.json", "/dashboards/looked-after", "/dashboards/looked-after.csv", "/dashboards/looked-after.xlsx",
	"/measures/cla", "/measures/cla.json", "/measures/cla.csv", "/measures/cla.xlsx", "/measures/cla.svg", "/measures/cla.svg?show=count", "/measures/cla?since=2026-09-30&project=2029",
	"/measures/cla/history?period=2026-10-31", "/measures/cla/history.json?period=2026-10-31", "/measures/cla/neighbours.json", "/measures/cla/authorities.csv",
	"/compare?areas=806,807&measures=cla", "/compare.json?areas=806,807&measures=cla", "/build?panel=cla-trend&panel=cla-monthly", "/build.csv?panel=cla-trend&panel=cla-monthly",
	"/since?meeting=2026-09-30", "/since.json?meeting=2026-09-30", "/measures", "/measures.json", "/search?q=zebedee", "/search.json?q=zebedee",
	"/council", "/reports", "/reports.json", "/measures/zebedee", "/build?panel=zebedee-trend", "/compare?measures=zebedee",
}

// telling are the addresses at which whoever asks reads one of the words.
func (s *site) telling(words ...string) (out []string) {
	s.Helper()
	for _, at := range everywhere {
		a := s.get(at)
		if a.status == http.StatusSeeOther {
			continue // to sign in, and back to the address
		}
		body := inParts(s.TB, a.body)
		for _, w := range words {
			if tells(body, w) {
				out = append(out, at+" says "+w)
			}
		}
	}
	return out
}

// Nothing of a draft is anywhere for a viewer or the public: not its figures,
// its file, its day, or the measures it brought. Analysts see it, marked. An
// embargo that ends shows it to all without anybody's doing.
func TestDraftsAreUnseen(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	s := newSite(t)
	s.settle(stat.Settings{Public: true, Threshold: 5})
	analyst, viewer, public := s.as(stat.Analyst), s.as(stat.Viewer), s.public()
	draft := []string{"48,713", "48713", "zebedee-october.csv", "31 October 2026", "2026-10-31", "Zebedee clubs"}
	on := stat.OnDay(stat.Date{Year: 2026, Month: time.October, Day: 31})
	brought := stat.Measure{Code: "zebedee", Name: "Zebedee clubs", Noun: "clubs", Unit: stat.Number, Kind: stat.Snapshot, Registered: true}
	b, err := s.db.Store(t.Context(), stat.Submission{
		Batch:        stat.Batch{File: "zebedee-october.csv", SHA256: "z", Layout: "tidy", Publisher: stat.Council, Released: "2026-11-02", By: "Jo", At: s.now()},
		Observations: []stat.Observation{{Key: stat.Key{Measure: "cla", Area: council, Period: on}, Count: said(48713)}, {Key: stat.Key{Measure: "zebedee", Area: council, Period: on}, Count: said(48713)}},
		Measures:     []stat.Measure{brought},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.server.Stale()
	for name, who := range map[string]*site{"viewer": viewer, "public": public} {
		if found := who.telling(draft...); found != nil {
			t.Errorf("of a draft the %s reads %v", name, found)
		}
		who.get("/measures/zebedee").want(http.StatusNotFound)
	}
	if found := analyst.telling(draft...); len(found) < len(everywhere)/2 {
		t.Errorf("an analyst reads of it only %v", found)
	}
	page := analyst.get("/measures/cla").want(http.StatusOK)
	if banner := fold(page.page().Find(`[aria-label="Draft figures"]`).Text()); !strings.Contains(banner, fmt.Sprintf("import %d", b.ID)) {
		t.Errorf("the banner says %q", banner)
	}
	page.says("the council's own, draft")
	analyst.get("/measures/zebedee").want(http.StatusOK)

	if _, err := s.db.Publish(t.Context(), b.ID, "Jo", "", s.now().Add(time.Hour), s.now()); err != nil {
		t.Fatal(err)
	}
	s.server.Stale()
	if found := append(viewer.telling(draft...), public.telling(draft...)...); found != nil {
		t.Errorf("before the embargo ends they read %v", found)
	}
	s.wait(61 * time.Minute)
	s.server.Stale()
	for name, who := range map[string]*site{"viewer": viewer, "public": public} {
		if found := who.telling(draft...); len(found) < len(everywhere)/2 {
			t.Errorf("after it the %s reads only %v", name, found)
		}
	}
	if n := viewer.get("/measures/cla").page().Find(`[aria-label="Draft figures"]`).Length(); n != 0 {
		t.Error("what is published is marked as a draft")
	}
	if _, err := s.db.Unpublish(t.Context(), b.ID, "Jo", "Wrong month", s.now()); err != nil {
		t.Fatal(err)
	}
	s.server.Stale()
	if found := append(viewer.telling(draft...), public.telling(draft...)...); found != nil {
		t.Errorf("after it was taken back they read %v", found)
	}
}

// An import is a draft until a publisher publishes it: now, or from a time to
// come; that is taken back for a reason, and all of it is said where imports
// are listed.
func TestPublish(t *testing.T) {
	s := newSite(t)
	analyst, publisher, viewer := s.as(stat.Analyst), s.as(stat.Publisher), s.as(stat.Viewer)
	page := analyst.imported(file{"october.csv", tidy("31/10/2026,Children looked after,487,")})
	page.says("This import is a draft", "Viewers see its figures once it is published", "Who can publish it: a-publisher, analyst", "Sign-offDraft")
	if page.page().Find("#signoff form").Length() != 0 {
		t.Error("an analyst is offered to publish it")
	}
	at := "/imports/" + page.page().Find(`link[rel=alternate]`).AttrOr("href", "")[len("/imports/"):]
	at = strings.TrimSuffix(at, ".json")
	analyst.post(at + "/publish").want(http.StatusForbidden)
	publisher.get(at).page()

	publisher.post(at+"/publish", "day", "soon").want(http.StatusBadRequest).says("Give the day as 3 June 2026")
	publisher.post(at+"/publish", "day", "3 June 2027", "time", "late").want(http.StatusBadRequest).says("Give the time as 9:30")
	publisher.post(at+"/publish", "day", "3 June 2020").want(http.StatusBadRequest).says("is past")
	later := publisher.signedOff(publisher.get(at), "day", "1 December 2026", "time", "9.30", "reason", "Purdah "+attack)
	later.says("Viewers see it from 1 December 2026, 09:30", "by a-publisher: Purdah "+attack)
	s.get("/imports").says("Embargo", "Published from 1 December 2026, 09:30")
	publisher.post(at + "/publish").want(http.StatusConflict).says("published already, by a-publisher")

	back := publisher.get(at).page().Find("#take-back form").AttrOr("action", "")
	publisher.post(back, "reason", " ").want(http.StatusBadRequest).says("Say why the publication is taken back")
	analyst.post(back, "reason", "No").want(http.StatusForbidden)
	publisher.get(publisher.post(back, "reason", "Wrong month").location()).says("This import is a draft", "taken back by a-publisher: Wrong month")
	publisher.post(back, "reason", "again").want(http.StatusConflict).says("a draft already")

	publisher.signedOff(publisher.get(at)).says("Published", "by a-publisher")
	viewer.get("/measures/cla").says("487")
	var list []struct {
		Published   time.Time
		PublishedBy string
	}
	s.get("/imports.json").json(&list)
	if list[0].Published.IsZero() || list[0].PublishedBy != "a-publisher" {
		t.Errorf("the JSON lists %+v", list[0])
	}
	analyst.post(at+"/withdraw", "reason", "No").want(http.StatusForbidden)
	if n := analyst.get(at).page().Find("#withdraw").Length(); n != 0 {
		t.Error("an analyst is offered to withdraw what is published")
	}
	publisher.post(at+"/withdraw", "reason", "Wrong file").want(http.StatusSeeOther)
	publisher.post(at + "/publish").want(http.StatusConflict).says("was withdrawn, by a-publisher")
}

// Where the settings ask for it, whoever imported a file may not publish it.
func TestSecondPerson(t *testing.T) {
	s := newSite(t)
	s.settle(stat.Settings{SecondPerson: true, Threshold: 5})
	publisher := s.as(stat.Publisher)
	page := publisher.imported(file{"october.csv", tidy("31/10/2026,Children looked after,487,")})
	page.says("A second person has to publish it: a-publisher, who imported it, may not", "Who can publish it: analyst")
	action := page.page().Find("#signoff form").AttrOr("action", "")
	publisher.post(action).want(http.StatusForbidden).says("Somebody else has to publish it", "Ask another publisher")
	s.signedOff(s.get(strings.TrimSuffix(action, "/publish"))).says("by analyst")
}

// A report is issued of what viewers may see: never of drafts, and with small
// counts masked where they are for viewers.
func TestIssueIsWhatViewersSee(t *testing.T) {
	s := newSite(t)
	s.settle(stat.Settings{MaskViewers: true, Threshold: 9999})
	page := s.imported(file{"october.csv", tidy("31/10/2026,Child protection plans,4871,")})
	const draft = "/reports/council/issue?area=806&as-of=2026-11-21&dated=2026-11-21&by=Jo"
	asked := s.get(draft).says("cannot be issued yet", "import ")
	if asked.page().Find("#issue").Length() != 0 {
		t.Error("it can be issued on drafts")
	}
	s.post(draft, "seen", "x").want(http.StatusBadRequest).says("first")
	if body := s.get("/reports/council.json?area=806&as-of=2026-11-21&dated=2026-11-21&by=Jo").want(http.StatusOK).body; !tells(body, "4871") {
		t.Error("the draft of the report does not have the draft figure")
	}
	s.signedOff(page)
	if body := s.get("/reports/council.json?area=806&as-of=2026-11-21&dated=2026-11-21&by=Jo").want(http.StatusOK).body; tells(body, "4871") {
		t.Error("the preview has what issuing would mask")
	}
	day := stat.Date{Year: 2026, Month: time.November, Day: 21}
	if err := s.db.SaveComment(t.Context(), stat.Comment{Place: "report/council", Head: "Fostering and Adoption", Area: "E06000002", Date: day, Text: "Foster carers were thanked.", By: "Jo", At: s.now()}); err != nil {
		t.Fatal(err)
	}
	at := s.issue(draft)
	viewer := s.as(stat.Viewer)
	viewer.get(at).says("Foster carers were thanked.") // what is written for a report is part of it
	for _, ending := range []string{"", ".json", ".docx", ".xlsx", ".csv", ".html"} {
		body := inParts(t, viewer.get(at+ending).want(http.StatusOK).body)
		if tells(body, "4871") || tells(body, "4,871") {
			t.Errorf("%s%s has what is masked for viewers", at, ending)
		}
	}
	s.public().get(at).location()
	s.settle(stat.Settings{Public: true, Threshold: 5})
	s.public().get(at).location()
	s.public().get(at + ".docx").want(http.StatusUnauthorized)
}

// A measure says who answers for it, and why it is not measured yet.
func TestSteward(t *testing.T) {
	s := newSite(t)
	const at = "/measures/cpp_repeat_2yrs"
	s.settle(stat.Settings{Public: true, Threshold: 5})
	analyst, public := s.as(stat.Analyst), s.public()
	form := analyst.get(at).says("Who answers for this measure", "Nobody has said so far").page().Find("#steward form")
	to := form.AttrOr("action", "")
	analyst.post(to, "owner", "Head", "review", "soon").want(http.StatusBadRequest).says("There is a problem", "Give the day as 3 June 2026")
	done, _, _ := strings.Cut(analyst.post(to, "owner", "Head of Safeguarding "+attack, "review", "3 June 2026").location(), "#")
	analyst.get(done).says("Head of Safeguarding "+attack, "by 3 June 2026 Overdue")
	public.get(at).says("Head of Safeguarding", "this day is past")
	public.post(to, "owner", "me").want(http.StatusUnauthorized)
	s.as(stat.Viewer).post(to, "owner", "me").want(http.StatusForbidden)
	if public.get(at).page().Find("#steward form").Length() != 0 {
		t.Error("the public is offered to change it")
	}
	const empty = "/measures/uasc"
	analyst.post(empty+"/steward", "unmeasured", "The system cannot count them until April").want(http.StatusSeeOther)
	why := public.get(empty).says("Not measured yet", "The system cannot count them until April")
	if n := why.page().Find("main .bw-card, main .bw-chart").Length(); n != 0 {
		t.Errorf("beside why it is not measured there are %d empty cards and charts", n)
	}
	s.published("uasc.csv", s.now(), "2026-11-01", stat.Observation{Key: stat.Key{Measure: "uasc", Area: council, Period: stat.OnDay(stat.Date{Year: 2026, Month: 10, Day: 31})}, Value: said(47)})
	if measured := public.get(empty); measured.page().Find("#unmeasured").Length() != 0 || measured.page().Find("main .bw-card").Length() == 0 {
		t.Error("it says that it is not measured beside its figure")
	}
}

// A publisher withdraws what is published; an analyst does not get the form.
func TestWithdrawPublished(t *testing.T) {
	s := newSite(t)
	if got := forms(s.as(stat.Analyst).get("/imports/1").page()); slices.Contains(got, "/imports/1/withdraw") {
		t.Errorf("an analyst has %v", got)
	}
	s.as(stat.Analyst).post("/imports/1/withdraw", "reason", "because").want(http.StatusForbidden)
	if got := forms(s.as(stat.Publisher).get("/imports/1").page()); !slices.Contains(got, "/imports/1/withdraw") {
		t.Errorf("a publisher has %v", got)
	}
	s.as(stat.Publisher).post("/imports/1/withdraw", "reason", "because").want(http.StatusSeeOther)
}
