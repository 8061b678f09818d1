package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"bellwether/internal/stat"
)

// The pages of sign-off and of who answers for a measure, as they are read.
func TestSignOffInBrowser(t *testing.T) {
	s, server, ctx := open(t, "400 (Bad Request)")
	show := func(path, name string) {
		t.Helper()
		do(t, ctx, chromedp.Navigate(server.URL+path), chromedp.WaitVisible(chromedp.CSS("main")))
		look(t, ctx, name)
	}
	s.settle(stat.Settings{Public: true, SecondPerson: true, Threshold: 5})
	draft := s.as(stat.Publisher).imported(file{"october.csv", tidy("31/10/2026,Children looked after,487,", "30/09/2026,Children looked after,481,")})
	at := draft.page().Find("#signoff form").AttrOr("action", "")
	at = at[:len(at)-len("/publish")]
	show(at, "import-draft")
	show("/measures/cla", "measure-draft")
	show("/reports/council/issue?area=806", "report-drafts")

	do(t, ctx, chromedp.Navigate(server.URL+at), chromedp.Click(chromedp.CSS("#signoff summary")),
		chromedp.SetValue(chromedp.CSS("#day"), "3 June 2020"), chromedp.Click(chromedp.CSS("#signoff button")))
	see(t, ctx, "is past")
	look(t, ctx, "import-past")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#day"), "1 December 2026"), chromedp.SetValue(chromedp.CSS("#time"), "9:30"),
		chromedp.Click(chromedp.CSS("#signoff button")))
	see(t, ctx, "Viewers see it from 1 December 2026, 09:30")
	look(t, ctx, "import-embargo")
	show("/imports", "imports-embargo")

	do(t, ctx, chromedp.Navigate(server.URL+"/measures/uasc"), chromedp.Click(chromedp.CSS("#steward summary")),
		chromedp.SetValue(chromedp.CSS("#owner"), "Head of Safeguarding"), chromedp.SetValue(chromedp.CSS("#review"), "3 June 2026"),
		chromedp.SetValue(chromedp.CSS("#unmeasured"), "The case system counts them from April 2027"), chromedp.Click(chromedp.CSS("#steward button")))
	see(t, ctx, "Not measured yet")
	look(t, ctx, "measure-unmeasured")
}
