package web_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// An analyst uploads the sample monthly return and sees the line grow.
func TestJourneyUpload(t *testing.T) {
	s, server, ctx := open(t)
	path := filepath.Join(t.TempDir(), "monthly-return.xlsx")
	sample := sampleFile(t, "monthly-return.xlsx")
	if err := os.WriteFile(path, sample.data, 0o600); err != nil {
		t.Fatal(err)
	}
	before := s.get("/measures/cla.json").body
	do(t, ctx, chromedp.Navigate(server.URL+"/imports"),
		chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}),
		chromedp.Click(chromedp.CSS("form.bw-drop button")))
	see(t, ctx, "Import these figures")
	see(t, ctx, "Nothing is stored yet")
	axe(t, ctx)
	picture(t, ctx, "preview")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/confirm"] button`)))
	see(t, ctx, "Measures that show figures of this file")
	axe(t, ctx)
	picture(t, ctx, "batch")
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"))
	period := newestOwn(t, s, before)
	see(t, ctx, period)
	if n := run(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll("[data-chart] svg").length`)); n == 0 {
		t.Error("no chart is drawn")
	}
	axe(t, ctx)
	picture(t, ctx, "measure-after")
}

// newestOwn is the label of the latest of the council's own points, which was
// not there before.
func newestOwn(t *testing.T, s *site, before string) string {
	t.Helper()
	var v struct {
		Panels []struct {
			Trend *struct {
				Lines []struct {
					Role   string
					Points []struct {
						Label  string
						Number *float64
					}
				}
			}
		}
	}
	s.get("/measures/cla.json").json(&v)
	for _, p := range v.Panels {
		if p.Trend == nil {
			continue
		}
		for _, l := range p.Trend.Lines {
			if n := len(l.Points); l.Role == "own" && n > 0 && l.Points[n-1].Number != nil {
				if label := l.Points[n-1].Label; !strings.Contains(before, `"`+label+`"`) {
					return label
				}
			}
		}
	}
	t.Fatal("the trend has no new point of the council's own")
	return ""
}

// An analyst imports a file with JavaScript off.
func TestJourneyUploadWithoutScript(t *testing.T) {
	s, server, ctx := open(t)
	path := filepath.Join(t.TempDir(), "october.csv")
	if err := os.WriteFile(path, tidy("31/10/2026,Children looked after,487,"), 0o600); err != nil {
		t.Fatal(err)
	}
	release := s.server.Hold()
	do(t, ctx, noScript, chromedp.Navigate(server.URL+"/imports"),
		chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}),
		chromedp.Click(chromedp.CSS("form.bw-drop button")))
	see(t, ctx, "This page loads itself again every two seconds")
	picture(t, ctx, "reading-no-script")
	release()
	see(t, ctx, "Import these figures")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/confirm"] button`)))
	see(t, ctx, "Measures that show figures of this file")
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"))
	see(t, ctx, "31 October 2026")
}

// A panel member reads the overview with JavaScript off.
func TestJourneyWithoutScript(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, noScript, chromedp.Navigate(server.URL+"/"))
	for _, want := range []string{"493", "138", "31 March 2025", "120.4", "6th"} {
		see(t, ctx, want)
	}
	if n := run(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll("figure svg")].filter(s => s.getBoundingClientRect().height > 100).length`)); n != 3 {
		t.Errorf("%d charts can be seen, want 3", n)
	}
	if n := run(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll(".js-enabled").length`)); n != 0 {
		t.Error("JavaScript was on")
	}
	picture(t, ctx, "overview-no-script")
	do(t, ctx, chromedp.Click(chromedp.CSS(".bw-chart__table summary")))
	see(t, ctx, "31 March 2016")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#area"), "E08000035"), chromedp.Click(chromedp.CSS(".bw-selection__submit button")))
	arrive(t, ctx, "area=E08000035")
	see(t, ctx, "How Leeds compares")
}

// Every kind of page meets WCAG 2.2 AA, wide and narrow.
func TestPagesAccessible(t *testing.T) {
	s, server := served(t)
	for _, path := range append(slices.Clip(kinds),
		"/compare", "/compare?areas=806,805,807,808,383", "/build", "/build?panel=cla-headline&panel=cla-trend&panel=cla-authorities", "/measures/cin?show=count", "/dashboards/corporate-parenting", "/search", "/search?q=zzzz", "/since?meeting=2024-06-03", "/measures/cla?from=2020&to=2015", "/measures/cla/history?period=1901", "/?neighbours=1066") {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			ctx := s.tab(t, server, "404 (Not Found)", "400 (Bad Request)")
			do(t, ctx, chromedp.Navigate(server.URL+path), chromedp.WaitVisible(chromedp.CSS("main")))
			look(t, ctx, strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace("page"+path), "-"))
		})
	}
}

// An analyst accepts a warning with a reason and imports the file with
// JavaScript off.
func TestJourneyAcceptWithoutScript(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, noScript)
	drop(t, ctx, server, file{"october.csv", tidy("31/10/2026,Children looked after,977,")})
	see(t, ctx, "A warning waits for a reason")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#reason-0"), "A hotel opened for arriving children"),
		chromedp.Click(chromedp.CSS(`form[action$="/accept"] button`)))
	see(t, ctx, "This is what would change")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/confirm"] button`)))
	see(t, ctx, "What it changed")
}

// An analyst accepts a warning with a reason, imports the file, and withdraws
// it again.
func TestJourneyAcceptAndWithdraw(t *testing.T) {
	_, server, ctx := open(t)
	drop(t, ctx, server, file{"october.csv", tidy("31/10/2026,Children looked after,977,")})
	see(t, ctx, "A warning waits for a reason")
	if n := run(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll('form[action$="/confirm"]').length`)); n != 0 {
		t.Error("the file can be imported before its warning is accepted")
	}
	look(t, ctx, "waiting")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#reason-0"), "A hotel opened for arriving children"),
		chromedp.Click(chromedp.CSS(`form[action$="/accept"] button`)))
	see(t, ctx, "Accepted, because: A hotel opened for arriving children")
	look(t, ctx, "accepted")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/confirm"] button`)))
	see(t, ctx, "What it changed")
	look(t, ctx, "import-with-warning")
	imported := run(t, ctx, chromedp.Location())
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"))
	see(t, ctx, "31 October 2026")
	do(t, ctx, chromedp.Navigate(imported),
		chromedp.Click(chromedp.CSS("#withdraw summary")),
		chromedp.SendKeys(chromedp.CSS("#reason"), "The hotel was counted twice"))
	look(t, ctx, "withdraw")
	do(t, ctx, chromedp.Click(chromedp.CSS("#withdraw button")))
	see(t, ctx, "by analyst: The hotel was counted twice")
	look(t, ctx, "withdrawn")
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"))
	see(t, ctx, "Children looked after")
	if text := run(t, ctx, chromedp.Evaluate[string](`document.querySelector("main").textContent`)); strings.Contains(text, "31 October 2026") {
		t.Error("the figure that was withdrawn still shows")
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/imports"))
	look(t, ctx, "imports-withdrawn")
}

// An analyst tells what the columns of an unknown file are, and sees its
// figures in the trend.
func TestJourneyMapping(t *testing.T) {
	_, server, ctx := open(t, "422 (Unprocessable Entity)", "400 (Bad Request)")
	drop(t, ctx, server, frontDoor(t))
	see(t, ctx, "Tell Bellwether what the columns are")
	look(t, ctx, "unknown")
	do(t, ctx, chromedp.Click(chromedp.CSS(`a[href$="/columns"]`)))
	see(t, ctx, "Where the figures stand")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#sheet"), "1"))
	see(t, ctx, "Refs rec'd")
	for id, value := range map[string]string{"#is-0": "period", "#is-1": "count", "#measure-1": "referrals", "#is-2": "count", "#measure-2": "cla"} {
		do(t, ctx, chromedp.SetValue(chromedp.CSS(id), value))
	}
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#why-3"), "Who filled it in is not kept"))
	look(t, ctx, "columns")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#name"), "Front Door"), chromedp.Click(chromedp.CSS(`main form[method="post"] button`)))
	see(t, ctx, "cannot be a layout's name")
	look(t, ctx, "columns-wrong")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#name"), "front-door"), chromedp.Click(chromedp.CSS(`main form[method="post"] button`)))
	see(t, ctx, "Import these figures")
	look(t, ctx, "told")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/confirm"] button`)))
	see(t, ctx, "Measures that show figures of this file")
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"))
	see(t, ctx, "30 September 2026")
	do(t, ctx, chromedp.Navigate(server.URL+"/imports"))
	see(t, ctx, "Layouts of your own")
	look(t, ctx, "imports-layouts")
}

// The pages of measures that files brought, and of their figures' history.
func TestJourneyRegistered(t *testing.T) {
	s, server, ctx := open(t, "400 (Bad Request)")
	data, meta := published()
	drop(t, ctx, server, data, meta)
	see(t, ctx, "What would change")
	look(t, ctx, "preview-published")
	s.imported(data, meta)
	for name, path := range map[string]string{"measures-brought": "/measures", "measure-brought": "/measures/" + started, "measure-other-area": "/measures/" + started + "?area=Leeds",
		"history": "/measures/cin/history?area=806&period=2023", "history-breakdown": "/measures/" + started + "/history"} {
		do(t, ctx, chromedp.Navigate(server.URL+path), chromedp.WaitVisible(chromedp.CSS("main")))
		look(t, ctx, name)
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/"+started), chromedp.Click(chromedp.CSS("#naming summary")),
		chromedp.SetValue(chromedp.CSS("#name"), "!"), chromedp.Click(chromedp.CSS("#naming button")))
	see(t, ctx, "Give the measure a name")
	look(t, ctx, "naming-wrong")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#name"), "Short breaks"), chromedp.Click(chromedp.CSS("#naming button")))
	see(t, ctx, "Short breaks")
}

// A file that is refused says so on the page it was sent from.
func TestJourneyRefused(t *testing.T) {
	_, server, ctx := open(t, "422 (Unprocessable Entity)")
	path := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(path, bytes.TrimSpace(tidy("31/10/2025,Children looked after,many,", "someday,Children looked after,-3,")), 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/imports"),
		chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}),
		chromedp.Click(chromedp.CSS("form.bw-drop button")))
	see(t, ctx, "Nothing of it was stored")
	see(t, ctx, "C2")
	look(t, ctx, "refused")
}
