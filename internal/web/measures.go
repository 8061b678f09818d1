package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
)

// measureListPage lists the measures by topic.
type measureListPage struct {
	page
	Area   stat.Area
	Form   form
	Topics []topic
}

type topic struct {
	Name     string          `json:"topic"`
	Measures []listedMeasure `json:"measures"`
}

// topics groups measures in the catalogue's order; those that files brought
// and nobody has named come last.
type topics struct{ list, brought []topic }

// broughtTopic heads the measures that files brought.
const broughtTopic = "From imported files, not yet in the catalogue"

func (t *topics) add(m stat.Measure, l listedMeasure) {
	to, name := &t.list, cmp.Or(m.Topic, otherTopic)
	if m.Registered {
		to, name = &t.brought, broughtTopic
	}
	i := slices.IndexFunc(*to, func(k topic) bool { return k.Name == name })
	if i < 0 {
		i = len(*to)
		*to = append(*to, topic{Name: name})
	}
	(*to)[i].Measures = append((*to)[i].Measures, l)
}

// Brought reports whether the measures are those that files brought.
func (t topic) Brought() bool { return t.Name == broughtTopic }

func (t *topics) all() []topic { return slices.Concat(t.list, t.brought) }

type listedMeasure struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Unit   string `json:"unit"`
	Latest string `json:"latest"` // period of the area's newest figure, "" where it has none
	Held   bool   `json:"held"`

	Registered bool `json:"registered,omitempty"` // a file brought it; it is not in the catalogue
}

func (s *Server) measureList(c *gin.Context) error {
	sel, err := s.selection(c.Request.URL.Query())
	if err != nil {
		return err
	}
	return s.cached(c, c.Request.URL.Path+"\n"+query(sel), func(ctx context.Context) (*document, error) {
		area, err := s.Catalogue.Area(sel.Area)
		if err != nil {
			return nil, err
		}
		topics, err := s.topics(ctx, area)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(c.Request.URL.Path, ".json") {
			body, err := marshalled(map[string]any{"area": area, "topics": topics})
			return newDocument(jsonType, "", body), err
		}
		p := measureListPage{page: s.base(ctx, "Measures", "/measures", "/measures.json"+query(sel)), Area: area, Topics: topics}
		p.Query = query(sel)
		p.Form = s.form(sel, "/measures", nil)
		p.Form.Areas = true
		body, err := s.pages.render("measures", p)
		return newDocument(htmlType, "", body), err
	})
}

// topics lists every measure, with the newest period the area has a figure for.
func (s *Server) topics(ctx context.Context, area stat.Area) ([]topic, error) {
	q := stat.Query{Areas: []string{area.Code}}
	for _, m := range s.Catalogue.Measures() {
		q.Measures = append(q.Measures, m.Code)
	}
	src, err := s.figures(ctx)
	if err != nil {
		return nil, err
	}
	held, err := src.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	unseen, err := s.unseen(ctx)
	if err != nil {
		return nil, err
	}
	latest := map[string]stat.Period{}
	for _, o := range held.Observations {
		if o.Breakdown == "" && o.Period.Compare(latest[o.Measure]) > 0 && (o.Value.Known() || o.Count.Known()) {
			latest[o.Measure] = o.Period
		}
	}
	var out topics
	for _, m := range s.Catalogue.Measures() {
		if unseen[m.Code] {
			continue
		}
		l := listedMeasure{Code: m.Code, Name: m.Name, Unit: m.Unit.Words(), Registered: m.Registered}
		if p, ok := latest[m.Code]; ok {
			l.Latest, l.Held = p.Label(), true
		}
		out.add(m, l)
	}
	return out.all(), nil
}
