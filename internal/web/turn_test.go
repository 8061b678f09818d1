package web_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"bellwether/internal/stat"
)

// Whoever confirms an import waits their turn. What they may do is what they
// may when it comes.
func TestTurnLooksAgain(t *testing.T) {
	for name, change := range map[string]func(s *site){
		"a second person is asked for": func(s *site) { s.settle(stat.Settings{Threshold: 5, SecondPerson: true}) },
		"made an analyst": func(s *site) {
			s.change(s.person("a-publisher", stat.Publisher), func(p *stat.Person) { p.Role = stat.Analyst })
		},
		"disabled": func(s *site) {
			s.change(s.person("a-publisher", stat.Publisher), func(p *stat.Person) { p.Disabled = true })
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			publisher, viewer := s.as(stat.Publisher), s.as(stat.Viewer)
			path := publisher.do(uploadRequest(t, "", file{"october.csv", tidy("31/10/2026,Children looked after,48713,")})).location()
			page := publisher.settled(path).want(http.StatusOK)
			for _, field := range page.reasons() {
				publisher.post(path+"/accept", field, "as published")
			}
			release := s.server.Hold()
			publisher.post(path+"/confirm", "publish", "yes").want(http.StatusSeeOther)
			change(s)
			release()
			end := s.settled(path).body
			batches, err := s.db.Batches(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			held := batches[0].File == "october.csv"
			if held == (name == "disabled") || held && !batches[0].Published.IsZero() {
				t.Errorf("the latest import is %+v", batches[0])
			}
			if strings.Contains(viewer.get("/measures/cla").text(), "48,713") {
				t.Error("a viewer reads it")
			}
			if !held && !strings.Contains(end, "Could not import october.csv") {
				t.Errorf("the page says %s", end)
			}
		})
	}
}

// A report is not issued on what was taken back while it waited for a long
// import to be stored.
func TestIssueWaits(t *testing.T) {
	s := newSite(t)
	page := s.imported(file{"october.csv", tidy("31/10/2026,Children looked after,48713,")})
	s.signedOff(page)
	at := strings.TrimSuffix(page.page().Find("#signoff form").AttrOr("action", ""), "/publish")
	form := s.get("/reports/council/issue?area=806&as-of=2026-11-21&dated=2026-11-21&by=Jo").want(http.StatusOK).page().Find("main form[method=post]")
	hold, held := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var all sync.WaitGroup
	all.Go(func() {
		b := stat.Batch{File: "long.csv", SHA256: "long", Layout: "tidy", Publisher: stat.Council, Released: "2026-11-01", By: "Jo", At: s.now()}
		o := stat.Observation{Key: stat.Key{Measure: "uasc", Area: council, Period: stat.OnDay(stat.Date{Year: 2026, Month: 10, Day: 31})}, Value: said(47)}
		o.Value.Origin = &stat.Origin{Publisher: stat.Council, Released: "2026-11-01", File: "long.csv"}
		if _, err := s.db.Store(s.Context(), stat.Submission{Batch: b, Observations: []stat.Observation{o}}, func(int, int) {
			once.Do(func() { close(held); <-hold })
		}); err != nil {
			t.Error(err)
		}
	})
	<-held
	var back, issued answer
	all.Go(func() { back = s.post(at+"/take-back", "reason", "wrong") })
	all.Go(func() { issued = s.post(form.AttrOr("action", ""), fields(form)...) })
	close(hold)
	all.Wait()
	back.want(http.StatusSeeOther)
	acts, err := s.db.Acts(s.Context(), 0, 2)
	if err != nil || acts[0].What == "report.issue" {
		t.Errorf("issued after it was taken back (%d): %+v, %v", issued.status, acts, err)
	}
}
