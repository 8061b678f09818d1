package dashboard_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/imports"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// empty is a store without any figures.
func empty(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "empty.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// release stores what a publisher says of Middlesbrough: rows of measure,
// period, count and value.
func release(t *testing.T, db *store.DB, cat *stat.Catalogue, publisher string, released stat.Release, rows ...[4]any) {
	t.Helper()
	file := fmt.Sprintf("%s %s %v.csv", publisher, released, rows)
	sum := sha256.Sum256([]byte(file))
	sub := stat.Submission{Batch: stat.Batch{File: file[:20], SHA256: hex.EncodeToString(sum[:]), Layout: "tidy", Publisher: publisher, Released: released, By: "test", Published: time.Now()}}
	origin := &stat.Origin{Publisher: publisher, Released: released, File: file[:20]}
	for _, r := range rows {
		m, err := cat.Measure(r[0].(string))
		if err != nil {
			t.Fatal(err)
		}
		p, err := stat.ParsePeriod(r[1].(string))
		if err == nil {
			p, err = p.For(m.Kind)
		}
		if err != nil {
			t.Fatal(err)
		}
		sub.Observations = append(sub.Observations, stat.Observation{
			Key: stat.Key{Measure: m.Code, Area: home, Period: p}, Count: figure(r[2], origin), Value: figure(r[3], origin),
		})
	}
	slices.SortFunc(sub.Observations, func(a, b stat.Observation) int { return a.Key.Compare(b.Key) })
	if _, err := db.Store(t.Context(), sub, nil); err != nil {
		t.Fatal(err)
	}
}

// issue issues a report as it is.
func issue(t *testing.T, db *store.DB, r *dashboard.Report) stat.Issue {
	t.Helper()
	out, err := db.SaveIssue(t.Context(), "Ann", r.Version, func(number int64) (stat.Issue, error) {
		frozen := *r
		frozen.Number = number
		content, err := frozen.Marshal()
		sum := sha256.Sum256(content)
		return stat.Issue{Number: number, Name: r.Name, Title: r.Title, Area: r.Area.Code, AsOf: day(t, r.AsOf), Dated: day(t, r.Dated),
			By: "A. Member", At: day(t, r.Dated).Time(), SHA256: hex.EncodeToString(sum[:]), Content: content, Files: map[string][]byte{"csv": []byte("x")}}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func section(t *testing.T, r *dashboard.Report, kind string) dashboard.ReportSection {
	t.Helper()
	i := slices.IndexFunc(r.Sections, func(s dashboard.ReportSection) bool { return s.Kind == kind })
	if i < 0 {
		t.Fatalf("no section %s", kind)
	}
	return r.Sections[i]
}

func TestReportHasWhatWasKnownByTheDay(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := empty(t), clock(boards(t, cat), "2026-11-22")
	release(t, db, cat, stat.DfE, "2023-10", [4]any{"cin", "2023", 2196, 656.7})
	release(t, db, cat, stat.DfE, "2024-10", [4]any{"cin", "2023", 2196, 642.1}, [4]any{"cin", "2024", 2100, 610.0})
	release(t, db, cat, stat.DfE, "2025-10", [4]any{"cin", "2023", 2196, 638.7})
	for asOf, want := range map[string]string{
		"2023-10-30": "No figure known by 30 October 2023 is held of child protection plans, children looked after and children in need.",
		"2023-11-30": "As of 31 March 2023: children in need 2,196 (656.7 per 10,000), published by DfE, October 2023.",
		"2024-12-01": "As of 31 March 2024: children in need 2,100 (610.0 per 10,000), published by DfE, October 2024.",
		"2024-03-30": "As of 31 March 2023: children in need 2,196 (656.7 per 10,000), published by DfE, October 2023.",
	} {
		r, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{AsOf: asOf})
		if err != nil {
			t.Fatal(err)
		}
		got := section(t, r, dashboard.SectionHeadline).Paragraphs
		if strings.HasPrefix(want, "No figure") {
			if len(got) != 1 || !strings.HasPrefix(got[0], "No figure known by 30 October 2023 is held of ") || len(r.Figures) != 0 {
				t.Errorf("%s: %q, %d figures", asOf, got, len(r.Figures))
			}
			continue
		}
		if got[0] != want {
			t.Errorf("%s: %q", asOf, got)
		}
		for _, f := range r.Figures {
			if rel, err := stat.ParseRelease(f.Released); err != nil || !rel.By(day(t, asOf)) || f.Label > "year" {
				t.Errorf("%s rests on %+v", asOf, f)
			}
		}
	}
	r, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{AsOf: "2023-11-30"})
	if err != nil {
		t.Fatal(err)
	}
	revised, err := b.Revisions(t.Context(), db, r)
	if err != nil || len(revised) != 1 || revised[0].Text != "656.7" || revised[0].Now != "638.7" || revised[0].Revealed != "2025-10" || revised[0].Name != "Children in need" {
		t.Errorf("%v: %+v", err, revised)
	}
}

// TestReportShowsWhatDivides has the samples' breakdowns, and compares with the
// region.
func TestReportShowsWhatDivides(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := box(t), clock(boards(t, cat), "2026-11-22")
	sample, err := imports.FS.ReadFile("samples/breakdowns.csv")
	if err != nil {
		t.Fatal(err)
	}
	upload(t, db, cat, "breakdowns.csv", "2026-11-07", sample)
	r, err := b.Report(t.Context(), db, "scrutiny", dashboard.ReportSelection{Neighbours: dashboard.Region})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(r.Sections, func(s dashboard.ReportSection) bool { return s.Heading == "Who the children are" })
	if got := r.Sections[i]; len(got.Panels) == 0 || got.Empty != "" || got.Panels[0].Parted == nil {
		t.Errorf("%d panels, empty %q", len(got.Panels), got.Empty)
	}
	if !slices.ContainsFunc(r.Figures, func(f dashboard.ReportFigure) bool { return f.Breakdown != "" && f.Publisher == stat.Council }) {
		t.Error("no figure of a breakdown is listed")
	}
	if !slices.ContainsFunc(r.Briefing, func(q dashboard.Question) bool {
		return strings.HasSuffix(q.Text, "which group drives the figure?") && q.Known && strings.Contains(q.Answer, " largest ")
	}) {
		t.Error("no question is answered by groups")
	}
	if r.Model != "the other North East authorities: unweighted mean" {
		t.Errorf("compared with %s", r.Model)
	}
	beside := section(t, r, dashboard.SectionNeighbours)
	if !strings.HasPrefix(beside.Paragraphs[0], "The other North East authorities: ") || beside.Panels[0].Table.Columns[3] != "Group's mean" {
		t.Errorf("%q, %q", beside.Paragraphs[0], beside.Panels[0].Table.Columns)
	}
	if got := section(t, r, dashboard.SectionQuality).Paragraphs; !slices.Contains(got, "Includes sample figures, made up to try Bellwether with.") {
		t.Errorf("samples are not announced: %q", got)
	}
}

func TestReportRefusals(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := empty(t), clock(boards(t, cat), "2026-11-22")
	if _, err := b.Report(t.Context(), db, "nonsense", dashboard.ReportSelection{}); !errors.Is(err, dashboard.ErrNotFound) {
		t.Errorf("unknown report: %v", err)
	}
	for field, sel := range map[string]dashboard.ReportSelection{
		"area": {Area: "Atlantis"}, "as-of": {AsOf: "yesterday"}, "dated": {AsOf: "2026-11-01", Dated: "2026-10-01"},
	} {
		var choice *dashboard.ChoiceError
		if _, err := b.Report(t.Context(), db, "council", sel); !errors.As(err, &choice) || choice.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	var choice *dashboard.ChoiceError
	if _, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{AsOf: "2027-01-01"}); !errors.As(err, &choice) || !strings.Contains(err.Error(), "yet to come") {
		t.Errorf("a day to come: %v", err)
	}
	if _, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{Dated: "2026-12-02"}); err != nil {
		t.Errorf("a report to a meeting to come: %v", err)
	}
	for _, content := range []string{"", "{}", "[]", "null"} {
		if _, err := dashboard.ReadReport([]byte(content)); err == nil {
			t.Errorf("%q is read as a report", content)
		}
	}
}

// BenchmarkReport is the longest report from the store, as no cache has it.
func BenchmarkReport(b *testing.B) {
	cat := catalogue(b)
	bs, db := clock(boards(b, cat), "2026-11-22"), box(b)
	for b.Loop() {
		if _, err := bs.Report(b.Context(), db, "corporate-parenting", dashboard.ReportSelection{}); err != nil {
			b.Fatal(err)
		}
	}
}
