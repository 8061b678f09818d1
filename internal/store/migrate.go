package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID is "Bell", written by the first migration.
const applicationID = 1113943148

// migration is how tables are brought up to date.
type migration struct {
	copies   bool          // what holds anything is copied first
	patience time.Duration // with another process that serves the database or does the same
}

// run brings the tables of the file up to date, on a connection of its own.
func (m migration) run(ctx context.Context, abs string) (err error) {
	if _, err := claim(ctx, abs); err != nil {
		return err
	}
	db, err := handle(dsn(abs, migrationPragmas, "_txlock=immediate"), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	behind, err := outdated(ctx, p)
	if err != nil {
		return err
	}
	if behind {
		if err := m.renew(ctx, abs, db, p); err != nil {
			return fmt.Errorf("bring the database up to date: %w", err)
		}
	}
	return checkReferences(ctx, db)
}

// outdated reports whether the tables are of an older program. The error is
// ErrNewer where they are of a newer one.
func outdated(ctx context.Context, p *goose.Provider) (bool, error) {
	held, ours, err := p.GetVersions(ctx)
	if err != nil {
		return false, fmt.Errorf("read which version the database has: %w", err)
	}
	if held > ours {
		return false, fmt.Errorf("the database (version %d, this program knows %d) %w", held, ours, ErrNewer)
	}
	return held < ours, nil
}

// renew migrates while no other process serves the database or does the same,
// and leaves a copy beside it as it was, unless it held nothing.
func (m migration) renew(ctx context.Context, abs string, db *sql.DB, p *goose.Provider) (err error) {
	lock, err := takeLock(ctx, abs, m.patience)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if behind, err := outdated(ctx, p); err != nil || !behind { // another process was quicker
		return err
	}
	if m.copies {
		if err := copyAside(ctx, abs, db, p); err != nil {
			return err
		}
	}
	if _, err = p.Up(ctx); err != nil {
		return err
	}
	return os.Chmod(abs, 0o600) // older programs kept no secrets in it
}

// copyAside copies a database into which anything was ever imported.
func copyAside(ctx context.Context, abs string, db *sql.DB, p *goose.Provider) error {
	held, ours, err := p.GetVersions(ctx)
	if err != nil || held == 0 {
		return err
	}
	var filled bool
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM batch)`).Scan(&filled); err != nil || !filled {
		return err
	}
	now := time.Now()
	_, err = backup(ctx, abs, fmt.Sprintf("%s.before-%d-%s", abs, ours, now.UTC().Format(stamp)), Copy{Made: now})
	if errors.Is(err, fs.ErrExist) { // made by a start that was cut short within this second
		return nil
	}
	return err
}

// claim refuses a database of some other program, before anything is written,
// and reports whether the file holds one of ours or nothing yet.
func claim(ctx context.Context, abs string) (ours bool, err error) {
	if info, err := os.Stat(abs); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return false, nil
	}
	ours, err = claimed(ctx, dsn(abs, readerPragmas, "mode=ro"))
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_READONLY_ROLLBACK { // a killed program left a write half done, which SQLite takes back
		return claimed(ctx, dsn(abs, readerPragmas, "mode=rw"))
	}
	return ours, err
}

func claimed(ctx context.Context, dsn string) (ours bool, err error) {
	db, err := handle(dsn, 1)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var id, tables int
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return false, err
	}
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return false, err
	}
	if tables > 0 && id != applicationID {
		return false, fmt.Errorf("the file holds another program's data and %w: choose another file", ErrNotOurs)
	}
	return tables > 0, nil
}

func checkReferences(ctx context.Context, q querier) error {
	var broken int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
		return fmt.Errorf("check the database's references: %w", err)
	}
	if broken > 0 {
		return fmt.Errorf("the database is damaged: %d of its rows refer to rows that are not there; restore the latest backup", broken)
	}
	return nil
}
