package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

const anyKey, otherSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "another quartz lagoon"

// repassword gives somebody another password, behind their back.
func (s *site) repassword(p stat.Person, password string) {
	s.Helper()
	encoded, err := credential.Hash(password)
	if err == nil {
		err = s.db.SetPassword(s.Context(), p.ID, encoded, "test", s.now())
	}
	if err != nil {
		s.Fatal(err)
	}
}

// shownKey is the key of one-time codes that a browser is to set up.
func (s *site) shownKey() string {
	s.Helper()
	return strings.ReplaceAll(s.get("/sign-in/set-up").want(http.StatusOK).page().Find(".bw-door__key").Text(), " ", "")
}

func (s *site) totpOf(p stat.Person) string {
	s.Helper()
	secrets, err := s.db.Secrets(s.Context(), p.ID)
	if err != nil {
		s.Fatal(err)
	}
	return secrets.TOTP
}

// Who gave a password that has been changed since owes more than a code, and
// sets none up.
func TestWaitingEndsWithThePassword(t *testing.T) {
	s := newSite(t)
	coded, fresh := s.account("coded", stat.Analyst, anyKey), s.account("fresh", stat.Analyst, "")
	code, setUp := s.public(), s.public()
	if to := code.post("/sign-in", "name", "coded", "password", secret).location(); to != "/sign-in/code" {
		t.Fatalf("it leads to %s", to)
	}
	if to := setUp.post("/sign-in", "name", "fresh", "password", secret).location(); to != "/sign-in/set-up" {
		t.Fatalf("it leads to %s", to)
	}
	key := setUp.shownKey()
	s.repassword(coded, otherSecret)
	s.repassword(fresh, otherSecret)
	for name, a := range map[string]answer{
		"the page of the code": code.get("/sign-in/code"), "the code": code.post("/sign-in/code", "code", codeOf(t, anyKey, s.now())),
		"the page of the key": setUp.get("/sign-in/set-up"), "the key": setUp.post("/sign-in/set-up", "code", codeOf(t, key, s.now())),
	} {
		if to := a.location(); to != "/sign-in" {
			t.Errorf("%s leads to %s", name, to)
		}
	}
	for _, who := range []*site{code, setUp} {
		if a := who.get("/imports"); !out(a.header) {
			t.Errorf("who gave the old password is in: %d", a.status)
		}
	}
	if key := s.totpOf(fresh); key != "" {
		t.Error("who gave the old password has set up a second factor")
	}
}

// At the door nobody sets up a second factor in place of another.
func TestOneFirstFactor(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Analyst, "")
	browsers := []*site{s.public(), s.public()}
	var keys []string
	for _, who := range browsers {
		who.post("/sign-in", "name", "jo", "password", secret).location()
		keys = append(keys, who.shownKey())
	}
	if to := browsers[0].post("/sign-in/set-up", "code", codeOf(t, keys[0], s.now())).location(); to != "/" {
		t.Errorf("it leads to %s", to)
	}
	if to := browsers[1].post("/sign-in/set-up", "code", codeOf(t, keys[1], s.now())).location(); to != "/sign-in" {
		t.Errorf("the second leads to %s", to)
	}
	if s.totpOf(p) != keys[0] {
		t.Error("the second factor is not that of who was first")
	}
	browsers[0].get("/imports").want(http.StatusOK)
	if a := browsers[1].get("/imports"); !out(a.header) {
		t.Errorf("the second is in: %d", a.status)
	}
}

// in is somebody who has signed in with a password.
func (s *site) in(name string) *site {
	s.Helper()
	who := s.public()
	who.post("/sign-in", "name", name, "password", secret).location()
	return who
}

// coded is in of somebody who gives a code too.
func (s *site) coded(name string) *site {
	s.Helper()
	who := s.in(name)
	who.post("/sign-in/code", "code", codeOf(s, anyKey, s.now())).location()
	return who
}

// slow is a form that arrives once it is let go.
type slow struct {
	io.Reader
	began, let chan struct{}
}

func (f *slow) Read(b []byte) (int, error) {
	if f.began != nil {
		close(f.began)
		f.began = nil
		<-f.let
	}
	return f.Reader.Read(b)
}

// during sends a form, does something once the server has begun to read it, and
// returns the answer to the form.
func (s *site) during(path string, form url.Values, do func()) answer {
	s.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.whileSending(r, do)
}

func (s *site) whileSending(r *http.Request, do func()) answer {
	s.Helper()
	body := &slow{r.Body, make(chan struct{}), make(chan struct{})}
	began, answered := body.began, make(chan answer, 1)
	r.Body = io.NopCloser(body)
	go func() { answered <- s.do(r) }()
	select {
	case <-began:
		do()
	case <-time.After(time.Minute):
		s.Error("the form is not read")
	}
	close(body.let)
	return <-answered
}

// A session that is ended while it has a request under way stays ended.
func TestEndedUnderWay(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Viewer, "")
	wrongOnes := url.Values{"current": {"wrong"}, "password": {otherSecret}}
	for name, end := range map[string]func(other *site){
		"signed out everywhere else": func(*site) { s.in("jo").post("/account/sessions").location() },
		"signed out":                 func(other *site) { other.post("/sign-out").location() },
		"disabled": func(other *site) {
			s.change(p, func(p *stat.Person) { p.Disabled = true })
			other.get("/account") // which ends it
			s.change(p, func(p *stat.Person) { p.Disabled = false })
		},
	} {
		late := s.in("jo")
		held := late.by.has
		same := &site{s.TB, s.running, &visitor{has: held}}
		s.wait(2 * time.Minute) // so that the request has something to keep
		late.during("/account/password", wrongOnes, func() { end(same) })
		same = &site{s.TB, s.running, &visitor{has: held}}
		if a := same.get("/account"); !out(a.header) {
			t.Errorf("%s: the session is back, %d", name, a.status)
		}
		s.wait(6 * time.Minute) // tries are not what this is about
	}
}

// A form that was held back does what its sender may do when it has come whole:
// whoever has been disabled, demoted or signed out meanwhile does nothing by it,
// and gets no other session. It does not matter how the form is written.
func TestFormHeldBack(t *testing.T) {
	s := newSite(t)
	boss, jo := s.account("boss", stat.Administrator, anyKey), s.account("jo", stat.Viewer, "")
	form := url.Values{"title": {"boss"}, "role": {"administrator"}}
	path := fmt.Sprintf("/people/%d", boss.ID)
	disabled := func(p *stat.Person) { p.Disabled = true }
	parts := strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nboss\r\n--x\r\nContent-Disposition: form-data; name=\"role\"\r\n\r\nadministrator\r\n--x--\r\n")
	inParts := httptest.NewRequest(http.MethodPost, path, parts)
	inParts.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	for name, tc := range map[string]struct {
		send func(who *site, do func()) answer
		how  func(*stat.Person)
		want int
	}{
		"disabled":           {func(who *site, do func()) answer { return who.during(path, form, do) }, disabled, http.StatusUnauthorized},
		"disabled, in parts": {func(who *site, do func()) answer { return who.whileSending(inParts, do) }, disabled, http.StatusUnauthorized},
		"demoted":            {func(who *site, do func()) answer { return who.during(path, form, do) }, func(p *stat.Person) { p.Role = stat.Viewer }, http.StatusForbidden},
	} {
		who := s.coded("boss")
		who.get("/people").want(http.StatusOK)
		tc.send(who, func() { s.change(boss, tc.how) }).want(tc.want)
		if p, err := s.db.Person(t.Context(), boss.ID); err != nil || !p.Disabled && p.Role == stat.Administrator {
			t.Errorf("%s: they are %+v again, %v", name, p, err)
		}
		s.change(boss, func(p *stat.Person) { p.Disabled, p.Role = false, stat.Administrator })
		s.wait(time.Minute) // a code counts once
	}

	thief, owner := s.in("jo"), s.in("jo")
	thief.post("/account/codes", "again", secret).location()
	key := thief.shownKey()
	signOutElsewhere := func() { owner.post("/account/sessions").location() }
	if to := thief.during("/sign-in/set-up", url.Values{"code": {codeOf(t, key, s.now())}}, signOutElsewhere).location(); to != "/sign-in" {
		t.Errorf("who has been signed out is led to %s", to)
	}
	if s.totpOf(jo) != "" {
		t.Error("who has been signed out has set up a second factor")
	}
	again := s.in("jo")
	again.during("/account/password", url.Values{"current": {secret}, "password": {otherSecret}}, signOutElsewhere).want(http.StatusUnauthorized)
	for _, who := range []*site{thief, again} {
		if a := who.get("/account"); !out(a.header) {
			t.Errorf("who has been signed out is in again: %d", a.status)
		}
	}
	owner.get("/account").want(http.StatusOK)
	s.in("jo") // by the password as it was
}

// A file is read while it comes, but only for who may still send it when it has:
// nothing is kept of any other, and their session does not come back.
func TestUploadHeldBack(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Analyst, anyKey)
	whole := file{"yewtree.csv", tidy("31/10/2026,Children looked after,487,")}
	for name, tc := range map[string]struct {
		end  func(same *site)
		want int
	}{
		"disabled":                   {func(*site) { s.change(p, func(p *stat.Person) { p.Disabled = true }) }, http.StatusUnauthorized},
		"demoted":                    {func(*site) { s.change(p, func(p *stat.Person) { p.Role = stat.Viewer }) }, http.StatusForbidden},
		"signed out":                 {func(same *site) { same.post("/sign-out").location() }, http.StatusUnauthorized},
		"signed out everywhere else": {func(*site) { s.coded("jo").post("/account/sessions").location() }, http.StatusUnauthorized},
	} {
		who := s.coded("jo")
		held := who.by.has
		same := func() *site { return &site{s.TB, s.running, &visitor{has: held}} }
		s.wait(2 * time.Minute) // so that the request has something to keep
		who.whileSending(uploadRequest(t, "", whole), func() { tc.end(same()) }).want(tc.want)
		if n := s.server.Bytes(); n != 0 {
			t.Errorf("%s: %d bytes are kept", name, n)
		}
		s.change(p, func(p *stat.Person) { p.Disabled, p.Role = false, stat.Analyst })
		if a := same().get("/account"); !out(a.header) {
			t.Errorf("%s: the session is back, %d", name, a.status)
		}
		s.wait(6 * time.Minute)
	}
	s.coded("jo").whileSending(uploadRequest(t, "", whole), func() {}).location()
}

// A form that is too large, or cut short, is answered alike, whoever sends it;
// who may not send it hears of that first.
func TestFormTooLarge(t *testing.T) {
	s := newSite(t)
	large := strings.Repeat("a", 2<<20)
	s.post("/people", "title", large, "name", "jo", "role", "viewer").want(http.StatusBadRequest).says("There is a problem with the form", "did not arrive whole")
	s.public().post("/sign-in", "name", "jo", "password", large).want(http.StatusBadRequest).says("did not arrive whole")
	s.public().post("/people", "title", large).want(http.StatusUnauthorized)
	s.as(stat.Viewer).post("/people", "title", large).want(http.StatusForbidden)
	s.post("/people", "title", "Jo", "name", "jo", "role", "viewer", "more", large[:1<<20]).want(http.StatusSeeOther)
}

// What has been ended does not come back: a session of somebody who was disabled
// in between, or whose codes were other ones, ends though it was not used then;
// of who signs in with the provider too.
func TestEndedUnseen(t *testing.T) {
	s := newSite(t)
	jo := s.account("jo", stat.Viewer, "")
	vouched, err := s.db.Vouch(t.Context(), stat.Person{Title: "Al", Role: stat.Viewer, Issuer: "https://login.example", Subject: "42", By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	byLink := func(p stat.Person) *site {
		token := credential.NewToken()
		if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkSignIn, Person: p.ID, Expires: time.Now().Add(time.Hour), By: "test"}); err != nil {
			t.Fatal(err)
		}
		who := s.public()
		who.post(web.LinkPath(token)).location()
		return who
	}
	reenabled := func(p stat.Person) func() {
		return func() {
			s.change(p, func(p *stat.Person) { p.Disabled = true })
			s.wait(20 * time.Minute)
			s.change(p, func(p *stat.Person) { p.Disabled = false })
		}
	}
	recoded := func() {
		if err := s.db.SetTOTP(t.Context(), jo.ID, anyKey, "test", s.now()); err != nil {
			t.Fatal(err)
		}
		if err := s.db.SetTOTP(t.Context(), jo.ID, "", "test", s.now()); err != nil {
			t.Fatal(err)
		}
	}
	for name, tc := range map[string]struct {
		come func() *site
		do   func()
	}{
		"disabled and let in":                  {func() *site { return s.in("jo") }, reenabled(jo)},
		"codes set up and taken away":          {func() *site { return s.in("jo") }, recoded},
		"of the provider, disabled and let in": {func() *site { return byLink(vouched) }, reenabled(vouched)},
		"the same password once more":          {func() *site { return s.in("jo") }, func() { s.repassword(jo, secret) }},
	} {
		who := tc.come()
		who.get("/account").want(http.StatusOK)
		tc.do()
		if a := who.get("/account"); !out(a.header) {
			t.Errorf("%s: the session is back, %d", name, a.status)
		}
	}
}

// Of two who change a password at once, the one who knew the older does not
// stay.
func TestPasswordChangedUnderWay(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Viewer, "")
	jo := s.in("jo")
	jo.during("/account/password", url.Values{"current": {secret}, "password": {"a third tarn gable"}}, func() { s.repassword(p, otherSecret) }).want(http.StatusUnauthorized)
	if a := jo.get("/account"); !out(a.header) {
		t.Errorf("who knew the older is in: %d", a.status)
	}
	s.public().post("/sign-in", "name", "jo", "password", otherSecret).location()
}

// To end the sessions elsewhere is an act, where there are any.
func TestEndSessionsIsAnAct(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Viewer, "")
	var jo *site
	for range 3 {
		jo = s.public()
		jo.post("/sign-in", "name", "jo", "password", secret).location()
	}
	jo.post("/account/sessions").location()
	if act := s.lastAct(); act.What != "session.end" || act.Who != "jo" || act.On != fmt.Sprintf("person %d", p.ID) || act.Detail != "in 2 other browsers" {
		t.Errorf("the audit trail ends with %+v", act)
	}
	before := s.lastAct()
	jo.post("/account/sessions").location()
	if act := s.lastAct(); act.Number != before.Number {
		t.Errorf("where there was none to end it ends with %+v", act)
	}
	s.get("/audit?what=session.end").want(http.StatusOK).says("Ended other sessions")
}

// A link to choose a password is good until the password is kept.
func TestLinkOutlivesAFault(t *testing.T) {
	s := newSite(t)
	p := s.person("jo", stat.Viewer)
	token := credential.NewToken()
	if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkPassword, Person: p.ID, Expires: time.Now().Add(time.Hour), By: "test"}); err != nil {
		t.Fatal(err)
	}
	s.tampered("CREATE TRIGGER refuse BEFORE INSERT ON secret BEGIN SELECT raise(ABORT, 'not today'); END")
	jo := s.public()
	jo.post(web.LinkPath(token), "password", secret).want(http.StatusInternalServerError)
	s.tampered("DROP TRIGGER refuse")
	jo.get(web.LinkPath(token)).want(http.StatusOK)
	if to := jo.post(web.LinkPath(token), "password", secret).location(); to != "/" {
		t.Errorf("it leads to %s", to)
	}
	if act := s.lastAct(); act.What != "sign-in" || act.Who != "jo" {
		t.Errorf("the audit trail ends with %+v", act)
	}
	jo.get(web.LinkPath(token)).want(http.StatusNotFound)
}

// A page whose address has a token in it tells no other where it was come from,
// and is not kept; whatever it answers.
func TestTokenStaysHere(t *testing.T) {
	s := newSite(t)
	s.account("jo", stat.Viewer, "")
	path := s.oneTime("jo")
	for _, a := range []answer{s.public().get(path).want(http.StatusOK), s.public().post(path).want(http.StatusSeeOther), s.public().get(path).want(http.StatusNotFound), s.public().get("/first/nothing").want(http.StatusNotFound)} {
		if a.header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
			t.Errorf("%d: %v", a.status, a.header)
		}
	}
	if got := s.get("/sign-in").header.Get("Referrer-Policy"); got != "same-origin" {
		t.Errorf("elsewhere it is %q", got)
	}
}
