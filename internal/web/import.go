package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// batchPage is one imported file.
type batchPage struct {
	page
	Batch    stat.Batch
	Accepted []problem
	Notes    []problem
	Changed  []changedFigure // the first of them
	Figures  int             // all that changed
	Measures []stat.Measure  // with figures of it in force
	Problem  string          // with the reason to withdraw it
	Sign     signoff
}

// Caption heads the figures that changed.
func (p batchPage) Caption() string { return captionOf(len(p.Changed)) }

// MayWithdraw reports whether the reader may take the import back.
func (p batchPage) MayWithdraw() bool { return p.May(takesBack(p.Batch)) }

// takesBack is the role that it takes to withdraw an import.
func takesBack(b stat.Batch) stat.Role {
	if b.Published.IsZero() {
		return stat.Analyst
	}
	return stat.Publisher
}

func (s *Server) importPage(c *gin.Context) error {
	name, ext := split(c.Param("name"))
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || ext != "" && ext != "json" {
		return notFound("There is no such import. They are listed on the imports page.", err)
	}
	if ext == "json" {
		b, err := s.Store.Batch(c.Request.Context(), id)
		if err == nil {
			writeJSON(c.Writer, http.StatusOK, asJSON(b))
		}
		return err
	}
	key, err := s.publishersKey(c.Request.Context(), id)
	if err != nil {
		return err
	}
	return s.cached(c, key, func(ctx context.Context) (*document, error) {
		body, err := s.batchHTML(ctx, id, "", signoff{})
		return newDocument(htmlType, "", body), err
	})
}

func batchPath(id int64) string { return "/imports/" + strconv.FormatInt(id, 10) }

// batchHTML is the page of an import; wrong is what is wrong with the reason
// that was given to withdraw it, and f the form of its publication as it was
// filled in.
func (s *Server) batchHTML(ctx context.Context, id int64, wrong string, f signoff) ([]byte, error) {
	b, err := s.Store.Batch(ctx, id)
	if err != nil {
		return nil, err
	}
	p := batchPage{page: s.base(ctx, b.File, "/imports", batchPath(id)+".json"), Batch: b, Problem: wrong}
	if p.Sign, err = s.signoff(ctx, b, f); err != nil {
		return nil, err
	}
	p.Sample = b.Sample
	p.faulty(wrong, f.Problem)
	var waiting []problem
	_, waiting, p.Accepted, p.Notes = bySeverity(b.Problems)
	p.Notes = append(waiting, p.Notes...) // of imports from before warnings had reasons
	changed, all, err := s.Store.Changed(ctx, id, changedLimit)
	if err != nil {
		return nil, err
	}
	p.Figures = all
	var areas []string
	for _, ch := range changed {
		m, _ := s.Catalogue.Measure(ch.Measure)
		p.Changed = append(p.Changed, s.changedFigure(ch, m))
		areas = append(areas, ch.Area)
	}
	if b.Withdrawn.IsZero() {
		if p.Measures, err = s.measuresOf(ctx, id, areas); err != nil {
			return nil, err
		}
	}
	return s.pages.render("import", p)
}

// measuresOf lists the measures that show figures of a batch: for the council
// or England, which nearly every file has, or else for the areas it is known
// to have changed.
func (s *Server) measuresOf(ctx context.Context, batch int64, areas []string) ([]stat.Measure, error) {
	found, err := s.measuresIn(ctx, []string{s.Home.Code, stat.England}, batch)
	if err == nil && len(found) == 0 && len(areas) > 0 {
		found, err = s.measuresIn(ctx, areas, batch)
	}
	return found, err
}

func (s *Server) measuresIn(ctx context.Context, areas []string, batch int64) ([]stat.Measure, error) {
	q := stat.Query{Areas: areas}
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
	touched := map[string]bool{}
	for _, o := range held.Observations {
		for _, part := range stat.Parts {
			if f := o.Part(part); f.Origin != nil && f.Origin.Batch == batch {
				touched[o.Measure] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(s.Catalogue.Measures()), func(m stat.Measure) bool { return !touched[m.Code] }), nil
}

// withdraw takes an import back, for a reason that is kept.
func (s *Server) withdraw(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("name"), 10, 64)
	if err != nil {
		return notFound("There is no such import. They are listed on the imports page.", err)
	}
	ctx := c.Request.Context()
	role, take := s.person(c).Role, s.Store.WithdrawDraft
	if role.May(stat.Publisher) {
		take = s.Store.Withdraw
	}
	b, err := take(ctx, id, s.who(c), plain(c.PostForm("reason")), s.Now())
	switch {
	case errors.Is(err, store.ErrPublished):
		return mayNot(publisher, role)
	case errors.Is(err, store.ErrWithdrawn):
		return conflict("This import was withdrawn already, by " + b.WithdrawnBy + " on " + when(b.Withdrawn) + ": " + b.WithdrawnWhy)
	case errors.Is(err, store.ErrInvalid):
		body, err := s.batchHTML(ctx, id, "Say why the import is withdrawn. The reason is kept with it.", signoff{})
		return badly(c, body, err)
	case err != nil:
		return err
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, batchPath(id))
	return nil
}
