package workbook_test

import (
	"errors"
	"testing"

	"bellwether/internal/workbook"
)

// checkRead is what any input must give: no panic, and a Fault or exactly the
// rows and cells counted.
func checkRead(t *testing.T, name string, data []byte) {
	l := workbook.DefaultLimits
	l.Part, l.Total = 1<<20, 2<<20
	book, all, err := read(name, data, l)
	if err != nil {
		var f *workbook.Fault
		if !errors.As(err, &f) || f.Code == "" || f.Message == "" {
			t.Fatalf("error is no whole Fault: %v", err)
		}
		return
	}
	for i, sheet := range all {
		rows, cells := checkSheet(t, sheet)
		if s := book.Sheets[i]; book.Format != "csv" && (rows != s.Rows || cells != s.Cells) {
			t.Fatalf("%d rows and %d cells came out of %d and %d", rows, cells, s.Rows, s.Cells)
		}
	}
}

// checkSheet counts what was read.
func checkSheet(t *testing.T, sheet []workbook.Row) (rows, cells int) {
	last := 0
	for _, r := range sheet {
		if r.Number <= last || len(r.Cells) == 0 || r.Cells[len(r.Cells)-1].Kind == workbook.Empty {
			t.Fatalf("row %d after row %d ends in nothing: %+v", r.Number, last, r.Cells)
		}
		last = r.Number
		for _, c := range r.Cells {
			if c.Kind != workbook.Empty {
				cells++
			}
		}
	}
	return len(sheet), cells
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "sep=;\n\xe1;b\n", "\xff\xfea\x00,\x00\x3d\xd8\x00\xde\n\x00", "\xef\xbb\xbfa;b\r\n\r\n1;2", "\"a\nb\"\tc\n\td\"", "\n\n,,\n\"\"\"x\"\"\",\x01\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkRead(t, "a.csv", data) })
}

func FuzzSheetXML(f *testing.F) {
	for _, s := range []string{
		`<row r="1"><c r="A1"><v>1</v></c><c t="s"><v>3</v></c></row>`,
		`<row r="2" hidden="1"><c r="B2" t="inlineStr"><is><r><t>a</t></r><t>b</t></is></c></row><row><c s="1"><v>45383</v></c></row>`,
		`<row><c><f>1</f></c><c t="str"><f>""</f><v></v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c t="d"><v>2024-04-01</v></c></row>`,
	} {
		f.Add(rows(s))
	}
	f.Fuzz(func(t *testing.T, sheet string) {
		checkRead(t, "a.xlsx", pack(t, plain(sheet)...))
	})
}

func FuzzODS(f *testing.F) {
	for _, s := range []string{
		table(`<table:table-column table:number-columns-repeated="3" table:visibility="collapse"/><table:table-row table:number-rows-repeated="2">` + odsOne + odsBlank + `</table:table-row>`),
		table(`<table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p><office:annotation><text:p>d</text:p></office:annotation></table:table-cell></table:table-row>`),
		table(`<table:table-row-group><table:table-row table:visibility="filter"><table:table-cell office:value-type="percentage" office:value="0.5"/><table:covered-table-cell office:value-type="date" office:date-value="2024-04-01"/><table:table-cell table:formula="of:=1"/></table:table-row></table:table-row-group>`),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, tables string) { checkRead(t, "a.ods", pack(t, odsBook(tables)...)) })
}
