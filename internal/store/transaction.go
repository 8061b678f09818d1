package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"bellwether/internal/stat"
)

// querier is a transaction, of either handle, or the readers' handle itself.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// view runs f on one unchanging state of the data.
func (db *DB) view(ctx context.Context, f func(q querier, fr *frame) error) error {
	return db.snapshot(ctx, func(tx querier) error {
		fr, err := db.frame(ctx, tx)
		if err != nil {
			return err
		}
		return f(tx, fr)
	})
}

// snapshot is view without what most reads of figures need.
func (db *DB) snapshot(ctx context.Context, f func(q querier) error) error {
	tx, err := db.read.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin reading: %w", plain(err))
	}
	defer tx.Rollback() // a read has nothing to commit
	return plain(f(tx))
}

type actorKey struct{}

// As is a context in which a person, by their number, does whatever is changed:
// records keep it beside their title, which may change. By command nobody does.
func As(ctx context.Context, person int64) context.Context {
	return context.WithValue(ctx, actorKey{}, person)
}

// actor is the number of who changes something, 0 where nobody has signed in.
func actor(ctx context.Context) int64 {
	person, _ := ctx.Value(actorKey{}).(int64)
	return person
}

// change runs f in a transaction and adds the act that f says it was to the
// audit trail, in the same transaction. The errors are transact's, and
// ErrShutOut where whoever does it has been disabled while they waited.
func (db *DB) change(ctx context.Context, f func(tx *sql.Tx) (stat.Act, error)) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		if err := admitted(ctx, tx); err != nil {
			return err
		}
		act, err := f(tx)
		if err != nil {
			return err
		}
		return record(ctx, tx, act)
	})
}

func admitted(ctx context.Context, tx *sql.Tx) error {
	out := false
	err := tx.QueryRowContext(ctx, `SELECT disabled FROM standing WHERE person = ? ORDER BY id DESC LIMIT 1`, actor(ctx)).Scan(&out)
	if out {
		return ErrShutOut
	}
	if errors.Is(err, sql.ErrNoRows) { // a command, or somebody who signs in
		return nil
	}
	return err
}

// transact runs f in a transaction: all that it writes is kept or, with an
// error, nothing. The error is ErrReopen where a commit fails, for SQLite may
// find on opening that it has happened, and for every change after that. Only
// a full disk leaves no doubt: what makes a commit is the last thing written
// to the log, before it is synchronised, and was not.
func (db *DB) transact(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin writing: %w", plain(err))
	}
	defer tx.Rollback() // does nothing once committed
	if db.doubtful.Load() {
		return ErrReopen
	}
	err = plain(f(tx))
	if err == nil {
		err = db.commit(ctx, tx)
	}
	switch {
	case err == nil || errors.Is(err, ErrReopen):
		return err
	case ctx.Err() != nil:
		return ctx.Err() // given up; a closed statement is how it may show
	case errors.Is(err, ErrFull):
		return fmt.Errorf("nothing has been kept: %w", err)
	}
	return err
}

func (db *DB) commit(ctx context.Context, tx *sql.Tx) error {
	err := plain(tx.Commit())
	if err == nil || errors.Is(err, ErrFull) ||
		errors.Is(err, sql.ErrTxDone) || errors.Is(err, ctx.Err()) && ctx.Err() != nil { // given up before it came to committing
		return err
	}
	db.doubtful.Store(true)
	return fmt.Errorf("%w (%w)", ErrReopen, err)
}

// rise gives the data a new version; see the table.
func rise(ctx context.Context, tx execer) error {
	_, err := tx.ExecContext(ctx, `UPDATE holding SET version = max(version + 1, CAST(unixepoch('subsec') * 1000 AS INTEGER))`)
	return err
}

// each scans every row of a query into dest and calls f after each.
func each(ctx context.Context, q querier, query string, args, dest []any, f func() error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}
