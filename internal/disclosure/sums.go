package disclosure

import (
	"math"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// sum says that parts add up to a total. It is one even where the figures do
// not quite meet, as they seldom do: then it all but gives a masked one. It is
// known in as many forms as releases had figures of it.
type sum struct {
	total   int
	parts   []int
	less    bool // the last part is taken away, not added
	all     bool // parts that nothing was said of are parts still
	tangled bool // the parts come to so much more that some lie within others
	forms   []form
}

// form is a sum as one release had it: the terms of its parts and, last, that
// of its total.
type form []int

// term is a cell with one of its numbers, NaN where it never had one. A cell
// that a release restated is as many unknowns as it had numbers, so that what
// is the same in two releases gives what is not.
type term struct {
	cell   int
	number float64
}

// term finds or adds one.
func (t *table) term(cell int, number float64) int {
	k := term{cell, number}
	if math.IsNaN(number) {
		k.number = math.Inf(1) // one NaN is not another
	}
	i, ok := t.termAt[k]
	if !ok {
		i = len(t.terms)
		t.termAt[k] = i
		t.terms = append(t.terms, term{cell, number})
	}
	return i
}

// addSums finds what adds up to what: the categories of a dimension, the areas
// of a level within an authority, the shorter spans within a longer one, and what the
// catalogue ties.
func (t *table) addSums() {
	type of struct {
		total int
		by    string
	}
	at := map[of]*sum{}
	add := func(total cell, by string, part int) {
		k := of{t.place(total, t.cells[part].flow), by}
		if at[k] == nil {
			at[k] = &sum{total: k.total}
			t.sums = append(t.sums, at[k])
		}
		at[k].parts = append(at[k].parts, part)
	}
	// Totals of two dimensions at once are parts of those of one, and come
	// after them in the table.
	for i := 0; i < len(t.cells); i++ {
		s := t.cells[i]
		if s.rest {
			continue // its sums follow from those of the other two
		}
		for _, dim := range dimensions(s.part) {
			name, _, _ := strings.Cut(dim, ": ")
			total := s.cell
			total.part = strings.Join(slices.DeleteFunc(dimensions(s.part), func(d string) bool { return d == dim }), "; ")
			add(total, "dimension "+stat.Fold(name), i)
		}
		if a := above(t.cat, s.area); a != "" {
			total := s.cell
			total.area = a
			add(total, "areas "+t.level(s.area), i)
		}
		t.addTies(i)
	}
	t.addSpans()
	for _, c := range t.ties.categories {
		t.addCategory(c)
	}
	t.begin()
	for _, s := range t.sums {
		t.sumOf[s.total] = s
	}
	for _, s := range t.sums {
		slices.SortFunc(s.parts, func(i, j int) int { return t.cells[i].compare(t.cells[j].cell) })
	}
	t.sums = append(t.sums, t.tying...)
	for _, s := range t.sums {
		t.form(s)
	}
}

func (t *table) level(area string) string {
	a, _ := t.cat.Area(area) // above knew it
	return string(a.Level)
}

var months = map[stat.Span]int{stat.Month: 1, stat.Quarter: 3, stat.Half: 6, stat.Year: 12}

// addSpans adds each longer span of a flow as the sum of the months, quarters
// or halves in it, if anything was said of one of these.
func (t *table) addSpans() {
	for i := 0; i < len(t.cells); i++ { // it grows
		total := t.cells[i]
		long, end := months[total.period.Span], total.period.End
		if !total.flow || long == 0 || end != end.MonthEnd() || total.period.Start() != end.AddMonthEnds(-long).AddDays(1) {
			continue
		}
		for _, span := range []stat.Span{stat.Month, stat.Quarter, stat.Half} {
			short := months[span]
			if short >= long {
				break
			}
			var within []cell
			found := false
			for m := 0; m < long; m += short {
				c := total.cell
				c.period = stat.Period{End: end.AddMonthEnds(-m), Span: span}
				_, ok := t.at[c]
				found = found || ok
				within = append(within, c)
			}
			if !found {
				continue
			}
			s := &sum{total: i, all: true}
			for _, c := range within {
				s.parts = append(s.parts, t.place(c, true))
			}
			t.sums = append(t.sums, s)
		}
	}
}

// begin finds since when there are totals that nobody gives: since there are
// parts of them.
func (t *table) begin() {
	for earlier := true; earlier; {
		earlier = false
		for _, s := range t.sums {
			total := t.cells[s.total]
			for _, i := range s.parts {
				if since := t.cells[i].since; len(total.said) == 0 && since.Before(total.since) {
					total.since, earlier = since, true
				}
			}
		}
	}
}

// form finds the forms of a sum: after each release what had been said by then
// and, as an answer about the past with the council's later figures has it,
// what was first said of the rest.
func (t *table) form(s *sum) {
	cells := append(slices.Clone(s.parts), s.total)
	var days []stat.Date
	for _, i := range cells {
		days = append(days, t.cells[i].since)
		for _, say := range t.cells[i].said {
			days = append(days, say.day)
		}
	}
	slices.SortFunc(days, stat.Date.Compare)
	for _, day := range append([]stat.Date{{}}, slices.Compact(days)...) {
		s.add(t.formAt(s, day, false))
		s.add(t.formAt(s, day, true))
	}
	in, total := 0.0, t.cells[s.total]
	for _, i := range s.parts {
		if n := t.cells[i].number; !math.IsNaN(n) {
			in += n
		}
	}
	s.tangled = !s.all && t.cells[s.total].area == t.cells[s.parts[0]].area && in > total.number+float64(total.limit)
}

func (s *sum) add(f form) {
	if len(f) > 1 && !slices.ContainsFunc(s.forms, func(o form) bool { return slices.Equal(f, o) }) {
		s.forms = append(s.forms, f)
	}
}

func (t *table) formAt(s *sum, day stat.Date, own bool) form {
	var f form
	for _, i := range s.parts {
		c := t.cells[i]
		if s.all || own && c.since != never || c.by(day) {
			f = append(f, t.term(i, t.on(i, day)))
		}
	}
	return append(f, t.term(s.total, t.on(s.total, day)))
}

// on is the number of a cell as it stood on a day or, where there was none yet,
// as it was first given. Of a total that nobody gives it is what its parts come
// to: nobody is shown it, but it tells one release's from another's.
func (t *table) on(i int, day stat.Date) float64 {
	s, n := t.cells[i], math.NaN()
	for _, say := range s.said {
		if !math.IsNaN(say.number) && (math.IsNaN(n) || !day.Before(say.day)) {
			n = say.number
		}
	}
	switch {
	case !math.IsNaN(n):
		return n
	case !math.IsNaN(s.number) || t.sumOf[i] == nil:
		return s.number
	}
	n = 0
	for _, part := range t.sumOf[i].parts {
		n += t.on(part, day)
	}
	return n
}

// untangle masks all parts of a dimension of which one is, where they lie
// within one another in a way that nobody has told: "White" and "White
// British" among them. It reports whether anything was left to mask.
func (t *table) untangle() bool {
	did := false
	for _, s := range t.sums {
		if !s.tangled || !slices.ContainsFunc(s.parts, func(i int) bool { return t.cells[i].masked }) {
			continue
		}
		for _, i := range s.parts {
			if c := t.cells[i]; c.maskable() && c.some {
				c.masked, did = true, true
			}
		}
	}
	return did
}
