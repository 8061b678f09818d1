package dashboard

import (
	"fmt"
	"slices"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// side is one measure in several areas.
type side struct {
	m        stat.Measure
	subjects []*subject // in the order of the areas
	periods  []stat.Period
	at       stat.Period // the latest of which most of them have a figure
}

// side is nil where none of the areas has a figure in the selected years.
func (f *figures) side(m stat.Measure, areas []stat.Area, sel Selection) *side {
	g := &side{m: m}
	for _, a := range areas {
		g.subjects = append(g.subjects, f.subject(m, a, sel))
	}
	g.window()
	if g.at.IsZero() {
		f.remark(fmt.Sprintf("No figures are held of %s in %s for these years.", benchmark.LowerFirst(m.Name), listed(names(areas))))
		return nil
	}
	return g
}

// window keeps the periods from the first to the last with a figure of any of
// the areas, and finds the one to compare them at.
func (g *side) window() {
	first := g.subjects[0]
	most := 0
	periods := first.periods
	if first.local {
		periods = ownPeriods(g.subjects)
	}
	for _, p := range periods {
		if !first.within(p) {
			continue
		}
		given, known := 0, 0
		for _, s := range g.subjects {
			fig := s.shown(s.heldAt(p))
			given, known = given+one(fig.Given()), known+one(fig.Known())
		}
		if given > 0 || len(g.periods) > 0 {
			g.periods = append(g.periods, p)
		}
		if known > 0 && known >= most {
			most, g.at = known, p
		}
	}
	for n := len(g.periods); n > 0 && !slices.ContainsFunc(g.subjects, func(s *subject) bool { return s.shown(s.heldAt(g.periods[n-1])).Given() }); n-- {
		g.periods = g.periods[:n-1]
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// heldAt is the area's figure of a period: the council's own of a measure that
// nobody else has, what was published of any other.
func (s *subject) heldAt(p stat.Period) stat.Observation {
	if !s.local {
		return s.observation(s.area.Code, p)
	}
	for _, o := range s.own {
		if o.Period == p {
			return o
		}
	}
	return stat.Observation{}
}

func ownPeriods(subjects []*subject) []stat.Period {
	var out []stat.Period
	for _, s := range subjects {
		for _, o := range s.own {
			out = append(out, o.Period)
		}
	}
	slices.SortFunc(out, stat.Period.Compare)
	out = slices.Compact(out)
	return fill(out, closest(out))
}

// panel draws a line for each area.
func (g *side) panel() *Panel {
	first, credit := g.subjects[0], &credit{}
	p := &Panel{Kind: Trend, ID: g.m.Code + "-areas", Measure: g.m, Code: g.m.Code, Unit: first.unitWords()}
	t := &TrendPanel{Decimals: first.decimals()}
	for i, s := range g.subjects {
		l := Line{Name: s.area.Name, Role: roles[i], Code: s.area.Code}
		for _, period := range g.periods {
			l.Points = append(l.Points, s.point(period, s.shown(s.heldAt(period)), credit))
		}
		if hasNumber(l) {
			t.Lines = append(t.Lines, l)
		}
	}
	p.Trend, p.Table = t, trendTable(g.m, t)
	ranked := g.ranked()
	p.Title, p.Sentence = g.title(ranked), g.sentence(ranked, t)
	p.Subtitle = fmt.Sprintf("%s, %s, %s", g.m.Name, p.Unit, first.time(t))
	p.Warnings = g.warnings(t)
	p.Source = credit.words()
	return p
}

// warnings are the doubts about the lines drawn.
func (g *side) warnings(t *TrendPanel) []string {
	var out []string
	first := g.subjects[0]
	if first.local {
		out = append(out, localWarning)
	}
	if first.counting() {
		out = append(out, "Numbers depend on the size of an area: they do not say who does better.")
	}
	for _, s := range g.subjects {
		if !slices.ContainsFunc(t.Lines, func(l Line) bool { return l.Code == s.area.Code }) {
			out = append(out, fmt.Sprintf("%s has no figure of this measure for these years.", benchmark.UpperFirst(benchmark.PlaceName(s.area.Name))))
		} else if s.area.Level == stat.Authority && !s.area.ExistedAt(g.at.End) {
			out = append(out, fmt.Sprintf("%s did not exist %s.", benchmark.UpperFirst(benchmark.PlaceName(s.area.Name)), benchmark.When(g.at)))
		}
	}
	return out
}

// rows are what a table says of the measure: the figure of each area with all
// that belongs to it. What no area has gets no row.
func (g *side) rows(t *TablePanel, cr *credit) {
	add := func(head string, cell func(s *subject, o stat.Observation) entry) {
		row := texts(g.m.Name + ": " + head)
		some := false
		for _, s := range g.subjects {
			e := cell(s, s.heldAt(g.at))
			some = some || e.text != ""
			row = append(row, e)
		}
		if some {
			t.add(row)
		}
	}
	label := g.at.Label()
	for _, s := range g.subjects {
		s.creditAll(cr, s.heldAt(g.at))
	}
	add(benchmark.LowerFirst(valueHeading(g.m))+", "+label, func(_ *subject, o stat.Observation) entry { return cell(o.Value, g.m.Decimals) })
	if g.m.Unit != stat.Number {
		add("number", func(_ *subject, o stat.Observation) entry { return cell(o.Count, 0) })
	}
	add("95% interval", func(s *subject, o stat.Observation) entry { return text(s.intervalCell(o)) })
	add("change on a year before", (*subject).changeCell)
	if benchmark.Comparable(g.m) && !g.subjects[0].local {
		add("rank of authorities, 1 the highest", (*subject).rankAt)
	}
}

// changeCell is the change of the shown value from the period a year before.
func (s *subject) changeCell(o stat.Observation) entry {
	before := s.heldAt(yearEarlier(o.Period))
	d := s.m.Decimals
	if !o.Value.Known() || !before.Value.Known() {
		return entry{}
	}
	x := stat.RoundHalfUp(stat.RoundHalfUp(o.Value.Number, d)-stat.RoundHalfUp(before.Value.Number, d), d)
	return entry{stat.FormatChange(x, d), &x}
}

// rankAt is an authority's rank among all of them.
func (s *subject) rankAt(o stat.Observation) entry {
	if s.area.Level != stat.Authority || !o.Value.Known() {
		return entry{}
	}
	return text(rankCell(s.compare(o.Period).Rank))
}
