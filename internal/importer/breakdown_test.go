package importer_test

import (
	"slices"
	"testing"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/workbook"
)

// A tidy table says of each row what part of the whole it is, by a column
// headed by the dimension, or by one of dimensions and one of categories.
func TestTidyBreakdowns(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		name, data string
		want       []string
	}{
		{"a column of the dimension", "date,measure,ethnicity,count\n2025-03-31,cla,Total,10\n2025-03-31,cla,White,7\n2025-03-31,cla,\"Black,  African\",3\n", []string{"", "ethnicity: White", "ethnicity: Black, African"}},
		{"another name of it", "date,measure,Ethnic Group,count\n2025-03-31,cla,White,7\n2025-03-31,cla,,10\n", []string{"ethnicity: White", ""}},
		{"gender and age", "date,measure,gender,age group,count\n2025-03-31,cla,Male,All,6\n2025-03-31,cla,Persons,5 to 9,3\n2025-03-31,cla,Male,5 to 9,2\n2025-03-31,cla,All,Total,10\n", []string{"sex: Male", "age: 5 to 9", "age: 5 to 9; sex: Male", ""}},
		{"dimension and category", "date,measure,dimension,category,count\n2025-03-31,cpp,Category of Abuse,Neglect,7\n2025-03-31,cpp,placement type,Own parents,3\n2025-03-31,cpp,,Total,10\n2025-04-30,cpp,Total,,10\n", []string{"category of abuse: Neglect", "placement type: Own parents", "", ""}},
		{"the dimension before the category", "date,measure,breakdown,count\n2025-03-31,cpp,Ward: Newport,7\n2025-03-31,cpp,Ward: Total,10\n2025-04-30,cpp,All,10\n", []string{"ward: Newport", "", ""}},
		{"a whole that is none", "date,measure,placement,count\n2025-03-31,cla,All other placements,7\n", []string{"placement type: All other placements"}},
		{"what divides breakdowns", "date,measure,ethnicity,count\n2025-03-31,cla,White: British; Irish,7\n", []string{"ethnicity: White – British, Irish"}},
	} {
		r := read(t, im, "a.csv", []byte(tt.data), importer.Options{})
		var got []string
		for _, o := range r.Observations {
			got = append(got, o.Breakdown)
		}
		want := slices.Compact(slices.Sorted(slices.Values(tt.want)))
		if slices.Sort(got); r.Refused() || !slices.Equal(slices.Compact(got), want) {
			t.Errorf("%s: %q, want %q; %+v", tt.name, got, want, r.Problems)
		}
	}
}

// A spreadsheet that took 5-9 for a day is told so.
func TestCategoryAsDate(t *testing.T) {
	im, _ := project(t)
	date := workbook.OutCell{Kind: workbook.Date, Time: time.Date(2026, time.September, 5, 0, 0, 0, 0, time.UTC), Format: "dd-mmm"}
	data := tidyBook(t, "date,measure,age,count", []any{"2025-03-31", "cla", date, 3})
	r := read(t, im, "a.xlsx", data, importer.Options{})
	if p := find(r, "category_as_date"); p.At != "Return!C2" || !r.Refused() {
		t.Errorf("%+v", r.Problems)
	}
}

// A ward of a published file lies in the authority the row names.
func TestWardsLieInTheirAuthority(t *testing.T) {
	im, cat := project(t)
	home, err := cat.Area("806")
	if err != nil {
		t.Fatal(err)
	}
	data := "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,ward_code,ward_name,children\n" +
		"2025,Reporting year,Ward,E92000001,England,E12000001,North East,806,E06000002,Middlesbrough,E05011832,Newport,7\n" +
		"2025,Reporting year,Ward,E92000001,England,E12000001,North East,,,,E05099999,Nowhere,7\n"
	r := read(t, im, "wards_2025.csv", []byte(data), importer.Options{})
	if r.Refused() || len(r.Areas) != 2 || r.Areas[0].Region != home.Code || r.Areas[1].Region != "" {
		t.Errorf("%+v %+v", r.Areas, r.Problems)
	}
}
