package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/store"
)

// A backup is proven: all that it holds, and every issued report byte for byte.
func TestRestoreDrill(t *testing.T) {
	t.Parallel()
	db, dir := newDB(t), t.TempDir()
	for _, as := range [][]string{{"2024-12-01", "2024-12-04"}, {"2023-12-01", "2023-12-04"}} {
		must(t, "report", "council", "--db", db, "--as-of", as[0], "--dated", as[1], "--issue", "--out", filepath.Join(dir, "house.docx"))
	}
	file := filepath.Join(dir, "copy.db")
	copied, code := answerOf[backedUp](t, "backup", "--db", db, file)
	if code != done || copied.File != file || len(copied.SHA256) != 64 || copied.Acts == 0 {
		t.Fatalf("exit %d, %+v", code, copied)
	}

	d, code := answerOf[drilled](t, "restore-drill", "--db", db, "--scratch", dir, "--who", "Ann", file)
	want := []rendered{{1, []string{}}, {2, []string{}}}
	if code != done || d.Figures < 30_000 || d.Issues != 2 || d.SHA256 != copied.SHA256 || d.Head != copied.Head || d.Acts != copied.Acts || d.Migrated {
		t.Errorf("exit %d, %+v", code, d.Drilled)
	}
	if diff := cmp.Diff(want, d.Rendered); diff != "" {
		t.Errorf("rendered (-want +got):\n%s", diff)
	}
	p, err := store.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if a, err := p.LastDrill(t.Context()); err != nil || a.Number != copied.Acts+2 || a.Who != "Ann" || a.On != "copy.db" || a.Detail != "sha256 "+copied.SHA256 {
		t.Errorf("noted %+v, %v", a, err)
	}

	// With another template the kept document is another, and no worse.
	out := must(t, "restore-drill", "--db", db, "--template", filepath.Join(dir, "house.docx"), file)
	says(t, out, "can be restored", "2 issued reports", "as its manifest says", "writes .docx otherwise", copied.Head)

	// Where there is no database, there is nowhere to note it.
	out, errs, code := bellwether(t, "restore-drill", "--db", filepath.Join(dir, "none.db"), file)
	if code != done || !strings.Contains(errs, "there is no database") || !strings.Contains(out, "can be restored") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); err == nil {
		t.Error("a database was made")
	}

	// One byte.
	content := contents(t, file)
	content[len(content)/2] ^= 1
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs, code = bellwether(t, "restore-drill", "--db", db, file)
	if a, err := p.LastAct(t.Context(), "drill.failed"); code != refused || !strings.Contains(errs, "is not what was kept") || err != nil || a.On != "copy.db" {
		t.Errorf("exit %d, %s; noted %+v, %v", code, errs, a, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "bellwether-drill-*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}
