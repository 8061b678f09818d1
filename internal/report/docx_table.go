package report

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Bounds of Word's own.
const (
	mostColumns = 63
	mostRows    = 32_767
)

// together is how many rows a table may have for all to be kept on one page.
const together = 15

// headFill is behind a table's headings.
const headFill = "E9EDF2"

var colour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

func (t Table) write(b *docxBody) error {
	caption := oneLine(t.Caption)
	switch {
	case len(t.Columns) == 0 || len(t.Columns) > mostColumns:
		return fmt.Errorf("table %q has %d columns; Word takes 1 to %d", caption, len(t.Columns), mostColumns)
	case len(t.Rows) >= mostRows:
		return fmt.Errorf("table %q has %d rows; Word takes fewer than %d", caption, len(t.Rows), mostRows)
	}
	for i, row := range t.Rows {
		if len(row.Cells) > len(t.Columns) {
			return fmt.Errorf("table %q: row %d has %d cells for %d columns", caption, i+1, len(row.Cells), len(t.Columns))
		}
	}
	b.tables++
	b.caption("Table", b.tables, caption)
	widths := t.widths(b.section.text())
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblStyle w:val="%s"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="%s"/></w:tblPr><w:tblGrid>`,
		esc(b.house.styles["table"]), sum(widths), esc(caption))
	for _, w := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString("</w:tblGrid>")
	t.head(b, widths)
	for i, row := range t.Rows {
		t.row(b, row, widths, i < len(t.Rows)-1 && (len(t.Rows) <= together || t.whole(row)))
	}
	b.WriteString("</w:tbl>")
	b.sectioned = false
	b.small(t.Notes...)
	b.par("after", "", "") // two tables with nothing between them would be one
	return nil
}

func (t Table) head(b *docxBody, widths []int) {
	b.WriteString(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, c := range t.Columns {
		b.cell(Cell{Text: c.Head, Fill: "#" + headFill}, widths[i], 1, c.Number, true, true)
	}
	b.WriteString("</w:tr>")
}

func (t Table) row(b *docxBody, row Row, widths []int, keep bool) {
	b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
	if t.whole(row) {
		b.cell(row.Cells[0], sum(widths), len(widths), false, true, keep)
		b.WriteString("</w:tr>")
		return
	}
	for i, c := range t.Columns {
		var cell Cell
		if i < len(row.Cells) {
			cell = row.Cells[i]
		}
		b.cell(cell, widths[i], 1, c.Number, row.Strong, keep)
	}
	b.WriteString("</w:tr>")
}

// whole reports whether a row is one cell that heads those below it, and so
// goes across the table.
func (t Table) whole(row Row) bool { return row.Strong && len(row.Cells) == 1 && len(t.Columns) > 1 }

func (b *docxBody) cell(c Cell, width, across int, right, strong, keep bool) {
	fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if across > 1 {
		fmt.Fprintf(b, `<w:gridSpan w:val="%d"/>`, across)
	}
	if colour.MatchString(c.Fill) {
		fmt.Fprintf(b, `<w:shd w:val="clear" w:color="auto" w:fill="%s"/>`, c.Fill[1:])
	}
	b.WriteString("</w:tcPr>")
	props := ""
	if keep {
		props += "<w:keepNext/>"
	}
	if right {
		props += `<w:jc w:val="right"/>`
	}
	content := ""
	if c.Text != "" {
		content = b.run(Run{Text: c.Text, Bold: strong}, "")
	}
	b.par("cell", props, content)
	b.WriteString("</w:tc>")
}

// Widths of text in twentieths of a point: of a character of ten points in a
// wide typeface and in a usual one, of what stands left and right of it in a
// cell.
const (
	aCharacter = 135
	aNarrowOne = 105
	boldWider  = 1.15
	aCell      = 220
	longWord   = 24 // characters; a longer word is broken
	longText   = 60 // characters; a longer text takes more lines
)

// widths shares the width of the page out among the columns, in twentieths of
// a point: each has room for its longest word, and what is left goes to those
// whose texts would want more. A table that would break lines in a wide
// typeface is laid out for a usual one.
func (t Table) widths(across int) []int {
	least, wanted := t.wanted(aCharacter, across)
	if sum(wanted) > float64(across) {
		least, wanted = t.wanted(aNarrowOne, across)
	}
	low, high := sum(least), sum(wanted)
	out, left := make([]int, len(least)), across
	for i := range out {
		width := wanted[i] * float64(across) / high
		if high > float64(across) && high > low {
			width = least[i] + max(0, float64(across)-low)*(wanted[i]-least[i])/(high-low)
			width *= float64(across) / max(low, float64(across))
		}
		out[i] = max(1, int(width))
		left -= out[i]
	}
	out[0] = max(1, out[0]+left)
	return out
}

// fits reports whether a page so wide has room for every word in a usual
// typeface.
func (t Table) fits(across int) bool {
	least, _ := t.wanted(aNarrowOne, across)
	return sum(least) <= float64(across)
}

// wanted are what each column wants, by the width of a character.
func (t Table) wanted(character float64, across int) (least, wanted []float64) {
	for i := range t.Columns {
		low, high := t.wants(i, character, across)
		least, wanted = append(least, low), append(wanted, high)
	}
	return least, wanted
}

// wants is the width below which a column breaks words, and that in which it
// breaks no lines. The heading of a column of numbers may always break.
func (t Table) wants(col int, character float64, across int) (least, wanted float64) {
	c := t.Columns[col]
	if c.Width > 0 && !math.IsInf(c.Width, 0) {
		given := 0.0
		for _, other := range t.Columns {
			given += max(other.Width, 0)
		}
		share := c.Width / max(given, 1) * float64(across)
		return share, share
	}
	least = float64(longest(c.Head)) * boldWider
	if wanted = least; !c.Number {
		wanted = float64(utf8.RuneCountInString(c.Head)) * boldWider
	}
	for _, row := range t.Rows {
		if col < len(row.Cells) {
			s := row.Cells[col].Text
			least, wanted = max(least, float64(longest(s))), max(wanted, float64(min(utf8.RuneCountInString(s), longText)))
		}
	}
	return least*character + aCell, max(least, wanted)*character + aCell
}

// longest is the length of a text's longest word that is kept whole; a
// no-break space does not end one.
func longest(s string) int {
	n := 0
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) {
		n = max(n, min(utf8.RuneCountInString(word), longWord))
	}
	return n
}

func sum[N int | float64](numbers []N) N {
	var n N
	for _, x := range numbers {
		n += x
	}
	return n
}

// Cells are plain cells of the given texts.
func Cells(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, s := range texts {
		out[i].Text = s
	}
	return out
}
