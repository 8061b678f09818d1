package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Tries are what is counted under one key, such as "account:jo", and how many
// may be made in five minutes. The key is the caller's own.
type Tries struct {
	Key  string
	Most int
}

// tryWindow is how long a try counts.
const tryWindow = 5 * time.Minute

const tryTable = `
	CREATE TABLE IF NOT EXISTS try (
		id   INTEGER PRIMARY KEY,
		key  TEXT    NOT NULL, -- SHA-256, in hex: people type passwords where names belong
		made INTEGER NOT NULL
	) STRICT;
	CREATE INDEX IF NOT EXISTS try_key ON try (key, made);
	CREATE INDEX IF NOT EXISTS try_made ON try (made);`

// Try counts a try under each key. Where any has had as many as it may it
// counts nothing and returns how long to wait. It asks what time it is when
// nobody else can count: of tries at once each comes after the one before.
func (s *Sessions) Try(ctx context.Context, now func() time.Time, all ...Tries) (wait time.Duration, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		at := now()
		if err := forgetTries(ctx, tx, at); err != nil {
			return err
		}
		var keys []string
		for _, t := range all {
			left, err := t.wait(ctx, tx, at)
			if err != nil {
				return err
			}
			wait, keys = max(wait, left), append(keys, sum([]byte(t.Key)))
		}
		if wait > 0 {
			return nil
		}
		for _, key := range distinct(keys) {
			if _, err := tx.ExecContext(ctx, `INSERT INTO try (key, made) VALUES (?, ?)`, key, at.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("count a try: %w", plain(err))
	}
	return wait, nil
}

// forgetTries leaves those of the five minutes before a time: a clock that was
// set back had made others.
func forgetTries(ctx context.Context, tx *sql.Tx, at time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM try WHERE made <= ? OR made > ?`, at.Add(-tryWindow).UnixMilli(), at.UnixMilli())
	return err
}

// wait is how long there may be no other, once what counts no longer is
// forgotten: of ten, until the last but nine is over.
func (t Tries) wait(ctx context.Context, q querier, at time.Time) (time.Duration, error) {
	var made int64
	err := q.QueryRowContext(ctx, `SELECT made FROM try WHERE key = ? ORDER BY made DESC LIMIT 1 OFFSET ?`, sum([]byte(t.Key)), t.Most-1).Scan(&made)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return time.UnixMilli(made).Add(tryWindow).Sub(at), err
}

// TakeBack takes back the latest try of a key, which was a good one.
func (s *Sessions) TakeBack(ctx context.Context, key string) error {
	_, err := s.write.ExecContext(ctx, `
		DELETE FROM try WHERE id = (SELECT id FROM try WHERE key = ? ORDER BY made DESC LIMIT 1)`, sum([]byte(key)))
	if err != nil {
		return fmt.Errorf("take a try back: %w", plain(err))
	}
	return nil
}

// Forgive forgets a key's tries.
func (s *Sessions) Forgive(ctx context.Context, key string) error {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM try WHERE key = ?`, sum([]byte(key))); err != nil {
		return fmt.Errorf("forgive tries: %w", plain(err))
	}
	return nil
}
