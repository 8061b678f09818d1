package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// Layouts lists the council's own layouts by name, each as it was last saved.
func (db *DB) Layouts(ctx context.Context) ([]stat.SavedLayout, error) {
	out, err := layouts(ctx, db.read, `true`)
	if err != nil {
		return nil, fmt.Errorf("list the saved layouts: %w", plain(err))
	}
	return out, nil
}

// SaveLayout keeps a layout under its name, in place of one it finds there,
// which is kept too but not listed. Capitals make no other name. The error is
// ErrInvalid where the name or the text is blank.
func (db *DB) SaveLayout(ctx context.Context, l stat.SavedLayout) error {
	err := db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		l.Name = strings.TrimSpace(l.Name)
		if l.Name == "" || strings.TrimSpace(l.TOML) == "" {
			return stat.Act{}, fmt.Errorf("it %w: it takes a name and a text", ErrInvalid)
		}
		l.At = moment(l.At)
		return layoutAct("layout.save", l), insertLayout(ctx, tx, l, l.TOML)
	})
	if err != nil {
		return fmt.Errorf("save layout %q: %w", l.Name, err)
	}
	return nil
}

// DeleteLayout stops listing a layout; what was saved is kept, and who deleted
// it when. The error is ErrNotFound.
func (db *DB) DeleteLayout(ctx context.Context, name, by string, at time.Time) error {
	err := db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		held, err := layouts(ctx, tx, `name = ?`, name)
		if err := found(held, err); err != nil {
			return stat.Act{}, err
		}
		gone := stat.SavedLayout{Name: name, By: by, At: moment(at)}
		return layoutAct("layout.delete", gone), insertLayout(ctx, tx, gone, nil)
	})
	if err != nil {
		return fmt.Errorf("delete layout %q: %w", name, err)
	}
	return nil
}

func layoutAct(what string, l stat.SavedLayout) stat.Act {
	return stat.Act{What: what, On: "layout " + l.Name, Who: l.By, At: l.At}
}

func insertLayout(ctx context.Context, tx execer, l stat.SavedLayout, text any) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO layout (name, toml, who, saved) VALUES (?, ?, ?, ?)`,
		l.Name, text, l.By, moment(l.At).Format(time.RFC3339Nano))
	return err
}

func layouts(ctx context.Context, q querier, where string, args ...any) ([]stat.SavedLayout, error) {
	var out []stat.SavedLayout
	var l stat.SavedLayout
	err := each(ctx, q, `
		SELECT name, toml, who, saved FROM layout
		WHERE toml IS NOT NULL AND id IN (SELECT max(id) FROM layout WHERE `+where+` GROUP BY name)
		ORDER BY name`, args,
		[]any{&l.Name, &l.TOML, &l.By, (*instant)(&l.At)},
		func() error { out = append(out, l); return nil })
	return out, err
}
