package dashboard

import (
	"context"
	"fmt"
	"slices"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// Kinds of the panels that only the pages of areas have; they are shown as a
// Trend or a Table.
const (
	nearTrend = "neighbour-trends"
	nearTable = "neighbour-table"
	everyone  = "authorities"
)

const sizeWarning = "Plain numbers depend on the size of an area, so they are listed but not ranked or compared."

// Neighbours lays out a measure in the area and each of those it is compared
// with, with one read of src: bars and a table of one period, and all
// their lines. Values are shown whatever sel.Show says, since numbers do not
// compare. Errors are those of Measure, and a *ChoiceError for a period there
// is none of.
func (b *Boards) Neighbours(ctx context.Context, src Source, code string, sel Selection) (*View, error) {
	return b.areas(ctx, src, code, sel, "neighbours", Bars, nearTrend, nearTable)
}

// Authorities lays out a measure in every authority with a figure at one
// period, highest first, with one read of src. Errors and sel.Show are as of
// Neighbours.
func (b *Boards) Authorities(ctx context.Context, src Source, code string, sel Selection) (*View, error) {
	return b.areas(ctx, src, code, sel, "authorities", everyone)
}

func (b *Boards) areas(ctx context.Context, src Source, code string, sel Selection, page string, kinds ...string) (*View, error) {
	m, err := b.cat.Measure(code)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	sel.Show = ShowValue
	v, fs, err := b.open(ctx, src, sel, m.Code)
	if err != nil {
		return nil, fmt.Errorf("%s of measure %s: %w", page, m.Code, err)
	}
	s := fs.subject(m, v.Area, v.Selection)
	if v.Selection.Period, err = s.choose(sel.Period); err != nil {
		return nil, err
	}
	words := "all authorities"
	if page == "neighbours" {
		words = s.with.words()
	}
	v.Name, v.Title, v.Path = m.Code, m.Name+": "+words, "/measures/"+m.Code+"/"+page
	v.Lead = m.Definition
	v.Links = []Link{{"/measures/" + m.Code, m.Name}}
	if !s.local {
		v.Near = s.closest(3)
		v.Periods = s.choices()
	}
	for _, kind := range kinds {
		v.add(s.panel(kind))
	}
	switch {
	case s.local && !fs.empty:
		v.Warnings = append(v.Warnings, localWarning)
	case fs.empty:
	case !benchmark.Comparable(m):
		v.Warnings = append(v.Warnings, sizeWarning)
	case page == "neighbours" && s.with.none():
		v.Warnings = append(v.Warnings, s.with.absence(v.Area))
	}
	v.close(fs)
	return v, nil
}

// choose makes a period the headline's, and returns its ISO end; "" keeps the
// latest.
func (s *subject) choose(period string) (string, error) {
	if period == "" {
		return "", nil
	}
	p, err := stat.ParsePeriod(period)
	if err != nil {
		return "", &ChoiceError{"period", period, err}
	}
	// An ISO date names the year that ends on it as well as the day.
	i := slices.IndexFunc(s.periods, func(q stat.Period) bool { return q.End == p.End })
	if i < 0 || !s.held(i) {
		err := fmt.Errorf("%w of %s were published for %s", ErrNoFigures, benchmark.LowerFirst(s.m.Name), p.End.Long())
		return "", &ChoiceError{"period", period, err}
	}
	s.at = i
	return p.End.String(), nil
}

// held reports whether anything was published of a period.
func (s *subject) held(i int) bool {
	return s.local || len(s.f.published[s.m.Code][s.periods[i]]) > 0
}

// choices are the periods there are figures of, latest first.
func (s *subject) choices() []Choice {
	var out []Choice
	for i, p := range slices.Backward(s.periods) {
		if s.held(i) {
			out = append(out, Choice{p.End.String(), benchmark.UpperFirst(p.Label())})
		}
	}
	return out
}

// cellsOf are the number, the value and its 95% interval of an area, a mark
// in the place of a number; the count is left out for a measure that is one.
func (s *subject) cellsOf(o stat.Observation) []entry {
	value := cell(o.Value, s.m.Decimals)
	if s.m.Unit == stat.Number {
		return []entry{value}
	}
	return []entry{cell(o.Count, 0), value, text(s.intervalCell(o))}
}

func (s *subject) valueColumns() (columns, sorts []string) {
	if s.m.Unit == stat.Number {
		return []string{valueHeading(s.m)}, []string{SortNumber}
	}
	return []string{"Number", valueHeading(s.m), "95% interval"}, []string{SortNumber, SortNumber, SortNumber}
}

func (s *subject) intervalCell(o stat.Observation) string {
	if i, ok := benchmark.IntervalFor(s.m, o, benchmark.Confidence95); ok {
		return benchmark.IntervalWords(s.m, &i)
	}
	return ""
}
