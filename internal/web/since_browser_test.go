package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A panel member sees in a minute, on a phone, what moved since the meeting.
func TestJourneySince(t *testing.T) {
	s, server, ctx := open(t, "400 (Bad Request)")
	s.meet("2024-06-03", "Children and Young People’s Scrutiny Panel")
	s.imported(sampleFile(t, "monthly-return.xlsx"))
	do(t, ctx, chromedp.Navigate(server.URL+"/since"))
	see(t, ctx, "Since the meeting of 3 June 2024")
	look(t, ctx, "since")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#meeting"), "some day"), chromedp.Click(chromedp.CSS("main form button")))
	see(t, ctx, "Give the day as 3 June 2026")
	look(t, ctx, "since-wrong")
}

// Without a script too.
func TestJourneySinceWithoutScript(t *testing.T) {
	s, server, ctx := open(t)
	s.meet("2024-06-03", "Scrutiny Panel")
	do(t, ctx, noScript, chromedp.Navigate(server.URL+"/since"),
		chromedp.SendKeys(chromedp.CSS("#meeting"), "1/9/2024"), chromedp.Click(chromedp.CSS("main form button")))
	see(t, ctx, "Since 1 September 2024")
	do(t, ctx, chromedp.Click(chromedp.CSS(".bw-move__name a, .bw-still__item a")))
	see(t, ctx, "How this is worked out")
}

// A member searches, goes on from what is found, and finds it again.
func TestJourneySearch(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/search"))
	see(t, ctx, "By any of its names")
	look(t, ctx, "search")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#seek"), "refferals"), chromedp.Click(chromedp.CSS(".bw-seek button")))
	see(t, ctx, "found.")
	look(t, ctx, "search-found")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.bw-found a[href^="/measures/referrals?"]`)))
	arrive(t, ctx, "/measures/referrals")
	do(t, ctx, chromedp.Navigate(server.URL+"/search?q=zzzz"))
	see(t, ctx, "Recently viewed")
	look(t, ctx, "search-none")
	if got := fold(run(t, ctx, chromedp.Evaluate[string](`document.querySelector("[data-recent-list]").innerText`))); got != "Referrals to children's social care, Middlesbrough" {
		t.Errorf("recently viewed is %q", got)
	}
	if got := run(t, ctx, chromedp.Evaluate[string](`new URL(document.querySelector("[data-recent-list] a").href).pathname`)); got != "/measures/referrals" {
		t.Errorf("it leads to %s", got)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("[data-recent-clear]")))
	if !run(t, ctx, chromedp.Evaluate[bool](`document.querySelector("[data-recent]").hidden && document.activeElement.id === "seek" && localStorage.getItem("bellwether-recent") === "[]"`)) {
		t.Error("the list is not cleared")
	}
	// What something else left in its place does no harm.
	run(t, ctx, chromedp.Evaluate[int](`localStorage.setItem("bellwether-recent", JSON.stringify([{path: "javascript:alert(1)", title: "x"}, {path: "//elsewhere/measures", title: "y"}, 3, null, {path: "/measures/cla", title: "<img src=x onerror=alert(1)>"}])), 0`))
	do(t, ctx, chromedp.Navigate(server.URL+"/search"))
	see(t, ctx, "<img src=x onerror=alert(1)>")
	if n := run(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll("[data-recent-list] a").length`)); n != 1 {
		t.Errorf("%d of what was left is listed", n)
	}
}

func TestJourneyGlossary(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/about/glossary#median"))
	see(t, ctx, "What the words mean")
	look(t, ctx, "glossary")
}
