package report_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/stat"
)

var update = flag.Bool("update", false, "write the golden files anew")

// page has a panel of every kind.
func page() *dashboard.View {
	return &dashboard.View{
		Name: "cla", Title: "Children looked after",
		Area:   stat.Area{Code: "E06000002", Number: "806", Name: "Middlesbrough"},
		Sample: true,
		Panels: []dashboard.Panel{
			{Kind: dashboard.Headline, ID: "cla-headline", Code: "cla", Source: "DfE, November 2025", Headline: &dashboard.HeadlinePanel{
				Count: "1,493", Value: "138 per 10,000", AsOf: "31 March 2025", Change: "\u22128 (\u22125.5%)",
				Against: "17.6 above the neighbours' mean of 120.4", Rank: "6th highest of 151",
			}},
			{Kind: dashboard.Trend, ID: "cla-trend", Code: "cla", Source: "DfE, November 2025; \"own\" figures", Trend: &dashboard.TrendPanel{}, Table: &dashboard.TablePanel{
				Caption: "the figures of the chart",
				Columns: []string{"Date", "Middlesbrough", "Neighbours' mean", "England"},
				Rows: [][]string{
					{"31 March 2024", "146", "123.0", ""},
					{"31 March 2025", "138", "120.4", "67"},
					{"September 2025, council's own", "1,141.5", "", "c"},
				},
			}},
			{Kind: dashboard.Bars, ID: "cla-neighbours", Code: "cla", Source: "DfE", Bars: &dashboard.BarsPanel{Period: "2025-03-31"}, Table: &dashboard.TablePanel{
				Columns: []string{"Area", "Rate per 10,000"},
				Rows:    [][]string{{"Middlesbrough", "138"}, {"=cmd|' /C calc'!A0", "x"}, {"St. Helens, \"Lancs\"", "\u22120.5"}},
			}},
			{Kind: dashboard.About, ID: "cla-about", Code: "cla", About: &dashboard.AboutPanel{Facts: [][2]string{{"Definition", "Children looked after, at 31 March."}, {"Numerator", "- all of them"}}}},
		},
	}
}

func TestGolden(t *testing.T) {
	v := page()
	written := map[string]func(*bytes.Buffer) error{"page": func(b *bytes.Buffer) error { return report.WriteCSV(b, v) }}
	for _, p := range v.Panels {
		written[p.ID] = func(b *bytes.Buffer) error { return report.WritePanelCSV(b, p) }
	}
	for name, write := range written {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".csv")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// cell writes one cell and reads it back.
func cell(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	p := dashboard.Panel{Table: &dashboard.TablePanel{Columns: []string{"Date", "Number"}, Rows: [][]string{{"2025", text}}}}
	if err := report.WritePanelCSV(&b, p); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[1]) != 2 {
		t.Fatalf("%q reads back as %q, %v", text, rows, err)
	}
	return rows[1][1]
}

func TestCells(t *testing.T) {
	tests := []struct{ text, want string }{
		{"138", "138"}, {"12,183,016", "12183016"}, {"1,267.5", "1267.5"}, {"0", "0"}, {"", ""},
		{"\u22128.0", "-8.0"}, {"-8", "-8"}, {"+8", "+8"}, {"\u22125.5%", "-5.5%"}, {"\u22121,024", "-1024"},
		{"1,2", "1,2"}, {"12,34,567", "12,34,567"}, {"31 March 2025", "31 March 2025"}, {"c", "c"}, {"low", "low"},
		{"=1+1", "'=1+1"}, {"+44 1642", "'+44 1642"}, {"-1+1", "'-1+1"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\t=1", "'\t=1"}, {"\r=1", "'\r=1"},
		{"-", "'-"}, {"-8 (-5.5%)", "'-8 (-5.5%)"}, {"\u22128 (\u22125.5%)", "\u22128 (\u22125.5%)"}, {"a, \"b\"\nc", "a, \"b\"\nc"},
	}
	for _, tt := range tests {
		if got := cell(t, tt.text); got != tt.want {
			t.Errorf("%q is written %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Whatever a cell holds, a spreadsheet finds no formula in it.
func FuzzCell(f *testing.F) {
	for _, s := range []string{"=1", "-1", "-1e5", "+1,000", "\u2212\u2212", "@", "'=", "-1%%", "-\n1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := cell(t, text)
		if got == "" || !strings.ContainsRune("=+-@\t\r", rune(got[0])) {
			return
		}
		if _, err := strconv.ParseFloat(strings.TrimSuffix(got, "%"), 64); err != nil {
			t.Errorf("%q is written %q", text, got)
		}
	})
}

func TestPeriods(t *testing.T) {
	march := stat.Date{Year: 2025, Month: 3, Day: 31}
	for _, span := range []stat.Span{stat.Day, stat.Week, stat.Month, stat.Quarter, stat.Half, stat.Year} {
		label := stat.Period{End: march, Span: span}.Label()
		for _, heading := range []string{label, strings.ToUpper(label[:1]) + label[1:], label + ", council's own"} {
			v := &dashboard.View{Panels: []dashboard.Panel{{Table: &dashboard.TablePanel{Columns: []string{"Date", "Number"}, Rows: [][]string{{heading, "1"}}}}}}
			var b bytes.Buffer
			if err := report.WriteCSV(&b, v); err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(&b).ReadAll()
			if err != nil || len(rows) != 2 || rows[1][4] != "2025-03-31" {
				t.Errorf("%q: %q, %v", heading, rows, err)
			}
		}
	}
}

func TestNothingToWrite(t *testing.T) {
	if err := report.WritePanelCSV(&bytes.Buffer{}, dashboard.Panel{ID: "bare"}); err == nil || !strings.Contains(err.Error(), "bare") {
		t.Errorf("a panel without a table: %v", err)
	}
	if err := report.WriteCSV(full{}, page()); !errors.Is(err, errFull) {
		t.Errorf("to a full disk: %v", err)
	}
	if err := report.WritePanelCSV(full{}, page().Panels[1]); !errors.Is(err, errFull) {
		t.Errorf("to a full disk: %v", err)
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
