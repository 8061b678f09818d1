package web_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"bellwether/internal/web/assets"
)

// browser is a Chromium of its own, and fails the test for whatever it writes
// to its console: a script that threw, an answer that was refused, a breach of
// the content security policy; unless it has one of the parts expected. It
// skips where there is no Chromium, but not in CI.
func browser(t *testing.T, expected ...string) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	do(t, ctx, chromedp.Navigate("about:blank"))
	watch(t, ctx, expected)
	return ctx
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("there is no Chromium: apt-get install chromium")
	}
	t.Skip("there is no Chromium: apt-get install chromium")
	return ""
}

// watch fails the test, when it ends, for each message on the console.
func watch(t *testing.T, ctx context.Context, expected []string) {
	messages := chromedp.Console(ctx)
	var mu sync.Mutex
	var seen []string
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			mu.Lock()
			seen = append(seen, fmt.Sprintf("%s (%s line %d)", m, m.URL, m.Line+1))
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, m := range seen {
			if slices.ContainsFunc(expected, func(part string) bool { return strings.Contains(m, part) }) {
				continue
			}
			t.Errorf("the console says %s", m)
		}
	})
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

func run[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// see waits until the main part of the page has the text.
func see(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	var got string
	for range 600 {
		v, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(document.querySelector("main") || document.body).innerText`))
		if got = fold(v); err == nil && strings.Contains(got, text) {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("the page does not come to say %q: %.1500s", text, got)
}

// arrive waits until the address has the part.
func arrive(t *testing.T, ctx context.Context, part string) {
	t.Helper()
	var at string
	for range 600 {
		v, err := chromedp.Run(ctx, chromedp.Location())
		if at = v; err == nil && strings.Contains(at, part) {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("the address does not come to have %q: %s", part, at)
}

// axe fails the test for each breach of WCAG 2.2 AA that axe-core finds.
func axe(t *testing.T, ctx context.Context) {
	t.Helper()
	script, err := assets.Dist.ReadFile("dist/test/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Evaluate[any](string(script)+";0"))
	found := run(t, ctx, chromedp.Evaluate[[]string](`axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
		.then(r => r.violations.map(v => v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target.join(' ') + ' (' + n.failureSummary + ')').join('; ')))`, chromedp.EvalAwaitPromise))
	for _, v := range found {
		t.Errorf("%s: %s", run(t, ctx, chromedp.Location()), v)
	}
}

// noSideways fails the test where the page is wider than the window.
func noSideways(t *testing.T, ctx context.Context) {
	t.Helper()
	if over := run(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); over > 0 {
		t.Errorf("%s is %d pixels wider than the window", run(t, ctx, chromedp.Location()), over)
	}
}

// picture keeps what the window shows, in the folder BELLWETHER_PICTURES.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("BELLWETHER_PICTURES")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), run(t, ctx, chromedp.FullScreenshot(100)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// open serves the site and starts a browser.
func open(t *testing.T, expected ...string) (*site, *httptest.Server, context.Context) {
	t.Helper()
	ctx := browser(t, expected...)
	s := newSite(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	return s, server, ctx
}

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

// noScript turns JavaScript off, but for what a test itself evaluates.
var noScript = chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return err
})

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
	_, server, ctx := open(t, "404 (Not Found)")
	for _, path := range []string{"/", "/measures", "/measures/cla", "/measures/cla/neighbours", "/measures/cla/authorities", "/measures/cin?show=count", "/imports", "/imports/1", "/about/accessibility", "/about/methods", "/nothing"} {
		for _, width := range []int64{1280, 360} {
			do(t, ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(server.URL+path), chromedp.WaitVisible(chromedp.CSS("main")))
			time.Sleep(300 * time.Millisecond) // the charts come alive
			axe(t, ctx)
			noSideways(t, ctx)
			picture(t, ctx, fmt.Sprintf("%s-%d", strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace("page"+path), "-"), width))
		}
	}
}

// drop uploads files on the imports page.
func drop(t *testing.T, ctx context.Context, server *httptest.Server, files ...file) {
	t.Helper()
	var paths []string
	dir := t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, f.data, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/imports"),
		chromedp.SetUploadFiles(chromedp.CSS("#file"), paths),
		chromedp.Click(chromedp.CSS("form.bw-drop button")))
}

// look checks and keeps the page as it stands, wide and narrow.
func look(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	for _, width := range []int64{360, 1280} {
		do(t, ctx, chromedp.EmulateViewport(width, 800))
		time.Sleep(300 * time.Millisecond) // the charts come alive
		axe(t, ctx)
		noSideways(t, ctx)
		picture(t, ctx, fmt.Sprintf("%s-%d", name, width))
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
	for id, value := range map[string]string{"#is-0": "period", "#is-1": "count", "#measure-1": "referrals", "#is-2": "count", "#measure-2": "cla", "#is-3": ""} {
		do(t, ctx, chromedp.SetValue(chromedp.CSS(id), value))
	}
	look(t, ctx, "columns")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#name"), "Front Door"), chromedp.Click(chromedp.CSS(`form[method="post"] button`)))
	see(t, ctx, "cannot be a layout's name")
	look(t, ctx, "columns-wrong")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#name"), "front-door"), chromedp.Click(chromedp.CSS(`form[method="post"] button`)))
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
