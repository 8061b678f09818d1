package store_test

import (
	"path/filepath"
	"testing"
)

// A seal is that of its text and its file, before and after a restart.
func TestSeal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := sessionsAt(t, path)
	one := s.Seal("one")
	if len(one) != 64 || one == s.Seal("two") || one == sessionsAt(t, filepath.Join(t.TempDir(), "other.db")).Seal("one") {
		t.Errorf("the seal %q is another's too", one)
	}
	s.Close()
	if s = sessionsAt(t, path); s.Seal("one") != one {
		t.Error("after a restart the seal is another")
	}
}
