package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func registered(t *testing.T, db *store.DB) ([]stat.Measure, []stat.Area) {
	t.Helper()
	measures, areas, err := db.Registered(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return measures, areas
}

func TestRegistered(t *testing.T) {
	db := open(t)
	whole := stat.Measure{
		Code: "b1.referrals_pct", Name: "Referrals pct (b1)", Noun: "referrals", Topic: "Front door", Kind: stat.Flow, Unit: stat.Percent,
		Polarity: stat.LowIsGood, Decimals: 1, Frequency: stat.Quarter, Numerator: "n", Denominator: "d", Population: stat.Population,
		Source: "DfE", Definition: "all of them", Aliases: []string{"refs", "réf, 2"}, Registered: true,
	}
	ward := stat.Area{
		Code: "E05001524", Number: "n", Name: "Central", Level: "Ward", Region: "E12000001", Began: stat.Date{Year: 2015, Month: 5, Day: 7},
		Ended: stat.Date{Year: 2023, Month: 5, Day: 3}, OtherCodes: []string{"00ECPX"}, OtherNames: []string{"Centre"},
		Predecessors: []string{"a"}, Successors: []string{"b", "c"},
	}
	s := submission("b1.csv", stat.DfE, "2025-10", cin("1", ""))
	s.Measures = []stat.Measure{whole, {Code: "a", Name: "A", Registered: true}}
	s.Areas = []stat.Area{ward, {Code: "school:100000", Name: "A school", Level: "School"}}
	b := keep(t, db, s)

	check := func(when string, measures []stat.Measure) {
		t.Helper()
		m, a := registered(t, db)
		if diff := cmp.Diff(measures, m); diff != "" {
			t.Errorf("measures %s (-want +got):\n%s", when, diff)
		}
		if diff := cmp.Diff(s.Areas, a); diff != "" {
			t.Errorf("areas %s (-want +got):\n%s", when, diff)
		}
	}
	check("as brought", s.Measures)

	again := submission("b2.csv", stat.DfE, "2025-11", cin("2", ""))
	again.Measures = []stat.Measure{{Code: "a", Name: "otherwise", Registered: true}, {Code: "z", Name: "Z", Registered: true}}
	again.Areas = []stat.Area{{Code: "E05001524", Name: "otherwise"}}
	keep(t, db, again)
	all := append(s.Measures[:2:2], again.Measures[1])
	check("brought again", all)

	before, _ := db.Version(t.Context())
	named := stat.Measure{Code: "a", Name: "Assessments", Unit: stat.Number, Registered: true}
	if err := db.NameMeasure(t.Context(), named, "Ann"); err != nil {
		t.Fatal(err)
	}
	if after, _ := db.Version(t.Context()); after <= before {
		t.Errorf("version %d, before the name %d", after, before)
	}
	all[1] = named
	all[1].Registered = false
	check("named", all)

	if _, err := db.Withdraw(t.Context(), b.ID, "Ann", "a test", morning); err != nil {
		t.Fatal(err)
	}
	check("withdrawn", all)
	keep(t, db, s)
	check("and brought again", all)

	all[1].Name = "Assessments completed"
	if err := db.NameMeasure(t.Context(), all[1], "Bob"); err != nil {
		t.Fatal(err)
	}
	check("named again", all)
}

func TestNamesAreKept(t *testing.T) {
	path := t.TempDir() + "/figures.db"
	db := openAt(t, path)
	s := restated[0].submission(0)
	s.Measures = []stat.Measure{{Code: "a", Name: "A", Registered: true}}
	keep(t, db, s)
	for _, by := range []string{"Ann", "Bob"} {
		if err := db.NameMeasure(t.Context(), stat.Measure{Code: "a", Name: "by " + by}, by); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	const query = `SELECT name || ' ' || coalesce(batch, named_by || ' ' || (unixepoch(named) > unixepoch() - 60)) FROM measure ORDER BY id`
	if diff := cmp.Diff([]string{"A 1", "by Ann Ann 1", "by Bob Bob 1"}, texts(t, path, query)); diff != "" {
		t.Error(diff)
	}
}

func TestNameMeasureRefused(t *testing.T) {
	db := open(t)
	s := restated[0].submission(0)
	s.Measures = []stat.Measure{{Code: "a", Name: "A", Registered: true}}
	keep(t, db, s)
	for _, tt := range []struct {
		m    stat.Measure
		by   string
		want error
	}{
		{stat.Measure{Code: "cla", Name: "of the catalogue"}, "Ann", store.ErrNotFound},
		{stat.Measure{Code: "a"}, "Ann", store.ErrInvalid},
		{stat.Measure{Code: "a", Name: "B"}, "", store.ErrInvalid},
	} {
		if err := db.NameMeasure(t.Context(), tt.m, tt.by); !errors.Is(err, tt.want) {
			t.Errorf("%+v by %q: %v", tt.m, tt.by, err)
		}
	}
	if m, _ := registered(t, db); len(m) != 1 || m[0].Name != "A" {
		t.Errorf("now %+v", m)
	}
}
