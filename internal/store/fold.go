package store

import (
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// supersedes reports whether f, stored after held, is shown in its place: a
// later release restates an earlier one, an earlier one arriving late does
// not, and a gap without a reason gives way to whatever was said, and never
// replaces it.
func supersedes(f, held stat.Figure) bool {
	switch unexplained := f.Mark == stat.Unexplained; {
	case !f.Given():
		return false
	case !held.Given():
		return true
	case unexplained != (held.Mark == stat.Unexplained):
		return !unexplained
	}
	return !earlier(f.Origin.Released, held.Origin.Released)
}

// earlier orders releases by the last day they can have come out on, as
// Release.By does.
func earlier(r, than stat.Release) bool { return r != than && r.Last().Before(than.Last()) }

// overlay puts what says supersedes into shown, part by part.
func overlay(shown, says *stat.Observation) {
	for _, p := range stat.Parts {
		if held, f := shown.Part(p), says.Part(p); supersedes(*f, *held) {
			*held = *f
		}
	}
}

// A folder takes what was said, in key order and as it was stored, and keeps
// one observation per key and publisher.
type folder struct {
	out   []stat.Observation
	first int // where the current key begins
}

func (f *folder) add(says *stat.Observation, publisher string) {
	if n := len(f.out); n == 0 || f.out[n-1].Key != says.Key {
		f.order()
		f.first = n
	}
	for i := f.first; i < len(f.out); i++ {
		if f.out[i].Publisher() == publisher {
			overlay(&f.out[i], says)
			return
		}
	}
	if len(f.out) == cap(f.out) {
		f.out = slices.Grow(f.out, max(64, len(f.out))) // observations are big: move them seldom
	}
	f.out = append(f.out, *says)
}

// order sorts the publishers of the current key.
func (f *folder) order() {
	if len(f.out)-f.first > 1 {
		slices.SortFunc(f.out[f.first:], func(a, b stat.Observation) int {
			return strings.Compare(a.Publisher(), b.Publisher())
		})
	}
}

func (f *folder) observations() []stat.Observation {
	f.order()
	return f.out
}
