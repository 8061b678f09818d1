package stat

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A form is one way of writing a period; read gets its submatches.
type form struct {
	pattern *regexp.Regexp
	read    func(m []string) (Period, bool)
}

var forms = []form{
	{re(`(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?(?:\.0+)?z?)?`), func(m []string) (Period, bool) { return day(m[1], num(m[2]), m[3]) }},
	{re(`(\d{1,2})/(\d{1,2})/(\d{4})`), func(m []string) (Period, bool) { return day(m[3], num(m[2]), m[1]) }},
	{re(`(\d{1,2})/(\d{4})`), func(m []string) (Period, bool) { return month(m[2], num(m[1])) }},
	{re(`(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ ,-]*(\d{4}|\d{2})`), func(m []string) (Period, bool) { return day(m[3], monthNamed(m[2]), m[1]) }},
	{re(`([a-z]{3,9})\.?[ /'-]*(\d{4}|\d{2})`), func(m []string) (Period, bool) { return month(m[2], monthNamed(m[1])) }},
	{re(`(\d{4})[-/ ]([a-z]{3,9})`), func(m []string) (Period, bool) { return month(m[1], monthNamed(m[2])) }},
	{re(`(\d{4})[-/ ]*(\d{2}|\d{4})[-/ ]*q([1-4])`), func(m []string) (Period, bool) { return financialQuarter(m[1], m[2], m[3]) }},
	{re(`q([1-4])[-/ ]*(\d{4})[-/ ](\d{2}|\d{4})`), func(m []string) (Period, bool) { return financialQuarter(m[2], m[3], m[1]) }},
	{re(`q([1-4])[-/ ]*(\d{2})[-/](\d{2})`), func(m []string) (Period, bool) { return financialQuarter("20"+m[2], m[3], m[1]) }},
	{re(`(\d{2})[-/](\d{2})[-/ ]*q([1-4])`), func(m []string) (Period, bool) { return financialQuarter("20"+m[1], m[2], m[3]) }},
	{re(`(\d{4})[-/ ]*q([1-4])`), func(m []string) (Period, bool) { return calendarQuarter(m[1], m[2]) }},
	{re(`q([1-4])[-/ ]*(\d{4})`), func(m []string) (Period, bool) { return calendarQuarter(m[2], m[1]) }},
	{re(`(?:fy *)?(\d{4}) *[-/–] *(\d{2}|\d{4})`), func(m []string) (Period, bool) { return yearOrMonth(m[1], m[2]) }},
	{re(`(\d{4})(\d{2})`), func(m []string) (Period, bool) { return financialYear(m[1], m[2]) }},
	{re(`(\d{4})`), func(m []string) (Period, bool) { return reportingYear(m[1]) }},
	{re(`(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})`), func(m []string) (Period, bool) { return between(m[1], m[2]) }},
	{re(`calendar (?:year )?(\d{4})`), func(m []string) (Period, bool) { return calendar(m[1]) }},
}

func re(s string) *regexp.Regexp { return regexp.MustCompile(`^` + s + `$`) }

// ParsePeriod reads a period as people and files write it: 2025 (the
// reporting year ending 31 March 2025), 2025-03-31, 31/03/2025, 31 March 2025,
// 2024-25 and 2024/25 (financial years), 2024-25-Q2, "2024/25 Q1", 2024-Q2 (a
// calendar quarter), 2026-09, 09/2026, Sep-26, September 2026. A month without a year
// is refused, and so is 2011-12, which is a month to some and a year to others.
func ParsePeriod(s string) (Period, error) {
	t := strings.ToLower(strings.Join(strings.Fields(s), " "))
	if m := ambiguous.FindStringSubmatch(t); m != nil && (num(m[1])+1)%100 == num(m[2]) && num(m[2]) >= 1 && num(m[2]) <= 12 {
		return Period{}, fmt.Errorf("%q may be a month or a financial year: write %s/%s for the year, or %s %s for the month", s, m[1], m[2], time.Month(num(m[2])), m[1])
	}
	if monthNamed(t) != 0 {
		return Period{}, fmt.Errorf("%q has no year: write it as %s-24 or %s 2024", s, s, s)
	}
	for _, f := range forms {
		if m := f.pattern.FindStringSubmatch(t); m != nil {
			if p, ok := f.read(m); ok {
				return p, nil
			}
		}
	}
	return Period{}, fmt.Errorf("%q is not a period: write 2025, 2025-03-31, 2024-25, 2024-25-Q2 or Sep 2026", s)
}

var ambiguous = re(`(\d{4})-(\d{2})`)

func num(s string) int { n, _ := strconv.Atoi(s); return n }

// fullYear takes "25" for 2025 and "2025" for itself.
func fullYear(s string) int {
	if y := num(s); len(s) == 4 {
		return y
	} else if len(s) == 2 {
		return 2000 + y
	}
	return 0
}

func sane(y int) bool { return y >= 1900 && y < 2200 }

var monthNames = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthNamed is 0 for what is no month's name or its first three letters (or
// "sept").
func monthNamed(s string) int {
	s = strings.TrimSuffix(s, ".")
	for i, name := range monthNames {
		if s == name || s == name[:3] || s == "sept" && i == 8 {
			return i + 1
		}
	}
	return 0
}

func day(year string, mon int, dd string) (Period, bool) {
	d := Date{fullYear(year), time.Month(mon), num(dd)}
	return OnDay(d), sane(d.Year) && mon >= 1 && DateOf(d.Time()) == d
}

func month(year string, mon int) (Period, bool) {
	y := fullYear(year)
	return InMonth(y, time.Month(mon)), sane(y) && mon >= 1 && mon <= 12
}

func reportingYear(year string) (Period, bool) { return ReportingYear(num(year)), sane(num(year)) }

// financialYear wants the second year to be the next one.
func financialYear(from, to string) (Period, bool) {
	y := num(from)
	next := (y + 1) % 100
	if len(to) == 4 {
		next = y + 1
	}
	return ReportingYear(y + 1), sane(y) && num(to) == next
}

func yearOrMonth(from, to string) (Period, bool) {
	if p, ok := financialYear(from, to); ok {
		return p, true
	}
	if len(to) == 2 {
		return month(from, num(to))
	}
	return Period{}, false
}

func financialQuarter(from, to, q string) (Period, bool) {
	year, ok := financialYear(from, to)
	return Period{year.End.AddMonthEnds(3*num(q) - 12), Quarter}, ok
}

func calendarQuarter(year, q string) (Period, bool) {
	y := num(year)
	return Period{Date{y, time.Month(3 * num(q)), 1}.MonthEnd(), Quarter}, sane(y)
}
