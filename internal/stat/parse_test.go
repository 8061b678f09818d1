package stat_test

import (
	"strings"
	"testing"

	"bellwether/internal/stat"
)

func TestParsePeriod(t *testing.T) {
	for text, want := range map[string]string{
		"2025": "year 2025-03-31", "2025-03-31": "day 2025-03-31", "31/03/2025": "day 2025-03-31",
		"31 March 2025": "day 2025-03-31", "31-Mar-25": "day 2025-03-31", "2024-25": "year 2025-03-31",
		"2024/25": "year 2025-03-31", "202425": "year 2025-03-31", "2024-25-Q2": "quarter 2024-09-30",
		"2024/25 Q1": "quarter 2024-06-30", "Q1 2024-25": "quarter 2024-06-30", "2024-25-Q4": "quarter 2025-03-31",
		"2024-Q2": "quarter 2024-06-30", "2026-09": "month 2026-09-30", "Sep-26": "month 2026-09-30",
		"Sept 2026": "month 2026-09-30", "06/2026": "month 2026-06-30", "6/2026": "month 2026-06-30", "September 2026": "month 2026-09-30", "Apr-24": "month 2024-04-30",
		"2024-02": "month 2024-02-29", "2024-12": "month 2024-12-31", "2011/12": "year 2012-03-31",
	} {
		p, err := stat.ParsePeriod(text)
		if got := string(p.Span) + " " + p.End.String(); err != nil || got != want {
			t.Errorf("ParsePeriod(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"Apr": "no year", "2011-12": "month or a financial year", "2014-16": "not a period", "2025-02-30": "not a period",
		"": "not a period", "YTD": "not a period", "13/13/2024": "not a period", "2024-13": "not a period", "13/2026": "not a period",
	} {
		if p, err := stat.ParsePeriod(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParsePeriod(%q) = %v, %v; want an error with %q", text, p, err, want)
		}
	}
}

// What a period is written as reads back as the same period.
func TestPeriodRoundTrip(t *testing.T) {
	for _, text := range []string{"2025-03-31", "2024-25", "2024-25-Q2", "2026-09"} {
		p, err := stat.ParsePeriod(text)
		if err != nil || p.String() != text {
			t.Errorf("ParsePeriod(%q).String() = %q, %v", text, p, err)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2025", "31/03/2025", "2024-25-Q2", "Sep-26", "Apr"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := stat.ParsePeriod(s)
		if err == nil && (p.End.Compare(p.Start()) < 0 || p.IsZero()) {
			t.Errorf("ParsePeriod(%q) = %+v", s, p)
		}
	})
}
