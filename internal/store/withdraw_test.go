package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// What a withdrawn import had superseded shows again: figures and neighbours.
func TestWithdraw(t *testing.T) {
	db := open(t)
	first, second := restated[0].submission(0), restated[1].submission(1)
	first.Links = []stat.Link{{Model: "2025", Area: "A", Neighbour: "B", Position: 1}}
	second.Links = []stat.Link{{Model: "2025", Area: "A", Neighbour: "C", Position: 1}, {Model: "2021", Area: "A", Neighbour: "C", Position: 1}}
	keep(t, db, first)
	before := read(t, db, stat.Query{Measures: []string{"cin"}})
	stored := keep(t, db, second)

	b, err := db.Withdraw(t.Context(), stored.ID, " Ann ", "wrong year", morning)
	if err != nil {
		t.Fatal(err)
	}
	if !b.Withdrawn.Equal(morning) || b.WithdrawnBy != "Ann" || b.WithdrawnWhy != "wrong year" {
		t.Errorf("withdrawn as %+v", b)
	}
	after := read(t, db, stat.Query{Measures: []string{"cin"}})
	if diff := cmp.Diff(before, after, cmpopts.IgnoreFields(stat.Holding{}, "Version")); diff != "" {
		t.Errorf("not as before (-before +after):\n%s", diff)
	}
	if history, err := db.History(t.Context(), cin("", "").Key); err != nil || len(history) != 1 {
		t.Errorf("history %+v, %v", history, err)
	}

	got, err := db.Batch(t.Context(), stored.ID)
	if diff := cmp.Diff(b, got); err != nil || diff != "" {
		t.Errorf("import %d: %v\n%s", stored.ID, err, diff)
	}
	if list, err := db.Batches(t.Context()); err != nil || len(list) != 2 || list[0].Withdrawn.IsZero() || !list[1].Withdrawn.IsZero() {
		t.Errorf("list %+v, %v", list, err)
	}
	if _, err := db.BatchBySHA(t.Context(), second.Batch.SHA256); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("by its hash: %v", err)
	}

	anew := keep(t, db, second)
	if anew.ID == stored.ID || anew.Changes != stored.Changes || !anew.Withdrawn.IsZero() {
		t.Errorf("imported anew: %+v, at first %+v", anew, stored)
	}
	if v := read(t, db, stat.Query{}).Version; after.Version <= before.Version || v <= after.Version {
		t.Errorf("versions %d, %d, %d do not rise", before.Version, after.Version, v)
	}
}

// Withdrawing an import in the middle, or one that changed nothing.
func TestWithdrawAny(t *testing.T) {
	for _, tt := range []struct {
		withdraw []int64
		shown    string
	}{
		{[]int64{2}, "DfE: 2196 (2025-10) 638.7 (2025-10)"},
		{[]int64{3}, "DfE: 2196 (2024-10) 642.1 (2024-10)"},
		{[]int64{3, 2}, "DfE: 2196 (2023-10) 656.7 (2023-10)"},
		{[]int64{2, 3}, "DfE: 2196 (2023-10) 656.7 (2023-10)"},
		{[]int64{1, 2, 3}, ""},
	} {
		db := open(t)
		for i, s := range restated {
			keep(t, db, s.submission(i))
		}
		for _, id := range tt.withdraw {
			if _, err := db.Withdraw(t.Context(), id, "Ann", "a test", morning); err != nil {
				t.Fatal(err)
			}
		}
		got := ""
		for _, o := range read(t, db, stat.Query{Measures: []string{"cin"}}).Observations {
			got += shown(o)
		}
		if got != tt.shown {
			t.Errorf("without %v shows %q, want %q", tt.withdraw, got, tt.shown)
		}
	}
}

func TestWithdrawRefused(t *testing.T) {
	db := open(t)
	b := keep(t, db, restated[0].submission(0))
	before, _ := db.Version(t.Context())
	for _, tt := range []struct {
		id         int64
		by, reason string
		want       error
	}{
		{7, "Ann", "wrong year", store.ErrNotFound},
		{b.ID, "Ann", " \n", store.ErrInvalid},
		{b.ID, "", "wrong year", store.ErrInvalid},
	} {
		if _, err := db.Withdraw(t.Context(), tt.id, tt.by, tt.reason, morning); !errors.Is(err, tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	if after, _ := db.Version(t.Context()); after != before {
		t.Errorf("version went from %d to %d", before, after)
	}
	once, err := db.Withdraw(t.Context(), b.ID, "Ann", "wrong year", morning)
	if err != nil {
		t.Fatal(err)
	}
	again, err := db.Withdraw(t.Context(), b.ID, "Bob", "again", morning)
	if !errors.Is(err, store.ErrWithdrawn) || !strings.Contains(err.Error(), "Ann") || cmp.Diff(once, again) != "" {
		t.Errorf("twice: %+v, %v", again, err)
	}
}

func TestChanged(t *testing.T) {
	db := open(t)
	first := submission("first.csv", stat.DfE, "2024-10", cin("2196", "642.1"))
	second := submission("second.csv", stat.DfE, "2025-10", cin("2196", "638.7"))
	second.Observations[0].Denominator = fig("34,000", "G7")
	other := cin("c", "")
	other.Area = hartlepool
	second.Observations = append(second.Observations, other)
	keep(t, db, first)

	changes, counts, err := db.Preview(t.Context(), second, 10)
	if err != nil || counts != (stat.Changes{New: 1, Revised: 1}) {
		t.Fatalf("preview %+v, %v", counts, err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s %s %s %q %q", c.Publisher, c.Area, c.Part, c.Was.Text, c.Now.Text))
	}
	want := []string{ // what is held otherwise comes first
		`DfE E06000002 value "642.1" "638.7"`,
		`DfE E06000001 count "" "c"`,
		`DfE E06000002 denominator "" "34,000"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("preview (-want +got):\n%s", diff)
	}
	if c := changes[0]; c.Was.At != "I7" || c.Was.Origin.File != "first.csv" || c.Was.Origin.Batch != 1 || c.Now.Origin.File != "second.csv" {
		t.Errorf("cannot be traced: %+v", c)
	}
	b := keep(t, db, second)
	for limit, n := range map[int]int{10: 3, 3: 3, 2: 2, 1: 1, 0: 0, -1: 0} {
		held, total, err := db.Changed(t.Context(), b.ID, limit)
		if err != nil || total != 3 || len(held) != n {
			t.Errorf("limit %d: %d of %d, %v", limit, len(held), total, err)
			continue
		}
		if diff := cmp.Diff(changes[:n], held, sameBatch, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("limit %d (-previewed +stored):\n%s", limit, diff)
		}
	}
	if _, _, err := db.Changed(t.Context(), 9, 10); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("import 9: %v", err)
	}
}

// sameBatch but for what an origin is once it is stored.
var sameBatch = cmpopts.IgnoreFields(stat.Origin{}, "Batch", "Draft")

// However imports and withdrawals follow on one another: an import changes
// what was foretold, and says so for ever; and a database shows what one does
// that has never seen what was withdrawn.
func TestAnySequence(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for round := range 12 {
		db := open(t)
		var subs []stat.Submission
		var foretold [][]stat.Change
		withdrawn := map[int]bool{}
		for range 14 {
			if n := len(subs); n > 0 && r.IntN(3) == 0 {
				if i := r.IntN(n); !withdrawn[i] {
					withdrawn[i] = true
					if _, err := db.Withdraw(t.Context(), int64(i+1), "Ann", "a test", morning); err != nil {
						t.Fatal(err)
					}
				}
				continue
			}
			s := someFile(r, len(subs))
			changes, counts, err := db.Preview(t.Context(), s, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if b := keep(t, db, s); b.Changes != counts {
				t.Fatalf("round %d: foretold %+v, was %+v", round, counts, b.Changes)
			}
			subs, foretold = append(subs, s), append(foretold, changes)
		}
		kept := open(t)
		for i, s := range subs {
			got, total, err := db.Changed(t.Context(), int64(i+1), 1000)
			if err != nil || total != len(foretold[i]) {
				t.Fatalf("round %d: import %d changed %d, foretold %d, %v", round, i+1, total, len(foretold[i]), err)
			}
			if diff := cmp.Diff(foretold[i], got, sameBatch, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("round %d: import %d changed (-foretold +says):\n%s", round, i+1, diff)
			}
			if !withdrawn[i] {
				keep(t, kept, s)
			}
		}
		all := stat.Query{Measures: []string{"cin", "cla"}}
		if diff := cmp.Diff(read(t, kept, all).Observations, read(t, db, all).Observations, sameBatch, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("round %d (-never seen +withdrawn):\n%s", round, diff)
		}
	}
}

// someFile says something or other of a few keys.
func someFile(r *rand.Rand, i int) stat.Submission {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	s := submission(fmt.Sprintf("file%d.csv", i), pick(stat.DfE, stat.Council), stat.Release(pick("2023-10", "2024-10", "2024-10-23", "2025-01")))
	for _, measure := range []string{"cin", "cla"} {
		for _, area := range []string{middlesbrough, hartlepool} {
			o := cin(pick("", "1", "2", "c", "-"), pick("", "", "1.5", "x"))
			o.Measure, o.Area = measure, area
			if o.Count.Given() || o.Value.Given() {
				s.Observations = append(s.Observations, o)
			}
		}
	}
	return s
}
