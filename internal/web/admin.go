package web

import (
	"bellwether/internal/signon"
	"net"

	"github.com/gin-gonic/gin"
)

// Paths of the pages that administrators alone see.
const (
	peoplePath      = "/people"
	settingsPath    = "/settings"
	auditPath       = "/audit"
	safekeepingPath = "/safekeeping"
)

// adminPage is what those pages have in common.
type adminPage struct {
	page
	Done string // what was just done; "" for nothing
}

// adminDone say what was done, by what the address says of it.
var adminDone = map[string]string{
	"added":    "They can be signed in once they have a way to: for an account of Bellwether’s own, make a password link below.",
	"vouched":  "They can sign in with the council’s sign-in provider from now on.",
	"changed":  "The changes hold from now on, also for who is signed in already.",
	"factor":   "The second factor is gone. They set up a new one when they next sign in.",
	"settings": "The settings hold from now on.",
	"copied":   "A copy of the database was made and checked.",
}

func (s *Server) adminBase(c *gin.Context, title, path, twin string) adminPage {
	return adminPage{page: s.base(c.Request.Context(), title, path, twin), Done: adminDone[c.Query("done")]}
}

// absolute is where others reach a path. What a request says of the host is
// believed only where that is this computer itself.
func (s *Server) absolute(c *gin.Context, path string) string {
	if s.Base != nil {
		return s.Base.JoinPath(path).String()
	}
	host, _, err := net.SplitHostPort(c.Request.Host)
	if err == nil && signon.Loopback(host) {
		return "http://" + c.Request.Host + path
	}
	return path
}
