package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// heard keeps what the page's status lines say, and what is copied, since a
// browser under test has no clipboard to read.
const heard = `window.copied = []; window.said = [];
	navigator.clipboard.writeText = async (text) => { window.copied.push(text); };
	new MutationObserver(() => document.querySelectorAll('[role="status"]').forEach(s => s.textContent && window.said.push(s.textContent)))
		.observe(document.querySelector('main'), {childList: true, subtree: true, characterData: true}); 0`

func list(t *testing.T, ctx context.Context, name string) string {
	t.Helper()
	return run(t, ctx, chromedp.Evaluate[string](`window.`+name+`.join('|')`))
}

// A report writer copies a sentence and the address of its chart.
func TestJourneyCopy(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"), chromedp.WaitVisible(chromedp.CSS("#cla-trend [data-copy-link]")))
	run(t, ctx, chromedp.Evaluate[any](heard))
	do(t, ctx, chromedp.Click(chromedp.CSS("#cla-trend [data-copy-from]")), chromedp.Click(chromedp.CSS("#cla-trend [data-copy-link]")))
	sentence := fold(run(t, ctx, chromedp.Evaluate[string](`document.querySelector('#cla-trend-sentence').textContent`)))
	want := sentence + "|" + server.URL + "/measures/cla?area=E06000002&neighbours=2025&show=value#cla-trend"
	if got := list(t, ctx, "copied"); got != want {
		t.Errorf("copied %s, want %s", got, want)
	}
	if got := list(t, ctx, "said"); !strings.Contains(got, "Copied") {
		t.Errorf("a screen reader hears %q", got)
	}
	do(t, ctx, chromedp.Navigate(strings.SplitN(want, "|", 2)[1]))
	see(t, ctx, sentence[:40])
}

// A neighbour marked in the browser is in the address, in the form and in the
// downloads, and comes back with the page.
func TestJourneyMark(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla/neighbours?highlight=805"), chromedp.WaitVisible(chromedp.CSS("#cla-neighbours .bw-chart__live svg")))
	see(t, ctx, "Marked: Hartlepool")
	// Hartlepool stays marked beside the first bar, which is Blackpool's.
	run(t, ctx, chromedp.Evaluate[any](`(() => { const live = document.querySelector('#cla-neighbours .bw-chart__live');
		for (const key of ['Home', 'Enter']) live.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})); })(), 0`))
	see(t, ctx, "Marked: Hartlepool, Blackpool")
	arrive(t, ctx, "highlight=E06000009")
	if got := run(t, ctx, chromedp.Evaluate[string](`document.querySelector('#highlight').value + ' ' + document.querySelectorAll('a[download][href*="highlight=E06000009"]').length`)); !strings.HasPrefix(got, "E06000009 ") || strings.HasSuffix(got, " 0") {
		t.Errorf("the form and the downloads have %s", got)
	}
	look(t, ctx, "neighbours-marked")
	do(t, ctx, chromedp.Reload())
	see(t, ctx, "Marked: Blackpool")
}

// Without a script areas are set side by side by the form alone, and nothing is
// offered that needs one.
func TestJourneyCompareWithoutScript(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, noScript, chromedp.Navigate(server.URL+"/measures/cla"))
	do(t, ctx, chromedp.Click(chromedp.CSS(`.bw-tabs a[href^="/compare"]`)))
	see(t, ctx, "Middlesbrough, Blackpool, Hartlepool and Stoke-on-Trent side by side")
	if n := run(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll('[data-copy-link], [data-png]')].filter(b => b.getBoundingClientRect().height > 0).length`)); n != 0 {
		t.Errorf("%d buttons need a script", n)
	}
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#areas-third"), ""), chromedp.SetValue(chromedp.CSS("#areas-fourth"), "E92000001"),
		chromedp.SetValue(chromedp.CSS("#measures-second"), "cpp"), chromedp.Click(chromedp.CSS(".bw-side button")))
	arrive(t, ctx, "areas=E92000001")
	see(t, ctx, "Middlesbrough, Blackpool and England side by side")
	see(t, ctx, "Child protection plans: rate per 10,000, 31 March 2025")
	for _, width := range []int64{360, 1280} {
		do(t, ctx, chromedp.EmulateViewport(width, 800))
		noSideways(t, ctx)
		picture(t, ctx, fmt.Sprintf("compare-no-script-%d", width))
	}
}

// A page of one's own is gathered with the form, wide and narrow.
func TestJourneyOwnPage(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/build"))
	see(t, ctx, "Nothing yet")
	look(t, ctx, "build-empty")
	for _, c := range [][2]string{{"cla", "trend"}, {"cpp", "neighbour-table"}} {
		do(t, ctx, chromedp.WaitVisible(chromedp.CSS("#your-panels")))
		run(t, ctx, chromedp.Evaluate[any](`document.querySelector('#your-panels').open = true, 0`))
		do(t, ctx, chromedp.SetValue(chromedp.CSS("#add-measure"), c[0]), chromedp.SetValue(chromedp.CSS("#add-kind"), c[1]), chromedp.Click(chromedp.CSS(".bw-own form button")))
		arrive(t, ctx, "panel="+c[0]+"-"+c[1])
	}
	see(t, ctx, "Child protection plans: the neighbours of Middlesbrough")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#area"), "E08000035"))
	arrive(t, ctx, "area=E08000035")
	see(t, ctx, "Child protection plans: the neighbours of Leeds")
	look(t, ctx, "build")
}
