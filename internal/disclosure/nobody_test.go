package disclosure_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/disclosure"
	"bellwether/internal/stat"
)

// marked is a part of the children looked after that has a mark for a number.
func marked(part string, m stat.Mark) stat.Observation {
	return stat.Observation{Key: cla(part, town), Count: stat.Figure{Mark: m, Text: m.Letter(), At: "A1"}}
}

// A part that nobody gives is no less than nothing, and one that the council
// marks as confidential no less than one: a masked one beside it is not more
// than the total leaves.
func TestPartsNobodyGives(t *testing.T) {
	quarter := visits(6)
	quarter.Period.Span = stat.Quarter
	whole := func(n float64) stat.Observation { return says(cla("", town), n) }
	a := func(n float64) stat.Observation { return says(cla("age: a", town), n) }
	b := func(n float64) stat.Observation { return says(cla("age: b", town), n) }
	tests := []struct {
		name string
		held *memory
		want map[string]string
	}{
		{"it can only be none", (&memory{}).keep(stat.Council, "2025-04", whole(61019), a(61018), b(1), marked("age: c", stat.Unavailable)),
			map[string]string{"": "61019", "a": "c", "b": "c", "c": "x"}},
		{"it leaves three at most", (&memory{}).keep(stat.Council, "2025-04", whole(63), a(60), b(1), marked("age: c", stat.Unavailable)),
			map[string]string{"": "63", "a": "c", "b": "c", "c": "x"}},
		{"it leaves enough", (&memory{}).keep(stat.Council, "2025-04", whole(70), a(60), b(1), marked("age: c", stat.Unavailable)),
			map[string]string{"": "70", "a": "60", "b": "c", "c": "x"}},
		{"both are one", (&memory{}).keep(stat.Council, "2025-04", whole(20), a(18), b(1), marked("age: c", stat.Confidential)),
			map[string]string{"": "20", "a": "c", "b": "c", "c": "c"}},
		{"the council's own mark alone", (&memory{}).keep(stat.Council, "2025-04", whole(21), a(18), marked("age: c", stat.Confidential)),
			map[string]string{"": "21", "a": "c", "c": "c"}},
		{"a number that came later", (&memory{}).keep(stat.Council, "2025-04", whole(50), a(20), marked("age: b", stat.Confidential)).keep(stat.Council, "2025-05", b(30)),
			map[string]string{"": "50", "a": "20", "b": "30"}},
		{"all that is shown is published by others", (&memory{}).keep(stat.Council, "2025-04", b(1), marked("age: c", stat.Unavailable)).keep(stat.DfE, "2025-11", whole(20), a(19)),
			map[string]string{"b": "c", "c": "x"}},
		{"a month", (&memory{}).keep(stat.Council, "2025-07", says(visits(4), 1), says(visits(5), 9), says(quarter, 10)),
			map[string]string{"2025-04": "c", "2025-05": "c", "2025-26-Q1": "10"}},
		{"two parts together", (&memory{}).keep(stat.Council, "2025-04", whole(62), a(60), b(1), marked("age: c", stat.Unavailable), marked("age: d", stat.Unavailable)),
			map[string]string{"": "62", "a": "c", "b": "c", "c": "x", "d": "x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := read(t, disclosure.New(tt.held, catalogue(t), five, true), stat.Query{Measures: []string{"cla", "visits"}})
			got := shown(h, func(k stat.Key) string {
				if k.Measure == "visits" {
					return k.Period.String()
				}
				return place(k)
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Where a council wants nothing masked of a measure, its own marks mask nothing.
func TestMarksWithoutThreshold(t *testing.T) {
	held := (&memory{}).keep(stat.Council, "2025-04", says(cla("", town), 21), says(cla("age: a", town), 18), marked("age: c", stat.Confidential))
	settings := stat.Settings{Threshold: 5, Thresholds: map[string]int{"cla": 0}}
	got := shown(read(t, disclosure.New(held, catalogue(t), settings, true), stat.Query{Measures: []string{"cla"}}), place)
	if diff := cmp.Diff(map[string]string{"": "21", "a": "18", "c": "c"}, got); diff != "" {
		t.Error(diff)
	}
}

// A percentage tells what it is of beside a count in any row.
func TestCountsInOtherRows(t *testing.T) {
	one := func(measure string, n float64) stat.Observation {
		k := stat.Key{Measure: measure, Area: town, Period: march}
		if measure == "begun" || measure == "turnover" {
			k.Period = stat.InMonth(2025, time.March)
		}
		return stat.Observation{Key: k, Value: number(n)}
	}
	closed := one("kin_share", 95.2)
	closed.Denominator = stat.Figure{Mark: stat.Confidential, Text: "c"}
	tests := []struct {
		name string
		held *memory
		want map[string]string
	}{
		{"two others", (&memory{}).keep(stat.Council, "2025-04", one("kin", 40), one("kin_share", 95.2)), map[string]string{"kin": "c", "kin_share": "c"}},
		{"ten others", (&memory{}).keep(stat.Council, "2025-04", one("kin", 40), one("kin_share", 80)), map[string]string{"kin": "40", "kin_share": "80"}},
		{"no others", (&memory{}).keep(stat.Council, "2025-04", one("kin", 40), one("kin_share", 100)), map[string]string{"kin": "40", "kin_share": "100"}},
		{"the count comes later", (&memory{}).keep(stat.Council, "2025-04", one("kin_share", 95.2)).keep(stat.Council, "2025-05", one("kin", 40)), map[string]string{"kin": "c", "kin_share": "c"}},
		{"the count is corrected", (&memory{}).keep(stat.Council, "2025-04", one("kin_share", 95.2), one("kin", 60)).keep(stat.Council, "2025-05", one("kin", 40)), map[string]string{"kin": "c", "kin_share": "c"}},
		{"what it is of is marked", (&memory{}).keep(stat.Council, "2025-04", one("kin", 40), closed), map[string]string{"kin": "c", "kin_share": "c"}},
		{"the count is published by others", (&memory{}).keep(stat.Council, "2025-04", one("kin_share", 95.2)).keep(stat.DfE, "2025-11", one("kin", 40)), map[string]string{"kin_share": "c"}},
		{"another percentage of the same", (&memory{}).keep(stat.Council, "2025-04", one("kin", 40), one("kin_share", 20), one("far_share", 1.5)), map[string]string{"kin": "40", "kin_share": "20", "far_share": "c"}},
		{"a large one", (&memory{}).keep(stat.Council, "2025-04", one("kin", 40), one("kin_share", 20), one("far_share", 50)), map[string]string{"kin": "40", "kin_share": "20", "far_share": "50"}},
		{"a ratio", (&memory{}).keep(stat.Council, "2025-04", one("begun", 12), one("turnover", 3)), map[string]string{"begun": "12", "turnover": "c"}},
		{"a ratio to many", (&memory{}).keep(stat.Council, "2025-04", one("begun", 12), one("turnover", 1.5)), map[string]string{"begun": "12", "turnover": "1.5"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.held.keep(stat.ONS, "2025-01", stat.Observation{Key: stat.Key{Measure: stat.Population, Area: town, Period: stat.OnDay(stat.Date{Year: 2024, Month: 6, Day: 30})}, Value: number(children)})
			h := read(t, disclosure.New(tt.held, catalogue(t), five, true), stat.Query{Measures: []string{"kin", "kin_share", "far_share", "begun", "turnover"}})
			if diff := cmp.Diff(tt.want, shown(h, func(k stat.Key) string { return k.Measure })); diff != "" {
				t.Error(diff)
			}
		})
	}
}
