package dashboard

import (
	"fmt"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// flag holds the commentary against the report's figures, and says at last
// where those come from.
func (r *reporting) flag() {
	facts := r.facts()
	for _, o := range r.rest() {
		r.f.drafts.note(o.Value, o.Count, o.Denominator)
	}
	r.out.Unpublished = r.f.drafts.numbers()
	for i := range r.out.Sections {
		sec := &r.out.Sections[i]
		for j := range sec.Comments {
			c := &sec.Comments[j]
			c.Flags = append(c.Flags, ClaimCheck(c.Text, facts)...)
		}
		if w := r.sources(); sec.Kind == SectionDefinitions && w != "" {
			sec.Paragraphs = append(sec.Paragraphs, w)
		}
		if sec.Kind == SectionQuality && r.sampled() {
			sec.Paragraphs, sec.Empty = append(sec.Paragraphs, SampleWarning), ""
		}
		if w := r.f.drafts.warning(); sec.Kind == SectionQuality && w != "" {
			sec.Paragraphs, sec.Empty = append(sec.Paragraphs, w), ""
		}
	}
}

// sampled reports whether sample figures are among the report's.
func (r *reporting) sampled() bool {
	for _, o := range r.rest() {
		for _, part := range stat.Parts {
			if f := o.Part(part); f.Known() && f.Origin != nil && f.Origin.Sample {
				return true
			}
		}
	}
	return false
}

// facts are what may be claimed of the report's measures.
func (r *reporting) facts() []ClaimFact {
	numbers := map[string][]float64{}
	for _, o := range r.rest() {
		for _, part := range []stat.Part{stat.PartCount, stat.PartValue} {
			if f := o.Part(part); f.Known() {
				numbers[o.Measure] = append(numbers[o.Measure], f.Number)
			}
		}
	}
	var out []ClaimFact
	for _, code := range r.used {
		s := r.subject(code)
		now, _ := s.reportLatest()
		f := ClaimFact{Place: s.area.Name, Name: s.m.Name, Names: claimNames(s.m), Good: s.m.Polarity, Numbers: numbers[code]}
		if now.Period.IsZero() {
			continue
		}
		f.Latest = s.saying(now) + " " + benchmark.When(now.Period)
		for _, over := range []string{ClaimYear, ClaimSince, ClaimFive} {
			if c, ok := r.claimed(s, now, over); ok {
				f.Changes = append(f.Changes, s.claimChange(c, over))
				f.Numbers = append(f.Numbers, c.by)
			}
		}
		if c := s.headline(); c != nil {
			for _, x := range []*float64{c.Neighbours.Mean, c.Neighbours.Median, c.Region.Value, c.England.Value} {
				if x != nil {
					f.Numbers = append(f.Numbers, *x)
				}
			}
		}
		out = append(out, f)
	}
	return out
}

// claimed is the change over a time, false where it is not known.
func (r *reporting) claimed(s *subject, now stat.Observation, over string) (reportChange, bool) {
	switch over {
	case ClaimYear:
		return s.ago(now, 1)
	case ClaimFive:
		return s.ago(now, 5)
	}
	from, ok := r.beforeFigure(s)
	if !ok || !from.Period.End.Before(now.Period.End) || !s.comparableTo(from, now) {
		return reportChange{}, false
	}
	return s.changed(from, now), true
}

// claimChange is a change as a text is held against it.
func (s *subject) claimChange(c reportChange, over string) ClaimChange {
	out := ClaimChange{Over: over, By: stat.RoundHalfUp(c.by, s.changeDecimals(c)), Percent: c.percent, Beyond: c.beyond}
	verb := map[int]string{1: "rose", -1: "fell"}[s.changeWay(c)]
	ends := fmt.Sprintf("(%s to %s)", s.changeEnd(c, c.from), s.changeEnd(c, c.to))
	if now, _ := s.reportLatest(); now.Period != c.to.Period {
		ends = fmt.Sprintf("(%s %s to %s %s)", s.changeEnd(c, c.from), benchmark.When(c.from.Period), s.changeEnd(c, c.to), benchmark.When(c.to.Period))
	}
	switch {
	case verb == "":
		out.Words = "did not change " + ends
	case c.percent != nil && s.m.Unit != stat.Percent:
		out.Words = fmt.Sprintf("%s by %s%% %s", verb, stat.Format(abs(*c.percent), 1), ends)
	default:
		out.Words = fmt.Sprintf("%s %s", verb, ends)
	}
	return out
}
