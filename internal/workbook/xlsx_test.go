package workbook_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"bellwether/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

func TestCells(t *testing.T) {
	type cell = workbook.Cell
	tests := []struct {
		what, xml string
		want      cell
	}{
		{"shared text", `<c r="A1" t="s"><v>0</v></c>`, cell{Kind: workbook.Text, Text: "area"}},
		{"text of digits stays text", `<c r="A1" t="s"><v>1</v></c>`, cell{Kind: workbook.Text, Text: "806"}},
		{"rich text without phonetics", `<c r="A1" t="s"><v>3</v></c>`, cell{Kind: workbook.Text, Text: "North East"}},
		{"inline text", `<c r="A1" t="inlineStr"><is><t>638.7</t></is></c>`, cell{Kind: workbook.Text, Text: "638.7"}},
		{"inline rich text", `<c r="A1" t="inlineStr"><is><r><t>a &amp; </t></r><r><t>b</t></r></is></c>`, cell{Kind: workbook.Text, Text: "a & b"}},
		{"formula that gave text", `<c r="A1" t="str"><f>B1</f><v>c</v></c>`, cell{Kind: workbook.Text, Text: "c"}},
		{"number as stored", `<c r="A1"><v>638.70000000000005</v></c>`, cell{Kind: workbook.Number, Text: "638.70000000000005", Number: 638.7}},
		{"number with exponent", `<c r="A1" t="n"><v>1.5E-3</v></c>`, cell{Kind: workbook.Number, Text: "1.5E-3", Number: 0.0015}},
		{"formula with its number", `<c r="A1"><f>1+1</f><v>2</v></c>`, cell{Kind: workbook.Number, Text: "2", Number: 2}},
		{"percentage", `<c r="A1" s="2"><v>0.055</v></c>`, cell{Kind: workbook.Number, Text: "0.055", Number: 0.055, Format: "0.00%"}},
		{"month shown as Apr-24", `<c r="A1" s="1"><v>45383</v></c>`, cell{Kind: workbook.Date, Text: "45383", Number: 45383, Time: day(2024, 4, 1), Format: "mmm-yy"}},
		{"own date format, with time", `<c r="A1" s="3"><v>45383.75</v></c>`, cell{Kind: workbook.Date, Text: "45383.75", Number: 45383.75, Time: day(2024, 4, 1).Add(18 * time.Hour), Format: `[$-809]dd\ mmm\ yyyy;@`}},
		{"duration is no date", `<c r="A1" s="4"><v>1.5</v></c>`, cell{Kind: workbook.Number, Text: "1.5", Number: 1.5, Format: "[h]:mm"}},
		{"time of day is no date", `<c r="A1" s="5"><v>0.5</v></c>`, cell{Kind: workbook.Number, Text: "0.5", Number: 0.5, Format: "h:mm"}},
		{"zero under a date format is no date", `<c r="A1" s="1"><v>0</v></c>`, cell{Kind: workbook.Number, Text: "0", Format: "mmm-yy"}},
		{"serial beyond the calendar", `<c r="A1" s="1"><v>3000000</v></c>`, cell{Kind: workbook.Number, Text: "3000000", Number: 3e6, Format: "mmm-yy"}},
		{"ISO date", `<c r="A1" t="d" s="1"><v>2024-04-01T00:00:00</v></c>`, cell{Kind: workbook.Date, Text: "2024-04-01T00:00:00", Number: 45383, Time: day(2024, 4, 1), Format: "mmm-yy"}},
		{"ISO date that is none", `<c r="A1" t="d"><v>soon</v></c>`, cell{Kind: workbook.Error, Text: "soon"}},
		{"true", `<c r="A1" t="b"><v>1</v></c>`, cell{Kind: workbook.Bool, Text: "TRUE"}},
		{"false", `<c r="A1" t="b"><v>0</v></c>`, cell{Kind: workbook.Bool, Text: "FALSE"}},
		{"error", `<c r="A1" t="e"><f>Sheet9!A1</f><v>#REF!</v></c>`, cell{Kind: workbook.Error, Text: "#REF!"}},
		{"formula never worked out", `<c r="A1"><f>SUM(B1:B9)</f></c>`, cell{Kind: workbook.Error, Text: "formula without a value"}},
		{"formula never worked out, text", `<c r="A1" t="str"><f>B1</f></c>`, cell{Kind: workbook.Error, Text: "formula without a value"}},
		{"number out of range", `<c r="A1"><v>1e400</v></c>`, cell{Kind: workbook.Error, Text: "1e400"}},
		{"not a number", `<c r="A1"><v>NaN</v></c>`, cell{Kind: workbook.Error, Text: "NaN"}},
		{"Go's spelling of a number", `<c r="A1"><v>0x10</v></c>`, cell{Kind: workbook.Error, Text: "0x10"}},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			_, all := mustRead(t, "a.xlsx", pack(t, plain(rows(`<row r="1">`+tt.xml+`</row>`))...))
			want := [][]workbook.Row{{{Number: 1, Cells: []cell{tt.want}}}}
			if diff := cmp.Diff(want, all); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEmptyCells(t *testing.T) {
	for what, xml := range map[string]string{
		"styled blank":            `<c r="B1" s="1"/>`,
		"empty shared text":       `<c r="B1" t="s"><v>2</v></c>`,
		"white space":             `<c r="B1" t="inlineStr"><is><t xml:space="preserve"> ` + "\u00a0" + `</t></is></c>`,
		"formula that gave blank": `<c r="B1" t="str"><f>""</f><v></v></c>`,
		"no cell":                 ``,
	} {
		t.Run(what, func(t *testing.T) {
			_, all := mustRead(t, "a.xlsx", pack(t, plain(rows(`<row r="1"><c r="A1"><v>1</v></c>`+xml+`<c r="C1"><v>3</v></c></row><row r="2">`+strings.ReplaceAll(xml, "B1", "B2")+`</row>`))...))
			if len(all[0]) != 1 || len(all[0][0].Cells) != 3 || all[0][0].Cells[1] != (workbook.Cell{}) {
				t.Errorf("read %+v, want one row with an empty B1", all)
			}
		})
	}
}

func Test1904(t *testing.T) {
	parts := plain(rows(`<row r="1"><c r="A1" s="1"><v>43921</v></c></row>`))
	parts = with(parts, "xl/workbook.xml", "<workbookPr/>", `<workbookPr date1904="1"/>`)
	_, all := mustRead(t, "a.xlsx", pack(t, parts...))
	if got := all[0][0].Cells[0]; got.Kind != workbook.Date || !got.Time.Equal(day(2024, 4, 1)) {
		t.Errorf("43921 counted from 1904 is %+v, want 1 April 2024", got)
	}
}

func TestSheets(t *testing.T) {
	data := xmlHead + `<worksheet ` + mainNS + `><sheetData>` +
		`<row r="2" hidden="1"><c r="C2"><v>1</v></c></row><row><c><v>2</v></c><c r="D3"><v>3</v></c></row>` +
		`<row r="7"><c r="A7" s="1"/></row><row r="1048576"><c r="XFD1048576" s="1"/></row>` +
		`</sheetData><mergeCells count="2"><mergeCell ref="A1:F1"/><mergeCell ref="B2:C9"/></mergeCells></worksheet>`
	parts := with(plain(data), "xl/workbook.xml", "</sheets>", `<sheet name="Notes" sheetId="2" state="veryHidden" r:id="rId9"/><sheet name="Chart" sheetId="3" r:id="rId8"/></sheets>`)
	parts = with(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", `<Relationship Id="rId9" Type="`+relNS+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId8" Type="`+relNS+`/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>`)
	parts = append(parts, part{name: "xl/worksheets/sheet1.xml", body: rows(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`)}, part{name: "xl/chartsheets/sheet1.xml", body: xmlHead + `<chartsheet ` + mainNS + `/>`})
	book, all := mustRead(t, "a.xlsx", pack(t, parts...))

	wantSheets := []workbook.Sheet{
		{Name: "Data", Rows: 2, Cells: 3, HiddenRows: 1, Merges: []workbook.Merge{{FirstCol: 0, FirstRow: 1, LastCol: 5, LastRow: 1}, {FirstCol: 1, FirstRow: 2, LastCol: 2, LastRow: 9}}},
		{Name: "Notes", Hidden: true, Rows: 1, Cells: 1},
	}
	if diff := cmp.Diff(wantSheets, book.Sheets); diff != "" {
		t.Error(diff)
	}
	number := func(text string, n float64) workbook.Cell {
		return workbook.Cell{Kind: workbook.Number, Text: text, Number: n}
	}
	wantRows := [][]workbook.Row{
		{{Number: 2, Hidden: true, Cells: []workbook.Cell{{}, {}, number("1", 1)}}, {Number: 3, Cells: []workbook.Cell{number("2", 2), {}, {}, number("3", 3)}}},
		{{Number: 1, Cells: []workbook.Cell{{Kind: workbook.Text, Text: "area"}}}},
	}
	if diff := cmp.Diff(wantRows, all); diff != "" {
		t.Error(diff)
	}
}

// Nothing but the rows of sheetData is read, whatever else looks like them.
func TestRowsElsewhere(t *testing.T) {
	other := `<x><row r="1"><c r="A1"><v>1</v></c></row></x>`
	sheet := strings.Replace(rows(`<x><row r="2"><c r="A2"><v>2</v></c></row></x><row r="5"><x><c r="A5"/></x><c r="B5"><x><v>4</v></x><v>5</v></c></row>`), "<sheetData>", other+"<sheetData>", 1)
	_, all := mustRead(t, "a.xlsx", pack(t, plain(sheet)...))
	want := [][]workbook.Row{{{Number: 5, Cells: []workbook.Cell{{}, {Kind: workbook.Number, Text: "5", Number: 5}}}}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
}

// A workbook need not hold shared strings or styles.
func TestBareWorkbook(t *testing.T) {
	parts := plain(rows(`<row><c t="inlineStr"><is><t>a</t></is></c><c s="0"><v>1</v></c></row>`))[:5]
	_, all := mustRead(t, "a.xlsx", pack(t, parts...))
	if len(all[0]) != 1 || len(all[0][0].Cells) != 2 {
		t.Errorf("read %+v, want a row of two cells", all)
	}
}

// Power Query keeps its queries in a part that is UTF-16 and one long text.
func TestPowerQueryPart(t *testing.T) {
	parts := append(plain(rows(`<row><c><v>1</v></c></row>`)), part{name: "customXml/item1.xml", body: "\xff\xfe<\x00D\x00/\x00>\x00"})
	mustRead(t, "a.xlsx", pack(t, parts...))
}

func TestReadTwice(t *testing.T) {
	book, err := workbook.Open("a.xlsx", pack(t, plain(rows(`<row><c><v>1</v></c></row><row><c><v>2</v></c></row>`))...), workbook.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for range book.Rows(0) {
		break
	}
	n := 0
	for row, err := range book.Rows(0) {
		if n++; err != nil || row.Number != n {
			t.Errorf("row %d is %+v, %v", n, row, err)
		}
	}
	if n != 2 {
		t.Errorf("read %d rows after a reading broken off, want 2", n)
	}
}

func TestNeighbourModel(t *testing.T) {
	const file = "../../../shared/data/neighbours/sn_may_2025.xlsx"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("the published neighbour model is not here: %v", err)
	}
	book, all := mustRead(t, file, data)
	if book.Sheets[0].Name != "LA SN Groups" || book.Sheets[0].Rows != len(all[0]) {
		t.Errorf("sheet %+v with %d rows read", book.Sheets[0], len(all[0]))
	}
	header := all[0][2]
	if header.Number != 3 || all[0][0].Number != 1 || all[0][1].Number != 2 {
		t.Errorf("the first rows are %d, %d and %d, want 1, 2 and the header on 3", all[0][0].Number, all[0][1].Number, header.Number)
	}
	for _, c := range header.Cells {
		if c.Kind != workbook.Text && c.Kind != workbook.Empty {
			t.Errorf("header cell %+v is not text", c)
		}
	}
	if got := workbook.Address(book.Sheets[0].Name, 5, header.Number); got != "'LA SN Groups'!F3" {
		t.Errorf("F3 is named %s", got)
	}
}

func TestAddress(t *testing.T) {
	for _, tt := range []struct {
		sheet    string
		col, row int
		want     string
	}{
		{"", 5, 12, "F12"},
		{"Sheet1", 0, 1, "Sheet1!A1"},
		{"Sheet1", 25, 1, "Sheet1!Z1"},
		{"Sheet1", 26, 1, "Sheet1!AA1"},
		{"Sheet1", 701, 1, "Sheet1!ZZ1"},
		{"Sheet1", 16383, 1048576, "Sheet1!XFD1048576"},
		{"April's return", 1, 2, "'April''s return'!B2"},
	} {
		if got := workbook.Address(tt.sheet, tt.col, tt.row); got != tt.want {
			t.Errorf("Address(%q, %d, %d) is %s, want %s", tt.sheet, tt.col, tt.row, got, tt.want)
		}
	}
}
