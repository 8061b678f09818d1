package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"bellwether/internal/credential"
	"bellwether/internal/signon"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

// door is how people reach Bellwether, and how the first of them comes in.
type door struct {
	Base     address   `help:"Where people reach Bellwether, such as https://bellwether.example.gov.uk; otherwise where it listens, on this computer alone." placeholder:"URL" env:"BELLWETHER_BASE"`
	Proxies  []network `help:"The proxies whose word is taken for whom a request comes from, by address or network; otherwise none's." placeholder:"NETWORK" env:"BELLWETHER_PROXIES"`
	Sessions string    `help:"The file of who is signed in; otherwise beside the database." placeholder:"FILE" env:"BELLWETHER_SESSIONS"`
	Link     bool      `help:"Print a one-time link that signs the user of this computer in, as an administrator unless they are known as something else. For a computer of one's own."`
}

// signOn is the council's own sign-in, by OpenID Connect.
type signOn struct {
	Issuer string            `name:"sign-on-issuer" help:"The issuer of the council's own sign-in, such as https://login.microsoftonline.com/TENANT-ID/v2.0; otherwise there are accounts of Bellwether's own alone." placeholder:"URL" env:"BELLWETHER_SIGN_ON_ISSUER"`
	Client string            `name:"sign-on-client" help:"What Bellwether is registered there as." placeholder:"ID" env:"BELLWETHER_SIGN_ON_CLIENT"`
	Secret string            `name:"sign-on-secret" help:"The secret of that registration. The variable keeps it out of the list of processes." placeholder:"SECRET" env:"BELLWETHER_SIGN_ON_SECRET"`
	Claim  string            `name:"sign-on-claim" help:"The claim that says what a person may do." default:"roles" placeholder:"NAME" env:"BELLWETHER_SIGN_ON_CLAIM"`
	Roles  map[string]string `name:"sign-on-roles" help:"What its values mean, such as Performance-Team=analyst;Cabinet=viewer; otherwise they are the roles' own names." placeholder:"VALUE=ROLE" env:"BELLWETHER_SIGN_ON_ROLES"`
}

// address is where people reach Bellwether.
type address struct{ url.URL }

// UnmarshalText reads an address without a path.
func (a *address) UnmarshalText(text []byte) error {
	u, err := url.Parse(strings.TrimSuffix(strings.TrimSpace(string(text)), "/"))
	switch {
	case err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return fmt.Errorf("%q is no address such as https://bellwether.example.gov.uk: give https, the host and nothing else", text)
	case u.Scheme != "https" && (u.Scheme != "http" || !signon.Loopback(u.Hostname())):
		return fmt.Errorf("%q is not https, so that others could read passwords on their way: give the https address of the proxy in front", text)
	}
	a.URL = *u
	return nil
}

// network is a proxy's address, or a network of them.
type network struct{ netip.Prefix }

// UnmarshalText reads 10.0.0.0/8 or 10.1.2.3.
func (n *network) UnmarshalText(text []byte) error {
	if a, err := netip.ParseAddr(string(text)); err == nil {
		n.Prefix = netip.PrefixFrom(a, a.BitLen())
		return nil
	}
	p, err := netip.ParsePrefix(string(text))
	if err != nil {
		return fmt.Errorf("%q is no address or network such as 10.1.2.3 or 10.0.0.0/8", text)
	}
	n.Prefix = p
	return nil
}

// check refuses to listen where others could read passwords on their way, and
// to print a link to a server that others reach.
func (d door) check(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return usageError{fmt.Errorf("--addr: %w", err)}
	}
	switch {
	case !signon.Loopback(host) && d.Base.Scheme == "":
		return usageError{fmt.Errorf("--addr %s can be reached from other computers, but Bellwether speaks no https itself: put a proxy in front and name its address with --base https://…, or listen on 127.0.0.1", addr)}
	case !signon.Loopback(host) && d.Base.Scheme == "http":
		return usageError{fmt.Errorf("--addr %s can be reached from other computers, and with --base %s people would sign in there without https: put a proxy in front and name its address with --base https://…, or listen on 127.0.0.1", addr, &d.Base.URL)}
	case d.Link && (!signon.Loopback(host) || d.Base.Scheme == "https"):
		return usageError{errors.New("--link is for a server that this computer alone reaches: use bellwether user add, and bellwether user link, for another")}
	}
	return nil
}

// base is where people reach a server that listens at an address.
func (d door) base(at net.Addr) *url.URL {
	if d.Base.Scheme != "" {
		return &d.Base.URL
	}
	return &url.URL{Scheme: "http", Host: at.String()}
}

func (d door) networks() (out []netip.Prefix) {
	for _, n := range d.Proxies {
		out = append(out, n.Prefix)
	}
	return out
}

func (d door) sessions(ctx context.Context, db string) (*store.Sessions, error) {
	ending := filepath.Ext(db)
	return store.OpenSessions(ctx, cmp.Or(d.Sessions, strings.TrimSuffix(db, ending)+".sessions"+ending))
}

// provider is the council's own sign-in, nil where none is named. One that does
// not answer is asked again when somebody signs in.
func (o signOn) provider(ctx context.Context, log *slog.Logger, base *url.URL) (*signon.Provider, error) {
	if o.Issuer == "" {
		return nil, nil
	}
	c := signon.Config{Issuer: o.Issuer, ClientID: o.Client, ClientSecret: o.Secret, Claim: o.Claim, Redirect: base.JoinPath(web.CallbackPath).String()}
	for value, role := range o.Roles {
		if c.Roles == nil {
			c.Roles = map[string]stat.Role{}
		}
		c.Roles[value] = stat.Role(role)
	}
	p, err := signon.Configure(c)
	if err == nil {
		err = p.Reach(ctx)
	}
	if errors.Is(err, signon.ErrUnreachable) {
		log.Warn("the council's sign-on cannot be used yet: it is asked again when somebody signs in, and local accounts can sign in", "err", err)
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("setting up the sign-on: %w", err)
	}
	return p, nil
}

// linkTime is how long a printed link can be used.
const linkTime = time.Hour

// invite prints what lets an administrator in where there is none yet, and where
// a link is asked for.
func (d door) invite(ctx context.Context, p *parts, w io.Writer, base *url.URL) error {
	there, err := p.db.Administered(ctx)
	if err != nil {
		return err
	}
	token, l := credential.NewToken(), store.Link{Purpose: store.LinkFirst, Expires: time.Now().Add(linkTime), By: p.who}
	says, path := "There is no administrator yet. Within an hour, make the first at", web.FirstPath(token)
	switch {
	case d.Link:
		owner, err := p.owner(ctx)
		if err != nil {
			return err
		}
		l.Purpose, l.Person = store.LinkSignIn, owner.ID
		says, path = "Within an hour, sign in once as "+owner.Title+" at", web.LinkPath(token)
	case there:
		return nil
	}
	if err := p.db.KeepLink(ctx, token, l); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n\n    %s\n\n", says, base.JoinPath(path))
	return err
}

// owner is the user of this computer, made an administrator where Bellwether
// does not know them.
func (p *parts) owner(ctx context.Context) (stat.Person, error) {
	name := strings.Join(strings.Fields(user()), ".")
	owner, err := p.db.PersonNamed(ctx, name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return p.db.AddPerson(ctx, stat.Person{Name: name, Title: p.who, Role: stat.Administrator, By: p.who})
	case err == nil && owner.Disabled:
		return owner, fmt.Errorf("--link: the account %s is disabled: bellwether user change lets it in again", name)
	}
	return owner, err
}
