package web

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// viewPage is a dashboard or the page of a measure.
type viewPage struct {
	page
	View     *dashboard.View
	Warnings []string // but for that of sample figures, which has a banner
	Empty    bool     // nothing is held yet, of anything
	Tabs     []tab    // pages of the same measure
	Form     form
	Blocks   []block
	CSV      string
	Told     said         // what was said on the page and could not be kept
	Naming   *naming      // of a measure that a file brought
	History  *historyForm // of a measure's figures
	Mine     *mine        // panels gathered so far, nil for none
	Side     *sideForm    // of areas side by side
	Own      *ownForm     // of a page of the reader's own
	Steward  *stewarding  // of a measure
	Not      string       // why the measure is not measured yet, where there is nothing to show
}

// block is a row of cards, or one panel on its own.
type block struct {
	Cards  []panel
	Shared []string // notes that several of the cards have in common
	Panel  *panel
}

// panel is one of the View's with what only a page needs.
type panel struct {
	dashboard.Panel
	reader
	Wide, Narrow template.HTML // empty where it could not be drawn
	Options      template.JS
	Link         string // page of the measure
	CSV, SVG     string
	Spark        template.HTML
	Picture      string    // name of its picture's file
	Address      string    // of the panel, to copy
	Gather       string    // the reader's own page with this panel on it, "" where it cannot be
	Drop         string    // the reader's own page without it, "" on every other
	Figures      *figures  // its table
	Short        bool      // a card of a dashboard, which leaves out what the measure's page has room for
	Whom         string    // method of those the area is compared with
	Query        string    // the selection, to carry to the pages of measures
	Sections     []section // of its scorecard
	Process      *processForm
	Keep         *keepForm
	Terms        []term // met in it first of all on the page
}

// Drawn reports whether it is a chart.
func (p panel) Drawn() bool { return drawn(p.Panel) }

// whom is the fragment of what the page of methods says of those compared
// with.
func whom(sel dashboard.Selection) string {
	if model(sel.Neighbours) {
		return "neighbours"
	}
	return "groups"
}

// Method is the fragment of what the page of methods says of the panel.
func (p panel) Method() string {
	switch {
	case p.Scorecard != nil:
		return p.Kind
	case p.Bars != nil:
		return "neighbours"
	case p.Control != nil, p.Ahead != nil, p.Shares != nil, p.Parted != nil, p.Kind == dashboard.Monthly:
		return p.Kind
	case p.Table != nil && p.Trend == nil && len(p.Table.Keys) > 0:
		return "interval"
	}
	return "figure"
}

// viewHTML is the page of a dashboard, or of a measure where held is what is
// held of it. told are its forms, as somebody filled them in.
func (s *Server) viewHTML(ctx context.Context, v *dashboard.View, held *holding, by order, told filled) ([]byte, error) {
	q, current, path := queryOf(v, v.Selection), "/", pagePath(v)
	if section, _, nested := strings.Cut(path[1:], "/"); nested && path != "/dashboards/"+front {
		current = "/" + section
	}
	p := viewPage{page: s.base(ctx, v.Title, current, path+".json"+q+by.query()), View: v, CSV: path + ".csv" + q + by.query(), Tabs: tabs(v, q)}
	p.Query, p.Sample = query(timeless(v.Selection)), v.Sample
	p.draft(v.Drafts...)
	p.Form = s.form(v.Selection, path, v.Models)
	p.Form.of(v, by)
	if held != nil && p.May(stat.Viewer) {
		p.History = s.historyForm(held, v.Area.Code)
	}
	p.Naming, p.Told = told.naming, told.said
	if p.Steward = s.stewarding(p.reader, v, held); told.steward != nil {
		told.steward.reader, told.steward.Action = p.reader, p.Steward.Action
		p.Steward = told.steward
	}
	p.Not = s.unmeasured(p)
	if m, err := s.Catalogue.Measure(v.Name); p.Naming == nil && held != nil && err == nil && m.Registered && p.May(stat.Analyst) {
		p.Naming = s.naming(m)
		p.Naming.Definition = "" // the file's name says all that its own does
	}
	p.faulty(p.Told.Problem, p.Steward.problem(), p.Naming.problem())
	p.Empty = slices.Contains(v.Warnings, dashboard.EmptyWarning)
	for _, w := range v.Warnings {
		if w != dashboard.EmptyWarning && !bannered(v, w) {
			p.Warnings = append(p.Warnings, w)
		}
	}
	if err := s.complete(ctx, &p); err != nil {
		return nil, err
	}
	panels, err := s.panels(ctx, v, held, by, told.said)
	if err != nil {
		return nil, err
	}
	for _, d := range panels {
		if p.Not != "" && d.About == nil {
			continue
		}
		p.Charts = p.Charts || d.Options != ""
		if n := len(p.Blocks); d.Kind != dashboard.Headline {
			p.Blocks = append(p.Blocks, block{Panel: &d})
		} else if n > 0 && p.Blocks[n-1].Cards != nil {
			p.Blocks[n-1].Cards = append(p.Blocks[n-1].Cards, d)
		} else {
			p.Blocks = append(p.Blocks, block{Cards: []panel{d}})
		}
	}
	for i, b := range p.Blocks {
		p.Blocks[i].Shared = shared(b.Cards)
	}
	return s.pages.render("view", p)
}

// panels prepares a View's panels, all charts at once.
func (s *Server) panels(ctx context.Context, v *dashboard.View, held *holding, by order, told said) ([]panel, error) {
	q, ofMeasure := query(v.Selection), strings.HasPrefix(v.Path, "/measures/")
	out, errs := make([]panel, len(v.Panels)), make([]error, len(v.Panels))
	asks, history := readerOf(ctx), map[string]string(nil)
	if asks.May(stat.Viewer) {
		history = held.links(v.Area.Code)
	}
	var all sync.WaitGroup
	for i, p := range v.Panels {
		out[i] = panel{Panel: p, reader: asks, Short: !ofMeasure, Whom: whom(v.Selection), Query: query(timeless(v.Selection))}
		out[i].ID = plainName(p.ID) // a code may have what an id may not
		out[i].Figures = figuresOf(v, out[i], by, history)
		out[i].Process, out[i].Keep = held.process(asks, v, p, told), held.keep(asks, v, p)
		if p.Headline != nil {
			out[i].Spark = template.HTML(chart.Spark(p.Headline.Spark))
		}
		if p.Scorecard != nil {
			out[i].Sections = scoreSections(asks, v, p.Scorecard, told)
		}
		if p.Code != "" && p.Code != v.Name {
			out[i].Link = measurePath(p.Code) + q
		}
		out[i].tools(v)
		if !drawn(p) {
			continue
		}
		all.Go(func() { errs[i] = s.drawPanel(ctx, &out[i]) })
	}
	all.Wait()
	s.words.meets(out)
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// drawPanel adds the chart to a panel. One that cannot be drawn leaves its
// sentence and table, which say the same.
func (s *Server) drawPanel(ctx context.Context, p *panel) error {
	options, err := chart.Options(unmarked(p.Panel))
	if err != nil {
		return fmt.Errorf("options of %s: %w", p.ID, err)
	}
	wide, err := s.draw(ctx, p.Panel, chart.Wide)
	var narrow []byte
	if err == nil {
		narrow, err = s.draw(ctx, p.Panel, chart.Narrow)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		s.Log.Error("chart not drawn", "panel", p.ID, "err", err)
		return nil
	}
	p.Options, p.Wide, p.Narrow = template.JS(options), template.HTML(wide), template.HTML(narrow)
	return nil
}
