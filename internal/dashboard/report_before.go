package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// findBefore reads the last issue of the same report and area before its day.
func (r *reporting) findBefore(ctx context.Context, src ReportSource) error {
	issues, err := src.Issues(ctx)
	if err != nil {
		return fmt.Errorf("listing issues: %w", err)
	}
	var last stat.Issue
	for _, i := range issues {
		later := last.Number == 0 || last.Dated.Before(i.Dated) || last.Dated == i.Dated && last.Number < i.Number
		if i.Name == r.def.Name && i.Area == r.view.Area.Code && i.Dated.Before(r.dated) && later {
			last = i
		}
	}
	if last.Number == 0 {
		return nil
	}
	if last, err = src.Issue(ctx, last.Number); err != nil {
		return fmt.Errorf("reading issue %d: %w", last.Number, err)
	}
	r.before, err = ReadReport(last.Content)
	if err != nil {
		return err
	}
	r.before.Number = last.Number
	return nil
}

// beforeFigure is the figure the last report led with; false for none.
func (r *reporting) beforeFigure(s *subject) (stat.Observation, bool) {
	if r.before == nil {
		return stat.Observation{}, false
	}
	var best stat.Observation
	held := map[string]*stat.Observation{}
	var keys []string
	for _, f := range r.before.Figures {
		if f.Measure != s.m.Code || f.Area != s.area.Code || f.Breakdown != "" {
			continue
		}
		p, ok := f.period()
		key := p.String() + " " + f.Publisher
		if f.Part == stat.PartDenominator || !ok {
			continue
		}
		if held[key] == nil {
			held[key] = &stat.Observation{Key: stat.Key{Measure: f.Measure, Area: f.Area, Period: p}}
			keys = append(keys, key)
		}
		*held[key].Part(f.Part) = f.figure()
	}
	for _, key := range keys {
		o := *held[key]
		known := o.Count.Known() || o.Value.Known()
		own := o.Publisher() == stat.Council
		sooner := best.Period.End.Before(o.Period.End) || best.Period.End == o.Period.End && !own
		if known && !r.masked(s, o) && (best.Period.IsZero() || sooner) && (own || s.local || s.main(o.Period)) {
			best = o
		}
	}
	return best, !best.Period.IsZero()
}

// masked reports whether who reads now is not told the figure: what an earlier
// report said of it is not said again.
func (r *reporting) masked(s *subject, was stat.Observation) bool {
	for _, o := range slices.Concat(r.f.history(s.m.Code, s.area.Code), s.own) {
		if o.Period == was.Period && o.Publisher() == was.Publisher() &&
			(o.Count.Mark == stat.Confidential || o.Value.Mark == stat.Confidential) {
			return true
		}
	}
	return false
}

// period reads a figure's period back.
func (f ReportFigure) period() (stat.Period, bool) {
	if d, ok := strings.CutPrefix(f.Label, "year ending "); ok { // 2011-12 alone may be a month
		p, err := stat.ParsePeriod(d)
		return stat.Period{End: p.End, Span: stat.Year}, err == nil
	}
	for _, text := range []string{f.Period, f.Label} {
		if p, err := stat.ParsePeriod(text); err == nil {
			return p, true
		}
	}
	return stat.Period{}, false
}

// figure is a report's figure as it was held.
func (f ReportFigure) figure() stat.Figure {
	out := stat.Figure{Text: f.Text, At: f.At, Derived: f.Derived,
		Origin: &stat.Origin{Publisher: f.Publisher, Released: stat.Release(f.Released), File: f.File}}
	if f.Number == nil {
		out.Mark = stat.Unavailable
		if m, ok := stat.ParseMark(f.Text); ok {
			out.Mark = m
		}
		return out
	}
	out.Number = *f.Number
	return out
}

// fewRestated is how many restated figures a list names singly.
const fewRestated = 5

// predecessor says what became of the last report: what moved since, what is
// noise, and where its text no longer holds; nil where there was none.
func (r *reporting) predecessor() *Predecessor {
	if r.before == nil {
		return nil
	}
	out := &Predecessor{Number: r.before.Number, Dated: r.before.Dated, AsOf: r.before.AsOf, Moved: []string{}, Noise: []string{}, Stale: []Flag{}}
	since, err := stat.ParseDate(r.before.AsOf)
	if err != nil {
		return out
	}
	var moved []reportMove
	for _, code := range r.headlines() {
		m, ok := r.moveSince(r.subject(code), since)
		switch {
		case ok && m.beyond:
			moved = append(moved, m)
		case ok:
			out.Noise = append(out.Noise, m.words)
		}
	}
	slices.SortStableFunc(moved, func(a, b reportMove) int { return cmp.Compare(b.size, a.size) })
	for _, m := range moved {
		out.Moved = append(out.Moved, m.words)
	}
	out.Moved = append(out.Moved, r.restated()...)
	facts := r.facts()
	for _, sec := range r.before.Sections {
		for _, c := range sec.Comments {
			out.Stale = append(out.Stale, ClaimCheck(c.Text, facts)...)
		}
	}
	return out
}

// reportMove is what became of a measure since the last report.
type reportMove struct {
	words  string
	beyond bool
	size   float64 // per cent
}

// moveSince sets the newest figure beside the one the last report led with: by
// the control chart where the measure has one, or else by the interval of the
// change; false where there is nothing to set beside.
func (r *reporting) moveSince(s *subject, since stat.Date) (reportMove, bool) {
	now, _ := s.reportLatest()
	before, ok := r.beforeFigure(s)
	if !ok || !s.comparableTo(before, now) {
		return reportMove{}, false
	}
	c := s.changed(before, now)
	if !before.Period.End.Before(now.Period.End) {
		return reportMove{words: fmt.Sprintf("%s: no figure newer than that of %s.", s.m.Name, bare(before.Period))}, true
	}
	out := reportMove{beyond: c.beyond, words: fmt.Sprintf("%s: %s %s, %s.", s.m.Name, s.changeEnd(c, now), benchmark.When(now.Period), s.changeWords(c, now))}
	if c.percent != nil {
		out.size = abs(*c.percent)
	}
	if part, m := s.move(since, &credit{}); s.m.Control && m.Interval == nil && part != "" && strings.Contains(m.Chance, "control chart") {
		out.words, out.beyond = m.Sentence, m.Beyond
	}
	return out, true
}

// headlines are the measures that the report leads with and is held of, in
// order: those of its headline and change sections, or else all.
func (r *reporting) headlines() []string {
	var out []string
	for _, sec := range r.def.Sections {
		if sec.Kind != SectionHeadline && sec.Kind != SectionChange {
			continue
		}
		for _, code := range sec.all() {
			if r.held(code) && !slices.Contains(out, code) {
				out = append(out, code)
			}
		}
	}
	if len(out) == 0 {
		return slices.Clone(r.used)
	}
	return out
}

// restated says which of the area's figures in the last report are known
// otherwise now.
func (r *reporting) restated() []string {
	var of []ReportFigure
	for _, f := range r.before.Figures {
		if f.Area == r.view.Area.Code && f.Breakdown == "" && f.Part != stat.PartDenominator && slices.Contains(r.headlines(), f.Measure) {
			of = append(of, f)
		}
	}
	now := map[reportKey]ReportFigure{}
	for _, code := range r.headlines() {
		s := r.subject(code)
		for _, o := range slices.Concat(r.f.history(code, s.area.Code), s.own) {
			for _, x := range reportFigures(r.f, o) {
				now[x.key()] = x
			}
		}
	}
	revisions := r.b.revised(of, now)
	var out []string
	for _, rev := range revisions[:min(len(revisions), fewRestated)] {
		what := string(rev.Part)
		if m, err := r.b.cat.Measure(rev.Measure); err == nil && rev.Part == stat.PartValue {
			what = map[stat.Unit]string{stat.RateOf: "rate", stat.Percent: "percentage"}[m.Unit]
			if what == "" {
				what = "figure"
			}
		}
		out = append(out, fmt.Sprintf("%s: that report gave the %s for %s as %s; it is now %s.", rev.Name, what, strings.TrimPrefix(rev.Label, "year ending "), rev.Text, nowWords(rev.Now)))
	}
	if n := len(revisions) - fewRestated; n > 0 {
		out = append(out, benchmark.UpperFirst(plural(n, "more figure"))+" of that report have been restated since.")
	}
	return out
}

func nowWords(now string) string {
	if now == "withdrawn" {
		return "no longer held"
	}
	return now
}
