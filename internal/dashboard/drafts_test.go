package dashboard_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

const ownHead = "date,measure,area,count,rate\n"

// drafted is the box with two months of the council's own that are published,
// and a third that is a draft, with the number of that.
func drafted(t *testing.T) (*store.DB, *dashboard.Boards, int64) {
	t.Helper()
	db, cat := box(t), catalogue(t)
	upload(t, db, cat, "summer.csv", "2026-09-10", []byte(ownHead+
		"2026-07-31,Children looked after,806,485,136\n2026-08-31,Children looked after,806,484,135\n2026-08-31,Child protection plans,806,342,96.0\n"))
	b := uploadDraft(t, db, cat, "september.csv", "2026-10-10", []byte(ownHead+"2026-09-30,Children looked after,806,478,134\n"))
	return db, clock(boards(t, cat), "2026-11-21"), b.ID
}

// publishedOnly reads what viewers see.
type publishedOnly struct{ *store.DB }

func (p publishedOnly) Read(ctx context.Context, q stat.Query) (stat.Holding, error) {
	q.Published = true
	return p.DB.Read(ctx, q)
}

func draftWarning(id int64, file string) string {
	return fmt.Sprintf("Includes figures of an import that has not been published yet (import %d, %s).", id, file)
}

// Wherever a draft's figure is shown, its source says so, and so does the page
// that shows it; a page that shows none says nothing.
func TestDraftsAreMarked(t *testing.T) {
	db, b, id := drafted(t)
	sel, err := b.Select(chosen())
	if err != nil {
		t.Fatal(err)
	}
	none, err := b.Select(chosen("from", "2015", "to", "2020"))
	if err != nil {
		t.Fatal(err)
	}
	since, err := b.Select(chosen("since", "2026-09-01"))
	if err != nil {
		t.Fatal(err)
	}
	measure := func(code string, sel dashboard.Selection) func(dashboard.Source) (*dashboard.View, error) {
		return func(src dashboard.Source) (*dashboard.View, error) { return b.Measure(t.Context(), src, code, sel) }
	}
	named := func(name string) func(dashboard.Source) (*dashboard.View, error) {
		return func(src dashboard.Source) (*dashboard.View, error) { return b.Dashboard(t.Context(), src, name, sel) }
	}
	built := func(ids ...string) func(dashboard.Source) (*dashboard.View, error) {
		return func(src dashboard.Source) (*dashboard.View, error) { return b.Build(t.Context(), src, none, "", ids) }
	}
	for _, c := range []struct {
		name  string
		page  func(dashboard.Source) (*dashboard.View, error)
		draft bool
	}{
		{"the measure", measure("cla", sel), true},
		{"another measure", measure("cpp", sel), false},
		{"the overview", named("overview"), true},
		{"the scorecard", named("scorecard"), true},
		{"a dashboard of others", named("workforce"), false},
		{"a trend of earlier years", built("cla-trend", "cla-table"), false},
		{"what moved", func(src dashboard.Source) (*dashboard.View, error) { return b.Since(t.Context(), src, since) }, true},
	} {
		v, err := c.page(db)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := slices.Equal(v.Drafts, []int64{id}); got != c.draft || !c.draft && v.Drafts != nil {
			t.Errorf("%s: drafts %v", c.name, v.Drafts)
		}
		if got := slices.Contains(v.Warnings, draftWarning(id, "september.csv")); got != c.draft {
			t.Errorf("%s: warnings %q", c.name, v.Warnings)
		}
		if got := strings.Contains(words(t, v), "draft"); got != c.draft {
			t.Errorf("%s: draft is said: %v", c.name, got)
		}
		v, err = c.page(publishedOnly{db})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if v.Drafts != nil || strings.Contains(words(t, v), "draft") {
			t.Errorf("%s, as viewers see it, has drafts %v", c.name, v.Drafts)
		}
	}
}

// words is all that a page or a report says.
func words(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each place names the draft in its own words, and the published months beside
// it as what they are.
func TestDraftWords(t *testing.T) {
	db, b, _ := drafted(t)
	sel, err := b.Select(chosen())
	if err != nil {
		t.Fatal(err)
	}
	v, err := b.Measure(t.Context(), db, "cla", sel)
	if err != nil {
		t.Fatal(err)
	}
	panels := map[string]dashboard.Panel{}
	for _, p := range v.Panels {
		panels[p.ID] = p
	}
	own := "the council's own, 10 September 2026; the council's own, draft, 10 October 2026"
	for id, want := range map[string]string{"cla-trend": own, "cla-table": own, "cla-headline": "the council's own, draft, 10 October 2026"} {
		if got := panels[id].Source; !strings.Contains(got, want) {
			t.Errorf("%s: source %q lacks %q", id, got, want)
		}
	}
	if got := panels["cla-headline"].Headline.Latest; !strings.HasSuffix(got, "the council's own figure, draft") {
		t.Errorf("the card's latest: %q", got)
	}
	lines := panels["cla-trend"].Trend.Lines
	line := lines[len(lines)-1].Points
	for i, want := range map[int]string{len(line) - 1: "the council's own, draft, september.csv E2, 10 October 2026", len(line) - 2: "the council's own, summer.csv E3, 10 September 2026"} {
		if got := line[i].Origin; got != want {
			t.Errorf("point %d: %q, want %q", i, got, want)
		}
	}
	rows := panels["cla-table"].Table.Rows
	if last, before := rows[len(rows)-1][0], rows[len(rows)-2][0]; last != "30 September 2026, council's own, draft" || before != "31 August 2026, council's own" {
		t.Errorf("the table ends with %q and %q", before, last)
	}
}

// A scorecard's row goes from a published month to a draft.
func TestDraftInAScorecard(t *testing.T) {
	db, b, _ := drafted(t)
	sel, err := b.Select(chosen("cadence", "month"))
	if err != nil {
		t.Fatal(err)
	}
	card, err := b.Dashboard(t.Context(), db, "scorecard", sel)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, p := range card.Panels {
		for _, r := range p.Scorecard.Rows {
			found = found || r.Measure == "cla"
			if r.Measure == "cla" && (r.Current.Publisher != "the council's own, draft" || r.Previous.Publisher != "the council's own" || strings.Contains(r.Travel.Words, "council")) {
				t.Errorf("row %s: now %q, before %q, %q", r.Ref, r.Current.Publisher, r.Previous.Publisher, r.Travel.Words)
			}
		}
	}
	if !found {
		t.Error("the scorecard has no row of children looked after")
	}
}

func TestDraftInAComparison(t *testing.T) {
	db, b, id := drafted(t)
	c, err := b.Compare(t.Context(), db, dashboard.CompareQuery{Measure: "cla", Area: "806"})
	if err != nil || !slices.Contains(c.Warnings, draftWarning(id, "september.csv")) {
		t.Errorf("compare: %v, %q", err, c.Warnings)
	}
	if c, err = b.Compare(t.Context(), db, dashboard.CompareQuery{Measure: "cpp", Area: "806"}); err != nil || strings.Contains(strings.Join(c.Warnings, " "), "published yet") {
		t.Errorf("compare of another: %v, %q", err, c.Warnings)
	}
}

// A series and a figure's history tell which of their points is a draft.
func TestDraftInASeries(t *testing.T) {
	db, b, _ := drafted(t)
	s, err := b.Series(t.Context(), db, "cla", "806", "", stat.Date{})
	if err != nil {
		t.Fatal(err)
	}
	for i, pt := range s.Points {
		if pt.Draft != (i == len(s.Points)-1) {
			t.Errorf("series: %s is a draft: %v", pt.Label, pt.Draft)
		}
	}
	held, err := db.History(t.Context(), stat.Key{Measure: "cla", Area: home, Period: stat.OnDay(day(t, "2026-09-30"))})
	if err != nil || len(held) != 1 || !dashboard.VersionOf(held[0]).Draft {
		t.Errorf("history: %+v, %v", held, err)
	}
}

// A draft of a publisher's whole table is one wherever it counts: in the
// area's figure, in the neighbours' mean, and in the population of a rate.
func TestDraftsOfPublishers(t *testing.T) {
	h := hold(t)
	mark := func(batch int64, file string) *holding {
		h.t.Helper()
		o := &h.obs[len(h.obs)-1]
		from := *reportedBy(*o)
		from.Draft, from.Batch, from.File = true, batch, file
		for _, p := range stat.Parts {
			if f := o.Part(p); f.Given() {
				f.Origin = &from
			}
		}
		return h
	}
	h.dfe("cla", "806", "2024", 500, 140).dfe("cla", "806", "2025", 493, 138)
	for i, l := range []string{"801", "802", "803", "805"} {
		h.links = append(h.links, stat.Link{Model: "2025", Area: h.code("806"), Neighbour: h.code(l), Position: i + 1})
		h.dfe("cla", l, "2025", 100+i, 100+i)
	}
	mark(31, "neighbour.csv")
	v := h.view("cla")
	if !slices.Equal(v.Drafts, []int64{31}) || !slices.Contains(v.Warnings, draftWarning(31, "neighbour.csv")) {
		t.Errorf("a neighbour's: %v, %q", v.Drafts, v.Warnings)
	}
	h.dfe("cla", "806", "2026", 480, nil).pop("806", 2025, 35000)
	mark(32, "ons.csv")
	v = h.view("cla")
	want := "Includes figures of imports that have not been published yet (import 31, neighbour.csv; import 32, ons.csv)."
	if !slices.Equal(v.Drafts, []int64{31, 32}) || !slices.Contains(v.Warnings, want) {
		t.Errorf("the population too: %v, %q", v.Drafts, v.Warnings)
	}
	h.obs = h.obs[:2]
	mark(33, "dfe.csv")
	v = h.view("cla")
	if source := v.Panels[1].Source; !slices.Equal(v.Drafts, []int64{33}) || !strings.HasPrefix(source, "DfE, November 2025; DfE, draft, November 2025") {
		t.Errorf("the area's: %v, %q", v.Drafts, source)
	}
}

// reportedBy is the origin of an observation's first part.
func reportedBy(o stat.Observation) *stat.Origin {
	for _, p := range stat.Parts {
		if f := o.Part(p); f.Given() {
			return f.Origin
		}
	}
	return nil
}

// A report on drafts says so where it tells how good its figures are, and
// names what has to be published before it can be issued.
func TestReportOnDrafts(t *testing.T) {
	db, b, id := drafted(t)
	quality := func(r *dashboard.Report) (out []string) {
		for _, sec := range r.Sections {
			if sec.Kind == dashboard.SectionQuality {
				out = append(out, sec.Paragraphs...)
			}
		}
		return out
	}
	make := func(src dashboard.ReportSource, asOf string) *dashboard.Report {
		t.Helper()
		r, err := b.Report(t.Context(), src, "council", dashboard.ReportSelection{AsOf: asOf, By: "Ann"})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := make(db, "")
	if got := r.Drafts(); !slices.Equal(got, []int64{id}) {
		t.Errorf("drafts %v, want import %d", got, id)
	}
	if got := quality(r); !slices.Contains(got, draftWarning(id, "september.csv")) {
		t.Errorf("quality %q", got)
	}
	if text := words(t, r); !strings.Contains(text, "the council's own figure, draft") || !strings.Contains(text, "the council's own, draft, 10 October 2026") {
		t.Errorf("the report does not call its newest figure a draft")
	}
	for name, r := range map[string]*dashboard.Report{"as viewers see it": make(publishedOnly{db}, ""), "as of before": make(db, "2026-09-15")} {
		if text := words(t, r); r.Drafts() != nil || strings.Contains(text, "draft") || strings.Contains(text, "published yet") {
			t.Errorf("%s it rests on %v", name, r.Drafts())
		}
	}
	if _, err := db.Publish(t.Context(), id, "Pat", "", time.Time{}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if r := make(db, ""); r.Drafts() != nil || slices.ContainsFunc(quality(r), func(s string) bool { return strings.Contains(s, "published yet") }) {
		t.Errorf("published, and still %v, %q", r.Drafts(), quality(r))
	}
	for drafts, want := range map[string]string{
		dashboard.DraftsError{12}.Error():         "publish import 12 first: ",
		dashboard.DraftsError{12, 13, 15}.Error(): "publish imports 12, 13 and 15 first: ",
	} {
		if !strings.HasPrefix(drafts, want) {
			t.Errorf("%q, want %q", drafts, want)
		}
	}
}

// What is kept for all to see rests on no draft.
func TestProjectionToKeep(t *testing.T) {
	db, cat := box(t), catalogue(t)
	b := clock(boards(t, cat), "2026-11-21")
	want, err := b.Project(t.Context(), db, "cla", "", 2028)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := b.ToKeep(t.Context(), db, "cla", "", 2028); err != nil || p != want {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := b.ToKeep(t.Context(), db, "cla", "", 2099); err == nil || errors.Is(err, dashboard.ErrDraft) {
		t.Errorf("a year too far: %v", err)
	}
	uploadDraft(t, db, cat, "local.csv", "2026-10-10", []byte(localYears))
	if _, err := b.Project(t.Context(), db, "uasc", "", 2028); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ToKeep(t.Context(), db, "uasc", "", 2028); !errors.Is(err, dashboard.ErrDraft) {
		t.Errorf("of a draft: %v", err)
	}
}

// localYears is a measure of which only the council has figures.
const localYears = `date,measure,area,value
2021-03-31,uasc,806,40
2022-03-31,uasc,806,44
2023-03-31,uasc,806,47
2024-03-31,uasc,806,53
2025-03-31,uasc,806,55
2026-03-31,uasc,806,61
`

// Readers who are not told why limits begin anew see that they do.
func TestLimitsWithoutAReason(t *testing.T) {
	h := monthly(t, 200, 210, 190, 205, 195, 208, 199, 203, 150, 152, 149, 151, 150, 148, 153, 150)
	from := stat.Rebase{Measure: "referrals", Area: home}
	plain := panel(h.view("referrals"), "referrals-control")
	if plain == nil {
		t.Fatal("there is no control chart")
	}
	last, err := stat.ParseDate(plain.Control.Points[7].Period)
	if err != nil {
		t.Fatal(err)
	}
	from.From = last.AddDays(1)
	h.said.Rebases = []stat.Rebase{from}
	p := panel(h.view("referrals"), "referrals-control")
	if p == nil {
		t.Fatal("there is no control chart once limits begin anew")
	}
	if s := p.Control.Segments; len(s) != 2 || s[1].Reason != "the process changed" || s[1].By != "" {
		t.Errorf("the segments are %+v", s)
	}
}
