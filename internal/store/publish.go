package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// Errors of signing an import off.
var (
	ErrPublished    = errors.New("has been published already")
	ErrDraft        = errors.New("has not been published")
	ErrSecondPerson = errors.New("has to be published by somebody else than who imported it")
)

// Publish signs an import off: from then on viewers see what it says. They do
// so from now, or from a later time (an embargo), which needs no further act.
// Where the settings ask for a second person, whoever stored the import may not
// publish it: known by their number, see As, or by their title where either has
// none. It returns the batch as it then is. The error is ErrNotFound, ErrWithdrawn, ErrPublished,
// ErrSecondPerson, or ErrInvalid where nobody publishes it; with each but the
// first goes the batch as it was.
func (db *DB) Publish(ctx context.Context, id int64, by, why string, from, at time.Time) (stat.Batch, error) {
	by, why = strings.TrimSpace(by), strings.TrimSpace(why)
	b, err := db.sign(ctx, id, func(tx *sql.Tx, b *stat.Batch) (stat.Act, error) {
		switch {
		case by == "":
			return stat.Act{}, fmt.Errorf("it %w: it takes who publishes it", ErrInvalid)
		case !b.Published.IsZero():
			return stat.Act{}, fmt.Errorf("it %w, by %s; take that back first to publish it otherwise", ErrPublished, b.PublishedBy)
		case b.ImportedBy(actor(ctx), by):
			if err := alone(ctx, tx); err != nil {
				return stat.Act{}, err
			}
		}
		b.Published, b.PublishedBy, b.PublishedWhy = from, by, why
		return db.publish(ctx, tx, b, at)
	})
	if err != nil {
		return b, fmt.Errorf("publish import %d: %w", id, err)
	}
	return b, nil
}

// Unpublish takes a publication back, saying why: the import is a draft again,
// and what is seen without it shows. It returns the batch as it then is. The
// error is ErrNotFound, ErrWithdrawn, ErrDraft, or ErrInvalid where nobody or
// no reason is given; with each but the first goes the batch as it was.
func (db *DB) Unpublish(ctx context.Context, id int64, by, why string, at time.Time) (stat.Batch, error) {
	by, why = strings.TrimSpace(by), strings.TrimSpace(why)
	b, err := db.sign(ctx, id, func(tx *sql.Tx, b *stat.Batch) (act stat.Act, err error) {
		switch {
		case by == "" || why == "":
			return act, fmt.Errorf("that %w: it takes who takes it back, and a reason", ErrInvalid)
		case b.Published.IsZero():
			return act, fmt.Errorf("it %w", ErrDraft)
		}
		act = stat.Act{What: "import.unpublish", On: importNumber(id), Who: by, At: moment(at), Detail: b.File}
		b.Published, b.PublishedBy, b.PublishedWhy = time.Time{}, by, why
		_, err = tx.ExecContext(ctx, `INSERT INTO publication (batch, visible, embargo, why, who, person, said) VALUES (?, NULL, 0, ?, ?, nullif(?, 0), ?)`,
			id, why, by, actor(ctx), said(act.At))
		return act, err
	})
	if err != nil {
		return b, fmt.Errorf("take back the publication of import %d: %w", id, err)
	}
	return b, nil
}

// alone is ErrSecondPerson where whoever imports may not publish.
func alone(ctx context.Context, q querier) error {
	now, err := settings(ctx, q, `true`)
	if err == nil && now.SecondPerson {
		err = fmt.Errorf("by the council's settings it %w", ErrSecondPerson)
	}
	return err
}

// sign changes the publication of a batch, which is returned as it was where
// that fails.
func (db *DB) sign(ctx context.Context, id int64, f func(tx *sql.Tx, b *stat.Batch) (stat.Act, error)) (stat.Batch, error) {
	var was, is stat.Batch
	err := db.change(ctx, func(tx *sql.Tx) (act stat.Act, err error) {
		if was, err = oneBatch(ctx, tx, `id = ?`, id); err != nil {
			return act, err
		}
		if is = was; !was.Withdrawn.IsZero() {
			return act, fmt.Errorf("it %w, by %s", ErrWithdrawn, was.WithdrawnBy)
		}
		if act, err = f(tx, &is); err != nil {
			return act, err
		}
		return act, rise(ctx, tx)
	})
	if err != nil {
		return was, err
	}
	return is, nil
}

// publish keeps that a batch is published, from the time it says, which is now
// where that is past.
func (db *DB) publish(ctx context.Context, tx execer, b *stat.Batch, at time.Time) (stat.Act, error) {
	now := db.now()
	embargo := b.Published.After(now)
	act := stat.Act{What: "import.publish", On: importNumber(b.ID), Who: b.PublishedBy, At: moment(at), Detail: b.File}
	if !embargo {
		b.Published = now
	}
	b.Published = b.Published.UTC().Truncate(time.Millisecond)
	if embargo {
		act.Detail = spaced(b.File, "from", b.Published.Format(time.RFC3339))
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO publication (batch, visible, embargo, why, who, person, said) VALUES (?, ?, ?, ?, ?, nullif(?, 0), ?)`,
		b.ID, b.Published.UnixMilli(), embargo, b.PublishedWhy, b.PublishedBy, actor(ctx), said(act.At))
	return act, err
}

// draft is whether a batch b does not count as published at ?1, milliseconds
// since 1970: it has no publication, one that was taken back, or an embargo.
const draft = `coalesce((SELECT visible FROM publication WHERE batch = b.id ORDER BY id DESC LIMIT 1) > ?1, true)`

// drafted are the measures that drafts have figures of, and how many drafts
// there are.
func drafted(ctx context.Context, q querier, now time.Time) (out map[string]bool, drafts int, err error) {
	out = map[string]bool{}
	var measures words
	err = each(ctx, q, `SELECT measures FROM batch b WHERE withdrawn IS NULL AND `+draft, []any{now.UnixMilli()}, []any{&measures},
		func() error {
			drafts++
			for _, m := range measures {
				out[m] = true
			}
			return nil
		})
	return out, drafts, err
}

// now is the time by which embargoes end.
func (db *DB) now() time.Time {
	if db.Now != nil {
		return db.Now()
	}
	return time.Now()
}
