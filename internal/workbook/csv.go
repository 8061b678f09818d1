package workbook

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strings"
)

func openCSV(data []byte, l Limits) (*Book, error) {
	text := bytes.TrimPrefix(data, bomUTF8)
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fault(EmptyFile, "", "the file holds no values. Check that it was saved whole, then upload it again.")
	}
	return &Book{Format: formatCSV, Sheets: []Sheet{{}}, limits: l, text: text, comma: separator(text)}, nil
}

// separator is the commonest of comma, semicolon and tab, outside quotes, in
// the first line that has one; comma where none has.
func separator(text []byte) rune {
	for line := range bytes.Lines(text) {
		var count [3]int
		quoted := false
		for _, c := range line {
			if c == '"' {
				quoted = !quoted
			}
			if i := strings.IndexByte(",;\t", c); i >= 0 && !quoted {
				count[i]++
			}
		}
		switch most := max(count[0], count[1], count[2]); {
		case most == 0:
		case most == count[0]:
			return ','
		case most == count[1]:
			return ';'
		default:
			return '\t'
		}
	}
	return ','
}

func (b *Book) csvRows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := newCSVReader(b)
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

type csvReader struct {
	*csv.Reader
	limits Limits
	row    int // spreadsheet row of the last record
	line   int // last line of the last record
	valued int
	cells  []Cell
}

func newCSVReader(b *Book) *csvReader {
	r := csv.NewReader(bytes.NewReader(b.text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = b.comma, -1, true
	return &csvReader{Reader: r, limits: b.limits}
}

// next is the next record; it has no cells where all are blank.
func (r *csvReader) next() (Row, error) {
	fields, err := r.Read()
	if err != nil {
		return Row{}, r.fault(err)
	}
	r.count(fields)
	r.cells = r.cells[:0]
	for col, s := range fields {
		if blank(s) {
			continue
		}
		if err := r.spend(col, s); err != nil {
			return Row{}, err
		}
		for len(r.cells) < col {
			r.cells = append(r.cells, Cell{})
		}
		r.cells = append(r.cells, Cell{Kind: Text, Text: s})
	}
	return Row{Number: r.row, Cells: r.cells}, nil
}

// count moves on to the record's row. encoding/csv passes over empty lines,
// which a spreadsheet counts; a line end within quotes starts no row.
func (r *csvReader) count(fields []string) {
	first, _ := r.FieldPos(0)
	r.row += first - r.line
	r.line = first
	for _, s := range fields {
		r.line += strings.Count(s, "\n")
	}
}

func (r *csvReader) spend(col int, s string) error {
	l := r.limits
	r.valued++
	at := func() string { return Address("", col, r.row) }
	switch {
	case len(s) > l.Cell:
		return tooLarge(at(), "a cell's text is longer than %d bytes. Shorten it, or look for a quotation mark that is not closed.", l.Cell)
	case r.row > l.Rows:
		return tooLarge(at(), "the file goes on below row %d, the last that is read. Upload it in parts.", l.Rows)
	case col >= l.Cols:
		return tooLarge(at(), "the file goes on to the right of column %s, the last that is read. Take out what is not needed.", columnName(l.Cols-1))
	case r.valued > l.Cells:
		return tooLarge(at(), "the file has more than %d cells with a value. Upload it in parts.", l.Cells)
	}
	return nil
}

func (r *csvReader) fault(err error) error {
	var bad *csv.ParseError
	if !errors.As(err, &bad) {
		return err // io.EOF: the text is in memory
	}
	row := r.row + max(bad.StartLine-r.line, 1)
	what := "a quotation mark stands inside a value that is not quoted"
	if errors.Is(bad.Err, csv.ErrQuote) {
		what = "a quotation mark is not closed, or text follows one that is"
	}
	return fault(Damaged, Address("", 0, row), "on line %d %s. Put the whole value in quotation marks and double those within it, or save the file again as \"CSV UTF-8 (Comma delimited)\".", bad.Line, what)
}
