package importer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// A file nobody knows, month by month.
func frontDoor(t testing.TB, months ...string) []byte {
	rows := [][]workbook.OutCell{cells("Front door report"), nil, cells("Wk/Mth", "Refs rec'd", "LAC @ end", "LAC p10k", "Said by")}
	for i, m := range months {
		rows = append(rows, cells(m, 250+i, 480+i, 134.8, "Sam"))
	}
	return sheet(t, workbook.OutSheet{Name: "Data", Rows: rows})
}

var frontDoorMapping = importer.Mapping{Sheet: "Data", HeaderRow: 3, Title: "Front door report", Name: "front-door", Kind: "table", Columns: []importer.MappingColumn{
	{Header: "Wk/Mth", Is: "period"}, {Header: "Refs rec'd", Is: "count", Measure: "referrals"}, {Header: "LAC @ end", Is: "count", Measure: "cla"},
	{Header: "LAC p10k", Is: "value", Measure: "cla"}, {Header: "Said by"}}}

// What no layout fits is mapped once, and next month's file is recognised.
func TestMappingRoundTrip(t *testing.T) {
	im, _ := project(t)
	data := frontDoor(t, "Apr-26", "May-26")
	if r := read(t, im, "fd.xlsx", data, importer.Options{}); !r.Refused() {
		t.Fatalf("it is known already: %s", r.Batch.Layout)
	}
	head, err := im.Head("fd.xlsx", data, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if s := head.Sheets[0]; s.Name != "Data" || s.Header != 3 || len(s.Rows) != 4 || fmt.Sprint(s.Rows[1]) != "{3 [Wk/Mth Refs rec'd LAC @ end LAC p10k Said by]}" {
		t.Fatalf("%+v", head)
	}
	text, err := im.Draft(frontDoorMapping)
	if err != nil {
		t.Fatal(err)
	}
	saved := []stat.SavedLayout{{Name: "front-door", TOML: text}}
	own, err := im.With(saved)
	if err != nil {
		t.Fatal(err)
	}
	if own, err = own.With(saved); err != nil {
		t.Fatalf("with the same again: %v", err)
	}
	for file, data := range map[string][]byte{"fd.xlsx": data, "fd-june.xlsx": frontDoor(t, "Apr-26", "May-26", "Jun-26")} {
		r := read(t, own, file, data, importer.Options{})
		if r.Refused() || r.Batch.Layout != "front-door" || len(r.Waiting()) > 0 || len(r.Observations) < 4 {
			t.Errorf("%s: %+v, %+v", file, r.Batch, r.Problems)
		}
		if got := said(r, "cla", "E06000002", "2026-05-31"); got != "481 of  is 134.8, council 2026-11-21" {
			t.Errorf("%s: %s", file, got)
		}
	}
	if r := read(t, im, "fd.xlsx", data, importer.Options{}); !r.Refused() {
		t.Error("the first importer knows the council's layouts")
	}
}

// A grid leaves the columns of months to be found.
func TestMappingOfGrid(t *testing.T) {
	im, _ := project(t)
	data := sheet(t, workbook.OutSheet{Name: "Scorecard", Rows: [][]workbook.OutCell{
		cells("What we count", "Who", "Apr-26", "May-26"), cells("Referrals", "Sam", 250, 251), cells("Children looked after", "Sam", 480, 481)}})
	text, err := im.Draft(importer.Mapping{Sheet: "Scorecard", HeaderRow: 1, Title: "Scorecard", Name: "scorecard", Kind: "grid", Columns: []importer.MappingColumn{
		{Header: "What we count", Is: "label"}, {Header: "Who", Reason: " Nobody's business "}, {Header: "RAG"}, {Header: "Apr-26"}, {Header: "May-26"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"['Who']\nreason = \"Nobody's business\"", "['RAG']\nreason = 'left out when the columns were mapped'"} {
		if !strings.Contains(text, want) {
			t.Errorf("the layout does not say %s:\n%s", want, text)
		}
	}
	own, err := im.With([]stat.SavedLayout{{Name: "scorecard", TOML: text}})
	if err != nil {
		t.Fatal(err)
	}
	if r := read(t, own, "s.xlsx", data, importer.Options{}); r.Batch.Layout != "scorecard" || len(r.Observations) != 4 {
		t.Errorf("%+v %+v", r.Batch, r.Problems)
	}
}

func TestBadMapping(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		change func(*importer.Mapping)
		says   string
	}{
		{func(m *importer.Mapping) { m.Name = "Front Door" }, "small letters, digits and hyphens"},
		{func(m *importer.Mapping) { m.Name = "tidy" }, "already a layout tidy"},
		{func(m *importer.Mapping) { m.Title = " " }, "needs a title"},
		{func(m *importer.Mapping) { m.Kind = "neighbours" }, "not table or grid"},
		{func(m *importer.Mapping) { m.Columns[4].Is = "mood" }, `"Said by" cannot be "mood"`},
		{func(m *importer.Mapping) { m.Columns[1].Header = "lac @ end" }, "two columns are headed"},
		{func(m *importer.Mapping) { m.Columns[0].Header = " - " }, "has no header"},
		{func(m *importer.Mapping) { m.Columns[0].Is = "" }, "needs a column that is period"},
		{func(m *importer.Mapping) { m.Columns[1].Measure = "happiness" }, `no measure "happiness"`},
	} {
		m := frontDoorMapping
		m.Columns = append([]importer.MappingColumn(nil), m.Columns...)
		tt.change(&m)
		if text, err := im.Draft(m); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("want %q, got %v\n%s", tt.says, err, text)
		}
	}
}

func TestBadSavedLayout(t *testing.T) {
	im, _ := project(t)
	good, err := im.Draft(frontDoorMapping)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		saved []stat.SavedLayout
		says  string
	}{
		{[]stat.SavedLayout{{Name: "tidy", TOML: good}}, "layout tidy: there are two"},
		{[]stat.SavedLayout{{Name: "x", TOML: "title = \"X\"\nkind = \"tabel\"\n"}}, "x.toml:2"},
		{[]stat.SavedLayout{{Name: "x", TOML: good}, {Name: "y", TOML: good + "\ncolour = 1\n"}}, "y.toml:"},
	} {
		if _, err := im.With(tt.saved); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("want %q, got %v", tt.says, err)
		}
	}
}

func TestHeadOfNoSpreadsheet(t *testing.T) {
	im, _ := project(t)
	var fault *workbook.Fault
	if _, err := im.Head("a.xlsx", []byte("%PDF-1.7\n"), workbook.Limits{}); !errors.As(err, &fault) {
		t.Errorf("%v", err)
	}
	if len(importer.Roles("table")) < 10 || len(importer.Roles("grid")) != 2 || importer.Roles("heap") != nil {
		t.Errorf("%v %v", importer.Roles("table"), importer.Roles("grid"))
	}
}
