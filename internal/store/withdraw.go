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

// Withdraw takes an import back, saying who did so, why and when (zero is
// now). Nothing is deleted: no read counts it any longer, so what it had superseded shows
// again, and the same bytes may be imported anew. Measures and areas it
// registered stay known. It returns the batch as it then is. The error is
// ErrNotFound, ErrWithdrawn with the batch as it was, or ErrInvalid where
// nobody or no reason is given.
func (db *DB) Withdraw(ctx context.Context, id int64, by, reason string, at time.Time) (stat.Batch, error) {
	return db.withdraw(ctx, id, by, reason, at, func(stat.Batch) error { return nil })
}

// WithdrawDraft is Withdraw for whoever may not take a published import back:
// one that is published, be it for later, is ErrPublished, with the batch as
// it was.
func (db *DB) WithdrawDraft(ctx context.Context, id int64, by, reason string, at time.Time) (stat.Batch, error) {
	return db.withdraw(ctx, id, by, reason, at, func(b stat.Batch) error {
		if !b.Published.IsZero() {
			return fmt.Errorf("it %w, by %s", ErrPublished, b.PublishedBy)
		}
		return nil
	})
}

func (db *DB) withdraw(ctx context.Context, id int64, by, reason string, at time.Time, allowed func(stat.Batch) error) (stat.Batch, error) {
	var b stat.Batch
	by, reason = strings.TrimSpace(by), strings.TrimSpace(reason)
	err := db.change(ctx, func(tx *sql.Tx) (act stat.Act, err error) {
		if b, err = oneBatch(ctx, tx, `id = ?`, id); err != nil {
			return act, err
		}
		if !b.Withdrawn.IsZero() {
			return act, fmt.Errorf("it %w, by %s", ErrWithdrawn, b.WithdrawnBy)
		}
		if err := allowed(b); err != nil {
			return act, err
		}
		if by == "" || reason == "" {
			return act, fmt.Errorf("it %w: it takes who withdraws it, and a reason", ErrInvalid)
		}
		b.Withdrawn, b.WithdrawnBy, b.WithdrawnWhy = moment(at), by, reason
		_, err = tx.ExecContext(ctx, `
			UPDATE batch SET withdrawn = ?, withdrawn_by = ?, withdrawn_why = ?, withdrawn_after = (SELECT max(id) FROM batch)
			WHERE id = ?`, b.Withdrawn.Format(time.RFC3339Nano), by, reason, id)
		if err != nil {
			return act, err
		}
		act = stat.Act{What: "import.withdraw", On: importNumber(id), Who: by, At: b.Withdrawn, Detail: b.File}
		return act, rise(ctx, tx)
	})
	if err != nil {
		if !errors.Is(err, ErrWithdrawn) && !errors.Is(err, ErrPublished) {
			b = stat.Batch{}
		}
		return b, fmt.Errorf("withdraw import %d: %w", id, err)
	}
	return b, nil
}
