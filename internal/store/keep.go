package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// What Keep leaves: the latest copy of each of so many days and months.
const (
	keptDays   = 14
	keptMonths = 12
)

// stamp is a moment (UTC) in the name of a file.
const stamp = "20060102T150405"

// Keep makes the schedule's copy, dir/bellwether-20261122T101500.db by the name
// of the database and at in UTC, and the directory where there is none. What
// becomes of it stands in the audit trail, unless it is given up. A Copy with a
// Path was made, whatever the error is. Afterwards the copies of the last two days and the latest of each of 14 days
// and 12 months that Keep made are left, and the others are deleted; what
// anybody else put there stays.
func (db *DB) Keep(ctx context.Context, dir, by string, at time.Time) (Copy, error) {
	path := filepath.Join(dir, db.kept(at))
	c, err := db.keep(ctx, path, at)
	return c, db.noteCopy(ctx, c, path, by, err)
}

func (db *DB) keep(ctx context.Context, path string, at time.Time) (Copy, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return Copy{}, fmt.Errorf("make the folder of the backups: %w", err)
	}
	c, err := backup(ctx, db.path, path, Copy{Made: at, Scheduled: true})
	if err != nil {
		return Copy{}, err
	}
	if err := db.prune(dir, c); err != nil {
		return c, fmt.Errorf("the backup %s was made, but older ones could not be deleted: %w", filepath.Base(c.Path), err)
	}
	return c, nil
}

// kept is the name of a copy, after the database's own.
func (db *DB) kept(at time.Time) string { return db.keptPrefix() + at.UTC().Format(stamp) + ".db" }

func (db *DB) keptPrefix() string {
	name := filepath.Base(db.path)
	return strings.TrimSuffix(name, filepath.Ext(name)) + "-"
}

// Copies are the backups of this database in a directory that have a manifest,
// the latest first; none where there is no such directory.
func (db *DB) Copies(ctx context.Context, dir string) ([]Copy, error) {
	own, err := identity(ctx, db.read)
	if err != nil {
		return nil, fmt.Errorf("list the backups: %w", plain(err))
	}
	all, err := copies(dir)
	return slices.DeleteFunc(all, func(c Copy) bool { return c.Database != own }), err
}

// copies are those of any database.
func copies(dir string) ([]Copy, error) {
	manifests, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the backups: %w", err)
	}
	var out []Copy
	for _, m := range manifests {
		path, ok := strings.CutSuffix(filepath.Join(dir, m.Name()), manifest(""))
		if !ok {
			continue
		}
		if c, err := ReadCopy(path); err == nil { // otherwise it is no manifest of ours, or its copy has gone
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Copy) int { return b.Made.Compare(a.Made) })
	return out, nil
}

// fresh is how long a copy stays whatever its day: somebody may have made it
// just before what they were not sure of.
const fresh = 48 * time.Hour

// prune deletes what Keep made and is no longer kept, but never the latest: a
// clock that was wrong may have dated others after it.
func (db *DB) prune(dir string, latest Copy) error {
	all, err := copies(dir)
	if err != nil {
		return err
	}
	ours := slices.DeleteFunc(all, func(c Copy) bool { // and not another's, or one that somebody renamed to keep it
		return !c.Scheduled || c.Database != latest.Database || filepath.Base(c.Path) != db.kept(c.Made)
	})
	for _, c := range surplus(ours) {
		if c.Path == latest.Path || latest.Made.Sub(c.Made).Abs() < fresh {
			continue
		}
		if err := os.Remove(c.Path); err != nil {
			return err
		}
		if err := os.Remove(manifest(c.Path)); err != nil {
			return err
		}
	}
	return db.sweep(dir, latest.Made)
}

// surplus are those of copies, the latest first, that are the latest of no day
// and no month that is kept.
func surplus(copies []Copy) (out []Copy) {
	days, months := map[string]bool{}, map[string]bool{}
	for _, c := range copies {
		ofDay := first(days, keptDays, c.Made.Format("2006-01-02"))
		ofMonth := first(months, keptMonths, c.Made.Format("2006-01"))
		if !ofDay && !ofMonth {
			out = append(out, c)
		}
	}
	return out
}

// first reports whether a span is a new one among the most that are kept.
func first(seen map[string]bool, most int, span string) bool {
	if seen[span] || len(seen) == most {
		return false
	}
	seen[span] = true
	return true
}

// sweep deletes what copies that were cut short have left, a day later.
func (db *DB) sweep(dir string, at time.Time) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), db.keptPrefix()) || !strings.HasSuffix(f.Name(), partial) {
			continue
		}
		if info, err := f.Info(); err != nil || at.Sub(info.ModTime()) < 24*time.Hour {
			continue
		}
		if err := os.Remove(filepath.Join(dir, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// LastDrill is the latest act that says a backup was restored and found whole;
// none is the zero Act.
func (db *DB) LastDrill(ctx context.Context) (stat.Act, error) { return db.LastAct(ctx, stat.ActDrill) }
