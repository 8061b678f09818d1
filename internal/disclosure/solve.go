package disclosure

import (
	"cmp"
	"maps"
	"slices"
)

// row says that the unknown terms, each so many times, come to rest, which the
// shown ones, each so many times, make up.
type row struct {
	unknown, shown map[int]int64
	rest           float64
	wild           bool // its factors have grown beyond what is computed exactly
}

// rows are the forms of all sums with the terms that nobody knows set apart. One
// that says nothing is left out.
func (t *table) rows() []*row {
	var out []*row
	for _, s := range t.sums {
		for _, f := range s.forms {
			if r := t.row(f, s.less); len(r.unknown) > 0 {
				out = append(out, r)
			}
		}
	}
	for dropped := true; dropped; {
		in := map[int]int{}
		for _, r := range out {
			for i := range r.unknown {
				in[i]++
			}
		}
		n := len(out)
		out = slices.DeleteFunc(out, func(r *row) bool {
			for i := range r.unknown {
				if in[i] == 1 && !t.cellOf(i).hidden() && r.free(i) {
					return true
				}
			}
			return false
		})
		dropped = len(out) < n
	}
	return out
}

// free reports whether one unknown can make up for whatever the others are. A
// part can only where they cannot be too many: no count is below nothing.
func (r *row) free(of int) bool {
	n := r.unknown[of]
	if r.rest*float64(n) < 0 {
		return false
	}
	for i, k := range r.unknown {
		if i != of && k*n > 0 {
			return false
		}
	}
	return true
}

func (t *table) row(f form, less bool) *row {
	r := &row{unknown: map[int]int64{}, shown: map[int]int64{}}
	for k, i := range f {
		times := int64(1)
		if k == len(f)-1 || less && k == len(f)-2 {
			times = -1
		}
		if !t.cellOf(i).known() {
			if r.unknown[i] += times; r.unknown[i] == 0 {
				delete(r.unknown, i)
			}
			continue
		}
		r.shown[i] -= times
		r.rest -= float64(times) * t.terms[i].number
	}
	return r
}

func (t *table) cellOf(term int) *state { return t.cells[t.terms[term].cell] }

// shownIn are the cells whose numbers make up a row.
func (t *table) shownIn(r *row) leak {
	var out leak
	for i := range r.shown {
		out = append(out, t.terms[i].cell)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func clones(rows []*row) []*row {
	out := make([]*row, len(rows))
	for i, r := range rows {
		out[i] = &row{maps.Clone(r.unknown), maps.Clone(r.shown), r.rest, r.wild}
	}
	return out
}

// eliminate solves the rows by Gauss and Jordan's method, in whole numbers: in
// what it returns each row has an unknown that no other has. A cell follows
// from what is shown if, and only if, it is then alone in its row. It changes
// the rows it is given.
func eliminate(rows []*row) []*row {
	in := map[int]int{}
	for _, r := range rows {
		for i := range r.unknown {
			in[i]++
		}
	}
	pivots := map[int]*row{}
	holds := map[int]map[int]bool{} // by unknown, the pivots of the rows it is in
	enter := func(p int, r *row) {
		for i := range r.unknown {
			if holds[i] == nil {
				holds[i] = map[int]bool{}
			}
			holds[i][p] = true
		}
	}
	slices.SortStableFunc(rows, func(a, b *row) int { return cmp.Compare(len(a.unknown), len(b.unknown)) })
	for _, r := range rows {
		for _, p := range slices.Sorted(maps.Keys(r.unknown)) {
			if by := pivots[p]; by != nil {
				r.less(by, p)
			}
		}
		if len(r.unknown) == 0 {
			continue
		}
		p := rarest(r, in)
		for _, q := range slices.Sorted(maps.Keys(holds[p])) {
			if by := pivots[q]; by.unknown[p] != 0 {
				by.less(r, p)
				enter(q, by)
			}
		}
		pivots[p] = r
		enter(p, r)
	}
	var out []*row
	for _, p := range slices.Sorted(maps.Keys(pivots)) {
		out = append(out, pivots[p])
	}
	return out
}

// rarest is the unknown of a row that is in the fewest rows.
func rarest(r *row, in map[int]int) int {
	return slices.MinFunc(slices.Collect(maps.Keys(r.unknown)), func(a, b int) int {
		return cmp.Or(cmp.Compare(in[a], in[b]), cmp.Compare(a, b))
	})
}

// less takes as much of another row away as leaves nothing of an unknown.
func (r *row) less(by *row, of int) {
	a, b := r.unknown[of], by.unknown[of]
	g := gcd(a, b)
	a, b = a/g, b/g
	r.wild = r.wild || by.wild
	combine(r.unknown, by.unknown, b, a)
	combine(r.shown, by.shown, b, a)
	r.rest = r.rest*float64(b) - by.rest*float64(a)
	r.shorten()
}

// combine makes x times b less y times a.
func combine(x, y map[int]int64, b, a int64) {
	if b != 1 {
		for i := range x {
			x[i] *= b
		}
	}
	for i, n := range y {
		if x[i] -= n * a; x[i] == 0 {
			delete(x, i)
		}
	}
}

// huge is so far below what an int64 holds that two such factors multiply.
const huge = 1 << 30

// shorten divides by what all factors have in common.
func (r *row) shorten() {
	g := int64(0)
	for _, of := range []map[int]int64{r.unknown, r.shown} {
		for _, n := range of {
			if g = gcd(g, n); g == 1 {
				break
			}
		}
	}
	for _, of := range []map[int]int64{r.unknown, r.shown} {
		for i := range of {
			if g > 1 {
				of[i] /= g
			}
			if of[i] > huge || of[i] < -huge {
				r.wild, of[i] = true, huge // what it says is not relied on
			}
		}
	}
	if g > 1 {
		r.rest /= float64(g)
	}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// exact are the masked cells that follow by adding and taking away.
func (t *table) exact(solved []*row) []leak {
	var out []leak
	for _, r := range solved {
		if len(r.unknown) > 1 && !r.wild {
			continue
		}
		for _, i := range slices.Sorted(maps.Keys(r.unknown)) {
			if t.cellOf(i).hidden() {
				out = append(out, t.shownIn(r))
			}
		}
	}
	return out
}
