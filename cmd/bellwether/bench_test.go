package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/xuri/excelize/v2"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// claWorkbook is DfE's CLA table as a workbook of 100,000 rows: every area and
// population type over enough years, so that no key stands twice.
func claWorkbook(b *testing.B, cat *stat.Catalogue) []byte {
	text := func(s string) workbook.OutCell { return workbook.OutCell{Kind: workbook.Text, Text: s} }
	number := func(n int) workbook.OutCell { return workbook.OutCell{Kind: workbook.Number, Number: float64(n)} }
	var rows [][]workbook.OutCell
	var head []workbook.OutCell
	for _, h := range []string{"time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code", "region_name",
		"old_la_code", "la_name", "new_la_code", "population_type", "population_estimate", "children_count", "rate_per_10000"} {
		head = append(head, text(h))
	}
	rows = append(rows, head)
	types := []string{"Children ceasing to be looked after each year", "Children looked after on 31 March each year", "Children starting to be looked after each year"}
	authorities := cat.ByLevel(stat.Authority)
	for year := 1980; len(rows) <= 100_000; year++ {
		for _, a := range authorities {
			for _, population := range types {
				rows = append(rows, []workbook.OutCell{number(year), text("Reporting year"), text("Local authority"), text(stat.England), text("England"),
					text(a.Region), text(""), text(a.Number), text(a.Name), text(a.Code), text(population), number(35617), number(493), number(138)})
			}
		}
	}
	var out bytes.Buffer
	if err := workbook.Write(&out, []workbook.OutSheet{{Name: "cla", Rows: rows[:100_001]}}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// Importing 100,000 rows of xlsx, from bytes to a stored batch, against bare
// excelize Rows() on the same file.
func BenchmarkImportXLSX(b *testing.B) {
	c := cli{DB: b.TempDir() + "/bench.db", Home: "806"}
	p, err := c.open(b.Context(), io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	defer p.db.Close()
	data := claWorkbook(b, p.catalogue)
	var ours, floor time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		bareRows(b, data)
		floor += time.Since(start)
		start = time.Now()
		importBytes(b, p, fmt.Sprintf("cla-%d.xlsx", i), data)
		ours += time.Since(start)
	}
	b.ReportMetric(ours.Seconds()/floor.Seconds(), "x-excelize-rows")
	b.ReportMetric(100_000*float64(b.N)/ours.Seconds(), "rows/s")
}

func bareRows(b *testing.B, data []byte) {
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetList()[0])
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != 100_001 {
		b.Fatalf("%d rows", n)
	}
}

func importBytes(b *testing.B, p *parts, name string, data []byte) {
	r, err := p.importer.Read(b.Context(), name, data, importer.Options{Today: stat.Date{Year: 2199, Month: 12, Day: 31}}, func(int) {})
	if err != nil || r.Refused() {
		b.Fatal(err, r.Problems[:min(3, len(r.Problems))])
	}
	r.Batch.SHA256 = name // the same bytes each time would be unchanged
	if _, err := p.db.Store(b.Context(), r.Submission, func(int, int) {}); err != nil {
		b.Fatal(err)
	}
}

// The overview page, once it has been asked for, against a gin handler that
// writes the same bytes.
func BenchmarkOverview(b *testing.B) {
	c := cli{DB: b.TempDir() + "/bench.db", Home: "806"}
	p, err := c.open(b.Context(), io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	defer p.db.Close()
	if err := p.db.SaveSettings(b.Context(), stat.Settings{Public: true, By: "bench"}); err != nil {
		b.Fatal(err)
	}
	page, stop, err := new(serveCmd).handler(b.Context(), p, &c, slog.New(slog.DiscardHandler), nil, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080})
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	get := func(h http.Handler) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "http://localhost/", nil))
		return w
	}
	first := get(page)
	if first.Code != http.StatusOK {
		b.Fatal(first.Code, first.Body)
	}
	gin.SetMode(gin.ReleaseMode)
	bare, body := gin.New(), first.Body.Bytes()
	bare.GET("/", func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", body) })
	var ours, floor time.Duration
	for b.Loop() {
		for range 200 {
			start := time.Now()
			get(bare)
			floor += time.Since(start)
			start = time.Now()
			get(page)
			ours += time.Since(start)
		}
	}
	b.ReportMetric(ours.Seconds()/floor.Seconds(), "x-gin-same-bytes")
	b.ReportMetric(float64(len(body)), "bytes")
}
