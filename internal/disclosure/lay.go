package disclosure

import (
	"context"
	"math"
	"slices"

	"bellwether/internal/stat"
)

// lay puts what the council ever said of the group into a table, and what
// others publish of the same; keys are those the council has figures of.
func (d *Source) lay(ctx context.Context, g *group, held stat.Holding) (*table, []stat.Key, error) {
	t, of, keys := &table{cat: d.cat, at: map[cell]int{}, termAt: map[term]int{}, sumOf: map[int]*sum{}}, people{}, []stat.Key(nil)
	for _, o := range held.Observations {
		if o.Measure == stat.Population {
			k := [2]string{o.Area, o.Breakdown}
			of[k] = append(of[k], o)
		}
		if o.Publisher() == stat.Council && slices.Contains(g.measures, o.Measure) {
			keys = append(keys, o.Key)
		}
	}
	var said []stat.Observation
	for _, key := range keys {
		all, err := d.published(ctx, key)
		if err != nil {
			return nil, nil, err
		}
		for _, o := range all {
			if o.Publisher() == stat.Council {
				said = append(said, o)
			}
		}
	}
	for i := range said {
		t.divide(d, &said[i])
	}
	t.open(d, held, of, g, near(d, said))
	for i := range said {
		t.say(d, &said[i], of)
	}
	for _, s := range t.cells {
		s.settle()
	}
	for _, key := range keys {
		t.leave(d, key)
	}
	return t, keys, nil
}

// divide adds what the council said that something is out of.
func (t *table) divide(d *Source, o *stat.Observation) {
	m := d.measure(o.Measure)
	_, denominator, divided := cellsOf(m, o.Key)
	if !divided || !o.Denominator.Given() {
		return
	}
	n := math.NaN()
	if o.Denominator.Known() {
		n = o.Denominator.Number
	}
	t.cells[t.place(denominator, m.Kind == stat.Flow)].add(origin(o).Released.Last(), n, d.rules.ThresholdOf(m.Code))
}

// say adds what the council counted. A rate of people nobody knows the number
// of may be of a few.
func (t *table) say(d *Source, o *stat.Observation, of people) {
	m, day := d.measure(o.Measure), origin(o).Released.Last()
	limit := d.rules.ThresholdOf(m.Code)
	at, denominator, _ := cellsOf(m, o.Key)
	base := of.near(o.Key)
	if i, ok := t.at[denominator]; ok && m.Unit != stat.RateOf {
		base = t.cells[i].number
		if said := t.on(i, day); !math.IsNaN(said) {
			base = said
		}
	}
	n, ok := count(m, o, base)
	s := t.cells[t.place(at, m.Kind == stat.Flow)]
	if !ok {
		n = math.NaN()
		s.small = s.small || m.Unit == stat.RateOf && o.Value.Known() && limit > 0
	}
	s.add(day, n, limit)
	if left := unsaid(m, o); left > 0 && left <= float64(limit) {
		s.small = true
	}
}

// unsaid is what a count leaves of a denominator that nobody gives, but that
// follows from the percentage; 0 for none.
func unsaid(m stat.Measure, o *stat.Observation) float64 {
	if !shares(m) || o.Denominator.Known() || !o.Count.Known() || !o.Value.Known() || o.Value.Number <= 0 {
		return 0
	}
	return math.Round(o.Count.Number*100/o.Value.Number) - o.Count.Number
}

// leave adds what the count of a share leaves of its denominator, as it stood
// with each release of either.
func (t *table) leave(d *Source, key stat.Key) {
	m := d.measure(key.Measure)
	at, denominator, _ := cellsOf(m, key)
	count, counted := t.at[at]
	of, divided := t.at[denominator]
	if !shares(m) || !counted || !divided {
		return
	}
	at.what = "rest of " + m.Code
	i := t.place(at, false)
	s := t.cells[i]
	s.rest, s.whole = true, t.cells[count].whole && t.cells[of].whole
	for _, say := range slices.Concat(t.cells[count].said, t.cells[of].said) {
		s.add(say.day, t.on(of, say.day)-t.on(count, say.day), d.rules.ThresholdOf(m.Code))
	}
	s.settle()
	t.rests = append(t.rests, &sum{total: of, parts: []int{count, i}, all: true})
}

// near are the council's areas and those these lie in.
func near(d *Source, said []stat.Observation) map[string]bool {
	out := map[string]bool{}
	for _, o := range said {
		out[o.Area], out[above(d.cat, o.Area)] = true, true
	}
	delete(out, "")
	return out
}

// open marks the cells that others publish, in some areas and those that lie in
// them.
func (t *table) open(d *Source, held stat.Holding, of people, g *group, areas map[string]bool) {
	for i := range held.Observations {
		o := &held.Observations[i]
		if o.Publisher() == stat.Council || !slices.Contains(g.measures, o.Measure) || !areas[o.Area] && !areas[above(d.cat, o.Area)] {
			continue
		}
		m := d.measure(o.Measure)
		at, denominator, divided := cellsOf(m, o.Key)
		if n, ok := count(m, o, of.near(o.Key)); ok {
			t.print(at, m, n)
		}
		if divided && o.Denominator.Known() {
			t.print(denominator, m, o.Denominator.Number)
		}
	}
}

// print says that a cell is published.
func (t *table) print(c cell, m stat.Measure, n float64) {
	s := t.cells[t.place(c, m.Kind == stat.Flow)]
	s.open, s.number = true, n
}

// above is the authority or the like that an area below it lies in, "" for
// others.
func above(cat *stat.Catalogue, area string) string {
	a, err := cat.Area(area)
	if err != nil || a.Level == stat.Authority || a.Level == stat.Regional || a.Level == stat.National {
		return ""
	}
	return a.Region
}
