package disclosure_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/dashboards"
	"bellwether/imports"
	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/disclosure"
	"bellwether/internal/importer"
	"bellwether/internal/report"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// council is what a council might hold: months of plans by category and by
// ward, percentages, and what it says of them. The numbers in small are masked;
// all else is the same whatever they are.
type council struct {
	t     *testing.T
	cat   *stat.Catalogue
	ward  [3]stat.Area
	small [5]float64
}

func (c *council) figures(month int, later float64) []stat.Observation {
	end := stat.Date{Year: 2025, Month: time.Month(month), Day: 1}.MonthEnd()
	key := func(measure, part, area string, p stat.Period) stat.Key {
		return stat.Key{Measure: measure, Breakdown: part, Area: area, Period: p}
	}
	on, in := stat.OnDay(end), stat.InMonth(2025, time.Month(month))
	count := func(k stat.Key, n float64) stat.Observation { return stat.Observation{Key: k, Count: number(n)} }
	value := func(k stat.Key, n float64) stat.Observation { return stat.Observation{Key: k, Value: number(n)} }
	small, rest := c.small[0], 20-c.small[0] // of 20 together
	inWard, inNext := c.small[1], 24-c.small[1]
	return []stat.Observation{
		count(key("cpp", "", town, on), 352+later),
		count(key("cpp", "category of abuse: Neglect", town, on), 200+later),
		count(key("cpp", "category of abuse: Emotional abuse", town, on), 132),
		count(key("cpp", "category of abuse: Sexual abuse", town, on), small),
		count(key("cpp", "category of abuse: Multiple", town, on), rest),
		count(key("cpp", "", c.ward[0].Code, on), inWard),
		count(key("cpp", "", c.ward[1].Code, on), inNext),
		count(key("cpp", "", c.ward[2].Code, on), 328+later),
		{Key: key("cpp_repeat_2yrs", "", town, in), Count: number(c.small[2]), Denominator: number(40), Value: number(stat.RoundHalfUp(100*c.small[2]/40, 1))},
		value(key("uasc", "", town, on), c.small[3]),
		value(key("contacts", "", town, in), 900+float64(month)),
		{Key: key("cla", "", town, on), Count: number(500 + float64(month)), Value: number(stat.RoundHalfUp((500+float64(month))/3.2, 0))},
		{Key: key("cla", "sex: Female", c.ward[0].Code, on), Value: number(c.small[4])},
	}
}

// store imports all of it, published, into a new database.
func (c *council) store() *store.DB {
	db, err := store.Open(c.t.Context(), filepath.Join(c.t.TempDir(), "figures.db"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { db.Close() })
	put := func(publisher, file string, released stat.Release, says ...stat.Observation) {
		b := stat.Batch{File: file, SHA256: file, Layout: "tidy", Publisher: publisher, Released: released, By: "Jo", Published: time.Now(), PublishedBy: "Jo"}
		if _, err := db.Store(c.t.Context(), stat.Submission{Batch: b, Observations: says, Areas: c.ward[:]}, nil); err != nil {
			c.t.Fatal(err)
		}
	}
	population := stat.Observation{Key: stat.Key{Measure: stat.Population, Area: town, Period: stat.OnDay(stat.Date{Year: 2024, Month: 6, Day: 30})}, Value: number(32000)}
	put(stat.ONS, "population.csv", "2025-01", population)
	for month := 1; month <= 9; month++ {
		put(stat.Council, fmt.Sprintf("month-%d.csv", month), stat.Release(fmt.Sprintf("2025-%02d-20", month+1)), c.figures(month, 0)...)
	}
	put(stat.Council, "corrected.csv", "2025-11-01", c.figures(8, 7)...)
	return db
}

// A page for the public, its JSON, its downloads and its charts are the same to
// the last byte whatever the masked numbers are: there is nothing in them to
// work one out from.
func TestPagesSayNothing(t *testing.T) {
	cat, err := importer.ReadCatalogue(imports.FS)
	if err != nil {
		t.Fatal(err)
	}
	c := &council{t: t, cat: cat}
	for i := range c.ward {
		c.ward[i] = stat.Area{Code: wards[i], Name: fmt.Sprintf("Ward %d", i+1), Level: "Ward", Region: town}
	}
	if err := cat.Register(nil, c.ward[:]); err != nil {
		t.Fatal(err)
	}
	c.small = [5]float64{3, 2, 3, 5, 4}
	one := c.pages(true)
	c.small = [5]float64{4, 5, 2, 1, 1}
	other := c.pages(true)
	for name, page := range one {
		if page != other[name] {
			t.Errorf("%s tells what is masked:\n%s", name, cmp.Diff(page, other[name]))
		}
	}
	differing := 0
	c.small = [5]float64{3, 2, 3, 5, 4}
	seen := c.pages(false)
	c.small = [5]float64{4, 5, 2, 1, 1}
	for name, page := range c.pages(false) {
		if page != seen[name] {
			differing++
		}
	}
	if differing < 8 {
		t.Errorf("only %d of %d pages have anything to tell when nothing is masked", differing, len(seen))
	}
	if !strings.Contains(one["page cpp"], `"c"`) || !strings.Contains(one["page cpp"], "352") {
		t.Error("the page of plans shows no mark beside its totals")
	}
}

// pages are all that can be asked for, as it is written out.
func (c *council) pages(public bool) map[string]string {
	t := c.t
	area, err := c.cat.Area(town)
	if err != nil {
		t.Fatal(err)
	}
	b, err := dashboard.New(dashboards.FS, c.cat, area)
	if err != nil {
		t.Fatal(err)
	}
	b.Now = func() time.Time { return time.Date(2025, 11, 22, 9, 0, 0, 0, time.UTC) }
	db := c.store()
	src := disclosure.New(db, c.cat, five, public)
	out := map[string]string{}
	view := func(name string, v *dashboard.View, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		v.Version = 0
		out["page "+name] = written(t, v)
	}
	ctx := t.Context()
	sel := dashboard.Selection{Area: town, Neighbours: "2025", Show: dashboard.ShowValue}
	counts := sel
	counts.Show = dashboard.ShowCount
	for _, m := range []string{"cpp", "cpp_repeat_2yrs", "uasc", "contacts", "cla"} {
		v, err := b.Measure(ctx, src, m, sel)
		view(m, v, err)
		v, err = b.Measure(ctx, src, m, counts)
		view(m+" in numbers", v, err)
		v, err = b.Build(ctx, src, counts, "Mine", []string{m + "-table", m + "-months", m + "-control", m + "-breakdown", m + "-monthly", m + "-trend"})
		view(m+" built", v, err)
		for _, day := range []stat.Date{{}, {Year: 2025, Month: 9, Day: 30}} {
			series, err := b.Series(ctx, src, m, town, dashboard.ShowCount, day)
			if err != nil {
				t.Fatal(err)
			}
			out[fmt.Sprint("series ", m, day)] = asJSON(t, series)
		}
	}
	for _, name := range b.Names() {
		v, err := b.Dashboard(ctx, src, name, sel)
		view(name, v, err)
	}
	v, err := b.Since(ctx, src, sel)
	view("since", v, err)
	for _, key := range c.keys() {
		h, err := src.History(ctx, key)
		if err != nil {
			t.Fatal(err)
		}
		out["history "+key.String()] = asJSON(t, h)
	}
	return out
}

func (c *council) keys() []stat.Key {
	var out []stat.Key
	for _, month := range []int{1, 8, 9} {
		for _, o := range c.figures(month, 0) {
			out = append(out, o.Key)
		}
	}
	return out
}

// written is a page with its twins: JSON, CSV of the whole and of each panel,
// charts, and the numbers behind tables.
func written(t *testing.T, v *dashboard.View) string {
	t.Helper()
	var out bytes.Buffer
	out.WriteString(asJSON(t, v))
	if err := report.WriteCSV(&out, v); err != nil {
		t.Fatal(err)
	}
	for _, p := range v.Panels {
		if p.Table != nil {
			out.WriteString(asJSON(t, p.Table.Numbers))
		}
		if !chart.Drawn(p) {
			continue
		}
		options, err := chart.Options(p)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(options)
	}
	return out.String()
}

func asJSON(t *testing.T, x any) string {
	t.Helper()
	data, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
