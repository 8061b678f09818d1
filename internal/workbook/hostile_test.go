package workbook_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"bellwether/internal/workbook"
)

// hostile is a file that means harm, or looks as if it did, and what must be
// said of it: the code of a fault, or that many cells.
type hostile struct {
	what, name string
	data       func() []byte
	code       string
	cells      int
}

const oneRow = `<row r="1"><c r="A1"><v>1</v></c></row>`

var sheetHead, sheetTail, _ = strings.Cut(rows("\x00"), "\x00")

// longSheet is a workbook whose sheet holds before, unit n times, and after.
func longSheet(before, unit string, n int, after string) func() []byte {
	return func() []byte {
		parts := plain("")
		parts[4] = part{name: sheetPart, body: sheetHead + before, long: &long{unit, n, after + sheetTail}}
		return pack(nil, parts...)
	}
}

// longPart is a sound workbook with one part replaced, or one more.
func longPart(name, before, unit string, n int, after string) func() []byte {
	return func() []byte {
		parts := plain(rows(oneRow))
		p := part{name: name, body: before, long: &long{unit, n, after}}
		for i := range parts {
			if parts[i].name == name {
				parts[i] = p
				return pack(nil, parts...)
			}
		}
		return pack(nil, append(parts, p)...)
	}
}

// longSheetTail puts unit n times behind the sheet's data.
func longSheetTail(before, unit string, n int, after string) func() []byte {
	return func() []byte {
		parts := plain("")
		parts[4] = part{name: sheetPart, body: strings.TrimSuffix(rows(oneRow), "</worksheet>") + before, long: &long{unit, n, after + "</worksheet>"}}
		return pack(nil, parts...)
	}
}

func longODS(before, unit string, n int, after string) func() []byte {
	return func() []byte {
		parts := odsBook("\x00")
		head, tail, _ := strings.Cut(parts[1].body, "\x00")
		parts[1] = part{name: "content.xml", body: head + before, long: &long{unit, n, after + tail}}
		return pack(nil, parts...)
	}
}

func sheetOf(data string) func() []byte {
	return func() []byte { return pack(nil, plain(rows(data))...) }
}

func bookWith(more ...part) func() []byte {
	return func() []byte { return pack(nil, append(plain(rows(oneRow)), more...)...) }
}

func text(s string) func() []byte { return func() []byte { return []byte(s) } }

func repeated(s string, n int) func() []byte {
	return func() []byte { return bytes.Repeat([]byte(s), n) }
}

func lyingSize(size uint64) func() []byte {
	return func() []byte {
		p := part{name: "xl/media/a.bin", long: &long{"\x00", 1 << 30, ""}, lie: func(h *zip.FileHeader) { h.UncompressedSize64 = size }}
		return pack(nil, append(plain(rows(oneRow)), p)...)
	}
}

// sharedTexts is a workbook with the shared strings given; its sheet refers
// to the first of them so many times.
func sharedTexts(unit string, n, refs int) func() []byte {
	return func() []byte {
		parts := plain(rows(repeatRows(refs, `<c r="A%d" t="s"><v>0</v></c>`)))
		parts[5] = part{name: "xl/sharedStrings.xml", body: xmlHead + `<sst ` + mainNS + `>`, long: &long{unit, n, `</sst>`}}
		return pack(nil, parts...)
	}
}

// numberedTexts is n different shared strings of size bytes.
func numberedTexts(n, size int) func() []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<si><t>%0*d</t></si>", size, i)
	}
	return sharedTexts(b.String(), 1, 1)
}

// styleSheet is a workbook with many number formats and cell styles.
func styleSheet(formats, length, cells int) func() []byte {
	return func() []byte {
		var b strings.Builder
		b.WriteString(xmlHead + `<styleSheet ` + mainNS + `><numFmts>`)
		for i := range formats {
			fmt.Fprintf(&b, `<numFmt numFmtId="%d" formatCode="%0*d"/>`, 200+i, length, i)
		}
		b.WriteString(`</numFmts><cellXfs>`)
		parts := plain(rows(oneRow))
		parts[6] = part{name: "xl/styles.xml", body: b.String(), long: &long{`<xf numFmtId="201"/>`, cells, `</cellXfs></styleSheet>`}}
		return pack(nil, parts...)
	}
}

// noise cannot be compressed.
func noise(n int) string {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(b)
	return string(b)
}

// manyEntries is a zip of n empty files.
func manyEntries(n int) func() []byte {
	return func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range n {
			z.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i)})
		}
		z.Close()
		return b.Bytes()
	}
}

// mixedRows is n rows of ten cells, every row of another pattern and all text
// different.
func mixedRows(n int) func() []byte {
	var b strings.Builder
	for r := 1; r <= n; r++ {
		fmt.Fprintf(&b, `<row r="%d">`, r)
		for c := range 20 {
			if r>>c&1 == 1 {
				fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>text %d of row %d</t></is></c>`, workbook.Address("", c, r), c, r)
			}
		}
		b.WriteString("</row>")
	}
	return sheetOf(b.String())
}

// patternCells is how many cells mixedRows has.
func patternCells(n int) (cells int) {
	for r := 1; r <= n; r++ {
		for c := range 20 {
			cells += r >> c & 1
		}
	}
	return cells
}

// farCells is n rows with one cell far to the right.
func farCells(n int, column, cell string) func() []byte {
	return sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>` + strings.Replace(repeatRows(n, strings.ReplaceAll(cell, "REF", column+"%d")), `<row r="1">`, `<row r="200000">`, 0)[len(`<row r="1">`+strings.ReplaceAll(strings.ReplaceAll(cell, "REF", column+"%d"), "%d", "1")+`</row>`):])
}

// corpus is made when it is asked for: the children that read its files must
// not hold it.
func corpus() []hostile {
	return slices.Concat(hostileArchives(), hostileSheets(), hostileTexts(), hostileXML(), hostileODS(), hostileCSV())
}

// hostileArchives are zips, and what is no zip.
func hostileArchives() []hostile {
	return []hostile{
		{"zip bomb", "a.xlsx", longPart("xl/media/a.bin", "", "\x00", 1<<30, ""), workbook.TooLarge, 0},
		{"zip bomb of many parts", "a.xlsx", func() []byte {
			parts := plain(rows(oneRow))
			for i := range 50 {
				parts = append(parts, part{name: fmt.Sprintf("xl/media/%d.bin", i), long: &long{"\x00", 100 << 20 / 50 * 2, ""}})
			}
			return pack(nil, parts...)
		}, workbook.TooLarge, 0},
		{"size said far too small", "a.xlsx", lyingSize(100), workbook.Damaged, 0},
		{"size said within limits", "a.xlsx", lyingSize(100 << 20), workbook.Damaged, 0},
		{"size said far too large", "a.xlsx", lyingSize(1 << 40), workbook.TooLarge, 0},
		{"as much as may be, never read", "a.xlsx", longPart("xl/media/a.bin", "", "\x00", 120<<20, ""), "", 1},
		{"a million entries", "a.xlsx", manyEntries(200_000), workbook.TooLarge, 0},
		{"zip within a zip", "a.xlsx", func() []byte {
			return bookWith(part{name: "xl/media/a.zip", body: string(longPart("a", "", "\x00", 1<<30, "")())})()
		}, "", 1},
		{"nothing but a zip", "a.zip", func() []byte { return pack(nil, part{name: "a.zip", long: &long{"PK", 1 << 20, ""}}) }, workbook.NotSpreadsheet, 0},
		{"workbook within a workbook", "a.xlsx", func() []byte {
			return bookWith(part{name: "xl/embeddings/a.xlsx", body: string(sheetOf(oneRow)())})()
		}, workbook.Embedded, 0},
		{"20 MB of noise", "a.xlsx", bookWith(part{name: "xl/media/a.png", body: noise(19 << 20)}), "", 1},
		{"check sum", "a.xlsx", func() []byte { return pack(nil, lied(plain(rows(oneRow)), sheetPart, badSum)...) }, workbook.Damaged, 0},
		{"climbing name", "a.xlsx", bookWith(part{name: "xl/../../../etc/passwd", body: "x"}), workbook.Unsafe, 0},
		{"two of a name", "a.xlsx", bookWith(part{name: sheetPart, body: rows("")}), workbook.Unsafe, 0},
		{"macros", "a.xlsx", bookWith(part{name: "xl/vbaProject.bin", body: "x"}), workbook.Macros, 0},
		{"macros that say so", "a.xlsm", bookWith(part{name: "xl/vbaProject.bin", body: "x"}), "", 1},
		{"pivot cache records", "a.xlsx", bookWith(part{name: "xl/pivotCache/pivotCacheRecords1.xml", body: "<r/>"}), workbook.PivotCache, 0},
		{"encrypted, to be tried a billion times", "a.xlsx", text(oleMagic + strings.Repeat("\x00", 4096) + wide("EncryptionInfo") + wide("EncryptedPackage") + `<keyEncryptors><keyEncryptor><encryptedKey spinCount="1000000000"/></keyEncryptor></keyEncryptors>`), workbook.Password, 0},
		{"old xls", "a.xls", text(oleMagic + wide("Workbook") + strings.Repeat("\x00", 1<<20)), workbook.OldXLS, 0},
		{"web page as xlsx", "a.xlsx", text("<html><table><tr><td>1</td></tr></table></html>"), workbook.NotSpreadsheet, 0},
	}
}

// hostileSheets are of rows and cells.
func hostileSheets() []hostile {
	return []hostile{
		{"a cell in XFD thirty thousand times", "a.xlsx", farCells(30_000, "XFD", `<c r="REF"><v>1</v></c>`), workbook.TooLarge, 0},
		{"a blank cell in XFD thirty thousand times", "a.xlsx", farCells(30_000, "XFD", `<c r="REF" s="1"/>`), "", 1},
		{"a formula of nothing in XFD thirty thousand times", "a.xlsx", farCells(30_000, "XFD", `<c r="REF" t="str"><f>""</f><v></v></c>`), workbook.TooLarge, 0},
		{"a cell in ALL at every row", "a.xlsx", farCells(30_000, "ALL", `<c r="REF"><v>1</v></c>`), workbook.TooLarge, 0},
		{"no cell has an address", "a.xlsx", longSheet(oneRow+"<row>", `<c s="1"/>`, 10_000_000, "</row>"), workbook.Damaged, 0},
		{"cells of nothing", "a.xlsx", longSheet(oneRow, "<row>"+strings.Repeat(`<c></c>`, 500)+"</row>", 30_000, ""), workbook.TooLarge, 0},
		{"rows of nothing", "a.xlsx", longSheet(oneRow, "<row/>", 20_000_000, ""), workbook.Damaged, 0},
		{"row two billion", "a.xlsx", sheetOf(oneRow + `<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>`), workbook.Damaged, 0},
		{"rows out of order", "a.xlsx", sheetOf(`<row r="9"><c r="A9"><v>1</v></c></row>` + oneRow), workbook.Damaged, 0},
		{"text below zero", "a.xlsx", sheetOf(`<row r="1"><c r="A1" t="s"><v>-1</v></c></row>`), workbook.Damaged, 0},
		{"text two billion", "a.xlsx", sheetOf(`<row r="1"><c r="A1" t="s"><v>2000000000</v></c></row>`), workbook.Damaged, 0},
		{"a cell of many runs", "a.xlsx", longSheet(`<row><c t="inlineStr"><is>`, "<r/>", 30_000_000, `</is></c></row>`), workbook.TooLarge, 0},
		{"a formula without end", "a.xlsx", longSheet(`<row><c><f>`, "A1>", 40_000_000, `</f><v>1</v></c></row>`), workbook.Unsafe, 0},
		{"a row of long texts", "a.xlsx", longSheet("<row>", `<c t="inlineStr"><is><t>`+strings.Repeat("x", 120<<10)+`</t></is></c>`, 900, "</row>"), workbook.TooLarge, 0},
		{"white space between rows", "a.xlsx", longSheet(oneRow, " \n", 60_000_000, ""), workbook.Unsafe, 0},
		{"comments between rows", "a.xlsx", longSheet("", "<!---->", 16_000_000, oneRow), "", 1},
		{"empty elements beside the rows", "a.xlsx", longSheetTail("<x>", "<x/>", 30_000_000, "</x>"), workbook.TooLarge, 0},
		{"as many elements beside the rows as may be", "a.xlsx", longSheetTail("<x>", "<x/>", 11_999_900, "</x>"), "", 1},
		{"every row of another pattern", "a.xlsx", mixedRows(15_000), "", patternCells(15_000)},
	}
}

// hostileTexts are of shared strings and styles.
func hostileTexts() []hostile {
	return []hostile{
		{"one text of a megabyte, used two thousand times", "a.xlsx", sharedTexts(`<si><t>`+strings.Repeat("x", 1<<20)+`</t></si>`, 1, 2000), workbook.Unsafe, 0},
		{"the same in pieces", "a.xlsx", sharedTexts(`<si>`+strings.Repeat(`<r><t>`+strings.Repeat("x", 1<<10)+`</t></r>`, 1<<10)+`</si>`, 1, 2000), workbook.TooLarge, 0},
		{"one text as long as may be, used two thousand times", "a.xlsx", sharedTexts(`<si><t>`+strings.Repeat("x", 128<<10)+`</t></si>`, 1, 2000), "", 2000},
		{"texts of nothing", "a.xlsx", sharedTexts(`<si/>`, 20_000_000, 1), workbook.TooLarge, 0},
		{"many texts", "a.xlsx", numberedTexts(500_001, 10), workbook.TooLarge, 0},
		{"as many texts as may be", "a.xlsx", numberedTexts(500_000, 10), "", 1},
		{"as much text as may be", "a.xlsx", numberedTexts(160_000, 104), "", 1},
		{"a hundred thousand styles", "a.xlsx", styleSheet(10, 200, 100_000), workbook.TooLarge, 0},
		{"long number formats", "a.xlsx", styleSheet(1000, 100_000, 1), workbook.Unsafe, 0},
		{"many number formats", "a.xlsx", styleSheet(6000, 200, 1), workbook.TooLarge, 0},
		{"as many styles as may be", "a.xlsx", styleSheet(5000, 2000, 65_000), "", 1},
	}
}

// hostileXML are of what XML allows anywhere, and of what stands beside the rows.
func hostileXML() []hostile {
	return []hostile{
		{"billion laughs", "a.xlsx", func() []byte {
			dtd := `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>`
			return pack(nil, with(plain(rows(`<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>`)), sheetPart, "<worksheet", dtd+"<worksheet")...)
		}, workbook.Unsafe, 0},
		{"elements within elements", "a.xlsx", longSheet("", "<x>", 30_000_000, ""), workbook.Unsafe, 0},
		{"an element of a million attributes", "a.xlsx", longSheet("<row ", `a="" `, 1_000_000, "/>"), workbook.Unsafe, 0},
		{"an element of many attributes", "a.xlsx", longSheet("<row ", `a="" `, 50_000, "/>"), workbook.Damaged, 0},
		{"an attribute of a hundred megabytes", "a.xlsx", longSheet(`<row r="`, `1`, 100<<20, `"/>`), workbook.Unsafe, 0},
		{"many names", "a.xlsx", func() []byte {
			var b strings.Builder
			for i := range 800_000 {
				fmt.Fprintf(&b, "<x%d/>", i)
			}
			return longSheetTail("<x>", b.String(), 1, "</x>")()
		}, "", 1},
		{"merged cells", "a.xlsx", longSheetTail("<mergeCells>", `<mergeCell ref="A1:B2"/>`, 5_000_000, "</mergeCells>"), workbook.TooLarge, 0},
		{"hidden columns", "a.xlsx", longSheetTail("<cols>", `<col min="1" max="16384" hidden="1"/>`, 3_000_000, "</cols>"), workbook.Damaged, 0},
		{"defined names", "a.xlsx", longPart("xl/workbook.xml", plain("")[2].body[:strings.Index(plain("")[2].body, "</workbook>")]+"<definedNames>", `<definedName name="a">Data!$A$1</definedName>`, 2_500_000, "</definedNames></workbook>"), workbook.TooLarge, 0},
		{"sheets", "a.xlsx", longPart("xl/workbook.xml", xmlHead+`<workbook `+mainNS+` xmlns:r="`+relNS+`"><sheets>`, `<sheet name="Data" sheetId="7" r:id="rId3"/>`, 2_500_000, "</sheets></workbook>"), workbook.Unsafe, 0},
		{"relationships", "a.xlsx", func() []byte {
			var b strings.Builder
			for i := range 800_000 {
				fmt.Fprintf(&b, `<Relationship Id="r%d" Target="%0100d"/>`, i, i)
			}
			return longPart("xl/_rels/workbook.xml.rels", xmlHead+`<Relationships `+relsNS+`>`, b.String(), 1, `</Relationships>`)()
		}, workbook.Unsafe, 0},
		{"comments", "a.xlsx", longPart("xl/comments1.xml", xmlHead+`<comments `+mainNS+`><commentList>`, `<comment ref="A1"><text><t>x</t></text></comment>`, 2_500_000, `</commentList></comments>`), workbook.TooLarge, 0},
		{"one comment without end", "a.xlsx", longPart("xl/comments1.xml", xmlHead+`<comments `+mainNS+`><commentList><comment ref="A1"><text>`, `<t>`+strings.Repeat("x", 1<<10)+`</t>`, 100_000, `</text></comment></commentList></comments>`), workbook.TooLarge, 0},
	}
}

// hostileODS are of OpenDocument.
func hostileODS() []hostile {
	return []hostile{
		{"ods: block of values", "a.ods", longODS("", table(`<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>`), 1, ""), workbook.TooLarge, 0},
		{"ods: block of nothing", "a.ods", longODS("", table(`<table:table-row>`+odsOne+`</table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`), 1, ""), "", 1},
		{"ods: rows of nothing", "a.ods", longODS(`<table:table table:name="Data"><table:table-row>`+odsOne+`</table:table-row>`, `<table:table-row/>`, 6_000_000, `</table:table>`), "", 1},
		{"ods: values repeated far to the right", "a.ods", longODS(`<table:table table:name="Data">`, `<table:table-row><table:table-cell table:number-columns-repeated="999"/>`+odsOne+`</table:table-row>`, 100_000, `</table:table>`), workbook.TooLarge, 0},
		{"ods: sheets", "a.ods", func() []byte {
			var b strings.Builder
			for i := range 300 {
				fmt.Fprintf(&b, `<table:table table:name="%d"><table:table-row>%s</table:table-row></table:table>`, i, odsOne)
			}
			return longODS("", b.String(), 1, "")()
		}, workbook.TooLarge, 0},
		{"ods: many paragraphs", "a.ods", longODS(`<table:table table:name="Data"><table:table-row><table:table-cell office:value-type="string">`, `<text:p/>`, 10_000_000, `</table:table-cell></table:table-row></table:table>`), workbook.TooLarge, 0},
		{"ods: an annotation without end", "a.ods", longODS(`<table:table table:name="Data"><table:table-row><table:table-cell><office:annotation>`, `<text:p>`+strings.Repeat("x", 1<<10)+`</text:p>`, 100_000, `</office:annotation></table:table-cell></table:table-row></table:table>`), workbook.TooLarge, 0},
		{"ods: columns", "a.ods", longODS(`<table:table table:name="Data">`, `<table:table-column table:visibility="collapse"/>`, 2_000_000, `</table:table>`), workbook.Damaged, 0},
		{"ods: styles", "a.ods", func() []byte {
			var b strings.Builder
			for i := range 100_000 {
				fmt.Fprintf(&b, `<style:style style:name="%0100d" style:family="table-cell" style:data-style-name="%0100d"/>`, i, i)
			}
			parts := odsBook(table(`<table:table-row>` + odsOne + `</table:table-row>`))
			parts[2] = part{name: "styles.xml", body: xmlHead + `<office:document-styles ` + odsNS + `><office:styles>` + b.String() + `</office:styles></office:document-styles>`}
			return pack(nil, parts...)
		}, workbook.TooLarge, 0},
	}
}

// hostileCSV are of text without any format.
func hostileCSV() []hostile {
	return []hostile{
		{"csv: a field of 19 MB", "a.csv", repeated("x", 19<<20), workbook.TooLarge, 0},
		{"csv: a quotation that is not closed", "a.csv", func() []byte { return append([]byte("a,b\n1,\""), bytes.Repeat([]byte("2\n"), 9<<20)...) }, workbook.TooLarge, 0},
		{"csv: a million columns", "a.csv", repeated("a,", 1_000_000), workbook.TooLarge, 0},
		{"csv: a million columns of nothing", "a.csv", func() []byte { return append(bytes.Repeat([]byte(","), 1_000_000), "\na,b\n"...) }, workbook.TooLarge, 0},
		{"csv: ten million rows", "a.csv", repeated("1\n", 10_000_000), workbook.TooLarge, 200_000},
		{"csv: twenty million rows of nothing", "a.csv", repeated("\n", 20_000_000), workbook.EmptyFile, 0},
		{"csv: zero bytes", "a.csv", repeated("a\x00b,", 1_000_000), workbook.NotSpreadsheet, 0},
		{"csv: nothing but quotation marks", "a.csv", repeated(`"`, 19<<20), workbook.TooLarge, 0},
		{"csv: noise", "a.csv", text(noise(1 << 20)), workbook.NotSpreadsheet, 0},
		{"csv: wide UTF-16", "a.csv", func() []byte {
			return append([]byte("\xff\xfe"), bytes.Repeat([]byte("\x2d\x4e,\x00\x2d\x4e\n\x00"), 2_000_000)...)
		}, workbook.TooLarge, 400_000},
		{"csv: far to the right at every row", "a.csv", repeated(strings.Repeat(",", 999)+"1\n", 19_000), workbook.TooLarge, 12_000},
	}
}
