package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// reportPlace is where a report's commentary is kept.
func reportPlace(name string) string { return "report/" + name }

// headline says where each measure stands: the newest figure, whose it is, and
// beside the council's own the last published one.
func (r *reporting) headline(sec *reportSection, out *ReportSection) {
	subjects, missing := r.shown(sec)
	var now []reportRate
	for _, s := range subjects {
		o, own := s.reportLatest()
		out.Paragraphs = append(out.Paragraphs, s.headlineParagraph(o, own))
		now = append(now, reportRate{s, o})
		r.doubtFigure(s, o)
	}
	if w := r.lacking(missing); w != "" {
		out.Paragraphs = append(out.Paragraphs, w)
	}
	for _, w := range append(r.late(now), r.rates(now)...) {
		out.Notes = append(out.Notes, w)
		r.remark(w)
	}
}

func (s *subject) headlineParagraph(o stat.Observation, own bool) string {
	text := fmt.Sprintf("%s: %s %s, %s.", asOf(o.Period), benchmark.LowerFirst(s.m.Name), s.saying(o), whose(o))
	if !own || s.local {
		return text
	}
	for _, p := range slices.Backward(s.periods) {
		if x := s.observation(s.area.Code, p); x.Count.Known() || x.Value.Known() {
			return text + fmt.Sprintf(" The latest published figure was %s %s (%s).", s.saying(x), benchmark.When(p), strings.TrimPrefix(whose(x), "published by "))
		}
	}
	return text
}

// doubtFigure keeps the doubts about one figure: a population that stands in
// for a later one, council and publisher at odds, figures that are overdue.
func (r *reporting) doubtFigure(s *subject, o stat.Observation) {
	if year := r.f.provisional(o); year > 0 {
		r.doubt(s.m, provisionalWarning(benchmark.When(o.Period), year))
	}
	for _, own := range s.own {
		if published := s.observation(s.area.Code, own.Period); !s.local && own.Period == o.Period && published.Publisher() != "" {
			r.doubt(s.m, benchmark.Difference(s.m, own, published))
		}
	}
	if f := s.freshness(); f != nil && f.Overdue {
		r.doubt(s.m, f.Own+".")
	}
	if f := s.freshness(); f != nil && f.Old {
		r.doubt(s.m, f.Published+".")
	}
}

// late says which of the council's own figures were loaded after the day they
// count as known by.
func (r *reporting) late(now []reportRate) []string {
	var names []string
	var when []stat.Release
	for _, x := range now {
		from := reportOrigin(x.o)
		if from.Publisher != stat.Council || r.today || from.Released.By(r.asOf) {
			continue
		}
		names = append(names, benchmark.LowerFirst(x.s.m.Name))
		if !slices.Contains(when, from.Released) {
			when = append(when, from.Released)
		}
	}
	if len(names) == 0 {
		return nil
	}
	var days []string
	for _, rel := range when {
		days = append(days, rel.Long())
	}
	return []string{fmt.Sprintf("The council's own figures of %s were loaded into Bellwether after %s (%s); they are given as they were first loaded.", listed(names), r.asOf.Long(), listed(days))}
}

// charts are the panels of each measure; a line of one point is none.
func (r *reporting) charts(sec *reportSection, out *ReportSection) {
	subjects, missing := r.shown(sec)
	kinds := sec.Panels
	if len(kinds) == 0 {
		kinds = []string{Trend}
	}
	var short []stat.Measure
	for _, s := range subjects {
		before := len(out.Panels)
		for _, kind := range kinds {
			if kind == Parted {
				r.parted[s.m.Code] = true
				r.add(s, out, s.breakdowns(sec.Dimension)...)
				continue
			}
			r.add(s, out, s.panel(kind))
		}
		if len(out.Panels) == before {
			short = append(short, s.m)
		}
	}
	if w := r.lacking(missing); w != "" {
		out.Notes = append(out.Notes, w)
	}
	if len(short) > 0 {
		out.Notes = append(out.Notes, r.undrawn(short, kinds))
	}
	out.emptied()
}

// emptied lets the only note of a section without panels say why.
func (sec *ReportSection) emptied() {
	if len(sec.Panels) == 0 && len(sec.Paragraphs) == 0 {
		sec.Empty, sec.Notes = strings.Join(sec.Notes, " "), nil
	}
}

// undrawn says of which measures nothing can be drawn.
func (r *reporting) undrawn(ms []stat.Measure, kinds []string) string {
	var names []string
	for _, m := range ms {
		names = append(names, benchmark.LowerFirst(m.Name))
	}
	known := "is held"
	if !r.today {
		known = "known " + r.by() + " is held"
	}
	if slices.Equal(kinds, []string{Parted}) {
		return fmt.Sprintf("No breakdown %s of %s.", known, listed(names))
	}
	return fmt.Sprintf("No series of two figures or more %s of %s, so there is nothing to draw.", known, listed(names))
}

// add puts panels into a section with their doubts.
func (r *reporting) add(s *subject, out *ReportSection, panels ...*Panel) {
	for _, p := range panels {
		if p == nil || p.Trend != nil && !drawable(p.Trend) {
			continue
		}
		p.Warnings = slices.DeleteFunc(slices.Clone(p.Warnings), func(w string) bool { return w == localWarning && !r.today })
		r.doubt(s.m, p.Warnings...)
		out.Panels = append(out.Panels, *p)
	}
}

// drawable reports whether any line has two points or more.
func drawable(t *TrendPanel) bool {
	return slices.ContainsFunc(t.Lines, func(l Line) bool {
		first, last := ends(l)
		return first.Number != nil && first.Period != last.Period
	})
}

// tables list every period of each measure.
func (r *reporting) tables(sec *reportSection, out *ReportSection) {
	subjects, missing := r.shown(sec)
	for _, s := range subjects {
		r.add(s, out, s.panel(Table))
	}
	if w := r.lacking(missing); w != "" {
		out.Notes = append(out.Notes, w)
	}
	out.emptied()
}

// scorecard is that of a dashboard, as it stood on the day.
func (r *reporting) scorecard(sec *reportSection, out *ReportSection) error {
	def, v := r.b.find(sec.Scorecard), *r.view
	v.Selection.Period = r.asOf.String()
	p, err := r.f.scorecard(def, &v)
	if err != nil {
		return err
	}
	held := false
	for _, row := range p.Scorecard.Rows {
		if row.Current.Period != "" {
			held = true
			r.use(row.Measure)
		}
	}
	if !held {
		out.Empty = "No figure of the scorecard's measures is held."
		if !r.today {
			out.Empty = fmt.Sprintf("No figure of the scorecard's measures known %s is held.", r.by())
		}
		return nil
	}
	for _, w := range p.Warnings {
		r.remark(benchmark.UpperFirst(w))
	}
	out.Panels = append(out.Panels, *p)
	return nil
}

// commentary is what officers wrote by the day of the report.
func (r *reporting) commentary(sec *reportSection, out *ReportSection) {
	for _, head := range sec.Commentary {
		c := ReportComment{Head: head}
		if found := r.comment(head); found != nil {
			c.Text, c.By, c.At = found.Text, found.By, stat.DateOf(found.At).Long()
			c.Flags = r.stale(found)
		}
		out.Comments = append(out.Comments, c)
	}
}

// comment is the latest below a heading, nil for none.
func (r *reporting) comment(head string) *stat.Comment {
	var found *stat.Comment
	for i, c := range r.f.said.Comments {
		ours := c.Place == reportPlace(r.def.Name) && stat.Fold(c.Head) == stat.Fold(head) && c.Area == r.view.Area.Code
		if ours && c.Text != "" && !r.dated.Before(c.Date) && (found == nil || found.Date.Before(c.Date)) {
			found = &r.f.said.Comments[i]
		}
	}
	return found
}

// stale points out what was written for an earlier report.
func (r *reporting) stale(c *stat.Comment) []Flag {
	if r.before == nil || c.Date.IsZero() {
		return nil
	}
	last, err := stat.ParseDate(r.before.Dated)
	if err != nil || last.Before(c.Date) {
		return nil
	}
	return []Flag{{Quote: c.Head, Why: fmt.Sprintf("This was written by %s, and the report of %s has been issued with what was said then: read it again, and keep, change or clear it.", c.Date.Long(), last.Long())}}
}

// definitions say what each measure of the report is; where its figures come
// from is added when all of them are known.
func (r *reporting) definitions(_ *reportSection, out *ReportSection) {
	out.Paragraphs = []string{
		fmt.Sprintf("Figures are as of %s: of periods that had ended by then, from what had been published or recorded by then. The report is dated %s.", r.asOf.Long(), r.dated.Long()),
		"A rate per 10,000 is of children aged 0 to 17, by the mid-year population estimate before the 31 March that ends the date's financial year. A mean of neighbours is unweighted: each of them counts the same, whatever its size. More than chance explains means that a 95% interval leaves out no difference.",
	}
	t := &TablePanel{Mark: -1, Caption: "Measures in this report", Columns: []string{"Measure", "What is counted", "Definition", "Source"}}
	for _, code := range r.used {
		m := r.subject(code).m
		counted := benchmark.UpperFirst(m.Numerator)
		if m.Denominator != "" && m.Unit != stat.Number {
			counted += fmt.Sprintf(" (%s; of %s)", m.Unit.Words(), m.Denominator)
		}
		definition := m.Definition
		for _, c := range m.Changed {
			if from, err := stat.ParseDate(c.From); err == nil {
				definition += fmt.Sprintf(" From %s: %s", from.Long(), c.What)
			}
		}
		t.add(texts(m.Name, counted, definition, m.Source))
	}
	if len(t.Rows) > 0 {
		out.Panels = []Panel{{Kind: Table, ID: "report-definitions", Title: "Measures in this report",
			Sentence: fmt.Sprintf("The report rests on %s.", plural(len(t.Rows), "measure")), Table: t}}
	}
}

// sources are the files the report's figures come from, a sentence.
func (r *reporting) sources() string {
	cr := &credit{}
	var files []string
	for _, x := range r.rest() {
		for _, part := range stat.Parts {
			f := *x.Part(part)
			cr.figure(f)
			if f.Origin != nil && f.Origin.File != "" && !slices.Contains(files, f.Origin.File) {
				files = append(files, f.Origin.File)
			}
		}
	}
	if len(files) == 0 {
		return ""
	}
	slices.Sort(files)
	return fmt.Sprintf("Sources: %s. Files: %s.", strings.TrimSuffix(cr.words(), "."), strings.Join(files, ", "))
}

// quality lists every doubt once.
func (r *reporting) quality(out *ReportSection) {
	for _, d := range r.doubts.words() {
		out.Paragraphs = append(out.Paragraphs, ended(benchmark.UpperFirst(d)))
	}
	out.Paragraphs = append(out.Paragraphs, r.remarks...)
	if len(out.Paragraphs) == 0 {
		out.Empty = "Nothing is known that would cast doubt on the figures of this report."
	}
}

func ended(s string) string {
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
