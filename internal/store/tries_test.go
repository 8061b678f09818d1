package store_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bellwether/internal/store"
)

// tries makes a try under each key, of which there may be so many, and compares
// how long it is to wait.
func tries(t *testing.T, s *store.Sessions, at time.Time, want time.Duration, most int, keys ...string) {
	t.Helper()
	var all []store.Tries
	for _, key := range keys {
		all = append(all, store.Tries{Key: key, Most: most})
	}
	if wait, err := s.Try(t.Context(), func() time.Time { return at }, all...); wait != want || err != nil {
		t.Errorf("%v at %v: wait %v, %v; want %v", keys, at, wait, err, want)
	}
}

func TestThrottle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := sessionsAt(t, path)
	start := time.Now().Truncate(time.Millisecond)
	try := func(at time.Duration, want time.Duration, keys ...string) {
		t.Helper()
		tries(t, s, start.Add(at), want, 10, keys...)
	}
	for i := range 10 {
		try(time.Duration(i)*time.Second, 0, "account:jo", fmt.Sprintf("address:10.0.0.%d", i))
	}
	try(10*time.Second, 290*time.Second, "account:jo", "address:10.0.0.10") // from anywhere
	try(10*time.Second, 290*time.Second, "address:10.0.0.11", "account:jo") // in any order
	try(11*time.Second, 0, "account:ann", "address:10.0.0.10")              // whose tries were not counted
	try(299*time.Second, time.Second, "account:jo")
	try(300*time.Second, 0, "account:jo") // the first is over
	try(300*time.Second, time.Second, "account:jo")
	try(301*time.Second, 0, "account:jo")

	// One address that tries many accounts.
	for i := range 10 {
		try(400*time.Second, 0, "address:10.1.1.1", fmt.Sprintf("account:%d", i))
	}
	try(400*time.Second, 300*time.Second, "address:10.1.1.1", "account:another")
	try(400*time.Second, 0, "account:another")

	// A key that is given twice is one try.
	for range 10 {
		try(500*time.Second, 0, "twice", "twice")
	}
	try(500*time.Second, 300*time.Second, "twice")
	if err := s.Forgive(t.Context(), "twice"); err != nil {
		t.Fatal(err)
	}
	try(500*time.Second, 0, "twice")

	// Whoever asks says how many there may be.
	for range 100 {
		tries(t, s, start.Add(500*time.Second), 0, 100, "begin:10.0.0.1")
	}
	tries(t, s, start.Add(500*time.Second), 300*time.Second, 100, "begin:10.0.0.1")

	// It lasts over a restart, and tells nobody what was typed.
	for range 10 {
		try(500*time.Second, 0, "account:hunter2")
	}
	s.Close()
	s = sessionsAt(t, path)
	try(501*time.Second, 299*time.Second, "account:hunter2")
	s.Close()
	if bytes.Contains(readFile(t, path), []byte("hunter2")) {
		t.Error("the file holds what was typed")
	}
}

// However many try at once, ten do.
func TestThrottleAtOnce(t *testing.T) {
	s := sessionsAt(t, filepath.Join(t.TempDir(), "sessions.db"))
	var wg sync.WaitGroup
	var let atomic.Int32
	for i := range 40 {
		wg.Go(func() {
			wait, err := s.Try(t.Context(), time.Now, store.Tries{Key: "account:jo", Most: 10}, store.Tries{Key: fmt.Sprint(i), Most: 10})
			if err != nil {
				t.Error(err)
			}
			if wait == 0 {
				let.Add(1)
			}
		})
	}
	wg.Wait()
	if let.Load() != 10 {
		t.Errorf("%d of 40 tries were let through, want 10", let.Load())
	}
}

// A clock that was set back locks nobody out: what was tried by the clock as it
// was before counts no longer, and does not when it comes to that time again.
func TestThrottleClockSetBack(t *testing.T) {
	s := sessionsAt(t, filepath.Join(t.TempDir(), "sessions.db"))
	ahead := time.Now().Add(24 * time.Hour).Truncate(time.Millisecond)
	for range 10 {
		tries(t, s, ahead, 0, 10, "account:jo")
	}
	tries(t, s, ahead, 5*time.Minute, 10, "account:jo")
	for range 10 {
		tries(t, s, ahead.Add(-24*time.Hour), 0, 10, "account:jo")
	}
	tries(t, s, ahead.Add(-24*time.Hour), 5*time.Minute, 10, "account:jo")
	tries(t, s, ahead, 0, 10, "account:jo")
}

// A try that was a good one is taken back, the latest of its key alone.
func TestTakeBack(t *testing.T) {
	s := sessionsAt(t, filepath.Join(t.TempDir(), "sessions.db"))
	start := time.Now().Truncate(time.Millisecond)
	for i := range 10 {
		tries(t, s, start.Add(time.Duration(i)*time.Second), 0, 10, "jo", "al")
	}
	if err := s.TakeBack(t.Context(), "jo"); err != nil {
		t.Fatal(err)
	}
	tries(t, s, start.Add(10*time.Second), 290*time.Second, 10, "al")
	tries(t, s, start.Add(10*time.Second), 0, 10, "jo")
	tries(t, s, start.Add(10*time.Second), 290*time.Second, 10, "jo")
}
