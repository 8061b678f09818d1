package signon_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bellwether/internal/dextest"
	"bellwether/internal/signon"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

const redirect = "http://127.0.0.1:8080/sign-in/back"

// council is Bellwether's side as the web application has it: the provider, and
// the people it keeps.
type council struct {
	dex      *dextest.Dex
	provider *signon.Provider
	db       *store.DB
}

func newCouncil(t *testing.T, users map[string]dextest.User) *council {
	t.Helper()
	c := &council{dex: dextest.Start(t, redirect, users)}
	var err error
	c.provider, err = signon.New(t.Context(), signon.Config{
		Issuer: c.dex.Issuer, ClientID: dextest.ClientID, ClientSecret: dextest.ClientSecret, Redirect: redirect,
		Claim: "groups", Roles: map[string]stat.Role{"cs-analysts": stat.Analyst, "cs-publishers": stat.Publisher, "cs-members": stat.Viewer},
		HTTP: &http.Client{Transport: dextest.Loopback(), Timeout: time.Minute},
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.db, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "t.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.db.Close() })
	return c
}

// begun is a sign-in as far as the browser being back from the provider.
func (c *council) begun(t *testing.T, name string) (signon.Flow, url.Values) {
	t.Helper()
	address, flow := begin(t, c.provider)
	back := c.dex.SignIn(t, address, name, "larch kettle orbit")
	if back == nil {
		t.Fatalf("dex does not sign %s in", name)
	}
	return flow, back
}

// signIn goes all the way, and keeps the person as it now is.
func (c *council) signIn(t *testing.T, name string) (stat.Person, error) {
	t.Helper()
	flow, back := c.begun(t, name)
	who, err := c.provider.Finish(t.Context(), flow, back)
	if err != nil {
		return stat.Person{}, err
	}
	known, err := c.db.PersonOf(t.Context(), who.Issuer, who.Subject)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	is, err := who.Admit(known)
	if err != nil || is == known {
		return is, err
	}
	is.By, is.At = who.Title, time.Now()
	if is.ID == 0 {
		return c.db.AddPerson(t.Context(), is)
	}
	return c.db.ChangePerson(t.Context(), is)
}

func user(id, title string, groups ...string) dextest.User {
	return dextest.User{ID: id, Password: "larch kettle orbit", Title: title, Groups: groups}
}

func TestDex(t *testing.T) {
	c := newCouncil(t, map[string]dextest.User{
		"jo":  user("1001", "Jo Smith", "all staff", "cs-members", "cs-publishers"),
		"sam": user("1002", "Sam Brown", "all staff"),
	})

	jo, err := c.signIn(t, "jo")
	if err != nil {
		t.Fatal(err)
	}
	if jo.Role != stat.Publisher || jo.Title != "Jo Smith" || jo.Issuer != c.dex.Issuer || jo.Subject == "" || jo.Name != "" {
		t.Errorf("Jo is %+v", jo)
	}
	again, err := c.signIn(t, "jo")
	if err != nil || again.ID != jo.ID || again.Role != jo.Role {
		t.Errorf("Jo, signing in again, is %+v, %v", again, err)
	}

	t.Run("demotion", func(t *testing.T) {
		c.dex.Users(t, map[string]dextest.User{"jo": user("1001", "Jo Smith-Jones", "cs-members")})
		demoted, err := c.signIn(t, "jo")
		if err != nil {
			t.Fatal(err)
		}
		if demoted.ID != jo.ID || demoted.Role != stat.Viewer || demoted.Title != "Jo Smith-Jones" {
			t.Errorf("Jo, without the group, is %+v", demoted)
		}
	})

	t.Run("removal by the provider", func(t *testing.T) {
		c.dex.Users(t, map[string]dextest.User{"sam": user("1002", "Sam Brown")})
		address, _ := begin(t, c.provider)
		if back := c.dex.SignIn(t, address, "jo", "larch kettle orbit"); back.Has("code") {
			t.Error("dex signs in whom it does not know")
		}
	})

	t.Run("another with the same name", func(t *testing.T) {
		c.dex.Users(t, map[string]dextest.User{"jo": user("2001", "Jo Smith-Jones", "cs-analysts")})
		other, err := c.signIn(t, "jo")
		if err != nil {
			t.Fatal(err)
		}
		if other.ID == jo.ID || other.Role != stat.Analyst {
			t.Errorf("another subject is %+v, and Jo was person %d", other, jo.ID)
		}
	})

	t.Run("disabled in Bellwether", func(t *testing.T) {
		c.dex.Users(t, map[string]dextest.User{"jo": user("1001", "Jo Smith", "cs-publishers")})
		out := jo
		out.Disabled, out.By, out.At = true, "an administrator", time.Now()
		if _, err := c.db.ChangePerson(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		if is, err := c.signIn(t, "jo"); !errors.Is(err, signon.ErrDisabled) {
			t.Errorf("a disabled person is let in: %+v, %v", is, err)
		}
	})
}

func TestDexUnknownSubject(t *testing.T) {
	c := newCouncil(t, map[string]dextest.User{"sam": user("1002", "Sam Brown", "all staff")})
	flow, back := c.begun(t, "sam")
	who, err := c.provider.Finish(t.Context(), flow, back)
	if err != nil {
		t.Fatal(err)
	}
	_, err = who.Admit(stat.Person{})
	if !errors.Is(err, signon.ErrUnknown) || !strings.Contains(err.Error(), who.Subject) || !strings.Contains(err.Error(), c.dex.Issuer) {
		t.Fatalf("somebody without a role: %v", err)
	}

	// An administrator adds what the message names; the role stands where the
	// provider gives none.
	added, err := c.db.AddPerson(t.Context(), stat.Person{Issuer: who.Issuer, Subject: who.Subject, Title: "Sam", Role: stat.Analyst, By: "an administrator"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		sam, err := c.signIn(t, "sam")
		if err != nil || sam.ID != added.ID || sam.Role != stat.Analyst || sam.Title != "Sam Brown" {
			t.Errorf("Sam, added by hand, is %+v, %v", sam, err)
		}
	}
}

func TestDexRefused(t *testing.T) {
	c := newCouncil(t, map[string]dextest.User{"jo": user("1001", "Jo Smith", "cs-analysts")})
	_, other := begin(t, c.provider)
	tests := []struct {
		name  string
		spoil func(f *signon.Flow, back url.Values)
		says  string
	}{
		{"wrong nonce", func(f *signon.Flow, _ url.Values) { f.Nonce = other.Nonce }, "nonce"},
		{"wrong state", func(_ *signon.Flow, back url.Values) { back.Set("state", other.State) }, "state"},
		{"no state", func(_ *signon.Flow, back url.Values) { back.Del("state") }, "state"},
		{"another's flow", func(f *signon.Flow, _ url.Values) { *f = other }, "state"},
		{"no flow", func(f *signon.Flow, back url.Values) { *f = signon.Flow{}; back.Set("state", "") }, "no sign-in under way"},
		{"wrong verifier", func(f *signon.Flow, _ url.Values) { f.Verifier = other.Verifier }, "does not take the code"},
		{"forged code", func(_ *signon.Flow, back url.Values) { back.Set("code", "abcdefghijklmnopqrstuvwxy") }, "does not take the code"},
		{"no code", func(_ *signon.Flow, back url.Values) { back.Del("code") }, "no code"},
		{"another issuer", func(_ *signon.Flow, back url.Values) { back.Set("iss", "https://evil.example") }, "evil.example"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			flow, back := c.begun(t, "jo")
			test.spoil(&flow, back)
			who, err := c.provider.Finish(t.Context(), flow, back)
			if !errors.Is(err, signon.ErrRefused) || who != (signon.Identity{}) {
				t.Fatalf("got %+v, %v", who, err)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q does not say %q", err, test.says)
			}
		})
	}

	t.Run("replayed code", func(t *testing.T) {
		flow, back := c.begun(t, "jo")
		if _, err := c.provider.Finish(t.Context(), flow, back); err != nil {
			t.Fatal(err)
		}
		if who, err := c.provider.Finish(t.Context(), flow, back); !errors.Is(err, signon.ErrRefused) {
			t.Errorf("the second time: %+v, %v", who, err)
		}
	})

	t.Run("wrong password", func(t *testing.T) {
		address, _ := begin(t, c.provider)
		if back := c.dex.SignIn(t, address, "jo", "wrong"); back.Has("code") {
			t.Error("dex signs in whoever says a name")
		}
	})

	t.Run("wrong client secret", func(t *testing.T) {
		p, err := signon.New(t.Context(), signon.Config{Issuer: c.dex.Issuer, ClientID: dextest.ClientID, ClientSecret: "wrong", Redirect: redirect})
		if err != nil {
			t.Fatal(err)
		}
		address, flow := begin(t, p)
		back := c.dex.SignIn(t, address, "jo", "larch kettle orbit")
		if who, err := p.Finish(t.Context(), flow, back); !errors.Is(err, signon.ErrRefused) {
			t.Errorf("got %+v, %v", who, err)
		}
	})

	t.Run("a provider that is away", func(t *testing.T) {
		flow, back := c.begun(t, "jo")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.provider.Finish(ctx, flow, back); !errors.Is(err, signon.ErrUnreachable) {
			t.Errorf("got %v", err)
		}
	})
}

// The provider never sees the verifier nor where in Bellwether the person goes,
// and is asked for no more than who it is.
func TestBegin(t *testing.T) {
	c := newCouncil(t, nil)
	address, flow := begin(t, c.provider)
	_, second := begin(t, c.provider)
	if flow.State == second.State || flow.Nonce == second.Nonce || flow.Verifier == second.Verifier {
		t.Errorf("two flows share something: %+v, %+v", flow, second)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("scope") != "openid profile groups" || q.Get("response_type") != "code" || q.Get("redirect_uri") != redirect || q.Get("client_id") != dextest.ClientID {
		t.Errorf("asks for %v", q)
	}
	if q.Get("state") != flow.State || q.Get("nonce") != flow.Nonce || q.Get("code_challenge_method") != "S256" || strings.Contains(address, flow.Verifier) {
		t.Errorf("the flow %+v is not that of %s", flow, address)
	}
}
