package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bellwether/internal/dextest"
	"bellwether/internal/signon"
	"bellwether/internal/stat"
	"bellwether/internal/web"
)

// provided is a site whose people are vouched for by a real provider.
type provided struct {
	*site
	dex *dextest.Dex
}

func newProvided(t *testing.T, users map[string]dextest.User) *provided {
	t.Helper()
	s := newSite(t)
	back := "http://127.0.0.1:8080" + web.CallbackPath
	p := &provided{s, dextest.Start(t, back, users)}
	provider, err := signon.New(t.Context(), signon.Config{Issuer: p.dex.Issuer, ClientID: dextest.ClientID, ClientSecret: dextest.ClientSecret, Redirect: back,
		Claim: "groups", Roles: map[string]stat.Role{"cs-members": stat.Viewer, "cs-analysts": stat.Analyst, "cs-heads": stat.Administrator},
		HTTP: &http.Client{Transport: dextest.Loopback(), Timeout: time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	s.reconfigured(web.Config{SignOn: provider})
	return p
}

// users are the people of the provider, by the groups they are in.
func users(groups map[string]string) map[string]dextest.User {
	out := map[string]dextest.User{}
	for name, group := range groups {
		out[name] = dextest.User{ID: "id-of-" + name, Password: secret, Title: strings.ToUpper(name[:1]) + name[1:] + " Smith", Groups: []string{group}}
	}
	return out
}

// returned is a browser on its way back from the provider, and with what.
func (p *provided) returned(t *testing.T, name, next string) (*site, url.Values) {
	t.Helper()
	who := p.public()
	at := who.get("/sign-in?next="+url.QueryEscape(next)).page().Find("main a.govuk-button").AttrOr("href", "")
	back := p.dex.SignIn(t, who.get(at).location(), name, secret)
	if back == nil {
		t.Fatalf("the provider does not take %s", name)
	}
	return who, back
}

func callback(q url.Values) string { return web.CallbackPath + "?" + q.Encode() }

// People sign in with the council's own sign-in, are who it says by its
// subject, and may do what it says from the next sign-in on.
func TestProvider(t *testing.T) {
	p := newProvided(t, users(map[string]string{"jo": "cs-analysts", "sam": "all-staff"}))
	jo, back := p.returned(t, "jo", "/imports")
	before := jo.token()
	if to := jo.get(callback(back)).location(); to != "/imports" {
		t.Fatalf("it leads to %s", to)
	}
	if jo.token() == before || before == "" {
		t.Error("the token is not renewed")
	}
	jo.get("/imports").want(http.StatusOK)
	jo.get("/account").says("Jo Smith", "analyst", "through your organisation", "with the sign-on provider")
	jo.post("/account/password", "password", "another quartz lagoon").want(http.StatusConflict)
	jo.post("/account/codes").want(http.StatusConflict)
	jo.get(callback(back)).want(http.StatusBadRequest) // an answer counts once

	p.dex.Users(t, users(map[string]string{"jo": "cs-members", "sam": "all-staff"}))
	again, back := p.returned(t, "jo", "/imports")
	again.get(callback(back)).location()
	again.get("/imports").want(http.StatusForbidden)
	jo.get("/imports").want(http.StatusForbidden) // in the other browser too

	all, err := p.db.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var known stat.Person
	for _, k := range all {
		if k.Issuer != "" {
			known = k
		}
	}
	if len(all) != 2 || known.Title != "Jo Smith" || known.Role != stat.Viewer || known.Subject == "" || known.Issuer != p.dex.Issuer {
		t.Errorf("there are %+v", all)
	}
	p.dex.Users(t, users(map[string]string{"jo": "all-staff"}))
	gone, back := p.returned(t, "jo", "/")
	gone.get(callback(back)).want(http.StatusForbidden).says("has given this person a role any longer")
	p.dex.Users(t, users(map[string]string{"jo": "cs-members"}))
	p.change(known, func(k *stat.Person) { k.Disabled = true })
	if a := again.get("/"); !out(a.header) {
		t.Errorf("somebody disabled goes on: %d", a.status)
	}
	shut, back := p.returned(t, "jo", "/")
	shut.get(callback(back)).want(http.StatusForbidden).says("This account is disabled")
}

// What does not belong to the sign-in that the browser began lets nobody in.
func TestProviderForged(t *testing.T) {
	p := newProvided(t, users(map[string]string{"jo": "cs-analysts", "sam": "all-staff"}))
	jo, back := p.returned(t, "jo", "/")
	p.public().get(callback(back)).want(http.StatusBadRequest) // another browser
	state := back.Get("state")
	back.Set("state", "forged")
	jo.get(callback(back)).want(http.StatusForbidden).says("does not belong")
	back.Set("state", state)
	jo.get(callback(back)).want(http.StatusBadRequest) // the flow is used up
	jo, back = p.returned(t, "jo", "/")
	back.Set("code", "forged")
	jo.get(callback(back)).want(http.StatusForbidden)
	jo, _ = p.returned(t, "jo", "/")
	_, theirs := p.returned(t, "sam", "/")
	jo.get(callback(theirs)).want(http.StatusForbidden)
	declined, back := p.returned(t, "jo", "/")
	back.Del("code")
	back.Set("error", "access_denied")
	declined.get(callback(back)).want(http.StatusForbidden).says("did not let you in")
	for _, who := range []*site{jo, declined} {
		if a := who.get("/"); !out(a.header) {
			t.Errorf("somebody is signed in: %d", a.status)
		}
	}
	if got := p.deeds(1)[0]; got != "sign-in.refused of an unknown name by somebody" {
		t.Errorf("the audit trail has %q", got)
	}
}

// Sign-ins with the provider are bounded by address, and so are the acts of
// those that it refuses. Good ones do not count, nor does a password's.
func TestProviderTries(t *testing.T) {
	p := newProvided(t, users(map[string]string{"jo": "cs-members"}))
	p.account("al", stat.Viewer, "")
	refused := func(want int) {
		t.Helper()
		who := p.public()
		who.get("/sign-in/provider").location()
		a := who.get(callback(url.Values{"state": {"wrong"}, "code": {"x"}})).want(want)
		if late := want == http.StatusTooManyRequests; late != (a.header.Get("Retry-After") != "") {
			t.Errorf("%d: %v", a.status, a.header)
		}
	}
	good := func() {
		t.Helper()
		who, back := p.returned(t, "jo", "/")
		who.get(callback(back)).location()
	}
	for range 9 {
		refused(http.StatusForbidden)
	}
	good()
	good()
	refused(http.StatusForbidden)
	before := p.lastAct()
	if before.What != "sign-in.refused" {
		t.Errorf("the audit trail ends with %+v", before)
	}
	for range 5 {
		refused(http.StatusTooManyRequests)
	}
	if act := p.lastAct(); act.Number != before.Number {
		t.Errorf("one too many is an act: %+v", act)
	}
	p.public().post("/sign-in", "name", "al", "password", secret).location()
	p.wait(6 * time.Minute)
	good()
	for range 100 {
		p.public().get("/sign-in/provider").location()
	}
	p.public().get("/sign-in/provider").want(http.StatusTooManyRequests).says("too many tries")
	all, err := p.sessions.All()
	if err != nil {
		t.Fatal(err)
	}
	p.public().get("/sign-in/provider").want(http.StatusTooManyRequests)
	if more, err := p.sessions.All(); err != nil || len(more) != len(all) {
		t.Errorf("one too many is a session: %d, then %d, %v", len(all), len(more), err)
	}
}

// While the provider cannot be reached people with accounts of their own sign
// in, and who comes from it is told; that is no act.
func TestProviderAway(t *testing.T) {
	s := newSite(t)
	s.account("jo", stat.Viewer, "")
	away, err := signon.Configure(signon.Config{Issuer: "http://127.0.0.1:1/dex", ClientID: "bellwether", Redirect: "http://127.0.0.1:8080" + web.CallbackPath})
	if err != nil {
		t.Fatal(err)
	}
	s.reconfigured(web.Config{SignOn: away})
	before := s.lastAct()
	jo := s.public()
	for range 3 {
		jo.get("/sign-in/provider").want(http.StatusBadGateway).says("does not answer. Try again in a few minutes")
	}
	if act := s.lastAct(); act.Number != before.Number || jo.token() != "" {
		t.Errorf("the audit trail ends with %+v, and the browser has a session: %v", act, jo.token() != "")
	}
	if jo.get("/sign-in").want(http.StatusOK).page().Find("#password").Length() != 1 {
		t.Error("local accounts are not offered")
	}
	jo.post("/sign-in", "name", "jo", "password", secret).location()
}

// Whom neither the provider nor Bellwether gives a role is told what to have
// added; whom an administrator gave one has that.
func TestProviderUnknown(t *testing.T) {
	p := newProvided(t, users(map[string]string{"sam": "all-staff"}))
	sam, back := p.returned(t, "sam", "/imports")
	text := sam.get(callback(back)).want(http.StatusForbidden).says("ask an administrator to add the subject", p.dex.Issuer).text()
	_, rest, _ := strings.Cut(text, "the subject ")
	subject, _, _ := strings.Cut(rest, " of ")
	if _, err := p.db.AddPerson(t.Context(), stat.Person{Title: "Sam", Role: stat.Publisher, Issuer: p.dex.Issuer, Subject: subject, By: "test"}); err != nil {
		t.Fatal(err)
	}
	sam, back = p.returned(t, "sam", "/imports")
	if to := sam.get(callback(back)).location(); to != "/imports" {
		t.Errorf("it leads to %s", to)
	}
	sam.get("/account").says("publisher")
	sam, back = p.returned(t, "sam", "//evil.example")
	if to := sam.get(callback(back)).location(); to != "/" {
		t.Errorf("it leads to %s", to)
	}
	known, err := p.db.PersonOf(t.Context(), p.dex.Issuer, subject)
	if err != nil {
		t.Fatal(err)
	}
	known.Role, known.By = stat.Analyst, "the sign-on provider" // in so many words, but by somebody
	if _, err := p.db.ChangePerson(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	sam, back = p.returned(t, "sam", "/imports")
	if to := sam.get(callback(back)).location(); to != "/imports" {
		t.Errorf("whose role is somebody's word is led to %s", to)
	}
	if p.public().get("/sign-in").page().Find("main form").Length() != 1 {
		t.Error("an account of Bellwether's own cannot sign in any longer")
	}
}

// The last administrator keeps their role whatever the provider says, but does
// not come in; the log names nobody.
func TestProviderLastAdministrator(t *testing.T) {
	p := newProvided(t, users(map[string]string{"jo": "cs-heads"}))
	jo, back := p.returned(t, "jo", "/")
	jo.get(callback(back)).location()
	p.change(p.person("analyst", stat.Administrator), func(k *stat.Person) { k.Role = stat.Viewer })
	p.dex.Users(t, users(map[string]string{"jo": "cs-members"}))
	again, back := p.returned(t, "jo", "/")
	again.get(callback(back)).want(http.StatusForbidden).says("you are the only one")
	if a := again.get("/"); !out(a.header) {
		t.Errorf("who came again is in: %d", a.status)
	}
	if act := p.lastAct(); act.What != "sign-in.refused" || act.Who != "Jo Smith" {
		t.Errorf("the audit trail ends with %+v", act)
	}
	if log := p.log.String(); strings.Contains(log, "Smith") || strings.Contains(log, "id-of-jo") {
		t.Errorf("the log names somebody: %s", log)
	}
}
