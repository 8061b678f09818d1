package stat

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Span is how long a period is.
type Span string

const (
	Day     Span = "day" // a date, as a snapshot has
	Week    Span = "week"
	Month   Span = "month"
	Quarter Span = "quarter"
	Half    Span = "half"
	Year    Span = "year"
)

var spanOrder = map[Span]int{Day: 0, Week: 1, Month: 2, Quarter: 3, Half: 4, Year: 5}

// Period is a date, or the span of time that ends with it.
type Period struct {
	End  Date
	Span Span
}

// OnDay is the period of a snapshot.
func OnDay(d Date) Period { return Period{d, Day} }

// ReportingYear is the year ending 31 March of year.
func ReportingYear(year int) Period { return Period{Date{year, time.March, 31}, Year} }

// InMonth is a calendar month.
func InMonth(year int, m time.Month) Period { return Period{Date{year, m, 1}.MonthEnd(), Month} }

// Start is the first day.
func (p Period) Start() Date {
	switch p.Span {
	case Week:
		return p.End.AddDays(-6)
	case Month:
		return p.End.AddMonthEnds(-1).AddDays(1)
	case Quarter:
		return p.End.AddMonthEnds(-3).AddDays(1)
	case Half:
		if m, term := termBegins[p.End.Month]; term {
			return Date{p.End.Year - 1, m, 1}.inYearTo(p.End)
		}
		return p.End.AddMonthEnds(-6).AddDays(1)
	case Year:
		if p.End != p.End.MonthEnd() { // a tax year
			return Date{p.End.Year - 1, p.End.Month, p.End.Day}.AddDays(1)
		}
		return p.End.AddMonthEnds(-12).AddDays(1)
	}
	return p.End
}

// inYearTo is d, or d a year later where that is still no later than end.
func (d Date) inYearTo(end Date) Date {
	if later := (Date{d.Year + 1, d.Month, d.Day}); !end.Before(later) {
		return later
	}
	return d
}

// IsZero reports whether p is no period.
func (p Period) IsZero() bool { return p == Period{} }

// Compare orders by end, then by length.
func (p Period) Compare(o Period) int {
	if c := p.End.Compare(o.End); c != 0 {
		return c
	}
	return cmp.Compare(spanOrder[p.Span], spanOrder[o.Span])
}

// Compare orders keys by measure, breakdown, area and period.
func (k Key) Compare(o Key) int {
	if c := strings.Compare(k.Measure, o.Measure); c != 0 {
		return c
	}
	if c := strings.Compare(k.Breakdown, o.Breakdown); c != 0 {
		return c
	}
	if c := strings.Compare(k.Area, o.Area); c != 0 {
		return c
	}
	return k.Period.Compare(o.Period)
}

// For is the period as a measure of this kind has it: a snapshot stands on
// the last day; a flow needs a span, and a lone day is refused.
func (p Period) For(kind Kind) (Period, error) {
	if kind == Snapshot {
		return OnDay(p.End), nil
	}
	if p.Span == Day {
		return p, fmt.Errorf("%s is a single day, but this measure counts what happened over a period: give a month, quarter or year", p.End.Long())
	}
	return p, nil
}

// Consecutive reports whether p follows o directly on a yearly, quarterly or
// monthly step; two snapshots, when they are one such step apart.
func (p Period) Consecutive(o Period, step Span) bool {
	months := map[Span]int{Month: 1, Quarter: 3, Half: 6, Year: 12}[step]
	if months == 0 || p.Span != o.Span {
		return false
	}
	if p.End != p.End.MonthEnd() || o.End != o.End.MonthEnd() {
		return step == Year && p.End.Month == o.End.Month && p.End.Day == o.End.Day && p.End.Year == o.End.Year+1
	}
	return o.End.AddMonthEnds(months) == p.End
}

// String is the short form a command takes: 2025-03-31, 2024-25, 2024-25-Q2,
// 2026-09. A calendar quarter is written as the financial one it is.
func (p Period) String() string {
	fy := p.End.FinancialYear()
	years := fmt.Sprintf("%d-%02d", fy-1, fy%100)
	switch {
	case p.Span == Month:
		return fmt.Sprintf("%04d-%02d", p.End.Year, p.End.Month)
	case p.Span == Quarter && (p.End.Month%3 == 0):
		return fmt.Sprintf("%s-Q%d", years, (int(p.End.Month)+8)%12/3+1)
	case p.Span == Year && p.End.Month == time.March:
		return years
	case p.Span == Year && p.End.Month == time.December:
		return fmt.Sprintf("calendar %d", p.End.Year)
	case p.Span == Day:
		return p.End.String()
	}
	return fmt.Sprintf("%s to %s", p.Start(), p.End)
}

// Label is the period written out, for a page.
func (p Period) Label() string {
	switch p.Span {
	case Day:
		return p.End.Long()
	case Month:
		return p.End.Time().Format("January 2006")
	case Year:
		return "year ending " + p.End.Long()
	}
	return p.Start().Long() + " to " + p.End.Long()
}
