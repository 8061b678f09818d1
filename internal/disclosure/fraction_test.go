package disclosure_test

import (
	"fmt"
	"math"
	"slices"
)

// solved are equations in echelon form, as exact fractions.
type solved struct {
	rows  [][]fraction
	pivot []int
	n     int
}

// fraction is exact as long as it is small; a bigger one panics.
type fraction struct{ over, under int64 }

func (x fraction) zero() bool { return x.over == 0 }

func fractionOf(over, under int64) fraction {
	a, b := over, under
	for b != 0 {
		a, b = b, a%b
	}
	over, under = over/a, under/a
	if under < 0 {
		over, under = -over, -under
	}
	if max(over, -over, under) > math.MaxInt32 {
		panic("a fraction is too big")
	}
	return fraction{over, under}
}

func (x fraction) by(y fraction) fraction { return fractionOf(x.over*y.over, x.under*y.under) }

func (x fraction) less(y fraction) fraction {
	return fractionOf(x.over*y.under-y.over*x.under, x.under*y.under)
}

func reduce(equals []equation, n int) *solved {
	s := &solved{n: n}
	seen := map[string]bool{}
	for _, e := range equals {
		if k := fmt.Sprint(e.of); !seen[k] {
			seen[k] = true
			s.take(e.of)
		}
	}
	return s
}

// rest is what is left of a sum when all that is known has been taken away.
func (s *solved) rest(of []int) []fraction {
	row := make([]fraction, s.n)
	for i := range row {
		row[i] = fraction{0, 1}
	}
	for _, i := range of {
		row[i] = fraction{1, 1}
	}
	for k, p := range s.pivot {
		if times := row[p]; !times.zero() {
			for i := range row {
				if !s.rows[k][i].zero() {
					row[i] = row[i].less(times.by(s.rows[k][i]))
				}
			}
		}
	}
	return row
}

func (s *solved) take(of []int) {
	row := s.rest(of)
	p := slices.IndexFunc(row, func(x fraction) bool { return !x.zero() })
	if p < 0 {
		return
	}
	by := fractionOf(row[p].under, row[p].over)
	for i := range row {
		row[i] = row[i].by(by)
	}
	s.rows, s.pivot = append(s.rows, row), append(s.pivot, p)
}

func (s *solved) gives(of []int) bool {
	return !slices.ContainsFunc(s.rest(of), func(x fraction) bool { return !x.zero() })
}
