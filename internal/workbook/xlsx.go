package workbook

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// openXLSX walks every part of a workbook. The library sees none of it before
// its sheets are read, and then nothing but those.
func (a *archive) openXLSX() (*Book, error) {
	if err := a.checkParts(); err != nil {
		return nil, err
	}
	p, err := a.parts()
	if err != nil {
		return nil, err
	}
	b := &Book{Format: a.format, Sheets: p.sheets, limits: a.limits, archive: a, parts: p, date1904: p.date1904}
	if b.styles, err = a.styles(p); err != nil {
		return nil, err
	}
	if b.texts, err = a.stringTable(p); err != nil {
		return nil, err
	}
	if err := b.guard(); err != nil {
		return nil, err
	}
	b.Remarks, b.Notes = a.remarks.list, a.notes
	return b, nil
}

// guard reads every sheet, and then the parts no one has read yet.
func (b *Book) guard() error {
	var used budget
	for i, f := range b.parts.files {
		scan, err := b.scan(f, &b.Sheets[i], &used)
		for err == nil {
			err = scan.step()
		}
		if scan != nil {
			scan.close()
		}
		if err != io.EOF {
			return err
		}
	}
	if used.cells == 0 {
		return fault(EmptyFile, "", "no sheet of the workbook holds a value. Check that it was saved with its figures, then upload it again.")
	}
	return b.guardRest()
}

// guardRest gathers remarks. What stands in customXml is read by nobody and
// may be in any encoding, as Power Query's is.
func (b *Book) guardRest() error {
	of, err := b.archive.remarkSheets(b.parts)
	if err != nil {
		return err
	}
	return b.archive.rest(func(f *zip.File, name string) visit {
		isXML := strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels")
		if !isXML || strings.HasPrefix(name, "customxml/") {
			return nil
		}
		scan := remarkScan{keep: &b.archive.remarks, sheet: of[f]}
		return scan.visit
	})
}

// feed is the rows of a sheet part as the library reads them: token by token,
// after the scan has taken each, so that it is never ahead of the scan.
type feed struct {
	scan  *sheetScan
	token []byte // what is left of the last one
	err   error
}

func (f *feed) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(f.token) == 0 {
			if f.err != nil {
				return n, f.err
			}
			if f.err = f.scan.step(); f.err == nil && f.scan.fed {
				f.token = f.scan.xml.raw
			}
		}
		copied := copy(p[n:], f.token)
		f.token = f.token[copied:]
		n += copied
	}
	return n, nil
}

// sheetReader takes rows from excelize in step with the scan.
type sheetReader struct {
	book   *Book
	sheet  Sheet
	feed   feed
	file   *excelize.File
	rows   *excelize.Rows
	number int // of the library's current row
	ahead  scannedRow
	done   int // rows with a value that have been matched
	cells  []Cell
}

// The library takes a sheet from memory only, unless its text is in an
// encoding of which it knows nothing: then it asks for a reader.
const (
	onlySheet  = "Sheet1"
	onlyPart   = "xl/worksheets/sheet1.xml"
	feedName   = "x-feed"
	feedHeader = `<?xml version="1.0" encoding="` + feedName + `"?>`
)

func (b *Book) xlsxRows(sheet int) (_ rowReader, err error) {
	name := b.Sheets[sheet].Name
	defer recoverTo(&err, name)
	scan, err := b.scan(b.parts.files[sheet], &Sheet{Name: name}, &budget{})
	if err != nil {
		return nil, err
	}
	b.archive.elements = 0
	scan.keep = true
	r := &sheetReader{book: b, sheet: b.Sheets[sheet], feed: feed{scan: scan}, file: excelize.NewFile(excelize.Options{RawCellValue: true})}
	r.file.CharsetTranscoder(func(charset string, _ io.Reader) (io.Reader, error) {
		if charset != feedName {
			return nil, fmt.Errorf("encoding %s", charset)
		}
		return &r.feed, nil
	})
	r.file.Sheet.Delete(onlyPart)
	r.file.Pkg.Store(onlyPart, []byte(feedHeader))
	if r.rows, err = r.file.Rows(onlySheet); err != nil {
		err = damaged(name, "the sheet cannot be read (%v)", err)
	}
	return r, err
}

func (r *sheetReader) close() {
	r.feed.scan.close()
	r.file.Close()
}

// recoverTo turns a panic of the library into a Fault.
func recoverTo(err *error, at string) {
	if r := recover(); r != nil {
		*err = damaged(at, "it cannot be read (%v)", r)
	}
}

// next is the library's next row, without cells where it holds nothing.
func (r *sheetReader) next() (row Row, err error) {
	defer recoverTo(&err, r.sheet.Name)
	if r.rows.Next() {
		r.number++
		values, err := r.rows.Columns()
		if err != nil {
			return Row{}, damaged(r.sheet.Name, "row %d cannot be read (%v)", r.number, err)
		}
		return r.match(values)
	}
	return Row{}, r.end()
}

// end is io.EOF if the whole sheet has been read, and nothing of it was lost.
func (r *sheetReader) end() error {
	if err := r.rows.Error(); err != nil {
		return damaged(r.sheet.Name, "it cannot be read after row %d (%v)", r.number, err)
	}
	for r.feed.err == nil {
		r.feed.err = r.feed.scan.step()
	}
	if !errors.Is(r.feed.err, io.EOF) {
		return r.feed.err
	}
	if r.done < r.sheet.Rows {
		return r.incomplete("%d of %d rows were read", r.done, r.sheet.Rows)
	}
	return io.EOF
}

// match holds the library's values against the scan's row of that number and
// makes cells of them. A blank row gives no cells.
func (r *sheetReader) match(values []string) (Row, error) {
	left := 0
	for _, v := range values {
		if v != "" {
			left++
		}
	}
	if r.ahead.number == 0 {
		r.ahead, _ = r.feed.scan.take()
	}
	seen := r.ahead
	if seen.number != r.number {
		if left > 0 {
			return Row{}, r.incomplete("row %d was read where none was expected", r.number)
		}
		return Row{}, nil
	}
	r.ahead = scannedRow{}
	r.cells = r.cells[:0]
	for _, s := range seen.cells {
		text := ""
		if int(s.col) < len(values) {
			text = values[s.col]
		}
		if (text == "") != (s.form == formUnworked) {
			return Row{}, r.incomplete("%s was lost", Address("", int(s.col), r.number))
		}
		if text != "" {
			left--
		}
		c, err := r.cell(text, s)
		if err != nil {
			return Row{}, err
		}
		r.put(int(s.col), c)
	}
	if left != 0 {
		return Row{}, r.incomplete("row %d has %d cells too many", r.number, left)
	}
	if seen.valued > 0 {
		r.done++
	}
	r.feed.scan.giveBack(seen)
	return Row{Number: r.number, Cells: r.cells, Hidden: seen.hidden}, nil
}

// cell makes a cell of what the library gave.
func (r *sheetReader) cell(text string, s cellShape) (Cell, error) {
	if s.form == formShared {
		i, ok := r.book.texts.index([]byte(text))
		if !ok {
			return Cell{}, r.incomplete("%s has the text %q", Address("", int(s.col), r.number), text)
		}
		text = r.book.texts.list[i]
	}
	return r.book.cell(text, s), nil
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
	return fault(Incomplete, r.sheet.Name, "the sheet could not be read whole: %s. %s", fmt.Sprintf(format, args...), saveAgain)
}
