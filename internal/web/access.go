package web

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// access is who may come to an address. One that is none of these lets nobody
// in.
type access string

const (
	static access = "static" // anyone: a file, for which nobody is looked up
	open   access = "open"   // anyone
	public access = "public" // anyone while the public view is on, otherwise who is signed in

	viewer        = access(stat.Viewer) // whoever has this role or one above it, and so on
	analyst       = access(stat.Analyst)
	publisher     = access(stat.Publisher)
	administrator = access(stat.Administrator)
)

func (a access) admits(r reader) bool {
	switch a {
	case static, open:
		return true
	case public:
		return r.public || r.SignedIn()
	}
	return r.May(stat.Role(a))
}

// reader is who asks, as the request has found it: a person who is signed in,
// or the public.
type reader struct {
	person *stat.Person // nil for the public
	public bool         // what is published may be read without signing in
	name   template.HTML
}

// SignedIn reports whether the reader is a person.
func (r reader) SignedIn() bool { return r.person != nil }

// May reports whether the reader may do what takes the role.
func (r reader) May(role stat.Role) bool { return r.SignedIn() && r.person.Role.May(role) }

// ReaderName is the reader's name, as HTML.
func (r reader) ReaderName() template.HTML { return r.name }

// ReaderRole is the reader's role, "" for the public.
func (r reader) ReaderRole() stat.Role {
	if r.person == nil {
		return ""
	}
	return r.person.Role
}

// unnamed is anybody of the reader's role: a page that is kept for others is
// made for it, and knows no more of who asked first.
func (r reader) unnamed() reader {
	if r.person != nil {
		r.person, r.name = &stat.Person{Role: r.person.Role}, nameMark
	}
	return r
}

type readerKey struct{}

func withReader(ctx context.Context, r reader) context.Context {
	if r.person != nil {
		ctx = store.As(ctx, r.person.ID)
	}
	return context.WithValue(ctx, readerKey{}, r)
}

// readerOf is who asks; the public where nobody has been looked up.
func readerOf(ctx context.Context) reader {
	r, _ := ctx.Value(readerKey{}).(reader)
	return r
}

// person is who is signed in, nil for the public.
func (s *Server) person(c *gin.Context) *stat.Person { return readerOf(c.Request.Context()).person }

// who is the title of the person who does something, for the records.
func (s *Server) who(c *gin.Context) string {
	if p := s.person(c); p != nil {
		return p.Title
	}
	return ""
}

// guarded answers by a line of the table, to those whom it admits.
func (s *Server) guarded(line route) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := s.admit(c, line.access)
		if err == nil && !c.IsAborted() {
			err = line.answer(s, c)
		}
		if err != nil {
			s.fail(c.Writer, c.Request, err)
		}
	}
}

// accessKey is where a request keeps the access of its line of the table.
const accessKey = "access"

// admit looks up who asks, and refuses or sends to sign in whom the access
// does not admit.
func (s *Server) admit(c *gin.Context, a access) error {
	c.Set(accessKey, a)
	if a == static { // the same for all, whatever their cookie
		h := c.Writer.Header()
		h["Vary"] = slices.DeleteFunc(h["Vary"], func(name string) bool { return name == "Cookie" })
		return nil
	}
	ctx := c.Request.Context()
	r, err := s.reader(ctx)
	if err != nil {
		return fmt.Errorf("finding out who asks: %w", err)
	}
	c.Request = c.Request.WithContext(withReader(ctx, r))
	if r.SignedIn() {
		noted(c.Request).person = r.person.ID
	}
	switch {
	case a.admits(r):
		return nil
	case r.SignedIn():
		return mayNot(a, r.ReaderRole())
	}
	return s.signInFirst(c)
}

// admitAgain is admit for what was long in coming: whoever sends it may have
// been signed out, disabled or given another role since it began.
func (s *Server) admitAgain(c *gin.Context) error {
	ctx := c.Request.Context()
	over, err := s.over(ctx)
	if err == nil && over {
		err = s.sessions.Destroy(ctx)
	}
	if err != nil {
		return fmt.Errorf("finding out who still asks: %w", err)
	}
	return s.admit(c, c.MustGet(accessKey).(access))
}

// mayNot is the answer to somebody whose role does not do.
func mayNot(need access, has stat.Role) error {
	return &failure{http.StatusForbidden, "You may not do this", fmt.Sprintf("It takes the role %s, and yours is %s. Ask an administrator of Bellwether if you need it.", need, has), nil}
}

// signInFirst sends whoever asks for a page to sign in, and back to it
// afterwards. A program, and a form, are told.
func (s *Server) signInFirst(c *gin.Context) error {
	page := c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
	switch _, ending := splitReport(c.Request.URL.Path); {
	case !page:
		return &failure{http.StatusUnauthorized, "Sign in first", "You are not signed in, or no longer: nothing was changed. Sign in in another tab, then come back to this one, go back a page and send the form again.", nil}
	case ending != "" || strings.HasSuffix(c.Request.URL.Path, ".svg"):
		return &failure{http.StatusUnauthorized, "Sign in first", "This file is for people who are signed in.", nil}
	}
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, signInPath+"?"+url.Values{"next": {c.Request.URL.RequestURI()}}.Encode())
	c.Abort()
	return nil
}

// reader is who asks: the public, or the person of the session as the database
// has them now.
func (s *Server) reader(ctx context.Context) (reader, error) {
	settings, err := s.settings(ctx)
	if err != nil {
		return reader{}, err
	}
	p, err := s.signedIn(ctx)
	if err != nil || p == nil {
		return reader{public: settings.Public}, err
	}
	return reader{p, settings.Public, template.HTML(template.HTMLEscapeString(p.Title))}, nil
}

// settings are those in force. A change of them gives the data a new version.
func (s *Server) settings(ctx context.Context) (stat.Settings, error) {
	version, err := s.version(ctx)
	if err != nil {
		return stat.Settings{}, err
	}
	return s.set.at(version, func() (stat.Settings, error) { return s.Store.Settings(ctx) })
}

// local is an address to go on to: a path of Bellwether itself, "/" for any
// other.
func local(next string) string {
	u, err := url.Parse(next)
	odd := func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsFunc(next, odd) || strings.Contains(u.Path, "//") {
		return "/"
	}
	if path, _, _ := strings.Cut(u.Path[1:], "/"); path == signInPath[1:] || path == "sign-out" {
		return "/"
	}
	return cmp.Or(u.String(), "/")
}

// prefixes are the networks of trusted proxies as gin reads them.
func prefixes(list []netip.Prefix) (out []string) {
	for _, p := range list {
		out = append(out, p.String())
	}
	return out
}
