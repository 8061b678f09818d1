package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/web"
)

// A token that somebody could have planted before the sign-in is worth nothing
// after it.
func TestFixation(t *testing.T) {
	s := newSite(t)
	s.account("jo", stat.Analyst, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
	jo := s.public()
	jo.by.has = &http.Cookie{Name: "bellwether", Value: "planted-by-somebody-else"}
	jo.post("/sign-in", "name", "jo", "password", secret).location()
	waiting := jo.by.has
	jo.post("/sign-in/code", "code", codeOf(t, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", s.now())).location()
	jo.get("/imports").want(http.StatusOK)
	if jo.token() == waiting.Value || waiting.Value == "planted-by-somebody-else" {
		t.Error("the token is not renewed")
	}
	for _, old := range []string{waiting.Value, "planted-by-somebody-else"} {
		other := s.public()
		other.by.has = &http.Cookie{Name: "bellwether", Value: old}
		if a := other.get("/imports"); !out(a.header) {
			t.Errorf("the token from before the sign-in lets in: %d", a.status)
		}
	}
	all, err := s.sessions.All()
	if err != nil || len(all) == 0 || all[jo.token()] != nil {
		t.Errorf("the file holds the token itself, or no session: %d, %v", len(all), err)
	}
}

// A session ends an hour after the last request and ten after the sign-in.
func TestSessionEnds(t *testing.T) {
	s := newSite(t)
	jo := s.as(stat.Viewer)
	jo.by.name = "" // does not come in again
	s.wait(59 * time.Minute)
	jo.get("/measures").want(http.StatusOK)
	s.wait(61 * time.Minute)
	if a := jo.get("/measures"); !out(a.header) || jo.token() != "" {
		t.Errorf("idle for an hour: %d", a.status)
	}
	al := s.as(stat.Viewer)
	al.by.name = ""
	for range 11 {
		al.get("/measures").want(http.StatusOK)
		s.wait(54 * time.Minute)
	}
	s.wait(7 * time.Minute)
	if a := al.get("/measures"); !out(a.header) {
		t.Errorf("after ten hours: %d", a.status)
	}
}

// What an administrator or the person changes holds from the next request on.
func TestChangedAtOnce(t *testing.T) {
	s := newSite(t)
	jo := s.as(stat.Publisher)
	jo.by.name = ""
	p := s.person("a-publisher", stat.Publisher)
	jo.get("/imports").want(http.StatusOK)
	before := jo.token()
	s.change(p, func(p *stat.Person) { p.Role = stat.Viewer })
	jo.get("/imports").want(http.StatusForbidden).says("It takes the role analyst, and yours is viewer.")
	if jo.token() == before {
		t.Error("another role has the same token")
	}
	s.change(p, func(p *stat.Person) { p.Role = stat.Analyst })
	jo.get("/imports").want(http.StatusOK)
	s.change(p, func(p *stat.Person) { p.Disabled = true })
	if a := jo.get("/imports"); !out(a.header) || jo.token() != "" {
		t.Errorf("somebody disabled sees the imports: %d", a.status)
	}
	s.change(p, func(p *stat.Person) { p.Disabled = false })
	jo = s.as(stat.Publisher)
	jo.by.name = ""
	s.account("a-publisher", stat.Publisher, "")
	if a := jo.get("/imports"); !out(a.header) {
		t.Errorf("a session outlives the password: %d", a.status)
	}
}

// The cookie is out of reach of scripts and other sites; over https of other
// hosts and of http too, and browsers are kept to https.
func TestCookie(t *testing.T) {
	s := newSite(t)
	cookie := func(base *url.URL) (string, string) {
		s.reconfigured(web.Config{Base: base})
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, s.oneTime("analyst"), nil))
		got, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), "=")
		_, attributes, _ := strings.Cut(w.Header().Get("Set-Cookie"), "; ")
		return got + "; " + attributes, w.Header().Get("Strict-Transport-Security")
	}
	for base, want := range map[string][2]string{
		"":                                {"bellwether; Path=/; HttpOnly; SameSite=Lax", ""},
		"http://127.0.0.1:8080":           {"bellwether; Path=/; HttpOnly; SameSite=Lax", ""},
		"https://bellwether.example.test": {"__Host-bellwether; Path=/; HttpOnly; Secure; SameSite=Lax", "max-age=31536000"},
	} {
		var at *url.URL
		if base != "" {
			var err error
			if at, err = url.Parse(base); err != nil {
				t.Fatal(err)
			}
		}
		if got, transport := cookie(at); got != want[0] || transport != want[1] {
			t.Errorf("%q: %q and %q", base, got, transport)
		}
	}
}

// No other site can sign anybody in or out, or change their account.
func TestForgedSignIn(t *testing.T) {
	s := newSite(t)
	s.account("jo", stat.Viewer, "")
	path := s.oneTime("jo")
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
		for _, at := range []string{"/sign-in", "/sign-out", "/account/password", "/account/codes", "/account/sessions", path, "/first/x", "/sign-in/code", "/sign-in/set-up"} {
			r := httptest.NewRequest(http.MethodPost, at, strings.NewReader("name=jo&password="+url.QueryEscape(secret)))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(header[0], header[1])
			s.do(r).want(http.StatusForbidden)
		}
	}
	s.get("/account").want(http.StatusOK)
	s.public().get(path).want(http.StatusOK) // the link is still there
}
