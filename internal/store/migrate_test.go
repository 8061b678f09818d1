package store_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// A migration that has been released is never edited: databases out there have
// run it as it was.
func TestReleasedMigrations(t *testing.T) {
	for file, want := range map[string]string{
		"00001_figures.sql": "a6652010a09961afa5fccc0952a5a54db2ec4ebb58661dcd1c8d04daaf4fa68f",
		"00002_trust.sql":   "6d11da5104bd946c367beaf6f28141297963c79ff68a01b7f8e79cafeee3f6ed",
		"00003_council.sql": "a6837fb83660b5715a60a0ff764567d2a79ccd745e28c752bce634911aad0bbd",
		"00004_reports.sql": "ce54901c6e209b3c8f6a8cdcf640b0806a09e20d360e516dbbf9242fdbabaed5",
		"00005_people.sql":  "ac725983f732dba621a04609b66676f0e8c6d44adcaa7ddb79e14e11896e4776",
		"00006_signoff.sql": "8879a99d30e3a1d57fb61a2ad2e73e4e48eb1c8c4c566f7355499f815868a8d5",
	} {
		text, err := os.ReadFile(filepath.Join("migrations", file))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s has been edited: write a new migration instead", file)
		}
	}
}

// filledAt1 is what the first Bellwether left: four imports, of which one had
// been withdrawn by hand, and neighbours.
const filledAt1 = `
	INSERT INTO batch (file, sha256, layout, publisher, released, who, stored, rows, added, revised, unchanged, sample, problems, skipped, withdrawn) VALUES
		('first.csv',  'f1', 'dfe-cin', 'DfE', '2023-10', 'analyst', '2026-01-01T09:00:00.5Z', 1, 1, 0, 0, 0, '[{"at":"F2","severity":"warning","code":"half_observation","message":"no rate"}]', 'null', NULL),
		('wrong.csv',  'f2', 'dfe-cin', 'DfE', '2024-10', 'analyst', '2026-01-02T09:00:00Z', 1, 0, 1, 0, 0, 'null', '[{"reason":"a note","rows":1,"first":"A9"}]', '2026-01-03T09:00:00Z'),
		('second.csv', 'f3', 'dfe-cin', 'DfE', '2024-10', 'analyst', '2026-01-03T09:00:00Z', 2, 1, 1, 0, 0, 'null', 'null', NULL),
		('sn.xlsx',    NULL, 'neighbours', 'DfE', '2025-05', 'analyst', '2026-01-04T09:00:00Z', 1, 1, 0, 0, 0, 'null', 'null', NULL);
	INSERT INTO origin (batch, publisher, released, file, sample) VALUES
		(1, 'DfE', '2023-10', 'first.csv', 0), (2, 'DfE', '2024-10', 'wrong.csv', 0), (3, 'DfE', '2024-10', 'second.csv', 0);
	INSERT INTO observation (measure, breakdown, area, period_end, span, origin, count, count_text, count_at, value, value_at) VALUES
		('cin', '', 'E06000002', 20230331, 0, 1, 2196, '2,196', 'H7', 656.7, 'I7'),
		('cin', '', 'E06000002', 20230331, 0, 2, 9999, NULL,    'H7', 999.9, 'I7'),
		('cin', '', 'E06000002', 20230331, 0, 3, 2196, NULL,    'H7', 642.1, 'I7'),
		('cpp', '', 'E06000002', 20230331, 0, 3, 311,  NULL,    'H8', NULL,  NULL);
	INSERT INTO neighbour VALUES ('2025', 'E06000002', 4, 1, 'E06000001', 'Close', 'Sheet1!C2');
	UPDATE holding SET version = version + 4;`

func madeAt1(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "figures.db")
	h, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, h, os.DirFS("migrations"), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Exec(filledAt1); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMigrateFrom1(t *testing.T) {
	db := openAt(t, madeAt1(t))
	list, err := db.Batches(t.Context())
	if err != nil || len(list) != 4 {
		t.Fatalf("imports %+v, %v", list, err)
	}
	want := stat.Batch{
		ID: 1, File: "first.csv", SHA256: "f1", Layout: "dfe-cin", Publisher: stat.DfE, Released: "2023-10", By: "analyst",
		At: time.Date(2026, 1, 1, 9, 0, 0, 5e8, time.UTC), Rows: 1, Changes: stat.Changes{New: 1},
		Problems:  []stat.Problem{{At: "F2", Severity: stat.Warning, Code: "half_observation", Message: "no rate"}},
		Published: time.Date(2026, 1, 1, 9, 0, 0, 5e8, time.UTC), PublishedBy: "Bellwether", PublishedWhy: "held before sign-off began",
	}
	if diff := cmp.Diff(want, list[3]); diff != "" {
		t.Errorf("the first import (-want +got):\n%s", diff)
	}
	if w := list[2].Withdrawn; !w.Equal(time.Date(2026, 1, 3, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("the withdrawn import: %v", w)
	}

	show := func() (out []string) {
		for _, o := range read(t, db, stat.Query{Measures: []string{"cin", "cpp"}}).Observations {
			out = append(out, o.Measure+" "+shown(o))
		}
		return out
	}
	if diff := cmp.Diff([]string{"cin DfE: 2196 (2024-10) 642.1 (2024-10)", "cpp DfE: 311 (2024-10)"}, show()); diff != "" {
		t.Errorf("shows (-want +got):\n%s", diff)
	}
	if l := read(t, db, stat.Query{}).Links; len(l) != 1 || l[0].Neighbour != hartlepool {
		t.Errorf("neighbours %+v", l)
	}

	for id, want := range map[int64][]string{
		1: {"cin count ->2,196", "cin value ->656.7"},
		3: {"cin value 656.7->642.1", "cpp count ->311"},
		4: nil,
	} {
		changes, n, err := db.Changed(t.Context(), id, 9)
		if err != nil || n != len(want) {
			t.Errorf("import %d changed %d figures, %v", id, n, err)
		}
		var got []string
		for _, c := range changes {
			got = append(got, c.Measure+" "+string(c.Part)+" "+c.Was.Text+"->"+c.Now.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("import %d changed (-want +got):\n%s", id, diff)
		}
	}

	if _, err := db.Withdraw(t.Context(), 2, "Ann", "again", morning); !errors.Is(err, store.ErrWithdrawn) {
		t.Errorf("withdrawn by hand before: %v", err)
	}
	if _, err := db.Withdraw(t.Context(), 3, "Ann", "a test", morning); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"cin DfE: 2,196 (2023-10) 656.7 (2023-10)"}, show()); diff != "" {
		t.Errorf("shows after withdrawing (-want +got):\n%s", diff)
	}
	s := restated[2].submission(2)
	s.Measures = []stat.Measure{{Code: "a", Name: "A", Registered: true}}
	if b := keep(t, db, s); b.ID != 5 || b.Changes != (stat.Changes{Revised: 1}) {
		t.Errorf("the next import: %+v", b)
	}
}
