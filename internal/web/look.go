package web

import (
	"cmp"
	"context"
	"slices"

	"bellwether/internal/stat"
)

// looked is one figure of a file as the preview shows it.
type looked struct {
	Measure, Area, Period string
	Figure, Was           string // Was is "" for a new figure
	At                    string
}

// lookLimit is how many figures a preview shows.
const lookLimit = 20

// look picks the first figures that are new or different.
func (s *Server) look(ctx context.Context, sub stat.Submission) ([]looked, error) {
	if len(sub.Observations) == 0 {
		return s.lookLinks(sub.Links), nil
	}
	held, err := s.Store.Read(ctx, touched(sub))
	if err != nil {
		return nil, err
	}
	type key struct {
		stat.Key
		publisher string
	}
	before := map[key]stat.Observation{}
	for _, o := range held.Observations {
		before[key{o.Key, o.Publisher()}] = o
	}
	var changed []change
	for _, o := range sub.Observations {
		if was, ok := before[key{o.Key, o.Publisher()}]; !ok || !same(was, o) {
			changed = append(changed, change{was, o})
		}
	}
	slices.SortStableFunc(changed, change.compare)
	var out []looked
	for _, c := range changed[:min(len(changed), lookLimit)] {
		out = append(out, s.lookAt(c.is, c.was))
	}
	return out, nil
}

// change is an observation beside what is held of it, the zero one if nothing.
type change struct{ was, is stat.Observation }

// compare puts what is revised first, then the newest period.
func (c change) compare(o change) int {
	return cmp.Or(c.place()-o.place(), o.is.Period.Compare(c.is.Period))
}

func (c change) place() int {
	if c.was.Measure != "" {
		return 0
	}
	return 1
}

// touched asks for all that a file may change.
func touched(sub stat.Submission) stat.Query {
	var q stat.Query
	for _, o := range sub.Observations {
		q.Measures, q.Areas = append(q.Measures, o.Measure), append(q.Areas, o.Area)
	}
	slices.Sort(q.Measures)
	slices.Sort(q.Areas)
	q.Measures, q.Areas = slices.Compact(q.Measures), slices.Compact(q.Areas)
	return q
}

// same reports whether a file says nothing that is not held. A part it leaves
// out, or a gap it gives no reason for, leaves what is held as it was.
func same(held, o stat.Observation) bool {
	for _, part := range stat.Parts {
		h, n := held.Part(part), o.Part(part)
		if n.Given() && !(n.Mark == stat.Unexplained && h.Given()) && !n.Same(*h) {
			return false
		}
	}
	return true
}

func (s *Server) lookAt(o, was stat.Observation) looked {
	l := looked{Measure: o.Measure, Area: o.Area, Period: o.Period.Label()}
	decimals := 0
	if m, err := s.Catalogue.Measure(o.Measure); err == nil {
		l.Measure, decimals = m.Name, m.Decimals
	}
	if o.Breakdown != "" {
		l.Measure += ", " + o.Breakdown
	}
	if a, err := s.Catalogue.Area(o.Area); err == nil {
		l.Area = a.Name
	}
	l.Figure, l.At = figures(o, decimals)
	l.Was, _ = figures(was, decimals)
	return l
}

// figures writes an observation's count and value, and says where they stand.
func figures(o stat.Observation, decimals int) (text, at string) {
	if o.Count.Given() {
		text, at = written(o.Count, 0), o.Count.At
	}
	if o.Value.Given() {
		value := written(o.Value, decimals)
		if text != "" {
			value = text + " (" + value + ")"
		}
		text = value
		if at == "" || !o.Value.Derived {
			at = joined(at, o.Value.At)
		}
	}
	if text == "" && o.Denominator.Given() {
		text, at = written(o.Denominator, 0), o.Denominator.At
	}
	return text, at
}

func joined(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	}
	return a + ", " + b
}

func written(f stat.Figure, decimals int) string {
	if f.Mark != "" {
		return f.Mark.Letter()
	}
	return stat.Format(f.Number, decimals)
}

func (s *Server) lookLinks(links []stat.Link) []looked {
	var out []looked
	for _, l := range links[:min(len(links), lookLimit)] {
		out = append(out, looked{Measure: "Neighbours, " + l.Model + " model", Area: s.areaName(l.Area), At: l.At,
			Figure: ordinal(l.Position) + ": " + s.areaName(l.Neighbour)})
	}
	return out
}

func (s *Server) areaName(code string) string {
	if a, err := s.Catalogue.Area(code); err == nil {
		return a.Name
	}
	return code
}
