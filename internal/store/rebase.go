package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// Rebases lists the days from which the limits of a measure's control charts
// begin anew, the earliest first; "" is every measure.
func (db *DB) Rebases(ctx context.Context, measure string) ([]stat.Rebase, error) {
	out, err := rebases(ctx, db.read, `?1 IN ('', measure)`, measure)
	if err != nil {
		return nil, fmt.Errorf("list the rebases of measure %q: %w", measure, plain(err))
	}
	return out, nil
}

// SaveRebase keeps a rebase, known by its measure, area and day. The error is
// ErrInvalid where one of these is lacking, and without a reason or somebody
// who says so.
func (db *DB) SaveRebase(ctx context.Context, r stat.Rebase) error {
	r.Reason, r.By = strings.TrimSpace(r.Reason), strings.TrimSpace(r.By)
	sound := needs(
		need{r.Measure != "", "a measure"},
		need{r.Area != "", "an area"},
		need{dated(r.From), "the day on which the new limits begin"},
		need{r.Reason != "", "a reason: what changed"},
		need{r.By != "", "who saves it"})
	if err := db.addRebase(ctx, "rebase.save", r, false, sound); err != nil {
		return fmt.Errorf("save the rebase of %s from %s: %w", r.Measure, r.From, err)
	}
	return nil
}

// DeleteRebase takes a rebase back, for a reason; both are kept. The error is
// ErrNotFound, or ErrInvalid where nobody or no reason is given.
func (db *DB) DeleteRebase(ctx context.Context, measure, area string, from stat.Date, by, reason string, at time.Time) error {
	r := stat.Rebase{Measure: measure, Area: area, From: from, Reason: strings.TrimSpace(reason), By: strings.TrimSpace(by), At: at}
	err := db.addRebase(ctx, "rebase.delete", r, true, func(q querier) error {
		err := needs(need{r.By != "", "who removes it"}, need{r.Reason != "", "a reason"})(q)
		if err != nil {
			return err
		}
		return found(rebases(ctx, q, `measure = ? AND area = ? AND day = ?`, measure, area, dayNumber(from)))
	})
	if err != nil {
		return fmt.Errorf("remove the rebase of %s from %s: %w", measure, from, err)
	}
	return nil
}

func (db *DB) addRebase(ctx context.Context, what string, r stat.Rebase, removed bool, sound func(querier) error) error {
	act := stat.Act{What: what, On: "measure " + r.Measure, Who: r.By, At: r.At, Detail: r.Area + " from " + r.From.String()}
	_, err := db.add(ctx, whatever(act), sound, `
		INSERT INTO rebase (measure, area, day, reason, removed, who, said, latest) VALUES (?, ?, ?, ?, ?, ?, ?, `+latestImport+`)`,
		r.Measure, r.Area, dayNumber(r.From), r.Reason, removed, r.By, said(r.At))
	return err
}

func rebases(ctx context.Context, q querier, where string, args ...any) ([]stat.Rebase, error) {
	var r stat.Rebase
	return rows(ctx, q, `
		SELECT measure, area, day, reason, who, said FROM rebase
		WHERE NOT removed AND id IN (SELECT max(id) FROM rebase WHERE `+where+` GROUP BY measure, area, day)
		ORDER BY day, measure, area`, args,
		[]any{&r.Measure, &r.Area, (*day)(&r.From), &r.Reason, &r.By, (*instant)(&r.At)}, &r)
}
