package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"bellwether/internal/stat"
)

// council is what a council says of its figures, as it is in force: part of a
// frame, so that a page's one read has it.
type council struct {
	groups      []stat.Group
	meetings    []stat.Meeting
	rebases     []stat.Rebase
	projections []stat.Projection
	comments    []stat.Comment
}

// councilSays is all that it says but for what may be of early figures.
func councilSays(ctx context.Context, q querier, early string) (c council, err error) {
	if c.groups, err = groups(ctx, q, `true`); err != nil {
		return c, fmt.Errorf("read the groups of authorities: %w", err)
	}
	if c.meetings, err = meetings(ctx, q, `true`); err != nil {
		return c, fmt.Errorf("read the meetings: %w", err)
	}
	if c.rebases, err = rebases(ctx, q, settledBy, early); err != nil {
		return c, fmt.Errorf("read the rebases: %w", err)
	}
	if c.projections, err = projections(ctx, q, settledBy, early); err != nil {
		return c, fmt.Errorf("read the projections: %w", err)
	}
	if c.comments, err = comments(ctx, q, `true`); err != nil {
		return c, fmt.Errorf("read the comments: %w", err)
	}
	return c, nil
}

// latestImport is that by now, for a row that is added.
const latestImport = `(SELECT coalesce(max(id), 0) FROM batch)`

// noEarly are no early figures.
const noEarly = `[]`

// earlyFigures lists the figures that may be spoken of before they are
// published, in JSON: of which measure, by which draft, until when that was
// held, if it has been withdrawn, and between which times it was published all
// the same. Times are in seconds since 1970.
func earlyFigures(ctx context.Context, q querier, now time.Time) (list string, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT json_group_array(json_object('of', m.value, 'draft', b.id, 'gone', unixepoch(b.withdrawn, 'subsec'), 'shown', (
			SELECT json_group_array(json_object('from', visible / 1000.0, 'until', (
				SELECT unixepoch(next.said, 'subsec') FROM publication next WHERE next.batch = p.batch AND next.id > p.id ORDER BY next.id LIMIT 1)))
			FROM publication p WHERE p.batch = b.id AND visible IS NOT NULL)))
		FROM batch b, json_each(b.measures) m WHERE `+draft, now.UnixMilli()).Scan(&list)
	return list, err
}

// settledBy is whether a row cannot have been said of any of the early figures
// ?1: of each draft of its measure that was held by then, and was one.
const settledBy = `NOT EXISTS (
	SELECT 1 FROM json_each(?1) early
	WHERE early.value ->> 'of' = measure AND early.value ->> 'draft' <= latest
	AND coalesce(early.value ->> 'gone' >= unixepoch(said, 'subsec'), true)
	AND NOT EXISTS (
		SELECT 1 FROM json_each(early.value, '$.shown') shown
		WHERE shown.value ->> 'from' <= unixepoch(said, 'subsec')
		AND coalesce(shown.value ->> 'until' > unixepoch(said, 'subsec'), true)))`

// tell puts it into a holding that answers a query.
func (c *council) tell(h *stat.Holding, q stat.Query) {
	h.Groups, h.Meetings, h.Comments = c.groups, c.meetings, c.comments
	for _, r := range c.rebases {
		if slices.Contains(q.Measures, r.Measure) {
			h.Rebases = append(h.Rebases, r)
		}
	}
	for _, p := range c.projections {
		if slices.Contains(q.Measures, p.Measure) {
			h.Projections = append(h.Projections, p)
		}
	}
}

// add keeps one more row, as the act that it is under its number, and gives
// the data a new version, unless sound finds that it cannot be kept. It returns
// the row's number.
func (db *DB) add(ctx context.Context, act func(id int64) stat.Act, sound func(q querier) error, query string, args ...any) (id int64, err error) {
	err = db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		if err := sound(tx); err != nil {
			return stat.Act{}, err
		}
		res, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return stat.Act{}, err
		}
		if id, err = res.LastInsertId(); err != nil {
			return stat.Act{}, err
		}
		return act(id), rise(ctx, tx)
	})
	return id, err
}

// whatever its number: an act on what is not known by one.
func whatever(act stat.Act) func(int64) stat.Act { return func(int64) stat.Act { return act } }

// A need is something a row must have, named as whoever reads the error does.
type need struct {
	met  bool
	what string
}

// needs is ErrInvalid with the first need that is not met.
func needs(list ...need) func(querier) error {
	return func(querier) error {
		for _, n := range list {
			if !n.met {
				return fmt.Errorf("it %w: it takes %s", ErrInvalid, n.what)
			}
		}
		return nil
	}
}

// found is ErrNotFound where nothing of a key is in force.
func found[T any](held []T, err error) error {
	if err == nil && len(held) == 0 {
		return ErrNotFound
	}
	return err
}

// dated reports whether a day is one that can be kept.
func dated(d stat.Date) bool {
	return d.Year >= 1900 && d.Year <= 2199 && d == stat.DateOf(d.Time())
}

// said is when something was said, as it is kept.
func said(at time.Time) string { return moment(at).Format(time.RFC3339Nano) }
