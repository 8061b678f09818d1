package web_test

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"bellwether/internal/stat"
	"bellwether/internal/web"
)

// An administrator adds somebody and hands out a link by which they choose a
// password.
func TestJourneyPeople(t *testing.T) {
	s, server, ctx := open(t, "400 (Bad Request)")
	do(t, ctx, chromedp.Navigate(server.URL+"/people"))
	see(t, ctx, "Everybody")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#title"), "Jo Smith"), chromedp.SendKeys(chromedp.CSS("#name"), "jo smith"), chromedp.Click(chromedp.CSS("#add-own button")))
	see(t, ctx, "has no spaces")
	look(t, ctx, "people-wrong")
	do(t, ctx, chromedp.Clear(chromedp.CSS("#name")), chromedp.SendKeys(chromedp.CSS("#name"), "jo.smith"), chromedp.Click(chromedp.CSS(`#add-own label[for="role-analyst"]`)), chromedp.Click(chromedp.CSS("#add-own button")))
	see(t, ctx, "Password None yet")
	look(t, ctx, "person")
	do(t, ctx, chromedp.Click(chromedp.CSS("#password button")))
	see(t, ctx, "It is shown this once")
	look(t, ctx, "person-link")
	link := run(t, ctx, chromedp.Evaluate[string](`document.querySelector("#link").textContent`))
	if !strings.HasPrefix(link, server.URL+web.LinkPath("")) {
		t.Errorf("the link is %s", link)
	}
	if p, err := s.db.PersonNamed(t.Context(), "jo.smith"); err != nil || p.Role != stat.Analyst {
		t.Errorf("kept is %+v, %v", p, err)
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/people"))
	look(t, ctx, "people")
}

// The pages of administrators need no script.
func TestJourneyOfficesWithoutScript(t *testing.T) {
	s, server, ctx := open(t)
	do(t, ctx, noScript, chromedp.Navigate(server.URL+"/people"), chromedp.Click(chromedp.CSS("main details summary")),
		chromedp.SendKeys(chromedp.CSS("#vouched-title"), "Al Jones"), chromedp.SendKeys(chromedp.CSS("#issuer"), "https://login.example.org"), chromedp.SendKeys(chromedp.CSS("#subject"), "7"),
		chromedp.Click(chromedp.CSS("#vouched-role-publisher")), chromedp.Click(chromedp.CSS("#add-vouched button")))
	see(t, ctx, "which calls them 7")
	do(t, ctx, chromedp.Navigate(server.URL+"/settings"), chromedp.Click(chromedp.CSS("#second")), chromedp.Click(chromedp.CSS(`form[action="/settings"] button`)))
	see(t, ctx, "A second person publishes: Yes")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action="/settings"] button`)))
	see(t, ctx, "The settings hold from now on")
	do(t, ctx, chromedp.Navigate(server.URL+"/audit"), chromedp.SetValue(chromedp.CSS("#what"), "person.add"), chromedp.SendKeys(chromedp.CSS("#who"), "analyst"), chromedp.Click(chromedp.CSS(".bw-selection button")))
	see(t, ctx, "Al Jones, publisher")
	if !s.settings().SecondPerson {
		t.Error("the setting was not saved")
	}
}

// An administrator is told what a setting does, agrees, and finds it in the
// audit trail.
func TestJourneySettings(t *testing.T) {
	s, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/settings"))
	see(t, ctx, "Nothing is saved before you have seen what it changes")
	look(t, ctx, "settings")
	do(t, ctx, chromedp.Click(chromedp.CSS("#public")), chromedp.SetValue(chromedp.CSS("#measure"), "cla"), chromedp.SendKeys(chromedp.CSS("#threshold-1"), "0"), chromedp.Click(chromedp.CSS(`form[action="/settings"] button`)))
	see(t, ctx, "Nothing is saved yet")
	look(t, ctx, "settings-check")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action="/settings"] button`)))
	see(t, ctx, "The settings hold from now on")
	look(t, ctx, "settings-saved")
	if held := s.settings(); !held.Public || held.ThresholdOf("cla") != 0 {
		t.Errorf("saved are %+v", held)
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/audit?what=settings.save"))
	see(t, ctx, "Changed the settings")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form:has([name="check"]) button`)))
	see(t, ctx, "The chain holds")
	look(t, ctx, "audit")
}

// An administrator makes a backup and sees it listed.
func TestJourneySafekeeping(t *testing.T) {
	s := newSite(t)
	s.reconfigured(web.Config{Backups: filepath.Join(t.TempDir(), "backups")})
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	ctx := s.tab(t, server)
	do(t, ctx, chromedp.Navigate(server.URL+"/safekeeping"))
	see(t, ctx, "There is no backup yet")
	look(t, ctx, "safekeeping-none")
	s.note(stat.Act{Who: "Bellwether", What: "backup.failed", On: "the daily copy", Detail: "the disk is full: make room on it and try again", At: s.now()})
	do(t, ctx, chromedp.Click(chromedp.CSS("#backup button")))
	see(t, ctx, "A copy of the database was made and checked")
	see(t, ctx, "the disk is full")
	look(t, ctx, "safekeeping")
}
