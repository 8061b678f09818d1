package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// 702 was claimed for August 2019, between published figures of 518 and 618.
const leap = "date,measure,count\n2019-05-31,cla,521\n2019-06-30,cla,524\n2019-07-31,cla,530\n2019-08-31,cla,702\n"

// A warning holds a file back until it is accepted for a reason, which is kept.
func TestAccept(t *testing.T) {
	db := newDB(t)
	file := write(t, "leap.csv", leap)
	answers, code := answerOf[[]imported](t, "import", "--db", db, file)
	a := answers[0]
	if code != refused || a.Status != "refused" || len(a.Problems) == 0 || a.Problems[0].Code != "beyond_history" {
		t.Fatalf("exit %d, %+v", code, a)
	}
	warned := false
	for _, c := range a.Checks {
		warned = warned || c.Outcome == "WARNING" && c.Found > 0 && c.Advice != ""
	}
	if !warned {
		t.Errorf("no check warns: %+v", a.Checks)
	}
	if out, _, code := bellwether(t, "import", "--db", db, file); code != refused || !strings.Contains(out, "--accept") {
		t.Errorf("exit %d, %q; want it to say how a warning is accepted", code, out)
	}
	id := a.Problems[0].ID()
	answers, code = answerOf[[]imported](t, "import", "--db", db, "--accept", id+"=moved in from another council, checked", file)
	if a = answers[0]; code != done || a.Status != "imported" || a.Problems[0].Accepted != "moved in from another council, checked" {
		t.Errorf("accepted: exit %d, %+v", code, a)
	}
	if _, _, code := bellwether(t, "import", "--db", db, "--accept", "nonsense", file); code != usage {
		t.Errorf("--accept without a reason: exit %d", code)
	}
}

// Withdrawing an import shows again what it had superseded.
func TestWithdraw(t *testing.T) {
	db := newDB(t)
	count := func() float64 {
		s, _ := answerOf[map[string]any](t, "series", "--db", db, "--measure", "cla", "--area", "806")
		for _, p := range s["points"].([]any) {
			if pt := p.(map[string]any); pt["period"] == "2026-06-30" {
				return pt["count"].(float64)
			}
		}
		return -1
	}
	imp := func(name, n string) int64 {
		a, code := answerOf[[]imported](t, "import", "--db", db, "--accept-all", "a test", write(t, name, "date,measure,count\n2026-06-30,cla,"+n+"\n"))
		if code != done {
			t.Fatalf("%s: %+v", name, a)
		}
		return a[0].Batch
	}
	imp("first.csv", "490")
	second := imp("second.csv", "491")
	if got := count(); got != 491 {
		t.Fatalf("count %v, want the later 491", got)
	}
	if out, errs, code := bellwether(t, "withdraw", "--db", db, "--reason", "wrong file", strconv.FormatInt(second, 10)); code != done || !strings.Contains(out, "second.csv") {
		t.Fatalf("exit %d, %q, %q", code, out, errs)
	}
	if got := count(); got != 490 {
		t.Errorf("count %v after the withdrawal, want 490 again", got)
	}
	if _, _, code := bellwether(t, "withdraw", "--db", db, "--reason", "again", strconv.FormatInt(second, 10)); code != refused {
		t.Errorf("withdrawn twice: exit %d", code)
	}
	if _, _, code := bellwether(t, "withdraw", "--db", db, "4711"); code != usage {
		t.Errorf("no reason: exit %d, want wrong usage", code)
	}
}

// A published table that nobody has written a layout for, with its description
// beside it, and the series it brings.
func TestImportPublished(t *testing.T) {
	db := newDB(t)
	data := write(t, "placements_2025.csv", "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,placement,number_of_children\n"+
		"2025,Reporting year,Local authority,E92000001,England,E12000001,North East,806,E06000002,Middlesbrough,Total,493\n"+
		"2025,Reporting year,Local authority,E92000001,England,E12000001,North East,806,E06000002,Middlesbrough,Foster care,310\n")
	meta := strings.TrimSuffix(data, ".csv") + ".meta.csv"
	if err := os.WriteFile(meta, []byte("col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column\n"+
		"placement,Filter,Placement,,,,,\nnumber_of_children,Indicator,Children in placements,,,0,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	answers, code := answerOf[[]imported](t, "import", "--db", db, data, meta)
	if code != done || len(answers) != 1 || answers[0].Status != "imported" || answers[0].New != 2 || answers[0].Layout != "published" {
		t.Fatalf("exit %d, %+v", code, answers)
	}
	s, code := answerOf[map[string]any](t, "series", "--db", db, "--measure", "placements.number_of_children", "--area", "806")
	points, _ := s["points"].([]any)
	if code != done || len(points) != 1 || points[0].(map[string]any)["value"] != 493.0 {
		t.Errorf("exit %d, %v; want the total, 493", code, s)
	}
}

// Rows about single children are refused by their headings, and no value of
// theirs is said.
func TestChildLevelRefused(t *testing.T) {
	db := newDB(t)
	file := write(t, "list.csv", "Child Unique ID,Date of Birth,Forename,count\n4711,01/02/2012,Zebedee,1\n4712,01/02/2013,Florence,1\n")
	out, errs, code := bellwether(t, "import", "--db", db, "--json", file)
	if code != refused || !strings.Contains(out, "Child Unique ID") || strings.Contains(out+errs, "Zebedee") || strings.Contains(out+errs, "4711") {
		t.Errorf("exit %d, %s %s", code, out, errs)
	}
}
