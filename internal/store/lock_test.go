package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// One process serves a database; others read and write beside it.
func TestServe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	server, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Serve(t.Context()); err != nil {
		t.Fatal(err)
	}
	command := openAt(t, path)
	keep(t, command, restated[0].submission(0))
	err = command.Serve(t.Context())
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), fmt.Sprintf("process %d since 20", os.Getpid())) {
		t.Errorf("served twice: %v", err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if err := command.Serve(t.Context()); err != nil {
		t.Errorf("after the other has ended: %v", err)
	}
}

// A damaged page is found before anything is served.
func TestServeChecks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	db := openAt(t, path)
	keep(t, db, submission("big.csv", stat.DfE, "2025-10", many(2, 175, 5)...))
	db.Close()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := len(content) / 2 / 4096 * 4096
	for i := range 4096 {
		content[page+i] = 0x5a
	}
	write(t, path, string(content))
	db, err = store.Open(t.Context(), path)
	if err == nil {
		err = db.Serve(t.Context())
		defer db.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), "restore the latest backup") {
		t.Errorf("served: %v", err)
	}
}

// Tables are not changed under a process that serves them.
func TestMigrationWaits(t *testing.T) {
	path := madeAt1(t)
	lock, err := store.Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if db, err := store.OpenHasty(t.Context(), path); !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "stop that first") {
		t.Errorf("brought up to date while it is served: %+v, %v", db, err)
	}
	if got := texts(t, path, `SELECT CAST(max(version_id) AS TEXT) FROM goose_db_version`); got[0] != "1" {
		t.Errorf("its tables are of version %s", got[0])
	}
	lock.Close()
	openAt(t, path)
}

// Two programs at once bring it up to date once, and leave one copy.
func TestMigratedOnce(t *testing.T) {
	path := madeAt1(t)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			db, err := store.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if copies := list(t, filepath.Dir(path), "*.before-*[0-9]"); len(copies) != 1 {
		t.Errorf("copies %v", copies)
	}
	applied := texts(t, path, `SELECT CAST(version_id AS TEXT) FROM goose_db_version GROUP BY version_id HAVING count(*) > 1`)
	if len(applied) > 0 {
		t.Errorf("applied more than once: %v", applied)
	}
}
