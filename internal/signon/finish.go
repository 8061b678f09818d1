package signon

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// leeway is how far the provider's clock may be ahead, as go-oidc allows for
// a token's "not before".
const leeway = 5 * time.Minute

// Finish takes what the provider sent the browser back with and tells who it
// is. The flow is the session's own, to be forgotten before this is called: a
// code counts once. ErrDeclined, ErrRefused, or as Reach.
func (p *Provider) Finish(ctx context.Context, flow Flow, query url.Values) (Identity, error) {
	if err := p.belongs(flow, query); err != nil {
		return Identity{}, err
	}
	e, err := p.reach(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := e.oauth.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		return Identity{}, exchange(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return Identity{}, fmt.Errorf("%w: it holds no ID token", ErrRefused)
	}
	id, err := p.verify(ctx, e.verifier, raw, flow.Nonce)
	if err != nil {
		return Identity{}, err
	}
	if id.AccessTokenHash != "" && id.VerifyAccessToken(token.AccessToken) != nil {
		return Identity{}, fmt.Errorf("%w: its ID token is not of its access token", ErrRefused)
	}
	return p.identity(id)
}

// belongs refuses an answer to another request than the flow's.
func (p *Provider) belongs(flow Flow, query url.Values) error {
	switch iss := query.Get("iss"); {
	case flow.State == "" || flow.Nonce == "" || flow.Verifier == "":
		return fmt.Errorf("%w: this browser has no sign-in under way", ErrRefused)
	case subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(flow.State)) != 1:
		return fmt.Errorf("%w: its state is not that of the sign-in this browser began", ErrRefused)
	case iss != "" && iss != p.issuer:
		return fmt.Errorf("%w: it comes from %q", ErrRefused, iss)
	case query.Get("error") != "":
		return fmt.Errorf("%w: it answers %q", ErrDeclined, query.Get("error"))
	case query.Get("code") == "":
		return fmt.Errorf("%w: it holds no code", ErrRefused)
	}
	return nil
}

// exchange tells a code that the provider does not take from a provider that
// does not answer.
func exchange(err error) error {
	var answered *oauth2.RetrieveError
	switch {
	case errors.As(err, &answered) && answered.Response != nil && answered.Response.StatusCode < 500:
		return fmt.Errorf("%w: it does not take the code: %q", ErrRefused, answered.ErrorCode)
	default:
		return fmt.Errorf("%w: exchanging the code: %w", ErrUnreachable, err)
	}
}

// verify holds an ID token to its signature, issuer, audience, times, nonce and
// tenant.
func (p *Provider) verify(ctx context.Context, verifier *oidc.IDTokenVerifier, raw, nonce string) (*oidc.IDToken, error) {
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	var also struct {
		Party  string `json:"azp"`
		Tenant string `json:"tid"`
	}
	if err := id.Claims(&also); err != nil {
		return nil, fmt.Errorf("%w: reading its claims: %w", ErrRefused, err)
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1:
		return nil, fmt.Errorf("%w: its nonce is not that of the sign-in this browser began", ErrRefused)
	case id.Subject == "":
		return nil, fmt.Errorf("%w: it names no subject", ErrRefused)
	case id.IssuedAt.After(time.Now().Add(leeway)):
		return nil, fmt.Errorf("%w: it was issued in the future, at %s: are the clocks right?", ErrRefused, id.IssuedAt.UTC().Format(time.RFC3339))
	case also.Party != "" && also.Party != p.app.ClientID, also.Party == "" && len(id.Audience) > 1:
		return nil, fmt.Errorf("%w: it was made for another program, %q", ErrRefused, also.Party)
	case p.tenant != "" && also.Tenant != "" && also.Tenant != p.tenant:
		return nil, fmt.Errorf("%w: it is of the tenant %q", ErrRefused, also.Tenant)
	}
	return id, nil
}
