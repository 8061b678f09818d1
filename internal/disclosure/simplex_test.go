package disclosure_test

import "math"

// program is a linear program over n numbers that are not negative, solved by
// the two-phase simplex method with Bland's rule.
type program struct {
	n    int
	rows []constraint
}

type constraint struct {
	of    []int
	less  []int // each taken away once
	slack bool
	is    float64
}

func (p *program) equal(of []int, is float64) {
	p.rows = append(p.rows, constraint{of: of, is: is})
}

func (p *program) atLeast(of []int, is float64) {
	p.rows = append(p.rows, constraint{of: of, slack: true, is: is})
}

// balance says that two sums come to the same.
func (p *program) balance(of, less []int) {
	p.rows = append(p.rows, constraint{of: of, less: less})
}

// most is the greatest that sign times a sum can be; +Inf for no bound.
func (p *program) most(of []int, sign float64) float64 {
	m := len(p.rows)
	slacks := 0
	for _, r := range p.rows {
		if r.slack {
			slacks++
		}
	}
	width := p.n + slacks + m + 1
	tab, basis := make([][]float64, m), make([]int, m)
	slack := p.n
	for i, r := range p.rows {
		tab[i] = make([]float64, width)
		for _, v := range r.of {
			tab[i][v] = 1
		}
		for _, v := range r.less {
			tab[i][v] = -1
		}
		if r.slack {
			tab[i][slack] = -1
			slack++
		}
		tab[i][p.n+slacks+i], tab[i][width-1] = 1, r.is
		basis[i] = p.n + slacks + i
	}
	cost := make([]float64, width)
	for i := range m {
		cost[p.n+slacks+i] = -1
	}
	climb(tab, basis, cost, width-1)
	// What is artificial leaves the basis, or its row says nothing.
	for i := range basis {
		if basis[i] < p.n+slacks {
			continue
		}
		for j := range p.n + slacks {
			if math.Abs(tab[i][j]) > 1e-7 {
				turn(tab, basis, i, j)
				break
			}
		}
	}
	cost = make([]float64, width)
	for _, v := range of {
		cost[v] = sign
	}
	return climb(tab, basis, cost, p.n+slacks)
}

// climb maximises cost over the first columns of a tableau.
func climb(tab [][]float64, basis []int, cost []float64, columns int) float64 {
	last := len(cost) - 1
	for {
		in := -1
		for j := range columns {
			gain := cost[j]
			for i, b := range basis {
				gain -= cost[b] * tab[i][j]
			}
			if gain > 1e-7 {
				in = j
				break
			}
		}
		if in < 0 {
			break
		}
		out := -1
		for i := range tab {
			if tab[i][in] <= 1e-7 {
				continue
			}
			if out < 0 {
				out = i
				continue
			}
			a, b := tab[i][last]/tab[i][in], tab[out][last]/tab[out][in]
			if a < b-1e-9 || a < b+1e-9 && basis[i] < basis[out] {
				out = i
			}
		}
		if out < 0 {
			return math.Inf(1)
		}
		turn(tab, basis, out, in)
	}
	total := 0.0
	for i, b := range basis {
		total += cost[b] * tab[i][last]
	}
	return total
}

func turn(tab [][]float64, basis []int, out, in int) {
	by := tab[out][in]
	for j := range tab[out] {
		tab[out][j] /= by
	}
	for i := range tab {
		if times := tab[i][in]; i != out && times != 0 {
			for j := range tab[i] {
				tab[i][j] -= times * tab[out][j]
			}
		}
	}
	basis[out] = in
}
