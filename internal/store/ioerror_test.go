//go:build unix

package store_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// The operating system refuses a write, wherever the import stands: while its
// pages go out, or in its commit. Nothing is lost or half there, and after
// opening anew the import is there whole or not at all.
func TestRefusedWrite(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	q := stat.Query{Measures: []string{"m00"}}
	doubts, clear := 0, 0
	for i, kilobytes := range []uint64{0, 0, 4, 4, 40, 40} {
		t.Run(fmt.Sprintf("%d KB", kilobytes), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "figures.db")
			db, err := store.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			first := many(1, 20, 2)
			keep(t, db, submission("first.csv", stat.DfE, "2025-10", first...))
			if i%2 == 1 { // a small cache: pages go out before the commit
				if err := db.OnWriter(t.Context(), `PRAGMA cache_size = 10`); err != nil {
					t.Fatal(err)
				}
			}
			s := submission("next.csv", stat.DfE, "2025-11", many(1, 100, 8)...)

			wal, err := os.Stat(path + "-wal")
			if err != nil {
				t.Fatal(err)
			}
			restore := limitFiles(t, uint64(wal.Size())+kilobytes<<10)
			_, err = db.Store(t.Context(), s, nil)
			restore()
			if err == nil {
				t.Fatal("it was stored beyond the limit")
			}
			if n := len(read(t, db, q).Observations); n != len(first) {
				t.Errorf("%d observations are shown, want the %d from before", n, len(first))
			}
			_, again := db.Store(t.Context(), s, nil)
			if errors.Is(err, store.ErrReopen) {
				doubts++
				if !errors.Is(again, store.ErrReopen) {
					t.Errorf("written after a failed commit: %v", again)
				}
			} else if clear++; again != nil {
				t.Errorf("after %v, with room again: %v", err, again)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			db = openAt(t, path)
			if n := len(read(t, db, q).Observations); n != len(first) && n != len(s.Observations) {
				t.Errorf("opened anew there are %d observations, neither %d nor %d", n, len(first), len(s.Observations))
			}
			if _, err := db.Store(t.Context(), s, nil); err != nil && !errors.Is(err, store.ErrUnchanged) {
				t.Errorf("opened anew: %v", err)
			}
			sound(t, db, path)
		})
	}
	if doubts == 0 || clear == 0 {
		t.Errorf("%d commits and %d earlier writes failed, want some of both", doubts, clear)
	}
}

// limitFiles lets no file of this process grow beyond so many bytes, until the
// function it returns is called.
func limitFiles(t *testing.T, bytes uint64) (restore func()) {
	t.Helper()
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Skipf("file sizes cannot be limited here: %v", err)
	}
	limit := was
	limit.Cur = min(bytes, math.MaxInt64)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Skipf("file sizes cannot be limited here: %v", err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
			t.Fatal(err)
		}
	}
}
