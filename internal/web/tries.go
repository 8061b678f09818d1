package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// Tries are bounded, in five minutes. To begin a sign-in with the provider
// guesses nothing and costs a row, and a whole office may do so from one address
// at nine o'clock.
const (
	mostTries = 10
	mostBegun = 100
)

// triesAtTheDoor are those of the name, and those of the address unless the
// browser is known for that name: whoever tries others from the same address,
// which a whole council may have, does not keep them out.
func (s *Server) triesAtTheDoor(c *gin.Context, name string) []store.Tries {
	own, known := s.triesOf(c, name)
	if known {
		return []store.Tries{own}
	}
	return []store.Tries{own, {Key: "address:" + computer(c.ClientIP()), Most: mostTries}}
}

// bounded counts a try, or refuses one too many.
func (s *Server) bounded(c *gin.Context, tries store.Tries) error {
	wait, err := s.try(c, tries)
	if err == nil && wait > 0 {
		err = &failure{http.StatusTooManyRequests, "Too many tries", tooOften(c, wait), nil}
	}
	return err
}

// computer is an address that requests come from. Of IPv6 a whole /64 is one
// computer's.
func computer(ip string) string {
	if a, err := netip.ParseAddr(ip); err == nil && a.Is6() && !a.Is4In6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			ip = p.String()
		}
	}
	return ip
}

// try counts a try, or says how long to wait. Who leaves before the answer has
// tried all the same.
func (s *Server) try(c *gin.Context, tries ...store.Tries) (time.Duration, error) {
	return s.Sessions.Try(context.WithoutCancel(c.Request.Context()), s.Now, tries...)
}

// tryAs is try for somebody who has given their name already.
func (s *Server) tryAs(c *gin.Context, p stat.Person) (time.Duration, error) {
	own, _ := s.triesOf(c, p.Name)
	return s.try(c, own)
}

// forgive forgets the tries of somebody who has proved themselves.
func (s *Server) forgive(c *gin.Context, p stat.Person) error {
	own, _ := s.triesOf(c, p.Name)
	return s.Sessions.Forgive(c.Request.Context(), own.Key)
}

// tooOften says how long to wait, and has the log say who was told.
func tooOften(c *gin.Context, wait time.Duration) string {
	q := noted(c.Request)
	q.refused, q.from = "tries", c.ClientIP()
	c.Header("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	return fmt.Sprintf("There were too many tries for this name, or from this computer. Wait %s, then try again.", many(int(math.Ceil(wait.Minutes())), "minute"))
}
