package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"bellwether/internal/stat"
)

// Errors of people that a caller decides on.
var (
	ErrShutOut           = errors.New("whoever asks may not sign in any longer")
	ErrTaken             = errors.New("is somebody's already") // a name, or an identity
	ErrLastAdministrator = errors.New("is the last administrator who may sign in: make somebody else one first")
)

// People lists everybody by title, the disabled too.
func (db *DB) People(ctx context.Context) ([]stat.Person, error) {
	out, err := people(ctx, db.read, `true`)
	if err != nil {
		return nil, fmt.Errorf("list the people: %w", plain(err))
	}
	return out, nil
}

// Person is one of them by number. The error is ErrNotFound.
func (db *DB) Person(ctx context.Context, id int64) (stat.Person, error) {
	p, err := person(ctx, db.read, `p.id = ?`, id)
	if err != nil {
		return p, fmt.Errorf("person %d: %w", id, plain(err))
	}
	return p, nil
}

// PersonNamed finds whom a local account's name belongs to, whatever its case.
// The error is ErrNotFound.
func (db *DB) PersonNamed(ctx context.Context, name string) (stat.Person, error) {
	p, err := person(ctx, db.read, `p.folded <> '' AND p.folded = ?`, foldName(name))
	if err != nil {
		return p, fmt.Errorf("find a person by name: %w", plain(err))
	}
	return p, nil
}

// PersonOf finds whom an issuer calls by a subject. The error is ErrNotFound.
func (db *DB) PersonOf(ctx context.Context, issuer, subject string) (stat.Person, error) {
	p, err := person(ctx, db.read, `p.issuer <> '' AND p.issuer = ? AND p.subject = ?`, issuer, subject)
	if err != nil {
		return p, fmt.Errorf("find a person by identity: %w", plain(err))
	}
	return p, nil
}

// AddPerson adds somebody, p.By being who does it and p.At when (zero is now),
// and returns it with its number. The error is ErrTaken for a name or an
// identity that somebody has, be it a disabled one, and ErrInvalid for what
// lacks a title, a role, who adds it, or both a name and an identity.
func (db *DB) AddPerson(ctx context.Context, p stat.Person) (stat.Person, error) {
	p.Vouched = false
	return db.addPerson(ctx, p)
}

// Vouch is AddPerson, or ChangePerson where p has a number, on the provider's
// word: a role that this gives is the provider's to take away.
func (db *DB) Vouch(ctx context.Context, p stat.Person) (stat.Person, error) {
	if p.Vouched = true; p.ID == 0 {
		return db.addPerson(ctx, p)
	}
	return db.changePerson(ctx, p)
}

func (db *DB) addPerson(ctx context.Context, p stat.Person) (stat.Person, error) {
	var out stat.Person
	err := db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		var err error
		if out, err = insertPerson(ctx, tx, p); err != nil {
			return stat.Act{}, err
		}
		return added(out), nil
	})
	if err != nil {
		return stat.Person{}, fmt.Errorf("add a person: %w", err)
	}
	return out, nil
}

// ChangePerson gives the person of p.ID the title, role and disabled flag of p,
// p.By being who does it and p.At when, and returns it as it then is. The error
// is ErrNotFound, ErrInvalid without a title, a role or who does it, or
// ErrLastAdministrator where no administrator who may sign in would be left. A
// disabling ends what they have proved, and their one-time links.
func (db *DB) ChangePerson(ctx context.Context, p stat.Person) (stat.Person, error) {
	p.Vouched = false
	return db.changePerson(ctx, p)
}

func (db *DB) changePerson(ctx context.Context, p stat.Person) (stat.Person, error) {
	var out stat.Person
	err := db.change(ctx, func(tx *sql.Tx) (act stat.Act, err error) {
		was, err := person(ctx, tx, `p.id = ?`, p.ID)
		if err != nil {
			return act, err
		}
		if p.Vouched && was.Disabled {
			return act, ErrShutOut // since the provider was asked
		}
		out = was
		out.Title, out.Role, out.Disabled, out.By, out.At = p.Title, p.Role, p.Disabled, p.By, p.At
		if out.Role != was.Role {
			out.Vouched = p.Vouched
		}
		if err := stand(ctx, tx, &out); err != nil {
			return act, err
		}
		if err := leavesOne(ctx, tx, was); err != nil {
			return act, err
		}
		if out.Disabled && !was.Disabled {
			if err := shutOut(ctx, tx, &out); err != nil {
				return act, err
			}
		}
		return stat.Act{What: "person.change", On: personNumber(out.ID), Who: out.By, At: out.At, Detail: differs(was, out)}, nil
	})
	if err != nil {
		return stat.Person{}, fmt.Errorf("change person %d: %w", p.ID, err)
	}
	return out, nil
}

// Administered reports whether there is an administrator who may sign in.
func (db *DB) Administered(ctx context.Context) (bool, error) {
	there, err := administered(ctx, db.read)
	if err != nil {
		return false, fmt.Errorf("look for an administrator: %w", plain(err))
	}
	return there, nil
}

// Secrets are what a person proves itself by, none where none has been set. The
// error is ErrNotFound.
func (db *DB) Secrets(ctx context.Context, id int64) (stat.Secrets, error) {
	var out stat.Secrets
	err := db.snapshot(ctx, func(q querier) error {
		if _, err := person(ctx, q, `p.id = ?`, id); err != nil {
			return err
		}
		return each(ctx, q, `SELECT password, totp, step FROM secret WHERE person = ?`, []any{id},
			[]any{&out.Password, &out.TOTP, &out.Step}, func() error { return nil })
	})
	if err != nil {
		return stat.Secrets{}, fmt.Errorf("read the secrets of person %d: %w", id, err)
	}
	return out, nil
}

// SetPassword keeps an encoded password in place of the one there was. It ends
// what they have proved, and their one-time links. The error is ErrNotFound, or
// ErrInvalid for none or where nobody sets it.
func (db *DB) SetPassword(ctx context.Context, id int64, encoded, by string, at time.Time) error {
	act := stat.Act{What: "person.password", On: personNumber(id), Who: by, At: at}
	return db.setSecret(ctx, id, act, func(tx *sql.Tx, _ stat.Person) error { return keepPassword(ctx, tx, id, encoded) })
}

// SetTOTP keeps the key of a person's one-time codes; "" takes it away. Codes of
// an earlier key say nothing of the new one's. It ends what they have proved.
// The error is ErrNotFound, or ErrInvalid where nobody sets it.
func (db *DB) SetTOTP(ctx context.Context, id int64, key, by string, at time.Time) error {
	act := stat.Act{What: "person.factor", On: personNumber(id), Who: by, At: at, Detail: "set up"}
	if key == "" {
		act.Detail = "taken away"
	}
	return db.setSecret(ctx, id, act, func(tx *sql.Tx, _ stat.Person) error { return keepTOTP(ctx, tx, id, key) })
}

// EnrolTOTP keeps the first key of a person's one-time codes. The error is
// ErrTaken where there is one already, and otherwise as SetTOTP's; ErrInvalid
// for no key.
func (db *DB) EnrolTOTP(ctx context.Context, id int64, key, by string, at time.Time) error {
	act := stat.Act{What: "person.factor", On: personNumber(id), Who: by, At: at, Detail: "set up"}
	return db.setSecret(ctx, id, act, func(tx *sql.Tx, p stat.Person) error {
		if p.Factor {
			return fmt.Errorf("the second factor %w", ErrTaken)
		}
		if err := needs(need{key != "", "a key"})(tx); err != nil {
			return err
		}
		return keepTOTP(ctx, tx, id, key)
	})
}

func (db *DB) setSecret(ctx context.Context, id int64, act stat.Act, keep func(tx *sql.Tx, p stat.Person) error) error {
	err := db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		p, err := person(ctx, tx, `p.id = ?`, id)
		if err == nil {
			err = keep(tx, p)
		}
		return act, err
	})
	if err != nil {
		return fmt.Errorf("%s of person %d: %w", act.What, id, err)
	}
	return nil
}

// keepPassword keeps one that is encoded.
func keepPassword(ctx context.Context, tx *sql.Tx, id int64, encoded string) error {
	if err := needs(need{encoded != "", "a password"})(tx); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO secret (person, password, totp, step) VALUES (?, ?, '', 0)
		ON CONFLICT (person) DO UPDATE SET password = excluded.password, stamp = stamp + 1`, id, encoded)
	if err != nil {
		return err
	}
	return endLinks(ctx, tx, id)
}

func keepTOTP(ctx context.Context, tx *sql.Tx, id int64, key string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO secret (person, password, totp, step) VALUES (?, '', ?, 0)
		ON CONFLICT (person) DO UPDATE SET totp = excluded.totp, step = 0, stamp = stamp + 1`, id, key)
	return err
}

// shutOut ends what somebody has proved who is disabled from now on.
func shutOut(ctx context.Context, tx *sql.Tx, p *stat.Person) error {
	err := tx.QueryRowContext(ctx, `
		INSERT INTO secret (person, password, totp, step) VALUES (?, '', '', 0)
		ON CONFLICT (person) DO UPDATE SET stamp = stamp + 1 RETURNING stamp`, p.ID).Scan(&p.Stamp)
	if err != nil {
		return err
	}
	return endLinks(ctx, tx, p.ID)
}

// UseStep uses up the time step of a one-time code, and all before it: false
// where it was used up already. It is no act of its own, but part of a sign-in.
func (db *DB) UseStep(ctx context.Context, id int64, step int64) (bool, error) {
	var fresh int64
	err := db.transact(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE secret SET step = ?2 WHERE person = ?1 AND totp <> '' AND step < ?2`, id, step)
		if err == nil {
			fresh, err = res.RowsAffected()
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("use a code of person %d: %w", id, err)
	}
	return fresh == 1, nil
}

// insertPerson returns the person with its number.
func insertPerson(ctx context.Context, tx *sql.Tx, p stat.Person) (stat.Person, error) {
	p.Name, p.Password, p.Factor, p.Stamp = strings.TrimSpace(p.Name), false, false, 1
	if err := soundPerson(p); err != nil {
		return p, err
	}
	same, err := people(ctx, tx, `p.folded <> '' AND p.folded = ? OR p.issuer <> '' AND p.issuer = ? AND p.subject = ?`,
		foldName(p.Name), p.Issuer, p.Subject)
	if err != nil {
		return p, err
	}
	if len(same) > 0 {
		return p, fmt.Errorf("what they are known by %w: that of person %d", ErrTaken, same[0].ID)
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO person (name, folded, issuer, subject) VALUES (?, ?, ?, ?)`,
		p.Name, foldName(p.Name), p.Issuer, p.Subject)
	if err != nil {
		return p, err
	}
	if p.ID, err = res.LastInsertId(); err != nil {
		return p, err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO secret (person, password, totp, step, stamp) VALUES (?, '', '', 0, ?)`, p.ID, p.Stamp); err != nil {
		return p, err
	}
	return p, stand(ctx, tx, &p)
}

// longestName bounds what a person is called, in characters.
const longestName = 200

func soundPerson(p stat.Person) error {
	odd := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }
	return needs(
		need{p.Name != "" || p.Issuer != "", "a name to sign in with, or who vouches for it and what it is called there"},
		need{(p.Issuer == "") == (p.Subject == ""), "both who vouches for it and what it is called there"},
		need{!strings.ContainsFunc(p.Name, odd) && len([]rune(p.Name)) <= longestName, "a name without spaces, of 200 characters at most"})(nil)
}

// stand keeps what a person may do from now on. A title that somebody else has
// is told apart.
func stand(ctx context.Context, tx *sql.Tx, p *stat.Person) error {
	p.Title, p.By, p.At = strings.TrimSpace(p.Title), strings.TrimSpace(p.By), moment(p.At)
	err := needs(
		need{p.Title != "" && len([]rune(p.Title)) <= longestName, "a title, such as Jo Smith, of 200 characters at most"},
		need{slices.Contains(stat.Roles, p.Role), "a role: viewer, analyst, publisher or administrator"},
		need{p.By != "", "who does it"})(tx)
	if err != nil {
		return err
	}
	same, err := people(ctx, tx, `p.id <> ? AND s.title = ? COLLATE NOCASE`, p.ID, p.Title)
	if err != nil {
		return err
	}
	if len(same) > 0 {
		p.Title = stat.Apart(p.Title, p.ID)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO standing (person, title, role, disabled, vouched, who, said) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.Title, string(p.Role), p.Disabled, p.Vouched, p.By, said(p.At))
	return err
}

// leavesOne is ErrLastAdministrator where somebody was the last, and is no
// longer.
func leavesOne(ctx context.Context, q querier, was stat.Person) error {
	if was.Role != stat.Administrator || was.Disabled {
		return nil
	}
	there, err := administered(ctx, q)
	if err == nil && !there {
		err = fmt.Errorf("person %d %w", was.ID, ErrLastAdministrator)
	}
	return err
}

// administered reports whether there is an administrator who may sign in.
func administered(ctx context.Context, q querier) (bool, error) {
	they, err := people(ctx, q, `s.role = 'administrator' AND NOT s.disabled`)
	return len(they) > 0, err
}

// person is the only one of those that a condition names.
func person(ctx context.Context, q querier, where string, args ...any) (stat.Person, error) {
	held, err := people(ctx, q, where, args...)
	if err := found(held, err); err != nil {
		return stat.Person{}, err
	}
	return held[0], nil
}

func people(ctx context.Context, q querier, where string, args ...any) ([]stat.Person, error) {
	var p stat.Person
	return rows(ctx, q, `
		SELECT p.id, p.name, s.title, s.role, s.disabled, p.issuer, p.subject,
			coalesce(x.password, '') <> '', coalesce(x.totp, '') <> '', s.vouched, coalesce(x.stamp, 0), s.who, s.said
		FROM person p
		JOIN standing s ON s.id = (SELECT max(id) FROM standing WHERE person = p.id)
		LEFT JOIN secret x ON x.person = p.id
		WHERE `+where+` ORDER BY s.title COLLATE NOCASE, p.id`, args,
		[]any{&p.ID, &p.Name, &p.Title, &p.Role, &p.Disabled, &p.Issuer, &p.Subject,
			&p.Password, &p.Factor, &p.Vouched, &p.Stamp, &p.By, (*instant)(&p.At)}, &p)
}

// foldName makes names that differ by their case alone one.
func foldName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// knownBy is what somebody is known by.
func knownBy(p stat.Person) string {
	if p.Name != "" {
		return fmt.Sprintf("the name %q", p.Name)
	}
	return fmt.Sprintf("%q of %s", p.Subject, p.Issuer)
}

func added(p stat.Person) stat.Act {
	return stat.Act{What: "person.add", On: personNumber(p.ID), Who: p.By, At: p.At,
		Detail: fmt.Sprintf("%s, %s, by %s", p.Title, p.Role, knownBy(p))}
}

// differs says what of a person is another than it was.
func differs(was, is stat.Person) string {
	var says []string
	if was.Title != is.Title {
		says = append(says, fmt.Sprintf("title %s, was %s", is.Title, was.Title))
	}
	if was.Role != is.Role {
		says = append(says, fmt.Sprintf("%s, was %s", is.Role, was.Role))
	}
	if was.Disabled != is.Disabled {
		says = append(says, "disabled "+onOff(is.Disabled))
	}
	return strings.Join(says, "; ")
}

func personNumber(id int64) string { return fmt.Sprintf("person %d", id) }
