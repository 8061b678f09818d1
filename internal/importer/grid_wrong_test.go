package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// stored writes all figures of a result: "referrals E06000002 2026-09 160//".
func stored(r *importer.Result) string {
	var out []string
	for _, o := range r.Observations {
		out = append(out, fmt.Sprintf("%s %s %s %s/%s", o.Measure, o.Area[6:], o.Period, o.Count.Text, o.Value.Text))
	}
	return strings.Join(out, "; ")
}

// What stands over, under and beside the months decides what a figure is; where
// it does not, the file is refused.
func TestGridSurroundings(t *testing.T) {
	im, _ := project(t)
	const both = "referrals 002 2026-09 160/; referrals 002 2026-10 161/"
	for _, tt := range []struct{ name, csv, want, code, at string }{
		{"target first", "Measure,Sep-26,,Oct-26,\n,Target,Actual,Target,Actual\nReferrals,100,160,100,161\n", both, "", ""},
		{"actual first", "Measure,Sep-26,,Oct-26,\n,Actual,Target,Actual,Target\nReferrals,160,100,161,100\n", both, "", ""},
		{"year to date", "Measure,Sep-26,,Oct-26,\n,YTD,Month,YTD,Month\nReferrals,900,160,999,161\n", both, "", ""},
		{"header of labels below", ",Sep-26,,Oct-26,\nMeasure,Target,Actual,Target,Actual\nReferrals,100,160,100,161\n", both, "", ""},
		{"rate first", "Measure,Sep-26,\n,Rate,Number\nReferrals,45,160\n", "referrals 002 2026-09 160/45", "", ""},
		{"areas below", "Measure,Sep-26,,Oct-26,\n,Hartlepool,Middlesbrough,Hartlepool,Middlesbrough\nReferrals,180,160,181,161\n", "referrals 001 2026-09 180/; referrals 002 2026-09 160/; referrals 001 2026-10 181/; referrals 002 2026-10 161/", "", ""},
		{"area and unit below", "Measure,Sep-26,,,\n,Hartlepool,,Middlesbrough,\n,Number,Rate,Number,Rate\nReferrals,180,50,160,45\n", "referrals 001 2026-09 180/50; referrals 002 2026-09 160/45", "", ""},
		{"target with units below", "Measure,Sep-26,,,\n,Target,,Actual,\n,Number,Rate,Number,Rate\nReferrals,100,30,160,45\n", "referrals 002 2026-09 160/45", "ambiguous_column", "C4"},
		{"another order further down", "Measure,Sep-26,\n,Target,Actual\nReferrals,100,160\n,Actual,Target\nCIN,900,800\n", "referrals 002 2026-09 160/; cin 002 2026-09-30 900/", "", ""},
		{"targets above", ",Actual,,Target,\nMeasure,Sep-26,Oct-26,Sep-26,Oct-26\nReferrals,160,161,100,100\n", both, "", ""},
		{"years over areas", "Measure,2026/27,\n,Apr,May\nReferrals,160,161\n", "referrals 002 2026-04 160/; referrals 002 2026-05 161/", "", ""},
		{"unknown word", "Measure,Sep-26,,Oct-26,\n,Blue,Actual,Blue,Actual\nReferrals,100,160,100,161\n", "", "ambiguous_column", "B3"},
		{"blank header", "Measure,Sep-26,,Oct-26\nReferrals,160,7,161\n", "", "ambiguous_column", "C2"},
		{"blank header at the end", "Measure,Sep-26,Oct-26,\nReferrals,160,161,7\n", "", "ambiguous_column", "D2"},
		{"boys below", "Measure,Sep-26,\n,Boys,Girls\nReferrals,100,60\n", "", "part_of_measure", ""},

		{"blank area", "Authority,Measure,Sep-26\nHartlepool,CLA,330\n,Referrals,300\n", "", "missing_area", "A3"},
		{"areas above", ",Middlesbrough,Hartlepool\nMeasure,Sep-26,Sep-26\nReferrals,160,180\n", "referrals 002 2026-09 160/; referrals 001 2026-09 180/", "", ""},
		{"area between", "Measure,Sep-26\nHartlepool Borough Council\nReferrals,180\nFront door\nCIN,900\nMiddlesbrough\nReferrals,160\n", "referrals 001 2026-09 180/; cin 001 2026-09-30 900/; referrals 002 2026-09 160/", "", ""},
		{"area in the title", "Hartlepool Borough Council\nMeasure,Sep-26\nReferrals,180\n", "", "other_area", "A1"},
		{"home in the title", "Middlesbrough Council\nMeasure,Sep-26\nReferrals,180\n", "referrals 002 2026-09 180/", "", ""},
		{"area in the title and the rows", "Hartlepool\nMeasure,Area,Sep-26\nReferrals,Hartlepool,180\n", "referrals 001 2026-09 180/", "", ""},

		{"male", "Measure,Sep-26\nMale\nReferrals,80\n", "", "part_of_measure", "A3"},
		{"age", "Measure,Sep-26\nAged 5 to 9\nReferrals,80\n", "", "part_of_measure", "A3"},
		{"target section", "Measure,Sep-26\nActual\nReferrals,160\nTargets 2026/27\nReferrals,100\n", "referrals 002 2026-09 160/", "", ""},
		{"rate section", "Measure,Sep-26\n\"Rate per 10,000 (annualised)\"\nFront door\nReferrals,45\nNumber\nReferrals,160\n", "referrals 002 2026-09 160/45", "", ""},
		{"percentage section", "Measure,Sep-26\nPercentage\nRe-referrals,19\nReferrals,45\n", "", "unit_mismatch", "B4"},
		{"a title of rates", "\"Rates per 10,000\"\nMeasure,Sep-26\nReferrals,45\nRe-referrals,19\n", "referrals 002 2026-09 /45; rereferrals 002 2026-09 /19", "", ""},

		{"units", "Measure,Unit,Sep-26\nReferrals,Number,160\nReferrals,\"Rate per 10,000\",45\nRe-referrals,%,19\n", "referrals 002 2026-09 160/45; rereferrals 002 2026-09 /19", "", ""},
		{"unit after", "Measure,Sep-26,Unit\nReferrals,45,Rate\n", "referrals 002 2026-09 /45", "", ""},
		{"number of a percentage", "Measure,Unit,Sep-26\nRe-referrals,Number,20\n", "", "unit_mismatch", "C2"},
		{"percentage of a count", "Measure,Unit,Sep-26\nReferrals,%,20\n", "", "unit_mismatch", "C2"},
		{"rate of a percentage", "Measure,Unit,Sep-26\nRe-referrals,\"Rate per 10,000\",20\n", "", "unit_mismatch", "C2"},

		{"year over the wrong month", "Measure,2025/26,,,2026/27\n,Feb,Mar,Apr,May\nReferrals,1,2,3,4\n", "", "unreadable_period", "D2"},
		{"year in the title", "Monthly return 2026/27\nMeasure,Apr,May\nReferrals,160,161\n", "referrals 002 2026-04 160/; referrals 002 2026-05 161/", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, im, "a.csv", []byte(tt.csv), importer.Options{})
			if tt.code != "" {
				if p := find(r, tt.code); p.Severity != stat.Error || tt.at != "" && p.At != tt.at {
					t.Errorf("want %s at %s, got %+v; stored %s", tt.code, tt.at, r.Problems, stored(r))
				}
				return
			}
			if got := stored(r); r.Refused() || got != tt.want {
				t.Errorf("stored %s\nwant   %s; %+v", got, tt.want, r.Problems)
			}
		})
	}
}

// Merged headers own the columns they cover.
func TestGridMergedMonths(t *testing.T) {
	im, _ := project(t)
	merges := []workbook.Merge{{FirstCol: 1, FirstRow: 1, LastCol: 2, LastRow: 1}, {FirstCol: 3, FirstRow: 1, LastCol: 4, LastRow: 1}}
	for _, tt := range []struct{ name, above, want, code string }{
		{"Hartlepool", "", "", "other_area"},
		{"R", "", "referrals 002 2026-09 160/; referrals 002 2026-10 161/", ""},
	} {
		rows := [][]workbook.OutCell{cells("Measure", "Sep-26", nil, "Oct-26", nil), cells(nil, "Target", "Actual", "Target", "Actual"), cells("Referrals", 100, 160, 100, 161)}
		r := read(t, im, "a.xlsx", sheet(t, workbook.OutSheet{Name: tt.name, Rows: rows, Merges: merges}), importer.Options{})
		if tt.code != "" && find(r, tt.code).Severity != stat.Error || tt.code == "" && (r.Refused() || stored(r) != tt.want) {
			t.Errorf("%s: %s, %+v", tt.name, stored(r), r.Problems)
		}
	}
}

// A column that may narrow the rows holds the file back until somebody says
// that it does not.
func TestGridNarrowingColumn(t *testing.T) {
	im, _ := project(t)
	r := read(t, im, "return.csv", []byte("Measure,Team,Sep-26,Oct-26\nReferrals,North,80,81\n"), importer.Options{})
	waiting := r.Waiting()
	if len(waiting) != 1 || waiting[0].Code != "narrowing_column" || waiting[0].At != "B1" {
		t.Errorf("waiting %+v, want the column at B1", waiting)
	}
}
