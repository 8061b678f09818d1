package dashboard

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Sorted is a copy of the table with its rows in the order of a column, its
// Numbers, Keys and Mark with them. Rows with nothing or a mark in that column stay
// last whichever way it goes. It is false for a table or column that does not
// sort.
func (t TablePanel) Sorted(column int, descending bool) (TablePanel, bool) {
	if column < 0 || column >= len(t.Sort) || t.Sort[column] == "" {
		return t, false
	}
	order := make([]int, len(t.Rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return t.compare(t.Rows[a][column], t.Rows[b][column], t.Sort[column], descending)
	})
	rows, numbers, keys, mark := make([][]string, len(order)), [][]*float64(nil), []string(nil), -1
	for i, from := range order {
		rows[i] = t.Rows[from]
		if len(t.Numbers) > 0 {
			numbers = append(numbers, t.Numbers[from])
		}
		if len(t.Keys) > 0 {
			keys = append(keys, t.Keys[from])
		}
		if from == t.Mark {
			mark = i
		}
	}
	t.Rows, t.Numbers, t.Keys, t.Mark = rows, numbers, keys, mark
	return t, true
}

func (t TablePanel) compare(a, b, kind string, descending bool) int {
	way := 1
	if descending {
		way = -1
	}
	if kind == SortText {
		return bothOr(a != "", b != "", func() int { return way * strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	}
	x, xok := leading(a)
	y, yok := leading(b)
	return bothOr(xok, yok, func() int { return way * cmp.Compare(x, y) })
}

// bothOr compares two that are there, and puts one that is not last.
func bothOr(a, b bool, compare func() int) int {
	switch {
	case a && b:
		return compare()
	case a:
		return -1
	case b:
		return 1
	}
	return 0
}

// leading is the number a cell begins with: 1267 of "1,267", -20 of "−20", 2
// of "2=" and 126.4 of "126.4 to 151.1".
func leading(s string) (float64, bool) {
	s, _, _ = strings.Cut(strings.NewReplacer(",", "", "\u2212", "-", "+", "", "=", "", "£", "").Replace(s), " ")
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && x == x && x-x == 0
}
