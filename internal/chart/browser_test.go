package chart_test

import (
	"context"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/web/assets"
)

// figure is a chart as a page of internal/web has it.
var figure = template.Must(template.New("").Parse(`<!doctype html><html lang="en-GB"><title>Charts</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{{.Style}}"><body><main><h1>Charts</h1>{{range .Charts}}
<figure class="bw-chart" id="{{.ID}}"><h2 class="bw-chart__title">{{.Title}}</h2><p class="bw-chart__subtitle">Middlesbrough</p>
<div class="bw-chart__canvas" data-chart data-options="{{.ID}}-options"><div class="bw-chart__wide">{{.Wide}}</div><div class="bw-chart__narrow">{{.Narrow}}</div></div>
<script type="application/json" id="{{.ID}}-options">{{.Options}}</script>
<figcaption class="bw-chart__source">Source: DfE <button type="button" data-png="{{.ID}}-2025" hidden>Picture (PNG)</button></figcaption></figure>
{{end}}</main><script src="{{.Script}}" defer></script></body></html>`))

// policy is that of internal/web.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"

// page serves panels as live charts under the content security policy.
func page(t *testing.T, panels ...dashboard.Panel) string {
	t.Helper()
	type drawn struct {
		dashboard.Panel
		Wide, Narrow template.HTML
		Options      template.JS
	}
	charts, r := make([]drawn, len(panels)), shared(t)
	for i, p := range panels {
		options, err := chart.Options(p)
		if err != nil {
			t.Fatal(err)
		}
		charts[i] = drawn{p, template.HTML(draw(t, r, p, chart.Wide)), template.HTML(draw(t, r, p, chart.Narrow)), template.JS(options)}
	}
	set, err := assets.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+assets.Prefix+"{name}", func(w http.ResponseWriter, q *http.Request) {
		f, _ := set.File(q.PathValue("name"))
		w.Header().Set("Content-Type", f.Type)
		_, _ = w.Write(f.Plain)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		if err := figure.Execute(w, map[string]any{"Style": set.URL("app.css"), "Script": set.URL("chart.js"), "Charts": charts}); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// visit opens panels in a Chromium of its own, and fails the test for whatever
// it writes to its console. It skips where there is no Chromium, but not in CI.
func visit(t *testing.T, panels ...dashboard.Panel) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("there is no Chromium: apt-get install chromium")
	} else if err != nil {
		t.Fatal(err)
	}
	address := page(t, panels...)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	do(t, ctx, chromedp.Navigate("about:blank"))
	quiet(t, ctx)
	do(t, ctx, chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS("#"+panels[len(panels)-1].ID+" .bw-chart__live svg")))
	return ctx
}

// quiet fails the test, when it ends, for each message on the console.
func quiet(t *testing.T, ctx context.Context) {
	var mu sync.Mutex
	var seen []string
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			mu.Lock()
			seen = append(seen, m.String())
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, m := range seen {
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

func answer[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

// said presses keys in a chart and gives what it says after each.
func said(t *testing.T, ctx context.Context, id string, keys ...string) []string {
	t.Helper()
	answer[any](t, ctx, `document.querySelector("#`+id+` .bw-chart__live").focus()`)
	out := make([]string, len(keys))
	for i, k := range keys {
		do(t, ctx, chromedp.KeyEvent(k))
		out[i] = answer[string](t, ctx, `document.querySelector("#`+id+` [role=status]").textContent`)
	}
	return out
}

// A keyboard reaches every figure of every kind of chart, which says it in the
// figure's own words.
func TestReadByKeyboard(t *testing.T) {
	ctx := visit(t, growing(), ten(), monthly(), quarterly(), coming(), groups(), broken())
	for _, c := range []struct {
		panel dashboard.Panel
		keys  []string
		want  []string
	}{
		{growing(), []string{kb.ArrowLeft, kb.ArrowLeft, kb.ArrowDown, kb.Home, kb.End, kb.ArrowRight}, []string{
			"Middlesbrough, 31 March 2025: 138", "Middlesbrough, 31 March 2024: 146", "Neighbours' mean (2025), 31 March 2024: 125.9",
			"Neighbours' mean (2025), 31 March 2016: 109.2", "Neighbours' mean (2025), 31 March 2025: 120.4", "Neighbours' mean (2025), 31 March 2025: 120.4",
		}},
		{ten(), []string{kb.ArrowDown, kb.ArrowDown, kb.End, kb.Escape}, []string{"Blackpool: 184", "Stoke-on-Trent: 170", "South Tyneside [c]: c", ""}},
		{monthly(), []string{kb.End, kb.ArrowLeft}, []string{"Referrals, 31 March 2018: 269", "Referrals, 28 February 2018: 231"}},
		{quarterly(), []string{kb.Home, kb.ArrowRight, kb.ArrowRight, kb.ArrowRight}, []string{
			"Assessments within 45 working days, 31 March 2021: 91.2%", "Assessments within 45 working days, 30 June 2021: 92.4%",
			"Assessments within 45 working days, 30 September 2021: 90.8%", "Assessments within 45 working days, 31 December 2021: c",
		}},
		{coming(), []string{kb.End, kb.ArrowDown, kb.ArrowDown}, []string{
			"Middlesbrough, 31 March 2025: 138", "Projection, 31 March 2026: 136 (121 to 152)",
			"Projection kept at the time, 31 March 2025: 142 (130 to 156); by the analyst on 3 June 2023",
		}},
		{groups(), []string{kb.ArrowDown, kb.End}, []string{
			"White. Share of children looked after: 80.7%. Share of children aged 0 to 17: 75.1%. Over-represented: 1.07 times its share (1.03 to 1.12)",
			hostile + ". Share of children looked after: 1.0%. Share of children aged 0 to 17: no figure. Cannot be told",
		}},
		{broken(), []string{kb.ArrowRight}, []string{hostile + ", 31 March 2025: 97.5%"}},
	} {
		got := said(t, ctx, c.panel.ID, c.keys...)
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], "\u00a0", " ")
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s says\n%q, want\n%q", c.panel.ID, got, c.want)
		}
	}
	label := answer[string](t, ctx, `document.querySelector("#cla-own .bw-chart__live").getAttribute("aria-label")`)
	for _, part := range []string{growing().Title, growing().Sentence, "Rate per 10,000", "arrow keys"} {
		if !strings.Contains(label, part) {
			t.Errorf("the chart is called %q, without %q", label, part)
		}
	}
}

// What is marked in one chart is marked in all, and no longer when it is
// chosen again.
func TestMarkNeighbour(t *testing.T) {
	lines := each()
	lines.Trend.Lines[2].Name = "Salford"
	ctx := visit(t, lines, ten())
	marked := func(id string) bool {
		return answer[bool](t, ctx, `document.querySelector("#`+id+` .bw-chart__live svg").innerHTML.includes("#801650") && !document.querySelector("#`+id+` .bw-chart__marked").hidden`)
	}
	if got := said(t, ctx, lines.ID, kb.End, kb.ArrowDown, kb.ArrowDown, kb.Enter); got[3] != "Salford marked" {
		t.Errorf("it says %q", got)
	}
	if !marked(lines.ID) || answer[int](t, ctx, `[...document.querySelectorAll("#`+lines.ID+` .bw-chart__live text")].filter(t => t.textContent === "Salford 79").length`) != 1 {
		t.Error("the line of Salford is not marked by colour and name")
	}
	if text := answer[string](t, ctx, `document.querySelector("#cla-neighbours .bw-chart__marked").textContent`); !strings.Contains(text, "Salford") {
		t.Errorf("the other chart says %q", text)
	}
	at := answer[[]float64](t, ctx, `(() => { const text = [...document.querySelectorAll("#cla-neighbours .bw-chart__live text")].find(t => t.textContent === "Salford");
		text.scrollIntoView({block: "center"}); const box = text.getBoundingClientRect(); return [box.right + 40, box.top + box.height / 2] })()`)
	do(t, ctx, chromedp.MouseClickXY(at[0], at[1]))
	if marked(lines.ID) {
		t.Error("a click on its bar did not unmark Salford")
	}
}

// The picture is made in the browser: twice the size, with words above and
// below the chart.
func TestPicture(t *testing.T) {
	ctx := visit(t, monthly())
	got := answer[[]any](t, ctx, `new Promise((done) => {
		let saved;
		const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => { saved = blob; return make.call(URL, blob); };
		HTMLAnchorElement.prototype.click = function () { createImageBitmap(saved).then((i) => done([this.download, saved.type, i.width, i.height])); };
		document.querySelector("[data-png]").click();
	})`)
	if got[0] != "referrals-control-2025.png" || got[1] != "image/png" || got[2] != float64(2*(chart.Wide+48)) {
		t.Errorf("the picture is %v", got)
	}
	if least := float64(2 * (chart.Height(monthly(), chart.Wide) + 100)); got[3].(float64) < least {
		t.Errorf("the picture is %v high, want at least %v", got[3], least)
	}
}
