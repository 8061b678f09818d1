package workbook_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"strings"
	"testing"

	"bellwether/internal/workbook"
)

// part is one part of a workbook under test. A part with lie set claims a
// size or check sum that is not its own; one with long set is body and, behind
// it, long.
type part struct {
	name, body string
	lie        func(*zip.FileHeader)
	long       *long
}

// long is a text of unit n times and then tail, of which only a piece is ever
// in memory, or compressed.
type long struct {
	unit string
	n    int
	tail string
}

// pack zips parts in their order, duplicates and all.
func pack(_ testing.TB, parts ...part) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		if err := addPart(z, p); err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func addPart(z *zip.Writer, p part) error {
	body := &deflated{}
	body.write(p.body, 1)
	if p.long != nil {
		body.write(p.long.unit, p.long.n)
		body.write(p.long.tail, 1)
	}
	body.data.Write([]byte{1, 0, 0, 0xff, 0xff}) // an empty last block
	h := &zip.FileHeader{Name: p.name, Method: zip.Deflate, CRC32: body.sum,
		CompressedSize64: uint64(body.data.Len()), UncompressedSize64: body.size}
	if p.lie != nil {
		p.lie(h)
	}
	w, err := z.CreateRaw(h)
	if err == nil {
		_, err = w.Write(body.data.Bytes())
	}
	return err
}

// deflated is a compressed text that grows by blocks of their own.
type deflated struct {
	data bytes.Buffer
	size uint64
	sum  uint32
}

// write adds text n times; about a quarter of a megabyte is compressed once,
// and copied from then on.
func (d *deflated) write(text string, n int) {
	many := max(1, min(n, (256<<10)/max(len(text), 1)))
	for _, run := range []struct{ length, times int }{{many, n / many}, {n % many, 1}} {
		if run.length*run.times == 0 || text == "" {
			continue
		}
		plain := []byte(strings.Repeat(text, run.length))
		var block bytes.Buffer
		w, _ := flate.NewWriter(&block, flate.BestSpeed)
		w.Write(plain)
		w.Flush()
		for range run.times {
			d.data.Write(block.Bytes())
			d.size += uint64(len(plain))
			d.sum = crc32.Update(d.sum, crc32.IEEETable, plain)
		}
	}
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS  = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relNS   = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	relsNS  = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
)

// plain is a whole workbook of one sheet, Data, whose sheet part holds sheet.
// Its parts are named so that only relationships tell which is which. Shared
// strings: 0 "area", 1 "806", 2 "", 3 rich "North East". Styles: 0 General,
// 1 mmm-yy, 2 0.0%, 3 own dd mmm yyyy, 4 own [h]:mm, 5 h:mm.
func plain(sheet string) []part {
	return []part{
		{name: "[Content_Types].xml", body: xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`},
		{name: "_rels/.rels", body: xmlHead + `<Relationships ` + relsNS + `><Relationship Id="rId1" Type="` + relNS + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{name: "xl/workbook.xml", body: xmlHead + `<workbook ` + mainNS + ` xmlns:r="` + relNS + `"><workbookPr/><sheets><sheet name="Data" sheetId="7" r:id="rId3"/></sheets></workbook>`},
		{name: "xl/_rels/workbook.xml.rels", body: xmlHead + `<Relationships ` + relsNS + `><Relationship Id="rId1" Type="` + relNS + `/styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + relNS + `/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="rId3" Type="` + relNS + `/worksheet" Target="worksheets/sheet9.xml"/></Relationships>`},
		{name: "xl/worksheets/sheet9.xml", body: sheet},
		{name: "xl/sharedStrings.xml", body: xmlHead + `<sst ` + mainNS + ` count="4" uniqueCount="4"><si><t>area</t></si><si><t>806</t></si><si><t/></si><si><r><t xml:space="preserve">North </t></r><r><rPr><b/></rPr><t>East</t></r><rPh sb="0" eb="1"><t>unseen</t></rPh></si></sst>`},
		{name: "xl/styles.xml", body: xmlHead + `<styleSheet ` + mainNS + `><numFmts count="2"><numFmt numFmtId="164" formatCode="[$-809]dd\ mmm\ yyyy;@"/><numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="17" applyNumberFormat="1"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>`},
	}
}

// rows is a sheet part that holds the rows given.
func rows(data string) string {
	return xmlHead + `<worksheet ` + mainNS + `><sheetData>` + data + `</sheetData></worksheet>`
}

// with replaces old by new in the part of that name; a new part is added.
func with(parts []part, name, old, new string) []part {
	out := append([]part(nil), parts...)
	for i, p := range out {
		if p.name == name {
			out[i].body = strings.Replace(p.body, old, new, 1)
			return out
		}
	}
	return append(out, part{name: name, body: new})
}

// lied makes the part of that name claim something else of itself.
func lied(parts []part, name string, lie func(*zip.FileHeader)) []part {
	out := append([]part(nil), parts...)
	for i, p := range out {
		if p.name == name {
			out[i].lie = lie
		}
	}
	return out
}

// badSum makes a part claim a check sum that is not its own.
func badSum(h *zip.FileHeader) { h.CRC32++ }

// read opens data and reads every row of every sheet; it gives what came
// before an error, with copied cells.
func read(name string, data []byte, l workbook.Limits) (book *workbook.Book, all [][]workbook.Row, err error) {
	if book, err = workbook.Open(name, data, l); err != nil {
		return nil, nil, err
	}
	defer book.Close()
	for i := range book.Sheets {
		var sheet []workbook.Row
		for row, err := range book.Rows(i) {
			if err != nil {
				return book, append(all, sheet), err
			}
			row.Cells = append([]workbook.Cell(nil), row.Cells...)
			sheet = append(sheet, row)
		}
		all = append(all, sheet)
	}
	return book, all, nil
}

func mustRead(t testing.TB, name string, data []byte) (*workbook.Book, [][]workbook.Row) {
	t.Helper()
	book, all, err := read(name, data, workbook.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return book, all
}

// wantFault checks err against a code and a part of what it says.
func wantFault(t *testing.T, err error, code, at, says string) {
	t.Helper()
	var f *workbook.Fault
	if !errors.As(err, &f) {
		t.Fatalf("error is %v, want a Fault %s", err, code)
	}
	if f.Code != code || f.At != at || !strings.Contains(f.Message, says) {
		t.Errorf("fault is %s at %q: %s\nwant %s at %q saying %q", f.Code, f.At, f.Message, code, at, says)
	}
	if !strings.HasSuffix(f.Message, ".") || strings.Count(f.Message, ". ") < 1 {
		t.Errorf("%q says what is wrong but not what to do", f.Message)
	}
}
