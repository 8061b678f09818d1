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
	t.tell(d, said, of)
	for _, s := range t.cells {
		s.settle()
	}
	t.ties = tied(slices.DeleteFunc(slices.Clone(d.cat.Measures()), func(m stat.Measure) bool { return !slices.Contains(g.measures, m.Code) }))
	t.leave()
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
	s := t.cells[t.place(denominator, m.Kind == stat.Flow)]
	s.sealed = s.sealed || o.Denominator.Mark == stat.Confidential
	s.add(origin(o).Released.Last(), n, d.rules.ThresholdOf(m.Code))
}

// tell adds what the council counted, wherever that follows from: a percentage
// and what it is out of may stand in rows of two measures, and so may the count
// that gives what a percentage is out of.
func (t *table) tell(d *Source, said []stat.Observation, of people) {
	left := make([]*stat.Observation, len(said))
	for i := range said {
		left[i] = &said[i]
	}
	for more := true; more; {
		more = false
		left = slices.DeleteFunc(left, func(o *stat.Observation) bool {
			n, ok := t.counted(d, o, of)
			if ok {
				t.say(d, o, n)
			}
			more = more || ok
			return ok
		})
		for i := range said {
			more = t.infer(d, &said[i]) || more
		}
	}
	for _, o := range left {
		t.say(d, o, math.NaN())
	}
	for i := range said {
		t.remain(d, &said[i])
	}
}

// counted is what an observation counts, as far as has been told by now.
func (t *table) counted(d *Source, o *stat.Observation, of people) (float64, bool) {
	m, base := d.measure(o.Measure), of.near(o.Key)
	if _, denominator, divided := cellsOf(m, o.Key); divided {
		base = 0
		if i, ok := t.at[denominator]; ok {
			base = t.on(i, origin(o).Released.Last())
		}
	}
	n, ok := count(m, o, base)
	return n, ok && !math.IsNaN(n)
}

// say adds what an observation counts, NaN where nothing tells. A rate of people
// nobody knows the number of may be of a few.
func (t *table) say(d *Source, o *stat.Observation, n float64) {
	m := d.measure(o.Measure)
	at, _, _ := cellsOf(m, o.Key)
	limit, s := d.rules.ThresholdOf(m.Code), t.cells[t.place(at, m.Kind == stat.Flow)]
	if math.IsNaN(n) {
		s.small = s.small || m.Unit == stat.RateOf && o.Value.Known() && limit > 0
		s.sealed = s.sealed || o.Count.Mark == stat.Confidential || !o.Count.Given() && o.Value.Mark == stat.Confidential
	}
	s.add(origin(o).Released.Last(), n, limit)
}

// infer adds what a percentage or a ratio is out of, where its release does not
// say but the count gives it, and reports whether it did.
func (t *table) infer(d *Source, o *stat.Observation) bool {
	m, day := d.measure(o.Measure), origin(o).Released.Last()
	at, denominator, divided := cellsOf(m, o.Key)
	i, ok := t.at[at]
	if !divided || !ok || o.Denominator.Known() {
		return false
	}
	n := o.Count.Number
	if !o.Count.Known() {
		n = t.on(i, day)
	}
	whole := outOf(m, o, n)
	if whole <= 0 || t.tells(denominator, day, m, o.Value.Number, n) {
		return false
	}
	t.cells[t.place(denominator, m.Kind == stat.Flow)].add(day, whole, d.rules.ThresholdOf(m.Code))
	return true
}

// tells reports whether a number is given of what a value is out of on the day of
// its release, or one from before that agrees with it.
func (t *table) tells(denominator cell, day stat.Date, m stat.Measure, value, n float64) bool {
	i, ok := t.at[denominator]
	if !ok || math.IsNaN(t.on(i, day)) {
		return false
	}
	return slices.ContainsFunc(t.cells[i].said, func(s saying) bool { return s.day == day && !math.IsNaN(s.number) }) ||
		stat.RoundHalfUp(n*pers[m.Unit]/t.on(i, day), m.Decimals) == stat.RoundHalfUp(value, m.Decimals)
}

// remain marks a count small that leaves few of a denominator which its row does
// not give, but which follows from the percentage.
func (t *table) remain(d *Source, o *stat.Observation) {
	m := d.measure(o.Measure)
	at, _, _ := cellsOf(m, o.Key)
	s := t.cells[t.at[at]]
	numbers := []saying{{number: o.Count.Number}}
	switch {
	case !shares(m) || o.Denominator.Known():
		return
	case !o.Count.Known():
		numbers = append(slices.Clone(s.said), saying{number: s.number})
	}
	for _, say := range numbers {
		if left := outOf(m, o, say.number) - say.number; left > 0 && left <= float64(d.rules.ThresholdOf(m.Code)) {
			s.small = true
		}
	}
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
