package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// A copy an hour after the start, and every day from then on.
func TestDaily(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		start, copied := time.Now(), []time.Duration{}
		go daily(ctx, func(at time.Time) {
			time.Sleep(time.Minute) // as long as it takes
			copied = append(copied, at.Sub(start).Truncate(time.Hour))
		})
		time.Sleep(50 * time.Hour)
		stop()
		synctest.Wait()
		if diff := cmp.Diff([]time.Duration{time.Hour, 25 * time.Hour, 49 * time.Hour}, copied); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFolderOfBackups(t *testing.T) {
	for _, c := range []struct{ given, want string }{{"", "data/backups"}, {"/mnt/away", "/mnt/away"}} {
		if got := filepath.ToSlash(safekeeping{c.given}.folder(filepath.FromSlash("data/council.db"))); got != c.want {
			t.Errorf("%q: %s, want %s", c.given, got, c.want)
		}
	}
}

// What becomes of the day's copy stands in the log and in the audit trail.
func TestKeepCopy(t *testing.T) {
	_, db := emptyDB(t)
	dir := t.TempDir()
	var text bytes.Buffer
	log := slog.New(slog.NewTextHandler(&text, nil))
	at := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	note(t, db, "sign-in")

	keepCopy(t.Context(), log, db, filepath.Join(dir, "backups"), at)
	copies, err := db.Copies(t.Context(), filepath.Join(dir, "backups"))
	if err != nil || len(copies) != 1 || !copies[0].Made.Equal(at) || copies[0].Acts != 1 {
		t.Fatalf("copies %+v, %v", copies, err)
	}
	says(t, text.String(), "level=INFO", "msg=backup", "head="+copies[0].Head, "sha256="+copies[0].SHA256)
	if a, err := db.Head(t.Context()); err != nil || a.Who != "Bellwether" || a.What != "backup" || a.On != "empty-20261122T030000.db" || a.Detail != "sha256 "+copies[0].SHA256 {
		t.Errorf("noted %+v, %v", a, err)
	}

	text.Reset()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	keepCopy(t.Context(), log, db, file, at)
	says(t, text.String(), "level=ERROR", "the daily backup failed", "not a directory")
	if a, err := db.LastAct(t.Context(), "backup.failed"); err != nil || a.Number != 3 || !strings.Contains(a.Detail, "not a directory") {
		t.Errorf("noted %+v, %v", a, err)
	}

	text.Reset()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	keepCopy(stopped, log, db, filepath.Join(dir, "backups"), at.AddDate(0, 0, 1))
	says(t, text.String(), "level=INFO", "given up")
	if head, err := db.Head(t.Context()); err != nil || head.Number != 3 {
		t.Errorf("a stop is noted as %+v, %v", head, err)
	}
}

// The log has the trail's head from the start to the end.
func TestGuard(t *testing.T) {
	path, db := emptyDB(t)
	note(t, db, "sign-in")
	var text bytes.Buffer
	log := slog.New(slog.NewTextHandler(&text, nil))
	stop, err := safekeeping{}.guard(t.Context(), log, db, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	first, _ := db.Head(t.Context())
	other, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := (safekeeping{}).guard(t.Context(), log, other, t.TempDir()); !errors.Is(err, store.ErrInUse) {
		t.Errorf("guarded twice: %v", err)
	}
	note(t, other, "sign-out")
	stop()
	last, _ := db.Head(t.Context())
	says(t, text.String(), "msg=serving acts=1 head="+first.Hash, "msg=stopped acts=2 head="+last.Hash)
	if strings.Contains(text.String(), "no backup can be made") {
		t.Errorf("of a folder that can be written to it says %s", text.String())
	}
}

// A folder of backups that cannot be written to is told of at the start.
func TestGuardTriesTheFolder(t *testing.T) {
	_, db := emptyDB(t)
	var text bytes.Buffer
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stop, err := safekeeping{}.guard(t.Context(), slog.New(slog.NewTextHandler(&text, nil)), db, file)
	if err != nil {
		t.Fatal(err)
	}
	stop()
	says(t, text.String(), "level=ERROR", "no backup can be made", "not a directory")
}

// What can only be of a database that is there makes none.
func TestMakesNoDatabase(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "typo", "bellwether.db")
	for _, args := range [][]string{{"audit", "--check"}, {"backup", filepath.Join(dir, "copy.db")}, {"publish", "1"}, {"withdraw", "1", "--reason", "why"}, {"user", "list"}, {"user", "link", "jo"}} {
		_, errs, code := bellwether(t, append(args, "--db", path)...)
		if code != refused || !strings.Contains(errs, "there is no such database") || !strings.Contains(errs, path) {
			t.Errorf("%q: exit %d: %s", args, code, errs)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// Two servers on one database are one too many; commands go on beside it.
func TestServedOnce(t *testing.T) {
	path := newDB(t)
	ctx, stop := context.WithCancel(t.Context())
	var out, errs locked
	ended := make(chan int)
	go func() { ended <- run(ctx, []string{"serve", "--db", path, "--addr", "127.0.0.1:0"}, &out, &errs) }()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(out.String(), "Bellwether is at http://127.0.0.1:"); {
		if time.Now().After(deadline) {
			t.Fatalf("it does not serve: %s%s", out.String(), errs.String())
		}
		time.Sleep(20 * time.Millisecond)
	}
	_, second, code := bellwether(t, "serve", "--db", path, "--addr", "127.0.0.1:0")
	if code != refused || !strings.Contains(second, fmt.Sprintf("is in use by process %d since", os.Getpid())) {
		t.Errorf("a second one: exit %d, %s", code, second)
	}
	must(t, "import", "--db", path, samples+"monthly-return.xlsx")
	stop()
	if code := <-ended; code != done {
		t.Errorf("stopped: exit %d, %s", code, errs.String())
	}
	a, _ := answerOf[auditAnswer](t, "audit", "--db", path, "--check")
	says(t, errs.String(), "msg=serving", fmt.Sprintf("msg=stopped acts=%d head=%s", a.Acts, a.Head))
}

// emptyDB holds nothing, not even the published figures.
func emptyDB(t *testing.T) (string, *store.DB) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "empty.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return path, db
}

func note(t *testing.T, db *store.DB, what string) {
	t.Helper()
	if err := db.Note(t.Context(), stat.Act{Who: "Ann", What: what, On: "person 1"}); err != nil {
		t.Fatal(err)
	}
}

// locked is a buffer that may be read while it is written.
type locked struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
