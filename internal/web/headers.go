package web

import (
	"net/http"
	"strings"
)

// policy lets a page load only what this server itself sends, and nothing
// inline: a figure or a file name that carried markup could not run.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

var headers = map[string][]string{
	"Content-Security-Policy":      {policy},
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"same-origin"},
	"X-Frame-Options":              {"DENY"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"camera=(), geolocation=(), microphone=()"},
}

// transport keeps browsers to https for a year, where that is how people reach
// Bellwether.
var transport = []string{"max-age=31536000"}

// unsaid tells no page where it was come from: the address has a one-time link's
// token in it.
var unsaid = []string{"no-referrer"}

// secured puts the security headers on every answer, errors too.
func (s *Server) secured(next http.Handler) http.Handler {
	https := s.secure()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for name, value := range headers {
			h[name] = value[:1:1] // an append by a handler must not reach the next answer
		}
		if strings.HasPrefix(r.URL.Path, firstPath) || strings.HasPrefix(r.URL.Path, linkPath) {
			h["Referrer-Policy"] = unsaid[:1:1]
		}
		if https {
			h["Strict-Transport-Security"] = transport[:1:1]
		}
		next.ServeHTTP(w, r)
	})
}
