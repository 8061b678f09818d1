package benchmark_test

import (
	"math/rand/v2"
	"testing"

	"bellwether/internal/benchmark"
)

func TestRepresentation(t *testing.T) {
	for name, tc := range map[string]struct {
		group, all, groupPopulation, population float64
		ratio                                   float64
		words                                   string
	}{
		"twice its share":        {80, 400, 3_500, 35_000, 2, "over-represented"},
		"half its share":         {20, 400, 3_500, 35_000, 0.5, "under-represented"},
		"its share":              {40, 400, 3_500, 35_000, 1, "in line with its share of the population"},
		"a few more than that":   {44, 400, 3_500, 35_000, 1.1, "in line with its share of the population"},
		"two of ten, chance":     {2, 10, 3_500, 35_000, 2, "in line with its share of the population"},
		"none":                   {0, 400, 3_500, 35_000, 0, "under-represented"},
		"all, which are all":     {400, 400, 35_000, 35_000, 1, "in line with its share of the population"},
		"all, a half are others": {400, 400, 17_500, 35_000, 2, "over-represented"},
	} {
		r, ok := benchmark.Represent(tc.group, tc.all, tc.groupPopulation, tc.population, benchmark.Confidence95)
		if !ok || !nearly(r.Ratio, tc.ratio) || r.Words() != tc.words || !r.ShareInterval.Holds(r.Share) || !nearly(r.Share, r.Ratio*r.Population) {
			t.Errorf("%s: %+v, %s", name, r, r.Words())
		}
		// The same method on either side of the division.
		if i := r.ShareInterval; !nearly(i.Lower/r.Population, r.Interval.Lower) || !nearly(i.Upper/r.Population, r.Interval.Upper) {
			t.Errorf("%s: %+v of %+v", name, r.Interval, i)
		}
	}
	for name, in := range map[string][4]float64{
		"more than all":                {401, 400, 3_500, 35_000},
		"none counted":                 {0, 0, 3_500, 35_000},
		"a group of nobody":            {1, 400, 0, 35_000},
		"a group beyond the people":    {1, 400, 35_001, 35_000},
		"a negative count":             {-1, 400, 3_500, 35_000},
		"a population that is unknown": {1, 400, 3_500, nan},
	} {
		if r, ok := benchmark.Represent(in[0], in[1], in[2], in[3], benchmark.Confidence95); ok || r != (benchmark.Representation{}) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// Of a group and all the others, where one is over-represented the other is
// under-represented, whichever is called the group.
func TestRepresentationOfTheOthers(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	opposite := map[string]string{"over-represented": "under-represented", "under-represented": "over-represented"}
	for range 2000 {
		all, population := float64(1+rng.IntN(600)), float64(2+rng.IntN(40_000))
		group, people := float64(rng.IntN(int(all)+1)), float64(1+rng.IntN(int(population)-1))
		a, ok := benchmark.Represent(group, all, people, population, benchmark.Confidence95)
		b, ok2 := benchmark.Represent(all-group, all, population-people, population, benchmark.Confidence95)
		want := a.Words()
		if o := opposite[want]; o != "" {
			want = o
		}
		if !ok || !ok2 || b.Words() != want {
			t.Fatalf("%v of %v, %v of %v: %s, the others %s", group, all, people, population, a.Words(), b.Words())
		}
	}
}
