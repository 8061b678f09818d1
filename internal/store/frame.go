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
	council

	mu       sync.Mutex
	measures map[string]folded
	room     int // observations and restatements that may still be kept
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
	fr := &frame{version: version, measures: map[string]folded{}, room: room}
	var err error
	if fr.origins, err = origins(ctx, tx, `b.withdrawn IS NULL`); err != nil {
		return nil, fmt.Errorf("read origins: %w", err)
	}
	if fr.links, err = links(ctx, tx); err != nil {
		return nil, fmt.Errorf("read neighbours: %w", err)
	}
	if fr.council, err = councilSays(ctx, tx); err != nil {
		return nil, err
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

// fold answers a query, with observations that are the caller's own.
func (fr *frame) fold(ctx context.Context, tx querier, q stat.Query) (folded, error) {
	var says [][]stat.Observation
	var restated [][]stat.Restatement
	is := fr.known(q)
	for _, m := range slices.Compact(slices.Sorted(slices.Values(q.Measures))) {
		read := func() (folded, error) { return fold(ctx, tx, m, q.Areas, is) }
		if q.Areas == nil && q.AsOf.IsZero() {
			read = func() (folded, error) { return fr.whole(ctx, tx, m) }
		}
		part, err := read()
		if err != nil {
			return folded{}, err
		}
		says, restated = append(says, part.observations), append(restated, part.restated)
	}
	return folded{slices.Concat(says...), joined(restated)}, nil
}

// joined are lists one after another; one alone is not copied.
func joined(lists [][]stat.Restatement) []stat.Restatement {
	lists = slices.DeleteFunc(lists, func(l []stat.Restatement) bool { return len(l) == 0 })
	if len(lists) == 1 {
		return slices.Clip(lists[0])
	}
	return slices.Concat(lists...)
}

// whole is a measure for every area, as it is shown: what every page with a
// rank on it asks for.
func (fr *frame) whole(ctx context.Context, tx querier, measure string) (folded, error) {
	fr.mu.Lock()
	kept, ok := fr.measures[measure]
	fr.mu.Unlock()
	if ok {
		return kept, nil
	}
	read, err := fold(ctx, tx, measure, nil, known{origins: fr.origins})
	if err != nil {
		return folded{}, err
	}
	size := len(read.observations) + len(read.restated)
	fr.mu.Lock()
	defer fr.mu.Unlock()
	if _, ok := fr.measures[measure]; !ok && size > 0 && size <= fr.room {
		// Without room to grow, and not the observations the caller is given.
		fr.measures[measure] = folded{slices.Clone(read.observations), slices.Clone(read.restated)}
		fr.room -= size
	}
	return read, nil
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
