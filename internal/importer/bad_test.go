package importer_test

import (
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

const claHead = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,la_name,new_la_code,population_type,population_estimate,children_count,rate_per_10000\n"

// claRow is a good row of DfE's table, with some of it changed.
func claRow(changes ...string) string {
	row := "2025,Reporting year,Local authority,E92000001,England,E12000001,North East,806,Middlesbrough,E06000002,Children looked after on 31 March each year,35617,493,138\n"
	return strings.NewReplacer(changes...).Replace(row)
}

// Every bad input says where it is and what to do.
func TestBadInput(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		name, file, data string
		code, at         string
		says             []string
	}{
		{"not a spreadsheet", "report.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", workbook.NotSpreadsheet, "", []string{"report.pdf"}},
		{"nothing at all", "empty.csv", "", workbook.EmptyFile, "", []string{"empty.csv"}},
		{"unknown layout", "shopping.csv", "item,shop\nmilk,corner\n", "unknown_layout", "", []string{"shopping.csv", "date, measure, area, count"}},
		{"missing column", "cla.csv", strings.ReplaceAll(claHead, ",rate_per_10000", "") + "2025\n", "missing_column", "A1", []string{"cla.csv", "dfe-cla", `"rate_per_10000"`, "Add or rename"}},
		{"missing date", "t.csv", "measure,area,count\ncla,806,3\n", "missing_column", "A1", []string{"tidy", `"date"`}},
		{"child-level", "903.csv", "CHILD,SEX,DOB,UPN\n1,2,01/02/2010,A1\n", "child_level", "A1", []string{"single children", "Nothing of the file was kept", "totals"}},
		{"two columns alike", "t.csv", "date,month,measure,count\n2025-03-31,2025-03,cla,3\n", "duplicate_column", "B1", []string{"rename or delete"}},

		{"unknown area", "cla.csv", claHead + claRow("E06000002", "E06999999"), "unknown_area", "J2", []string{`"E06999999"`, "ONS code"}},
		{"unknown area by name", "t.csv", "date,measure,area,count\n2025-03-31,cla,Midlesbro,3\n", "unknown_area", "C2", []string{`"Midlesbro"`, "full name"}},
		{"ambiguous area", "t.csv", "date,measure,area,count\n2025-03-31,cla,Dorset,3\n", "ambiguous_area", "C2", []string{"835", "838", "give its code or number"}},
		{"code and name disagree", "cla.csv", claHead + claRow("Middlesbrough", "Hartlepool"), "area_mismatch", "I2", []string{"Middlesbrough (E06000002)", "Hartlepool", "correct one"}},
		{"code and number disagree", "cla.csv", claHead + claRow("806", "805"), "area_mismatch", "J2", []string{"correct one"}},
		{"no area", "cla.csv", claHead + claRow("806", "", "Middlesbrough", "", "E06000002", ""), "missing_area", "J2", []string{"names no area"}},

		{"unreadable period", "t.csv", "date,measure,count\nlast week,cla,3\n", "unreadable_period", "A2", []string{`"last week"`, "write"}},
		{"ambiguous period", "t.csv", "date,measure,count\n2011-12,cla,3\n", "unreadable_period", "A2", []string{"month or a financial year"}},
		{"unknown identifier", "cla.csv", claHead + claRow("Reporting year", "Autumn term"), "unreadable_period", "A2", []string{"Autumn term"}},
		{"month without a year", "t.csv", "month,measure,count\nApr,cla,3\n", "unreadable_period", "A2", []string{"has no year"}},
		{"day for a flow", "t.csv", "date,measure,count\n2025-03-30,referrals,3\n", "wrong_period", "A2", []string{"give a month"}},
		{"future month", "t.csv", "month,referrals\n2026-10,5\n2026-11,5\n", "future_period", "A3", []string{"November 2026", "21 November 2026", "leave the figure out"}},
		{"future day", "t.csv", "date,measure,count\n2026-11-22,cla,3\n", "future_period", "A2", []string{"22 November 2026"}},

		{"negative count", "cla.csv", claHead + claRow(",493,", ",-493,"), "negative_count", "M2", []string{"-493", "correct the cell"}},
		{"text for a number", "cla.csv", claHead + claRow(",493,", ",about 500,"), "not_a_number", "M2", []string{`"about 500"`, "leave the cell empty"}},
		{"half a child", "cla.csv", claHead + claRow(",493,", ",493.5,"), "not_whole", "M2", []string{"whole number"}},
		{"formula error in a CSV", "cla.csv", claHead + claRow(",493,", ",#REF!,"), "formula_error", "M2", []string{"#REF!", "mend the formula"}},
		{"a dash where it may be a nought", "t.csv", "date,measure,count\n2025-03-31,cla,-\n", "not_a_number", "C2", []string{"a mark"}},
		{"out of range", "cla.csv", claHead + claRow(",138\n", ",1e400\n"), "number_out_of_range", "N2", []string{"1e400"}},
		{"duplicate key", "cla.csv", claHead + claRow() + claRow(), "duplicate_key", "L3", []string{"L2", "keep one"}},
		{"duplicate with another figure", "t.csv", "month,referrals\n2025-04,5\nApr-25,6\n", "duplicate_key", "B3", []string{"stands here as 6 and at B2 as 5", "Middlesbrough", "April 2025"}},
		{"unknown measure", "t.csv", "date,measure,count\n2025-03-31,happiness,3\n", "unknown_measure", "B2", []string{`"happiness"`, "give a measure's name"}},
		{"no figure anywhere", "t.csv", "date,measure,count\n2025-03-31,cla,\n", "no_figures", "", []string{"t.csv", "check that the cells are filled in"}},

		{"model without a year", "sn.csv", neighbourHead + "806,Middlesbrough,805,Close,393,Close\n", "unknown_model", "A1", []string{"sn.csv", "file's name"}},
		{"neighbour missing", "sn_2025.csv", neighbourHead + "806,Middlesbrough,805,Close,,\n", "missing_neighbour", "E2", []string{"position 2"}},
		{"neighbour unknown", "sn_2025.csv", neighbourHead + "806,Middlesbrough,805,Close,999,Close\n", "unknown_area", "E2", []string{`"999"`}},
		{"own neighbour", "sn_2025.csv", neighbourHead + "806,Middlesbrough,806,Close,393,Close\n", "own_neighbour", "C2", []string{"correct the number"}},
		{"neighbour twice", "sn_2025.csv", neighbourHead + "806,Middlesbrough,805,Close,805,Close\n", "duplicate_key", "E2", []string{"C2"}},
		{"area twice", "sn_2025.csv", neighbourHead + strings.Repeat("806,Middlesbrough,805,Close,393,Close\n", 2), "duplicate_key", "A3", []string{"A2", "keep one"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			im := im
			if strings.HasPrefix(tt.file, "sn") {
				im = withLayout(t, twoNeighbours)
			}
			r := read(t, im, "/some/where/"+tt.file, []byte(tt.data), importer.Options{})
			p := find(r, tt.code)
			if !r.Refused() || p.Severity != stat.Error || p.At != tt.at {
				t.Fatalf("want error %s at %q, got %+v", tt.code, tt.at, r.Problems)
			}
			for _, s := range tt.says {
				if !strings.Contains(p.Message, s) {
					t.Errorf("%q does not say %q", p.Message, s)
				}
			}
		})
	}
}

func find(r *importer.Result, code string) stat.Problem {
	for _, p := range r.Problems {
		if p.Code == code {
			return p
		}
	}
	return stat.Problem{}
}

// In a workbook the sheet is named too; a formula's error arrives as such.
func TestBadCellOfWorkbook(t *testing.T) {
	im, _ := project(t)
	data := sheet(t, workbook.OutSheet{Name: "Q1 return", Rows: [][]workbook.OutCell{
		cells("date", "measure", "count"), cells("2025-03-31", "cla", "#REF!"), cells("2025-03-31", "cin", -4)}})
	r := read(t, im, "a.xlsx", data, importer.Options{})
	if p := find(r, "formula_error"); p.At != "'Q1 return'!C2" {
		t.Errorf("%+v", r.Problems)
	}
	if p := find(r, "negative_count"); p.At != "'Q1 return'!C3" {
		t.Errorf("%+v", r.Problems)
	}
}

// An unknown name for Options.Layout, and a layout that does not fit.
func TestLayoutChosen(t *testing.T) {
	im, _ := project(t)
	data := []byte("date,measure,count\n2025-03-31,cla,3\n")
	if r := read(t, im, "a.csv", data, importer.Options{Layout: "nonesuch"}); !strings.Contains(find(r, "unknown_layout").Message, "dfe-cla") {
		t.Errorf("%+v", r.Problems)
	}
	if r := read(t, im, "a.csv", data, importer.Options{Layout: "dfe-cla"}); !strings.Contains(find(r, "missing_column").Message, `"time_period"`) {
		t.Errorf("%+v", r.Problems)
	}
	if r := read(t, im, "a.csv", data, importer.Options{Layout: "tidy"}); r.Refused() {
		t.Errorf("%+v", r.Problems)
	}
}
