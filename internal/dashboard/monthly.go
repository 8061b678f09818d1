package dashboard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// byMonth is a measure's figures by month: the council's own, or else those
// published.
type byMonth struct {
	*subject
	own    bool
	counts bool                           // its figures are how many there were, not values
	held   map[stat.Date]stat.Observation // by the month's last day
	last   stat.Date                      // of the latest with a number
}

// monthsShown is a year of months and the same month of the year before.
const monthsShown = 13

// monthly finds the months, two of those shown at least one after the other.
func (s *subject) monthly() (*byMonth, bool) {
	published := s.published()
	for _, own := range []bool{true, false} {
		m := &byMonth{subject: s, own: own, held: map[stat.Date]stat.Observation{}}
		observations := published
		if own {
			observations = s.own
		}
		counted := slices.ContainsFunc(observations, func(o stat.Observation) bool { return s.number(o).Known() })
		m.counts = counted && (s.m.Unit == stat.RateOf || s.m.Unit == stat.Number || s.sel.Show == ShowCount)
		for _, o := range observations {
			if e := o.Period.End; s.within(o.Period) && (o.Period.Span == stat.Month || o.Period.Span == stat.Day && e == e.MonthEnd()) {
				m.held[e] = o
				if m.figure(o).Known() && m.last.Before(e) {
					m.last = e
				}
			}
		}
		if m.consecutive() {
			return m, true
		}
	}
	return nil, false
}

func (m *byMonth) figure(o stat.Observation) stat.Figure {
	if m.counts {
		return m.number(o)
	}
	return o.Value
}

func (m *byMonth) at(end stat.Date) stat.Figure { return m.figure(m.held[end]) }

// runOfMonths are the last days of the months shown, oldest first; none before
// the first that is held.
func (m *byMonth) runOfMonths() []stat.Date {
	if m.last.IsZero() {
		return nil
	}
	var out []stat.Date
	for i := monthsShown - 1; i >= 0; i-- {
		if end := m.last.AddMonthEnds(-i); len(out) > 0 || m.at(end).Given() {
			out = append(out, end)
		}
	}
	return out
}

// consecutive reports whether any two months shown follow each other: ends of
// years or quarters alone are no months.
func (m *byMonth) consecutive() bool {
	for _, end := range m.runOfMonths() {
		if end.Before(m.last) && m.at(end).Known() && m.at(end.AddMonthEnds(1)).Known() {
			return true
		}
	}
	return false
}

func (m *byMonth) period(end stat.Date) stat.Period {
	if m.m.Kind == stat.Snapshot {
		return stat.OnDay(end)
	}
	return stat.Period{End: end, Span: stat.Month}
}

// sum is what a flow comes to over the months from one to another: nil unless
// every one of them is a number, and for a percentage unless each has its
// numerator and denominator. It is never an average of months.
func (m *byMonth) sum(from, to stat.Date) *float64 {
	if m.m.Kind != stat.Flow || !m.counts && m.m.Unit != stat.Percent {
		return nil
	}
	var n, of float64
	for end := from; !to.Before(end); end = end.AddMonthEnds(1) {
		o := m.held[end]
		if m.counts {
			if !m.figure(o).Known() {
				return nil
			}
			n += m.figure(o).Number
			continue
		}
		if !o.Count.Known() || !o.Denominator.Known() {
			return nil
		}
		n, of = n+o.Count.Number, of+o.Denominator.Number
	}
	if !m.counts {
		if of <= 0 {
			return nil
		}
		n *= 100 / of
	}
	return &n
}

// toDate is the sum since April of the month's financial year.
func (m *byMonth) toDate(end stat.Date) *float64 {
	return m.sum(stat.Date{Year: end.FinancialYear() - 1, Month: time.April, Day: 30}, end)
}

// rolling is the sum of the twelve months to this one.
func (m *byMonth) rolling(end stat.Date) *float64 { return m.sum(end.AddMonthEnds(-11), end) }

// rollingRate is the twelve months' sum by the population a year's rate would
// be divided by, and so comparable with a year's.
func (m *byMonth) rollingRate(end stat.Date) (*float64, int) {
	sum := m.rolling(end)
	people, year := m.f.population(m.area.Code, end)
	if sum == nil || m.m.Unit != stat.RateOf || m.m.Population != stat.Population || !people.Known() {
		return nil, 0
	}
	rate, ok := stat.Rate(*sum, people.Number, m.m.Decimals)
	if !ok {
		return nil, 0
	}
	return &rate, year
}

func (m *byMonth) decimals() int {
	if m.counts && m.m.Unit != stat.Number {
		return 0
	}
	return m.m.Decimals
}

// monthlyPanel draws the last thirteen months over those of the year before,
// and tables them with months across, as a council's return has them.
func (s *subject) monthlyPanel(p *Panel, cr *credit) bool {
	m, ok := s.monthly()
	if !ok {
		return false
	}
	shownAs := *s
	shownAs.sel.Show = ShowValue
	if m.counts {
		shownAs.sel.Show = ShowCount
	}
	now := Line{Name: s.area.Name, Role: RoleArea}
	if m.own {
		now.Name += ", council's own"
	}
	before := Line{Name: "Same month a year before", Role: RoleBefore}
	for _, end := range m.runOfMonths() {
		now.Points = append(now.Points, shownAs.point(m.period(end), m.at(end), cr))
		earlier := shownAs.point(m.period(end.AddMonthEnds(-12)), m.at(end.AddMonthEnds(-12)), cr)
		earlier.Period, earlier.Label = end.String(), m.period(end).Label()
		before.Points = append(before.Points, earlier)
	}
	p.Trend = &TrendPanel{Lines: []Line{now}, Decimals: m.decimals()}
	if hasNumber(before) {
		p.Trend.Lines = append(p.Trend.Lines, before)
	}
	p.Unit = shownAs.unitWords()
	say := fmt.Sprintf(" by month: %s %s", m.text(m.at(m.last).Number), benchmark.When(m.period(m.last)))
	p.Title = fit(s.m.Name+say, benchmark.UpperFirst(s.m.Noun)+say, fmt.Sprintf("%s by month", s.m.Name), s.m.Name)
	p.Subtitle = fmt.Sprintf("%s by month, %s, %s", s.m.Name, p.Unit, shownAs.placeAndTime(p.Trend))
	p.Sentence = m.sentence()
	p.Table = m.table()
	p.Warnings = m.warnings()
	return true
}

// text is a figure with its unit.
func (m *byMonth) text(x float64) string {
	if m.counts {
		return stat.Format(x, m.decimals())
	}
	return benchmark.Quantity(m.m, x, m.decimals())
}

// sentence says how the latest month stands to the same month of the year
// before, and what the year comes to.
func (m *byMonth) sentence() string {
	now, before := m.at(m.last), m.at(m.last.AddMonthEnds(-12))
	out := fmt.Sprintf("%s the figure was %s", benchmark.UpperFirst(benchmark.When(m.period(m.last))), m.text(now.Number))
	if m.counts && m.m.Noun != "" {
		verb := "were"
		if now.Number == 1 {
			verb = "was"
		}
		out = fmt.Sprintf("%s there %s %s %s", benchmark.UpperFirst(benchmark.When(m.period(m.last))), verb, m.text(now.Number), m.m.Noun)
	}
	if before.Known() {
		out += ", " + m.against(now.Number, before.Number, m.last.AddMonthEnds(-12))
	}
	out += "."
	comes := "it comes to"
	if m.counts {
		comes = "there have been"
	}
	if sum := m.toDate(m.last); sum != nil && m.last.Month != time.April {
		out += fmt.Sprintf(" Since April %s %s", comes, m.text(*sum))
		if earlier := m.toDate(m.last.AddMonthEnds(-12)); earlier != nil {
			out += fmt.Sprintf(", against %s in the same months a year before", m.text(*earlier))
		}
		out += "."
	}
	if sum := m.rolling(m.last); sum != nil {
		out += fmt.Sprintf(" Over the twelve months to %s %s %s", m.period(m.last).Label(), comes, m.text(*sum))
		if rate, _ := m.rollingRate(m.last); rate != nil {
			out += ", a rate of " + benchmark.Quantity(m.m, *rate, m.m.Decimals)
		}
		out += "."
	}
	return out
}

// against is "21 more (+7.1%) than in September 2025".
func (m *byMonth) against(now, before float64, then stat.Date) string {
	when := strings.TrimPrefix(benchmark.When(m.period(then)), "on ")
	if m.m.Kind == stat.Snapshot {
		when = "on " + when
	}
	d := stat.RoundHalfUp(now, m.decimals()) - stat.RoundHalfUp(before, m.decimals())
	switch {
	case stat.Format(d, m.decimals()) == stat.Format(0, m.decimals()):
		return "the same as " + when
	case !m.counts && m.m.Unit == stat.Percent:
		return fmt.Sprintf("%s percentage points %s than %s", stat.Format(abs(d), m.decimals()), higherLower(d), when)
	case !m.counts:
		return fmt.Sprintf("%s %s than %s", m.text(abs(d)), higherLower(d), when)
	}
	word := "more"
	if d < 0 {
		word = "fewer"
	}
	share := ""
	if before > 0 {
		share = fmt.Sprintf(" (%s%%)", stat.FormatChange(100*d/before, 1))
	}
	return fmt.Sprintf("%s %s%s than %s", m.text(abs(d)), word, share, when)
}

func higherLower(d float64) string {
	if d < 0 {
		return "lower"
	}
	return "higher"
}

// table has the months across and a row for each thing told of them.
func (m *byMonth) table() *TablePanel {
	t := &TablePanel{Mark: -1, Caption: fmt.Sprintf("%s by month, %s", m.m.Name, m.area.Name), Columns: []string{"Figure"}}
	ends := m.runOfMonths()
	for _, end := range ends {
		t.Columns = append(t.Columns, headOf(m.m, m.period(end)))
	}
	heading := valueHeading(m.m)
	if m.counts {
		heading = "Number"
	}
	d := m.decimals()
	rows := []struct {
		name string
		cell func(end stat.Date) entry
	}{
		{heading, func(end stat.Date) entry { return cell(m.at(end), d) }},
		{"Same month a year before", func(end stat.Date) entry { return cell(m.at(end.AddMonthEnds(-12)), d) }},
		{"Change on a year before", func(end stat.Date) entry { return m.change(end) }},
		{"Year to date, since April", func(end stat.Date) entry { return numeral(m.toDate(end), d) }},
		{"Year to date, a year before", func(end stat.Date) entry { return numeral(m.toDate(end.AddMonthEnds(-12)), d) }},
		{"Twelve months to the month's end", func(end stat.Date) entry { return numeral(m.rolling(end), d) }},
		{"The same as a rate per 10,000", func(end stat.Date) entry {
			rate, _ := m.rollingRate(end)
			return numeral(rate, m.m.Decimals)
		}},
		{"Rate per 10,000", m.rate},
	}
	for _, r := range rows {
		row, blank := []entry{text(r.name)}, true
		for _, end := range ends {
			e := r.cell(end)
			row, blank = append(row, e), blank && e.text == ""
		}
		if !blank {
			t.add(row)
		}
	}
	t.Notes = notes(t)
	return t
}

func (m *byMonth) change(end stat.Date) entry {
	now, before := m.at(end), m.at(end.AddMonthEnds(-12))
	if !now.Known() || !before.Known() {
		return entry{}
	}
	d := stat.RoundHalfUp(now.Number, m.decimals()) - stat.RoundHalfUp(before.Number, m.decimals())
	if stat.Format(abs(d), m.decimals()) == stat.Format(0, m.decimals()) {
		zero := 0.0
		return entry{stat.Format(0, m.decimals()), &zero}
	}
	return entry{stat.FormatChange(d, m.decimals()), &d}
}

// rate is the rate of a number on a day.
func (m *byMonth) rate(end stat.Date) entry {
	if !m.counts || m.m.Unit != stat.RateOf || m.m.Kind != stat.Snapshot {
		return entry{}
	}
	return cell(m.held[end].Value, m.m.Decimals)
}

// warnings are the doubts: months that are missing, rates by an earlier
// population.
func (m *byMonth) warnings() []string {
	var out, missing []string
	for _, end := range m.runOfMonths() {
		if !m.at(end).Known() {
			missing = append(missing, end.Time().Format("January 2006"))
		}
	}
	if len(missing) > 0 {
		w := fmt.Sprintf("No number for %s: the line breaks there", strings.Join(missing, ", "))
		if m.m.Kind == stat.Flow {
			w += ", and no sum that needs it is given"
		}
		out = append(out, w+".")
	}
	if m.m.Kind == stat.Flow && !m.counts && m.m.Unit == stat.Percent && m.toDate(m.last) == nil {
		out = append(out, "There is no percentage of the year to date: months' percentages are not averaged, and their numerators and denominators are not all held.")
	}
	if rate, year := m.rollingRate(m.last); rate != nil && year != estimateFor(m.last) {
		out = append(out, fmt.Sprintf("The rate of the twelve months uses the population estimate for mid-%d, the latest held.", year))
	}
	if m.m.Kind == stat.Snapshot {
		for _, o := range m.newer() {
			if year := m.f.provisional(o); year > 0 && m.counts && m.m.Unit == stat.RateOf {
				return append(out, provisionalWarning("by month", year))
			}
		}
	}
	return out
}
