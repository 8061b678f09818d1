package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// neighbours sets each measure beside those the report compares with, its
// region and England, at the latest period that others have figures of.
func (r *reporting) neighbours(sec *reportSection, out *ReportSection) {
	t := &TablePanel{Mark: -1, Caption: r.view.Area.Name + " beside others", Columns: []string{
		"Measure", "Of", r.view.Area.Name, "Neighbours' mean", "With a figure", "Region", "England", "Rank",
	}}
	cr := &credit{}
	var alone []stat.Measure
	for _, code := range sec.all() {
		s := r.subject(code)
		c := s.reportCompared()
		if c == nil {
			if r.held(code) || slices.Contains(sec.Measures, code) {
				alone = append(alone, s.m)
			}
			continue
		}
		r.use(code)
		if len(t.Rows) == 0 {
			out.Paragraphs = append(out.Paragraphs, r.whomWords(s, out))
			t.Columns[3] = s.with.possessive() + " mean"
		}
		out.Paragraphs = append(out.Paragraphs, s.besideWords(c))
		t.add(s.besideRow(c))
		s.creditAll(cr, s.current())
		s.averaged(cr, s.current().Period, c.Neighbours)
		r.doubt(s.m, c.Warnings...)
		for _, kind := range sec.Panels {
			r.add(s, out, s.panel(kind))
		}
	}
	if w := r.alone(alone); w != "" {
		out.Paragraphs = append(out.Paragraphs, w)
	}
	if len(t.Rows) > 0 {
		t.drop("Region")
		t.Notes = notes(t)
		out.Panels = append([]Panel{{Kind: Table, ID: "report-neighbours", Title: r.view.Area.Name + " beside others",
			Subtitle: "Compared with " + r.model(), Sentence: "Each row is of the latest period that others have figures of.", Source: cr.words(), Table: t}}, out.Panels...)
	}
}

// reportCompared is the comparison of the headline's period, nil where nobody
// can be compared with.
func (s *subject) reportCompared() *benchmark.Comparison {
	c := s.headline()
	if c == nil || s.local || !benchmark.Comparable(s.m) || c.Value == nil {
		return nil
	}
	if c.Neighbours.N == 0 && c.Region.Value == nil && c.England.Value == nil {
		return nil
	}
	return c
}

// whomWords name those compared with, the model and the method.
func (r *reporting) whomWords(s *subject, out *ReportSection) string {
	if s.with.none() {
		return s.with.absence(s.area)
	}
	var names []string
	for _, a := range s.with.areas {
		names = append(names, a.Name)
	}
	who := benchmark.UpperFirst(s.with.its())
	if s.with.group == "" {
		who = fmt.Sprintf("The statistical neighbours of %s are the %d of the %s model, closest first", s.area.Name, len(names), s.with.choice)
		if made, err := year(s.with.choice); err == nil && r.asOf.Year < made {
			w := fmt.Sprintf("The %s model of statistical neighbours was made after %s.", s.with.choice, r.asOf.Long())
			out.Notes = append(out.Notes, w)
			r.remark(w)
		}
	}
	return fmt.Sprintf("%s: %s. Their mean is unweighted.", who, listed(names))
}

// besideWords are the comparison as a paragraph.
func (s *subject) besideWords(c *benchmark.Comparison) string {
	period := s.periods[s.at]
	parts := []string{fmt.Sprintf("%s: %s %s", s.m.Name, benchmark.Quantity(s.m, *c.Value, s.m.Decimals), benchmark.When(period))}
	if against := c.AgainstWords(s.m); against != "" {
		parts[0] += ", " + against
		if n := c.Neighbours; n.N < len(n.Members) {
			parts[0] += fmt.Sprintf(" (%d of %d with a figure)", n.N, len(n.Members))
		}
		if v := c.VerdictWords(); v != "" && c.Verdict.Neighbours != benchmark.NotCompared {
			parts[0] += "; that is " + v
		}
	}
	parts[0] += "."
	if w := s.placesWords(c); w != "" {
		parts = append(parts, w)
	}
	for _, x := range c.Sentences {
		for _, opening := range []string{"It was ", "To match ", "For this measure "} {
			if strings.HasPrefix(x, opening) {
				parts = append(parts, x)
			}
		}
	}
	return strings.Join(parts, " ")
}

// placesWords are the region's and England's figures.
func (s *subject) placesWords(c *benchmark.Comparison) string {
	out := ""
	for _, p := range []benchmark.Place{c.Region, c.England} {
		switch {
		case p.Value == nil:
		case out == "":
			out = fmt.Sprintf("The figure for %s was %s", p.Name, benchmark.Quantity(s.m, *p.Value, s.m.Decimals))
		default:
			out += fmt.Sprintf(", and for %s %s", p.Name, benchmark.Quantity(s.m, *p.Value, s.m.Decimals))
		}
	}
	if out == "" {
		return ""
	}
	return out + "."
}

func (s *subject) besideRow(c *benchmark.Comparison) []entry {
	d := s.m.Decimals
	return []entry{
		text(s.m.Name + ", " + s.m.Unit.Words()), text(s.periods[s.at].Label()), numeral(c.Value, d), numeral(c.Neighbours.Mean, 1),
		text(fmt.Sprintf("%d of %d", c.Neighbours.N, len(c.Neighbours.Members))),
		numeral(c.Region.Value, d), numeral(c.England.Value, d), text(rankCell(c.Rank)),
	}
}

// alone says of which measures nobody else has figures.
func (r *reporting) alone(ms []stat.Measure) string {
	var names []string
	for _, m := range ms {
		names = append(names, benchmark.LowerFirst(m.Name))
	}
	switch {
	case len(names) == 0:
		return ""
	case r.today:
		return fmt.Sprintf("No figures of neighbours, region or England are held of %s, so nothing is compared.", orList(names))
	}
	return fmt.Sprintf("No figures of neighbours, region or England known %s are held of %s, so nothing is compared.", r.by(), orList(names))
}

// orList joins names: "a, b or c".
func orList(names []string) string {
	n := len(names) - 1
	if n < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:n], ", ") + " or " + names[n]
}
