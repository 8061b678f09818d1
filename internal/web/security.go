package web

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// securityPath is where whoever finds a weakness looks for whom to tell.
// Source: RFC 9116.
const securityPath = "/.well-known/security.txt"

// ReadContact makes a contact of an address: "mailto:…" of one for mail, as it
// is of one that begins with https:// or tel:. Any other is refused.
func ReadContact(text string) (string, error) {
	text = strings.TrimSpace(text)
	if at := strings.IndexByte(text, '@'); at > 0 && at < len(text)-1 && !strings.Contains(text, ":") {
		text = "mailto:" + text
	}
	u, err := url.Parse(text)
	if err == nil && (u.Scheme == "https" && u.Host != "" || (u.Scheme == "mailto" || u.Scheme == "tel") && u.Opaque != "") && !strings.ContainsAny(text, " \t\r\n") {
		return u.String(), nil
	}
	return "", fmt.Errorf("%q is no contact for security: give an address such as security@example.gov.uk, or a page that begins with https://", text)
}

// securityText says whom to tell of a weakness. It says so for half a year
// from the day it is asked: what stands in it is as the server was started.
func (s *Server) securityText(c *gin.Context) error {
	if s.SecurityContact == "" {
		return notFound("Nobody has said whom to tell of a weakness here. Tell whoever runs Bellwether (serve --security-contact).", nil)
	}
	day := s.Now().UTC().Truncate(24 * time.Hour)
	text := fmt.Sprintf("Contact: %s\nExpires: %s\nPreferred-Languages: en\n", s.SecurityContact, day.AddDate(0, 6, 0).Format(time.RFC3339))
	if s.Base != nil {
		text += "Canonical: " + s.Base.JoinPath(securityPath).String() + "\n"
	}
	newDocument("text/plain; charset=utf-8", "", []byte(text)).send(c.Writer, c.Request)
	return nil
}
