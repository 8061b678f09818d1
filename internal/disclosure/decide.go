package disclosure

import (
	"cmp"
	"context"
	"slices"

	"bellwether/internal/stat"
)

// decide finds what is to be masked of a group of measures: all that is small
// in any release, and all that would give it away.
func (d *Source) decide(ctx context.Context, g *group) (map[stat.Key]parts, error) {
	hides := map[stat.Key]parts{}
	if told, err := d.told(ctx, g); err != nil || !told {
		return hides, err
	}
	held, err := d.from.Read(ctx, stat.Query{Measures: append(slices.Clone(g.measures), stat.Population), Published: true})
	if err != nil {
		return nil, err
	}
	t, keys, err := d.lay(ctx, g, held)
	if err != nil || !slices.ContainsFunc(t.cells, (*state).hidden) {
		return hides, err
	}
	t.addSums()
	t.protect()
	for _, key := range keys {
		m := d.measure(key.Measure)
		count, denominator, divided := cellsOf(m, key)
		p := parts{count: t.masked(count), denominator: divided && t.masked(denominator)}
		if p.count || p.denominator {
			hides[key] = p
		}
	}
	return hides, nil
}

// told reports whether the council published anything of a group that has a
// threshold.
func (d *Source) told(ctx context.Context, g *group) (bool, error) {
	limit, released := 0, false
	for _, m := range g.measures {
		days, err := d.from.Releases(ctx, m)
		if err != nil {
			return false, err
		}
		limit, released = max(limit, d.rules.ThresholdOf(m)), released || len(days) > 0
	}
	return limit > 0 && released, nil
}

// measure is one of the catalogue, or all that is known of another.
func (d *Source) measure(code string) stat.Measure {
	m, err := d.cat.Measure(code)
	if err != nil {
		return stat.Measure{Code: code}
	}
	return m
}

func (t *table) masked(c cell) bool {
	i, ok := t.at[c]
	return ok && t.cells[i].masked
}

// A leak is the cells that a masked one is worked out from.
type leak []int

// protect masks, for each masked cell that is given away, the smallest of those
// it is worked out from, until none is or nothing more can be masked.
func (t *table) protect() {
	for masking := true; masking; {
		masking = t.untangle()
		fresh := map[int]bool{}
		for _, l := range t.leaks() {
			if slices.ContainsFunc(l, func(i int) bool { return fresh[i] }) {
				continue // it may be one no longer
			}
			if i := t.smallest(l); i >= 0 {
				t.cells[i].masked, fresh[i], masking = true, true, true
			}
		}
	}
}

// smallest is the cell with the least number of those that masking hides, a
// zero only where there is no other, and a stock only where there is no flow in
// or out of it, since more follows from it in each month; -1 for none.
func (t *table) smallest(of []int) int {
	of = slices.DeleteFunc(slices.Clone(of), func(i int) bool { return !t.cells[i].maskable() })
	if len(of) == 0 {
		return -1
	}
	return slices.MinFunc(of, func(i, j int) int {
		a, b := t.cells[i], t.cells[j]
		return cmp.Or(order(a.stock)-order(b.stock), order(!a.some)-order(!b.some), cmp.Compare(a.number, b.number), a.compare(b.cell))
	})
}

func order(later bool) int {
	if later {
		return 1
	}
	return 0
}

// leaks are those that can be stopped, in order: of the masked cells that
// follow by adding and taking away and, only where there are none, of those
// that follow from how small the counts of a sum can be.
func (t *table) leaks() []leak {
	rows := t.rows()
	solved := eliminate(clones(rows))
	hopeless := func(l leak) bool { return t.smallest(l) < 0 }
	if out := slices.DeleteFunc(t.exact(solved), hopeless); len(out) > 0 {
		return out
	}
	return slices.DeleteFunc(t.bounded(slices.Concat(rows, solved)), hopeless)
}
