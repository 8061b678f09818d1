package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"bellwether/imports"
	"bellwether/internal/disclosure"
	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// realistic is a database with 54,000 published figures and 5,000 of the
// council's: two years of months, by category and by ward.
func realistic(b *testing.B, more ...func(within []stat.Area, end stat.Date, r *rand.Rand) []stat.Observation) (*store.DB, *stat.Catalogue) {
	cat, err := importer.ReadCatalogue(imports.FS)
	if err != nil {
		b.Fatal(err)
	}
	var within []stat.Area
	for i := range 20 {
		within = append(within, stat.Area{Code: fmt.Sprintf("E0500%04d", i), Name: fmt.Sprintf("Ward %d", i), Level: "Ward", Region: town})
	}
	if err := cat.Register(nil, within); err != nil {
		b.Fatal(err)
	}
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "figures.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	put := func(publisher string, released stat.Release, says []stat.Observation) {
		batch := stat.Batch{File: string(released), SHA256: publisher + string(released), Layout: "tidy", Publisher: publisher, Released: released, By: "Jo", Published: time.Now(), PublishedBy: "Jo"}
		if _, err := db.Store(b.Context(), stat.Submission{Batch: batch, Observations: says, Areas: within}, nil); err != nil {
			b.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	put(stat.DfE, "2025-11", published(cat, r))
	for month := range 24 {
		end := stat.Date{Year: 2023, Month: time.Month(10 + month), Day: 1}.MonthEnd()
		says := returned(within, end, r)
		for _, also := range more {
			says = append(says, also(within, end, r)...)
		}
		put(stat.Council, stat.Release(end.AddDays(20).String()), says)
	}
	return db, cat
}

func published(cat *stat.Catalogue, r *rand.Rand) []stat.Observation {
	var out []stat.Observation
	for _, m := range cat.Measures() {
		for _, a := range cat.ByLevel(stat.Authority) {
			for year := 2020; year <= 2025; year++ {
				p, n := stat.ReportingYear(year), float64(50+r.IntN(900))
				if m.Kind == stat.Snapshot {
					p = stat.OnDay(p.End)
				}
				o := stat.Observation{Key: stat.Key{Measure: m.Code, Area: a.Code, Period: p}, Count: number(n), Denominator: number(40_000), Value: number(n / 4)}
				if m.Unit == stat.Number {
					o.Count, o.Denominator = stat.Figure{}, stat.Figure{}
				}
				if out = append(out, o); len(out) == 54_000 {
					return out
				}
			}
		}
	}
	return out
}

// returned is a month's return of some 210 figures.
func returned(within []stat.Area, end stat.Date, r *rand.Rand) []stat.Observation {
	var out []stat.Observation
	add := func(measure, part, area string, n float64) {
		p := stat.OnDay(end)
		if measure == "referrals" || measure == "contacts" || measure == "rereferrals" {
			p.Span = stat.Month
		}
		o := stat.Observation{Key: stat.Key{Measure: measure, Breakdown: part, Area: area, Period: p}, Count: number(n)}
		if measure == "contacts" {
			o.Count, o.Value = stat.Figure{}, o.Count
		}
		out = append(out, o)
	}
	for _, m := range []string{"cla", "cpp", "cin", "referrals", "contacts"} {
		total := 0.0
		for _, w := range within {
			n := float64(r.IntN(25))
			add(m, "", w.Code, n)
			total += n
		}
		add(m, "", town, total)
		left := total
		for i := range 9 {
			n := float64(int(left / float64(2+r.IntN(4))))
			add(m, fmt.Sprintf("category: %d", i), town, n)
			left -= n
		}
		add(m, "category: 9", town, left)
		girls := float64(int(total / 2))
		add(m, "sex: girls", town, girls)
		add(m, "sex: boys", town, total-girls)
	}
	for _, m := range []string{"cla_20miles", "cla_with_parents", "rereferrals", "cpp_open_2yrs", "cla_3plus_placements"} {
		n := float64(r.IntN(40))
		p := stat.OnDay(end)
		if m == "rereferrals" {
			p.Span = stat.Month
		}
		out = append(out, stat.Observation{Key: stat.Key{Measure: m, Area: town, Period: p}, Count: number(n), Denominator: number(200), Value: number(n / 2)})
	}
	return out
}

// flowing is a month's starts and ends of care, plans and need by ward, which
// balance with nothing, and what is counted of those in care under other names.
func flowing(within []stat.Area, end stat.Date, r *rand.Rand) []stat.Observation {
	var out []stat.Observation
	add := func(measure, area string, span stat.Span, n float64) {
		o := stat.Observation{Key: stat.Key{Measure: measure, Area: area, Period: stat.Period{End: end, Span: span}}, Count: number(n)}
		if span == stat.Day {
			o.Count, o.Value = stat.Figure{}, o.Count
		}
		out = append(out, o)
	}
	for _, m := range []string{"cla_started", "cla_ceased", "cpp_started", "cpp_ceased", "cin_started", "cin_ceased"} {
		total := 0.0
		for _, w := range within {
			n := float64(r.IntN(4))
			add(m, w.Code, stat.Month, n)
			total += n
		}
		add(m, town, stat.Month, total)
	}
	for _, m := range []string{"uasc", "cla_residential", "cla_inhouse_foster", "cla_connected_carers"} {
		add(m, town, stat.Day, float64(r.IntN(60)))
	}
	return out
}

// BenchmarkTied is the same with stocks and flows.
func BenchmarkTied(b *testing.B) { benchmarkRead(b, flowing) }

// How many times longer a page's read takes than the store's own, once what is
// masked has been decided; and how long that takes after the data has changed.
func BenchmarkRead(b *testing.B) { benchmarkRead(b) }

func benchmarkRead(b *testing.B, more ...func([]stat.Area, stat.Date, *rand.Rand) []stat.Observation) {
	db, cat := realistic(b, more...)
	q := stat.Query{Measures: []string{"cla", "cpp", "cin", "referrals", "contacts", "rereferrals", "cla_20miles", "cpp_open_2yrs", "assessments_45wd", "s47", "icpc", stat.Population}, Published: true}
	src := disclosure.New(db, cat, five, true)
	start := time.Now()
	h, err := src.Read(b.Context(), q)
	if err != nil {
		b.Fatal(err)
	}
	first := time.Since(start)
	masked, own := 0, 0
	for _, o := range h.Observations {
		if o.Publisher() == stat.Council {
			own++
			if o.Count.Mark == stat.Confidential || o.Value.Mark == stat.Confidential {
				masked++
			}
		}
	}
	var plain, hidden time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := db.Read(b.Context(), q); err != nil {
			b.Fatal(err)
		}
		plain += time.Since(start)
		start = time.Now()
		if _, err := src.Read(b.Context(), q); err != nil {
			b.Fatal(err)
		}
		hidden += time.Since(start)
	}
	b.ReportMetric(hidden.Seconds()/plain.Seconds(), "x-plain-read")
	b.ReportMetric(first.Seconds()*1000, "ms-first")
	b.ReportMetric(float64(len(h.Observations)), "observations")
	b.ReportMetric(float64(masked)/float64(own), "masked-share")
	b.ReportMetric(float64(own), "own")
}
