package web_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/stat"
)

// askers are who comes to a route in testdata/access.golden, in the order of
// its columns.
var askers = []string{"anonymous", "public", "viewer", "analyst", "publisher", "administrator", "disabled"}

// Who may come where is what testdata/access.golden says, for every route that
// there is: where somebody is not shut out, the class of what the route itself
// answers to the first of its visits.
func TestAccess(t *testing.T) {
	s := newSite(t)
	var b bytes.Buffer
	fmt.Fprintf(&b, "# -update writes this anew; read what it changes.\n%-42s %-14s %s\n", "route", "access", strings.Join(askers, " "))
	table := s.server.Table()
	got := map[string]map[string]string{}
	for _, asker := range askers {
		for route, class := range s.classes(asker) {
			if got[route] == nil {
				got[route] = map[string]string{}
			}
			got[route][asker] = class
		}
	}
	for _, route := range slices.SortedFunc(maps.Keys(table), byPath) {
		cells := []string{}
		for _, asker := range askers {
			cells = append(cells, fmt.Sprintf("%-*s", len(asker), got[route][asker]))
		}
		fmt.Fprintf(&b, "%-42s %-14s %s\n", route, table[route], strings.TrimRight(strings.Join(cells, " "), " "))
	}
	golden(t, "access.golden", b.String())
}

func byPath(a, b string) int {
	am, ap, _ := strings.Cut(a, " ")
	bm, bp, _ := strings.Cut(b, " ")
	if c := strings.Compare(ap, bp); c != 0 {
		return c
	}
	return strings.Compare(am, bm)
}

// classes are what a kind of asker gets of every route.
func (s *site) classes(asker string) map[string]string {
	s.Helper()
	s.open(asker == "public")
	who := s.public()
	if role, err := stat.ParseRole(asker); err == nil {
		who = s.as(role)
	}
	out := map[string]string{}
	for _, route := range s.server.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if method == http.MethodHead {
			if !slices.Contains(s.server.Routes(), "GET "+path) {
				s.Errorf("%s has no GET", route)
			}
			continue
		}
		if len(visits[route]) == 0 {
			s.Errorf("%s is in no test: add it to visits", route)
			continue
		}
		if asker == "disabled" {
			who = s.disabled()
		}
		out[route] = who.class(method, visits[route][0].path)
	}
	return out
}

// open switches the public view.
func (s *site) open(public bool) {
	s.Helper()
	settings, err := s.db.Settings(s.Context())
	if err == nil {
		settings.Public, settings.By = public, "test"
		err = s.db.SaveSettings(s.Context(), settings)
	}
	if err != nil {
		s.Fatal(err)
	}
	s.server.Stale()
}

// disabled is an administrator who has been disabled since they signed in.
func (s *site) disabled() *site {
	s.Helper()
	p := s.person("disabled", stat.Administrator)
	s.change(p, func(p *stat.Person) { p.Disabled = false })
	who := &site{s.TB, s.running, &visitor{name: "disabled"}}
	who.come()
	who.by.name = "" // they cannot come in again
	s.change(p, func(p *stat.Person) { p.Disabled = true })
	return who
}

// change changes a person.
func (s *site) change(p stat.Person, how func(*stat.Person)) {
	s.Helper()
	p, err := s.db.Person(s.Context(), p.ID)
	if err == nil {
		p.By, p.At = "test", s.now()
		how(&p)
		_, err = s.db.ChangePerson(s.Context(), p)
	}
	if err != nil {
		s.Fatal(err)
	}
}

// class is what becomes of a request at the door.
func (s *site) class(method, path string) string {
	s.Helper()
	a := s.do(httptest.NewRequest(method, path, nil))
	switch {
	case out(a.header):
		return "sign-in"
	case a.status == http.StatusUnauthorized && !strings.HasPrefix(path, "/sign-in"):
		return "401"
	case a.status == http.StatusForbidden:
		return "403"
	case a.status >= http.StatusInternalServerError:
		s.Errorf("%s %s: %d %.300s", method, path, a.status, a.body)
	}
	return fmt.Sprintf("%dxx", a.status/100)
}

// shut are the classes of who does not come in.
var shut = []string{"sign-in", "401", "403"}

// Every route of the engine is a line of the table, whose access is one that
// there is.
func TestTable(t *testing.T) {
	s := newSite(t)
	table := s.server.Table()
	known := []string{"static", "open", "public", "viewer", "analyst", "publisher", "administrator"}
	for _, route := range s.server.Routes() {
		line := strings.Replace(route, "HEAD ", "GET ", 1)
		if !slices.Contains(known, table[line]) {
			t.Errorf("%s is open to %q", route, table[line])
		}
	}
	for route := range table {
		if !slices.Contains(s.server.Routes(), route) {
			t.Errorf("%s is not mounted", route)
		}
	}
}

// Nobody gets a page, a file or a form that leads where they may not go.
func TestLinksByRole(t *testing.T) {
	s := newSite(t)
	s.imported(sampleFile(t, "monthly-return.xlsx"))
	s.imported(sampleFile(t, "breakdowns.csv"))
	s.open(true)
	pages := []string{"/", "/dashboards", "/dashboards/corporate-parenting", "/dashboards/workforce", "/measures", "/measures/cla", "/measures/cpp", "/measures/cla/neighbours", "/measures/cla/authorities",
		"/measures/cla/history", "/compare", "/build?panel=cla-trend", "/since", "/search?q=care", "/council", "/groups/new", "/reports", "/reports/council", "/reports/council/briefing", "/reports/council/issue",
		"/imports", "/imports/1", "/account", "/about/accessibility", "/nothing"}
	for name, who := range map[string]*site{"the public": s.public(), "a viewer": s.as(stat.Viewer), "an analyst": s.as(stat.Analyst), "a publisher": s.as(stat.Publisher), "an administrator": s.as(stat.Administrator)} {
		seen := map[string]bool{}
		for _, path := range pages {
			a := who.get(path)
			if a.status != http.StatusOK && a.status != http.StatusNotFound {
				continue
			}
			doc := a.page()
			for _, e := range doc.Find("a[href^='/'], form[method=get]").EachIter() {
				href, _, _ := strings.Cut(e.AttrOr("href", e.AttrOr("action", "")), "#")
				at, _, _ := strings.Cut(href, "?")
				if seen[at] {
					continue
				}
				seen[at] = true
				if class := who.class(http.MethodGet, href); slices.Contains(shut, class) {
					t.Errorf("%s at %s is led to %s: %s", name, path, href, class)
				}
			}
			for _, e := range doc.Find("main form[method=post]").EachIter() {
				action := e.AttrOr("action", "")
				at, _, _ := strings.Cut(action, "?")
				if seen["POST "+at] || at == "/sign-out" {
					continue
				}
				seen["POST "+at] = true
				if class := who.class(http.MethodPost, action); slices.Contains(shut, class) {
					t.Errorf("%s at %s has the form %s: %s", name, path, action, class)
				}
			}
		}
		t.Logf("%s came to %d addresses", name, len(seen))
	}
}

// A reader of one role never gets a page that was made for another, nor one
// person the name of another; and each has it kept.
func TestPagesByRole(t *testing.T) {
	s := newSite(t)
	s.open(true)
	jo := s.named("jo", "Jo <b>Smith</b>", stat.Analyst)
	al := s.named("al", "Al Jones", stat.Analyst)
	readers := map[string]*site{"": s.public(), "Jo <b>Smith</b>": jo, "Al Jones": al, "analyst": s}
	for _, path := range []string{"/", "/measures/cla", "/about/methods", "/about/accessibility", "/dashboards", "/since", "/search", "/nothing"} {
		for range 2 {
			for name, who := range readers {
				for _, coding := range []string{"", "gzip"} {
					a := who.get(path, "Accept-Encoding", coding)
					if coding == "gzip" && a.header.Get("Content-Encoding") == "gzip" {
						a.body = unzipped(t, a.body)
					}
					if got := fold(a.page().Find(".bw-who__name a[href='/account']").Text()); got != name {
						t.Errorf("%s says that %q reads, not %q", path, got, name)
					}
					for other := range readers {
						if other != name && other != "" && other != "analyst" && strings.Contains(a.page().Text(), other) {
							t.Errorf("%s tells %q of %q", path, name, other)
						}
					}
					if tag := a.header.Get("ETag"); tag != "" {
						who.get(path, "If-None-Match", tag, "Accept-Encoding", coding).want(http.StatusNotModified)
					}
					private := strings.Contains(a.header.Get("Cache-Control"), "private") || strings.Contains(a.header.Get("Cache-Control"), "no-store")
					if !private && name != "" {
						t.Errorf("%s for %s: Cache-Control is %q", path, name, a.header.Get("Cache-Control"))
					}
				}
			}
		}
		if a := jo.get(path); a.header.Get("ETag") != "" {
			al.get(path, "If-None-Match", a.header.Get("ETag")).want(http.StatusOK)
		}
	}
	if jo.get("/").page().Find(".bw-who b").Length() != 0 {
		t.Error("a name is markup")
	}
	if s.get("/").page().Find(`.bw-nav a[href="/imports"]`).Length() != 1 || s.as(stat.Viewer).get("/").page().Find(`.bw-nav a[href="/imports"]`).Length() != 0 {
		t.Error("the navigation is not that of the role")
	}
}

// No GET changes anything: neither the data nor the audit trail is another
// once an administrator has been everywhere.
func TestGetChangesNothing(t *testing.T) {
	s := newSite(t)
	s.imported(sampleFile(t, "monthly-return.xlsx"))
	state := func() string {
		version, err := s.db.Version(s.Context())
		if err != nil {
			t.Fatal(err)
		}
		head, err := s.db.Head(s.Context())
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(version, head.Number, head.Hash)
	}
	for _, who := range []*site{s, s.public()} {
		before := state()
		for _, route := range s.server.Routes() {
			if !strings.HasPrefix(route, "GET ") {
				continue
			}
			for _, v := range visits[route] {
				who.get(v.path)
			}
			if after := state(); after != before {
				t.Errorf("%s: %s became %s", route, before, after)
				before = after
			}
		}
	}
}
