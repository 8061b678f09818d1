package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"bellwether/internal/disclosure"
	"bellwether/internal/longtest"
	"bellwether/internal/stat"
)

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
		if seed%2 > 0 {
			w.mark(r)
		}
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

// Where a sum has a part that the council marks instead of giving it, no small
// count beside it is told, or told to be less than the threshold.
func TestNothingFollowsFromMarks(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	marked, shown := 0, 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 13))
		w := &world{axes: []axis{{[]string{"ward", "sex", "month"}[r.IntN(3)], 3}}, truth: [][]float64{nil}}
		for range 3 {
			w.truth[0] = append(w.truth[0], float64(r.IntN(4)))
		}
		w.truth[0][r.IntN(3)] = few(r)
		w.printed = [][]spot{slices.Concat(w.spots(0), w.spots(1))}
		w.mark(r)
		a := w.attacker()
		readAll(t, w, a, []string{"count", "number", "share", "rate"}[r.IntN(4)])
		for key, s := range a.masked {
			least, most := a.bounds(s, a.equals)
			if most-least < 0.5 && s.is > 0 || s.small && most < threshold-1e-6 {
				t.Errorf("seed %d: %s is from %g to %g", seed, key, least, most)
			}
		}
		marked, shown = marked+len(w.marks), shown+len(a.equals)
	}
	if marked < 1000 || shown < 2000 {
		t.Errorf("these tables show nothing: %d marks, %d shown", marked, shown)
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
		o := w.returned(s, release, kind)
		k := at{o.Key, publisher, stat.Release(fmt.Sprintf("2025-%02d-10", 7+release)).Long()}
		if publisher != stat.Council {
			o = w.observation(s, release, kind)
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
