package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bellwether/internal/store"
)

// What scs asks of a store.
var (
	_ scs.CtxStore         = (*store.Sessions)(nil)
	_ scs.IterableCtxStore = (*store.Sessions)(nil)
	_ scs.IterableStore    = (*store.Sessions)(nil)
)

func sessionsAt(t testing.TB, path string) *store.Sessions {
	t.Helper()
	s, err := store.OpenSessions(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSessions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "sessions.db")
	s := sessionsAt(t, path)
	find := func(token string, want []byte) {
		t.Helper()
		got, found, err := s.Find(token)
		if err != nil || found != (want != nil) || !bytes.Equal(got, want) {
			t.Errorf("%s: %q, %v, %v; want %q", token, got, found, err, want)
		}
	}
	later := time.Now().Add(time.Hour)
	commit := func(token string, data []byte, until time.Time) {
		t.Helper()
		if err := s.Commit(token, data, until); err != nil {
			t.Fatal(err)
		}
	}
	find("a", nil)
	if all, err := s.All(); err != nil || all == nil || len(all) != 0 {
		t.Errorf("none: %v, %v", all, err)
	}
	commit("a", []byte("one\x00"), later)
	commit("b", []byte("two"), later)
	commit("over", []byte("three"), time.Now().Add(-time.Second))
	commit("empty", nil, later)
	find("a", []byte("one\x00"))
	find("over", nil)
	find("empty", []byte{})
	commit("a", []byte("one more"), later)
	find("a", []byte("one more"))
	if err := errors.Join(s.Delete("b"), s.Delete("b"), s.Delete("none")); err != nil {
		t.Error(err)
	}
	find("b", nil)
	all, err := s.All()
	if diff := cmp.Diff(map[string][]byte{"a": []byte("one more"), "empty": {}}, all, cmpopts.EquateEmpty()); diff != "" || err != nil {
		t.Errorf("all (-want +got):\n%s %v", diff, err)
	}
	commit("a", []byte("x"), time.Now().Add(-time.Second))
	find("a", nil)

	// What is over goes when the file is opened; the rest stays.
	s.Close()
	s = sessionsAt(t, path)
	find("empty", []byte{})
	if left := texts(t, path, `SELECT token FROM session`); len(left) != 1 {
		t.Errorf("left are %v", left)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
}

// A session that has been ended is not brought back by a request that had read
// it before: not now, and not after a restart.
func TestEndedStaysEnded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := sessionsAt(t, path)
	later := time.Now().Add(time.Hour)
	gone := func() {
		t.Helper()
		if err := s.Commit("a", []byte("late"), later); err != nil {
			t.Error(err)
		}
		if data, found, err := s.Find("a"); found || err != nil {
			t.Errorf("what was ended is back: %q, %v", data, err)
		}
	}
	if err := errors.Join(s.Commit("a", []byte("one"), later), s.Commit("b", []byte("two"), later), s.Delete("a"), s.Delete("a"), s.Delete("none")); err != nil {
		t.Fatal(err)
	}
	gone()
	if err := s.Commit("b", []byte("three"), later); err != nil {
		t.Error(err)
	}
	if data, _, err := s.Find("b"); string(data) != "three" || err != nil {
		t.Errorf("another session holds %q, %v", data, err)
	}
	s.Close()
	s = sessionsAt(t, path)
	gone()
	if ended := texts(t, path, `SELECT token FROM ended`); len(ended) != 1 || ended[0] != "a" {
		t.Errorf("remembered are %q", ended)
	}

	// Once it could not have lasted any longer it is forgotten.
	exec(t, path, fmt.Sprintf(`UPDATE ended SET expires = %d`, time.Now().Add(-time.Second).UnixMilli()))
	s.SweptAt(time.Now().Add(-5 * time.Minute))
	if err := s.Commit("b", []byte("x"), later); err != nil {
		t.Fatal(err)
	}
	if ended := texts(t, path, `SELECT token FROM ended`); len(ended) != 0 {
		t.Errorf("remembered are %q", ended)
	}
}

// What is over goes while the file is open, too, but not with every write.
func TestSessionsSwept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := sessionsAt(t, path)
	for i := range 3 {
		if err := s.Commit(fmt.Sprint(i), []byte("x"), time.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if left := texts(t, path, `SELECT token FROM session`); len(left) != 3 {
		t.Errorf("left are %v", left)
	}
	s.SweptAt(time.Now().Add(-5 * time.Minute))
	if err := s.Commit("next", []byte("x"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if left := texts(t, path, `SELECT token FROM session`); len(left) != 1 || left[0] != "next" {
		t.Errorf("left are %v", left)
	}
}

func TestSessionsRefuse(t *testing.T) {
	figures := filepath.Join(t.TempDir(), "figures.db")
	openAt(t, figures).Close()
	text := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(text, bytes.Repeat([]byte("no database "), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other.db")
	exec(t, other, `CREATE TABLE theirs (a)`)
	for _, path := range []string{figures, text, other} {
		before := readFile(t, path)
		if s, err := store.OpenSessions(t.Context(), path); !errors.Is(err, store.ErrNotOurs) {
			t.Errorf("%s: %v, %v", path, s, err)
		}
		if !bytes.Equal(before, readFile(t, path)) {
			t.Errorf("%s was written to", path)
		}
	}
	sessions := filepath.Join(t.TempDir(), "sessions.db")
	s := sessionsAt(t, sessions)
	s.Close()
	if _, err := store.Open(t.Context(), sessions); !errors.Is(err, store.ErrNotOurs) {
		t.Errorf("sessions as figures: %v", err)
	}
	if _, err := store.OpenSessions(t.Context(), t.TempDir()); err == nil {
		t.Error("a directory was opened")
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A new file of sessions is new until what there was to be done is settled,
// however often it is opened before.
func TestFresh(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	opened := func() *store.Sessions {
		s, err := store.OpenSessions(t.Context(), path)
		must(t, err)
		return s
	}
	for range 2 {
		s := opened()
		if !s.Fresh() {
			t.Error("it is not new before that is settled")
		}
		must(t, s.Close())
	}
	s := opened()
	must(t, s.Settle(t.Context()))
	if s.Fresh() {
		t.Error("it is new once that is settled")
	}
	must(t, s.Close())
	if s = opened(); s.Fresh() {
		t.Error("it is new again")
	}
	must(t, s.Close())
}
