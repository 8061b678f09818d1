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

// byProvider does what the provider's word brings about.
const byProvider = "the sign-on provider"

// toProvider leads to the provider's own sign-in. What this browser is to
// prove when it comes back is kept in its session, and nothing else is.
func (s *Server) toProvider(c *gin.Context) error {
	if s.SignOn == nil {
		return notFound("There is nothing at this address.", nil)
	}
	address, flow := s.SignOn.Begin()
	kept, err := json.Marshal(flow)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	s.sessions.Put(ctx, inFlow, string(kept))
	s.sessions.Put(ctx, inNext, local(c.Query("next")))
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, address)
	return nil
}

// fromProvider is where the provider sends the browser back to.
func (s *Server) fromProvider(c *gin.Context) error {
	ctx := c.Request.Context()
	var flow signon.Flow
	if s.SignOn == nil || json.Unmarshal([]byte(s.sessions.PopString(ctx, inFlow)), &flow) != nil {
		return &failure{http.StatusBadRequest, "That sign-in cannot go on", "It was not begun in this browser, or it has ended already. Choose Sign in and begin again.", nil}
	}
	id, err := s.SignOn.Finish(ctx, flow, c.Request.URL.Query())
	if err != nil {
		return s.notSignedOn(c, stat.Person{}, err)
	}
	p, err := s.vouchedFor(ctx, id)
	if err != nil {
		return s.notSignedOn(c, p, err)
	}
	return s.enter(c, p, s.sessions.GetString(ctx, inNext), "with "+byProvider)
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
	var giver string // of the role, whoever changed anything else since
	if known.ID != 0 {
		if giver, err = s.Store.RoleBy(ctx, known.ID); err != nil {
			return known, err
		}
	}
	switch {
	case id.Role == "" && giver == byProvider:
		return known, fmt.Errorf("%w any longer: the subject is %s of %s", signon.ErrUnknown, id.Subject, id.Issuer)
	case id.Role == "" || p == known:
		return known, nil
	}
	p.By, p.At = byProvider, s.Now()
	if p.ID == 0 {
		return s.Store.AddPerson(ctx, p)
	}
	return s.Store.ChangePerson(ctx, p)
}

// notSignedOn says why the provider's answer lets nobody in, and notes it.
func (s *Server) notSignedOn(c *gin.Context, p stat.Person, err error) error {
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
		return err
	}
	if !errors.Is(err, signon.ErrUnknown) { // which names a person
		s.Log.Warn("sign-in refused", "err", err)
	}
	return errors.Join(s.refused(c, p, "by the provider's answer"), f)
}
