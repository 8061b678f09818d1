package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	child "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/longtest"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// filledSince is what each later version's tables held before the next, beside
// what filledAt1 put there.
var filledSince = map[int64]string{
	1: filledAt1,
	2: `INSERT INTO measure (code, name, noun, topic, kind, unit, polarity, decimals, frequency, numerator, denominator, population, source, definition, aliases, batch)
			VALUES ('own', 'Own', '', '', 'flow', 'number', '', 0, 'month', '', '', '', '', '', '[]', 1);
		INSERT INTO area (code, number, name, level, region, began, ended, other_codes, other_names, predecessors, successors, batch)
			VALUES ('X1', '', 'A ward', 'ward', '', 0, 0, '[]', '[]', '[]', '[]', 1);
		INSERT INTO layout (name, toml, who, saved) VALUES ('ours', 'x = 1', 'Ann', '2026-02-01T09:00:00Z'), ('ours', NULL, 'Bob', '2026-02-02T09:00:00Z');`,
	3: `INSERT INTO comparison_group (name, title, areas, who, said) VALUES ('north', 'The North', '["E06000001"]', 'Ann', '2026-03-01T09:00:00Z');
		INSERT INTO meeting (day, name, removed, who, said) VALUES (20260603, 'Scrutiny', 0, 'Ann', '2026-03-01T09:00:00Z');
		INSERT INTO rebase (measure, area, day, reason, removed, who, said) VALUES ('cin', 'E06000002', 20260101, 'a new front door', 0, 'Ann', '2026-03-01T09:00:00Z');
		INSERT INTO projection (measure, area, last_end, last_span, for_end, for_span, value, lower, upper, method, note, who, said)
			VALUES ('cin', 'E06000002', 20230331, 0, 20240331, 0, 640, 600, 680, 'linear', '', 'Ann', '2026-03-01T09:00:00Z');
		INSERT INTO comment (place, head, area, day, text, who, said) VALUES ('report/council', 'In short', 'E06000002', 0, 'Fewer.', 'Ann', '2026-03-01T09:00:00Z');`,
	4: `INSERT INTO issue (number, name, title, area, as_of, dated, who, said, sha256, content) VALUES (1, 'council', 'To the council', 'E06000002', 20260301, 20260303, 'Ann',
			'2026-03-03T09:00:00Z', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', x'7b7d');
		INSERT INTO issue_file (issue, ending, sha256, content) VALUES (1, 'csv', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', x'7b7d');
		INSERT INTO question (area, day, measure, text, who, said) VALUES ('E06000002', 20260603, 'cin', 'Why?', 'Ann', '2026-03-03T09:00:00Z');
		INSERT INTO answer (question, text, who, said) VALUES (1, 'Because.', 'Bob', '2026-03-04T09:00:00Z');`,
	5: `INSERT INTO person (name, folded, issuer, subject) VALUES ('Jo', 'jo', '', '');
		INSERT INTO standing (person, title, role, disabled, who, said) VALUES (1, 'Jo Smith', 'administrator', 0, 'Ann', '2026-04-01T09:00:00Z');
		INSERT INTO secret (person, password, totp, step) VALUES (1, '$argon2id$x', '', 0);
		INSERT INTO settings (public, second_person, mask_viewers, threshold, thresholds, who, said) VALUES (1, 0, 0, 5, '{}', 'Ann', '2026-04-01T09:00:00Z');`,
	6: `INSERT INTO publication (batch, visible, embargo, why, who, said) VALUES (1, 1790000000000, 0, 'signed off', 'Pat', '2026-05-01T09:00:00Z');
		INSERT INTO steward (measure, owner, review, unmeasured, who, said) VALUES ('cin', 'Jo', 20270331, '', 'Pat', '2026-05-01T09:00:00Z');`,
}

// madeAt is a filled database of a released version, with more figures beside.
func madeAt(t *testing.T, version int64, more int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "figures.db")
	for v := int64(1); v <= version; v++ {
		raise(t, path, v)
		exec(t, path, filledSince[v])
	}
	exec(t, path, fmt.Sprintf(`
		INSERT INTO observation (measure, breakdown, area, period_end, span, origin, value)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		SELECT 'more', 'n: ' || i, 'E06000002', 20230331, 0, 1, i FROM n`, more))
	return path
}

// released are the versions of the tables there are.
func released(t *testing.T) (out []int64) {
	t.Helper()
	for _, file := range list(t, "migrations", "*.sql") {
		n, err := strconv.ParseInt(file[:5], 10, 64)
		must(t, err)
		if filledSince[n] == "" {
			t.Fatalf("%s: say in filledSince what its tables may hold", file)
		}
		out = append(out, n)
	}
	return out
}

// A filled database of every released version is brought up to date without
// loss: every row of every table says what it said, and a copy as it was is
// left beside it, which can be restored.
func TestMigrateEveryRelease(t *testing.T) {
	t.Parallel()
	versions := released(t)
	latest := versions[len(versions)-1]
	for _, v := range versions {
		t.Run(fmt.Sprint(v), func(t *testing.T) {
			path := madeAt(t, v, longtest.Rounds(t, 100, 100))
			before := tables(t, path, nil)
			db, err := store.Open(t.Context(), path)
			must(t, err)
			sound(t, db, path)
			_, err = db.CheckActs(t.Context())
			must(t, err)
			if diff := cmp.Diff(before, tables(t, path, before)); diff != "" {
				t.Errorf("(-before +after):\n%s", diff)
			}
			keep(t, db, submission("next.csv", stat.Council, "2026-10", cin("2,196", "638.7")))
			must(t, db.Close())
			copies := list(t, filepath.Dir(path), "figures.db.before-*[0-9]")
			if v == latest {
				if len(copies) > 0 {
					t.Errorf("up to date already, it left %v", copies)
				}
				return
			}
			if len(copies) != 1 || !strings.HasPrefix(copies[0], fmt.Sprintf("figures.db.before-%d-2", latest)) {
				t.Fatalf("copies %v", copies)
			}
			copied := filepath.Join(filepath.Dir(path), copies[0])
			if diff := cmp.Diff(before, tables(t, copied, nil)); diff != "" {
				t.Errorf("the copy (-before +copy):\n%s", diff)
			}
			if d, err := store.Drill(t.Context(), copied, "", nil); err != nil || d.Schema != v || !d.Migrated || d.Imports != 4 {
				t.Errorf("the copy restored: %+v, %v", d, err)
			}
		})
	}
}

// tables are the rows of every table of a closed database file, or of those of
// before in the columns they had then; what was added since is left out.
func tables(t *testing.T, path string, before map[string][]string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, table := range texts(t, path, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('holding', 'goose_db_version', 'act')`) {
		columns := texts(t, path, `SELECT '"' || name || '"' FROM pragma_table_info('`+table+`') ORDER BY cid`)
		rest := ""
		if before != nil {
			was, ok := before[table]
			if !ok {
				continue
			}
			columns = strings.Split(was[0], ", ")
			rest = fmt.Sprintf(` LIMIT %d`, len(was)-1)
		}
		all := strings.Join(columns, ", ")
		order := "rowid"
		if len(texts(t, path, `SELECT name FROM sqlite_schema WHERE name = '`+table+`' AND sql LIKE '%WITHOUT ROWID%'`)) > 0 {
			order = all
		}
		quoted := "quote(" + strings.Join(columns, ") || ' ' || quote(") + ")"
		out[table] = append([]string{all}, texts(t, path, `SELECT `+quoted+` FROM `+table+` ORDER BY `+order+rest)...)
	}
	return out
}

// TestMain makes the test's own binary a program that only opens a database,
// for tests that kill it.
func TestMain(m *testing.M) {
	if path := os.Getenv("BELLWETHER_OPEN"); path != "" {
		db, err := store.Open(context.Background(), path)
		if err == nil {
			err = db.Close()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A program killed while it brings a database up to date leaves one that the
// next brings up to date.
func TestKilledMigration(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	must(t, err)
	original, err := os.ReadFile(madeAt(t, 1, 2000))
	must(t, err)
	open := func(path string, after time.Duration) (time.Duration, bool) {
		cmd := child.Command(self)
		cmd.Env = append(os.Environ(), "BELLWETHER_OPEN="+path)
		var says strings.Builder
		cmd.Stderr = &says
		began := time.Now()
		must(t, cmd.Start())
		timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer timer.Stop()
		err := cmd.Wait()
		killed := cmd.ProcessState.ExitCode() < 0
		if err != nil && !killed {
			t.Fatalf("%v: %s", err, says.String())
		}
		return time.Since(began), killed
	}
	fresh := func() string {
		path := filepath.Join(t.TempDir(), "figures.db")
		write(t, path, string(original))
		return path
	}
	path := fresh()
	whole, _ := open(path, time.Hour)
	want := tables(t, path, nil)
	killed := 0
	for range longtest.Rounds(t, 4, 0.2) {
		path := fresh()
		_, dead := open(path, rand.N(whole))
		if dead {
			killed++
		}
		if _, dead := open(path, time.Hour); dead {
			t.Fatal("it was killed by somebody else")
		}
		if got := tables(t, path, nil); !cmp.Equal(want["observation"], got["observation"]) || !cmp.Equal(want["batch"], got["batch"]) || len(want) != len(got) || len(got["publication"]) != len(want["publication"]) {
			t.Fatalf("brought up to date after a kill it holds %d tables, want %d", len(got), len(want))
		}
		if k := texts(t, path, `SELECT integrity_check FROM pragma_integrity_check`); k[0] != "ok" {
			t.Fatal(k)
		}
	}
	t.Logf("%d killed", killed)
}
