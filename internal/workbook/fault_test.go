package workbook_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"bellwether/internal/workbook"
)

const (
	sheetPart = "xl/worksheets/sheet9.xml"
	oleMagic  = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

func wide(s string) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteRune(c)
		b.WriteByte(0)
	}
	return b.String()
}

func TestNotASpreadsheet(t *testing.T) {
	for _, tt := range []struct{ what, name, data, code, says string }{
		{"no bytes", "a.xlsx", "", workbook.EmptyFile, "0 bytes"},
		{"PDF", "a.xlsx", "%PDF-1.7\n", workbook.NotSpreadsheet, "a PDF"},
		{"picture", "a.csv", "\x89PNG\r\n\x1a\n\x00", workbook.NotSpreadsheet, "a picture"},
		{"web page posing as xls", "report.xls", "<html><table><tr><td>1</td></tr></table></html>", workbook.NotSpreadsheet, "a web page"},
		{"web page posing as csv", "report.csv", "\xef\xbb\xbf \r\n<!DOCTYPE html><p>Sign in</p>", workbook.NotSpreadsheet, "a web page"},
		{"Excel 2003 XML", "report.xls", `<?xml version="1.0"?><Workbook/>`, workbook.NotSpreadsheet, "XML"},
		{"binary", "a.csv", "a,b\n1,\x00\n", workbook.NotSpreadsheet, "binary"},
		{"text under another name", "a.xlsx", "a,b\n1,2\n", workbook.NotSpreadsheet, ".xlsx"},
		{"old Excel", "a.xls", oleMagic + wide("Workbook"), workbook.OldXLS, "(.xls)"},
		{"old Word", "a.xls", oleMagic + wide("WordDocument"), workbook.NotSpreadsheet, "old Office document"},
		{"older Excel", "a.xls", oleMagic + wide("Book"), workbook.OldXLS, "(.xls)"},
		{"saved message", "a.msg", oleMagic + wide("__nameid_version1.0"), workbook.NotSpreadsheet, "saved message"},
		{"password", "a.xlsx", oleMagic + wide("EncryptionInfo") + wide("EncryptedPackage"), workbook.Password, "password"},
		{"zip cut short", "a.xlsx", "PK\x03\x04\x14\x00", workbook.Damaged, "cut short"},
		{"UTF-16 cut short", "a.csv", "\xff\xfea\x00b", workbook.Encoding, "cut short"},
		{"web page in UTF-16", "a.csv", "\xff\xfe" + wide("<html><p>Sign in</p>"), workbook.NotSpreadsheet, "a web page"},
		{"UTF-8 that is none", "a.csv", "\xef\xbb\xbfarea,rate\nn\xe9,1\n", workbook.Encoding, "UTF-8"},
		{"old Macintosh", "a.csv", "a,b\r1,2\r", workbook.Encoding, "Macintosh"},
		{"CSV of nothing", "a.csv", "\xef\xbb\xbf\r\n \r\n", workbook.EmptyFile, "no values"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			_, _, err := read(tt.name, []byte(tt.data), workbook.DefaultLimits)
			wantFault(t, err, tt.code, "", tt.says)
		})
	}
}

func TestRefusedArchives(t *testing.T) {
	good := plain(rows(`<row r="1"><c r="A1"><v>1</v></c></row>`))
	add := func(name, body string) []part {
		return append(append([]part(nil), good...), part{name: name, body: body})
	}
	for _, tt := range []struct {
		what       string
		parts      []part
		code, says string
	}{
		{"other archive", []part{{name: "readme.txt", body: "hello"}}, workbook.NotSpreadsheet, "zip archive"},
		{"OpenDocument text", []part{{name: "mimetype", body: "application/vnd.oasis.opendocument.text"}, {name: "content.xml"}}, workbook.ODS, "not a spreadsheet"},
		{"Word", []part{{name: "word/document.xml"}}, workbook.NotSpreadsheet, "Word"},
		{"xlsb", add("xl/workbook.bin", ""), workbook.XLSB, ".xlsb"},
		{"macros", add("xl/vbaProject.bin", "x"), workbook.Macros, "macros"},
		{"macro sheet", add("xl/macrosheets/sheet1.xml", "x"), workbook.Macros, "macros"},
		{"macros by relationship", with(add("xl/code.dat", "x"), "xl/_rels/workbook.xml.rels", "</Relationships>", `<Relationship Id="rId7" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="code.dat"/></Relationships>`), workbook.Macros, "macros"},
		{"pivot cache", add("xl/pivotCache/pivotCacheRecords1.xml", "<pivotCacheRecords/>"), workbook.PivotCache, "behind a pivot table"},
		{"data model", add("xl/model/item.data", "x"), workbook.PivotCache, "data model"},
		{"the same part twice", add(sheetPart, good[4].body), workbook.Unsafe, "two parts"},
		{"the same part in capitals", add("XL/Workbook.xml", "<x/>"), workbook.Unsafe, "two parts"},
		{"climbing name", add("../evil.txt", "x"), workbook.Unsafe, `"../evil.txt"`},
		{"climbing name within", add("xl/../../evil.txt", "x"), workbook.Unsafe, "a part is named"},
		{"backslashes that climb", add(`..\evil.txt`, "x"), workbook.Unsafe, "a part is named"},
		{"absolute name", add("/etc/passwd", "x"), workbook.Unsafe, "a part is named"},
		{"drive", add("C:/evil.txt", "x"), workbook.Unsafe, "a part is named"},
		{"zip bomb", add("xl/media/a.bin", strings.Repeat("\x00", 129<<20)), workbook.TooLarge, "129 MB"},
		{"encrypted part", lied(good, sheetPart, func(h *zip.FileHeader) { h.Flags |= 1 }), workbook.Password, "encrypted"},
		{"bad check sum", lied(good, sheetPart, func(h *zip.FileHeader) { h.CRC32++ }), workbook.Damaged, "checksum"},
		{"bad check sum of a part nobody reads", lied(add("docProps/thumbnail.jpeg", "picture"), "docProps/thumbnail.jpeg", func(h *zip.FileHeader) { h.CRC32++ }), workbook.Damaged, "checksum"},
		{"size said too small", lied(good, sheetPart, func(h *zip.FileHeader) { h.UncompressedSize64 = 20 }), workbook.Damaged, "cannot be unpacked"},
		{"size said too large", lied(good, sheetPart, func(h *zip.FileHeader) { h.UncompressedSize64 += 9 }), workbook.Damaged, sheetPart},
		{"deflate cut short", lied(good, sheetPart, func(h *zip.FileHeader) { h.CompressedSize64 -= 20 }), workbook.Damaged, ""},
		{"unknown compression", lied(good, sheetPart, func(h *zip.FileHeader) { h.Method = 99 }), workbook.Damaged, "cannot be unpacked"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			_, _, err := read("a.xlsx", pack(t, tt.parts...), workbook.DefaultLimits)
			wantFault(t, err, tt.code, "", tt.says)
		})
	}
}

func TestRefusedBooks(t *testing.T) {
	const book, rels = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
	good := plain(rows(`<row r="1"><c r="A1"><v>1</v></c></row>`))
	for _, tt := range []struct {
		what           string
		parts          []part
		code, at, says string
	}{
		{"no workbook", with(good, "_rels/.rels", "xl/workbook.xml", "xl/other.xml"), workbook.Damaged, "", "no workbook part"},
		{"no sheets", with(good, book, `<sheet name="Data" sheetId="7" r:id="rId3"/>`, ""), workbook.EmptyFile, "", "no worksheet"},
		{"sheet without a part", with(good, rels, "sheet9.xml", "sheet8.xml"), workbook.Damaged, "Data", "not there"},
		{"sheet without a relationship", with(good, book, "rId3", "rId4"), workbook.Damaged, "Data", "not there"},
		{"one part as two sheets", with(good, book, "</sheets>", `<sheet name="Copy" sheetId="8" r:id="rId3"/></sheets>`), workbook.Unsafe, "", "the same"},
		{"an id twice", with(good, rels, `Id="rId2"`, `Id="rId3"`), workbook.Unsafe, "", "twice"},
		{"texts in two places", with(good, rels, "</Relationships>", `<Relationship Id="rId9" Type="`+relNS+`/sharedStrings" Target="worksheets/sheet9.xml"/></Relationships>`), workbook.Unsafe, "", "texts are kept"},
		{"no values", plain(rows(`<row r="1"><c r="A1" s="1"/></row>`)), workbook.EmptyFile, "", "no sheet of the workbook holds a value"},
		{"broken styles", with(good, "xl/styles.xml", "</styleSheet>", ""), workbook.Damaged, "", "cut short inside <styleSheet>"},
		{"broken theme", append(append([]part(nil), good...), part{name: "xl/theme/theme1.xml", body: "<a><b></a></b>"}), workbook.Damaged, "", "not well-formed"},
		{"two shared lists", with(good, "xl/sharedStrings.xml", "</sst>", "</sst><sst/>"), workbook.Damaged, "", "goes on after its end"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			_, _, err := read("a.xlsx", pack(t, tt.parts...), workbook.DefaultLimits)
			wantFault(t, err, tt.code, tt.at, tt.says)
		})
	}
}

func TestRefusedSheets(t *testing.T) {
	deep := strings.Repeat("<x>", 70) + strings.Repeat("</x>", 70)
	var attrs strings.Builder
	for i := range 70 {
		fmt.Fprintf(&attrs, ` a%d="1"`, i)
	}
	long := strings.Repeat("a", 140<<10)
	for _, tt := range []struct{ what, sheet, code, at, says string }{
		{"cut short", strings.TrimSuffix(rows(`<row><c><v>1</v></c></row>`), `</sheetData></worksheet>`), workbook.Damaged, "", "cut short inside <sheetData>"},
		{"cut within a tag", rows(`<row><c><v>1</v></c></row>`)[:100], workbook.Damaged, "", "not well-formed"},
		{"crossed elements", rows(`<row><c></row></c>`), workbook.Damaged, "", "</row> closes nothing"},
		{"entity", rows(`<row><c><v>&rate;</v></c></row>`), workbook.Damaged, "", "not well-formed"},
		{"DTD", strings.Replace(rows(""), "<worksheet", `<!DOCTYPE w [<!ENTITY a "b">]><worksheet`, 1), workbook.Unsafe, "", "document type"},
		{"UTF-16", strings.Replace(rows(""), "UTF-8", "UTF-16", 1), workbook.Damaged, "", "UTF-16"},
		{"too deep", rows(deep), workbook.Unsafe, "", "deep"},
		{"attribute twice", rows(`<row r="1" r="2"/>`), workbook.Damaged, "", "given twice"},
		{"too many attributes", rows(`<row` + attrs.String() + `/>`), workbook.Unsafe, "", "more than 64 attributes"},
		{"tag too long", rows(`<row r="` + long + long + `"/>`), workbook.Unsafe, "", "256 kB"},
		{"row below the last", rows(`<row r="1048577"/>`), workbook.Damaged, "Data", `row "1048577"`},
		{"row that is huge", rows(`<row r="1"/><row r="2000000000"/>`), workbook.Damaged, "Data", `row "2000000000"`},
		{"rows out of order", rows(`<row r="5"/><row r="4"/>`), workbook.Damaged, "Data", "follows row 5"},
		{"row 0", rows(`<row r="0"/>`), workbook.Damaged, "Data", `row "0"`},
		{"cells without address, to the right of the last", rows(`<row r="1">` + strings.Repeat(`<c/>`, 16385) + `</row>`), workbook.Damaged, "Data", "to the right of any sheet"},
		{"column right of the last", rows(`<row r="1"><c r="XFE1"><v>1</v></c></row>`), workbook.Damaged, "Data", `"XFE1"`},
		{"cells out of order", rows(`<row r="1"><c r="B1"/><c r="A1"/></row>`), workbook.Damaged, "Data", `"A1"`},
		{"cell twice", rows(`<row r="1"><c r="B1"/><c r="B1"/></row>`), workbook.Damaged, "Data", `"B1"`},
		{"cell of another row", rows(`<row r="1"><c r="A2"/></row>`), workbook.Damaged, "Data", `"A2"`},
		{"cell of no address", rows(`<row r="1"><c r="1A"/></row>`), workbook.Damaged, "Data", `"1A"`},
		{"text out of range", rows(`<row r="1"><c r="F1" t="s"><v>4</v></c></row>`), workbook.Damaged, "Data!F1", "text \"4\" of the 4"},
		{"text below zero", rows(`<row r="1"><c r="F1" t="s"><v>-1</v></c></row>`), workbook.Damaged, "Data!F1", "text \"-1\""},
		{"text without a number", rows(`<row r="1"><c r="F1" t="s"><v>one</v></c></row>`), workbook.Damaged, "Data!F1", "text \"one\""},
		{"unknown type", rows(`<row r="1"><c r="F1" t="q"><v>1</v></c></row>`), workbook.Damaged, "Data!F1", "unknown type"},
		{"unknown style", rows(`<row r="1"><c r="F1" s="6"><v>1</v></c></row>`), workbook.Damaged, "Data!F1", "style \"6\""},
		{"two values", rows(`<row r="1"><c r="F1"><v>1</v><v>2</v></c></row>`), workbook.Damaged, "Data!F1", "two values"},
		{"bad merge", strings.Replace(rows(""), "</worksheet>", `<mergeCells><mergeCell ref="B2:A1"/></mergeCells></worksheet>`, 1), workbook.Damaged, "Data", "merged cells"},
		{"long text", rows(`<row r="1"><c r="F1" t="inlineStr"><is><t>` + long + `</t></is></c></row>`), workbook.TooLarge, "Data!F1", "Shorten"},
		{"valued row too low", rows(`<row r="200001"><c r="A200001"><v>1</v></c></row>`), workbook.TooLarge, "Data!A200001", "below row 200000"},
		{"valued column too far", rows(`<row r="1"><c r="ALM1"><v>1</v></c></row>`), workbook.TooLarge, "Data!ALM1", "column ALL"},
		// What excelize takes for rows and the guard does not is told, not lost or gained.
		{"data in two pieces", strings.Replace(rows(""), "</worksheet>", `<sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`, 1), workbook.Incomplete, "Data", "0 of 1 rows"},
		{"text that unescapes to nothing", rows(`<row r="1"><c r="A1" t="inlineStr"><is><t>_xD800_</t></is></c></row>`), workbook.Incomplete, "Data", "A1 was lost"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			_, _, err := read("a.xlsx", pack(t, plain(tt.sheet)...), workbook.DefaultLimits)
			wantFault(t, err, tt.code, tt.at, tt.says)
		})
	}
}

func TestLimits(t *testing.T) {
	sheet := strings.Replace(rows(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>`),
		"</worksheet>", `<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:B2"/></mergeCells></worksheet>`, 1)
	data := pack(t, plain(sheet)...)
	for _, tt := range []struct {
		what string
		set  func(*workbook.Limits)
		at   string
	}{
		{"upload", func(l *workbook.Limits) { l.Upload = 100 }, ""},
		{"part", func(l *workbook.Limits) { l.Part = 200 }, ""},
		{"total", func(l *workbook.Limits) { l.Total = 1000 }, ""},
		{"text", func(l *workbook.Limits) { l.Text = 8 }, "Data!A2"},
		{"shared text", func(l *workbook.Limits) { l.Cell = 3 }, ""},
		{"parts", func(l *workbook.Limits) { l.Parts = 5 }, ""},
		{"rows", func(l *workbook.Limits) { l.Rows = 1 }, "Data!A2"},
		{"columns", func(l *workbook.Limits) { l.Cols = 1 }, "Data!B1"},
		{"cells", func(l *workbook.Limits) { l.Cells = 2 }, "Data!A2"},
		{"merges", func(l *workbook.Limits) { l.Merges = 1 }, "Data"},
		{"styles", func(l *workbook.Limits) { l.Styles = 5 }, ""},
	} {
		t.Run(tt.what, func(t *testing.T) {
			l := workbook.DefaultLimits
			tt.set(&l)
			_, _, err := read("a.xlsx", data, l)
			wantFault(t, err, workbook.TooLarge, tt.at, "")
		})
	}
}

// Every cut of a good workbook is refused, or read whole.
func TestTruncated(t *testing.T) {
	data := pack(t, plain(rows(`<row r="1"><c r="A1"><v>1</v></c></row>`))...)
	for n := range data {
		if _, _, err := read("a.xlsx", data[:n], workbook.DefaultLimits); err == nil {
			t.Fatalf("%d of %d bytes were read as a workbook", n, len(data))
		}
	}
}

// Any byte changed gives a fault or the same rows, never others.
func TestFlippedBytes(t *testing.T) {
	data := pack(t, plain(rows(`<row r="1"><c r="A1"><v>12345</v></c></row>`))...)
	for i := range data {
		bad := bytes.Clone(data)
		bad[i] ^= 0x10
		_, all, err := read("a.xlsx", bad, workbook.DefaultLimits)
		if err == nil && (len(all) != 1 || len(all[0]) != 1 || all[0][0].Cells[0].Number != 12345) {
			t.Fatalf("with byte %d changed it reads %+v", i, all)
		}
	}
}
