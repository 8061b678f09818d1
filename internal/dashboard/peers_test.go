package dashboard_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// council is small with the rest of its region and groups of its own.
func council(t testing.TB) *holding {
	h := small(t).dfe("cla", "Redcar and Cleveland", "2025", nil, 144).dfe("cla", "Sunderland", "2025", nil, 90).
		dfe("cla", "Northumberland", "2025", nil, stat.Confidential)
	h.said.Groups = []stat.Group{
		{Name: "coast", Title: "Seaside towns", Areas: []string{h.code("Blackpool"), h.code("Hartlepool")}},
		{Name: "tees-valley", Title: "Tees Valley authorities", Areas: []string{h.code("Hartlepool"), home, h.code("Redcar and Cleveland")}},
	}
	return h
}

func TestWhomToCompareWith(t *testing.T) {
	h := council(t)
	v := h.view("cla")
	want := []dashboard.Choice{
		{Value: "2025", Label: "Statistical neighbours, 2025 model"}, {Value: "region", Label: "Other North East authorities"},
		{Value: "coast", Label: "Seaside towns"}, {Value: "tees-valley", Label: "Tees Valley authorities"},
	}
	if diff := cmp.Diff(want, v.Models); diff != "" {
		t.Error(diff)
	}
	for choice, tc := range map[string]struct {
		chosen  string
		mean    float64
		n, of   int
		against string
		line    string
		says    string // in the headline's sentence
		source  string
		column  string
		bars    string
	}{
		"2025": {"2025", 170.5, 2, 2, "32.5 below the neighbours' mean of 170.5", "Neighbours' mean (2025)",
			"below the mean of its two statistical neighbours (170.5)", "neighbours: unweighted mean of the 2 with a figure, 2025 model", "Neighbours' mean", "Neighbours' mean"},
		"region": {"region", 130.3, 3, 11, "7.7 above the group's mean of 130.3", "Mean of other North East authorities",
			"above the mean of three of the other eleven North East authorities (130.3)", "North East authorities: unweighted mean of the 3 others with a figure", "Group's mean", "Group's mean"},
		"tees-valley": {"tees-valley", 150.5, 2, 2, "12.5 below the group's mean of 150.5", "Mean of other Tees Valley authorities",
			"below the mean of the other two Tees Valley authorities (150.5)", "Tees Valley authorities: unweighted mean of the 2 others with a figure", "Group's mean", "Group's mean"},
		"Seaside Towns": {"coast", 170.5, 2, 2, "32.5 below the group's mean of 170.5", "Mean of Seaside towns",
			"Seaside towns", "Seaside towns: unweighted mean of the 2 with a figure", "Group's mean", "Group's mean"},
	} {
		t.Run(choice, func(t *testing.T) {
			v := h.view("cla", "neighbours", choice)
			if v.Selection.Neighbours != tc.chosen {
				t.Errorf("selected %s", v.Selection.Neighbours)
			}
			head := panel(v, "cla-headline")
			n := head.Headline.Comparison.Neighbours
			if n.Mean == nil || stat.RoundHalfUp(*n.Mean, 1) != tc.mean || n.N != tc.n || len(n.Members) != tc.of {
				t.Errorf("%d of %d, %+v", n.N, len(n.Members), n)
			}
			if head.Headline.Against != tc.against || !strings.Contains(head.Sentence, tc.says) || !strings.Contains(head.Source, tc.source) {
				t.Errorf("%q\n%q\n%q", head.Headline.Against, head.Sentence, head.Source)
			}
			trend := panel(v, "cla-trend")
			i := slices.IndexFunc(trend.Trend.Lines, func(l dashboard.Line) bool { return l.Role == dashboard.RoleNeighbours })
			if got := trend.Trend.Lines[i].Name; got != tc.line {
				t.Errorf("line %q", got)
			}
			if !slices.Contains(panel(v, "cla-table").Table.Columns, tc.column) {
				t.Errorf("columns %q", panel(v, "cla-table").Table.Columns)
			}
			if bars := panel(v, "cla-neighbours").Bars.Bars; !slices.ContainsFunc(bars, func(b dashboard.Bar) bool { return b.Name == tc.bars }) {
				t.Errorf("bars %+v", bars)
			}
			if tc.chosen == "2025" {
				return
			}
			for _, words := range everyWord(v) {
				if statistical.MatchString(words) {
					t.Errorf("a group's page says %q", words)
				}
			}
		})
	}
}

// statistical is what must not be said of a group.
var statistical = regexp.MustCompile(`(?i)\bneighbours?\b`)

// everyWord are the texts of a page that a reader meets, but for the choices.
func everyWord(v *dashboard.View) []string {
	out := append([]string{v.Title}, v.Warnings...)
	for _, l := range v.Links {
		out = append(out, l.Text)
	}
	for _, p := range v.Panels {
		if p.Kind == dashboard.About {
			continue
		}
		out = append(out, p.Title, p.Subtitle, p.Sentence, p.Source)
		out = append(out, p.Warnings...)
		if h := p.Headline; h != nil {
			out = append(out, h.Against, h.Verdict, h.Rank)
		}
		if p.Trend != nil {
			out = append(out, p.Trend.BandName)
			for _, l := range p.Trend.Lines {
				out = append(out, l.Name)
				for _, pt := range l.Points {
					out = append(out, pt.Origin)
				}
			}
		}
		if p.Table != nil {
			out = append(out, p.Table.Caption)
			out = append(out, p.Table.Columns...)
			for _, row := range p.Table.Rows {
				out = append(out, row...)
			}
		}
	}
	return out
}

// The page of each neighbour is a page of each of a group.
func TestGroupsPage(t *testing.T) {
	h := council(t)
	v, err := boards(t, h.cat).Neighbours(t.Context(), h, "cla", dashboard.Selection{Neighbours: "region"})
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range everyWord(v) {
		if statistical.MatchString(words) {
			t.Errorf("it says %q", words)
		}
	}
	table := panel(v, "cla-neighbour-table").Table
	if want := []string{"Area", "Number", "Rate per 10,000", "95% interval", "Difference from Middlesbrough"}; !slices.Equal(table.Columns, want) {
		t.Errorf("columns %q", table.Columns)
	}
	if len(table.Rows) != 12 || len(table.Numbers) != 12 || v.Title != "Children looked after: other North East authorities" {
		t.Errorf("%d rows, title %q", len(table.Rows), v.Title)
	}
	if got := panel(v, "cla-neighbour-table").Sentence; got != "3 of the 11 other North East authorities have a figure on 31 March 2025: their mean is 130.3 per 10,000 and their median 144.0 per 10,000." {
		t.Errorf("sentence %q", got)
	}
}

// A region's authorities are those of the day; a group's that has ended is
// named as without a figure.
func TestAuthoritiesThatEnded(t *testing.T) {
	h := hold(t).dfe("cla", "Middlesbrough", "2025", 493, 138).dfe("cla", "Lancashire", "2025", nil, 60).dfe("cla", "Cumberland", "2025", nil, 87).
		dfe("cla", "Cumbria", "2023", nil, 82).dfe("cla", "Lancashire", "2023", nil, 61)
	h.said.Groups = []stat.Group{{Name: "old", Title: "Old friends", Areas: []string{h.code("Cumbria"), h.code("Lancashire")}}}
	b := boards(t, h.cat)
	for year, want := range map[string]string{"2023": "Cumbria", "2025": "Cumberland"} {
		c, err := b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Area: "Lancashire", Period: year, Neighbours: "region"})
		if err != nil {
			t.Fatal(err)
		}
		var cumbrian []string
		for _, m := range c.Neighbours.Members {
			if strings.HasPrefix(m.Name, "Cumb") {
				cumbrian = append(cumbrian, m.Name)
			}
		}
		if !slices.Equal(cumbrian, []string{want}) {
			t.Errorf("%s: %q", year, cumbrian)
		}
	}
	c, err := b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Neighbours: "old"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Neighbours.N != 1 || len(c.Neighbours.Members) != 2 || !strings.Contains(strings.Join(c.Warnings, " "), "Cumbria: abolished on 1 April 2023") {
		t.Errorf("%+v, %q", c.Neighbours, c.Warnings)
	}
}

func TestUnknownChoicesListWhatThereIs(t *testing.T) {
	h := council(t)
	b := boards(t, h.cat)
	for name, q := range map[string]dashboard.CompareQuery{
		"neighbours": {Measure: "cla", Neighbours: "north-west"},
		"since":      {Measure: "cla", Since: "last"},
	} {
		_, err := b.Compare(t.Context(), h, q)
		var choice *dashboard.ChoiceError
		if !errors.As(err, &choice) || choice.Field != name || !errors.Is(err, stat.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
		if name == "neighbours" && !strings.Contains(err.Error(), "2025 (Statistical neighbours, 2025 model), region (Other North East authorities), coast (Seaside towns)") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSinceAMeeting(t *testing.T) {
	h := council(t)
	h.said.Meetings = []stat.Meeting{
		{Date: day(t, "2027-01-15"), Name: "Scrutiny"},
		{Date: day(t, "2024-06-03"), Name: "Scrutiny"}, {Date: day(t, "2024-06-03"), Name: "Cabinet"},
		{Date: day(t, "2023-06-05"), Name: "Scrutiny"},
	}
	v := h.view("cla", "since", "last")
	want := []dashboard.Choice{{Value: "2024-06-03", Label: "3 June 2024, Scrutiny and Cabinet"}, {Value: "2023-06-05", Label: "5 June 2023, Scrutiny"}}
	if diff := cmp.Diff(want, v.Meetings); diff != "" {
		t.Error(diff)
	}
	head := panel(v, "cla-headline").Headline
	if v.Selection.Since != "2024-06-03" || head.Meeting != "−16 children (−3.1%) since 31 March 2023, the latest figure by the meeting of 3 June 2024; rate −10" {
		t.Errorf("since %s: %q", v.Selection.Since, head.Meeting)
	}
	if m := head.Comparison.Meeting; m == nil || m.Date != "2024-06-03" || m.Name != "Scrutiny and Cabinet" || m.Absolute != -10 {
		t.Errorf("%+v", m)
	}
	if head := panel(h.view("cla"), "cla-headline").Headline; head.Meeting != "" || head.Comparison.Meeting != nil {
		t.Errorf("no meeting was chosen: %+v", head)
	}
}

// A restatement of the area's own figure travels with the comparison.
func TestRestated(t *testing.T) {
	h := small(t)
	d, _ := stat.ParsePeriod("2025-03-31")
	h.said.Restated = []stat.Restatement{{
		Key: stat.Key{Measure: "cla", Area: home, Period: d}, Publisher: stat.DfE, Part: stat.PartValue,
		First: stat.Figure{Number: 140, Text: "140", Origin: &stat.Origin{Publisher: stat.DfE, Released: "2025-08"}},
		Now:   stat.Figure{Number: 138, Text: "138", Origin: &stat.Origin{Publisher: stat.DfE, Released: "2025-11"}},
	}}
	want := "The figure on 31 March 2025 was first published as 140 (August 2025); it has since been restated as 138."
	if got := panel(h.view("cla"), "cla-headline").Warnings; !slices.Contains(got, want) {
		t.Errorf("warnings %q", got)
	}
	if got := panel(h.view("cla", "area", "Hartlepool"), "cla-headline").Warnings; slices.Contains(got, want) {
		t.Errorf("another area is warned: %q", got)
	}
}
