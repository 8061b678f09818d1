package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"bellwether/internal/stat"
)

// A frame is what is known of one version of the data, kept until the next:
// what every read needs beside the figures, and the measures read whole.
type frame struct {
	version int64
	origins map[int64]*stat.Origin
	links   []stat.Link // those in force, by model, area and position

	mu       sync.Mutex
	measures map[string][]stat.Observation
	room     int // observations that may still be kept
}

// room is some 60 MB: every measure of all authorities for 25 years, and
// little beside millions of rows, which are then read each time.
const room = 200_000

func (db *DB) frame(ctx context.Context, tx querier) (*frame, error) {
	var version int64
	if err := tx.QueryRowContext(ctx, versionQuery).Scan(&version); err != nil {
		return nil, fmt.Errorf("read the version of the data: %w", err)
	}
	if fr := db.frames.Load(); fr != nil && fr.version == version {
		return fr, nil
	}
	fr := &frame{version: version, measures: map[string][]stat.Observation{}, room: room}
	var err error
	if fr.origins, err = origins(ctx, tx, `b.withdrawn IS NULL`); err != nil {
		return nil, fmt.Errorf("read origins: %w", err)
	}
	if fr.links, err = links(ctx, tx); err != nil {
		return nil, fmt.Errorf("read neighbours: %w", err)
	}
	db.frames.Store(fr)
	return fr, nil
}

// origins by their number, of some batches b.
func origins(ctx context.Context, tx querier, where string, args ...any) (map[int64]*stat.Origin, error) {
	out := map[int64]*stat.Origin{}
	var id int64
	var o stat.Origin
	err := each(ctx, tx, `
		SELECT o.id, o.publisher, o.released, o.file, o.batch, o.sample
		FROM origin o JOIN batch b ON b.id = o.batch WHERE `+where, args,
		[]any{&id, &o.Publisher, &o.Released, &o.File, &o.Batch, &o.Sample},
		func() error { from := o; out[id] = &from; return nil })
	return out, err
}

// observations are those in force for a query, in a slice of the caller's own.
func (fr *frame) observations(ctx context.Context, tx querier, q stat.Query) ([]stat.Observation, error) {
	var parts [][]stat.Observation
	origins := fr.outBy(q.AsOf)
	for _, m := range slices.Compact(slices.Sorted(slices.Values(q.Measures))) {
		read := func() ([]stat.Observation, error) { return fold(ctx, tx, m, q.Areas, origins) }
		if q.Areas == nil && q.AsOf.IsZero() {
			read = func() ([]stat.Observation, error) { return fr.whole(ctx, tx, m) }
		}
		part, err := read()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return slices.Concat(parts...), nil
}

// whole is a measure for every area, as it is shown: what every page with a
// rank on it asks for.
func (fr *frame) whole(ctx context.Context, tx querier, measure string) ([]stat.Observation, error) {
	fr.mu.Lock()
	kept, ok := fr.measures[measure]
	fr.mu.Unlock()
	if ok {
		return kept, nil
	}
	read, err := fold(ctx, tx, measure, nil, fr.origins)
	if err != nil {
		return nil, err
	}
	fr.mu.Lock()
	defer fr.mu.Unlock()
	if _, ok := fr.measures[measure]; !ok && len(read) > 0 && len(read) <= fr.room {
		fr.measures[measure] = slices.Clone(read) // without room to grow
		fr.room -= len(read)
	}
	return read, nil
}

// outBy are the origins that had been released by a day.
func (fr *frame) outBy(d stat.Date) map[int64]*stat.Origin {
	if d.IsZero() {
		return fr.origins
	}
	out := map[int64]*stat.Origin{}
	for id, o := range fr.origins {
		if o.Released.By(d) {
			out[id] = o
		}
	}
	return out
}

func links(ctx context.Context, tx querier) ([]stat.Link, error) {
	var out []stat.Link
	var l stat.Link
	err := each(ctx, tx, `
		SELECT model, area, position, neighbour, closeness, at
		FROM neighbour JOIN (
			SELECT n.model, n.area, max(n.batch) AS batch
			FROM neighbour n JOIN batch b ON b.id = n.batch
			WHERE b.withdrawn IS NULL GROUP BY n.model, n.area
		) USING (model, area, batch)
		ORDER BY model, area, position`, nil,
		[]any{&l.Model, &l.Area, &l.Position, &l.Neighbour, &l.Closeness, &l.At},
		func() error { out = append(out, l); return nil })
	return slices.Clip(out), err
}
