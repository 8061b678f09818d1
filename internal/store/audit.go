package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// ErrTampered says that the audit trail is not as it was written.
var ErrTampered = errors.New("has been tampered with")

// noHash stands before the first act.
var noHash = strings.Repeat("0", 2*sha256.Size)

// Note adds an act that changes nothing else: a sign-in that was
// refused. The error is ErrInvalid where nobody does it, and for what is none of
// stat.ActKinds.
func (db *DB) Note(ctx context.Context, a stat.Act) error {
	if err := db.change(ctx, func(*sql.Tx) (stat.Act, error) { return a, nil }); err != nil {
		return fmt.Errorf("note %s of %s: %w", a.What, a.On, err)
	}
	return nil
}

// Acts lists acts, the newest first: so many of those before a number, or of
// all with 0.
func (db *DB) Acts(ctx context.Context, before int64, limit int) ([]stat.Act, error) {
	out, err := acts(ctx, db.read, `(?1 = 0 OR number < ?1) ORDER BY number DESC LIMIT ?2`, before, limit)
	if err != nil {
		return nil, fmt.Errorf("read the audit trail: %w", plain(err))
	}
	return out, nil
}

// Head is the latest act, the zero Act where there is none.
func (db *DB) Head(ctx context.Context) (stat.Act, error) {
	list, err := db.Acts(ctx, 0, 1)
	if err != nil || len(list) == 0 {
		return stat.Act{}, err
	}
	return list[0], nil
}

// LastAct is the latest of those that are called what, the zero Act where there
// is none.
func (db *DB) LastAct(ctx context.Context, what string) (stat.Act, error) {
	list, err := acts(ctx, db.read, `what = ? ORDER BY number DESC LIMIT 1`, what)
	if err != nil {
		return stat.Act{}, fmt.Errorf("read the audit trail: %w", plain(err))
	}
	if len(list) == 0 {
		return stat.Act{}, nil
	}
	return list[0], nil
}

// Acted is the number of the latest act, 0 where there is none. Nothing about
// people changes without an act, so that what was read of them holds for as
// long as this stays; it is asked with every request.
func (db *DB) Acted(ctx context.Context) (n int64, err error) {
	latest := db.acted.Load()
	if latest == nil {
		if latest, err = db.read.PrepareContext(ctx, `SELECT coalesce(max(number), 0) FROM act`); err != nil {
			return 0, fmt.Errorf("read the audit trail: %w", plain(err))
		}
		if !db.acted.CompareAndSwap(nil, latest) {
			latest.Close() // another was quicker
			latest = db.acted.Load()
		}
	}
	if err := latest.QueryRowContext(ctx).Scan(&n); err != nil {
		return 0, fmt.Errorf("read the audit trail: %w", plain(err))
	}
	return n, nil
}

// AllActs goes through the acts, the oldest first. An error is the last it
// yields.
func (db *DB) AllActs(ctx context.Context) iter.Seq2[stat.Act, error] {
	return func(yield func(stat.Act, error) bool) {
		err := eachAct(ctx, db.read, `true ORDER BY number`, nil, func(a stat.Act) error {
			if !yield(a, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(stat.Act{}, fmt.Errorf("read the audit trail: %w", plain(err)))
		}
	}
}

var errEnough = errors.New("enough")

// CheckActs works out every act's hash and returns the latest act. The error
// is ErrTampered and names the first that does not fit, with the last that
// does. A trail that was written anew from some act on fits: compare the head
// with one that was kept elsewhere, in a log or beside a backup.
func (db *DB) CheckActs(ctx context.Context) (stat.Act, error) {
	head := stat.Act{Hash: noHash}
	err := db.snapshot(ctx, func(q querier) error {
		err := eachAct(ctx, q, `true ORDER BY number`, nil, func(a stat.Act) error {
			if a.Number != head.Number+1 || a.Before != head.Hash || a.Hash != hashOf(a) {
				return fmt.Errorf("the audit trail %w: act %d is not the one that was written after act %d", ErrTampered, a.Number, head.Number)
			}
			head = a
			return nil
		})
		if err != nil {
			return err
		}
		next, err := nextAct(ctx, q)
		if err == nil && next != head.Number+1 {
			err = fmt.Errorf("the audit trail %w: it ends with act %d, but act %d has been written", ErrTampered, head.Number, next-1)
		}
		return err
	})
	if head.Number == 0 {
		head = stat.Act{}
	}
	return head, err
}

// record adds an act to the trail.
func record(ctx context.Context, tx *sql.Tx, a stat.Act) error {
	for _, s := range []*string{&a.Who, &a.What, &a.On, &a.Detail} {
		*s = strings.TrimSpace(strings.ToValidUTF8(*s, "\uFFFD"))
	}
	err := needs(need{a.Who != "", "who does it"}, need{a.Known(), "what is done, which is one of the kinds there are"})(tx)
	if err != nil {
		return err
	}
	if a.At = moment(a.At); a.Person == 0 {
		a.Person = actor(ctx)
	}
	if a.Number, err = nextAct(ctx, tx); err != nil {
		return err
	}
	a.Before = noHash
	err = tx.QueryRowContext(ctx, `SELECT hash FROM act ORDER BY number DESC LIMIT 1`).Scan(&a.Before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO act (number, said, who, person, what, subject, detail, before, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.Number, said(a.At), a.Who, a.Person, a.What, a.On, a.Detail, a.Before, hashOf(a))
	return err
}

// nextAct is a number that no act ever had, even one that was removed.
func nextAct(ctx context.Context, q querier) (n int64, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT 1 + max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'act'), 0), (SELECT coalesce(max(number), 0) FROM act))`).Scan(&n)
	return n, err
}

// hashOf is the SHA-256, in hex, of an act's number, time (RFC 3339, UTC), who,
// their number, what, on, detail and the hash before it, each as its length in
// bytes, a colon, itself and a comma.
func hashOf(a stat.Act) string {
	h := sha256.New()
	for _, s := range []string{strconv.FormatInt(a.Number, 10), said(a.At), a.Who, strconv.FormatInt(a.Person, 10), a.What, a.On, a.Detail, a.Before} {
		fmt.Fprintf(h, "%d:%s,", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func acts(ctx context.Context, q querier, rest string, args ...any) ([]stat.Act, error) {
	var out []stat.Act
	err := eachAct(ctx, q, rest, args, func(a stat.Act) error { out = append(out, a); return nil })
	return slices.Clip(out), err
}

func eachAct(ctx context.Context, q querier, rest string, args []any, f func(stat.Act) error) error {
	var a stat.Act
	var at string
	return each(ctx, q, `SELECT number, said, who, person, what, subject, detail, before, hash FROM act WHERE `+rest, args,
		[]any{&a.Number, &at, &a.Who, &a.Person, &a.What, &a.On, &a.Detail, &a.Before, &a.Hash},
		func() error {
			a.At, _ = time.Parse(time.RFC3339Nano, at) // what somebody made no time fits no hash
			return f(a)
		})
}

func importNumber(id int64) string { return fmt.Sprintf("import %d", id) }

// spaced joins what is not blank.
func spaced(words ...string) string {
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}
