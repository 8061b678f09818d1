package dashboard

import (
	"fmt"
	"slices"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// nearTrendPanel draws the area over its neighbours, a line each.
func (s *subject) nearTrendPanel(p *Panel, cr *credit) bool {
	if s.local || s.counting() || len(s.in.Neighbours) == 0 {
		return false
	}
	from, to := s.window()
	t := &TrendPanel{Decimals: s.decimals()}
	if line := s.areaLine(from, to, cr); hasNumber(line) {
		t.Lines = append(t.Lines, line)
	}
	for _, a := range s.in.Neighbours {
		l := Line{Name: a.Name, Role: RoleNeighbour}
		for _, period := range s.periods[from:to] {
			l.Points = append(l.Points, s.point(period, s.observation(a.Code, period).Value, cr))
		}
		if hasNumber(l) {
			t.Lines = append(t.Lines, l)
		}
	}
	if len(t.Lines) == 0 {
		return false
	}
	p.Trend, p.Table = t, trendTable(s.m, t)
	p.Unit = s.unitWords()
	p.Title = fit(fmt.Sprintf("%s: %s and each neighbour", s.m.Name, s.area.Name), s.m.Name+": each neighbour", s.m.Name)
	p.Subtitle = fmt.Sprintf("%s, %s, %s; its neighbours in grey, %s model", s.m.Name, p.Unit, s.placeAndTime(t), s.sel.Neighbours)
	p.Sentence = s.nearSentence(t)
	return true
}

// nearSentence says how the area moved, and how many of its neighbours moved
// which way over the same time.
func (s *subject) nearSentence(t *TrendPanel) string {
	if t.Lines[0].Role != RoleArea {
		return fmt.Sprintf("No figures are held of %s in %s for these years; its neighbours' are drawn.", benchmark.LowerFirst(s.m.Name), s.area.Name)
	}
	first, last := ends(t.Lines[0])
	out := s.trendSentence(t)
	rose, fell, same := 0, 0, 0
	for _, l := range t.Lines[1:] {
		a, b := ends(l)
		if a.Period != first.Period || b.Period != last.Period || a.Period == b.Period {
			continue
		}
		switch x, y := stat.RoundHalfUp(*a.Number, s.decimals()), stat.RoundHalfUp(*b.Number, s.decimals()); {
		case y > x:
			rose++
		case y < x:
			fell++
		default:
			same++
		}
	}
	if n := rose + fell + same; n > 0 {
		out += fmt.Sprintf(" Of the %s with a figure at both ends, %d rose, %d fell and %d stayed the same.", plural(n, "neighbour"), rose, fell, same)
	}
	return out
}

// nearTablePanel lists the area and its neighbours at the headline's period,
// closest first.
func (s *subject) nearTablePanel(p *Panel, cr *credit) bool {
	c := s.headline()
	if c == nil || s.local || len(s.in.Neighbours) == 0 {
		return false
	}
	period := s.periods[s.at]
	columns, sorts := s.valueColumns()
	t := &TablePanel{
		Caption: fmt.Sprintf("%s, %s and its statistical neighbours, closest first, %s", s.m.Name, s.area.Name, period.Label()),
		Columns: append([]string{"Area", "Position", "Closeness"}, columns...),
		Sort:    append([]string{SortText, SortNumber, SortText}, sorts...),
	}
	compared := benchmark.Comparable(s.m)
	if compared {
		t.Columns, t.Sort = append(t.Columns, "Difference from "+s.area.Name), append(t.Sort, SortNumber)
	}
	links := s.f.near(s.sel.Neighbours, s.area.Code)
	for i, a := range append([]stat.Area{s.area}, s.in.Neighbours...) {
		o := s.observation(a.Code, period)
		position, closeness := "", ""
		if i > 0 {
			position, closeness = fmt.Sprint(links[i-1].Position), links[i-1].Closeness
		}
		row := append([]string{a.Name, position, closeness}, s.cellsOf(o)...)
		if compared {
			row = append(row, s.difference(o, c, i > 0))
		}
		t.Rows, t.Keys = append(t.Rows, row), append(t.Keys, a.Code)
		s.creditAll(cr, o)
	}
	cr.neighbours(c.Neighbours)
	t.dropEmpty("Closeness")
	t.Notes = notes(t)
	p.Table = t
	p.Title = fit(fmt.Sprintf("%s: the neighbours of %s", s.m.Name, s.area.Name), s.m.Name+": the neighbours", s.m.Name)
	p.Subtitle = fmt.Sprintf("%s, %s, %s, %s model", s.m.Name, s.m.Unit.Words(), period.Label(), s.sel.Neighbours)
	p.Sentence = s.nearTableSentence(c, period)
	p.Warnings = c.Warnings
	return true
}

// difference is a neighbour's value less the area's, as both are shown.
func (s *subject) difference(o stat.Observation, c *benchmark.Comparison, other bool) string {
	if !other || !o.Value.Known() || c.Value == nil {
		return ""
	}
	d := s.m.Decimals
	if x := stat.FormatChange(stat.RoundHalfUp(o.Value.Number, d)-stat.RoundHalfUp(*c.Value, d), d); x != "no change" {
		return x
	}
	return stat.Format(0, d)
}

func (s *subject) nearTableSentence(c *benchmark.Comparison, period stat.Period) string {
	n := c.Neighbours
	if n.Mean == nil {
		if !benchmark.Comparable(s.m) {
			return fmt.Sprintf("The numbers of %s and its %d neighbours %s; they depend on the size of an area.", s.area.Name, len(n.Members), benchmark.When(period))
		}
		return fmt.Sprintf("None of the %d neighbours has a figure %s.", len(n.Members), benchmark.When(period))
	}
	who := fmt.Sprintf("%d of the %d neighbours in the %s model have", n.N, len(n.Members), n.Model)
	switch {
	case n.N == 1:
		who = fmt.Sprintf("1 of the %d neighbours in the %s model has", len(n.Members), n.Model)
	case n.N == len(n.Members):
		who = fmt.Sprintf("All %d neighbours in the %s model have", n.N, n.Model)
	}
	return fmt.Sprintf("%s a figure %s: their mean is %s and their median %s.", who, benchmark.When(period), benchmark.Quantity(s.m, *n.Mean, 1), benchmark.Quantity(s.m, *n.Median, 1))
}

// dropEmpty takes out a column nobody has anything in.
func (t *TablePanel) dropEmpty(heading string) {
	i := slices.Index(t.Columns, heading)
	if i < 0 || slices.ContainsFunc(t.Rows, func(row []string) bool { return row[i] != "" }) {
		return
	}
	t.Columns, t.Sort = slices.Delete(t.Columns, i, i+1), slices.Delete(t.Sort, i, i+1)
	for j := range t.Rows {
		t.Rows[j] = slices.Delete(t.Rows[j], i, i+1)
	}
}
