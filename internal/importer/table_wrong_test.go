package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// Where it is not certain what a number is, the row is refused or warned of,
// at the cell, with what to do.
func TestTableWrong(t *testing.T) {
	im, _ := project(t)
	const e, w = stat.Error, stat.Warning
	for _, tt := range []struct {
		name, data string
		severity   stat.Severity
		code, at   string
		says       string
	}{
		{"comma in a count", "month,measure,count\n2026-10,contacts,2,005\n", e, "too_many_cells", "D2", "double quotes"},
		{"comma in a measure's column", "month,contacts,referrals\n2026-10,1,005,160\n", e, "too_many_cells", "D2", "leave the comma out"},
		{"comma under an empty header", "month,measure,count,\n2026-10,contacts,2,005\n", e, "too_many_cells", "D2", "double quotes"},
		{"comma before a note", "month,measure,count,note\n2026-10,contacts,2,005\n", e, "too_many_cells", "D2", "split at its comma"},
		{"comma in a published file", claHead + claRow(",493,", ",1,493,"), e, "too_many_cells", "O2", "double quotes"},

		{"number of a percentage", "month,measure,unit,value\n2026-10,rereferrals,Number,21\n", e, "unit_mismatch", "C2", "is a percentage"},
		{"rate of a percentage", "month,measure,unit,value\n2026-10,rereferrals,Rate,21\n", e, "unit_mismatch", "C2", "is a percentage"},
		{"percentage of a rate", "month,measure,unit,value\n2026-10,s47,%,33\n", e, "unit_mismatch", "C2", "rate per 10,000"},
		{"percentage of a number", "month,measure,unit,value\n2026-10,uasc,%,33\n", e, "unit_mismatch", "C2", "in number"},
		{"rate under count", "month,measure,unit,count\n2026-10,cla,Rate per 10000,135\n", e, "unit_mismatch", "C2", "header"},
		{"label and unit", "month,measure,unit,value\n2026-10,CLA rate per 10k,Number,135\n", e, "unit_mismatch", "C2", "label"},
		{"thousands", "month,measure,unit,value\n2026-10,contacts,thousands,2\n", e, "unit_mismatch", "C2", "not a unit that is read"},

		{"a share of one or of a hundred", "month,measure,unit,value\n2026-10,rereferrals,Proportion,21\n", e, "unit_mismatch", "C2", "not a unit that is read"},

		{"provider", "month,measure,provider,count\n2026-10,referrals,Own,81\n", e, "narrowing_column", "C2", `"Own"`},
		{"disability", "month,measure,count,disability\n2026-10,referrals,81,Yes\n", e, "narrowing_column", "D2", "Total in that column"},
		{"team of measures", "month,team,referrals\n2026-10,North,81\n", e, "narrowing_column", "B2", `"North"`},
		{"a column without a known name", "month,measure,mood,count\n2026-10,referrals,Glad,81\n2026-10,referrals,Sad,4\n", e, "narrowing_column", "C3", `"Glad"`},

		{"category of no dimension", "month,measure,category,count\n2026-10,referrals,Police,81\n", e, "half_breakdown", "C2", "ethnicity: White"},
		{"dimension of no category", "month,measure,dimension,category,count\n2026-10,referrals,ethnicity,,81\n", e, "half_breakdown", "D2", "write it, or Total"},

		{"above a hundred", "month,measure,value\n2026-10,rereferrals,190\n", e, "above_hundred", "C2", "correct the cell"},
		{"fraction among percentages", "month,measure,value\n2026-09,rereferrals,0.2\n2026-10,rereferrals,19\n", w, "percentage_or_fraction", "C2", "19%"},
		{"one among percentages", "month,measure,value\n2026-09,rereferrals,1\n2026-10,rereferrals,95\n", w, "percentage_or_fraction", "C2", "100%"},
		{"fractions only", "month,measure,value\n2026-09,rereferrals,0.2\n", w, "percentage_or_fraction", "C2", "no figure"},

		{"after its end", "date,measure,area,count\n2025-03-31,cla,Cumbria,700\n", e, "area_not_then", "C2", "Westmorland and Furness"},
		{"before its beginning", "date,measure,area,count\n2022-03-31,cla,Cumberland,700\n", e, "area_not_then", "C2", "Cumbria (E10000006)"},
		{"by number", "date,measure,area,count\n2024-03-31,cla,835,700\n", e, "area_not_then", "C2", "E06000059"},
		{"published", claHead + claRow("806", "909", "Middlesbrough", "Cumbria", "E06000002", "E10000006"), w, "area_not_then", "L2", "ended on 31 March 2023"},

		{"number and name disagree", "date,measure,la number,la,count\n2025-03-31,cla,806,Hartlepool,3\n", e, "area_mismatch", "D2", "the row's number is"},
		{"unknown number", "date,measure,area code,la number,count\n2025-03-31,cla,,199,3\n", e, "unknown_area", "D2", `"199"`},
		{"number for a day, told", "date,measure,count\n46295,cla,480\n", stat.Note, "serial_date", "A2", "30 September 2026"},
		{"number for no end of a month", "date,measure,count\n46294,cla,480\n", e, "unreadable_period", "A2", "46294"},
		{"number for a day elsewhere", "period,measure,count\n46295,cla,480\n", e, "unreadable_period", "A2", "46295"},
		{"number too small for a day", "date,measure,count\n31,cla,480\n", e, "unreadable_period", "A2", "31"},
		{"which quarter", "date,measure,count\n2026-Q2,cla,480\n2026-Q2,cpp,300\n", w, "which_quarter", "A2", "write 2026-27-Q2"},
		{"last quarter", "date,measure,count\nQ4 2025,cla,480\n", w, "which_quarter", "A2", "January to March 2026, write 2025-26-Q4"},
		{"month of a financial year that may be two", "financial year,month,measure,count\n2026,Sep,cla,480\n", e, "unreadable_period", "B2", "no year"},
		{"row said twice", "date,measure,count\n2026-10,cla,470\n2026-10,cla,470\n", e, "duplicate_key", "C3", "keep one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := checked(t, im, "a.csv", []byte(tt.data), stat.Holding{})
			n := 0
			for _, p := range r.Problems {
				if p.Code == tt.code {
					n++
				}
			}
			p := find(r, tt.code)
			if n != 1 || p.Severity != tt.severity || p.At != tt.at || !strings.Contains(p.Message, tt.says) || r.Refused() != (tt.severity == e) {
				t.Errorf("want %s %s at %s saying %q, got %+v", tt.severity, tt.code, tt.at, tt.says, r.Problems)
			}
		})
	}
}

// What looks like it and is sound is read without a word.
func TestTableRight(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct{ name, data, measure, period, want string }{
		{"quoted comma", "month,measure,count\n2026-10,contacts,\"2,005\"\n", "contacts", "2026-10", " of  is 2,005"},
		{"empty cells beyond the header", "month,measure,count\n2026-10,contacts,5,,\n", "contacts", "2026-10", " of  is 5"},
		{"unit of a rate", "month,measure,unit,value\n2026-10,cla,Rate per 10000,135\n", "cla", "2026-10-31", " of  is 135"},
		{"unit of a count", "month,measure,unit,value\n2026-10,cla,Number,480\n", "cla", "2026-10-31", "480 of  is "},
		{"unit of a percentage", "month,measure,unit,value\n2026-10,rereferrals,%,21\n", "rereferrals", "2026-10", " of  is 21"},
		{"numerator", "month,measure,unit,count\n2026-10,rereferrals,Number,21\n", "rereferrals", "2026-10", "21 of  is "},
		{"unit beside count and rate", "month,measure,count,rate,unit\n2026-10,cla,480,134,Number\n", "cla", "2026-10-31", "480 of  is 134"},
		{"total", "month,measure,gender,count\n2026-10,cla,All,480\n", "cla", "2026-10-31", "480 of  is "},
		{"its last day", "date,measure,area,count\n2023-03-31,cla,806,480\n2023-03-31,cpp,Cumbria,1\n", "cla", "2023-03-31", "480 of  is "},
		{"small percentages", "month,measure,value\n2026-09,rereferrals,0.9\n2026-10,rereferrals,1.2\n", "rereferrals", "2026-10", " of  is 1.2"},
		{"year and number of month", "year,month,measure,count\n2026,9,cla,480\n", "cla", "2026-09-30", "480 of  is "},
		{"year and month", "year,month,measure,count\n2026,Sep,cla,480\n", "cla", "2026-09-30", "480 of  is "},
		{"month by number", "month,measure,count\n06/2026,cla,480\n", "cla", "2026-06-30", "480 of  is "},
		{"total below", "month,measure,count\n2026-10,cla,480\nTotal,,480\n", "cla", "2026-10-31", "480 of  is "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := checked(t, im, "a.csv", []byte(tt.data), stat.Holding{})
			got, _, _ := strings.Cut(said(r, tt.measure, "E06000002", tt.period), ", council")
			if len(r.Problems) > 0 || got != tt.want {
				t.Errorf("%q, want %q; %+v", got, tt.want, r.Problems)
			}
		})
	}
}

// A fraction is one beside what is held, too; a text beside the table is a note
// and a number there is not.
func TestTableWrongElsewhere(t *testing.T) {
	im, _ := project(t)
	held := holds(by(stat.Council, "rereferrals", "2026-08", 0, 20))
	r := checked(t, im, "a.csv", []byte("month,measure,value\n2026-09,rereferrals,1\n"), held)
	if p := find(r, "percentage_or_fraction"); p.At != "C2" || !strings.Contains(p.Message, "held") {
		t.Errorf("%+v", r.Problems)
	}
	for _, tt := range []struct {
		beside any
		want   string
	}{{"counted by hand", ""}, {12, "a!E2"}} {
		rows := [][]workbook.OutCell{cells("month", "measure", "count"), cells("2026-10", "cla", 480, nil, tt.beside)}
		r := read(t, im, "a.xlsx", sheet(t, workbook.OutSheet{Name: "a", Rows: rows}), importer.Options{})
		if p := find(r, "too_many_cells"); p.At != tt.want {
			t.Errorf("%v: %s", tt.beside, fmt.Sprint(r.Problems))
		}
	}
}
