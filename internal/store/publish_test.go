package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// clocked is a database whose embargoes end by a clock that the test moves.
func clocked(t *testing.T, now time.Time) (*store.DB, *time.Time) {
	t.Helper()
	db := open(t)
	db.Now = func() time.Time { return now }
	return db, &now
}

func publish(t *testing.T, db *store.DB, id int64) stat.Batch {
	t.Helper()
	b, err := db.Publish(t.Context(), id, "Pat", "", time.Time{}, morning)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// secondPerson sets whether who stored an import may not publish it.
func secondPerson(t *testing.T, db *store.DB, on bool) {
	t.Helper()
	s := stat.DefaultSettings
	if s.SecondPerson, s.By, s.At = on, "Ada", morning; db.SaveSettings(t.Context(), s) != nil {
		t.Fatal("the settings are not saved")
	}
}

// seen is what a query shows of children in need, drafts marked, and the
// neighbours.
func seen(t *testing.T, db *store.DB, q stat.Query) (out []string) {
	t.Helper()
	q.Measures = []string{"cin"}
	h := read(t, db, q)
	for _, o := range h.Observations {
		draft := ""
		for _, p := range stat.Parts {
			if f := o.Part(p); f.Given() && f.Origin.Draft {
				draft = ", draft"
			}
		}
		out = append(out, shown(o)+draft)
	}
	for _, l := range h.Links {
		out = append(out, l.Model+" "+l.Neighbour)
	}
	return append(out, restatements(h)...)
}

var viewers = stat.Query{Published: true}

// An import is a draft until somebody publishes it, and again when that is
// taken back: then viewers see what there is without it.
func TestPublish(t *testing.T) {
	db, now := clocked(t, morning)
	first, second := restated[0].submission(0), restated[1].submission(1)
	first.Links = []stat.Link{{Model: "2025", Area: "A", Neighbour: "B", Position: 1}}
	second.Links = []stat.Link{{Model: "2025", Area: "A", Neighbour: "C", Position: 1}}
	a, b := keep(t, db, first), keep(t, db, second)
	if !a.Published.IsZero() || a.PublishedBy != "" {
		t.Errorf("stored as %+v", a)
	}
	without := []string{"DfE: 2196 (2024-10) 642.1 (2024-10), draft", "2025 C", "DfE value: 656.7 (2023-10) now 642.1 (2024-10)"}
	expect := func(when string, want []string) {
		t.Helper()
		for range 2 { // the second time it was kept
			if diff := cmp.Diff(want, seen(t, db, viewers)); diff != "" {
				t.Errorf("%s, viewers see (-want +got):\n%s", when, diff)
			}
		}
		alone := viewers
		alone.Areas = []string{middlesbrough}
		if diff := cmp.Diff(want, seen(t, db, alone)); diff != "" {
			t.Errorf("%s, viewers of one area see (-want +got):\n%s", when, diff)
		}
		without[0] = strings.TrimSuffix(without[0], ", draft")
		if got, err := db.Batch(t.Context(), b.ID); err != nil {
			t.Error(err)
		} else if got.Published.IsZero() {
			without[0] += ", draft"
		}
		if diff := cmp.Diff(without, seen(t, db, stat.Query{})); diff != "" {
			t.Errorf("%s, analysts see (-want +got):\n%s", when, diff)
		}
	}
	expect("at first", nil)

	*now = morning.Add(time.Hour)
	got, err := db.Publish(t.Context(), a.ID, " Pat ", " checked ", time.Time{}, morning)
	if err != nil || !got.Published.Equal(*now) || got.PublishedBy != "Pat" || got.PublishedWhy != "checked" {
		t.Errorf("published as %+v, %v", got, err)
	}
	expect("the first published", []string{"DfE: 2196 (2023-10) 656.7 (2023-10)", "2025 B"})
	publish(t, db, b.ID)
	expect("both published", []string{"DfE: 2196 (2024-10) 642.1 (2024-10)", "2025 C", "DfE value: 656.7 (2023-10) now 642.1 (2024-10)"})
	got, err = db.Unpublish(t.Context(), a.ID, "Pat", "wrong file", morning)
	if err != nil || !got.Published.IsZero() || got.PublishedWhy != "wrong file" {
		t.Errorf("taken back as %+v, %v", got, err)
	}
	expect("the first taken back", []string{"DfE: 2196 (2024-10) 642.1 (2024-10)", "2025 C"})
	for id, want := range map[int64]stat.Batch{a.ID: got, b.ID: publishedAs(b, *now, "Pat")} {
		if got, err := db.Batch(t.Context(), id); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("import %d: %v\n%s", id, err, cmp.Diff(want, got))
		}
	}
	if _, err := db.Withdraw(t.Context(), b.ID, "Pat", "wrong year", morning); err != nil {
		t.Fatal(err)
	}
	without = []string{"DfE: 2196 (2023-10) 656.7 (2023-10), draft", "2025 B"}
	if diff := cmp.Diff(without, seen(t, db, stat.Query{})); diff != "" {
		t.Errorf("the published one withdrawn, analysts see (-want +got):\n%s", diff)
	}
	if got := seen(t, db, viewers); got != nil {
		t.Errorf("the published one withdrawn, viewers see %q", got)
	}
}

func publishedAs(b stat.Batch, at time.Time, by string) stat.Batch {
	b.Published, b.PublishedBy = at, by
	return b
}

func TestPublishRefused(t *testing.T) {
	db := open(t)
	draft, live, gone := keep(t, db, restated[0].submission(0)), keep(t, db, restated[1].submission(1)), keep(t, db, restated[2].submission(2))
	publish(t, db, live.ID)
	if _, err := db.Withdraw(t.Context(), gone.ID, "Ann", "a test", morning); err != nil {
		t.Fatal(err)
	}
	secondPerson(t, db, true)
	version := read(t, db, stat.Query{}).Version
	add := func(id int64, by string) func() (stat.Batch, error) {
		return func() (stat.Batch, error) { return db.Publish(t.Context(), id, by, "", time.Time{}, morning) }
	}
	back := func(id int64, by, why string) func() (stat.Batch, error) {
		return func() (stat.Batch, error) { return db.Unpublish(t.Context(), id, by, why, morning) }
	}
	for _, c := range []struct {
		name string
		do   func() (stat.Batch, error)
		id   int64 // of the batch that is returned
		want error
	}{
		{"no such import", add(9, "Pat"), 0, store.ErrNotFound},
		{"a withdrawn one", add(gone.ID, "Pat"), gone.ID, store.ErrWithdrawn},
		{"a published one", add(live.ID, "Pat"), live.ID, store.ErrPublished},
		{"by nobody", add(draft.ID, " "), draft.ID, store.ErrInvalid},
		{"by who stored it", add(draft.ID, " TEST"), draft.ID, store.ErrSecondPerson},
		{"no such import back", back(9, "Pat", "why"), 0, store.ErrNotFound},
		{"a withdrawn one back", back(gone.ID, "Pat", "why"), gone.ID, store.ErrWithdrawn},
		{"a draft back", back(draft.ID, "Pat", "why"), draft.ID, store.ErrDraft},
		{"back by nobody", back(live.ID, "", "why"), live.ID, store.ErrInvalid},
		{"back without a reason", back(live.ID, "Pat", " "), live.ID, store.ErrInvalid},
	} {
		if b, err := c.do(); !errors.Is(err, c.want) || b.ID != c.id {
			t.Errorf("%s: import %d, %v; want import %d, %v", c.name, b.ID, err, c.id, c.want)
		}
	}
	if v := read(t, db, stat.Query{}).Version; v != version {
		t.Errorf("what was refused gave version %d after %d", v, version)
	}
	secondPerson(t, db, false)
	if b, err := db.Publish(t.Context(), draft.ID, "test", "", time.Time{}, morning); err != nil || b.PublishedBy != "test" {
		t.Errorf("by who stored it, where that may be: %+v, %v", b, err)
	}
}

// An embargo ends without anything being written: the version rises, and both
// kinds of reading change.
func TestEmbargo(t *testing.T) {
	db, now := clocked(t, morning)
	b := keep(t, db, restated[0].submission(0))
	end := morning.Add(48*time.Hour + 1500*time.Microsecond)
	got, err := db.Publish(t.Context(), b.ID, "Pat", "for the meeting", end, morning)
	if err != nil || !got.Published.Equal(end.Truncate(time.Millisecond)) {
		t.Fatalf("published from %v, %v", got.Published, err)
	}
	held := []string{"DfE: 2196 (2023-10) 656.7 (2023-10)"}
	see := func(when string, embargoed bool) int64 {
		t.Helper()
		want, all := held, held
		if embargoed {
			want, all = nil, []string{held[0] + ", draft"}
		}
		if diff := cmp.Diff(want, seen(t, db, viewers)); diff != "" {
			t.Errorf("%s, viewers see (-want +got):\n%s", when, diff)
		}
		if diff := cmp.Diff(all, seen(t, db, stat.Query{})); diff != "" {
			t.Errorf("%s, analysts see (-want +got):\n%s", when, diff)
		}
		v, err := db.Version(t.Context())
		if h := read(t, db, viewers).Version; err != nil || h != v {
			t.Errorf("%s: version %d, of the holding %d, %v", when, v, h, err)
		}
		return v
	}
	first := see("at once", true)
	*now = end.Add(-2 * time.Millisecond)
	if v := see("just before", true); v != first {
		t.Errorf("the version went from %d to %d before the embargo ended", first, v)
	}
	*now = end
	second := see("when it ended", false)
	if second <= first {
		t.Errorf("the version went from %d to %d", first, second)
	}
	if b, err := db.Batch(t.Context(), b.ID); err != nil || !b.Published.Equal(end.Truncate(time.Millisecond)) || b.PublishedWhy != "for the meeting" {
		t.Errorf("%+v, %v", b, err)
	}
	*now = end.Add(time.Hour)
	if v := see("an hour later", false); v != second {
		t.Errorf("the version went from %d to %d though nothing happened", second, v)
	}
	if _, err := db.Unpublish(t.Context(), b.ID, "Pat", "too early", *now); err != nil {
		t.Fatal(err)
	}
	if v := see("taken back", true); v <= second {
		t.Errorf("the version went from %d to %d", second, v)
	}

	// One taken back before it ends never shows.
	if _, err := db.Publish(t.Context(), b.ID, "Pat", "", now.Add(time.Hour), *now); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Unpublish(t.Context(), b.ID, "Pat", "not yet", *now); err != nil {
		t.Fatal(err)
	}
	*now = now.Add(2 * time.Hour)
	see("after one that was taken back", true)
}

// A batch that says it is published is so in the transaction that stores it,
// and the trail has both acts.
func TestStorePublished(t *testing.T) {
	db, now := clocked(t, morning)
	s := restated[0].submission(0)
	s.Batch.By, s.Batch.Published, s.Batch.PublishedWhy = "Bellwether", morning.Add(-time.Hour), "the box"
	b := keep(t, db, s)
	if !b.Published.Equal(*now) || b.PublishedBy != "Bellwether" || b.PublishedWhy != "the box" {
		t.Errorf("stored as %+v", b)
	}
	if got, err := db.Batch(t.Context(), b.ID); err != nil || cmp.Diff(b, got) != "" {
		t.Errorf("held otherwise: %v\n%s", err, cmp.Diff(b, got))
	}
	if got := seen(t, db, viewers); len(got) != 1 {
		t.Errorf("viewers see %q", got)
	}

	again, err := db.Store(t.Context(), s, nil)
	if !errors.Is(err, store.ErrUnchanged) || cmp.Diff(b, again) != "" {
		t.Errorf("the same bytes again: %v\n%s", err, cmp.Diff(b, again))
	}
	draft := keep(t, db, restated[1].submission(1))
	s = restated[1].submission(1)
	s.Batch.Published = morning
	if again, err := db.Store(t.Context(), s, nil); !errors.Is(err, store.ErrUnchanged) || again.ID != draft.ID || !again.Published.IsZero() {
		t.Errorf("the bytes of a draft again: %+v, %v", again, err)
	}
	later := restated[2].submission(2)
	later.Batch.Published = morning.Add(time.Hour)
	if b := keep(t, db, later); !b.Published.Equal(morning.Add(time.Hour)) {
		t.Errorf("stored under an embargo: %+v", b)
	}

	var acts []string
	for a, err := range db.AllActs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		acts = append(acts, fmt.Sprintf("%s %s by %s: %s", a.What, a.On, a.Who, a.Detail))
	}
	want := []string{
		"import.store import 1 by Bellwether: file1.csv", "import.publish import 1 by Bellwether: file1.csv",
		"import.store import 2 by test: file2.csv",
		"import.store import 3 by test: file3.csv", "import.publish import 3 by test: file3.csv from " + morning.Add(time.Hour).Format(time.RFC3339),
	}
	if diff := cmp.Diff(want, acts); diff != "" {
		t.Errorf("the trail (-want +got):\n%s", diff)
	}
	if _, err := db.CheckActs(t.Context()); err != nil {
		t.Error(err)
	}
}

// Publishing and taking back are acts; what was refused is none.
func TestPublishActs(t *testing.T) {
	db := open(t)
	b := keep(t, db, restated[0].submission(0))
	publish(t, db, b.ID)
	if _, err := db.Publish(t.Context(), b.ID, "Pat", "", time.Time{}, morning); !errors.Is(err, store.ErrPublished) {
		t.Fatal(err)
	}
	if _, err := db.Unpublish(t.Context(), b.ID, "Jo", "412 should read 421", morning.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	got, err := db.Acts(t.Context(), 0, 2)
	want := []stat.Act{
		{Number: 3, What: "import.unpublish", On: "import 1", Who: "Jo", At: morning.Add(time.Hour), Detail: "file1.csv"},
		{Number: 2, What: "import.publish", On: "import 1", Who: "Pat", At: morning, Detail: "file1.csv"},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(stat.Act{}, "Before", "Hash")); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
