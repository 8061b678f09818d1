package store_test

import (
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// What was said while a draft of its measure was held may be of that draft:
// viewers read it once the draft is published, and what was said before it
// until then.
func TestEarlySayings(t *testing.T) {
	db, _ := clocked(t, morning)
	rebase := func(measure, reason string) {
		t.Helper()
		do(t, db, func() error {
			return db.SaveRebase(t.Context(), stat.Rebase{Measure: measure, Area: middlesbrough, From: day(t, "2022-04-01"), Reason: reason, By: "Ann", At: morning})
		})
	}
	project := func(note string) {
		t.Helper()
		do(t, db, func() error {
			_, err := db.KeepProjection(t.Context(), stat.Projection{Measure: "cin", Area: middlesbrough, Last: stat.OnDay(day(t, "2023-03-31")), For: stat.OnDay(day(t, "2024-03-31")),
				Value: 2, Lower: 1, Upper: 3, Method: "a line", Note: note, By: "Ann", At: morning})
			return err
		})
	}
	says := func(q stat.Query) []string {
		t.Helper()
		q.Measures = []string{"cin", "cpp"}
		h, out := read(t, db, q), []string{}
		for _, r := range h.Rebases {
			out = append(out, r.Measure+" "+r.Reason)
		}
		for _, p := range h.Projections {
			out = append(out, p.Note)
		}
		slices.Sort(out)
		return out
	}
	expect := func(when string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(append([]string{}, want...), says(viewers)); diff != "" {
			t.Errorf("%s, viewers read (-want +got):\n%s", when, diff)
		}
	}
	first := keep(t, db, restated[0].submission(0))
	publish(t, db, first.ID)
	rebase("cin", "a new threshold")
	project("before")
	expect("before the draft", "before", "cin a new threshold")

	draft := keep(t, db, restated[1].submission(1))
	expect("with a draft", "before", "cin a new threshold")
	rebase("cin", "it fell to 3")
	rebase("cpp", "another measure")
	project("of the draft")
	expect("said of the draft", "before", "cin a new threshold", "cpp another measure")
	if diff := cmp.Diff([]string{"before", "cin it fell to 3", "cpp another measure", "of the draft"}, says(stat.Query{})); diff != "" {
		t.Errorf("analysts read (-want +got):\n%s", diff)
	}
	publish(t, db, draft.ID)
	expect("published", "before", "cin it fell to 3", "cpp another measure", "of the draft")
	if _, err := db.Unpublish(t.Context(), draft.ID, "Pat", "wrong", morning); err != nil {
		t.Fatal(err)
	}
	expect("taken back", "before", "cin a new threshold", "cpp another measure")
	if _, err := db.Withdraw(t.Context(), draft.ID, "Pat", "wrong", morning.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	expect("withdrawn after it was published once", "before", "cin a new threshold", "cpp another measure")
	do(t, db, func() error {
		return db.SaveRebase(t.Context(), stat.Rebase{Measure: "cin", Area: middlesbrough, From: day(t, "2022-04-01"), Reason: "after all", By: "Ann", At: morning.Add(2 * time.Hour)})
	})
	expect("said once the draft was gone", "before", "cin after all", "cpp another measure")
}

// The second person is another person, whatever either is called: records have
// their numbers. By command there is none, and titles are compared.
func TestSecondPerson(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	secondPerson(t, db, true)
	jo, pat := add(t, db, "jo", "Jo Smith", stat.Publisher), add(t, db, "pat", "Pat", stat.Publisher)
	by := func(p stat.Person) *stat.Person { return &p }
	publishes := func(id int64, who *stat.Person, title string) error {
		ctx := t.Context()
		if who != nil {
			ctx = store.As(ctx, who.ID)
		}
		_, err := db.Publish(ctx, id, title, "", time.Time{}, morning)
		return err
	}
	imports := func(n int, who *stat.Person) stat.Batch {
		t.Helper()
		ctx, sub := t.Context(), restated[n].submission(n)
		if sub.Batch.By = "Jo Smith"; who != nil {
			ctx = store.As(ctx, who.ID)
		}
		b, err := db.Store(ctx, sub, nil)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	own, command := imports(0, by(jo)), imports(1, nil)
	if got, err := db.Batch(t.Context(), own.ID); err != nil || got.Person != jo.ID || own.Person != jo.ID || command.Person != 0 {
		t.Errorf("imported by %d and %d, %v", got.Person, command.Person, err)
	}
	for _, tc := range []struct {
		name  string
		id    int64
		who   *stat.Person
		title string
		want  error
	}{
		{"herself", own.ID, by(jo), "Jo Smith", store.ErrSecondPerson},
		{"herself, renamed", own.ID, by(jo), "Jo Jones", store.ErrSecondPerson},
		{"one of her title, by command", own.ID, nil, "jo smith", store.ErrSecondPerson},
		{"another of her title", own.ID, by(pat), "Jo Smith", nil},
		{"one of the title that imported by command", command.ID, by(jo), "Jo Smith", store.ErrSecondPerson},
		{"another than imported by command", command.ID, by(pat), "Pat", nil},
	} {
		if err := publishes(tc.id, tc.who, tc.title); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	atOnce := restated[2].submission(2)
	atOnce.Batch.By, atOnce.Batch.Published = "Jo Smith", morning
	if _, err := db.Store(store.As(t.Context(), jo.ID), atOnce, nil); !errors.Is(err, store.ErrSecondPerson) {
		t.Errorf("imported and published in one step: %v", err)
	}
	if atOnce.Bundled = true; second(db.Store(t.Context(), atOnce, nil)) != nil {
		t.Error("what comes with Bellwether waits for a second person")
	}
	var acts []int64
	for _, a := range trail(t, db) {
		if a.What == "import.store" || a.What == "import.publish" {
			acts = append(acts, a.Person)
		}
	}
	if diff := cmp.Diff([]int64{jo.ID, 0, pat.ID, pat.ID, 0, 0}, acts); diff != "" {
		t.Errorf("the trail has (-want +got):\n%s", diff)
	}
	if _, err := db.CheckActs(t.Context()); err != nil {
		t.Error(err)
	}
	if got := texts(t, path, `SELECT coalesce(person, 0) FROM publication ORDER BY id`); !slices.Equal(got, []string{"2", "2", "0"}) {
		t.Errorf("published by %v", got)
	}
}

// Whoever may withdraw only drafts cannot withdraw what somebody publishes
// meanwhile.
func TestWithdrawDraft(t *testing.T) {
	db, _ := clocked(t, morning)
	b := keep(t, db, restated[0].submission(0))
	if _, err := db.Publish(t.Context(), b.ID, "Pat", "", morning.Add(time.Hour), morning); err != nil {
		t.Fatal(err)
	}
	got, err := db.WithdrawDraft(t.Context(), b.ID, "Ann", "wrong", morning)
	if !errors.Is(err, store.ErrPublished) || got.PublishedBy != "Pat" || !got.Withdrawn.IsZero() {
		t.Errorf("published for later: %+v, %v", got, err)
	}
	if _, err := db.Unpublish(t.Context(), b.ID, "Pat", "not yet", morning); err != nil {
		t.Fatal(err)
	}
	if got, err := db.WithdrawDraft(t.Context(), b.ID, "Ann", "wrong", morning); err != nil || got.WithdrawnBy != "Ann" {
		t.Errorf("a draft again: %+v, %v", got, err)
	}
	if _, err := db.WithdrawDraft(t.Context(), b.ID, "Ann", "wrong", morning); !errors.Is(err, store.ErrWithdrawn) {
		t.Errorf("withdrawn: %v", err)
	}
	for range 20 {
		b := keep(t, db, restated[0].submission(0))
		var published, withdrawn error
		var wg sync.WaitGroup
		wg.Go(func() { _, published = db.Publish(t.Context(), b.ID, "Pat", "", time.Time{}, morning) })
		wg.Go(func() { _, withdrawn = db.WithdrawDraft(t.Context(), b.ID, "Ann", "wrong", morning) })
		wg.Wait()
		if (published == nil) == (withdrawn == nil) {
			t.Fatalf("published: %v, withdrawn: %v", published, withdrawn)
		}
		if published == nil {
			if _, err := db.Withdraw(t.Context(), b.ID, "Pat", "again", morning); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// An issue says which settings it was made under, whatever they are later.
func TestIssueUnder(t *testing.T) {
	db := open(t)
	first := issue(t, db)
	masks := stat.Settings{MaskViewers: true, Threshold: 7, Thresholds: map[string]int{"cin": 9}, By: "Ann", At: morning}
	do(t, db, func() error { return db.SaveSettings(t.Context(), masks) })
	second := issue(t, db)
	do(t, db, func() error { return db.SaveSettings(t.Context(), stat.Settings{Threshold: 5, By: "Ann", At: morning}) })
	for n, want := range map[int64]stat.Settings{first.Number: stat.DefaultSettings, second.Number: masks} {
		got, err := db.Issue(t.Context(), n)
		if diff := cmp.Diff(want, got.Under); err != nil || diff != "" {
			t.Errorf("issue %d: %v (-want +got):\n%s", n, err, diff)
		}
	}
	if diff := cmp.Diff(masks, second.Under); diff != "" {
		t.Errorf("as it was issued (-want +got):\n%s", diff)
	}
}

// What was said while an import was published was said of what all could see:
// it stays when that is taken back, withdrawn and replaced.
func TestSaidOfThePublished(t *testing.T) {
	for _, back := range []bool{false, true} {
		db, now := clocked(t, morning)
		publish(t, db, keep(t, db, restated[0].submission(0)).ID)
		wrong := keep(t, db, restated[1].submission(1))
		publish(t, db, wrong.ID)
		say := func(area string) {
			*now = now.Add(time.Hour)
			do(t, db, func() error {
				return db.SaveRebase(t.Context(), stat.Rebase{Measure: "cin", Area: area, From: day(t, "2022-04-01"), Reason: "why", By: "Ann", At: *now})
			})
		}
		say(middlesbrough)
		if back {
			must(t, second(db.Unpublish(t.Context(), wrong.ID, "Pat", "wrong", now.Add(time.Minute))))
			say(hartlepool) // of a draft: shown to nobody but analysts
		}
		*now = now.Add(time.Hour)
		_, err := db.Withdraw(t.Context(), wrong.ID, "Pat", "wrong", *now)
		must(t, err)
		publish(t, db, keep(t, db, restated[2].submission(2)).ID)
		q := viewers
		q.Measures = []string{"cin"}
		if got := read(t, db, q).Rebases; len(got) != 1 || got[0].Area != middlesbrough {
			t.Errorf("taken back first %v: viewers read %+v", back, got)
		}
	}
}
