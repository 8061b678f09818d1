package store_test

import (
	"os"
	"path/filepath"
	"testing"
)

// The size is the file's, once nothing waits in the log any longer.
func TestSize(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db := openAt(t, path)
	said, err := db.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != said {
		t.Errorf("the file is %d bytes, said were %d; %v", info.Size(), said, err)
	}
	if n, err := db.Size(t.Context()); err == nil {
		t.Errorf("a database that is closed is %d bytes", n)
	}
}
