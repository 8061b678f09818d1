package importer_test

import (
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

// Made-up numbers that pass the checks.
const (
	someUPN  = "H801200001001"
	someNHS  = "9434765919"
	someNINO = "QQ123456C" // the form alone is checked, and QQ is never given out
)

func TestCheckDigits(t *testing.T) {
	for s, want := range map[string]bool{someUPN: true, "A801200001001": false, "H801200001002": false, "H80120000100": false} {
		if importer.ValidUPN(s) != want {
			t.Errorf("ValidUPN(%s) is %v", s, !want)
		}
	}
	for s, want := range map[string]bool{someNHS: true, "9434765918": false, "1234567890": false, "4444444444": false, "943476591": false} {
		if importer.ValidNHS(s) != want {
			t.Errorf("ValidNHS(%s) is %v", s, !want)
		}
	}
	for s, want := range map[string]bool{
		someUPN: true, "moved " + someUPN + " on": true, "AB123456C": true, "ab 12 34 56 d": true, "943 476 5919": true, "see 943-476-5919.": true,
		"E06000002": false, "AB123456E": false, "GB123456A": false, "943 476 5918": false, "A801200001001": false, "2024-25 and 2023-24": false,
	} {
		if (importer.PersonalIn(s) != 0) != want {
			t.Errorf("PersonalIn(%q) is %v", s, !want)
		}
	}
}

// rowsOf makes n rows with a number in each.
func rowsOf(n int, row func(i int) []any) [][]workbook.OutCell {
	var out [][]workbook.OutCell
	for i := range n {
		out = append(out, cells(row(i)...))
	}
	return out
}

func table(header string, rows [][]workbook.OutCell) [][]workbook.OutCell {
	var head []any
	for _, h := range strings.Split(header, ",") {
		head = append(head, h)
	}
	return append([][]workbook.OutCell{cells(head...)}, rows...)
}

var goodSheet = workbook.OutSheet{Name: "Return", Rows: table("date,measure,count", [][]workbook.OutCell{cells("2025-03-31", "cla", 493)})}

// Files about single children are refused, by sheet and column and never by
// value, wherever in the file it stands.
func TestChildLevelIsRefused(t *testing.T) {
	im, _ := project(t)
	secret := "Zebedee"
	born := time.Date(2012, 5, 17, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		rows [][]workbook.OutCell
		at   string
		says []string
	}{
		{"Annex A", table("Child Unique ID ,Gender,Date of Birth,Allocated Worker", [][]workbook.OutCell{cells(secret, "F", born, secret)}), "Rows!A1", []string{`headed "Child Unique ID"`, `headed "Date of Birth"`, `"Allocated Worker"`}},
		{"SSDA903", table("CHILD,DECOM,RNE,LS,HOME_POST", [][]workbook.OutCell{cells(123, "01/04/2024", "S", "C2", secret)}), "Rows!A1", []string{`headed "CHILD"`, `headed "HOME_POST"`}},
		{"CHILD alone", table("CHILD,YEAR", [][]workbook.OutCell{cells(123, secret)}), "Rows!A1", []string{`"CHILD"`}},
		{"names", table("Child's forename,Surname,Visits", [][]workbook.OutCell{cells(secret, secret, 3)}), "Rows!A1", []string{"forename", "Surname"}},
		{"a heading far down", append(rowsOf(60, func(i int) []any { return []any{"a", i} }), table("UPN,Grade", [][]workbook.OutCell{cells(secret, "x")})...), "Rows!A61", []string{`headed "UPN"`}},
		{"UPNs without a heading", [][]workbook.OutCell{cells("a", someUPN), cells(secret, 2)}, "Rows!B1", []string{"column B (holds unique pupil numbers (UPN))"}},
		{"UPN in a note", [][]workbook.OutCell{cells("x", "y"), cells(secret+" is "+someUPN+" here", 2)}, "Rows!A2", []string{"column A"}},
		{"NHS numbers as numbers", table("Ref,Visits", [][]workbook.OutCell{cells(9434765919, 1), cells(4010232137, 2)}), "Rows!A2", []string{"NHS numbers"}},
		{"NHS number as text", table("Ref,Visits", [][]workbook.OutCell{cells("943 476 5919", secret)}), "Rows!A2", []string{"NHS numbers"}},
		{"National Insurance", table("Ref,Visits", [][]workbook.OutCell{cells("AB 12 34 56 C", secret)}), "Rows!A2", []string{"National Insurance"}},
		{"an identifier", table("Placement ref,Visits", rowsOf(25, func(i int) []any { return []any{fmt.Sprint("C", 71*i%997), i % 3} })), "Rows!A1", []string{"different in nearly every row"}},
		{"a system's reference", table("Ref,Visits", rowsOf(25, func(i int) []any { return []any{400000 + i, i % 3} })), "Rows!A1", []string{"different in nearly every row"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, hidden := range []bool{false, true} {
				data := sheet(t, goodSheet, workbook.OutSheet{Name: "Rows", Rows: tt.rows})
				if hidden {
					data = hide(t, data, "Rows")
				}
				r := checked(t, im, "children.xlsx", data, stat.Holding{})
				if len(r.Problems) != 1 || !r.Refused() || len(r.Observations)+len(r.Links)+len(r.Skipped)+r.Rows > 0 {
					t.Fatalf("hidden %v: %+v", hidden, r)
				}
				p := r.Problems[0]
				if p.Code != "child_level" || p.At != tt.at || p.Row != nil {
					t.Errorf("%+v, want it at %s", p, tt.at)
				}
				for _, s := range append(tt.says, "children.xlsx", `sheet "Rows"`, "Nothing of the file was kept") {
					if !strings.Contains(p.Message, s) {
						t.Errorf("%q does not say %q", p.Message, s)
					}
				}
				if all := fmt.Sprintf("%+v", r); strings.Contains(all, secret) || strings.Contains(all, someUPN) || strings.Contains(all, someNHS) {
					t.Errorf("a value is told: %s", all)
				}
				if _, err := im.Head("children.xlsx", data, workbook.Limits{}); err != importer.ErrChildLevel {
					t.Errorf("Head: %v", err)
				}
				if _, err := importer.MarkProblems("children.xlsx", data, nil, workbook.Limits{}); err != importer.ErrChildLevel {
					t.Errorf("MarkProblems: %v", err)
				}
			}
		})
	}
}

// What aggregate files have does not trip it.
func TestNotChildLevel(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		name string
		rows [][]workbook.OutCell
	}{
		{"numbers of ten digits", table("area,spend", rowsOf(40, func(i int) []any { return []any{"x", 4010232137 + 17*i} }))},
		{"one such among others", table("area,spend", [][]workbook.OutCell{cells("England", 9434765919), cells("Leeds", 123456), cells("York", 1234)})},
		{"references of measures", table("Ref,Indicator,Apr-24", rowsOf(40, func(i int) []any { return []any{fmt.Sprint("CP", i), "x", i} }))},
		{"numbered rows", table("id,area,n", rowsOf(400, func(i int) []any { return []any{i + 1, "x", i} }))},
		{"schools", table("school_urn,school_name,n", rowsOf(40, func(i int) []any { return []any{100000 + i, "x", i} }))},
		{"authorities", table("LA number,new_la_code,n", rowsOf(40, func(i int) []any { return []any{200 + i, fmt.Sprint("E0600", 1000+i), i} }))},
		{"children in a breakdown", table("month,who,n", rowsOf(6, func(i int) []any { return []any{fmt.Sprint("2024-0", i+1), []any{"Child", "Adult"}[i%2], i} }))},
		{"completeness of fields", table("Field,Complete", [][]workbook.OutCell{cells("UPN", 98.1), cells("Date of birth", 100), cells("Surname", 99)})},
		{"how many referrals", table("Month,Police,NHS,Referral number", rowsOf(24, func(i int) []any { return []any{month(2024, apr).AddDate(0, i, 0), i, 2 * i, 1200 + 7*i} }))},
		{"days of figures", table("date,n", rowsOf(40, func(i int) []any { return []any{month(2024, apr).AddDate(0, 0, i), i} }))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, im, "a.xlsx", sheet(t, goodSheet, workbook.OutSheet{Name: "Other", Rows: tt.rows}), importer.Options{})
			for _, code := range []string{"child_level", "postcodes", "birth_dates"} {
				if p := find(r, code); p.Code != "" {
					t.Errorf("%+v", p)
				}
			}
		})
	}
}

// Postcodes and days in no order are a warning, by the first of their columns.
func TestSignsOfChildren(t *testing.T) {
	im, _ := project(t)
	days := rowsOf(30, func(i int) []any { return []any{month(2010, apr).AddDate(0, 0, i*1777%4000), i} })
	for code, rows := range map[string][][]workbook.OutCell{
		"postcodes":   table("where,n", [][]workbook.OutCell{cells("TS1 2QQ", 3), cells("TS1 9FX", 4)}),
		"birth_dates": table("when,n", days),
	} {
		r := read(t, im, "a.xlsx", sheet(t, goodSheet, workbook.OutSheet{Name: "Other", Rows: rows}), importer.Options{})
		if p := find(r, code); p.Severity != stat.Warning || !strings.HasPrefix(p.At, "Other!A") || r.Refused() || len(r.Waiting()) != 1 || strings.Contains(p.Message, "TS1") {
			t.Errorf("%s: %+v", code, r.Problems)
		}
	}
}

// None of the published files, nor a sample, is taken for one about children.
func TestPublishedAreNotChildLevel(t *testing.T) {
	im, _ := project(t)
	names, _ := filepath.Glob("../../imports/samples/*")
	for _, dir := range []string{"", "dfe", "neighbours", "local"} {
		more, _ := filepath.Glob(filepath.Join("../../../shared/data", dir, "*.*"))
		names = append(names, more...)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil || strings.HasSuffix(name, ".md") {
			continue
		}
		r := read(t, im, name, data, importer.Options{})
		for _, code := range []string{"child_level", "postcodes", "birth_dates"} {
			if p := find(r, code); p.Code != "" {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
}
