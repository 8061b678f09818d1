package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func TestStoreKeepsEverything(t *testing.T) {
	db := open(t)
	s := submission("return.xlsx", stat.Council, "2025-07-04", cin("1,267", "[c]"))
	s.Observations[0].Count.Number = 1267
	s.Observations[0].Denominator = fig("low", "")
	s.Batch.At = time.Date(2025, 7, 4, 9, 30, 0, 123456789, time.FixedZone("BST", 3600))
	s.Batch.Rows, s.Batch.Sample = 12, true
	s.Batch.Problems = []stat.Problem{
		{At: "Sheet1!F12", Severity: stat.Warning, Code: "rate_does_not_follow", Message: "printed 128.89", Row: []string{"CIN", "", "1,267"}, Accepted: "as the Council's report has it"},
		{At: "Notes", Severity: stat.Note, Code: "hidden_sheet", Message: "a hidden sheet was read"},
	}
	s.Batch.Skipped = []stat.Skip{{Reason: "a note", Rows: 2, First: "A40"}}

	b := keep(t, db, s)
	want := s.Batch
	want.ID, want.New, want.At = 1, 1, s.Batch.At.UTC()
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("batch returned (-want +got):\n%s", diff)
	}
	for name, find := range map[string]func() (stat.Batch, error){
		"by number": func() (stat.Batch, error) { return db.Batch(t.Context(), 1) },
		"by hash":   func() (stat.Batch, error) { return db.BatchBySHA(t.Context(), s.Batch.SHA256) },
	} {
		got, err := find()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("batch %s (-want +got):\n%s", name, diff)
		}
	}

	o := s.Observations[0]
	from := &stat.Origin{Publisher: stat.Council, Released: "2025-07-04", File: "return.xlsx", Batch: 1, Sample: true, Draft: true}
	o.Count.Origin, o.Denominator.Origin, o.Value.Origin = from, from, from
	if diff := cmp.Diff([]stat.Observation{o}, read(t, db, stat.Query{Measures: []string{"cin"}}).Observations); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

func TestNumbersComeBackToTheBit(t *testing.T) {
	numbers := []float64{0, 1, -1, 0.1 + 0.2, 638.70000000000005, 104.85, 1 << 53, 1e18, 1e19, -9.2e18, 1e300, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Nextafter(2, 3), 81770, 12183016}
	var says []stat.Observation
	for i, n := range numbers {
		o := cin("", "")
		o.Period = stat.ReportingYear(2000 + i)
		o.Value = stat.Figure{Number: n, Text: fmt.Sprint(n)}
		says = append(says, o)
	}
	db := open(t)
	keep(t, db, submission("numbers.csv", stat.DfE, "2025-10", says...))
	got := read(t, db, stat.Query{Measures: []string{"cin"}}).Observations
	if len(got) != len(numbers) {
		t.Fatalf("%d of %d came back", len(got), len(numbers))
	}
	for i, n := range numbers {
		if f := got[i].Value; math.Float64bits(f.Number) != math.Float64bits(n) || f.Text != fmt.Sprint(n) {
			t.Errorf("%v (%q) came back as %v (%q)", n, fmt.Sprint(n), f.Number, f.Text)
		}
	}
}

// A file's figures may be of several releases, as LAIT's are, even the parts
// of one observation.
func TestReleasesWithinAFile(t *testing.T) {
	october := &stat.Origin{Publisher: stat.DfE, Released: "2025-10", File: "lait.csv"}
	november := &stat.Origin{Publisher: stat.DfE, Released: "2025-11", File: "lait.csv"}
	o := cin("2196", "638.7")
	o.Count.Origin, o.Value.Origin = october, november
	db := open(t)
	b := keep(t, db, submission("lait.csv", stat.DfE, "2025-11", o))
	got := read(t, db, stat.Query{Measures: []string{"cin"}}).Observations
	if len(got) != 1 || shown(got[0]) != "DfE: 2196 (2025-10) 638.7 (2025-11)" || got[0].Value.Origin.Batch != b.ID {
		t.Errorf("shows %+v", got)
	}
	early := read(t, db, stat.Query{Measures: []string{"cin"}, AsOf: stat.Date{Year: 2025, Month: 11, Day: 1}}).Observations
	if len(early) != 1 || shown(early[0]) != "DfE: 2196 (2025-10)" {
		t.Errorf("on 1 November 2025 shows %+v", early)
	}
	history, err := db.History(t.Context(), o.Key)
	if err != nil || len(history) != 2 {
		t.Errorf("history %+v, %v: want one for each release", history, err)
	}
}

func TestSameBytes(t *testing.T) {
	db := open(t)
	s := submission("a.csv", stat.DfE, "2025-10", cin("1", ""))
	first := keep(t, db, s)
	before, _ := db.Version(t.Context())
	s.Batch.File = "renamed.csv"
	again, err := db.Store(t.Context(), s, nil)
	if !errors.Is(err, store.ErrUnchanged) {
		t.Errorf("the same bytes again: %v", err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("not the earlier batch:\n%s", diff)
	}
	if after, _ := db.Version(t.Context()); after != before {
		t.Errorf("version went from %d to %d", before, after)
	}
	s.Batch.SHA256 = "" // not a file: never the same
	keep(t, db, s, s)
}

func TestNotFound(t *testing.T) {
	db := open(t)
	if _, err := db.Batch(t.Context(), 7); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("batch 7: %v", err)
	}
	if _, err := db.BatchBySHA(t.Context(), ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no hash: %v", err)
	}
	if h := read(t, db, stat.Query{Measures: []string{"cin"}}); len(h.Observations) != 0 || len(h.Links) != 0 || h.Version == 0 {
		t.Errorf("an empty database holds %+v", h)
	}
}

// A submission that cannot be stored whole leaves nothing, however far it got.
func TestAllOrNothing(t *testing.T) {
	spoil := func(f func(o *stat.Observation)) []stat.Observation {
		says := many(1, 175, 3)
		f(&says[len(says)-1])
		return says
	}
	faults := map[string]struct {
		says     []stat.Observation
		links    []stat.Link
		measures []stat.Measure
		areas    []stat.Area
		problems []stat.Problem
		invalid  bool
	}{
		"a measure without a name": {says: many(1, 175, 3), measures: []stat.Measure{{Code: "m00"}}, invalid: true},
		"an area without a code":   {says: many(1, 175, 3), areas: []stat.Area{{Name: "Central"}}, invalid: true},
		"a refused file":           {says: many(1, 175, 3), problems: []stat.Problem{{Severity: stat.Error, At: "F12"}}, invalid: true},
		"duplicate key":            {says: append(many(1, 175, 3), many(1, 175, 3)[9]), invalid: true},
		"no key":                   {says: spoil(func(o *stat.Observation) { o.Area = "" }), invalid: true},
		"no span":                  {says: spoil(func(o *stat.Observation) { o.Period.Span = "" }), invalid: true},
		"nothing said":             {says: spoil(func(o *stat.Observation) { *o = stat.Observation{Key: o.Key} }), invalid: true},
		"not a number":             {says: spoil(func(o *stat.Observation) { o.Value.Number = math.NaN() }), invalid: true},
		"infinite":                 {says: spoil(func(o *stat.Observation) { o.Count.Number = math.Inf(1) }), invalid: true},
		"worked out":               {says: spoil(func(o *stat.Observation) { o.Value.Derived = true }), invalid: true},
		"no release":               {says: spoil(func(o *stat.Observation) { o.Value.Origin = &stat.Origin{Publisher: stat.DfE} }), invalid: true},
		"two publishers":           {says: spoil(func(o *stat.Observation) { o.Value.Origin = &stat.Origin{Publisher: stat.ONS, Released: "2025"} }), invalid: true},
		"a mark no one uses":       {says: spoil(func(o *stat.Observation) { o.Value.Mark = "?" })},
		"a neighbour twice":        {says: many(1, 175, 3), measures: []stat.Measure{{Code: "m00", Name: "M"}}, areas: []stat.Area{{Code: "w1", Name: "Central"}}, links: []stat.Link{{Model: "2025", Area: "A", Neighbour: "B", Position: 1}, {Model: "2025", Area: "A", Neighbour: "B", Position: 2}}},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			before, _ := db.Version(t.Context())
			s := submission("bad.csv", stat.DfE, "2025-10", f.says...)
			s.Links, s.Measures, s.Areas, s.Batch.Problems = f.links, f.measures, f.areas, f.problems
			_, err := db.Store(t.Context(), s, nil)
			if err == nil || errors.Is(err, store.ErrInvalid) != f.invalid {
				t.Errorf("error: %v", err)
			}
			assertEmpty(t, db, before)
		})
	}
}

func TestCancelledHalfWay(t *testing.T) {
	db := open(t)
	before, _ := db.Version(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	_, err := db.Store(ctx, submission("big.csv", stat.DfE, "2025-10", many(2, 175, 3)...), func(done, total int) {
		if done > total/2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
	assertEmpty(t, db, before)
	keep(t, db, submission("big.csv", stat.DfE, "2025-10", many(2, 175, 3)...)) // and goes on
}

func assertEmpty(t *testing.T, db *store.DB, version int64) {
	t.Helper()
	h := read(t, db, stat.Query{Measures: []string{"m00", "m01"}})
	list, err := db.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	measures, areas, err := db.Registered(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Observations)+len(h.Links)+len(list)+len(measures)+len(areas) != 0 || h.Version != version {
		t.Errorf("%d observations, %d links, %d batches, %v and %v are left, version %d was %d",
			len(h.Observations), len(h.Links), len(list), measures, areas, h.Version, version)
	}
}

func TestProgress(t *testing.T) {
	db := open(t)
	s := submission("a.csv", stat.DfE, "2025-10", many(1, 50, 5)...)
	s.Links = []stat.Link{{Model: "2025", Area: "A", Neighbour: "B", Position: 1}}
	var got [][2]int
	if _, err := db.Store(t.Context(), s, func(done, total int) { got = append(got, [2]int{done, total}) }); err != nil {
		t.Fatal(err)
	}
	if want := [][2]int{{100, 251}, {200, 251}, {250, 251}, {251, 251}}; !slices.Equal(got, want) {
		t.Errorf("heard %v, want %v", got, want)
	}
}

// The box and the file it was made from say the same, so that the file
// changes nothing, though its cells and bytes are others.
func TestImportedAgain(t *testing.T) {
	db := open(t)
	says := many(3, 60, 5)
	box := submission("box", stat.DfE, "2025-11", says...)
	for i := range box.Observations {
		box.Observations[i].Value.At = ""
	}
	b := keep(t, db, box)
	if b.Changes != (stat.Changes{New: len(says)}) {
		t.Errorf("the box: %+v", b.Changes)
	}
	file := submission("cla.csv", stat.DfE, "2025-11", many(3, 60, 5)...)
	file.Observations[5].Value.Number += 0.1
	next := file.Observations[6]
	next.Period.End.Year = 2031
	file.Observations = append(file.Observations, next)
	want := stat.Changes{New: 1, Revised: 1, Unchanged: len(says) - 1}
	if c, err := db.Compare(t.Context(), file); err != nil || c != want {
		t.Errorf("Compare: %+v, %v, want %+v", c, err, want)
	}
	if b := keep(t, db, file); b.Changes != want {
		t.Errorf("Store: %+v, want %+v", b.Changes, want)
	}
	if c, err := db.Compare(t.Context(), file); err != nil || c != (stat.Changes{Unchanged: len(says) + 1}) {
		t.Errorf("Compare once stored: %+v, %v", c, err)
	}
}
