package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

// from is a sign-in from an address.
func (s *site) from(address, name, password string) answer {
	s.Helper()
	r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(url.Values{"name": {name}, "password": {password}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", address)
	return s.do(r)
}

// Whoever tries somebody's name from elsewhere does not keep them out of a
// browser in which they have signed in before, be it from the same address. That
// is worth tries of its own, for that name.
func TestKnownBrowser(t *testing.T) {
	s := newSite(t)
	s.reconfigured(web.Config{Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}})
	s.account("jo", stat.Viewer, "")
	s.account("al", stat.Viewer, "")
	attacked := func(name string) {
		t.Helper()
		for i := range 10 {
			s.public().from(fmt.Sprintf("10.0.0.%d", i), name, "wrong").want(http.StatusUnauthorized)
		}
		s.public().from("10.0.1.1", name, secret).want(http.StatusTooManyRequests)
	}
	jo := s.public()
	jo.from("10.1.0.1", "jo", secret).location()
	jo.post("/sign-out").location()
	known := jo.by.known
	if known == nil || known.Name != "bellwether-known" || !known.HttpOnly || known.Path != "/" || known.Domain != "" || known.SameSite != http.SameSiteLaxMode || known.MaxAge < 86400 || strings.Contains(known.Value, "jo") {
		t.Fatalf("the browser is known by %+v", known)
	}
	if a := jo.get("/account"); !out(a.header) {
		t.Errorf("to be known lets in: %d", a.status)
	}
	attacked("jo")
	jo.from("10.1.0.1", "JO ", secret).location()
	s.public().from("10.1.0.2", "jo", secret).want(http.StatusTooManyRequests) // which does not open it to others

	attacked("al")
	jo.from("10.1.0.1", "al", secret).want(http.StatusTooManyRequests) // it is jo's browser
	text, seal, _ := strings.Cut(known.Value, "/")
	for _, value := range []string{"", "/", text, text + "/", text + "/" + strings.Repeat("0", 64), "9" + text + "/" + seal, "x.y/" + seal, seal} {
		forged := s.public()
		forged.by.known = &http.Cookie{Name: "bellwether-known", Value: value}
		forged.from("10.1.0.3", "jo", secret).want(http.StatusTooManyRequests)
	}

	s.wait(6 * time.Minute)
	for i := range 10 {
		jo.from(fmt.Sprintf("10.2.0.%d", i), "jo", "wrong").want(http.StatusUnauthorized)
	}
	jo.from("10.2.1.1", "jo", secret).want(http.StatusTooManyRequests)
	s.public().from("10.2.1.1", "jo", secret).location() // and the tries here are not those of others
	s.wait(6 * time.Minute)
	for i := range 10 {
		s.public().from("10.3.0.1", fmt.Sprintf("nobody%d", i), "wrong").want(http.StatusUnauthorized)
	}
	s.public().from("10.3.0.1", "jo", secret).want(http.StatusTooManyRequests)
	jo.from("10.3.0.1", "jo", secret).location()
	s.public().from("10.3.0.1", "another", "wrong").want(http.StatusTooManyRequests) // nor does that take any of theirs back

	late := s.public()
	late.by.known = known
	s.wait(181 * 24 * time.Hour)
	attacked("jo")
	late.from("10.4.0.1", "jo", secret).want(http.StatusTooManyRequests)
}

// Somebody who is kept out of every browser gets in by a link to choose a
// password, and a code; who knows the password alone does not make a browser
// known.
func TestKnownByLink(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Analyst, anyKey)
	thief := s.public()
	thief.post("/sign-in", "name", "jo", "password", secret).location()
	if thief.by.known != nil {
		t.Error("a password alone makes a browser known")
	}
	for range 9 {
		thief.post("/sign-in/code", "code", "000000").want(http.StatusUnauthorized)
	}
	thief.post("/sign-in/code", "code", "000000").want(http.StatusTooManyRequests)
	token := credential.NewToken()
	if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkPassword, Person: p.ID, Expires: time.Now().Add(time.Hour), By: "test"}); err != nil {
		t.Fatal(err)
	}
	jo := s.public()
	if to := jo.post(web.LinkPath(token), "password", otherSecret).location(); to != "/sign-in/code" {
		t.Fatalf("it leads to %s", to)
	}
	if to := jo.post("/sign-in/code", "code", codeOf(t, anyKey, s.now())).location(); to != "/" {
		t.Errorf("it leads to %s", to)
	}
	al := s.account("al", stat.Analyst, "") // whose codes are still to be set up
	if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkPassword, Person: al.ID, Expires: time.Now().Add(time.Hour), By: "test"}); err != nil {
		t.Fatal(err)
	}
	set := s.public()
	if to := set.post(web.LinkPath(token), "password", otherSecret).location(); to != "/sign-in/set-up" || set.by.known == nil {
		t.Errorf("it leads to %s, and the browser is known by %v", to, set.by.known)
	}
}

// Over https the cookie is bound to the host as that of the session is.
func TestKnownCookie(t *testing.T) {
	s := newSite(t)
	s.account("jo", stat.Viewer, "")
	base, err := url.Parse("https://bellwether.example.test")
	if err != nil {
		t.Fatal(err)
	}
	s.reconfigured(web.Config{Base: base})
	jo := s.public()
	jo.post("/sign-in", "name", "jo", "password", secret).location()
	if c := jo.by.known; c == nil || c.Name != "__Host-bellwether-known" || !c.Secure || !c.HttpOnly || c.Path != "/" {
		t.Errorf("it is %+v", c)
	}
	if c := s.by.known; c != nil {
		t.Errorf("who has no password is known by %+v", c)
	}
}
