package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// ErrInUse says that another process serves the database, or is bringing it up
// to date.
var ErrInUse = errors.New("is in use")

// errLocked is what openLocked says where another process holds the file.
var errLocked = errors.New("locked")

// takeLock locks the file beside a database for the one process that serves it
// or brings it up to date; other commands read and write beside a server and
// take no lock. Closing the file lets go of it, however the process ends; the
// file stays. The error, after as long as patience, is ErrInUse and names who
// has it.
func takeLock(ctx context.Context, abs string, patience time.Duration) (*os.File, error) {
	path := abs + ".lock"
	for deadline := time.Now().Add(patience); ; {
		f, err := openLocked(path)
		if err == nil {
			return f, holds(f)
		}
		if !errors.Is(err, errLocked) {
			return nil, fmt.Errorf("lock the database: %w", err)
		}
		if !time.Now().Before(deadline) {
			return nil, fmt.Errorf("the database %w by %s: stop that first, or choose another database", ErrInUse, holder(path))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// holds writes into a locked file who has it.
func holds(f *os.File) error {
	err := f.Truncate(0)
	if err == nil {
		_, err = fmt.Fprintf(f, "process %d since %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("lock the database: %w", err), f.Close())
	}
	return nil
}

func holder(path string) string {
	text, err := os.ReadFile(path)
	if says := strings.TrimSpace(string(text)); err == nil && says != "" {
		return says
	}
	return "another process"
}

// Serve makes this process the one that serves the database, until Close, and
// checks the database as a whole. The error is ErrInUse where another process
// serves it.
func (db *DB) Serve(ctx context.Context) (err error) {
	if db.lock, err = takeLock(ctx, db.path, 0); err != nil {
		return err
	}
	if err := integrity(ctx, db.read, "quick_check"); err != nil {
		return fmt.Errorf("check the database: %w", plain(err))
	}
	return nil
}

// release lets go of the lock, where there is one.
func (db *DB) release() error {
	if db.lock == nil {
		return nil
	}
	return db.lock.Close()
}
