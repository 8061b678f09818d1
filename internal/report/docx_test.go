package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/report"
	"bellwether/internal/workbook"
)

func docx(t *testing.T, d report.Document, house *report.Template) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := report.WriteDOCX(&out, d, house); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestDocxGolden(t *testing.T) {
	got := said(t, docx(t, council(), nil))
	golden := filepath.Join("testdata", "docx-council.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the document's text differs (-want +got):\n%s", diff)
	}
}

func TestDocxSound(t *testing.T) {
	bare := report.Document{Title: "Bare"}
	final := council()
	final.Draft = false
	for name, d := range map[string]report.Document{"draft": council(), "final": final, "bare": bare} {
		t.Run(name, func(t *testing.T) {
			p := sound(t, docx(t, d, nil))
			if got := strings.Contains(p["word/header1.xml"], "DRAFT"); got != d.Draft {
				t.Errorf("header says DRAFT: %v", got)
			}
			if d.Draft != strings.Contains(p["word/header1.xml"], "<v:textpath") {
				t.Error("the mark across the page is wrong")
			}
			if foot := p["word/footer1.xml"]; !strings.Contains(foot, " PAGE ") || !strings.Contains(foot, " NUMPAGES ") {
				t.Errorf("footer %s", foot)
			}
			core := p["docProps/core.xml"]
			for _, want := range []string{"<dc:title>" + d.Title + "</dc:title>", "<dc:language>en-GB</dc:language>"} {
				if !strings.Contains(core, want) {
					t.Errorf("properties lack %s: %s", want, core)
				}
			}
			if !strings.Contains(p["word/styles.xml"], `<w:lang w:val="en-GB"`) {
				t.Error("the language is not British English")
			}
		})
	}
}

func TestDocxIsDeterministic(t *testing.T) {
	first := docx(t, council(), nil)
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // file times count seconds
	if !bytes.Equal(first, docx(t, council(), nil)) {
		t.Error("the same document gave other bytes")
	}
}

// A list that restarts has an instance of its own; the others go on.
func TestDocxNumbers(t *testing.T) {
	numbered := func(s string, restart bool) report.Block {
		return report.Paragraph{Runs: report.Text(s), Number: report.Numbered, Restart: restart}
	}
	d := report.Document{Title: "Numbers", Blocks: []report.Block{
		numbered("one", false), report.Heading{Level: 1, Text: "Between"}, numbered("two", false), numbered("one again", true), numbered("two again", false), numbered("one more", true),
	}}
	p := sound(t, docx(t, d, nil))
	var got []string
	for _, m := range regexp.MustCompile(`<w:numId w:val="(\d+)"/>`).FindAllStringSubmatch(p["word/document.xml"], -1) {
		got = append(got, m[1])
	}
	if want := []string{"2", "2", "3", "3", "4"}; !slices.Equal(got, want) {
		t.Errorf("instances %v, want %v", got, want)
	}
	if n := strings.Count(p["word/numbering.xml"], "<w:startOverride"); n != 2 {
		t.Errorf("%d restarts, want 2", n)
	}
}

// The figures that a chart draws are those of the workbook within it.
func TestDocxChartsCanBeEdited(t *testing.T) {
	p := sound(t, docx(t, council(), nil))
	for _, n := range []string{"1", "2"} {
		_, cells := cellsOf(t, []byte(p["word/embeddings/chart"+n+".xlsx"]))
		chart := parse(t, p["word/charts/chart"+n+".xml"])
		drawn := 0
		for _, ref := range append(chart.all("numRef"), chart.all("strRef")...) {
			at := refer(t, cells, ref.first("f").text)
			for _, pt := range ref.all("pt") {
				i, err := strconv.Atoi(pt.attrs["idx"])
				if err != nil || i >= len(at) {
					t.Fatalf("chart %s: point %s of %s", n, pt.attrs["idx"], ref.first("f").text)
				}
				held := at[i].Text
				switch at[i].Kind {
				case workbook.Number:
					held = strconv.FormatFloat(at[i].Number, 'f', -1, 64)
				case workbook.Date:
					held = strconv.Itoa(int(at[i].Time.Sub(time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24))
				}
				if shown := pt.first("v").text; shown != held {
					t.Errorf("chart %s draws %s and its workbook holds %s", n, shown, held)
				}
				drawn++
			}
		}
		if drawn == 0 {
			t.Errorf("chart %s draws nothing", n)
		}
	}
}

// Of the panels of a page, each chart and table can go into a report.
func TestDocxOfPanels(t *testing.T) {
	d := report.Document{Title: "Panels"}
	charts, tables := 0, 0
	for _, p := range append(drawn().Panels, page().Panels...) {
		if c, ok := report.ChartOf(p); ok {
			d.Blocks = append(d.Blocks, c)
			charts++
		}
		if table, ok := report.TableOf(p); ok {
			d.Blocks = append(d.Blocks, table)
			tables++
		}
	}
	p := sound(t, docx(t, d, nil))
	if n := strings.Count(p["word/document.xml"], "<c:chart "); n != charts || charts < 5 {
		t.Errorf("%d charts drawn of %d", n, charts)
	}
	if n := strings.Count(p["word/document.xml"], "<w:tbl>"); n != tables || tables < 5 {
		t.Errorf("%d tables written of %d", n, tables)
	}
}

// nasty are texts that have broken other writers of XML.
var nasty = []string{
	"]]>", "<w:p>", "&amp;&#0;", "\x00\x01\x0b\x1f\x7f", "\ufffe\uffff\ufdd0", "\xff\xfe broken \xc3\x28", "🙂👩‍👩‍👧 🏳️‍🌈", "a\tb\nc\r\nd\re", "_x0041_", "=cmd|' /C calc'!A0",
	`" onload="x`, "<!DOCTYPE x [<!ENTITY y 'z'>]>", "{PAGE}", "ي\u202eabc\u202c", strings.Repeat("long ", 20_000), strings.Repeat("x", 40_000), "", " ", "\n",
}

func nastyDocument(s, link string) report.Document {
	numbers := []*float64{n(1), n(2)}
	return report.Document{Title: "T" + s, Subject: s, Author: s, Header: s, Footer: s, Draft: true, Blocks: []report.Block{
		report.Facts{Items: [][2]string{{s, s}}}, report.Heading{Level: 1, Text: "H" + s},
		report.Paragraph{Runs: []report.Run{{Text: s, Bold: true, Link: link}, {Text: s, Italic: true}}, Number: report.Numbered},
		report.List{Items: [][]report.Run{report.Text(s)}}, report.Definitions{Items: [][2]string{{s, s}}}, report.Notes{Head: s, Items: []string{s}},
		report.Commentary{Text: s, Author: s, Number: report.Lettered},
		report.Table{Caption: s, Columns: []report.Column{{Head: s}, {Head: s, Number: true}}, Rows: []report.Row{{Cells: []report.Cell{{Text: s, Fill: s}, {Text: s}}}, {}}, Notes: []string{s}},
		report.Chart{Caption: s, Alt: "A" + s, Kind: workbook.Bars, Names: []string{s, s}, Unit: s, Source: s, Series: []report.Series{{Name: s, Numbers: numbers}, {Name: s, Numbers: numbers, Look: workbook.ChartSeries{Color: s, Symbol: s}}}},
	}}
}

func TestDocxHostileText(t *testing.T) {
	for _, s := range nasty {
		p := sound(t, docx(t, nastyDocument(s, "https://example.org/"+s), nil))
		if strings.Contains(p["word/document.xml"], "\x00") {
			t.Errorf("%.20q left a control character", s)
		}
	}
}

func FuzzDocxText(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, s)
	}
	f.Add("a", "http://a b")
	f.Fuzz(func(t *testing.T, s, link string) { sound(t, docx(t, nastyDocument(s, link), nil)) })
}

func TestDocxLinks(t *testing.T) {
	for link, want := range map[string]string{
		"https://example.org/a?b=1&c=2":                    "https://example.org/a?b=1&c=2",
		"https://example.org/a b":                          "https://example.org/a%20b",
		"mailto:panel@example.org":                         "mailto:panel@example.org",
		"javascript:alert(1)":                              "",
		"file:///etc/passwd":                               "",
		"//example.org":                                    "",
		"https://":                                         "",
		"https://exa mple.org/":                            "",
		"https://ex\u00e4mple.org/":                        "",
		"https://example.org/\x00":                         "",
		"https://example.org/" + strings.Repeat("a", 3000): "",
	} {
		d := report.Document{Title: "Links", Blocks: []report.Block{report.Paragraph{Runs: []report.Run{{Text: "there", Link: link}}}}}
		p := sound(t, docx(t, d, nil))
		got := ""
		for _, r := range parse(t, p["word/_rels/document.xml.rels"]).all("Relationship") {
			if r.attrs["TargetMode"] == "External" {
				got = r.attrs["Target"]
			}
		}
		if got != want {
			t.Errorf("%.60q leads to %q, want %q", link, got, want)
		}
		if !strings.Contains(p["word/document.xml"], ">there<") {
			t.Errorf("%.60q lost its text", link)
		}
	}
}

func TestDocxRefuses(t *testing.T) {
	bar := report.Chart{Alt: "Bars", Kind: workbook.Bars, Names: []string{"a"}, Series: []report.Series{{Name: "s", Numbers: []*float64{n(1)}}}}
	with := func(change func(c *report.Chart)) report.Chart { c := bar; change(&c); return c }
	for _, tc := range []struct {
		name   string
		blocks []report.Block
		want   string
	}{
		{"a heading skipped", []report.Block{report.Heading{Level: 1, Text: "A"}, report.Heading{Level: 3, Text: "B"}}, `block 2: heading "B" of level 3 below one of level 1`},
		{"begins at level 2", []report.Block{report.Heading{Level: 2, Text: "A"}}, "level 2 below one of level 0"},
		{"heading without text", []report.Block{report.Heading{Level: 1, Text: " "}}, "without text"},
		{"no alt text", []report.Block{with(func(c *report.Chart) { c.Alt = " " })}, "no text for those who do not see it"},
		{"no figures", []report.Block{with(func(c *report.Chart) { c.Series = nil })}, "no figures"},
		{"too few figures", []report.Block{with(func(c *report.Chart) { c.Names = []string{"a", "b"} })}, "1 figures for 2 names"},
		{"no dates", []report.Block{with(func(c *report.Chart) { c.Kind = workbook.Lines })}, "0 dates for 1 points"},
		{"no columns", []report.Block{report.Table{Caption: "Empty"}}, `table "Empty" has 0 columns`},
		{"a row too long", []report.Block{report.Table{Columns: []report.Column{{Head: "A"}}, Rows: []report.Row{{Cells: report.Cells("1", "2")}}}}, "row 1 has 2 cells for 1 columns"},
	} {
		var out bytes.Buffer
		err := report.WriteDOCX(&out, report.Document{Title: "Refused", Blocks: tc.blocks}, nil)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
	if err := report.WriteDOCX(&bytes.Buffer{}, report.Document{}, nil); err == nil {
		t.Error("a document without a title was written")
	}
}

// A page begins with what follows, never with an empty line.
func TestDocxPages(t *testing.T) {
	table := report.Table{Caption: "T", Columns: []report.Column{{Head: "A"}}}
	d := report.Document{Title: "Pages", Blocks: []report.Block{
		report.PageBreak{}, report.Heading{Level: 1, Text: "On page 2"}, report.PageBreak{}, table, report.PageBreak{},
		report.PageBreak{Landscape: true}, report.PageBreak{Landscape: true}, table, report.PageBreak{Landscape: true}, report.Paragraph{Runs: report.Text("still wide")}, report.PageBreak{},
	}}
	var got []string
	for _, p := range parse(t, sound(t, docx(t, d, nil))["word/document.xml"]).all("p") {
		if len(p.all("pageBreakBefore")) > 0 {
			got = append(got, words(p))
		}
		if size := p.first("pgSz").attrs["w"]; size != "" {
			got = append(got, "paper of "+size)
		}
	}
	want := []string{"On page 2", `Table {SEQ Table \* ARABIC}1: T`, "paper of 11906", "still wide", "paper of 16838"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}
