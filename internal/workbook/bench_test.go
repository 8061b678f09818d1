package workbook_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"bellwether/internal/workbook"

	"github.com/xuri/excelize/v2"
)

const (
	benchRows = 100_000
	benchCols = 14
)

// largeBook is shaped as the Department's file of children looked after:
// places and marks as text, counts and rates as numbers.
var largeBook = sync.OnceValue(func() []byte {
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	for r := 1; r <= benchRows && err == nil; r++ {
		err = w.SetRow(fmt.Sprintf("A%d", r), []any{
			2016 + r%10, "Reporting year", "Local authority", "E92000001", "England", "E12000001", "North East",
			806, "E06000002", "Middlesbrough", "Children looked after at 31 March", r % 997, float64(r%1997) / 7, "z",
		})
	}
	if err == nil {
		err = w.Flush()
	}
	var b bytes.Buffer
	if err == nil {
		err = f.Write(&b)
	}
	if err != nil {
		panic(err)
	}
	return b.Bytes()
})

// BenchmarkRows is Open and Rows, guard and all, within the default limits.
// Take its ratio to BenchmarkExcelizeRows of the same run.
func BenchmarkRows(b *testing.B) {
	largeBook()
	b.ReportAllocs()
	for b.Loop() {
		if rows, cells := countRows(b); rows != benchRows || cells != benchRows*benchCols {
			b.Fatalf("read %d rows and %d cells, want %d and %d", rows, cells, benchRows, benchRows*benchCols)
		}
	}
}

func countRows(b *testing.B) (rows, cells int) {
	book, err := workbook.Open("large.xlsx", largeBook(), workbook.DefaultLimits)
	if err != nil {
		b.Fatal(err)
	}
	defer book.Close()
	for row, err := range book.Rows(0) {
		if err != nil {
			b.Fatal(err)
		}
		rows++
		cells += len(row.Cells)
	}
	return rows, cells
}

// BenchmarkExcelizeRows reads the same file with bare excelize as it comes.
func BenchmarkExcelizeRows(b *testing.B) {
	data := largeBook()
	b.ReportAllocs()
	for b.Loop() {
		if n := excelizeRows(b, data); n != benchRows {
			b.Fatalf("read %d rows", n)
		}
	}
}

func excelizeRows(b *testing.B, data []byte) (n int) {
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			b.Fatal(err)
		}
		n++
	}
	return n
}

// BenchmarkCSV reads the same rows from a CSV file.
func BenchmarkCSV(b *testing.B) {
	data := []byte(strings.Repeat("2024,Reporting year,Local authority,E92000001,England,E12000001,North East,806,E06000002,Middlesbrough,Children looked after at 31 March,138,41.25,z\n", benchRows))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, all, err := read("a.csv", data, workbook.DefaultLimits); err != nil || len(all[0]) != benchRows {
			b.Fatal(err)
		}
	}
}
