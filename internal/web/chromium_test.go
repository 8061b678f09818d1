package web_test

import (
	"context"
	"errors"
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

// tab is a page of its own, sharing nothing with another test's but the
// process, and fails the test for whatever it writes to its console: a script
// that threw, an answer that was refused, a breach of the content security
// policy; unless it has one of the parts expected. A request that leaves this
// computer fails it too. It skips where there is no Chromium, but not in CI.
func tab(t *testing.T, expected ...string) context.Context {
	t.Helper()
	process, err := process()
	if err != nil {
		if errors.Is(err, errNoChromium) && os.Getenv("CI") != "true" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(process, 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	do(t, ctx, chromedp.Navigate("about:blank"), focused)
	watch(t, ctx, expected)
	stay(t, ctx)
	return ctx
}

// focused makes the page behave as the one in front, which only one can be.
var focused = chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return err
})

var errNoChromium = errors.New("there is no Chromium: apt-get install chromium")

// process is the Chromium that all tests share. It is closed with ended.
var process = sync.OnceValues(func() (context.Context, error) {
	path, err := chromium()
	if err != nil {
		return nil, err
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(filepath.Join(scratch, "chromium")))...)
	ctx, _ = chromedp.NewContext(ctx)
	ended = func() { chromedp.Cancel(ctx); stop() }
	return ctx, chromedp.Do(ctx, chromedp.Navigate("about:blank"))
})

// ended closes what the tests shared, if they did.
var ended = func() {}

func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoChromium
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
	for _, a := range actions {
		if err := act(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
}

// act does it, and once more where the browser found the element but had let
// it go with an older page before anything was done to it.
func act(ctx context.Context, a chromedp.Action[chromedp.Void]) error {
	err := chromedp.Do(ctx, a)
	if err != nil && strings.Contains(err.Error(), "No node with given id") {
		err = chromedp.Do(ctx, a)
	}
	return err
}

func run[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// see waits until the page is there whole and its main part has the text: what
// is found in one that is still arriving may be gone when it is clicked.
func see(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	var got string
	for range 600 {
		v, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? (document.querySelector("main") || document.body).innerText : ""`))
		if got = fold(v); err == nil && strings.Contains(got, text) {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("the page does not come to say %q: %.1500s", text, got)
}

// arrive waits until the page whose address has the part is there whole.
func arrive(t *testing.T, ctx context.Context, part string) {
	t.Helper()
	var at string
	for range 600 {
		v, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? location.href : ""`))
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

// open serves a site of the test's own, and shows it in a tab.
func open(t *testing.T, expected ...string) (*site, *httptest.Server, context.Context) {
	t.Helper()
	s, server := served(t)
	return s, server, s.tab(t, server, expected...)
}

// served is a site of the test's own, over a connection.
func served(t *testing.T) (*site, *httptest.Server) {
	t.Helper()
	s := newSite(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(func() {
		server.Close()
		server.Config.Handler = nil // as in newSite
	})
	return s, server
}

// noScript turns JavaScript off, but for what a test itself evaluates.
var noScript = chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return err
})

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
