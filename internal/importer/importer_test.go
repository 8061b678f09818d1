package importer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// The published files are read without a flag, and every row is accounted for.
func TestOriginals(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		file, layout              string
		released                  stat.Release
		publisher                 string
		rows, observations, links int
		skippedRows               int
	}{
		{"dfe/cla_number_and_rate_per_10k_children.csv", "dfe-cla", "2025-11", stat.DfE, 2505, 2505, 0, 0},
		{"dfe/b1_children_in_need_2013_to_2025.csv", "dfe-cin", "2025-10", stat.DfE, 2132, 2132, 0, 0},
		{"dfe/d5_cpps_at31march_by_duration_2013_to_2025.csv", "dfe-cpp", "2025-10", stat.DfE, 2132, 4264, 0, 0},
		{"dfe/ons_mid-year_population_estimates_2012_to_2024.csv", "ons-population", "2025-07", stat.ONS, 2132, 2132, 0, 0},
		{"dfe/lait_underlying_2016_2025.csv", "lait", "2025-11", stat.DfE, 34000, 27200, 0, 0},
		{"neighbours/sn_may_2025.xlsx", "neighbours", "2025-05", stat.DfE, 159, 0, 1530, 6},
		{"neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv", "neighbours", "2021-04", stat.DfE, 157, 0, 1520, 5},
		{"local/middlesbrough_referrals_monthly.csv", "measure-columns", "2026-11-21", stat.Council, 144, 144, 0, 0},
	} {
		t.Run(filepath.Base(tt.file), func(t *testing.T) {
			r := read(t, im, tt.file, original(t, tt.file), importer.Options{})
			skipped := r.Rows - r.Used - r.Faulty
			if len(r.Problems) > 0 || r.Refused() {
				t.Errorf("problems: %v", r.Problems[0])
			}
			if r.Batch.Layout != tt.layout || r.Batch.Released != tt.released || r.Batch.Publisher != tt.publisher || r.Batch.File != filepath.Base(tt.file) {
				t.Errorf("batch is %+v", r.Batch)
			}
			if r.Rows != tt.rows || len(r.Observations) != tt.observations || len(r.Links) != tt.links || skipped != tt.skippedRows || r.Batch.Sample {
				t.Errorf("%d rows, %d observations, %d links, %d skipped, sample %v", r.Rows, len(r.Observations), len(r.Links), skipped, r.Batch.Sample)
			}
		})
	}
}

// A few figures of Middlesbrough's, with their cells.
func TestOriginalFigures(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct{ file, measure, area, period, want string }{
		{"dfe/cla_number_and_rate_per_10k_children.csv", "cla", "E06000002", "2025-03-31", "493 of 35617 is 138, DfE 2025-11"},
		{"dfe/cla_number_and_rate_per_10k_children.csv", "cla_started", "E06000002", "2024-25", "172 of 35617 is 48, DfE 2025-11"},
		{"dfe/b1_children_in_need_2013_to_2025.csv", "cin", "E06000002", "2023-03-31", "2196 of  is , DfE 2025-10"},
		{"dfe/d5_cpps_at31march_by_duration_2013_to_2025.csv", "cpp_open_2yrs", "E06000002", "2021-03-31", "c of 567 is c, DfE 2025-10"},
		{"dfe/d5_cpps_at31march_by_duration_2013_to_2025.csv", "cpp", "E06000002", "2025-03-31", "353 of  is , DfE 2025-10"},
		{"dfe/ons_mid-year_population_estimates_2012_to_2024.csv", "population_0_17", "E06000002", "2024-06-30", " of  is 35617, ONS 2025-07"},
		{"dfe/lait_underlying_2016_2025.csv", "cla", "E06000002", "2025-03-31", "493 of  is 138, DfE 2025-11"},
		{"dfe/lait_underlying_2016_2025.csv", "cin", "E06000002", "2023-03-31", " of  is 638.70000000000005, DfE 2025-10"},
		{"local/middlesbrough_referrals_monthly.csv", "referrals", "E06000002", "2024-03", "263 of  is , council 2026-11-21"},
	} {
		r := read(t, im, tt.file, original(t, tt.file), importer.Options{})
		if got := said(r, tt.measure, tt.area, tt.period); got != tt.want {
			t.Errorf("%s: %s %s %s = %s; want %s", tt.file, tt.measure, tt.area, tt.period, got, tt.want)
		}
	}
}

// said writes an observation out.
func said(r *importer.Result, measure, area, period string) string {
	for _, o := range r.Observations {
		if o.Measure != measure || o.Area != area || o.Period.String() != period {
			continue
		}
		for _, p := range stat.Parts {
			if f := o.Part(p); f.Given() {
				return fmt.Sprintf("%s of %s is %s, %s %s", o.Count.Text, o.Denominator.Text, o.Value.Text, f.Origin.Publisher, f.Origin.Released)
			}
		}
	}
	return "nothing"
}

// The samples that come with the project are read, and called samples.
func TestSamplesAreRead(t *testing.T) {
	im, _ := project(t)
	for name, layout := range map[string]string{"monthly-return.xlsx": "monthly-return", "monthly-return-next.xlsx": "monthly-return", "tidy-example.csv": "tidy"} {
		data, err := os.ReadFile(filepath.Join("../../imports/samples", name))
		if err != nil {
			t.Fatal(err)
		}
		r := read(t, im, name, data, importer.Options{})
		if r.Refused() || len(r.Problems) > 0 || r.Batch.Layout != layout || !r.Batch.Sample || len(r.Observations) == 0 {
			t.Errorf("%s: %+v, problems %v", name, r.Batch, r.Problems)
			continue
		}
		for _, o := range r.Observations {
			for _, p := range stat.Parts {
				if f := o.Part(p); f.Given() && (!f.Origin.Sample || f.Origin.File != name || f.At == "") {
					t.Fatalf("%s: %s %s has origin %+v", name, o.Key, p, f.Origin)
				}
			}
		}
	}
}

// The next month's return has what the first has, and one month more.
func TestNextMonth(t *testing.T) {
	im, _ := project(t)
	months := map[string]int{}
	for _, name := range []string{"monthly-return.xlsx", "monthly-return-next.xlsx"} {
		data, err := os.ReadFile(filepath.Join("../../imports/samples", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range read(t, im, name, data, importer.Options{}).Observations {
			if o.Measure == "cla" {
				months[name]++
			}
		}
	}
	if months["monthly-return.xlsx"] == 0 || months["monthly-return-next.xlsx"] != months["monthly-return.xlsx"]+1 {
		t.Errorf("months with children looked after: %v", months)
	}
}

func TestReleaseRule(t *testing.T) {
	im, _ := project(t)
	cla := claHead + "2021,Reporting year,Local authority,E92000001,England,E12000001,North East,806,Middlesbrough,E06000002,Children looked after on 31 March each year,1000,10,100\n"
	for _, tt := range []struct {
		data     string
		o        importer.Options
		released stat.Release
	}{
		{cla, importer.Options{}, "2021-11"},
		{cla, importer.Options{Released: "2022-01-20"}, "2022-01-20"},
		{"date,measure,count\n2024-03-31,cla,10\n", importer.Options{}, "2026-11-21"},
		{"date,measure,count\n2024-03-31,cla,10\n", importer.Options{Released: "2024-04"}, "2024-04"},
	} {
		r := read(t, im, "a.csv", []byte(tt.data), tt.o)
		if r.Refused() || r.Batch.Released != tt.released || r.Observations[0].Count.Origin.Released != tt.released {
			t.Errorf("released %s, want %s; %v", r.Batch.Released, tt.released, r.Problems)
		}
	}
}

func TestProgressAndCancel(t *testing.T) {
	im, _ := project(t)
	var b strings.Builder
	b.WriteString("month,referrals\n")
	for i := range 2500 {
		fmt.Fprintf(&b, "%s,1\n", stat.Date{Year: 1900, Month: 1, Day: 31}.AddMonthEnds(i % 1400).String()[:7])
	}
	var heard []int
	r, err := im.Read(context.Background(), "a.csv", []byte(b.String()), importer.Options{Today: today}, func(rows int) { heard = append(heard, rows) })
	if err != nil || fmt.Sprint(heard) != "[1000 2000 2500]" {
		t.Errorf("progress %v, %v", heard, err)
	}
	accounted(t, r)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := im.Read(ctx, "a.csv", []byte(b.String()), importer.Options{Today: today}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
}

// Only so many problems are listed, and the last says how many are not.
func TestManyProblems(t *testing.T) {
	im, _ := project(t)
	data := "month,referrals\n" + strings.Repeat("2024-05,many\n", 1500)
	r := read(t, im, "a.csv", []byte(data), importer.Options{})
	last := r.Problems[len(r.Problems)-1]
	if len(r.Problems) != 1001 || last.Code != "more_problems" || !strings.HasPrefix(last.Message, "500 more") || last.Severity != stat.Error || r.Faulty != 1500 {
		t.Errorf("%d problems, %d faulty, last %+v", len(r.Problems), r.Faulty, last)
	}
}

// sheet is a workbook of one or more sheets, of texts, numbers and dates.
func sheet(t testing.TB, sheets ...workbook.OutSheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := workbook.Write(&b, sheets); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func cells(values ...any) []workbook.OutCell {
	var out []workbook.OutCell
	for _, v := range values {
		switch v := v.(type) {
		case string:
			out = append(out, workbook.OutCell{Kind: workbook.Text, Text: v})
		case int:
			out = append(out, workbook.OutCell{Kind: workbook.Number, Number: float64(v)})
		case float64:
			out = append(out, workbook.OutCell{Kind: workbook.Number, Number: v})
		case workbook.OutCell:
			out = append(out, v)
		case time.Time:
			out = append(out, workbook.OutCell{Kind: workbook.Date, Time: v, Format: "mmm-yy"})
		default:
			out = append(out, workbook.OutCell{})
		}
	}
	return out
}

func month(year int, m time.Month) time.Time { return time.Date(year, m, 1, 0, 0, 0, 0, time.UTC) }

// 62,000 rows, all different, take well below a second.
func BenchmarkRead(b *testing.B) {
	im, cat := project(b)
	var text strings.Builder
	text.WriteString(claHead)
	rows := 0
	for _, a := range cat.ByLevel(stat.Authority) {
		for year := 1901; year < 2026; year++ {
			for _, of := range []string{"looked after on 31 March", "starting to be looked after", "ceasing to be looked after"} {
				fmt.Fprintf(&text, "%d,Reporting year,Local authority,E92000001,England,,,%s,,%s,Children %s each year,35617,%d,138\n", year, a.Number, a.Code, of, rows)
				rows++
			}
		}
	}
	data := []byte(text.String())
	for b.Loop() {
		r, err := im.Read(context.Background(), "cla.csv", data, importer.Options{Today: today}, nil)
		if err != nil || r.Used != rows {
			b.Fatal(err, r.Problems[0])
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
