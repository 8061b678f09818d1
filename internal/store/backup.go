package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes a consistent copy to path while reading and writing go on, and
// checks it. A path that exists is refused with fs.ErrExist.
func (db *DB) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("back up to %s: %w; choose another name", path, fs.ErrExist)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	err = db.copyTo(ctx, abs)
	if err == nil {
		err = integrity(ctx, abs)
	}
	if err != nil {
		os.Remove(abs) // half a copy is none
		return fmt.Errorf("back up to %s: %w", path, plain(err))
	}
	return nil
}

// copyTo uses a reader of its own: the pool's may not write, even elsewhere.
func (db *DB) copyTo(ctx context.Context, abs string) (err error) {
	h, err := handle(dsn(db.path, []string{"busy_timeout(5000)"}, "mode=ro"), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	_, err = h.ExecContext(ctx, `VACUUM INTO ?`, abs)
	return err
}

func integrity(ctx context.Context, abs string) (err error) {
	h, err := handle(dsn(abs, nil, "mode=ro", "immutable=1"), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	var says string
	if err := h.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&says); err != nil {
		return err
	}
	if says != "ok" {
		return fmt.Errorf("the copy is damaged: %s", says)
	}
	return nil
}
