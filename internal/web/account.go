package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
)

const accountPath = "/account"

// accountPage is what somebody sees and changes of themselves.
type accountPage struct {
	page
	wrong
	Person stat.Person
	How    string // they signed in
	Others int    // sessions elsewhere
	Done   string // what was just changed, in words
	Powers []string
}

// doneWords say what was changed, by what the address has.
var doneWords = map[string]string{
	"password": "Your password is changed, and you are signed out everywhere else.",
	"codes":    "One-time codes are set up, and you are signed out everywhere else.",
	"sessions": "You are signed out everywhere else.",
}

func (s *Server) account(c *gin.Context) error { return s.accountHTML(c, http.StatusOK, wrong{}) }

func (s *Server) accountHTML(c *gin.Context, status int, w wrong) error {
	ctx := c.Request.Context()
	p := accountPage{page: s.base(ctx, "Your account", accountPath, ""), wrong: w, Person: *s.person(c), How: s.sessions.GetString(ctx, inHow)}
	p.faulty(w.Problem)
	if w.Problem == "" {
		p.Done = doneWords[c.Query("done")]
	}
	for _, r := range roleChoices {
		if p.Person.Role.May(r.Role) {
			p.Powers = append(p.Powers, r.May)
		}
	}
	others, err := s.others(ctx, &p.Person)
	if err != nil {
		return err
	}
	p.Others = len(others)
	return s.pages.write(c.Writer, status, "account", p)
}

// accountChanged keeps this session, alone of the person's, through the change
// of a secret just made. Where it has been ended meanwhile, or there was another
// change and the stamp is a later one, it ends too.
func (s *Server) accountChanged(c *gin.Context, what string) error {
	ctx := c.Request.Context()
	if err := s.forgive(c, *s.person(c)); err != nil {
		return err
	}
	over, err := s.over(ctx)
	switch {
	case err != nil:
		return err
	case over:
		return toSignIn(c)
	}
	s.sessions.Put(ctx, inStamp, s.sessions.GetInt64(ctx, inStamp)+1)
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, accountPath+"?done="+what)
	return nil
}

// knows reports what is wrong with the password that somebody gives again
// before something of their account is changed.
func (s *Server) knows(c *gin.Context, field string) (wrong, error) {
	p, password := s.person(c), c.PostForm(field)
	if password == "" {
		return wrong{field, "Enter your password as it is now."}, nil
	}
	wait, err := s.tryAs(c, *p)
	if err != nil {
		return wrong{}, err
	}
	if wait > 0 {
		return wrong{field, tooOften(c, wait)}, nil
	}
	_, matches, err := s.passwordOf(c.Request.Context(), p.Name, password)
	if err != nil || matches {
		return wrong{}, err
	}
	return wrong{field, "That is not your password."}, s.refused(c, *p, "the password for a change of the account is not right")
}

// changePassword puts another password in place of the one there is.
func (s *Server) changePassword(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	p := s.person(c)
	if !p.Local() {
		return conflict("Your organisation's sign-in has your password; change it there.")
	}
	ctx, w := c.Request.Context(), wrong{}
	if p.Password {
		var err error
		if w, err = s.knows(c, "current"); err != nil {
			return err
		}
	}
	if w.Problem == "" {
		w = s.passwordFault(c.PostForm("password"), p.Name, p.Title)
	}
	if w.Problem != "" {
		return s.accountHTML(c, http.StatusBadRequest, w)
	}
	encoded, err := credential.Hash(c.PostForm("password"))
	if err != nil {
		return err
	}
	if err := s.Store.SetPassword(ctx, p.ID, encoded, p.Title, s.Now()); err != nil {
		return err
	}
	return s.accountChanged(c, "password")
}

// changeCodes begins to set up one-time codes, in place of any there are.
func (s *Server) changeCodes(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	p := s.person(c)
	if !p.Local() {
		return conflict("Your organisation's sign-in asks for your codes; change them there.")
	}
	if p.Password {
		if w, err := s.knows(c, "again"); err != nil || w.Problem != "" {
			if err != nil {
				return err
			}
			return s.accountHTML(c, http.StatusBadRequest, w)
		}
	}
	s.sessions.Put(c.Request.Context(), inKey, credential.NewKey())
	c.Redirect(http.StatusSeeOther, enrolPath)
	return nil
}

// endSessions signs the person out everywhere else.
func (s *Server) endSessions(c *gin.Context) error {
	ctx, p := c.Request.Context(), s.person(c)
	others, err := s.others(ctx, p)
	if err != nil {
		return err
	}
	for _, token := range others {
		if err := s.Sessions.DeleteCtx(ctx, token); err != nil {
			return err
		}
	}
	if len(others) > 0 {
		s.noteEnd(ctx, "session.end", *p, "in "+many(len(others), "other browser"))
	}
	c.Redirect(http.StatusSeeOther, accountPath+"?done=sessions")
	return nil
}
