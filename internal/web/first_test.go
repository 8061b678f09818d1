package web_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

// The first administrator is made by one link, once, and after that the page
// is not there.
func TestFirst(t *testing.T) {
	s := newSite(t)
	s.nobody()
	token := credential.NewToken()
	if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkFirst, Expires: s.now().Add(time.Hour), By: "test"}); err != nil {
		t.Fatal(err)
	}
	first, at := s.public(), web.FirstPath(token)
	first.get(web.FirstPath("x")).want(http.StatusNotFound)
	first.get(web.LinkPath(token)).want(http.StatusNotFound)
	page := first.get(at).want(http.StatusOK).page()
	for selector, want := range map[string]string{"#title": "name", "#name": "username", "#password": "new-password"} {
		if got := page.Find(selector).AttrOr("autocomplete", ""); got != want {
			t.Errorf("%s: autocomplete is %q", selector, got)
		}
	}
	for _, c := range []struct{ title, name, password, says string }{
		{"", "jo", secret, "Enter your name"}, {"Jo Smith", "", secret, "Choose a name"}, {"Jo Smith", "jo smith", secret, "without spaces"},
		{"Jo Smith", strings.Repeat("j", 201), secret, "200 characters"}, {"Jo Smith", "jo", "", "Choose a password"}, {"Jo Smith", "jo", "short", "at least 12 characters"}, {"Jo Smith", "jo", "Middlesbrough2026", "tried first"}, {"Jo Smith", "jo", "passwordpassword", "tried first"},
	} {
		a := first.post(at, "title", c.title, "name", c.name, "password", c.password).want(http.StatusBadRequest).says("There is a problem", c.says)
		field := strings.TrimPrefix(a.page().Find(".govuk-error-summary a").AttrOr("href", ""), "#")
		if a.page().Find("#"+field+"-error").Length() != 1 || strings.Contains(a.body, `value="`+c.password+`"`) && c.password != "" {
			t.Errorf("%+v: the problem is not beside its field, or the password is sent back", c)
		}
	}
	if to := first.post(at, "title", "Jo Smith", "name", "jo", "password", secret).location(); to != "/sign-in/set-up" {
		t.Fatalf("it leads to %s", to)
	}
	first.get(at).want(http.StatusNotFound)
	first.post(at, "title", "Al", "name", "al", "password", secret).want(http.StatusNotFound)
	key := strings.ReplaceAll(first.get("/sign-in/set-up").page().Find(".bw-door__key").Text(), " ", "")
	first.post("/sign-in/set-up", "code", codeOf(t, key, s.now())).location()
	if got := first.get("/account").want(http.StatusOK).says("Jo Smith", "administrator").page().Find(".bw-who__name a").Text(); got != "Jo Smith" {
		t.Errorf("%q is signed in", got)
	}
	all, err := s.db.People(t.Context())
	if err != nil || len(all) != 1 || all[0].Role != stat.Administrator || !all[0].Password || !all[0].Factor {
		t.Errorf("there are %+v, %v", all, err)
	}
	another := credential.NewToken()
	if err := s.db.KeepLink(t.Context(), another, store.Link{Purpose: store.LinkFirst, Expires: s.now().Add(time.Hour), By: "test"}); err == nil {
		s.public().get(web.FirstPath(another)).want(http.StatusNotFound)
	}
}

// Until there is an administrator who may sign in, whoever else came first does
// not keep the first from being made; by a name that is nobody's yet.
func TestFirstBesideOthers(t *testing.T) {
	s := newSite(t)
	s.nobody()
	token := credential.NewToken()
	if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkFirst, Expires: s.now().Add(time.Hour), By: "test"}); err != nil {
		t.Fatal(err)
	}
	s.person("jo", stat.Publisher)
	first, at := s.public(), web.FirstPath(token)
	first.get(at).want(http.StatusOK)
	first.post(at, "title", "Jo Smith", "name", "JO", "password", secret).want(http.StatusBadRequest).says("Somebody signs in with that name already")
	if to := first.post(at, "title", "Jo Smith", "name", "jo.smith", "password", secret).location(); to != "/sign-in/set-up" {
		t.Errorf("it leads to %s", to)
	}
	first.get(at).want(http.StatusNotFound)
}

// A link to choose a password ends with another password, however it came, and
// with a disabling.
func TestLinkEndsWithThePassword(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Viewer, "")
	for name, do := range map[string]func(){
		"by command": func() { s.repassword(p, secret) },
		"by themselves": func() {
			s.in("jo").post("/account/password", "current", secret, "password", otherSecret).location()
			s.repassword(p, secret)
		},
		"a disabling": func() {
			s.change(p, func(p *stat.Person) { p.Disabled = true })
			s.change(p, func(p *stat.Person) { p.Disabled = false })
		},
	} {
		token := credential.NewToken()
		if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkPassword, Person: p.ID, Expires: time.Now().Add(time.Hour), By: "test"}); err != nil {
			t.Fatal(err)
		}
		s.public().get(web.LinkPath(token)).want(http.StatusOK)
		do()
		if a := s.public().post(web.LinkPath(token), "password", otherSecret); a.status != http.StatusNotFound {
			t.Errorf("%s: the link is good, %d", name, a.status)
		}
	}
}

// A restored database has the links of when it was copied, be they used since.
// None of them is good; where nobody had signed in yet, all are.
func TestLinksEndWithARestore(t *testing.T) {
	s := newSite(t)
	restore := func() {
		t.Helper()
		path := filepath.Join(t.TempDir(), "copy.db")
		if _, err := s.db.Backup(t.Context(), path, "test"); err != nil {
			t.Fatal(err)
		}
		s.path = path
		s.restart()
	}
	link := func() (path string) {
		t.Helper()
		p, token := s.person("jo", stat.Viewer), credential.NewToken()
		if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkPassword, Person: p.ID, Expires: time.Now().Add(time.Hour), By: "test"}); err != nil {
			t.Fatal(err)
		}
		return web.LinkPath(token)
	}
	at := link()
	s.restart()
	s.public().get(at).want(http.StatusOK) // no restore
	s.by.name, s.by.has = "", nil
	restore()
	if act := s.lastAct(); act.What != "link.end" || act.Who != "Bellwether" {
		t.Errorf("the audit trail ends with %+v", act)
	}
	s.public().post(at, "password", otherSecret).want(http.StatusNotFound)

	s.nobody()
	at = link()
	restore()
	s.public().post(at, "password", otherSecret).location()
}

// A one-time link does what it is for once, and only when it is sent, not when
// it is looked at.
func TestLinks(t *testing.T) {
	s := newSite(t)
	p := s.person("jo", stat.Viewer)
	link := func(purpose string) string {
		token := credential.NewToken()
		if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: purpose, Person: p.ID, Expires: s.now().Add(time.Hour), By: "test"}); err != nil {
			t.Fatal(err)
		}
		return web.LinkPath(token)
	}
	at := link(store.LinkPassword)
	jo := s.public()
	for range 2 {
		jo.get(at).want(http.StatusOK).says("Choose a password", "jo")
	}
	jo.post(at, "password", "password password").want(http.StatusBadRequest).says("tried first")
	if to := jo.post(at, "password", secret).location(); to != "/" {
		t.Errorf("it leads to %s", to)
	}
	jo.get("/account").want(http.StatusOK)
	s.public().post(at, "password", "another quartz lagoon").want(http.StatusNotFound)
	s.public().post("/sign-in", "name", "jo", "password", secret).location()

	at = link(store.LinkSignIn)
	s.public().get(at).says("Sign in as jo")
	in := s.public()
	in.post(at).location()
	in.get("/").want(http.StatusOK)
	s.public().post(at).want(http.StatusNotFound).says("used already")
	at = link(store.LinkSignIn)
	s.wait(61 * time.Minute)
	s.public().get(at).want(http.StatusNotFound)
	at = link(store.LinkSignIn)
	s.change(p, func(p *stat.Person) { p.Disabled = true })
	s.public().post(at).want(http.StatusNotFound)
	s.change(p, func(p *stat.Person) { p.Disabled = false })
	s.account("jo", stat.Viewer, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
	if to := s.public().post(link(store.LinkSignIn)).location(); to != "/sign-in/code" {
		t.Errorf("a link is worth a code: %s", to)
	}
	if strings.Contains(s.log.String(), strings.TrimPrefix(at, "/link/")) {
		t.Error("the log has a token")
	}
}

// Somebody changes their password and their codes, and ends their other
// sessions; each needs the password again.
func TestAccount(t *testing.T) {
	s := newSite(t)
	s.account("jo", stat.Viewer, "")
	in := func() *site {
		jo := s.public()
		jo.post("/sign-in", "name", "jo", "password", secret).location()
		return jo
	}
	jo, other := in(), in()
	in()
	jo.get("/account").says("jo", "viewer", "with a password", "in 2 other browsers", "not set up")
	other.post("/account/sessions").location()
	if a := jo.get("/account"); !out(a.header) {
		t.Errorf("a session elsewhere goes on: %d", a.status)
	}
	other.get("/account?done=sessions").says("You are signed out everywhere else", "Signed in elsewhereno")
	jo = in()
	const next = "another quartz lagoon"
	for _, c := range []struct{ current, password, says string }{
		{"", next, "as it is now"}, {"wrong", next, "That is not your password"}, {secret, "", "Choose a password"}, {secret, "short", "at least 12 characters"},
	} {
		jo.post("/account/password", "current", c.current, "password", c.password).want(http.StatusBadRequest).says("There is a problem", c.says)
	}
	before := jo.token()
	if to := jo.post("/account/password", "current", secret, "password", next).location(); to != "/account?done=password" {
		t.Errorf("it leads to %s", to)
	}
	if jo.token() == before {
		t.Error("the token is not renewed")
	}
	jo.get("/account?done=password").want(http.StatusOK).says("Your password is changed")
	if a := other.get("/account"); !out(a.header) {
		t.Errorf("a session elsewhere outlives the password: %d", a.status)
	}
	s.wait(6 * time.Minute)
	s.public().post("/sign-in", "name", "jo", "password", secret).want(http.StatusUnauthorized)
	jo.post("/account/codes", "again", "wrong").want(http.StatusBadRequest)
	if to := jo.post("/account/codes", "again", next).location(); to != "/sign-in/set-up" {
		t.Fatalf("it leads to %s", to)
	}
	key := strings.ReplaceAll(jo.get("/sign-in/set-up").want(http.StatusOK).says("Leave it as it is").page().Find(".bw-door__key").Text(), " ", "")
	if to := jo.post("/sign-in/set-up", "code", codeOf(t, key, s.now())).location(); to != "/account?done=codes" {
		t.Errorf("it leads to %s", to)
	}
	jo.get("/account?done=codes").want(http.StatusOK).says("One-time codes are set up", "Set up one-time codes anew")
	if to := s.public().post("/sign-in", "name", "jo", "password", next).location(); to != "/sign-in/code" {
		t.Errorf("a viewer with codes is led to %s", to)
	}
}
