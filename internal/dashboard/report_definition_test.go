package dashboard_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"bellwether/dashboards"
	"bellwether/internal/dashboard"
)

func TestReportsAreDefinitions(t *testing.T) {
	cat := catalogue(t)
	var names []string
	for _, info := range boards(t, cat).Reports() {
		names = append(names, info.Name+": "+info.Title+" for "+info.Audience)
	}
	if diff := cmp.Diff([]string{
		"corporate-parenting: Corporate parenting board: performance report for Corporate Parenting Board",
		"council: Report of the Executive Member for Children's Services for Council",
		"scrutiny: Middlesbrough: children's social care performance report for Children and Young People's Scrutiny Panel",
	}, names); diff != "" {
		t.Error(diff)
	}
	overview, _ := dashboards.FS.ReadFile("overview.toml")
	area, _ := cat.Area(home)
	const head = "title = \"T\"\naudience = \"A\"\n"
	for name, tc := range map[string]struct{ toml, want string }{
		"no title":          {"audience = \"A\"\n[[section]]\nkind = \"quality\"\nheading = \"H\"\n", "reports/x.toml:1: the report has no title"},
		"no audience":       {"title = \"T\"\n[[section]]\nkind = \"quality\"\nheading = \"H\"\n", "reports/x.toml:1: the report has no audience"},
		"no section":        {head, "reports/x.toml:1: the report has no [[section]]"},
		"years":             {head + "years = 99\n[[section]]\nkind = \"quality\"\nheading = \"H\"\n", "reports/x.toml:3: years is 99"},
		"unknown setting":   {head + "colour = \"red\"\n", `reports/x.toml:3: "colour" is not a setting of a report`},
		"unknown kind":      {head + "[[section]]\nkind = \"pie\"\n", `reports/x.toml:4: section kind "pie" is none of headline, change`},
		"no heading":        {head + "[[section]]\nkind = \"quality\"\n", "reports/x.toml:3: the section has no heading"},
		"no measures":       {head + "[[section]]\nkind = \"headline\"\nheading = \"H\"\n", `reports/x.toml:4: a section of kind "headline" needs measures`},
		"unknown measure":   {head + "[[section]]\nkind = \"headline\"\nheading = \"H\"\nmeasures = [\"cla\", \"clown\"]\n", `reports/x.toml:6: measure "clown" is not in the catalogue`},
		"twice":             {head + "[[section]]\nkind = \"headline\"\nheading = \"H\"\nmeasures = [\"cla\"]\nalso = [\"LAC\"]\n", `reports/x.toml:7: measure "LAC" stands in the section twice`},
		"not its own":       {head + "[[section]]\nkind = \"quality\"\nheading = \"H\"\nmeasures = [\"cla\"]\n", `reports/x.toml:6: a section of kind "quality" has no measures`},
		"unknown panel":     {head + "[[section]]\nkind = \"chart\"\nheading = \"H\"\nmeasures = [\"cla\"]\npanels = [\"pie\"]\n", `reports/x.toml:7: panel kind "pie" is none of`},
		"dimension of what": {head + "[[section]]\nkind = \"chart\"\nheading = \"H\"\nmeasures = [\"cla\"]\ndimension = \"age\"\n", `reports/x.toml:7: only a panel of kind "breakdown" has a dimension`},
		"no such scorecard": {head + "[[section]]\nkind = \"scorecard\"\nheading = \"H\"\nscorecard = \"overview\"\n", `reports/x.toml:6: scorecard "overview" is no dashboard with a [[row]]`},
		"heading twice":     {head + "[[section]]\nkind = \"commentary\"\nheading = \"H\"\ncommentary = [\"A b\", \"a B\"]\n", `reports/x.toml:6: there is already commentary headed "a B"`},
		"not TOML":          {head + "= 3\n", "reports/x.toml:3: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dashboard.New(fstest.MapFS{"overview.toml": {Data: overview}, "reports/x.toml": {Data: []byte(tc.toml)}}, cat, area)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
}
