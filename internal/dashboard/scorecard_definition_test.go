package dashboard_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"bellwether/internal/dashboard"
)

func TestRowFaultsNameFileAndLine(t *testing.T) {
	cat := catalogue(t)
	const head = "title = \"T\"\ncadence = \"month\"\n[[row]]\nmeasure = \"cla\"\n" // four lines
	for name, tc := range map[string]struct{ toml, want string }{
		"no cadence":         {"title = \"T\"\n[[row]]\nmeasure = \"cla\"\n", "x.toml:1: a dashboard with [[row]] needs a cadence"},
		"unknown cadence":    {"title = \"T\"\ncadence = \"day\"\n[[row]]\nmeasure = \"cla\"\n", `x.toml:2: cadence "day" is none of month, six weeks, quarter, year`},
		"cadence of nothing": {"title = \"T\"\ncadence = \"month\"\n[[panel]]\nkind = \"trend\"\nmeasure = \"cla\"\n", "x.toml:2: a cadence is of the [[row]]s"},
		"unknown measure":    {"title = \"T\"\ncadence = \"month\"\n[[row]]\nref = \"A\"\nmeasure = \"clown\"\n", `x.toml:5: measure "clown"`},
		"unknown setting":    {head + "colour = 3\n", `x.toml:5: "row.colour" is not a setting`},
		"unknown good":       {head + "good = \"middling\"\n", `x.toml:5: good "middling" is none of high, low, none`},
		"unknown show":       {head + "show = \"rate\"\n", `x.toml:5: show "rate" is none of value, count`},
		"unknown source":     {head + "target_from = \"mars\"\ntarget_is = \"below\"\n", `x.toml:5: target_from "mars"`},
		"unknown side":       {head + "target = 3\ntarget_is = \"beside\"\n", `x.toml:6: target_is "beside"`},
		"unknown setter":     {head + "target_by = \"me\"\n", `x.toml:5: target_by "me"`},
		"two targets":        {head + "good = \"low\"\ntarget = 3\nrange = [1, 2]\n", "x.toml:4: cla has more than one target"},
		"range upside down":  {head + "range = [2, 1]\n", "x.toml:5: a range is two numbers"},
		"range of one":       {head + "range = [2]\n", "x.toml:5: a range is two numbers"},
		"endless target":     {head + "good = \"low\"\ntarget = inf\n", "x.toml:6: the target is not a number"},
		"tolerance below 0":  {head + "good = \"low\"\ntarget = 3\ntolerance = -1\n", "x.toml:7: the tolerance is not a number of 0 or more"},
		"tolerance alone":    {head + "tolerance = 1\n", "x.toml:5: there is no target for this tolerance"},
		"setter alone":       {head + "target_by = \"local\"\n", "x.toml:5: there is no target for this target_by"},
		"which way":          {head + "target = 480\n", "x.toml:5: neither high nor low is good of cla"},
		"which side of them": {head + "target_from = \"region\"\n", "x.toml:5: say whether the figure is to be below or above"},
		"numbers of others":  {head + "show = \"count\"\ntarget_from = \"region\"\ntarget_is = \"below\"\n", "x.toml:6: plain numbers depend on the size"},
		"against itself":     {head + "good = \"high\"\ntarget = 3\ntarget_is = \"below\"\n", "x.toml:7: the target is to be below it, yet high is good"},
		"range with a side":  {head + "range = [1, 2]\ntarget_is = \"below\"\n", "x.toml:6: a range needs no target_is"},
		"twice":              {head + "[[row]]\nmeasure = \"lac\"\n", "x.toml:6: there is already a row of cla"},
		"section torn apart": {head + "section = \"A\"\n[[row]]\nsection = \"B\"\nmeasure = \"cpp\"\n[[row]]\nsection = \"A\"\nmeasure = \"cin\"\n", `x.toml:10: section "A" stands in two places`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dashboard.Load(fstest.MapFS{"x.toml": {Data: []byte(tc.toml)}}, cat)
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
	twice := head + "show = \"count\"\n[[row]]\nmeasure = \"cla\"\nref = \"CP2\"\n"
	if _, err := dashboard.Load(fstest.MapFS{"x.toml": {Data: []byte(twice)}}, cat); err != nil {
		t.Errorf("a measure's number and rate, told apart by a ref: %v", err)
	}
}

// FuzzScorecard lays out whatever rows a definition and commentary can have.
func FuzzScorecard(f *testing.F) {
	cat := catalogue(f)
	f.Add("target = 55\ntolerance = 2", "412 children. RAG: green.")
	f.Add("range = [50, 55.5]", "4% on 31 March; the target was met")
	f.Add("target_from = \"neighbours\"\ntarget_is = \"below\"", "")
	f.Fuzz(func(t *testing.T, row, text string) {
		area, _ := cat.Area(home)
		b, err := dashboard.New(fstest.MapFS{"card.toml": {Data: []byte("title = \"T\"\ncadence = \"month\"\n[[row]]\nmeasure = \"rereferrals\"\n" + row)}}, cat, area)
		if err != nil {
			return
		}
		h := neighbourly(t)
		h.say("rereferrals", "2025-03-31", text)
		v, err := b.Dashboard(t.Context(), h, "card", dashboard.Selection{})
		if err != nil {
			t.Fatal(err)
		}
		if p := panel(v, dashboard.Scorecard); p == nil || p.Scorecard.Rows[0].Rating.Reason == "" {
			t.Errorf("no rating of %q", row)
		}
	})
}

// TestEveryDashboardOfTheBox opens each with the published figures.
func TestEveryDashboardOfTheBox(t *testing.T) {
	t.Parallel()
	cat := catalogue(t)
	db, b := box(t), boards(t, cat)
	for _, name := range b.Names() {
		v, err := b.Dashboard(t.Context(), db, name, dashboard.Selection{})
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, p := range v.Panels {
			if p.ID == "" || ids[p.ID] || p.Title == "" || p.Sentence == "" {
				t.Errorf("%s: panel %q, %q: %q", name, p.ID, p.Title, p.Sentence)
			}
			ids[p.ID] = true
		}
		if len(v.Panels) == 0 && len(v.Missing) == 0 {
			t.Errorf("%s shows nothing and does not say why", name)
		}
		t.Logf("%s: %d panels, %d measures missing, warnings %q", name, len(v.Panels), len(v.Missing), v.Warnings)
	}
}

// TestADashboardWithoutFigures names what to import and shows no empty cards.
func TestADashboardWithoutFigures(t *testing.T) {
	h := small(t)
	b := boards(t, h.cat)
	v, err := b.Dashboard(t.Context(), h, "workforce", dashboard.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Panels) != 0 || len(v.Missing) != 6 || len(v.Warnings) != 1 || !strings.Contains(v.Warnings[0], "Import a file") {
		t.Errorf("%d panels, missing %v, warnings %q", len(v.Panels), v.Missing, v.Warnings)
	}
	if how := v.Missing[5].How; how != "The council's own: put it on the monthly return and import that." {
		t.Error(how)
	}
}
