package workbook_test

import (
	"strings"
	"testing"
	"time"

	"bellwether/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

const odsNS = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"`

// odsBook is a whole spreadsheet whose content holds the tables given. Cell
// styles: month mmm-yy, rate 0.0%, day dd mmmm yyyy through its parent; the
// table style gone is not displayed.
func odsBook(tables string) []part {
	styles := `<number:date-style style:name="N1"><number:month number:textual="true"/><number:text>-</number:text><number:year/></number:date-style>` +
		`<number:percentage-style style:name="N2"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>` +
		`<style:style style:name="month" style:family="table-cell" style:data-style-name="N1"/><style:style style:name="rate" style:family="table-cell" style:data-style-name="N2"/>` +
		`<style:style style:name="day" style:family="table-cell" style:parent-style-name="Long"/>` +
		`<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>`
	common := `<number:date-style style:name="N9"><number:day number:style="long"/><number:text> </number:text><number:month number:textual="true" number:style="long"/><number:text> </number:text><number:year number:style="long"/></number:date-style>` +
		`<style:style style:name="Long" style:family="table-cell" style:data-style-name="N9"/>`
	return []part{
		{name: "mimetype", body: "application/vnd.oasis.opendocument.spreadsheet"},
		{name: "content.xml", body: xmlHead + `<office:document-content ` + odsNS + `><office:automatic-styles>` + styles + `</office:automatic-styles><office:body><office:spreadsheet>` + tables + `</office:spreadsheet></office:body></office:document-content>`},
		{name: "styles.xml", body: xmlHead + `<office:document-styles ` + odsNS + `><office:styles>` + common + `</office:styles></office:document-styles>`},
		{name: "META-INF/manifest.xml", body: xmlHead + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>`},
		{name: "Configurations2/accelerator/current.xml"},
	}
}

// table is one sheet named Data.
func table(rows string) string { return `<table:table table:name="Data">` + rows + `</table:table>` }

func TestODSCells(t *testing.T) {
	type cell = workbook.Cell
	for _, tt := range []struct {
		what, xml string
		want      cell
	}{
		{"number as stored", `<table:table-cell office:value-type="float" office:value="638.70000000000005"><text:p>638.7</text:p></table:table-cell>`, cell{Kind: workbook.Number, Text: "638.70000000000005", Number: 638.7}},
		{"currency", `<table:table-cell office:value-type="currency" office:currency="GBP" office:value="12"><text:p>£12</text:p></table:table-cell>`, cell{Kind: workbook.Number, Text: "12", Number: 12}},
		{"percentage by style", `<table:table-cell table:style-name="rate" office:value-type="percentage" office:value="0.127"><text:p>12.7%</text:p></table:table-cell>`, cell{Kind: workbook.Number, Text: "0.127", Number: 0.127, Format: "0.0%"}},
		{"percentage by type alone", `<table:table-cell office:value-type="percentage" office:value="0.5"/>`, cell{Kind: workbook.Number, Text: "0.5", Number: 0.5, Format: "0%"}},
		{"month", `<table:table-cell table:style-name="month" office:value-type="date" office:date-value="2024-04-01"><text:p>Apr-24</text:p></table:table-cell>`, cell{Kind: workbook.Date, Text: "2024-04-01", Number: 45383, Time: day(2024, 4, 1), Format: "mmm-yy"}},
		{"day, by the style of a style", `<table:table-cell table:style-name="day" office:value-type="date" office:date-value="2024-04-01T18:00:00"/>`, cell{Kind: workbook.Date, Text: "2024-04-01T18:00:00", Number: 45383.75, Time: day(2024, 4, 1).Add(18 * time.Hour), Format: "dd mmmm yyyy"}},
		{"date of no style", `<table:table-cell office:value-type="date" office:date-value="2024-04-01"/>`, cell{Kind: workbook.Date, Text: "2024-04-01", Number: 45383, Time: day(2024, 4, 1)}},
		{"date that is none", `<table:table-cell office:value-type="date" office:date-value="2024-13-01"/>`, cell{Kind: workbook.Error, Text: "2024-13-01"}},
		{"time", `<table:table-cell office:value-type="time" office:time-value="PT12H30M00S"><text:p>12:30</text:p></table:table-cell>`, cell{Kind: workbook.Text, Text: "12:30"}},
		{"true", `<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell>`, cell{Kind: workbook.Bool, Text: "TRUE"}},
		{"text of digits stays text", `<table:table-cell office:value-type="string" calcext:value-type="string"><text:p>806</text:p></table:table-cell>`, cell{Kind: workbook.Text, Text: "806"}},
		{"text of several lines and spans", "<table:table-cell office:value-type=\"string\"><text:p> North <text:span>East</text:span><text:s text:c=\"2\"/>a\n  b<text:tab/>c<text:line-break/>d </text:p><text:p>e &amp; f</text:p></table:table-cell>", cell{Kind: workbook.Text, Text: "North East  a b\tc\nd\ne & f"}},
		{"text that is said whole", `<table:table-cell office:value-type="string" office:string-value="  as typed "><text:p>shown</text:p></table:table-cell>`, cell{Kind: workbook.Text, Text: "  as typed "}},
		{"text of no type", `<table:table-cell><text:p>x</text:p></table:table-cell>`, cell{Kind: workbook.Text, Text: "x"}},
		{"hidden under a merged cell", `<table:covered-table-cell office:value-type="float" office:value="3"/>`, cell{Kind: workbook.Number, Text: "3", Number: 3}},
		{"error", `<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>`, cell{Kind: workbook.Error, Text: "#DIV/0!"}},
		{"error stored as a number", `<table:table-cell table:formula="of:=X1" office:value-type="float" office:value="0"><text:p>#REF!</text:p></table:table-cell>`, cell{Kind: workbook.Error, Text: "#REF!"}},
		{"formula with its number", `<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>`, cell{Kind: workbook.Number, Text: "2", Number: 2}},
		{"formula never worked out", `<table:table-cell table:formula="of:=1+1"/>`, cell{Kind: workbook.Error, Text: "formula without a value"}},
		{"number out of range", `<table:table-cell office:value-type="float" office:value="1e400"/>`, cell{Kind: workbook.Error, Text: "1e400"}},
		{"text is not the comment", `<table:table-cell office:value-type="string"><office:annotation><dc:creator>J</dc:creator><text:p>a comment</text:p></office:annotation><text:p>text</text:p></table:table-cell>`, cell{Kind: workbook.Text, Text: "text"}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			_, all := mustRead(t, "a.ods", pack(t, odsBook(table(`<table:table-row>`+tt.xml+`</table:table-row>`))...))
			if diff := cmp.Diff([][]workbook.Row{{{Number: 1, Cells: []cell{tt.want}}}}, all); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const (
	odsOne   = `<table:table-cell office:value-type="float" office:value="1"/>`
	odsBlank = `<table:table-cell table:number-columns-repeated="16383"/>`
)

// odsSheets holds what a careful reader must place right: groups, repeats,
// columns and rows out of sight, styles by column, remarks, an outside cache.
func odsSheets() []byte {
	return pack(nil, odsBook(
		`<table:tracked-changes><table:deletion><table:change-deletion/><text:p>was here</text:p></table:deletion></table:tracked-changes>`+
			`<table:table table:name="Data"><table:table-column table:visibility="collapse"/><table:table-column-group><table:table-column table:number-columns-repeated="2" table:default-cell-style-name="rate"/></table:table-column-group><table:table-column table:number-columns-repeated="16381" table:visibility="filter"/>`+
			`<table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="3" table:number-rows-spanned="1" office:value-type="string"><text:p>Title</text:p><office:annotation><text:p>born</text:p><text:p>2011</text:p></office:annotation></table:table-cell><table:covered-table-cell table:number-columns-repeated="2"/></table:table-row></table:table-header-rows>`+
			`<table:table-row table:number-rows-repeated="3">`+odsBlank+`</table:table-row>`+
			`<table:table-row-group><table:table-row-group><table:table-row table:number-rows-repeated="2" table:visibility="filter"><table:table-cell/>`+
			`<table:table-cell table:number-columns-repeated="2" office:value-type="percentage" office:value="0.5"/><table:table-cell/>`+odsOne+odsBlank+`</table:table-row></table:table-row-group></table:table-row-group>`+
			`<table:table-row table:number-rows-repeated="1048570">`+odsBlank+`</table:table-row></table:table>`+
			`<table:table table:name="'file:///C:/x.ods'#Sheet1"><table:table-row><table:table-cell office:value-type="string"><text:p>kept</text:p></table:table-cell></table:table-row></table:table>`+
			`<table:table table:name="Notes" table:style-name="gone"><table:shapes><draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame></table:shapes><table:table-row>`+odsOne+`</table:table-row></table:table>`+
			`<table:named-expressions><table:named-range table:name="Area" table:cell-range-address="$Data.$A$1"/></table:named-expressions>`)...)
}

func TestODSSheets(t *testing.T) {
	book, all := mustRead(t, "a.ods", odsSheets())
	if book.Format != "ods" {
		t.Errorf("it is read as %s", book.Format)
	}
	wantSheets := []workbook.Sheet{
		{Name: "Data", Rows: 3, Cells: 7, HiddenRows: 2, HiddenCols: []int{0, 3, 4}, Merges: []workbook.Merge{{FirstCol: 0, FirstRow: 1, LastCol: 2, LastRow: 1}}},
		{Name: "Notes", Hidden: true, Rows: 1, Cells: 1},
	}
	if diff := cmp.Diff(wantSheets, book.Sheets); diff != "" {
		t.Error(diff)
	}
	half := workbook.Cell{Kind: workbook.Number, Text: "0.5", Number: 0.5, Format: "0.0%"}
	one := workbook.Cell{Kind: workbook.Number, Text: "1", Number: 1}
	cells := []workbook.Cell{{}, half, half, {}, one}
	wantRows := [][]workbook.Row{{texts(1, "Title"), {Number: 5, Hidden: true, Cells: cells}, {Number: 6, Hidden: true, Cells: cells}}, {{Number: 1, Cells: []workbook.Cell{one}}}}
	if diff := cmp.Diff(wantRows, all); diff != "" {
		t.Error(diff)
	}
	wantRemarks := []workbook.Remark{
		{Text: "was here"}, {Sheet: "Data", Name: "A1", Text: "born\n2011"}, {Name: "'file:///C:/x.ods'#Sheet1", Text: "kept"},
		{Sheet: "Notes", Text: "box"}, {Name: "Area", Text: "$Data.$A$1"},
	}
	if diff := cmp.Diff(wantRemarks, book.Remarks); diff != "" {
		t.Error(diff)
	}
}

// Sheets can be read in any order, twice, and broken off.
func TestODSAnyOrder(t *testing.T) {
	book, err := workbook.Open("a.ods", odsSheets(), workbook.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for _, i := range []int{0, 1, 0, 0, 1, 1, 0} {
		for range book.Rows(i) {
			break
		}
		n := 0
		for _, err := range book.Rows(i) {
			if n++; err != nil {
				t.Fatal(err)
			}
		}
		if n != book.Sheets[i].Rows {
			t.Errorf("sheet %d gave %d rows, want %d", i, n, book.Sheets[i].Rows)
		}
	}
}

func TestODSFaults(t *testing.T) {
	good := odsBook(table(`<table:table-row>` + odsOne + `</table:table-row>`))
	row := func(cells string) []part { return odsBook(table(`<table:table-row>` + cells + `</table:table-row>`)) }
	for _, tt := range []struct {
		what           string
		parts          []part
		code, at, says string
	}{
		{"text document", with(good, "mimetype", "spreadsheet", "text"), workbook.ODS, "", "not a spreadsheet"},
		{"drawing posing as one", odsBook("")[:1:1], workbook.NotSpreadsheet, "", "zip archive"},
		{"no spreadsheet in it", with(with(good, "content.xml", "office:spreadsheet", "office:text"), "content.xml", "/office:spreadsheet", "/office:text"), workbook.ODS, "", "not a spreadsheet"},
		{"password", with(good, "META-INF/manifest.xml", `</manifest:manifest>`, `<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`), workbook.Password, "", "password"},
		{"password on the whole", []part{good[0], {name: "encrypted-package", body: "x"}}, workbook.Password, "", "password"},
		{"spreadsheet within", with(good, "META-INF/manifest.xml", `</manifest:manifest>`, `<manifest:file-entry manifest:full-path="Object 1/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>`), workbook.Embedded, "", "Object 1"},
		{"no values", odsBook(table(`<table:table-row>` + odsBlank + `</table:table-row>`)), workbook.EmptyFile, "", "no sheet"},
		{"two sheets of a name", odsBook(table("") + table("")), workbook.Unsafe, "", `"Data"`},
		{"not well-formed", odsBook(`<table:table table:name="Data">`), workbook.Damaged, "", "closes nothing"},
		{"document type", with(good, "content.xml", "<office:document-content", "<!DOCTYPE a><office:document-content"), workbook.Unsafe, "", "document type"},
		{"repeated no times", row(`<table:table-cell table:number-columns-repeated="0"/>`), workbook.Damaged, "Data", `"0" times`},
		{"repeated for ever", row(`<table:table-cell table:number-columns-repeated="99999999999"/>`), workbook.Damaged, "Data", "times"},
		{"values repeated across", row(`<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>`), workbook.TooLarge, "Data!A1", "column ALL"},
		{"values repeated down", odsBook(table(`<table:table-row table:number-rows-repeated="1048576">` + odsOne + `</table:table-row>`)), workbook.TooLarge, "Data!A1048576", "below row 200000"},
		{"block of values", odsBook(table(`<table:table-row table:number-rows-repeated="200000"><table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/></table:table-row>`)), workbook.TooLarge, "Data!A200000", "3000000 cells"},
		{"value too far right", row(`<table:table-cell table:number-columns-repeated="1000"/>` + odsOne), workbook.TooLarge, "Data!ALM1", "column ALL"},
		{"spaces without end", row(`<table:table-cell office:value-type="string"><text:p><text:s text:c="999999999"/></text:p></table:table-cell>`), workbook.TooLarge, "Data!A1", "longer than"},
		{"table within a cell", row(`<table:table-cell><table:table table:name="b"/></table:table-cell>`), workbook.Damaged, "Data!A1", "within a cell"},
		{"unknown type", row(`<table:table-cell office:value-type="void" office:value="1"/>`), workbook.Damaged, "Data!A1", "unknown type"},
		{"merged beyond the sheet", row(`<table:table-cell table:number-columns-spanned="20000"/>`), workbook.Damaged, "Data!A1", "beyond"},
		{"bad check sum of a part nobody reads", append(append([]part(nil), good...), part{name: "Pictures/a.png", body: "x", lie: badSum}), workbook.Damaged, "", "checksum"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			_, _, err := read("a.ods", pack(t, tt.parts...), workbook.DefaultLimits)
			wantFault(t, err, tt.code, tt.at, tt.says)
		})
	}
}

func TestODSMacrosAreNotRead(t *testing.T) {
	parts := append(odsBook(table(`<table:table-row>`+odsOne+`</table:table-row>`)), part{name: "Basic/Standard/Module1.xml", body: `<!DOCTYPE script:module PUBLIC "a" "b"><x/>`})
	book, _ := mustRead(t, "a.ods", pack(t, parts...))
	if len(book.Notes) != 1 || !strings.Contains(book.Notes[0], "macros") {
		t.Errorf("notes are %q", book.Notes)
	}
}
