package web

import (
	"cmp"
	"context"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// compare sets up to four areas side by side, in up to three measures. Either
// list may be parted by commas or given by repeating its parameter.
func (s *Server) compare(c *gin.Context) error {
	q := c.Request.URL.Query()
	areas, measures := q["areas"], q["measures"]
	sel, err := s.selection(q)
	if err != nil {
		return err
	}
	key := query(sel) + "\n" + strings.Join(areas, "\t") + "\n" + strings.Join(measures, "\t")
	return s.chosenPage(c, key, func(ctx context.Context, src source) (*dashboard.View, []dashboard.Problem, error) {
		v, err := s.Boards.Areas(ctx, src, sel, areas, measures)
		if err != nil {
			return nil, nil, err
		}
		return v, v.Beside.Problems, nil
	})
}

// sideForm chooses the areas and measures that stand side by side.
type sideForm struct {
	form
	Areas, Measures             []slot
	AreaProblem, MeasureProblem string
	AreaGroups                  []areaGroup
	Topics                      []topic
}

// slot is one of several choices of the same kind.
type slot struct {
	ID, Label, Value string
}

var ordinals = []string{"First", "Second", "Third", "Fourth"}

func (s *Server) sideForm(v *dashboard.View, chosen form, unseen map[string]bool) *sideForm {
	f := &sideForm{form: chosen}
	f.AreaProblem, f.MeasureProblem = problemsOf(v.Beside.Problems, "areas"), problemsOf(v.Beside.Problems, "measures")
	f.AreaGroups = append([]areaGroup{wider(s.Catalogue)}, f.Groups...)
	f.Topics = s.byTopic(unseen)
	for i := range dashboard.MostAreas {
		at := slot{ID: "areas-" + strings.ToLower(ordinals[i]), Label: ordinals[i] + " area"}
		if i < len(v.Beside.Areas) {
			at.Value = v.Beside.Areas[i].Code
		}
		f.Areas = append(f.Areas, at)
	}
	for i := range dashboard.MostMeasures {
		at := slot{ID: "measures-" + strings.ToLower(ordinals[i]), Label: ordinals[i] + " measure"}
		if i < len(v.Beside.Measures) {
			at.Value = v.Beside.Measures[i].Value
		}
		f.Measures = append(f.Measures, at)
	}
	return f
}

// wider are England and its regions.
func wider(cat *stat.Catalogue) areaGroup {
	return areaGroup{"England and regions", append(cat.ByLevel(stat.National), cat.ByLevel(stat.Regional)...)}
}

// byTopic lists the measures there are, but for some.
func (s *Server) byTopic(unseen map[string]bool) []topic {
	var out topics
	for _, m := range s.Catalogue.Measures() {
		if !unseen[m.Code] {
			out.add(m, listedMeasure{Code: m.Code, Name: cmp.Or(m.Name, m.Code), Registered: m.Registered})
		}
	}
	return out.all()
}
