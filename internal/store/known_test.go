package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
)

// As of 30 April 2023, of 31 March 2023.
func TestReadOwnAsOf(t *testing.T) {
	const spring = "2023-04-30"
	for _, tt := range []struct {
		name  string
		said  []said
		asOf  string
		shown []string
	}{
		{"known by then", []said{{stat.Council, "2023-04-12", "2201", "658.1"}}, spring, []string{"council: 2201 (2023-04-12) 658.1 (2023-04-12)"}},
		{"loaded later", []said{{stat.Council, "2026-11-22", "2201", "658.1"}}, spring, []string{"council: 2201 (2026-11-22) 658.1 (2026-11-22)"}},
		{"the first version of those loaded later", []said{{stat.Council, "2026-11-22", "2199", "657.5"}, {stat.Council, "2024-01-05", "2201", "658.1"}}, spring,
			[]string{"council: 2201 (2024-01-05) 658.1 (2024-01-05)"}},
		{"a correction of that release", []said{{stat.Council, "2024-01-05", "2021", ""}, {stat.Council, "2024-01-05", "2201", ""}}, spring, []string{"council: 2201 (2024-01-05)"}},
		{"the version known by then", []said{{stat.Council, "2024-01-05", "2199", "657.5"}, {stat.Council, "2023-04-12", "2201", "658.1"}, {stat.Council, "2023-04-20", "2200", "657.8"}}, spring,
			[]string{"council: 2200 (2023-04-20) 657.8 (2023-04-20)"}},
		{"a part that a later one adds", []said{{stat.Council, "2023-04-12", "2201", ""}, {stat.Council, "2024-01-05", "2201", "658.1"}}, spring,
			[]string{"council: 2201 (2023-04-12) 658.1 (2024-01-05)"}},
		{"and not where it says the rest otherwise", []said{{stat.Council, "2023-04-12", "2201", ""}, {stat.Council, "2024-01-05", "2199", "657.5"}}, spring,
			[]string{"council: 2201 (2023-04-12)"}},
		{"nor among those loaded later", []said{{stat.Council, "2024-01-05", "2201", ""}, {stat.Council, "2025-01-05", "2199", "657.5"}}, spring,
			[]string{"council: 2201 (2024-01-05)"}},
		{"a part in a file of its own", []said{{stat.Council, "2024-01-06", "", "658.1"}, {stat.Council, "2024-01-05", "2201", ""}}, spring,
			[]string{"council: 2201 (2024-01-05) 658.1 (2024-01-06)"}},
		{"a gap gives way", []said{{stat.Council, "2023-04-12", "-", ""}, {stat.Council, "2024-01-05", "-", ""}, {stat.Council, "2025-01-05", "2201", ""}}, spring,
			[]string{"council: 2201 (2025-01-05)"}},
		{"a gap that nothing fills", []said{{stat.Council, "2023-04-12", "-", ""}, {stat.Council, "2024-01-05", "-", ""}}, spring,
			[]string{"council: - (2023-04-12)"}},
		{"a mark with a reason stays", []said{{stat.Council, "2023-04-12", "c", ""}, {stat.Council, "2024-01-05", "2201", ""}}, spring,
			[]string{"council: c (2023-04-12)"}},
		{"others' releases are later", []said{restated[0], {stat.Council, "2026-11-22", "2201", ""}}, spring, []string{"council: 2201 (2026-11-22)"}},
		{"others' are as they were", append(slices.Clone(restated), said{stat.Council, "2026-11-22", "2201", ""}), "2024-06-01",
			[]string{"DfE: 2196 (2023-10) 656.7 (2023-10)", "council: 2201 (2026-11-22)"}},
		{"the day it ended", []said{{stat.Council, "2026-11-22", "2201", ""}}, "2023-03-31", []string{"council: 2201 (2026-11-22)"}},
		{"before it had ended", []said{{stat.Council, "2026-11-22", "2201", ""}}, "2023-03-30", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t)
			for i, s := range tt.said {
				keep(t, db, s.submission(i))
			}
			for _, areas := range [][]string{nil, {hartlepool, middlesbrough}} {
				q := stat.Query{Measures: []string{"cin"}, Areas: areas, AsOf: day(t, tt.asOf), Own: true}
				if diff := cmp.Diff(tt.shown, showns(read(t, db, q))); diff != "" {
					t.Errorf("of areas %v (-want +got):\n%s", areas, diff)
				}
				q.Own = false
				for _, o := range read(t, db, q).Observations {
					if f := o.Count; f.Given() && !f.Origin.Released.By(q.AsOf) {
						t.Errorf("without Own it has %s", shown(o))
					}
				}
			}
		})
	}
}

// Without a day, Own says nothing.
func TestReadOwnOfToday(t *testing.T) {
	db := open(t)
	keep(t, db, said{stat.Council, "2024-01-05", "2201", ""}.submission(0), said{stat.Council, "2024-02-05", "2199", ""}.submission(1))
	got := showns(read(t, db, stat.Query{Measures: []string{"cin"}, Own: true}))
	if diff := cmp.Diff([]string{"council: 2199 (2024-02-05)"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Keys that only late files have stand in order among the rest, and what was
// restated by the day is told as it was.
func TestReadOwnInOrder(t *testing.T) {
	db := open(t)
	early, late := many(2, 3, 4), many(2, 3, 6)
	keep(t, db, submission("a.csv", stat.DfE, "2020-01", early...), submission("b.csv", stat.Council, "2026-11-22", late...),
		submission("c.csv", stat.Council, "2026-11-23", late...))
	h := read(t, db, stat.Query{Measures: []string{"m00", "m01"}, AsOf: day(t, "2099-12-31"), Own: true})
	was := read(t, db, stat.Query{Measures: []string{"m00", "m01"}, AsOf: day(t, "2026-11-21"), Own: true})
	if len(was.Observations) != len(h.Observations) || len(was.Restated) != 0 {
		t.Fatalf("%d observations and %d restatements, want %d and none", len(was.Observations), len(was.Restated), len(h.Observations))
	}
	for i, o := range was.Observations {
		if o.Key != h.Observations[i].Key || o.Publisher() != h.Observations[i].Publisher() {
			t.Fatalf("at %d stands %s %s, want %s %s", i, o.Publisher(), o.Key, h.Observations[i].Publisher(), h.Observations[i].Key)
		}
		if o.Publisher() == stat.Council && o.Count.Origin.File != "b.csv" {
			t.Errorf("%s is from %s, want the first version", o.Key, o.Count.Origin.File)
		}
	}
}

func showns(h stat.Holding) (out []string) {
	for _, o := range h.Observations {
		out = append(out, shown(o))
	}
	return out
}
