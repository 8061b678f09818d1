package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/workbook"
	"bellwether/internal/ziptest"
)

// plainSVG stands for what draws charts.
func plainSVG(p dashboard.Panel) ([]byte, error) {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>` + p.ID + `</title></svg>`), nil
}

func must(t *testing.T) func([]byte, error) []byte {
	return func(data []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func TestReportInWord(t *testing.T) {
	ok := must(t)
	golden(t, "report-made.txt", said(t, ok(report.DOCX(made(0), nil))))
	golden(t, "report-briefing.txt", said(t, ok(report.BriefingDOCX(made(0), nil))))
	issued := said(t, ok(report.DOCX(made(7), nil)))
	if strings.Contains(issued, "DRAFT") || strings.Contains(issued, "To be written.") || strings.Contains(issued, "Youth Justice") {
		t.Error("an issue has what only a draft has")
	}
	content, err := made(7).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	if want := "Issue 7, " + hex.EncodeToString(sum[:])[:12]; strings.Count(issued, want) != 1 || !strings.Contains(issued, "footer: Middlesbrough. Report of 19 October 2016, figures as of 26 September 2016. "+want) {
		t.Errorf("the footer does not say %s", want)
	}
	house := zipped(t, houseParts())
	if got := sound(t, ok(report.DOCX(made(7), house)))["word/document.xml"]; !strings.Contains(got, "412 (128.89 per 10,000)") {
		t.Error("in the council's template the report says something else")
	}
	var fault *workbook.Fault
	if _, err := report.DOCX(made(7), []byte("no template")); !errors.As(err, &fault) {
		t.Errorf("a template that is none: %v", err)
	}
}

func TestReportOnAPage(t *testing.T) {
	page := must(t)(report.HTML(made(0), plainSVG))
	golden(t, "report-made.html", string(page))
	checkPage(t, page)
	doc := read(t, page)
	css := doc.Find("style").Text()
	sum := sha256.Sum256([]byte(css))
	if policy := doc.Find(`meta[http-equiv="Content-Security-Policy"]`).AttrOr("content", ""); !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Errorf("the policy %q does not let the page's own style in", policy)
	}
	if got := doc.Find("img").Length(); got != 5 {
		t.Errorf("%d pictures of 5 charts", got)
	}
	body := string(must(t)(report.Body(made(7), plainSVG)))
	if strings.Contains(body, "<h1") || strings.Contains(body, "bw-report__draft") || strings.Contains(body, "<style") || !strings.Contains(body, `<h2 class="bw-report__title">`) {
		t.Error("the article of an issue is not one")
	}
	if without := string(must(t)(report.Body(made(7), nil))); strings.Contains(without, "<img") || !strings.Contains(without, "Children looked after: falling. =It fell.") {
		t.Error("where nothing is drawn the words of a chart are missing")
	}
	if _, err := report.Body(made(7), func(dashboard.Panel) ([]byte, error) { return nil, errors.New("no pen") }); err == nil || !strings.Contains(err.Error(), "no pen") {
		t.Errorf("a chart that cannot be drawn: %v", err)
	}
	checkPage(t, must(t)(report.BriefingHTML(made(0))))
	if b := string(must(t)(report.BriefingBody(made(0)))); !strings.Contains(b, "Asked at the meeting of 13 July 2016.") {
		t.Error("the briefing does not say what was left open")
	}
}

func read(t *testing.T, page []byte) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// checkPage looks for what a strict policy or a screen reader would miss.
func checkPage(t *testing.T, page []byte) {
	t.Helper()
	doc := read(t, page)
	if doc.Find("script, [style], [onclick], link, iframe").Length() > 0 {
		t.Error("the page has a script, a style attribute or a link to a file")
	}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, name := range []string{"src", "href"} {
			if to, ok := s.Attr(name); ok && !strings.HasPrefix(to, "data:image/svg+xml;base64,") && !strings.HasPrefix(to, "https://") {
				t.Errorf("%s leads to %s", goquery.NodeName(s), to)
			}
		}
	})
	level := 0
	doc.Find("h1,h2,h3,h4,h5").Each(func(_ int, s *goquery.Selection) {
		n := int(goquery.NodeName(s)[1] - '0')
		if n > level+1 || strings.TrimSpace(s.Text()) == "" {
			t.Errorf("heading %q of level %d below one of level %d", s.Text(), n, level)
		}
		level = n
	})
	doc.Find("img").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("alt", "") == "" {
			t.Error("a picture has no alternative text")
		}
	})
	doc.Find("table").Each(func(i int, s *goquery.Selection) {
		if s.Find("caption").Length() != 1 || s.Find("thead th[scope=col]").Length() == 0 {
			t.Errorf("table %d has no caption or no heads", i+1)
		}
		columns := s.Find("thead th").Length()
		s.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
			if cells := row.Find("td, th").Length(); cells != columns && row.Find("th[colspan]").Length() == 0 {
				t.Errorf("table %d: a row of %d cells below %d heads", i+1, cells, columns)
			}
		})
	})
	if title := doc.Find("title").Text(); title == "" || doc.Find("html").AttrOr("lang", "") != "en-GB" {
		t.Error("the page has no title or language")
	}
}

// The page numbers its paragraphs as Word does.
func TestReportPagesAgree(t *testing.T) {
	word := said(t, must(t)(report.DOCX(made(0), nil)))
	var want []string
	number, letter := 0, 0
	for line := range strings.Lines(word) {
		text, found := strings.CutPrefix(strings.TrimSpace(line), "[ReportNumber] ")
		if !found {
			continue
		}
		if strings.HasSuffix(text, "from 394 to 412.") || strings.Contains(text, "chance could explain it.") || strings.HasPrefix(text, "\u201cnumbers") {
			letter++
			want = append(want, fmt.Sprintf("(%c) %s", 'a'+letter-1, text))
			continue
		}
		number, letter = number+1, 0
		want = append(want, fmt.Sprintf("%d. %s", number, text))
	}
	var got []string
	read(t, must(t)(report.HTML(made(0), plainSVG))).Find(".bw-report__par").Each(func(_ int, s *goquery.Selection) { got = append(got, s.Text()) })
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 10 {
		t.Errorf("paragraphs differ (-Word +page):\n%s", diff)
	}
}

func TestReportInExcel(t *testing.T) {
	data := must(t)(report.XLSX(made(0)))
	names, cells := cellsOf(t, data)
	want := []string{"About this report", "Headline performance informatio", "What has changed", "Trends", "Compared with others", "Scorecard",
		"Service updates", "Definitions and sources", "Notes on these figures", "Since the last report", "Every figure"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	for at, want := range map[string]string{
		"'About this report'!A1": "DRAFT: Report of the Executive Member", "'What has changed'!A1": "DRAFT: What has changed",
		"'Every figure'!A1": "DRAFT: Every figure in this report", "'Every figure'!A2": "Measure", "'Every figure'!L3": "=return.xlsx", "'Every figure'!H5": "c",
		"'Compared with others'!A2": "No figures of neighbours known by 26 September 2016 are held.",
	} {
		if c := cells[at]; c.Kind != workbook.Text || c.Text != want {
			t.Errorf("%s is %v %q, want %q", at, c.Kind, c.Text, want)
		}
	}
	for at, want := range map[string]float64{"'Every figure'!G3": 412, "'Every figure'!G4": 128.89} {
		if c := cells[at]; c.Kind != workbook.Number || c.Number != want {
			t.Errorf("%s is %v %v, want %v", at, c.Kind, c.Number, want)
		}
	}
	if c, ok := cells["'Every figure'!G5"]; ok {
		t.Errorf("a mark has the number %v", c)
	}
	charts := chartsOf(t, data)
	if len(charts) != 5 {
		t.Errorf("%d charts of 5", len(charts))
	}
	for _, ch := range charts {
		for _, s := range append(ch.Lines.Series, ch.Bars.Series...) {
			if len(refer(t, cells, s.Numbers)) == 0 {
				t.Errorf("%s draws nothing", s.Name)
			}
		}
	}
	if _, cells := cellsOf(t, must(t)(report.XLSX(made(7)))); strings.Contains(fmt.Sprint(cells), "DRAFT") {
		t.Error("an issue says DRAFT")
	}
}

// Bars start at zero however close they are to each other.
func TestBarsStartAtZero(t *testing.T) {
	v := drawn()
	for i := range v.Panels {
		if b := v.Panels[i].Bars; b != nil {
			v.Panels = v.Panels[i : i+1]
			for j, x := range []float64{138, 131, 134.5, 136} {
				b.Bars[j].Number = n(x)
			}
			v.Panels[0].Unit = "rate per 10,000"
			break
		}
	}
	chart := string(ziptest.Part(t, xlsx(t, v), "xl/charts/chart1.xml"))
	least := regexp.MustCompile(`<(?:c:)?min val="([^"]*)"`).FindStringSubmatch(chart)
	if least == nil || least[1] != "0" || strings.Contains(chart, "axis starts at") {
		t.Errorf("bars of 131 to 138 start at %v", least)
	}
}

func TestReportInCSV(t *testing.T) {
	data := must(t)(report.CSV(made(7)))
	golden(t, "report-made.csv", string(data))
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	if rows[1][16] != "'=return.xlsx" || rows[1][4] != report.Fingerprint(made(7)) || report.Fingerprint(made(0)) != "" {
		t.Errorf("row %q", rows[1])
	}
}

// The same report gives the same bytes.
func TestReportIsDeterministic(t *testing.T) {
	for name, write := range map[string]func(*dashboard.Report) ([]byte, error){
		"docx": func(r *dashboard.Report) ([]byte, error) { return report.DOCX(r, nil) }, "xlsx": report.XLSX, "csv": report.CSV,
		"html":     func(r *dashboard.Report) ([]byte, error) { return report.HTML(r, plainSVG) },
		"briefing": func(r *dashboard.Report) ([]byte, error) { return report.BriefingDOCX(r, nil) },
	} {
		if !bytes.Equal(must(t)(write(made(7))), must(t)(write(made(7)))) {
			t.Errorf("%s differs from one time to the next", name)
		}
	}
}

// A report read back from an issue has the same content.
func TestReportIsReadBack(t *testing.T) {
	for name, r := range defined(t) {
		r.Number = 4
		content := must(t)(r.Marshal())
		again, err := dashboard.ReadReport(content)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(content, must(t)(again.Marshal())) || report.Fingerprint(r) != report.Fingerprint(again) {
			t.Errorf("%s: the content read back is other content", name)
		}
	}
}

func TestDefinedReports(t *testing.T) {
	for name, r := range defined(t) {
		t.Run(name, func(t *testing.T) {
			ok := must(t)
			word := said(t, ok(report.DOCX(r, nil)))
			for _, s := range r.Sections {
				for _, p := range append(s.Paragraphs, s.Empty, s.Heading) {
					if !strings.Contains(word, p) {
						t.Errorf("Word lacks %q", p)
					}
				}
			}
			page := ok(report.HTML(r, plainSVG))
			checkPage(t, page)
			said(t, ok(report.BriefingDOCX(r, nil)))
			checkPage(t, ok(report.BriefingHTML(r)))
			names, _ := cellsOf(t, ok(report.XLSX(r)))
			if len(names) != len(r.Sections)+2 {
				t.Errorf("sheets %q of %d sections", names, len(r.Sections))
			}
			rows, err := csv.NewReader(bytes.NewReader(ok(report.CSV(r)))).ReadAll()
			if err != nil || len(rows) != len(r.Figures)+1 || len(r.Figures) == 0 {
				t.Errorf("%d rows of %d figures: %v", len(rows), len(r.Figures), err)
			}
		})
	}
}

// A definition without notes on its figures loses no doubt about them.
func TestReportKeepsDoubts(t *testing.T) {
	r := made(7)
	r.Sections = r.Sections[:len(r.Sections)-1]
	if word := said(t, must(t)(report.DOCX(r, nil))); !strings.Contains(word, "Small numbers.") {
		t.Error("the doubt about a chart is lost")
	}
}
