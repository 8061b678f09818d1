package importer

import (
	"errors"
	"fmt"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// ErrChildLevel is the answer to all but Read for a file with rows about
// single children.
var ErrChildLevel = errors.New("the file is about single children, and only totals may be held here: upload a file of totals")

// Codes of what is said of single children.
const (
	codeChildLevel = "child_level"
	codePostcodes  = "postcodes"
	codeBirthDates = "birth_dates"
)

// childScan looks at every cell for what only rows about single children
// have. It keeps counts and column numbers, never a value.
type childScan struct {
	sheets []*childSheet
	now    *childSheet
}

type childSheet struct {
	name    string
	rows    int // that hold something
	several int // of them, with more than one cell
	cols    []childColumn
	remark  []string // what a comment or defined name gives away
	at      string   // its cell
}

// childColumn is what has been seen of one column.
type childColumn struct {
	last    string // the cell above, or the last that held something
	heading string // of childHeadings or childHints, as it stands
	below   int    // cells under it
	row     int    // of the heading, or of the first sign

	personal  [insuranceNumber + 1]int
	tens      int // numbers of ten digits
	numbers   int // other numbers
	ids       *idColumn
	postcodes int
	births    births
}

func (s *childScan) sheet(name string) {
	s.now = &childSheet{name: name}
	s.sheets = append(s.sheets, s.now)
}

// row looks at one row of the sheet. A cell that says what the one above it
// says is not looked at again.
func (s *childScan) row(row workbook.Row) {
	sh := s.now
	sh.rows++
	for len(sh.cols) < len(row.Cells) {
		sh.cols = append(sh.cols, childColumn{})
	}
	heads := false
	for i := range row.Cells {
		c, col := &row.Cells[i], &sh.cols[i]
		if c.Kind == workbook.Empty {
			continue
		}
		if col.ids != nil {
			col.ids.add(c.Text)
		}
		if c.Text == col.last {
			continue
		}
		col.last = c.Text
		if col.heading != "" {
			col.below++
		}
		heads = col.look(c, row.Number) || heads
	}
	if sh.rows <= headRows || heads {
		sh.header(row, heads)
	}
}

// look counts what the cell is, and reports whether it may be a heading.
func (col *childColumn) look(c *workbook.Cell, row int) (heads bool) {
	switch c.Kind {
	case workbook.Number:
		if c.Number >= 1e9 && c.Number < 1e10 {
			col.number(fmt.Sprintf("%.0f", c.Number), row)
		} else {
			col.numbers++
		}
		return false
	case workbook.Date:
		col.births.add(stat.DateOf(c.Time))
		return false
	case workbook.Text:
		return col.lookText(c.Text, row)
	}
	return false
}

func (col *childColumn) lookText(text string, row int) (heads bool) {
	if text = strings.TrimSpace(text); text == "" {
		return false
	}
	switch first := text[0] | 0x20; {
	case plainDigits(text):
		col.number(text, row)
		return false
	case first >= 'a' && first <= 'z' && len(text) <= 40:
		heads = headingWeights[squeezed(text)] > 0
	}
	if t, ok := textDay(text); ok {
		col.births.add(stat.DateOf(t))
		return false
	}
	if postcode(text) {
		col.postcodes++
		col.sign(row)
	}
	if longestRun(text) >= 6 && !geographyCode(text) {
		if p := personalIn(text); p != noPersonal {
			col.personal[p]++
			col.sign(row)
		}
	}
	return heads
}

func plainDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// geographyCode reports whether s has the form of E06000002, as most texts with many
// digits in these files do.
func geographyCode(s string) bool { return len(s) == 9 && s[0] >= 'A' && plainDigits(s[1:]) }

func (col *childColumn) number(digits string, row int) {
	switch {
	case len(digits) != 10:
		col.numbers++
	case validNHS(digits):
		col.tens++
		col.personal[healthNumber]++
		col.sign(row)
	default:
		col.tens++
	}
}

func (col *childColumn) sign(row int) {
	if col.row == 0 {
		col.row = row
	}
}

// header takes headings from a row that is made of texts.
func (sh *childSheet) header(row workbook.Row, heads bool) {
	full, numbers := 0, 0
	for i := range row.Cells {
		switch c := &row.Cells[i]; {
		case c.Kind == workbook.Empty:
		case numeric(*c) || c.Kind == workbook.Date:
			numbers++
			full++
		default:
			full++
		}
	}
	if full < 2 {
		return
	}
	sh.several++
	if numbers*4 > full {
		return
	}
	if heads {
		sh.headings(row)
	}
	if sh.rows <= headRows {
		sh.idColumns(row)
	}
}

// headings marks the columns that the row heads, if it is heavy enough.
func (sh *childSheet) headings(row workbook.Row) {
	found := map[int]weight{}
	for i, c := range row.Cells {
		if w := headingWeights[squeezed(c.Text)]; c.Kind == workbook.Text && w > 0 {
			found[i] = w
		}
	}
	for i, w := range found {
		text := strings.TrimSpace(row.Cells[i].Text)
		counts := w == listed || w == hint && (len(found) > 1 || sh.several == 1 && text == ssda903)
		if col := &sh.cols[i]; counts && col.heading == "" {
			col.heading, col.row = text, row.Number
		}
	}
}

func (sh *childSheet) idColumns(row workbook.Row) {
	for i, c := range row.Cells {
		if is, ofPeople := idLike(c.Text); c.Kind == workbook.Text && is && sh.cols[i].ids == nil {
			sh.cols[i].ids = &idColumn{row: row.Number, ofPeople: ofPeople, seen: map[uint64]struct{}{}}
		}
	}
}

// idColumn counts how many values of a column are like no other.
type idColumn struct {
	row      int
	ofPeople bool
	n        int
	long     int // values with five digits or more
	counting int // values that are one above the last, from 0 or 1 on
	seen     map[uint64]struct{}
}

const (
	fewestIDs = 20   // rows from which on a column of distinct values is telling
	mostIDs   = 2000 // rows after which it has told
)

func (d *idColumn) add(text string) {
	if d.n >= mostIDs {
		return
	}
	if d.n-d.counting <= 1 && (text == fmt.Sprint(d.n) || text == fmt.Sprint(d.n+1)) {
		d.counting++
	}
	d.n++
	d.seen[squeezed(text)] = struct{}{}
	if digitsIn(text) >= 5 {
		d.long++
	}
}

func digitsIn(s string) (n int) {
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// telling reports whether nearly every row has a value of its own that is not
// just its number. Where the heading does not speak of people, the values must
// look like a system's: "Ref" heads the numbers of a scorecard's measures.
func (d *idColumn) telling() bool {
	if d == nil || d.n < fewestIDs || len(d.seen)*10 < d.n*9 || d.counting*10 >= d.n*9 {
		return false
	}
	return d.ofPeople || d.long*10 >= d.n*9
}

// births tells dates of birth from dates of figures: they are in no order, on
// any day of the month.
type births struct {
	n, up, down int
	days        uint32 // days of the month, one bit each
	last        stat.Date
}

func (b *births) add(d stat.Date) {
	b.n++
	b.days |= 1 << d.Day
	switch c := d.Compare(b.last); {
	case b.n == 1:
	case c > 0:
		b.up++
	case c < 0:
		b.down++
	}
	b.last = d
}

func (b births) telling() bool {
	days := 0
	for d := b.days; d > 0; d &= d - 1 {
		days++
	}
	return b.n >= 10 && days >= 8 && b.up*5 >= b.n && b.down*5 >= b.n
}
