package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/longtest"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// kept is what a database holds: all that was done in it, in order.
type kept struct{ Imports, Published, Withdrawn, Acts int }

// keptIn checks a database whole, and says what it holds.
func keptIn(t *testing.T, path string) (k kept) {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	head, err := db.CheckActs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := db.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	k.Acts = int(head.Number)
	for _, b := range list {
		k.Imports++
		if !b.Published.IsZero() {
			k.Published++
		}
		if !b.Withdrawn.IsZero() {
			k.Withdrawn++
		}
		if got := texts(t, path, fmt.Sprintf(`SELECT CAST(count(*) AS TEXT) FROM observation WHERE origin IN (SELECT id FROM origin WHERE batch = %d)`, b.ID))[0]; got != fmt.Sprint(b.Rows) {
			t.Fatalf("import %d has %s of %d figures", b.ID, got, b.Rows)
		}
	}
	sound(t, db, path)
	return k
}

// A log that lost its end, or of which a part went bad, as a power cut leaves
// it: all that was acknowledged before the damage is there, and nothing after.
func TestTornLog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	main, err := os.ReadFile(path) // as it was when the log began
	must(t, err)
	type moment struct {
		log int64 // its length
		kept
	}
	size := func() int64 {
		info, err := os.Stat(path + "-wal")
		must(t, err)
		return info.Size()
	}
	held, err := db.Head(t.Context())
	must(t, err)
	at := []moment{{size(), kept{Acts: int(held.Number)}}}
	is := at[0].kept
	if size() > 0 { // migrations are in the log as well: they are folded in first
		must(t, db.Close())
		db = openAt(t, path)
		main, err = os.ReadFile(path)
		must(t, err)
		at[0].log = 0
	}
	acknowledged := func() { is.Acts++; at = append(at, moment{size(), is}) }
	for i := range 12 {
		b := keep(t, db, submission(fmt.Sprintf("%d.csv", i), stat.Council, stat.Release(fmt.Sprintf("2025-%02d", 1+i)), many(1, 40, 2)...))
		is.Imports++
		acknowledged()
		publish(t, db, b.ID)
		is.Published++
		acknowledged()
		if i%4 == 3 {
			_, err := db.Withdraw(t.Context(), b.ID, "Ann", "a test", morning)
			must(t, err)
			is.Withdrawn++
			acknowledged()
		}
	}
	log, err := os.ReadFile(path + "-wal")
	must(t, err)
	if !slices.IsSortedFunc(at, func(a, b moment) int { return int(a.log - b.log) }) || int64(len(log)) != at[len(at)-1].log {
		t.Fatalf("the log was folded in meanwhile: %+v", at)
	}
	for round := range longtest.Rounds(t, 12, 2./3) {
		torn, where := tear(log)
		want := at[0].kept
		for _, m := range at {
			if m.log <= int64(where) {
				want = m.kept
			}
		}
		after := filepath.Join(t.TempDir(), "after.db")
		write(t, after, string(main))
		write(t, after+"-wal", string(torn))
		if diff := cmp.Diff(want, keptIn(t, after)); diff != "" {
			t.Fatalf("round %d, torn at %d of %d (-acknowledged +kept):\n%s", round, where, len(log), diff)
		}
	}
}

// tear damages a copy of a log, and says up to where it is as it was.
func tear(log []byte) (torn []byte, where int) {
	where = rand.N(len(log))
	torn = slices.Clone(log)
	switch rand.N(4) {
	case 0: // cut off
		return torn[:where], where
	case 1: // a bit
		torn[where] ^= 1 << rand.N(8)
	case 2: // sectors that were never written
		where = where / 512 * 512
		clear(torn[where:])
	default: // a sector of something else
		where = where / 512 * 512
		for i := where; i < min(where+512, len(torn)); i++ {
			torn[i] = byte(rand.N(256))
		}
	}
	for where < len(log) && torn[where] == log[where] { // what was overwritten with the same
		where++
	}
	return torn, where
}

// A backup made while imports and publications go on is one moment of them,
// and they hardly wait for it.
func TestBackupUnderWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	keep(t, db, submission("first.csv", stat.Council, "2025-01", many(1, 100, 2)...))
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	var worst time.Duration
	writers.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			began := time.Now()
			b, err := db.Store(t.Context(), submission(fmt.Sprint(i), stat.Council, "2025-02", many(1, 100, 2)...), nil)
			if err == nil {
				_, err = db.Publish(t.Context(), b.ID, "Pat", "", time.Time{}, morning)
			}
			if err != nil {
				t.Error(err)
				return
			}
			worst = max(worst, time.Since(began))
		}
	})
	for headOf(t, db).Number < 3 {
		time.Sleep(time.Millisecond) // until it writes
	}
	beside := 0
	for i := range longtest.Rounds(t, 3, 0.1) {
		before := headOf(t, db)
		c := backup(t, db, filepath.Join(t.TempDir(), fmt.Sprintf("%d.db", i)))
		after := headOf(t, db)
		k := keptIn(t, c.Path)
		if c.Acts < before.Number || c.Acts > after.Number || k.Acts != int(c.Acts) || k.Imports+k.Published+i != k.Acts { // each copy before is an act
			t.Errorf("a copy made between acts %d and %d says %d and holds %+v", before.Number, after.Number, c.Acts, k)
		}
		if after.Number > before.Number+1 {
			beside++
		}
	}
	stop()
	writers.Wait()
	if beside == 0 {
		t.Error("nothing was written while a copy was made")
	}
	t.Logf("the slowest import and publication took %v", worst)
	if worst > 5*time.Second { // a writer's patience
		t.Errorf("a write waited %v", worst)
	}
}

// A file system without room refuses imports, publications and backups alike,
// and leaves nothing half there; with room again all go on.
func TestFullFilesystem(t *testing.T) {
	dir := smallDisk(t, 3<<20)
	for round := range longtest.Rounds(t, 1, 0.02) {
		path := filepath.Join(dir, fmt.Sprintf("figures%d.db", round))
		db, err := store.Open(t.Context(), path)
		must(t, err)
		b := keep(t, db, submission("first.csv", stat.Council, "2025-01", many(1, 100, 2)...))
		ballast := filepath.Join(dir, "ballast")
		fill(t, ballast, int64(rand.N(64<<10)))
		n, full := 1, error(nil)
		for ; full == nil && n < 1000; n++ {
			_, full = db.Store(t.Context(), submission(fmt.Sprint(n), stat.Council, "2025-02", many(1, 50, 1+rand.N(4))...), nil)
		}
		if !errors.Is(full, store.ErrFull) && !errors.Is(full, store.ErrReopen) {
			t.Fatalf("on a full disk, after %d imports: %v", n, full)
		}
		if c, err := db.Backup(t.Context(), filepath.Join(dir, "copy.db"), "Ann"); err == nil {
			t.Errorf("a backup on a full disk: %+v", c)
		}
		if left := list(t, dir, "*copy.db*"); len(left) > 0 {
			t.Errorf("left %v", left)
		}
		if got := read(t, db, stat.Query{Measures: []string{"m00"}}); len(got.Observations) == 0 {
			t.Error("nothing can be read")
		}
		must(t, os.Remove(ballast))
		if errors.Is(full, store.ErrReopen) {
			must(t, db.Close())
			db, err = store.Open(t.Context(), path)
			must(t, err)
		}
		_, err = db.Publish(t.Context(), b.ID, "Pat", "", time.Time{}, morning)
		must(t, err)
		must(t, db.Close())
		if k := keptIn(t, path); k.Imports != n-1 && !(errors.Is(full, store.ErrReopen) && k.Imports == n) || k.Published != 1 || k.Acts-k.Imports-k.Published > 1 { // the backup that failed may be one
			t.Errorf("%d imports were acknowledged; it holds %+v", n-1, k)
		}
		for _, file := range list(t, dir, "*") {
			must(t, os.Remove(filepath.Join(dir, file)))
		}
	}
}

// fill writes until the disk has only so much room.
func fill(t *testing.T, path string, room int64) {
	t.Helper()
	f, err := os.Create(path)
	must(t, err)
	defer f.Close()
	block, size := make([]byte, 4096), int64(0)
	for err == nil {
		var n int
		n, err = f.Write(block)
		size += int64(n)
	}
	must(t, f.Truncate(max(0, size-room)))
}
