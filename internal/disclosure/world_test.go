package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

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
	marks    map[string]stat.Mark
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

// mark gives some of what the council prints a mark for a number, most of all
// where there is next to nobody: small ones as confidential or as not available.
func (w *world) mark(r *rand.Rand) {
	w.marks = map[string]stat.Mark{}
	for release, printed := range w.printed {
		for _, s := range printed {
			n := w.number(s, release)
			switch {
			case n > 1 && r.IntN(12) > 0 || n <= 1 && r.IntN(3) > 0:
			case n > 0 && n <= threshold && r.IntN(2) > 0:
				w.marks[fmt.Sprint(s, release)] = stat.Confidential
			default:
				w.marks[fmt.Sprint(s, release)] = stat.Unavailable
			}
		}
	}
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

// returned is what the council says of a spot: a number or a mark.
func (w *world) returned(s spot, release int, kind string) stat.Observation {
	o := w.observation(s, release, kind)
	m, ok := w.marks[fmt.Sprint(s, release)]
	for _, p := range stat.Parts {
		if f := o.Part(p); ok && f.Known() && f.Number != children {
			*f = stat.Figure{Mark: m, Text: m.Letter(), At: f.At}
		}
	}
	return o
}

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
			says = append(says, w.returned(s, release, kind))
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
