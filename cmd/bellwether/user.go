package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

type userCmd struct {
	List     userListCmd     `cmd:"" help:"Who may sign in, and as what."`
	Add      userAddCmd      `cmd:"" help:"Add somebody; the password is asked for."`
	Change   userChangeCmd   `cmd:"" help:"Change somebody's title or role, or shut them out."`
	Password userPasswordCmd `cmd:"" help:"Give somebody a new password, which is asked for."`
	Link     userLinkCmd     `cmd:"" help:"Print a link by which somebody chooses a password: it counts once, for a day."`
}

type userListCmd struct{}

func (userListCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.within(ctx, s, func(p *parts) error {
		all, err := p.db.People(ctx)
		if err != nil {
			return err
		}
		return tabled(s, c, orEmpty(all), []any{"number", "name", "title", "role", "signs in", "changed by"}, func(row func(...any)) {
			for _, who := range all {
				row(who.ID, cmp.Or(who.Name, "-"), who.Title, who.Role, signsIn(who), who.By)
			}
		})
	})
}

// signsIn tells how somebody does.
func signsIn(p stat.Person) string {
	switch {
	case p.Disabled:
		return "no longer: disabled"
	case !p.Local():
		return fmt.Sprintf("as %s of %s", p.Subject, p.Issuer)
	case !p.Password:
		return "not yet: has no password"
	case !p.Factor:
		return "with a password"
	}
	return "with a password and codes"
}

type userAddCmd struct {
	Name    string `arg:"" help:"What they sign in with, such as jo.smith; for somebody of the council's provider, what this command line calls them."`
	Title   string `required:"" help:"What pages and records call them, such as \"Jo Smith\"." placeholder:"TITLE"`
	Role    string `required:"" help:"viewer, analyst, publisher or administrator." placeholder:"ROLE"`
	Issuer  string `help:"The council's provider, if that signs them in." placeholder:"URL" and:"provider"`
	Subject string `help:"What the provider calls them: the message with which it was refused names it." placeholder:"SUBJECT" and:"provider"`
	Link    bool   `help:"Print a link by which they choose a password themselves: it counts once, for a day."`
	where
}

func (cmd *userAddCmd) Run(ctx context.Context, s streams, c *cli) error {
	role, err := stat.ParseRole(cmd.Role)
	if err != nil {
		return usageError{fmt.Errorf("--role: %w", err)}
	}
	if cmd.Link && cmd.Issuer != "" {
		return usageError{errors.New("--link is for a password, and the provider signs them in: leave out one of the two")}
	}
	return c.with(ctx, s, func(p *parts) error {
		is := stat.Person{Name: cmd.Name, Title: cmd.Title, Role: role, Issuer: cmd.Issuer, Subject: cmd.Subject, By: p.who, At: time.Now()}
		if _, err := p.db.PersonNamed(ctx, is.Name); err == nil { // before a password is asked for
			return fmt.Errorf("the name %q %w: bellwether user change changes them", is.Name, store.ErrTaken)
		}
		var encoded string
		if cmd.Issuer == "" && !cmd.Link {
			if encoded, err = p.askPassword(ctx, s, is); err != nil {
				return err
			}
		}
		if is, err = p.db.AddPerson(ctx, is); err != nil {
			return fmt.Errorf("%s: %w", cmd.Title, err)
		}
		return cmd.start(ctx, s, c, p, is, encoded)
	})
}

// start gives the new person what they sign in by.
func (cmd *userAddCmd) start(ctx context.Context, s streams, c *cli, p *parts, is stat.Person, encoded string) error {
	switch {
	case cmd.Link:
		return p.link(ctx, s, c, is, cmd.where)
	case encoded == "":
		return said(s, c, is, "%s is added as %s, and signs in by %s", is.Title, is.Role, is.Issuer)
	}
	if err := p.db.SetPassword(ctx, is.ID, encoded, p.who, time.Now()); err != nil {
		return fmt.Errorf("%s is added as %s, but without a password, which bellwether user password gives: %w", is.Title, is.Role, err)
	}
	is.Password = true
	return said(s, c, is, "%s is added as %s, and signs in as %s%s", is.Title, is.Role, is.Name, codesFirst(is))
}

func codesFirst(p stat.Person) string {
	if p.Role == stat.Viewer || p.Factor {
		return ""
	}
	return "; one-time codes are set up the first time"
}

// someone is a person whom the command line names.
type someone struct {
	Who string `arg:"" name:"name" help:"The name, or the number in bellwether user list."`
}

func (w someone) find(ctx context.Context, db *store.DB) (stat.Person, error) {
	p, err := db.PersonNamed(ctx, w.Who)
	if id, not := strconv.ParseInt(w.Who, 10, 64); errors.Is(err, store.ErrNotFound) && not == nil {
		p, err = db.Person(ctx, id)
	}
	if errors.Is(err, store.ErrNotFound) {
		return p, fmt.Errorf("nobody is called %q: bellwether user list shows who there is", w.Who)
	}
	return p, err
}

type userChangeCmd struct {
	someone
	Title    string `help:"What pages and records call them." placeholder:"TITLE"`
	Role     string `help:"viewer, analyst, publisher or administrator." placeholder:"ROLE"`
	Disable  bool   `help:"Shut them out, at once; what they did stays under their name." xor:"able"`
	Enable   bool   `help:"Let them in again." xor:"able"`
	NewCodes bool   `help:"Have them set up one-time codes anew when they next sign in, as for a lost phone."`
}

func (cmd *userChangeCmd) Run(ctx context.Context, s streams, c *cli) error {
	if cmd.Title == "" && cmd.Role == "" && !cmd.Disable && !cmd.Enable && !cmd.NewCodes {
		return usageError{errors.New("nothing is to be changed: give --title, --role, --disable, --enable or --new-codes")}
	}
	var role stat.Role
	var err error
	if cmd.Role != "" {
		if role, err = stat.ParseRole(cmd.Role); err != nil {
			return usageError{fmt.Errorf("--role: %w", err)}
		}
	}
	return c.within(ctx, s, func(p *parts) error {
		is, err := cmd.find(ctx, p.db)
		if err != nil {
			return err
		}
		was := is
		is.Title, is.Role = cmp.Or(cmd.Title, is.Title), cmp.Or(role, is.Role)
		is.Disabled = is.Disabled && !cmd.Enable || cmd.Disable
		if is != was {
			is.By, is.At = p.who, time.Now()
			if is, err = p.db.ChangePerson(ctx, is); err != nil {
				return fmt.Errorf("%s: %w", was.Title, err)
			}
		}
		if cmd.NewCodes {
			if err := p.db.SetTOTP(ctx, is.ID, "", p.who, time.Now()); err != nil {
				return err
			}
			is.Factor = false
		}
		return said(s, c, is, "%s is %s, and signs in %s", is.Title, is.Role, signsIn(is))
	})
}

type userPasswordCmd struct{ someone }

func (cmd *userPasswordCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.within(ctx, s, func(p *parts) error {
		is, err := cmd.local(ctx, p.db)
		if err != nil {
			return err
		}
		encoded, err := p.askPassword(ctx, s, is)
		if err != nil {
			return err
		}
		if err := p.db.SetPassword(ctx, is.ID, encoded, p.who, time.Now()); err != nil {
			return err
		}
		is.Password = true
		return said(s, c, is, "%s has a new password, and signs in as %s%s", is.Title, is.Name, codesFirst(is))
	})
}

// local finds somebody who may have a password.
func (w someone) local(ctx context.Context, db *store.DB) (stat.Person, error) {
	p, err := w.find(ctx, db)
	switch {
	case err != nil:
		return p, err
	case !p.Local():
		return p, fmt.Errorf("%s is signed in by %s, and has no password here", p.Title, p.Issuer)
	case p.Disabled:
		return p, fmt.Errorf("%s is disabled: bellwether user change --enable %s comes first", p.Title, w.Who)
	}
	return p, nil
}

// where is the address that links begin with.
type where struct {
	Base address `help:"Where people reach Bellwether, for the link." default:"http://127.0.0.1:8080" placeholder:"URL" env:"BELLWETHER_BASE"`
}

type userLinkCmd struct {
	someone
	where
}

func (cmd *userLinkCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.within(ctx, s, func(p *parts) error {
		is, err := cmd.local(ctx, p.db)
		if err != nil {
			return err
		}
		return p.link(ctx, s, c, is, cmd.where)
	})
}

// link prints a one-time link by which somebody chooses a password.
func (p *parts) link(ctx context.Context, s streams, c *cli, is stat.Person, w where) error {
	token := credential.NewToken()
	l := store.Link{Purpose: store.LinkPassword, Person: is.ID, Expires: time.Now().Add(store.PasswordLinkLasts), By: p.who}
	if err := p.db.KeepLink(ctx, token, l); err != nil {
		return err
	}
	address := w.Base.JoinPath(web.LinkPath(token)).String()
	answer := struct {
		stat.Person
		Link    string    `json:"link"`
		Expires time.Time `json:"expires"`
	}{is, address, l.Expires}
	return said(s, c, answer, "%s\n%s chooses a password there, once, by %s", address, is.Title, l.Expires.Local().Format("15:04 on 2 January 2006"))
}
