package web

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

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

// boardsPage lists the dashboards.
type boardsPage struct {
	page
	Boards, Scorecards []choice
}

func (s *Server) boardList(c *gin.Context) error {
	sel, err := s.selection(c.Request.URL.Query())
	if err != nil {
		return err
	}
	return s.still(c, query(sel), "dashboards", func(ctx context.Context) any { return s.boardsPage(ctx, sel) })
}

func (s *Server) boardsPage(ctx context.Context, sel dashboard.Selection) boardsPage {
	p := boardsPage{page: s.base(ctx, "Dashboards", "/dashboards", "")}
	p.Query = query(sel)
	for _, name := range s.Boards.Names() {
		list := &p.Boards
		if s.Boards.IsScorecard(name) {
			list = &p.Scorecards
		}
		*list = append(*list, choice{name, s.Boards.Title(name)})
	}
	return p
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
	if kind != "measures" {
		sel.Period = c.Query("period")
	}
	if kind == neighboursPage || kind == authoritiesPage {
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

// cached sends what is held under key for this version of the data and readers
// of this role, made anew where nothing is.
func (s *Server) cached(c *gin.Context, key string, make func(context.Context) (*document, error)) error {
	asks := readerOf(c.Request.Context())
	ctx := withReader(c.Request.Context(), asks.unnamed())
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	key += "\n" + string(asks.ReaderRole()) + "\n" + strconv.FormatInt(s.lessons.Load(), 10) + "\n" + stat.DateOf(s.Now()).String()
	d, err := s.cache.once(ctx, version, key, make)
	if err != nil {
		return err
	}
	d.send(c.Writer, c.Request)
	return nil
}

// still sends a page that is the same at each address and query until the data
// or the day changes.
func (s *Server) still(c *gin.Context, query, name string, page func(context.Context) any) error {
	return s.cached(c, c.Request.URL.Path+"\n"+query, func(ctx context.Context) (*document, error) {
		body, err := s.pages.render(name, page(ctx))
		return newDocument(htmlType, "", body), err
	})
}

// version is that of the data.
func (s *Server) version(ctx context.Context) (int64, error) {
	version, changes, ok := s.cache.recent()
	if ok {
		return version, nil
	}
	version, err := s.Store.Version(ctx)
	if err == nil {
		_, err = s.known.at(version, func() (struct{}, error) { return struct{}{}, s.register(ctx) }) // another program may have imported what is new here
	}
	if err == nil {
		s.cache.noted(version, changes)
	}
	return version, err
}

// load lays out a dashboard, a measure's page with what is held of it, or one
// of its pages of areas.
func (s *Server) load(ctx context.Context, kind, name string, sel dashboard.Selection) (*dashboard.View, *holding, error) {
	src, err := s.figures(ctx)
	if err != nil {
		return nil, nil, err
	}
	var v *dashboard.View
	var held *holding
	switch kind {
	case "measures":
		v, held, err = s.loadMeasure(ctx, src, name, sel)
	case neighboursPage:
		v, err = s.Boards.Neighbours(ctx, src, name, sel)
	case authoritiesPage:
		v, err = s.Boards.Authorities(ctx, src, name, sel)
	default:
		v, err = s.Boards.Dashboard(ctx, src, name, sel)
	}
	if err == nil {
		err = s.visible(ctx, v)
	}
	return v, held, err
}

func (s *Server) loadMeasure(ctx context.Context, src source, name string, sel dashboard.Selection) (*dashboard.View, *holding, error) {
	read := &remembering{Source: src}
	v, err := s.Boards.Measure(ctx, read, name, sel)
	if err != nil {
		return nil, nil, err
	}
	return v, newHolding(read.held, v.Name), nil
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
		body, err := s.viewHTML(ctx, v, held, by, filled{})
		return newDocument(htmlType, "", body), err
	case "json":
		body, err := marshalled(v)
		if err != nil {
			return nil, fmt.Errorf("writing %s as JSON: %w", v.Path, err)
		}
		return newDocument(jsonType, "", body), nil
	case "csv":
		return csvDocument(v, want)
	case "xlsx":
		return xlsxDocument(v, by, want)
	case "svg":
		return s.svgDocument(ctx, v, want)
	}
	return nil, notFound("This page has no ."+ext+" form. It can be had as .json, .csv or .xlsx, and a chart as .svg.", nil)
}

// downloadName is what a download of the page is called, without its ending:
// "overview-806", "cla/neighbours-806", "since-806".
func downloadName(v *dashboard.View) string {
	_, page, nested := strings.Cut(v.Path[1:], "/")
	if !nested {
		page = v.Path[1:]
	}
	return strings.TrimSuffix(page+"-"+v.Area.Number, "-")
}

// csvDocument is the whole View, or one panel of it.
func csvDocument(v *dashboard.View, want string) (*document, error) {
	var b bytes.Buffer
	file := downloadName(v)
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
	if err == nil && !drawn(p) {
		err = notFound("That is a table and no chart. It can be had as .csv or .xlsx.", nil)
	}
	if err != nil {
		return nil, err
	}
	svg, err := s.draw(ctx, p, chart.Wide)
	return newDocument(svgType, "", svg), err
}

// chosen finds the panel that ?chart= names: by its kind ("trend", or "bars"
// for the neighbours) or by its ID.
func chosen(v *dashboard.View, want string) (dashboard.Panel, error) {
	var there []string
	for _, p := range v.Panels {
		if !drawn(p) && p.Table == nil {
			continue
		}
		if p.ID == want || p.Kind == want || chartName(p) == want {
			return p, nil
		}
		if name := "chart=" + chartName(p); !slices.Contains(there, name) {
			there = append(there, name)
		}
	}
	if len(there) == 0 {
		return dashboard.Panel{}, notFound("This page has no chart.", nil)
	}
	return dashboard.Panel{}, notFound("This page has no such chart. Choose "+strings.Join(there, " or ")+".", nil)
}

// chartName is what an address calls a chart of the panel's kind.
func chartName(p dashboard.Panel) string {
	if p.Kind == dashboard.Bars {
		return "bars"
	}
	return p.Kind
}

// drawn reports whether a panel is a chart.
func drawn(p dashboard.Panel) bool {
	return chart.Drawn(p)
}

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
