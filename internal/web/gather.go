package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
)

// queryOf is the query of a View's page for a selection: what was chosen there
// as well as the selection.
func queryOf(v *dashboard.View, sel dashboard.Selection) string {
	switch {
	case v.Beside != nil:
		var areas, measures []string
		for _, a := range v.Beside.Areas {
			areas = append(areas, a.Code)
		}
		for _, m := range v.Beside.Measures {
			measures = append(measures, m.Value)
		}
		return besideQuery(sel, areas, measures)
	case v.Built != nil:
		return builtQuery(sel, v.Built.Title, panelIDs(v.Built))
	}
	return query(sel)
}

// address is where a View's page is, for a selection.
func address(v *dashboard.View, sel dashboard.Selection) string { return pagePath(v) + queryOf(v, sel) }

// besideQuery opens the page of areas side by side with some of them.
func besideQuery(sel dashboard.Selection, areas, measures []string) string {
	q := values(sel)
	q.Del("area")
	q.Del("highlight")
	q.Set("areas", strings.Join(areas, ","))
	q.Set("measures", strings.Join(measures, ","))
	return "?" + encoded(q)
}

// builtQuery opens a page of one's own with those panels, which stand in order
// at the end where they are easily read.
func builtQuery(sel dashboard.Selection, title string, ids []string) string {
	sel.Mine = ""
	out := query(sel)
	if title != "" {
		out += "&" + url.Values{"title": {title}}.Encode()
	}
	for _, id := range ids {
		out += "&panel=" + url.QueryEscape(id)
	}
	return out
}

func panelIDs(b *dashboard.Built) []string {
	var out []string
	for _, p := range b.Panels {
		out = append(out, p.ID)
	}
	return out
}

// tools are the addresses to take a panel away by.
func (p *panel) tools(v *dashboard.View) {
	if p.Table == nil && !drawn(p.Panel) {
		return
	}
	at, q := measurePath(p.Code), query(v.Selection)
	if v.Beside != nil || v.Built != nil || p.Scorecard != nil || strings.HasPrefix(v.Path, "/measures/") {
		at, q = pagePath(v), queryOf(v, v.Selection)
	}
	q += "&chart=" + url.QueryEscape(p.Panel.ID)
	p.CSV = at + ".csv" + q
	p.Picture = plainName(strings.TrimSuffix(p.Panel.ID+"-"+v.Area.Number, "-"))
	p.SVG = at + ".svg" + q
	p.Address = address(v, v.Selection) + "#" + p.ID
	switch {
	case v.Built != nil:
		p.Drop = "/build" + builtQuery(v.Selection, v.Built.Title, slices.DeleteFunc(panelIDs(v.Built), func(id string) bool { return id == p.Panel.ID }))
	case dashboard.Gathers(p.Panel):
		p.Gather = "/build" + builtQuery(v.Selection, "", with(gathered(v.Selection), p.Panel.ID)) + "#" + p.ID
	}
}

// gathered are the panels that a reader has gathered so far.
func gathered(sel dashboard.Selection) []string {
	return strings.FieldsFunc(sel.Mine, func(r rune) bool { return r == ',' })
}

func with(ids []string, id string) []string {
	if slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

// mine says how many panels were gathered, and where they are.
type mine struct {
	Panels int
	Href   string
}

// complete adds to a page what belongs to panels gathered for another, and
// makes the forms of a page of areas side by side or of one's own.
func (s *Server) complete(ctx context.Context, p *viewPage) error {
	v := p.View
	unseen, err := s.unseen(ctx)
	if err != nil {
		return err
	}
	switch {
	case v.Beside != nil:
		p.Current, p.Side = "/compare", s.sideForm(v, p.Form, unseen)
	case v.Built != nil:
		p.Current, p.Own = "/build", s.ownForm(v, unseen)
		p.Form.Hidden = p.Own.Hidden
		sel := v.Selection
		sel.Mine = strings.Join(panelIDs(v.Built), ",")
		p.Query = query(timeless(sel))
	default:
		if ids := gathered(v.Selection); len(ids) > 0 {
			p.Mine = &mine{len(ids), "/build" + builtQuery(v.Selection, "", ids)}
		}
	}
	return nil
}

// chosenPage answers with a page whose address has more in it than a
// selection, or with one of its twins. A page says beside its form what could
// not be followed, and shows the rest; a twin is refused.
func (s *Server) chosenPage(c *gin.Context, key string, make func(context.Context, source) (*dashboard.View, []dashboard.Problem, error)) error {
	by, err := readOrder(c.Request.URL.Query())
	if err != nil {
		return err
	}
	_, ext := split(c.Request.URL.Path)
	want := c.Query("chart")
	key = strings.Join([]string{c.Request.URL.Path, key, by.query(), want}, "\n")
	return s.cached(c, key, func(ctx context.Context) (*document, error) {
		src, err := s.figures(ctx)
		if err != nil {
			return nil, err
		}
		v, problems, err := make(ctx, src)
		if err == nil {
			err = s.visible(ctx, v)
		}
		if err != nil {
			return nil, err
		}
		if len(problems) > 0 && ext != "" {
			return nil, &failure{http.StatusBadRequest, "That choice does not work", problems[0].Message, nil}
		}
		by.apply(v)
		d, err := s.document(ctx, v, nil, by, ext, want)
		if err == nil && len(problems) > 0 {
			d.status = http.StatusBadRequest
		}
		return d, err
	})
}

// problemsOf are what was wrong with one field, as its error message.
func problemsOf(all []dashboard.Problem, field string) string {
	var out []string
	for _, p := range all {
		if p.Field == field {
			out = append(out, p.Message)
		}
	}
	return strings.Join(out, " ")
}

// unmarked is a panel without the neighbour it brings out: in a browser
// mark.js does that, so that it can be undone.
func unmarked(p dashboard.Panel) dashboard.Panel {
	if t := p.Trend; t != nil {
		plain := *t
		plain.Lines = slices.Clone(t.Lines)
		for i := range plain.Lines {
			plain.Lines[i].Marked = false
		}
		p.Trend = &plain
	}
	if b := p.Bars; b != nil {
		plain := *b
		plain.Bars = slices.Clone(b.Bars)
		for i := range plain.Bars {
			plain.Bars[i].Marked = false
		}
		p.Bars = &plain
	}
	return p
}

// lines reports whether a panel is a line chart whose axis can be chosen.
func lines(p dashboard.Panel) bool { return p.Trend != nil || p.Control != nil || p.Ahead != nil }
