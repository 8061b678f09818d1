package dashboard

import "bellwether/internal/stat"

// entry is one cell of a table: how it reads and, where it is one number, that
// number unrounded.
type entry struct {
	text   string
	number *float64
}

func text(s string) entry { return entry{text: s} }

// texts are cells without numbers.
func texts(ss ...string) []entry {
	out := make([]entry, len(ss))
	for i, s := range ss {
		out[i] = text(s)
	}
	return out
}

// numeral is a number that may not be there.
func numeral(x *float64, decimals int) entry { return entry{number(x, decimals), x} }

func whole(n int) entry {
	x := float64(n)
	return numeral(&x, 0)
}

// cell is a figure; a mark is its letter, never a zero.
func cell(f stat.Figure, decimals int) entry {
	if f.Known() {
		return numeral(f.Float(), decimals)
	}
	return text(f.Mark.Letter())
}

// add puts a row at the end of a table.
func (t *TablePanel) add(row []entry) {
	words, numbers := make([]string, len(row)), make([]*float64, len(row))
	for i, e := range row {
		words[i], numbers[i] = e.text, e.number
	}
	t.Rows, t.Numbers = append(t.Rows, words), append(t.Numbers, numbers)
}

// drop takes out a column nobody has anything in.
func (t *TablePanel) drop(heading string) {
	for i, c := range t.Columns {
		if c == heading && t.blank(i) {
			t.Columns, t.Sort = without(t.Columns, i), without(t.Sort, i)
			for j := range t.Rows {
				t.Rows[j], t.Numbers[j] = without(t.Rows[j], i), without(t.Numbers[j], i)
			}
			return
		}
	}
}

func (t *TablePanel) blank(column int) bool {
	for _, row := range t.Rows {
		if row[column] != "" {
			return false
		}
	}
	return true
}

func without[T any](xs []T, i int) []T {
	if i >= len(xs) {
		return xs
	}
	return append(xs[:i:i], xs[i+1:]...)
}
