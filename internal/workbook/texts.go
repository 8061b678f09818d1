package workbook

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf16"
)

// stringTable holds the shared strings of a workbook. They stand one behind
// the other in blocks, so that each costs little more than its bytes.
type stringTable struct {
	list  []string
	block strings.Builder
	size  int64
}

const blockSize = 64 << 10

func (t *stringTable) add(text []byte) {
	if t.block.Cap()-t.block.Len() < len(text) {
		t.block = strings.Builder{}
		t.block.Grow(max(blockSize, len(text)))
	}
	start := t.block.Len()
	t.block.Write(text)
	t.list = append(t.list, t.block.String()[start:])
	t.size += int64(len(text))
}

// index reads a cell's reference into the table.
func (t *stringTable) index(ref []byte) (int, bool) {
	i, ok := parseCount(bytes.TrimSpace(ref))
	return i, ok && i < len(t.list)
}

func (a *archive) stringTable(p *parts) (*stringTable, error) {
	table := &stringTable{}
	if p.strings == nil {
		return table, nil
	}
	var text []byte
	err := a.walk(p.strings, func(at []string, t *token) error {
		switch {
		case len(at) < 2 || at[1] != "si":
		case t.kind == startTag && len(at) == 2:
			text = text[:0]
		case t.kind == endTag && len(at) == 2:
			table.add(unescape(text))
			return a.checkTable(table)
		case t.kind == charData && richText(at, 1, "si"):
			if text = append(text, t.text...); len(text) > a.limits.Cell {
				return longCell("", a.limits)
			}
		}
		return nil
	})
	return table, err
}

func (a *archive) checkTable(t *stringTable) error {
	switch l := a.limits; {
	case len(t.list) > l.Strings:
		return tooLarge("", "the workbook holds more than %d different texts. Upload it in parts.", l.Strings)
	case t.size > l.Shared:
		return tooLarge("", "the workbook holds more than %s of different texts. Upload it in parts.", megabytes(l.Shared))
	}
	return nil
}

// richText reports whether at is the text of the item that stands at depth
// from: item/t, or item/r/t. Phonetic runs (rPh) are not shown.
func richText(at []string, from int, item string) bool {
	if len(at) < from+2 || at[from] != item {
		return false
	}
	rest := at[from+1:]
	return len(rest) == 1 && rest[0] == "t" || len(rest) == 2 && rest[0] == "r" && rest[1] == "t"
}

var escapes = regexp.MustCompile(`(?:_x[0-9A-Fa-f]{4}_)+`)

// unescape resolves _xHHHH_ (ECMA-376 part 1, 22.9.2.19).
func unescape(text []byte) []byte {
	if !bytes.Contains(text, []byte("_x")) {
		return text
	}
	return escapes.ReplaceAllFunc(text, func(run []byte) []byte {
		var units []uint16
		for ; len(run) > 0; run = run[7:] {
			var u uint16
			for _, c := range run[2:6] {
				u = u<<4 | uint16(hex(c))
			}
			units = append(units, u)
		}
		return []byte(string(utf16.Decode(units)))
	})
}

func hex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
