package dashboard_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// holding is a few figures in memory, read the way the store is.
type holding struct {
	t     testing.TB
	cat   *stat.Catalogue
	obs   []stat.Observation
	links []stat.Link
	said  stat.Holding // what the council says
	reads int
}

func hold(t testing.TB) *holding { return &holding{t: t, cat: catalogue(t)} }

func (h *holding) Read(_ context.Context, q stat.Query) (stat.Holding, error) {
	h.reads++
	out := h.said
	out.Links, out.Version = h.links, 7
	for _, o := range h.obs {
		if slices.Contains(q.Measures, o.Measure) && (q.Areas == nil || slices.Contains(q.Areas, o.Area)) {
			out.Observations = append(out.Observations, o)
		}
	}
	return out, nil
}

func (h *holding) code(area string) string {
	h.t.Helper()
	a, err := h.cat.Area(area)
	if err != nil {
		h.t.Fatal(err)
	}
	return a.Code
}

// add holds an observation. A count or a value is a number, a mark, or nil.
func (h *holding) add(publisher, measure, area, period string, count, value any) *holding {
	h.t.Helper()
	m, err := h.cat.Measure(measure)
	if err != nil {
		h.t.Fatal(err)
	}
	p, err := stat.ParsePeriod(period)
	if err != nil {
		h.t.Fatal(err)
	}
	if p, err = p.For(m.Kind); err != nil {
		h.t.Fatal(err)
	}
	origin := &stat.Origin{Publisher: publisher, Released: "2025-11", File: "figures.csv"}
	if publisher == sample {
		origin = &stat.Origin{Publisher: stat.Council, Released: "2025-12", File: "monthly-return.xlsx", Sample: true}
	}
	h.obs = append(h.obs, stat.Observation{
		Key:   stat.Key{Measure: m.Code, Area: h.code(area), Period: p},
		Count: figure(count, origin), Value: figure(value, origin),
	})
	return h
}

// sample publishes for the council what a sample file says.
const sample = "sample"

func figure(x any, origin *stat.Origin) stat.Figure {
	f := stat.Figure{Text: fmt.Sprint(x), At: "F12", Origin: origin}
	switch x := x.(type) {
	case nil:
		return stat.Figure{}
	case int:
		f.Number = float64(x)
	case float64:
		f.Number = x
	case stat.Mark:
		f.Mark = x
	default:
		panic(fmt.Sprintf("%T is no figure", x))
	}
	return f
}

// dfe holds a published observation, pop a population estimate of 30 June.
func (h *holding) dfe(measure, area, period string, count, value any) *holding {
	h.t.Helper()
	return h.add(stat.DfE, measure, area, period, count, value)
}

func (h *holding) pop(area string, year, people int) *holding {
	h.t.Helper()
	return h.add(stat.ONS, stat.Population, area, fmt.Sprintf("%d-06-30", year), nil, people)
}

// part holds a count of one category of an area that DfE publishes.
func (h *holding) part(measure, area, period, breakdown string, count any) *holding {
	h.t.Helper()
	h.dfe(measure, area, period, count, nil)
	last := &h.obs[len(h.obs)-1]
	last.Breakdown = breakdown
	return h
}

// charted lets measures have a control chart, whatever the catalogue says.
func (h *holding) charted(codes ...string) *holding {
	h.t.Helper()
	measures := slices.Clone(h.cat.Measures())
	for i, m := range measures {
		measures[i].Control = slices.Contains(codes, m.Code)
	}
	cat, err := stat.NewCatalogue(measures, h.cat.Areas())
	if err != nil {
		h.t.Fatal(err)
	}
	h.cat = cat
	return h
}

// view is the measure's page for choices as a query string has them.
func (h *holding) view(measure string, choices ...string) *dashboard.View {
	h.t.Helper()
	b := boards(h.t, h.cat)
	b.Now = func() time.Time { return time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC) }
	sel, err := b.Select(chosen(choices...))
	if err != nil {
		h.t.Fatal(err)
	}
	v, err := b.Measure(h.t.Context(), h, measure, sel)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// day is an ISO day.
func day(t testing.TB, iso string) stat.Date {
	t.Helper()
	d, err := stat.ParseDate(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// near makes areas the neighbours of another, closest first.
func (h *holding) near(model, area string, neighbours ...string) *holding {
	h.t.Helper()
	for i, n := range neighbours {
		h.links = append(h.links, stat.Link{Model: model, Area: h.code(area), Neighbour: h.code(n), Position: i + 1})
	}
	return h
}

// chosen are choices as a query string has them: name, value, name, value.
func chosen(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// page is the measure's page for a selection.
func (h *holding) page(measure, area, model, show, from, to string) *dashboard.View {
	h.t.Helper()
	return h.view(measure, "area", area, "neighbours", model, "show", show, "from", from, "to", to)
}

// panel is the page's panel with that ID, nil for none.
func panel(v *dashboard.View, id string) *dashboard.Panel {
	for i := range v.Panels {
		if v.Panels[i].ID == id {
			return &v.Panels[i]
		}
	}
	return nil
}

// line writes a trend's line as "period text", a gap as "period -".
func line(p *dashboard.Panel, role string) []string {
	if p == nil || p.Trend == nil {
		return nil
	}
	var out []string
	for _, l := range p.Trend.Lines {
		if l.Role != role {
			continue
		}
		for _, pt := range l.Points {
			text := pt.Text
			if text == "" {
				text = "-"
			}
			if (pt.Number == nil) != (text == "-" || pt.Mark != "") {
				text = "?" + text
			}
			out = append(out, pt.Period+" "+text)
		}
	}
	return out
}
