package store_test

import (
	"fmt"
	"testing"

	"bellwether/internal/stat"
)

// said is one submission of one observation.
type said struct {
	publisher    string
	released     stat.Release
	count, value string
}

func (s said) submission(i int) stat.Submission {
	return submission(fmt.Sprintf("file%d.csv", i+1), s.publisher, s.released, cin(s.count, s.value))
}

// The restatement is real: DfE published three rates for 31 March 2023 in
// three years, on one count.
var restated = []said{
	{stat.DfE, "2023-10", "2196", "656.7"},
	{stat.DfE, "2024-10", "2196", "642.1"},
	{stat.DfE, "2025-10", "2196", "638.7"},
}

var folds = []struct {
	name  string
	said  []said // as stored
	asOf  string
	shown []string // "publisher: count (release) value (release)"
	last  string   // what the last one was to those before
}{
	{"one", restated[:1], "", []string{"DfE: 2196 (2023-10) 656.7 (2023-10)"}, "new"},
	{"restated", restated, "", []string{"DfE: 2196 (2025-10) 638.7 (2025-10)"}, "revised"},
	{"restated, arriving backwards", []said{restated[2], restated[1], restated[0]}, "",
		[]string{"DfE: 2196 (2025-10) 638.7 (2025-10)"}, "superseded"},
	{"an earlier release that says the same", []said{restated[2], {stat.DfE, "2024-10", "2196", "638.7"}}, "",
		[]string{"DfE: 2196 (2025-10) 638.7 (2025-10)"}, "unchanged"},
	{"an earlier mark arriving late", []said{restated[2], {stat.DfE, "2024-10", "c", "638.7"}}, "",
		[]string{"DfE: 2196 (2025-10) 638.7 (2025-10)"}, "superseded"},
	{"an earlier gap arriving late", []said{restated[2], {stat.DfE, "2024-10", "-", "638.7"}}, "",
		[]string{"DfE: 2196 (2025-10) 638.7 (2025-10)"}, "unchanged"},
	{"as first published", restated, "2024-06-01", []string{"DfE: 2196 (2023-10) 656.7 (2023-10)"}, "revised"},
	{"a month is out on its last day", restated, "2024-10-30", []string{"DfE: 2196 (2023-10) 656.7 (2023-10)"}, "revised"},
	{"and not later", restated, "2024-10-31", []string{"DfE: 2196 (2024-10) 642.1 (2024-10)"}, "revised"},
	{"before anything", restated, "2023-01-01", nil, "revised"},
	{"a month outlasts a day in it", []said{{stat.DfE, "2025-10", "2", ""}, {stat.DfE, "2025-10-23", "1", ""}}, "",
		[]string{"DfE: 2 (2025-10)"}, "superseded"},
	{"the same release twice: the later file", []said{{stat.DfE, "2025-10", "1", ""}, {stat.DfE, "2025-10", "2", ""}}, "",
		[]string{"DfE: 2 (2025-10)"}, "revised"},
	{"printed otherwise is the same", []said{{stat.DfE, "2024-10", "", "638.7"}, {stat.DfE, "2025-10", "", "638.70000000000005"}}, "",
		[]string{"DfE: 638.70000000000005 (2025-10)"}, "unchanged"},
	{"a part left unsaid stays", []said{{stat.DfE, "2024-10", "2196", "642.1"}, {stat.DfE, "2025-10", "", "638.7"}}, "",
		[]string{"DfE: 2196 (2024-10) 638.7 (2025-10)"}, "revised"},
	{"a part added", []said{{stat.DfE, "2025-10", "2196", ""}, {stat.DfE, "2025-10", "", "638.7"}}, "",
		[]string{"DfE: 2196 (2025-10) 638.7 (2025-10)"}, "revised"},
	{"a part added by an older release", []said{{stat.DfE, "2025-10", "2196", ""}, {stat.DfE, "2024-10", "9", "638.7"}}, "",
		[]string{"DfE: 2196 (2025-10) 638.7 (2024-10)"}, "revised"},
	{"a mark replaces a number", []said{{stat.DfE, "2024-10", "7", ""}, {stat.DfE, "2025-10", "c", ""}}, "",
		[]string{"DfE: c (2025-10)"}, "revised"},
	{"a number replaces a mark", []said{{stat.DfE, "2024-10", "c", ""}, {stat.DfE, "2025-10", "0", ""}}, "",
		[]string{"DfE: 0 (2025-10)"}, "revised"},
	{"a gap replaces no number", []said{{stat.DfE, "2024-10", "7", ""}, {stat.DfE, "2025-10", "-", ""}}, "",
		[]string{"DfE: 7 (2024-10)"}, "unchanged"},
	{"a gap replaces no mark", []said{{stat.DfE, "2024-10", "c", ""}, {stat.DfE, "2025-10", "-", ""}}, "",
		[]string{"DfE: c (2024-10)"}, "unchanged"},
	{"a gap gives way to an older number", []said{{stat.DfE, "2025-10", "-", ""}, {stat.DfE, "2024-10", "7", ""}}, "",
		[]string{"DfE: 7 (2024-10)"}, "revised"},
	{"a gap gives way to its own letter unseen", []said{{stat.DfE, "2025-10", "-", ""}, {stat.DfE, "2025-10", "x", ""}}, "",
		[]string{"DfE: x (2025-10)"}, "unchanged"},
	{"a gap where nothing was said", []said{{stat.DfE, "2025-10", "7", ""}, {stat.DfE, "2025-10", "", "-"}}, "",
		[]string{"DfE: 7 (2025-10) - (2025-10)"}, "revised"},
	{"a later gap for a gap", []said{{stat.DfE, "2024-10", "-", ""}, {stat.DfE, "2025-10", "-", ""}}, "",
		[]string{"DfE: - (2025-10)"}, "unchanged"},
	{"council and DfE stand side by side", []said{{stat.Council, "2023-04-12", "2201", ""}, {stat.DfE, "2023-10", "2196", "656.7"}}, "",
		[]string{"DfE: 2196 (2023-10) 656.7 (2023-10)", "council: 2201 (2023-04-12)"}, "new"},
	{"each restated by itself", []said{{stat.Council, "2023-04-12", "2201", ""}, restated[0], {stat.Council, "2024-01-05", "2199", ""}, restated[1]}, "",
		[]string{"DfE: 2196 (2024-10) 642.1 (2024-10)", "council: 2199 (2024-01-05)"}, "revised"},
}

func TestFold(t *testing.T) {
	for _, tt := range folds {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t)
			var compared stat.Changes
			var b stat.Batch
			for i, s := range tt.said {
				var err error
				if compared, err = db.Compare(t.Context(), s.submission(i)); err != nil {
					t.Fatal(err)
				}
				b = keep(t, db, s.submission(i))
			}
			want := map[string]stat.Changes{"new": {New: 1}, "revised": {Revised: 1}, "unchanged": {Unchanged: 1}, "superseded": {Superseded: 1}}[tt.last]
			if compared != want || b.Changes != want {
				t.Errorf("the last was %+v to Compare and %+v to Store, want %s", compared, b.Changes, tt.last)
			}
			q := stat.Query{Measures: []string{"cin"}}
			if tt.asOf != "" {
				q.AsOf, _ = stat.ParseDate(tt.asOf)
			}
			var got []string
			for _, o := range read(t, db, q).Observations {
				got = append(got, shown(o))
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.shown) {
				t.Errorf("shown %q, want %q", got, tt.shown)
			}
		})
	}
}

func shown(o stat.Observation) string {
	s := o.Publisher() + ":"
	for _, p := range stat.Parts {
		if f := o.Part(p); f.Given() {
			s += fmt.Sprintf(" %s (%s)", f.Text, f.Origin.Released)
		}
	}
	return s
}

// What is folded depends on releases, not on the order files came in, save
// between two files of one release.
func TestFoldInAnyOrder(t *testing.T) {
	files := []said{
		{stat.DfE, "2023-10", "2196", "656.7"},
		{stat.DfE, "2024-10", "2196", "-"},
		{stat.DfE, "2025-10", "c", ""},
		{stat.Council, "2025-11-02", "2201", ""},
	}
	want := ""
	for _, perm := range permutations(len(files)) {
		db := open(t)
		for i, p := range perm {
			keep(t, db, files[p].submission(i))
		}
		got := ""
		for _, o := range read(t, db, stat.Query{Measures: []string{"cin"}}).Observations {
			got += shown(o) + "; "
		}
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("stored as %v shows %s, otherwise %s", perm, got, want)
		}
	}
	if want != "DfE: c (2025-10) 656.7 (2023-10); council: 2201 (2025-11-02); " {
		t.Errorf("shows %s", want)
	}
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var out [][]int
	for _, p := range permutations(n - 1) {
		for i := range n {
			q := append([]int{}, p[:i]...)
			out = append(out, append(append(q, n-1), p[i:]...))
		}
	}
	return out
}
