package workbook

import (
	"archive/zip"
	"encoding/xml"
	"strconv"
	"strings"
)

// form is how a cell with a value is stored.
type form uint8

const (
	formText form = iota
	formNumber
	formBool
	formError
	formISODate
	formUnworked // a formula whose result was never stored
)

// cellShape is all that is kept of a cell until the library gives its value.
type cellShape struct {
	col   uint16 // from 0
	style uint16
	form  form
}

// rowShape is one row with a value; rows that look alike share a shape.
type rowShape struct {
	number int32
	shape  int32
	hidden bool
}

// sheetShape is what the guard saw of a sheet: its rows in order, and the
// distinct shapes they have.
type sheetShape struct {
	rows   []rowShape
	shapes [][]cellShape
}

// budget counts what all sheets of a workbook have used of the limits.
type budget struct {
	cells int
	text  int64
}

// scan walks one sheet, counting into s what it finds.
func (a *archive) scan(f *zip.File, s *Sheet, texts stringTable, st styles, b *budget) (sheetShape, error) {
	sc := sheetScan{archive: a, sheet: s, texts: texts, styles: len(st.formats), budget: b, index: map[string]int32{}}
	err := a.walk(f, sc.visit)
	return sc.out, err
}

type sheetScan struct {
	*archive
	sheet  *Sheet
	texts  stringTable
	styles int
	budget *budget

	row    int
	hidden bool
	cells  []cellShape // of the row
	col    int         // from 1
	cell   cellScan

	out   sheetShape
	index map[string]int32 // shape by key
	key   []byte
}

// cellScan is what is known of a cell before its end.
type cellScan struct {
	kind, style      string
	value            []byte
	inline           int
	hasValue, hasSum bool // <v>, <f>
}

func (s *sheetScan) visit(at []string, t xml.Token) error {
	switch e := t.(type) {
	case xml.StartElement:
		return s.start(at, e)
	case xml.CharData:
		return s.chars(at, e)
	case xml.EndElement:
		switch {
		case inCell(at) && len(at) == 4:
			return s.endCell()
		case inRow(at) && len(at) == 3:
			s.endRow()
		}
	}
	return nil
}

func inRow(at []string) bool {
	return len(at) >= 3 && at[2] == "row" && at[1] == "sheetData"
}

func inCell(at []string) bool { return len(at) >= 4 && at[3] == "c" && inRow(at) }

func (s *sheetScan) start(at []string, e xml.StartElement) error {
	switch {
	case len(at) == 3 && inRow(at):
		return s.startRow(e)
	case len(at) == 4 && inCell(at):
		return s.startCell(e)
	case len(at) == 5 && inCell(at):
		return s.startPart(e.Name.Local)
	case len(at) == 3 && at[1] == "mergeCells" && at[2] == "mergeCell":
		return s.merge(attr(e, "ref"))
	}
	return nil
}

func (s *sheetScan) startRow(e xml.StartElement) error {
	n := s.row + 1
	if r := attr(e, "r"); r != "" {
		var err error
		if n, err = strconv.Atoi(r); err != nil || n <= s.row || n > lastRow {
			return damaged(s.sheet.Name, "row %q follows row %d", r, s.row)
		}
	}
	s.row, s.col, s.cells, s.hidden = n, 0, s.cells[:0], truth(attr(e, "hidden"))
	return nil
}

func (s *sheetScan) startCell(e xml.StartElement) error {
	s.cell = cellScan{value: s.cell.value[:0]}
	col := s.col + 1
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "r":
			c, row, ok := parseAddress(a.Value)
			if !ok || row != s.row || c < s.col {
				return damaged(s.sheet.Name, "cell %q stands in row %d after column %d", a.Value, s.row, s.col)
			}
			col = c + 1
		case "s":
			s.cell.style = a.Value
		case "t":
			s.cell.kind = a.Value
		}
	}
	s.col = col
	return nil
}

func (s *sheetScan) at() string { return Address(s.sheet.Name, s.col-1, s.row) }

func (s *sheetScan) startPart(name string) error {
	switch name {
	case "v":
		if s.cell.hasValue {
			return damaged(s.at(), "the cell has two values")
		}
		s.cell.hasValue = true
	case "f":
		s.cell.hasSum = true
	}
	return nil
}

func (s *sheetScan) chars(at []string, text xml.CharData) error {
	if len(at) < 5 || !inCell(at) {
		return nil
	}
	switch {
	case len(at) == 5 && at[4] == "v":
		s.cell.value = append(s.cell.value, text...)
	case richText(at, 4, "is"):
		s.cell.inline += len(text)
	}
	if max(len(s.cell.value), s.cell.inline) > s.limits.Cell {
		return s.longCell(s.at())
	}
	return nil
}

func (s *sheetScan) endCell() error {
	size, form, err := s.measure()
	if err != nil || size == 0 && form != formUnworked {
		return err
	}
	style, err := s.style()
	if err != nil {
		return err
	}
	if err := s.spend(size); err != nil {
		return err
	}
	s.cells = append(s.cells, cellShape{uint16(s.col - 1), style, form})
	return nil
}

// measure is how many bytes of text the cell has, and how they are stored.
func (s *sheetScan) measure() (size int, f form, err error) {
	c := &s.cell
	size = len(c.value)
	switch c.kind {
	case "s":
		f = formText
		if size > 0 {
			size, err = s.shared()
		}
	case "inlineStr":
		f, size = formText, max(size, c.inline)
	case "str":
		f = formText
	case "", "n":
		f = formNumber
	case "b":
		f = formBool
	case "e":
		f = formError
	case "d":
		f = formISODate
	default:
		return 0, f, damaged(s.at(), "the cell is of an unknown type %q", c.kind)
	}
	// A formula that gave "" is stored as an empty text; one that was never
	// worked out has no value at all.
	if size == 0 && c.hasSum && (!c.hasValue || f != formText) {
		f = formUnworked
	}
	return size, f, err
}

func (s *sheetScan) shared() (int, error) {
	i, err := strconv.Atoi(strings.TrimSpace(string(s.cell.value)))
	if err != nil || i < 0 || i >= len(s.texts) {
		return 0, damaged(s.at(), "the cell refers to text %q of the %d the workbook holds", s.cell.value, len(s.texts))
	}
	return int(s.texts[i]), nil
}

func (s *sheetScan) style() (uint16, error) {
	if s.cell.style == "" {
		return 0, nil
	}
	i, err := strconv.Atoi(s.cell.style)
	if err != nil || i < 0 || i >= s.styles {
		return 0, damaged(s.at(), "the cell refers to style %q of the %d the workbook holds", s.cell.style, s.styles)
	}
	return uint16(i), nil
}

func (s *sheetScan) spend(size int) error {
	l := s.limits
	s.budget.cells++
	s.budget.text += int64(size)
	switch {
	case s.row > l.Rows:
		return tooLarge(s.at(), "the sheet goes on below row %d, the last that is read. Upload it in parts.", l.Rows)
	case s.col > l.Cols:
		return tooLarge(s.at(), "the sheet goes on to the right of column %s, the last that is read. Take out what is not needed.", columnName(l.Cols-1))
	case s.budget.cells > l.Cells:
		return tooLarge(s.at(), "the workbook has more than %d cells with a value. Upload it in parts.", l.Cells)
	case s.budget.text > l.Text:
		return tooLarge(s.at(), "the workbook has more than %s of text. Upload it in parts.", megabytes(l.Text))
	}
	return nil
}

func (s *sheetScan) endRow() {
	if len(s.cells) == 0 {
		return
	}
	s.key = s.key[:0]
	for _, c := range s.cells {
		s.key = append(s.key, byte(c.col>>8), byte(c.col), byte(c.style>>8), byte(c.style), byte(c.form))
	}
	shape, ok := s.index[string(s.key)]
	if !ok {
		shape = int32(len(s.out.shapes))
		s.index[string(s.key)] = shape
		s.out.shapes = append(s.out.shapes, append([]cellShape(nil), s.cells...))
	}
	s.out.rows = append(s.out.rows, rowShape{int32(s.row), shape, s.hidden})
	s.sheet.Rows++
	s.sheet.Cells += len(s.cells)
}

func (s *sheetScan) merge(ref string) error {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		to = from
	}
	c1, r1, ok1 := parseAddress(from)
	c2, r2, ok2 := parseAddress(to)
	if !ok1 || !ok2 || c2 < c1 || r2 < r1 {
		return damaged(s.sheet.Name, "merged cells %q are no block", ref)
	}
	if len(s.sheet.Merges) >= s.limits.Merges {
		return tooLarge(s.sheet.Name, "the sheet has more than %d merged cells. Unmerge them.", s.limits.Merges)
	}
	s.sheet.Merges = append(s.sheet.Merges, Merge{c1, r1, c2, r2})
	return nil
}

// parseAddress reads "F12" as column 5, row 12, within a sheet's edges.
func parseAddress(s string) (col, row int, ok bool) {
	i := 0
	for i < len(s) && i < 4 && s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' {
		col = col*26 + int(s[i]|0x20-'a') + 1
		i++
	}
	if i == 0 || col > lastCol || i == len(s) || s[i] < '1' || s[i] > '9' {
		return 0, 0, false
	}
	row, err := strconv.Atoi(s[i:])
	return col - 1, row, err == nil && row <= lastRow
}
