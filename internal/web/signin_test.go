package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

const secret = "larch kettle orbit"

// account gives somebody a password, and codes where key is not "".
func (s *site) account(name string, role stat.Role, key string) stat.Person {
	s.Helper()
	p := s.person(name, role)
	encoded, err := credential.Hash(secret)
	if err == nil {
		err = s.db.SetPassword(s.Context(), p.ID, encoded, "test", s.now())
	}
	if err == nil && key != "" {
		err = s.db.SetTOTP(s.Context(), p.ID, key, "test", s.now())
	}
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// codeOf is the code of a key at a moment.
func codeOf(t testing.TB, key string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(key, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// deeds are the latest acts of the audit trail, newest first, as "what on".
func (s *site) deeds(n int) []string {
	s.Helper()
	acts, err := s.db.Acts(s.Context(), 0, n)
	if err != nil {
		s.Fatal(err)
	}
	var out []string
	for _, a := range acts {
		out = append(out, a.What+" of "+a.On+" by "+a.Who)
	}
	return out
}

// token is what a cookie holds, "" for none.
func (s *site) token() string {
	if s.by.has == nil {
		return ""
	}
	return s.by.has.Value
}

// A viewer signs in with a password, has what they asked for, and signs out.
func TestSignIn(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Viewer, "")
	jo := s.public()
	form := jo.get("/sign-in?next=%2Fmeasures%3Farea%3DLeeds").want(http.StatusOK)
	for selector, want := range map[string]string{"#name": "username", "#password": "current-password"} {
		if got := form.page().Find(selector).AttrOr("autocomplete", ""); got != want {
			t.Errorf("%s: autocomplete is %q", selector, got)
		}
	}
	if form.page().Find("[onpaste], [readonly]").Length() != 0 || jo.token() != "" {
		t.Error("paste is forbidden, or somebody who has not signed in has a session")
	}
	next := form.page().Find("main [name=next]").AttrOr("value", "")
	jo.post("/sign-in", "name", "", "password", "x").want(http.StatusBadRequest).says("Enter the name")
	jo.post("/sign-in", "name", "jo", "password", "").want(http.StatusBadRequest).says("Enter your password")
	if to := jo.post("/sign-in", "name", " JO ", "password", secret, "next", next).location(); to != "/measures?area=Leeds" {
		t.Errorf("it leads to %s", to)
	}
	if got := jo.get("/").want(http.StatusOK).page().Find(".bw-who__name a").Text(); got != "jo" {
		t.Errorf("%q is signed in", got)
	}
	if got := jo.get("/sign-in?next=/council").location(); got != "/council" {
		t.Errorf("who has signed in is led to %s", got)
	}
	before := jo.token()
	a := jo.post("/sign-out").want(http.StatusSeeOther)
	if a.header.Get("Clear-Site-Data") == "" || jo.token() != "" {
		t.Errorf("after signing out: %v, %q", a.header, jo.token())
	}
	jo.by.has = &http.Cookie{Name: "bellwether", Value: before}
	if a := jo.get("/"); !out(a.header) {
		t.Errorf("the session goes on after signing out: %d", a.status)
	}
	jo.get("/sign-in?out").says("You have signed out")
	on := fmt.Sprintf("person %d", p.ID)
	if got := s.deeds(2); got[0] != "sign-out of "+on+" by jo" || got[1] != "sign-in of "+on+" by jo" {
		t.Errorf("the audit trail has %q", got)
	}
}

// Whether a name is unknown, disabled, without a password or the password
// wrong: the answer is the same, and a hash is worked out.
func TestSignInTellsNothing(t *testing.T) {
	s := newSite(t)
	s.account("jo", stat.Viewer, "")
	s.person("links-only", stat.Viewer)
	gone := s.account("gone", stat.Viewer, "")
	s.change(gone, func(p *stat.Person) { p.Disabled = true })
	try := func(name, password string) (string, time.Duration) {
		s.wait(10 * time.Minute) // tries are not what this is about
		start := time.Now()
		a := s.public().post("/sign-in", "name", name, "password", password).want(http.StatusUnauthorized)
		took := time.Since(start)
		doc := a.page()
		doc.Find("#name").RemoveAttr("value")
		text, err := doc.Html()
		if err != nil {
			t.Fatal(err)
		}
		return text, took
	}
	same, _ := try("jo", "wrong")
	usual := map[string][]time.Duration{}
	for range 5 {
		for name, password := range map[string]string{"jo": "not the password", "nobody": secret, "gone": secret, "links-only": secret} {
			text, took := try(name, password)
			if text != same {
				t.Errorf("the answer for %s differs: %s", name, text)
			}
			usual[name] = append(usual[name], took)
		}
	}
	slices.Sort(usual["jo"])
	for name, all := range usual {
		slices.Sort(all)
		if all[2] < usual["jo"][2]/4 {
			t.Errorf("the answer for %s takes %v, for a wrong password %v", name, all[2], usual["jo"][2])
		}
	}
	for _, deed := range s.deeds(40) {
		if strings.HasPrefix(deed, "sign-in.refused") && strings.Contains(deed, "nobody") {
			t.Errorf("a name that nobody has is written down: %s", deed)
		}
	}
}

// Ten tries in five minutes, by name and by address; a good one forgives the
// name's.
func TestTries(t *testing.T) {
	s := newSite(t)
	s.reconfigured(web.Config{Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}}) // where httptest says it comes from
	s.account("jo", stat.Viewer, "")
	from := func(address, name, password string) answer {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(url.Values{"name": {name}, "password": {password}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", address)
		return s.public().do(r)
	}
	for i := range 10 {
		from("10.0.0."+string(rune('0'+i)), "jo", "wrong").want(http.StatusUnauthorized)
	}
	late := from("10.0.1.1", "Jo", secret).want(http.StatusTooManyRequests).says("too many tries", "Wait 5 minutes")
	if late.header.Get("Retry-After") != "300" {
		t.Errorf("Retry-After is %q", late.header.Get("Retry-After"))
	}
	for i := range 10 {
		from("10.0.2.1", "nobody"+string(rune('0'+i)), "wrong").want(http.StatusUnauthorized)
	}
	from("10.0.2.1", "another", "wrong").want(http.StatusTooManyRequests)
	from("10.0.2.2", "another", "wrong").want(http.StatusUnauthorized)
	s.wait(5*time.Minute + time.Second)
	for i := range 9 {
		from("10.0.3."+string(rune('0'+i)), "jo", "wrong").want(http.StatusUnauthorized)
	}
	from("10.0.4.1", "jo", secret).want(http.StatusSeeOther)
	for i := range 9 {
		from("10.0.5."+string(rune('0'+i)), "jo", "wrong").want(http.StatusUnauthorized)
	}
	from("10.0.4.1", "jo", secret).want(http.StatusSeeOther)
}

// Colleagues behind one address do not keep each other out, nor does one
// computer come from as many addresses as its network has.
func TestOneAddress(t *testing.T) {
	s := newSite(t)
	s.account("jo", stat.Viewer, "")
	from := func(address, name, password string) answer {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("name="+name+"&password="+password))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = address
		return s.public().do(r)
	}
	for range 15 {
		from("10.0.0.1:40000", "jo", url.QueryEscape(secret)).want(http.StatusSeeOther)
	}
	for i := range 10 {
		from(fmt.Sprintf("[2001:db8::%d]:40000", i+1), fmt.Sprintf("nobody%d", i), "wrong").want(http.StatusUnauthorized)
	}
	from("[2001:db8::ffff]:40000", "another", "wrong").want(http.StatusTooManyRequests)
	from("[2001:db8:0:1::1]:40000", "another", "wrong").want(http.StatusUnauthorized)
}

// Who signed in by a password alone, as a viewer may, owes a code once they may
// do more.
func TestPromotedOwesACode(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Viewer, "")
	jo := s.public()
	jo.post("/sign-in", "name", "jo", "password", secret).location()
	jo.get("/account").want(http.StatusOK)
	s.change(p, func(p *stat.Person) { p.Role = stat.Administrator })
	if a := jo.get("/people"); !out(a.header) {
		t.Errorf("the people can be seen without a code: %d", a.status)
	}
	if to := jo.post("/sign-in", "name", "jo", "password", secret).location(); to != "/sign-in/set-up" {
		t.Errorf("the next sign-in leads to %s", to)
	}

	al, token := s.person("al", stat.Viewer), credential.NewToken()
	if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkPassword, Person: al.ID, Expires: time.Now().Add(time.Hour), By: "test"}); err != nil {
		t.Fatal(err)
	}
	chose := s.public()
	chose.post(web.LinkPath(token), "password", secret).location()
	chose.get("/account").want(http.StatusOK).says("with the password just chosen")
	s.change(al, func(p *stat.Person) { p.Role = stat.Administrator })
	if a := chose.get("/people"); !out(a.header) {
		t.Errorf("who has just chosen a password sees the people without a code: %d", a.status)
	}

	s.account("sam", stat.Viewer, anyKey)
	sam := s.coded("sam")
	s.change(s.person("sam", stat.Viewer), func(p *stat.Person) { p.Role = stat.Administrator })
	sam.get("/people").want(http.StatusOK) // who gave a code owes none
}

// A clock that was set back keeps nobody out.
func TestTriesClockSetBack(t *testing.T) {
	s := newSite(t)
	s.account("jo", stat.Viewer, "")
	for range 10 {
		s.public().post("/sign-in", "name", "jo", "password", "x").want(http.StatusUnauthorized)
	}
	s.public().post("/sign-in", "name", "jo", "password", secret).want(http.StatusTooManyRequests)
	s.wait(-24 * time.Hour)
	s.in("jo")
}

// A code that is wrong while codes are set up is noted, and bounded, as any
// other.
func TestWrongCodeAtSetUp(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Analyst, "")
	jo := s.in("jo")
	key := jo.shownKey()
	jo.post("/sign-in/set-up", "code", "000000").want(http.StatusUnauthorized)
	if act := s.lastAct(); act.What != "sign-in.refused" || act.On != fmt.Sprintf("person %d", p.ID) || !strings.Contains(act.Detail, "code to set up") {
		t.Errorf("the audit trail ends with %+v", act)
	}
	for range 8 { // the password was a try too
		jo.post("/sign-in/set-up", "code", "000000").want(http.StatusUnauthorized)
	}
	jo.post("/sign-in/set-up", "code", codeOf(t, key, s.now())).want(http.StatusTooManyRequests)
	s.wait(6 * time.Minute)
	jo.post("/sign-in/set-up", "code", codeOf(t, key, s.now())).location()
	jo.get("/imports").want(http.StatusOK)
}

// Whom a provider vouches for has no password here, whatever name they have.
func TestVouchedForHaveNoPassword(t *testing.T) {
	s := newSite(t)
	p, err := s.db.AddPerson(t.Context(), stat.Person{Name: "jo", Title: "Jo", Role: stat.Viewer, Issuer: "https://login.example", Subject: "42", By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := credential.Hash(secret)
	if err == nil {
		err = s.db.SetPassword(t.Context(), p.ID, encoded, "test", s.now())
	}
	if err != nil {
		t.Fatal(err)
	}
	s.public().post("/sign-in", "name", "jo", "password", secret).want(http.StatusUnauthorized)
	s.post(fmt.Sprintf("/people/%d/link", p.ID)).want(http.StatusConflict)
}

// Nobody's word is taken for where a request comes from unless they are named.
func TestForwardedFor(t *testing.T) {
	s := newSite(t)
	for i := range 11 {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("name=nobody"+string(rune('a'+i))+"&password=wrong"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", "10.0.0."+string(rune('0'+i%10)))
		r.Header.Set("X-Real-IP", "10.0.0."+string(rune('0'+i%10)))
		want := http.StatusUnauthorized
		if i == 10 {
			want = http.StatusTooManyRequests
		}
		s.public().do(r).want(want)
	}
}

// Who may do more than read sets up codes at the first sign-in, and gives one
// at each that follows; a code counts once.
func TestCodes(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Analyst, "")
	jo := s.public()
	if to := jo.post("/sign-in", "name", "jo", "password", secret, "next", "/imports").location(); to != "/sign-in/set-up" {
		t.Fatalf("it leads to %s", to)
	}
	waiting := jo.token()
	if a := jo.get("/imports"); !out(a.header) {
		t.Errorf("without a code the imports can be seen: %d", a.status)
	}
	page := jo.get("/sign-in/set-up").want(http.StatusOK).page()
	if src := page.Find("main img").AttrOr("src", ""); !strings.HasPrefix(src, "data:image/png;base64,") || page.Find("main img").AttrOr("alt", "") == "" {
		t.Errorf("the QR code is %.40s", src)
	}
	if in := page.Find("#code"); in.AttrOr("autocomplete", "") != "one-time-code" || in.AttrOr("inputmode", "") != "numeric" {
		t.Error("the field is not that of a code")
	}
	key := strings.ReplaceAll(page.Find(".bw-door__key").Text(), " ", "")
	jo.post("/sign-in/set-up", "code", "000000").want(http.StatusUnauthorized).says("not right")
	code := codeOf(t, key, s.now())
	if to := jo.post("/sign-in/set-up", "code", code[:3]+" "+code[3:]).location(); to != "/imports" {
		t.Errorf("it leads to %s", to)
	}
	if jo.token() == waiting {
		t.Error("the session has the token it had before the code")
	}
	jo.get("/imports").want(http.StatusOK)

	again := s.public()
	if to := again.post("/sign-in", "name", "jo", "password", secret).location(); to != "/sign-in/code" {
		t.Fatalf("it leads to %s", to)
	}
	again.post("/sign-in/code", "code", code).want(http.StatusUnauthorized) // it has been used
	if to := again.get("/sign-in/set-up").location(); to != "/sign-in" {
		t.Errorf("who has codes can set up others before giving one: %s", to)
	}
	again.post("/sign-in/set-up", "code", code).location()
	s.wait(time.Minute)
	again.post("/sign-in/code", "code", codeOf(t, key, s.now())).location()
	again.get("/imports").want(http.StatusOK)
	if got := s.deeds(3); !strings.HasPrefix(got[0], "sign-in of ") || !strings.HasPrefix(got[1], "sign-in.refused of ") {
		t.Errorf("the audit trail has %q", got)
	}

	late := s.public()
	late.post("/sign-in", "name", "jo", "password", secret).location()
	s.wait(11 * time.Minute)
	if to := late.post("/sign-in/code", "code", codeOf(t, key, s.now())).location(); to != "/sign-in" {
		t.Errorf("a sign-in waits for its code for ever: %s", to)
	}
	quick := s.public()
	quick.post("/sign-in", "name", "jo", "password", secret).location()
	for range 9 {
		quick.post("/sign-in/code", "code", "000000")
	}
	quick.post("/sign-in/code", "code", codeOf(t, key, s.now())).want(http.StatusTooManyRequests)
	s.change(p, func(p *stat.Person) { p.Disabled = true })
	s.wait(6 * time.Minute)
	if to := quick.post("/sign-in/code", "code", codeOf(t, key, s.now())).location(); to != "/sign-in" {
		t.Errorf("somebody disabled goes on: %s", to)
	}
}

// A sign-in goes on to a page of Bellwether and nowhere else.
func TestLocal(t *testing.T) {
	for next, want := range map[string]string{
		"/": "/", "/measures/cla?area=Leeds&neighbours=2025": "/measures/cla?area=Leeds&neighbours=2025", "/a%20b": "/a%20b",
		"": "/", "measures": "/", "//evil.example": "/", "///evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/", "\\/evil.example": "/",
		"javascript:alert(1)": "/", "/\tx": "/", "/\n/evil.example": "/", "http:/x": "/", "/sign-in": "/", "/sign-in/code": "/", "/sign-out": "/", "//user@evil.example": "/", "/%0a": "/%0a", ":": "/",
		"/.//evil.example": "/", "/..//evil.example": "/",
	} {
		if got := web.Local(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
	s := newSite(t)
	s.account("jo", stat.Viewer, "")
	if to := s.public().post("/sign-in", "name", "jo", "password", secret, "next", "//evil.example/x").location(); to != "/" {
		t.Errorf("it leads to %s", to)
	}
	if got := s.public().get("/sign-in?next=https://evil.example").page().Find("main [name=next]").AttrOr("value", ""); got != "/" {
		t.Errorf("the form would lead to %s", got)
	}
}
