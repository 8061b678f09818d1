package disclosure_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/stat"
)

const (
	town  = "E06000002"
	wardA = "E05000001"
	wardB = "E05000002"
	wardC = "E05000003"
	wardD = "E05000004"
)

var wards = []string{wardA, wardB, wardC, wardD}

// catalogue is a few measures that count some of the same things.
func catalogue(t testing.TB) *stat.Catalogue {
	t.Helper()
	areas := []stat.Area{{Code: town, Number: "806", Name: "Middlesbrough", Level: stat.Authority}}
	for i, w := range wards {
		areas = append(areas, stat.Area{Code: w, Name: "Ward " + string(rune('A'+i)), Level: "Ward", Region: town})
	}
	cat, err := stat.NewCatalogue([]stat.Measure{
		{Code: stat.Population, Name: "Children", Kind: stat.Snapshot, Unit: stat.Number, Numerator: "residents aged 0 to 17"},
		{Code: "referrals", Name: "Referrals", Kind: stat.Flow, Unit: stat.RateOf, Decimals: 1, Numerator: "referrals received", Denominator: "children", Population: stat.Population},
		{Code: "repeats", Name: "Repeat referrals", Kind: stat.Flow, Unit: stat.Percent, Decimals: 1, Numerator: "repeat referrals", Denominator: "referrals received"},
		{Code: "repeaters", Name: "Repeat referrals counted apart", Kind: stat.Flow, Unit: stat.Number, Numerator: "repeat referrals"},
		{Code: "kin", Name: "Children with kin", Kind: stat.Snapshot, Unit: stat.Number, Numerator: "children fostered by kin"},
		{Code: "kin_share", Name: "Share with kin", Kind: stat.Snapshot, Unit: stat.Percent, Decimals: 1, Numerator: "children fostered by kin", Denominator: "children fostered"},
		{Code: "far_share", Name: "Share placed far away", Kind: stat.Snapshot, Unit: stat.Percent, Decimals: 1, Numerator: "children fostered far away", Denominator: "children fostered"},
		{Code: "begun", Name: "Cases begun", Kind: stat.Flow, Unit: stat.Number, Numerator: "cases begun"},
		{Code: "turnover", Name: "Cases begun for each one ended", Kind: stat.Flow, Unit: stat.Ratio, Decimals: 2, Numerator: "cases begun", Denominator: "cases ended"},
		{Code: "visits", Name: "Visits", Kind: stat.Flow, Unit: stat.Number, Numerator: "visits"},
		{Code: "cla", Name: "Children looked after", Kind: stat.Snapshot, Unit: stat.RateOf, Numerator: "children looked after", Denominator: "children", Population: stat.Population},
		{Code: "caseload", Name: "Caseload", Kind: stat.Snapshot, Unit: stat.Number, Decimals: 1, Numerator: "cases", Denominator: "social workers"},
	}, areas)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// memory is files that were published, in the order they were stored, read as
// the store reads them.
type memory struct {
	files   []file
	said    stat.Holding
	version int64
}

type file struct {
	origin *stat.Origin
	says   []stat.Observation
}

// keep adds a file; its figures get the file as their origin.
func (m *memory) keep(publisher string, released stat.Release, says ...stat.Observation) *memory {
	f := file{&stat.Origin{Publisher: publisher, Released: released, File: "figures.csv"}, slices.Clone(says)}
	for i := range f.says {
		for _, p := range stat.Parts {
			if fig := f.says[i].Part(p); fig.Given() {
				fig.Origin = f.origin
			}
		}
	}
	m.files = append(m.files, f)
	m.version++
	return m
}

func (m *memory) Read(_ context.Context, q stat.Query) (stat.Holding, error) {
	if !q.Published && len(q.Measures) > 0 {
		panic("drafts were asked for")
	}
	out := m.said
	out.Version = m.version
	at := map[string]int{}
	for _, f := range m.sorted(q) {
		for _, o := range f.says {
			if !slices.Contains(q.Measures, o.Measure) || q.Areas != nil && !slices.Contains(q.Areas, o.Area) || q.Own && !q.AsOf.IsZero() && q.AsOf.Before(o.Period.End) {
				continue
			}
			k := o.Key.String() + f.origin.Publisher
			i, ok := at[k]
			switch late := !f.origin.Released.By(q.AsOf); {
			case !ok:
				at[k] = len(out.Observations)
				out.Observations = append(out.Observations, o)
			case !late:
				for _, p := range stat.Parts {
					if fig := o.Part(p); fig.Given() {
						*out.Observations[i].Part(p) = *fig
					}
				}
			}
		}
	}
	slices.SortStableFunc(out.Observations, func(a, b stat.Observation) int {
		if c := a.Key.Compare(b.Key); c != 0 {
			return c
		}
		return strings.Compare(a.Publisher(), b.Publisher())
	})
	return out, nil
}

// sorted are the files that count for a query, by release.
func (m *memory) sorted(q stat.Query) []file {
	out := slices.DeleteFunc(slices.Clone(m.files), func(f file) bool {
		return f.origin.Draft || !f.origin.Released.By(q.AsOf) && !(q.Own && f.origin.Publisher == stat.Council)
	})
	slices.SortStableFunc(out, func(a, b file) int { return a.origin.Released.Last().Compare(b.origin.Released.Last()) })
	return out
}

func (m *memory) Releases(_ context.Context, measure string) ([]stat.Date, error) {
	var out []stat.Date
	for _, f := range m.sorted(stat.Query{}) {
		if f.origin.Publisher == stat.Council && slices.ContainsFunc(f.says, func(o stat.Observation) bool { return o.Measure == measure }) {
			out = append(out, f.origin.Released.Last())
		}
	}
	return slices.Compact(out), nil
}

func (m *memory) History(_ context.Context, key stat.Key) ([]stat.Observation, error) {
	var out []stat.Observation
	files := slices.Clone(m.files)
	slices.SortStableFunc(files, func(a, b file) int { return a.origin.Released.Last().Compare(b.origin.Released.Last()) })
	for _, f := range files {
		for _, o := range f.says {
			if o.Key == key {
				out = append(out, o)
			}
		}
	}
	return out, nil
}
