package web

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/people"
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
func (s *Server) enrolling(c *gin.Context) (p *proved, key string, err error) {
	ctx := c.Request.Context()
	key = s.sessions.GetString(ctx, inKey)
	if in := s.person(c); in != nil {
		p = &proved{*in, s.sessions.GetString(ctx, inProof)}
	} else if p, err = s.waiting(ctx); p != nil && p.Factor {
		p = nil
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

func (s *Server) enrolHTML(c *gin.Context, status int, p *proved, key string, w wrong) error {
	picture, err := people.QR(people.KeyURI(key, p.Name, "Bellwether "+s.Home.Name))
	if err != nil {
		return err
	}
	out := enrolPage{page: s.base(c.Request.Context(), "Set up one-time codes", "", ""), wrong: w, Who: p.Title, Forced: s.person(c) == nil}
	out.Picture = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(picture))
	for i := 0; i < len(key); i += 4 {
		out.Key = strings.TrimSpace(out.Key + " " + key[i:min(i+4, len(key))])
	}
	if w.Problem != "" {
		out.Title = "Error: " + out.Title
	}
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
	step, ok := people.CodeAt(key, c.PostForm("code"), s.Now())
	if !ok {
		return s.enrolHTML(c, http.StatusUnauthorized, p, key, wrong{"code", notTheCode})
	}
	ctx := c.Request.Context()
	secrets, err := s.secretsOf(ctx, *p)
	if err != nil {
		return err
	}
	keep := s.Store.EnrolTOTP // at the door only the first
	if s.person(c) != nil {
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
	secrets.TOTP = key
	if s.person(c) != nil {
		s.sessions.Remove(ctx, inKey)
		return s.accountChanged(c, secrets, "codes")
	}
	p.Factor, p.proof = true, proofOf(secrets)
	how := fmt.Sprintf("%s and a code, which was set up", s.sessions.GetString(ctx, inHow))
	return s.enter(c, *p, s.sessions.GetString(ctx, inNext), how)
}
