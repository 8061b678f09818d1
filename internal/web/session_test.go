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

	"bellwether/internal/people"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

const anyKey, otherSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "another quartz lagoon"

// repassword gives somebody another password, behind their back.
func (s *site) repassword(p stat.Person, password string) {
	s.Helper()
	encoded, err := people.Hash(password)
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
	body := &slow{strings.NewReader(form.Encode()), make(chan struct{}), make(chan struct{})}
	began, answered := body.began, make(chan answer, 1)
	r := httptest.NewRequest(http.MethodPost, path, body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
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
	in := func() *site {
		jo := s.public()
		jo.post("/sign-in", "name", "jo", "password", secret).location()
		return jo
	}
	wrongOnes := url.Values{"current": {"wrong"}, "password": {otherSecret}}
	for name, end := range map[string]func(other *site){
		"signed out everywhere else": func(*site) { in().post("/account/sessions").location() },
		"signed out":                 func(other *site) { other.post("/sign-out").location() },
		"disabled": func(other *site) {
			s.change(p, func(p *stat.Person) { p.Disabled = true })
			other.get("/account") // which ends it
			s.change(p, func(p *stat.Person) { p.Disabled = false })
		},
	} {
		late := in()
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

// Of two who change a password at once, the one who knew the older does not
// stay.
func TestPasswordChangedUnderWay(t *testing.T) {
	s := newSite(t)
	p := s.account("jo", stat.Viewer, "")
	jo := s.public()
	jo.post("/sign-in", "name", "jo", "password", secret).location()
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
	token := people.NewToken()
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
