package dashboard_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// succession is a report that was issued with a comment, and the next of its
// kind, made once figures had moved and been restated.
type succession struct {
	db     *store.DB
	boards *dashboard.Boards
	first  *dashboard.Report
	kept   stat.Issue
	next   *dashboard.Report
}

func succeeded(t *testing.T) succession {
	t.Helper()
	cat := catalogue(t)
	s := succession{db: empty(t), boards: clock(boards(t, cat), "2017-04-20")}
	release(t, s.db, cat, stat.DfE, "2016-11", [4]any{"cla", "2015", 362, 113.0}, [4]any{"cla", "2016", 377, 118.0})
	release(t, s.db, cat, stat.Council, "2016-10-10", [4]any{"cla", "2016-09-26", 412, 128.89}, [4]any{"cpp", "2016-09-26", 270, 84.47})
	for _, q := range []stat.Asked{
		{Area: home, Meeting: day(t, "2016-10-19"), Measure: "cla", Text: "Why has care ceased?", By: "Cllr A", At: day(t, "2016-10-19").Time()},
		{Area: home, Meeting: day(t, "2018-10-19"), Text: "Of a later meeting", By: "Cllr B", At: day(t, "2018-10-19").Time()},
	} {
		if _, err := s.db.Ask(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	said := day(t, "2016-10-19")
	if err := s.db.SaveComment(t.Context(), stat.Comment{Place: "report/council", Head: "Assessment and Care Planning", Area: home, Date: said,
		Text: "CP numbers have remained stable, with LAC numbers reducing.", By: "Head of Service", At: said.Time()}); err != nil {
		t.Fatal(err)
	}
	s.first = s.report(t, "2016-09-26", "2016-10-19")
	s.kept = issue(t, s.db, s.first)
	release(t, s.db, cat, stat.Council, "2017-04-05", [4]any{"cla", "2016-09-26", 415, 129.8}, [4]any{"cla", "2017-03-31", 444, 138.9}, [4]any{"cpp", "2017-03-31", 274, 85.7})
	s.next = s.report(t, "2017-04-10", "2017-04-20")
	return s
}

func (s succession) report(t *testing.T, asOf, dated string) *dashboard.Report {
	t.Helper()
	r, err := s.boards.Report(t.Context(), s.db, "council", dashboard.ReportSelection{AsOf: asOf, Dated: dated})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReportKnowsItsPredecessor(t *testing.T) {
	t.Parallel()
	s := succeeded(t)
	if c := section(t, s.first, dashboard.SectionCommentary).Comments[0]; c.By != "Head of Service" || c.At != "19 October 2016" || len(c.Flags) != 0 || s.first.Before != nil {
		t.Errorf("nothing was known to hold it against: %+v", c)
	}
	before := s.next.Before
	if before == nil || before.Number != s.kept.Number || before.Dated != "2016-10-19" || before.AsOf != "2016-09-26" {
		t.Fatalf("predecessor %+v", before)
	}
	golden(t, "report-predecessor.txt", told(s.next))
	if len(before.Stale) != 1 || !strings.Contains(before.Stale[0].Why, "rose by 17.8% (377 to 444) over twelve months") {
		t.Errorf("stale %+v", before.Stale)
	}
	c := section(t, s.next, dashboard.SectionCommentary).Comments[0]
	if len(c.Flags) != 2 || !strings.Contains(c.Flags[0].Why, "has been issued with what was said then") || c.Flags[1].Quote != "LAC numbers reducing" {
		t.Errorf("flags %+v", c.Flags)
	}
	x, _ := s.next.Marshal()
	if y, _ := s.report(t, "2017-04-10", "2017-04-20").Marshal(); string(x) != string(y) {
		t.Error("the same report gives other bytes")
	}
}

// What was asked at the last meeting, and not at a later one, is carried over.
func TestReportCarriesQuestions(t *testing.T) {
	t.Parallel()
	r := succeeded(t).next
	if q := r.Briefing[len(r.Briefing)-1]; q.Text != "Why has care ceased?" || q.Asked != "at the meeting of 19 October 2016" || q.Known || !strings.HasPrefix(q.Answer, "Still open.") {
		t.Errorf("carried %+v", q)
	}
}

func TestIssueIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	s := succeeded(t)
	again, err := s.db.Issue(t.Context(), s.kept.Number)
	if err != nil {
		t.Fatal(err)
	}
	back, err := dashboard.ReadReport(again.Content)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := back.Marshal(); err != nil || string(content) != string(s.kept.Content) {
		t.Errorf("%v: read back and written it is\n%s\nnot\n%s", err, content, s.kept.Content)
	}
	revised, err := s.boards.Revisions(t.Context(), s.db, back)
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
}
