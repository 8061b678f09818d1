package workbook

// budget counts what all sheets of a workbook have used of the limits.
type budget struct {
	cells, area int
	text        int64
}

// spend counts n cells of size bytes each in a row whose text is line bytes.
func (b *budget) spend(l Limits, at func() string, row, line, size, n int) error {
	b.cells += n
	b.text += int64(size) * int64(n)
	switch {
	case size > l.Cell:
		return longCell(at(), l)
	case row > l.Rows:
		return tooLarge(at(), "the sheet goes on below row %d, the last that is read. Upload it in parts, "+raiseRows+".", l.Rows)
	case line > l.Line:
		return tooLarge(at(), "the row's text is longer than %s. Shorten it.", megabytes(int64(l.Line)))
	case b.cells > l.Cells:
		return tooLarge(at(), "the workbook has more than %d cells with a value. Upload it in parts.", l.Cells)
	case b.text > l.Text:
		return tooLarge(at(), "the workbook has more than %s of text. Upload it in parts.", megabytes(l.Text))
	}
	return nil
}

// spendArea counts a row that reaches to the column right, counted from 1.
func (b *budget) spendArea(l Limits, sheet string, right int) error {
	if b.area += right; b.area > l.Area {
		return tooLarge(sheet, "the sheets are wide and nearly empty: more than %d cells up to the last of each row. Delete the columns that are not needed.", l.Area)
	}
	return nil
}

func longCell(at string, l Limits) error {
	return tooLarge(at, "a cell's text is longer than %d bytes. Shorten it.", l.Cell)
}

func tooWide(at string, l Limits) error {
	return tooLarge(at, "the sheet goes on to the right of column %s, the last that is read. Take out what is not needed.", columnName(l.Cols-1))
}

// merge adds a block of merged cells.
func (s *Sheet) merge(l Limits, m Merge) error {
	if len(s.Merges) >= l.Merges {
		return tooLarge(s.Name, "the sheet has more than %d merged cells. Unmerge them.", l.Merges)
	}
	s.Merges = append(s.Merges, m)
	return nil
}

// colSpan is columns from first to last, counted from 0.
type colSpan struct{ first, last int }

// parseAddress reads "F12" as column 5, row 12, within a sheet's edges.
func parseAddress(s []byte) (col, row int, ok bool) {
	i := 0
	for i < len(s) && i < 4 && s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' {
		col = col*26 + int(s[i]|0x20-'a') + 1
		i++
	}
	if i == 0 || col > lastCol || i == len(s) || s[i] == '0' {
		return 0, 0, false
	}
	row, ok = parseCount(s[i:])
	return col - 1, row, ok && row <= lastRow
}

// parseCount reads up to nine digits.
func parseCount(s []byte) (int, bool) {
	if len(s) == 0 || len(s) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
