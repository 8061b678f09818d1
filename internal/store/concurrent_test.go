package store_test

import (
	"fmt"
	"sync"
	"testing"

	"bellwether/internal/stat"
)

// Readers go on while a write transaction is open, and see it whole or not at
// all.
func TestReadWhileWriting(t *testing.T) {
	db := open(t)
	const each = 350
	q := stat.Query{Measures: []string{"m00"}}
	keep(t, db, submission("0.csv", stat.DfE, "2025-10", many(1, 175, 2)...))

	inside := 0
	later := many(1, 175, 4)
	if _, err := db.Store(t.Context(), submission("1.csv", stat.DfE, "2025-11", later...), func(done, total int) {
		inside++
		if n := len(read(t, db, q).Observations); n != each {
			t.Errorf("a reader inside the transaction sees %d observations, want %d", n, each)
		}
	}); err != nil || inside == 0 {
		t.Fatalf("%d looks inside, %v", inside, err)
	}

	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				h, err := db.Read(t.Context(), q)
				if err != nil {
					t.Error(err)
					return
				}
				if len(h.Observations)%each != 0 || h.Observations[0].Count.Origin == nil {
					t.Errorf("saw %d observations: part of a batch", len(h.Observations))
				}
			}
		})
	}
	for i := range 5 {
		says := many(1, 175, 2)
		for j := range says {
			says[j].Breakdown = fmt.Sprintf("n: %d", i)
		}
		keep(t, db, submission(fmt.Sprintf("more%d.csv", i), stat.DfE, "2025-12", says...))
	}
	close(stop)
	wg.Wait()
}

// Two files at once queue; neither is refused.
func TestWritersQueue(t *testing.T) {
	db := open(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			if _, err := db.Store(t.Context(), submission(fmt.Sprintf("%d.csv", i), stat.DfE, "2025-10", many(1, 100, 3)...), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	list, err := db.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var sum stat.Changes
	for _, b := range list {
		sum.New += b.New
		sum.Unchanged += b.Unchanged
	}
	if sum != (stat.Changes{New: 300, Unchanged: 900}) {
		t.Errorf("four times the same figures were %+v", sum)
	}
}
