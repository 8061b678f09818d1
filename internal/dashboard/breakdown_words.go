package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// part is one part's figure at a period.
type part struct {
	name   string
	figure stat.Figure
}

// partsAt are the parts with a number at a period, highest first.
func (s *subject) partsAt(d *parted, p stat.Period) []part {
	var out []part
	for _, name := range d.names {
		if f := s.partFigure(d, d.held[name][p]); f.Known() {
			out = append(out, part{name, f})
		}
	}
	slices.SortStableFunc(out, func(a, b part) int { return cmp.Compare(b.figure.Number, a.figure.Number) })
	return out
}

// told is a figure of a breakdown in a sentence.
func (s *subject) told(d *parted, f stat.Figure) string {
	if d.counts {
		return stat.Format(f.Number, 0)
	}
	return benchmark.Quantity(s.m, f.Number, s.m.Decimals)
}

// topic is what a breakdown is by: "by placement type", "by ward".
func (d *parted) topic() string { return "by " + d.dimension }

// partedWords are the title, subtitle and sentence of a breakdown.
func (s *subject) partedWords(p *Panel, d *parted) {
	at := s.partsAt(d, d.latest)
	top := at[0]
	say := fmt.Sprintf("%s %s", top.name, s.told(d, top.figure))
	i := slices.IndexFunc(p.Parted.Parts, func(x Part) bool { return x.Name == top.name })
	if share := p.Parted.Parts[i].Share; share != "" {
		say = top.name + " " + share
		if unicode.IsDigit(rune(top.name[0])) { // not "10 to 15 37.7%"
			say = share + " are " + top.name
		}
	}
	p.Title = fit(fmt.Sprintf("%s %s: %s", s.m.Name, d.topic(), say), fmt.Sprintf("%s: %s", benchmark.UpperFirst(d.topic()), say), fmt.Sprintf("%s %s", s.m.Name, d.topic()))
	first, last := p.Parted.Parts[0].Points[0], p.Parted.Parts[0].Points[len(d.periods)-1]
	when := first.Label
	if first.Label != last.Label {
		when += " to " + last.Label
	}
	p.Subtitle = fmt.Sprintf("%s %s, %s, %s, %s", s.m.Name, d.topic(), p.Unit, s.area.Name, when)
	if d.own {
		p.Subtitle += "; the council's own figures"
	}
	p.Sentence = s.partedSentence(d, at, p.Parted) + s.partedMove(d)
}

// toldParts is how many parts a sentence names.
const toldParts = 3

// partedSentence names the highest parts: "Of the 478 children looked after on
// 30 September 2026, the largest by placement type were Foster carer, 204
// (42.7%); …".
func (s *subject) partedSentence(d *parted, at []part, panel *PartedPanel) string {
	if !d.counts {
		when := benchmark.UpperFirst(benchmark.When(d.latest))
		top, low := at[0], at[len(at)-1]
		if len(at) == 1 {
			return fmt.Sprintf("%s the figure of %s was %s.", when, top.name, s.told(d, top.figure))
		}
		return fmt.Sprintf("%s the figure %s was highest of %s, %s, and lowest of %s, %s.", when, d.topic(), top.name, s.told(d, top.figure), low.name, s.told(d, low.figure))
	}
	var named []string
	for _, x := range at[:min(toldParts, len(at))] {
		i := slices.IndexFunc(panel.Parts, func(p Part) bool { return p.Name == x.name })
		text := fmt.Sprintf("%s, %s", x.name, s.told(d, x.figure))
		if share := panel.Parts[i].Share; share != "" {
			text += " (" + share + ")"
		}
		named = append(named, text)
	}
	when := benchmark.When(d.latest)
	opening := benchmark.UpperFirst(when)
	if all := s.whole(d, d.latest); all.Known() {
		opening = fmt.Sprintf("Of the %s %s %s,", s.told(d, all), cmp.Or(s.m.Noun, "counted"), when)
	}
	verb := "were"
	if len(named) == 1 {
		verb = "was"
	}
	return fmt.Sprintf("%s the largest %s %s %s.", opening, d.topic(), verb, strings.Join(named, "; "))
}

// partedMove says which part moved most since a year before, or since the
// first period where that is later.
func (s *subject) partedMove(d *parted) string {
	from, ok := s.yearBefore(d)
	if !ok {
		return ""
	}
	var name string
	var before, now stat.Figure
	for _, n := range d.names {
		a, b := s.partFigure(d, d.held[n][from]), s.partFigure(d, d.held[n][d.latest])
		if a.Known() && b.Known() && abs(b.Number-a.Number) > abs(now.Number-before.Number) {
			name, before, now = n, a, b
		}
	}
	since := strings.TrimPrefix(strings.TrimPrefix(benchmark.When(from), "on "), "in ")
	if name == "" {
		return fmt.Sprintf(" None of them has changed since %s.", since)
	}
	decimals := s.m.Decimals
	if d.counts {
		decimals = 0
	}
	return fmt.Sprintf(" Since %s %s moved most, from %s to %s (%s).", since, name,
		s.told(d, before), s.told(d, now), stat.FormatChange(now.Number-before.Number, decimals))
}

func abs(x float64) float64 { return max(x, -x) }

// yearBefore is the period a year before the latest, or else the first.
func (s *subject) yearBefore(d *parted) (stat.Period, bool) {
	want := yearEarlier(d.latest)
	for _, p := range d.periods {
		if p == want && len(s.partsAt(d, p)) > 0 {
			return p, true
		}
	}
	for _, p := range d.periods {
		if p.Compare(d.latest) < 0 && len(s.partsAt(d, p)) > 0 {
			return p, true
		}
	}
	return stat.Period{}, false
}

// noneOf heads the column of what is in no part.
const noneOf = "In none of these"

// partedTable has a row for each period and a column for each part, as a
// spreadsheet draws it.
func (s *subject) partedTable(p *Panel, d *parted) *TablePanel {
	t := &TablePanel{Mark: -1, Caption: fmt.Sprintf("%s %s, %s, %s", s.m.Name, d.topic(), s.area.Name, p.Unit), Columns: []string{periodHeading(s.m)}}
	t.Columns = append(append(t.Columns, d.names...), "Total", noneOf)
	for i, period := range d.periods {
		row := texts(benchmark.UpperFirst(period.Label()))
		for _, part := range p.Parted.Parts {
			row = append(row, entry{part.Points[i].Text, part.Points[i].Number})
		}
		row = append(row, cell(s.whole(d, period), p.Parted.Decimals))
		left, sure := s.left(d, period)
		if sure && left > 0 {
			row = append(row, numeral(&left, p.Parted.Decimals))
		} else {
			row = append(row, entry{})
		}
		t.add(row)
	}
	t.drop(noneOf)
	t.drop("Total")
	t.Notes = notes(t)
	return t
}

// left is how much of the total is in no part, below zero where the parts are
// more than the total; false where that cannot be told, as where a part is
// marked or the numbers are rounded to ten.
func (s *subject) left(d *parted, p stat.Period) (float64, bool) {
	all := s.whole(d, p)
	if !d.counts || !all.Known() {
		return 0, false
	}
	sum, tens, n, hidden := 0.0, ten(all), 0, false
	for _, name := range d.names {
		f := s.partFigure(d, d.held[name][p])
		if !f.Known() {
			hidden = hidden || f.Given()
			continue
		}
		n++
		sum, tens = sum+f.Number, tens && ten(f)
	}
	left := all.Number - sum
	switch {
	case n == 0, hidden && left > 0, tens && abs(left) <= 5*float64(n+1):
		return 0, false
	}
	return left, true
}

func ten(f stat.Figure) bool { return stat.RoundHalfUp(f.Number/10, 0)*10 == f.Number }

// partedWarnings are the doubts about a breakdown: parts that are not the
// whole, and small numbers.
func (s *subject) partedWarnings(d *parted, recent []stat.Period) []string {
	var out []string
	off := 0
	var last stat.Period
	for _, p := range recent {
		if left, sure := s.left(d, p); sure && left != 0 {
			off, last = off+1, p
		}
	}
	if off > 0 {
		left, _ := s.left(d, last)
		all := s.whole(d, last)
		w := fmt.Sprintf("The parts come to %s %s, but the total is %s: %s.", stat.Format(all.Number-left, 0), benchmark.When(last), stat.Format(all.Number, 0), leftWords(left))
		if off > 1 {
			w += fmt.Sprintf(" Parts and total differ in %d of the %d periods of the shaded table.", off, len(recent))
		}
		out = append(out, w)
	}
	if d.counts && !s.whole(d, d.latest).Known() {
		out = append(out, fmt.Sprintf("No total is held %s, so no shares are shown.", benchmark.When(d.latest)))
	}
	if all := s.whole(d, d.latest); d.own && all.Known() && !s.ownWhole(d, d.latest).Given() {
		out = append(out, fmt.Sprintf("The total is %s, which the council's parts come to exactly.", publishedBy(all, s.observation(s.area.Code, d.latest))))
	}
	if few := s.few(d); len(few) > 0 {
		out = append(out, fmt.Sprintf("Fewer than ten, so one more or less changes much: %s.", strings.Join(few, ", ")))
	}
	if d.own {
		out = append(out, "These are the council's own figures.")
	}
	return out
}

// publishedBy is "the 35,617 that ONS publishes for 30 June 2024".
func publishedBy(all stat.Figure, o stat.Observation) string {
	return fmt.Sprintf("the %s that %s publishes %s", stat.Format(all.Number, 0), o.Publisher(), strings.Replace(benchmark.When(o.Period), "on ", "for ", 1))
}

func leftWords(left float64) string {
	if left < 0 {
		return stat.Format(-left, 0) + " too many, so some are counted in more than one part"
	}
	return stat.Format(left, 0) + " are in none of the parts"
}

// few are the parts with small numbers at the latest period.
func (s *subject) few(d *parted) []string {
	var out []string
	for _, name := range d.names {
		if f := s.partFigure(d, d.held[name][d.latest]); d.counts && f.Known() && f.Number > 0 && f.Number < 10 {
			out = append(out, name)
		}
	}
	return out
}
