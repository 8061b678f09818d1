package store

import (
	"context"
	"os"
	"time"
)

// OnWriter runs a statement on the writing connection.
func (db *DB) OnWriter(ctx context.Context, query string) error {
	_, err := db.write.ExecContext(ctx, query)
	return err
}

// OpenHasty is Open without patience for another process.
func OpenHasty(ctx context.Context, path string) (*DB, error) {
	return openWith(ctx, path, migration{copies: true})
}

// Lock holds the lock of a database, as another process would.
func Lock(ctx context.Context, path string) (*os.File, error) { return takeLock(ctx, path, 0) }

// SweptAt says when sessions were last swept.
func (s *Sessions) SweptAt(at time.Time) { s.swept.Store(at.UnixMilli()) }
