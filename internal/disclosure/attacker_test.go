package disclosure_test

import (
	"fmt"
	"testing"

	"bellwether/internal/stat"
)

// attacker knows every number that is shown in any answer, and what it is the
// sum of. A smallest place that a release restated is another unknown.
type attacker struct {
	w        *world
	variable []map[int]int // by release, of a smallest place
	n        int
	equals   []equation
	masked   map[string]sought
	some     []equation // what the council marks as confidential: it is not zero
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
	shown, mark := false, stat.Mark("")
	for _, p := range stat.Parts {
		is, was := o.Part(p), truth.Part(p)
		switch {
		case was.Given() && !was.Known():
			if mark = was.Mark; is.Mark != was.Mark || is.Text != was.Text || is.At != was.At {
				t.Errorf("%s of %s is shown as %v, but is marked %v", p, o.Key, *is, *was)
			}
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
	case mark == stat.Confidential:
		a.some = append(a.some, e)
	case mark != "":
	case o.Publisher() != stat.Council:
		a.nation = append(a.nation, e)
		a.equals = append(a.equals, e)
	case shown:
		a.equals = append(a.equals, e)
	default:
		a.masked[fmt.Sprint(o.Key, e.is)] = sought{e, e.is > 0 && e.is <= threshold}
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
	for _, e := range a.some {
		p.atLeast(e.of, 1)
	}
	most = p.most(s.of, 1)
	least = -p.most(s.of, -1)
	return least, most
}
