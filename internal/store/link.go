package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// Link lets whoever holds its token do one thing once. Only the SHA-256 of the
// token is kept.
type Link struct {
	Purpose string    // what for: a LinkFirst, a LinkPassword or a LinkSignIn
	Person  int64     // whose; 0 before there is anybody
	Expires time.Time // to the millisecond
	By      string    // who made it
}

// What a link is for.
const (
	LinkFirst    = "first"    // make the first administrator
	LinkPassword = "password" // choose a password
	LinkSignIn   = "sign-in"  // sign in, at the computer itself
)

// PasswordLinkLasts is how long somebody has to choose a password.
const PasswordLinkLasts = 24 * time.Hour

// KeepLink keeps a link under its token. One to choose a password, or to make
// the first administrator, puts an end to those made before for the same.
// The error is ErrInvalid for a link without a token, an end, or who makes it,
// and for one that is of nobody but not the first; ErrNotFound for a person
// there is not.
func (db *DB) KeepLink(ctx context.Context, token string, l Link) error {
	err := db.change(ctx, func(tx *sql.Tx) (act stat.Act, err error) {
		l.By = strings.TrimSpace(l.By)
		act = stat.Act{What: "link.make", On: l.on(), Who: l.By, Detail: l.Purpose}
		if err := soundLink(ctx, tx, token, l); err != nil {
			return act, err
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM link WHERE expires <= ?1 OR purpose = ?2 AND purpose <> 'sign-in' AND person IS nullif(?3, 0)`,
			time.Now().UnixMilli(), l.Purpose, l.Person)
		if err != nil {
			return act, err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO link (hash, purpose, person, expires, who) VALUES (?, ?, nullif(?, 0), ?, ?)`,
			sum([]byte(token)), l.Purpose, l.Person, l.Expires.UnixMilli(), l.By)
		return act, err
	})
	if err != nil {
		return fmt.Errorf("keep a link: %w", err)
	}
	return nil
}

func soundLink(ctx context.Context, q querier, token string, l Link) error {
	err := needs(
		need{token != "", "a token"},
		need{l.Purpose == LinkFirst || l.Purpose == LinkPassword || l.Purpose == LinkSignIn, "what the link is for"},
		need{(l.Purpose == LinkFirst) == (l.Person == 0), "whose it is, if it is not the first"},
		need{!l.Expires.IsZero(), "a time at which it ends"},
		need{l.By != "", "who makes it"})(q)
	if err != nil || l.Person == 0 {
		return err
	}
	_, err = person(ctx, q, `p.id = ?`, l.Person)
	return err
}

// PeekLink reads a link and leaves it. The error is ErrNotFound for one that is
// unknown, used, over at that time, or somebody's who is disabled.
func (db *DB) PeekLink(ctx context.Context, token string, at time.Time) (Link, error) {
	l, err := link(ctx, db.read, token, at)
	if err != nil {
		return Link{}, fmt.Errorf("read a link: %w", plain(err))
	}
	return l, nil
}

// UseLink reads a link and uses it up. The errors are PeekLink's: of several
// who use one at once only one has it.
func (db *DB) UseLink(ctx context.Context, token string, at time.Time) (Link, error) {
	var l Link
	err := db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		var err error
		if l, err = takeLink(ctx, tx, token, at); err != nil {
			return stat.Act{}, err
		}
		act := stat.Act{What: "link.use", On: l.on(), Who: l.By, At: at, Detail: l.Purpose}
		if l.Person == 0 {
			return act, nil
		}
		p, err := person(ctx, tx, `p.id = ?`, l.Person)
		act.Who = p.Title
		return act, err
	})
	if err != nil {
		return Link{}, fmt.Errorf("use a link: %w", err)
	}
	return l, nil
}

// ChoosePassword uses up a link to choose a password, and keeps the one that
// was chosen, encoded, as SetPassword does: both, or neither. It returns whose
// it is, as they then are. The error is PeekLink's, also for a link that is for
// something else, or ErrInvalid for no password.
func (db *DB) ChoosePassword(ctx context.Context, token, encoded string, at time.Time) (stat.Person, error) {
	var p stat.Person
	err := db.change(ctx, func(tx *sql.Tx) (act stat.Act, err error) {
		l, err := takeLink(ctx, tx, token, at)
		if err == nil && l.Purpose != LinkPassword {
			err = ErrNotFound
		}
		if err != nil {
			return act, err
		}
		if err := keepPassword(ctx, tx, l.Person, encoded); err != nil {
			return act, err
		}
		p, err = person(ctx, tx, `p.id = ?`, l.Person)
		return stat.Act{What: "person.password", On: l.on(), Who: p.Title, At: at, Detail: "by a one-time link"}, err
	})
	if err != nil {
		return stat.Person{}, fmt.Errorf("choose a password: %w", err)
	}
	return p, nil
}

// FirstAdministrator adds the person as an administrator with a password,
// encoded, and uses up the link for that. The error is ErrNotFound where the
// link is not there, as with PeekLink, is for something else, or there is an
// administrator already who may sign in; otherwise it is AddPerson's.
func (db *DB) FirstAdministrator(ctx context.Context, token string, p stat.Person, password string) (stat.Person, error) {
	var out stat.Person
	err := db.change(ctx, func(tx *sql.Tx) (act stat.Act, err error) {
		there, err := administered(ctx, tx)
		if err == nil && there {
			err = ErrNotFound
		}
		if err != nil {
			return act, err
		}
		l, err := takeLink(ctx, tx, token, moment(p.At))
		if err != nil {
			return act, err
		}
		if l.Purpose != LinkFirst {
			return act, ErrNotFound
		}
		p.Role, p.Disabled, p.Vouched = stat.Administrator, false, false
		if out, err = insertPerson(ctx, tx, p); err != nil {
			return act, err
		}
		if err := keepPassword(ctx, tx, out.ID, password); err != nil {
			return act, err
		}
		out, err = person(ctx, tx, `p.id = ?`, out.ID)
		return added(out), err
	})
	if err != nil {
		return stat.Person{}, fmt.Errorf("add the first administrator: %w", err)
	}
	return out, nil
}

// EndLinks ends the links of everybody, as of a database that was put in place of
// a later one: in a copy there may be links that were used since. The error is
// ErrInvalid where nobody does it.
func (db *DB) EndLinks(ctx context.Context, by string, at time.Time) error {
	err := db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		_, err := tx.ExecContext(ctx, `DELETE FROM link`)
		return stat.Act{What: "link.end", On: "everybody", Who: by, At: at}, err
	})
	if err != nil {
		return fmt.Errorf("end all links: %w", err)
	}
	return nil
}

// endLinks ends all that somebody has.
func endLinks(ctx context.Context, tx *sql.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM link WHERE person = ?`, person)
	return err
}

// takeLink reads a link and removes it.
func takeLink(ctx context.Context, tx *sql.Tx, token string, at time.Time) (Link, error) {
	l, err := link(ctx, tx, token, at)
	if err != nil {
		return Link{}, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM link WHERE hash = ?`, sum([]byte(token)))
	return l, err
}

func link(ctx context.Context, q querier, token string, at time.Time) (Link, error) {
	var l Link
	var expires int64
	held, err := rows(ctx, q, `
		SELECT purpose, coalesce(person, 0), expires, who FROM link
		WHERE hash = ? AND expires > ?
			AND NOT coalesce((SELECT disabled FROM standing WHERE person = link.person ORDER BY id DESC LIMIT 1), 0)`,
		[]any{sum([]byte(token)), at.UnixMilli()}, []any{&l.Purpose, &l.Person, &expires, &l.By}, &l)
	if err := found(held, err); err != nil {
		return Link{}, err
	}
	l = held[0]
	l.Expires = time.UnixMilli(expires).UTC()
	return l, nil
}

// on is whom an act on a link is about.
func (l Link) on() string {
	if l.Person == 0 {
		return "the first administrator"
	}
	return personNumber(l.Person)
}
