package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"bellwether/internal/signon"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// byProvider is who does what the provider's word brings about, in words.
const byProvider = "the sign-on provider"

// toProvider leads to the provider's own sign-in. What this browser is to
// prove when it comes back is kept in its session, and nothing else is.
func (s *Server) toProvider(c *gin.Context) error {
	if s.SignOn == nil {
		return notFound("There is nothing at this address.", nil)
	}
	if err := s.bounded(c, begun(c)); err != nil {
		return err
	}
	ctx := c.Request.Context()
	address, flow, err := s.SignOn.Begin(ctx)
	if f := signOnFailure(err); f != nil {
		return f
	}
	if err != nil {
		return err
	}
	kept, err := json.Marshal(flow)
	if err != nil {
		return err
	}
	s.sessions.Put(ctx, inFlow, string(kept))
	s.sessions.Put(ctx, inNext, local(c.Query("next")))
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, address)
	return nil
}

// What sign-ins with the provider are counted under, by address: those begun,
// and those that came back. The ones that end well are taken out again.
func begun(c *gin.Context) store.Tries {
	return store.Tries{Key: "begin:" + computer(c.ClientIP()), Most: mostBegun}
}

func cameBack(c *gin.Context) store.Tries {
	return store.Tries{Key: "callback:" + computer(c.ClientIP()), Most: mostTries}
}

// fromProvider is where the provider sends the browser back to.
func (s *Server) fromProvider(c *gin.Context) error {
	ctx := c.Request.Context()
	var flow signon.Flow
	if s.SignOn == nil || json.Unmarshal([]byte(s.sessions.PopString(ctx, inFlow)), &flow) != nil {
		return &failure{http.StatusBadRequest, "That sign-in cannot go on", "It was not begun in this browser, or it has ended already. Choose Sign in and begin again.", nil}
	}
	if err := s.bounded(c, cameBack(c)); err != nil {
		return err
	}
	id, err := s.SignOn.Finish(ctx, flow, c.Request.URL.Query())
	if errors.Is(err, signon.ErrUnreachable) { // which is nobody's try
		err = errors.Join(err, s.Sessions.TakeBack(ctx, cameBack(c).Key))
	}
	if err != nil {
		return s.notSignedOn(c, stat.Person{}, err)
	}
	p, err := s.vouchedFor(ctx, id)
	if err != nil {
		return s.notSignedOn(c, p, err)
	}
	for _, t := range []store.Tries{begun(c), cameBack(c)} {
		if err := s.Sessions.TakeBack(ctx, t.Key); err != nil {
			return err
		}
	}
	return s.enter(c, p, s.sessions.GetString(ctx, inNext), "with "+byProvider, byTwo)
}

// vouchedFor is the person whom the provider names, with the role it gives
// them now. One whose role it gave, and gives no longer, has none.
func (s *Server) vouchedFor(ctx context.Context, id signon.Identity) (stat.Person, error) {
	known, err := s.Store.PersonOf(ctx, id.Issuer, id.Subject)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return known, err
	}
	p, err := id.Admit(known)
	if err != nil {
		return known, err
	}
	switch {
	case id.Role == "" && known.Vouched:
		return known, fmt.Errorf("%w any longer: the subject is %s of %s", signon.ErrUnknown, id.Subject, id.Issuer)
	case id.Role == "" || p == known:
		return known, nil
	}
	p.By, p.At = byProvider, s.Now()
	if p, err = s.Store.Vouch(ctx, p); err != nil {
		return known, err // whom the audit trail is told of
	}
	return p, nil
}

// notSignedOn says why the provider's answer lets nobody in, and notes it.
func (s *Server) notSignedOn(c *gin.Context, p stat.Person, err error) error {
	f := signOnFailure(err)
	if f == nil {
		return err
	}
	if !errors.Is(err, signon.ErrUnknown) && !errors.Is(err, store.ErrLastAdministrator) { // which are about a person
		s.Log.Warn("sign-in refused", "err", err)
	}
	return errors.Join(s.refused(c, p, "by the provider's answer"), f)
}

// signOnFailure is what a reader is told of an error of the provider's, nil for
// any other.
func signOnFailure(err error) *failure {
	f := &failure{status: http.StatusForbidden, title: "You are not signed in", err: err}
	switch {
	case errors.Is(err, signon.ErrUnreachable):
		f.status, f.message = http.StatusBadGateway, "Your organisation's sign-in does not answer. Try again in a few minutes."
	case errors.Is(err, signon.ErrDeclined):
		f.message = "Your organisation's sign-in did not let you in."
	case errors.Is(err, signon.ErrRefused):
		f.message = "What your organisation's sign-in answered does not belong to the sign-in that this browser began. Choose Sign in and begin again."
	case errors.Is(err, signon.ErrUnknown):
		f.message = sentence(err)
	case errors.Is(err, signon.ErrDisabled):
		f.message = "This account is disabled. Ask an administrator of Bellwether."
	case errors.Is(err, store.ErrLastAdministrator):
		f.message = "Your organisation no longer makes you an administrator here, and you are the only one. Somebody has to be made one first, with “bellwether user change”."
	default:
		return nil
	}
	return f
}
