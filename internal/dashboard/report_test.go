package dashboard_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bellwether/imports"
	"bellwether/internal/dashboard"
	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/workbook"
)

var update = flag.Bool("update", false, "write golden files anew")

// clock is the day on which the tests' reports are made.
func clock(b *dashboard.Boards, iso string) *dashboard.Boards {
	d, err := stat.ParseDate(iso)
	if err != nil {
		panic(err)
	}
	b.Now = func() time.Time { return d.Time() }
	return b
}

// upload imports and publishes a council's file of the tests as it would be on
// a day.
func upload(t *testing.T, db *store.DB, cat *stat.Catalogue, name, today string, content []byte) {
	t.Helper()
	b := uploadDraft(t, db, cat, name, today, content)
	if _, err := db.Publish(t.Context(), b.ID, "Pat", "", time.Time{}, time.Now()); err != nil {
		t.Fatal(err)
	}
}

// uploadDraft is upload of what nobody has published yet.
func uploadDraft(t *testing.T, db *store.DB, cat *stat.Catalogue, name, today string, content []byte) stat.Batch {
	t.Helper()
	area, err := cat.Area(home)
	if err != nil {
		t.Fatal(err)
	}
	im, err := importer.New(imports.FS, cat, area)
	if err != nil {
		t.Fatal(err)
	}
	r, err := im.Read(t.Context(), name, content, importer.Options{Today: day(t, today)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Refused() {
		t.Fatalf("%s is refused: %v", name, r.Problems)
	}
	r.Batch.By = "test"
	b, err := db.Store(t.Context(), r.Submission, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// of2016 is a workbook with the figures that the Executive Member gave the
// Council on 19 October 2016.
func of2016(t *testing.T) []byte {
	t.Helper()
	date := day(t, "2016-09-26").Time()
	text := func(s string) workbook.OutCell { return workbook.OutCell{Kind: workbook.Text, Text: s} }
	number := func(x float64) workbook.OutCell { return workbook.OutCell{Kind: workbook.Number, Number: x} }
	rows := [][]workbook.OutCell{{text("Date"), text("Measure"), text("Number"), text("Rate per 10,000")}}
	for _, r := range []struct {
		measure string
		count   float64
		rate    float64
	}{{"Looked after children", 412, 128.89}, {"CP plans", 270, 84.47}, {"CIN excluding LAC and CP", 1267, 396.38}} {
		rows = append(rows, []workbook.OutCell{{Kind: workbook.Date, Time: date}, text(r.measure), number(r.count), number(r.rate)})
	}
	var b bytes.Buffer
	if err := workbook.Write(&b, []workbook.OutSheet{{Name: "Figures", Rows: rows}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// told is a report as text, for golden files.
func told(r *dashboard.Report) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("%s\nTo %s, %s, as of %s, dated %s, by %s; compared with %s", r.Title, r.Audience, r.Area.Name, r.AsOf, r.Dated, r.By, r.Model)
	for _, sec := range r.Sections {
		say("\n# %s (%s)", sec.Heading, sec.Kind)
		for _, p := range sec.Paragraphs {
			say("%s", p)
		}
		if sec.Empty != "" {
			say("empty: %s", sec.Empty)
		}
		for _, p := range sec.Panels {
			say("[%s]", p.ID) // what other pages show too has golden files of its own
			if strings.HasPrefix(p.ID, "report-") && p.ID != "report-definitions" {
				say("  %s | %s | %s", p.Title, p.Sentence, p.Source)
				say("  %s", strings.Join(p.Table.Columns, " | "))
				for _, row := range p.Table.Rows {
					say("  %s", strings.Join(row, " | "))
				}
			}
		}
		for _, c := range sec.Comments {
			say("## %s: %s (%s, %s)", c.Head, c.Text, c.By, c.At)
			for _, f := range c.Flags {
				say("   flag %s: %s", f.Quote, f.Why)
			}
		}
		for _, n := range sec.Notes {
			say("note: %s", n)
		}
	}
	if p := r.Before; p != nil {
		say("\nBefore: issue %d of %s, as of %s", p.Number, p.Dated, p.AsOf)
		for _, s := range p.Moved {
			say("moved: %s", s)
		}
		for _, s := range p.Noise {
			say("noise: %s", s)
		}
		for _, f := range p.Stale {
			say("stale: %s: %s", f.Quote, f.Why)
		}
	}
	say("\n# Briefing")
	for _, q := range r.Briefing {
		say("Q %s %s (%s) known %v\n  %s", q.Measure, q.Text, q.Asked, q.Known, q.Answer)
	}
	say("\n%d figures", len(r.Figures))
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

func TestReportOf2016(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := box(t), clock(boards(t, cat), "2026-11-22")
	upload(t, db, cat, "council-report.xlsx", "2026-11-22", of2016(t))
	r, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{Area: "Middlesbrough", AsOf: "2016-09-26", Dated: "2016-10-19", By: "Executive Member"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report-2016.txt", told(r))
}

func TestReportOfToday(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := box(t), clock(boards(t, cat), "2026-11-22")
	sample, err := imports.FS.ReadFile("samples/monthly-return.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	upload(t, db, cat, "monthly-return.xlsx", "2026-11-07", sample)
	for _, name := range []string{"council", "scrutiny", "corporate-parenting"} {
		r, err := b.Report(t.Context(), db, name, dashboard.ReportSelection{})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "report-"+name+".txt", told(r))
	}
}
