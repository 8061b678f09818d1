package disclosure

import (
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// ties are what counts of different things have to do with one another, as the
// catalogue says. Each is taken as exact, though published figures seldom quite
// meet: who reads them would reckon with it, and come close to what is masked.
type ties struct {
	measures   map[string]stat.Measure
	within     [][2]string // some of what
	sums       []tiedSum
	apart      []tiedSum // that leave others
	categories []category
	moves      []move
}

// tiedSum says that parts add up to a total.
type tiedSum struct {
	total string
	parts []string
}

// category says that what is counted is a category of what it is some of.
type category struct {
	what            string
	of              []string
	dimension, name []string // the words of either
}

// move says that a stock on a date is that of an earlier one, with those who
// joined it meanwhile and without those who left. Ever are all of them.
type move struct{ stock, starts, ends, ever string }

func tied(measures []stat.Measure) ties {
	t := ties{measures: map[string]stat.Measure{}}
	for _, m := range measures {
		t.measures[m.Code] = m
	}
	for _, m := range measures {
		if shares(m) {
			t.within = append(t.within, [2]string{numeratorOf(m), denominatorOf(m)})
		}
		if m.Within != "" {
			t.within = append(t.within, [2]string{wholeOf(m), t.what(m.Within)})
		}
		if len(m.Adds) > 0 {
			s := tiedSum{total: wholeOf(m)}
			for _, code := range m.Adds {
				s.parts = append(s.parts, t.what(code))
			}
			t.sums = append(t.sums, s)
		}
		if m.Starts != "" {
			t.moves = append(t.moves, move{numeratorOf(m), t.what(m.Starts), t.what(m.Ends), t.what(m.Ever)})
		}
	}
	slices.SortFunc(t.within, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	t.within = slices.Compact(t.within)
	for _, m := range measures {
		t.name(numeratorOf(m), m.Category)
		t.name(wholeOf(m), m.Whole)
	}
	t.part()
	return t
}

// part finds what no child can be counted in two of: categories of the same
// dimension of the same whole, unless one is some of another.
func (t *ties) part() {
	at := map[[2]string]int{}
	for _, c := range t.categories {
		nested := func(o category) bool { return slices.Equal(o.dimension, c.dimension) && slices.Contains(c.of, o.what) }
		whole := c.of[len(c.of)-1]
		if slices.ContainsFunc(t.categories, nested) {
			continue
		}
		k := [2]string{whole, strings.Join(c.dimension, " ")}
		if _, ok := at[k]; !ok {
			at[k] = len(t.apart)
			t.apart = append(t.apart, tiedSum{total: whole})
		}
		if s := &t.apart[at[k]]; !slices.Contains(s.parts, c.what) {
			s.parts = append(s.parts, c.what)
		}
	}
}

// name adds what breakdowns of all that something is some of call it.
func (t *ties) name(what string, names []string) {
	of := t.above(what)
	for _, n := range names {
		if dimension, name, _ := strings.Cut(n, ": "); len(of) > 0 {
			t.categories = append(t.categories, category{what, of, words(dimension), words(name)})
		}
	}
}

// above is all that something is some of, nearest first.
func (t *ties) above(what string) []string {
	out := []string{what}
	for i := 0; i < len(out); i++ {
		for _, w := range t.within {
			if w[0] == out[i] && !slices.Contains(out, w[1]) {
				out = append(out, w[1])
			}
		}
	}
	return out[1:]
}

// what names what a measure is of.
func (t *ties) what(code string) string {
	m, ok := t.measures[code]
	if !ok {
		m.Code = code
	}
	return wholeOf(m)
}

// wholeOf names what a measure is of, as stat.Measure.Of does.
func wholeOf(m stat.Measure) string {
	if what := denominatorOf(m); what != "" && m.Denominator != "" {
		return what
	}
	return numeratorOf(m)
}

// of names what a measure is tied to.
func (t *ties) of(m stat.Measure) []string {
	var out []string
	for _, code := range append(slices.Clone(m.Adds), m.Within, m.Starts, m.Ends, m.Ever) {
		if code != "" {
			out = append(out, t.what(code))
		}
	}
	if out != nil {
		out = append(out, wholeOf(m))
	}
	return out
}

// words are those of a name, in the singular and without what an apostrophe
// leaves.
func words(s string) []string {
	var out []string
	for _, w := range strings.Fields(stat.Fold(s)) {
		if len(w) > 3 {
			w = strings.TrimSuffix(w, "s")
		}
		if len(w) > 1 {
			out = append(out, w)
		}
	}
	return out
}

// named is what is left of a part without the dimension whose category this is,
// if it has one. "Not in a children's home" is none of "children's home".
func (c *category) named(part string) (rest string, ok bool) {
	all := dimensions(part)
	for i, d := range all {
		dimension, name, _ := strings.Cut(d, ": ")
		if is := words(name); within(c.name, is) && within(c.dimension, words(dimension)) && !slices.ContainsFunc(is, negative) {
			return strings.Join(slices.Delete(all, i, i+1), "; "), true
		}
	}
	return "", false
}

func negative(word string) bool {
	return slices.Contains([]string{"no", "not", "non", "than", "without"}, word)
}

// follows reports whether a count may be told by those of others, so that it
// matters though nobody gives it.
func (t *ties) follows(what string) bool {
	return slices.ContainsFunc(t.moves, func(m move) bool { return what == m.starts || what == m.ends })
}

func within(words, of []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(of, w) })
}
