package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// Where one-time links lead; the token comes last.
const (
	firstPath = "/first/"
	linkPath  = "/link/"
)

// FirstPath is where the first administrator is made, by the token of a link
// for that.
func FirstPath(token string) string { return firstPath + token }

// LinkPath is where a one-time link of a person leads.
func LinkPath(token string) string { return linkPath + token }

// firstPage makes the first administrator.
type firstPage struct {
	page
	wrong
	Action, Name, Titled string
}

// noLink is the answer to a link that is used, over or never was.
func noLink() error {
	return notFound("This link has been used already, or its time is over. Ask whoever gave it to you for a new one.", nil)
}

// endCopied ends the one-time links of a database that was put in place of a
// later one, which has those that were used since. It is told by its file of
// sessions, which is new although somebody has signed in.
func (s *Server) endCopied(ctx context.Context) error {
	if !s.Sessions.Fresh() {
		return nil
	}
	last, err := s.Store.LastAct(ctx, "sign-in")
	if err == nil && last.Number > 0 {
		err = s.Store.EndLinks(ctx, "Bellwether", s.Now())
	}
	if err == nil {
		err = s.Sessions.Settle(ctx)
	}
	if err != nil {
		return fmt.Errorf("ending the links of a copy: %w", err)
	}
	return nil
}

// linked is what the token of the address is for. A link of another purpose is
// none.
func (s *Server) linked(c *gin.Context, purposes ...string) (store.Link, error) {
	l, err := s.Store.PeekLink(c.Request.Context(), c.Param("token"), s.Now())
	if errors.Is(err, store.ErrNotFound) {
		return l, noLink()
	}
	if err != nil {
		return l, err
	}
	for _, p := range purposes {
		if l.Purpose == p {
			return l, nil
		}
	}
	return l, noLink()
}

// firstLink refuses where there is an administrator already, whatever the link
// says.
func (s *Server) firstLink(c *gin.Context) error {
	there, err := s.Store.Administered(c.Request.Context())
	if err == nil && there {
		return noLink()
	}
	if err == nil {
		_, err = s.linked(c, store.LinkFirst)
	}
	return err
}

func (s *Server) firstPage(c *gin.Context) error {
	if err := s.firstLink(c); err != nil {
		return err
	}
	return s.firstHTML(c, http.StatusOK, firstPage{})
}

func (s *Server) firstHTML(c *gin.Context, status int, p firstPage) error {
	p.page = s.base(c.Request.Context(), "Make the first administrator", "", "")
	p.Action = c.Request.URL.Path
	p.faulty(p.Problem)
	return s.pages.write(c.Writer, status, "first", p)
}

// first makes the first administrator, who goes on to set up codes.
func (s *Server) first(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	if err := s.firstLink(c); err != nil {
		return err
	}
	in := firstPage{Name: plain(c.PostForm("name")), Titled: plain(c.PostForm("title"))}
	switch password := c.PostForm("password"); {
	case in.Titled == "":
		in.wrong = wrong{"title", "Enter your name as others know you, such as Jo Smith."}
	case in.Name == "" || strings.Contains(in.Name, " "):
		in.wrong = wrong{"name", "Choose a name to sign in with, without spaces, such as jo.smith."}
	default:
		in.wrong = s.passwordFault(password, in.Name, in.Titled)
	}
	if in.Problem != "" {
		return s.firstHTML(c, http.StatusBadRequest, in)
	}
	encoded, err := credential.Hash(c.PostForm("password"))
	if err != nil {
		return err
	}
	p := stat.Person{Name: in.Name, Title: in.Titled, Role: stat.Administrator, By: in.Titled, At: s.Now()}
	p, err = s.Store.FirstAdministrator(c.Request.Context(), c.Param("token"), p, encoded)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return noLink()
	case errors.Is(err, store.ErrTaken):
		in.wrong = wrong{"name", "Somebody signs in with that name already. Choose another."}
		return s.firstHTML(c, http.StatusBadRequest, in)
	case errors.Is(err, store.ErrInvalid):
		in.wrong = wrong{"name", "Choose shorter names, of 200 characters at most and of letters, digits and signs that can be seen."}
		return s.firstHTML(c, http.StatusBadRequest, in)
	case err != nil:
		return err
	}
	return s.proceed(c, p, "/", "with the password just chosen")
}

// passwordFault says why a password cannot be chosen.
func (s *Server) passwordFault(password, name, title string) wrong {
	if password == "" {
		return wrong{"password", "Choose a password."}
	}
	if err := credential.Check(password, name, title, s.Home.Name); err != nil {
		return wrong{"password", sentence(err)}
	}
	return wrong{}
}

// linkPage is what a one-time link is for: to choose a password, or to sign
// in. Following it does nothing yet, since programs follow links as well.
type linkPage struct {
	page
	wrong
	Action string
	Person stat.Person
	Choose bool // a password
}

func (s *Server) linkPage(c *gin.Context) error {
	_, p, err := s.linkOf(c)
	if err != nil {
		return err
	}
	return s.linkHTML(c, http.StatusOK, p)
}

// linkOf is the page of the address's link.
func (s *Server) linkOf(c *gin.Context) (store.Link, linkPage, error) {
	l, err := s.linked(c, store.LinkPassword, store.LinkSignIn)
	if err != nil {
		return l, linkPage{}, err
	}
	p, err := s.Store.Person(c.Request.Context(), l.Person)
	return l, linkPage{Person: p, Choose: l.Purpose == store.LinkPassword}, err
}

func (s *Server) linkHTML(c *gin.Context, status int, p linkPage) error {
	title := "Sign in"
	if p.Choose {
		title = "Choose a password"
	}
	p.page, p.Action = s.base(c.Request.Context(), title, "", ""), c.Request.URL.Path
	p.faulty(p.Problem)
	return s.pages.write(c.Writer, status, "link", p)
}

// link uses a one-time link up.
func (s *Server) link(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	_, p, err := s.linkOf(c)
	if err != nil {
		return err
	}
	if p.Choose {
		return s.choose(c, p)
	}
	switch _, err := s.Store.UseLink(c.Request.Context(), c.Param("token"), s.Now()); {
	case errors.Is(err, store.ErrNotFound):
		return noLink()
	case err != nil:
		return err
	case p.Person.Factor:
		return s.proceed(c, p.Person, "/", "with a one-time link")
	}
	return s.enter(c, p.Person, "/", "with a one-time link", byTwo)
}

// choose keeps the password that a link is for, and goes on as if it had been
// typed at the door. Until it is kept the link can be used again.
func (s *Server) choose(c *gin.Context, p linkPage) error {
	ctx, password := c.Request.Context(), c.PostForm("password")
	if p.wrong = s.passwordFault(password, p.Person.Name, p.Person.Title); p.Problem != "" {
		return s.linkHTML(c, http.StatusBadRequest, p)
	}
	encoded, err := credential.Hash(password)
	if err != nil {
		return err
	}
	is, err := s.Store.ChoosePassword(ctx, c.Param("token"), encoded, s.Now())
	if errors.Is(err, store.ErrNotFound) {
		return noLink()
	}
	if err != nil {
		return err
	}
	if is.Factor || is.Role.May(stat.Analyst) { // whoever tries the name elsewhere does not keep them from giving a code, or setting codes up
		s.remember(c, is.Name)
	}
	return s.proceed(c, is, "/", "with the password just chosen")
}
