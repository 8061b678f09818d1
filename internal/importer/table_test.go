package importer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/workbook"
)

// Small files in the layouts, and what they say.
func TestTables(t *testing.T) {
	im, _ := project(t)
	const mbro = "E06000002"
	for _, tt := range []struct {
		name, layout, data    string
		measure, area, period string
		want                  string
	}{
		{"byte order mark", "dfe-cla", "\ufeff" + claHead + claRow(), "cla", mbro, "2025-03-31", "493 of 35617 is 138"},
		{"quoted and empty alike", "dfe-cla", claHead + claRow(",493,", `,"",`), "cla", mbro, "2025-03-31", " of 35617 is 138"},
		{"marks", "dfe-cla", claHead + claRow(",493,138", ",c,c"), "cla", mbro, "2025-03-31", "c of 35617 is c"},
		{"England", "dfe-cla", claHead + "2025,Reporting year,National,E92000001,England,,,,,,Children looked after on 31 March each year,12183016,81770,67\n", "cla", "E92000001", "2025-03-31", "81770 of 12183016 is 67"},
		{"region", "dfe-cla", claHead + "2025,Reporting year,Regional,E92000001,England,E12000001,North East,,,,Children starting to be looked after each year,1,2,3\n", "cla_started", "E12000001", "2024-25", "2 of 1 is 3"},
		{"columns in another order", "dfe-cin", "At31_episodes,la_name,new_la_code,old_la_code,region_name,region_code,country_code,geographic_level,time_identifier,time_period\n" +
			"2005,Middlesbrough,E06000002,806,North East,E12000001,E92000001,Local authority,Reporting year,2025\n", "cin", mbro, "2025-03-31", "2005 of  is "},
		{"an older code", "dfe-cin", "At31_episodes,la_name,new_la_code,old_la_code,region_name,region_code,country_code,geographic_level,time_identifier,time_period\n" +
			"3000,Somerset,E10000027,933,South West,E12000009,E92000001,Local authority,Reporting year,2022\n", "cin", "E06000066", "2022-03-31", "3000 of  is "},
		{"LAIT", "lait", laitHead + "CIN,,2023,Middlesbrough,638.70000000000005,806,North East\nLAC,,2023,Middlesbrough,148,806,North East\nLACnum,,2023,Middlesbrough,509,806,North East\n", "cla", mbro, "2023-03-31", "509 of  is 148"},
		{"LAIT number as text", "lait", laitHead + "CIN,,2023,Middlesbrough,638.70000000000005,806,North East\n", "cin", mbro, "2023-03-31", " of  is 638.70000000000005"},
		{"tidy", "tidy", "date,measure,area,count,rate\n2026-09-30,cla,806,478,134\n", "cla", mbro, "2026-09-30", "478 of  is 134"},
		{"tidy by other headers", "tidy", "Month,Indicator,Local authority,Number,Rate per 10,000\nSep-26,Children looked after,Middlesbrough,\"1,478\",134.2\n", "cla", mbro, "2026-09-30", ""},
		{"tidy without an area", "tidy", "period,measure,count\nSeptember 2026,Referrals,312\n", "referrals", mbro, "2026-09", "312 of  is "},
		{"tidy, one column of values is counts", "tidy", "month,measure,value\n2026-09,cla,478\n", "cla", mbro, "2026-09-30", "478 of  is "},
		{"tidy, values that say rate", "tidy", "month,measure,value\n2026-09,CLA rate per 10k,134\n", "cla", mbro, "2026-09-30", " of  is 134"},
		{"tidy, value beside a count", "tidy", "month,measure,count,value\n2026-09,cla,478,134\n", "cla", mbro, "2026-09-30", "478 of  is 134"},
		{"a plain number has only a value", "tidy", "month,measure,count\n2026-09,uasc,12\n", "uasc", mbro, "2026-09-30", " of  is 12"},
		{"a volume is a number", "tidy", "month,measure,unit,value\n2026-09,cla,Volume,478\n", "cla", mbro, "2026-09-30", "478 of  is "},
		{"percent", "tidy", "month,measure,rate\n2026-09,Re-referrals,12.7%\n", "rereferrals", mbro, "2026-09", " of  is 12.7%"},
		{"month, referrals", "measure-columns", "month,referrals\n2012-04,186\n2012-05,208\n", "referrals", mbro, "2012-04", "186 of  is "},
		{"a month that might be a year", "measure-columns", "month,referrals\n2011-12,186\n", "referrals", mbro, "2011-12", "186 of  is "},
		{"rate beside count", "measure-columns", "month,CLA,CLA rate\n2026-09,478,134\n", "cla", mbro, "2026-09-30", "478 of  is 134"},
		{"a spreadsheet's number for a day", "tidy", "date,measure,count\n46295,cla,478\n46266,cpp,300\n", "cla", mbro, "2026-09-30", "478 of  is "},
		{"another area", "measure-columns", "month,area,cla\n2026-09,Hartlepool,378\n", "cla", "E06000001", "2026-09-30", "378 of  is "},
		{"title rows above", "tidy", "Children's services\nprinted 1 October\n\ndate,measure,count\n2026-09-30,cla,478\n", "cla", mbro, "2026-09-30", "478 of  is "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := tt.data
			if tt.want == "" { // a header with a comma in it
				data, tt.want = strings.Replace(data, "Rate per 10,000", `"Rate per 10,000"`, 1), "1,478 of  is 134.2"
			}
			r := read(t, im, "a.csv", []byte(data), importer.Options{})
			got, _, _ := strings.Cut(said(r, tt.measure, tt.area, tt.period), ", ")
			if strings.Contains(tt.want, ",") {
				got = strings.Join(strings.Split(said(r, tt.measure, tt.area, tt.period), ", ")[:1], "")
			}
			if r.Refused() || r.Batch.Layout != tt.layout || got != tt.want {
				t.Errorf("%s: %q, want %q; problems %+v; %+v", r.Batch.Layout, got, tt.want, r.Problems, r.Observations)
			}
		})
	}
}

const laitHead = "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region\n"

// Rows that are left out on purpose say why; what half is there is told.
func TestTableAccount(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct{ name, data, skipped, warning string }{
		{"another level", claHead + claRow() + claRow("Local authority", "Ward"), `figures of the level "Ward" are not kept`, ""},
		{"another item", claHead + claRow() + claRow("Children looked after on 31 March each year", "Children adopted"), `item "Children adopted" is not one that is kept`, ""},
		{"no figure", claHead + claRow() + claRow(",35617,493,138", ",,,"), "no figure in the row", ""},
		{"note", "date,measure,count\n2026-09-30,cla,478\nSource: our own system\n", "a note, with no figure in the row", ""},
		{"ignored column", claHead + claRow(), `column "country_name": the country's code says the same`, ""},
		{"unknown column", "date,measure,count,mood\n2026-09-30,cla,478,good\n", "", "unknown_column"},
		{"unknown item", claHead + claRow() + claRow("Children looked after on 31 March each year", "Children adopted"), "", "unknown_item"},
		{"half an observation", laitHead + "LAC,,2023,Middlesbrough,148,806,North East\n", "", "half_observation"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, im, "a.csv", []byte(tt.data), importer.Options{})
			if r.Refused() || r.Used != 1 {
				t.Errorf("used %d; %+v", r.Used, r.Problems)
			}
			if tt.skipped != "" && !strings.Contains(fmt.Sprint(r.Skipped), tt.skipped) {
				t.Errorf("skipped: %+v", r.Skipped)
			}
			if tt.warning != "" && (find(r, tt.warning).At == "" || len(r.Batch.Problems) != 1) {
				t.Errorf("problems: %+v", r.Problems)
			}
		})
	}
}

// LAIT's dash gives no reason, and both figures of a pair keep their cells.
func TestLAIT(t *testing.T) {
	im, _ := project(t)
	r := read(t, im, "a.csv", []byte(laitHead+"CPP_Num,,2025,London (Inner),-,987,NA\nCPP_rate,,2025,London (Inner),40.1,987,NA\n"), importer.Options{})
	if len(r.Observations) != 1 || len(r.Problems) > 0 {
		t.Fatalf("%+v %+v", r.Observations, r.Problems)
	}
	o := r.Observations[0]
	if o.Area != "E13000001" || o.Count.Mark != "x?" || o.Count.At != "E2" || o.Value.Number != 40.1 || o.Value.At != "E3" || o.Value.Origin.Released != "2025-10" {
		t.Errorf("%+v", o)
	}
}

// A workbook's dates: a month's first day in a column of months, or shown as
// a month, is that month; else a day.
func TestTableDates(t *testing.T) {
	im, _ := project(t)
	shown := func(format string) workbook.OutCell {
		return workbook.OutCell{Kind: workbook.Date, Time: month(2026, time.September), Format: format}
	}
	for _, tt := range []struct {
		header string
		cell   workbook.OutCell
		period string
	}{
		{"month", shown("dd/mm/yyyy"), "2026-09-30"},
		{"date", shown("mmm-yy"), "2026-09-30"},
		{"date", shown("dd/mm/yyyy"), "2026-09-01"},
	} {
		data := sheet(t, workbook.OutSheet{Name: "a", Rows: [][]workbook.OutCell{cells(tt.header, "measure", "count"), cells(tt.cell, "cla", 478)}})
		r := read(t, im, "a.xlsx", data, importer.Options{})
		if r.Refused() || r.Observations[0].Period.String() != tt.period {
			t.Errorf("%s %s: %+v %+v", tt.header, tt.cell.Format, r.Observations, r.Problems)
		}
	}
}

// Each sheet is read by its own layout; what has none is skipped, row by row.
func TestSheets(t *testing.T) {
	im, _ := project(t)
	data := sheet(t,
		workbook.OutSheet{Name: "Read me", Rows: [][]workbook.OutCell{cells("How to use this"), cells("Ask us")}},
		workbook.OutSheet{Name: "a", Rows: [][]workbook.OutCell{cells("date", "measure", "count"), cells("2026-09-30", "cla", 478)}},
		workbook.OutSheet{Name: "b", Rows: [][]workbook.OutCell{cells("date", "measure", "count"), cells("2026-08-31", "cla", 485)}},
		workbook.OutSheet{Name: "c", Rows: [][]workbook.OutCell{cells("month", "referrals"), cells("2026-08", 485)}})
	r := read(t, im, "a.xlsx", data, importer.Options{})
	if r.Refused() || r.Rows != 5 || r.Used != 3 || len(r.Observations) != 3 || r.Observations[1].Count.At != "b!C2" || r.Observations[2].Count.At != "c!B2" || r.Batch.Layout != "tidy + measure-columns" {
		t.Errorf("%d rows, %d used, %+v %+v", r.Rows, r.Used, r.Skipped, r.Problems)
	}
}
