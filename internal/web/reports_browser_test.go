package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// An executive member's officer chooses the days of a report, reads it, writes
// below a heading what the figures contradict, is told so and corrects it,
// issues the report, and prints it.
func TestJourneyReport(t *testing.T) {
	s, server, ctx := open(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(server.URL+"/reports"))
	see(t, ctx, "None has been issued yet")
	look(t, ctx, "reports-none")
	do(t, ctx, chromedp.Click(chromedp.CSS(`main a[href*="/reports/council"]`)))
	see(t, ctx, "Headline performance information")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#as-of"), "30 September 2026"), chromedp.SetValue(chromedp.CSS("#by"), "Councillor Jones"),
		chromedp.Click(chromedp.CSS(".bw-selection__submit button")))
	arrive(t, ctx, "as-of=30+September+2026")
	see(t, ctx, "Councillor Jones")

	const at = "#heading-fostering-and-adoption"
	do(t, ctx, chromedp.Click(chromedp.CSS(at+" summary")), chromedp.SendKeys(chromedp.CSS("#say-fostering-and-adoption"), "The number of children looked after is rising."))
	do(t, ctx, chromedp.Click(chromedp.CSS(at+" form button")))
	arrive(t, ctx, at)
	see(t, ctx, "To check:")
	see(t, ctx, "Check before this is issued")
	look(t, ctx, "report-flagged")
	do(t, ctx, chromedp.Click(chromedp.CSS(at+" summary")), chromedp.SetValue(chromedp.CSS("#say-fostering-and-adoption"), "Forty carers were approved."), chromedp.Click(chromedp.CSS(at+" form button")))
	see(t, ctx, "Forty carers were approved.")
	if n := run(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll(".bw-score__flag, .bw-reports__check").length`)); n != 0 {
		t.Errorf("%d remarks are left to check", n)
	}

	do(t, ctx, chromedp.Click(chromedp.CSS(".bw-reports__issue a")))
	see(t, ctx, "Issue this report")
	look(t, ctx, "report-confirm")
	do(t, ctx, chromedp.Click(chromedp.CSS("main form[method=post] button")))
	arrive(t, ctx, "/reports/issues/1")
	see(t, ctx, "None of its figures has been revised since.")
	noSideways(t, ctx)
	picture(t, ctx, "report-issued")
	for _, ending := range []string{"docx", "xlsx", "html", "csv", "json"} {
		href := run(t, ctx, chromedp.Evaluate[string](`document.querySelector('.bw-tool[href$=".`+ending+`"]').getAttribute("href")`))
		if a := s.get(href).want(200); len(a.body) < 1000 {
			t.Errorf("%s has %d bytes", href, len(a.body))
		}
	}
	onPaper(t, ctx)
}

// onPaper wants a report on paper with nothing of the page around it.
func onPaper(t *testing.T, ctx context.Context) {
	t.Helper()
	do(t, ctx, media("print"))
	paper := fold(run(t, ctx, chromedp.Evaluate[string](`document.body.innerText`)))
	for _, want := range []string{"Headline performance information", "Forty carers were approved.", "Councillor Jones", "Issue 1"} {
		if !strings.Contains(paper, want) {
			t.Errorf("on paper it does not say %q", want)
		}
	}
	for _, not := range []string{"All reports", "Download"} {
		if strings.Contains(paper, not) {
			t.Errorf("on paper it says %q", not)
		}
	}
}

// An officer keeps a question of a meeting and answers it.
func TestJourneyQuestion(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/reports/council/briefing"),
		chromedp.SendKeys(chromedp.CSS("#question"), "Why above our neighbours?"), chromedp.SendKeys(chromedp.CSS("#meeting"), "3 June 2026"),
		chromedp.Click(chromedp.CSS("#add-question button")))
	see(t, ctx, "Still open")
	look(t, ctx, "report-questions")
	do(t, ctx, chromedp.Click(chromedp.CSS("#question-1 summary")), chromedp.SendKeys(chromedp.CSS("#answer-1"), "More came in."), chromedp.Click(chromedp.CSS("#question-1 form button")))
	see(t, ctx, "Change the answer")
}

// An issued report says what has been revised, wide and narrow.
func TestJourneyRevised(t *testing.T) {
	s, server, ctx := open(t)
	s.signedOff(s.imported(file{"march.csv", tidy("31/03/2026,Children looked after,470,")}))
	at := s.issue("/reports/council/issue?area=806")
	s.signedOff(s.imported(file{"again.csv", tidy("31/03/2026,Children looked after,481,")}))
	do(t, ctx, chromedp.Navigate(server.URL+at))
	see(t, ctx, "Figures revised since")
	look(t, ctx, "report-issued")
}
