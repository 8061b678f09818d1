package report_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/stat"
)

func drafted() *dashboard.Report {
	return &dashboard.Report{Name: "council", Title: "To Council", Audience: "Council", Area: stat.Area{Code: "E06000002", Name: "Middlesbrough"},
		AsOf: "2016-09-26", Dated: "2016-10-19", By: "Ann", Model: "nobody",
		Sections: []dashboard.ReportSection{{Kind: dashboard.SectionHeadline, Heading: "Headlines", Paragraphs: []string{"As of 26 September 2016: 412."}}}}
}

// What is issued carries its number in content and files; the draft stays one.
func TestIssue(t *testing.T) {
	r, at := drafted(), time.Date(2016, 10, 19, 9, 0, 0, 0, time.UTC)
	is, err := report.Paper{}.Issue(r, 7, at)
	if err != nil {
		t.Fatal(err)
	}
	if is.Number != 7 || is.Name != r.Name || is.Title != r.Title || is.Area != r.Area.Code || is.AsOf.String() != r.AsOf || is.Dated.String() != r.Dated || is.By != "Ann" || !is.At.Equal(at) {
		t.Errorf("issued %+v", is)
	}
	if r.Number != 0 {
		t.Errorf("the draft has become number %d", r.Number)
	}
	frozen, err := dashboard.ReadReport(is.Content)
	if err != nil || frozen.Number != 7 || is.SHA256[:12] != report.Fingerprint(frozen) {
		t.Errorf("frozen %+v, %v; hash %s", frozen, err, is.SHA256)
	}
	if got := slices.Sorted(maps.Keys(is.Files)); !slices.Equal(got, slices.Sorted(slices.Values(report.Endings))) {
		t.Errorf("files %v", got)
	}
	if page := string(is.Files["html"]); strings.Contains(page, "has not been issued") || !strings.Contains(page, is.SHA256[:12]) {
		t.Error("the page is that of a draft, or does not name its content")
	}
	for ending, was := range is.Files {
		if again, err := (report.Paper{}).File(frozen, ending); err != nil || string(again) != string(was) {
			t.Errorf(".%s of the frozen content is another file: %v", ending, err)
		}
	}
	r.AsOf = "soon"
	if _, err := (report.Paper{}).Issue(r, 8, at); err == nil {
		t.Error("a report of no day was issued")
	}
}

func TestPaperRefuses(t *testing.T) {
	if _, err := (report.Paper{}).File(drafted(), "pdf"); err == nil || !strings.Contains(err.Error(), "docx, xlsx, html, csv or json") {
		t.Errorf("as pdf: %v", err)
	}
	for _, ending := range []string{"csv", "json"} {
		if _, err := (report.Paper{}).Briefing(drafted(), ending); err == nil || !strings.Contains(err.Error(), "docx or html") {
			t.Errorf("a briefing as %s: %v", ending, err)
		}
	}
	for _, ending := range report.Briefings {
		if data, err := (report.Paper{}).Briefing(drafted(), ending); err != nil || len(data) == 0 {
			t.Errorf("a briefing as %s: %v", ending, err)
		}
	}
}

// A report on what is not published yet is not issued.
func TestIssueOfDrafts(t *testing.T) {
	r := drafted()
	r.Unpublished = []int64{12}
	is, err := report.Paper{}.Issue(r, 7, time.Now())
	var drafts dashboard.DraftsError
	if !errors.As(err, &drafts) || len(drafts) != 1 || drafts[0] != 12 || is.Number != 0 || len(is.Files) != 0 {
		t.Errorf("issued %+v, %v", is, err)
	}
}
