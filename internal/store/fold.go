package store

import (
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// supersedes reports whether f, stored after held, is shown in its place: a
// later release restates an earlier one, and an earlier one arriving late does
// not.
func supersedes(f, held stat.Figure) bool { return replaces(&f, &held, earlier) }

// precedes reports whether f, stored after held, is rather what was first said:
// an earlier release goes before a later one, and of two files of one release
// the later counts.
func precedes(f, held *stat.Figure) bool { return replaces(f, held, later) }

// replaces reports whether f, stored after held, takes its place: unless its
// release is the worse of the two. A gap without a reason gives way to whatever
// was said, and never replaces it, whenever either was released.
func replaces(f, held *stat.Figure, worse func(r, than stat.Release) bool) bool {
	switch unexplained := f.Mark == stat.Unexplained; {
	case !f.Given():
		return false
	case !held.Given():
		return true
	case unexplained != (held.Mark == stat.Unexplained):
		return !unexplained
	}
	return !worse(f.Origin.Released, held.Origin.Released)
}

// earlier orders releases by the last day they can have come out on, as
// Release.By does.
func earlier(r, than stat.Release) bool { return r != than && r.Last().Before(than.Last()) }

func later(r, than stat.Release) bool { return earlier(than, r) }

// overlay puts what says supersedes into shown, and what it precedes into
// first, part by part.
func overlay(shown, first, says *stat.Observation) {
	for _, p := range stat.Parts {
		f := says.Part(p)
		if held := shown.Part(p); supersedes(*f, *held) {
			*held = *f
		}
		if held := first.Part(p); precedes(f, held) {
			*held = *f
		}
	}
}

// folded are the observations in force, and what was restated of them.
type folded struct {
	observations []stat.Observation
	restated     []stat.Restatement
}

// A folder takes what was said, in key order and as it was stored, and keeps
// one observation per key and publisher.
type folder struct {
	out      []stat.Observation
	restated []stat.Restatement
	key      stat.Key           // the current one
	first    int                // where it begins
	began    []stat.Observation // what was first said of it, by each publisher

	late  map[*stat.Origin]bool // see known
	day   stat.Date
	later []stat.Observation // what such origins say of the current key
}

func (f *folder) add(says *stat.Observation, publisher string) {
	if f.key != says.Key {
		f.settle()
		f.key, f.first, f.began, f.later = says.Key, len(f.out), f.began[:0], f.later[:0]
	}
	if len(f.late) > 0 && f.late[origin(says)] {
		f.hear(says)
		return
	}
	for i := f.first; i < len(f.out); i++ {
		if f.out[i].Publisher() == publisher {
			overlay(&f.out[i], &f.began[i-f.first], says)
			return
		}
	}
	f.began = append(f.began, *says)
	if len(f.out) == cap(f.out) {
		f.out = slices.Grow(f.out, max(64, len(f.out))) // observations are big: move them seldom
	}
	f.out = append(f.out, *says)
}

// settle compares what was first said of the current key with what shows, adds
// what came too late, and sorts its publishers.
func (f *folder) settle() {
	n := len(f.restated)
	for i := range f.began {
		f.restate(&f.began[i], &f.out[f.first+i])
	}
	f.recall()
	if len(f.out)-f.first > 1 {
		slices.SortStableFunc(f.restated[n:], func(a, b stat.Restatement) int { return strings.Compare(a.Publisher, b.Publisher) })
		slices.SortFunc(f.out[f.first:], func(a, b stat.Observation) int { return strings.Compare(a.Publisher(), b.Publisher()) })
	}
}

func (f *folder) restate(first, now *stat.Observation) {
	for _, p := range stat.Parts {
		was, is := first.Part(p), now.Part(p)
		if !was.Same(*is) && was.Mark != stat.Unexplained {
			f.restated = append(f.restated, stat.Restatement{Key: now.Key, Publisher: now.Publisher(), Part: p, First: *was, Now: *is})
		}
	}
}

func (f *folder) fold() folded {
	f.settle()
	return folded{f.out, f.restated}
}
