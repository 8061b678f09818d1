package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// No address takes a method that its line of the table does not have, TRACE
// least of all, and none tells a browser to let another site in.
func TestOtherMethods(t *testing.T) {
	s := newSite(t)
	for route := range visits {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodGet {
			continue
		}
		for _, other := range []string{http.MethodTrace, http.MethodOptions, http.MethodPut, http.MethodDelete, "BREW"} {
			r := httptest.NewRequest(other, visits[route][0].path, nil)
			r.Header.Set("Origin", "https://elsewhere.example")
			r.Header.Set("X-Secret", "echo me")
			a := s.do(r)
			if a.status != http.StatusMethodNotAllowed && a.status != http.StatusForbidden {
				t.Errorf("%s %s is %d", other, path, a.status)
			}
			if strings.Contains(a.body, "echo me") {
				t.Errorf("%s %s sends the request back", other, path)
			}
			for name := range a.header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s has %s", other, path, name)
				}
			}
		}
	}
}
