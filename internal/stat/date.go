package stat

import (
	"fmt"
	"time"
)

// Date is a calendar day. The zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day of t in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads an ISO day, 2025-03-31.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2025-03-31", s)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Time is midnight UTC of the day.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// String is the ISO form, "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText is String, for JSON.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads an ISO day, or "" for no day.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = Date{}
	if len(text) > 0 {
		*d, err = ParseDate(string(text))
	}
	return err
}

// Long is the day in words: 31 March 2025.
func (d Date) Long() string { return d.Time().Format("2 January 2006") }

// Compare orders days.
func (d Date) Compare(o Date) int { return d.Time().Compare(o.Time()) }

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// AddDays is n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// MonthEnd is the last day of d's month.
func (d Date) MonthEnd() Date {
	return DateOf(time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC))
}

// AddMonthEnds is the last day of the month n months after d's.
func (d Date) AddMonthEnds(n int) Date {
	return DateOf(time.Date(d.Year, d.Month+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC))
}

// FinancialYear is the year in which d's financial year ends on 31 March.
func (d Date) FinancialYear() int {
	if d.Month > time.March {
		return d.Year + 1
	}
	return d.Year
}

// Release is the day or month of a publication: "2025-10-23" or "2025-10".
type Release string

// ParseRelease reads a day or a month.
func ParseRelease(s string) (Release, error) {
	for _, form := range []string{time.DateOnly, yearMonth} {
		if _, err := time.Parse(form, s); err == nil {
			return Release(s), nil
		}
	}
	return "", fmt.Errorf("%q is not a release date such as 2025-10-23 or 2025-10", s)
}

// By reports whether the release was out by day d. A month counts from its
// last day: nothing is claimed to have been known before it surely was.
func (r Release) By(d Date) bool { return d.IsZero() || r.Last().Compare(d) <= 0 }

// Last is the last day the release can have come out on, the zero Date for an
// empty release.
func (r Release) Last() Date {
	form := time.DateOnly
	if len(r) == len(yearMonth) { // every read asks: a failing parse costs more than a right one
		form = yearMonth
	}
	t, err := time.Parse(form, string(r))
	switch {
	case err != nil:
		return Date{}
	case form == yearMonth:
		return DateOf(t).MonthEnd()
	}
	return DateOf(t)
}

const yearMonth = "2006-01"

// Long is the release in words: October 2025, or 23 October 2025.
func (r Release) Long() string {
	if t, err := time.Parse(yearMonth, string(r)); err == nil {
		return t.Format("January 2006")
	}
	if d := r.Last(); !d.IsZero() {
		return d.Long()
	}
	return ""
}
