package dashboard

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
)

// MostPanels is how many a page of one's own may have.
const MostPanels = 12

// Built is a reader's own page, as it was understood.
type Built struct {
	Title    string    `json:"title,omitempty"` // as the reader calls it
	Panels   []Chosen  `json:"panels"`
	Problems []Problem `json:"problems,omitempty"`
}

// Chosen is a panel of a reader's own page.
type Chosen struct {
	ID      string `json:"id"` // "cla-trend"
	Measure string `json:"measure"`
	Kind    string `json:"kind"`  // what comes after the measure's code
	Label   string `json:"label"` // "Children looked after: trend"
}

// KindChoices are the panels that every measure may have, by kind.
func KindChoices() []Choice {
	return []Choice{
		{Headline, "Card"}, {Trend, "Trend"}, {Bars, "Neighbours, bars"}, {nearTrend, "Neighbours, a line each"},
		{nearTable, "Neighbours, table"}, {everyone, "All authorities"}, {Control, "Control chart"}, {Ahead, "Projection"},
		{Shares, "Representation"}, {Parted, "Breakdowns"}, {Monthly, "Months"}, {ownTrend, "The council's own figures"}, {Table, "Every period"}, {About, "Definition"},
	}
}

// Build lays out a page of a reader's own: the panels with those IDs, each
// "measure-kind" as on any other page, in that order, with one read of src.
// What cannot be shown is among the problems of View.Built, and the rest is
// shown. Errors are those of Dashboard.
func (b *Boards) Build(ctx context.Context, src Source, sel Selection, title string, ids []string) (*View, error) {
	built := &Built{Title: title, Panels: []Chosen{}}
	var codes []string
	for _, c := range b.panelsOf(ids, built) {
		built.Panels = append(built.Panels, c)
		codes = append(codes, c.Measure)
	}
	sel.Period, sel.Cadence = "", ""
	v, fs, err := b.open(ctx, src, sel, codes...)
	if err != nil {
		return nil, fmt.Errorf("a page of panels: %w", err)
	}
	v.Name, v.Title, v.Path, v.Built = "build", title, "/build", built
	if title == "" {
		v.Title = "Your own page"
	}
	v.Lead = v.Area.Name + ": panels gathered from other pages. The address of this page keeps them: bookmark it or send it on."
	subjects := map[string]*subject{}
	for _, c := range built.Panels {
		s := subjects[c.Measure]
		if s == nil {
			m, _ := b.cat.Measure(c.Measure) // checked by panelsOf
			s = fs.subject(m, v.Area, v.Selection)
			subjects[c.Measure] = s
		}
		before := len(v.Panels)
		v.addNew(s.chosen(c.Kind))
		if len(v.Panels) == before {
			built.Problems = append(built.Problems, Problem{"panel", c.ID, fmt.Sprintf("%s: there are no figures of %s for it.", c.Label, v.Area.Name)})
		}
	}
	v.close(fs)
	return v, nil
}

// addNew adds panels that are not on the page yet.
func (v *View) addNew(panels []*Panel) {
	for _, p := range panels {
		if p != nil && !slices.ContainsFunc(v.Panels, func(q Panel) bool { return q.ID == p.ID }) {
			v.add(p)
		}
	}
}

// panelsOf understands IDs, each once.
func (b *Boards) panelsOf(ids []string, into *Built) []Chosen {
	var found Beside
	out := choose("panel", ids, MostPanels, &found, func(id string) (c Chosen, key, name string, err error) {
		c, err = b.panelOf(id)
		return c, c.ID, c.Label, err
	})
	into.Problems = found.Problems
	return out
}

// panelOf finds the measure whose code opens an ID, and what kind of panel the
// rest names.
func (b *Boards) panelOf(id string) (Chosen, error) {
	for at := range id {
		if id[at] != '-' {
			continue
		}
		m, err := b.cat.Measure(id[:at])
		if err != nil || m.Code != id[:at] {
			continue
		}
		kind := id[at+1:]
		if label := kindLabel(kind); label != "" {
			return Chosen{id, m.Code, kind, m.Name + ": " + benchmark.LowerFirst(label)}, nil
		}
	}
	return Chosen{}, fmt.Errorf("there is no panel %q: add one with the form, or from another page", id)
}

// kindLabel is "" for what is no kind of panel.
func kindLabel(kind string) string {
	if dimension, ok := strings.CutPrefix(kind, Parted+"-"); ok {
		return "by " + strings.TrimSuffix(strings.ReplaceAll(dimension, "-", " "), " own")
	}
	all := KindChoices()
	if i := slices.IndexFunc(all, func(c Choice) bool { return c.Value == kind }); i >= 0 {
		return all[i].Label
	}
	return ""
}

// chosen are the panels that the end of an ID names: one, but for all
// breakdowns there are.
func (s *subject) chosen(kind string) []*Panel {
	if kind == Parted {
		return s.breakdowns("")
	}
	if strings.HasPrefix(kind, Parted+"-") {
		return slices.DeleteFunc(s.breakdowns(""), func(p *Panel) bool { return p.ID != s.m.Code+"-"+kind })
	}
	return []*Panel{s.panel(kind)}
}

// Gathers reports whether a panel can be on a page of a reader's own: whether
// its ID says all that is needed to make it.
func Gathers(p Panel) bool {
	kind, ok := strings.CutPrefix(p.ID, p.Code+"-")
	return ok && p.Code != "" && kindLabel(kind) != ""
}
