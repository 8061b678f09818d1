package dashboard

import (
	"fmt"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// nearTrendPanel draws the area over its neighbours, a line each.
func (s *subject) nearTrendPanel(p *Panel, cr *credit) bool {
	if s.local || s.counting() || s.with.none() {
		return false
	}
	from, to := s.window()
	t := &TrendPanel{Decimals: s.decimals()}
	if line := s.areaLine(from, to, cr); hasNumber(line) {
		t.Lines = append(t.Lines, line)
	}
	for _, a := range s.with.areas {
		l := Line{Name: a.Name, Role: RoleNeighbour, Code: a.Code}
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
	p.Title = fit(fmt.Sprintf("%s: %s and each %s", s.m.Name, benchmark.PlaceName(s.area.Name), s.with.noun()), s.m.Name+": each "+s.with.noun(), s.m.Name)
	p.Subtitle = fmt.Sprintf("%s, %s, %s; %s in grey, %s", s.m.Name, p.Unit, s.placeAndTime(t), s.with.who(), s.with.source())
	p.Sentence = s.nearSentence(t)
	return true
}

// nearSentence says how the area moved, and how many of its neighbours moved
// which way over the same time.
func (s *subject) nearSentence(t *TrendPanel) string {
	if t.Lines[0].Role != RoleArea {
		return fmt.Sprintf("%s; those of %s are drawn.", strings.TrimSuffix(s.nothing(), "."), s.with.its())
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
		out += fmt.Sprintf(" Of the %s with a figure at both ends, %d rose, %d fell and %d stayed the same.", plural(n, s.with.noun()), rose, fell, same)
	}
	return out
}

// nearTablePanel lists the area and its neighbours at the headline's period,
// closest first.
func (s *subject) nearTablePanel(p *Panel, cr *credit) bool {
	c := s.headline()
	if c == nil || s.local || s.with.none() {
		return false
	}
	period := s.periods[s.at]
	columns, sorts := s.valueColumns()
	t := &TablePanel{
		Caption: fmt.Sprintf("%s, %s and %s, %s", s.m.Name, s.area.Name, s.with.listed(), period.Label()),
		Columns: append([]string{"Area", "Position", "Closeness"}, columns...),
		Sort:    append([]string{SortText, SortNumber, ""}, sorts...), // closeness goes by position
	}
	compared := benchmark.Comparable(s.m)
	if compared {
		t.Columns, t.Sort = append(t.Columns, "Difference from "+benchmark.PlaceName(s.area.Name)), append(t.Sort, SortNumber)
	}
	for i, a := range append([]stat.Area{s.area}, s.with.at(period)...) {
		o := s.observation(a.Code, period)
		row := append([]entry{text(a.Name), {}, {}}, s.cellsOf(o)...)
		if n := i - 1; i > 0 && n < len(s.with.links) {
			row[1], row[2] = whole(s.with.links[n].Position), text(s.with.links[n].Closeness)
		}
		if compared {
			row = append(row, s.difference(o, c, i > 0))
		}
		t.add(row)
		t.Keys = append(t.Keys, a.Code)
		s.creditAll(cr, o)
	}
	s.averaged(cr, period, c.Neighbours)
	t.drop("Position")
	t.drop("Closeness")
	t.Notes = notes(t)
	p.Table = t
	p.Title = s.nearTitle()
	p.Subtitle = fmt.Sprintf("%s, %s, %s, %s", s.m.Name, s.m.Unit.Words(), period.Label(), s.with.source())
	p.Sentence = s.nearTableSentence(c, period)
	p.Warnings = c.Warnings
	return true
}

// difference is a neighbour's value less the area's, as both are shown.
func (s *subject) difference(o stat.Observation, c *benchmark.Comparison, other bool) entry {
	if !other || !o.Value.Known() || c.Value == nil {
		return entry{}
	}
	d := s.m.Decimals
	x := stat.RoundHalfUp(stat.RoundHalfUp(o.Value.Number, d)-stat.RoundHalfUp(*c.Value, d), d)
	if words := stat.FormatChange(x, d); words != "no change" {
		return entry{words, &x}
	}
	return numeral(&x, d)
}

func (s *subject) nearTitle() string {
	if s.with.group != "" {
		return fit(fmt.Sprintf("%s: %s", s.m.Name, s.with.who()), s.m.Name)
	}
	return fit(fmt.Sprintf("%s: the neighbours of %s", s.m.Name, benchmark.PlaceName(s.area.Name)), s.m.Name+": the neighbours", s.m.Name)
}

func (s *subject) nearTableSentence(c *benchmark.Comparison, period stat.Period) string {
	n := c.Neighbours
	all := s.with.count(len(n.Members))
	if s.with.group == "" {
		all += " in the " + s.with.source()
	}
	if n.Mean == nil {
		if !benchmark.Comparable(s.m) {
			return fmt.Sprintf("The numbers of %s and the %s %s; they depend on the size of an area.", benchmark.PlaceName(s.area.Name), all, benchmark.When(period))
		}
		return fmt.Sprintf("None of the %s has a figure %s.", all, benchmark.When(period))
	}
	who := fmt.Sprintf("%d of the %s have", n.N, all)
	switch {
	case len(n.Members) == 1:
		who = fmt.Sprintf("The %s has", strings.TrimPrefix(all, "1 "))
	case n.N == 1:
		who = fmt.Sprintf("1 of the %s has", all)
	case n.N == len(n.Members):
		who = fmt.Sprintf("All %s have", all)
	}
	return fmt.Sprintf("%s a figure %s: their mean is %s and their median %s.", who, benchmark.When(period), benchmark.Quantity(s.m, *n.Mean, 1), benchmark.Quantity(s.m, *n.Median, 1))
}
