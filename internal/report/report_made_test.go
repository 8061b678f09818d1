package report_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"bellwether/dashboards"
	"bellwether/imports"
	"bellwether/internal/dashboard"
	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// hostile is text that would do harm wherever it were not made safe.
const hostile = `=HYPERLINK("http://x") </style><script>alert(1)</script> ]]> & "quoted" 😀`

// made is a report by hand, with everything that a report can hold.
func made(number int64) *dashboard.Report {
	v := drawn()
	panels := map[string]dashboard.Panel{}
	for _, p := range v.Panels {
		panels[p.Kind] = p
	}
	trend := panels[dashboard.Trend]
	trend.Source = "DfE, November 2025"
	definitions := dashboard.Panel{Kind: dashboard.Table, ID: "report-definitions", Title: "Measures in this report", Table: &dashboard.TablePanel{
		Columns: []string{"Measure", "What is counted", "Definition"}, Rows: [][]string{{"Children looked after", "Children", hostile}}, Mark: -1}}
	return &dashboard.Report{
		Name: "council", Title: "Report of the Executive Member", Audience: "Council", Area: v.Area, By: "Cllr A. Member",
		AsOf: "2016-09-26", Dated: "2016-10-19", Number: number, Model: "the 10 statistical neighbours of the 2025 model: unweighted mean",
		Sections: []dashboard.ReportSection{
			{Kind: dashboard.SectionHeadline, Heading: "Headline performance information", Paragraphs: []string{
				"As of 26 September 2016: children looked after 412 (128.89 per 10,000), the council's own figure.", "As of 26 September 2016: child protection plans 270 (84.47 per 10,000)."},
				Notes: []string{"The rates printed for 26 September 2016 do not all follow from their counts."}},
			{Kind: dashboard.SectionChange, Heading: "What has changed", Paragraphs: []string{"Children looked after: up 18 (4.6%) from 394."}, Panels: []dashboard.Panel{panels[dashboard.Table]}},
			{Kind: dashboard.SectionChart, Heading: "Trends", Panels: []dashboard.Panel{trend, panels[dashboard.Bars], panels[dashboard.Control], panels[dashboard.Ahead], panels[dashboard.Shares]}},
			{Kind: dashboard.SectionNeighbours, Heading: "Compared with others", Empty: "No figures of neighbours known by 26 September 2016 are held."},
			{Kind: dashboard.SectionScorecard, Heading: "Scorecard", Panels: []dashboard.Panel{scored()}},
			{Kind: dashboard.SectionCommentary, Heading: "Service updates", Comments: []dashboard.ReportComment{
				{Head: "Fostering and Adoption", Text: "Nine potential families.\n\n- two within the area\n\n" + hostile, By: "J. Officer", At: "12 October 2016"},
				{Head: "Youth Justice"},
			}},
			{Kind: dashboard.SectionDefinitions, Heading: "Definitions and sources", Paragraphs: []string{"Figures are as of 26 September 2016."}, Panels: []dashboard.Panel{definitions}},
			{Kind: dashboard.SectionQuality, Heading: "Notes on these figures", Paragraphs: []string{"Two of ten neighbours have no figure."}},
		},
		Before: &dashboard.Predecessor{Number: 3, Dated: "2016-07-13", AsOf: "2016-06-30", Moved: []string{"Children looked after rose from 394 to 412."},
			Noise: []string{"Child protection plans: chance could explain it."}, Stale: []dashboard.Flag{{Quote: "numbers reducing", Why: "They rose by 18."}}},
		Briefing: []dashboard.Question{
			{Measure: "cla", Text: "Why is Middlesbrough above its neighbours?", Answer: "By 17.6 per 10,000.", Known: true},
			{Measure: "cla", Text: "Which group drives it?", Answer: "No breakdown is held."},
			{Text: "How many are in custody?", Answer: "Still open.", Asked: "at the meeting of 13 July 2016"},
		},
		Figures: []dashboard.ReportFigure{
			{Measure: "cla", Area: "E06000002", Period: "2016-09-26", Label: "26 September 2016", Part: stat.PartCount, Publisher: "council", Number: n(412), Text: "412", Released: "2016-10-01", File: "=return.xlsx", At: "Sheet1!B2"},
			{Measure: "cla", Area: "E06000002", Period: "2016-09-26", Label: "26 September 2016", Part: stat.PartValue, Publisher: "council", Number: n(128.89), Text: "128.89", Released: "2016-10-01", File: "=return.xlsx", At: "Sheet1!C2"},
			{Measure: "cla", Area: "E92000001", Period: "2016-03-31", Label: "31 March 2016", Breakdown: "age: 16 and over", Part: stat.PartValue, Publisher: "DfE", Text: "c", Derived: true, Released: "2016-12", File: "cla.csv", At: "N7"},
		},
	}
}

// scored is a scorecard of two sections.
func scored() dashboard.Panel {
	point := func(text, bare, label string) dashboard.ScorecardPoint {
		return dashboard.ScorecardPoint{Point: dashboard.Point{Label: label, Text: text}, Bare: bare, Publisher: "the council's own"}
	}
	return dashboard.Panel{Kind: dashboard.Scorecard, Title: "1 of 2 measures on target", Sentence: "Of 2 measures rated, 1 on target and 1 off target.", Source: "DfE",
		Scorecard: &dashboard.ScorecardPanel{Rows: []dashboard.ScorecardRow{
			{Section: "Headlines", Ref: "CP1", Name: "Children looked after", Unit: "number", GoodIs: "neither high nor low", Target: dashboard.Target{Words: "at most 480", ByWords: "local target"},
				Previous: point("470", "470", "30 June 2016"), Current: point("412", "412", "26 September 2016"), Travel: dashboard.Travel{Arrow: "↓", Words: "down 58: better"},
				Rating: dashboard.Rating{Code: dashboard.Green, Word: "Green", Shape: "circle", Reason: "412 meets the target."}, Neighbours: dashboard.Comparator{Name: "Neighbours' mean", Text: "120.4 per 10,000", Bare: "120.4", Label: "31 March 2016"},
				Comment: &dashboard.Remark{Text: "Fewer\ncame.", By: "J. Officer", At: "2016-10-12T09:00:00Z"}},
			{Section: "Health", Name: "Health checks", Unit: "percentage", GoodIs: "high", Rating: dashboard.Rating{Code: dashboard.Red, Word: "Red", Shape: "diamond"}},
		}},
		Table: &dashboard.TablePanel{Columns: []string{"Measure", "Current"}, Rows: [][]string{{"Children looked after", "412"}, {"Health checks", "c"}}, Numbers: [][]*float64{{nil, n(412)}, {nil, nil}}, Notes: []string{"c: confidential"}, Mark: -1},
	}
}

var once struct {
	sync.Once
	reports map[string]*dashboard.Report
}

// defined are the project's own reports of its own figures and samples, by
// name: copies, which a test may number.
func defined(t *testing.T) map[string]*dashboard.Report {
	t.Helper()
	once.Do(func() { once.reports = makeAll(t) })
	out := map[string]*dashboard.Report{}
	for name, r := range once.reports {
		copied := *r
		out[name] = &copied
	}
	if len(out) < 3 {
		t.Fatalf("%d reports are defined", len(out))
	}
	return out
}

// makeAll makes each report there is a definition of.
func makeAll(t *testing.T) map[string]*dashboard.Report {
	t.Helper()
	cat, err := importer.ReadCatalogue(imports.FS)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "report.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for sub, err := range importer.ReadBox(imports.FS, cat) {
		if err == nil {
			sub.Batch.By, sub.Batch.Published = "test", time.Now()
			_, err = db.Store(t.Context(), sub, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	home, err := cat.Area("806")
	if err != nil {
		t.Fatal(err)
	}
	im, err := importer.New(imports.FS, cat, home)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"monthly-return.xlsx", "breakdowns.csv"} {
		data, err := imports.FS.ReadFile("samples/" + name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := im.Read(t.Context(), name, data, importer.Options{Today: stat.Date{Year: 2026, Month: time.November, Day: 21}}, nil)
		if err == nil && r.Refused() {
			err = fmt.Errorf("refused: %v", r.Problems)
		}
		if err == nil {
			r.Batch.By, r.Batch.Published = "test", time.Now()
			_, err = db.Store(t.Context(), r.Submission, nil)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	b, err := dashboard.New(dashboards.FS, cat, home)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*dashboard.Report{}
	for _, info := range b.Reports() {
		if out[info.Name], err = b.Report(t.Context(), db, info.Name, dashboard.ReportSelection{By: "Cllr A. Member"}); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
