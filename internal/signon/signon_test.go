package signon_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/dextest"
	"bellwether/internal/signon"
	"bellwether/internal/stat"
)

func TestTokenClaims(t *testing.T) {
	e := newEntra(t)
	with := func(set map[string]any) func(nonce string) string { return e.with(t, set) }
	in := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	tests := []struct {
		name  string
		token func(nonce string) string
		says  string // "" where it holds good
	}{
		{"as Entra makes it", with(nil), ""},
		{"an audience in a list", with(map[string]any{"aud": []string{"app-id"}}), ""},
		{"several audiences, made for this program", with(map[string]any{"aud": []string{"app-id", "another"}, "azp": "app-id"}), ""},
		{"no tenant's claim", with(map[string]any{"tid": nil}), ""},
		{"a clock four minutes ahead", with(map[string]any{"iat": in(4 * time.Minute), "nbf": in(4 * time.Minute)}), ""},
		{"wrong nonce", with(map[string]any{"nonce": "another"}), "nonce"},
		{"no nonce", with(map[string]any{"nonce": nil}), "nonce"},
		{"wrong audience", with(map[string]any{"aud": "another"}), "audience"},
		{"no audience", with(map[string]any{"aud": nil}), "audience"},
		{"several audiences, nobody's in particular", with(map[string]any{"aud": []string{"app-id", "another"}}), "another program"},
		{"made for another program", with(map[string]any{"azp": "another"}), "another program"},
		{"other tenant, by its issuer", with(map[string]any{"iss": strings.Replace(e.issuer, tenant, otherTenant, 1), "tid": otherTenant}), "different provider"},
		{"other tenant, by its claim", with(map[string]any{"tid": otherTenant}), "tenant"},
		{"other issuer", with(map[string]any{"iss": "https://evil.example"}), "different provider"},
		{"no issuer", with(map[string]any{"iss": nil}), "different provider"},
		{"expired", with(map[string]any{"iat": in(-2 * time.Hour), "nbf": in(-2 * time.Hour), "exp": in(-time.Hour)}), "expired"},
		{"no expiry", with(map[string]any{"exp": nil}), "expired"},
		{"not yet", with(map[string]any{"nbf": in(time.Hour)}), "not before"},
		{"issued in the future", with(map[string]any{"iat": in(time.Hour)}), "future"},
		{"no subject", with(map[string]any{"sub": nil}), "subject"},
		{"of another access token", with(map[string]any{"at_hash": b64([]byte("0123456789abcdef"))}), "access token"},
		{"a stranger's signature", e.strange(t), "signature"},
		{"altered", e.altered(t), "signature"},
		{"unsigned", func(nonce string) string { return unsigned(t, "none", e.claims(nonce)) + "." }, "malformed"},
		{"signed with the public key as if it were secret", e.keyed(t), "malformed"},
		{"no token", func(string) string { return "" }, "malformed"},
		{"no JSON", func(string) string { return "a.b.c" }, "malformed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e.token = test.token
			got, err := e.finish(t, signon.Config{})
			if test.says == "" {
				want := signon.Identity{Issuer: e.issuer, Subject: "pairwise-subject", Title: "Jo Smith", Role: stat.Publisher}
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("%v\n%s", err, diff)
				}
				return
			}
			if !errors.Is(err, signon.ErrRefused) || got != (signon.Identity{}) {
				t.Fatalf("got %+v, %v", got, err)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q does not say %q", err, test.says)
			}
		})
	}
}

func TestRolesAndTitles(t *testing.T) {
	e := newEntra(t)
	mapped := map[string]stat.Role{"CS.Bellwether.Sign-off": stat.Publisher, "CS.Bellwether.Read": stat.Viewer}
	tests := []struct {
		name   string
		config signon.Config
		set    map[string]any
		role   stat.Role
		title  string
	}{
		{"the highest of several", signon.Config{}, map[string]any{"roles": []string{"viewer", "administrator", "analyst"}}, stat.Administrator, "Jo Smith"},
		{"whatever its case", signon.Config{}, map[string]any{"roles": []string{"Analyst"}}, stat.Analyst, "Jo Smith"},
		{"a text alone", signon.Config{}, map[string]any{"roles": "viewer"}, stat.Viewer, "Jo Smith"},
		{"none", signon.Config{}, map[string]any{"roles": []string{}}, "", "Jo Smith"},
		{"no claim", signon.Config{}, map[string]any{"roles": nil}, "", "Jo Smith"},
		{"what is no role", signon.Config{}, map[string]any{"roles": []any{"owner", 7, nil, map[string]any{"viewer": true}}}, "", "Jo Smith"},
		{"a number", signon.Config{}, map[string]any{"roles": 7}, "", "Jo Smith"},
		{"mapped", signon.Config{Roles: mapped}, map[string]any{"roles": []string{"CS.Bellwether.Read", "CS.Bellwether.Sign-off"}}, stat.Publisher, "Jo Smith"},
		{"mapped, the names of roles are none", signon.Config{Roles: mapped}, map[string]any{"roles": []string{"administrator"}}, "", "Jo Smith"},
		{"another claim", signon.Config{Claim: "https://ambridge.gov.uk/role"}, map[string]any{"https://ambridge.gov.uk/role": "analyst"}, stat.Analyst, "Jo Smith"},
		{"more groups than Entra lists", signon.Config{Claim: "groups"}, map[string]any{"_claim_names": map[string]string{"groups": "src1"},
			"_claim_sources": map[string]any{"src1": map[string]string{"endpoint": "https://graph.example/me"}}}, "", "Jo Smith"},
		{"no name", signon.Config{}, map[string]any{"name": nil}, stat.Publisher, "jo.smith@ambridge.gov.uk"},
		{"neither", signon.Config{}, map[string]any{"name": "", "preferred_username": nil}, stat.Publisher, "pairwise-subject"},
		{"a name that would write elsewhere", signon.Config{}, map[string]any{"name": " Jo\r\nSmith\x1b[2J\u202e "}, stat.Publisher, "Jo Smith [2J"},
		{"a name without end", signon.Config{}, map[string]any{"name": strings.Repeat("é", 500)}, stat.Publisher, strings.Repeat("é", 100)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e.token = e.with(t, test.set)
			got, err := e.finish(t, test.config)
			if err != nil || got.Role != test.role || got.Title != test.title {
				t.Errorf("got role %q, title %q, %v; want %q, %q", got.Role, got.Title, err, test.role, test.title)
			}
		})
	}
}

func TestDeclined(t *testing.T) {
	e := newEntra(t)
	p, err := signon.New(t.Context(), signon.Config{Issuer: e.issuer, ClientID: "app-id", Redirect: redirect})
	if err != nil {
		t.Fatal(err)
	}
	_, flow := begin(t, p)
	_, err = p.Finish(t.Context(), flow, url.Values{"state": {flow.State}, "error": {"access_denied"}, "error_description": {"<script>alert(1)</script>"}})
	if !errors.Is(err, signon.ErrDeclined) || !strings.Contains(err.Error(), "access_denied") || strings.Contains(err.Error(), "script") {
		t.Errorf("got %v", err)
	}
	_, err = p.Finish(t.Context(), flow, url.Values{"state": {"another"}, "error": {"access_denied"}})
	if !errors.Is(err, signon.ErrRefused) {
		t.Errorf("another's refusal: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	sound := signon.Config{Issuer: "https://login.microsoftonline.com/" + tenant + "/v2.0", ClientID: "app-id", Redirect: "https://bellwether.ambridge.gov.uk/sign-in/back"}
	tests := []struct {
		name  string
		spoil func(c *signon.Config)
		kind  error
		says  string
	}{
		{"any organisation", func(c *signon.Config) { c.Issuer = "https://login.microsoftonline.com/common/v2.0" }, signon.ErrTenants, "tenant ID"},
		{"any organisation, in capitals", func(c *signon.Config) { c.Issuer = "https://LOGIN.microsoftonline.com/Common/v2.0" }, signon.ErrTenants, "tenant ID"},
		{"organisations", func(c *signon.Config) { c.Issuer = "https://login.microsoftonline.com/organizations/v2.0" }, signon.ErrTenants, ""},
		{"private accounts", func(c *signon.Config) { c.Issuer = "https://login.microsoftonline.com/consumers/v2.0" }, signon.ErrTenants, ""},
		{"no tenant at all", func(c *signon.Config) { c.Issuer = "https://login.microsoftonline.us/" }, signon.ErrTenants, ""},
		{"not https", func(c *signon.Config) { c.Issuer = "http://sso.ambridge.gov.uk" }, nil, "not https"},
		{"no issuer", func(c *signon.Config) { c.Issuer = "" }, nil, "no address"},
		{"not sent back by https", func(c *signon.Config) { c.Redirect = "http://bellwether.ambridge.gov.uk/sign-in/back" }, nil, "not https"},
		{"not sent back", func(c *signon.Config) { c.Redirect = "" }, nil, "no address"},
		{"no client", func(c *signon.Config) { c.ClientID = "" }, nil, "client ID"},
		{"what is no role", func(c *signon.Config) { c.Roles = map[string]stat.Role{"staff": "owner"} }, nil, "owner"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := sound
			c.HTTP = &http.Client{Transport: dextest.Loopback()}
			test.spoil(&c)
			_, err := signon.New(t.Context(), c)
			if err == nil || test.kind != nil && !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "a test would reach") {
				t.Errorf("it was asked before it was checked: %v", err)
			}
		})
	}
}

func TestAdmit(t *testing.T) {
	who := signon.Identity{Issuer: "https://sso", Subject: "1", Title: "Jo Smith", Role: stat.Analyst}
	none := who
	none.Role = ""
	nameless := who
	nameless.Title = who.Subject
	long := who
	long.Subject = strings.Repeat("0123456789", 25)
	long.Title = long.Subject
	known := stat.Person{ID: 7, Issuer: "https://sso", Subject: "1", Title: "Jo Smith", Role: stat.Publisher, By: "an administrator"}
	change := func(f func(p *stat.Person)) stat.Person {
		p := known
		f(&p)
		return p
	}
	tests := []struct {
		name  string
		who   signon.Identity
		known stat.Person
		want  stat.Person
		err   error
	}{
		{"new", who, stat.Person{}, stat.Person{Issuer: "https://sso", Subject: "1", Title: "Jo Smith", Role: stat.Analyst}, nil},
		{"new, without a role", none, stat.Person{}, stat.Person{}, signon.ErrUnknown},
		{"new, with a subject for a title", long, stat.Person{}, stat.Person{Issuer: "https://sso", Subject: long.Subject, Title: long.Subject[:100], Role: stat.Analyst}, nil},
		{"the provider's role", who, known, change(func(p *stat.Person) { p.Role = stat.Analyst }), nil},
		{"the administrator's role", none, known, known, nil},
		{"the administrator's title", nameless, change(func(p *stat.Person) { p.Title, p.Role = "Jo", stat.Analyst }), change(func(p *stat.Person) { p.Title, p.Role = "Jo", stat.Analyst }), nil},
		{"disabled", who, change(func(p *stat.Person) { p.Disabled = true }), stat.Person{}, signon.ErrDisabled},
		{"another subject", who, change(func(p *stat.Person) { p.Subject = "2" }), stat.Person{}, signon.ErrUnknown},
		{"another issuer", who, change(func(p *stat.Person) { p.Issuer = "https://evil" }), stat.Person{}, signon.ErrUnknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.who.Admit(test.known)
			if !errors.Is(err, test.err) {
				t.Errorf("got %v, want %v", err, test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
