package disclosure

import (
	"math"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// leave adds what a count leaves of what it is some of, as it stood with each
// release of either.
func (t *table) leave() {
	for i := range t.cells { // what is left is added to them
		for _, w := range t.ties.within {
			at := t.cells[i].cell
			if at.what != w[0] {
				continue
			}
			at.what = w[1]
			if of, ok := t.at[at]; ok || t.ties.follows(w[1]) {
				if !ok {
					of = t.place(at, true)
				}
				at.what = "rest of " + w[0] + " of " + w[1]
				t.rest(at, i, of)
			}
		}
	}
}

func (t *table) rest(at cell, count, of int) {
	i := t.place(at, false)
	s := t.cells[i]
	s.rest, s.whole = true, t.cells[count].whole && t.cells[of].whole
	for _, say := range slices.Concat(t.cells[count].said, t.cells[of].said) {
		s.add(say.day, t.on(of, say.day)-t.on(count, say.day), t.cells[count].limit)
	}
	s.settle()
	t.tying = append(t.tying, &sum{total: of, parts: []int{count, i}, all: true})
}

// addTies adds the sums across things counted that a cell is in: of a sum as its
// total, of a stock as those who joined it.
func (t *table) addTies(i int) {
	for _, s := range t.ties.sums {
		if t.cells[i].what == s.total {
			t.addSum(i, s.parts)
		}
	}
	for _, s := range t.ties.apart {
		if t.cells[i].what == s.total {
			t.addApart(i, s.parts)
		}
	}
	for _, m := range t.ties.moves {
		switch t.cells[i].what {
		case m.starts:
			t.addMove(i, m)
		case m.ends:
			at, _ := t.beside(i, m.starts)
			t.place(at, true) // which is come to
		case m.ever:
			t.addEver(i, m)
		}
	}
}

// beside is the cell of something else in the same place and time.
func (t *table) beside(i int, what string) (cell, bool) {
	at := t.cells[i].cell
	at.what = what
	_, ok := t.at[at]
	return at, ok
}

func (t *table) addSum(total int, parts []string) {
	s, any := &sum{total: total, all: true}, false
	for _, what := range parts {
		_, ok := t.beside(total, what)
		any = any || ok
	}
	for _, what := range parts {
		if at, _ := t.beside(total, what); any {
			s.parts = append(s.parts, t.place(at, t.cells[total].flow))
		}
	}
	if any {
		t.tying = append(t.tying, s)
	}
}

// addApart adds that parts and others, whom nobody counts, add up to a total.
func (t *table) addApart(total int, parts []string) {
	s := &sum{total: total, all: true}
	for _, what := range parts {
		if at, ok := t.beside(total, what); ok {
			s.parts = append(s.parts, t.at[at])
		}
	}
	if len(s.parts) < 2 {
		return
	}
	at, _ := t.beside(total, "neither "+strings.Join(parts, " nor "))
	others := t.place(at, false)
	t.cells[others].rest = true
	s.parts = append(s.parts, others)
	t.tying = append(t.tying, s)
}

// stocks are those before and after the period of a flow.
func (t *table) stocks(flow int, what string) (before, after int) {
	at := t.cells[flow].cell
	at.what = what
	p := at.period
	at.period = stat.OnDay(p.Start().AddDays(-1))
	before = t.place(at, false)
	at.period = stat.OnDay(p.End)
	after = t.place(at, false)
	t.cells[before].stock, t.cells[after].stock = true, true
	return before, after
}

// addMove adds that a stock and who joined it less who left is the later stock.
func (t *table) addMove(starts int, m move) {
	at, _ := t.beside(starts, m.ends)
	if months[at.period.Span] == 0 {
		return
	}
	before, after := t.stocks(starts, m.stock)
	t.tying = append(t.tying, &sum{total: after, parts: []int{before, starts, t.place(at, true)}, less: true, all: true})
}

// addEver adds that all who were among a stock in a period are the stock before
// it and who joined, and the stock after it and who left.
func (t *table) addEver(ever int, m move) {
	starts, joined := t.beside(ever, m.starts)
	ends, left := t.beside(ever, m.ends)
	if months[starts.period.Span] == 0 || !joined && !left {
		return
	}
	before, after := t.stocks(ever, m.stock)
	if joined {
		t.tying = append(t.tying, &sum{total: ever, parts: []int{before, t.at[starts]}, all: true})
	}
	if left {
		t.tying = append(t.tying, &sum{total: ever, parts: []int{after, t.at[ends]}, all: true})
	}
}

// addCategory adds that a count is what categories of its name come to or, where
// there is none among those of a total, that it is one more of them.
func (t *table) addCategory(c category) {
	at := map[int]*sum{} // by what it adds up to
	for i, s := range t.cells {
		if !slices.Contains(c.of, s.what) {
			continue
		}
		total := s.cell
		part, ok := c.named(s.part)
		total.what, total.part = c.what, part
		if j, given := t.at[total]; ok && given {
			if at[j] == nil {
				at[j] = &sum{total: j, all: true}
				t.tying = append(t.tying, at[j])
			}
			at[j].parts = append(at[j].parts, i)
		}
	}
	for _, s := range t.sums {
		if j, lacks := t.lacks(s, c); lacks {
			s.parts = append(s.parts, j)
		}
	}
}

// lacks is the cell of a count that would be a category of a sum, if it is one of
// a dimension which has none of that name and leaves room for it.
func (t *table) lacks(s *sum, c category) (int, bool) {
	total, first := t.cells[s.total], t.cells[s.parts[0]]
	if !slices.Contains(c.of, total.what) || len(first.part) <= len(total.part) {
		return 0, false
	}
	at, ok := t.beside(s.total, c.what)
	in, own := c.dimensionOf(first.part, total.part), t.at[at]
	n := t.cells[own].number
	for _, i := range s.parts {
		if m := t.cells[i].number; !math.IsNaN(m) {
			n += m
		}
		in = in && i != own && !slices.ContainsFunc(t.ties.categories, func(o category) bool {
			_, named := o.named(t.cells[i].part)
			return named && o.what == c.what
		})
	}
	return own, ok && in && !(n > total.number)
}

// dimensionOf reports whether the one dimension that a part has and its total
// has not is that of the category.
func (c *category) dimensionOf(part, total string) bool {
	of := dimensions(total)
	return slices.ContainsFunc(dimensions(part), func(d string) bool {
		name, _, _ := strings.Cut(d, ": ")
		return !slices.Contains(of, d) && within(c.dimension, words(name))
	})
}
