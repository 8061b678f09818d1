package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"bellwether/internal/dashboard"
)

// Middlesbrough's rate of children in need at 31 March 2023, as DfE published
// it in three years on one count of 2,196: each release is table B1 and the
// Local Authority Interactive Tool's data, in the published layouts.
func TestHistoryOfRestatements(t *testing.T) {
	db, dir := newDB(t), t.TempDir()
	const row = "%d,Reporting year,Local authority,E92000001,England,E12000001,North East,806,E06000002,Middlesbrough,Children in Need,4561,4210,2480,2300,2365,2200,%d,120\n"
	rows := ""
	for i, r := range []struct {
		released, rate string
		count          int // of the release's own year
	}{{"2023-10", "656.7", 2196}, {"2024-10", "642.1", 1951}, {"2025-10", "638.70000000000005", 2005}} {
		var files []string
		rows += fmt.Sprintf(row, 2023+i, r.count)
		for name, text := range map[string]string{
			"b1_children_in_need_2013_to_" + r.released[:4] + ".csv": "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,category,Anypoint_episodes,Anypoint_child,Started_episodes,Started_child,Ended_episodes,Ended_child,At31_episodes,awaiting_assessment\n" + rows,
			"lait_" + r.released + ".csv": "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region\n" +
				"CIN,Rate of children in need at 31 March per 10000,2023,Middlesbrough," + r.rate + ",806,North East\n",
		} {
			file := filepath.Join(dir, name)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		answers, code := answerOf[[]imported](t, append([]string{"import", "--db", db, "--released", r.released}, files...)...)
		for _, a := range answers {
			if code != done || a.Status != "imported" {
				t.Fatalf("%s: exit %d, %s, %+v", a.File, code, a.Status, a.Problems)
			}
		}
	}
	versions, code := answerOf[[]dashboard.Version](t, "history", "--db", db, "--measure", "cin", "--area", "806", "--period", "2023")
	if code != done {
		t.Fatalf("exit %d", code)
	}
	var rates []string
	for _, v := range versions {
		if v.Count != nil && *v.Count != 2196 {
			t.Errorf("a count of %v in %s", *v.Count, v.File)
		}
		if v.Value != nil {
			if said := fmt.Sprintf("%s: %v", v.Released, *v.Value); !slices.Contains(rates, said) {
				rates = append(rates, said)
			}
		}
		if v.File == "" || v.At == "" || v.Publisher != "DfE" {
			t.Errorf("a version that cannot be traced: %+v", v)
		}
	}
	if want := []string{"2023-10: 656.7", "2024-10: 642.1", "2025-10: 638.7"}; !slices.Equal(rates, want) {
		t.Errorf("rates %q, want %q", rates, want)
	}
}
