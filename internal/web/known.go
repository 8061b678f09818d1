package web

import (
	"crypto/hmac"
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/store"
)

// knownFor is how long a browser stays known after a good sign-in.
const knownFor = 180 * 24 * time.Hour

func (s *Server) knownCookie() string {
	if s.secure() {
		return "__Host-bellwether-known"
	}
	return "bellwether-known"
}

// accountKey is what tries of a name are counted under, whether or not anybody
// has it.
func accountKey(name string) string { return "account:" + strings.ToLower(strings.TrimSpace(name)) }

// triesOf are those of the account, or in a browser where somebody has signed in
// by that name, which is known for it, the browser's own, so that who tries the
// name elsewhere does not keep them out.
// Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies.
func (s *Server) triesOf(c *gin.Context, name string) (own store.Tries, known bool) {
	account := accountKey(name)
	own = store.Tries{Key: account, Most: mostTries}
	held, err := c.Request.Cookie(s.knownCookie())
	if err != nil {
		return own, false
	}
	text, seal, _ := strings.Cut(held.Value, "/")
	ends, _, _ := strings.Cut(text, ".")
	until, err := strconv.ParseInt(ends, 10, 64)
	if err != nil || s.Now().Unix() >= until || !hmac.Equal([]byte(seal), []byte(s.Sessions.Seal(account+"\n"+text))) {
		return own, false
	}
	own.Key = "known:" + text
	return own, true
}

// remember makes this browser known, to whoever has the name. It lets nobody
// in: it is worth ten tries of its own.
func (s *Server) remember(c *gin.Context, name string) {
	text := strconv.FormatInt(s.Now().Add(knownFor).Unix(), 10) + "." + rand.Text()
	http.SetCookie(c.Writer, &http.Cookie{Name: s.knownCookie(), Value: text + "/" + s.Sessions.Seal(accountKey(name)+"\n"+text), Path: "/",
		MaxAge: int(knownFor.Seconds()), Secure: s.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode})
}
