package disclosure

import (
	"maps"
	"math"
	"slices"
)

// bounds are the least and the most a term can be, and the rows they follow
// from.
type bounds struct {
	least, most float64
	by, from    *row // of most and of least
}

// rounds is how often bounds are drawn closer. What takes longer tells nobody.
const rounds = 40

// bounded are the leaks of masked cells that follow from how small counts can be: none
// is below 1, being masked, so that two that come to 2 are 1 each. A small one
// must be able to be anything up to the threshold and, even to who knew which
// ones are small, more than one number.
func (t *table) bounded(rows []*row) []leak {
	loose, tight := t.narrow(rows, false), t.narrow(rows, true)
	var out []leak
	for _, i := range slices.Sorted(maps.Keys(loose)) {
		c, b, k := t.cellOf(i), loose[i], tight[i]
		if !c.hidden() {
			continue
		}
		switch {
		case (t.small(i) || c.secret) && b.most < float64(c.limit), b.least >= b.most:
			out = append(out, t.blame(i, b, rows))
		case k.least >= k.most:
			out = append(out, t.blame(i, k, rows))
		}
	}
	return out
}

// blame is what is shown in the rows that bounds follow from or, where nothing
// of those can be masked, in any that the term is in.
func (t *table) blame(term int, b *bounds, rows []*row) leak {
	for _, r := range append([]*row{b.by, b.from}, rows...) {
		if r == nil || r.unknown[term] == 0 {
			continue
		}
		if shown := t.shownIn(r); t.smallest(shown) >= 0 {
			return shown
		}
	}
	return nil
}

// small reports whether a term is a number that is masked for itself.
func (t *table) small(term int) bool {
	c, n := t.cellOf(term), t.terms[term].number
	return c.small && n > 0 && n <= float64(c.limit)
}

// narrow draws the bounds of all unknown cells as close as the rows do one by
// one. With knowing, small ones are known to be.
func (t *table) narrow(rows []*row, knowing bool) map[int]*bounds {
	of := map[int]*bounds{}
	for _, r := range rows {
		for i := range r.unknown {
			if of[i] != nil {
				continue
			}
			of[i] = &bounds{least: 0, most: unbounded}
			if c := t.cellOf(i); c.secret || c.masked && c.whole && t.terms[i].number != 0 {
				of[i].least = 1
			}
			if knowing && t.small(i) {
				of[i].most = float64(t.cellOf(i).limit)
			}
		}
	}
	for range rounds {
		closer := false
		for _, r := range rows {
			closer = t.closer(r, of) || closer
		}
		if !closer {
			break
		}
	}
	return of
}

// closer draws bounds closer by one row. One that contradicts them is no sum.
func (t *table) closer(r *row, of map[int]*bounds) bool {
	least, most, open := 0.0, 0.0, [2]int{}
	for i, n := range r.unknown {
		a, b := scaled(of[i], n)
		least, open[0] = grow(least, a, open[0])
		most, open[1] = grow(most, b, open[1])
	}
	if r.wild || open[0] == 0 && r.rest < least-nearly || open[1] == 0 && r.rest > most+nearly {
		return false
	}
	did := false
	for i, n := range r.unknown {
		a, b := scaled(of[i], n)
		low, high := math.Inf(-1), unbounded // of n times the term
		if others(open[1], b) {
			low = r.rest - (most - finite(b))
		}
		if others(open[0], a) {
			high = r.rest - (least - finite(a))
		}
		did = of[i].draw(r, low/float64(n), high/float64(n), n < 0, t.cellOf(i).whole) || did
	}
	return did
}

var unbounded = math.Inf(1)

// nearly is less than any two numbers that are told apart differ by.
const nearly = 1e-6

// scaled are the bounds of n times a term.
func scaled(b *bounds, n int64) (least, most float64) {
	least, most = b.least*float64(n), b.most*float64(n)
	if n < 0 {
		least, most = most, least
	}
	return least, most
}

// grow adds a bound to the sum of the finite ones and counts the others.
func grow(sum, bound float64, open int) (float64, int) {
	if math.IsInf(bound, 0) {
		return sum, open + 1
	}
	return sum + bound, open
}

// others reports whether all bounds but one are finite.
func others(open int, own float64) bool { return open == 0 || open == 1 && math.IsInf(own, 0) }

func finite(x float64) float64 {
	if math.IsInf(x, 0) {
		return 0
	}
	return x
}

// draw takes closer bounds, which are the other way round for a negative
// factor.
func (b *bounds) draw(r *row, low, high float64, negative, whole bool) bool {
	if negative {
		low, high = high, low
	}
	if whole {
		low, high = math.Ceil(low-nearly), math.Floor(high+nearly)
	}
	did := false
	if low > b.least+nearly {
		b.least, b.from, did = low, r, true
	}
	if high < b.most-nearly {
		b.most, b.by, did = high, r, true
	}
	return did
}
