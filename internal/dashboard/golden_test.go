package dashboard_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

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
	key := strings.Join(append(slices.Clone(q.Measures), q.Areas...), " ")
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
		r.Batch.By, r.Batch.Published = "test", time.Now()
		if _, err := db.Store(t.Context(), r.Submission, nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return db
}

// temporary holds what tests share; TestMain removes it.
var temporary string

func TestMain(m *testing.M) {
	var err error
	if temporary, err = os.MkdirTemp("", "dashboard"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(temporary)
	os.Exit(code)
}

// filled is a store with the project's own published figures, filled once.
var filled = sync.OnceValues(func() (string, error) {
	path, ctx := filepath.Join(temporary, "box.db"), context.Background()
	cat, err := readCatalogue()
	if err != nil {
		return "", err
	}
	db, err := store.Open(ctx, path)
	if err != nil {
		return "", err
	}
	for sub, err := range importer.ReadBox(imports.FS, cat) {
		if err == nil {
			sub.Batch.By, sub.Batch.Published = "test", time.Now()
			_, err = db.Store(ctx, sub, nil)
		}
		if err != nil {
			return "", errors.Join(err, db.Close())
		}
	}
	return path, db.Close()
})

// box is a copy of that store, the test's own.
func box(t testing.TB) *store.DB {
	t.Helper()
	from, err := filled()
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "box.db")
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TestGoldenBox checks the same figures from what is in the box.
func TestGoldenBox(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	checkGolden(t, boards(t, cat), box(t))
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
				c, err := b.Compare(t.Context(), src, dashboard.CompareQuery{Measure: row["measure"], Area: "806", Period: row["year"], Neighbours: model})
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			checkRow(t, row, compare("2025"), compare("2021"))
			checkStanding(t, row, b, src)
			checkCounts(t, row, b, src)
		})
	}
	checkNeighbours(t, b, src)
}

// checkStanding reads the page of all authorities, which has what a comparison
// does not: the rank from below, who shares it, and both ends.
func checkStanding(t *testing.T, row map[string]string, b *dashboard.Boards, src dashboard.Source) {
	t.Helper()
	v, err := b.Authorities(t.Context(), src, row["measure"], dashboard.Selection{Period: row["year"] + "-03-31"})
	if err != nil {
		t.Fatal(err)
	}
	table := panel(v, row["measure"]+"-authorities").Table
	column := slices.Index(table.Columns, "Rate per 10,000")
	var values []float64
	for _, numbers := range table.Numbers {
		if numbers[column] != nil {
			values = append(values, *numbers[column])
		}
	}
	own := *table.Numbers[table.Mark][column]
	lower, same := 0, 0
	for _, x := range values {
		switch {
		case x < own:
			lower++
		case x == own:
			same++
		}
	}
	for name, got := range map[string]float64{
		"rank_lowest": float64(lower + 1), "tied": float64(same), "of": float64(len(values)),
		"least": slices.Min(values), "most": slices.Max(values),
	} {
		if want, err := strconv.ParseFloat(row[name], 64); err != nil || got != want {
			t.Errorf("%s = %v, want %s", name, got, row[name])
		}
	}
}

// checkCounts reads the numbers of England and the region, as `series` does.
func checkCounts(t *testing.T, row map[string]string, b *dashboard.Boards, src dashboard.Source) {
	t.Helper()
	for name, area := range map[string]string{"count_england": "England", "count_region": "North East"} {
		s, err := b.Series(t.Context(), src, row["measure"], area, "", stat.Date{})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(s.Points, func(p dashboard.SeriesPoint) bool { return p.Period == row["year"]+"-03-31" })
		if i < 0 || s.Points[i].Count == nil || strconv.FormatFloat(*s.Points[i].Count, 'f', -1, 64) != row[name] {
			t.Errorf("%s at point %d of %d, want %s", name, i, len(s.Points), row[name])
		}
	}
}

// checkNeighbours reads the page of each neighbour in both models.
func checkNeighbours(t *testing.T, b *dashboard.Boards, src dashboard.Source) {
	t.Helper()
	for model, want := range map[string][]string{
		"2025": {"Blackpool Very close", "Hartlepool Close", "Stoke-on-Trent Close", "Rochdale Close", "Newcastle upon Tyne Close",
			"Wolverhampton Close", "Walsall Close", "South Tyneside Close", "Liverpool Close", "Salford Close"},
		"2021": {"Hartlepool Very Close", "Salford Very Close", "Halton Very Close", "Stoke-on-Trent Very Close", "Tameside Very Close",
			"Rochdale Very Close", "Blackpool Very Close", "South Tyneside Very Close", "Kingston upon Hull, City of Very Close", "Knowsley Very Close"},
	} {
		v, err := b.Neighbours(t.Context(), src, "cla", dashboard.Selection{Neighbours: model})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, cells := range panel(v, "cla-neighbour-table").Table.Rows[1:] {
			if cells[1] != strconv.Itoa(i+1) {
				t.Errorf("%s: %q is in row %d", model, cells, i+1)
			}
			got = append(got, cells[0]+" "+cells[2])
		}
		if !slices.EqualFunc(got, want, strings.EqualFold) {
			t.Errorf("%s model: %q", model, got)
		}
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
	same("population", c.Denominator, unrounded)
	switch consecutive := c.Change != nil && c.Change.Consecutive; {
	case row["value_change"] == "":
	case consecutive:
		same("count_change", c.Change.Count, unrounded)
		same("value_change", &c.Change.Absolute, unrounded)
	case row["value_change"] != "none":
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
	bs, db := boards(b, cat), box(b)
	sel, err := bs.Select(chosen())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := bs.Dashboard(b.Context(), db, dashboard.Overview, sel); err != nil {
			b.Fatal(err)
		}
	}
}
