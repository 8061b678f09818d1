package workbook

import (
	"archive/zip"
	"io"
	"slices"
	"strconv"
	"strings"
)

// sheetScan reads one sheet part of a workbook row by row, and all else in it
// that matters: what a row is, where its cells stand and how they are stored.
type sheetScan struct {
	archive *archive
	xml     *xmlReader
	sheet   *Sheet // is filled in
	texts   *stringTable
	styles  int
	budget  *budget

	level int // how far the path goes along sheetPath
	row   scannedRow
	text  int // bytes of the row's values
	col   int // from 1
	right int // the last column of the row that costs the library something
	cell  cellScan

	fed  bool // the library must read the last token
	keep bool // rows with cells are kept until they are taken
	kept []scannedRow
	free [][]cellShape

	hiddenCols []colSpan
	lastCol    int // of any cell with a value
}

// scannedRow is a row and those of its cells that the library gives a value
// of, blank or not.
type scannedRow struct {
	number int
	hidden bool
	valued int // of cells, those that are not blank
	cells  []cellShape
}

func (b *Book) scan(f *zip.File, s *Sheet, used *budget) (*sheetScan, error) {
	x, err := b.archive.openXML(f)
	if err != nil {
		return nil, err
	}
	return &sheetScan{archive: b.archive, xml: x, sheet: s, texts: b.texts, styles: len(b.styles.formats), budget: used}, nil
}

func (s *sheetScan) close() { s.archive.closeXML(s.xml) }

// sheetPath leads from the root to a cell; what is below that are its parts.
var sheetPath = [...]string{"", "sheetData", "row", "c"}

const (
	inData = 2
	inRow  = 3
	inCell = 4
	inPart = 5 // v, f or is
)

// step takes one token; io.EOF is the end of the sheet.
func (s *sheetScan) step() error {
	t, err := s.xml.next()
	if err == io.EOF {
		s.sheet.HiddenCols = listCols(s.hiddenCols, s.lastCol)
	}
	if err != nil {
		return err
	}
	depth := len(s.xml.path)
	if t.kind == startTag && depth == s.level+1 && s.leadsOn(t.name.local) {
		s.level = depth
	}
	s.fed = s.wanted(depth, t)
	err = s.visit(depth, t)
	if t.kind == endTag && depth == s.level {
		s.level--
	}
	return err
}

func (s *sheetScan) leadsOn(name string) bool {
	switch {
	case s.level == 0:
		return true
	case s.level < inCell:
		return name == sheetPath[s.level]
	}
	return s.level == inCell && (name == "v" || name == "f" || name == "is")
}

// wanted reports whether the library must read a token: rows and the values
// of their cells, but no empty cell that has an address, and no formula.
func (s *sheetScan) wanted(depth int, t *token) bool {
	switch {
	case depth > s.level:
		return s.level == inPart && s.xml.path[4] == "is"
	case depth == inPart && s.xml.path[4] == "f":
		return t.kind != charData
	case depth == inPart:
		return true
	case depth == inCell && t.kind == startTag:
		return !s.xml.closing || len(t.bytes("r")) == 0
	}
	return t.kind != charData
}

// take gives the oldest row that was kept, false if there is none.
func (s *sheetScan) take() (scannedRow, bool) {
	if len(s.kept) == 0 {
		return scannedRow{}, false
	}
	r := s.kept[0]
	s.kept = append(s.kept[:0], s.kept[1:]...)
	return r, true
}

// giveBack lets the cells of a row that was taken be used again.
func (s *sheetScan) giveBack(r scannedRow) { s.free = append(s.free, r.cells) }

func (s *sheetScan) visit(depth int, t *token) error {
	switch {
	case s.level < inRow:
		return s.outside(s.xml.path, t)
	case depth > inCell && s.level >= inCell && s.xml.offset()-s.cell.from > 4*int64(s.archive.limits.Cell):
		return tooLarge(s.at(), "the cell is made of more than %d kB of XML. Type it anew, without formatting.", s.archive.limits.Cell>>8)
	case t.kind == charData:
		return s.chars(s.xml.path, t.text)
	case depth > s.level:
		return nil
	case depth == inRow && t.kind == startTag:
		return s.startRow(t)
	case depth == inRow:
		return s.endRow()
	case depth == inCell && t.kind == startTag:
		return s.startCell(t)
	case depth == inCell:
		return s.endCell()
	case t.kind == startTag:
		return s.startPart(t.name.local)
	}
	return nil
}

// outside sees what is not of a row.
func (s *sheetScan) outside(at []string, t *token) error {
	switch {
	case t.kind != startTag || len(at) != 3:
	case at[1] == "mergeCells" && at[2] == "mergeCell":
		return s.merge(t.attr("ref"))
	case at[1] == "cols" && at[2] == "col" && (truth(t.bytes("hidden")) || string(t.bytes("width")) == "0"):
		first, err1 := strconv.Atoi(t.attr("min"))
		last, err2 := strconv.Atoi(t.attr("max"))
		if err1 != nil || err2 != nil || first < 1 || last < first || last > lastCol || len(s.hiddenCols) == lastCol {
			return damaged(s.sheet.Name, "columns %q to %q are none of a sheet", t.attr("min"), t.attr("max"))
		}
		s.hiddenCols = append(s.hiddenCols, colSpan{first - 1, last - 1})
	}
	return nil
}

// listCols lists the columns left of end, each once.
func listCols(spans []colSpan, end int) []int {
	var cols []int
	for _, s := range spans {
		for c := s.first; c <= min(s.last, end-1); c++ {
			cols = append(cols, c)
		}
	}
	slices.Sort(cols)
	return slices.Compact(cols)
}

func (s *sheetScan) startRow(t *token) error {
	n := s.row.number + 1
	if r := t.bytes("r"); len(r) > 0 {
		var ok bool
		if n, ok = parseCount(r); !ok || n <= s.row.number {
			return damaged(s.sheet.Name, "row %q follows row %d", r, s.row.number)
		}
	}
	if n > lastRow {
		return damaged(s.sheet.Name, "row \"%d\" is below the last of any sheet", n)
	}
	s.row = scannedRow{number: n, cells: s.row.cells[:0], hidden: truth(t.bytes("hidden")) || string(t.bytes("ht")) == "0"}
	s.col, s.right, s.text = 0, 0, 0
	return nil
}

func (s *sheetScan) endRow() error {
	if s.row.valued > 0 {
		s.sheet.Rows++
		s.sheet.Cells += s.row.valued
		if s.row.hidden {
			s.sheet.HiddenRows++
		}
	}
	if s.keep && len(s.row.cells) > 0 {
		s.kept = append(s.kept, s.row)
		s.row.cells = nil
		if last := len(s.free) - 1; last >= 0 {
			s.row.cells, s.free = s.free[last], s.free[:last]
		}
	}
	return s.budget.spendArea(s.archive.limits, s.sheet.Name, s.right)
}

func (s *sheetScan) merge(ref string) error {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		to = from
	}
	c1, r1, ok1 := parseAddress([]byte(from))
	c2, r2, ok2 := parseAddress([]byte(to))
	if !ok1 || !ok2 || c2 < c1 || r2 < r1 {
		return damaged(s.sheet.Name, "merged cells %q are no block", ref)
	}
	return s.sheet.merge(s.archive.limits, Merge{c1, r1, c2, r2})
}
