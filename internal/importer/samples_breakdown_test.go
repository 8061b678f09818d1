package importer_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"bellwether/internal/importer"
)

// A samplePart is a category and its share of the total, in thousandths, in
// the first month and in the last.
type samplePart struct {
	category    string
	first, last float64
}

// sampleParts are the same months' totals divided, thirteen of them to
// September 2026. Each dimension's parts come to the total in every month.
var sampleParts = []struct {
	measure, dimension string
	totals             []int
	parts              []samplePart
}{
	{"Child protection plans", "category of abuse", sampleCPP, []samplePart{
		{"Neglect", 462, 512}, {"Emotional abuse", 371, 338}, {"Physical abuse", 72, 61}, {"Sexual abuse", 38, 40}, {"Multiple", 57, 49}}},
	{"Children looked after", "placement type", sampleCLA, []samplePart{
		{"Foster carer", 438, 417}, {"Foster carer who is a relative or friend", 221, 243}, {"Children's home or semi-independent", 142, 161},
		{"Placed with own parents", 131, 112}, {"Placed for adoption", 38, 35}, {"Other placement", 30, 32}}},
	{"Children looked after", "age", sampleCLA, []samplePart{
		{"Under 1", 52, 47}, {"1 to 4", 146, 139}, {"5 to 9", 188, 184}, {"10 to 15", 369, 372}, {"16 and over", 245, 258}}},
	{"Children looked after", "ethnicity", sampleCLA, []samplePart{
		{"White", 801, 786}, {"Mixed or multiple ethnic groups", 84, 88}, {"Asian or Asian British", 46, 51},
		{"Black, Black British, Caribbean or African", 38, 42}, {"Other ethnic group", 31, 33}}},
}

// samplePeople are the children of mid-2024 by the same ethnic groups. They
// come to ONS's 35,617.
var samplePeople = []struct {
	category string
	children int
}{
	{"White", 26140}, {"Mixed or multiple ethnic groups", 1890}, {"Asian or Asian British", 4620},
	{"Black, Black British, Caribbean or African", 1480}, {"Other ethnic group", 1487},
}

// The months of the monthly return that are divided.
const samplePartsFrom, samplePartsTo = 5, 18

// divided shares a total out at month i, the largest remainders rounded up.
func divided(total, i int, parts []samplePart) []int {
	out, rest := make([]int, len(parts)), make([]float64, len(parts))
	way := float64(i-samplePartsFrom) / float64(samplePartsTo-1-samplePartsFrom)
	left, all := total, 0.0
	for j, p := range parts {
		wobble := 1 + 0.05*math.Sin(0.55*float64(i)+2.1*float64(j))
		rest[j] = (p.first + (p.last-p.first)*way) * wobble
		all += rest[j]
	}
	for j := range parts {
		exact := float64(total) * rest[j] / all
		out[j], rest[j] = int(exact), exact-math.Floor(exact)
		left -= out[j]
	}
	for ; left > 0; left-- {
		j := slices.Index(rest, slices.Max(rest))
		out[j]++
		rest[j] = -1
	}
	return out
}

// sampleBreakdowns is a tidy table of parts of the monthly return's figures,
// with the population the representation of ethnic groups is worked out from.
func sampleBreakdowns() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, "SAMPLE FIGURES made up to try Bellwether with. Not real data")
	w := csv.NewWriter(&b)
	row := func(end time.Time, measure, dimension, category string, n int) {
		w.Write([]string{end.Format(time.DateOnly), measure, "806", dimension, category, strconv.Itoa(n)})
	}
	w.Write([]string{"date", "measure", "area", "dimension", "category", "count"})
	measure := ""
	for _, s := range sampleParts {
		for i := samplePartsFrom; i < samplePartsTo; i++ {
			end := time.Date(2025, time.May+time.Month(i), 0, 0, 0, 0, 0, time.UTC)
			if s.measure != measure {
				row(end, s.measure, "", "Total", s.totals[i])
			}
			for j, n := range divided(s.totals[i], i, s.parts) {
				row(end, s.measure, s.dimension, s.parts[j].category, n)
			}
		}
		measure = s.measure
	}
	for _, p := range samplePeople {
		row(time.Date(2024, time.June, 30, 0, 0, 0, 0, time.UTC), "Children aged 0 to 17", "ethnicity", p.category, p.children)
	}
	w.Flush()
	return b.Bytes()
}

// Parts come to their total, in the file and in what is read of it.
func TestSampleBreakdowns(t *testing.T) {
	people := 0
	for _, p := range samplePeople {
		people += p.children
	}
	if people != 35617 {
		t.Errorf("the groups come to %d children, not 35,617", people)
	}
	im, _ := project(t)
	r := read(t, im, "breakdowns.csv", sampleBreakdowns(), importer.Options{})
	if r.Refused() || len(r.Problems) > 0 {
		t.Fatalf("%+v", r.Problems)
	}
	totals, sums := map[string]float64{}, map[string]map[string]float64{}
	for _, o := range r.Observations {
		key := o.Measure + " " + o.Period.String()
		if o.Breakdown == "" {
			totals[key] = o.Count.Number
			continue
		}
		if sums[key] == nil {
			sums[key] = map[string]float64{}
		}
		dimension, _, _ := bytes.Cut([]byte(o.Breakdown), []byte(": "))
		sums[key][string(dimension)] += o.Count.Number + o.Value.Number
	}
	for key, dimensions := range sums {
		for dimension, sum := range dimensions {
			if key != "population_0_17 2024-06-30" && sum != totals[key] {
				t.Errorf("%s by %s: %v, not %v", key, dimension, sum, totals[key])
			}
		}
	}
	if len(sums) != 2*13+1 || len(sums["cla 2026-09-30"]) != 3 {
		t.Errorf("%d totals are divided, %v", len(sums), sums["cla 2026-09-30"])
	}
}
