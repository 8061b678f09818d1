package web_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bellwether/internal/workbook"
)

// One journey for each person Bellwether is for; the analyst's, from upload to
// scorecard, is TestJourneyScorecard.

// script lets JavaScript run again in a page that has loaded without it.
var script = chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{})
	return err
})

// clipped lists what has words that its own box cuts off.
const clipped = `[...document.querySelectorAll('main *, header *, footer *')]
	.filter(e => e.checkVisibility() && e.children.length === 0 && e.textContent.trim() && !e.closest('.govuk-visually-hidden, svg, option, .bw-tablewrap'))
	.filter(e => { const s = getComputedStyle(e); return s.overflowX !== 'visible' && s.display !== 'inline' && e.scrollWidth > e.clientWidth + 1 })
	.slice(0, 5).map(e => e.tagName + '.' + e.className + ' cuts off "' + e.textContent.trim().slice(0, 40) + '"')`

// small lists charts whose writing is below twelve pixels as it is shown.
const small = `[...document.querySelectorAll('main figure svg text')].filter(e => e.checkVisibility() && e.textContent.trim() && e.getBoundingClientRect().height > 0)
	.filter(e => { const svg = e.ownerSVGElement, scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width; return parseFloat(getComputedStyle(e).fontSize) * scale < 10 })
	.slice(0, 3).map(e => '"' + e.textContent + '" is written too small to read')`

// A member of the scrutiny panel reads on a phone before the meeting, without
// JavaScript: what there is, what moved, how it looks, what the words mean.
func TestPersonMember(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, noScript, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), chromedp.Navigate(server.URL+"/"))
	read := func(name string, words ...string) {
		t.Helper()
		for _, w := range words {
			see(t, ctx, w)
		}
		if run(t, ctx, chromedp.Evaluate[bool](`document.body.classList.contains('js-enabled')`)) {
			t.Error("JavaScript is on")
		}
		noSideways(t, ctx)
		wrongs(t, ctx, clipped)
		wrongs(t, ctx, small)
		do(t, ctx, script) // axe waits for timers; the page's own scripts stay unrun
		axe(t, ctx)
		do(t, ctx, noScript)
		picture(t, ctx, "member-"+name)
	}
	read("glance", "Middlesbrough", "Children looked after", "138", "31 March 2025", "neighbours")
	if n := run(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll('main [hidden], main button')].filter(e => e.checkVisibility() && e.type === 'button').length`)); n != 0 {
		t.Errorf("%d buttons do nothing without a script", n)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS(".bw-menu__toggle")), chromedp.WaitVisible(chromedp.CSS(".bw-menu__list")),
		chromedp.Click(chromedp.CSS(`.bw-menu__list a[href^="/since"]`)))
	arrive(t, ctx, "/since")
	do(t, ctx, chromedp.Navigate(server.URL+"/since?meeting=2024-06-03"))
	read("since", "3 June 2024", "Children looked after", "more than chance explains")
	do(t, ctx, chromedp.Navigate(server.URL+"/"), chromedp.Click(chromedp.CSS(`.bw-card a[href^="/measures/cla"]`)))
	arrive(t, ctx, "/measures/cla")
	read("measure", "95% interval", "Middlesbrough")
	if got := run(t, ctx, chromedp.Evaluate[string](`document.querySelector('.bw-chart__wide').checkVisibility() + ' ' + document.querySelector('.bw-chart__narrow svg').checkVisibility()`)); got != "false true" {
		t.Errorf("the chart for wide windows and the one for phones show: %s", got)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("#cla-trend .bw-chart__table summary")))
	read("table", "31 March 2016")
	do(t, ctx, chromedp.Click(chromedp.CSS(`footer a[href="/about/glossary"]`)))
	read("glossary", "Rate per 10,000")
}

// tabTo presses the Tab key until what has the focus matches the selector.
func tabTo(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	for range 250 {
		do(t, ctx, chromedp.KeyEvent("\t"))
		if run(t, ctx, chromedp.Evaluate[bool](fmt.Sprintf("document.activeElement.matches(%q)", selector))) {
			wrongs(t, ctx, `[`+focusState+`].filter(Boolean)`)
			return
		}
	}
	t.Fatalf("the Tab key does not come to %s", selector)
}

func press(t *testing.T, ctx context.Context, keys ...string) {
	t.Helper()
	for _, k := range keys {
		do(t, ctx, chromedp.KeyEvent(k))
	}
}

// A member of the panel compares neighbours by keyboard alone, charts included.
func TestPersonKeyboard(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+"/"), chromedp.WaitVisible(chromedp.CSS("main")))
	tabTo(t, ctx, `.bw-nav a[href^="/measures"]`)
	press(t, ctx, kb.Enter)
	see(t, ctx, "Children looked after")
	tabTo(t, ctx, `main a[href^="/measures/cla?"]`)
	press(t, ctx, kb.Enter)
	arrive(t, ctx, "/measures/cla?")
	see(t, ctx, "95% interval")
	tabTo(t, ctx, `.bw-tabs a[href*="/neighbours"]`)
	press(t, ctx, kb.Enter)
	arrive(t, ctx, "/neighbours")
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS("#cla-neighbours .bw-chart__live svg")))

	tabTo(t, ctx, "#cla-neighbours .bw-chart__live")
	status := func() string {
		return run(t, ctx, chromedp.Evaluate[string](`document.querySelector('#cla-neighbours [role="status"]').textContent`))
	}
	press(t, ctx, kb.Home)
	first := status()
	press(t, ctx, kb.ArrowDown)
	second := status()
	if !strings.Contains(first, ": ") || !strings.ContainsAny(first, "0123456789") || first == second {
		t.Errorf("the chart says %q, then %q", first, second)
	}
	press(t, ctx, kb.Enter)
	who, _, _ := strings.Cut(second, ": ")
	if got := status(); got != who+" marked" {
		t.Errorf("Enter on %q says %q", second, got)
	}
	see(t, ctx, "Marked: "+who)
	arrive(t, ctx, "highlight=")
	look(t, ctx, "keyboard-marked")
	do(t, ctx, chromedp.EmulateViewport(1280, 900))

	tabTo(t, ctx, "summary")
	open := `document.activeElement.parentElement.open`
	before := run(t, ctx, chromedp.Evaluate[bool](open))
	press(t, ctx, " ")
	if run(t, ctx, chromedp.Evaluate[bool](open)) == before {
		t.Error("the table beside the chart does not open by keyboard")
	}
	tabTo(t, ctx, `th[data-column="number"] button`)
	press(t, ctx, kb.Enter)
	arrive(t, ctx, "sort=number")
	checkOrder(t, cells(t, ctx, "number"), "number", false)

	do(t, ctx, chromedp.Reload())
	tabTo(t, ctx, "#neighbours")
	press(t, ctx, kb.ArrowDown)
	arrive(t, ctx, "neighbours=2021")
	see(t, ctx, "neighbours in the 2021 model")
}

// downloads keeps files that the page saves, and gives a function that waits
// for the next one.
func downloads(t *testing.T, ctx context.Context) (next func() (name string, data []byte)) {
	t.Helper()
	dir := t.TempDir()
	begun, progress := chromedp.Events(ctx, browser.DownloadWillBegin), chromedp.Events(ctx, browser.DownloadProgress)
	yes := true
	do(t, ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: dir, EventsEnabled: &yes,
			BrowserContextID: chromedp.FromContext(ctx).BrowserContextID})
		return err
	}))
	done := make(chan error, 10)
	names := make(chan [2]string, 10)
	go func() {
		for ev, err := range begun {
			if err != nil {
				return
			}
			names <- [2]string{ev.GUID, ev.SuggestedFilename}
		}
	}()
	go func() {
		for ev, err := range progress {
			switch {
			case err != nil:
				return
			case ev.State == browser.DownloadProgressStateCompleted:
				done <- nil
			case ev.State == browser.DownloadProgressStateCanceled:
				done <- errors.New("the download broke off")
			}
		}
	}()
	return func() (string, []byte) {
		t.Helper()
		name := <-names
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%s does not arrive", name[1])
		}
		data, err := os.ReadFile(filepath.Join(dir, name[0]))
		if err != nil {
			t.Fatal(err)
		}
		return name[1], data
	}
}

// A report writer takes a chart away as a table, a workbook, a drawing and a
// picture, each with the same figure, and prints the page.
func TestPersonWriter(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 900))
	next := downloads(t, ctx)
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"), chromedp.WaitVisible(chromedp.CSS("#cla-trend [data-png]")))
	take := func(selector string) []byte {
		t.Helper()
		do(t, ctx, chromedp.Click(chromedp.CSS("#cla-trend "+selector)))
		name, data := next()
		if !strings.Contains(name, "cla") || !strings.Contains(name, "806") {
			t.Errorf("%s is saved as %q, which does not say what it is", selector, name)
		}
		return data
	}
	rows, err := csv.NewReader(bytes.NewReader(take(`a[href*=".csv"]`))).ReadAll()
	if err != nil || !slices.ContainsFunc(rows, func(row []string) bool { return slices.Contains(row, "138") }) {
		t.Errorf("the CSV has not the figure 138: %v, %v", rows, err)
	}
	book, err := workbook.Open("cla.xlsx", take(`a[href*=".xlsx"]`), workbook.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if !holds(t, book, 138) {
		t.Error("the workbook has not the figure 138")
	}
	checkDrawing(t, take(`a[href*=".svg"]`))
	checkPicture(t, take("[data-png]"))

	paper := run(t, ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if pages := mediaBox.FindAllSubmatch(paper, -1); len(pages) == 0 || len(pages) > 8 {
		t.Errorf("printed, the page is %d pages", len(pages))
	}
	if _, err := exec.LookPath("pdftotext"); err == nil {
		printed(t, server.URL, "/measures/cla", paper)
	}
}

// holds reports whether a number stands as a number on any sheet.
func holds(t *testing.T, book *workbook.Book, number float64) bool {
	t.Helper()
	for at := range book.Sheets {
		for row, err := range book.Rows(at) {
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range row.Cells {
				if c.Kind == workbook.Number && c.Number == number {
					return true
				}
			}
		}
	}
	return false
}

// checkDrawing holds a drawing to being one that says in words what it shows.
func checkDrawing(t *testing.T, data []byte) {
	t.Helper()
	texts := map[string]string{}
	var at string
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the SVG does not parse: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			at = token.Name.Local
		case xml.CharData:
			texts[at] += string(token)
		}
	}
	if !strings.Contains(texts["title"]+texts["desc"], "ooked after") || !strings.Contains(texts["text"], "138") {
		t.Errorf("the drawing says %q, %q and %q", texts["title"], texts["desc"], texts["text"])
	}
}

// checkPicture holds a picture to being large enough for print and drawn on.
func checkPicture(t *testing.T, data []byte) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds().Size()
	if size.X < 1800 || size.Y < 600 {
		t.Errorf("the picture is %v pixels", size)
	}
	blue := 0
	for y := range size.Y {
		for x := range size.X {
			if r, g, b, _ := img.At(x, y).RGBA(); r>>8 == 0x12 && g>>8 == 0x43 && b>>8 == 0x6d {
				blue++
			}
		}
	}
	if blue < 500 {
		t.Errorf("the council's line has %d pixels in the picture", blue)
	}
}
