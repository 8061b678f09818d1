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

	"github.com/PuerkitoBio/goquery"
	"github.com/pquerna/otp/totp"

	"bellwether/internal/people"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

const secret = "larch kettle orbit"

// account gives somebody a password, and codes where key is not "".
func (s *site) account(name string, role stat.Role, key string) stat.Person {
	s.Helper()
	p := s.person(name, role)
	encoded, err := people.Hash(secret)
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
}

// Whom a provider vouches for has no password here, whatever name they have.
func TestVouchedForHaveNoPassword(t *testing.T) {
	s := newSite(t)
	p, err := s.db.AddPerson(t.Context(), stat.Person{Name: "jo", Title: "Jo", Role: stat.Viewer, Issuer: "https://login.example", Subject: "42", By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := people.Hash(secret)
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

// The first administrator is made by one link, once, and after that the page
// is not there.
func TestFirst(t *testing.T) {
	s := newSite(t)
	s.nobody()
	token := people.NewToken()
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
	another := people.NewToken()
	if err := s.db.KeepLink(t.Context(), another, store.Link{Purpose: store.LinkFirst, Expires: s.now().Add(time.Hour), By: "test"}); err == nil {
		s.public().get(web.FirstPath(another)).want(http.StatusNotFound)
	}
}

// A one-time link does what it is for once, and only when it is sent, not when
// it is looked at.
func TestLinks(t *testing.T) {
	s := newSite(t)
	p := s.person("jo", stat.Viewer)
	link := func(purpose string) string {
		token := people.NewToken()
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

// The public view shows what it shows without a name, and leads to sign in.
func TestPublicView(t *testing.T) {
	s := newSite(t)
	if doc := s.public().get("/about/accessibility").want(http.StatusOK).page(); doc.Find(".bw-nav, .bw-search, .bw-who").Length() != 0 {
		t.Error("where there is no public view its navigation is shown")
	}
	s.open(true)
	public := s.public()
	doc := public.get("/").want(http.StatusOK).page()
	if doc.Find(`.bw-who a[href="/sign-in"]`).Length() != 1 || doc.Find("main form[method=post]").Length() != 0 || doc.Find(".bw-nav a").Length() != 5 {
		t.Errorf("the public sees %q", doc.Find(".bw-nav").Text())
	}
	if public.get("/measures/cla").want(http.StatusOK).page().Find(`main a[href*="/history"]`).Length() != 0 || public.token() != "" {
		t.Error("the public is led to histories, or has a session")
	}
	if got := public.get("/").header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control is %q", got)
	}
	s.open(false)
	if a := public.get("/"); !out(a.header) {
		t.Errorf("once it is switched off: %d", a.status)
	}
	public.get("/measures/cla.json").want(http.StatusUnauthorized)
	public.get("/compare.svg").want(http.StatusUnauthorized)
	if got := public.get("/measures/cla?area=Leeds").location(); got != "/sign-in?next=%2Fmeasures%2Fcla%3Farea%3DLeeds" {
		t.Errorf("it leads to %s", got)
	}
}

// forms is every form of a page by where it is sent.
func forms(doc *goquery.Document) []string {
	return doc.Find("main form[method=post]").Map(func(_ int, e *goquery.Selection) string { return e.AttrOr("action", "") })
}

// A publisher withdraws what is published; an analyst does not get the form.
func TestWithdrawPublished(t *testing.T) {
	s := newSite(t)
	if got := forms(s.as(stat.Analyst).get("/imports/1").page()); slices.Contains(got, "/imports/1/withdraw") {
		t.Errorf("an analyst has %v", got)
	}
	s.as(stat.Analyst).post("/imports/1/withdraw", "reason", "because").want(http.StatusForbidden)
	if got := forms(s.as(stat.Publisher).get("/imports/1").page()); !slices.Contains(got, "/imports/1/withdraw") {
		t.Errorf("a publisher has %v", got)
	}
	s.as(stat.Publisher).post("/imports/1/withdraw", "reason", "because").want(http.StatusSeeOther)
}
