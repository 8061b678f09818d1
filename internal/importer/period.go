package importer

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

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

// numberedMonth is the 9 of a month's column beside the calendar year 2026.
func (t *table) numberedMonth(c workbook.Cell, row workbook.Row) (stat.Period, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(c.Text))
	year, bad := strconv.Atoi(text(row, t.year))
	if err != nil || bad != nil || !t.monthly || n < 1 || n > 12 || year < 1900 || year >= 2200 || t.endYear(row) {
		return stat.Period{}, false
	}
	return stat.InMonth(year, time.Month(n)), true
}

// serialDay is the day that "45961" is where a CSV has a spreadsheet's own
// number for a date, in a column headed as one of dates. It must end or begin a
// month, as figures' days do: the other way of counting days, from 1904, would
// make of the end of a month the day before one.
func (t *table) serialDay(c workbook.Cell) (stat.Period, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(c.Text))
	if err != nil || n < firstSerial || n > lastSerial || !strings.Contains(stat.Fold(t.head[t.period]), "date") {
		return stat.Period{}, false
	}
	d := stat.DateOf(time.Date(1899, time.December, 30+n, 0, 0, 0, 0, time.UTC))
	if d.Day != 1 && d != d.MonthEnd() {
		return stat.Period{}, false
	}
	if t.monthly {
		return wholeMonth(d), true
	}
	return stat.OnDay(d), true
}

// Serial numbers of 1 January 2000 and 31 December 2099.
const firstSerial, lastSerial = 36526, 73050

// endYear reports whether a financial year is given by one number, which may
// be that of its first or its last month.
func (t *table) endYear(row workbook.Row) bool {
	_, err := strconv.Atoi(text(row, t.year))
	return t.year >= 0 && err == nil && stat.Fold(t.head[t.year]) == "financial year"
}

var calendarQuarter = regexp.MustCompile(`(?i)^(?:(\d{4})[-/ ]*q([1-4])|q([1-4])[-/ ]*(\d{4}))$`)

// whichQuarter warns, once for each, of a council's quarter of a calendar year.
func (t *table) whichQuarter(said string, row int) {
	said = strings.Join(strings.Fields(said), " ")
	m := calendarQuarter.FindStringSubmatch(said)
	if m == nil || t.layout.Publisher != stat.Council || t.told[said] {
		return
	}
	t.told[said] = true
	year, _ := strconv.Atoi(m[1] + m[4])
	n, _ := strconv.Atoi(m[2] + m[3])
	months := func(n int) string {
		first := time.Month((n-1)*3%12 + 1)
		return fmt.Sprintf("%s to %s %d", first, first+2, year+(n-1)/4)
	}
	financial := func(n int) string { // the nth quarter from January
		y := year - 1 + (n+2)/4
		return fmt.Sprintf("%d-%02d-Q%d", y, (y+1)%100, (n+2)%4+1)
	}
	t.problem(stat.Warning, "which_quarter", t.at(max(t.period, 0), row), "%q was read as %s. Where it means %s, write %s; where it was read rightly, %s says so without doubt",
		said, months(n), months(n+1), financial(n+1), financial(n))
}

// yearColumn is a column of years that stands beside the period's own.
func (t *table) yearColumn(ln *line) int {
	for _, h := range []string{"year", "financial year"} {
		if cols := ln.cols[h]; len(cols) > 0 && cols[0] != t.period && t.level < 0 {
			return cols[0]
		}
	}
	return -1
}

// noteBand takes a row that says a year and no more for the year of the rows
// below, which may give just months.
func (t *table) noteBand(row workbook.Row) {
	i := firstCell(row.Cells)
	c := cell(row, i)
	if c.Kind != workbook.Text && c.Kind != workbook.Number {
		return
	}
	for _, other := range row.Cells[min(i+1, len(row.Cells)):] {
		if other.Kind != workbook.Empty && other.Text != c.Text {
			return
		}
	}
	if p, err := stat.ParsePeriod(c.Text); err == nil && p.Span == stat.Year {
		t.band = c.Text
	}
}

// periodOfRow gives a month without a year the one beside or above it.
func (t *table) periodOfRow(row workbook.Row) foundPeriod {
	c := cell(row, t.period)
	found := t.reading.period(c, text(row, t.identifier), t.monthly)
	if found.fault == nil {
		t.whichQuarter(c.Text, row.Number)
		return found
	}
	if p, ok := t.numberedMonth(c, row); ok {
		return foundPeriod{period: p}
	}
	if p, ok := t.serialDay(c); ok {
		if !t.told["serial"] {
			t.told["serial"] = true
			t.problem(stat.Note, "serial_date", t.at(t.period, row.Number), "%s is a spreadsheet's number for a day and was read as %s, and the others of the column so too: format the column as dates if that is not the day", strings.TrimSpace(c.Text), p.Label())
		}
		return foundPeriod{period: p}
	}
	if c.Kind != workbook.Text || !bare(c.Text) || t.endYear(row) {
		return found
	}
	for _, year := range []string{text(row, t.year), t.band} {
		if p, ok := withYear(strings.TrimSpace(c.Text), year); ok {
			t.whichQuarter(strings.TrimSpace(c.Text)+" "+year, row.Number)
			return foundPeriod{period: p}
		}
	}
	return found
}

// isTotalRow reports whether "Total" stands where a council's period belongs.
func (t *table) isTotalRow(row workbook.Row) bool {
	s := stat.Fold(text(row, t.period))
	return t.layout.Publisher == stat.Council && (s == "total" || s == "grand total")
}
