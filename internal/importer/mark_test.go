package importer_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
	"bellwether/internal/ziptest"
)

// sheetsOf reads a workbook back as texts, by sheet.
func sheetsOf(t testing.TB, data []byte) (names []string, texts map[string][][]string) {
	t.Helper()
	b, err := workbook.Open("a.xlsx", data, workbook.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	texts = map[string][][]string{}
	for i, s := range b.Sheets {
		names = append(names, s.Name)
		for row, err := range b.Rows(i) {
			if err != nil {
				t.Fatal(err)
			}
			for len(texts[s.Name]) < row.Number {
				texts[s.Name] = append(texts[s.Name], nil)
			}
			for _, c := range row.Cells {
				texts[s.Name][row.Number-1] = append(texts[s.Name][row.Number-1], c.Text)
			}
		}
	}
	return names, texts
}

// fillOf is a cell's background in a written workbook, "" for none.
func fillOf(t testing.TB, data []byte, sheet, at string) string {
	t.Helper()
	names, _ := sheetsOf(t, data)
	var body struct {
		Cells []struct {
			At    string `xml:"r,attr"`
			Style int    `xml:"s,attr"`
		} `xml:"sheetData>row>c"`
	}
	decode(t, ziptest.Part(t, data, fmt.Sprintf("xl/worksheets/sheet%d.xml", slices.Index(names, sheet)+1)), &body)
	var styles struct {
		Fills []struct {
			Colour struct {
				RGB string `xml:"rgb,attr"`
			} `xml:"patternFill>fgColor"`
		} `xml:"fills>fill"`
		Formats []struct {
			Fill int `xml:"fillId,attr"`
		} `xml:"cellXfs>xf"`
	}
	decode(t, ziptest.Part(t, data, "xl/styles.xml"), &styles)
	for _, c := range body.Cells {
		if c.At == at {
			return styles.Fills[styles.Formats[c.Style].Fill].Colour.RGB
		}
	}
	return ""
}

// The problems come back with the file, each in its cell.
func TestMarkProblems(t *testing.T) {
	im, _ := project(t)
	data := sheet(t, workbook.OutSheet{Name: "Q1's return", Rows: [][]workbook.OutCell{
		cells("Sample figures"), nil,
		cells("date", "measure", "count", "mood"),
		cells(month(2025, apr), "cla", "#REF!", "good"),
		cells("2025-03-31", "cin", -4), cells("2025-03-31", "=1+1", 5.5), cells("2025-03-31", "cpp", 353)}},
		workbook.OutSheet{Name: "Problems", Rows: [][]workbook.OutCell{cells("our own list")}})
	r := checked(t, im, "a.xlsx", data, stat.Holding{})
	out, err := importer.MarkProblems("a.xlsx", data, r.Problems, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	names, texts := sheetsOf(t, out)
	if fmt.Sprint(names) != "[Problems (2) Q1's return Problems]" {
		t.Errorf("sheets %q", names)
	}
	list := fmt.Sprint(texts["Problems (2)"])
	for _, p := range r.Problems {
		if !strings.Contains(list, p.Message) || p.At != "" && !strings.Contains(list, p.At) || !strings.Contains(list, p.Code) {
			t.Errorf("%+v is not listed: %s", p, list)
		}
	}
	body := texts["Q1's return"]
	if got := fmt.Sprint(body[3][1:], body[4], body[5], body[6]); got != "[cla #REF! good] [2025-03-31 cin -4] [2025-03-31 =1+1 5.5] [2025-03-31 cpp 353]" {
		t.Errorf("the sheet's values are %s", got)
	}
	for at, want := range map[string]bool{"C4": true, "C5": true, "B6": true, "D3": true, "C7": false, "A5": false} {
		if got := fillOf(t, out, "Q1's return", at); (got != "") != want {
			t.Errorf("%s is filled %q", at, got)
		}
	}
	if fillOf(t, out, "Q1's return", "C4") == fillOf(t, out, "Q1's return", "D3") {
		t.Error("an error and a note look alike")
	}
}

// A CSV comes back as a workbook; an empty cell can be marked too.
func TestMarkCSV(t *testing.T) {
	out, err := importer.MarkProblems("figures/april return.v2.csv", []byte("a,b\n1,\n"), []stat.Problem{
		{At: "B2", Severity: stat.Warning, Code: "x", Message: "missing", Accepted: "known"}, {At: "", Severity: stat.Error, Code: "y", Message: "whole"}, {At: "ZZ99999", Severity: stat.Error, Code: "z", Message: "nowhere"}}, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	names, texts := sheetsOf(t, out)
	if fmt.Sprint(names) != "[Problems april return]" || fillOf(t, out, "april return", "B2") == "" {
		t.Errorf("%q", names)
	}
	list := texts["Problems"]
	if list[3][0] != "whole file" || list[3][1] != "error" || list[5][4] != "known" {
		t.Errorf("%q", list)
	}
}

// Of a long file the rows without a problem are left out far down, and no row
// changes its place.
func TestMarkLong(t *testing.T) {
	data := []byte("a,b\n" + strings.Repeat("1,2\n", 12_000))
	out, err := importer.MarkProblems("long.csv", data, []stat.Problem{{At: "B11500", Severity: stat.Error, Code: "x", Message: "y"}}, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	_, texts := sheetsOf(t, out)
	if rows := texts["long"]; len(rows) != 11_500 || rows[9_999] == nil || rows[10_000] != nil || rows[11_499] == nil || fillOf(t, out, "long", "B11500") == "" {
		t.Errorf("%d rows", len(texts["long"]))
	}
	if says := fmt.Sprint(texts["Problems"]); !strings.Contains(says, "2,000 rows without a problem, below row 10,000") {
		t.Error(says)
	}
}

func TestMarkRefuses(t *testing.T) {
	child := []stat.Problem{{Code: "child_level", Severity: stat.Error}}
	if _, err := importer.MarkProblems("a.csv", []byte("a,b\n1,2\n"), child, workbook.Limits{}); !errors.Is(err, importer.ErrChildLevel) {
		t.Errorf("child-level: %v", err)
	}
	var fault *workbook.Fault
	if _, err := importer.MarkProblems("a.xlsx", []byte("%PDF-1.7\n"), nil, workbook.Limits{}); !errors.As(err, &fault) {
		t.Errorf("a PDF: %v", err)
	}
}

// BELLWETHER_LOOK=DIR writes a marked workbook there, to be looked at.
func TestMarkLook(t *testing.T) {
	dir := os.Getenv("BELLWETHER_LOOK")
	if dir == "" {
		t.Skip("BELLWETHER_LOOK names no folder to write to")
	}
	im, _ := project(t)
	data, err := os.ReadFile("../../imports/samples/tidy-example.csv")
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.Replace(bytes.Replace(data, []byte(",485,136"), []byte(",many,136"), 1), []byte("97.7"), []byte("99.7"), 1)
	r := checked(t, im, "tidy-example.csv", data, holding(box(t)...))
	out, err := importer.MarkProblems("tidy-example.csv", data, r.Problems, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/marked.xlsx", out, 0o600); err != nil {
		t.Fatal(err)
	}
}

func decode(t testing.TB, text []byte, to any) {
	t.Helper()
	if err := xml.Unmarshal(text, to); err != nil {
		t.Fatal(err)
	}
}
