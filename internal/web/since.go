package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

const sincePath = "/since"

// sincePage is what moved since a meeting.
type sincePage struct {
	page
	View     *dashboard.View
	Warnings []string // but for that of sample figures, which has a banner
	Form     form
	Typed    string // a day that was typed, kept where it is none
	Problem  string // what is wrong with it
	Ago      []ago
	Parts    []sincePart
	Terms    []term
	CSV      string
}

// ago is a day to tell changes from where there is no meeting.
type ago struct{ Text, Href string }

// sincePart is a panel, with what only a page needs.
type sincePart struct {
	dashboard.Panel
	Query string // the selection, to carry to the pages of measures
}

// Cards are the moves by more than chance explains, Lines the others, which
// have one each.
func (p sincePart) Cards() []dashboard.Move { return p.those(true) }
func (p sincePart) Lines() []dashboard.Move { return p.those(false) }

func (p sincePart) those(beyond bool) []dashboard.Move {
	return slices.DeleteFunc(slices.Clone(p.Moved.Moves), func(m dashboard.Move) bool { return m.Beyond != beyond })
}

// Moving reports whether its lines have two figures each.
func (p sincePart) Moving() bool {
	return p.Moved.Part != dashboard.MovedNone && p.Moved.Part != dashboard.MovedNot
}

// Why is how chance was told where that is more than the part's title says.
func (p sincePart) Why(m dashboard.Move) string {
	usual := m.Interval != nil || strings.HasPrefix(m.Chance, "within the usual")
	if p.Moved.Part == dashboard.MovedChance && usual {
		return ""
	}
	why, _, _ := strings.Cut(m.Because(), " (")
	return why
}

// since tells what moved since a meeting. The day may be typed as well, as
// people write it: what was typed goes before what was chosen from the list.
func (s *Server) since(c *gin.Context) error {
	_, ext := split(c.Request.URL.Path)
	values := c.Request.URL.Query()
	typed := strings.TrimSpace(values.Get("meeting"))
	values.Del("meeting")
	if typed != "" && typed != dashboard.LastMeeting {
		day, ok := readDay(typed)
		if !ok {
			return s.sinceWrong(c, values, ext, typed)
		}
		typed = day.String()
	}
	if typed != "" {
		values.Set("since", typed)
	}
	sel, err := s.selection(values)
	if err != nil {
		return err
	}
	sel = forPast(sel)
	return s.cached(c, c.Request.URL.Path+"\n"+query(sel), func(ctx context.Context) (*document, error) {
		v, err := s.movedSince(ctx, sel)
		if err != nil {
			return nil, err
		}
		if ext != "" {
			return s.document(ctx, v, nil, order{}, ext, "")
		}
		body, err := s.sinceHTML(ctx, v, "", "")
		return newDocument(htmlType, "", body), err
	})
}

func (s *Server) movedSince(ctx context.Context, sel dashboard.Selection) (*dashboard.View, error) {
	src, err := s.figures(ctx)
	if err != nil {
		return nil, err
	}
	return s.Boards.Since(ctx, src, sel)
}

// forPast drops the choices that have no part in what moved.
func forPast(sel dashboard.Selection) dashboard.Selection {
	sel.Show, sel.From, sel.To, sel.Project, sel.Period = dashboard.ShowValue, 0, 0, 0, ""
	return sel
}

// sinceWrong asks again for a day that could not be read, keeping the rest.
func (s *Server) sinceWrong(c *gin.Context, values url.Values, ext, typed string) error {
	problem := "Give the day as 3 June 2026 or 03/06/2026."
	if ext != "" {
		return &failure{http.StatusBadRequest, "That choice does not work", fmt.Sprintf("%q is not a day. %s", typed, problem), nil}
	}
	values.Del("since")
	sel, err := s.selection(values)
	if err != nil {
		return err
	}
	v, err := s.movedSince(c.Request.Context(), forPast(sel))
	if err != nil {
		return err
	}
	v.Panels = nil
	body, err := s.sinceHTML(c.Request.Context(), v, typed, problem)
	return badly(c, body, err)
}

func (s *Server) sinceHTML(ctx context.Context, v *dashboard.View, typed, problem string) ([]byte, error) {
	q := query(v.Selection)
	p := sincePage{page: s.base(ctx, v.Title, sincePath, sincePath+".json"+q), View: v, Typed: typed, Problem: problem, CSV: sincePath + ".csv" + q}
	p.Query, p.Sample = q, v.Sample
	p.draft(v.Drafts...)
	p.faulty(problem)
	p.Form = s.form(v.Selection, sincePath, v.Models)
	p.Form.Meetings = meetingsOf(v)
	if len(v.Panels) == 0 {
		p.Ago = s.daysAgo(v.Selection)
	}
	for _, w := range v.Warnings {
		if !bannered(v, w) {
			p.Warnings = append(p.Warnings, w)
		}
	}
	texts := []string{v.Lead}
	for _, d := range v.Panels {
		p.Parts = append(p.Parts, sincePart{d, q})
		texts = append(texts, d.Title, d.Sentence)
		for _, m := range d.Moved.Moves {
			texts = append(texts, m.From.Said, m.To.Said, m.Change, m.Chance, strings.Join(m.Notes, "\n"))
		}
	}
	p.Terms = s.words.met(map[string]bool{}, texts...)
	return s.pages.render("since", p)
}

// daysAgo are days to tell changes from while no meeting is chosen.
func (s *Server) daysAgo(sel dashboard.Selection) []ago {
	today := stat.DateOf(s.Now())
	var out []ago
	for _, a := range []struct {
		text   string
		months int
	}{{"three months ago", 3}, {"six months ago", 6}, {"a year ago", 12}} {
		day := today.AddMonthEnds(-a.months)
		sel.Since = day.String()
		out = append(out, ago{fmt.Sprintf("%s (%s)", a.text, day.Long()), sincePath + query(sel)})
	}
	return out
}

// Notes are the doubts about the whole page.
func (p sincePage) Notes() notes { return notes{List: p.Warnings} }

// XLSX is where the page can be had as a workbook.
func (p sincePage) XLSX() string { return asWorkbook(p.CSV) }
