package importer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// figuresOf writes a result's figures out, in order.
func figuresOf(r *importer.Result) []string {
	var out []string
	for _, o := range r.Observations {
		for _, p := range stat.Parts {
			if f := o.Part(p); f.Given() {
				out = append(out, fmt.Sprintf("%s %s %s %s", o.Measure, o.Period, p, f.Text))
			}
		}
	}
	return out
}

// One workbook for each thing that analysts' workbooks have and tools choke on.
func TestSensibleWorkbooks(t *testing.T) {
	im, _ := project(t)
	merge := func(c1, r1, c2, r2 int) workbook.Merge {
		return workbook.Merge{FirstCol: c1, FirstRow: r1, LastCol: c2, LastRow: r2}
	}
	day := func(y int, m time.Month, d int) workbook.OutCell {
		return workbook.OutCell{Kind: workbook.Date, Time: time.Date(y, m, d, 0, 0, 0, 0, time.UTC), Format: "dd/mm/yyyy"}
	}
	fraction := workbook.OutCell{Kind: workbook.Number, Number: 0.127, Format: "0.0%"}
	for _, tt := range []struct {
		name   string
		rows   [][]workbook.OutCell
		merges []workbook.Merge
		want   []string
		notes  []string // codes
	}{
		{"numbers as text", [][]workbook.OutCell{cells("date", "measure", "count"), cells("2026-09-30", "cla", "1,267"), cells("2026-08-31", "cla", "412*"), cells("2026-07-31", "cla", "412 (p)"), cells("2026-06-30", "cla", "<5")}, nil,
			[]string{"cla 2026-09-30 count 1,267", "cla 2026-08-31 count 412*", "cla 2026-07-31 count 412 (p)", "cla 2026-06-30 count <5"}, []string{"footnote_marks"}},
		{"percentages", [][]workbook.OutCell{cells("month", "% re-referrals"), cells("2026-07", "12.7%"), cells("2026-08", fraction), cells("2026-09", 12.7)}, nil,
			[]string{"rereferrals 2026-07 value 12.7%", "rereferrals 2026-08 value 12.7%", "rereferrals 2026-09 value 12.7"}, nil},
		{"percentages or fractions", [][]workbook.OutCell{cells("month", "% re-referrals"), cells("2026-08", 0.127), cells("2026-09", 0.131)}, nil,
			[]string{"rereferrals 2026-08 value 0.127", "rereferrals 2026-09 value 0.131"}, []string{"percentage_or_fraction"}},
		{"dates", [][]workbook.OutCell{cells("date", "measure", "count"), cells(day(2026, time.September, 30), "cla", 1), cells("31 August 2026", "cla", 2), cells("31/07/2026", "cla", 3), cells("2026-06-30", "cla", 4), cells("May-26", "cla", 5), cells("Q1 2025-26", "referrals", 6)}, nil,
			[]string{"cla 2026-09-30 count 1", "cla 2026-08-31 count 2", "cla 2026-07-31 count 3", "cla 2026-06-30 count 4", "cla 2026-05-31 count 5", "referrals 2025-26-Q1 count 6"}, nil},
		{"months under a year", [][]workbook.OutCell{cells("Referrals by month"), cells("month", "referrals"), cells("2024/25"), cells("Apr", 1), cells("Mar", 2), cells("2025/26"), cells("Apr", 3)}, nil,
			[]string{"referrals 2024-04 count 1", "referrals 2025-03 count 2", "referrals 2025-04 count 3"}, nil},
		{"months beside a merged year", [][]workbook.OutCell{cells("Year", "Month", "Referrals"), cells("2024/25", "Apr", 1), cells(nil, "Mar", 2), cells("2025/26", "Apr", 3)}, []workbook.Merge{merge(0, 2, 0, 3)},
			[]string{"referrals 2024-04 count 1", "referrals 2025-03 count 2", "referrals 2025-04 count 3"}, nil},
		{"a measure merged over its rows", [][]workbook.OutCell{cells("measure", "date", "count"), cells("cla", "2026-08-31", 485), cells(nil, "2026-09-30", 478)}, []workbook.Merge{merge(0, 2, 0, 3)},
			[]string{"cla 2026-08-31 count 485", "cla 2026-09-30 count 478"}, nil},
		{"a heading merged over count and rate", [][]workbook.OutCell{cells(nil, "Children looked after", nil, "Child protection plans", nil), cells("Month", "Number", "Rate", "Number", "Rate"), cells("Sep-26", 478, 134.2, 353, 99.1)},
			[]workbook.Merge{merge(1, 1, 2, 1), merge(3, 1, 4, 1)},
			[]string{"cla 2026-09-30 count 478", "cla 2026-09-30 value 134.2", "cpp 2026-09-30 count 353", "cpp 2026-09-30 value 99.1"}, nil},
		{"a header merged downwards", [][]workbook.OutCell{cells("Measure", "2024/25", nil), cells(nil, "Apr", "May"), cells("Referrals", 1, 2)}, []workbook.Merge{merge(0, 1, 0, 2), merge(1, 1, 2, 1)},
			[]string{"referrals 2024-04 count 1", "referrals 2024-05 count 2"}, nil},
		{"a label merged over number and rate", [][]workbook.OutCell{cells("Measure", "Unit", "Sep-26"), cells("Children looked after", "Number", 478), cells(nil, "Rate per 10,000", 134.2)}, []workbook.Merge{merge(0, 2, 0, 3)},
			[]string{"cla 2026-09-30 count 478", "cla 2026-09-30 value 134.2"}, nil},
		{"a header merged over group and label", [][]workbook.OutCell{cells("Indicator", nil, "Sep-26"), cells("Front door", "Referrals", 312), cells(nil, "Children looked after", 478)}, []workbook.Merge{merge(0, 1, 1, 1), merge(0, 2, 0, 3)},
			[]string{"referrals 2026-09 count 312", "cla 2026-09-30 count 478"}, nil},
		{"a mark merged over months", [][]workbook.OutCell{cells("Measure", "Aug-26", "Sep-26"), cells("Referrals", "x", nil)}, []workbook.Merge{merge(1, 2, 2, 2)},
			[]string{"referrals 2026-08 count x", "referrals 2026-09 count x"}, nil},
		{"a section's name merged across", [][]workbook.OutCell{cells("Measure", "Aug-26", "Sep-26"), cells("Children looked after", nil, nil), cells("Referrals", 1, 2)}, []workbook.Merge{merge(0, 2, 2, 2)},
			[]string{"referrals 2026-08 count 1", "referrals 2026-09 count 2"}, nil},
		{"pounds", [][]workbook.OutCell{cells("date", "measure", "count", "cost"), cells("2026-09-30", "cla", 1, "£1,234")}, nil,
			[]string{"cla 2026-09-30 count 1"}, []string{"unknown_column"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, im, "a.xlsx", sheet(t, workbook.OutSheet{Name: "a", Rows: tt.rows, Merges: tt.merges}), importer.Options{})
			var codes []string
			for _, p := range r.Problems {
				codes = append(codes, p.Code)
			}
			if r.Refused() || !slices.Equal(figuresOf(r), tt.want) || !slices.Equal(codes, tt.notes) {
				t.Errorf("%q, want %q; %+v", figuresOf(r), tt.want, r.Problems)
			}
		})
	}
}

func TestRefusedWorkbooks(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		name     string
		rows     [][]workbook.OutCell
		merges   []workbook.Merge
		code, at string
	}{
		{"a figure merged over months", [][]workbook.OutCell{cells("Measure", "Aug-26", "Sep-26"), cells("Referrals", 5, nil)}, []workbook.Merge{{FirstCol: 1, FirstRow: 2, LastCol: 2, LastRow: 2}}, "merged_figure", "a!B2"},
		{"a figure merged over rows", [][]workbook.OutCell{cells("month", "referrals"), cells("Aug-26", 5), cells("Sep-26", nil)}, []workbook.Merge{{FirstCol: 1, FirstRow: 2, LastCol: 1, LastRow: 3}}, "merged_figure", "a!B2"},
		{"months without a year", [][]workbook.OutCell{cells("month", "referrals"), cells("Aug", 5)}, nil, "unreadable_period", "a!A2"},
		{"pounds for children", [][]workbook.OutCell{cells("month", "referrals"), cells("Aug-26", "£5")}, nil, "not_a_number", "a!B2"},
		{"error value", [][]workbook.OutCell{cells("month", "referrals"), cells("Aug-26", "#REF!")}, nil, "formula_error", "a!B2"},
	} {
		r := read(t, im, "a.xlsx", sheet(t, workbook.OutSheet{Name: "a", Rows: tt.rows, Merges: tt.merges}), importer.Options{})
		if p := find(r, tt.code); !r.Refused() || p.At != tt.at {
			t.Errorf("%s: want %s at %s, got %+v", tt.name, tt.code, tt.at, r.Problems)
		}
	}
}

// A sheet that nearly fits is not left out in silence.
func TestSheetSkipped(t *testing.T) {
	im, _ := project(t)
	good := workbook.OutSheet{Name: "a", Rows: [][]workbook.OutCell{cells("month", "referrals"), cells("2026-08", 485)}}
	for _, tt := range []struct {
		other workbook.OutSheet
		want  stat.Severity
	}{
		{workbook.OutSheet{Name: "b", Rows: [][]workbook.OutCell{cells("Read me")}}, stat.Note},
		{workbook.OutSheet{Name: "b", Rows: [][]workbook.OutCell{cells("when", "measure", "count"), cells("2026-08-31", "cla", 478)}}, stat.Warning},
	} {
		r := read(t, im, "a.xlsx", sheet(t, good, tt.other), importer.Options{})
		if p := find(r, "sheet_skipped"); r.Refused() || p.Severity != tt.want || p.At != "b" {
			t.Errorf("%+v", r.Problems)
		}
	}
}

// A problem shows the row it stands in, cut to size.
func TestProblemRow(t *testing.T) {
	im, _ := project(t)
	long := strings.Repeat("é", 100)
	r := read(t, im, "a.csv", []byte("date,measure,count,note\n2025-03-31,cla,many,"+long+strings.Repeat(",x", 40)+"\n"), importer.Options{})
	p := find(r, "too_many_cells")
	if len(p.Row) != 30 || p.Row[1] != "cla" || p.Row[2] != "many" || p.Row[3] != strings.Repeat("é", 79)+"…" {
		t.Errorf("%d cells: %q", len(p.Row), p.Row)
	}
	grid := sheet(t, workbook.OutSheet{Name: "a", Rows: [][]workbook.OutCell{cells("Measure", month(2024, apr)), cells("Referrals", "lots")}})
	if p := find(read(t, im, "a.xlsx", grid, importer.Options{}), "not_a_number"); !slices.Equal(p.Row, []string{"Referrals", "lots"}) {
		t.Errorf("%q", p.Row)
	}
}

// patched changes the text of one part of a workbook.
func patched(t testing.TB, data []byte, part string, changes ...string) []byte {
	t.Helper()
	return rewrite(t, data, func(name, text string) string {
		if name != part {
			return text
		}
		now := strings.NewReplacer(changes...).Replace(text)
		if now == text {
			t.Fatalf("nothing to change in %s: %.600s", part, text)
		}
		return now
	}, nil)
}

// What is hidden is read, and told once each with how much it is.
func TestHidden(t *testing.T) {
	im, _ := project(t)
	data := sheet(t,
		workbook.OutSheet{Name: "a", Rows: [][]workbook.OutCell{cells("month", "referrals"), cells("2026-07", 1), cells("2026-08", 2)}},
		workbook.OutSheet{Name: "b", Rows: [][]workbook.OutCell{cells("date", "measure", "count"), cells("2026-08-31", "cla", 478)}})
	data = patched(t, data, "xl/worksheets/sheet1.xml", `<row r="2"`, `<row r="2" hidden="1"`, `<row r="3"`, `<row r="3" hidden="1"`,
		`<sheetData>`, `<cols><col min="2" max="2" hidden="1" width="9"/></cols><sheetData>`)
	data = patched(t, data, "xl/workbook.xml", `name="b"`, `name="b" state="hidden"`)
	book, err := workbook.Open("a.xlsx", data, workbook.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, im, "a.xlsx", data, importer.Options{})
	if want := []string{"referrals 2026-07 count 1", "referrals 2026-08 count 2", "cla 2026-08-31 count 478"}; r.Refused() || !slices.Equal(figuresOf(r), want) {
		t.Fatalf("%q %+v", figuresOf(r), r.Problems)
	}
	notes := map[string]string{"hidden_rows": "2 hidden rows", "hidden_sheet": "read like the others"}
	if len(book.Sheets[0].HiddenCols) > 0 {
		notes["hidden_columns"] = "the first of them column B"
	}
	for code, says := range notes {
		if p := find(r, code); p.Severity != stat.Note || !strings.Contains(p.Message, says) {
			t.Errorf("%s: %+v", code, r.Problems)
		}
	}
	if len(r.Problems) != len(notes) {
		t.Errorf("%+v", r.Problems)
	}
}

// A formula that was never worked out has no value to read.
func TestFormulaWithoutValue(t *testing.T) {
	im, _ := project(t)
	data := sheet(t, workbook.OutSheet{Name: "a", Rows: [][]workbook.OutCell{cells("month", "referrals"), cells("2026-08", 77)}})
	data = patched(t, data, "xl/worksheets/sheet1.xml", `<v>77</v>`, `<f>1+1</f>`)
	if r := read(t, im, "a.xlsx", data, importer.Options{}); find(r, "formula_error").At != "a!B2" {
		t.Errorf("%+v", r.Problems)
	}
}
