package importer_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

const (
	refDir       = "../../imports"
	refOriginals = "../../../shared/data" // files as published, where they are to hand
)

func refRead(t testing.TB) (*stat.Catalogue, []stat.Link) {
	t.Helper()
	cat, err := importer.ReadCatalogue(os.DirFS(refDir))
	if err != nil {
		t.Fatal(err)
	}
	links, err := importer.ReadNeighbours(os.DirFS(refDir), cat)
	if err != nil {
		t.Fatal(err)
	}
	return cat, links
}

// refOriginal is a published file, or skips the test.
func refOriginal(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(refOriginals, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here: put the published files in ../shared/data to run this test", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAreas(t *testing.T) {
	cat, _ := refRead(t)
	for name, want := range map[string]string{
		"806": "E06000002", "middlesbrough": "E06000002", "e06000002": "E06000002",
		"Durham": "E06000047", "County Durham": "E06000047", "Hull": "E06000010", "Kingston Upon Hull, City of": "E06000010",
		"Bedford Borough": "E06000055", "Herefordshire": "E06000019", "Bristol": "E06000023", "St Helens": "E08000013",
		"Dorset (Pre LG)": "E10000009", "835": "E10000009", "838": "E06000059", "Bournemouth (Pre LG)": "E06000028", "BCP": "E06000058",
		"Somerset": "E06000066", "E10000027": "E06000066", "E10000002": "E06000060", "E10000023": "E06000065",
		"E08000020": "E08000037", "E06000048": "E06000057", "E08000016": "E08000038",
		"Westmorland & Furness": "E06000064", "Cumbria": "E10000006", "928": "E10000021",
		"970": stat.England, "England": stat.England, "980": "E12000001", "Yorkshire and the Humber": "E12000003",
		"London": stat.London, "London (Inner)": "E13000001", "988": "E13000002",
	} {
		if a, err := cat.Area(name); err != nil || a.Code != want {
			t.Errorf("Area(%q) = %s, %v; want %s", name, a.Code, err, want)
		}
	}
	if _, err := cat.Area("Dorset"); !errors.Is(err, stat.ErrAmbiguous) {
		t.Errorf("Area(Dorset): %v; want it ambiguous", err)
	}
	if _, err := cat.Area("Northants"); !errors.Is(err, stat.ErrUnknown) {
		t.Errorf("Area(Northants): %v; want it unknown, since it may be any of three", err)
	}
}

// There were 152 authorities until 2019, 151 for two years, 152 from April
// 2021 and 153 from April 2023.
func TestAuthoritiesByDay(t *testing.T) {
	cat, _ := refRead(t)
	for day, want := range map[string]int{
		"2013-03-31": 152, "2019-03-31": 152, "2019-04-01": 151, "2021-03-31": 151, "2021-04-01": 152, "2023-03-31": 152, "2023-04-01": 153, "2026-11-01": 153,
	} {
		d, err := stat.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, a := range cat.ByLevel(stat.Authority) {
			if a.ExistedAt(d) {
				got++
			}
		}
		if got != want {
			t.Errorf("%d authorities existed on %s; want %d", got, day, want)
		}
	}
	if n := len(cat.ByLevel(stat.Regional)); n != 11 {
		t.Errorf("%d regions; want nine, Inner and Outer London", n)
	}
}

func TestLondonRegions(t *testing.T) {
	cat, _ := refRead(t)
	for name, want := range map[string]string{
		"Camden": "E13000001", "Haringey": "E13000001", "Greenwich": "E13000002", "Inner London": stat.London, "Outer London": stat.London,
		"London": "", "Middlesbrough": "E12000001", "Cumbria": "E12000002",
	} {
		if a, err := cat.Area(name); err != nil || a.Region != want {
			t.Errorf("region of %s is %q, %v; want %q", name, a.Region, err, want)
		}
	}
}

// Every area of every published file is found by its code, its number and,
// Dorset apart, by its name; and each finds the same.
func TestAreasOfPublishedFiles(t *testing.T) {
	cat, _ := refRead(t)
	for _, file := range []string{
		"b1_children_in_need_2013_to_2025.csv", "cla_number_and_rate_per_10k_children.csv", "d5_cpps_at31march_by_duration_2013_to_2025.csv",
		"ons_mid-year_population_estimates_2012_to_2024.csv", "lait_underlying_2016_2025.csv",
	} {
		t.Run(file, func(t *testing.T) {
			checked := map[string]bool{}
			for row := range refRowsOf(t, string(refOriginal(t, "dfe/"+file))) {
				for _, call := range refCalled(row) {
					want, err := cat.Area(call[0])
					if err != nil {
						t.Fatalf("%v: %v", row, err)
					}
					if checked[call[0]+call[1]] {
						continue
					}
					checked[call[0]+call[1]] = true
					got, err := cat.Area(call[1])
					if call[1] == "Dorset" {
						if !errors.Is(err, stat.ErrAmbiguous) {
							t.Errorf("Dorset: %v", err)
						}
					} else if err != nil || got.Code != want.Code {
						t.Errorf("%q is %s and %q is %s, %v", call[0], want.Code, call[1], got.Code, err)
					}
				}
			}
			if len(checked) < 160 {
				t.Errorf("only %d names checked", len(checked))
			}
		})
	}
}

// refCalled pairs the codes of a published row's areas with what else the row
// calls them.
func refCalled(row map[string]string) [][2]string {
	if n := row["LA Number"]; n != "" {
		pairs := [][2]string{{n, row["LA and Regions"]}}
		return pairs
	}
	pairs := [][2]string{{row["country_code"], row["country_name"]}}
	if c := row["region_code"]; c != "" {
		pairs = append(pairs, [2]string{c, row["region_name"]})
	}
	if c := row["new_la_code"]; c != "" {
		pairs = append(pairs, [2]string{c, row["la_name"]}, [2]string{c, row["old_la_code"]})
	}
	return pairs
}

func refRowsOf(t *testing.T, text string) func(func(map[string]string) bool) {
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(map[string]string) bool) {
		for _, r := range rows[1:] {
			row := map[string]string{}
			for i, cell := range r {
				row[rows[0][i]] = cell
			}
			if !yield(row) {
				return
			}
		}
	}
}

// The measures that others build upon, as the design has them.
func TestMeasures(t *testing.T) {
	cat, _ := refRead(t)
	if len(cat.Measures()) < 50 {
		t.Errorf("%d measures; want at least 50", len(cat.Measures()))
	}
	for name, want := range map[string]stat.Measure{
		"population_0_17":         {Code: stat.Population, Kind: stat.Snapshot, Unit: stat.Number},
		"Children aged 0 to 17":   {Code: stat.Population, Kind: stat.Snapshot, Unit: stat.Number},
		"LAC":                     {Code: "cla", Kind: stat.Snapshot, Unit: stat.RateOf},
		"cla_started":             {Code: "cla_started", Kind: stat.Flow, Unit: stat.RateOf},
		"cla_ceased":              {Code: "cla_ceased", Kind: stat.Flow, Unit: stat.RateOf},
		"CIN":                     {Code: "cin", Kind: stat.Snapshot, Unit: stat.RateOf, Decimals: 1},
		"cin_local":               {Code: "cin_local", Kind: stat.Snapshot, Unit: stat.RateOf, Decimals: 1},
		"Child protection plans":  {Code: "cpp", Kind: stat.Snapshot, Unit: stat.RateOf, Decimals: 1},
		"referrals":               {Code: "referrals", Kind: stat.Flow, Unit: stat.RateOf, Decimals: 1},
		"CPP_Abuse":               {Code: "cpp_started", Kind: stat.Flow, Unit: stat.RateOf, Decimals: 1},
		"CPPlans2yrsActive":       {Code: "cpp_open_2yrs", Kind: stat.Snapshot, Unit: stat.Percent, Decimals: 1},
		"CPPlans2yrs":             {Code: "cpp_ceased_2yrs", Kind: stat.Flow, Unit: stat.Percent, Decimals: 1},
		"CP_conf_15days":          {Code: "icpc_15wd", Kind: stat.Flow, Unit: stat.Percent, Decimals: 1},
		"LACDistance":             {Code: "cla_20miles", Kind: stat.Snapshot, Unit: stat.Percent},
		"%_of LAC Adopted":        {Code: "cla_adopted", Kind: stat.Flow, Unit: stat.Percent},
		"LAC_ceased_SGO":          {Code: "cla_sgo", Kind: stat.Flow, Unit: stat.Number},
		"ReReferral":              {Code: "rereferrals", Kind: stat.Flow, Unit: stat.Percent, Decimals: 1},
		"CIN_Refferals_NFA":       {Code: "referrals_nfa", Kind: stat.Flow, Unit: stat.Percent, Decimals: 1},
		"LACStable_2016on":        {Code: "cla_3plus_placements", Kind: stat.Snapshot, Unit: stat.Percent},
		"Section 47 enquiries":    {Code: "s47", Kind: stat.Flow, Unit: stat.RateOf, Decimals: 1},
		"assessments_45wd":        {Code: "assessments_45wd", Kind: stat.Flow, Unit: stat.Percent, Decimals: 1},
		"looked-after reviews on": {},
	} {
		m, err := cat.Measure(name)
		got := stat.Measure{Code: m.Code, Kind: m.Kind, Unit: m.Unit, Decimals: m.Decimals}
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want.Code != "") {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		if m.Unit == stat.RateOf && m.Population != stat.Population {
			t.Errorf("%s has population %q", name, m.Population)
		}
	}
	for _, code := range []string{"cla", "cin", "cpp"} {
		if m, _ := cat.Measure(code); m.Polarity != stat.NoPolarity {
			t.Errorf("%s has polarity %q; its direction is not good or bad by itself", code, m.Polarity)
		}
	}
}

// The page's word is children looked after. LAC stands in aliases alone.
func TestMeasuresSpeakPlainly(t *testing.T) {
	cat, _ := refRead(t)
	short := regexp.MustCompile(`\b(LAC|CLA|CPP|CIN|ICPC|UASC|SGO)s?\b`)
	for _, m := range cat.Measures() {
		for _, text := range []string{m.Name, m.Noun, m.Topic, m.Numerator, m.Denominator, m.Definition} {
			if s := short.FindString(text); s != "" {
				t.Errorf("%s: %q says %s", m.Code, text, s)
			}
		}
		if !strings.HasSuffix(m.Definition, ".") || len(m.Definition) < 60 {
			t.Errorf("%s: definition is no sentence: %q", m.Code, m.Definition)
		}
	}
}

// Rows sn2025_01… and sn2021_01… of the independently compiled figures for
// Middlesbrough.
func TestNeighboursOfMiddlesbrough(t *testing.T) {
	_, links := refRead(t)
	want := map[string][]string{
		"2025": {
			"E06000009 Very close", "E06000001 Close", "E06000021 Close", "E08000005 Close", "E08000021 Close",
			"E08000031 Close", "E08000030 Close", "E08000023 Close", "E08000012 Close", "E08000006 Close",
		},
		"2021": {
			"E06000001 Very Close", "E08000006 Very Close", "E06000006 Very Close", "E06000021 Very Close", "E08000008 Very Close",
			"E08000005 Very Close", "E06000009 Very Close", "E08000023 Very Close", "E06000010 Very Close", "E08000011 Very Close",
		},
	}
	got := map[string][]string{}
	for _, l := range links {
		if l.Area == "E06000002" {
			got[l.Model] = append(got[l.Model], l.Neighbour+" "+l.Closeness)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNeighbourModels(t *testing.T) {
	cat, links := refRead(t)
	day := map[string]stat.Date{"2025": {Year: 2025, Month: 5, Day: 1}, "2021": {Year: 2021, Month: 4, Day: 1}}
	areas := map[string]int{}
	for _, l := range links {
		for _, code := range []string{l.Area, l.Neighbour} {
			if a, err := cat.Area(code); err != nil || a.Level != stat.Authority || !a.ExistedAt(day[l.Model]) {
				t.Errorf("%+v: %s was no authority when the model was made: %v", l, code, err)
			}
		}
		if l.Position == 10 {
			areas[l.Model]++
		}
	}
	if diff := cmp.Diff(map[string]int{"2025": 153, "2021": 152}, areas); diff != "" {
		t.Errorf("authorities with ten neighbours: %s", diff)
	}
}

func TestNeighboursAsPublished(t *testing.T) {
	cat, links := refRead(t)
	for model, file := range map[string]string{
		"2025": "neighbours/sn_may_2025.xlsx", "2021": "neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv",
	} {
		t.Run(model, func(t *testing.T) {
			var want, got []stat.Link
			for _, row := range publishedNeighbours(t, file) {
				for i := range 10 {
					a, err := cat.Area(row[0])
					n, err2 := cat.Area(row[5+2*i])
					if err != nil || err2 != nil {
						t.Fatal(row, err, err2)
					}
					want = append(want, stat.Link{Model: model, Area: a.Code, Position: i + 1, Neighbour: n.Code, Closeness: row[6+2*i]})
				}
			}
			for _, l := range links {
				if l.Model == model {
					l.At = ""
					got = append(got, l)
				}
			}
			byPlace := func(ls []stat.Link) map[stat.Link]bool {
				m := map[stat.Link]bool{}
				for _, l := range ls {
					m[l] = true
				}
				return m
			}
			if diff := cmp.Diff(byPlace(want), byPlace(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// publishedNeighbours are the rows between the header and "Old SNs:".
func publishedNeighbours(t *testing.T, file string) [][]string {
	t.Helper()
	data := refOriginal(t, file)
	book, err := workbook.Open(filepath.Base(file), data, workbook.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var rows [][]string
	begun := false
	for row, err := range book.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, strings.TrimSpace(c.Text))
		}
		switch {
		case len(cells) > 1 && strings.HasPrefix(cells[1], "Old SNs"):
			return rows
		case begun && cells[0] != "":
			rows = append(rows, cells)
		case cells[0] == "LA num":
			begun = true
		}
	}
	t.Fatalf("%s: no row says where the old neighbours begin", file)
	return nil
}

// A control chart is of what happens anew in each period: never of children
// on a date, nor of averages over years, sums since April or rare events.
func TestMeasuresWithAControlChart(t *testing.T) {
	cat, _ := refRead(t)
	for code, want := range map[string]bool{
		"referrals": true, "rereferrals": true, "cla_started": true, "cla_ceased": true, "assessments_45wd": true, "contacts": true,
		"cla": false, "cpp": false, "cin": false, "uasc": false, "cin_open_2yrs": false, "cpp_open_2yrs": false, "sw_vacancy": false,
		"adoption_a10": false, "cic_budget_share": false, "adoptions": false, "cla_sgo": false,
	} {
		if m, err := cat.Measure(code); err != nil || m.Control != want {
			t.Errorf("%s: control %t, %v", code, m.Control, err)
		}
	}
}

func TestMeasuresChanged(t *testing.T) {
	measures := strings.Replace(refGoodMeasures, `aliases = ["LAC"]`, changed("2021-04-01", "It was counted anew.")+changed("2024-04-01", "And again."), 1)
	cat, err := importer.ReadCatalogue(refFS(refGoodAreas, measures, refGoodNeighbours))
	if err != nil {
		t.Fatal(err)
	}
	m, err := cat.Measure("cla")
	if err != nil {
		t.Fatal(err)
	}
	want := []stat.DefinitionChange{{From: "2021-04-01", What: "It was counted anew."}, {From: "2024-04-01", What: "And again."}}
	if diff := cmp.Diff(want, m.Changed); diff != "" {
		t.Error(diff)
	}
}
