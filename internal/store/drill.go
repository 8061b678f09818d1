package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"bellwether/internal/stat"
)

// Drilled is what a restored backup was found to hold.
type Drilled struct {
	File     string    `json:"file"`
	Bytes    int64     `json:"bytes"`
	SHA256   string    `json:"sha256"`
	Made     time.Time `json:"made,omitzero"` // zero where no manifest is beside it
	Schema   int64     `json:"schema"`        // version of its tables
	Migrated bool      `json:"migrated"`      // whether those had to be brought up to date
	Imports  int       `json:"imports"`
	Figures  int       `json:"figures"` // observations, of all releases
	Issues   int       `json:"issues"`
	Acts     int64     `json:"acts"`
	Head     string    `json:"head"` // hash of the last act, "" for none
}

// Drill restores a backup into a directory of its own within scratch (or, with
// "", the system's), which is gone afterwards, and proves it: the file is the
// one its manifest tells of, if it has one; SQLite finds it sound, with every
// reference; it opens, brought up to date if it is older; its audit trail is
// whole and ends where the manifest says; and every issued report has the
// bytes it was handed out with. See, which may be nil, is shown each issue,
// the oldest first, and may fail the drill. The file itself is only read. The
// error is ErrNotOurs, ErrNewer, ErrTampered, ErrDamaged or see's.
func Drill(ctx context.Context, file, scratch string, see func(stat.Issue) error) (Drilled, error) {
	d, err := drill(ctx, file, scratch, see)
	if err != nil {
		return Drilled{}, fmt.Errorf("restore %s: %w", file, plain(err))
	}
	return d, nil
}

func drill(ctx context.Context, file, scratch string, see func(stat.Issue) error) (d Drilled, err error) {
	dir, err := os.MkdirTemp(scratch, "bellwether-drill-*")
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	told, err := ReadCopy(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d, err
	}
	d.File, d.Made = file, told.Made
	restored := filepath.Join(dir, "restored.db")
	if d.SHA256, d.Bytes, err = restore(file, restored); err != nil {
		return d, err
	}
	if told.SHA256 != "" && told.SHA256 != d.SHA256 {
		return d, fmt.Errorf("the file %w: its manifest tells of another; use an earlier backup", ErrDamaged)
	}
	return d, d.prove(ctx, restored, told, see)
}

// restore copies a backup. A database in use is none: what was written last is
// in its log.
func restore(from, to string) (hash string, size int64, err error) {
	if log, err := os.Stat(from + "-wal"); err == nil && log.Size() > 0 {
		return "", 0, fmt.Errorf("it is a database in use, not a backup: make one with bellwether backup")
	}
	in, err := os.Open(from)
	if err != nil {
		return "", 0, err
	}
	defer in.Close() // only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, err
	}
	h := sha256.New()
	size, err = io.Copy(out, io.TeeReader(in, h))
	return hex.EncodeToString(h.Sum(nil)), size, errors.Join(err, out.Close())
}

// prove checks a restored copy and says what it holds.
func (d *Drilled) prove(ctx context.Context, restored string, told Copy, see func(stat.Issue) error) (err error) {
	ours, err := claim(ctx, restored)
	if err != nil {
		return err
	}
	if !ours {
		return fmt.Errorf("the file is empty and %w", ErrNotOurs)
	}
	var held Copy
	if err := held.read(ctx, restored); err != nil {
		return err
	}
	d.Schema = held.Schema
	db, err := openWith(ctx, restored, migration{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	head, err := db.CheckActs(ctx)
	if err != nil {
		return err
	}
	if d.Acts, d.Head = head.Number, head.Hash; told.SHA256 != "" && told.Head != d.Head {
		return fmt.Errorf("its audit trail %w: it ends otherwise than the manifest says", ErrTampered)
	}
	if err := d.count(ctx, db); err != nil {
		return err
	}
	return d.look(ctx, db, see)
}

func (d *Drilled) count(ctx context.Context, db *DB) error {
	var schema int64
	err := db.read.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM batch), (SELECT count(*) FROM observation), (SELECT max(version_id) FROM goose_db_version)`).
		Scan(&d.Imports, &d.Figures, &schema)
	d.Migrated = schema > d.Schema
	return err
}

// look reads every issue, which checks its content and files.
func (d *Drilled) look(ctx context.Context, db *DB, see func(stat.Issue) error) error {
	issues, err := db.Issues(ctx)
	if err != nil {
		return err
	}
	for _, head := range slices.Backward(issues) {
		is, err := db.Issue(ctx, head.Number)
		if err == nil && see != nil {
			err = see(is)
		}
		if err != nil {
			return err
		}
		d.Issues++
	}
	return nil
}
