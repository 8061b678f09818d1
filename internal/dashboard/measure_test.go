package dashboard_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// small is Middlesbrough with two neighbours, its region and England over
// three years, the middle one without a figure of its own.
func small(t testing.TB) *holding {
	return hold(t).near("2025", "Middlesbrough", "Hartlepool", "Blackpool").
		dfe("cla", "Middlesbrough", "2023", 509, 148).dfe("cla", "Hartlepool", "2023", nil, 150).
		dfe("cla", "Blackpool", "2023", nil, 190).dfe("cla", "North East", "2023", nil, 112).dfe("cla", "England", "2023", nil, 70).
		dfe("cla", "Hartlepool", "2024", nil, 152).dfe("cla", "Blackpool", "2024", nil, stat.Confidential).dfe("cla", "England", "2024", nil, 69).
		dfe("cla", "Middlesbrough", "2025", 493, 138).dfe("cla", "Hartlepool", "2025", nil, 157).
		dfe("cla", "Blackpool", "2025", nil, 184).dfe("cla", "North East", "2025", nil, 111).dfe("cla", "England", "2025", nil, 67).
		pop("Middlesbrough", 2023, 35177).pop("Middlesbrough", 2024, 35617)
}

func TestMeasurePage(t *testing.T) {
	h := small(t)
	v := h.page("cla", "", "", "", "", "")
	if h.reads != 1 {
		t.Errorf("%d reads of the source for one page", h.reads)
	}
	var ids []string
	for _, p := range v.Panels {
		ids = append(ids, p.ID)
		if n := len(strings.Fields(p.Title)); n == 0 || n > 10 {
			t.Errorf("%s: title %q", p.ID, p.Title)
		}
		if p.Sentence == "" || p.Subtitle == "" || p.Kind != dashboard.About && p.Source == "" {
			t.Errorf("%s lacks words: %+v", p.ID, p)
		}
	}
	if want := []string{"cla-headline", "cla-trend", "cla-neighbours", "cla-table", "cla-about"}; !slices.Equal(ids, want) {
		t.Errorf("panels %v", ids)
	}
	if v.Sample || len(v.Warnings) != 0 || v.Version != 7 || v.Path != "/measures/cla" || !slices.Equal(v.Models, []dashboard.Choice{{Value: "2025", Label: "Statistical neighbours, 2025 model"}, {Value: "region", Label: "Other North East authorities"}}) {
		t.Errorf("view %+v", v)
	}
}

func TestMeasureHeadline(t *testing.T) {
	head := panel(small(t).page("cla", "", "", "", "", ""), "cla-headline").Headline
	head.Comparison, head.Spark = nil, nil
	if diff := cmp.Diff(&dashboard.HeadlinePanel{
		Count: "493", Value: "138 per 10,000", AsOf: "31 March 2025", Change: "−16 children (−3.1%) since 31 March 2023; rate −10",
		Against: "32.5 below the neighbours' mean of 170.5", Rank: "lowest of 3",
		Interval: "126.5 to 151.2", Verdict: "lower than the neighbours' mean by more than chance would explain",
		Peak:       "148 per 10,000 on 31 March 2023",
		SparkWords: "148 in Mar 2023, 138 in Mar 2025",
		Freshness:  &dashboard.Freshness{Published: "Published figures to 31 March 2025, 19 months ago; the next are of 31 March 2026"},
	}, head); diff != "" {
		t.Error(diff)
	}
}

func TestMeasureTrend(t *testing.T) {
	trend := panel(small(t).page("cla", "", "", "", "", ""), "cla-trend")
	for role, want := range map[string][]string{
		dashboard.RoleArea:       {"2023-03-31 148", "2024-03-31 -", "2025-03-31 138"},
		dashboard.RoleNeighbours: {"2023-03-31 170.0", "2024-03-31 152.0", "2025-03-31 170.5"},
		dashboard.RoleRegion:     {"2023-03-31 112", "2024-03-31 -", "2025-03-31 111"},
		dashboard.RoleEngland:    {"2023-03-31 70", "2024-03-31 69", "2025-03-31 67"},
		dashboard.RoleOwn:        nil,
	} {
		if diff := cmp.Diff(want, line(trend, role)); diff != "" {
			t.Errorf("%s line: %s", role, diff)
		}
	}
	if b := trend.Trend.Band; len(b) != 3 || *b[0].Low != 150 || *b[0].High != 190 {
		t.Errorf("band %+v", b)
	}
	if trend.Title != "Children looked after: 138 per 10,000, below neighbours" {
		t.Errorf("title %q", trend.Title)
	}
	if want := "Middlesbrough's rate fell from 148 per 10,000 (31 March 2023) to 138 per 10,000 (31 March 2025); the mean of its neighbours rose from 170.0 to 170.5."; trend.Sentence != want {
		t.Errorf("sentence %q", trend.Sentence)
	}
	if want := "DfE, November 2025; neighbours: unweighted mean of the 1 to 2 with a figure, 2025 model"; trend.Source != want {
		t.Errorf("source %q", trend.Source)
	}
	if got := trend.Trend.Lines[0].Points[0].Origin; got != "DfE, figures.csv F12, November 2025" {
		t.Errorf("origin %q", got)
	}
}

func TestMeasureBars(t *testing.T) {
	bars := panel(small(t).page("cla", "", "", "", "", ""), "cla-neighbours")
	var names []string
	for _, b := range bars.Bars.Bars {
		names = append(names, b.Name+" "+b.Text)
	}
	if want := []string{"Blackpool 184", "Neighbours' mean 170.5", "Hartlepool 157", "Middlesbrough 138", "North East 111", "England 67"}; !slices.Equal(names, want) {
		t.Errorf("bars %q", names)
	}
	if bars.Title != "Children looked after: lower than 2 of 2 neighbours" {
		t.Errorf("bars' title %q", bars.Title)
	}
}

func TestMeasureTable(t *testing.T) {
	table := panel(small(t).page("cla", "", "", "", "", ""), "cla-table").Table
	if diff := cmp.Diff([]string{"Date", "Number", "Rate per 10,000", "Neighbours' mean", "Neighbours' median", "Neighbours with a figure", "North East", "England", "Rank"}, table.Columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{
		{"31 March 2023", "509", "148", "170.0", "170.0", "2", "112", "70", "3rd of 3"},
		{"31 March 2024", "", "", "152.0", "152.0", "1", "", "69", ""},
		{"31 March 2025", "493", "138", "170.5", "170.5", "2", "111", "67", "3rd of 3"},
	}, table.Rows); diff != "" {
		t.Error(diff)
	}
}

func TestYearsTrimTrendAndTableButNotTheHeadline(t *testing.T) {
	v := small(t).page("cla", "", "", "", "2023", "2024")
	if got := line(panel(v, "cla-trend"), dashboard.RoleEngland); !slices.Equal(got, []string{"2023-03-31 70", "2024-03-31 69"}) {
		t.Errorf("trend %v", got)
	}
	if n := len(panel(v, "cla-table").Table.Rows); n != 2 {
		t.Errorf("%d rows", n)
	}
	if got := panel(v, "cla-headline").Headline.AsOf; got != "31 March 2025" {
		t.Errorf("as of %s", got)
	}
}

func TestOwnMonthsGoOnFromThePublishedLine(t *testing.T) {
	h := small(t).
		add(stat.Council, "cla", "Middlesbrough", "2025-03-31", 495, nil).
		add(stat.Council, "cla", "Middlesbrough", "2025-04-30", 496, nil).
		add(stat.Council, "cla", "Middlesbrough", "2025-05-31", 498, nil).
		add(stat.Council, "cla", "Middlesbrough", "2025-07-31", 505, 141.8)
	v := h.page("cla", "", "", "", "", "")
	trend := panel(v, "cla-trend")
	// The published point opens the line; April and May are derived on
	// mid-2024, 35,617; June is missing; July is what the council says.
	want := []string{"2025-03-31 138", "2025-04-30 139", "2025-05-31 140", "2025-06-30 -", "2025-07-31 142"}
	if diff := cmp.Diff(want, line(trend, dashboard.RoleOwn)); diff != "" {
		t.Error(diff)
	}
	for _, w := range []string{
		"On 31 March 2025 the council's own figure was 495, but DfE published 493.",
		"Rates worked out here after the last published figure are provisional: they use the population estimate for mid-2024 until a later one is held.",
	} {
		if !slices.Contains(trend.Warnings, w) {
			t.Errorf("no warning %q in %q", w, trend.Warnings)
		}
	}
	card := panel(v, "cla-headline")
	if got := card.Headline.Latest; got != "505 (142 per 10,000) on 31 July 2025, the council's own figure" {
		t.Errorf("latest %q", got)
	}
	if c := card.Headline.Comparison; *c.Value != 138 || c.Latest.Period != "2025-07-31" || *c.Latest.Value != 141.8 {
		t.Errorf("comparison %+v, latest %+v", c, c.Latest)
	}
	rows := panel(v, "cla-table").Table.Rows
	if diff := cmp.Diff([]string{"31 July 2025, council's own", "505", "142", "", "", "", "", "", ""}, rows[len(rows)-1]); diff != "" {
		t.Error(diff)
	}
	if trend.Source != "DfE, November 2025; the council's own, November 2025; some rates worked out here with ONS mid-year population estimates; neighbours: unweighted mean of the 1 to 2 with a figure, 2025 model" {
		t.Errorf("source %q", trend.Source)
	}
}

func TestSampleFiguresAreAnnounced(t *testing.T) {
	old := small(t).add(sample, "cla", "Middlesbrough", "2024-06-30", 500, nil)
	if v := old.page("cla", "", "", "", "", ""); !v.Sample {
		t.Error("the table shows a sample figure and the page does not say so")
	}
	b := boards(t, old.cat)
	sel, _ := b.Select(chosen())
	if v, err := b.Dashboard(t.Context(), old, "overview", sel); err != nil || v.Sample {
		t.Errorf("sample = %v (%v), though no sample figure is shown", v.Sample, err)
	}
	v := small(t).add(sample, "cla", "Middlesbrough", "2025-06-30", 500, nil).page("cla", "", "", "", "", "")
	if !v.Sample || !slices.Contains(v.Warnings, "Includes sample figures, made up to try Bellwether with.") {
		t.Errorf("sample %v, warnings %q", v.Sample, v.Warnings)
	}
	if got := panel(v, "cla-trend").Source; !strings.Contains(got, "the council's own (sample figures), December 2025") {
		t.Errorf("source %q", got)
	}
}

func TestCountsAreNotComparedWithOthers(t *testing.T) {
	h := small(t).add(stat.Council, "cla", "Middlesbrough", "2025-06-30", 500, nil)
	v := h.page("cla", "", "", "count", "", "")
	trend := panel(v, "cla-trend")
	if got := line(trend, dashboard.RoleArea); !slices.Equal(got, []string{"2023-03-31 509", "2024-03-31 -", "2025-03-31 493"}) {
		t.Errorf("area %v", got)
	}
	if got := line(trend, dashboard.RoleOwn); !slices.Equal(got, []string{"2025-03-31 493", "2025-06-30 500"}) {
		t.Errorf("own %v", got)
	}
	if len(trend.Trend.Lines) != 2 || trend.Trend.Band != nil || panel(v, "cla-neighbours") != nil {
		t.Errorf("compared: %d lines, band %v", len(trend.Trend.Lines), trend.Trend.Band)
	}
	if trend.Title != "Children looked after: 493 on 31 March 2025" || trend.Unit != "number" {
		t.Errorf("title %q, unit %q", trend.Title, trend.Unit)
	}
	if len(v.Warnings) != 1 || !strings.Contains(v.Warnings[0], "depend on the size of an area") {
		t.Errorf("warnings %q", v.Warnings)
	}
}

func TestFlowMonthsStandApart(t *testing.T) {
	h := hold(t).near("2025", "Middlesbrough", "Hartlepool").
		dfe("referrals", "Middlesbrough", "2024-25", 3636, 1020.9).dfe("referrals", "Hartlepool", "2024-25", 1500, 700.0).
		pop("Middlesbrough", 2024, 35617).
		add(stat.Council, "referrals", "Middlesbrough", "2025-04", 290, nil).
		add(stat.Council, "referrals", "Middlesbrough", "2025-05", 301, nil)
	v := h.page("referrals", "", "", "", "", "")
	if got := line(panel(v, "referrals-trend"), dashboard.RoleOwn); got != nil {
		t.Errorf("months on the yearly axis: %v", got)
	}
	if panel(v, "referrals-own") != nil {
		t.Error("months are drawn twice")
	}
	if got := panel(v, "referrals-monthly"); got == nil || got.Title != "Referrals by month: 301 in May 2025" || got.Unit != "number" {
		t.Fatalf("months %+v", got)
	}
	rows := panel(v, "referrals-table").Table.Rows
	if got := rows[len(rows)-1]; got[0] != "May 2025, council's own" || got[1] != "301" || got[2] != "" {
		t.Errorf("a month has a rate: %q", got)
	}
	if got := panel(v, "referrals-headline").Headline.Latest; got != "301 in May 2025, the council's own figure" {
		t.Errorf("latest %q", got)
	}
}

func TestMonthlyPercentagesStandApart(t *testing.T) {
	h := hold(t).dfe("rereferrals", "Middlesbrough", "2024-25", nil, 20.5).
		add(stat.Council, "rereferrals", "Middlesbrough", "2025-04", nil, 22.0)
	v := h.page("rereferrals", "", "", "", "", "")
	if got := line(panel(v, "rereferrals-trend"), dashboard.RoleOwn); len(got) != 0 {
		t.Errorf("months on the yearly axis: %v", got)
	}
	own := panel(v, "rereferrals-own")
	if got := line(own, dashboard.RoleOwn); !slices.Equal(got, []string{"2025-04-30 22.0"}) || own.Title != "Re-referrals within 12 months by month: 22.0% in April 2025" || own.Unit != "percentage" {
		t.Errorf("%v, %q, %q", got, own.Title, own.Unit)
	}
	if card := panel(v, "rereferrals-headline").Headline; len(card.Spark) != 0 {
		t.Errorf("the spark runs a year into a month: %v", card.Spark)
	}
}

func TestAMeasureOnlyTheCouncilHas(t *testing.T) {
	h := hold(t).near("2025", "Middlesbrough", "Hartlepool").pop("Middlesbrough", 2024, 35617).
		add(stat.Council, "cin_local", "Middlesbrough", "2025-02-28", 1200, nil).
		add(stat.Council, "cin_local", "Middlesbrough", "2025-03-31", 1267, nil)
	v := h.page("cin_local", "", "", "", "", "")
	trend := panel(v, "cin_local-trend")
	if got := line(trend, dashboard.RoleOwn); len(trend.Trend.Lines) != 1 || !slices.Equal(got, []string{"2025-02-28 336.9", "2025-03-31 355.7"}) {
		t.Errorf("own %v", got)
	}
	card := panel(v, "cin_local-headline")
	if card.Headline.Count != "1,267" || card.Headline.Rank != "" || card.Headline.Against != "" || card.Headline.Change != "+67 children (+5.6%) since 28 February 2025; rate +18.8" {
		t.Errorf("card %+v", card.Headline)
	}
	if len(card.Warnings) != 1 || !strings.HasPrefix(card.Warnings[0], "Only the council has figures") {
		t.Errorf("warnings %q", card.Warnings)
	}
	if panel(v, "cin_local-neighbours") != nil {
		t.Error("bars of one area")
	}
	c, err := boards(t, h.cat).Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cin_local", Period: "2025-02-28"})
	if err != nil || *c.Count != 1200 {
		t.Errorf("compare of an own date: %v, %v", c, err)
	}
}

func TestLondonStandsInWhereInnerLondonHasNone(t *testing.T) {
	h := hold(t).dfe("cla", "Camden", "2025", 190, 54).dfe("cla", "Inner London", "2025", nil, stat.Unexplained).
		dfe("cla", "London", "2025", nil, 51).dfe("cla", "England", "2025", nil, 67)
	v := h.page("cla", "Camden", "", "", "", "")
	if c := panel(v, "cla-headline").Headline.Comparison; c.Region.Name != "London" || *c.Region.Value != 51 {
		t.Errorf("region %+v", c.Region)
	}
	trend := panel(v, "cla-trend")
	if got := line(trend, dashboard.RoleRegion); !slices.Equal(got, []string{"2025-03-31 51"}) {
		t.Errorf("region %v", got)
	}
	if !slices.Contains(trend.Warnings, "Compared with London, because there is no figure for Inner London.") {
		t.Errorf("warnings %q", trend.Warnings)
	}
}

func TestAnAbolishedAuthorityKeepsItsFigures(t *testing.T) {
	h := hold(t).near("2021", "Northumberland", "Cumbria", "Cornwall").near("2025", "Northumberland", "Cornwall").
		dfe("cla", "Cumbria", "2023", 700, 76).dfe("cla", "Cornwall", "2023", 500, 45).dfe("cla", "Northumberland", "2023", 450, 77).
		dfe("cla", "Cumbria", "2024", stat.NotApplicable, stat.NotApplicable).dfe("cla", "Cornwall", "2024", 520, 47).dfe("cla", "Northumberland", "2024", 460, 79)
	v := h.page("cla", "Cumbria", "2021", "", "", "")
	card := panel(v, "cla-headline")
	if card.Headline.AsOf != "31 March 2023" || card.Headline.Value != "76 per 10,000" {
		t.Errorf("card %+v", card.Headline)
	}
	if len(card.Warnings) == 0 || card.Warnings[0] != "Cumbria was abolished on 1 April 2023; its figures to that day remain." {
		t.Errorf("warnings %q", card.Warnings)
	}
	if !slices.Contains(card.Warnings, "Cumbria has no statistical neighbours in the 2021 model.") {
		t.Errorf("warnings %q", card.Warnings)
	}
	c, err := boards(t, h.cat).Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Area: "Northumberland", Neighbours: "2021"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Period != "2024-03-31" || c.Neighbours.N != 1 || *c.Neighbours.Mean != 47 || len(c.Neighbours.Members) != 2 {
		t.Errorf("%s, neighbours %+v", c.Period, c.Neighbours)
	}
	if !slices.Contains(c.Warnings, "No figure for Cumbria: abolished on 1 April 2023.") {
		t.Errorf("warnings %q", c.Warnings)
	}
}

func TestMarksAreShownAndExplained(t *testing.T) {
	h := hold(t).dfe("cpp", "City of London", "2024", 5, 59.0).dfe("cpp", "City of London", "2025", stat.Confidential, stat.Confidential).
		dfe("cpp", "England", "2024", nil, 41.4).dfe("cpp", "England", "2025", nil, 40.6)
	v := h.page("cpp", "201", "", "", "", "")
	table := panel(v, "cpp-table").Table
	if got := table.Rows[1]; got[1] != "c" || got[2] != "c" {
		t.Errorf("row %q", got)
	}
	if !slices.Contains(table.Notes, "c: withheld to protect children's identities") {
		t.Errorf("notes %q", table.Notes)
	}
	trend := panel(v, "cpp-trend")
	if pt := trend.Trend.Lines[0].Points[1]; pt.Number != nil || pt.Mark != "c" || pt.Text != "c" {
		t.Errorf("point %+v", pt)
	}
}

func TestPagesWithoutFigures(t *testing.T) {
	h := hold(t)
	v := h.page("cla", "", "", "", "", "")
	if len(v.Warnings) != 1 || !strings.Contains(v.Warnings[0], "import a file") {
		t.Errorf("warnings %q", v.Warnings)
	}
	if c := panel(v, "cla-headline"); c == nil || c.Headline.Comparison != nil || c.Sentence != "No figures of children looked after are held." {
		t.Errorf("card %+v", c)
	}
	b, err := json.Marshal(v)
	if err != nil || strings.Contains(string(b), `"panels":null`) || strings.Contains(string(b), `"models":null`) {
		t.Errorf("%s, %v", b, err)
	}
	_, err = boards(t, h.cat).Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Area: "806"})
	if !errors.Is(err, dashboard.ErrNoFigures) {
		t.Errorf("compare: %v", err)
	}
	count := hold(t).dfe("rereferrals", "Middlesbrough", "2025", nil, 20.5).page("rereferrals", "", "", "count", "", "")
	if panel(count, "rereferrals-trend") != nil || !slices.Contains(count.Warnings, "No numbers are held of re-referrals within 12 months in Middlesbrough for these years.") {
		t.Errorf("warnings %q", count.Warnings)
	}
}
