package dashboard

import (
	"cmp"
	"context"
	"slices"

	"bellwether/internal/stat"
)

// rest is every observation that the report rests on: of the measures it
// shows, in the years it shows, the area's, its neighbours', its region's and
// England's, and where breakdowns are shown the area's parts.
func (r *reporting) rest() []stat.Observation {
	var out []stat.Observation
	for _, code := range r.used {
		s := r.subject(code)
		for _, p := range s.periods {
			if s.local || !s.within(p) {
				continue
			}
			for _, area := range s.reportAreas(p) {
				out = append(out, s.observation(area, p))
			}
		}
		for _, o := range s.own {
			if s.within(o.Period) {
				out = append(out, o)
			}
		}
		out = append(out, r.restParts(s)...)
	}
	return slices.DeleteFunc(out, func(o stat.Observation) bool { return o.Area == "" })
}

// reportAreas are the codes of those compared at a period.
func (s *subject) reportAreas(p stat.Period) []string {
	out := []string{s.area.Code}
	if !s.counting() {
		for _, a := range s.with.at(p) {
			out = append(out, a.Code)
		}
		for _, c := range s.comparators() {
			out = append(out, c.Code)
		}
	}
	return out
}

// restParts are the area's figures by category.
func (r *reporting) restParts(s *subject) []stat.Observation {
	if !r.parted[s.m.Code] {
		return nil
	}
	var out []stat.Observation
	for key, parts := range r.f.parts {
		if key.measure == s.m.Code && key.area == s.area.Code && s.within(key.period) {
			out = append(out, parts...)
		}
	}
	return out
}

// figures lists each part of every observation the report rests on, in key
// order.
func (r *reporting) figures() []ReportFigure {
	held := r.rest()
	slices.SortStableFunc(held, func(a, b stat.Observation) int {
		return cmp.Or(a.Key.Compare(b.Key), cmp.Compare(a.Publisher(), b.Publisher()))
	})
	out := []ReportFigure{}
	seen := map[reportKey]bool{}
	for _, o := range held {
		for _, f := range reportFigures(r.f, o) {
			if k := f.key(); !seen[k] {
				seen[k], out = true, append(out, f)
			}
		}
	}
	return out
}

// reportFigures are the parts of one observation that say anything.
func reportFigures(f *figures, o stat.Observation) []ReportFigure {
	m, _ := f.cat.Measure(o.Measure)
	var out []ReportFigure
	for _, part := range stat.Parts {
		fig := *o.Part(part)
		if !fig.Given() {
			continue
		}
		decimals := 0
		if part == stat.PartValue {
			decimals = m.Decimals
		}
		x := ReportFigure{
			Measure: o.Measure, Area: o.Area, Period: o.Period.String(), Label: o.Period.Label(), Breakdown: o.Breakdown,
			Part: part, Number: fig.Float(), Text: cell(fig, decimals).text, Derived: fig.Derived, At: fig.At,
		}
		if o.Publisher() == stat.Council {
			x.Text = printed(fig, decimals)
		}
		if x.Number != nil {
			n := *x.Number
			x.Number = &n
		}
		if fig.Origin != nil {
			x.Publisher, x.Released, x.File = fig.Origin.Publisher, string(fig.Origin.Released), fig.Origin.File
		}
		out = append(out, x)
	}
	return out
}

// reportKey names a figure of a report.
type reportKey struct {
	measure, area, period, breakdown string
	part                             stat.Part
	publisher                        string
}

func (f ReportFigure) key() reportKey {
	return reportKey{f.Measure, f.Area, f.Period, f.Breakdown, f.Part, f.Publisher}
}

// same reports whether two say the same, however it is printed.
func (f ReportFigure) same(o ReportFigure) bool {
	if f.Number == nil || o.Number == nil {
		return f.Number == nil && o.Number == nil && f.Text == o.Text
	}
	return *f.Number == *o.Number
}

// Revisions lists the figures of a report that are held otherwise now, in key
// order, with one read of src. A population that a rate was divided by, and
// that no longer serves it, is none.
func (b *Boards) Revisions(ctx context.Context, src Source, r *Report) ([]Revision, error) {
	var codes []string
	for _, f := range r.Figures {
		if !slices.Contains(codes, f.Measure) {
			codes = append(codes, f.Measure)
		}
	}
	codes = append(codes, stat.Population)
	held, err := src.Read(ctx, stat.Query{Measures: codes})
	if err != nil {
		return nil, err
	}
	now := arrange(b.cat, held).reportIndex(held.Observations)
	return b.revised(r.Figures, now), nil
}

// reportIndex are held figures by their key, with the rates nobody gave.
func (f *figures) reportIndex(held []stat.Observation) map[reportKey]ReportFigure {
	out := map[reportKey]ReportFigure{}
	for _, o := range held {
		if m, err := f.cat.Measure(o.Measure); err == nil && o.Breakdown == "" {
			o = f.complete(m, o)
		}
		for _, x := range reportFigures(f, o) {
			out[x.key()] = x
		}
	}
	return out
}

// revised compares figures with those of an index.
func (b *Boards) revised(then []ReportFigure, now map[reportKey]ReportFigure) []Revision {
	out := []Revision{}
	for _, f := range then {
		x, held := now[f.key()]
		if held && f.same(x) || !held && f.Part == stat.PartDenominator {
			continue
		}
		if held && x.figure().Mark == stat.Confidential { // what it was is not said beside that
			continue
		}
		rev := Revision{ReportFigure: f, Name: f.Measure, Now: "withdrawn"}
		if m, err := b.cat.Measure(f.Measure); err == nil {
			rev.Name = m.Name
		}
		if held {
			rev.Now, rev.Revealed = x.Text, x.Released
			rev.NowFrom = originWords(stat.Figure{Text: x.Text, At: x.At, Derived: x.Derived,
				Origin: &stat.Origin{Publisher: x.Publisher, Released: stat.Release(x.Released), File: x.File}})
		}
		out = append(out, rev)
	}
	return out
}
