package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID is "Bell", written by the first migration.
const applicationID = 1113943148

// migrate brings the tables of the file up to date, on a connection of its own.
func migrate(ctx context.Context, abs string) (err error) {
	if err := claim(ctx, abs); err != nil {
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
	held, ours, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read which version the database has: %w", err)
	}
	if held > ours {
		return fmt.Errorf("the database (version %d, this program knows %d) %w", held, ours, ErrNewer)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	return checkReferences(ctx, db)
}

// claim refuses a database of some other program, before anything is written.
func claim(ctx context.Context, abs string) (err error) {
	if info, err := os.Stat(abs); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	db, err := handle(dsn(abs, readerPragmas, "mode=ro"), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var id, tables int
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	if tables > 0 && id != applicationID {
		return fmt.Errorf("the file holds another program's data and %w: choose another file", ErrNotOurs)
	}
	return nil
}

func checkReferences(ctx context.Context, db *sql.DB) error {
	var broken int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
		return fmt.Errorf("check the database's references: %w", err)
	}
	if broken > 0 {
		return fmt.Errorf("the database is damaged: %d of its rows refer to rows that are not there; restore the latest backup", broken)
	}
	return nil
}
