// Package store keeps one council's data in a SQLite file: what every imported
// file said, as it said it, and which of it is in force and published; what was
// written and issued; people, settings and the trail of what was done. It makes
// the file's backups, and keeps sessions in a file of their own. It holds the
// project's only SQL. It refuses to know how a file is read, what a measure means, or
// how a figure is compared with another area's.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors a caller decides on.
var (
	ErrNotFound  = errors.New("not found")
	ErrUnchanged = errors.New("the same file has been imported before")
	ErrInvalid   = errors.New("cannot be stored")             // a submission that breaks its own rules
	ErrNotOurs   = errors.New("is not a Bellwether database") // the file Open was given
	ErrNewer     = errors.New("was written by a newer Bellwether; use that version or a later one")
	ErrWithdrawn = errors.New("has been withdrawn already")
	ErrDamaged   = errors.New("is not what was kept") // a part of an issued report
	ErrChanged   = errors.New("has changed since")
	ErrFull      = errors.New("the disk is full")
	ErrReopen    = errors.New("the database failed while it was finishing a write, which may or may not have been kept: " +
		"restart Bellwether and look at the list of imports; until then figures can be read but nothing can be stored")
)

// DB is one council's data. It is safe for concurrent use: writes queue on
// one connection, and reads go on beside them.
type DB struct {
	path     string
	write    *sql.DB
	read     *sql.DB
	frames   atomic.Pointer[frame]
	doubtful atomic.Bool // whether a commit has failed
	lock     *os.File    // of the process that serves; nil in others
	acted    atomic.Pointer[sql.Stmt]

	Now func() time.Time // by which embargoes end; nil for the clock. Set it before anything is read
}

// Open opens the database at path, or makes it and the directory it is in,
// and brings its tables up to date; one that holds anything is copied first,
// to "path.before-6-20261122T101500". The error is ErrNotOurs for a file that
// is something else, ErrNewer for one a later program has written, ErrInUse
// for one that is served and would have to be brought up to date.
func Open(ctx context.Context, path string) (*DB, error) {
	return openWith(ctx, path, migration{copies: true, patience: 5 * time.Second})
}

func openWith(ctx context.Context, path string, m migration) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o750); err != nil {
		return nil, fmt.Errorf("make the directory of database %s: %w", path, err)
	}
	if _, err := os.Stat(abs); errors.Is(err, fs.ErrNotExist) {
		if err := private(abs); err != nil { // it holds secrets; its log has its mode
			return nil, fmt.Errorf("make database %s: %w", path, err)
		}
	}
	if err := m.run(ctx, abs); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, plain(err))
	}
	db := &DB{path: abs}
	if db.write, err = handle(dsn(abs, writerPragmas, "_txlock=immediate"), 1); err != nil {
		return nil, err
	}
	if db.read, err = handle(dsn(abs, readerPragmas, "mode=ro"), max(4, runtime.NumCPU())); err != nil {
		return nil, errors.Join(err, db.write.Close())
	}
	if err := errors.Join(db.write.PingContext(ctx), db.read.PingContext(ctx)); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, errors.Join(plain(err), db.Close()))
	}
	return db, nil
}

// Close closes the readers first, so that the writer is the last one out and
// folds the write-ahead log into the file.
func (db *DB) Close() error { return errors.Join(db.read.Close(), db.write.Close(), db.release()) }

// A pragma belongs to one connection, so it stands in the address, where every
// connection of a pool finds it.
var (
	writerPragmas = []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}
	readerPragmas = []string{"busy_timeout(5000)", "query_only(1)", "mmap_size(1073741824)"}
	// A table is rebuilt by dropping it, which with foreign keys on would
	// delete its children.
	migrationPragmas = []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(0)"}
)

func dsn(abs string, pragmas []string, options ...string) string {
	path := filepath.ToSlash(abs)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	for _, p := range pragmas {
		options = append(options, "_pragma="+p)
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: strings.Join(options, "&")}).String()
}

func handle(dsn string, connections int) (*sql.DB, error) {
	h, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	h.SetMaxOpenConns(connections)
	h.SetMaxIdleConns(connections)
	return h, nil
}

// plain says what SQLite's commonest refusals mean to whoever reads them.
func plain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("the file %w: choose another file (%v)", ErrNotOurs, err)
	case sqlite3.SQLITE_BUSY:
		return fmt.Errorf("another program is writing to the database: wait for it to finish and try again (%w)", err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: make room on it and try again (%w)", ErrFull, err)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR:
		return fmt.Errorf("the file cannot be read or written: check that it is a file, and who may write to it and its directory (%w)", err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the database is damaged: restore the latest backup (%w)", err)
	}
	return err
}
