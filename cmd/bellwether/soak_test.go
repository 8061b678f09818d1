package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"bellwether/imports"
	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// TestMain makes the test's own binary the program too, for tests that need a
// process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("BELLWETHER_CHILD") != "" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// An importing process killed at any moment leaves whole imports, among them
// every one it had acknowledged, and the next one goes on where it stopped.
// Small files are killed between their steps; a large one's pages are written
// before it is committed, which only make soak has the time for.
func TestKilledImport(t *testing.T) {
	rounds, large := 5, 6
	if s := os.Getenv("BELLWETHER_SOAK"); s != "" {
		var err error
		if rounds, err = strconv.Atoi(s); err != nil {
			t.Fatalf("BELLWETHER_SOAK, the number of rounds: %v", err)
		}
		large = 150
	}
	files := contacts(t, 2, large, 2, large, 2, large, 2)
	path := bareDB(t)
	whole := importIn(t, path, files, time.Hour)
	if whole.acknowledged != len(files) || wholeImports(t, path, files) != len(files) {
		t.Fatalf("only %d of %d files were imported:\n%s", whole.acknowledged, len(files), whole.out)
	}

	held, killed, unacknowledged := len(files), 0, 0
	for round := range rounds {
		if held == len(files) {
			path, held = bareDB(t), 0
		}
		after := rand.N(whole.ended)
		if held > 0 { // the files that are held take hardly any time
			after = whole.first/2 + after*time.Duration(len(files)-held)/time.Duration(len(files))
		}
		ran := importIn(t, path, files, after)
		now := wholeImports(t, path, files)
		more := now - held - ran.acknowledged
		if more < 0 || more > 1 || more == 1 && !ran.killed {
			t.Fatalf("round %d, ended after %v: %d imports were held before and %d after, %d were acknowledged:\n%s",
				round, after, held, now, ran.acknowledged, ran.out)
		}
		if ran.killed {
			killed++
		}
		held, unacknowledged = now, unacknowledged+more
	}
	t.Logf("%d rounds, %d killed, %d imports kept but not acknowledged", rounds, killed, unacknowledged)
	if killed == 0 {
		t.Error("every round was done before it could be killed")
	}
	importIn(t, path, files, time.Hour)
	if n := wholeImports(t, path, files); n != len(files) {
		t.Errorf("imported to the end there are %d imports, want %d", n, len(files))
	}
}

// ran is what became of a process.
type ran struct {
	out          string
	acknowledged int
	first, ended time.Duration // when it first said something, when it ended
	killed       bool
}

var acknowledgement = regexp.MustCompile(`(?m)imported as batch \d+$`)

// importIn runs the program in a process of its own and kills it after a
// while, unless it has ended.
func importIn(t *testing.T, db string, files []file, after time.Duration) ran {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "import", "--db", db)
	for _, f := range files {
		cmd.Args = append(cmd.Args, f.path)
	}
	cmd.Env = append(os.Environ(), "BELLWETHER_CHILD=1")
	out := &stamped{start: time.Now()}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	err = cmd.Wait()
	r := ran{out: out.text.String(), first: out.first, ended: time.Since(out.start), killed: cmd.ProcessState.ExitCode() < 0}
	if err != nil && !r.killed {
		t.Fatalf("import: %v\n%s", err, r.out)
	}
	r.acknowledged = len(acknowledgement.FindAllString(r.out, -1))
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

// wholeImports checks the database as it was left, and says how many of the
// files it holds, each with all its figures.
func wholeImports(t *testing.T, path string, files []file) (held int) {
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
		var batches, says, holds int
		err := db.QueryRow(`
			SELECT count(*), coalesce(max(added + revised + unchanged), 0), coalesce(max((
				SELECT count(*) FROM observation WHERE measure = 'contacts' AND origin IN (SELECT id FROM origin WHERE batch = batch.id)
			)), 0) FROM batch WHERE file = ?`, filepath.Base(f.path)).Scan(&batches, &says, &holds)
		if err != nil {
			t.Fatal(err)
		}
		if batches > 1 || batches == 1 && (says != f.rows || holds != f.rows) {
			t.Fatalf("%s has %d rows; %d imports of it say %d and hold %d", f.path, f.rows, batches, says, holds)
		}
		held += batches
		stray -= holds
	}
	var all int
	if err := db.QueryRow(`SELECT count(*) FROM observation`).Scan(&all); err != nil || all+stray != 0 {
		t.Fatalf("%d figures belong to no import, %v", all+stray, err)
	}
	return held
}

// bareDB knows the published files but none of their figures, so that filling
// and checking it take no time.
func bareDB(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bare.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	cat, err := importer.ReadCatalogue(imports.FS)
	if err != nil {
		t.Fatal(err)
	}
	for sub, err := range importer.ReadBox(imports.FS, cat) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Store(t.Context(), stat.Submission{Batch: sub.Batch}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

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
