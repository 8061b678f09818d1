package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// Freshness says up to when a card's figures go and what comes next. A date
// on which something is due is one the council gave; nobody's publication is
// foretold.
type Freshness struct {
	Own       string `json:"own,omitempty"`       // "Own figures to 30 September 2026; next due 7 November"
	Published string `json:"published,omitempty"` // "Published figures to 31 March 2025, 19 months ago; the next are of 31 March 2026"
	Due       string `json:"due,omitempty"`       // ISO day on which the council's next figures are due
	Overdue   bool   `json:"overdue"`             // they are not held and the day has passed
	Old       bool   `json:"old"`                 // published ones must have come out since
}

// due is when the council's own figures of a measure come in.
type due struct {
	days  int       // after the end of a period
	every stat.Span // how long a period is
}

// due is what the panel says of it; no days where it says nothing.
func (p PanelDefinition) due() due {
	every := stat.Span(p.DueEvery)
	if every == "" {
		every = stat.Month
	}
	return due{p.DueDays, every}
}

// dueSpans are what due_every may be.
var dueSpans = []string{string(stat.Month), string(stat.Quarter), string(stat.Half), string(stat.Year)}

// checkDue says what is wrong with when a panel's figures are due.
func (p PanelDefinition) checkDue(fault func(key, format string, args ...any)) {
	switch {
	case p.DueDays == 0 && p.DueEvery == "":
	case p.Kind != Headline:
		fault("due_days", "only a panel of kind %q says when figures are due", Headline)
	case p.DueDays < 1 || p.DueDays > 366:
		fault("due_days", "due_days is %d: give the days after the end of a period, from 1 to 366", p.DueDays)
	case p.DueEvery != "" && !slices.Contains(dueSpans, p.DueEvery):
		fault("due_every", "due_every %q is none of %s", p.DueEvery, strings.Join(dueSpans, ", "))
	}
}

// duesOf is when figures are due, by measure: as the first dashboard has it
// that says so.
func duesOf(defs []*Definition) map[string]due {
	out := map[string]due{}
	for _, def := range defs {
		for _, p := range def.Panels {
			if _, said := out[p.Measure]; !said && p.DueDays > 0 {
				out[p.Measure] = p.due()
			}
		}
	}
	return out
}

// freshness is how new the figures of the subject are today.
func (s *subject) freshness() *Freshness {
	f := &Freshness{}
	if !s.local {
		f.published(s, s.f.today)
	}
	f.own(s.newest().Period, s.f.dues[s.m.Code], s.f.today)
	if f.Own == "" && f.Published == "" {
		return nil
	}
	return f
}

func (f *Freshness) own(last stat.Period, d due, today stat.Date) {
	if last.IsZero() {
		return
	}
	f.Own = "Own figures to " + last.End.Long()
	if d.days == 0 || last.End != last.End.MonthEnd() {
		return
	}
	next := last.End.AddMonthEnds(months[d.every])
	on := next.AddDays(d.days)
	f.Due = on.String()
	if f.Overdue = on.Before(today); f.Overdue {
		f.Own += fmt.Sprintf("; those to %s were due on %s", next.Long(), dayBeside(on, today))
	} else {
		f.Own += "; next due " + dayBeside(on, today)
	}
}

// dayBeside leaves out the year where it is the same as the other day's.
func dayBeside(d, other stat.Date) string {
	if d.Year == other.Year {
		return d.Time().Format("2 January")
	}
	return d.Long()
}

// publishedAge is how many months after their end figures are old whoever
// publishes them: every return of DfE's comes out within the year after.
const publishedAge = 24

func (f *Freshness) published(s *subject, today stat.Date) {
	last, newest, held := s.lastPublished()
	if last.IsZero() || !s.area.Ended.IsZero() {
		return
	}
	f.Published = "Published figures to " + last.End.Long() + s.agoWords(last, today)
	end, n := newest.End, months[s.span]
	f.Old = end == end.MonthEnd() && n > 0 && end.AddMonthEnds(publishedAge).Before(today)
	if newest != last {
		f.Published += fmt.Sprintf("; that %s is %s (%s)", benchmark.When(newest), held.Meaning(), held.Letter())
	}
	if end == end.MonthEnd() && n > 0 && !f.Old {
		f.Published += "; the next are of " + nextLabel(stat.Period{End: end.AddMonthEnds(n), Span: last.Span})
	}
}

// lastPublished is the period of the area's last published number and that of
// the newest that says anything of it: a number, or a mark with its reason.
func (s *subject) lastPublished() (last, newest stat.Period, mark stat.Mark) {
	for _, p := range s.periods {
		o := s.observation(s.area.Code, p)
		said := o.Value.Mark
		if said == "" {
			said = o.Count.Mark
		}
		switch {
		case o.Count.Known() || o.Value.Known():
			last, newest, mark = p, p, ""
		case said != "" && said != stat.Unexplained:
			newest, mark = p, said
		}
	}
	return last, newest, mark
}

// agoWords say how old a figure is once the next one's day has passed: ", 20
// months ago".
func (s *subject) agoWords(last stat.Period, today stat.Date) string {
	end, n := last.End, months[s.span]
	switch {
	case end != end.MonthEnd() || n == 0 || !end.AddMonthEnds(n).Before(today):
		return ""
	case end.AddMonthEnds(publishedAge).Before(today):
		return ", more than two years ago"
	}
	ago := 0
	for !today.Before(end.AddMonthEnds(ago + 1)) {
		ago++
	}
	return ", " + plural(ago, "month") + " ago"
}

// nextLabel is a period as it follows "of": "31 March 2026", "the year ending
// 31 March 2026".
func nextLabel(p stat.Period) string {
	if p.Span == stat.Year {
		return "the " + p.Label()
	}
	return p.Label()
}

// spark is the area's figures over the selected years, published and then the
// council's newer ones, and the same in a few words: "118 in Mar 2016, 138 in
// Mar 2025".
func (s *subject) spark() ([]Point, string) {
	from, to := s.window()
	nobody := &credit{} // the card's sources are those of its figure
	points := s.areaLine(from, to, nobody).Points
	points = append(points, s.ownLine(nobody).Points...)
	known := slices.DeleteFunc(slices.Clone(points), func(p Point) bool { return p.Number == nil })
	if len(known) < 2 {
		return nil, ""
	}
	words := func(p Point) string {
		d, _ := stat.ParseDate(p.Period) // it is one of ours
		return s.signed(p.Text) + " in " + d.Time().Format("Jan 2006")
	}
	return points, words(known[0]) + ", " + words(known[len(known)-1])
}

// signed is a figure of the selection with the sign of its unit, where that
// is one.
func (s *subject) signed(text string) string {
	switch {
	case s.sel.Show == ShowCount:
	case s.m.Unit == stat.Percent:
		return text + "%"
	case s.m.Unit == stat.Pounds:
		return "£" + text
	}
	return text
}
