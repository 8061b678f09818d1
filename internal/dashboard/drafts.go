package dashboard

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// drafts are the imports not published yet that figures rest on: the file of
// each, by its number.
type drafts map[int64]string

// note adds the imports of figures that were given.
func (d drafts) note(figs ...stat.Figure) {
	for _, f := range figs {
		if isDraft(f) {
			d[f.Origin.Batch] = f.Origin.File
		}
	}
}

func isDraft(f stat.Figure) bool { return f.Given() && f.Origin != nil && f.Origin.Draft }

// numbers are in order, nil for none.
func (d drafts) numbers() []int64 { return slices.Sorted(maps.Keys(d)) }

// warning names the imports; "" for none.
func (d drafts) warning() string {
	var names []string
	for _, n := range d.numbers() {
		names = append(names, fmt.Sprintf("import %d, %s", n, d[n]))
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("Includes figures of an import that has not been published yet (%s).", names[0])
	}
	return fmt.Sprintf("Includes figures of imports that have not been published yet (%s).", strings.Join(names, "; "))
}

// draftEnd ends what says whose a draft's figure is.
const draftEnd = ", draft"

// whoseWords name the publisher of a figure, or of one that was left unsaid.
func whoseWords(publisher string, figs ...stat.Figure) string {
	words := publisherWords(publisher)
	if slices.ContainsFunc(figs, isDraft) {
		words += draftEnd
	}
	return words
}

// ownFigure is the council's own one, of which some parts are given.
func ownFigure(figs ...stat.Figure) string {
	if slices.ContainsFunc(figs, isDraft) {
		return "the council's own figure" + draftEnd
	}
	return "the council's own figure"
}

// council reports whether such words name the council.
func council(whose string) bool {
	return strings.TrimSuffix(whose, draftEnd) == publisherWords(stat.Council)
}

// averaged names those whose mean is shown at a period among a panel's sources.
func (s *subject) averaged(cr *credit, p stat.Period, n benchmark.Neighbours) {
	cr.neighbours(n)
	for _, m := range n.Members {
		s.noteDrafts(s.observation(m.Code, p))
	}
}

// noteDrafts notes what an observation's figures rest on.
func (s *subject) noteDrafts(o stat.Observation) { s.f.drafts.note(o.Value, o.Count, o.Denominator) }

// comparedDrafts are the imports that a comparison of a day rests on.
func (s *subject) comparedDrafts(c *benchmark.Comparison) drafts {
	s.noteDrafts(s.newest())
	for _, p := range s.periods {
		if p.End.String() != c.Period {
			continue
		}
		s.averaged(&credit{}, p, c.Neighbours)
		for _, code := range []string{s.area.Code, c.Region.Code, c.England.Code} {
			s.noteDrafts(s.observation(code, p))
		}
	}
	return s.f.drafts
}

// ErrDraft is that what is to be kept for all to see rests on a draft.
var ErrDraft = errors.New("this projection rests on figures of an import that has not been published yet: publish it first, then keep the projection")

// undrafted is a source without its drafts.
type undrafted struct{ Source }

func (u undrafted) Read(ctx context.Context, q stat.Query) (stat.Holding, error) {
	q.Published = true
	return u.Source.Read(ctx, q)
}

// ToKeep is Project for what is kept, which all may see: ErrDraft where a draft
// would change it.
func (b *Boards) ToKeep(ctx context.Context, src Source, measure, area string, year int) (stat.Projection, error) {
	p, err := b.Project(ctx, src, measure, area, year)
	if err != nil {
		return stat.Projection{}, err
	}
	seen, err := b.Project(ctx, undrafted{src}, measure, area, year)
	if ctx.Err() != nil {
		return stat.Projection{}, ctx.Err()
	}
	if err != nil || seen != p {
		return stat.Projection{}, ErrDraft
	}
	return p, nil
}

// A RemarkError says that nothing can be kept of a scorecard's row, because its
// figures rest on drafts: all would read of what they cannot see.
type RemarkError struct {
	Label   string  // of the row's figure
	Imports []int64 // drafts that the scorecard rests on
}

func (e *RemarkError) Error() string {
	by := "an import that has"
	if len(e.Imports) == 1 {
		by = fmt.Sprintf("import %d, which has", e.Imports[0])
	}
	return fmt.Sprintf("the row of %s rests on %s not been published yet: publish it first, then save again", e.Label, by)
}

// ToRemark is nil where commentary may be kept on a row that v, a scorecard of
// src, has: where no draft changes its figure, the one before or those it stands
// beside. Otherwise it is a *RemarkError.
func (b *Boards) ToRemark(ctx context.Context, src Source, v *View, row *ScorecardRow) error {
	if len(v.Drafts) == 0 {
		return nil
	}
	seen, err := b.Dashboard(ctx, undrafted{src}, v.Name, v.Selection)
	if err != nil {
		return err
	}
	for _, p := range seen.Panels {
		if p.Scorecard != nil && slices.ContainsFunc(p.Scorecard.Rows, func(r ScorecardRow) bool { return r.Head == row.Head && r.told() == row.told() }) {
			return nil
		}
	}
	return &RemarkError{row.Current.Label, v.Drafts}
}

// told are the figures of a row as it tells them.
func (r *ScorecardRow) told() [5]string {
	figure := func(p ScorecardPoint) string { return strings.Join([]string{p.Period, p.Text, p.Of}, "\n") }
	beside := func(c Comparator) string { return c.Period + "\n" + c.Text }
	return [5]string{figure(r.Current), figure(r.Previous), beside(r.Neighbours), beside(r.Region), beside(r.England)}
}

// ToIssue is Report as it is issued: of the figures that viewers may see under
// the settings, with what was written for it and before it. An earlier report
// that is withheld from them is not quoted.
func (b *Boards) ToIssue(ctx context.Context, src ReportSource, viewers Source, s stat.Settings, name string, sel ReportSelection) (*Report, error) {
	r, err := b.Report(ctx, Written{ReportSource: src, Figures: viewers}, name, sel)
	if err != nil || r.Before == nil || len(r.Before.Stale) == 0 {
		return r, err
	}
	last, err := src.Issue(ctx, r.Before.Number)
	if err != nil {
		return nil, err
	}
	withheld, err := b.Withheld(ctx, viewers, s, last)
	if withheld {
		r.Before.Stale = []Flag{}
	}
	return r, err
}

// Withheld reports whether viewers may not read an issue under the settings: it
// was issued while less was masked for them, or has a number that is masked by
// now.
func (b *Boards) Withheld(ctx context.Context, viewers Source, s stat.Settings, is stat.Issue) (bool, error) {
	if !s.MaskViewers || is.Under.MasksLess(s) {
		return s.MaskViewers, nil
	}
	r, err := ReadReport(is.Content)
	if err != nil {
		return false, err
	}
	return b.masked(ctx, viewers, r)
}

// masked reports whether src masks a number that the report has.
func (b *Boards) masked(ctx context.Context, src Source, r *Report) (bool, error) {
	held, err := src.Read(ctx, stat.Query{Measures: r.measures()})
	if err != nil {
		return false, err
	}
	now := arrange(b.cat, held).reportIndex(held.Observations)
	return slices.ContainsFunc(r.Figures, func(f ReportFigure) bool {
		x, ok := now[f.key()]
		return ok && f.Number != nil && x.figure().Mark == stat.Confidential
	}), nil
}

// measures are those that the report has figures of, with the population.
func (r *Report) measures() []string {
	out := []string{stat.Population}
	for _, f := range r.Figures {
		out = append(out, f.Measure)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Drafts are the numbers of the imports, not published yet, that the report
// rests on, in order: while there are any it cannot be issued.
func (r *Report) Drafts() []int64 { return r.Unpublished }

// A DraftsError says that a report cannot be issued, and which imports have to
// be published first.
type DraftsError []int64

func (e DraftsError) Error() string {
	var names []string
	for _, n := range e {
		names = append(names, fmt.Sprint(n))
	}
	if len(names) == 1 {
		return fmt.Sprintf("publish import %s first: the report has figures of it, which is still a draft", names[0])
	}
	return fmt.Sprintf("publish imports %s first: the report has figures of them, which are still drafts", listed(names))
}
