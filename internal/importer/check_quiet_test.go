package importer_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

// holding is what a store would answer after these submissions: one
// observation for each key and publisher, later parts over earlier ones.
func holding(subs ...stat.Submission) stat.Holding {
	type id struct {
		stat.Key
		publisher string
	}
	at := map[id]int{}
	var h stat.Holding
	for _, s := range subs {
		for _, o := range s.Observations {
			k := id{o.Key, o.Publisher()}
			i, ok := at[k]
			if !ok {
				at[k], i = len(h.Observations), len(h.Observations)
				h.Observations = append(h.Observations, stat.Observation{Key: o.Key})
			}
			for _, p := range stat.Parts {
				now, was := o.Part(p), h.Observations[i].Part(p)
				if now.Given() && !(now.Mark == stat.Unexplained && was.Given()) {
					*was = *now
				}
			}
		}
	}
	slices.SortFunc(h.Observations, func(a, b stat.Observation) int { return a.Key.Compare(b.Key) })
	return h
}

func box(t testing.TB) []stat.Submission {
	t.Helper()
	_, cat := project(t)
	return boxOf(t, os.DirFS("../../imports"), cat)
}

// checked reads a file and checks it against what is held.
func checked(t testing.TB, im *importer.Importer, name string, data []byte, held stat.Holding) *importer.Result {
	t.Helper()
	r := read(t, im, name, data, importer.Options{})
	im.Check(r, held)
	accounted(t, r)
	return r
}

// The published files and the samples are quiet, whether nothing is held or
// all of the box is.
func TestChecksAreQuiet(t *testing.T) {
	im, _ := project(t)
	held := holding(box(t)...)
	files := map[string][]byte{}
	for _, glob := range []string{"../../../shared/data/dfe/*", "../../../shared/data/neighbours/*", "../../../shared/data/local/middlesbrough_referrals_monthly.csv", "../../imports/samples/*"} {
		found, _ := filepath.Glob(glob)
		for _, name := range found {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = data
		}
	}
	for name, data := range files {
		for what, h := range map[string]stat.Holding{"nothing held": {}, "the box held": held} {
			r := checked(t, im, name, data, h)
			if strings.Contains(name, "template") {
				continue // it is empty, and refused for that
			}
			for _, p := range r.Problems {
				t.Errorf("%s, %s: %s %s at %s: %s", filepath.Base(name), what, p.Severity, p.Code, p.At, p.Message)
			}
			if len(r.Checks) == 0 || slices.ContainsFunc(r.Checks, func(c stat.Check) bool { return c.Outcome != stat.Passed }) {
				t.Errorf("%s, %s: %+v", filepath.Base(name), what, r.Checks)
			}
		}
	}
	if len(files) <= 4 {
		t.Log("only the samples were checked: ../shared/data is absent")
	}
}

// Nor does the next month's return give a warning after the first.
func TestNextReturnIsQuiet(t *testing.T) {
	im, _ := project(t)
	subs := box(t)
	for _, name := range []string{"monthly-return.xlsx", "monthly-return-next.xlsx", "tidy-example.csv"} {
		data, err := os.ReadFile("../../imports/samples/" + name)
		if err != nil {
			t.Fatal(err)
		}
		r := checked(t, im, name, data, holding(subs...))
		for _, p := range r.Problems {
			t.Errorf("%s: %s %s at %s: %s", name, p.Severity, p.Code, p.At, p.Message)
		}
		subs = append(subs, r.Submission)
	}
}
