package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/disclosure"
	"bellwether/internal/longtest"
	"bellwether/internal/stat"
)

// axis is a way a table is divided: into its parts, or all of them together.
type axis struct {
	name  string
	parts int
}

// world is a made-up truth: how many there are in each of the smallest places
// (a ward, a sex, an age, a month at once), release by release.
type world struct {
	axes     []axis
	truth    [][]float64 // by release
	printed  [][]spot    // by release: what the council prints
	national []spot      // what DfE prints of the last truth
}

// spot is what is printed: an index into each axis, -1 for all parts of it.
type spot []int

const threshold = 5

func random(r *rand.Rand) *world {
	w := &world{}
	all := []axis{{"ward", 2 + r.IntN(3)}, {"sex", 2 + r.IntN(2)}, {"age", 2 + r.IntN(3)}, {"month", 3}}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	size := 1
	for _, a := range all[:1+r.IntN(3)] {
		if size*a.parts <= 24 {
			size *= a.parts
			w.axes = append(w.axes, a)
		}
	}
	truth := make([]float64, size)
	for i := range truth {
		truth[i] = few(r)
	}
	margins := w.margins(r)
	for release := range 1 + r.IntN(3) {
		if release > 0 {
			truth = slices.Clone(truth)
			for i := range truth {
				if r.IntN(8) == 0 {
					truth[i] = few(r)
				}
			}
		}
		w.truth = append(w.truth, truth)
		var printed []spot
		for _, m := range margins {
			if release == 0 && r.IntN(4) == 0 {
				continue // it comes with a later release
			}
			for _, s := range w.spots(m) {
				if r.IntN(40) > 0 {
					printed = append(printed, s)
				}
			}
		}
		w.printed = append(w.printed, printed)
	}
	if r.IntN(3) == 0 {
		w.national = append(w.national, make(spot, len(w.axes)))
		for i := range w.axes {
			w.national[0][i] = -1
		}
	}
	return w
}

// few is mostly a small number.
func few(r *rand.Rand) float64 {
	switch r.IntN(5) {
	case 0:
		return 0
	case 1, 2:
		return float64(1 + r.IntN(6))
	}
	return float64(6 + r.IntN(40))
}

// margins are sets of axes that are told apart; most are printed.
func (w *world) margins(r *rand.Rand) []int {
	var out []int
	for m := range 1 << len(w.axes) {
		if r.IntN(5) > 0 {
			out = append(out, m)
		}
	}
	return out
}

func (w *world) spots(margin int) []spot {
	out := []spot{nil}
	for i, a := range w.axes {
		var next []spot
		for _, s := range out {
			if margin&(1<<i) == 0 {
				next = append(next, append(slices.Clone(s), -1))
				continue
			}
			for p := range a.parts {
				next = append(next, append(slices.Clone(s), p))
			}
		}
		out = next
	}
	return out
}

// covers are the smallest places that a spot is the sum of.
func (w *world) covers(s spot) []int {
	out := []int{0}
	for i, a := range w.axes {
		var next []int
		for _, at := range out {
			for p := range a.parts {
				if s[i] == -1 || s[i] == p {
					next = append(next, at*a.parts+p)
				}
			}
		}
		out = next
	}
	return out
}

func (w *world) number(s spot, release int) float64 {
	n := 0.0
	for _, i := range w.covers(s) {
		n += w.truth[release][i]
	}
	return n
}

func (w *world) key(measure string, s spot) stat.Key {
	k := stat.Key{Measure: measure, Area: town, Period: stat.Period{End: stat.Date{Year: 2025, Month: time.June, Day: 30}, Span: stat.Quarter}}
	var breakdown []string
	for i, a := range w.axes {
		switch {
		case s[i] < 0:
		case a.name == "ward":
			k.Area = wards[s[i]]
		case a.name == "month":
			k.Period = stat.InMonth(2025, time.Month(4+s[i]))
		default:
			breakdown = append(breakdown, fmt.Sprintf("%s: %s %d", a.name, a.name, s[i]))
		}
	}
	k.Breakdown = strings.Join(breakdown, "; ")
	return k
}

func number(n float64) stat.Figure {
	return stat.Figure{Number: n, Text: fmt.Sprint(n), At: "Sheet1!F" + fmt.Sprint(n)}
}

// children is how many live everywhere, so that each rate gives its count.
const children = 20_000

func (w *world) observation(s spot, release int, kind string) stat.Observation {
	o, n := stat.Observation{Key: w.key("referrals", s)}, w.number(s, release)
	switch kind {
	case "number":
		o.Measure, o.Value = "visits", number(n)
	case "share": // the referrals are what the percentage is of
		o.Measure, o.Denominator = "repeats", number(n)
	case "rate": // no count, but one that follows
		rate, _ := stat.Rate(n, children, 1)
		if o.Value = number(rate); o.Breakdown != "" {
			o.Denominator = number(children)
		}
	default:
		rate, _ := stat.Rate(n, children, 1)
		o.Count, o.Denominator, o.Value = number(n), number(children), number(rate)
	}
	return o
}

func (w *world) memory(kind string) *memory {
	m := &memory{}
	for _, a := range append([]string{town}, wards...) {
		m.keep(stat.ONS, "2025-01", stat.Observation{Key: stat.Key{Measure: stat.Population, Area: a, Period: stat.OnDay(stat.Date{Year: 2024, Month: 6, Day: 30})}, Value: number(children)})
	}
	for release, printed := range w.printed {
		var says []stat.Observation
		for _, s := range printed {
			says = append(says, w.observation(s, release, kind))
		}
		m.keep(stat.Council, stat.Release(fmt.Sprintf("2025-%02d-10", 7+release)), says...)
	}
	var says []stat.Observation
	for _, s := range w.national {
		says = append(says, w.observation(s, len(w.truth)-1, kind))
	}
	if len(says) > 0 {
		m.keep(stat.DfE, "2025-11", says...)
	}
	return m
}

// attacker knows every number that is shown in any answer, and what it is the
// sum of. A smallest place that a release restated is another unknown.
type attacker struct {
	w        *world
	variable []map[int]int // by release, of a smallest place
	n        int
	equals   []equation
	masked   map[string]sought
	nation   []equation
}

type equation struct {
	of []int // variables, each once
	is float64
}

type sought struct {
	equation
	small bool
}

func (w *world) attacker() *attacker {
	a := &attacker{w: w, masked: map[string]sought{}}
	for release, truth := range w.truth {
		vars := map[int]int{}
		for i, n := range truth {
			if release > 0 && w.truth[release-1][i] == n {
				vars[i] = a.variable[release-1][i]
				continue
			}
			vars[i] = a.n
			a.n++
		}
		a.variable = append(a.variable, vars)
	}
	return a
}

func (a *attacker) equation(s spot, release int) equation {
	e := equation{is: a.w.number(s, release)}
	for _, i := range a.w.covers(s) {
		e.of = append(e.of, a.variable[release][i])
	}
	return e
}

// see takes one observation in, and says what is wrong with it.
func (a *attacker) see(t *testing.T, o stat.Observation, truth stat.Observation, s spot, release int) {
	t.Helper()
	e := a.equation(s, release)
	shown := false
	for _, p := range stat.Parts {
		is, was := o.Part(p), truth.Part(p)
		switch {
		case is.Known():
			if is.Number != was.Number || is.Text != was.Text || is.At != was.At {
				t.Errorf("%s of %s is shown as %v, but is %v", p, o.Key, *is, *was)
			}
			shown = shown || was.Number != children
		case is.Given() && (is.Mark != stat.Confidential || is.Text != "c" || is.At != "" || is.Number != 0):
			t.Errorf("%s of %s is masked as %#v", p, o.Key, *is)
		case is.Given() != was.Given():
			t.Errorf("%s of %s is gone", p, o.Key)
		}
	}
	switch {
	case o.Publisher() != stat.Council:
		a.nation = append(a.nation, e)
		a.equals = append(a.equals, e)
	case shown:
		a.equals = append(a.equals, e)
	default:
		a.masked[fmt.Sprint(o.Key, e.is)] = sought{e, e.is > 0 && e.is <= threshold}
	}
}

// No masked number follows from what is shown, whichever answers are put
// together: what is in force, what was on each day, and each figure's history.
func TestNothingFollows(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	masked, extra, shown, narrowed := 0, 0, 0, 0
	for seed := range uint64(1200) {
		r := rand.New(rand.NewPCG(seed, 7))
		w := random(r)
		kind := []string{"count", "number", "share", "rate"}[r.IntN(4)]
		a := w.attacker()
		readAll(t, w, a, kind)
		known, nation := reduce(a.equals, a.n), reduce(a.nation, a.n)
		for key, s := range a.masked {
			masked++
			if !s.small {
				extra++
			}
			if nation.gives(s.of) {
				continue // others publish as much
			}
			if known.gives(s.of) {
				t.Fatalf("seed %d (%s): %s follows from what is shown", seed, kind, key)
			}
			if seed%3 > 0 {
				continue // each takes long
			}
			least, most := a.bounds(s, a.equals)
			if l, m := a.bounds(s, a.nation); l > least-1e-6 && m < most+1e-6 {
				continue // others publish as much
			}
			if most-least < 0.5 && s.is > 0 {
				t.Errorf("seed %d (%s): %s can only be %g", seed, kind, key, least)
			}
			if s.small && most < threshold-1e-6 {
				narrowed++
			}
		}
		shown += len(a.equals)
	}
	t.Logf("%d masked, of which %d to hide others; %d shown; %d told to be less than they may be", masked, extra, shown, narrowed)
	if masked < 5000 || shown < 20_000 {
		t.Errorf("these tables show nothing: %d masked, %d shown", masked, shown)
	}
	// Several sums together may tell that a small count is at most 4, which no
	// sum does alone: seldom, and never what it is.
	if narrowed > masked/1000 {
		t.Errorf("%d of %d small counts can be told to be less than the threshold", narrowed, masked)
	}
}

func readAll(t *testing.T, w *world, a *attacker, kind string) {
	t.Helper()
	src := disclosure.New(w.memory(kind), catalogue(t), stat.Settings{Threshold: threshold}, true)
	type at struct {
		key       stat.Key
		publisher string
		number    string
	}
	truth := map[at]stat.Observation{}
	where := map[stat.Key]spot{}
	when := map[at]int{}
	add := func(s spot, release int, publisher string) {
		o := w.observation(s, release, kind)
		k := at{o.Key, publisher, stat.Release(fmt.Sprintf("2025-%02d-10", 7+release)).Long()}
		if publisher != stat.Council {
			k.number = stat.Release("2025-11").Long()
		}
		truth[k], where[o.Key], when[k] = o, s, release
	}
	for release, printed := range w.printed {
		for _, s := range printed {
			add(s, release, stat.Council)
		}
	}
	for _, s := range w.national {
		add(s, len(w.truth)-1, stat.DfE)
	}
	take := func(o stat.Observation) {
		if o.Measure == stat.Population {
			return
		}
		k := at{o.Key, o.Publisher(), ""}
		for _, p := range stat.Parts {
			if f := o.Part(p); f.Given() {
				k.number = f.Origin.Released.Long()
			}
		}
		a.see(t, o, truth[k], where[o.Key], when[k])
	}
	measures := []string{"referrals", "repeats", "visits", stat.Population}
	queries := []stat.Query{{Measures: measures}, {Measures: measures[1:3], Areas: wards}, {Measures: measures[:1], Areas: []string{town}}}
	for _, day := range []stat.Date{{Year: 2025, Month: 7, Day: 9}, {Year: 2025, Month: 7, Day: 10}, {Year: 2025, Month: 8, Day: 20}, {Year: 2025, Month: 9, Day: 10}} {
		queries = append(queries, stat.Query{Measures: measures, AsOf: day}, stat.Query{Measures: measures, AsOf: day, Own: true})
	}
	for _, q := range queries {
		h, err := src.Read(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range h.Observations {
			take(o)
		}
	}
	for key := range where {
		h, err := src.History(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range h {
			take(o)
		}
	}
}

// bounds are the least and the most that a masked count can be, every one of
// them being at least 1 and every smallest place at least 0, by linear
// programming.
func (a *attacker) bounds(s sought, equals []equation) (least, most float64) {
	p := program{n: a.n}
	for _, e := range equals {
		p.equal(e.of, e.is)
	}
	for _, m := range a.masked {
		if m.is > 0 {
			p.atLeast(m.of, 1)
		}
	}
	most = p.most(s.of, 1)
	least = -p.most(s.of, -1)
	return least, most
}
