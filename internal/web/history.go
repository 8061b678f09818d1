package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// holding is what is held of one measure, as the pages that lead to single
// figures need it.
type holding struct {
	measure     string
	areas       map[string]*heldArea
	rebases     []stat.Rebase // of the measure, oldest first
	projections []stat.Projection
	steward     stat.Steward
}

// heldArea is what is held of the measure in one area.
type heldArea struct {
	periods    []stat.Period // in order
	breakdowns []string      // in order, "" first
	links      map[string]stat.Period
}

func newHolding(held stat.Holding, measure string) *holding {
	h := &holding{measure: measure, areas: map[string]*heldArea{}}
	for _, r := range held.Rebases {
		if r.Measure == measure {
			h.rebases = append(h.rebases, r)
		}
	}
	for _, p := range held.Projections {
		if p.Measure == measure {
			h.projections = append(h.projections, p)
		}
	}
	for _, k := range held.Stewards {
		if k.Measure == measure {
			h.steward = k
		}
	}
	for i := range held.Observations {
		o := &held.Observations[i]
		if o.Measure != measure {
			continue
		}
		a := h.areas[o.Area]
		if a == nil {
			a = &heldArea{links: map[string]stat.Period{}}
			h.areas[o.Area] = a
		}
		a.periods = append(a.periods, o.Period)
		if n := len(a.breakdowns); n == 0 || a.breakdowns[n-1] != o.Breakdown {
			a.breakdowns = append(a.breakdowns, o.Breakdown)
		}
		if o.Breakdown == "" {
			label := o.Period.Label()
			label = strings.ToUpper(label[:1]) + label[1:] // as a table has it
			for _, end := range []string{"", ", council's own", ", council's own, draft"} {
				a.links[label+end] = o.Period
			}
		}
	}
	for _, a := range h.areas {
		slices.SortFunc(a.periods, stat.Period.Compare)
		a.periods = slices.Compact(a.periods)
	}
	return h
}

// links are the addresses of the histories of an area's totals, by what a
// table has in the first cell of their rows.
func (h *holding) links(area string) map[string]string {
	if h == nil || h.areas[area] == nil {
		return nil
	}
	out := map[string]string{}
	for label, p := range h.areas[area].links {
		out[label] = historyPath(stat.Key{Measure: h.measure, Area: area, Period: p})
	}
	return out
}

// historyForm chooses a figure of a measure, among those that are held.
type historyForm struct {
	Action, Area, AreaName string
	Held                   bool // the area has figures
	Areas                  []choice
	More                   int // areas that are not listed
	Breakdowns             []string
	Breakdown              string
	Periods                []choice // the latest first
	Period                 string
}

// listedAreas is how many areas a form offers.
const listedAreas = 400

// historyForm offers the figures of an area; where it has none, those of any
// that has. It is nil where nothing is held.
func (s *Server) historyForm(h *holding, area string) *historyForm {
	if len(h.areas) == 0 {
		return nil
	}
	f := &historyForm{Action: measurePath(h.measure) + "/history", Area: area, AreaName: s.areaName(area), Held: h.areas[area] != nil}
	for code := range h.areas {
		f.Areas = append(f.Areas, choice{code, s.areaName(code)})
	}
	slices.SortFunc(f.Areas, func(a, b choice) int {
		return cmp.Or(s.areaRank(a.Value)-s.areaRank(b.Value), cmp.Compare(a.Words, b.Words), cmp.Compare(a.Value, b.Value))
	})
	if !f.Held {
		f.Area = f.Areas[0].Value
	}
	if f.More = max(0, len(f.Areas)-listedAreas); f.More > 0 {
		chosen := slices.IndexFunc(f.Areas, func(c choice) bool { return c.Value == f.Area })
		f.Areas[0], f.Areas[chosen] = f.Areas[chosen], f.Areas[0] // it must be among them
		f.Areas = f.Areas[:listedAreas]
	}
	held := h.areas[f.Area]
	f.Breakdowns = held.breakdowns
	for _, p := range slices.Backward(held.periods) {
		label := p.Label()
		f.Periods = append(f.Periods, choice{p.String(), strings.ToUpper(label[:1]) + label[1:]})
	}
	return f
}

// areaRank puts England before regions, authorities and all others.
func (s *Server) areaRank(code string) int {
	a, err := s.Catalogue.Area(code)
	if at := slices.Index([]stat.Level{stat.National, stat.Regional, stat.Authority}, a.Level); err == nil && at >= 0 {
		return at
	}
	return 3
}

// historyPage lists all that was ever said of one figure.
type historyPage struct {
	page
	Measure  stat.Measure
	Area     stat.Area
	Key      stat.Key
	Label    string // of the period
	Form     *historyForm
	Versions []version
	Back     string
	Problem  string // with the choice
}

// version is a dashboard.Version and how each of its figures is shown; its JSON
// is that of `bellwether history --json`.
type version struct {
	dashboard.Version

	Parts   []versionPart `json:"-"`
	Meaning string        `json:"-"` // of the mark
}

// versionPart is one of the figures of a version as it is shown.
type versionPart struct{ What, Shown, Text, At string }

func (s *Server) history(c *gin.Context) error {
	m, err := s.Catalogue.Measure(c.Param("name"))
	if err != nil {
		return err
	}
	area, err := s.Catalogue.Area(cmp.Or(c.Query("area"), s.Home.Code))
	if err != nil {
		return &failure{http.StatusNotFound, "Area not found", sentence(err), err}
	}
	ctx := c.Request.Context()
	if err := s.seen(ctx, m.Code); err != nil {
		return err
	}
	src, err := s.figures(ctx)
	if err != nil {
		return err
	}
	held, err := src.Read(ctx, stat.Query{Measures: []string{m.Code}})
	if err != nil {
		return err
	}
	form := s.historyForm(newHolding(held, m.Code), area.Code)
	key, found := form.choose(c.Request.URL.Query(), m, area)
	var versions []version
	if found {
		all, err := src.History(ctx, key)
		if err != nil {
			return err
		}
		versions = versionsOf(m, all)
	}
	if strings.HasSuffix(c.Request.URL.Path, ".json") {
		if len(versions) == 0 {
			return noFigure(m, area)
		}
		writeJSON(c.Writer, http.StatusOK, versions)
		return nil
	}
	return s.historyHTML(c, m, area, key, form, versions)
}

func noFigure(m stat.Measure, a stat.Area) error {
	return notFound("No such figure of "+m.Name+" is held for "+a.Name+". Choose one on the measure's page.", nil)
}

// choose finds the figure that is asked for: by the period as a form or a
// command has it; without one the latest.
func (f *historyForm) choose(q url.Values, m stat.Measure, area stat.Area) (stat.Key, bool) {
	key := stat.Key{Measure: m.Code, Area: area.Code, Breakdown: q.Get("breakdown")}
	if f == nil || !f.Held {
		return key, false
	}
	if !q.Has("breakdown") {
		key.Breakdown = f.Breakdowns[0]
	}
	want := cmp.Or(q.Get("period"), f.Periods[0].Value)
	p, err := stat.ParsePeriod(want)
	if err == nil {
		if kind, err := p.For(m.Kind); err == nil && !f.offers(want) {
			p = kind
		}
	}
	key.Period, f.Period, f.Breakdown = p, p.String(), key.Breakdown
	return key, err == nil && slices.Contains(f.Breakdowns, key.Breakdown)
}

func (f *historyForm) offers(period string) bool {
	return slices.ContainsFunc(f.Periods, func(c choice) bool { return c.Value == period })
}

func versionsOf(m stat.Measure, all []stat.Observation) []version {
	out := []version{}
	for _, o := range all {
		v := version{Version: dashboard.VersionOf(o)}
		for _, part := range stat.Parts {
			f := *o.Part(part)
			if !f.Given() {
				continue
			}
			decimals := 0
			if part == stat.PartValue {
				decimals = m.Decimals
			}
			v.Parts = append(v.Parts, versionPart{partWords(m, part), written(f, decimals), f.Text, f.At})
			v.Meaning = cmp.Or(f.Mark.Meaning(), v.Meaning)
		}
		out = append(out, v)
	}
	return out
}

func (s *Server) historyHTML(c *gin.Context, m stat.Measure, area stat.Area, key stat.Key, form *historyForm, versions []version) error {
	p := historyPage{page: s.base(c.Request.Context(), "History of a figure: "+m.Name, "/measures", ""), Measure: m, Area: area, Key: key, Form: form, Versions: versions}
	p.Back = measurePath(m.Code)
	if area.Level == stat.Authority {
		p.Back += "?" + url.Values{"area": {area.Code}}.Encode()
	}
	status := http.StatusOK
	if len(versions) == 0 {
		status = http.StatusNotFound
		p.Problem = "No such figure of " + m.Name + " is held for " + area.Name + "."
	} else {
		p.Label = key.Period.Label()
		p.Twin = strings.Replace(historyPath(key), "/history?", "/history.json?", 1)
	}
	for _, v := range versions {
		p.Sample = p.Sample || v.Sample
		if v.Draft {
			p.draft(v.Batch)
		}
	}
	return s.pages.write(c.Writer, status, "history", p)
}
