package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bellwether/imports"
	"bellwether/internal/importer"
	"bellwether/internal/longtest"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// TestMain makes the test's own binary the program too, for tests that need a
// process of its own. It may be given several command lines, divided by then.
func TestMain(m *testing.M) {
	if os.Getenv("BELLWETHER_CHILD") != "" {
		code := done
		for args := range divided(os.Args[1:]) {
			code = max(code, run(context.Background(), args, os.Stdout, os.Stderr))
		}
		os.Exit(code)
	}
	os.Exit(m.Run())
}

const then = "--then"

func divided(args []string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for len(args) > 0 {
			end := slices.Index(args, then)
			if end < 0 {
				end = len(args)
			}
			if !yield(args[:end]) {
				return
			}
			args = args[min(end+1, len(args)):]
		}
	}
}

// A process killed at any moment of importing and publishing leaves whole
// imports and publications, among them every one it had acknowledged, and the
// next one goes on where it stopped. Small files are killed between their
// steps; a large one's pages are written before it is committed, which only
// make soak has the time for.
func TestKilled(t *testing.T) {
	kills, large := longtest.Rounds(t, 5, 1), 6
	if os.Getenv("BELLWETHER_SOAK") != "" {
		large = 150
	}
	files := contacts(t, 2, large, 2, large, 2)
	path := bareDB(t)
	whole := process(t, path, files, time.Hour)
	if all := (did{len(files), len(files)}); whole.acknowledged != all || wholeDatabase(t, path, files) != all {
		t.Fatalf("of %d files %+v were done:\n%s", len(files), whole.acknowledged, whole.out)
	}

	held, killed, unacknowledged := did{len(files), len(files)}, 0, did{}
	for round := 0; killed < kills; round++ {
		if round > 10*kills {
			t.Fatalf("only %d of %d rounds were killed before they were done", killed, round)
		}
		if held.published == len(files) {
			path, held = bareDB(t), did{}
		}
		after := rand.N(whole.ended)
		if done := held.imported + held.published; done > 0 { // what is done already takes hardly any time
			after = whole.first/2 + after*time.Duration(2*len(files)-done)/time.Duration(2*len(files))
		}
		ran := process(t, path, files, after)
		now := wholeDatabase(t, path, files)
		more := did{now.imported - held.imported - ran.acknowledged.imported, now.published - held.published - ran.acknowledged.published}
		if more.imported < 0 || more.published < 0 || more.imported+more.published > 1 || more != (did{}) && !ran.killed {
			t.Fatalf("round %d, ended after %v: %+v before and %+v after, of which %+v were acknowledged:\n%s",
				round, after, held, now, ran.acknowledged, ran.out)
		}
		if ran.killed {
			killed++
		} else if now != (did{len(files), len(files)}) {
			t.Fatalf("round %d: it ended of itself and did %+v of %d files:\n%s", round, now, len(files), ran.out)
		}
		held = now
		unacknowledged = did{unacknowledged.imported + more.imported, unacknowledged.published + more.published}
	}
	t.Logf("%d killed, kept but not acknowledged: %+v", killed, unacknowledged)
	process(t, path, files, time.Hour)
	if got := wholeDatabase(t, path, files); got != (did{len(files), len(files)}) {
		t.Errorf("done to the end there are %+v of %d files", got, len(files))
	}
}

// did counts what was done of files.
type did struct{ imported, published int }

// ran is what became of a process.
type ran struct {
	out          string
	acknowledged did
	first, ended time.Duration // when it first said something, when it ended
	killed       bool
}

var (
	saysImported  = regexp.MustCompile(`(?m)imported as batch \d+$`)
	saysPublished = regexp.MustCompile(`(?m)^contacts\d+\.csv \(import \d+\) is published`)
)

// process runs the program in a process of its own, below another where some
// are given, to import the files and publish each, and kills it after a while
// unless it has ended.
func process(t *testing.T, db string, files []file, after time.Duration, below ...string) ran {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := append(below, self, "import", "--db", db)
	for _, f := range files {
		args = append(args, f.path)
	}
	for i := range files { // the files' numbers follow on those of bareDB
		args = append(args, then, "publish", "--db", db, strconv.Itoa(boxFiles(t)+1+i))
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "BELLWETHER_CHILD=1")
	out := &stamped{start: time.Now()}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != refused && cmd.ProcessState.ExitCode() >= 0 {
		t.Fatalf("%v\n%s", err, out.text.String())
	}
	r := ran{out: out.text.String(), first: out.first, ended: time.Since(out.start), killed: cmd.ProcessState.ExitCode() < 0}
	r.acknowledged = did{len(saysImported.FindAllString(r.out, -1)), len(saysPublished.FindAllString(r.out, -1))}
	return r
}

// stamped notes when the first thing was written.
type stamped struct {
	text  bytes.Buffer
	start time.Time
	first time.Duration
}

func (s *stamped) Write(b []byte) (int, error) {
	if s.first == 0 {
		s.first = time.Since(s.start)
	}
	return s.text.Write(b)
}

// wholeDatabase checks the database as it was left, and says how many of the
// files it holds, each with all its figures, and how many of those are
// published. The audit trail is whole and says the same.
func wholeDatabase(t *testing.T, path string, files []file) (is did) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var integrity string
	var broken int
	err = db.QueryRow(`SELECT integrity_check, (SELECT count(*) FROM pragma_foreign_key_check) FROM pragma_integrity_check`).Scan(&integrity, &broken)
	if err != nil || integrity != "ok" || broken != 0 {
		t.Fatalf("integrity: %s, %d broken references, %v", integrity, broken, err)
	}
	var stray int
	for _, f := range files {
		var batches, says, holds, published int
		err := db.QueryRow(`
			SELECT count(*), coalesce(max(added + revised + unchanged), 0), coalesce(max((
				SELECT count(*) FROM observation WHERE measure = 'contacts' AND origin IN (SELECT id FROM origin WHERE batch = batch.id)
			)), 0), coalesce(max((SELECT count(*) FROM publication WHERE batch = batch.id)), 0) FROM batch WHERE file = ?`, filepath.Base(f.path)).
			Scan(&batches, &says, &holds, &published)
		if err != nil {
			t.Fatal(err)
		}
		if batches > 1 || batches == 1 && (says != f.rows || holds != f.rows) || published > batches {
			t.Fatalf("%s has %d rows; %d imports of it, published %d times, say %d and hold %d", f.path, f.rows, batches, published, says, holds)
		}
		is.imported += batches
		is.published += published
		stray -= holds
	}
	var all int
	var acts did
	err = db.QueryRow(`SELECT (SELECT count(*) FROM observation), count(*) FILTER (WHERE what = 'import.store'), count(*) FILTER (WHERE what = 'import.publish') FROM act`).
		Scan(&all, &acts.imported, &acts.published)
	if acts.imported -= boxFiles(t); err != nil || all+stray != 0 || acts != is {
		t.Fatalf("%d figures belong to no import; the audit trail has %+v and the database %+v, %v", all+stray, acts, is, err)
	}
	checked, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer checked.Close()
	if _, err := checked.CheckActs(t.Context()); err != nil {
		t.Fatal(err)
	}
	return is
}

// A disk that fails to synchronise, at any moment, costs nothing that was
// acknowledged, and nothing is acknowledged after it.
func TestFailedSync(t *testing.T) {
	if err := exec.Command("strace", "-f", "-o", os.DevNull, "true").Run(); err != nil {
		t.Skipf("strace, which makes the disk fail, is not here or may not be used: %v", err)
	}
	files := contacts(t, 2, 2, 2)
	bare := contents(t, bareDB(t))
	failures := 0
	for round := range longtest.Rounds(t, 2, 0.1) {
		when := strconv.Itoa(1 + round/2)
		if round%2 == 0 {
			when += "+" // and from then on
		}
		path := filepath.Join(t.TempDir(), "failing.db")
		if err := os.WriteFile(path, bare, 0o600); err != nil {
			t.Fatal(err)
		}
		ran := process(t, path, files, time.Hour, "strace", "-f", "-o", os.DevNull, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when="+when)
		held := wholeDatabase(t, path, files)
		if held.imported < ran.acknowledged.imported || held.published < ran.acknowledged.published {
			t.Fatalf("failing at %s: it acknowledged %+v and holds %+v:\n%s", when, ran.acknowledged, held, ran.out)
		}
		importing, _, _ := strings.Cut(ran.out, " is published")
		if _, after, failed := strings.Cut(importing, "restart Bellwether"); failed {
			failures++
			if saysImported.MatchString(after) {
				t.Errorf("failing at %s: it imported after a failed commit:\n%s", when, ran.out)
			}
		}
		process(t, path, files, time.Hour)
		if got := wholeDatabase(t, path, files); got != (did{len(files), len(files)}) {
			t.Errorf("failing at %s, and again on a sound disk: %+v of %d files", when, got, len(files))
		}
	}
	t.Logf("%d imports failed as they were committed", failures)
	if failures == 0 {
		t.Error("no import failed as it was committed")
	}
}

// bareDB knows the published files but none of their figures, so that filling
// and checking it take no time.
func bareDB(t *testing.T) string {
	t.Helper()
	content, err := bareOnce()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bare.db")
	if err := os.WriteFile(path, content.bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// boxFiles is how many imports bareDB has.
func boxFiles(t *testing.T) int {
	t.Helper()
	content, err := bareOnce()
	if err != nil {
		t.Fatal(err)
	}
	return content.imports
}

type bareContent struct {
	bytes   []byte
	imports int
}

var bareOnce = sync.OnceValues(func() (c bareContent, err error) {
	dir, err := os.MkdirTemp("", "bellwether")
	if err != nil {
		return c, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "bare.db")
	db, err := store.Open(context.Background(), path)
	if err != nil {
		return c, err
	}
	cat, err := importer.ReadCatalogue(imports.FS)
	for sub, broken := range importer.ReadBox(imports.FS, cat) {
		if err = errors.Join(err, broken); err != nil {
			break
		}
		sub.Batch.By = "test"
		_, err = db.Store(context.Background(), stat.Submission{Batch: sub.Batch}, nil)
		c.imports++
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return c, err
	}
	c.bytes, err = os.ReadFile(path)
	return c, err
})

type file struct {
	path string
	rows int
}

// contacts are files of so many months each, one after the other.
func contacts(t *testing.T, months ...int) (files []file) {
	t.Helper()
	cat, err := importer.ReadCatalogue(imports.FS)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	from := stat.Date{Year: 1985, Month: 1, Day: 1}
	for n, count := range months {
		f := file{path: filepath.Join(dir, fmt.Sprintf("contacts%d.csv", n))}
		text := bytes.NewBufferString("month,measure,area code,value\n")
		for range count {
			for i, a := range cat.ByLevel(stat.Authority) {
				if a.Began.IsZero() && a.Ended.IsZero() {
					fmt.Fprintf(text, "%d-%02d,contacts,%s,%d\n", from.Year, from.Month, a.Code, 400+(i*31+from.Year*7+int(from.Month)*13)%41)
					f.rows++
				}
			}
			if from.Month++; from.Month > 12 {
				from.Year, from.Month = from.Year+1, 1
			}
		}
		if err := os.WriteFile(f.path, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}
