package dashboard

import (
	"fmt"
	"slices"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// ownTrend is the kind of the second trend a measure page has where the
// council's months cannot share the published axis.
const ownTrend = "own"

// panel makes a panel of a kind, nil where there is nothing to show in it.
func (s *subject) panel(kind string) *Panel {
	p := &Panel{Kind: kind, ID: s.m.Code + "-" + kind, Measure: s.m, Code: s.m.Code, Unit: s.m.Unit.Words()}
	credit := &credit{}
	made := false
	switch kind {
	case Headline:
		made = s.headlinePanel(p, credit)
	case Trend:
		made = s.trendPanel(p, credit)
	case ownTrend:
		p.Kind = Trend
		made = s.ownPanel(p, credit)
	case Bars:
		made = s.barsPanel(p, credit)
	case Control:
		made = s.controlPanel(p, credit)
	case Ahead:
		made = s.aheadPanel(p, credit)
	case Shares:
		made = s.sharesPanel(p, credit)
	case Monthly:
		made = s.monthlyPanel(p, credit)
	case Table:
		made = s.tablePanel(p, credit)
	case About:
		made = s.aboutPanel(p)
	case nearTrend:
		p.Kind = Trend
		made = s.nearTrendPanel(p, credit)
	case nearTable:
		p.Kind = Table
		made = s.nearTablePanel(p, credit)
	case everyone:
		p.Kind = Table
		made = s.everyonePanel(p, credit)
	}
	if !made {
		return nil
	}
	p.Source = credit.words()
	return p
}

// trendPanel draws the area, its neighbours' mean, region and England, and the
// council's own newer figures, over the selected years.
func (s *subject) trendPanel(p *Panel, cr *credit) bool {
	from, to := s.window()
	t := &TrendPanel{Decimals: s.decimals()}
	line := s.areaLine(from, to, cr)
	if hasNumber(line) {
		t.Lines = append(t.Lines, line)
	}
	if !s.counting() {
		s.against(t, from, to, cr)
	}
	own := s.ownLine(cr)
	if len(own.Points) > 0 {
		t.Lines = append(t.Lines, own)
	}
	if len(t.Lines) == 0 {
		s.f.remark(s.nothing())
		return false
	}
	p.Trend, p.Table = t, trendTable(s.m, t)
	s.join(t)
	p.Unit = s.unitWords()
	p.Title, p.Sentence = s.trendTitle(), s.trendSentence(t)
	p.Subtitle = fmt.Sprintf("%s, %s, %s", s.m.Name, p.Unit, s.placeAndTime(t))
	p.Warnings = s.trendWarnings(t, from, to)
	return true
}

// window is the range of periods in the selected years, without those at
// either end of which nothing would be drawn.
func (s *subject) window() (from, to int) {
	blank := func(i int) bool {
		o, c := s.observation(s.area.Code, s.periods[i]), s.comparedAt(i)
		nothing := !s.shown(o).Given()
		if !s.counting() {
			nothing = nothing && c.Neighbours.N == 0 && c.Region.Value == nil && c.England.Value == nil
		}
		return nothing || !s.within(s.periods[i])
	}
	if s.local {
		return 0, 0
	}
	to = len(s.periods)
	for from < to && blank(from) {
		from++
	}
	for to > from && blank(to-1) {
		to--
	}
	return from, to
}

func (s *subject) areaLine(from, to int, cr *credit) Line {
	l := Line{Name: s.area.Name, Role: RoleArea}
	for _, p := range s.periods[from:to] {
		l.Points = append(l.Points, s.point(p, s.shown(s.observation(s.area.Code, p)), cr))
	}
	return l
}

// against adds the comparators' lines and the neighbours' range.
func (s *subject) against(t *TrendPanel, from, to int, cr *credit) {
	mean := Line{Name: s.with.line(), Role: RoleNeighbours}
	for i, p := range s.periods[from:to] {
		n := s.comparedAt(from + i).Neighbours
		mean.Points = append(mean.Points, s.meanPoint(p, n))
		t.Band = append(t.Band, BandPoint{Period: p.End.String(), Low: n.Min, High: n.Max})
		s.averaged(cr, p, n)
	}
	if hasNumber(mean) {
		t.Lines = append(t.Lines, mean)
		t.BandName = "Range of the " + s.with.nouns()
	} else {
		t.Band = nil
	}
	for _, place := range s.comparators() {
		l := Line{Name: place.Name, Role: place.role}
		for _, p := range s.periods[from:to] {
			l.Points = append(l.Points, s.point(p, s.observation(place.Code, p).Value, cr))
		}
		if hasNumber(l) {
			t.Lines = append(t.Lines, l)
		}
	}
}

type comparator struct {
	benchmark.Place
	role string
}

// comparators are the region and England; one region throughout, the one the
// headline is compared with, so that a line is of one place.
func (s *subject) comparators() []comparator {
	c := s.headline()
	if c == nil {
		return nil
	}
	var out []comparator
	if c.Region.Code != "" {
		out = append(out, comparator{c.Region, RoleRegion})
	}
	return append(out, comparator{c.England, RoleEngland})
}

// ownLine is the council's own newer figures, with the months between them
// that are missing.
func (s *subject) ownLine(cr *credit) Line {
	l := Line{Name: s.area.Name + ", council's own", Role: RoleOwn}
	s.fillOwn(&l, s.newer(), s.shown, cr)
	if !hasNumber(l) {
		l.Points = nil
	}
	return l
}

// fillOwn puts own figures on a line, breaking it where one is missing by the
// step the others keep.
func (s *subject) fillOwn(l *Line, own []stat.Observation, figure func(stat.Observation) stat.Figure, cr *credit) {
	given := map[stat.Period]stat.Figure{}
	var ps []stat.Period
	for _, o := range own {
		if figure(o).Given() {
			given[o.Period] = figure(o)
			ps = append(ps, o.Period)
		}
	}
	for _, p := range fill(ps, closest(ps)) {
		l.Points = append(l.Points, s.point(p, given[p], cr))
	}
}

// closest is the shortest regular step between periods.
func closest(ps []stat.Period) stat.Span {
	for _, span := range []stat.Span{stat.Month, stat.Quarter, stat.Half, stat.Year} {
		for i := 1; i < len(ps); i++ {
			if ps[i].Consecutive(ps[i-1], span) {
				return span
			}
		}
	}
	return ""
}

// join lets the own line go on from the area's last published point. That
// point opens it, and says in its origin that it is published.
func (s *subject) join(t *TrendPanel) {
	if len(t.Lines) < 2 || t.Lines[0].Role != RoleArea {
		return
	}
	own := &t.Lines[len(t.Lines)-1]
	if own.Role != RoleOwn {
		return
	}
	for _, pt := range slices.Backward(t.Lines[0].Points) {
		if pt.Number != nil {
			own.Points = slices.Insert(own.Points, 0, pt)
			return
		}
	}
}

// ownPanel draws the own figures that need an axis of their own, unless the
// panel by month does.
func (s *subject) ownPanel(p *Panel, cr *credit) bool {
	l := Line{Name: s.area.Name + ", council's own", Role: RoleOwn}
	own := s.apart()
	if _, ok := s.monthly(); len(own) == 0 || ok && own[0].Period.Span == stat.Month {
		return false
	}
	drawn := *s
	if s.countsAlone() {
		drawn.sel.Show = ShowCount
	}
	s = &drawn
	s.fillOwn(&l, own, s.alone, cr)
	if !hasNumber(l) {
		return false
	}
	last := own[len(own)-1]
	p.Unit = s.unitWords()
	p.Trend = &TrendPanel{Lines: []Line{l}, Decimals: s.decimals()}
	p.Table = trendTable(s.m, p.Trend)
	by := fmt.Sprintf(" by %s", last.Period.Span)
	now := fmt.Sprintf("%s: %s %s", by, s.pointText(Point{Text: lastText(l)}), benchmark.When(last.Period))
	p.Title = fit(s.m.Name+now, benchmark.UpperFirst(s.m.Noun)+now, s.m.Name+by, s.m.Name)
	p.Subtitle = fmt.Sprintf("%s by %s, %s, %s", s.m.Name, last.Period.Span, p.Unit, s.placeAndTime(p.Trend))
	p.Sentence = s.ownSentence(l)
	p.Warnings = []string{fmt.Sprintf("These are the council's own figures by %s. They cannot stand beside yearly figures, so they are drawn apart.", last.Period.Span)}
	return true
}

// point is a figure at a time; one that was not given breaks the line.
func (s *subject) point(p stat.Period, fig stat.Figure, cr *credit) Point {
	pt := Point{Period: p.End.String(), Label: p.Label(), Mark: fig.Mark.Letter(), Text: fig.Mark.Letter()}
	if fig.Given() {
		cr.figure(fig)
		s.show(fig)
		pt.Origin = originWords(fig)
		if fig.Derived {
			population, _ := s.f.population(s.area.Code, p.End)
			s.f.drafts.note(population)
		}
	}
	if fig.Known() {
		pt.Number = fig.Float()
		pt.Text = stat.Format(fig.Number, s.decimals())
	}
	return pt
}

func (s *subject) meanPoint(p stat.Period, n benchmark.Neighbours) Point {
	pt := Point{Period: p.End.String(), Label: p.Label(), Number: n.Mean, Text: number(n.Mean, 1)}
	if n.Mean != nil {
		pt.Origin = fmt.Sprintf("unweighted mean of %d of %d %s, %s", n.N, len(n.Members), s.with.nouns(), s.with.source())
	}
	return pt
}

// number writes a number that may not be there.
func number(x *float64, decimals int) string {
	if x == nil {
		return ""
	}
	return stat.Format(*x, decimals)
}

func hasNumber(l Line) bool {
	return slices.ContainsFunc(l.Points, func(p Point) bool { return p.Number != nil })
}

// lastText is the last figure of a line as shown.
func lastText(l Line) string {
	for _, pt := range slices.Backward(l.Points) {
		if pt.Number != nil {
			return pt.Text
		}
	}
	return ""
}
