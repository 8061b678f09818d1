package dashboard

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// Series is all that is held of one measure in one area.
type Series struct {
	Measure string        `json:"measure"`
	Area    stat.Area     `json:"area"`
	Points  []SeriesPoint `json:"points"` // by period, published before the council's own
}

// SeriesPoint is one observation. A number that is not there is nil; Mark says
// why. Mark to Publisher are of the figure that was asked for, value or count,
// or of the other where that one was not given.
type SeriesPoint struct {
	Period      string    `json:"period"` // ISO end date
	Label       string    `json:"label"`
	Span        stat.Span `json:"span"`
	Count       *float64  `json:"count"`
	Denominator *float64  `json:"denominator"`
	Value       *float64  `json:"value"`
	Mark        string    `json:"mark"`
	Derived     bool      `json:"derived"`
	Released    string    `json:"released"`
	File        string    `json:"file"`
	At          string    `json:"at"`
	Publisher   string    `json:"publisher"`
	Sample      bool      `json:"sample"`
	Draft       bool      `json:"draft,omitempty"` // its import has not been published yet
}

// Series lists every period held of a measure in an area of any level; asOf
// limits it to what had been released by that day. The error wraps
// stat.ErrUnknown or stat.ErrAmbiguous for a name that cannot be found.
func (b *Boards) Series(ctx context.Context, src Source, measure, area string, show string, asOf stat.Date) (*Series, error) {
	m, err := b.cat.Measure(measure)
	if err != nil {
		return nil, err
	}
	a := b.home
	if area != "" {
		if a, err = b.cat.Area(area); err != nil {
			return nil, err
		}
	}
	if show != "" && show != ShowValue && show != ShowCount {
		return nil, &ChoiceError{"show", show, fmt.Errorf("show %q: %w, choose %s or %s", show, stat.ErrUnknown, ShowValue, ShowCount)}
	}
	fs, err := b.read(ctx, src, stat.Query{Areas: []string{a.Code}, AsOf: asOf}, m.Code)
	if err != nil {
		return nil, err
	}
	out := &Series{Measure: m.Code, Area: a, Points: []SeriesPoint{}}
	all := append(fs.history(m.Code, a.Code), fs.own[m.Code][a.Code]...)
	slices.SortStableFunc(all, func(x, y stat.Observation) int { return x.Period.Compare(y.Period) })
	for _, o := range all {
		out.Points = append(out.Points, seriesPoint(o, show))
	}
	return out, nil
}

func seriesPoint(o stat.Observation, show string) SeriesPoint {
	fig := o.Value
	if show == ShowCount && o.Count.Given() || !fig.Given() {
		fig = o.Count
	}
	p := SeriesPoint{
		Period: o.Period.End.String(), Label: o.Period.Label(), Span: o.Period.Span,
		Count: o.Count.Float(), Denominator: o.Denominator.Float(), Value: o.Value.Float(),
		Mark: fig.Mark.Letter(), Derived: o.Value.Derived, At: fig.At, Publisher: o.Publisher(),
	}
	if fig.Origin != nil {
		p.Released, p.File, p.Sample, p.Draft = string(fig.Origin.Released), fig.Origin.File, fig.Origin.Sample, fig.Origin.Draft
	}
	return p
}

// CompareQuery asks for one comparison. All but Measure may be left empty: the
// home area, the latest period that has neighbours (or else the latest the area
// has a figure of), DefaultModel, no meeting.
type CompareQuery struct {
	Measure    string
	Area       string
	Period     string // as stat.ParsePeriod reads it
	Neighbours string // as Selection has it
	Since      string // an ISO date or LastMeeting
	Project    int    // reporting year; its projection's sentence is added to the others
}

func (q CompareQuery) get(name string) string {
	return map[string]string{"area": q.Area, "neighbours": q.Neighbours, "since": q.Since}[name]
}

// Compare sets an authority's figure beside the others. The error wraps
// stat.ErrUnknown, stat.ErrAmbiguous or ErrNoFigures, or says why the period
// cannot be read.
func (b *Boards) Compare(ctx context.Context, src Source, q CompareQuery) (*benchmark.Comparison, error) {
	m, err := b.cat.Measure(q.Measure)
	if err != nil {
		return nil, err
	}
	sel, err := b.Select(q.get)
	if err != nil {
		return nil, err
	}
	a, err := b.authority(sel.Area)
	if err != nil {
		return nil, err
	}
	var p stat.Period
	if q.Period != "" {
		if p, err = stat.ParsePeriod(q.Period); err != nil {
			return nil, err
		}
		if p, err = p.For(m.Kind); err != nil {
			return nil, err
		}
	}
	fs, err := b.read(ctx, src, stat.Query{}, m.Code)
	if err != nil {
		return nil, err
	}
	if err := b.settle(fs, a, &sel); err != nil {
		return nil, err
	}
	s := fs.subject(m, a, sel)
	c, err := s.comparison(p)
	if err != nil {
		return nil, err
	}
	if w := s.comparedDrafts(c).warning(); w != "" {
		c.Warnings = append(slices.Clone(c.Warnings), w)
	}
	if q.Project == 0 {
		return c, nil
	}
	ahead, err := s.ahead(q.Project)
	if err != nil {
		return nil, err
	}
	c.Projection = &ahead
	c.Sentences = append(slices.Clone(c.Sentences), ahead.Sentence(m, a.Name))
	return c, nil
}

// comparison is the one of a period, or the headline's where p is none.
func (s *subject) comparison(p stat.Period) (*benchmark.Comparison, error) {
	c := s.headline()
	if c == nil {
		return nil, fmt.Errorf("%w of %s are held: import a file", ErrNoFigures, benchmark.LowerFirst(s.m.Name))
	}
	if p.IsZero() {
		return s.answer(*c), nil
	}
	if !s.local && s.f.published[s.m.Code][p] != nil {
		return s.answer(s.compare(p)), nil
	}
	if i := slices.Index(s.periods, p); s.local && i >= 0 {
		return s.answer(*s.comparedAt(i)), nil
	}
	return nil, fmt.Errorf("%w of %s are held %s; the latest are of %s", ErrNoFigures,
		benchmark.LowerFirst(s.m.Name), benchmark.When(p), strings.TrimPrefix(c.Label, "year ending "))
}
