package store

import (
	"context"
	"fmt"
	"strings"

	"bellwether/internal/stat"
)

// Comments lists what the service says in a place, by head, area and date;
// "" is every place.
func (db *DB) Comments(ctx context.Context, place string) ([]stat.Comment, error) {
	out, err := comments(ctx, db.read, `?1 IN ('', place)`, place)
	if err != nil {
		return nil, fmt.Errorf("list the comments of %q: %w", place, plain(err))
	}
	return out, nil
}

// SaveComment keeps a comment, known by its place, head, area and date, of
// which the last three may be none; a blank text says that nothing is said any
// longer. The error is ErrInvalid without a place or somebody who says so.
func (db *DB) SaveComment(ctx context.Context, c stat.Comment) error {
	c.By, c.Text = strings.TrimSpace(c.By), strings.TrimSpace(c.Text)
	sound := needs(
		need{c.Place != "", "a place"},
		need{c.Date.IsZero() || dated(c.Date), "a date that there is, or none"},
		need{c.By != "", "who says so"})
	act := stat.Act{What: "comment.save", On: "comment on " + c.Place, Who: c.By, At: c.At, Detail: spaced(c.Head, c.Area, c.Date.String())}
	_, err := db.add(ctx, whatever(act), sound, `INSERT INTO comment (place, head, area, day, text, who, said) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		c.Place, c.Head, c.Area, dayNumber(c.Date), c.Text, c.By, said(c.At))
	if err != nil {
		return fmt.Errorf("save the comment on %q in %s: %w", c.Head, c.Place, err)
	}
	return nil
}

func comments(ctx context.Context, q querier, where string, args ...any) ([]stat.Comment, error) {
	var c stat.Comment
	return rows(ctx, q, `
		SELECT place, head, area, day, text, who, said FROM comment
		WHERE text <> '' AND id IN (SELECT max(id) FROM comment WHERE `+where+` GROUP BY place, head, area, day)
		ORDER BY place, head, area, day`, args,
		[]any{&c.Place, &c.Head, &c.Area, (*day)(&c.Date), &c.Text, &c.By, (*instant)(&c.At)}, &c)
}
