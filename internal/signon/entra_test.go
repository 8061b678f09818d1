package signon_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bellwether/internal/dextest"
	"bellwether/internal/signon"
)

const (
	tenant      = "11111111-2222-4333-8444-555555555555"
	otherTenant = "99999999-2222-4333-8444-555555555555"
)

// entra signs tokens as Entra ID words them: the protocol is dex's to test,
// this is for claims that dex never makes.
type entra struct {
	issuer string
	key    *rsa.PrivateKey
	token  func(nonce string) string // the ID token it answers with
	nonce  string
	extra  map[string]any // of what it says of itself
}

func newEntra(t *testing.T) *entra {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e := &entra{key: key}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	base := server.URL + "/" + tenant
	e.issuer = base + "/v2.0"
	say := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("/"+tenant+"/v2.0/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		d := map[string]any{"issuer": e.issuer, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token",
			"jwks_uri": base + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": []string{"openid", "profile"}}
		maps.Copy(d, e.extra)
		say(w, d)
	})
	mux.HandleFunc("/"+tenant+"/keys", func(w http.ResponseWriter, _ *http.Request) {
		say(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "use": "sig", "kid": "one", "alg": "RS256",
			"n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("/"+tenant+"/token", func(w http.ResponseWriter, _ *http.Request) {
		say(w, map[string]any{"access_token": "access", "token_type": "Bearer", "expires_in": 3600, "id_token": e.token(e.nonce)})
	})
	return e
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func unsigned(t *testing.T, alg string, claims map[string]any) string {
	t.Helper()
	head, err := json.Marshal(map[string]string{"alg": alg, "kid": "one", "typ": "JWT"})
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return b64(head) + "." + b64(body)
}

func signed(t *testing.T, key *rsa.PrivateKey, claims map[string]any) string {
	t.Helper()
	token := unsigned(t, "RS256", claims)
	sum := sha256.Sum256([]byte(token))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return token + "." + b64(signature)
}

// claims are those of an ID token of Entra ID, version 2.
func (e *entra) claims(nonce string) map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": e.issuer, "aud": "app-id", "ver": "2.0", "tid": tenant, "oid": "00000000-1111-4222-8333-444444444444",
		"sub": "pairwise-subject", "name": "Jo Smith", "preferred_username": "jo.smith@ambridge.gov.uk", "email": "jo.smith@ambridge.gov.uk",
		"roles": []string{"publisher"}, "nonce": nonce,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// begin begins a sign-in with a provider that answers.
func begin(t *testing.T, p *signon.Provider) (address string, flow signon.Flow) {
	t.Helper()
	address, flow, err := p.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return address, flow
}

func (e *entra) finish(t *testing.T, c signon.Config) (signon.Identity, error) {
	t.Helper()
	c.Issuer, c.ClientID, c.Redirect = e.issuer, "app-id", redirect
	c.HTTP = &http.Client{Transport: dextest.Loopback()}
	p, err := signon.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	address, flow := begin(t, p)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	e.nonce = u.Query().Get("nonce")
	return p.Finish(t.Context(), flow, url.Values{"code": {"code"}, "state": {u.Query().Get("state")}})
}

// with makes tokens as Entra does, with other claims in their place; nil is none.
func (e *entra) with(t *testing.T, set map[string]any) func(nonce string) string {
	return func(nonce string) string {
		c := e.claims(nonce)
		maps.Copy(c, set)
		maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
		return signed(t, e.key, c)
	}
}

// strange makes tokens that a stranger has signed.
func (e *entra) strange(t *testing.T) func(nonce string) string {
	t.Helper()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return func(nonce string) string { return signed(t, stranger, e.claims(nonce)) }
}

// altered makes tokens of another role than was signed.
func (e *entra) altered(t *testing.T) func(nonce string) string {
	return func(nonce string) string {
		parts := strings.Split(signed(t, e.key, e.claims(nonce)), ".")
		c := e.claims(nonce)
		c["roles"] = []string{"administrator"}
		return unsigned(t, "RS256", c) + "." + parts[2]
	}
}

// keyed makes tokens signed with the public key as if it were secret.
func (e *entra) keyed(t *testing.T) func(nonce string) string {
	return func(nonce string) string {
		token := unsigned(t, "HS256", e.claims(nonce))
		mac := hmac.New(sha256.New, x509.MarshalPKCS1PublicKey(&e.key.PublicKey))
		mac.Write([]byte(token))
		return token + "." + b64(mac.Sum(nil))
	}
}
