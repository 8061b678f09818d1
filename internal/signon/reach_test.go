package signon_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bellwether/internal/signon"
)

func TestDiscovery(t *testing.T) {
	tests := []struct {
		name  string
		extra map[string]any
		kind  error
		says  string
	}{
		{"any tenant", map[string]any{"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"}, signon.ErrTenants, "{tenantid}"},
		{"another name", map[string]any{"issuer": "https://sso.ambridge.gov.uk/"}, nil, "calls itself https://sso.ambridge.gov.uk/"},
		{"keys that anybody could give", map[string]any{"jwks_uri": "http://sso.ambridge.gov.uk/keys"}, nil, "not https"},
		{"a form that anybody could read", map[string]any{"authorization_endpoint": "http://sso.ambridge.gov.uk/"}, nil, "not https"},
		{"no token endpoint", map[string]any{"token_endpoint": ""}, nil, "no address"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := newEntra(t)
			e.extra = test.extra
			_, err := signon.New(t.Context(), signon.Config{Issuer: e.issuer, ClientID: "app-id", Redirect: redirect})
			if err == nil || test.kind != nil && !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	_, err := signon.New(t.Context(), signon.Config{Issuer: "http://127.0.0.1:1/dex", ClientID: "app-id", Redirect: redirect})
	if !errors.Is(err, signon.ErrUnreachable) {
		t.Errorf("nobody there: %v", err)
	}
}

// away is a provider that answers only while it is there, and how often it was
// asked.
type away struct {
	there atomic.Bool
	asked atomic.Int32
}

func (a *away) RoundTrip(r *http.Request) (*http.Response, error) {
	a.asked.Add(1)
	if !a.there.Load() {
		return nil, errors.New("nobody there")
	}
	return http.DefaultTransport.RoundTrip(r)
}

// A provider that does not answer is asked again by whoever signs in later, but
// not by everybody; once it has answered people sign in.
func TestReach(t *testing.T) {
	e, line := newEntra(t), &away{}
	p, err := signon.Configure(signon.Config{Issuer: e.issuer, ClientID: "app-id", Redirect: redirect, HTTP: &http.Client{Transport: line}})
	if err != nil || line.asked.Load() != 0 {
		t.Fatalf("asked %d times: %v", line.asked.Load(), err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if address, flow, err := p.Begin(t.Context()); !errors.Is(err, signon.ErrUnreachable) || address != "" || flow != (signon.Flow{}) {
				t.Errorf("%s, %+v, %v", address, flow, err)
			}
		})
	}
	wg.Wait()
	_, err = p.Finish(t.Context(), signon.Flow{State: "s", Nonce: "n", Verifier: "v"}, url.Values{"state": {"s"}, "code": {"c"}})
	if !errors.Is(err, signon.ErrUnreachable) {
		t.Errorf("on the way back: %v", err)
	}
	line.there.Store(true)
	if err := p.Reach(t.Context()); !errors.Is(err, signon.ErrUnreachable) || line.asked.Load() != 1 {
		t.Errorf("it was asked %d times at once: %v", line.asked.Load(), err)
	}
	p.Rested()
	gone, cancel := context.WithCancel(t.Context())
	cancel() // who asks first and leaves does not spoil it for the others
	if err := p.Reach(gone); err != nil {
		t.Fatal(err)
	}
	e.token = func(nonce string) string { return signed(t, e.key, e.claims(nonce)) }
	address, flow := begin(t, p)
	e.nonce = flow.Nonce
	who, err := p.Finish(t.Context(), flow, url.Values{"state": {flow.State}, "code": {"c"}})
	if err != nil || who.Subject != "pairwise-subject" || !strings.HasPrefix(address, strings.TrimSuffix(e.issuer, "/v2.0")) {
		t.Errorf("%+v at %s: %v", who, address, err)
	}
}
