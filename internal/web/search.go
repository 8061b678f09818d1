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

const searchPath = "/search"

// searchPage lists what was found, by kind.
type searchPage struct {
	page
	Search string
	Whole  bool // every word of it was found
	Groups []foundGroup
	Total  int
	Keep   []choice // the selection, for the form to carry
}

// foundGroup is what was found of one kind, best first.
type foundGroup struct {
	Kind  string  `json:"kind"`
	Title string  `json:"title"`
	More  int     `json:"more"` // found, but not listed
	Found []found `json:"found"`
}

type found struct {
	dashboard.Entry
	Href string `json:"-"`
}

// Most of one kind that are listed, and letters of a search.
const (
	mostFound  = 20
	mostSought = 200
)

var foundTitles = map[string]string{
	dashboard.EntryMeasure:   "Measures",
	dashboard.EntryArea:      "Areas",
	dashboard.EntryDashboard: "Dashboards",
	dashboard.EntryWord:      "What words mean",
}

// search finds measures, areas, dashboards and words. It never leads anywhere
// by itself.
func (s *Server) search(c *gin.Context) error {
	values := c.Request.URL.Query()
	sel, err := s.selection(values)
	if err != nil {
		return err
	}
	sought := strings.Join(strings.Fields(values.Get("q")), " ")
	if r := []rune(sought); len(r) > mostSought {
		return &failure{http.StatusBadRequest, "That search is too long", "Search for a few words, such as looked after or section 47.", nil}
	}
	return s.cached(c, c.Request.URL.Path+"\n"+query(sel)+"\n"+sought, func(ctx context.Context) (*document, error) {
		unseen, err := s.unseen(ctx)
		if err != nil {
			return nil, err
		}
		groups, total, whole := s.sought(sought, sel, unseen)
		if strings.HasSuffix(c.Request.URL.Path, ".json") {
			body, err := marshalled(map[string]any{"query": sought, "whole": whole, "total": total, "groups": groups})
			return newDocument(jsonType, "", body), err
		}
		title := "Search"
		if sought != "" {
			title = "Search: " + sought
		}
		p := searchPage{page: s.base(ctx, title, searchPath, searchPath+".json"+query(sel)+"&q="+url.QueryEscape(sought)), Search: sought, Whole: whole, Groups: groups, Total: total}
		p.Query, p.Keep = query(sel), carried(sel)
		body, err := s.pages.render("search", p)
		return newDocument(htmlType, "", body), err
	})
}

// sought groups what is found by kind, the kind of the best first, but for
// measures that who asks knows nothing of.
func (s *Server) sought(q string, sel dashboard.Selection, unseen map[string]bool) (groups []foundGroup, total int, whole bool) {
	entries := slices.DeleteFunc(s.Boards.Entries(), func(e dashboard.Entry) bool { return e.Kind == dashboard.EntryMeasure && unseen[e.Code] })
	all, whole := dashboard.Search(q, append(entries, s.words.entries()...))
	groups = []foundGroup{}
	for _, e := range all {
		i := slices.IndexFunc(groups, func(g foundGroup) bool { return g.Kind == e.Kind })
		if i < 0 {
			i = len(groups)
			groups = append(groups, foundGroup{Kind: e.Kind, Title: foundTitles[e.Kind], Found: []found{}})
		}
		if len(groups[i].Found) == mostFound {
			groups[i].More++
			continue
		}
		groups[i].Found = append(groups[i].Found, found{e, hrefOf(e, sel)})
	}
	return groups, len(all), whole
}

// hrefOf is where an entry leads, with what was chosen.
func hrefOf(e dashboard.Entry, sel dashboard.Selection) string {
	sel = timeless(sel)
	switch e.Kind {
	case dashboard.EntryWord:
		return e.Path
	case dashboard.EntryArea:
		sel.Area = e.Code
		return "/" + query(sel)
	case dashboard.EntryMeasure:
		return measurePath(e.Code) + query(sel)
	}
	return e.Path + query(sel)
}

// Said is how many there are, in a sentence.
func (p searchPage) Said() string {
	switch {
	case p.Total == 0:
		return ""
	case !p.Whole && p.Total == 1:
		return "Nothing has all of these words. 1 has some of them."
	case !p.Whole:
		return "Nothing has all of these words. " + count(p.Total) + " have some of them."
	case p.Total == 1:
		return "1 found."
	}
	return count(p.Total) + " found."
}
