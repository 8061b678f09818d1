package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"bellwether/internal/stat"
)

// Copy is a backup of a database, as the manifest beside it says ("FILE.json").
// Head and Acts tell where the audit trail stood, so that a trail which is
// rewritten later shows.
type Copy struct {
	Path      string    `json:"-"` // absolute
	Bytes     int64     `json:"-"`
	Made      time.Time `json:"made"`
	SHA256    string    `json:"sha256"`    // of the file
	Database  string    `json:"database"`  // which it is of, whatever its name; "" for tables older than version 6
	Schema    int64     `json:"schema"`    // version of the tables
	Version   int64     `json:"version"`   // of the data, as DB.Version says it
	Acts      int64     `json:"acts"`      // how many acts its audit trail has
	Head      string    `json:"head"`      // hash of the last of them, "" for none
	Scheduled bool      `json:"scheduled"` // made by Keep, which may delete it again
}

// LogValue implements slog.LogValuer: it has the head of the audit trail.
func (c Copy) LogValue() slog.Value {
	return slog.GroupValue(slog.String("file", c.Path), slog.Int64("bytes", c.Bytes), slog.String("sha256", c.SHA256), slog.Int64("acts", c.Acts), slog.String("head", c.Head))
}

// manifest is the file beside a copy.
func manifest(path string) string { return path + ".json" }

// Backup writes a consistent copy to path while reading and writing go on,
// checks it, and puts its manifest beside it. All of it is on the disk before
// it has its name, and stands in the audit trail, made or failed, unless it is
// given up. A path that exists is refused with fs.ErrExist. A Copy with a Path
// was made, whatever the error is.
func (db *DB) Backup(ctx context.Context, path, by string) (Copy, error) {
	c, err := backup(ctx, db.path, path, Copy{Made: time.Now()})
	return c, db.noteCopy(ctx, c, path, by, err)
}

// noteCopy adds to the audit trail what became of a copy, whose error it
// returns.
func (db *DB) noteCopy(ctx context.Context, c Copy, path, by string, err error) error {
	act := stat.Act{Who: by, What: stat.ActBackup, On: filepath.Base(path), Detail: "sha256 " + c.SHA256}
	switch {
	case ctx.Err() != nil, errors.Is(err, fs.ErrExist):
		return err
	case c.Path == "":
		act.What, act.Detail = stat.ActBackupFailed, err.Error()
	}
	silent := db.Note(ctx, act)
	if silent != nil && c.Path != "" {
		silent = fmt.Errorf("the backup %s was made and is sound, but the audit trail does not say so: %w", act.On, silent)
	}
	return errors.Join(err, silent)
}

func backup(ctx context.Context, from, to string, c Copy) (Copy, error) {
	err := c.make(ctx, from, to)
	if err != nil {
		return Copy{}, fmt.Errorf("back up to %s: %w", to, plain(err))
	}
	return c, nil
}

func (c *Copy) make(ctx context.Context, from, to string) (err error) {
	if c.Path, err = filepath.Abs(to); err != nil {
		return err
	}
	if err := absent(c.Path); err != nil {
		return err
	}
	part, err := spare(c.Path)
	if err != nil {
		return err
	}
	defer os.Remove(part) // does nothing once it has its name
	c.Made = c.Made.UTC().Truncate(time.Second)
	if err := vacuum(ctx, from, part); err != nil {
		return err
	}
	if err := c.read(ctx, part); err != nil {
		return err
	}
	if c.SHA256, c.Bytes, err = settle(part); err != nil {
		return err
	}
	return c.place(part)
}

// absent refuses what would be written over.
func absent(paths ...string) error {
	for _, p := range paths {
		if _, err := os.Lstat(p); err == nil {
			return fmt.Errorf("%s: %w; choose another name", filepath.Base(p), fs.ErrExist)
		}
	}
	return nil
}

// partial ends the name of what is not finished.
const partial = ".part"

// spare is an empty file in the directory of path, which only its owner may
// read: SQLite writes a copy into one.
func spare(path string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+partial)
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// vacuum uses a reader of its own: the pool's may not write, even elsewhere.
func vacuum(ctx context.Context, from, to string) (err error) {
	h, err := handle(dsn(from, []string{"busy_timeout(5000)"}, "mode=ro"), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	_, err = h.ExecContext(ctx, `VACUUM INTO ?`, to)
	return err
}

// read checks a copy whole and fills in what it holds.
func (c *Copy) read(ctx context.Context, abs string) (err error) {
	h, err := handle(dsn(abs, nil, "mode=ro", "immutable=1"), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := integrity(ctx, h, "integrity_check"); err != nil {
		return err
	}
	if err := checkReferences(ctx, h); err != nil {
		return err
	}
	return c.describe(ctx, h)
}

func (c *Copy) describe(ctx context.Context, h *sql.DB) error {
	var audited, named bool // since versions 5 and 6 of the tables
	err := h.QueryRowContext(ctx, `
		SELECT max(version_id), (SELECT version FROM holding), (SELECT count(*) FROM sqlite_schema WHERE name = 'act'),
			(SELECT count(*) FROM pragma_table_info('holding') WHERE name = 'identity')
		FROM goose_db_version`).Scan(&c.Schema, &c.Version, &audited, &named)
	if err == nil && named {
		c.Database, err = identity(ctx, h)
	}
	if err != nil || !audited {
		return err
	}
	err = h.QueryRowContext(ctx, `SELECT number, hash FROM act ORDER BY number DESC LIMIT 1`).Scan(&c.Acts, &c.Head)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// identity tells a database from any other.
func identity(ctx context.Context, q querier) (id string, err error) {
	err = q.QueryRowContext(ctx, `SELECT identity FROM holding`).Scan(&id)
	return id, err
}

// integrity is SQLite's own check, integrity_check or quick_check, of all of a
// database.
func integrity(ctx context.Context, q querier, check string) error {
	var says string
	if err := q.QueryRowContext(ctx, `PRAGMA `+check+`(1)`).Scan(&says); err != nil {
		return err
	}
	if says != "ok" {
		return fmt.Errorf("the database is damaged: restore the latest backup (%s)", says)
	}
	return nil
}

// settle makes sure that a file is on the disk, and says what it is.
func settle(path string) (hash string, size int64, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0) // Windows synchronises only what may be written
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(h.Sum(nil)), size, f.Sync()
}

// place gives a finished copy its name. Its manifest comes first: no copy is
// ever without.
func (c *Copy) place(part string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	if err := absent(c.Path); err != nil {
		return err
	}
	beside, err := spare(manifest(c.Path))
	if err != nil {
		return err
	}
	defer os.Remove(beside)
	if err := os.WriteFile(beside, append(text, '\n'), 0o600); err != nil {
		return err
	}
	if _, _, err := settle(beside); err != nil {
		return err
	}
	if err := os.Rename(beside, manifest(c.Path)); err != nil {
		return err
	}
	if err := os.Rename(part, c.Path); err != nil {
		return err
	}
	return settleDirectory(filepath.Dir(c.Path))
}

// settleDirectory makes sure that the names in a directory are on the disk.
// Windows does so of itself, and cannot be asked.
func settleDirectory(dir string) (err error) {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Sync()
}

// ReadCopy is what the manifest beside a copy says of it. The error is
// fs.ErrNotExist where there is no manifest or no copy.
func ReadCopy(path string) (Copy, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Copy{}, err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return Copy{}, err
	}
	text, err := os.ReadFile(manifest(abs))
	if err != nil {
		return Copy{}, err
	}
	var c Copy
	if err := json.Unmarshal(text, &c); err != nil || cmp.Or(c.SHA256, "") == "" {
		return Copy{}, fmt.Errorf("%s is not the manifest of a backup: %w", manifest(path), cmp.Or(err, errors.New("it has no sha256")))
	}
	c.Path, c.Bytes = abs, info.Size()
	return c, nil
}
