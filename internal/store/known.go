package store

import (
	"slices"

	"bellwether/internal/stat"
)

// known are the origins that count for a query.
type known struct {
	origins   map[int64]*stat.Origin
	published bool                  // drafts are not among them
	late      map[*stat.Origin]bool // those released after the day, that count only for what had been a fact by then; nil for none
	day       stat.Date
}

// known are the origins that had been released by the query's day and, with
// Own, the council's later ones.
func (fr *frame) known(q stat.Query) known {
	counts := fr.reading(q).origins
	if q.AsOf.IsZero() {
		return known{origins: counts, published: q.Published}
	}
	is := known{origins: map[int64]*stat.Origin{}, published: q.Published, late: map[*stat.Origin]bool{}, day: q.AsOf}
	for id, o := range counts {
		switch {
		case o.Released.By(q.AsOf):
			is.origins[id] = o
		case q.Own && o.Publisher == stat.Council:
			is.origins[id], is.late[o] = o, true
		}
	}
	return is
}

// hear takes what a late origin says, if the period had ended by the day.
func (f *folder) hear(says *stat.Observation) {
	if !f.day.Before(says.Period.End) {
		f.later = append(f.later, *says)
	}
}

// recall adds what the council first said of the current key after the day,
// where it had said nothing by then. A version adds only the parts that those
// before it left unsaid, and only where it agrees with them on the rest: a rate
// worked out from a revised count is not put beside the count as it was.
func (f *folder) recall() {
	if len(f.later) == 0 {
		return
	}
	// As precedes has it: of two files of one release, the later stands first.
	slices.Reverse(f.later)
	slices.SortStableFunc(f.later, func(a, b stat.Observation) int {
		return origin(&a).Released.Last().Compare(origin(&b).Released.Last())
	})
	shown := stat.Observation{Key: f.key}
	at := f.first + slices.IndexFunc(f.out[f.first:], func(o stat.Observation) bool { return o.Publisher() == stat.Council })
	if at >= f.first {
		shown = f.out[at]
	}
	for i := range f.later {
		extend(&shown, &f.later[i])
	}
	if at >= f.first {
		f.out[at] = shown
	} else {
		f.out = append(f.out, shown)
	}
}

// extend fills what is unsaid in shown, if says contradicts none of it.
func extend(shown, says *stat.Observation) {
	for _, p := range stat.Parts {
		if held, f := shown.Part(p), says.Part(p); explained(held) && explained(f) && !held.Same(*f) {
			return
		}
	}
	for _, p := range stat.Parts {
		if held, f := shown.Part(p), says.Part(p); !held.Given() && f.Given() || !explained(held) && explained(f) {
			*held = *f
		}
	}
}

// explained reports whether a figure is a number or a mark that says why not.
func explained(f *stat.Figure) bool { return f.Given() && f.Mark != stat.Unexplained }
