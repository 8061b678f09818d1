package web

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// enrolPage sets up one-time codes: at the first sign-in of whoever may do
// more than read, or from the account.
type enrolPage struct {
	page
	wrong
	Who     string
	Picture template.URL // the key as a QR code
	Key     string       // in groups of four
	Forced  bool
}

// enrolling is the person who sets up codes, and their new key. There is
// nobody where none is under way; somebody signing in who has codes already
// gives one of those instead.
func (s *Server) enrolling(c *gin.Context) (p *stat.Person, key string, err error) {
	ctx := c.Request.Context()
	key = s.sessions.GetString(ctx, inKey)
	if p = s.person(c); p == nil {
		if p, err = s.waiting(ctx); p != nil && p.Factor {
			p = nil
		}
	}
	if key == "" {
		p = nil
	}
	return p, key, err
}

func (s *Server) enrolPage(c *gin.Context) error {
	p, key, err := s.enrolling(c)
	switch {
	case err != nil:
		return err
	case p == nil:
		return toSignIn(c)
	}
	return s.enrolHTML(c, http.StatusOK, p, key, wrong{})
}

func (s *Server) enrolHTML(c *gin.Context, status int, p *stat.Person, key string, w wrong) error {
	picture, err := credential.QR(credential.KeyURI(key, p.Name, "Bellwether "+s.Home.Name))
	if err != nil {
		return err
	}
	out := enrolPage{page: s.base(c.Request.Context(), "Set up one-time codes", "", ""), wrong: w, Who: p.Title, Forced: s.person(c) == nil}
	out.Picture = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(picture))
	for i := 0; i < len(key); i += 4 {
		out.Key = strings.TrimSpace(out.Key + " " + key[i:min(i+4, len(key))])
	}
	out.faulty(w.Problem)
	return s.pages.write(c.Writer, status, "enrol", out)
}

// enrol keeps the key once the person's app has shown that it has it.
func (s *Server) enrol(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	p, key, err := s.enrolling(c)
	switch {
	case err != nil:
		return err
	case p == nil:
		return toSignIn(c)
	}
	wait, err := s.tryAs(c, *p)
	if err != nil {
		return err
	}
	if wait > 0 {
		return s.enrolHTML(c, http.StatusTooManyRequests, p, key, wrong{"code", tooOften(c, wait)})
	}
	step, ok := credential.CodeAt(key, c.PostForm("code"), s.Now())
	if !ok {
		if err := s.refused(c, *p, "the code to set up is not right"); err != nil {
			return err
		}
		return s.enrolHTML(c, http.StatusUnauthorized, p, key, wrong{"code", notTheCode})
	}
	return s.enrolled(c, *p, key, step)
}

// enrolled keeps a key, and the step of the code that has shown it.
func (s *Server) enrolled(c *gin.Context, p stat.Person, key string, step int64) error {
	ctx, in := c.Request.Context(), s.person(c) != nil
	keep := s.Store.EnrolTOTP // at the door only the first
	if in {
		keep = s.Store.SetTOTP
	}
	switch err := keep(ctx, p.ID, key, p.Title, s.Now()); {
	case errors.Is(err, store.ErrTaken):
		return toSignIn(c)
	case err != nil:
		return err
	}
	if _, err := s.Store.UseStep(ctx, p.ID, step); err != nil {
		return err
	}
	if in {
		s.sessions.Remove(ctx, inKey)
		return s.accountChanged(c, "codes")
	}
	p.Stamp++ // by what was just kept, and not by what somebody else keeps
	how := fmt.Sprintf("%s and a code, which was set up", s.sessions.GetString(ctx, inHow))
	return s.enter(c, p, s.sessions.GetString(ctx, inNext), how, byTwo)
}
