// Package workbook reads spreadsheets as positioned rows of typed cells, and
// writes them. It knows zip, OOXML, CSV and what can be wrong with them: no
// library sees a workbook's bytes before the guard here has walked every part
// of it, and a sheet whose rows come out other than the guard counted them is
// a Fault, never a shorter sheet. It refuses to know what the figures mean: a
// text cell that holds digits stays text. It alone imports excelize.
package workbook

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
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
}

// Book is an opened file. It is for one goroutine at a time.
type Book struct {
	Format string // "xlsx" or "csv"
	Sheets []Sheet

	limits   Limits
	text     []byte         // CSV, without its byte order mark
	comma    rune           // CSV separator
	file     *excelize.File // xlsx
	shapes   []sheetShape   // xlsx: what the guard saw, one for each of Sheets
	styles   styles         // xlsx
	date1904 bool           // xlsx: serials count from 1904
}

// Open checks a file that was uploaded under name and makes it ready to read.
// Content decides what it is, then the name. The error is a *Fault.
func Open(name string, data []byte, l Limits) (*Book, error) {
	format, err := sniff(name, data, l)
	if err != nil {
		return nil, err
	}
	if format == formatCSV {
		return openCSV(data, l)
	}
	return openXLSX(data, l)
}

// Rows yields the rows of Sheets[sheet] that hold something, top to bottom.
// An error is a *Fault, and the last thing yielded.
func (b *Book) Rows(sheet int) iter.Seq2[Row, error] {
	if b.Format == formatCSV {
		return b.csvRows()
	}
	return b.xlsxRows(sheet)
}

// Close lets go of what Open took. The Book is of no use afterwards.
func (b *Book) Close() error {
	if b.file == nil {
		return nil
	}
	return b.file.Close()
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
