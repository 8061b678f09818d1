package web_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bellwether/internal/stat"
	"bellwether/internal/web"
)

// screens are the pages whose pictures stand in docs/screens, by the name of
// the picture: of published figures alone, then with the sample return, which
// has been signed off.
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
// BELLWETHER_SCREENS names. Each part can be taken by itself:
// -run TestScreens/reports.
func TestScreens(t *testing.T) {
	if os.Getenv("BELLWETHER_SCREENS") == "" {
		t.Skip("make screenshots takes the pictures")
	}
	t.Run("figures", figureScreens)
	t.Run("reports", reportScreens)
	t.Run("offices", officeScreens)
	t.Run("public", publicScreens)
}

// camera takes the pictures of one tab.
type camera struct {
	*testing.T
	ctx    context.Context
	server *httptest.Server
}

// take keeps the page as it stands.
func (c camera) take(name string) {
	c.Helper()
	for _, width := range []int64{1280, 360} {
		do(c.T, c.ctx, chromedp.EmulateViewport(width, 800))
		time.Sleep(600 * time.Millisecond) // the charts come alive
		data := fewColours(c.T, run(c.T, c.ctx, chromedp.FullScreenshot(100)))
		if err := os.WriteFile(filepath.Join(os.Getenv("BELLWETHER_SCREENS"), fmt.Sprintf("%s-%d.png", name, width)), data, 0o644); err != nil {
			c.Fatal(err)
		}
	}
}

// tour goes to pages, by the names of their pictures.
func (c camera) tour(pages map[string]string) {
	c.Helper()
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		do(c.T, c.ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(c.server.URL+pages[name]), chromedp.WaitVisible(chromedp.CSS("main")))
		c.take(name)
	}
}

// figureScreens are the pages of figures, and those of a file on its way in.
func figureScreens(t *testing.T) {
	s, server, ctx := open(t, "404 (Not Found)", "400 (Bad Request)", "422 (Unprocessable Entity)")
	c := camera{t, ctx, server}
	s.post("/meetings", "date", "2024-06-03", "name", "Scrutiny panel").location()
	c.tour(screens)
	drop(t, ctx, server, sampleFile(t, "monthly-return.xlsx"))
	see(t, ctx, "Import these figures")
	c.take("preview")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/confirm"] button`)))
	see(t, ctx, "Measures that show figures of this file")
	c.take("import-draft")
	s.signedOff(s.get(strings.TrimPrefix(run(t, ctx, chromedp.Location()), server.URL)))
	s.signedOff(s.imported(sampleFile(t, "breakdowns.csv")))
	c.tour(screensWithReturn)
	drop(t, ctx, server, file{"october.csv", tidy("31/10/2026,Children looked after,many,", "someday,Children looked after,-3,")})
	see(t, ctx, "Nothing of it was stored")
	c.take("refused")
	unknown, _ := s.upload(frontDoor(t))
	c.tour(map[string]string{"columns": unknown + "/columns?sheet=1"})
}

// reportScreens are a report from its draft, with a remark to check and an open
// question, to its issue.
func reportScreens(t *testing.T) {
	s, server, ctx := open(t)
	const report = "/reports/council?area=806&as-of=2026-09-30&dated=2026-10-21&by=Councillor+Jones"
	s.remark(report, "Fostering and Adoption", "Forty carers were approved.")
	at := s.issue(strings.Replace(report, "?", "/issue?", 1))
	s.remark(report, "Early Help", "The number of children looked after is rising.")
	s.post(strings.Replace(report, "?", "/questions?", 1), "text", "Why are we above our neighbours?", "meeting", "3 June 2026", "measure", "cla").location()
	camera{t, ctx, server}.tour(map[string]string{
		"reports": "/reports", "report": report, "report-briefing": strings.Replace(report, "?", "/briefing?", 1), "report-issued": at,
	})
}

// remark writes below a heading of a report.
func (s *site) remark(report, head, text string) {
	s.Helper()
	s.post(strings.Replace(report, "?", "/commentary?", 1), "head", head, "text", text).location()
}

// officeScreens are the door, what somebody sees of themselves, and what an
// administrator looks after.
func officeScreens(t *testing.T) {
	s := newSite(t)
	const folder = "backups" // here: the page shows its path
	t.Cleanup(func() { os.RemoveAll(folder) })
	s.reconfigured(web.Config{Backups: folder})
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	s.change(s.person("analyst", stat.Administrator), func(p *stat.Person) { p.Title = "Kim Brown" })
	for _, p := range []stat.Person{{Title: "Jo Smith", Name: "jo.smith", Role: stat.Analyst}, {Title: "Al Jones", Name: "al.jones", Role: stat.Publisher}, {Title: "Sam Lee", Name: "sam.lee", Role: stat.Viewer}} {
		s.post("/people", "title", p.Title, "name", p.Name, "role", string(p.Role)).location()
	}
	s.signedOff(s.imported(sampleFile(t, "monthly-return.xlsx")))
	s.post("/safekeeping/backup").location()
	camera{t, tab(t), server}.tour(map[string]string{"sign-in": "/sign-in"})
	camera{t, s.tab(t, server), server}.tour(map[string]string{
		"account": "/account", "people": "/people", "settings": "/settings", "audit": "/audit?who=Kim+Brown", "safekeeping": "/safekeeping",
	})
}

// publicScreens are a measure's page as who has not signed in sees it, with
// small counts masked.
func publicScreens(t *testing.T) {
	s, server := served(t)
	s.settle(stat.Settings{Public: true, Threshold: 5})
	var rows []string
	for i, n := range []int{14, 12, 9, 11, 8, 4, 6, 7, 3} {
		rows = append(rows, fmt.Sprintf("%s,Unaccompanied asylum-seeking children,%d,", stat.Date{Year: 2026, Month: time.January + time.Month(i), Day: 1}.MonthEnd(), n))
	}
	s.signedOff(s.imported(file{"uasc.csv", tidy(rows...)}))
	camera{t, tab(t), server}.tour(map[string]string{"public": "/measures/uasc"})
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
