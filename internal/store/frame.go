package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"bellwether/internal/stat"
)

// A frame is what is known of one version of the data, kept until the next:
// what every read needs beside the figures, and the measures read whole.
type frame struct {
	version   int64
	held      reading         // all that was imported and is not withdrawn
	published reading         // without drafts
	drafted   map[string]bool // measures that drafts have figures of
	stewards  []stat.Steward

	mu       sync.Mutex
	measures map[wholeKey]folded
	room     int // observations and restatements that may still be kept
}

// A reading is what counts: with drafts, or without.
type reading struct {
	origins map[int64]*stat.Origin
	links   []stat.Link // those in force, by model, area and position
	council
}

// A wholeKey names a measure read whole. It is published only where that makes
// a difference, so that most measures are kept once.
type wholeKey struct {
	measure   string
	published bool
}

// room is some 60 MB: every measure of all authorities for 25 years, and
// little beside millions of rows, which are then read each time.
const room = 200_000

func (db *DB) frame(ctx context.Context, tx querier) (*frame, error) {
	now := db.now()
	version, err := versionAt(ctx, tx, now)
	if err != nil {
		return nil, fmt.Errorf("read the version of the data: %w", err)
	}
	if fr := db.frames.Load(); fr != nil && fr.version == version {
		return fr, nil
	}
	fr := &frame{version: version, measures: map[wholeKey]folded{}, room: room}
	if err := fr.count(ctx, tx, now); err != nil {
		return nil, err
	}
	if fr.stewards, err = stewards(ctx, tx, `true`); err != nil {
		return nil, fmt.Errorf("read the stewards of measures: %w", err)
	}
	db.frames.Store(fr)
	return fr, nil
}

// count finds what counts at a time, with drafts and without.
func (fr *frame) count(ctx context.Context, tx querier, now time.Time) (err error) {
	if fr.held.origins, err = origins(ctx, tx, now, `b.withdrawn IS NULL`); err != nil {
		return fmt.Errorf("read origins: %w", err)
	}
	if fr.held.links, err = links(ctx, tx, now, false); err != nil {
		return fmt.Errorf("read neighbours: %w", err)
	}
	if fr.held.council, err = councilSays(ctx, tx, noEarly); err != nil {
		return err
	}
	early, err := earlyFigures(ctx, tx, now)
	if err != nil {
		return fmt.Errorf("read which figures are not published: %w", err)
	}
	drafts := 0
	if fr.drafted, drafts, err = drafted(ctx, tx, now); err != nil {
		return fmt.Errorf("read which measures drafts are of: %w", err)
	}
	fr.published = fr.held
	if early != noEarly {
		if fr.published.council, err = councilSays(ctx, tx, early); err != nil {
			return err
		}
	}
	if drafts == 0 {
		return nil
	}
	fr.published.origins = maps.Clone(fr.held.origins)
	maps.DeleteFunc(fr.published.origins, func(_ int64, o *stat.Origin) bool { return o.Draft })
	if fr.published.links, err = links(ctx, tx, now, true); err != nil {
		return fmt.Errorf("read published neighbours: %w", err)
	}
	return nil
}

// reading is what counts for a query.
func (fr *frame) reading(q stat.Query) reading {
	if q.Published {
		return fr.published
	}
	return fr.held
}

// origins by their number, of some batches b; arguments of where begin at ?2.
func origins(ctx context.Context, tx querier, now time.Time, where string, args ...any) (map[int64]*stat.Origin, error) {
	out := map[int64]*stat.Origin{}
	var id int64
	var o stat.Origin
	err := each(ctx, tx, `
		SELECT o.id, o.publisher, o.released, o.file, o.batch, o.sample, `+draft+`
		FROM origin o JOIN batch b ON b.id = o.batch WHERE `+where, append([]any{now.UnixMilli()}, args...),
		[]any{&id, &o.Publisher, &o.Released, &o.File, &o.Batch, &o.Sample, &o.Draft},
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
			read = func() (folded, error) { return fr.whole(ctx, tx, m, is) }
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
func (fr *frame) whole(ctx context.Context, tx querier, measure string, is known) (folded, error) {
	key := wholeKey{measure, is.published && fr.drafted[measure]}
	fr.mu.Lock()
	kept, ok := fr.measures[key]
	fr.mu.Unlock()
	if ok {
		return kept, nil
	}
	read, err := fold(ctx, tx, measure, nil, is)
	if err != nil {
		return folded{}, err
	}
	size := len(read.observations) + len(read.restated)
	fr.mu.Lock()
	defer fr.mu.Unlock()
	if _, ok := fr.measures[key]; !ok && size > 0 && size <= fr.room {
		// Without room to grow, and not the observations the caller is given.
		fr.measures[key] = folded{slices.Clone(read.observations), slices.Clone(read.restated)}
		fr.room -= size
	}
	return read, nil
}

// links are those in force, of published batches or of drafts too.
func links(ctx context.Context, tx querier, now time.Time, published bool) ([]stat.Link, error) {
	var out []stat.Link
	var l stat.Link
	err := each(ctx, tx, `
		SELECT model, area, position, neighbour, closeness, at
		FROM neighbour JOIN (
			SELECT n.model, n.area, max(n.batch) AS batch
			FROM neighbour n JOIN batch b ON b.id = n.batch
			WHERE b.withdrawn IS NULL AND NOT (?2 AND `+draft+`) GROUP BY n.model, n.area
		) USING (model, area, batch)
		ORDER BY model, area, position`, []any{now.UnixMilli(), published},
		[]any{&l.Model, &l.Area, &l.Position, &l.Neighbour, &l.Closeness, &l.At},
		func() error { out = append(out, l); return nil })
	return slices.Clip(out), err
}
