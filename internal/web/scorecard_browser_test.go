package web_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A publisher uploads the month's return, publishes it at once and finds it on the scorecard, writes
// the commentary, is told that it does not agree with the figures, and
// corrects it.
func TestJourneyScorecard(t *testing.T) {
	s, server, ctx := open(t)
	drop(t, ctx, server, sampleFile(t, "monthly-return.xlsx"))
	see(t, ctx, "Publish at once")
	do(t, ctx, chromedp.Click(chromedp.CSS(`label[for="publish"]`)))
	look(t, ctx, "upload-at-once")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/confirm"] button`)))
	see(t, ctx, "Measures that show figures of this file")
	do(t, ctx, chromedp.Navigate(server.URL+"/dashboards"), chromedp.Click(chromedp.CSS(`main a[href*="/dashboards/leadership-team"]`)))
	see(t, ctx, "Leadership team scorecard")
	see(t, ctx, "figures to September 2026")
	look(t, ctx, "scorecard")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#cadence"), "month"))
	arrive(t, ctx, "cadence=month")
	see(t, ctx, "at least a month before")

	const row, said = "#row-cla", "#row-cla + .bw-score__said"
	current := run(t, ctx, chromedp.Evaluate[string](`document.querySelector("#row-cla .bw-score__current .bw-score__figure").textContent`))
	do(t, ctx, chromedp.Click(chromedp.CSS(said+" summary")), chromedp.SendKeys(chromedp.CSS("#say-cla"), "Rated green: "+current+" are looked after, down from 987."))
	look(t, ctx, "scorecard-writing")
	do(t, ctx, chromedp.Click(chromedp.CSS(said+" form button")))
	arrive(t, ctx, "cadence=month")
	arrive(t, ctx, row)
	see(t, ctx, "To check: The commentary says green; the row has no rating.")
	see(t, ctx, "To check: The commentary says 987; the row has no 987.")
	look(t, ctx, "scorecard-flagged")

	do(t, ctx, chromedp.Click(chromedp.CSS(`.bw-check a[href="`+row+`"]`)), chromedp.Click(chromedp.CSS(said+" summary")),
		chromedp.SetValue(chromedp.CSS("#say-cla"), current+" are looked after: fewer came into care."), chromedp.Click(chromedp.CSS(said+" form button")))
	see(t, ctx, "fewer came into care")
	if n := run(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll(".bw-score__flag, .bw-check").length`)); n != 0 {
		t.Errorf("%d remarks are left to check", n)
	}
	look(t, ctx, "scorecard-said")
	kept, err := s.db.Comments(t.Context(), "scorecard/leadership-team")
	if err != nil || len(kept) != 1 || !strings.HasPrefix(kept[0].Text, current+" are looked after") {
		t.Errorf("kept is %+v, %v", kept, err)
	}
}

// On a phone without a script the scorecard is a card for each measure, and
// commentary can be written.
func TestJourneyScorecardWithoutScript(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, noScript, chromedp.Navigate(server.URL+"/dashboards/corporate-parenting"))
	see(t, ctx, "CP2 Children looked after")
	for _, width := range []int64{320, 360} { // 1280 at 400 per cent is 320
		do(t, ctx, chromedp.EmulateViewport(width, 740))
		noSideways(t, ctx)
		if inside := run(t, ctx, chromedp.Evaluate[bool](`(() => { const wrap = document.querySelector(".bw-scorecard .bw-tablewrap"); return wrap.scrollWidth <= wrap.clientWidth })()`)); !inside {
			t.Errorf("at %d pixels the cards are wider than the phone", width)
		}
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("#row-cla-CP2 + tr summary")), chromedp.SendKeys(chromedp.CSS("#say-cla-CP2"), "The gap is closing."),
		chromedp.Click(chromedp.CSS("#row-cla-CP2 + tr form button")))
	see(t, ctx, "The service says: The gap is closing.")
}

// On paper a scorecard lies on its side, whole.
func TestScorecardOnPaper(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/dashboards/corporate-parenting"))
	see(t, ctx, "CP2 Children looked after")
	paper := run(t, ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	pages := regexp.MustCompile(`/MediaBox \[0 0 (\d+)(?:\.\d+)? (\d+)`).FindAllSubmatch(paper, -1)
	if len(pages) == 0 || len(pages) > 5 {
		t.Errorf("%d pages", len(pages))
	}
	for i, p := range pages {
		if string(p[1]) != "841" && string(p[1]) != "842" || string(p[2]) != "594" && string(p[2]) != "595" {
			t.Errorf("page %d is %s by %s, not A4 on its side", i+1, p[1], p[2])
		}
	}
}
