package importer_test

import (
	"strings"
	"testing"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

const apr, may, jun = time.April, time.May, time.June

// The return an analyst keeps, with all that stands around the figures.
func TestMonthlyReturn(t *testing.T) {
	im, _ := project(t)
	rows := [][]workbook.OutCell{
		cells("Children's services monthly return"),
		cells(nil, nil, "2024/25"),
		cells("Ref", "Indicator", month(2024, apr), month(2024, may), "YTD", "Target", "RAG", "Comment"),
		cells("Front door"),
		cells(1, "Referrals in month", 205, 253, 458, 250, "green", "down"),
		cells(2, "% re-referrals", workbook.OutCell{Kind: workbook.Number, Number: 0.127, Format: "0.0%"}, 13.1, 12.9),
		cells(nil, "Looked after"),
		cells(3, "Children looked after", 513, "c"),
		cells(4, "Children looked after (rate per 10,000)", 145.8, 145.6),
		cells(5, "Cups of tea", 4000, 4100),
		cells(6, "Special guardianship orders", nil, 2),
		cells(nil, "Total", 5, 5),
		cells("Notes: the figures are of the last day of the month."),
	}
	data := sheet(t, workbook.OutSheet{Name: "Return", Rows: rows, Merges: []workbook.Merge{{FirstCol: 0, FirstRow: 1, LastCol: 7, LastRow: 1}}})
	r := read(t, im, "return.xlsx", data, importer.Options{})
	if r.Refused() || r.Batch.Layout != "monthly-return" || r.Batch.Sample {
		t.Fatalf("%+v %+v", r.Batch, r.Problems)
	}
	for _, tt := range []struct{ measure, period, want string }{
		{"referrals", "2024-04", "205 of  is "}, {"referrals", "2024-05", "253 of  is "},
		{"rereferrals", "2024-04", " of  is 12.7%"}, {"rereferrals", "2024-05", " of  is 13.1"},
		{"cla", "2024-04-30", "513 of  is 145.8"}, {"cla", "2024-05-31", "c of  is 145.6"},
		{"cla_sgo", "2024-05", " of  is 2"}, {"cla_sgo", "2024-04", "nothing"},
	} {
		if got, _, _ := strings.Cut(said(r, tt.measure, "E06000002", tt.period), ", "); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.measure, tt.period, got, tt.want)
		}
	}
	if p := find(r, "unknown_measure"); p.Severity != stat.Warning || p.At != "Return!B10" || !strings.Contains(p.Message, "Cups of tea") {
		t.Errorf("%+v", r.Problems)
	}
	if r.Rows != 10 || r.Used != 5 || len(r.Observations) != 7 {
		t.Errorf("%d rows, %d used, %d observations, %+v", r.Rows, r.Used, len(r.Observations), r.Skipped)
	}
}

// The ways a period is written across the top.
func TestGridPeriods(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		name   string
		rows   [][]workbook.OutCell
		merges []workbook.Merge
		want   []string
	}{
		{"text", [][]workbook.OutCell{cells("Measure", "Apr-24", "May 2024", "June 2024"), cells("Referrals", 1, 2, 3)}, nil, []string{"2024-04", "2024-05", "2024-06"}},
		{"quarters", [][]workbook.OutCell{cells("Measure", "2024/25 Q1", "2024/25 Q2"), cells("Referrals", 1, 2)}, nil, []string{"2024-25-Q1", "2024-25-Q2"}},
		{"years", [][]workbook.OutCell{cells("Measure", "2023/24", 2025), cells("Referrals", 1, 2)}, nil, []string{"2023-24", "2024-25"}},
		{"last days", [][]workbook.OutCell{cells("Measure", "30/04/2024", "31/05/2024"), cells("Referrals", 1, 2)}, nil, []string{"2024-04", "2024-05"}},
		{"months under a merged year", [][]workbook.OutCell{cells(nil, "2024/25", nil, nil), cells("Measure", "Apr", "Dec", "Mar"), cells("Referrals", 1, 2, 3)},
			[]workbook.Merge{{FirstCol: 1, FirstRow: 1, LastCol: 3, LastRow: 1}}, []string{"2024-04", "2024-12", "2025-03"}},
		{"two years", [][]workbook.OutCell{cells(nil, "2023/24", nil, "2024/25"), cells("Measure", "Feb", "Mar", "Apr"), cells("Referrals", 1, 2, 3)}, nil, []string{"2024-02", "2024-03", "2024-04"}},
		{"quarters under a year", [][]workbook.OutCell{cells(nil, "2024/25"), cells("Measure", "Q1", "Q2"), cells("Referrals", 1, 2)}, nil, []string{"2024-25-Q1", "2024-25-Q2"}},
		{"calendar year", [][]workbook.OutCell{cells(nil, "2024"), cells("Measure", "Jan", "Apr"), cells("Referrals", 1, 2)}, nil, []string{"2024-01", "2024-04"}},
		{"no header over the labels", [][]workbook.OutCell{cells(nil, month(2024, apr), month(2024, may)), cells("Referrals", 1, 2)}, nil, []string{"2024-04", "2024-05"}},
		{"quarters beside their months", [][]workbook.OutCell{cells("Measure", month(2024, apr), month(2024, may), month(2024, jun), "2024/25 Q1", "2024/25"), cells("Referrals", 1, 2, 3, 6, 6)}, nil, []string{"2024-04", "2024-05", "2024-06"}},
		{"quarters of a short year", [][]workbook.OutCell{cells("Measure", "Q1 24/25", "Q2 24/25", "Q3 24-25"), cells("Referrals", 1, 2, 3)}, nil, []string{"2024-25-Q1", "2024-25-Q2", "2024-25-Q3"}},
		{"a short year's quarters", [][]workbook.OutCell{cells("Measure", "24/25 Q1", "24/25 Q2"), cells("Referrals", 1, 2)}, nil, []string{"2024-25-Q1", "2024-25-Q2"}},
		{"the year carries on", [][]workbook.OutCell{cells("Measure", "Nov 24", "Dec", "Jan", "Feb"), cells("Referrals", 1, 2, 3, 4)}, nil, []string{"2024-11", "2024-12", "2025-01", "2025-02"}},
		{"and is said again", [][]workbook.OutCell{cells("Measure", "Nov 24", "Dec", "Jan 25", "Feb", "YTD"), cells("Referrals", 1, 2, 3, 4, 10)}, nil, []string{"2024-11", "2024-12", "2025-01", "2025-02"}},
		{"a second block", [][]workbook.OutCell{cells("Measure", month(2024, apr)), cells("Referrals", 1), cells("Measure", month(2025, apr)), cells("Referrals", 2)}, nil, []string{"2024-04", "2025-04"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, im, "a.xlsx", sheet(t, workbook.OutSheet{Name: "a", Rows: tt.rows, Merges: tt.merges}), importer.Options{})
			var got []string
			for _, o := range r.Observations {
				got = append(got, o.Period.String())
			}
			if r.Refused() || strings.Join(got, " ") != strings.Join(tt.want, " ") {
				t.Errorf("%v, want %v; %+v", got, tt.want, r.Problems)
			}
		})
	}
}

func TestBadGrid(t *testing.T) {
	im, _ := project(t)
	for _, tt := range []struct {
		name     string
		rows     [][]workbook.OutCell
		code, at string
		says     string
	}{
		{"month without a year", [][]workbook.OutCell{cells("Measure", "Apr", "May"), cells("Referrals", 1, 2)}, "unreadable_period", "a!B1", "2024/25, in the row above"},
		{"the year does not carry over a gap", [][]workbook.OutCell{cells("Measure", "Nov 24", "Jan"), cells("Referrals", 1, 2)}, "unreadable_period", "a!C1", "has no year"},
		{"the year does not carry backwards", [][]workbook.OutCell{cells("Measure", "Nov", "Dec 24"), cells("Referrals", 1, 2)}, "unreadable_period", "a!B1", "has no year"},
		{"the next year said says otherwise", [][]workbook.OutCell{cells("Measure", "Nov 24", "Dec", "Jan", "Feb 24"), cells("Referrals", 1, 2, 3, 4)}, "unreadable_period", "a!C1", "has no year"},
		{"no such short year", [][]workbook.OutCell{cells("Measure", "Apr-24", "Q1 24/26", "May-24"), cells("Referrals", 1, 2, 3)}, "unreadable_period", "a!C1", "write it as"},
		{"unknown area under a corner", [][]workbook.OutCell{cells("Children looked after", "Apr-24"), cells("Atlantis", 1)}, "unknown_area", "a!A2", "Atlantis"},
		{"slip among the months", [][]workbook.OutCell{cells("Measure", "Apr-24", "Mya-24", "Jun-24"), cells("Referrals", 1, 2, 3)}, "unreadable_period", "a!C1", "write it as"},
		{"future month", [][]workbook.OutCell{cells("Measure", "Oct-26", "Nov-26"), cells("Referrals", 1, 2)}, "future_period", "a!C1", "figure in a!C2"},
		{"negative", [][]workbook.OutCell{cells("Measure", "Apr-24"), cells("Referrals", -1)}, "negative_count", "a!B2", "below zero"},
		{"text", [][]workbook.OutCell{cells("Measure", "Apr-24"), cells("Referrals", "lots")}, "not_a_number", "a!B2", "lots"},
		{"row twice", [][]workbook.OutCell{cells("Measure", "Apr-24"), cells("CLA", 1), cells("LAC", 1)}, "duplicate_key", "a!B3", "a!B2"},
		{"no measure at all", [][]workbook.OutCell{cells("Measure", "Apr-24"), cells("Tea", 1), cells("Cake", 2)}, "unknown_measure", "a", "no row of the sheet"},
		{"unknown area", [][]workbook.OutCell{cells("Measure", "Area", "Apr-24"), cells("CLA", "Atlantis", 1)}, "unknown_area", "a!B2", "Atlantis"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, im, "a.xlsx", sheet(t, workbook.OutSheet{Name: "a", Rows: tt.rows}), importer.Options{})
			for _, p := range r.Problems {
				if p.Severity == stat.Error && p.Code == tt.code && p.At == tt.at && strings.Contains(p.Message, tt.says) {
					return
				}
			}
			t.Errorf("want %s at %s saying %q, got %+v", tt.code, tt.at, tt.says, r.Problems)
		})
	}
}

// Areas down the side, with their measure in the corner of the header.
func TestGridCorner(t *testing.T) {
	im, _ := project(t)
	rows := [][]workbook.OutCell{
		cells("Children looked after", month(2024, apr), month(2024, may)),
		cells("Middlesbrough", 513, "c"), cells("Hartlepool", 340, 338), cells("Leeds"), cells("Total", 853, 338), cells("Source: the region's own return"),
		cells("Children looked after (rate per 10,000)", month(2024, apr), month(2024, may)), cells("Middlesbrough", 145.8, 145.6),
	}
	r := read(t, im, "region.xlsx", sheet(t, workbook.OutSheet{Name: "a", Rows: rows}), importer.Options{})
	if r.Refused() || r.Batch.Layout != "monthly-return" || len(r.Observations) != 4 {
		t.Fatalf("%+v %+v", r.Observations, r.Problems)
	}
	for _, tt := range []struct{ area, period, want string }{
		{"E06000002", "2024-04-30", "513 of  is 145.8"}, {"E06000002", "2024-05-31", "c of  is 145.6"}, {"E06000001", "2024-05-31", "338 of  is "}, {"E08000035", "2024-04-30", "nothing"},
	} {
		if got, _, _ := strings.Cut(said(r, "cla", tt.area, tt.period), ", "); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.area, tt.period, got, tt.want)
		}
	}
}

// A row of a measure whose figures look like years is no header.
func TestGridNoCorner(t *testing.T) {
	im, _ := project(t)
	r := read(t, im, "a.xlsx", sheet(t, workbook.OutSheet{Name: "a", Rows: [][]workbook.OutCell{cells("Measure", "Apr-24", "May-24"), cells("Referrals", 2024, 2025)}}), importer.Options{})
	if r.Refused() || len(r.Observations) != 2 || r.Observations[1].Count.Number != 2025 {
		t.Errorf("%+v %+v", r.Observations, r.Problems)
	}
}

// Months to come may stand in the header as long as they are empty.
func TestEmptyFuture(t *testing.T) {
	im, _ := project(t)
	r := read(t, im, "a.csv", []byte("Measure,Oct-26,Nov-26,Dec-26\nReferrals,312,,\n"), importer.Options{})
	if r.Refused() || len(r.Observations) != 1 {
		t.Errorf("%+v %+v", r.Observations, r.Problems)
	}
}

func TestSampleIsMarked(t *testing.T) {
	im, _ := project(t)
	for text, want := range map[string]bool{
		"Sample figures\nMeasure,Oct-24\nReferrals,3\n":                        true,
		"Return\nMeasure,Oct-24\nReferrals,3\nThese are SAMPLE FIGURES only\n": true,
		"Measure,Oct-24\nReferrals,3\n":                                        false,
		"SAMPLE FIGURES: not real\nmonth,referrals\n2024-10,3\n":               true,
	} {
		r := read(t, im, "a.csv", []byte(text), importer.Options{})
		if r.Refused() || r.Batch.Sample != want || r.Observations[0].Count.Origin.Sample != want {
			t.Errorf("%q: sample %v, %+v", text, r.Batch.Sample, r.Problems)
		}
	}
}
