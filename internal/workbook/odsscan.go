package workbook

import (
	"slices"
	"strings"
)

// odsScan reads the content of an OpenDocument spreadsheet token by token.
type odsScan struct {
	book  *Book
	xml   *xmlReader
	used  *budget
	again bool // sheets and remarks are known already
	sheet int  // index of the table, -1 before the first
	spare Sheet
	ended bool   // the table has ended
	full  bool   // a row with values has just ended
	aside []byte // text that is of no cell
	cache string // the name of a table that is the copy of another file's cells

	rowDepth  int // 0 outside a row
	row       int // number of the row, the last one where it is repeated
	repeat    int
	hidden    bool
	rowStyle  string
	columns   []odsColumn
	right     int // columns so far
	last      int // the last column with a value, from 1
	cells     []Cell
	valued    int
	text      int // bytes of the row's values
	cellDepth int // 0 outside a cell
	col       int // from 0
	cell      odsCell
}

// odsColumn is a run of columns up to before end.
type odsColumn struct {
	end    int
	style  string
	hidden bool
}

func (b *Book) newODSScan(used *budget) (*odsScan, error) {
	x, err := b.archive.openXML(b.ods.content)
	if err != nil {
		return nil, err
	}
	return &odsScan{book: b, xml: x, used: used, sheet: -1}, nil
}

func (s *odsScan) close() { s.book.archive.closeXML(s.xml) }

// into is the sheet that is being filled in.
func (s *odsScan) into() *Sheet {
	if s.again {
		return &s.spare
	}
	return &s.book.Sheets[s.sheet]
}

// step takes one token; io.EOF is the end of the part.
func (s *odsScan) step() error {
	s.full = false
	t, err := s.xml.next()
	if err != nil {
		return err
	}
	at := s.xml.path
	switch {
	case len(at) < 3:
		return nil
	case at[1] == "automatic-styles":
		if s.again {
			return nil
		}
		return s.book.ods.styles.visit(at, t)
	case at[1] != "body":
		return nil
	case at[2] != "spreadsheet":
		return fault(ODS, "", "this is an OpenDocument file, but not a spreadsheet. Upload a workbook (.ods or .xlsx) or a CSV file.")
	case len(at) < 4:
		return nil
	case at[3] == "table" && len(at) == 4 && t.kind != charData:
		return s.table(t)
	case at[3] == "table" && s.cache == "":
		return s.inTable(at, t)
	}
	return s.outside(at, t)
}

// cacheOfFile tells the copy of another file's cells from a sheet.
func cacheOfFile(name string) bool {
	return strings.HasPrefix(name, "'") && strings.Contains(name, "'#")
}

func (s *odsScan) table(t *token) error {
	if t.kind == endTag {
		if name := s.cache; name != "" {
			s.cache = ""
			return s.endAside("", name)
		}
		s.ended = true
		s.into().HiddenCols = s.hiddenCols()
		return nil
	}
	name := t.attr("name")
	if cacheOfFile(name) {
		s.cache = name
		return nil
	}
	s.sheet++
	s.ended, s.row, s.repeat, s.columns, s.right, s.last = false, 0, 0, s.columns[:0], 0, 0
	if s.again {
		s.spare = Sheet{}
		return nil
	}
	if len(name) > longestName || s.sheet == s.book.limits.Sheets {
		return tooLarge("", "the workbook has more than %d sheets, or one whose name is too long. Upload it in parts.", s.book.limits.Sheets)
	}
	if name == "" || slices.ContainsFunc(s.book.Sheets, func(o Sheet) bool { return strings.EqualFold(o.Name, name) }) {
		return suspect("two sheets are named %q, or one has no name", name)
	}
	s.book.Sheets = append(s.book.Sheets, Sheet{Name: name, Hidden: s.book.ods.styles.hidden[t.attr("style-name")]})
	return nil
}

func (s *odsScan) inTable(at []string, t *token) error {
	switch {
	case len(at) < 5:
	case s.cellDepth > 0:
		return s.inCell(at, t)
	case at[4] == "shapes" || at[4] == "named-expressions":
		return s.outside(at, t)
	case s.rowDepth > 0 && len(at) == s.rowDepth+1:
		if t.kind == startTag && (t.name.local == "table-cell" || t.name.local == "covered-table-cell") {
			return s.startCell(at, t)
		}
	case t.name.local == "table-row" && t.kind == startTag && s.rowDepth == 0:
		return s.startRow(at, t)
	case s.rowDepth > 0 && len(at) == s.rowDepth && t.kind == endTag:
		return s.endRow()
	case t.name.local == "table-column" && t.kind == startTag && s.rowDepth == 0:
		return s.column(t)
	}
	return nil
}

// repeated reads how often a row, column or cell comes.
func (s *odsScan) repeated(t *token, name string) (int, error) {
	b := t.bytes(name)
	if len(b) == 0 {
		return 1, nil
	}
	n, ok := parseCount(b)
	if !ok || n == 0 {
		return 0, damaged(s.name(), "something is repeated %q times", b)
	}
	return n, nil
}

func (s *odsScan) name() string { return s.book.Sheets[s.sheet].Name }

func (s *odsScan) at() string { return Address(s.name(), s.col, s.row) }

// collapsed reports whether a row or column is hidden, by hand or by a filter.
func collapsed(t *token) bool {
	v := string(t.bytes("visibility"))
	return v == "collapse" || v == "filter"
}

func (s *odsScan) column(t *token) error {
	n, err := s.repeated(t, "number-columns-repeated")
	if err != nil {
		return err
	}
	style := t.attr("default-cell-style-name")
	if s.right += n; s.right > 1<<30 || len(s.columns) == lastCol || len(style) > longestName {
		return damaged(s.name(), "it has more columns than any sheet")
	}
	s.columns = append(s.columns, odsColumn{s.right, style, collapsed(t)})
	return nil
}

// columnStyle is the style of cells in a column that have none of their own.
func (s *odsScan) columnStyle(col int) string {
	i, _ := slices.BinarySearchFunc(s.columns, col, func(c odsColumn, col int) int { return c.end - 1 - col })
	if i == len(s.columns) {
		return ""
	}
	return s.columns[i].style
}

// hiddenCols lists the hidden columns up to the last with a value.
func (s *odsScan) hiddenCols() []int {
	var spans []colSpan
	from := 0
	for _, c := range s.columns {
		if c.hidden {
			spans = append(spans, colSpan{from, c.end - 1})
		}
		from = c.end
	}
	return listCols(spans, s.last)
}

func (s *odsScan) startRow(at []string, t *token) error {
	n, err := s.repeated(t, "number-rows-repeated")
	if err != nil {
		return err
	}
	if s.row += n; s.row > 1<<30 {
		return damaged(s.name(), "it has more rows than any sheet")
	}
	s.rowDepth, s.repeat, s.hidden, s.rowStyle = len(at), n, collapsed(t), t.attr("default-cell-style-name")
	s.cells, s.valued, s.text, s.col = s.cells[:0], 0, 0, 0
	return nil
}

func (s *odsScan) endRow() error {
	s.rowDepth = 0
	if s.valued == 0 {
		return nil
	}
	s.full = true
	sheet := s.into()
	sheet.Rows += s.repeat
	sheet.Cells += s.valued * s.repeat
	if s.hidden {
		sheet.HiddenRows += s.repeat
	}
	return s.used.spendArea(s.book.limits, s.name(), len(s.cells)*s.repeat)
}

// outside sees what is of no cell: names, and text that may be a remark.
func (s *odsScan) outside(at []string, t *token) error {
	if s.again {
		return nil
	}
	keep := &s.book.archive.remarks
	switch {
	case t.kind == startTag && (t.name.local == "named-range" || t.name.local == "named-expression"):
		return keep.add(s.sheetOf(at), t.attr("name"), t.attr("cell-range-address")+t.attr("expression"))
	case t.kind == charData && slices.Contains(at, "p"):
		return s.addAside(t.text)
	case t.kind == endTag && t.name.local == "p":
		return s.addAside([]byte("\n"))
	case t.kind == endTag && len(at) <= 5 && s.cache == "":
		return s.endAside(s.sheetOf(at), "")
	}
	return nil
}

func (s *odsScan) sheetOf(at []string) string {
	if at[3] == "table" && s.sheet >= 0 && s.cache == "" {
		return s.name()
	}
	return ""
}

func (s *odsScan) addAside(text []byte) error {
	if s.again {
		return nil
	}
	if s.aside = append(s.aside, text...); int64(len(s.aside)) > s.book.limits.RemarkText {
		return s.book.archive.remarks.tooMany(s.sheetOf(s.xml.path))
	}
	return nil
}

// endAside makes a remark of the text gathered so far.
func (s *odsScan) endAside(sheet, name string) error {
	text := strings.TrimSpace(string(s.aside))
	s.aside = s.aside[:0]
	if s.again {
		return nil
	}
	return s.book.archive.remarks.add(sheet, name, text)
}
