// Package workbook reads spreadsheets as positioned rows of typed cells, and
// writes them. It knows zip, OOXML, OpenDocument, CSV and what can be wrong
// with them: no library sees a workbook's bytes before the guard here has
// walked every part of it, and a sheet whose rows come out other than the guard
// counted them is a Fault, never a shorter sheet. A file is read as a stream
// and never unpacked whole. It refuses to know what the figures mean: a text
// cell that holds digits stays text. It alone imports excelize.
package workbook

import (
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Kind is what a cell holds.
type Kind uint8

const (
	Empty  Kind = iota // nothing, or white space only
	Text               // text as typed, digits or not
	Number             // a number, with its Format
	Date               // a number that is shown as a date
	Bool               // Text is "TRUE" or "FALSE"
	Error              // "#REF!", a number out of range, a formula never worked out
)

var kindNames = [...]string{"empty", "text", "number", "date", "true or false", "error"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind " + strconv.Itoa(int(k))
}

// Cell is one cell as stored, not as shown.
type Cell struct {
	Kind   Kind
	Text   string    // text of a text cell; a number as stored ("638.70000000000005"); "#REF!" for an error
	Number float64   // of Number and Date (the date's serial)
	Time   time.Time // of Date, UTC, to the second
	Format string    // number format of a Number or Date, "" for general: "mmm-yy", "0.0%"
}

// Row is one row that holds something. Cells[i] is column i, 0 being A, up to
// the last one that holds something. It is valid until the next row is read.
type Row struct {
	Number int // 1-based, as the spreadsheet counts
	Cells  []Cell
	Hidden bool
}

// Merge is a block of merged cells; columns from 0, rows from 1, inclusive.
type Merge struct{ FirstCol, FirstRow, LastCol, LastRow int }

// Sheet is one worksheet. A CSV file is one sheet with Name "".
type Sheet struct {
	Name   string
	Hidden bool
	Merges []Merge
	Rows   int // rows with a value, as the guard counted them; 0 for CSV, which is read once
	Cells  int // cells with a value, likewise

	HiddenCols []int // hidden columns up to the last that holds a value, from 0
	HiddenRows int   // hidden rows that hold a value
}

// Book is an opened file. It is for one goroutine at a time.
type Book struct {
	Format  string // "xlsx", "xlsm", "ods" or "csv"
	Sheets  []Sheet
	Remarks []Remark // texts that stand in no cell
	Notes   []string // what was not read, or read on a guess, in words

	limits   Limits
	text     *csvText // CSV
	archive  *archive // all others
	ods      *odsBook
	parts    *parts       // xlsx
	texts    *stringTable // xlsx
	styles   styles       // xlsx
	date1904 bool         // xlsx: serials count from 1904
}

// Open checks a file that was uploaded under name and makes it ready to read.
// Content decides what it is, then the name. The error is a *Fault. The Book
// keeps data and reads from it.
func Open(name string, data []byte, l Limits) (*Book, error) {
	l = l.Filled()
	zipped, err := sniff(name, data, l)
	if err != nil {
		return nil, err
	}
	if !zipped {
		return openCSV(data, l)
	}
	a, err := openArchive(name, data, l)
	if err != nil {
		return nil, err
	}
	if a.format == formatODS {
		return a.openODS()
	}
	return a.openXLSX()
}

// Rows yields the rows of Sheets[sheet] that hold something, top to bottom.
// An error is a *Fault, and the last thing yielded.
func (b *Book) Rows(sheet int) iter.Seq2[Row, error] {
	open := b.xlsxRows
	switch b.Format {
	case formatCSV:
		open = b.csvRows
	case formatODS:
		open = b.odsRows
	}
	return func(yield func(Row, error) bool) {
		r, err := open(sheet)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer r.close()
		for {
			row, err := r.next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			if len(row.Cells) > 0 && !yield(row, nil) {
				return
			}
		}
	}
}

// rowReader gives the rows of a sheet, blank ones without cells; io.EOF ends.
type rowReader interface {
	next() (Row, error)
	close()
}

// Close lets go of what Open took. The Book is of no use afterwards.
func (b *Book) Close() error {
	*b = Book{Format: b.Format, Sheets: b.Sheets, Remarks: b.Remarks, Notes: b.Notes}
	return nil
}

// Address names a cell as a spreadsheet does: "Sheet1!F12", "'LA SN Groups'!F12",
// or "F12" when sheet is "". col counts from 0, row from 1.
func Address(sheet string, col, row int) string {
	cell := columnName(col) + strconv.Itoa(row)
	if sheet == "" {
		return cell
	}
	return quoteSheet(sheet) + "!" + cell
}

func columnName(col int) string {
	var b []byte
	for n := col + 1; n > 0; n = (n - 1) / 26 {
		b = append([]byte{byte('A' + (n-1)%26)}, b...)
	}
	return string(b)
}

// quoteSheet writes a name so that Excel's Go To box takes it.
func quoteSheet(name string) string {
	plain := func(r rune) bool {
		return r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
	}
	if strings.IndexFunc(name, func(r rune) bool { return !plain(r) }) < 0 {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", "''") + "'"
}
