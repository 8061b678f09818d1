package web_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// kinds are pages of every kind there is that needs nothing but figures.
var kinds = []string{"/", "/dashboards", "/dashboards/workforce", "/dashboards/scorecard", "/measures", "/measures/cla", "/measures/referrals?show=count",
	"/measures/cla/neighbours", "/measures/cla/authorities", "/measures/cin/history?area=806&period=2023", "/since", "/search?q=care",
	"/reports", "/reports/council", "/reports/council/briefing", "/reports/council/issue", "/imports", "/imports/1", "/council", "/groups/new", "/about/accessibility", "/about/methods", "/about/glossary", "/nothing", "/?area=Atlantis"}

// media makes the page believe in a medium and in features of it, given as
// names and values in turn.
func media(medium string, features ...string) chromedp.Action[chromedp.Void] {
	p := emulation.SetEmulatedMediaParams{Media: medium}
	for i := 0; i+1 < len(features); i += 2 {
		p.Features = append(p.Features, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, p)
		return err
	})
}

// wrongs runs a script that lists what is wrong.
func wrongs(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	for _, wrong := range run(t, ctx, chromedp.Evaluate[[]string](script)) {
		t.Errorf("%s: %s", run(t, ctx, chromedp.Location()), wrong)
	}
}

// Magnified to 400%, a window of 1280 pixels has room for 320: only a table may
// be wider (WCAG 1.4.10), and nothing is cut off.
func TestMagnified(t *testing.T) {
	s, server := served(t)
	ctx := s.tab(t, server, "404 (Not Found)")
	do(t, ctx, chromedp.EmulateViewport(320, 256))
	for _, path := range kinds {
		do(t, ctx, chromedp.Navigate(server.URL+path), chromedp.WaitVisible(chromedp.CSS("main")))
		noSideways(t, ctx)
		wrongs(t, ctx, `[...document.querySelectorAll('main *, header *, footer *')]
			.filter(e => e.checkVisibility() && !e.closest('.bw-tablewrap, .bw-report__scroll, .govuk-visually-hidden, svg') && !e.closest('.bw-selection--auto .bw-selection__submit'))
			.filter(e => { const r = e.getBoundingClientRect(); return r.width > 1 && (r.right > 321 || r.left < -1) })
			.slice(0, 5).map(e => e.tagName + '.' + e.className + ' reaches ' + Math.round(e.getBoundingClientRect().right) + ' of 320')`)
	}
}

// Whoever asks for less motion gets none.
func TestReducedMotion(t *testing.T) {
	s, server := served(t)
	ctx := s.tab(t, server)
	do(t, ctx, media("", "prefers-reduced-motion", "reduce"))
	for _, path := range []string{"/", "/measures/cla", "/imports"} {
		do(t, ctx, chromedp.Navigate(server.URL+path), chromedp.WaitVisible(chromedp.CSS("main")))
		wrongs(t, ctx, `[...document.querySelectorAll('*')]
			.filter(e => { const s = getComputedStyle(e); return s.animationName !== 'none' || (s.transitionProperty !== 'none' && s.transitionDuration.split(',').some(d => parseFloat(d) > 0)) || s.scrollBehavior === 'smooth' })
			.slice(0, 5).map(e => e.tagName + '.' + e.className + ' moves')`)
	}
}

// In colours of the reader's own, what is chosen and what has the focus can
// be told, and lines are there.
func TestForcedColours(t *testing.T) {
	s, server := served(t)
	ctx := s.tab(t, server)
	do(t, ctx, media("", "forced-colors", "active"), chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+"/"), chromedp.WaitVisible(chromedp.CSS("main")))
	wrongs(t, ctx, `(() => {
		const wrong = [], back = getComputedStyle(document.body).backgroundColor, style = s => getComputedStyle(document.querySelector(s));
		if (!matchMedia('(forced-colors: active)').matches) wrong.push('colours are not forced');
		if (style('.bw-nav [aria-current]').borderBottomColor === style('.bw-nav a:not([aria-current])').borderBottomColor) wrong.push('the current page is not marked');
		if (style('.bw-spark path').stroke === back) wrong.push('a small trend cannot be seen');
		for (const s of ['.bw-nav a', '.bw-search__words', '.bw-search__go', '.bw-selection select', '.bw-more__title']) {
			document.querySelector(s).focus({ focusVisible: true });
			const f = getComputedStyle(document.activeElement);
			if (f.outlineStyle === 'none' || parseFloat(f.outlineWidth) < 2 || f.outlineColor === back) wrong.push(s + ' has no outline when it has the focus');
		}
		return wrong;
	})()`)
	picture(t, ctx, "overview-forced-colours")
}

// The Tab key goes through the whole page, and where it stands can be seen.
func TestFocusVisible(t *testing.T) {
	s, server := served(t)
	for _, path := range []string{"/", "/measures/cla", "/imports", "/council"} {
		t.Run(path, func(t *testing.T) {
			ctx := s.tab(t, server)
			do(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+path), chromedp.WaitVisible(chromedp.CSS("main")))
			time.Sleep(400 * time.Millisecond) // the charts come alive
			total := run(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled).length`))
			seen := 0
			for range total + 5 {
				do(t, ctx, chromedp.KeyEvent("\t"))
				at := run(t, ctx, chromedp.Evaluate[string](focusState))
				if at == "end" {
					break
				}
				if seen++; at != "" {
					t.Errorf("stop %d: %s", seen, at)
				}
			}
			if seen < total*9/10 {
				t.Errorf("the Tab key stops at %d of %d", seen, total)
			}
		})
	}
}

// focusState says what is wrong with the element that has the focus.
const focusState = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return 'end';
	const s = getComputedStyle(e), r = e.getBoundingClientRect();
	const name = e.tagName + '.' + e.className + ' "' + (e.textContent || e.name || '').trim().slice(0, 40) + '"';
	const ringed = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none' || getComputedStyle(e, '::before').boxShadow !== 'none';
	if (!ringed) return name + ' does not show the focus';
	if (r.width < 1 || r.height < 1 || r.bottom < 0 || r.top > innerHeight) return name + ' is out of sight';
	return '';
})()`

// The skip link is the first stop and leads past the navigation.
func TestSkipLink(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/"), chromedp.WaitVisible(chromedp.CSS("main")), chromedp.KeyEvent("\t"))
	if got := run(t, ctx, chromedp.Evaluate[string](`document.activeElement.textContent`)); got != "Skip to main content" {
		t.Errorf("the first stop is %q", got)
	}
	do(t, ctx, chromedp.KeyEvent("\r"))
	if got := run(t, ctx, chromedp.Evaluate[string](`document.activeElement.id`)); got != "main-content" {
		t.Errorf("it leads to %q", got)
	}
}

// On a phone the navigation opens without a script.
func TestMenuWithoutScript(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, noScript, chromedp.EmulateViewport(360, 740), chromedp.Navigate(server.URL+"/?area=Leeds"), chromedp.WaitVisible(chromedp.CSS("main")))
	shown := `document.querySelectorAll(".bw-nav")[0].checkVisibility() + " " + document.querySelector(".bw-menu__list").checkVisibility({contentVisibilityAuto: true})`
	if got := run(t, ctx, chromedp.Evaluate[string](shown)); got != "false false" {
		t.Errorf("the row and the menu can be seen before it opens: %s", got)
	}
	picture(t, ctx, "menu-closed")
	do(t, ctx, chromedp.Click(chromedp.CSS(".bw-menu__toggle")), chromedp.WaitVisible(chromedp.CSS(".bw-menu__list")))
	picture(t, ctx, "menu-open")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.bw-menu__list a[href^="/measures"]`)))
	arrive(t, ctx, "/measures?area=E08000035")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#site-search"), "neglect"), chromedp.Click(chromedp.CSS(".bw-search__go")))
	arrive(t, ctx, "/search?q=neglect")
}

// The open menu meets WCAG too.
func TestMenuAccessible(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.EmulateViewport(360, 740), chromedp.Navigate(server.URL+"/"), chromedp.Click(chromedp.CSS(".bw-menu__toggle")), chromedp.WaitVisible(chromedp.CSS(".bw-menu__list")))
	axe(t, ctx)
	noSideways(t, ctx)
}

// Headings never skip a level, there is one of the first, and landmarks of a
// kind have names of their own.
func TestOutline(t *testing.T) {
	s := newSite(t)
	for _, path := range kinds {
		doc := s.get(path).page()
		last := 0
		for _, h := range doc.Find("h1, h2, h3, h4, h5, h6").EachIter() {
			level := int(goquery.NodeName(h)[1] - '0')
			if level > last+1 {
				t.Errorf("%s: %q is a heading of level %d below one of level %d", path, fold(h.Text()), level, last)
			}
			last = level
		}
		if n := doc.Find("h1").Length(); n != 1 {
			t.Errorf("%s: %d main headings", path, n)
		}
		names := map[string]bool{}
		for _, e := range doc.Find(`nav, section, form[role], [role="region"]`).EachIter() {
			name, _ := e.Attr("aria-label")
			if by, ok := e.Attr("aria-labelledby"); ok {
				name = fold(doc.Find("#" + by).Text())
			}
			if key := goquery.NodeName(e) + " " + name; goquery.NodeName(e) == "nav" && names[key] {
				t.Errorf("%s: two of %s", path, key)
			} else {
				names[key] = true
			}
		}
	}
}

// On paper every page is figures and words on A4, with its address and date
// below.
func TestOnPaper(t *testing.T) {
	s, server := served(t)
	for path, most := range map[string]int{"/": 3, "/measures/cla": 7, "/measures/cla/neighbours": 4, "/dashboards/workforce": 6, "/measures": 5, "/imports/1": 4, "/council": 1, "/about/methods": 8, "/since": 4, "/nothing": 1} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			ctx := s.tab(t, server, "404 (Not Found)")
			do(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+path), chromedp.WaitVisible(chromedp.CSS("main")))
			time.Sleep(300 * time.Millisecond) // the charts come alive
			paper := run(t, ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
			pages := mediaBox.FindAllSubmatch(paper, -1)
			if len(pages) == 0 || len(pages) > most {
				t.Errorf("%d pages, at most %d will do", len(pages), most)
			}
			for _, p := range pages {
				width, _ := strconv.Atoi(string(p[1]))
				height, _ := strconv.Atoi(string(p[2]))
				if a, b := min(width, height), max(width, height); a < 594 || a > 596 || b < 841 || b > 842 {
					t.Errorf("a page is %d by %d points, not A4", width, height)
				}
			}
			printed(t, server.URL, path, paper)
			do(t, ctx, media("print"))
			wrongs(t, ctx, `[...document.querySelectorAll('button, input, select, textarea, nav, form, .bw-actions')].filter(e => e.checkVisibility()).map(e => e.tagName + '.' + e.className + ' is on paper')`)
			wrongs(t, ctx, `[...document.querySelectorAll('figure svg, .bw-card, tr')].filter(e => e.checkVisibility() && getComputedStyle(e).breakInside !== 'avoid').slice(0, 3).map(e => e.tagName + '.' + (e.className.baseVal ?? e.className) + ' may be cut in two')`)
		})
	}
}

var mediaBox = regexp.MustCompile(`/MediaBox \[0 0 (\d+)(?:\.\d+)? (\d+)`)

// printed checks the words on paper, where they can be got out of it, and
// keeps the paper beside the pictures.
func printed(t *testing.T, host, path string, paper []byte) {
	t.Helper()
	dir := os.Getenv("BELLWETHER_PICTURES")
	if dir == "" {
		dir = t.TempDir()
	}
	file := filepath.Join(dir, strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace("paper"+path), "-")+".pdf")
	if err := os.WriteFile(file, paper, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Logf("what is on paper is not read: %v", err)
		return
	}
	words := fold(string(text))
	for _, want := range []string{"Bellwether, Middlesbrough. 21 November 2026.", host + path, "Page 1 of "} {
		if !strings.Contains(words, want) && !strings.Contains(strings.ReplaceAll(words, " ", ""), want) {
			t.Errorf("the paper does not say %q: …%s", want, words[max(0, len(words)-400):])
		}
	}
}

// The page says what is wrong and where to go, whatever is wrong.
func TestErrorPages(t *testing.T) {
	s := newSite(t)
	s.server.Break("/broken")
	for path, c := range map[string]struct {
		status int
		says   string
	}{
		"/nothing":                    {http.StatusNotFound, "Page not found"},
		"/measures/nothing":           {http.StatusNotFound, "Page not found"},
		"/?area=Atlantis":             {http.StatusNotFound, "Area not found"},
		"/?neighbours=1066":           {http.StatusBadRequest, "That choice does not work"},
		"/?from=2020&to=2015":         {http.StatusBadRequest, "give the earlier year first"},
		"/measures/cla.svg?chart=pie": {http.StatusNotFound, "no such chart"},
		"/broken":                     {http.StatusInternalServerError, "Sorry, there is a problem"},
	} {
		page := s.get(path).want(c.status)
		page.says(c.says)
		if n := page.page().Find(`main a[href="/"], main a[href="/measures"], main a[href="/search"]`).Length(); n != 3 {
			t.Errorf("%s offers %d ways on", path, n)
		}
		if strings.Contains(page.text(), "inside of it") {
			t.Errorf("%s shows its inside", path)
		}
	}
	if got := fmt.Sprint(s.log); !strings.Contains(got, "the inside of it") {
		t.Error("the log does not say what broke")
	}
}
