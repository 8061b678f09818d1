package chart_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/web/assets"
)

// bundle is the built script; without it the test is skipped.
func bundle(t testing.TB) []byte {
	t.Helper()
	set, err := assets.Embedded()
	if errors.Is(err, assets.ErrNotBuilt) {
		t.Skip("charts cannot be drawn: run npm ci in internal/web/assets")
	} else if err != nil {
		t.Fatal(err)
	}
	return set.Server
}

func renderer(t testing.TB, vms int) *chart.Renderer {
	t.Helper()
	r, err := chart.NewRenderer(bundle(t), vms)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// shared is the renderer of the tests that ask nothing of its making.
func shared(t testing.TB) *chart.Renderer {
	t.Helper()
	script := bundle(t)
	once.Do(func() { common, commonErr = chart.NewRenderer(script, 2) })
	if commonErr != nil {
		t.Fatal(commonErr)
	}
	return common
}

var (
	once      sync.Once
	common    *chart.Renderer
	commonErr error
)

var widths = []int{chart.Wide, chart.Narrow}

func draw(t testing.TB, r *chart.Renderer, p dashboard.Panel, width int) []byte {
	t.Helper()
	svg, err := r.SVG(context.Background(), p, width, chart.Height(p, width))
	if err != nil {
		t.Fatal(err)
	}
	return svg
}

// A picture stands in a page under style-src 'self', names itself, and shares
// no id with another.
func TestSVG(t *testing.T) {
	r := shared(t)
	ids := map[string]bool{}
	for _, p := range panels() {
		for _, width := range widths {
			svg := draw(t, r, p, width)
			texts := check(t, p, svg, ids)
			if texts["title"] != p.Title || texts["desc"] != p.Sentence {
				t.Errorf("%s is called %q and described as %q", p.ID, texts["title"], texts["desc"])
			}
		}
	}
}

// check walks a picture and gives the text of its title and description.
func check(t *testing.T, p dashboard.Panel, svg []byte, ids map[string]bool) map[string]string {
	t.Helper()
	texts, at := map[string]string{}, ""
	for in := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return texts
		} else if err != nil {
			t.Fatalf("%s is not well formed: %v", p.ID, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			at = e.Name.Local
			if at == "text" && !setInFont(e.Attr) {
				t.Errorf("%s leaves a text's font to who shows it", p.ID)
			}
			if slices.Contains([]string{"style", "script", "foreignObject", "image"}, at) {
				t.Errorf("%s has a %s", p.ID, at)
			}
			for _, a := range e.Attr {
				checkAttribute(t, p, at, a, ids)
			}
		case xml.CharData:
			texts[at] += string(e)
		case xml.EndElement:
			at = ""
		}
	}
}

func setInFont(attrs []xml.Attr) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(attrs, func(a xml.Attr) bool { return a.Name.Local == name && a.Value != "" })
	}
	return has("font-size") && has("font-family")
}

func checkAttribute(t *testing.T, p dashboard.Panel, element string, a xml.Attr, ids map[string]bool) {
	t.Helper()
	name := a.Name.Local
	switch {
	case name == "style", name == "class", strings.HasPrefix(name, "on"), name == "dominant-baseline":
		t.Errorf("%s: <%s> has %s=%q", p.ID, element, name, a.Value)
	case element == "svg" && (name == "width" || name == "height"):
		t.Errorf("%s has a fixed %s", p.ID, name)
	case element == "svg" && name == "role" && a.Value != "img":
		t.Errorf("%s has the role %q", p.ID, a.Value)
	case name == "id":
		if ids[a.Value] || !strings.HasPrefix(a.Value, p.ID+"-") {
			t.Errorf("%s: the id %q is taken or foreign", p.ID, a.Value)
		}
		ids[a.Value] = true
	}
}

// The names of lines and bars, and their last figures, are in the picture.
func TestSVGNames(t *testing.T) {
	r := shared(t)
	for _, c := range []struct {
		panel dashboard.Panel
		width int
		want  []string
	}{
		{looked(), chart.Wide, []string{">Middlesbrough 138<", ">Neighbours&#39; mean (2025) 120.4<", ">England 67<", ">Range of the neighbours<", ">73 to 184<", ">2016<", ">2025<"}},
		{looked(), chart.Narrow, []string{">Middlesbrough<", ">138<", ">Neighbours&#39; mean (2025)<", ">120.4<", ">Range of the neighbours<", ">2025<"}},
		{growing(), chart.Wide, []string{">Middlesbrough, council&#39;s own<", ">145<"}},
		{broken(), chart.Wide, []string{">Percentage (axis does not start at zero)<", ">95%<"}},
		{monthly(), chart.Wide, []string{">Mean 221.8<", ">Upper limit 320.8<", ">Lower limit 122.7<", ">New limits: one front door for every<", ">Special cause: high<", ">Special cause: low<", ">Common cause: chance alone<", ">Latest 269<"}},
		{monthly(), chart.Narrow, []string{">Mean<", ">Control limits<", ">New limits<", ">Special cause: low<", ">269<"}},
		{quarterly(), chart.Wide, []string{">Target 95.0<", ">Mean 96.5<", ">Special cause: improvement (high)<", ">100%<"}},
		{quarterly(), chart.Narrow, []string{">Target<", ">Control limits<"}},
		{coming(), chart.Wide, []string{">Projection 131<", ">112 to 158<", ">80% range<", ">Projection kept at the time<", ">What the method would have said<", ">2028<"}},
		{coming(), chart.Narrow, []string{">131<", ">Middlesbrough<", ">80% range<"}},
		{groups(), chart.Wide, []string{">Asian or Asian British<", ">Under-represented: 0.33 times its share (0.22\u00a0to\u00a00.49)<", ">Other ethnic group\u00a0[c]<", ">14.6%<", ">Share of children looked after<", ">Share of children aged 0 to 17<"}},
		{groups(), chart.Narrow, []string{">Mixed or multiple ethnic groups<", ">7.7%<"}},
		{ten(), chart.Wide, []string{">Middlesbrough<", ">138<", ">South Tyneside [c]<", ">120.4<"}},
	} {
		svg := string(draw(t, r, c.panel, c.width))
		for _, want := range c.want {
			if !strings.Contains(svg, want) {
				t.Errorf("%s at %d lacks %s", c.panel.ID, c.width, want)
			}
		}
	}
}

// A figure that is not a number breaks the line in two.
func TestSVGGap(t *testing.T) {
	svg := string(draw(t, shared(t), broken(), chart.Wide))
	for path := range strings.SplitSeq(svg, "<path ") {
		if strings.Contains(path, `stroke="#12436D"`) && strings.Contains(path, `stroke-width="3.5"`) {
			if n := strings.Count(path[:strings.Index(path, " fill")], "M"); n != 2 {
				t.Errorf("the line is in %d pieces, want 2: %s", n, path)
			}
			return
		}
	}
	t.Error("the area's line is not there")
}

func TestSVGSameBytes(t *testing.T) {
	one, two := shared(t), renderer(t, 1)
	draw(t, two, ten(), chart.Wide) // the machines have drawn unlike numbers of charts
	for _, p := range []dashboard.Panel{growing(), ten()} {
		first := draw(t, one, p, chart.Narrow)
		if !bytes.Equal(first, draw(t, one, p, chart.Narrow)) || !bytes.Equal(first, draw(t, two, p, chart.Narrow)) {
			t.Errorf("%s is drawn differently another time", p.ID)
		}
	}
}

// No picture depends on how long its drawing takes.
func TestSVGWithoutClock(t *testing.T) {
	script := string(bundle(t)) + `;renderSVG = () => "<svg><text>" + Date.now() + +new Date() + "</text></svg>"`
	r, err := chart.NewRenderer([]byte(script), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if svg := draw(t, r, looked(), chart.Wide); !bytes.Contains(svg, []byte("<text>00</text>")) {
		t.Errorf("the script reads the clock: %s", svg)
	}
}

// What is kept is kept by all that shows: a new title is a new picture.
func TestSVGNewTitle(t *testing.T) {
	r, p := shared(t), looked()
	before := draw(t, r, p, chart.Narrow)
	p.Title = "More children looked after"
	if after := draw(t, r, p, chart.Narrow); bytes.Equal(before, after) || !bytes.Contains(after, []byte(p.Title)) {
		t.Error("the picture kept its old title")
	}
}

func TestSVGConcurrently(t *testing.T) {
	r, alone := renderer(t, 2), shared(t)
	some, want := []dashboard.Panel{growing(), ten(), monthly(), groups()}, map[string][]byte{}
	for _, p := range some {
		want[p.ID] = draw(t, alone, p, chart.Narrow)
	}
	var wg sync.WaitGroup
	for range 2 {
		for _, p := range some {
			wg.Go(func() {
				svg, err := r.SVG(context.Background(), p, chart.Narrow, chart.Height(p, chart.Narrow))
				if err != nil || !bytes.Equal(svg, want[p.ID]) {
					t.Errorf("%s among others: %v, or other bytes", p.ID, err)
				}
			})
		}
	}
	wg.Wait()
}

// Many who want a new picture at once wait for one drawing of it.
func TestSVGDrawnOnce(t *testing.T) {
	r, err := chart.NewRenderer([]byte(`var drawn = 0; var renderSVG = () => {
		for (var end = Date.now() + 50; Date.now() < end;);
		return "<svg><text>" + ++drawn + "</text></svg>" }`), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			svg, err := r.SVG(context.Background(), looked(), 300, 200)
			if err != nil || !strings.Contains(string(svg), ">1<") {
				t.Errorf("%s: %v, want the first drawing", svg, err)
			}
		})
	}
	wg.Wait()
}

// Who waits for another's drawing may give up. On a busy computer the other may
// not have begun in time, so that there was nothing to wait for.
func TestSVGWaitsNoLonger(t *testing.T) {
	r, err := chart.NewRenderer([]byte(`var renderSVG = () => {
		for (var end = Date.now() + 300; Date.now() < end;);
		return "<svg></svg>" }`), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for width := 300; ; width++ {
		drawn := make(chan error, 1)
		go func() { _, err := r.SVG(context.Background(), looked(), width, 200); drawn <- err }()
		time.Sleep(50 * time.Millisecond)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		_, gaveUp := r.SVG(ctx, looked(), width, 200)
		cancel()
		if err := <-drawn; err != nil {
			t.Errorf("who drew it has %v", err)
		}
		if errors.Is(gaveUp, context.DeadlineExceeded) {
			return
		}
		if gaveUp != nil || width == 310 {
			t.Fatalf("who gave up has %v", gaveUp)
		}
	}
}

func TestSVGErrors(t *testing.T) {
	r := renderer(t, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.SVG(ctx, looked(), 300, 200); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := r.SVG(context.Background(), dashboard.Panel{Trend: &dashboard.TrendPanel{}}, 300, 200); !errors.Is(err, chart.ErrNoFigures) {
		t.Errorf("no figures: %v", err)
	}
	r.Close()
	if _, err := r.SVG(context.Background(), looked(), 300, 200); !errors.Is(err, chart.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if _, err := chart.NewRenderer([]byte("function ("), 1); err == nil {
		t.Error("a script that does not compile is taken")
	}
}

// An engine whose script fails or answers no picture says so, and works on.
func TestSVGBadScript(t *testing.T) {
	for script, want := range map[string]string{
		`renderSVG = () => { throw new Error("no luck") }`: "no luck",
		`renderSVG = () => 7`:                              "not an SVG",
		`renderSVG = () => "<svg><g>"`:                     "cut short",
		`renderSVG = () => "<svg a='"`:                     "not XML",
		`1`:                                                "non-function",
	} {
		r, err := chart.NewRenderer([]byte("var renderSVG;"+script), 1)
		if script == "1" {
			r, err = chart.NewRenderer([]byte(script), 1)
		}
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := r.SVG(context.Background(), looked(), 300, 200); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want an error with %q", script, err, want)
			}
		}
		r.Close()
	}
}

func BenchmarkSVG(b *testing.B) {
	b.Run("kept", func(b *testing.B) {
		r, p := renderer(b, 1), growing()
		for b.Loop() {
			draw(b, r, p, chart.Wide)
		}
	})
	b.Run("drawn", func(b *testing.B) {
		r, p := renderer(b, 1), growing()
		for i := 0; b.Loop(); i++ {
			draw(b, r, p, chart.Wide+i)
		}
	})
}
