package dashboard_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

func TestSelect(t *testing.T) {
	b := boards(t, catalogue(t))
	for name, tc := range map[string]struct {
		area, model, show, from, to, since, project string
		want                                        dashboard.Selection
		field                                       string // of the error
		kind                                        error
		says                                        string
	}{
		"defaults": {want: dashboard.Selection{Area: home, Neighbours: "2025", Show: "value"}},
		"all of it": {area: "805", model: "2021", show: "count", from: "2015", to: "2020", since: "2025-06-03", project: "2028",
			want: dashboard.Selection{Area: "E06000001", Neighbours: "2021", Show: "count", From: 2015, To: 2020, Since: "2025-06-03", Project: 2028}},
		"a group":        {model: "tees-valley", since: "last", want: dashboard.Selection{Area: home, Neighbours: "tees-valley", Show: "value", Since: "last"}},
		"by name":        {area: "hartlepool", want: dashboard.Selection{Area: "E06000001", Neighbours: "2025", Show: "value"}},
		"unknown area":   {area: "Atlantis", field: "area", kind: stat.ErrUnknown, says: `"Atlantis"`},
		"two Dorsets":    {area: "Dorset", field: "area", kind: stat.ErrAmbiguous, says: "835"},
		"a region":       {area: "North East", field: "area", kind: stat.ErrUnknown, says: "not a local authority"},
		"no such day":    {since: "yesterday", field: "since", says: `"yesterday" is not a date`},
		"no year ahead":  {project: "soon", field: "project", says: `"soon" is not a year`},
		"unknown show":   {show: "rate", field: "show", kind: stat.ErrUnknown, says: "value or count"},
		"no year":        {from: "last", field: "from", says: `"last" is not a year`},
		"years reversed": {from: "2020", to: "2015", field: "from", says: "earlier year first"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := b.Select(chosen("area", tc.area, "neighbours", tc.model, "show", tc.show, "from", tc.from, "to", tc.to, "since", tc.since, "project", tc.project))
			if tc.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Error(diff)
				}
				return
			}
			var choice *dashboard.ChoiceError
			if !errors.As(err, &choice) || choice.Field != tc.field || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("error %v", err)
			}
			if tc.kind != nil && !errors.Is(err, tc.kind) {
				t.Errorf("%v is not %v", err, tc.kind)
			}
		})
	}
}

func TestUnknownNames(t *testing.T) {
	h := small(t)
	b := boards(t, h.cat)
	sel, _ := b.Select(chosen())
	if _, err := b.Dashboard(t.Context(), h, "nonsense", sel); !errors.Is(err, dashboard.ErrNotFound) {
		t.Errorf("dashboard: %v", err)
	}
	if _, err := b.Measure(t.Context(), h, "nonsense", sel); !errors.Is(err, dashboard.ErrNotFound) || !errors.Is(err, stat.ErrUnknown) {
		t.Errorf("measure: %v", err)
	}
	sel.Neighbours = "2030"
	var choice *dashboard.ChoiceError
	if _, err := b.Measure(t.Context(), h, "cla", sel); !errors.As(err, &choice) || choice.Field != "neighbours" {
		t.Errorf("model: %v", err)
	}
	for name, call := range map[string]func() error{
		"measure": func() error {
			_, err := b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "nonsense"})
			return err
		},
		"area": func() error {
			_, err := b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Area: "Atlantis"})
			return err
		},
		"model": func() error {
			_, err := b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Neighbours: "2030"})
			return err
		},
		"series": func() error { _, err := b.Series(t.Context(), h, "cla", "Atlantis", "", stat.Date{}); return err },
	} {
		if err := call(); !errors.Is(err, stat.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "cla", Period: "2019"}); !errors.Is(err, dashboard.ErrNoFigures) || !strings.Contains(err.Error(), "31 March 2025") {
		t.Errorf("period without figures: %v", err)
	}
	if _, err := b.Compare(t.Context(), h, dashboard.CompareQuery{Measure: "referrals", Period: "2025-03-31"}); err == nil || !strings.Contains(err.Error(), "single day") {
		t.Errorf("a day of a flow: %v", err)
	}
}

func TestOverview(t *testing.T) {
	h := small(t).dfe("cpp", "Middlesbrough", "2025", 353, 99.1).dfe("cin", "Middlesbrough", "2025", 2005, 562.9)
	b := boards(t, h.cat)
	sel, _ := b.Select(chosen())
	v, err := b.Dashboard(t.Context(), h, dashboard.Overview, sel)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range v.Panels {
		ids = append(ids, p.ID)
	}
	if diff := cmp.Diff([]string{"cla-headline", "cpp-headline", "cin-headline", "cla-trend", "cpp-trend", "cin-trend"}, ids); diff != "" {
		t.Error(diff)
	}
	if h.reads != 1 || v.Path != "/dashboards/overview" || v.Title != b.Title("overview") || !strings.Contains(v.Lead, "Middlesbrough") {
		t.Errorf("%d reads, path %s, title %s, lead %s", h.reads, v.Path, v.Title, v.Lead)
	}
	if b.Names()[0] != dashboard.Overview || b.Title("nonsense") != "" {
		t.Errorf("names %v", b.Names())
	}
}

func TestDefinitionFaultsNameFileAndLine(t *testing.T) {
	cat := catalogue(t)
	for name, tc := range map[string]struct{ toml, want string }{
		"unknown setting": {"title = \"T\"\n[[panel]]\nkind = \"trend\"\nmeasure = \"cla\"\ncolour = \"red\"\n",
			`x.toml:5: "panel.colour" is not a setting of a dashboard`},
		"unknown measure": {"title = \"T\"\n# why\n[[panel]]\nkind = \"trend\"\n\nmeasure = \"clown\"\n",
			`x.toml:6: measure "clown" is not in the catalogue`},
		"unknown kind": {"title = \"T\"\n[[panel]]\nmeasure = \"cla\"\nkind = \"pie\"\n",
			`x.toml:4: panel kind "pie" is none of headline, trend, neighbours, table, about`},
		"kind left out": {"title = \"T\"\n[[panel]]\nmeasure = \"cla\"\n",
			`x.toml:2: panel kind "" is none of headline, trend, neighbours, table, about`},
		"twice": {"title = \"T\"\n[[panel]]\nkind = \"trend\"\nmeasure = \"cla\"\n[[panel]]\nkind = \"trend\"\nmeasure = \"cla\"\n",
			"x.toml:6: there is already a trend panel of cla"},
		"no title":    {"[[panel]]\nkind = \"trend\"\nmeasure = \"cla\"\n", "x.toml:1: the dashboard has no title"},
		"no panel":    {"title = \"T\"\n", "x.toml:1: the dashboard has no [[panel]]"},
		"not TOML":    {"title = \"T\"\nkind = = 3\n", "x.toml:2: "},
		"wrong types": {"title = 3\n", "x.toml:1: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dashboard.Load(fstest.MapFS{"x.toml": {Data: []byte(tc.toml)}}, cat)
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
	if _, err := dashboard.Load(fstest.MapFS{}, cat); err == nil {
		t.Error("no dashboard at all is accepted")
	}
}

func FuzzLoad(f *testing.F) {
	cat := catalogue(f)
	f.Add([]byte("title = \"T\"\n[[panel]]\nkind = \"trend\"\nmeasure = \"cla\"\n"))
	f.Add([]byte("title = \"T\"\npanel = [{kind = \"trend\"}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		defs, err := dashboard.Load(fstest.MapFS{"x.toml": {Data: data}}, cat)
		if err == nil && (len(defs) != 1 || defs[0].Title == "" || len(defs[0].Panels) == 0) {
			t.Errorf("accepted %q as %+v", data, defs)
		}
	})
}
