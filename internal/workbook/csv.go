package workbook

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// csvText is a CSV file that has been looked through.
type csvText struct {
	data     []byte
	encoding encoding
	comma    rune
	said     bool // the first line says "sep=;", and is no row
}

// openCSV looks through a text once, so that nothing is read of one that is
// not whole text, and nothing long reaches the library.
func openCSV(data []byte, l Limits) (*Book, error) {
	t := &csvText{data: data, encoding: encodingOf(data)}
	if t.encoding.unit == 1 && bytes.IndexByte(data, 0) >= 0 {
		return nil, fault(NotSpreadsheet, "", "the file holds binary data and is not a spreadsheet. Upload a workbook (.xlsx or .ods) or a CSV file.")
	}
	if len(data)%t.encoding.unit != 0 {
		return nil, fault(Encoding, "", "the file is cut short in the middle of a character. %s", saveUTF8)
	}
	if t.encoding.mark == len(bomUTF8) && !utf8.Valid(data) {
		return nil, fault(Encoding, "", "the file says that it is in UTF-8, but holds characters that are not. %s", saveUTF8)
	}
	t.separator()
	look := csvLook{limits: l, comma: byte(t.comma), guessed: t.encoding.name != utf8Name, row: 1}
	if err := look.through(t.reader()); err != nil {
		return nil, err
	}
	b := &Book{Format: formatCSV, Sheets: []Sheet{{}}, limits: l, text: t}
	if look.guessed {
		b.Notes = []string{"The file is not in UTF-8. It was read as " + t.encoding.name + "."}
	}
	return b, nil
}

// reader gives the text as UTF-8, without the line that names the separator.
func (t *csvText) reader() *bufio.Reader {
	r := bufio.NewReader(t.encoding.reader(t.data))
	if t.said {
		r.ReadSlice('\n')
	}
	return r
}

const separators = ",;\t"

// headSize is how much of a file is looked at to find the separator.
const headSize = 64 << 10

// separator is what a first line "sep=;" says, as Excel writes and heeds it.
// Else it is the commonest of comma, semicolon and tab, outside quotes, in the
// first line that has one; comma where none has.
func (t *csvText) separator() {
	head, _ := io.ReadAll(io.LimitReader(t.reader(), headSize))
	first, _, _ := bytes.Cut(head, []byte("\n"))
	first = bytes.Trim(first, "\r\"")
	if len(first) == 5 && strings.EqualFold(string(first[:4]), "sep=") && strings.IndexByte(separators, first[4]) >= 0 {
		t.comma, t.said = rune(first[4]), true
		return
	}
	t.comma = ','
	for line := range bytes.Lines(head) {
		if c := commonest(line); c != 0 {
			t.comma = c
			return
		}
	}
}

// commonest is the commonest separator of a line outside quotes, 0 for none.
func commonest(line []byte) rune {
	var count [len(separators)]int
	quoted := false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		}
		if i := strings.IndexByte(separators, c); i >= 0 && !quoted {
			count[i]++
		}
	}
	best := 0
	for i, n := range count {
		if n > count[best] {
			best = i
		}
	}
	if count[best] == 0 {
		return 0
	}
	return rune(separators[best])
}

type csvReader struct {
	*csv.Reader
	limits Limits
	used   budget
	said   int // lines before the first row
	row    int // spreadsheet row of the last record
	line   int // last line of the last record
	cells  []Cell
}

func (b *Book) csvRows(int) (rowReader, error) {
	r := csv.NewReader(b.text.reader())
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = b.text.comma, -1, true
	c := &csvReader{Reader: r, limits: b.limits}
	if b.text.said {
		c.said = 1
	}
	return c, nil
}

func (r *csvReader) close() {}

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
	return Row{Number: r.row, Cells: r.cells}, r.used.spendArea(r.limits, "", len(r.cells))
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
	at := func() string { return Address("", col, r.row) }
	if col >= r.limits.Cols {
		return tooWide(at(), r.limits)
	}
	return r.used.spend(r.limits, at, r.row, 0, len(s), 1)
}

func (r *csvReader) fault(err error) error {
	var bad *csv.ParseError
	if !errors.As(err, &bad) {
		return err // io.EOF: the text is in memory, and has been decoded once
	}
	row := r.row + max(bad.StartLine-r.line, 1)
	what := "a quotation mark stands inside a value that is not quoted"
	if errors.Is(bad.Err, csv.ErrQuote) {
		what = "a quotation mark is not closed, or text follows one that is"
	}
	return fault(Damaged, Address("", 0, row), "on line %d %s. Put the whole value in quotation marks and double those within it, or save the file again as \"CSV UTF-8 (Comma delimited)\".", bad.Line+r.said, what)
}
