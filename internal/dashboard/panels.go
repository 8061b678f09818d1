package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// headlinePanel is the card: the latest published figure beside the others.
func (s *subject) headlinePanel(p *Panel, cr *credit) bool {
	p.Title = s.m.Name
	p.Subtitle = fmt.Sprintf("%s, %s, %s", s.m.Name, s.m.Unit.Words(), s.area.Name)
	c := s.headline()
	if c == nil {
		p.Headline = &HeadlinePanel{}
		p.Sentence = fmt.Sprintf("No figures of %s are held.", benchmark.LowerFirst(s.m.Name))
		return true
	}
	c = s.answer(*c)
	p.Subtitle += ", " + c.Label
	s.creditAll(cr, s.current())
	s.averaged(cr, s.current().Period, c.Neighbours)
	p.Headline = &HeadlinePanel{
		Count: number(c.Count, 0), AsOf: c.Label, Change: c.ChangeWords(s.m),
		Against: c.AgainstWords(s.m), Latest: s.latestWords(c, cr), Comparison: c,
		Interval: benchmark.IntervalWords(s.m, c.Interval), Verdict: c.VerdictWords(), Crossed: c.Crossed, Peak: s.peakWords(c), Meeting: c.MeetingWords(s.m),
	}
	if benchmark.Comparable(s.m) && !s.local && c.Trend.Marker != benchmark.NotAvailable {
		p.Headline.Trend = c.TrendWords()
	}
	if c.Value != nil {
		p.Headline.Value = benchmark.Quantity(s.m, *c.Value, s.m.Decimals)
	}
	if c.Rank != nil {
		p.Headline.Rank = c.Rank.Words()
	}
	p.Headline.Spark, p.Headline.SparkWords = s.spark()
	p.Headline.Freshness = s.freshness()
	p.Sentence = strings.Join(c.Sentences, " ")
	p.Warnings = c.Warnings
	return true
}

// peakWords are the highest value held, with its period; "" while that is the
// figure itself.
func (s *subject) peakWords(c *benchmark.Comparison) string {
	if c.Peak == nil {
		return ""
	}
	value := benchmark.Quantity(s.m, c.Peak.Value, s.m.Decimals)
	if c.Peak.Period == c.Period {
		return value + ", the highest held"
	}
	d, err := stat.ParseDate(c.Peak.Period)
	if err != nil {
		return value
	}
	return value + " " + benchmark.When(stat.Period{End: d, Span: s.periods[s.at].Span})
}

// credit names an observation's figures among a panel's sources.
func (s *subject) credit(cr *credit, o stat.Observation) {
	for _, fig := range []stat.Figure{o.Value, o.Count} {
		if fig.Given() {
			cr.figure(fig)
			s.show(fig)
		}
	}
	if o.Value.Derived {
		s.noteDrafts(o)
	}
}

// creditAll names the denominator too, where an interval rests on it.
func (s *subject) creditAll(cr *credit, o stat.Observation) {
	s.credit(cr, o)
	if _, ok := benchmark.IntervalFor(s.m, o, benchmark.Confidence95); ok {
		cr.figure(o.Denominator)
		s.noteDrafts(o)
	}
}

// latestWords is the council's newer figure on a card: "505 (141 per 10,000)
// on 30 September 2025, the council's own figure".
func (s *subject) latestWords(c *benchmark.Comparison, cr *credit) string {
	l := c.Latest
	if l == nil {
		return ""
	}
	newest := s.newest()
	s.credit(cr, newest)
	out := number(l.Count, 0)
	if l.Value != nil {
		value := benchmark.Quantity(s.m, *l.Value, s.m.Decimals)
		if l.Derived {
			value += ", worked out here"
		}
		if out == "" {
			out = value
		} else {
			out += " (" + value + ")"
		}
	}
	return fmt.Sprintf("%s %s, %s", out, benchmark.When(newest.Period), ownFigure(newest.Count, newest.Value))
}

// barsPanel sets the area beside its neighbours, their mean, region and
// England at the headline's period, highest first.
func (s *subject) barsPanel(p *Panel, cr *credit) bool {
	c := s.headline()
	if c == nil || s.local || s.counting() {
		return false
	}
	period := s.periods[s.at]
	bars := []Bar{s.bar(benchmark.Place{Code: s.area.Code, Name: s.area.Name, Value: c.Value, Mark: c.Mark}, RoleArea)}
	for _, n := range c.Neighbours.Members {
		bars = append(bars, s.bar(n, RoleNeighbour))
	}
	if c.Neighbours.Mean != nil {
		bars = append(bars, Bar{Code: "mean", Name: s.with.possessive() + " mean", Role: RoleNeighbours, Number: c.Neighbours.Mean, Text: number(c.Neighbours.Mean, 1)})
	}
	for _, other := range s.comparators() {
		bars = append(bars, s.bar(other.Place, other.role))
	}
	for _, b := range bars {
		if b.Role != RoleNeighbours {
			s.credit(cr, stat.Observation{Value: s.observation(b.Code, period).Value})
		}
	}
	cr.neighbours(c.Neighbours)
	slices.SortStableFunc(bars, highestFirst)
	p.Bars = &BarsPanel{Bars: bars, Decimals: s.m.Decimals, Period: period.End.String()}
	p.Title, p.Sentence = s.barsWords(c)
	p.Subtitle = fmt.Sprintf("%s, %s, %s and %s, %s", s.m.Name, s.m.Unit.Words(), s.area.Name, s.with.its(), period.Label())
	p.Table = s.barsTable(p.Bars, period)
	p.Warnings = c.Warnings
	return true
}

func (s *subject) bar(p benchmark.Place, role string) Bar {
	b := Bar{Code: p.Code, Name: p.Name, Role: role, Number: p.Value, Mark: p.Mark, Text: p.Mark}
	if p.Value != nil {
		b.Text = stat.Format(*p.Value, s.m.Decimals)
	}
	return b
}

// highestFirst puts bars without a value last.
func highestFirst(a, b Bar) int {
	switch {
	case a.Number == nil && b.Number == nil:
		return 0
	case a.Number == nil:
		return 1
	case b.Number == nil, *a.Number > *b.Number:
		return -1
	case *a.Number < *b.Number:
		return 1
	}
	return 0
}

// barsWords count the neighbours on the side of the area where there are more.
func (s *subject) barsWords(c *benchmark.Comparison) (title, sentence string) {
	n := c.Neighbours
	if c.Value == nil || n.N == 0 {
		return fit(s.m.Name+" in "+benchmark.PlaceName(s.area.Name), s.m.Name), strings.Join(c.Sentences, " ")
	}
	lower, higher := 0, 0
	for _, m := range n.Members {
		switch {
		case m.Value != nil && *m.Value < *c.Value:
			lower++
		case m.Value != nil && *m.Value > *c.Value:
			higher++
		}
	}
	say := fmt.Sprintf("higher than %d of %s", lower, s.with.count(n.N))
	if higher > lower {
		say = fmt.Sprintf("lower than %d of %s", higher, s.with.count(n.N))
	}
	value := benchmark.Quantity(s.m, *c.Value, s.m.Decimals)
	sentence = fmt.Sprintf("%s figure %s was %s, %s", benchmark.Possessive(s.area.Name), benchmark.When(s.periods[s.at]), value, say)
	if same := n.N - lower - higher; same > 0 {
		sentence += fmt.Sprintf(" and the same as %d", same)
	}
	sentence += fmt.Sprintf("; they range from %s to %s.", number(n.Min, s.m.Decimals), number(n.Max, s.m.Decimals))
	return fit(s.m.Name+": "+say, benchmark.UpperFirst(say), s.m.Name), sentence
}
