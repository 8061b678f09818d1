package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// roleChoice is a role with what it may do beyond those before it.
type roleChoice struct {
	Role       stat.Role
	Title, May string
}

var roleChoices = []roleChoice{
	{stat.Viewer, "Viewer", "read published figures, groups, meetings and issued reports"},
	{stat.Analyst, "Analyst", "import files, see figures before they are published, keep groups and meetings, write commentary and prepare reports"},
	{stat.Publisher, "Publisher", "publish figures, withdraw them and issue reports"},
	{stat.Administrator, "Administrator", "look after people, settings, the audit trail and backups"},
}

func roleTitle(r stat.Role) string {
	for _, k := range roleChoices {
		if k.Role == r {
			return k.Title
		}
	}
	return string(r)
}

// shownPerson is somebody as a list shows them.
type shownPerson struct {
	stat.Person
	Path, RoleTitle, SignsIn, Lacks string
}

func shownAs(p stat.Person) shownPerson {
	out := shownPerson{p, personPath(p.ID), roleTitle(p.Role), "the sign-in provider", ""}
	if p.Local() {
		out.SignsIn = "name and password"
	}
	switch {
	case p.Disabled:
	case p.Local() && !p.Password:
		out.Lacks = "No password yet: make a link to choose one."
	case p.Local() && p.Password && !p.Factor && p.Role != stat.Viewer:
		out.Lacks = "No second factor yet: it is set up at the next sign-in."
	}
	return out
}

// Did leads to what they did.
func (p shownPerson) Did() string { return auditOf("who", p.Title) }

// DoneTo leads to what was done to them.
func (p shownPerson) DoneTo() string { return auditOf("on", "person "+strconv.FormatInt(p.ID, 10)) }

func personPath(id int64) string { return peoplePath + "/" + strconv.FormatInt(id, 10) }

// personForm is what a form says of somebody; Problem is with the Field of it.
type personForm struct {
	Title, Name, Issuer, Subject string
	Role                         stat.Role
	Disabled                     bool
	Seen                         string // when the person had last been changed, as the form began
	Field, Problem               string
}

// peoplePage lists everybody, with the forms to add somebody.
type peoplePage struct {
	adminPage
	People         []shownPerson
	Roles          []roleChoice
	Own, Vouched   personForm // with an account here, and with one elsewhere
	Field, Problem string
}

func (s *Server) peoplePage(c *gin.Context) error {
	if strings.HasSuffix(c.Request.URL.Path, ".json") {
		all, err := s.Store.People(c.Request.Context())
		if err != nil {
			return err
		}
		writeJSON(c.Writer, http.StatusOK, append([]stat.Person{}, all...))
		return nil
	}
	return s.peopleHTML(c, http.StatusOK, personForm{Role: stat.Viewer}, personForm{Role: stat.Viewer})
}

func (s *Server) peopleHTML(c *gin.Context, status int, own, vouched personForm) error {
	all, err := s.Store.People(c.Request.Context())
	if err != nil {
		return err
	}
	p := peoplePage{adminPage: s.adminBase(c, "People", peoplePath, peoplePath+".json"), Roles: roleChoices, Own: own, Vouched: vouched}
	for _, f := range []personForm{own, vouched} {
		if f.Problem != "" {
			p.Title, p.Field, p.Problem = "Error: People", f.Field, f.Problem
		}
	}
	if p.Vouched.Issuer == "" {
		p.Vouched.Issuer = usualIssuer(all)
	}
	for _, k := range all {
		p.People = append(p.People, shownAs(k))
	}
	return s.pages.write(c.Writer, status, "people", p)
}

// usualIssuer is whom a council's people are vouched for by, since it has one
// provider: the one of those there are.
func usualIssuer(all []stat.Person) string {
	for _, p := range all {
		if p.Issuer != "" {
			return p.Issuer
		}
	}
	return ""
}

// addPerson adds somebody with an account here, or whom a provider vouches
// for.
func (s *Server) addPerson(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	vouched := c.PostForm("known") == "provider"
	f := readPerson(c)
	if f.Field, f.Problem = f.fault(vouched); f.Problem == "" {
		p, err := s.Store.AddPerson(c.Request.Context(), stat.Person{Name: f.Name, Title: f.Title, Role: f.Role, Issuer: f.Issuer, Subject: f.Subject, By: s.who(c), At: s.Now()})
		if err == nil {
			c.Redirect(http.StatusSeeOther, personPath(p.ID)+"?done="+map[bool]string{false: "added", true: "vouched"}[vouched])
			return nil
		}
		if f.Field, f.Problem = storeSays(err, vouched); f.Problem == "" {
			return err
		}
	}
	empty := personForm{Role: stat.Viewer}
	if vouched {
		f.Field = vouchedField(f.Field)
		return s.peopleHTML(c, http.StatusBadRequest, empty, f)
	}
	return s.peopleHTML(c, http.StatusBadRequest, f, empty)
}

func readPerson(c *gin.Context) personForm {
	f := personForm{Title: plain(c.PostForm("title")), Name: plain(c.PostForm("name")), Issuer: plain(c.PostForm("issuer")), Subject: plain(c.PostForm("subject"))}
	f.Role, _ = stat.ParseRole(c.PostForm("role"))
	f.Disabled, f.Seen = c.PostForm("disabled") == "yes", c.PostForm("seen")
	return f
}

// vouchedField is a field of the second form of a page that has two.
func vouchedField(field string) string {
	if field == "title" || field == "role" {
		return "vouched-" + field
	}
	return field
}

// fault says in which field of the form of somebody new what is wrong.
func (f *personForm) fault(vouched bool) (field, problem string) {
	if field, problem = f.standing(); problem != "" {
		return field, problem
	}
	switch {
	case vouched && f.Issuer == "":
		return "issuer", "Give the address of the sign-in provider, such as https://login.example.org/tenant/v2.0."
	case vouched && f.Subject == "":
		return "subject", "Give what the provider calls them. It stands on the page that refused them."
	case vouched:
		f.Name = ""
	case f.Name == "":
		return "name", "Give a name to sign in with, such as jo.smith."
	default:
		f.Issuer, f.Subject = "", ""
	}
	return "", ""
}

// standing says what is wrong with what any form of somebody has.
func (f *personForm) standing() (field, problem string) {
	switch {
	case f.Title == "":
		return "title", "Give their name as pages should show it, such as Jo Smith."
	case f.Role == "":
		return "role", "Choose a role."
	}
	return "", ""
}

// storeSays is what the store has against somebody, "" where it is another
// kind of error.
func storeSays(err error, vouched bool) (field, problem string) {
	switch {
	case errors.Is(err, store.ErrTaken) && vouched:
		return "subject", "Somebody is known by that already, perhaps one who may not sign in any more. Look in the list."
	case errors.Is(err, store.ErrTaken):
		return "name", "Somebody signs in with that name already, perhaps one who may not sign in any more. Choose another."
	case errors.Is(err, store.ErrInvalid) && vouched:
		return "title", "Names can be 200 characters at most."
	case errors.Is(err, store.ErrInvalid):
		return "name", "A name to sign in with has no spaces, and no name is longer than 200 characters."
	case errors.Is(err, store.ErrLastAdministrator):
		return "role", "Nobody else is an administrator who may sign in. Make somebody else an administrator first."
	}
	return "", ""
}

// personPage is the form of one, with what else can be done for them.
type personPage struct {
	adminPage
	Person         shownPerson
	Form           personForm
	Roles          []roleChoice
	Self           bool // it is the reader
	Link           string
	Ends           time.Time
	Field, Problem string
}

func (s *Server) personPage(c *gin.Context) error {
	p, err := s.findPerson(c)
	if err != nil {
		return err
	}
	return s.pages.write(c.Writer, http.StatusOK, "person", s.aboutPerson(c, p))
}

// findPerson is whom the address names.
func (s *Server) findPerson(c *gin.Context) (stat.Person, error) {
	gone := notFound("There is nobody of that number. Everybody is listed on the page of people.", nil)
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || strconv.FormatInt(id, 10) != c.Param("id") {
		return stat.Person{}, gone
	}
	p, err := s.Store.Person(c.Request.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return p, gone
	}
	return p, err
}

func (s *Server) aboutPerson(c *gin.Context, p stat.Person) personPage {
	me := s.person(c)
	return personPage{adminPage: s.adminBase(c, p.Title, peoplePath, ""), Person: shownAs(p), Form: personForm{Title: p.Title, Role: p.Role, Disabled: p.Disabled, Seen: seenAt(p)},
		Roles: roleChoices, Self: me != nil && me.ID == p.ID}
}

// seenAt tells a person from the same one changed since.
func seenAt(p stat.Person) string { return p.At.Format(time.RFC3339Nano) }

// changePerson gives somebody another title or role, or bars them.
func (s *Server) changePerson(c *gin.Context) error {
	p, err := s.findPerson(c)
	if err != nil {
		return err
	}
	if err := readForm(c); err != nil {
		return err
	}
	f := readPerson(c)
	if f.Field, f.Problem = f.standing(); f.Seen != seenAt(p) {
		f = personForm{Title: p.Title, Role: p.Role, Disabled: p.Disabled, Seen: seenAt(p), Field: "title",
			Problem: "Somebody else has changed this person since you opened the page: it shows them as they are now. Make your change again."}
	}
	if f.Problem == "" {
		_, err := s.Store.ChangePerson(c.Request.Context(), stat.Person{ID: p.ID, Title: f.Title, Role: f.Role, Disabled: f.Disabled, By: s.who(c), At: s.Now()})
		if err == nil {
			s.cache.changed()
			c.Redirect(http.StatusSeeOther, personPath(p.ID)+"?done=changed")
			return nil
		}
		if f.Field, f.Problem = storeSays(err, true); f.Problem == "" {
			return err
		}
	}
	page := s.aboutPerson(c, p)
	page.Form, page.Field, page.Problem = f, f.Field, f.Problem
	page.faulty(f.Problem)
	return s.pages.write(c.Writer, http.StatusBadRequest, "person", page)
}

// passwordLink makes a link by which somebody chooses a password, and shows it
// this once: only its hash is kept.
func (s *Server) passwordLink(c *gin.Context) error {
	p, err := s.findPerson(c)
	if err != nil {
		return err
	}
	switch {
	case !p.Local():
		return conflict(p.Title + " signs in with the sign-in provider and has no password here.")
	case p.Disabled:
		return conflict(p.Title + " may not sign in. Let them sign in again first.")
	}
	token, ends := credential.NewToken(), s.Now().Add(store.PasswordLinkLasts)
	if err := s.Store.KeepLink(c.Request.Context(), token, store.Link{Purpose: store.LinkPassword, Person: p.ID, Expires: ends, By: s.who(c)}); err != nil {
		return err
	}
	page := s.aboutPerson(c, p)
	page.Link, page.Ends = s.absolute(c, linkPath+token), ends
	return s.pages.write(c.Writer, http.StatusOK, "person", page)
}

// removeFactor takes somebody's second factor away, who has lost it.
func (s *Server) removeFactor(c *gin.Context) error {
	p, err := s.findPerson(c)
	if err != nil {
		return err
	}
	if !p.Factor {
		return conflict(p.Title + " has no second factor.")
	}
	if err := s.Store.SetTOTP(c.Request.Context(), p.ID, "", s.who(c), s.Now()); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, personPath(p.ID)+"?done=factor")
	return nil
}
