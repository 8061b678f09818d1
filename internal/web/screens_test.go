package web_test

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// screens are the pages whose pictures stand in docs/screens, by the name of
// the picture: of published figures alone, then with the sample return.
var screens, screensWithReturn = map[string]string{
	"glance": "/", "dashboards": "/dashboards", "looked-after": "/dashboards/looked-after", "measures": "/measures", "measure": "/measures/cla",
	"measure-counts": "/measures/cpp?show=count&from=2018", "neighbours": "/measures/cla/neighbours?highlight=805", "authorities": "/measures/cla/authorities",
	"compare": "/compare?areas=806,805,807,E92000001&measures=cla,cpp", "build": "/build?panel=cla-headline&panel=cpp-trend&panel=cin-neighbours&title=For+the+panel",
	"since": "/since?meeting=2024-06-03", "search": "/search?q=protection", "history": "/measures/cin/history?area=806&period=2023", "council": "/council", "group": "/groups/new",
	"methods": "/about/methods", "glossary": "/about/glossary", "accessibility": "/about/accessibility", "not-found": "/nothing", "wrong-choice": "/compare?areas=806,805,807,808,383",
}, map[string]string{
	"glance-month": "/", "measure-month": "/measures/cla", "measure-breakdowns": "/measures/cpp", "scorecard": "/dashboards/corporate-parenting", "leadership": "/dashboards/leadership-team?cadence=month",
	"imports": "/imports", "import": "/imports/1",
}

// make screenshots: each page at 1280 and at 360 pixels, in the folder that
// BELLWETHER_SCREENS names.
func TestScreens(t *testing.T) {
	dir := os.Getenv("BELLWETHER_SCREENS")
	if dir == "" {
		t.Skip("make screenshots takes the pictures")
	}
	s, server, ctx := open(t, "404 (Not Found)", "400 (Bad Request)", "422 (Unprocessable Entity)")
	take := func(name string) {
		t.Helper()
		for _, width := range []int64{1280, 360} {
			do(t, ctx, chromedp.EmulateViewport(width, 800))
			time.Sleep(600 * time.Millisecond) // the charts come alive
			data := fewColours(t, run(t, ctx, chromedp.FullScreenshot(100)))
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, width)), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	tour := func(pages map[string]string) {
		for _, name := range slices.Sorted(maps.Keys(pages)) {
			do(t, ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(server.URL+pages[name]), chromedp.WaitVisible(chromedp.CSS("main")))
			take(name)
		}
	}
	s.post("/meetings", "date", "2024-06-03", "name", "Scrutiny panel").location()
	tour(screens)
	drop(t, ctx, server, sampleFile(t, "monthly-return.xlsx"))
	see(t, ctx, "Import these figures")
	take("preview")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/confirm"] button`)))
	see(t, ctx, "Measures that show figures of this file")
	s.imported(sampleFile(t, "breakdowns.csv"))
	tour(screensWithReturn)
	drop(t, ctx, server, file{"october.csv", tidy("31/10/2026,Children looked after,many,", "someday,Children looked after,-3,")})
	see(t, ctx, "Nothing of it was stored")
	take("refused")
}

// tallest is how many pixels of a page a picture shows.
const tallest = 2200

// fewColours is a picture with the colours that it has most of, which are nearly
// all there are: a quarter of the bytes.
func fewColours(t *testing.T, data []byte) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds()
	size.Max.Y = min(size.Max.Y, tallest)
	counts := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(img.At(x, y)).(color.RGBA) }
	for y := range size.Max.Y {
		for x := range size.Max.X {
			counts[at(x, y)]++
		}
	}
	common := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int { return cmp.Compare(counts[b], counts[a]) })
	var palette color.Palette
	for _, c := range common[:min(len(common), 16)] {
		palette = append(palette, c)
	}
	nearest := map[color.RGBA]uint8{}
	for _, c := range common {
		nearest[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(size, palette)
	for y := range size.Max.Y {
		for x := range size.Max.X {
			out.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
