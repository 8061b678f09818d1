package importer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// manyRows is DfE's table of 100,000 rows, all different.
func manyRows(cat *stat.Catalogue) ([]byte, int) {
	var text strings.Builder
	text.WriteString(claHead)
	rows := 0
	for year := 2025; rows < 100_000; year-- {
		for _, a := range cat.ByLevel(stat.Authority) {
			for _, of := range []string{"looked after on 31 March", "starting to be looked after", "ceasing to be looked after"} {
				fmt.Fprintf(&text, "%d,Reporting year,Local authority,E92000001,England,E12000001,North East,%s,%s,%s,Children %s each year,%d,%d,138\n", year, a.Number, `"`+a.Name+`"`, a.Code, of, 30000+rows, rows)
				rows++
			}
		}
	}
	return []byte(text.String()), rows
}

// Looking for single children takes less than a tenth of the time of an import.
func BenchmarkChildScan(b *testing.B) {
	im, cat := project(b)
	data, n := manyRows(cat)
	book, err := workbook.Open("cla.csv", data, workbook.DefaultLimits)
	if err != nil {
		b.Fatal(err)
	}
	var rows []workbook.Row
	for row, err := range book.Rows(0) {
		if err != nil {
			b.Fatal(err)
		}
		row.Cells = slices.Clone(row.Cells)
		rows = append(rows, row)
	}
	started := time.Now()
	if r, err := im.Read(context.Background(), "cla.csv", data, importer.Options{Today: today}, nil); err != nil || r.Rows != n {
		b.Fatal(err, r.Problems)
	}
	whole := time.Since(started)
	for b.Loop() {
		importer.ScanRows(rows)
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(100*float64(each)/float64(whole), "%ofread")
	b.ReportMetric(float64(whole.Milliseconds()), "ms/read")
}
