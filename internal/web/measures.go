package web

import (
	"context"
	"encoding/json"
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

type listedMeasure struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Unit   string `json:"unit"`
	Latest string `json:"latest"` // period of the area's newest figure, "" where it has none
	Held   bool   `json:"held"`
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
			body, err := json.Marshal(map[string]any{"area": area, "topics": topics})
			return newDocument(jsonType, "", append(body, '\n')), err
		}
		p := measureListPage{page: s.base("Measures", "/measures", "/measures.json"+query(sel)), Area: area, Topics: topics}
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
	held, err := s.Store.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	latest := map[string]stat.Period{}
	for _, o := range held.Observations {
		if o.Breakdown == "" && o.Period.Compare(latest[o.Measure]) > 0 && (o.Value.Known() || o.Count.Known()) {
			latest[o.Measure] = o.Period
		}
	}
	var out []topic
	at := map[string]int{}
	for _, m := range s.Catalogue.Measures() {
		i, ok := at[m.Topic]
		if !ok {
			i, at[m.Topic] = len(out), len(out)
			out = append(out, topic{Name: m.Topic})
		}
		l := listedMeasure{Code: m.Code, Name: m.Name, Unit: m.Unit.Words()}
		if p, ok := latest[m.Code]; ok {
			l.Latest, l.Held = p.Label(), true
		}
		out[i].Measures = append(out[i].Measures, l)
	}
	return out, nil
}
