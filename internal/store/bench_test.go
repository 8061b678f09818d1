package store_test

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// many makes n observations as a national file has them: measures x areas x
// years, with count, denominator and value each in its cell, in file order.
func many(measures, areas, years int) []stat.Observation {
	var out []stat.Observation
	for m := range measures {
		for y := range years {
			for a := range areas {
				row := len(out) + 2
				n := float64(100 + (m*7+y*13+a*31)%900)
				pop := float64(20000 + a*100)
				out = append(out, stat.Observation{
					Key:         stat.Key{Measure: fmt.Sprintf("m%02d", m), Area: fmt.Sprintf("E%08d", a), Period: stat.OnDay(stat.Date{Year: 2001 + y, Month: 3, Day: 31})},
					Count:       stat.Figure{Number: n, Text: fmt.Sprint(n), At: fmt.Sprintf("M%d", row)},
					Denominator: stat.Figure{Number: pop, Text: fmt.Sprint(pop), At: fmt.Sprintf("L%d", row)},
					Value:       stat.Figure{Number: math.Round(n/pop*1e5) / 10, Text: fmt.Sprint(math.Round(n/pop*1e5) / 10), At: fmt.Sprintf("N%d", row)},
				})
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// Rows a second into the store, and how many times longer that takes than the
// bare insert of the same rows.
func BenchmarkStore(b *testing.B) {
	s := submission("big.csv", stat.DfE, "2025-11", many(40, 175, 15)...)
	b.ReportAllocs()
	var ours, floor time.Duration
	for i := range b.N {
		db := open(b)
		s.Batch.SHA256 = fmt.Sprint(i)
		start := time.Now()
		if _, err := db.Store(b.Context(), s, nil); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(start)
		floor += bareInsert(b, s.Observations)
	}
	b.ReportMetric(float64(len(s.Observations)*b.N)/ours.Seconds(), "rows/s")
	b.ReportMetric(ours.Seconds()/floor.Seconds(), "x-bare-insert")
}

// bareInsert puts the same cells into one plain table, a hundred rows to a
// prepared statement and all in one transaction as durable as the store's.
func bareInsert(b *testing.B, says []stat.Observation) time.Duration {
	h, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	const columns, at = 18, 100
	if _, err := h.Exec(`CREATE TABLE bare (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r)`); err != nil {
		b.Fatal(err)
	}
	rows := make([]any, 0, len(says)*columns)
	for _, o := range says {
		rows = append(rows, o.Measure, o.Breakdown, o.Area, o.Period.End.Year*10000+int(o.Period.End.Month)*100+o.Period.End.Day, 0, 1)
		for _, f := range []stat.Figure{o.Count, o.Denominator, o.Value} {
			rows = append(rows, f.Number, nil, nil, f.At)
		}
	}
	start := time.Now()
	tx, err := h.Begin()
	if err != nil {
		b.Fatal(err)
	}
	one := "(?" + strings.Repeat(",?", columns-1) + ")"
	stmt, err := tx.Prepare("INSERT INTO bare VALUES " + one + strings.Repeat(","+one, at-1))
	if err != nil {
		b.Fatal(err)
	}
	for chunk := range slices.Chunk(rows, columns*at) {
		if _, err := stmt.Exec(chunk...); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func BenchmarkCompare(b *testing.B) {
	db, s := held(b)
	s.Observations = s.Observations[:30000]
	for b.Loop() {
		if _, err := db.Compare(b.Context(), s); err != nil {
			b.Fatal(err)
		}
	}
}

// What a whole national file changed, and one council's among its figures.
func BenchmarkChanged(b *testing.B) {
	db, s := held(b)
	own := submission("own.csv", stat.DfE, "2025-12")
	for _, o := range s.Observations {
		if o.Area == "E00000009" {
			o.Value.Number++
			own.Observations = append(own.Observations, o)
		}
	}
	keep(b, db, own)
	for name, id := range map[string]int64{"national": 1, "council": 2} {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				var err error
				if _, n, err = db.Changed(b.Context(), id, 200); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n), "figures")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	db, _ := held(b)
	all := stat.Query{Measures: []string{"m01", "m02", "m03", "m04"}}
	twelve := stat.Query{Measures: []string{"m01"}}
	for a := range 12 {
		twelve.Areas = append(twelve.Areas, fmt.Sprintf("E%08d", a*9))
	}
	asOf := all // not kept, so read each time, as the first time after a write
	asOf.AsOf = stat.Date{Year: 2026, Month: 1, Day: 1}
	for name, q := range map[string]stat.Query{"4measures": all, "4measures-unkept": asOf, "12areas": twelve} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				h, err := db.Read(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				n = len(h.Observations)
			}
			b.ReportMetric(float64(n), "observations")
		})
	}
}

// As BenchmarkRead, where a later release restated every fifth figure.
func BenchmarkReadRestated(b *testing.B) {
	db, s := held(b)
	for i := range s.Observations {
		if i%5 == 0 {
			s.Observations[i].Value.Number++
			s.Observations[i].Value.Text = fmt.Sprint(s.Observations[i].Value.Number)
		}
	}
	s.Batch.Released, s.Batch.SHA256 = "2026-11", "restated"
	keep(b, db, s)
	q := stat.Query{Measures: []string{"m01", "m02", "m03", "m04"}}
	asOf := q
	asOf.AsOf = stat.Date{Year: 2027, Month: 1, Day: 1}
	for name, q := range map[string]stat.Query{"4measures": q, "4measures-unkept": asOf} {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				h, err := db.Read(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				n = len(h.Restated)
			}
			b.ReportMetric(float64(n), "restated")
		})
	}
}

// What viewers read, and what analysts do, where a draft restates every fifth
// figure: each is kept for itself.
func BenchmarkReadBesideDrafts(b *testing.B) {
	db, s := held(b)
	if _, err := db.Publish(b.Context(), 1, "Pat", "", time.Time{}, time.Now()); err != nil {
		b.Fatal(err)
	}
	for i := range s.Observations {
		if i%5 == 0 {
			s.Observations[i].Value.Number++
			s.Observations[i].Value.Text = fmt.Sprint(s.Observations[i].Value.Number)
		}
	}
	s.Batch.Released, s.Batch.SHA256 = "2026-11", "restated"
	keep(b, db, s)
	for name, published := range map[string]bool{"viewers": true, "analysts": false} {
		b.Run(name, func(b *testing.B) {
			q := stat.Query{Measures: []string{"m01", "m02", "m03", "m04"}, Published: published}
			n := 0
			for b.Loop() {
				h, err := db.Read(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				n = len(h.Restated)
			}
			b.ReportMetric(float64(n), "restated")
		})
	}
}

func held(b *testing.B) (*store.DB, stat.Submission) {
	db := open(b)
	s := submission("big.csv", stat.DfE, "2025-11", many(40, 175, 13)...)
	if _, err := db.Store(b.Context(), s, nil); err != nil {
		b.Fatal(err)
	}
	return db, s
}
