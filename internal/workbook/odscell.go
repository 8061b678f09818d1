package workbook

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// odsCell is what is known of a cell before its end.
type odsCell struct {
	from    int64 // offset of its start
	repeat  int
	kind    string // office:value-type
	value   string // as the kind has it: office:value, date-value, ...
	style   string
	formula bool
	failed  bool // LibreOffice says that the formula gave an error
	whole   bool // office:string-value takes the place of the text
	started bool // a paragraph has begun
	spaced  bool // a further space would be one too many
	text    []byte
}

func (s *odsScan) startCell(at []string, t *token) error {
	s.cellDepth = len(at)
	s.cell = odsCell{text: s.cell.text[:0], from: s.xml.offset()}
	c := &s.cell
	var err error
	if c.repeat, err = s.repeated(t, "number-columns-repeated"); err != nil {
		return err
	}
	for _, a := range t.attrs {
		switch a.name.local {
		case "value-type":
			if a.name.full == "calcext:value-type" {
				c.failed = string(a.value) == "error"
			} else {
				c.kind = string(a.value)
			}
		case "value", "date-value", "time-value", "boolean-value":
			c.value = string(a.value)
		case "string-value":
			c.whole = len(a.value) > 0
			c.value = string(a.value)
		case "style-name":
			c.style = string(a.value)
		case "formula":
			c.formula = true
		}
	}
	return s.span(t)
}

// span notes a block of merged cells by its first one.
func (s *odsScan) span(t *token) error {
	cols, err1 := s.repeated(t, "number-columns-spanned")
	rows, err2 := s.repeated(t, "number-rows-spanned")
	if err := firstError(err1, err2); err != nil || cols*rows == 1 || s.again {
		return err
	}
	m := Merge{s.col, s.row, s.col + cols - 1, s.row + rows - 1}
	if m.LastCol >= lastCol || m.LastRow > lastRow {
		return damaged(s.at(), "merged cells go on beyond any sheet")
	}
	return s.into().merge(s.book.limits, m)
}

func (s *odsScan) inCell(at []string, t *token) error {
	rest := at[s.cellDepth:]
	switch {
	case t.kind == endTag && len(rest) == 0:
		return s.endCell()
	case len(rest) == 0:
		return nil
	case s.xml.offset()-s.cell.from > 4*int64(s.book.limits.Cell):
		return tooLarge(s.at(), "the cell is made of more than %d kB of XML. Type it anew, without formatting.", s.book.limits.Cell>>8)
	case t.kind == startTag && t.name.local == "table":
		return damaged(s.at(), "a table stands within a cell")
	case rest[0] == "p":
		return s.paragraph(rest, t)
	case t.kind == charData && slices.Contains(rest, "p"):
		return s.addAside(t.text)
	case t.kind == endTag && t.name.local == "p":
		return s.addAside([]byte("\n"))
	}
	return nil
}

// paragraph gathers the text of a cell. White space counts once; more of it
// is written as elements.
func (s *odsScan) paragraph(rest []string, t *token) error {
	c := &s.cell
	switch {
	case t.kind == charData:
		for _, b := range t.text {
			if b != ' ' && b != '\t' && b != '\n' && b != '\r' {
				c.text, c.spaced = append(c.text, b), false
			} else if !c.spaced {
				c.text, c.spaced = append(c.text, ' '), true
			}
		}
	case t.kind == endTag:
		if len(rest) == 1 && c.spaced {
			c.text = bytes.TrimSuffix(c.text, []byte(" "))
		}
	case len(rest) == 1:
		if c.started {
			c.text = append(c.text, '\n')
		}
		c.started, c.spaced = true, true
	default:
		return s.space(t)
	}
	return s.checkText(0)
}

// space writes out the elements that stand for white space.
func (s *odsScan) space(t *token) error {
	c := &s.cell
	switch t.name.local {
	case "s":
		n, err := s.repeated(t, "c")
		if err = firstError(err, s.checkText(n)); err != nil {
			return err
		}
		c.text = append(c.text, strings.Repeat(" ", n)...)
	case "tab":
		c.text = append(c.text, '\t')
	case "line-break":
		c.text = append(c.text, '\n')
	default:
		return nil
	}
	c.spaced = false
	return nil
}

func (s *odsScan) checkText(more int) error {
	if len(s.cell.text)+more > s.book.limits.Cell {
		return longCell(s.at(), s.book.limits)
	}
	return nil
}

func (s *odsScan) endCell() error {
	s.cellDepth = 0
	at, l, n := s.at(), s.book.limits, s.cell.repeat
	if len(s.aside) > 0 {
		if err := s.endAside(s.name(), Address("", s.col, s.row)); err != nil {
			return err
		}
	}
	c, err := s.value()
	from := s.col
	if s.col += n; err != nil || s.col > 1<<30 {
		return firstError(err, damaged(s.name(), "it has more columns than any sheet"))
	}
	if c.Kind == Empty {
		return nil
	}
	if s.col > l.Cols {
		return tooWide(at, l)
	}
	s.text += len(c.Text) * n
	if err := s.used.spend(l, func() string { return at }, s.row, s.text, len(c.Text), n*s.repeat); err != nil {
		return err
	}
	for len(s.cells) < from {
		s.cells = append(s.cells, Cell{})
	}
	for range n {
		s.cells = append(s.cells, c)
	}
	s.valued += n
	s.last = max(s.last, s.col)
	return nil
}

// sumError is how an error value is shown; Excel writes it as a number.
var sumError = regexp.MustCompile(`^(?:#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!)|Err:\d{3})$`)

// value makes a cell of what was gathered.
func (s *odsScan) value() (Cell, error) {
	c := &s.cell
	text := c.value
	if c.kind == "string" && !c.whole || c.kind == "" || c.kind == "time" {
		text = string(c.text)
	}
	switch {
	case c.failed || c.formula && sumError.Match(c.text):
		return Cell{Kind: Error, Text: string(c.text)}, nil
	case blank(text) && c.formula && c.kind != "string":
		return Cell{Kind: Error, Text: unworked}, nil
	case blank(text):
		return Cell{}, nil
	}
	switch c.kind {
	case "float", "currency", "percentage":
		return s.number(text), nil
	case "date":
		cell := isoCell(text, s.format())
		if !showsDate(cell.Format) {
			cell.Format = ""
		}
		return cell, nil
	case "boolean":
		return boolCell(text), nil
	case "string", "time", "":
		return Cell{Kind: Text, Text: text}, nil
	}
	return Cell{}, damaged(s.at(), "the cell is of an unknown type %q", c.kind)
}

func (s *odsScan) number(text string) Cell {
	n, ok := parseNumber(text)
	if !ok {
		return Cell{Kind: Error, Text: text}
	}
	format := s.format()
	if s.cell.kind == "percentage" && !strings.Contains(format, "%") {
		format = "0%"
	}
	return Cell{Kind: Number, Text: text, Number: n, Format: format}
}

// format is the number format of the cell's style, its row's or its column's.
func (s *odsScan) format() string {
	style := s.cell.style
	if style == "" {
		style = s.rowStyle
	}
	if style == "" {
		style = s.columnStyle(s.col)
	}
	return s.book.ods.styles.format(style)
}
