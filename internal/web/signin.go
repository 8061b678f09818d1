package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// Where somebody comes in.
const (
	signInPath   = "/sign-in"
	codePath     = signInPath + "/code"
	enrolPath    = signInPath + "/set-up"
	providerPath = signInPath + "/provider"
	CallbackPath = signInPath + "/callback" // where the provider sends people back to
)

// wrong is what is wrong with a field of a form; "" for nothing.
type wrong struct{ Field, Problem string }

// signInPage asks for a name and a password, or leads to the provider.
type signInPage struct {
	page
	wrong
	Typed    string // the name
	Next     string
	Provider string // where its sign-in begins, "" for none
	Out      bool   // somebody has just signed out
}

func (s *Server) signInPage(c *gin.Context) error {
	next := local(c.Query("next"))
	if s.person(c) != nil {
		c.Redirect(http.StatusSeeOther, next)
		return nil
	}
	return s.signInHTML(c, http.StatusOK, next, "", wrong{})
}

func (s *Server) signInHTML(c *gin.Context, status int, next, typed string, w wrong) error {
	p := signInPage{page: s.base(c.Request.Context(), "Sign in", "", ""), wrong: w, Typed: typed, Next: next}
	p.Out = c.Request.URL.Query().Has("out")
	if s.SignOn != nil {
		p.Provider = providerPath + "?" + url.Values{"next": {next}}.Encode()
	}
	p.faulty(w.Problem)
	return s.pages.write(c.Writer, status, "sign-in", p)
}

// signIn takes a name and a password. An unknown name, an account without a
// password, a disabled one and a wrong password are answered alike, and take
// as long.
func (s *Server) signIn(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	name, password, next := plain(c.PostForm("name")), c.PostForm("password"), local(c.PostForm("next"))
	switch {
	case name == "":
		return s.signInHTML(c, http.StatusBadRequest, next, name, wrong{"name", "Enter the name you sign in with."})
	case password == "":
		return s.signInHTML(c, http.StatusBadRequest, next, name, wrong{"password", "Enter your password."})
	}
	tries := s.triesAtTheDoor(c, name)
	wait, err := s.try(c, tries...)
	if err != nil {
		return err
	}
	if wait > 0 {
		return s.signInHTML(c, http.StatusTooManyRequests, next, name, wrong{"name", tooOften(c, wait)})
	}
	p, matches, err := s.passwordOf(c.Request.Context(), name, password)
	if err != nil {
		return err
	}
	if !matches {
		if err := s.refused(c, p, "the name or the password is not right"); err != nil {
			return err
		}
		return s.signInHTML(c, http.StatusUnauthorized, next, name, wrong{"name", "The name or the password is not right."})
	}
	for _, t := range tries[1:] {
		if err := s.Sessions.TakeBack(c.Request.Context(), t.Key); err != nil {
			return err
		}
	}
	return s.proceed(c, p, next, "with a password")
}

// passwordOf finds the person of a name, and whether they may come in by the
// password. Whoever the name belongs to, a password is worked out.
func (s *Server) passwordOf(ctx context.Context, name, password string) (stat.Person, bool, error) {
	p, err := s.Store.PersonNamed(ctx, name)
	var secrets stat.Secrets
	if err == nil { // after the stamp, which a password put in place between the two outdates
		secrets, err = s.Store.Secrets(ctx, p.ID)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return p, false, err
	}
	matches := credential.Matches(secrets.Password, password)
	return p, matches && !p.Disabled && p.Local(), nil
}

// proceed goes on with a person who has given the first proof: whoever has
// codes set up, or may do more than read, owes a second. The first holds for as
// long as the stamp does.
func (s *Server) proceed(c *gin.Context, p stat.Person, next, how string) error {
	if !p.Factor && !p.Role.May(stat.Analyst) {
		return s.enter(c, p, next, how, byOne)
	}
	ctx := c.Request.Context()
	if err := s.restart(ctx); err != nil {
		return err
	}
	for key, value := range map[string]any{inWaiting: p.ID, inStamp: p.Stamp, inBegan: s.Now().Unix(), inNext: next, inHow: how} {
		s.sessions.Put(ctx, key, value)
	}
	to := codePath
	if !p.Factor {
		s.sessions.Put(ctx, inKey, credential.NewKey())
		to = enrolPath
	}
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// waiting is the person who owes the second proof, nil for none, and where the
// secrets that the first was given by have been changed since.
func (s *Server) waiting(ctx context.Context) (*stat.Person, error) {
	id := s.sessions.GetInt64(ctx, inWaiting)
	if id == 0 || s.elapsed(ctx, inBegan) >= stepEnd {
		return nil, nil
	}
	p, err := s.lookUp(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !s.stands(ctx, p) {
		return nil, nil
	}
	return &p, err
}

// toSignIn begins anew.
func toSignIn(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, signInPath)
	return nil
}

// codePage asks for a one-time code.
type codePage struct {
	page
	wrong
	Who string
}

func (s *Server) codePage(c *gin.Context) error {
	p, err := s.waiting(c.Request.Context())
	switch {
	case err != nil:
		return err
	case p == nil || !p.Factor:
		return toSignIn(c)
	}
	return s.codeHTML(c, http.StatusOK, p, wrong{})
}

func (s *Server) codeHTML(c *gin.Context, status int, p *stat.Person, w wrong) error {
	out := codePage{page: s.base(c.Request.Context(), "Enter your code", "", ""), wrong: w, Who: p.Title}
	out.faulty(w.Problem)
	return s.pages.write(c.Writer, status, "code", out)
}

// notTheCode is said of any code that does not count.
const notTheCode = "That code is not right, or its time is over. Enter the one that your app shows now."

// code takes the second proof.
func (s *Server) code(c *gin.Context) error {
	ctx := c.Request.Context()
	if err := readForm(c); err != nil {
		return err
	}
	p, err := s.waiting(ctx)
	switch {
	case err != nil:
		return err
	case p == nil || !p.Factor:
		return toSignIn(c)
	}
	wait, err := s.tryAs(c, *p)
	if err != nil {
		return err
	}
	if wait > 0 {
		return s.codeHTML(c, http.StatusTooManyRequests, p, wrong{"code", tooOften(c, wait)})
	}
	right, err := s.usesCode(ctx, *p, c.PostForm("code"))
	if err != nil {
		return err
	}
	if !right {
		if err := s.refused(c, *p, "the code is not right"); err != nil {
			return err
		}
		return s.codeHTML(c, http.StatusUnauthorized, p, wrong{"code", notTheCode})
	}
	return s.enter(c, *p, s.sessions.GetString(ctx, inNext), s.sessions.GetString(ctx, inHow)+" and a code", byTwo)
}

// usesCode reports whether the code is the person's of this moment, and has
// not been used before.
func (s *Server) usesCode(ctx context.Context, p stat.Person, code string) (bool, error) {
	secrets, err := s.Store.Secrets(ctx, p.ID)
	if err != nil {
		return false, err
	}
	step, ok := credential.CodeAt(secrets.TOTP, code, s.Now())
	if !ok {
		return false, nil
	}
	return s.Store.UseStep(ctx, p.ID, step)
}

// signOut ends the session.
func (s *Server) signOut(c *gin.Context) error {
	ctx := c.Request.Context()
	p := s.person(c)
	if err := s.sessions.Destroy(ctx); err != nil {
		return err
	}
	if p != nil {
		s.noteEnd(ctx, "sign-out", *p, "")
	}
	c.Header("Clear-Site-Data", `"cache"`) // so that going back shows nothing
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, signInPath+"?out")
	return nil
}

// refused notes a sign-in that was refused. A name that nobody has is not
// written down: it may be a password in the wrong field.
func (s *Server) refused(c *gin.Context, p stat.Person, why string) error {
	who, on := p.Title, personOn(p)
	if p.ID == 0 {
		who, on = "somebody", "an unknown name"
	}
	return s.Store.Note(context.WithoutCancel(c.Request.Context()), stat.Act{What: "sign-in.refused", Who: who, On: on, Detail: why + ", from " + c.ClientIP(), At: s.Now()})
}
