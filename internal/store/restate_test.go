package store_test

import (
	"fmt"
	"slices"
	"testing"

	"bellwether/internal/stat"
)

func TestRestated(t *testing.T) {
	rate := "DfE value: 656.7 (2023-10) now 638.7 (2025-10)"
	for _, tt := range []struct {
		name string
		said []said
		asOf string
		want []string
	}{
		{"said once", restated[:1], "", nil},
		{"restated", restated, "", []string{rate}},
		{"restated, arriving backwards", []said{restated[2], restated[1], restated[0]}, "", []string{rate}},
		{"the first arriving last", []said{restated[1], restated[2], restated[0]}, "", []string{rate}},
		{"as it was then", restated, "2024-12-31", []string{"DfE value: 656.7 (2023-10) now 642.1 (2024-10)"}},
		{"before it was restated", restated, "2024-10-30", nil},
		{"there and back", []said{restated[0], restated[1], {stat.DfE, "2025-10", "2196", "656.7"}}, "", nil},
		{"the count too", []said{restated[0], {stat.DfE, "2024-10", "2200", "642.1"}}, "",
			[]string{"DfE count: 2196 (2023-10) now 2200 (2024-10)", "DfE value: 656.7 (2023-10) now 642.1 (2024-10)"}},
		{"printed otherwise is the same", []said{{stat.DfE, "2024-10", "", "638.7"}, {stat.DfE, "2025-10", "", "638.70000000000005"}}, "", nil},
		{"the same release twice is a correction", []said{{stat.DfE, "2025-10", "1", ""}, {stat.DfE, "2025-10", "2", ""}}, "", nil},
		{"a correction of the first release is the first", []said{{stat.DfE, "2024-10", "1", ""}, {stat.DfE, "2024-10", "2", ""}, {stat.DfE, "2025-10", "3", ""}}, "",
			[]string{"DfE count: 2 (2024-10) now 3 (2025-10)"}},
		{"a mark became a number", []said{{stat.DfE, "2024-10", "c", ""}, {stat.DfE, "2025-10", "7", ""}}, "",
			[]string{"DfE count: c (2024-10) now 7 (2025-10)"}},
		{"a number became a mark", []said{{stat.DfE, "2024-10", "7", ""}, {stat.DfE, "2025-10", "c", ""}}, "",
			[]string{"DfE count: 7 (2024-10) now c (2025-10)"}},
		{"a mark became another", []said{{stat.DfE, "2024-10", "x", ""}, {stat.DfE, "2025-10", "c", ""}}, "",
			[]string{"DfE count: x (2024-10) now c (2025-10)"}},
		{"a gap is not what was said first", []said{{stat.DfE, "2024-10", "-", ""}, {stat.DfE, "2025-10", "7", ""}}, "", nil},
		{"nor last", []said{{stat.DfE, "2024-10", "7", ""}, {stat.DfE, "2025-10", "-", ""}}, "", nil},
		{"nor between", []said{{stat.DfE, "2023-10", "-", ""}, {stat.DfE, "2024-10", "7", ""}, {stat.DfE, "2025-10", "8", ""}}, "",
			[]string{"DfE count: 7 (2024-10) now 8 (2025-10)"}},
		{"a part added later", []said{{stat.DfE, "2024-10", "7", ""}, {stat.DfE, "2025-10", "", "638.7"}}, "", nil},
		{"each part by itself", []said{{stat.DfE, "2023-10", "7", ""}, {stat.DfE, "2024-10", "", "1"}, {stat.DfE, "2025-10", "8", "2"}}, "",
			[]string{"DfE count: 7 (2023-10) now 8 (2025-10)", "DfE value: 1 (2024-10) now 2 (2025-10)"}},
		{"two publishers do not restate each other", []said{{stat.Council, "2023-04-12", "2201", ""}, restated[0]}, "", nil},
		{"each restates itself", []said{{stat.Council, "2023-04-12", "2201", ""}, restated[0], {stat.Council, "2024-01-05", "2199", ""}, restated[1]}, "",
			[]string{"DfE value: 656.7 (2023-10) now 642.1 (2024-10)", "council count: 2201 (2023-04-12) now 2199 (2024-01-05)"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t)
			for i, s := range tt.said {
				keep(t, db, s.submission(i))
			}
			q := stat.Query{Measures: []string{"cin"}}
			if tt.asOf != "" {
				q.AsOf = day(t, tt.asOf)
			}
			alone := q
			alone.Areas = []string{middlesbrough}
			for range 2 { // the second time it was kept
				for _, q := range []stat.Query{q, alone} {
					if got := restatements(read(t, db, q)); !slices.Equal(got, tt.want) {
						t.Errorf("of areas %v: %q, want %q", q.Areas, got, tt.want)
					}
				}
			}
			q.Areas = []string{hartlepool}
			if got := restatements(read(t, db, q)); got != nil {
				t.Errorf("of another area: %q", got)
			}
		})
	}
}

func restatements(h stat.Holding) (out []string) {
	for _, r := range h.Restated {
		out = append(out, fmt.Sprintf("%s %s: %s (%s) now %s (%s)", r.Publisher, r.Part, r.First.Text, r.First.Origin.Released, r.Now.Text, r.Now.Origin.Released))
	}
	return out
}

// Restatements stand in key order, those of several measures too, and are gone
// with the import that made them.
func TestRestatedInOrder(t *testing.T) {
	db := open(t)
	first, second := many(3, 4, 5), many(3, 4, 5)
	for i := range second {
		second[i].Count.Number++
		second[i].Count.Text = fmt.Sprint(second[i].Count.Number)
	}
	b := keep(t, db, submission("a.csv", stat.DfE, "2024-10", first...), submission("b.csv", stat.DfE, "2025-10", second...))
	got := read(t, db, stat.Query{Measures: []string{"m02", "m00"}}).Restated
	if len(got) != 2*4*5 {
		t.Errorf("%d restatements, want %d", len(got), 2*4*5)
	}
	for i := 1; i < len(got); i++ {
		if got[i-1].Compare(got[i].Key) >= 0 {
			t.Errorf("%s stands before %s", got[i-1].Key, got[i].Key)
		}
	}
	if _, err := db.Withdraw(t.Context(), b.ID, "Ann", "a test", morning); err != nil {
		t.Fatal(err)
	}
	if got := read(t, db, stat.Query{Measures: []string{"m00"}}).Restated; got != nil {
		t.Errorf("withdrawn, and still %+v", got)
	}
}
