package dashboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// A projection goes three years on unless a year is chosen, and as many of the
// latest years are projected again from before, to be set beside what happened.
const (
	yearsAhead    = 3
	mostAhead     = 5
	yearsBackward = 5
)

// ErrEnded is why the figures of an authority that is no more are not carried
// on.
var ErrEnded = errors.New("an authority that was abolished has no coming years")

// Project carries an area's yearly figures on to a reporting year, 0 for three
// years on, as the store keeps it: By, At and Note are the caller's. The error
// is that of benchmark.Project, a *ChoiceError for a year too near or too far,
// or wraps ErrEnded, stat.ErrUnknown, stat.ErrAmbiguous or ErrNoFigures.
func (b *Boards) Project(ctx context.Context, src Source, measure, area string, year int) (stat.Projection, error) {
	m, err := b.cat.Measure(measure)
	if err != nil {
		return stat.Projection{}, err
	}
	sel, err := b.Select(CompareQuery{Area: area}.get)
	if err != nil {
		return stat.Projection{}, err
	}
	a, err := b.authority(sel.Area)
	if err != nil {
		return stat.Projection{}, err
	}
	fs, err := b.read(ctx, src, stat.Query{}, m.Code)
	if err != nil {
		return stat.Projection{}, err
	}
	pr, err := fs.subject(m, a, sel).ahead(year)
	if err != nil {
		return stat.Projection{}, err
	}
	last := pr.Years[len(pr.Years)-1]
	return stat.Projection{
		Measure: m.Code, Area: a.Code, Last: pr.Last, For: last.Period,
		Value: last.Value, Lower: last.Lower, Upper: last.Upper, Method: pr.Method,
	}, nil
}

// past is the series that is projected: published where there is one.
func (s *subject) past() []stat.Observation {
	if s.local {
		return s.own
	}
	return s.f.history(s.m.Code, s.area.Code)
}

// yearly are those of the past at the same date each year as the last with a
// value, oldest first: dates in between do not make a series less yearly.
func (s *subject) yearly() []stat.Observation {
	past := s.past()
	for len(past) > 0 && !past[len(past)-1].Value.Known() {
		past = past[:len(past)-1]
	}
	if len(past) == 0 {
		return nil
	}
	last := past[len(past)-1].Period
	if s.m.Kind == stat.Flow && last.Span != stat.Year {
		return nil
	}
	var out []stat.Observation
	for _, o := range past {
		end := o.Period.End
		monthEnds := end == end.MonthEnd() && last.End == last.End.MonthEnd()
		if o.Period.Span == last.Span && end.Month == last.End.Month && (monthEnds || end.Day == last.End.Day) {
			out = append(out, o)
		}
	}
	return out
}

// ahead projects to a reporting year, 0 for the usual three years on.
func (s *subject) ahead(year int) (benchmark.Projection, error) {
	past := s.yearly()
	switch {
	case len(past) > 0:
	case slices.ContainsFunc(s.past(), func(o stat.Observation) bool { return o.Value.Known() || s.number(o).Known() }):
		return benchmark.Projection{}, fmt.Errorf("%w, and of %s in %s none are held of whole years", benchmark.ErrNotYearly, benchmark.LowerFirst(s.m.Name), benchmark.PlaceName(s.area.Name))
	default:
		return benchmark.Projection{}, fmt.Errorf("%w of %s are held of %s: import a file", ErrNoFigures, benchmark.LowerFirst(s.m.Name), benchmark.PlaceName(s.area.Name))
	}
	last := past[len(past)-1].Period.End.FinancialYear()
	if !s.area.Ended.IsZero() {
		return benchmark.Projection{}, fmt.Errorf("%w: %s was abolished on %s", ErrEnded, benchmark.PlaceName(s.area.Name), s.area.Ended.AddDays(1).Long())
	}
	if year == 0 {
		year = last + yearsAhead
	}
	if n := year - last; n < 1 || n > mostAhead {
		return benchmark.Projection{}, &ChoiceError{"project", fmt.Sprint(year), fmt.Errorf("%w: the latest figure is of %d, choose a year from %d to %d", benchmark.ErrTooFar, last, last+1, last+mostAhead)}
	}
	return benchmark.Project(s.m, past, year-last)
}

// aheadPanel draws where the yearly figures would go if their average yearly change went on,
// and how earlier projections turned out. The population has none: its makers
// publish their own, which know of births.
func (s *subject) aheadPanel(p *Panel, cr *credit) bool {
	if s.m.Code == stat.Population {
		return false
	}
	year := s.sel.Project
	pr, err := s.ahead(year)
	var choice *ChoiceError
	if errors.As(err, &choice) {
		p.Warnings = append(p.Warnings, benchmark.UpperFirst(choice.Error())+". Three years are shown.")
		pr, err = s.ahead(0)
	}
	if err != nil {
		return false
	}
	valued := *s
	valued.sel.Show = ShowValue
	return valued.drawAhead(p, pr, cr)
}

func (s *subject) drawAhead(p *Panel, pr benchmark.Projection, cr *credit) bool {
	past := s.yearly()
	a := &AheadPanel{Past: Line{Name: s.area.Name, Role: RoleArea}, Ahead: []Projected{}, Before: []Projected{}, Decimals: s.m.Decimals, Method: pr.Method}
	if s.local {
		a.Past.Role = RoleOwn
	}
	for _, o := range past {
		if s.within(o.Period) {
			a.Past.Points = append(a.Past.Points, s.point(o.Period, o.Value, cr))
		}
	}
	made := "from figures to " + pr.Last.End.Long()
	for _, y := range pr.Years {
		a.Ahead = append(a.Ahead, s.projected(y.Period, y.Value, y.Lower, y.Upper, made))
	}
	already := s.already(a, pr.Years, cr)
	a.Before = append(append(a.Before, s.again(past, len(pr.Years))...), s.kept(past)...)
	slices.SortStableFunc(a.Before, func(x, y Projected) int { return strings.Compare(x.Period, y.Period) })
	p.Ahead, p.Unit = a, s.m.Unit.Words()
	about := fmt.Sprintf("%s: %s", s.m.Name, benchmark.About(s.m, pr.Years[len(pr.Years)-1].Value))
	year := pr.Years[len(pr.Years)-1].Period.End.Year
	p.Title = fit(fmt.Sprintf("%s by %d, if change goes on", about, year), fmt.Sprintf("%s by %d", about, year), s.m.Name+": a projection", s.m.Name)
	p.Subtitle = fmt.Sprintf("%s, %s, %s, projected from %d yearly figures to %s", s.m.Name, p.Unit, s.area.Name, pr.Points, pr.Last.End.Long())
	p.Sentence = pr.Sentence(s.m, s.area.Name) + already + a.record()
	p.Table = s.aheadTable(a)
	return true
}

func (s *subject) projected(p stat.Period, value, lower, upper float64, made string) Projected {
	return Projected{
		Period: p.End.String(), Label: p.Label(), Number: &value, Lower: &lower, Upper: &upper, Made: made,
		Text:  stat.Format(value, s.m.Decimals),
		Range: stat.Format(lower, s.m.Decimals) + " to " + stat.Format(upper, s.m.Decimals),
	}
}

// already sets the council's own figures of the projected years, where they
// are held, beside the projection and says so: it is made from the published
// ones, which come later.
func (s *subject) already(a *AheadPanel, years []benchmark.Projected, cr *credit) string {
	var told []string
	for i, y := range years {
		for _, o := range s.own {
			if s.local || o.Period != y.Period || !o.Value.Known() {
				continue
			}
			s.credit(cr, o)
			x := s.happened(a.Ahead[i], o.Value)
			said, where, _ := strings.Cut(x.Outcome, ", ")
			x.Outcome = said + " by the council's own figures, " + where
			a.Ahead[i] = x
			told = append(told, fmt.Sprintf("%s %s, %s", benchmark.InUnit(s.m, said), benchmark.When(o.Period), where))
		}
	}
	if len(told) == 0 {
		return ""
	}
	return fmt.Sprintf(" The council's own figures have come already: %s. The projection rests on published figures alone.", strings.Join(told, "; "))
}

// again projects each of the latest years from the figures up to some years
// before it, as they are held today.
func (s *subject) again(past []stat.Observation, years int) []Projected {
	var out []Projected
	for i := len(past) - 1; i >= 0 && len(out) < yearsBackward; i-- {
		cut := slices.IndexFunc(past, func(o stat.Observation) bool {
			return o.Period.End.FinancialYear() == past[i].Period.End.FinancialYear()-years
		})
		if cut < 0 || !past[i].Value.Known() {
			continue
		}
		pr, err := benchmark.Project(s.m, past[:cut+1], years)
		if err != nil {
			continue
		}
		y := pr.Years[len(pr.Years)-1]
		b := s.projected(y.Period, y.Value, y.Lower, y.Upper, "worked out now from figures to "+pr.Last.End.Long())
		out = append(out, s.happened(b, past[i].Value))
	}
	return out
}

// kept are the projections somebody made and kept.
func (s *subject) kept(past []stat.Observation) []Projected {
	var out []Projected
	for _, k := range s.f.said.Projections {
		if k.Measure != s.m.Code || k.Area != s.area.Code {
			continue
		}
		made := fmt.Sprintf("kept by %s on %s, from figures to %s", k.By, stat.DateOf(k.At).Long(), k.Last.End.Long())
		b := s.projected(k.For, k.Value, k.Lower, k.Upper, made)
		b.Kept, b.Note = true, k.Note
		for _, o := range past {
			if o.Period == k.For {
				b = s.happened(b, o.Value)
			}
		}
		out = append(out, b)
	}
	return out
}

const inside = "inside the range"

// happened sets what was projected beside what came.
func (s *subject) happened(b Projected, f stat.Figure) Projected {
	if b.Actual = f.Float(); b.Actual == nil {
		return b
	}
	where := inside
	switch x := stat.RoundHalfUp(f.Number, s.m.Decimals); {
	case x < stat.RoundHalfUp(*b.Lower, s.m.Decimals):
		where = "below the range"
	case x > stat.RoundHalfUp(*b.Upper, s.m.Decimals):
		where = "above the range"
	}
	b.Outcome = stat.Format(f.Number, s.m.Decimals) + ", " + where
	return b
}

// record counts the projections made again whose range held what happened.
func (a *AheadPanel) record() string {
	held, of := 0, 0
	for _, b := range a.Before {
		if b.Kept {
			continue
		}
		if of++; strings.HasSuffix(b.Outcome, inside) {
			held++
		}
	}
	switch {
	case of == 0:
		return ""
	case of == 1 && held == 1:
		return " Made the same way from earlier figures, the range for the latest year held what happened."
	case of == 1:
		return " Made the same way from earlier figures, the range for the latest year did not hold what happened."
	}
	return fmt.Sprintf(" Made the same way from earlier figures, the ranges for %d of the latest %s held what happened.", held, plural(of, "year"))
}

func (s *subject) aheadTable(a *AheadPanel) *TablePanel {
	t := &TablePanel{
		Mark: -1, Caption: s.m.Name + ", past figures and projections",
		Columns: []string{periodHeading(s.m), "Figure", "Projected", "80% range, from", "80% range, to", "Projection made", "What happened", "Note"},
	}
	for _, p := range a.Past.Points {
		t.add([]entry{text(benchmark.UpperFirst(p.Label)), {p.Text, p.Number}, {}, {}, {}, {}, {}, {}})
	}
	for _, p := range append(slices.Clone(a.Ahead), a.Before...) {
		t.add([]entry{
			text(benchmark.UpperFirst(p.Label)), {}, {p.Text, p.Number},
			numeral(p.Lower, a.Decimals), numeral(p.Upper, a.Decimals), text(p.Made), text(p.Outcome), text(p.Note),
		})
	}
	t.drop("Note")
	t.drop("What happened")
	t.Notes = notes(t)
	return t
}
