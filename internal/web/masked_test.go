package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"bellwether/internal/dashboard"
	"bellwether/internal/longtest"
	"bellwether/internal/stat"
)

// A report that was issued while less was masked, or that has a number masked by
// now, is kept as it was for officers. Viewers are told why they do not see it,
// and whom to ask.
func TestIssuedBeforeMasking(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	s := newSite(t)
	monthEnd := func(m time.Month) stat.Period { return stat.OnDay(stat.Date{Year: 2026, Month: m, Day: 1}.MonthEnd()) }
	plans := func(m time.Month, n float64) stat.Observation {
		return stat.Observation{Key: stat.Key{Measure: "cpp", Area: council, Period: monthEnd(m)}, Count: said(n)}
	}
	s.published("september.csv", s.now(), "2026-10-10", plans(time.September, 4871))
	const draft = "/reports/council/issue?area=806&as-of=2026-11-21&dated=2026-11-21&by=Jo"
	viewer, analyst := s.as(stat.Viewer), s.as(stat.Analyst)
	endings := []string{"", ".json", ".docx", ".xlsx", ".csv", ".html"}
	open := func(who *site, at string) (out []string) {
		t.Helper()
		for _, ending := range endings {
			a := who.get(at + ending)
			switch {
			case a.status == http.StatusOK:
				out = append(out, ending)
			case a.status != http.StatusForbidden:
				t.Errorf("%s%s answers %d", at, ending, a.status)
			case tells(a.body, "4871") || tells(a.body, "4,871"):
				t.Errorf("%s%s has what is masked", at, ending)
			}
		}
		return out
	}
	unmasked := s.issue(draft)
	if n := len(open(viewer, unmasked)); n != len(endings) {
		t.Fatalf("before anything is masked a viewer reads %d files", n)
	}
	whole := analyst.get(unmasked + ".json").body

	s.settle(stat.Settings{MaskViewers: true, Threshold: 5})
	if found := open(viewer, unmasked); found != nil {
		t.Errorf("a report issued before anything was masked is open to viewers: %q", found)
	}
	viewer.get(unmasked).want(http.StatusForbidden).says("This report is kept for officers", "masked for viewers now", "Ask Jo, who issued it")
	if n := len(open(analyst, unmasked)); n != len(endings) || analyst.get(unmasked+".json").body != whole {
		t.Errorf("officers read %d files of it, or others", n)
	}
	masked := s.issue(draft)
	if n := len(open(viewer, masked)); n != len(endings) {
		t.Errorf("of one issued under the same masks a viewer reads %d files", n)
	}

	s.settle(stat.Settings{MaskViewers: true, Threshold: 9})
	if found := open(viewer, masked); found != nil {
		t.Errorf("one issued under a lower threshold is open to viewers: %q", found)
	}
	s.settle(stat.Settings{MaskViewers: true, Threshold: 3, Thresholds: map[string]int{"uasc": 5}})
	if n := len(open(viewer, masked)); n != len(endings) {
		t.Errorf("under a lower threshold a viewer reads %d files", n)
	}
	s.settle(stat.Settings{MaskViewers: true, Threshold: 5})
	s.published("wards.csv", s.now(), "2026-11-10", stat.Observation{Key: stat.Key{Measure: "cpp", Area: wardCodes[0], Period: monthEnd(time.September)}, Count: said(3)},
		stat.Observation{Key: stat.Key{Measure: "cpp", Area: wardCodes[1], Period: monthEnd(time.September)}, Count: said(4868)})
	if n := len(open(viewer, masked)); n != len(endings) {
		t.Errorf("beside small wards, of which it has none, a viewer reads %d files", n)
	}
	s.published("corrected.csv", s.now(), "2026-11-15", plans(time.September, 4))
	if found := open(viewer, masked); found != nil {
		t.Errorf("with a number that is masked by now it is open to viewers: %q", found)
	}
	s.settle(stat.Settings{Threshold: 5})
	if n := len(open(viewer, unmasked)) + len(open(viewer, masked)); n != 2*len(endings) {
		t.Errorf("with nothing masked a viewer reads %d files", n)
	}
}

// A report quotes what the one before it said and no longer holds, but not to
// those who may not read that one.
func TestEarlierReportIsNotQuoted(t *testing.T) {
	s := newSite(t)
	looked := func(year int, n float64) stat.Observation {
		return stat.Observation{Key: stat.Key{Measure: "cla", Area: council, Period: stat.OnDay(stat.Date{Year: year, Month: time.September, Day: 30})}, Count: said(n)}
	}
	s.published("years.csv", s.now(), "2026-10-10", looked(2025, 377), looked(2026, 377))
	day := stat.Date{Year: 2026, Month: time.October, Day: 20}
	if err := s.db.SaveComment(t.Context(), stat.Comment{Place: "report/council", Head: "Fostering and Adoption", Area: council, Date: day, Text: "CP numbers have remained stable, with LAC numbers reducing.", By: "Jo", At: s.now()}); err != nil {
		t.Fatal(err)
	}
	s.issue("/reports/council/issue?area=806&as-of=2026-10-20&dated=2026-10-20&by=Jo")
	s.published("corrected.csv", s.now(), "2026-11-10", looked(2026, 444))
	quoted := func() int {
		t.Helper()
		var r dashboard.Report
		s.get("/reports/council.json?area=806&as-of=2026-11-21&dated=2026-11-21&by=Jo").want(http.StatusOK).json(&r)
		if r.Before == nil || r.Before.Stale == nil {
			t.Fatal("it does not look back")
		}
		return len(r.Before.Stale)
	}
	if quoted() == 0 {
		t.Error("where nothing is masked what no longer holds is not quoted")
	}
	s.settle(stat.Settings{MaskViewers: true, Threshold: 5})
	if quoted() != 0 {
		t.Error("a report that viewers may not read is quoted")
	}
}

// What is said of a change of a process, or noted of a projection, may quote a
// number: to whom any is masked it is left out.
func TestMaskedWords(t *testing.T) {
	s := newSite(t)
	month := func(m time.Month) stat.Period { return stat.OnDay(stat.Date{Year: 2026, Month: m, Day: 1}.MonthEnd()) }
	var says []stat.Observation
	for m := time.January; m <= time.September; m++ {
		says = append(says, stat.Observation{Key: stat.Key{Measure: "cpp", Area: council, Period: month(m)}, Count: said(400 + float64(m))})
	}
	s.published("plans.csv", s.now(), "2026-10-10", says...)
	if err := s.db.SaveRebase(t.Context(), stat.Rebase{Measure: "cpp", Area: council, From: stat.Date{Year: 2026, Month: 4, Day: 1}, Reason: "Only 3 were zebedees", By: "Jo", At: s.now()}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.KeepProjection(t.Context(), stat.Projection{Measure: "cpp", Area: council, Last: month(time.September), For: stat.OnDay(stat.Date{Year: 2027, Month: 3, Day: 31}),
		Value: 410, Lower: 400, Upper: 420, Method: "a line", Note: "but for 3 zebedees", By: "Jo", At: s.now()}); err != nil {
		t.Fatal(err)
	}
	s.server.Stale()
	told := func() (out []string) {
		for _, at := range []string{"/council", "/measures/cpp?project=2027", "/measures/cpp.json?project=2027", "/measures/cpp.xlsx?project=2027", "/build.json?panel=cpp-control", "/dashboards/child-protection.json"} {
			if strings.Contains(inParts(t, s.as(stat.Viewer).get(at).want(http.StatusOK).body), "zebedees") {
				out = append(out, at)
			}
		}
		return out
	}
	if found := told(); len(found) < 3 {
		t.Errorf("where nothing is masked a viewer reads it only at %q", found)
	}
	s.settle(stat.Settings{MaskViewers: true, Threshold: 5})
	if found := told(); found != nil {
		t.Errorf("where small numbers are masked a viewer reads it at %q", found)
	}
	s.as(stat.Viewer).get("/council").says("from 1 April 2026")
}

// A publisher may import and publish in one step, where no second person is
// asked for; nobody else is offered it, or may.
func TestPublishAtOnce(t *testing.T) {
	s := newSite(t)
	publisher, analyst, viewer := s.as(stat.Publisher), s.as(stat.Analyst), s.as(stat.Viewer)
	october := file{"october.csv", tidy("31/10/2026,Children looked after,48713,")}
	uploaded := func(who *site) (path string, offered bool) {
		t.Helper()
		path = who.do(uploadRequest(t, "", october)).location()
		page := who.settled(path).want(http.StatusOK)
		for _, field := range page.reasons() {
			page = who.get(who.post(path+"/accept", field, "as published").location())
		}
		return path, page.page().Find(`input[name=publish][form=confirm]`).Length() == 1 && page.page().Find("form#confirm").Length() == 1
	}
	path, offered := uploaded(analyst)
	if offered {
		t.Error("an analyst is offered to publish at once")
	}
	analyst.post(path+"/confirm", "publish", "yes").want(http.StatusConflict).says("takes a publisher", "Nothing was stored")
	s.settle(stat.Settings{SecondPerson: true, Threshold: 5})
	if path, offered = uploaded(publisher); offered {
		t.Error("a publisher is offered it where a second person is asked for")
	}
	publisher.post(path+"/confirm", "publish", "yes").want(http.StatusConflict).says("no second person")
	s.settle(stat.Settings{Threshold: 5})
	if path, offered = uploaded(publisher); !offered {
		t.Fatal("a publisher is not offered it")
	}
	done := publisher.settled(publisher.post(path+"/confirm", "publish", "yes").location()).want(http.StatusOK)
	done.says("Published", "by a-publisher")
	viewer.get("/measures/cla").says("48,713")
}

// The second person is told by who they are, not by what they are called.
func TestSecondPersonOfOneName(t *testing.T) {
	s := newSite(t)
	s.settle(stat.Settings{SecondPerson: true, Threshold: 5})
	first := s.named("first", "Jo Smith", stat.Publisher)
	page := first.imported(file{"october.csv", tidy("31/10/2026,Children looked after,487,")})
	action := page.page().Find("#signoff form").AttrOr("action", "")
	renamed := s.named("first", "Jo Jones", stat.Publisher)
	renamed.post(action).want(http.StatusForbidden).says("Somebody else has to publish it")
	other := s.named("second", "Jo Smith", stat.Publisher)
	other.signedOff(other.get(strings.TrimSuffix(action, "/publish"))).says("Published")
}
