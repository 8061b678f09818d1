package stat_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"bellwether/internal/stat"
)

func TestRate(t *testing.T) {
	for _, c := range []struct {
		count, population float64
		decimals          int
		want              float64
	}{
		{493, 35617, 0, 138},     // Middlesbrough, children looked after, 31 March 2025
		{353, 35617, 1, 99.1},    // plans, the same day
		{2005, 35617, 1, 562.9},  // children in need, the same day
		{412, 31964, 2, 128.90},  // half up; the council's report of 2016 truncated to 128.89
		{1, 20000, 0, 1},         // exactly a half goes up
		{0, 35617, 1, 0},         // a published 0 is a true zero
		{81770, 12183016, 0, 67}, // England
	} {
		if got, ok := stat.Rate(c.count, c.population, c.decimals); !ok || got != c.want {
			t.Errorf("Rate(%v, %v, %d) = %v, %v; want %v", c.count, c.population, c.decimals, got, ok, c.want)
		}
	}
	for _, bad := range [][2]float64{{1, 0}, {-1, 100}, {1, -5}, {math.NaN(), 1}, {1, math.NaN()}, {math.Inf(1), 1}} {
		if r, ok := stat.Rate(bad[0], bad[1], 1); ok {
			t.Errorf("Rate(%v) = %v, want none", bad, r)
		}
	}
}

func TestRoundHalfUp(t *testing.T) {
	for _, c := range []struct {
		x        float64
		decimals int
		want     float64
	}{
		{104.85, 1, 104.9}, {0.5, 0, 1}, {-0.5, 0, -1}, {2.675, 2, 2.68}, {120.4, 1, 120.4}, {1.005, 2, 1.01}, {484.65, 1, 484.7},
	} {
		if got := stat.RoundHalfUp(c.x, c.decimals); got != c.want {
			t.Errorf("RoundHalfUp(%v, %d) = %v, want %v", c.x, c.decimals, got, c.want)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{stat.Format(1267, 0), "1,267"}, {stat.Format(12183016, 0), "12,183,016"}, {stat.Format(128.9, 2), "128.90"},
		{stat.Format(-8, 1), "−8.0"}, {stat.Format(-0.01, 1), "0.0"}, {stat.Format(999, 0), "999"},
		{stat.FormatChange(8, 0), "+8"}, {stat.FormatChange(-5.5, 1), "−5.5"}, {stat.FormatChange(0.04, 1), "no change"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func period(t *testing.T, s string) stat.Period {
	t.Helper()
	p, err := stat.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestConsecutive(t *testing.T) {
	for _, c := range []struct {
		later, earlier string
		step           stat.Span
		want           bool
	}{
		{"2024-25", "2023-24", stat.Year, true}, {"2024-25", "2021-22", stat.Year, false},
		{"2025-03-31", "2024-03-31", stat.Year, true}, {"2024-09-30", "2023-09-30", stat.Year, true},
		{"2016-09-26", "2015-09-26", stat.Year, true}, {"2025-03-31", "2025-02-28", stat.Month, true},
		{"2024-02-29", "2024-01-31", stat.Month, true}, {"2024-25-Q2", "2024-25-Q1", stat.Quarter, true},
		{"2024-25", "2024-03-31", stat.Year, false}, {"2024-03-31", "2025-03-31", stat.Year, false},
	} {
		if got := period(t, c.later).Consecutive(period(t, c.earlier), c.step); got != c.want {
			t.Errorf("%s after %s by %s: %v, want %v", c.later, c.earlier, c.step, got, c.want)
		}
	}
}

// A snapshot stands on the last day; a lone day says nothing of a flow.
func TestPeriodFor(t *testing.T) {
	if p, err := period(t, "Sep-26").For(stat.Snapshot); err != nil || p.String() != "2026-09-30" {
		t.Errorf("snapshot of Sep-26 = %v, %v", p, err)
	}
	if p, err := period(t, "2025").For(stat.Flow); err != nil || p.String() != "2024-25" {
		t.Errorf("flow of 2025 = %v, %v", p, err)
	}
	if p, err := period(t, "2016-09-26").For(stat.Flow); err == nil {
		t.Errorf("flow on one day = %v, want an error", p)
	}
}

func TestPeriodStart(t *testing.T) {
	for text, want := range map[string]string{"2024-25": "2024-04-01", "2026-09": "2026-09-01", "2024-25-Q4": "2025-01-01", "2025-03-31": "2025-03-31"} {
		if got := period(t, text).Start().String(); got != want {
			t.Errorf("%s starts %s, want %s", text, got, want)
		}
	}
}

func TestReleaseBy(t *testing.T) {
	day := func(s string) stat.Date { d, _ := stat.ParseDate(s); return d }
	for _, c := range []struct {
		release, by string
		want        bool
	}{
		{"2025-10", "2025-10-30", false}, {"2025-10", "2025-10-31", true}, {"2025-10-23", "2025-10-23", true}, {"2025-10-23", "2025-10-22", false},
	} {
		if got := stat.Release(c.release).By(day(c.by)); got != c.want {
			t.Errorf("%s out by %s: %v, want %v", c.release, c.by, got, c.want)
		}
	}
	if !stat.Release("2025-10").By(stat.Date{}) {
		t.Error("no day is every day")
	}
}

func TestDateText(t *testing.T) {
	for text, want := range map[string]stat.Date{`"2025-03-31"`: {Year: 2025, Month: 3, Day: 31}, `""`: {}} {
		var d stat.Date
		if err := json.Unmarshal([]byte(text), &d); err != nil || d != want {
			t.Errorf("%s reads %v, %v", text, d, err)
		}
		if b, err := json.Marshal(want); err != nil || string(b) != text {
			t.Errorf("%v writes %s, %v, want %s", want, b, err, text)
		}
	}
	if err := json.Unmarshal([]byte(`"31 March"`), new(stat.Date)); err == nil {
		t.Error("31 March passes for a day")
	}
}

func TestReleaseLast(t *testing.T) {
	for r, want := range map[stat.Release]string{"2025-10-23": "2025-10-23", "2024-02": "2024-02-29", "": "", "2025": "", "2025-1": "", "2025-13": "", "2025-02-30": "", "October": ""} {
		if got := r.Last().String(); got != want {
			t.Errorf("%q came out by %q, want %q", r, got, want)
		}
	}
}

func TestMarks(t *testing.T) {
	for text, want := range map[string]stat.Mark{"c": "c", "[c]": "c", " X ": "x", "low": "low", "z": "z", "u": "u", "k": "k"} {
		if m, ok := stat.ParseMark(text); !ok || m != want {
			t.Errorf("ParseMark(%q) = %q, %v", text, m, ok)
		}
	}
	for _, text := range []string{"", "0", "-", "x?", "n/a", "cc"} {
		if m, ok := stat.ParseMark(text); ok {
			t.Errorf("ParseMark(%q) = %q, want none", text, m)
		}
	}
	zero, marked := stat.Figure{Text: "0"}, stat.Figure{Text: "c", Mark: stat.Confidential}
	if zero.Same(marked) || marked.Known() || !zero.Known() {
		t.Error("a mark is never a zero")
	}
}

func TestCatalogue(t *testing.T) {
	cat, err := stat.NewCatalogue(
		[]stat.Measure{{Code: "cla", Name: "Children looked after", Aliases: []string{"LAC"}}},
		[]stat.Area{
			{Code: "E06000002", Number: "806", Name: "Middlesbrough"},
			{Code: "E10000009", Number: "835", Name: "Dorset"},
			{Code: "E06000059", Number: "838", Name: "Dorset"},
			{Code: "E06000066", Number: "933", Name: "Somerset", OtherCodes: []string{"E10000027"}},
		})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"806": "E06000002", "middlesbrough": "E06000002", "E10000027": "E06000066", "838": "E06000059"} {
		if a, err := cat.Area(name); err != nil || a.Code != want {
			t.Errorf("Area(%q) = %s, %v; want %s", name, a.Code, err, want)
		}
	}
	if _, err := cat.Area("Dorset"); !errors.Is(err, stat.ErrAmbiguous) {
		t.Errorf("Dorset: %v, want ErrAmbiguous", err)
	}
	if _, err := cat.Area("Atlantis"); !errors.Is(err, stat.ErrUnknown) {
		t.Errorf("Atlantis: %v, want ErrUnknown", err)
	}
	if m, err := cat.Measure("lac"); err != nil || m.Code != "cla" {
		t.Errorf("lac = %v, %v", m.Code, err)
	}
	if _, err := stat.NewCatalogue([]stat.Measure{{Code: "a", Name: "Same"}, {Code: "b", Name: "same"}}, nil); err == nil {
		t.Error("two measures of one name pass")
	}
}
