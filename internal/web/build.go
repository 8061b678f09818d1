package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
)

// longestTitle is the most characters a page of one's own may be called by.
const longestTitle = 80

// build is a page of the panels its address names. Its form adds one by its
// measure and kind, and leads to the address with that one at the end.
func (s *Server) build(c *gin.Context) error {
	q := c.Request.URL.Query()
	sel, err := s.selection(q)
	if err != nil {
		return err
	}
	title, ids := plain(q.Get("title")), q["panel"]
	if r := []rune(title); len(r) > longestTitle {
		title = string(r[:longestTitle])
	}
	if len(ids) == 0 {
		ids = gathered(sel)
	}
	sel.Mine = ""
	if q.Has("measure") && c.Request.URL.Path == "/build" {
		if m, kind := q.Get("measure"), q.Get("kind"); m != "" {
			ids = with(ids, m+"-"+kind)
		}
		c.Redirect(http.StatusSeeOther, "/build"+builtQuery(sel, title, ids))
		return nil
	}
	key := query(sel) + "\n" + title + "\n" + strings.Join(ids, "\t")
	return s.chosenPage(c, key, func(ctx context.Context, src source) (*dashboard.View, []dashboard.Problem, error) {
		v, err := s.Boards.Build(ctx, src, sel, title, ids)
		if err != nil {
			return nil, nil, err
		}
		return v, unknown(v.Built), nil
	})
}

// unknown are the problems with what was asked for, and not with what is held.
func unknown(b *dashboard.Built) []dashboard.Problem {
	return slices.DeleteFunc(slices.Clone(b.Problems), func(p dashboard.Problem) bool {
		return slices.ContainsFunc(b.Panels, func(c dashboard.Chosen) bool { return c.ID == p.Value })
	})
}

// ownForm changes a page of the reader's own.
type ownForm struct {
	Title   string
	Hidden  []choice // the panels and the title
	Others  []choice // the rest of the selection
	Panels  []ownPanel
	Problem string
	Topics  []topic
	Kinds   []dashboard.Choice
	Full    bool
}

// ownPanel is one panel of it, with the page without it and with it further up
// or down.
type ownPanel struct {
	Label, Drop, Up, Down string
}

func (s *Server) ownForm(v *dashboard.View, unseen map[string]bool) *ownForm {
	b := v.Built
	f := &ownForm{Title: b.Title, Problem: problemsOf(b.Problems, "panel"), Topics: s.byTopic(unseen), Others: carried(v.Selection), Kinds: dashboard.KindChoices(), Full: len(b.Panels) == dashboard.MostPanels}
	ids := panelIDs(b)
	page := func(ids []string) string { return "/build" + builtQuery(v.Selection, b.Title, ids) + "#panels" }
	swapped := func(i, j int) string {
		if j < 0 || j >= len(ids) {
			return ""
		}
		other := slices.Clone(ids)
		other[i], other[j] = other[j], other[i]
		return page(other)
	}
	for i, p := range b.Panels {
		f.Hidden = append(f.Hidden, choice{"panel", p.ID})
		f.Panels = append(f.Panels, ownPanel{p.Label, page(slices.Delete(slices.Clone(ids), i, i+1)), swapped(i, i-1), swapped(i, i+1)})
	}
	if b.Title != "" {
		f.Hidden = append(f.Hidden, choice{"title", b.Title})
	}
	return f
}
