package web_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bellwether/internal/web"
)

// However many ask for a document at once, it is made once; where that fails
// the next one tries; and who waits may give up.
func TestMadeOnce(t *testing.T) {
	var kept web.Kept
	var tries, failed atomic.Int64
	luckless := errors.New("no luck")
	make := func() (string, error) {
		time.Sleep(20 * time.Millisecond)
		if tries.Add(1) == 1 {
			return "", luckless
		}
		return "made", nil
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			switch text, err := kept.Once(t.Context(), 7, "/", make); {
			case errors.Is(err, luckless):
				failed.Add(1)
			case err != nil || text != "made":
				t.Errorf("%q, %v", text, err)
			}
		})
	}
	wg.Wait()
	if tries.Load() != 2 || failed.Load() != 1 {
		t.Errorf("it was made %d times, and %d failed", tries.Load(), failed.Load())
	}
	end := kept.Making(8, "/")
	defer end()
	over, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := kept.Once(over, 8, "/", make); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who gave up has %v", err)
	}
}
