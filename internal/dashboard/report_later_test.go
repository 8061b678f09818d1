package dashboard_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	out, err := db.SaveIssue(t.Context(), "Ann", func(number int64) (stat.Issue, error) {
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

// TestReportKnowsItsPredecessor issues a report with a comment, lets figures
// move and be restated, and reports again.
func TestReportKnowsItsPredecessor(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := empty(t), clock(boards(t, cat), "2017-04-20")
	release(t, db, cat, stat.DfE, "2016-11", [4]any{"cla", "2015", 362, 113.0}, [4]any{"cla", "2016", 377, 118.0})
	release(t, db, cat, stat.Council, "2016-10-10", [4]any{"cla", "2016-09-26", 412, 128.89}, [4]any{"cpp", "2016-09-26", 270, 84.47})
	say := func(head, text, date string) {
		t.Helper()
		if err := db.SaveComment(t.Context(), stat.Comment{Place: "report/council", Head: head, Area: home, Date: day(t, date), Text: text, By: "Head of Service", At: day(t, date).Time()}); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []stat.Asked{
		{Area: home, Meeting: day(t, "2016-10-19"), Measure: "cla", Text: "Why has care ceased?", By: "Cllr A", At: day(t, "2016-10-19").Time()},
		{Area: home, Meeting: day(t, "2018-10-19"), Text: "Of a later meeting", By: "Cllr B", At: day(t, "2018-10-19").Time()},
	} {
		if _, err := db.Ask(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	say("Assessment and Care Planning", "CP numbers have remained stable, with LAC numbers reducing.", "2016-10-19")
	first, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{AsOf: "2016-09-26", Dated: "2016-10-19"})
	if err != nil {
		t.Fatal(err)
	}
	if c := section(t, first, dashboard.SectionCommentary).Comments[0]; c.By != "Head of Service" || c.At != "19 October 2016" || len(c.Flags) != 0 || first.Before != nil {
		t.Errorf("nothing was known to hold it against: %+v", c)
	}
	kept := issue(t, db, first)

	release(t, db, cat, stat.Council, "2017-04-05", [4]any{"cla", "2016-09-26", 415, 129.8}, [4]any{"cla", "2017-03-31", 444, 138.9}, [4]any{"cpp", "2017-03-31", 274, 85.7})
	r, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{AsOf: "2017-04-10", Dated: "2017-04-20"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Before == nil || r.Before.Number != kept.Number || r.Before.Dated != "2016-10-19" || r.Before.AsOf != "2016-09-26" {
		t.Fatalf("predecessor %+v", r.Before)
	}
	golden(t, "report-predecessor.txt", told(r))
	if len(r.Before.Stale) != 1 || !strings.Contains(r.Before.Stale[0].Why, "rose by 17.8% (377 to 444) over twelve months") {
		t.Errorf("stale %+v", r.Before.Stale)
	}
	c := section(t, r, dashboard.SectionCommentary).Comments[0]
	if len(c.Flags) != 2 || !strings.Contains(c.Flags[0].Why, "has been issued with what was said then") || c.Flags[1].Quote != "LAC numbers reducing" {
		t.Errorf("flags %+v", c.Flags)
	}
	if q := r.Briefing[len(r.Briefing)-1]; q.Text != "Why has care ceased?" || q.Asked != "at the meeting of 19 October 2016" || q.Known || !strings.HasPrefix(q.Answer, "Still open.") {
		t.Errorf("carried %+v", q)
	}

	again, err := db.Issue(t.Context(), kept.Number)
	if err != nil {
		t.Fatal(err)
	}
	back, err := dashboard.ReadReport(again.Content)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := back.Marshal(); err != nil || string(content) != string(kept.Content) {
		t.Errorf("%v: read back and written it is\n%s\nnot\n%s", err, content, kept.Content)
	}
	revised, err := b.Revisions(t.Context(), db, back)
	if err != nil {
		t.Fatal(err)
	}
	var says []string
	for _, v := range revised {
		says = append(says, fmt.Sprintf("%s %s %s: %s, now %s (%s)", v.Name, v.Label, v.Part, v.Text, v.Now, v.Revealed))
	}
	if diff := cmp.Diff([]string{
		"Children looked after 26 September 2016 count: 412, now 415 (2017-04-05)",
		"Children looked after 26 September 2016 value: 128.89, now 129.8 (2017-04-05)",
	}, says); diff != "" {
		t.Error(diff)
	}
	once, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{AsOf: "2017-04-10", Dated: "2017-04-20"})
	if err != nil {
		t.Fatal(err)
	}
	x, _ := r.Marshal()
	if y, _ := once.Marshal(); string(x) != string(y) {
		t.Error("the same report gives other bytes")
	}
}

var (
	dates    = regexp.MustCompile(`\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December) \d{4}|(January|February|March|April|May|June|July|August|September|October|November|December) \d{4}`)
	spoken   = regexp.MustCompile(`per 10,000|It was [^.]* authorities|the \d+ of the \d{4} model|\(\d+ of \d+ with a figure\)|95%|aged 0 to 17`)
	numerals = regexp.MustCompile(`\d[\d,]*(\.\d+)?`)
)

// TestEveryNumberIsAFigureOrWorkedOutOfSome takes the sentences of a report
// apart.
func TestEveryNumberIsAFigureOrWorkedOutOfSome(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := box(t), clock(boards(t, cat), "2026-11-22")
	r, err := b.Report(t.Context(), db, "council", dashboard.ReportSelection{})
	if err != nil {
		t.Fatal(err)
	}
	can := map[string]bool{}
	may := func(x float64) {
		for d := range 3 {
			can[stat.Format(math.Abs(x), d)] = true
		}
	}
	type series struct {
		measure, area string
		part          stat.Part
	}
	all, others := map[series][]float64{}, map[string][]float64{}
	at := map[string]map[stat.Part]float64{}
	region := map[string]bool{"E12000001": true, stat.England: true}
	for _, f := range r.Figures {
		if f.Number == nil {
			continue
		}
		may(*f.Number)
		if f.Area == home {
			s := series{f.Measure, f.Area, f.Part}
			all[s] = append(all[s], *f.Number)
			if at[f.Measure+f.Period] == nil {
				at[f.Measure+f.Period] = map[stat.Part]float64{}
			}
			at[f.Measure+f.Period][f.Part] = *f.Number
		} else if !region[f.Area] && f.Part == stat.PartValue {
			others[f.Measure+f.Period] = append(others[f.Measure+f.Period], *f.Number)
		}
	}
	for _, xs := range all {
		for _, x := range xs {
			for _, y := range xs {
				may(x - y)
				may(100 * (x - y) / y)
			}
		}
	}
	for key, xs := range others {
		mean := 0.0
		for _, x := range xs {
			mean += x / float64(len(xs))
		}
		may(mean)
		may(at[key][stat.PartValue] - stat.RoundHalfUp(mean, 1))
		may(stat.RoundHalfUp(mean*at[key][stat.PartDenominator]/10_000, 0) - at[key][stat.PartCount])
	}
	n := 0
	for _, kind := range []string{dashboard.SectionHeadline, dashboard.SectionChange, dashboard.SectionNeighbours} {
		for _, p := range section(t, r, kind).Paragraphs {
			for _, x := range numerals.FindAllString(spoken.ReplaceAllString(dates.ReplaceAllString(p, ""), ""), -1) {
				if n++; !can[strings.TrimSuffix(x, ",")] {
					t.Errorf("%s is no figure and none is worked out to it: %s", x, p)
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d numbers were found", n)
	}
	last := ""
	for _, f := range r.Figures {
		if f.File == "" || f.At == "" || f.Released == "" || f.Publisher == "" || f.Text == "" {
			t.Fatalf("a figure has no origin: %+v", f)
		}
		if f.Measure < last {
			t.Fatalf("%s comes after %s", f.Measure, last)
		}
		last = f.Measure
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
