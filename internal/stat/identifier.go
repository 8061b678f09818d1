package stat

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// identified is how a time_identifier is read: with a time_period of four
// digits, the year, or of six, two consecutive years, of which it gets the
// first.
type identified struct {
	six  bool
	read func(year int) Period
}

// identifiers are those of DfE's open-data standard, folded
// (https://dfe-analytical-services.github.io/analysts-guide, open data
// standards, time). Months and weeks are beside them.
//
// An academic year ends on 31 August. A term has no dates of its own, since
// each school sets them: autumn, spring and summer end on the days the law
// prescribes for reaching school age, 31 December, 31 March and 31 August (SI
// 1998/1607), and "autumn and spring" on 30 April, by when Easter has been.
var identifiers = map[string]identified{
	"reporting year": {false, ReportingYear},
	"calendar year":  {false, func(y int) Period { return Period{Date{y, time.December, 31}, Year} }},

	"financial year":            {true, func(y int) Period { return ReportingYear(y + 1) }},
	"part 1 april to september": {true, func(y int) Period { return Period{Date{y, time.September, 30}, Half} }},
	"part 2 october to march":   {true, func(y int) Period { return Period{Date{y + 1, time.March, 31}, Half} }},
	"tax year":                  {true, func(y int) Period { return Period{Date{y + 1, time.April, 5}, Year} }},
	"academic year":             {true, func(y int) Period { return Period{Date{y + 1, time.August, 31}, Year} }},
	"autumn term":               {true, func(y int) Period { return Period{Date{y, time.December, 31}, Half} }},
	"spring term":               {true, func(y int) Period { return Period{Date{y + 1, time.March, 31}, Quarter} }},
	"summer term":               {true, func(y int) Period { return Period{Date{y + 1, time.August, 31}, Half} }},
	"autumn and spring term":    {true, func(y int) Period { return Period{Date{y + 1, time.April, 30}, Half} }},
	"financial year q1":         financialQ(1),
	"financial year q2":         financialQ(2),
	"financial year q3":         financialQ(3),
	"financial year q4":         financialQ(4),
	"calendar year q1":          calendarQ(1),
	"calendar year q2":          calendarQ(2),
	"calendar year q3":          calendarQ(3),
	"calendar year q4":          calendarQ(4),
}

// termBegins tells the terms from the halves of a financial year, which end
// in September and March, by their last day.
var termBegins = map[time.Month]time.Month{
	time.December: time.September, // autumn
	time.April:    time.September, // autumn and spring
	time.August:   time.April,     // summer
}

func financialQ(q int) identified {
	return identified{true, func(y int) Period { return Period{ReportingYear(y + 1).End.AddMonthEnds(3*q - 12), Quarter} }}
}

func calendarQ(q int) identified {
	return identified{false, func(y int) Period { return Period{Date{y, time.Month(3 * q), 1}.MonthEnd(), Quarter} }}
}

// ParseIdentified reads a period by DfE's time_period and time_identifier. A
// "Week 7" is ISO 8601's, Monday to Sunday.
func ParseIdentified(period, identifier string) (Period, error) {
	period = strings.TrimSpace(period)
	id := Fold(identifier)
	if id == "" {
		return ParsePeriod(period)
	}
	how, known := identifiers[id]
	if m := monthNamed(id); m != 0 {
		how, known = identified{false, func(y int) Period { return InMonth(y, time.Month(m)) }}, true
	}
	if w := week.FindStringSubmatch(id); w != nil {
		how, known = identified{false, func(y int) Period { return isoWeek(y, num(w[1])) }}, true
	}
	if !known {
		return Period{}, fmt.Errorf("%q with identifier %q is not a period that can be read: use an identifier of DfE's standard, such as Reporting year, Financial year or Academic year", period, identifier)
	}
	year, ok := how.year(period)
	if p := how.at(year); ok && !p.IsZero() {
		return p, nil
	}
	if id == "reporting year" {
		return ParsePeriod(period)
	}
	example := "the year, such as 2025"
	if how.six {
		example = "the two years it lies in, such as 202425"
	}
	return Period{}, fmt.Errorf("%q with identifier %q is not a period that can be read: give %s", period, identifier, example)
}

var (
	week     = regexp.MustCompile(`^week (\d{1,2})$`)
	twoYears = regexp.MustCompile(`^(\d{4})[-/ ]?(\d{2}|\d{4})$`)
	oneYear  = regexp.MustCompile(`^\d{4}$`)
)

// year is the first one the text names.
func (i identified) year(text string) (int, bool) {
	if !i.six {
		return num(text), oneYear.MatchString(text) && sane(num(text))
	}
	m := twoYears.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	_, ok := financialYear(m[1], m[2])
	return num(m[1]), ok
}

func (i identified) at(year int) Period {
	if !sane(year) {
		return Period{}
	}
	return i.read(year)
}

// isoWeek is no period where the year has no such week.
func isoWeek(year, n int) Period {
	fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC) // always in week 1
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(n-1))
	if y, w := monday.ISOWeek(); y != year || w != n {
		return Period{}
	}
	return Period{DateOf(monday.AddDate(0, 0, 6)), Week}
}

// between reads "2024-09-01 to 2025-08-31", as String writes a period that
// has no shorter form.
func between(from, to string) (Period, bool) {
	start, err1 := ParseDate(from)
	end, err2 := ParseDate(to)
	if err1 != nil || err2 != nil || !sane(start.Year) || !sane(end.Year) {
		return Period{}, false
	}
	for _, s := range []Span{Week, Month, Quarter, Half, Year} {
		if p := (Period{end, s}); p.Start() == start {
			return p, true
		}
	}
	return Period{}, false
}

// calendar reads "calendar 2024".
func calendar(year string) (Period, bool) {
	y, err := strconv.Atoi(year)
	return Period{Date{y, time.December, 31}, Year}, err == nil && sane(y)
}
