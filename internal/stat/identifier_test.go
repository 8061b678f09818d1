package stat_test

import (
	"fmt"
	"strings"
	"testing"

	"bellwether/internal/stat"
)

// Every identifier of DfE's standard, with its first and last day.
func TestParseIdentified(t *testing.T) {
	for _, tt := range []struct{ period, identifier, want string }{
		{"2025", "Reporting year", "year 2024-04-01 2025-03-31"},
		{"2024", "Calendar year", "year 2024-01-01 2024-12-31"},
		{"202425", "Financial year", "year 2024-04-01 2025-03-31"},
		{"2024-25", "Financial year", "year 2024-04-01 2025-03-31"},
		{"2024/2025", "financial Year", "year 2024-04-01 2025-03-31"},
		{"202425", "Financial year Q1", "quarter 2024-04-01 2024-06-30"},
		{"202425", "Financial year Q2", "quarter 2024-07-01 2024-09-30"},
		{"202425", "Financial year Q3", "quarter 2024-10-01 2024-12-31"},
		{"202425", "Financial year Q4", "quarter 2025-01-01 2025-03-31"},
		{"202425", "Part 1 (April to September)", "half 2024-04-01 2024-09-30"},
		{"202425", "Part 2 (October to March)", "half 2024-10-01 2025-03-31"},
		{"202425", "Academic year", "year 2024-09-01 2025-08-31"},
		{"202425", "Autumn term", "half 2024-09-01 2024-12-31"},
		{"202425", "Spring term", "quarter 2025-01-01 2025-03-31"},
		{"202425", "Summer term", "half 2025-04-01 2025-08-31"},
		{"202425", "Autumn and spring term", "half 2024-09-01 2025-04-30"},
		{"202425", "Tax year", "year 2024-04-06 2025-04-05"},
		{"2024", "Calendar year Q2", "quarter 2024-04-01 2024-06-30"},
		{"2024", "February", "month 2024-02-01 2024-02-29"},
		{"2024", "December", "month 2024-12-01 2024-12-31"},
		{"2024", "Week 1", "week 2024-01-01 2024-01-07"},
		{"2021", "Week 1", "week 2021-01-04 2021-01-10"},
		{"2023", "Week 1", "week 2023-01-02 2023-01-08"},
		{"2024", "Week 52", "week 2024-12-23 2024-12-29"},
		{"2020", "Week 53", "week 2020-12-28 2021-01-03"},
		{"199900", "Financial year", "year 1999-04-01 2000-03-31"},
		{"2025-03-31", "", "day 2025-03-31 2025-03-31"},
	} {
		p, err := stat.ParseIdentified(tt.period, tt.identifier)
		if got := fmt.Sprintf("%s %s %s", p.Span, p.Start(), p.End); err != nil || got != tt.want {
			t.Errorf("%s, %s = %s, %v; want %s", tt.period, tt.identifier, got, err, tt.want)
			continue
		}
		back, err := stat.ParsePeriod(p.String())
		if back != p {
			t.Errorf("%s, %s is written %q, which reads as %v, %v", tt.period, tt.identifier, p, back, err)
		}
	}
	for i := 1; i <= 52; i++ {
		if p, err := stat.ParseIdentified("2025", fmt.Sprintf("Week %d", i)); err != nil || p.End.Time().Weekday() != 0 {
			t.Errorf("week %d ends %v, %v", i, p.End, err)
		}
	}
}

func TestNotIdentified(t *testing.T) {
	for _, tt := range []struct{ period, identifier, says string }{
		{"2024", "Financial year", "such as 202425"}, // begins or ends in 2024?
		{"202426", "Financial year", "such as 202425"},
		{"2024", "Academic year", "such as 202425"},
		{"202425", "Calendar year", "such as 2025"},
		{"202425", "March", "such as 2025"},
		{"2024", "Week 53", "such as 2025"}, // 2024 has 52
		{"2024", "Week 0", "such as 2025"},
		{"202425", "Academic year Q1", "Reporting year"}, // two reckonings, and not of the standard
		{"2025", "Once", "Reporting year"},
		{"", "Reporting year", "not a period"},
	} {
		if p, err := stat.ParseIdentified(tt.period, tt.identifier); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s, %s = %v, %v; want an error with %q", tt.period, tt.identifier, p, err, tt.says)
		}
	}
}

func FuzzParseIdentified(f *testing.F) {
	for _, s := range [][2]string{{"202425", "Academic year"}, {"2025", "Week 53"}, {"2025", "Reporting year"}, {"2024-25", "Part 1 (April to September)"}, {"9999", "May"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, period, identifier string) {
		p, err := stat.ParseIdentified(period, identifier)
		if err == nil && (p.IsZero() || p.End.Before(p.Start())) {
			t.Errorf("%q, %q = %+v from %s", period, identifier, p, p.Start())
		}
	})
}
