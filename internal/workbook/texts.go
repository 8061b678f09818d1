package workbook

import "encoding/xml"

// stringTable holds the length of each shared string in bytes.
type stringTable []int32

func (a *archive) stringTable(p *parts) (stringTable, error) {
	if p.strings == nil {
		return nil, nil
	}
	var table stringTable
	err := a.walk(p.strings, func(at []string, t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			if len(at) == 2 && at[1] == "si" {
				table = append(table, 0)
			}
		case xml.CharData:
			if !richText(at, 1, "si") {
				return nil
			}
			n := &table[len(table)-1]
			if *n += int32(len(e)); int(*n) > a.limits.Cell {
				return a.longCell("")
			}
		}
		return nil
	})
	return table, err
}

func (a *archive) longCell(at string) error {
	return tooLarge(at, "a cell's text is longer than %d bytes. Shorten it.", a.limits.Cell)
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
