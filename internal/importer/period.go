package importer

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// periodRef is what a row says of its period.
type periodRef struct {
	text, identifier string
	monthly          bool // stands in a column of months
}

type foundPeriod struct {
	period stat.Period
	fault  *complaint
}

// period reads a row's period by the layout's rules.
func (r *reading) period(c workbook.Cell, identifier string, monthly bool) foundPeriod {
	if c.Kind == workbook.Date {
		return foundPeriod{period: datePeriod(c, monthly)}
	}
	if c.Kind == workbook.Error || formulaError.MatchString(c.Text) {
		return foundPeriod{fault: noFormula(c.Text, "a period")}
	}
	ref := periodRef{strings.TrimSpace(c.Text), identifier, monthly}
	found, ok := r.periods[ref]
	if !ok {
		found = r.findPeriod(ref)
		r.periods[ref] = found
	}
	return found
}

var yearMonth = regexp.MustCompile(`^\d{4}-\d{2}$`)

func (r *reading) findPeriod(ref periodRef) foundPeriod {
	if year, err := strconv.Atoi(ref.text); err == nil && year >= 1900 && year < 2200 && r.layout.YearEnds != "" {
		return foundPeriod{period: stat.OnDay(monthDay(year, r.layout.YearEnds))}
	}
	p, err := stat.ParseIdentified(ref.text, ref.identifier)
	if err != nil && ref.monthly && yearMonth.MatchString(ref.text) {
		p, err = stat.ParsePeriod(ref.text + "-01") // 2011-12 may be a year elsewhere, not here
	}
	if err != nil {
		_, err = stat.ParseIdentified(ref.text, ref.identifier)
		return foundPeriod{fault: &complaint{"unreadable_period", err.Error()}}
	}
	if ref.monthly && p.Span == stat.Day {
		p = wholeMonth(p.End)
	}
	return foundPeriod{period: p}
}

// datePeriod is the day, or the month where the cell shows none but the month
// or stands in a column of months.
func datePeriod(c workbook.Cell, monthly bool) stat.Period {
	d := stat.DateOf(c.Time)
	if monthly || !strings.Contains(strings.ToLower(c.Format), "d") && c.Format != "" {
		return wholeMonth(d)
	}
	return stat.OnDay(d)
}

// wholeMonth takes the first or last day of a month for the month itself.
func wholeMonth(d stat.Date) stat.Period {
	if d.Day == 1 || d == d.MonthEnd() {
		return stat.InMonth(d.Year, d.Month)
	}
	return stat.OnDay(d)
}

// timely is what is wrong with a period for a measure, if anything.
func (r *reading) timely(p stat.Period, m *stat.Measure) (stat.Period, *complaint) {
	p, err := p.For(m.Kind)
	if err != nil {
		return p, &complaint{"wrong_period", err.Error()}
	}
	if r.o.Today.Before(p.End) {
		return p, &complaint{"future_period", fmt.Sprintf("%s ends after today, %s: correct the period, or leave the figure out until then", p.Label(), r.o.Today.Long())}
	}
	return p, nil
}
