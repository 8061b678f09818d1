package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// everyonePanel lists every authority with a value or a mark at the headline's
// period: by rank, then those with a mark by name.
func (s *subject) everyonePanel(p *Panel, cr *credit) bool {
	c := s.headline()
	if c == nil || s.local {
		return false
	}
	period := s.periods[s.at]
	listed := s.listed(period)
	if len(listed) == 0 {
		return false
	}
	t := s.everyoneTable(listed, c, period)
	for _, a := range listed {
		s.creditAll(cr, s.observation(a.Code, period))
	}
	t.Notes = notes(t)
	p.Table = t
	p.Title = fit(s.m.Name+" in all authorities", s.m.Name)
	p.Subtitle = fmt.Sprintf("%s, %s, all authorities, %s", s.m.Name, s.m.Unit.Words(), period.Label())
	p.Sentence = s.everyoneSentence(c, period, len(listed))
	p.Warnings = c.Warnings
	return true
}

// listed are the authorities of which something was published, highest first; a
// mark says nothing of one that did not exist.
func (s *subject) listed(period stat.Period) []stat.Area {
	figure := func(a stat.Area) stat.Figure {
		o := s.observation(a.Code, period)
		if s.m.Unit == stat.Number {
			return s.number(o)
		}
		return o.Value
	}
	var out []stat.Area
	for _, a := range s.in.Authorities {
		o := s.observation(a.Code, period)
		marked := (o.Value.Given() || o.Count.Given()) && a.ExistedAt(period.End)
		if marked || o.Value.Known() || o.Count.Known() {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b stat.Area) int {
		x, y := figure(a), figure(b)
		switch {
		case x.Known() && y.Known() && x.Number != y.Number:
			return cmp.Compare(y.Number, x.Number)
		case x.Known() != y.Known():
			if x.Known() {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

func (s *subject) everyoneTable(listed []stat.Area, c *benchmark.Comparison, period stat.Period) *TablePanel {
	compared := benchmark.Comparable(s.m)
	t := &TablePanel{Mark: -1, Caption: fmt.Sprintf("%s, all authorities, highest first, %s", s.m.Name, period.Label())}
	t.Columns, t.Sort = []string{"Authority"}, []string{SortText}
	add := func(sort string, headings ...string) {
		for _, h := range headings {
			t.Columns, t.Sort = append(t.Columns, h), append(t.Sort, sort)
		}
	}
	if compared {
		add(SortNumber, "Rank")
	}
	values, _ := s.valueColumns()
	add(SortNumber, valueFirst(values)...) // what a phone has room for
	add(SortText, "Region")
	if compared {
		add("", "Quarter") // its order is the rank's
		add(SortText, "Against England")
	}
	ranks := s.ranks(listed, period)
	for i, a := range listed {
		o := s.observation(a.Code, period)
		row := texts(a.Name)
		if compared {
			row = append(row, text(ranks[i]))
		}
		row = append(row, valueFirst(s.cellsOf(o))...)
		row = append(row, text(s.regionName(a)))
		if compared {
			row = append(row, texts(s.band(o, c), s.againstEngland(o, c))...)
		}
		if a.Code == s.area.Code {
			t.Mark = i
		}
		t.add(row)
		t.Keys = append(t.Keys, a.Code)
	}
	return t
}

// valueFirst puts the value, which areas are ranked by, before the number.
func valueFirst[T any](columns []T) []T {
	if len(columns) > 1 {
		columns[0], columns[1] = columns[1], columns[0]
	}
	return columns
}

// ranks are competition ranks of areas in order of their values: "6", "2=" for
// ties, "" without a value.
func (s *subject) ranks(listed []stat.Area, period stat.Period) []string {
	out := make([]string, len(listed))
	value := func(i int) (float64, bool) {
		if i < 0 || i >= len(listed) {
			return 0, false
		}
		f := s.observation(listed[i].Code, period).Value
		return f.Number, f.Known()
	}
	first := 0
	for i := range listed {
		x, ok := value(i)
		if !ok {
			break
		}
		before, any := value(i - 1)
		if !any || before != x {
			first = i
		}
		after, more := value(i + 1)
		out[i] = fmt.Sprint(first + 1)
		if first < i || more && after == x {
			out[i] += "="
		}
	}
	return out
}

func (s *subject) regionName(a stat.Area) string {
	if a.Region == "" {
		return ""
	}
	return s.f.area(a.Region).Name
}

func (s *subject) band(o stat.Observation, c *benchmark.Comparison) string {
	if !o.Value.Known() {
		return ""
	}
	return benchmark.QuarterWords(c.Quarter(o.Value.Number))
}

// againstEngland is higher, similar or lower by the authority's own interval,
// "" where that or England's value is missing.
func (s *subject) againstEngland(o stat.Observation, c *benchmark.Comparison) string {
	i, ok := benchmark.IntervalFor(s.m, o, benchmark.Confidence95)
	if !ok || c.England.Value == nil {
		return ""
	}
	return string(i.Against(*c.England.Value))
}

func (s *subject) everyoneSentence(c *benchmark.Comparison, period stat.Period, listed int) string {
	when := benchmark.UpperFirst(benchmark.When(period))
	if c.Rank == nil {
		out := fmt.Sprintf("%s %d authorities have a figure, or a reason why there is none.", when, listed)
		if c.Value == nil && c.Count == nil {
			out += " " + c.Sentences[0]
		}
		return out
	}
	out := fmt.Sprintf("%s %s was %s authorities, in the %s", when, benchmark.PlaceName(s.area.Name), c.Rank.Sentence(), benchmark.QuarterWords(*c.Quartile))
	if c.England.Value != nil {
		out += fmt.Sprintf("; England's figure was %s", benchmark.Quantity(s.m, *c.England.Value, s.m.Decimals))
	}
	return out + "."
}
