package importer_test

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

const boxDir = "../../imports/reference/figures"

// boxOriginals are the published files of the box, in the order they are
// stored: where LAIT and a table of DfE's say the same, the table is the origin.
var boxOriginals = []string{
	"dfe/lait_underlying_2016_2025.csv",
	"dfe/b1_children_in_need_2013_to_2025.csv",
	"dfe/d5_cpps_at31march_by_duration_2013_to_2025.csv",
	"dfe/cla_number_and_rate_per_10k_children.csv",
	"dfe/ons_mid-year_population_estimates_2012_to_2024.csv",
}

var neighbourOriginals = []string{
	"neighbours/sn_may_2025.xlsx",
	"neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv",
}

var today = stat.Date{Year: 2026, Month: time.November, Day: 21}

// original reads a published file, or skips the test where it is absent.
func original(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../../shared/data", name))
	if err != nil {
		t.Skipf("the published file %s is not in ../shared/data: %v", name, err)
	}
	return data
}

func project(t testing.TB) (*importer.Importer, *stat.Catalogue) {
	t.Helper()
	fsys := os.DirFS("../../imports")
	cat, err := importer.ReadCatalogue(fsys)
	if err != nil {
		t.Fatal(err)
	}
	home, err := cat.Area("806")
	if err != nil {
		t.Fatal(err)
	}
	im, err := importer.New(fsys, cat, home)
	if err != nil {
		t.Fatal(err)
	}
	return im, cat
}

func read(t testing.TB, im *importer.Importer, name string, data []byte, o importer.Options) *importer.Result {
	t.Helper()
	if o.Today.IsZero() {
		o.Today = today
	}
	r, err := im.Read(context.Background(), name, data, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	accounted(t, r)
	return r
}

// accounted holds for every file, however bad.
func accounted(t testing.TB, r *importer.Result) {
	t.Helper()
	skipped := 0
	for _, s := range r.Skipped {
		skipped += s.Rows
	}
	if r.Rows != r.Used+skipped+r.Faulty {
		t.Errorf("%s: %d rows, but %d used, %d skipped, %d faulty", r.Batch.File, r.Rows, r.Used, skipped, r.Faulty)
	}
}

func boxOf(t testing.TB, fsys fs.FS, cat *stat.Catalogue) []stat.Submission {
	t.Helper()
	var subs []stat.Submission
	for s, err := range importer.ReadBox(fsys, cat) {
		if err != nil {
			t.Fatal(err)
		}
		subs = append(subs, s)
	}
	return subs
}

// published is a figure's key, without the breakdown that none here has.
type published struct {
	file string
	stat.Key
	publisher string
}

// byKey joins observations, with their origins by value.
func byKey(t testing.TB, subs []stat.Submission) map[published]stat.Observation {
	t.Helper()
	out := map[published]stat.Observation{}
	for _, s := range subs {
		for _, o := range s.Observations {
			k := published{s.Batch.File, o.Key, o.Publisher()}
			if _, twice := out[k]; twice {
				t.Errorf("%v stands twice", k)
			}
			out[k] = o
		}
	}
	return out
}

func update() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// The box says what the published files say: the same figures as printed, in
// the same cells, of the same releases.
func TestBoxAsPublished(t *testing.T) {
	im, cat := project(t)
	var want []stat.Submission
	for _, name := range boxOriginals {
		r := read(t, im, filepath.Base(name), original(t, name), importer.Options{})
		if len(r.Problems) > 0 {
			t.Fatalf("%s: %v", name, r.Problems[0])
		}
		want = append(want, r.Submission)
	}
	if update() {
		if err := importer.WriteBox(boxDir, want); err != nil {
			t.Fatal(err)
		}
	}
	got := boxOf(t, os.DirFS("../../imports"), cat)
	if diff := cmp.Diff(byKey(t, want), byKey(t, got)); diff != "" {
		t.Errorf("published (-) and in the box (+):\n%.3000s", diff)
	}
}

func TestBoxNeighboursAsPublished(t *testing.T) {
	im, cat := project(t)
	noCell := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".At" }, cmp.Ignore())
	models := map[string]stat.Submission{}
	for _, s := range boxOf(t, os.DirFS("../../imports"), cat) {
		if len(s.Links) > 0 {
			models[s.Batch.File] = s
		}
	}
	for _, name := range neighbourOriginals {
		r := read(t, im, filepath.Base(name), original(t, name), importer.Options{})
		box := models[r.Batch.File]
		if len(r.Problems) > 0 || box.Batch.Released != r.Batch.Released || box.Batch.Publisher != r.Batch.Publisher {
			t.Errorf("%s: problems %v; released %s, in the box %s", name, r.Problems, r.Batch.Released, box.Batch.Released)
		}
		if diff := cmp.Diff(linksByPlace(r.Links), linksByPlace(box.Links), noCell); diff != "" {
			t.Errorf("%s: published (-) and in the box (+):\n%.2000s", name, diff)
		}
	}
}

type place struct {
	model, area string
	position    int
}

func linksByPlace(links []stat.Link) map[place]stat.Link {
	out := map[place]stat.Link{}
	for _, l := range links {
		out[place{l.Model, l.Area, l.Position}] = l
	}
	return out
}

// What is written reads back, and what was said of a file is kept.
func TestBoxRoundTrip(t *testing.T) {
	_, cat := project(t)
	want := boxOf(t, os.DirFS("../../imports"), cat)
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("../../imports")); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "reference/figures")
	var figures []stat.Submission
	for _, s := range want {
		if len(s.Observations) > 0 {
			figures = append(figures, s)
		}
	}
	if err := importer.WriteBox(dir, figures); err != nil {
		t.Fatal(err)
	}
	got := boxOf(t, os.DirFS(root), cat)
	if diff := cmp.Diff(byKey(t, want), byKey(t, got)); diff != "" {
		t.Errorf("before (-) and after (+):\n%.3000s", diff)
	}
	for i := range got {
		if got[i].Batch.SHA256 != want[i].Batch.SHA256 || got[i].Batch.Released != want[i].Batch.Released {
			t.Errorf("%s: batch %+v, was %+v", got[i].Batch.File, got[i].Batch, want[i].Batch)
		}
	}
}

// Every file of the box has its own SHA-256, its source and its licence.
func TestBoxIndex(t *testing.T) {
	_, cat := project(t)
	seen := map[string]bool{}
	for _, s := range boxOf(t, os.DirFS("../../imports"), cat) {
		b := s.Batch
		if seen[b.SHA256] || b.File == "" || b.Layout == "" || b.Publisher == "" || b.Released == "" || b.Rows == 0 {
			t.Errorf("batch %+v", b)
		}
		seen[b.SHA256] = true
	}
	var size int64
	files, err := filepath.Glob(boxDir + "/*")
	if err != nil || len(files) < 2 {
		t.Fatalf("no box: %v", err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if size > 1_600_000 {
		t.Errorf("the box has grown to %d bytes", size)
	}
}
