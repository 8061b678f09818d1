package importer_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

const eesHead = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name"

// ees is a table in DfE's open-data standard, which no layout knows: the
// columns beside time and place, and rows of England, the region, Inner London
// and Middlesbrough.
func ees(period, identifier, columns string, rows ...string) []byte {
	var b strings.Builder
	b.WriteString(eesHead + "," + columns + "\n")
	for _, row := range rows {
		for _, place := range []string{
			"National,E92000001,England,,,,,", "Regional,E92000001,England,E12000001,North East,,,", "Regional,E92000001,England,E13000001,Inner London,,,",
			"Local authority,E92000001,England,E12000001,North East,806,E06000002,Middlesbrough",
		} {
			fmt.Fprintf(&b, "%s,%s,%s,%s\n", period, identifier, place, row)
		}
	}
	return []byte(b.String())
}

// Every family of identifiers is read without a layout written for it.
func TestPublishedPeriods(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct{ period, identifier, want string }{
		{"2025", "Reporting year", "2024-25"}, {"202425", "Financial year", "2024-25"},
		{"202425", "Financial year Q2", "2024-25-Q2"}, {"202425", "Part 1 (April to September)", "2024-04-01 to 2024-09-30"},
		{"202425", "Part 2 (October to March)", "2024-10-01 to 2025-03-31"}, {"202425", "Academic year", "2024-09-01 to 2025-08-31"},
		{"202425", "Autumn term", "2024-09-01 to 2024-12-31"}, {"202425", "Spring term", "2024-25-Q4"},
		{"202425", "Summer term", "2025-04-01 to 2025-08-31"}, {"202425", "Autumn and spring term", "2024-09-01 to 2025-04-30"},
		{"2024", "Calendar year", "calendar 2024"}, {"2024", "Calendar year Q1", "2023-24-Q4"}, {"202425", "Tax year", "2024-04-06 to 2025-04-05"},
		{"2024", "January", "2024-01"}, {"2024", "December", "2024-12"}, {"2024", "Week 1", "2024-01-01 to 2024-01-07"}, {"2024", "Week 52", "2024-12-23 to 2024-12-29"},
	} {
		r := read(t, im, "persistent_absence_2024.csv", ees(tt.period, tt.identifier, "absentees", "12"), importer.Options{})
		if r.Refused() || r.Batch.Layout != "published" || r.Batch.Publisher != stat.DfE || r.Used != 4 || len(r.Observations) != 4 {
			t.Errorf("%s %s: %+v, %d used, %+v", tt.period, tt.identifier, r.Batch.Layout, r.Used, r.Problems)
			continue
		}
		for _, o := range r.Observations {
			if o.Measure != "persistent_absence.absentees" || o.Period.String() != tt.want || o.Value.Number != 12 {
				t.Errorf("%s %s: %+v, want %s", tt.period, tt.identifier, o.Key, tt.want)
			}
		}
	}
}

const metaText = "col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column\n" +
	"sex,Filter,Sex of child,,,,,\n" +
	"age_group,Filter,Age,,,,,age_band\n" +
	"children,Indicator,Children,Numbers,,0,,\n" +
	"turnover,Indicator,Turnover,Rates,%,1,,\n" +
	"spend,Indicator,Spending,Money,£,2,,\n" +
	"gap,Indicator,Gap,Rates,pp,,,\n"

// Filters break down, Total does not; indicators become measures under the
// file's own names, and better ones with a .meta.csv.
func TestPublishedColumns(t *testing.T) {
	im, _ := project(t)
	data := ees("202425", "Financial year", "sex,age_band,age_group,children,turnover,spend,gap",
		"Total,Total,Total,100,12.75,1000,-0.5", "Female,Total,TOTAL,c,z,x,low", "Male,10 to 17,16,60,:,-,..", "All,10 to 17,17,3,1,£5,0")
	for _, tt := range []struct {
		name, meta string
		measures   []string
		breakdowns []string
	}{
		{"without meta", "", []string{
			"leavers.children|children (leavers)|number 0", "leavers.turnover|turnover (leavers)|number 2",
			"leavers.spend|spend (leavers)|gbp 0", "leavers.gap|gap (leavers)|number 1",
		}, []string{"", "sex: Female", "sex: Male; age band: 10 to 17; age group: 16", "age band: 10 to 17; age group: 17"}},
		{"with meta", metaText, []string{
			"leavers.children|Children (leavers)|number 0", "leavers.turnover|Turnover (leavers)|percent 1",
			"leavers.spend|Spending (leavers)|gbp 2", "leavers.gap|Gap, percentage points (leavers)|number 1",
		}, []string{"", "Sex of child: Female", "Sex of child: Male; Age: 16", "Age: 17"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, im, "leavers_2018_to_2025.csv", data, importer.Options{Meta: []byte(tt.meta)})
			if r.Refused() || r.Used != 16 || len(r.Observations) != 64 {
				t.Fatalf("%d used, %d observations, %+v", r.Used, len(r.Observations), r.Problems)
			}
			var measures, breakdowns []string
			for _, m := range r.Measures {
				measures = append(measures, fmt.Sprintf("%s|%s|%s %d", m.Code, m.Name, m.Unit, m.Decimals))
				if !m.Registered || m.Kind != stat.Flow || m.Frequency != stat.Year || m.Polarity != stat.NoPolarity {
					t.Errorf("%+v", m)
				}
			}
			for _, o := range r.Observations {
				if !slices.Contains(breakdowns, o.Breakdown) {
					breakdowns = append(breakdowns, o.Breakdown)
				}
			}
			if !slices.Equal(measures, tt.measures) || !slices.Equal(breakdowns, tt.breakdowns) {
				t.Errorf("measures %q\nbreakdowns %q", measures, breakdowns)
			}
			marks := map[string]string{}
			for _, o := range r.Observations {
				marks[o.Value.Text] = o.Value.Mark.Letter()
			}
			for text, want := range map[string]string{"c": "c", "z": "z", "x": "x", "low": "low", ":": "x", "-": "x", "..": "x", "0": "", "-0.5": ""} {
				if got, ok := marks[text]; !ok || got != want {
					t.Errorf("%q has the mark %q, want %q", text, got, want)
				}
			}
			if find(r, "registered_measures").Severity != stat.Note || len(r.Problems) != 1 {
				t.Errorf("%+v", r.Problems)
			}
		})
	}
}

// What a file registers can be added to the catalogue, and is then known: the
// next release brings nothing new, and keeps what an analyst called it.
func TestPublishedAgain(t *testing.T) {
	_, cat := project(t)
	home, _ := cat.Area("806")
	im, err := importer.New(os.DirFS("../../imports"), cat, home)
	if err != nil {
		t.Fatal(err)
	}
	rows := []string{"National,E92000001,England,,,,,,,12", "Ward,E92000001,England,E12000001,North East,806,E06000002,Middlesbrough,E05001234,Middlesbrough,3"}
	file := func(year int) []byte {
		var b strings.Builder
		b.WriteString(eesHead + ",ward_code,ward_name,rate\n")
		for _, row := range rows {
			if strings.HasPrefix(row, "National") {
				row = strings.Replace(row, ",12", ",,,12", 1)
				row = strings.Replace(row, ",,,,,,,,,", ",,,,,,,,", 1)
			}
			fmt.Fprintf(&b, "%d,Reporting year,%s\n", year, row)
		}
		return []byte(b.String())
	}
	// "cla.rate" reads like the alias "CLA rate" of a measure that is known.
	r := read(t, im, "cla_2024.csv", file(2024), importer.Options{})
	if r.Refused() || len(r.Measures) != 1 || len(r.Areas) != 1 {
		t.Fatalf("%+v %+v %+v", r.Measures, r.Areas, r.Problems)
	}
	if err := cat.Register(r.Measures, r.Areas); err != nil {
		t.Fatal(err)
	}
	if a, err := cat.Area("Middlesbrough"); err != nil || a.Code != "E06000002" {
		t.Errorf("a ward took the council's name: %+v, %v", a, err)
	}
	named := r.Measures[0]
	named.Name, named.Registered = "A good name", false
	if err := cat.Register([]stat.Measure{named}, nil); err != nil {
		t.Fatal(err)
	}
	again := read(t, im, "cla_2025.csv", file(2025), importer.Options{})
	if again.Refused() || len(again.Measures) != 0 || len(again.Areas) != 0 || again.Observations[0].Measure != named.Code {
		t.Errorf("%+v %+v %+v", again.Measures, again.Areas, again.Problems)
	}
}

func TestPublishedKinds(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		file, column string
		meta         string
		want         stat.Kind
	}{
		{"a.csv", "starts", "", stat.Flow}, {"a.csv", "at31_children", "", stat.Snapshot}, {"a.csv", "number_at_31_march", "", stat.Snapshot},
		{"a.csv", "on_31_march", "", stat.Snapshot}, {"d5_cpps_at31march_by_duration_2013_to_2025.csv", "number", "", stat.Snapshot},
		{"a.csv", "n", "col_name,col_type,label\nn,Indicator,Open cases as at 31 March\n", stat.Snapshot}, {"a.csv", "starts_2031", "", stat.Flow},
	} {
		r := read(t, im, tt.file, ees("2025", "Reporting year", tt.column, "5"), importer.Options{Meta: []byte(tt.meta)})
		if r.Refused() || len(r.Measures) == 0 || r.Measures[0].Kind != tt.want || (r.Observations[0].Period.Span == stat.Day) != (tt.want == stat.Snapshot) {
			t.Errorf("%s %s: %+v %+v", tt.file, tt.column, r.Measures, r.Problems)
		}
	}
}

func TestDataset(t *testing.T) {
	im, _ := project(t)
	for file, want := range map[string]string{
		"b1_children_in_need_2013_to_2025.csv": "b1_children_in_need", "CLA at 31 March, 2018-19.csv": "cla_at_31_march",
		"la-2024.csv": "la", "absence_202425.csv": "absence", "2024.csv": "2024", "c6_2013-14_to_2023-24.csv": "c6", "x_2018_2019.csv": "x",
	} {
		r := read(t, im, file, ees("2025", "Reporting year", "n", "5"), importer.Options{})
		if r.Refused() || r.Observations[0].Measure != want+".n" {
			t.Errorf("%s: %+v %+v", file, r.Measures, r.Problems)
		}
	}
}

// Places of every level of the standard; those the catalogue lacks come with
// the file.
func TestPublishedLevels(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct{ level, columns, cells, code, name string }{
		{"Ward", "ward_code,ward_name", "E05001512,Ayresome", "E05001512", "Ayresome"},
		{"Local authority district", "lad_code,lad_name", "E07000008,Cambridge", "E07000008", "Cambridge"},
		{"Local authority district", "lad_code,lad_name", "E06000002,Middlesbrough", "lad:E06000002", "Middlesbrough"},
		{"Parliamentary constituency", "pcon_code,pcon_name", "E14001367,Middlesbrough and Thornaby East", "E14001367", "Middlesbrough and Thornaby East"},
		{"School", "school_laestab,school_urn,school_name", "8061234,100000,High School", "school:100000", "High School"},
		{"MAT", "trust_id,trust_name", "16044,A Trust", "trust_id:16044", "A Trust"},
		{"Provider", "provider_ukprn,provider_name", "10000001,College", "provider:10000001", "College"},
		{"RSC region", "rsc_region_lead_name", "North of England", "rsc_region:north_of_england", "North of England"},
		{"Police force area", "pfa_code,pfa_name", "E23000013,Cleveland", "E23000013", "Cleveland"},
		{"English devolved area", "english_devolved_area_code,english_devolved_area_name", "E47000006,Tees Valley", "E47000006", "Tees Valley"},
		{"Planning area", "planning_area_code,planning_area_name", "8060001,Central", "planning_area:8060001", "Central"},
	} {
		data := eesHead + "," + tt.columns + ",n\n202425,Academic year," + tt.level + ",E92000001,England,E12000001,North East,806,E06000002,Middlesbrough," + tt.cells + ",7\n"
		r := read(t, im, "a.csv", []byte(data), importer.Options{})
		if r.Refused() || len(r.Areas) != 1 || r.Areas[0].Code != tt.code || r.Areas[0].Name != tt.name || string(r.Areas[0].Level) != tt.level || r.Observations[0].Area != tt.code || r.Observations[0].Breakdown != "" {
			t.Errorf("%s: %+v %+v %+v", tt.level, r.Areas, r.Observations, r.Problems)
		}
	}
}

const eesRow = "2025,Reporting year,Local authority,E92000001,England,E12000001,North East,806,E06000002,Middlesbrough"

// What is wrong with a published table says where.
func TestBadPublished(t *testing.T) {
	im, _ := project(t)
	ward := func(name string) string {
		return "2025,Reporting year,Ward,E92000001,England,E12000001,North East,806,E06000002,Middlesbrough,E05001512," + name + ",3\n"
	}
	for _, tt := range []struct {
		name, data, meta, code, at string
		severity                   stat.Severity
		says                       string
	}{
		{"text among the numbers", eesHead + ",n\n" + eesRow + ",about 5\n" + strings.Replace(eesRow, "2025", "2024", 1) + ",6\n", "", "not_a_number", "K2", stat.Error, "about 5"},
		{"rows twice", eesHead + ",sex,n\n" + eesRow + ",Total,5\n" + eesRow + ",All,5\n", "", "duplicate_key", "L3", stat.Error, "L2"},
		{"identifier", eesHead + ",n\n" + strings.Replace(eesRow, "Reporting year", "Yearly", 1) + ",5\n", "", "unreadable_period", "A2", stat.Error, "Academic year"},
		{"level", eesHead + ",n\n" + strings.Replace(eesRow, "Local authority", "Galaxy", 1) + ",5\n", "", "unknown_level", "C2", stat.Error, "Galaxy"},
		{"level without its columns", eesHead + ",n\n" + strings.Replace(eesRow, "Local authority", "Ward", 1) + ",5\n", "", "missing_area", "C2", stat.Error, "ward_name"},
		{"code and name", eesHead + ",n\n" + strings.Replace(eesRow, "E06000002", "E06000001", 1) + ",5\n", "", "area_mismatch", "I2", stat.Error, "correct one"},
		{"two names for a ward", eesHead + ",ward_code,ward_name,n\n" + ward("Ayresome") + strings.Replace(ward("Acklam"), "2025", "2024", 1), "", "area_mismatch", "L3", stat.Error, "L2"},
		{"new authority", eesHead + ",n\n" + strings.NewReplacer("E06000002", "E06000999", "806", "", "Middlesbrough", "Newtown").Replace(eesRow) + ",5\n", "", "new_areas", "", stat.Warning, "Newtown"},
		{"blank filter", eesHead + ",sex,n\n" + eesRow + ",Female,5\n" + eesRow + ",,9\n", "", "blank_filter", "K3", stat.Warning, "write Total"},
		{"no figures", eesHead + ",sex\n" + eesRow + ",Female\n", "", "no_indicator", "A1", stat.Error, "no column of figures"},
		{"column twice", eesHead + ",n,n\n" + eesRow + ",1,2\n", "", "duplicate_column", "L1", stat.Error, "rename"},
		{"a known table but for a column", strings.ReplaceAll(claHead, "rate_per_10000", "per_head") + claRow(), "", "missing_column", "A1", stat.Error, "choose the layout published"},

		{"meta type", eesHead + ",n\n" + eesRow + ",5\n", "col_name,col_type,label\nn,Figure,N\n", "meta_type", "meta!B2", stat.Error, "Filter or Indicator"},
		{"meta name", eesHead + ",n\n" + eesRow + ",5\n", "col_name,col_type,label\nn,Indicator,N\nm,Indicator,M\n", "meta_name", "meta!A3", stat.Error, `"m"`},
		{"meta unit", eesHead + ",n\n" + eesRow + ",5\n", "col_name,col_type,indicator_unit,label\nn,Indicator,kg,N\n", "meta_unit", "meta!C2", stat.Error, "kg"},
		{"meta decimals", eesHead + ",n\n" + eesRow + ",5\n", "col_name,col_type,label,indicator_dp\nn,Indicator,N,two\n", "meta_decimals", "meta!D2", stat.Error, "two"},
		{"meta without types", eesHead + ",n\n" + eesRow + ",5\n", "col_name,label\nn,N\n", "missing_column", "meta!A1", stat.Error, "col_type"},
		{"column not in meta", eesHead + ",n,m\n" + eesRow + ",5,6\n", "col_name,col_type,label\nn,Indicator,N\n", "unknown_column", "L1", stat.Note, "meta.csv"},
		{"meta alone", metaText, "", "meta_alone", "", stat.Error, "together"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, im, "a.csv", []byte(tt.data), importer.Options{Meta: []byte(tt.meta)})
			p := find(r, tt.code)
			if p.At != tt.at || p.Severity != tt.severity || !strings.Contains(p.Message, tt.says) || r.Refused() != (tt.severity == stat.Error) {
				t.Errorf("want %s at %q saying %q, got %+v", tt.code, tt.at, tt.says, r.Problems)
			}
		})
	}
	r := read(t, im, "a.csv", []byte(strings.ReplaceAll(claHead, "rate_per_10000", "per_head")+claRow()), importer.Options{Layout: "published"})
	if r.Refused() || len(r.Measures) != 3 {
		t.Errorf("by choice: %+v %+v", r.Measures, r.Problems)
	}
}

// Columns whose names are those of the council's tables or of a known one do
// not make it that.
func TestPublishedLookalikes(t *testing.T) {
	im, _ := project(t)
	for _, columns := range []string{"n,percent", "number,rate", "children,total", "population,rate", "value,measure_group", "population_estimate,number"} {
		r := read(t, im, "a.csv", ees("202425", "Academic year", columns, "5,6.5"), importer.Options{})
		if r.Refused() || r.Batch.Layout != "published" || len(r.Measures) != 2 {
			t.Errorf("%s: %s %+v %+v", columns, r.Batch.Layout, r.Measures, r.Problems)
		}
	}
}

// Locations that the standard leaves out are skipped with a reason.
func TestPublishedNowhere(t *testing.T) {
	im, _ := project(t)
	data := eesHead + ",n\n" + eesRow + ",5\n2025,Reporting year,Local authority,E92000001,England,E12000001,North East,x,x,Not available,3\n"
	r := read(t, im, "a.csv", []byte(data), importer.Options{})
	if r.Refused() || r.Used != 1 || r.Rows != 2 {
		t.Errorf("%d of %d used, %+v", r.Used, r.Rows, r.Problems)
	}
}

// The columns of known tables that went by another name in other years.
func TestHeaderDrift(t *testing.T) {
	im, _ := project(t)
	old := strings.NewReplacer("population_type", "population_count", "children_count", "number", "population_estimate,", "").Replace(claHead) +
		strings.NewReplacer("35617,", "", "on 31 March", "at 31 March").Replace(claRow())
	cin := eesHead + ",category,at31_episodes,At31_episodes_rate\n" + strings.Replace(eesRow, "2025", "2023", 1) + ",Children in Need,2196,656.7\n"
	for _, tt := range []struct{ data, layout, measure, period, want string }{
		{old, "dfe-cla", "cla", "2025-03-31", "493 of  is 138"},
		{cin, "dfe-cin", "cin", "2023-03-31", "2196 of  is 656.7"},
	} {
		r := read(t, im, "a.csv", []byte(tt.data), importer.Options{})
		if got, _, _ := strings.Cut(said(r, tt.measure, "E06000002", tt.period), ", "); r.Batch.Layout != tt.layout || got != tt.want || len(r.Problems) > 0 {
			t.Errorf("%s: %s, want %s; %+v", r.Batch.Layout, got, tt.want, r.Problems)
		}
	}
}

// The published originals are read as any table would be, when asked to.
func TestOriginalsAsPublished(t *testing.T) {
	im, _ := project(t)
	for file, measures := range map[string]int{
		"dfe/cla_number_and_rate_per_10k_children.csv": 3, "dfe/b1_children_in_need_2013_to_2025.csv": 8,
		"dfe/d5_cpps_at31march_by_duration_2013_to_2025.csv": 11, "dfe/ons_mid-year_population_estimates_2012_to_2024.csv": 1,
	} {
		r := read(t, im, file, original(t, file), importer.Options{Layout: "published"})
		if r.Refused() || len(r.Measures) != measures || r.Used != r.Rows || len(r.Areas) > 0 {
			t.Errorf("%s: %d measures, %d of %d rows, %d areas, %+v", file, len(r.Measures), r.Used, r.Rows, len(r.Areas), r.Problems)
		}
	}
}

// Whatever stands in a table, its rows are accounted for, and what was read
// can be added to the catalogue.
func FuzzTable(f *testing.F) {
	im, cat := project(f)
	f.Add(string(ees("2025", "Reporting year", "sex,n", "Total,5")))
	f.Add("date,measure,count\n2025-03-31,cla,412*\n")
	f.Add("Measure,Apr-24\nReferrals,<5\n")
	f.Add("month,year,referrals\nApr,2024/25,5\n")
	f.Add(eesHead + ",ward_code,ward_name,n\n2025,Week 53,Ward,E92000001,,,,,,,c,c,c\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := read(t, im, "fuzz_2024.csv", []byte(text), importer.Options{})
		if _, err := stat.NewCatalogue(slices.Concat(cat.Measures(), r.Measures), slices.Concat(cat.Areas(), r.Areas)); err != nil {
			t.Errorf("cannot be registered: %v", err)
		}
	})
}
