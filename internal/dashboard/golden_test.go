package dashboard_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"bellwether/dashboards"
	"bellwether/imports"
	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

const home = "E06000002" // Middlesbrough

var readCatalogue = sync.OnceValues(func() (*stat.Catalogue, error) { return importer.ReadCatalogue(imports.FS) })

func catalogue(t testing.TB) *stat.Catalogue {
	t.Helper()
	cat, err := readCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// once reads each set of measures once, for tests that ask a hundred times.
type once struct {
	dashboard.Source
	held map[string]stat.Holding
}

func (o once) Read(ctx context.Context, q stat.Query) (stat.Holding, error) {
	key := strings.Join(q.Measures, " ")
	if h, ok := o.held[key]; ok {
		return h, nil
	}
	h, err := o.Source.Read(ctx, q)
	o.held[key] = h
	return h, err
}

func boards(t testing.TB, cat *stat.Catalogue) *dashboard.Boards {
	t.Helper()
	area, err := cat.Area(home)
	if err != nil {
		t.Fatal(err)
	}
	b, err := dashboard.New(dashboards.FS, cat, area)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// originals imports DfE's own files, which are not part of the project.
func originals(t *testing.T, cat *stat.Catalogue) *store.DB {
	t.Helper()
	data := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(data); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the published files are not beside the project in ../shared/data")
	}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "golden.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	area, _ := cat.Area(home)
	im, err := importer.New(imports.FS, cat, area)
	if err != nil {
		t.Fatal(err)
	}
	today, _ := stat.ParseDate("2026-11-21")
	for _, name := range []string{
		"dfe/ons_mid-year_population_estimates_2012_to_2024.csv", "dfe/lait_underlying_2016_2025.csv",
		"dfe/cla_number_and_rate_per_10k_children.csv", "dfe/b1_children_in_need_2013_to_2025.csv",
		"dfe/d5_cpps_at31march_by_duration_2013_to_2025.csv",
		"neighbours/sn_may_2025.xlsx", "neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv",
	} {
		bytes, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		r, err := im.Read(t.Context(), filepath.Base(name), bytes, importer.Options{Today: today}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Refused() {
			t.Fatalf("%s is refused: %v", name, r.Problems)
		}
		if _, err := db.Store(t.Context(), r.Submission, nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return db
}

// box is a store filled with the project's own published figures.
func box(t testing.TB, cat *stat.Catalogue) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "box.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for sub, err := range importer.ReadBox(imports.FS, cat) {
		if err == nil {
			_, err = db.Store(t.Context(), sub, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// TestGoldenBox checks the same figures from what is in the box.
func TestGoldenBox(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	checkGolden(t, boards(t, cat), box(t, cat))
}

// TestGolden checks every figure of testdata/middlesbrough.csv, which was
// worked out independently, from the published files to the Comparison.
func TestGolden(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	checkGolden(t, boards(t, cat), originals(t, cat))
}

func checkGolden(t *testing.T, b *dashboard.Boards, src dashboard.Source) {
	src = once{src, map[string]stat.Holding{}}
	f, err := os.Open("testdata/middlesbrough.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = cells[i]
		}
		t.Run(row["measure"]+" "+row["year"], func(t *testing.T) {
			compare := func(model string) *benchmark.Comparison {
				c, err := b.Compare(t.Context(), src, row["measure"], "806", row["year"], model)
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			checkRow(t, row, compare("2025"), compare("2021"))
		})
	}
}

// checkRow compares one row with the comparisons in both models.
func checkRow(t *testing.T, row map[string]string, c, old *benchmark.Comparison) {
	t.Helper()
	same := func(name string, got *float64, decimals int) {
		t.Helper()
		text := ""
		if got != nil {
			text = strconv.FormatFloat(stat.RoundHalfUp(*got, decimals), 'f', -1, 64)
		}
		want := row[name]
		if w, err := strconv.ParseFloat(want, 64); err == nil {
			want = strconv.FormatFloat(w, 'f', -1, 64)
		}
		if text != want {
			t.Errorf("%s = %s, want %s", name, text, want)
		}
	}
	count := func(name string, got int) { t.Helper(); x := float64(got); same(name, &x, 0) }
	const unrounded = 9
	same("count", c.Count, unrounded)
	same("value", c.Value, unrounded)
	same("england", c.England.Value, unrounded)
	same("region", c.Region.Value, unrounded)
	if c.Change != nil && c.Change.Consecutive {
		same("count_change", c.Change.Count, unrounded)
		same("value_change", &c.Change.Absolute, unrounded)
	} else if row["value_change"] != "" {
		t.Errorf("no change, want %s", row["value_change"])
	}
	for model, n := range map[string]benchmark.Neighbours{"2025": c.Neighbours, "2021": old.Neighbours} {
		count("n_"+model, n.N)
		same("mean_"+model, n.Mean, 1)
		same("median_"+model, n.Median, unrounded)
		same("min_"+model, n.Min, unrounded)
		same("max_"+model, n.Max, unrounded)
	}
	if c.Rank == nil || c.Quartile == nil || len(c.Quartiles) != 3 {
		t.Fatalf("rank %v, quartile %v, quartiles %v", c.Rank, c.Quartile, c.Quartiles)
	}
	count("rank", c.Rank.Position)
	count("of", c.Rank.Of)
	count("quartile", *c.Quartile)
	if joint := row["tied"] != "1"; c.Rank.Joint != joint {
		t.Errorf("joint = %v with %s tied", c.Rank.Joint, row["tied"])
	}
	for i, q := range c.Quartiles {
		same(fmt.Sprintf("q%d", i+1), &q, unrounded)
	}
}

// BenchmarkOverview is the first page from the store, as no cache has it.
func BenchmarkOverview(b *testing.B) {
	cat := catalogue(b)
	bs, db := boards(b, cat), box(b, cat)
	sel, err := bs.Select("", "", "", "", "")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := bs.Dashboard(b.Context(), db, dashboard.Overview, sel); err != nil {
			b.Fatal(err)
		}
	}
}
