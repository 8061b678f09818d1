package workbook_test

import (
	"strings"
	"testing"

	"bellwether/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

// remarked is a workbook with a text in every place that is no cell.
func remarked() []part {
	parts := plain(rows(`<row r="1"><c r="A1"><v>1</v></c></row>`))
	parts = with(parts, "xl/workbook.xml", "</sheets>", `</sheets><definedNames><definedName name="Child" localSheetId="0">Data!$A$1</definedName></definedNames>`)
	return append(parts,
		part{name: "xl/worksheets/_rels/sheet9.xml.rels", body: xmlHead + `<Relationships ` + relsNS + `><Relationship Id="rId1" Type="` + relNS + `/comments" Target="../notes/one.xml"/><Relationship Id="rId2" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/threadedComment1.xml"/></Relationships>`},
		part{name: "xl/notes/one.xml", body: xmlHead + `<comments ` + mainNS + `><authors><author>J</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>born </t></r><r><t>2011</t></r></text></comment><comment ref="B2" authorId="0"><text><t> </t></text></comment></commentList></comments>`},
		part{name: "xl/threadedComments/threadedComment1.xml", body: xmlHead + `<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="C3" id="{1}"><text>see &lt;him&gt;</text></threadedComment></ThreadedComments>`},
		part{name: "xl/drawings/drawing1.xml", body: xmlHead + `<xdr:wsDr xmlns:xdr="x" xmlns:a="y"><xdr:twoCellAnchor><xdr:sp><xdr:txBody><a:p><a:r><a:t>box</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>`},
		part{name: "xl/externalLinks/externalLink1.xml", body: xmlHead + `<externalLink ` + mainNS + `><externalBook><sheetDataSet><sheetData sheetId="0"><row r="2"><cell r="B2" t="str"><v>kept</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>`},
	)
}

func TestRemarks(t *testing.T) {
	book, _ := mustRead(t, "a.xlsx", pack(t, remarked()...))
	want := []workbook.Remark{
		{Name: "Child", Text: "Data!$A$1"},
		{Sheet: "Data", Name: "A1", Text: "born 2011"},
		{Sheet: "Data", Name: "C3", Text: "see <him>"},
		{Text: "box"},
		{Name: "B2", Text: "kept"},
	}
	if diff := cmp.Diff(want, book.Remarks); diff != "" {
		t.Error(diff)
	}
	for what, set := range map[string]func(*workbook.Limits){
		"number": func(l *workbook.Limits) { l.Remarks = 4 },
		"size":   func(l *workbook.Limits) { l.RemarkText = 40 },
	} {
		l := workbook.DefaultLimits
		set(&l)
		_, err := workbook.Open("a.xlsx", pack(t, remarked()...), l)
		t.Log(what)
		wantFault(t, err, workbook.TooLarge, "", "comments and defined names")
	}
}

// Macros are passed over in a file that says by its name that it has them.
func TestXLSM(t *testing.T) {
	parts := append(plain(rows(`<row r="1"><c r="A1"><v>1</v></c></row>`)),
		part{name: "xl/vbaProject.bin", body: "\xd0\xcf\x11\xe0"}, part{name: "xl/macrosheets/sheet1.xml", body: "<xm:macrosheet/>"}, part{name: "xl/embeddings/letter.docx", body: "x"})
	parts = with(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", `<Relationship Id="rId7" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/><Relationship Id="rId8" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" Target="macrosheets/sheet1.xml"/></Relationships>`)
	parts = with(parts, "xl/workbook.xml", "</sheets>", `<sheet name="Macro1" sheetId="9" r:id="rId8"/></sheets>`)
	book, all := mustRead(t, "A.XLSM", pack(t, parts...))
	if book.Format != "xlsm" || len(book.Sheets) != 1 || len(all[0]) != 1 {
		t.Errorf("read as %s with %+v", book.Format, book.Sheets)
	}
	if notes := strings.Join(book.Notes, " "); !strings.Contains(notes, "macros") || !strings.Contains(notes, "other documents") {
		t.Errorf("notes are %q", notes)
	}
	_, _, err := read("a.xlsx", pack(t, parts...), workbook.DefaultLimits)
	wantFault(t, err, workbook.Macros, "", "macros")
	_, _, err = read("a.xlsm", pack(t, lied(parts, "xl/vbaProject.bin", badSum)...), workbook.DefaultLimits)
	wantFault(t, err, workbook.Damaged, "", "checksum")
}

func TestHiddenColumns(t *testing.T) {
	sheet := strings.Replace(rows(`<row r="1" ht="0"><c r="A1"><v>1</v></c><c r="F1"><v>2</v></c></row><row r="2" hidden="1"><c r="A2" s="1"/></row>`),
		"<sheetData>", `<cols><col min="2" max="3" width="9" hidden="1"/><col min="5" max="5" width="0"/><col min="6" max="16384" hidden="true"/></cols><sheetData>`, 1)
	book, all := mustRead(t, "a.xlsx", pack(t, plain(sheet)...))
	if s := book.Sheets[0]; !cmp.Equal(s.HiddenCols, []int{1, 2, 4, 5}) || s.HiddenRows != 1 || !all[0][0].Hidden {
		t.Errorf("the sheet is %+v", s)
	}
}

// Shared strings may hold escapes, and characters beyond the first plane.
func TestEscapes(t *testing.T) {
	parts := with(plain(rows(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v> 1 </v></c></row>`)), "xl/sharedStrings.xml", "<t>area</t>", `<t>a_x000D_b_x005F_x0041_ _xD83D__xDE00_</t>`)
	_, all := mustRead(t, "a.xlsx", pack(t, parts...))
	if diff := cmp.Diff([]workbook.Row{texts(1, "a\rb_x0041_ \U0001F600", "806")}, all[0]); diff != "" {
		t.Error(diff)
	}
}
