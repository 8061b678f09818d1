package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Sessions keeps who is signed in, and who tries to, in a SQLite file of its
// own: it is written with every request, and nothing in it is worth a backup.
// It is a store for alexedwards/scs. It is safe for concurrent use.
type Sessions struct {
	write, read *sql.DB
	find        *sql.Stmt
	swept       atomic.Int64 // when, in milliseconds
	seal        []byte       // the key of what Seal makes
	fresh       atomic.Bool
}

// sessionsID is "BelS", so that no other file is taken for one.
const sessionsID = 1113943123

// sweepEvery is how often what is over is removed.
const sweepEvery = 5 * time.Minute

// A lost power supply may cost the latest sessions, not the file.
var sessionPragmas = []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)"}

const sessionTables = `
	CREATE TABLE IF NOT EXISTS session (
		token   TEXT    PRIMARY KEY,
		data    BLOB    NOT NULL,
		expires INTEGER NOT NULL -- milliseconds since 1970, as below
	) STRICT, WITHOUT ROWID;
	CREATE INDEX IF NOT EXISTS session_expires ON session (expires);
	CREATE TABLE IF NOT EXISTS ended (
		token   TEXT    PRIMARY KEY, -- of a session that was ended before its time
		expires INTEGER NOT NULL
	) STRICT, WITHOUT ROWID;`

// OpenSessions opens the file at path, or makes it and the directory it is in,
// readable by its owner alone. The error is ErrNotOurs for a file that is
// something else.
func OpenSessions(ctx context.Context, path string) (*Sessions, error) {
	abs, err := filepath.Abs(path)
	if err == nil {
		err = private(abs)
	}
	if err != nil {
		return nil, fmt.Errorf("open sessions %s: %w", path, err)
	}
	s := &Sessions{}
	if s.write, err = handle(dsn(abs, sessionPragmas, "_txlock=immediate"), 1); err != nil {
		return nil, err
	}
	if s.read, err = handle(dsn(abs, []string{"busy_timeout(5000)", "query_only(1)"}, "mode=ro"), 4); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if err := s.prepare(ctx); err != nil {
		return nil, fmt.Errorf("open sessions %s: %w", path, errors.Join(plain(err), s.Close()))
	}
	return s, nil
}

// private makes an empty file that only its owner may read.
func private(abs string) error {
	if err := os.MkdirAll(filepath.Dir(abs), 0o750); err != nil {
		return err
	}
	f, err := os.OpenFile(abs, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// prepare looks before it writes anything, be it the journal mode.
func (s *Sessions) prepare(ctx context.Context) error {
	var id, tables, settled int
	err := s.read.QueryRowContext(ctx, `SELECT application_id, (SELECT count(*) FROM sqlite_schema), (SELECT user_version FROM pragma_user_version) FROM pragma_application_id`).Scan(&id, &tables, &settled)
	if err != nil {
		return err
	}
	s.fresh.Store(settled == 0)
	if tables > 0 && id != sessionsID {
		return fmt.Errorf("the file holds something else and %w: choose another file", ErrNotOurs)
	}
	if _, err := s.write.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d; %s`, sessionsID, sessionTables+sealTable+tryTable)); err != nil {
		return err
	}
	if err := s.readSeal(ctx); err != nil {
		return err
	}
	if s.find, err = s.read.PrepareContext(ctx, `SELECT data FROM session WHERE token = ? AND expires > ?`); err != nil {
		return err
	}
	return s.sweep(ctx, time.Now())
}

// Fresh reports whether nobody has settled yet what there was to be done beside
// a new file of sessions; see Settle.
func (s *Sessions) Fresh() bool { return s.fresh.Load() }

// Settle says that it has been done.
func (s *Sessions) Settle(ctx context.Context) error {
	if _, err := s.write.ExecContext(ctx, `PRAGMA user_version = 1`); err != nil {
		return fmt.Errorf("settle the file of sessions: %w", plain(err))
	}
	s.fresh.Store(false)
	return nil
}

// Close closes the file.
func (s *Sessions) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// FindCtx reads a session's data; false where there is none or its time is over.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.find.QueryRowContext(ctx, token, time.Now().UnixMilli()).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read a session: %w", plain(err))
	}
	return data, true, nil
}

// CommitCtx keeps a session's data until a time, in place of what it had. Of
// one that has been ended nothing is kept: a request that was under way when it
// was does not bring it back.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	if data == nil {
		data = []byte{}
	}
	_, err := s.write.ExecContext(ctx, `
		INSERT OR REPLACE INTO session (token, data, expires)
		SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM ended WHERE token = ?1)`, token, data, expires.UnixMilli())
	if err == nil {
		err = s.sweepLater(ctx)
	}
	if err != nil {
		return fmt.Errorf("keep a session: %w", plain(err))
	}
	return nil
}

// DeleteCtx ends a session for good; there may be none. Its token is remembered
// for as long as it could have lasted.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO ended (token, expires) SELECT token, expires FROM session WHERE token = ?`, token); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE token = ?`, token)
		return err
	})
	if err != nil {
		return fmt.Errorf("end a session: %w", plain(err))
	}
	return nil
}

// AllCtx lists the data of every session whose time is not over, by token.
func (s *Sessions) AllCtx(ctx context.Context) (map[string][]byte, error) {
	out := map[string][]byte{}
	var token string
	var data []byte
	err := each(ctx, s.read, `SELECT token, data FROM session WHERE expires > ?`, []any{time.Now().UnixMilli()},
		[]any{&token, &data}, func() error { out[token] = data; return nil })
	if err != nil {
		return nil, fmt.Errorf("list the sessions: %w", plain(err))
	}
	return out, nil
}

// Find is FindCtx without a context.
func (s *Sessions) Find(token string) (data []byte, found bool, err error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expires)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// All is AllCtx without a context.
func (s *Sessions) All() (map[string][]byte, error) { return s.AllCtx(context.Background()) }

// change runs f in a transaction.
func (s *Sessions) change(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing once committed
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// sweepLater sweeps where it has not been done for a while.
func (s *Sessions) sweepLater(ctx context.Context) error {
	now, last := time.Now(), s.swept.Load()
	if now.Sub(time.UnixMilli(last)) < sweepEvery || !s.swept.CompareAndSwap(last, now.UnixMilli()) {
		return nil
	}
	return s.sweep(ctx, now)
}

// sweep removes the sessions that are over.
func (s *Sessions) sweep(ctx context.Context, now time.Time) error {
	s.swept.Store(now.UnixMilli())
	_, err := s.write.ExecContext(ctx, `DELETE FROM session WHERE expires <= ?1; DELETE FROM ended WHERE expires <= ?1`, now.UnixMilli())
	return err
}
