package importer_test

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

var updateSamples = flag.Bool("update", false, "write imports/samples anew")

const samplesDir = "../../imports/samples"

// The bands of the sheet: title, sample warning, header, section, totals.
const (
	sampleNavy   = "#C9D6E3"
	sampleAmber  = "#FFE8B3"
	sampleHeader = "#DFE7EF"
	sampleGrey   = "#F3F2F1"
	sampleTotal  = "#EEF2F6"
)

// A sampleSheet is one monthly return: months from April of a year, each year
// followed by its total. Without figures it is the blank template.
type sampleSheet struct {
	title, sample, about string
	year, count          int // first April, months shown
	blank                bool
	notes                []string
}

// sampleColumn is a month, or the total of the year so far.
type sampleColumn struct {
	from, to int // months counted from the first
	total    string
}

func (s sampleSheet) columns() []sampleColumn {
	var out []sampleColumn
	for i := range s.count {
		out = append(out, sampleColumn{from: i, to: i + 1})
		switch {
		case i%12 == 11:
			out = append(out, sampleColumn{i - 11, i + 1, "Total"})
		case i == s.count-1:
			out = append(out, sampleColumn{i - i%12, i + 1, "YTD"})
		}
	}
	return out
}

func (c sampleColumn) month(year int) time.Time {
	return time.Date(year, time.April+time.Month(c.from), 1, 0, 0, 0, 0, time.UTC)
}

// sheet lays the return out: titles, the band of years, the header, the
// sections and their measures, the notes.
func (s sampleSheet) sheet(cat *stat.Catalogue) workbook.OutSheet {
	columns := s.columns()
	width := 2 + len(columns)
	out := workbook.OutSheet{Name: "Monthly return", ColWidths: []float64{58, 9}, Landscape: true}
	across := func(text, fill string, bold bool) {
		row := sampleRow(width, fill)
		row[0] = workbook.OutCell{Kind: workbook.Text, Text: text, Bold: bold, Fill: fill}
		out.Rows = append(out.Rows, row)
		out.Merges = append(out.Merges, workbook.Merge{FirstRow: len(out.Rows), LastCol: width - 1, LastRow: len(out.Rows)})
	}
	across(s.title, sampleNavy, true)
	if s.sample != "" {
		across(s.sample, sampleAmber, true)
	}
	across(s.about, "", false)
	s.bands(&out, columns)
	s.header(&out, columns)
	out.FreezeRows = len(out.Rows)
	for _, section := range sampleReturn {
		row := sampleRow(width, sampleGrey)
		row[0] = workbook.OutCell{Kind: workbook.Text, Text: section.title, Bold: true, Fill: sampleGrey}
		out.Rows = append(out.Rows, row)
		for _, m := range section.measures {
			out.Rows = append(out.Rows, s.measure(cat, m, columns))
		}
	}
	out.Rows = append(out.Rows, nil)
	across("Notes", "", true)
	for _, n := range s.notes {
		across(n, "", false)
	}
	return out
}

// toTheRight fills a text cell up with spaces on its left.
const toTheRight = "* @"

func sampleRow(width int, fill string) []workbook.OutCell {
	row := make([]workbook.OutCell, width)
	for i := range row {
		row[i].Fill = fill
	}
	return row
}

// bands names each financial year above its months and total.
func (s sampleSheet) bands(out *workbook.OutSheet, columns []sampleColumn) {
	row := sampleRow(2+len(columns), sampleNavy)
	first := 2
	for i, c := range columns {
		if c.total == "" {
			continue
		}
		year := s.year + c.from/12
		row[first] = workbook.OutCell{Kind: workbook.Text, Text: fmt.Sprintf("%d/%02d", year, (year+1)%100), Bold: true, Fill: sampleNavy}
		out.Merges = append(out.Merges, workbook.Merge{FirstCol: first, FirstRow: len(out.Rows) + 1, LastCol: i + 2, LastRow: len(out.Rows) + 1})
		first = i + 3
	}
	out.Rows = append(out.Rows, row)
}

func (s sampleSheet) header(out *workbook.OutSheet, columns []sampleColumn) {
	row := []workbook.OutCell{
		{Kind: workbook.Text, Text: "Measure", Bold: true, Fill: sampleHeader},
		{Kind: workbook.Text, Text: "Good is", Bold: true, Fill: sampleHeader},
	}
	for _, c := range columns {
		cell := workbook.OutCell{Kind: workbook.Date, Time: c.month(s.year), Format: "mmm-yy", Bold: true, Fill: sampleHeader}
		if c.total != "" {
			cell = workbook.OutCell{Kind: workbook.Text, Text: c.total, Format: toTheRight, Bold: true, Fill: sampleHeader}
		}
		row = append(row, cell)
		out.ColWidths = append(out.ColWidths, 8.5)
	}
	out.Rows = append(out.Rows, row)
}

func (s sampleSheet) measure(cat *stat.Catalogue, m sampleMeasure, columns []sampleColumn) []workbook.OutCell {
	known, _ := cat.Measure(m.label)
	good := map[stat.Polarity]string{stat.HighIsGood: "High", stat.LowIsGood: "Low", stat.NoPolarity: "–"}[known.Polarity]
	row := []workbook.OutCell{{Kind: workbook.Text, Text: m.label}, {Kind: workbook.Text, Text: good}}
	format := "#,##0"
	if m.of != nil {
		format = "0.0"
	}
	for _, c := range columns {
		cell := workbook.OutCell{Format: format}
		if c.total != "" {
			cell.Fill = sampleTotal
		}
		if !s.blank && (c.total == "" || m.flow) {
			cell.Kind, cell.Number = workbook.Number, m.months(c.from, c.to)
		}
		row = append(row, cell)
	}
	return row
}

const sampleWarning = "SAMPLE FIGURES: made up to try Bellwether with; not real data"

func sampleMonthly(about string, count int) sampleSheet {
	return sampleSheet{
		title:  "Middlesbrough Council – Children's Services monthly return",
		sample: sampleWarning, about: about, year: 2025, count: count,
		notes: []string{
			"All figures on this sheet are samples. They hang together, but no child, family or case stands behind them.",
			"At month end: children on the last day of the month. In month: what happened from its first day to its last.",
			"%: the percentage of the month's referrals, assessments, conferences or reviews. The Total and YTD columns hold the year's own percentage, not an average of months.",
			"All open cases is DfE's definition of children in need, which includes children looked after and those with a child protection plan; the row below it leaves both out.",
		},
	}
}

// sampleBooks are the workbooks of imports/samples by name.
var sampleBooks = map[string]sampleSheet{
	"monthly-return.xlsx":      sampleMonthly("April 2025 to September 2026. Counts of children or cases, unless the row says %.", 18),
	"monthly-return-next.xlsx": sampleMonthly("April 2025 to October 2026. Counts of children or cases, unless the row says %.", 19),
	"monthly-return-template.xlsx": {
		title: "Children's Services monthly return", about: "April 2026 to March 2027. Counts of children or cases, unless the row says %.",
		year: 2026, count: 12, blank: true,
		notes: []string{
			"How to fill it in: type each month's figure beside its measure, save the file and drop it on the imports page. Nothing is kept until you have seen what would change and confirmed it.",
			"Leave a cell empty where there is no figure yet: an empty cell is not a zero. Write c where a small number must be withheld, x where a figure is not available, z where it does not apply.",
			"Rows may be left out or put in another order. To start another year, change the dates in the header row. The Total column is yours: it is not read.",
			"Give a percentage as the number alone: 21.4 for 21.4%. Enter totals only: a file with names, dates of birth or other details of single children is refused.",
		},
	},
}

func sampleXLSX(t *testing.T, s sampleSheet) []byte {
	t.Helper()
	cat, _ := refRead(t)
	var b bytes.Buffer
	if err := workbook.Write(&b, []workbook.OutSheet{s.sheet(cat)}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sampleTidy is a tidy table of a few of the same figures. The rates stand on
// the mid-2024 estimate of 35,617 children in Middlesbrough.
func sampleTidy() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, "SAMPLE FIGURES made up to try Bellwether with. Not real data")
	fmt.Fprintln(&b, "date,measure,area,count,rate")
	for _, s := range []struct {
		measure  string
		figures  []int
		decimals int
	}{{"Children looked after", sampleCLA, 0}, {"Child protection plans", sampleCPP, 1}, {"Children in need", sampleCIN, 1}} {
		for i := 15; i < 18; i++ {
			end := time.Date(2025, time.May+time.Month(i), 0, 0, 0, 0, 0, time.UTC)
			scale := math.Pow(10, float64(s.decimals))
			rate := math.Floor(scale*10000*float64(s.figures[i])/35617+0.5) / scale
			fmt.Fprintf(&b, "%s,%s,806,%d,%s\n", end.Format(time.DateOnly), s.measure, s.figures[i], strconv.FormatFloat(rate, 'f', s.decimals, 64))
		}
	}
	return b.Bytes()
}

// sampleCells is every cell of a file by its address, and its merges.
func sampleCells(t *testing.T, name string, data []byte) map[string]string {
	t.Helper()
	book, err := workbook.Open(name, data, workbook.DefaultLimits)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer book.Close()
	cells := map[string]string{}
	for i, s := range book.Sheets {
		cells[s.Name+" merges"] = fmt.Sprint(s.Merges)
		for row, err := range book.Rows(i) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for col, c := range row.Cells {
				if c.Kind != workbook.Empty {
					cells[workbook.Address(s.Name, col, row.Number)] = fmt.Sprintf("%v %s %s %s", c.Kind, c.Text, c.Format, c.Time.Format(time.DateOnly))
				}
			}
		}
	}
	return cells
}

// What is committed is what this file makes. `go test ./internal/importer
// -run TestSamples -update` makes it anew.
func TestSamples(t *testing.T) {
	files := map[string][]byte{"tidy-example.csv": sampleTidy(), "breakdowns.csv": sampleBreakdowns()}
	for name, s := range sampleBooks {
		files[name] = sampleXLSX(t, s)
	}
	for name, made := range files {
		path := filepath.Join(samplesDir, name)
		if *updateSamples {
			if err := os.WriteFile(path, made, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		held, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sampleCells(t, name, made), sampleCells(t, name, held)); diff != "" {
			t.Errorf("%s is not what is made here; run this test with -update: %s", name, diff)
		}
	}
}

// Each sample reads as it was meant: nothing is wrong with it, and all of it
// is known for a sample.
func TestSamplesImport(t *testing.T) {
	cat, _ := refRead(t)
	home, err := cat.Area("806")
	if err != nil {
		t.Fatal(err)
	}
	im, err := importer.New(os.DirFS(refDir), cat, home)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		observations int
		last         string // the newest figure of children looked after
	}{"monthly-return.xlsx": {14 * 18, "2026-09-30 478"}, "monthly-return-next.xlsx": {14 * 19, "2026-10-31 480"}, "tidy-example.csv": {9, "2026-09-30 478"}, "breakdowns.csv": {13*(5+6+5+5+2) + 5, "2026-09-30 478"}} {
		data, err := os.ReadFile(filepath.Join(samplesDir, name))
		if err != nil {
			t.Fatal(err)
		}
		r, err := im.Read(t.Context(), name, data, importer.Options{Today: stat.Date{Year: 2026, Month: time.November, Day: 21}}, nil)
		if err != nil || len(r.Problems) > 0 || !r.Batch.Sample {
			t.Errorf("%s: %v %v, sample %v", name, err, r.Problems, r.Batch.Sample)
		}
		last := ""
		for _, o := range r.Observations {
			if o.Measure == "cla" && o.Breakdown == "" {
				last = max(last, o.Period.String()+" "+o.Count.Text)
			}
		}
		if len(r.Observations) != want.observations || last != want.last {
			t.Errorf("%s: %d observations, last %s; want %+v", name, len(r.Observations), last, want)
		}
	}
}

// Every label finds its measure, and the sheet's units are the measure's.
func TestSampleLabels(t *testing.T) {
	cat, _ := refRead(t)
	seen := map[string]string{}
	for _, section := range sampleReturn {
		for _, m := range section.measures {
			known, err := cat.Measure(m.label)
			if err != nil {
				t.Errorf("%q: %v", m.label, err)
				continue
			}
			if other := seen[known.Code]; other != "" {
				t.Errorf("%q and %q are both %s", m.label, other, known.Code)
			}
			seen[known.Code] = m.label
			if (known.Unit == stat.Percent) != (m.of != nil) || (known.Kind == stat.Flow) != m.flow || strings.Contains(m.label, "%") != (m.of != nil) {
				t.Errorf("%q does not look like %s, a %s in %s", m.label, known.Code, known.Kind, known.Unit)
			}
		}
	}
}
