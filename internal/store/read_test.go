package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
)

func TestReadOrderAndAreas(t *testing.T) {
	db := open(t)
	var says []stat.Observation
	for _, m := range []string{"cla", "cin", "cpp"} {
		for _, b := range []string{"abuse: neglect", "", "age: 0 to 4"} {
			for _, a := range []string{middlesbrough, hartlepool, stat.England} {
				for _, span := range []stat.Span{stat.Year, stat.Day, stat.Quarter, stat.Half, stat.Month, stat.Week} {
					for _, year := range []int{2024, 2023} {
						o := cin("5", "")
						o.Key = stat.Key{Measure: m, Breakdown: b, Area: a, Period: stat.Period{End: stat.Date{Year: year, Month: 3, Day: 31}, Span: span}}
						says = append(says, o)
					}
				}
			}
		}
	}
	keep(t, db, submission("council.csv", stat.Council, "2024-05-01", says...), submission("dfe.csv", stat.DfE, "2024-10", says...))

	tests := []struct {
		name  string
		query stat.Query
		want  int
	}{
		{"all areas", stat.Query{Measures: []string{"cpp", "cin"}}, 2 * 3 * 3 * 12 * 2},
		{"a measure named twice", stat.Query{Measures: []string{"cin", "cin"}}, 3 * 3 * 12 * 2},
		{"two areas", stat.Query{Measures: []string{"cpp", "cin"}, Areas: []string{middlesbrough, stat.England, "E99999999"}}, 2 * 3 * 2 * 12 * 2},
		{"no areas", stat.Query{Measures: []string{"cpp"}, Areas: []string{}}, 0},
		{"no measures", stat.Query{}, 0},
		{"an unknown measure", stat.Query{Measures: []string{"nonesuch"}, Areas: []string{middlesbrough}}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(t, db, tt.query).Observations
			if len(got) != tt.want {
				t.Errorf("%d observations, want %d", len(got), tt.want)
			}
			for i := 1; i < len(got); i++ {
				c := got[i-1].Key.Compare(got[i].Key)
				if c > 0 || c == 0 && got[i-1].Publisher() >= got[i].Publisher() {
					t.Fatalf("%s (%s) stands before %s (%s)", got[i-1].Key, got[i-1].Publisher(), got[i].Key, got[i].Publisher())
				}
			}
		})
	}
}

// What is kept between reads is nobody's to change.
func TestReadersDoNotShareObservations(t *testing.T) {
	db := open(t)
	keep(t, db, restated[0].submission(0))
	q := stat.Query{Measures: []string{"cin"}}
	for range 3 {
		got := read(t, db, q).Observations
		if len(got) != 1 || shown(got[0]) != "DfE: 2196 (2023-10) 656.7 (2023-10)" {
			t.Fatalf("shows %+v", got)
		}
		got[0].Value = stat.Figure{}
		if c, err := db.Compare(t.Context(), restated[1].submission(1)); err != nil || c.Revised != 1 {
			t.Fatalf("%+v, %v", c, err)
		}
	}
}

func TestHistory(t *testing.T) {
	db := open(t)
	for _, i := range []int{2, 0, 1} {
		keep(t, db, restated[i].submission(i))
	}
	keep(t, db, said{stat.Council, "2023-04-12", "2201", ""}.submission(9))
	other := cin("1", "")
	other.Area = hartlepool
	keep(t, db, submission("other.csv", stat.DfE, "2025-10", other))
	history, err := db.History(t.Context(), cin("", "").Key)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range history {
		got = append(got, shown(o))
	}
	want := []string{"council: 2201 (2023-04-12)", "DfE: 2196 (2023-10) 656.7 (2023-10)", "DfE: 2196 (2024-10) 642.1 (2024-10)", "DfE: 2196 (2025-10) 638.7 (2025-10)"}
	if !slices.Equal(got, want) {
		t.Errorf("history %q, want %q", got, want)
	}
}

func TestLinks(t *testing.T) {
	model := func(year string, release stat.Release, neighbours ...string) stat.Submission {
		s := submission("sn"+year+".xlsx", stat.DfE, release)
		for i, n := range neighbours {
			s.Links = append(s.Links, stat.Link{Model: year, Area: middlesbrough, Neighbour: n, Position: i + 1, Closeness: "Close", At: fmt.Sprintf("Sheet1!C%d", i+2)})
		}
		return s
	}
	db := open(t)
	first, older := model("2025", "2025-05", "B", "A", "C"), model("2021", "2021-04", "A")
	if b := keep(t, db, first, older); b.Changes != (stat.Changes{New: 1}) {
		t.Errorf("the 2021 model: %+v", b.Changes)
	}
	if diff := cmp.Diff(append(slices.Clone(older.Links), first.Links...), read(t, db, stat.Query{}).Links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	corrected := model("2025", "2025-06", "B", "C", "A", "D")
	want := stat.Changes{New: 1, Revised: 2, Unchanged: 1}
	if c, err := db.Compare(t.Context(), corrected); err != nil || c != want {
		t.Errorf("corrected model: %+v, %v, want %+v", c, err, want)
	}
	shorter := model("2025", "2025-07", "C")
	keep(t, db, corrected, shorter)
	if diff := cmp.Diff(append(slices.Clone(older.Links), shorter.Links...), read(t, db, stat.Query{}).Links); diff != "" {
		t.Errorf("links of the latest batch (-want +got):\n%s", diff)
	}
}

func TestVersionAndBatches(t *testing.T) {
	db := open(t)
	last := read(t, db, stat.Query{}).Version
	for i, s := range restated {
		keep(t, db, s.submission(i))
		v, err := db.Version(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if h := read(t, db, stat.Query{}); v <= last || h.Version != v {
			t.Errorf("after batch %d the version is %d, a holding's %d, before %d", i+1, v, h.Version, last)
		}
		last = v
	}
	list, err := db.Batches(t.Context())
	if err != nil || len(list) != 3 || list[0].ID != 3 || list[2].File != "file1.csv" {
		t.Errorf("batches %+v, %v", list, err)
	}
}
