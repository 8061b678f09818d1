// Package signon signs people in with the council's own provider, such as
// Entra ID, by OpenID Connect: one provider, one tenant, the authorization code
// flow with PKCE, state and nonce. It knows who the provider says somebody is
// and which role its claim names; it keeps no session and no person, and what
// it is not sure of it refuses.
package signon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"bellwether/internal/stat"
)

var (
	// ErrTenants is an issuer that vouches for anybody's organisation.
	ErrTenants = errors.New("the issuer is not that of one tenant")
	// ErrDeclined is a provider that says no, or a person who turned back.
	ErrDeclined = errors.New("the provider did not sign this person in")
	// ErrRefused is an answer that does not belong to the request, was used
	// before, or does not hold good.
	ErrRefused = errors.New("the provider's answer is refused")
	// ErrUnreachable is a provider that does not answer, or not sensibly.
	ErrUnreachable = errors.New("the provider cannot be reached")
)

// DefaultClaim is the claim in which Entra ID names a person's app roles.
const DefaultClaim = "roles"

// Config is what the council agreed with its provider.
type Config struct {
	Issuer       string // "https://login.microsoftonline.com/TENANT-ID/v2.0", as the provider spells it
	ClientID     string
	ClientSecret string               // may be "" where the provider knows the program by PKCE alone
	Redirect     string               // address the provider sends people back to; https, or http on this computer
	Claim        string               // the claim with a person's roles, a text or a list; DefaultClaim for ""
	Roles        map[string]stat.Role // what a value of it means; nil: a value is a role's name
	HTTP         *http.Client         // nil for one that waits ten seconds
}

// Provider is the council's, whether or not it answers now. It is safe for
// concurrent use.
type Provider struct {
	issuer  string
	claim   string
	roles   map[string]stat.Role
	tenant  string
	client  *http.Client
	app     oauth2.Config // without endpoints
	found   atomic.Pointer[endpoints]
	asking  sync.Mutex // and what it found out:
	asked   time.Time
	failure error
}

// endpoints are what the provider says of itself.
type endpoints struct {
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
}

// New is Configure and Reach.
func New(ctx context.Context, c Config) (*Provider, error) {
	p, err := Configure(c)
	if err == nil {
		err = p.Reach(ctx)
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Configure asks the provider nothing: it is asked by Reach, or when the first
// person signs in. ErrTenants, or what is wrong with the configuration.
func Configure(c Config) (*Provider, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	p := &Provider{issuer: c.Issuer, claim: c.Claim, roles: c.Roles, tenant: tenant(c.Issuer), client: c.HTTP}
	p.app = oauth2.Config{ClientID: c.ClientID, ClientSecret: c.ClientSecret, RedirectURL: c.Redirect}
	if p.claim == "" {
		p.claim = DefaultClaim
	}
	if p.client == nil {
		p.client = &http.Client{Timeout: patience}
	}
	return p, nil
}

// A provider has so long to say where its endpoints are. One that did not is
// left alone for a while, however many people sign in.
const (
	patience = 10 * time.Second
	pause    = 15 * time.Second
)

// Reach asks the provider for its endpoints, unless it has given them.
// ErrTenants, ErrUnreachable, or what is wrong with them.
func (p *Provider) Reach(ctx context.Context) error {
	_, err := p.reach(ctx)
	return err
}

func (p *Provider) reach(ctx context.Context) (*endpoints, error) {
	if e := p.found.Load(); e != nil {
		return e, nil
	}
	p.asking.Lock()
	defer p.asking.Unlock()
	if e := p.found.Load(); e != nil {
		return e, nil
	}
	if p.failure != nil && time.Since(p.asked) < pause {
		return nil, p.failure
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience) // others wait for the answer too
	defer cancel()
	e, err := p.discover(ctx)
	p.asked, p.failure = time.Now(), err
	if err == nil {
		p.found.Store(e)
	}
	return e, err
}

// discover asks the provider what it says of itself, and refuses what others
// could listen to.
func (p *Provider) discover(ctx context.Context) (*endpoints, error) {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.issuer)
	if err != nil {
		return nil, discovery(p.issuer, err)
	}
	var also struct {
		Scopes []string `json:"scopes_supported"`
		Keys   string   `json:"jwks_uri"`
	}
	if err := found.Claims(&also); err != nil {
		return nil, fmt.Errorf("%w: reading what %s says of itself: %w", ErrUnreachable, p.issuer, err)
	}
	for _, address := range []string{found.Endpoint().AuthURL, found.Endpoint().TokenURL, also.Keys} {
		if err := safe(address); err != nil {
			return nil, fmt.Errorf("the provider %s names an endpoint that is refused: %w", p.issuer, err)
		}
	}
	e := &endpoints{p.app, found.Verifier(&oidc.Config{ClientID: p.app.ClientID})}
	e.oauth.Endpoint, e.oauth.Scopes = found.Endpoint(), p.scopes(also.Scopes)
	return e, nil
}

// scopes asks for the claim where the provider gives it for a scope of its
// name, as dex gives groups.
func (p *Provider) scopes(supported []string) []string {
	scopes := []string{oidc.ScopeOpenID, oidc.ScopeProfile}
	if slices.Contains(supported, p.claim) && !slices.Contains(scopes, p.claim) {
		scopes = append(scopes, p.claim)
	}
	return scopes
}

// Flow is a sign-in under way, kept in the session of the browser that began
// it and used once.
type Flow struct{ State, Nonce, Verifier string }

// Begin makes a flow and the provider's address to send the browser to. The
// errors are Reach's.
func (p *Provider) Begin(ctx context.Context) (address string, flow Flow, err error) {
	e, err := p.reach(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	flow = Flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	return e.oauth.AuthCodeURL(flow.State, oidc.Nonce(flow.Nonce), oauth2.S256ChallengeOption(flow.Verifier)), flow, nil
}

// Issuer is the provider's name, as persons know it.
func (p *Provider) Issuer() string { return p.issuer }

func (c Config) check() error {
	if several(c.Issuer) {
		return fmt.Errorf("%w: %s signs in people of any organisation; give https://login.microsoftonline.com/TENANT-ID/v2.0 with the council's own tenant ID", ErrTenants, c.Issuer)
	}
	if err := safe(c.Issuer); err != nil {
		return fmt.Errorf("the provider's issuer: %w", err)
	}
	if err := safe(c.Redirect); err != nil {
		return fmt.Errorf("the address the provider sends people back to: %w", err)
	}
	if c.ClientID == "" {
		return errors.New("the provider's client ID is missing: it is on the page of the app's registration")
	}
	for value, role := range c.Roles {
		if !slices.Contains(stat.Roles, role) {
			return fmt.Errorf("%q stands for %q, which is no role: choose viewer, analyst, publisher or administrator", value, role)
		}
	}
	return nil
}

// discovery says what to do about a provider that did not present itself.
func discovery(issuer string, err error) error {
	var other *oidc.IssuerMismatchError
	switch {
	case !errors.As(err, &other):
		return fmt.Errorf("%w: asking %s for its endpoints: %w", ErrUnreachable, issuer, err)
	case strings.Contains(other.Discovered, "{"): // Entra's {tenantid}
		return fmt.Errorf("%w: it calls itself %s", ErrTenants, other.Discovered)
	default:
		return fmt.Errorf("the provider at %s calls itself %s: give that as the issuer, if it is the council's", issuer, other.Discovered)
	}
}

// microsoft are the hosts of Entra ID, its national clouds included.
var microsoft = []string{"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.windows.net", "sts.windows.net"}

// several reports whether an issuer of Entra ID is not that of one tenant.
func several(issuer string) bool {
	u, err := url.Parse(issuer)
	if err != nil || !slices.Contains(microsoft, strings.ToLower(u.Hostname())) {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return slices.Contains([]string{"", "common", "organizations", "consumers"}, strings.ToLower(first))
}

var guid = regexp.MustCompile(`/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:/|$)`)

// tenant is Entra's in an issuer, "" where there is none.
func tenant(issuer string) string {
	if m := guid.FindStringSubmatch(issuer); m != nil {
		return m[1]
	}
	return ""
}

// safe refuses an address on which others could listen.
func safe(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return fmt.Errorf("%q is no address: give one such as https://…", address)
	case u.Scheme == "https", u.Scheme == "http" && Loopback(u.Hostname()):
		return nil
	default:
		return fmt.Errorf("%s is not https, and not on this computer either", address)
	}
}

// Loopback reports whether a host is this computer, and reached from it alone.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
