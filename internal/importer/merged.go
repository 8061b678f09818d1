package importer

import (
	"cmp"
	"slices"

	"bellwether/internal/workbook"
)

// merged knows the merged cells of a sheet while its rows pass, top to bottom.
// Only the first cell of a block holds what the block says.
type merged struct {
	coming []workbook.Merge // by first row
	open   []block
}

type block struct {
	workbook.Merge
	cell workbook.Cell
}

func newMerged(all []workbook.Merge) *merged {
	coming := slices.Clone(all)
	slices.SortStableFunc(coming, func(a, b workbook.Merge) int { return cmp.Compare(a.FirstRow, b.FirstRow) })
	return &merged{coming: coming}
}

// keep takes a row's part in the blocks; rows come in order.
func (m *merged) keep(row workbook.Row) {
	m.open = slices.DeleteFunc(m.open, func(b block) bool { return b.LastRow < row.Number })
	for len(m.coming) > 0 && m.coming[0].FirstRow <= row.Number {
		next := m.coming[0]
		m.coming = m.coming[1:]
		if next.LastRow < row.Number || next.FirstRow < row.Number || next.FirstCol >= len(row.Cells) {
			continue // a block without a value
		}
		if c := row.Cells[next.FirstCol]; c.Kind != workbook.Empty {
			m.open = append(m.open, block{next, c})
		}
	}
}

// spread gives a row what its blocks say in each cell they cover, up to width
// columns. A label does not spread into columns of figures, nor the other way
// round, and a number not within them.
func (m *merged) spread(row workbook.Row, width int, isFigure func(col int) bool) workbook.Row {
	cloned := false
	for _, b := range m.open {
		of := isFigure(b.FirstCol)
		if of && b.cell.Kind == workbook.Number {
			continue
		}
		for col := b.FirstCol; col <= b.LastCol && col < width; col++ {
			if isFigure(col) != of || cell(row, col).Kind != workbook.Empty {
				continue
			}
			if !cloned {
				row.Cells, cloned = slices.Clone(row.Cells), true
			}
			for len(row.Cells) <= col {
				row.Cells = append(row.Cells, workbook.Cell{})
			}
			row.Cells[col] = b.cell
		}
	}
	return row
}

// figures are the blocks that begin in a row, hold a number and cover more
// than one figure: which one it is nobody can tell.
func (m *merged) figures(row int, isFigure func(col int) bool) []block {
	var out []block
	for _, b := range m.open {
		if b.FirstRow != row || b.cell.Kind != workbook.Number || !isFigure(b.FirstCol) {
			continue
		}
		n := 0
		for col := b.FirstCol; col <= b.LastCol && n < 2; col++ {
			if isFigure(col) {
				n++
			}
		}
		if n > 1 || b.LastRow > b.FirstRow {
			out = append(out, b)
		}
	}
	return out
}

// downwards gives a row what blocks of one column say that began above it.
func (m *merged) downwards(row workbook.Row) workbook.Row {
	only := merged{}
	for _, b := range m.open {
		if b.FirstRow < row.Number && b.FirstCol == b.LastCol {
			only.open = append(only.open, b)
		}
	}
	return only.spread(row, maxHead, func(int) bool { return false })
}

// bands are the texts that stand over several columns in a row.
func (m *merged) bands(row int) map[int]string {
	out := map[int]string{}
	for _, b := range m.open {
		for col := b.FirstCol; b.LastRow == row && b.FirstCol < b.LastCol && col <= b.LastCol && col < maxHead; col++ {
			out[col] = b.cell.Text
		}
	}
	return out
}

// maxHead is how many columns a header's merged cells spread over.
const maxHead = 1000
