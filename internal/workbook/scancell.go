package workbook

// form is how a cell with a value is stored.
type form uint8

const (
	formText form = iota
	formShared
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

// cellScan is what is known of a cell before its end.
type cellScan struct {
	kind             string
	style            []byte
	from             int64 // offset of its start
	value, inline    []byte
	hasValue, hasSum bool // <v>, <f>
	hasInline        bool // <is>
}

// startCell hides from the library that a cell holds a reference to a shared
// string: it gives the reference as it would a number.
func (s *sheetScan) startCell(t *token) error {
	s.cell = cellScan{value: s.cell.value[:0], inline: s.cell.inline[:0], style: s.cell.style[:0], from: s.xml.offset()}
	col := s.col + 1
	for _, a := range t.attrs {
		switch a.name.full {
		case "r":
			c, row, ok := parseAddress(a.value)
			if !ok || row != s.row.number || c < s.col {
				return damaged(s.sheet.Name, "cell %q stands in row %d after column %d", a.value, s.row.number, s.col)
			}
			col = c + 1
		case "s":
			s.cell.style = append(s.cell.style, a.value...)
		case "t":
			s.cell.kind = string(a.value)
			if s.cell.kind == "s" {
				a.value[0] = 'n'
			}
		}
	}
	if s.col = col; col > lastCol {
		return damaged(s.sheet.Name, "row %d goes on to the right of any sheet", s.row.number)
	}
	return nil
}

func (s *sheetScan) at() string { return Address(s.sheet.Name, s.col-1, s.row.number) }

func (s *sheetScan) startPart(name string) error {
	switch name {
	case "v":
		if s.cell.hasValue {
			return damaged(s.at(), "the cell has two values")
		}
		s.cell.hasValue = true
	case "f":
		s.cell.hasSum = true
	case "is":
		s.cell.hasInline = true
	}
	return nil
}

func (s *sheetScan) chars(at []string, text []byte) error {
	switch {
	case s.level != inPart:
		return nil
	case len(at) == inPart && at[4] == "v":
		s.cell.value = append(s.cell.value, text...)
	case richText(at, 4, "is"):
		s.cell.inline = append(s.cell.inline, text...)
	}
	if max(len(s.cell.value), len(s.cell.inline)) > s.archive.limits.Cell {
		return longCell(s.at(), s.archive.limits)
	}
	return nil
}

func (s *sheetScan) endCell() error {
	stored, f, err := s.stored()
	if err != nil {
		return err
	}
	if s.cell.hasSum || len(stored) > 0 {
		s.right = s.col
		if s.col > s.archive.limits.Cols {
			return tooWide(s.at(), s.archive.limits)
		}
	}
	if len(stored) == 0 && f != formUnworked {
		return nil
	}
	style, err := s.style()
	if err != nil {
		return err
	}
	s.row.cells = append(s.row.cells, cellShape{uint16(s.col - 1), style, f})
	size, isBlank := len(stored), blankBytes(stored)
	if f == formShared {
		text, err := s.shared()
		if err != nil {
			return err
		}
		size, isBlank = len(text), blank(text)
	}
	if isBlank && f != formUnworked {
		return nil
	}
	return s.spend(size)
}

// stored is what stands in the cell, as the library gives it, and how.
func (s *sheetScan) stored() (text []byte, f form, err error) {
	c := &s.cell
	text = c.value
	switch c.kind {
	case "s":
		f = formShared
	case "inlineStr":
		if f = formText; c.hasInline {
			text = unescape(c.inline)
		}
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
		return nil, f, damaged(s.at(), "the cell is of an unknown type %q", c.kind)
	}
	// A formula that gave "" is stored as an empty text; one that was never
	// worked out has no value at all.
	if len(text) == 0 && c.hasSum && (!c.hasValue || f != formText) {
		f = formUnworked
	}
	return text, f, nil
}

func (s *sheetScan) shared() (string, error) {
	i, ok := s.texts.index(s.cell.value)
	if !ok {
		return "", damaged(s.at(), "the cell refers to text %q of the %d the workbook holds", s.cell.value, len(s.texts.list))
	}
	return s.texts.list[i], nil
}

func (s *sheetScan) style() (uint16, error) {
	if len(s.cell.style) == 0 {
		return 0, nil
	}
	i, ok := parseCount(s.cell.style)
	if !ok || i >= s.styles {
		return 0, damaged(s.at(), "the cell refers to style %q of the %d the workbook holds", s.cell.style, s.styles)
	}
	return uint16(i), nil
}

// spend counts a value of so many bytes.
func (s *sheetScan) spend(size int) error {
	s.row.valued++
	s.text += size
	s.lastCol = max(s.lastCol, s.col)
	return s.budget.spend(s.archive.limits, s.at, s.row.number, s.text, size, 1)
}
