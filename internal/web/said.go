package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// filled are the forms of a measure's page as somebody filled them in, with
// what was wrong.
type filled struct {
	naming  *naming
	said    said
	steward *stewarding
}

// said is what was said of a measure and could not be kept.
type said struct {
	Field, Problem string // id of the field
	From, Text     string // as they were given
}

// processForm says that the process behind a control chart changed, and lists
// when it did.
type processForm struct {
	said
	reader
	Action, Undo string
	Begins       []choice // first days at which new limits can begin, latest first
	Rebases      []stat.Rebase
}

// keepForm keeps a projection, to be set beside what happens.
type keepForm struct {
	said // nothing can be wrong
	reader
	Action string
	Year   int
	What   string // "131 (112 to 150) on 31 March 2028"
	Kept   *stat.Projection
}

// panelAt is the fragment of a panel of a measure's page.
func panelAt(measure, kind string) string { return "#" + plainName(measure+"-"+kind) }

// process is the form of a control chart, where h is what is held of the
// measure, nil on a page that has no forms.
func (h *holding) process(asks reader, v *dashboard.View, p dashboard.Panel, told said) *processForm {
	if h == nil || p.Control == nil {
		return nil
	}
	at := measurePath(p.Code) + "/process"
	f := &processForm{said: told, reader: asks, Action: at + query(v.Selection), Undo: at + "/undo" + query(v.Selection)}
	for _, r := range h.rebases {
		if r.Area == v.Area.Code {
			f.Rebases = append(f.Rebases, r)
		}
	}
	for i := len(p.Control.Points) - 1; i > 0; i-- {
		before, err := stat.ParseDate(p.Control.Points[i-1].Period)
		if err != nil {
			continue
		}
		from := before.AddDays(1)
		if !slices.ContainsFunc(f.Rebases, func(r stat.Rebase) bool { return r.From == from }) {
			f.Begins = append(f.Begins, choice{from.String(), p.Control.Points[i].Label})
		}
	}
	return f
}

// keep is the form of a projection.
func (h *holding) keep(asks reader, v *dashboard.View, p dashboard.Panel) *keepForm {
	if h == nil || p.Ahead == nil || len(p.Ahead.Ahead) == 0 {
		return nil
	}
	last := p.Ahead.Ahead[len(p.Ahead.Ahead)-1]
	end, err := stat.ParseDate(last.Period)
	if err != nil || last.Number == nil {
		return nil
	}
	f := &keepForm{reader: asks, Action: measurePath(p.Code) + "/projection" + query(v.Selection), Year: end.FinancialYear(),
		What: last.Text + " (" + last.Range + ") for " + last.Label}
	for _, k := range h.projections {
		if k.Area == v.Area.Code && k.For.End == end && k.Value == *last.Number {
			f.Kept = &k
		}
	}
	return f
}

// spoken is the measure and the selection that something is said of.
func (s *Server) spoken(c *gin.Context) (m stat.Measure, sel dashboard.Selection, err error) {
	if err = readForm(c); err != nil {
		return
	}
	if m, err = s.Catalogue.Measure(c.Param("name")); err != nil {
		return
	}
	sel, err = s.selection(c.Request.URL.Query())
	return
}

// kept leads back to the panel of what was said.
func (s *Server) kept(c *gin.Context, m stat.Measure, sel dashboard.Selection, kind string) error {
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, measurePath(m.Code)+query(sel)+panelAt(m.Code, kind))
	return nil
}

// rebase begins the limits of a control chart anew.
func (s *Server) rebase(c *gin.Context) error {
	m, sel, err := s.spoken(c)
	if err != nil {
		return err
	}
	told := said{From: c.PostForm("from"), Text: plain(c.PostForm("reason"))}
	from, err := stat.ParseDate(told.From)
	switch {
	case err != nil:
		told.Field, told.Problem = "process-from", "Choose where the new limits begin."
	case told.Text == "":
		told.Field, told.Problem = "process-reason", "Say what changed. The reason is shown with the chart."
	}
	if told.Problem != "" {
		return s.measureHTML(c, m, filled{said: told})
	}
	r := stat.Rebase{Measure: m.Code, Area: sel.Area, From: from, Reason: told.Text, By: s.who(c), At: s.Now()}
	switch err := s.Boards.CheckRebase(r); {
	case errors.Is(err, dashboard.ErrToCome):
		return s.measureHTML(c, m, filled{said: said{"process-from", sentence(err), told.From, told.Text}})
	case errors.Is(err, dashboard.ErrUncharted):
		return &failure{http.StatusBadRequest, "There is a problem with the new limits", sentence(err), err}
	case err != nil:
		return err
	}
	if err := s.Store.SaveRebase(c.Request.Context(), r); err != nil {
		return err
	}
	return s.kept(c, m, sel, dashboard.Control)
}

// undoRebase lets the limits before it go on, for a reason that is kept.
func (s *Server) undoRebase(c *gin.Context) error {
	m, sel, err := s.spoken(c)
	if err != nil {
		return err
	}
	from, err := stat.ParseDate(c.PostForm("from"))
	if err != nil {
		return store.ErrNotFound
	}
	reason := plain(c.PostForm("reason"))
	if reason == "" {
		return s.measureHTML(c, m, filled{said: said{Field: "undo-" + from.String(), Problem: "Say why it is removed. The reason is kept."}})
	}
	if err := s.Store.DeleteRebase(c.Request.Context(), m.Code, sel.Area, from, s.who(c), reason, s.Now()); err != nil {
		return err
	}
	return s.kept(c, m, sel, dashboard.Control)
}

// keepProjection keeps what is expected now of a year.
func (s *Server) keepProjection(c *gin.Context) error {
	m, sel, err := s.spoken(c)
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(c.PostForm("year"))
	if err != nil {
		return &failure{http.StatusBadRequest, "There is a problem with the projection", "It is not said which year it is of. Go back and send it again.", err}
	}
	s.growing.Lock()
	defer s.growing.Unlock()
	ctx := c.Request.Context()
	p, err := s.Boards.ToKeep(ctx, s.Store, m.Code, sel.Area, year)
	if errors.Is(err, dashboard.ErrNotFound) || errors.Is(err, stat.ErrUnknown) {
		return err
	}
	if err != nil {
		return &failure{http.StatusConflict, "That cannot be projected", sentence(err), err}
	}
	held, err := s.Store.Projections(ctx, m.Code)
	if err != nil {
		return err
	}
	same := func(k stat.Projection) bool {
		return k.Area == p.Area && k.Last == p.Last && k.For == p.For && k.Value == p.Value
	}
	if slices.ContainsFunc(held, same) {
		return conflict("This projection is kept already.")
	}
	p.Note, p.By, p.At = plain(c.PostForm("note")), s.who(c), s.Now()
	if _, err := s.Store.KeepProjection(ctx, p); err != nil {
		return err
	}
	return s.kept(c, m, sel, dashboard.Ahead)
}
