package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/stat"
)

// front is the dashboard at "/".
const front = "overview"

func (s *Server) overview(c *gin.Context) error { return s.view(c, "dashboards", front, "") }

func (s *Server) board(c *gin.Context) error {
	name, ext := split(c.Param("name"))
	return s.view(c, "dashboards", name, ext)
}

func (s *Server) measure(c *gin.Context) error {
	name, ext := split(c.Param("name"))
	if m, err := s.Catalogue.Measure(c.Param("name")); err == nil && m.Code == c.Param("name") {
		name, ext = m.Code, "" // a code may end like a file
	}
	return s.view(c, "measures", name, ext)
}

// view answers with a dashboard's or a measure's page or one of its twins, out
// of the cache where the data has not changed since it was made.
func (s *Server) view(c *gin.Context, kind, name, ext string) error {
	sel, err := s.selection(c.Request.URL.Query())
	if err != nil {
		return err
	}
	var by order
	if kind == neighboursPage || kind == authoritiesPage {
		sel.Period = c.Query("period")
		if by, err = readOrder(c.Request.URL.Query()); err != nil {
			return err
		}
	}
	want := c.Query("chart")
	key := strings.Join([]string{c.Request.URL.Path, query(sel), by.query(), want}, "\n")
	return s.cached(c, key, func(ctx context.Context) (*document, error) {
		v, held, err := s.load(ctx, kind, name, sel)
		if err != nil {
			return nil, err
		}
		by.apply(v)
		return s.document(ctx, v, held, by, ext, want)
	})
}

// cached sends what is held under key for this version of the data, made anew
// where nothing is.
func (s *Server) cached(c *gin.Context, key string, make func(context.Context) (*document, error)) error {
	ctx := c.Request.Context()
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	key += "\n" + strconv.FormatInt(s.lessons.Load(), 10)
	d := s.cache.get(version, key)
	if d == nil {
		if d, err = make(ctx); err != nil {
			return err
		}
		s.cache.put(version, key, d)
	}
	d.send(c.Writer, c.Request)
	return nil
}

// version is that of the data.
func (s *Server) version(ctx context.Context) (int64, error) {
	version, changes, ok := s.cache.recent()
	if ok {
		return version, nil
	}
	version, err := s.Store.Version(ctx)
	if err == nil && s.known.Swap(version) != version {
		err = s.register(ctx) // another program may have imported what is new here
	}
	if err == nil {
		s.cache.noted(version, changes)
	}
	return version, err
}

// load lays out a dashboard, a measure's page with what is held of it, or one
// of its pages of areas.
func (s *Server) load(ctx context.Context, kind, name string, sel dashboard.Selection) (*dashboard.View, *holding, error) {
	switch kind {
	case "measures":
		return s.loadMeasure(ctx, name, sel)
	case neighboursPage:
		v, err := s.Boards.Neighbours(ctx, s.Store, name, sel)
		return v, nil, err
	case authoritiesPage:
		v, err := s.Boards.Authorities(ctx, s.Store, name, sel)
		return v, nil, err
	}
	v, err := s.Boards.Dashboard(ctx, s.Store, name, sel)
	return v, nil, err
}

func (s *Server) loadMeasure(ctx context.Context, name string, sel dashboard.Selection) (*dashboard.View, *holding, error) {
	src := &remembering{Source: s.Store}
	v, err := s.Boards.Measure(ctx, src, name, sel)
	if err != nil {
		return nil, nil, err
	}
	return v, newHolding(src.held, v.Name), nil
}

// remembering is a source that keeps its answer, so that a page which needs
// more of it than its View has need not ask twice.
type remembering struct {
	dashboard.Source
	held stat.Holding
}

func (r *remembering) Read(ctx context.Context, q stat.Query) (held stat.Holding, err error) {
	r.held, err = r.Source.Read(ctx, q)
	return r.held, err
}

// document lays a View out by the ending of its address.
func (s *Server) document(ctx context.Context, v *dashboard.View, held *holding, by order, ext, want string) (*document, error) {
	switch ext {
	case "":
		body, err := s.viewHTML(ctx, v, held, by, nil)
		return newDocument(htmlType, "", body), err
	case "json":
		body, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("writing %s as JSON: %w", v.Path, err)
		}
		return newDocument(jsonType, "", append(body, '\n')), nil
	case "csv":
		return csvDocument(v, want)
	case "svg":
		return s.svgDocument(ctx, v, want)
	}
	return nil, notFound("This page has no ."+ext+" form. It can be had as .json or .csv, and a chart as .svg.", nil)
}

// csvDocument is the whole View, or one panel of it.
func csvDocument(v *dashboard.View, want string) (*document, error) {
	var b bytes.Buffer
	_, page, _ := strings.Cut(v.Path[1:], "/") // "overview", "cla", "cla/neighbours"
	file := page + "-" + v.Area.Number
	if want == "" {
		err := report.WriteCSV(&b, v)
		return newDocument(csvType, plainName(file)+".csv", b.Bytes()), err
	}
	p, err := chosen(v, want)
	if err != nil {
		return nil, err
	}
	err = report.WritePanelCSV(&b, p)
	return newDocument(csvType, plainName(file+"-"+p.ID)+".csv", b.Bytes()), err
}

// svgDocument is one chart as a picture, for a report.
func (s *Server) svgDocument(ctx context.Context, v *dashboard.View, want string) (*document, error) {
	if want == "" {
		want = dashboard.Trend
	}
	p, err := chosen(v, want)
	if err != nil {
		return nil, err
	}
	svg, err := s.draw(ctx, p, chart.Wide)
	return newDocument(svgType, "", svg), err
}

// chosen finds the panel that ?chart= names: by its kind ("trend", or "bars"
// for the neighbours) or by its ID.
func chosen(v *dashboard.View, want string) (dashboard.Panel, error) {
	for _, p := range v.Panels {
		if drawn(p) && (p.ID == want || p.Kind == want || p.Kind == dashboard.Bars && want == "bars") {
			return p, nil
		}
	}
	if !slices.ContainsFunc(v.Panels, drawn) {
		return dashboard.Panel{}, notFound("This page has no chart.", nil)
	}
	return dashboard.Panel{}, notFound("This page has no such chart. Choose chart=trend or chart=bars.", nil)
}

// drawn reports whether a panel is a chart.
func drawn(p dashboard.Panel) bool { return p.Trend != nil || p.Bars != nil }

func (s *Server) draw(ctx context.Context, p dashboard.Panel, width int) ([]byte, error) {
	return s.Renderer.SVG(ctx, p, width, chart.Height(p, width))
}

// plainName keeps what is safe in a file name.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, s)
}

// viewPage is a dashboard or the page of a measure.
type viewPage struct {
	page
	View     *dashboard.View
	Warnings []string // but for that of sample figures, which has a banner
	Tabs     []tab    // pages of the same measure
	Form     form
	Blocks   []block
	CSV      string
	Naming   *naming      // of a measure that a file brought
	History  *historyForm // of a measure's figures
}

// block is a row of cards, or one panel on its own.
type block struct {
	Cards []panel
	Panel *panel
}

// panel is one of the View's with what only a page needs.
type panel struct {
	dashboard.Panel
	Wide, Narrow template.HTML // empty where it could not be drawn
	Options      template.JS
	Link         string // page of the measure
	CSV, SVG     string
	Figures      *figures // its table
	Short        bool     // a card of a dashboard, which leaves out what the measure's page has room for
}

// Method is the fragment of what the page of methods says of the panel.
func (p panel) Method() string {
	switch {
	case p.Bars != nil:
		return "neighbours"
	case p.Table != nil && p.Trend == nil && len(p.Table.Keys) > 0:
		return "interval"
	}
	return "figure"
}

// viewHTML is the page of a dashboard, or of a measure where held is what is
// held of it. told is the form that names it, as somebody filled it in.
func (s *Server) viewHTML(ctx context.Context, v *dashboard.View, held *holding, by order, told *naming) ([]byte, error) {
	q, current, path := query(v.Selection), "/", pagePath(v)
	if strings.HasPrefix(path, "/measures/") {
		current = "/measures"
	}
	p := viewPage{page: s.base(v.Title, current, path+".json"+q+by.query()), View: v, CSV: path + ".csv" + q + by.query(), Tabs: tabs(v, q)}
	p.Query, p.Sample = query(timeless(v.Selection)), v.Sample
	p.Form = s.form(v.Selection, path, v.Models)
	p.Form.of(v, by)
	if held != nil {
		p.History = s.historyForm(held, v.Area.Code)
	}
	if m, err := s.Catalogue.Measure(v.Name); told == nil && held != nil && err == nil && m.Registered {
		told = s.naming(m)
		told.Definition = "" // the file's name says all that its own does
	}
	if p.Naming = told; told != nil && told.Problem != "" {
		p.Title = "Error: " + p.Title
	}
	for _, w := range v.Warnings {
		if !v.Sample || !strings.Contains(w, "sample figures") {
			p.Warnings = append(p.Warnings, w)
		}
	}
	panels, err := s.panels(ctx, v, held, by)
	if err != nil {
		return nil, err
	}
	for _, d := range panels {
		p.Charts = p.Charts || d.Options != ""
		if n := len(p.Blocks); d.Kind != dashboard.Headline {
			p.Blocks = append(p.Blocks, block{Panel: &d})
		} else if n > 0 && p.Blocks[n-1].Cards != nil {
			p.Blocks[n-1].Cards = append(p.Blocks[n-1].Cards, d)
		} else {
			p.Blocks = append(p.Blocks, block{Cards: []panel{d}})
		}
	}
	return s.pages.render("view", p)
}

// panels prepares a View's panels, all charts at once.
func (s *Server) panels(ctx context.Context, v *dashboard.View, held *holding, by order) ([]panel, error) {
	q, ofMeasure := query(v.Selection), strings.HasPrefix(v.Path, "/measures/")
	out, errs := make([]panel, len(v.Panels)), make([]error, len(v.Panels))
	history := held.links(v.Area.Code)
	var all sync.WaitGroup
	for i, p := range v.Panels {
		out[i] = panel{Panel: p, Short: !ofMeasure}
		out[i].ID = plainName(p.ID) // a code may have what an id may not
		out[i].Figures = figuresOf(v, out[i], by, history)
		if p.Code != "" && p.Code != v.Name {
			out[i].Link = measurePath(p.Code) + q
		}
		if !drawn(p) {
			continue
		}
		at := measurePath(p.Code)
		if ofMeasure {
			at = pagePath(v)
		}
		out[i].CSV = at + ".csv" + q + "&chart=" + url.QueryEscape(p.ID)
		out[i].SVG = at + ".svg" + q + "&chart=" + url.QueryEscape(p.ID)
		all.Go(func() { errs[i] = s.drawPanel(ctx, &out[i]) })
	}
	all.Wait()
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
	options, err := chart.Options(p.Panel)
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
