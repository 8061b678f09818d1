package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"iter"
	"strings"

	"github.com/xuri/excelize/v2"
)

// openXLSX walks every part of a workbook, then lets excelize unpack it.
func openXLSX(data []byte, l Limits) (*Book, error) {
	a, err := openArchive(data, l)
	if err != nil {
		return nil, err
	}
	b, err := a.guard()
	if err != nil {
		return nil, err
	}
	b.file, err = openLibrary(data, l)
	return b, err
}

// guard reads every part once. What it learns of the sheets is in the Book.
func (a *archive) guard() (*Book, error) {
	p, err := a.parts()
	if err != nil {
		return nil, err
	}
	b := &Book{Format: formatXLSX, Sheets: p.sheets, date1904: p.date1904, shapes: make([]sheetShape, len(p.sheets))}
	if b.styles, err = a.styles(p); err != nil {
		return nil, err
	}
	table, err := a.stringTable(p)
	if err != nil {
		return nil, err
	}
	var used budget
	for i, f := range p.files {
		if b.shapes[i], err = a.scan(f, &b.Sheets[i], table, b.styles, &used); err != nil {
			return nil, err
		}
	}
	if used.cells == 0 {
		return nil, fault(EmptyFile, "", "no sheet of the workbook holds a value. Check that it was saved with its figures, then upload it again.")
	}
	return b, a.guardRest(p)
}

// guardRest walks the parts no one has walked yet. What stands in customXml is
// read by nobody and may be in any encoding, as Power Query's is.
func (a *archive) guardRest(p *parts) error {
	done := map[*zip.File]bool{p.strings: true, p.styles: true}
	for _, f := range p.files {
		done[f] = true
	}
	for _, f := range a.files {
		name := partName(f.Name)
		isXML := strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels")
		var err error
		switch {
		case done[f]:
		case isXML && !strings.HasPrefix(name, "customxml/"):
			err = a.walk(f, func([]string, xml.Token) error { return nil })
		default:
			err = a.drain(f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func openLibrary(data []byte, l Limits) (f *excelize.File, err error) {
	defer recoverTo(&err, "")
	// Equal limits: nothing is written to temporary files.
	f, err = excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: l.Total, UnzipXMLSizeLimit: l.Total,
	})
	if err != nil {
		return nil, damaged("", "it cannot be read (%v)", err)
	}
	return f, nil
}

// recoverTo turns a panic of the library into a Fault.
func recoverTo(err *error, at string) {
	if r := recover(); r != nil {
		*err = damaged(at, "it cannot be read (%v)", r)
	}
}

func (b *Book) xlsxRows(sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r, err := b.newSheetReader(sheet)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer r.rows.Close()
		for {
			row, ok, err := r.next()
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !ok || !yield(row, nil) {
				return
			}
		}
	}
}

// sheetReader takes rows from excelize in step with what the guard saw.
type sheetReader struct {
	book   *Book
	name   string
	rows   *excelize.Rows
	shape  *sheetShape
	number int // of the library's current row
	done   int // rows of shape that have been matched
	cells  []Cell
}

func (b *Book) newSheetReader(sheet int) (r *sheetReader, err error) {
	name := b.Sheets[sheet].Name
	defer recoverTo(&err, name)
	rows, err := b.file.Rows(name)
	if err != nil {
		return nil, damaged(name, "the sheet cannot be read (%v)", err)
	}
	return &sheetReader{book: b, name: name, rows: rows, shape: &b.shapes[sheet]}, nil
}

// next is the next row that holds something, false after the last.
func (r *sheetReader) next() (row Row, ok bool, err error) {
	defer recoverTo(&err, r.name)
	for r.rows.Next() {
		r.number++
		values, err := r.rows.Columns()
		if err != nil {
			return Row{}, false, damaged(r.name, "row %d cannot be read (%v)", r.number, err)
		}
		row, err := r.match(values)
		if err != nil || len(row.Cells) > 0 {
			return row, err == nil, err
		}
	}
	if err := r.rows.Error(); err != nil {
		return Row{}, false, damaged(r.name, "it cannot be read after row %d (%v)", r.number, err)
	}
	if r.done < len(r.shape.rows) {
		return Row{}, false, r.incomplete("%d of %d rows were read", r.done, len(r.shape.rows))
	}
	return Row{}, false, nil
}

// match holds the library's values against the guard's row of that number and
// makes cells of them. A blank row gives no cells.
func (r *sheetReader) match(values []string) (Row, error) {
	valued := 0
	for _, v := range values {
		if v != "" {
			valued++
		}
	}
	expected := r.done < len(r.shape.rows) && int(r.shape.rows[r.done].number) == r.number
	if !expected {
		if valued > 0 {
			return Row{}, r.incomplete("row %d was read where none was expected", r.number)
		}
		return Row{}, nil
	}
	seen := r.shape.rows[r.done]
	r.done++
	r.cells = r.cells[:0]
	for _, s := range r.shape.shapes[seen.shape] {
		text := ""
		if int(s.col) < len(values) {
			text = values[s.col]
		}
		if (text == "") != (s.form == formUnworked) {
			return Row{}, r.incomplete("%s was lost", Address("", int(s.col), r.number))
		}
		if text != "" {
			valued--
		}
		r.put(int(s.col), r.book.cell(text, s))
	}
	if valued != 0 {
		return Row{}, r.incomplete("row %d has %d cells too many", r.number, valued)
	}
	return Row{Number: r.number, Cells: r.cells, Hidden: seen.hidden}, nil
}

// put sets a cell, with empty ones before it; an empty one is not put.
func (r *sheetReader) put(col int, c Cell) {
	if c.Kind == Empty {
		return
	}
	for len(r.cells) < col {
		r.cells = append(r.cells, Cell{})
	}
	r.cells = append(r.cells, c)
}

func (r *sheetReader) incomplete(format string, args ...any) *Fault {
	return fault(Incomplete, r.name, "the sheet could not be read whole: %s. %s", fmt.Sprintf(format, args...), saveAgain)
}
