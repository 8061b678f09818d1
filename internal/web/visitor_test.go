package web_test

import (
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

// visitor is who asks: somebody, who comes in again when their time is over, or
// nobody but the cookie they have.
type visitor struct {
	name  string // "" for the public
	mu    sync.Mutex
	has   *http.Cookie
	known *http.Cookie // by which the browser is known
	last  time.Time
}

// person is somebody of a name, added with the role where there is none.
func (s *site) person(name string, role stat.Role) stat.Person {
	s.Helper()
	p, err := s.db.PersonNamed(s.Context(), name)
	if errors.Is(err, store.ErrNotFound) {
		p, err = s.db.AddPerson(s.Context(), stat.Person{Name: name, Title: name, Role: role, By: "test", At: s.now()})
	}
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// as is the same site, asked by somebody of a role.
func (s *site) as(role stat.Role) *site {
	s.Helper()
	s.person("a-"+string(role), role)
	other := &site{s.TB, s.running, &visitor{name: "a-" + string(role)}}
	other.come()
	return other
}

// named is the same site, asked by somebody of a name, title and role.
func (s *site) named(name, title string, role stat.Role) *site {
	s.Helper()
	s.change(s.person(name, role), func(p *stat.Person) { p.Title = title })
	other := &site{s.TB, s.running, &visitor{name: name}}
	other.come()
	return other
}

// public is the same site, asked by who has not signed in.
func (s *site) public() *site { return &site{s.TB, s.running, &visitor{}} }

// nobody is the site on a database in which nobody can sign in.
func (s *site) nobody() {
	s.Helper()
	s.by.name, s.by.has = "", nil
	s.path = filepath.Join(s.TempDir(), "nobody.db")
	s.restart()
}

// oneTime is the path of a link that signs somebody in.
func (s *site) oneTime(name string) string {
	s.Helper()
	token, last := credential.NewToken(), s.now()
	if now := time.Now(); now.After(last) {
		last = now // the store throws away what is over by its own clock
	}
	link := store.Link{Purpose: store.LinkSignIn, Person: s.person(name, stat.Viewer).ID, Expires: last.Add(time.Hour), By: "test"}
	if err := s.db.KeepLink(s.Context(), token, link); err != nil {
		s.Fatal(err)
	}
	return web.LinkPath(token)
}

// come signs the visitor in by a one-time link.
func (s *site) come() {
	s.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, s.oneTime(s.by.name), nil))
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) == 0 {
		s.Fatalf("signing %s in: %d %.500s", s.by.name, w.Code, w.Body)
	}
	s.keep(w.Result().Cookies())
	s.by.mu.Lock()
	defer s.by.mu.Unlock()
	s.by.last = s.now()
}

// show puts the visitor's cookie on a request, a new one where the clock has
// gone on too far.
func (s *site) show(r *http.Request) {
	s.Helper()
	s.by.mu.Lock()
	over := s.by.name != "" && (s.by.has == nil || s.now().Sub(s.by.last) > 50*time.Minute)
	s.by.mu.Unlock()
	if over {
		s.come()
	}
	s.by.mu.Lock()
	defer s.by.mu.Unlock()
	if r.Header.Get("Cookie") != "" {
		return
	}
	for _, c := range []*http.Cookie{s.by.has, s.by.known} {
		if c != nil {
			r.AddCookie(c)
		}
	}
}

// keep takes a new cookie, or drops one that has ended.
func (s *site) keep(cookies []*http.Cookie) {
	s.by.mu.Lock()
	defer s.by.mu.Unlock()
	for _, c := range cookies {
		at := &s.by.has
		if strings.HasSuffix(c.Name, "-known") {
			at = &s.by.known
		}
		if *at = c; c.MaxAge < 0 {
			*at = nil
		}
	}
}

// jar holds the cookie of somebody of a role, for a server at an address.
func (s *site) jar(address string, role stat.Role) http.CookieJar {
	s.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	at, err := url.Parse(address)
	if err != nil {
		s.Fatal(err)
	}
	jar.SetCookies(at, []*http.Cookie{s.as(role).by.has})
	return jar
}

// tab is a page of its own in the browser, in which the visitor has signed in.
func (s *site) tab(t *testing.T, server *httptest.Server, expected ...string) context.Context {
	t.Helper()
	ctx := tab(t, expected...)
	do(t, ctx, chromedp.Navigate(server.URL+s.oneTime(s.by.name)), chromedp.Click(chromedp.CSS("main form button")))
	for range 600 {
		in, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && !!document.querySelector('form[action="/sign-out"]')`))
		if err == nil && in {
			return ctx
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("the visitor is not signed in")
	return ctx
}

// unzipped is what a gzipped body says.
func unzipped(t *testing.T, body string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return readAll(t, z)
}

// out reports whether an answer sends to sign in.
func out(h http.Header) bool { return strings.HasPrefix(h.Get("Location"), "/sign-in?next=") }

// breaks makes the database refuse every import from now on.
func (s *site) breaks() {
	s.Helper()
	db, err := sql.Open("sqlite", s.path)
	if err == nil {
		_, err = db.Exec("CREATE TRIGGER full BEFORE INSERT ON batch BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		s.Fatal(err)
	}
}
