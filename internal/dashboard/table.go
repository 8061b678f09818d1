package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// tablePanel lists every selected year, then the council's own figures.
func (s *subject) tablePanel(p *Panel, cr *credit) bool {
	t := &TablePanel{Mark: -1, Caption: fmt.Sprintf("%s, %s, by period", s.m.Name, s.area.Name), Rows: [][]string{}}
	published := 0
	columns := s.columns()
	t.Columns = []string{periodHeading(s.m)}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.heading)
	}
	from, to := s.years()
	for i := from; i < to; i++ {
		row := texts(benchmark.UpperFirst(s.periods[i].Label()))
		for _, c := range columns {
			row = append(row, c.cell(i))
		}
		t.add(row)
		here := s.observation(s.area.Code, s.periods[i])
		s.credit(cr, here)
		if here.Value.Known() || here.Count.Known() {
			published++
		}
		s.averaged(cr, s.periods[i], s.comparedAt(i).Neighbours)
	}
	for _, o := range s.own {
		if s.within(o.Period) {
			t.add(s.ownRow(o, len(t.Columns)))
			s.credit(cr, o)
		}
	}
	if len(t.Rows) == 0 {
		return false
	}
	t.Notes = notes(t)
	if from < to && !s.area.Began.IsZero() && s.periods[from].End.Before(s.area.Began) {
		t.Notes = append(t.Notes, fmt.Sprintf("%s did not exist until %s.", benchmark.UpperFirst(benchmark.PlaceName(s.area.Name)), s.area.Began.Long()))
	}
	p.Title = fit(s.m.Name+" in "+benchmark.PlaceName(s.area.Name), s.m.Name)
	p.Subtitle = fmt.Sprintf("%s, %s, %s, every period held", s.m.Name, s.m.Unit.Words(), s.area.Name)
	p.Sentence = fmt.Sprintf("%s has %s.", benchmark.UpperFirst(benchmark.PlaceName(s.area.Name)), plural(published, "published figure"))
	if own := len(t.Rows) - (to - from); own > 0 {
		p.Sentence = fmt.Sprintf("%s has %s; below them stand %s of the council's own.", benchmark.UpperFirst(benchmark.PlaceName(s.area.Name)), plural(published, "published figure"), plural(own, "figure"))
	}
	p.Warnings = s.derivedNotes(from, to)
	p.Table = t
	return true
}

// plural is "1 figure", "13 figures" and "no figures".
func plural(n int, noun string) string {
	switch n {
	case 0:
		return "no " + plurals(noun)
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %s", n, plurals(noun))
}

func plurals(noun string) string {
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return stem + "ies"
	}
	return noun + "s"
}

// years is the range of published periods in the selection in which the area
// or any comparator has something.
func (s *subject) years() (from, to int) {
	value := *s
	value.sel.Show = ShowValue
	return value.window()
}

// column is one column of the table: its heading and its cell at period i.
type column struct {
	heading string
	cell    func(i int) entry
}

func (s *subject) columns() []column {
	here := func(i int) stat.Observation { return s.observation(s.area.Code, s.periods[i]) }
	value := column{valueHeading(s.m), func(i int) entry { return cell(here(i).Value, s.m.Decimals) }}
	if s.m.Unit == stat.Number {
		return []column{value}
	}
	count := column{"Number", func(i int) entry { return cell(here(i).Count, 0) }}
	if s.local || !benchmark.Comparable(s.m) {
		return []column{count, value}
	}
	out := []column{count, value,
		{s.with.possessive() + " mean", func(i int) entry { return numeral(s.comparedAt(i).Neighbours.Mean, 1) }},
		{s.with.possessive() + " median", func(i int) entry { return numeral(s.comparedAt(i).Neighbours.Median, 1) }},
		{benchmark.UpperFirst(s.with.nouns()) + " with a figure", func(i int) entry { return whole(s.comparedAt(i).Neighbours.N) }},
	}
	for _, other := range s.comparators() {
		out = append(out, column{other.Name, func(i int) entry {
			return cell(s.observation(other.Code, s.periods[i]).Value, s.m.Decimals)
		}})
	}
	return append(out, column{"Rank", func(i int) entry { return text(rankCell(s.comparedAt(i).Rank)) }})
}

// ownRow is one of the council's own figures; it is compared with nobody.
func (s *subject) ownRow(o stat.Observation, width int) []entry {
	row := make([]entry, width)
	row[0] = text(benchmark.UpperFirst(o.Period.Label()) + ", council's own")
	if isDraft(o.Count) || isDraft(o.Value) {
		row[0].text += draftEnd
	}
	if s.m.Unit == stat.Number {
		row[1] = cell(s.number(o), s.m.Decimals)
		return row
	}
	row[1], row[2] = cell(o.Count, 0), cell(o.Value, s.m.Decimals)
	return row
}

// rankCell is "6th of 151".
func rankCell(r *benchmark.Rank) string {
	if r == nil {
		return ""
	}
	s := fmt.Sprintf("%s of %d", benchmark.Ordinal(r.Position), r.Of)
	if r.Joint {
		return "joint " + s
	}
	return s
}

func periodHeading(m stat.Measure) string {
	if m.Kind == stat.Snapshot {
		return "Date"
	}
	return "Period"
}

func valueHeading(m stat.Measure) string {
	switch m.Unit {
	case stat.RateOf:
		return "Rate per 10,000"
	case stat.Percent:
		return "Percentage"
	}
	return benchmark.UpperFirst(m.Unit.Words())
}

// derivedNotes say which of the listed rates nobody published.
func (s *subject) derivedNotes(from, to int) []string {
	var first, last string
	for _, p := range s.periods[from:to] {
		if s.observation(s.area.Code, p).Value.Derived {
			if first == "" {
				first = p.Label()
			}
			last = p.Label()
		}
	}
	switch {
	case first == "":
		return nil
	case first == last:
		return []string{fmt.Sprintf("The rate for %s was worked out here from the count and the population, because none was published.", first)}
	}
	return []string{fmt.Sprintf("Rates that were not published, between %s and %s, were worked out here from the counts and the population.", first, last)}
}

// trendTable is a trend's lines as columns, a row for each time.
func trendTable(m stat.Measure, t *TrendPanel) *TablePanel {
	table := &TablePanel{Mark: -1, Caption: m.Name + ", the figures of the chart", Columns: []string{periodHeading(m)}}
	labels := map[string]string{}
	var keys []string
	for _, l := range t.Lines {
		table.Columns = append(table.Columns, l.Name)
		for _, p := range l.Points {
			key := p.Period + " " + p.Label
			if labels[key] == "" {
				keys = append(keys, key)
			}
			labels[key] = p.Label
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		row := texts(benchmark.UpperFirst(labels[key]))
		for _, l := range t.Lines {
			row = append(row, l.entry(key))
		}
		table.add(row)
	}
	table.Notes = notes(table)
	return table
}

// entry is what a line has at a time.
func (l Line) entry(key string) entry {
	var out entry
	for _, p := range l.Points {
		if p.Period+" "+p.Label == key {
			out = entry{p.Text, p.Number}
		}
	}
	return out
}

// barsTable is the bars as rows.
func (s *subject) barsTable(b *BarsPanel, p stat.Period) *TablePanel {
	t := &TablePanel{
		Mark:    -1,
		Caption: fmt.Sprintf("%s, %s", s.m.Name, p.Label()),
		Columns: []string{"Area", valueHeading(s.m)},
	}
	for i, bar := range b.Bars {
		if bar.Role == RoleArea {
			t.Mark = i
		}
		t.add([]entry{text(bar.Name), {bar.Text, bar.Number}})
	}
	t.Notes = notes(t)
	return t
}

// notes explain the marks a table has, and its empty cells.
func notes(t *TablePanel) []string {
	found, empty := map[stat.Mark]bool{}, false
	for _, row := range t.Rows {
		for _, c := range row[1:] {
			if m, ok := stat.ParseMark(c); ok {
				found[m] = true
			}
			empty = empty || c == ""
		}
	}
	var out []string
	for _, m := range []stat.Mark{stat.Confidential, stat.Unavailable, stat.NotApplicable, stat.LowReliability, stat.Low, stat.RoundsToZero} {
		if found[m] {
			out = append(out, fmt.Sprintf("%s: %s", m, m.Meaning()))
		}
	}
	if empty {
		out = append(out, "An empty cell: there is no figure.")
	}
	return out
}
