package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/pressly/goose/v3"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// What is published shows as if no draft had ever been, and with drafts as if
// nothing needed publishing, however imports, publications, their ends and
// withdrawals follow on one another.
func TestAnySignOff(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for round := range 8 {
		db, now := clocked(t, morning)
		var subs []stat.Submission
		for step := range 30 {
			*now = now.Add(time.Minute)
			id := int64(1)
			if len(subs) > 0 {
				id += int64(r.IntN(len(subs)))
			}
			switch r.IntN(6) {
			case 0, 1:
				s := someFile(r, len(subs))
				if s.Links = []stat.Link{{Model: "2025", Area: "A", Neighbour: fmt.Sprint("N", len(subs)), Position: 1}}; r.IntN(3) == 0 {
					s.Batch.Published = *now
				}
				keep(t, db, s)
				subs = append(subs, s)
			case 2:
				allowed(t, second(db.Publish(t.Context(), id, "Pat", "", time.Time{}, *now)))
			case 3:
				allowed(t, second(db.Publish(t.Context(), id, "Pat", "", now.Add(time.Duration(r.IntN(9))*time.Minute), *now)))
			case 4:
				allowed(t, second(db.Unpublish(t.Context(), id, "Pat", "a test", *now)))
			case 5:
				allowed(t, second(db.Withdraw(t.Context(), id, "Pat", "a test", *now)))
			}
			if step%5 == 4 {
				compareSignOff(t, db, subs, *now)
			}
			if t.Failed() {
				t.Fatalf("in round %d", round)
			}
		}
	}
}

func second(_ stat.Batch, err error) error { return err }

// allowed fails for an error that no sequence of acts can lead to.
func allowed(t *testing.T, err error) {
	t.Helper()
	for _, ok := range []error{nil, store.ErrNotFound, store.ErrPublished, store.ErrDraft, store.ErrWithdrawn} {
		if errors.Is(err, ok) {
			return
		}
	}
	t.Fatal(err)
}

// compareSignOff sets what shows beside databases that hold nothing else.
func compareSignOff(t *testing.T, db *store.DB, subs []stat.Submission, now time.Time) {
	t.Helper()
	list, err := db.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(list)
	all, published := open(t), open(t)
	for i, b := range list {
		if !b.Withdrawn.IsZero() {
			continue
		}
		keep(t, all, subs[i])
		if !b.Published.IsZero() && !b.Published.After(now) {
			keep(t, published, subs[i])
		}
	}
	for _, q := range []stat.Query{{}, {Areas: []string{hartlepool}}, {AsOf: day(t, "2024-10-31")}, {AsOf: day(t, "2023-12-31"), Own: true}} {
		q.Measures = []string{"cin", "cla"}
		for _, kind := range []struct {
			name      string
			published bool
			beside    *store.DB
		}{{"all", false, all}, {"published", true, published}} {
			got := q
			got.Published = kind.published
			diff := cmp.Diff(read(t, kind.beside, q), read(t, db, got),
				cmpopts.IgnoreFields(stat.Origin{}, "Batch", "Draft"), cmpopts.IgnoreFields(stat.Holding{}, "Version"), cmpopts.EquateEmpty())
			if diff != "" {
				t.Errorf("%s, %+v (-alone +among drafts):\n%s", kind.name, q, diff)
			}
		}
	}
}

// raise brings the tables of a closed database file up to a version.
func raise(t *testing.T, path string, version int64) {
	t.Helper()
	h, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, h, os.DirFS("migrations"), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// What was held before sign-off began counts as published, from when it was
// stored.
func TestMigrateTo6(t *testing.T) {
	path := madeAt1(t)
	raise(t, path, 4)
	before := texts(t, path, `SELECT CAST(version AS TEXT) FROM holding`)[0]
	db := openAt(t, path)
	list, err := db.Batches(t.Context())
	if err != nil || len(list) != 4 {
		t.Fatalf("imports %+v, %v", list, err)
	}
	for _, b := range list {
		if !b.Published.Equal(b.At) || b.PublishedBy != "Bellwether" || b.PublishedWhy != "held before sign-off began" {
			t.Errorf("import %d of %v: published %v by %q, %q", b.ID, b.At, b.Published, b.PublishedBy, b.PublishedWhy)
		}
	}
	q := stat.Query{Measures: []string{"cin", "cpp"}}
	all := read(t, db, q)
	q.Published = true
	if diff := cmp.Diff(all, read(t, db, q)); diff != "" || len(all.Observations) != 2 || len(all.Links) != 1 {
		t.Errorf("viewers see otherwise (-all +published):\n%s", diff)
	}
	if v := fmt.Sprint(all.Version); v <= before || len(v) != len(before) {
		t.Errorf("the version went from %s to %s", before, v)
	}
	if _, err := db.Unpublish(t.Context(), 3, "Pat", "a test", morning); err != nil {
		t.Fatal(err)
	}
	if got := seen(t, db, viewers); !slices.Equal(got, []string{"DfE: 2,196 (2023-10) 656.7 (2023-10)", "2025 " + hartlepool}) {
		t.Errorf("the second taken back, viewers see %q", got)
	}
}

// Nothing of a publication or of what is said of a measure is ever changed.
func TestSignOffStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, db, keep(t, db, restated[0].submission(0)).ID)
	if err := db.SaveSteward(t.Context(), stat.Steward{Measure: "cin", Owner: "Jo", By: "Pat"}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`UPDATE publication SET visible = 0`, `DELETE FROM publication`, `UPDATE steward SET owner = ''`, `DELETE FROM steward`,
	} {
		if err := tryExec(t, path, q); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("%s: %v", q, err)
		}
	}
}
