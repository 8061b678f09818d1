package disclosure_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"bellwether/internal/disclosure"
	"bellwether/internal/longtest"
	"bellwether/internal/stat"
)

// What a share leaves of its denominator is a count as well: where it is small,
// the share is not shown beside what it is of.
func TestRests(t *testing.T) {
	april := stat.InMonth(2025, time.April)
	repeats := func(part string, count, of float64) stat.Observation {
		return stat.Observation{Key: stat.Key{Measure: "repeats", Breakdown: part, Area: town, Period: april}, Count: number(count), Denominator: number(of), Value: number(100 * count / of)}
	}
	referrals := func(n float64) stat.Observation {
		return stat.Observation{Key: stat.Key{Measure: "referrals", Area: town, Period: april}, Count: number(n)}
	}
	alone := repeats("", 39, 40)
	alone.Denominator = stat.Figure{}
	value := repeats("", 39, 40)
	value.Count = stat.Figure{}
	bare := repeats("", 39, 40)
	bare.Count, bare.Denominator = stat.Figure{}, stat.Figure{}
	tests := []struct {
		name string
		held *memory
		want map[string]string
	}{
		{"two of 41 are not", (&memory{}).keep(stat.Council, "2025-05", repeats("", 39, 41)), map[string]string{"repeats": "c/41/c"}},
		{"six are not", (&memory{}).keep(stat.Council, "2025-05", repeats("", 35, 41)), map[string]string{"repeats": "35/41/85.36585365853658"}},
		{"all are", (&memory{}).keep(stat.Council, "2025-05", repeats("", 41, 41)), map[string]string{"repeats": "41/41/100"}},
		{"the count follows", (&memory{}).keep(stat.Council, "2025-05", value), map[string]string{"repeats": "/40/c"}},
		{"what it is of follows", (&memory{}).keep(stat.Council, "2025-05", alone), map[string]string{"repeats": "c//c"}},
		{"what it is of is another measure's count", (&memory{}).keep(stat.Council, "2025-05", referrals(40), alone), map[string]string{"referrals": "40//", "repeats": "c//c"}},
		{"what it is of is another measure's count, and the count follows", (&memory{}).keep(stat.Council, "2025-05", referrals(40), bare), map[string]string{"referrals": "40//", "repeats": "//c"}},
		{"what it is of was corrected", (&memory{}).keep(stat.Council, "2025-05", referrals(60), repeats("", 39, 60)).keep(stat.Council, "2025-06", referrals(41)), map[string]string{"referrals": "41//", "repeats": "c/60/c"}},
		{"both halves are five", (&memory{}).keep(stat.Council, "2025-05", repeats("", 5, 10)), map[string]string{"repeats": "c/c/c"}},
		{"a category of few others", (&memory{}).keep(stat.Council, "2025-05", repeats("", 60, 90), repeats("sex: girls", 38, 40), repeats("sex: boys", 22, 50)),
			map[string]string{"repeats": "60/90/66.66666666666667", "repeats sex: girls": "c/40/c", "repeats sex: boys": "c/50/c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := read(t, disclosure.New(tt.held, catalogue(t), five, true), stat.Query{Measures: []string{"referrals", "repeats"}})
			for _, o := range h.Observations {
				name := o.Measure
				if o.Breakdown != "" {
					name += " " + o.Breakdown
				}
				if got := o.Count.Text + "/" + o.Denominator.Text + "/" + o.Value.Text; got != tt.want[name] {
					t.Errorf("%s is %s, not %s", name, got, tt.want[name])
				}
			}
			if len(h.Observations) != len(tt.want) {
				t.Errorf("it shows %d observations, not %d", len(h.Observations), len(tt.want))
			}
		})
	}
}

// halved is a made-up truth in which each child of the smallest places is one
// that the share counts, or is not: what is printed is both together, with how
// many the share counts.
func halved(r *rand.Rand) *world {
	w := random(r)
	w.axes = append(w.axes, axis{"outcome", 2})
	var rest []float64
	for release, truth := range w.truth {
		next := make([]float64, len(truth))
		both := make([]float64, 0, 2*len(truth))
		for i, n := range truth {
			if next[i] = few(r); release > 0 && w.truth[release-1][2*i] == n {
				next[i] = rest[i]
			}
			both = append(both, n, next[i])
		}
		rest, w.truth[release] = next, both
		for i, s := range w.printed[release] {
			w.printed[release][i] = append(s, -1)
		}
	}
	w.national = nil
	return w
}

// outcome is a spot of those alone who are counted (0), or are not (1).
func outcome(s spot, which int) spot {
	return append(append(spot{}, s[:len(s)-1]...), which)
}

// share is what is printed of a spot: the percentage with its count, without it,
// or with what gives it in a row apart.
func (w *world) share(s spot, release int, kind string) []stat.Observation {
	count, of := w.number(outcome(s, 0), release), w.number(s, release)
	o := stat.Observation{Key: w.key("repeats", s), Denominator: number(of)}
	if of > 0 {
		o.Value = number(100 * count / of)
	}
	if kind == "counted" || of == 0 {
		o.Count = number(count)
	}
	if kind != "apart" {
		return []stat.Observation{o}
	}
	out := []stat.Observation{{Key: w.key("repeaters", s), Value: number(count)}}
	if o.Denominator = (stat.Figure{}); of > 0 {
		out = append(out, o)
	}
	return out
}

// No masked number, and nothing small that a share leaves of its denominator,
// follows from all that is shown together.
func TestNoRestFollows(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	small, shown, masked := 0, 0, 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 11))
		w := halved(r)
		a, kind := w.attacker(), []string{"counted", "counted", "alone", "apart"}[r.IntN(4)]
		secret := map[string]sought{}
		hide := func(in map[string]sought, s spot, release int) {
			e := a.equation(s, release)
			in[fmt.Sprint(s, e.of, e.is)] = sought{e, e.is > 0 && e.is <= threshold}
		}
		counts := map[string]bool{} // shown in rows of their own
		all := readShares(t, w, kind)
		for _, x := range all {
			if x.Measure == "repeaters" {
				counts[fmt.Sprint(x.spot, x.release)] = x.Value.Known()
			}
		}
		for _, x := range all {
			yes, no := outcome(x.spot, 0), outcome(x.spot, 1)
			// Of 0 % nothing tells what it is of, unless that is printed.
			if rest := w.number(no, x.release); rest > 0 && rest <= threshold && (kind != "apart" || w.number(yes, x.release) > 0) {
				small++
				hide(secret, no, x.release)
			}
			if kind == "apart" {
				counted := counts[fmt.Sprint(x.spot, x.release)]
				switch {
				case !x.Value.Known():
				case !counted:
					t.Fatalf("seed %d: the percentage of %s is shown beside a count that is masked elsewhere", seed, x.Key)
				case x.Measure == "repeaters":
					a.equals, shown = append(a.equals, a.equation(yes, x.release)), shown+1
				case x.Value.Number > 0:
					a.equals, shown = append(a.equals, a.equation(x.spot, x.release)), shown+1
				}
				if x.Measure == "repeaters" && !counted {
					masked++
					hide(a.masked, yes, x.release)
				}
				continue
			}
			if x.Value.Known() && (!x.Denominator.Known() || kind == "counted" && !x.Count.Known()) {
				t.Fatalf("seed %d: the percentage of %s is shown beside a masked count", seed, x.Key)
			}
			if x.Count.Known() || x.Value.Known() {
				a.equals, shown = append(a.equals, a.equation(yes, x.release)), shown+1
			} else {
				masked++
				hide(a.masked, yes, x.release)
			}
			if x.Denominator.Known() {
				a.equals, shown = append(a.equals, a.equation(x.spot, x.release)), shown+1
			} else {
				masked++
				hide(a.masked, x.spot, x.release)
			}
		}
		maps.Copy(secret, a.masked) // of these alone it is told that they are not zero
		known := reduce(a.equals, a.n)
		for key, s := range secret {
			if known.gives(s.of) {
				t.Fatalf("seed %d: %s follows from what is shown", seed, key)
			}
			if seed%5 > 0 {
				continue // each takes long
			}
			if least, most := a.bounds(s, a.equals); most-least < 0.5 && s.is > 0 {
				t.Errorf("seed %d: %s can only be %g", seed, key, least)
			}
		}
	}
	t.Logf("%d masked, %d small rests, %d shown", masked, small, shown)
	if small < 1000 || shown < 3000 {
		t.Errorf("these tables show nothing: %d small rests, %d shown", small, shown)
	}
}

// seen is an observation with what it is of.
type seen struct {
	stat.Observation
	spot    spot
	release int
}

// readShares is all that can be read of a world, in any answer.
func readShares(t *testing.T, w *world, kind string) (out []seen) {
	t.Helper()
	m := &memory{}
	day := func(release int) stat.Release { return stat.Release(fmt.Sprintf("2025-%02d-10", 7+release)) }
	where, when := map[stat.Key]spot{}, map[stat.Release]int{}
	for release, printed := range w.printed {
		var says []stat.Observation
		for _, s := range printed {
			for _, o := range w.share(s, release, kind) {
				says, where[o.Key] = append(says, o), s
			}
		}
		m.keep(stat.Council, day(release), says...)
		when[day(release)] = release
	}
	src := disclosure.New(m, catalogue(t), five, true)
	for key, s := range where {
		h, err := src.History(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range h {
			from := o.Value.Origin
			if from == nil {
				from = o.Denominator.Origin
			}
			out = append(out, seen{o, s, when[from.Released]})
		}
	}
	return out
}
