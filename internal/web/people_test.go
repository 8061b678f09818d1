package web_test

import (
	"database/sql"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/stat"
)

// filled are the fields of a form as a browser would send them.
func filled(form *goquery.Selection) (fields []string) {
	form.Find("input[name]").Each(func(_ int, in *goquery.Selection) {
		_, checked := in.Attr("checked")
		if kind := in.AttrOr("type", "text"); checked || kind != "radio" && kind != "checkbox" {
			fields = append(fields, in.AttrOr("name", ""), in.AttrOr("value", ""))
		}
	})
	form.Find("select[name]").Each(func(_ int, in *goquery.Selection) {
		fields = append(fields, in.AttrOr("name", ""), in.Find("option[selected]").AttrOr("value", ""))
	})
	return fields
}

// added is the page of somebody who was just added.
func (s *site) added(fields ...string) (path string) {
	s.Helper()
	path, _, _ = strings.Cut(s.post("/people", fields...).location(), "?")
	return path
}

func (s *site) personAt(path string) stat.Person {
	s.Helper()
	id, err := strconv.ParseInt(strings.TrimPrefix(path, "/people/"), 10, 64)
	if err != nil {
		s.Fatal(err)
	}
	p, err := s.db.Person(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// lastAct is what was done last.
func (s *site) lastAct() stat.Act {
	s.Helper()
	head, err := s.db.Head(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return head
}

// An administrator adds people, by a name here and by what a provider calls
// them.
func TestAddPeople(t *testing.T) {
	s := newSite(t)
	page := s.get(s.post("/people", "title", "Jo Smith", "name", "jo.smith", "role", "analyst").location()).want(http.StatusOK)
	page.says("Jo Smith", "Analyst", "jo.smith", "None yet", "make a password link below")
	if act := s.lastAct(); act.What != "person.add" || act.Who == "" {
		t.Errorf("the audit trail ends with %+v", act)
	}
	other := s.added("known", "provider", "title", attack, "issuer", "https://login.example.org/t/v2.0", "subject", "0b7c", "role", "viewer")
	list := s.get("/people").want(http.StatusOK).says("Jo Smith", "name and password", "No password yet", attack, "the sign-in provider")
	if doc := list.page(); doc.Find("main img").Length() != 0 {
		t.Error("somebody's name is markup")
	} else if got := doc.Find("#issuer").AttrOr("value", ""); got != "https://login.example.org/t/v2.0" {
		t.Errorf("the provider is offered as %q", got)
	}
	s.get(other).says("which calls them 0b7c")
	if p := s.personAt(other); p.Issuer == "" || p.Subject != "0b7c" || p.Name != "" || p.Role != stat.Viewer {
		t.Errorf("kept is %+v", p)
	}
	var all []stat.Person
	s.get("/people.json").want(http.StatusOK).json(&all)
	if people, err := s.db.People(t.Context()); err != nil || len(all) != len(people) || len(all) < 3 {
		t.Errorf("the JSON lists %+v, held are %v, %v", all, people, err)
	}
	for _, path := range []string{"/people/999999", "/people/x", "/people/01", "/people/-1"} {
		s.get(path).want(http.StatusNotFound).says("There is nobody of that number")
	}
}

func TestPeopleWrong(t *testing.T) {
	s := newSite(t)
	s.added("title", "Jo Smith", "name", "jo.smith", "role", "analyst")
	s.added("known", "provider", "title", "Al Jones", "issuer", "https://login.example.org", "subject", "7", "role", "viewer")
	before, err := s.db.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		fields      []string
		field, says string
	}{
		"no title":    {[]string{"name", "x", "role", "viewer"}, "title", "as pages should show it"},
		"no name":     {[]string{"title", "X", "role", "viewer"}, "name", "a name to sign in with"},
		"spaces":      {[]string{"title", "X", "name", "x y", "role", "viewer"}, "name", "has no spaces"},
		"taken":       {[]string{"title", "X", "name", "JO.Smith", "role", "viewer"}, "name", "with that name already"},
		"no role":     {[]string{"title", "X", "name", "x"}, "role", "Choose a role"},
		"odd role":    {[]string{"title", "X", "name", "x", "role", "king"}, "role", "Choose a role"},
		"too long":    {[]string{"title", strings.Repeat("x", 300), "name", "x", "role", "viewer"}, "name", "longer than 200"},
		"no issuer":   {[]string{"known", "provider", "title", "X", "subject", "8", "role", "viewer"}, "issuer", "address of the sign-in provider"},
		"no subject":  {[]string{"known", "provider", "title", "X", "issuer", "https://login.example.org", "role", "viewer"}, "subject", "what the provider calls them"},
		"vouched for": {[]string{"known", "provider", "title", "X", "issuer", "https://login.example.org", "subject", "7", "role", "viewer"}, "subject", "known by that already"},
		"nameless":    {[]string{"known", "provider", "issuer", "https://login.example.org", "subject", "8", "role", "viewer"}, "vouched-title", "as pages should show it"},
		"roleless":    {[]string{"known", "provider", "title", "X", "issuer", "https://login.example.org", "subject", "8"}, "vouched-role", "Choose a role"},
	} {
		page := s.post("/people", c.fields...).want(http.StatusBadRequest).says(c.says)
		doc := page.page()
		if doc.Find(`.govuk-error-summary a[href="#`+c.field+`"]`).Length() != 1 || doc.Find("#"+c.field).Length() != 1 || doc.Find("#"+c.field+"-error").Length() != 1 {
			t.Errorf("%s: the page does not say it of the field %s", name, c.field)
		}
		if !strings.HasPrefix(doc.Find("head title").Text(), "Error: ") {
			t.Errorf("%s: the title does not say that there is an error", name)
		}
	}
	if after, err := s.db.People(t.Context()); err != nil || len(after) != len(before) {
		t.Errorf("there are %d people, were %d; %v", len(after), len(before), err)
	}
}

// Title, role and whether somebody may sign in can be changed, but the last
// administrator stays.
func TestChangePerson(t *testing.T) {
	s := newSite(t)
	path := s.added("title", "Jo Smith", "name", "jo.smith", "role", "viewer")
	form := s.get(path).page().Find(`form[action="` + path + `"]`)
	if got := filled(form); len(got) != 6 || got[3] != "Jo Smith" || got[5] != "viewer" {
		t.Errorf("the form holds %v", got)
	}
	s.get(s.changes(path, "title", "Jo Smith-Jones", "role", "publisher").location()).says("Jo Smith-Jones", "Publisher", "The changes hold from now on")
	s.get(s.changes(path, "title", "Jo Smith-Jones", "role", "publisher", "disabled", "yes").location()).says("May not sign in")
	if p := s.personAt(path); !p.Disabled || p.Role != stat.Publisher || p.Name != "jo.smith" {
		t.Errorf("kept is %+v", p)
	}
	s.get("/people").says("May not sign in")
	s.changes(path, "title", " ", "role", "viewer").want(http.StatusBadRequest).says("as pages should show it")
	s.changes(path, "title", "Jo", "role", "").want(http.StatusBadRequest).says("Choose a role")

	stale := []string{"title", "Jo Smith", "role", "viewer", "seen", s.seen(path)}
	s.wait(time.Minute)
	s.changes(path, "title", "Jo Smith-Jones", "role", "publisher", "disabled", "yes").want(http.StatusSeeOther)
	s.post(path, stale...).want(http.StatusBadRequest).says("Somebody else has changed this person")
	if p := s.personAt(path); !p.Disabled || p.Role != stat.Publisher {
		t.Errorf("a form from before has made it %+v", p)
	}

	me, err := s.db.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range me {
		if p.Role != stat.Administrator {
			continue
		}
		mine := "/people/" + strconv.FormatInt(p.ID, 10)
		s.get(mine).says("This is you")
		s.changes(mine, "title", p.Title, "role", "viewer").want(http.StatusBadRequest).says("Nobody else is an administrator who may sign in")
		s.changes(mine, "title", p.Title, "role", "administrator", "disabled", "yes").want(http.StatusBadRequest).says("Nobody else is an administrator who may sign in")
		if now := s.personAt(mine); now.Role != stat.Administrator || now.Disabled {
			t.Errorf("the last administrator is %+v", now)
		}
	}
}

// seen is what the form of a person says of when they were last changed.
func (s *site) seen(path string) string {
	s.Helper()
	return s.get(path).page().Find("[name=seen]").AttrOr("value", "")
}

// changes sends the form of a person as it is now.
func (s *site) changes(path string, fields ...string) answer {
	s.Helper()
	return s.post(path, append(fields, "seen", s.seen(path))...)
}

// A link to choose a password is shown once, kept as its hash alone, and works.
func TestPasswordLink(t *testing.T) {
	s := newSite(t)
	path := s.added("title", "Jo Smith", "name", "jo.smith", "role", "analyst")
	page := s.post(path+"/link").want(http.StatusOK).says("It is shown this once", "works once")
	if got := page.header.Get("Cache-Control"); !strings.Contains(got, "no-store") {
		t.Errorf("Cache-Control is %q", got)
	}
	link := page.page().Find("#link").Text()
	at, err := url.Parse(link)
	if err != nil || at.Path == "" {
		t.Fatalf("the link is %q, %v", link, err)
	}
	token := at.Path[strings.LastIndexByte(at.Path, '/')+1:]
	if len(token) < 40 {
		t.Fatalf("the token is %q", token)
	}
	s.public().get(at.Path).want(http.StatusOK)
	for _, where := range []string{s.get(path).body, s.get("/audit.csv").body, s.log.String()} {
		if strings.Contains(where, token) {
			t.Error("the token is somewhere else too")
		}
	}
	s.wait(25 * 3600e9)
	s.public().get(at.Path).want(http.StatusNotFound)
}

func TestNoPasswordLink(t *testing.T) {
	s := newSite(t)
	vouched := s.added("known", "provider", "title", "Al Jones", "issuer", "https://login.example.org", "subject", "7", "role", "viewer")
	s.post(vouched + "/link").want(http.StatusConflict).says("has no password here")
	barred := s.added("title", "Jo Smith", "name", "jo.smith", "role", "analyst")
	s.changes(barred, "title", "Jo Smith", "role", "analyst", "disabled", "yes").location()
	s.post(barred + "/link").want(http.StatusConflict).says("may not sign in")
	if s.get(barred).page().Find("#password").Length() != 0 || s.get(vouched).page().Find("#password").Length() != 0 {
		t.Error("a link is offered where none can be made")
	}
	s.post("/people/999999/link").want(http.StatusNotFound)
}

// Somebody who has lost their phone gets in again once the second factor is
// taken away.
func TestRemoveFactor(t *testing.T) {
	s := newSite(t)
	path := s.added("title", "Jo Smith", "name", "jo.smith", "role", "analyst")
	if s.get(path).page().Find("#factor").Length() != 0 {
		t.Error("a second factor that there is not can be removed")
	}
	s.post(path + "/factor").want(http.StatusConflict).says("has no second factor")
	if err := s.db.SetTOTP(t.Context(), s.personAt(path).ID, "JBSWY3DPEHPK3PXP", "Jo Smith", s.now()); err != nil {
		t.Fatal(err)
	}
	s.get(path).says("One-time codes", "Remove the second factor")
	s.get(s.post(path + "/factor").location()).says("The second factor is gone")
	if s.personAt(path).Factor {
		t.Error("it is still there")
	}
	if act := s.lastAct(); act.What != "person.factor" {
		t.Errorf("the audit trail ends with %+v", act)
	}
}

// tampered changes the database behind Bellwether's back.
func (s *site) tampered(query string) {
	s.Helper()
	db, err := sql.Open("sqlite", s.path)
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(s.Context(), query); err != nil {
		s.Fatal(err)
	}
}
