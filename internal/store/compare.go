package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// Compare counts what a submission would change, storing nothing. Against what
// is held of the same key and publisher, in drafts too, an observation is new
// where nothing is; revised where some part would read differently or be
// added; superseded where it is of an earlier release than the one that shows
// and says otherwise; and unchanged where it says the same, or only has a gap.
// The error is ErrInvalid where Store would refuse.
func (db *DB) Compare(ctx context.Context, sub stat.Submission) (stat.Changes, error) {
	_, c, err := db.Preview(ctx, sub, 0)
	return c, err
}

// Preview is Compare with the figures that would read differently, at most
// limit of them: first those that are held otherwise, then those of which
// nothing is held, each in key order.
func (db *DB) Preview(ctx context.Context, sub stat.Submission, limit int) ([]stat.Change, stat.Changes, error) {
	d := differences{limit: limit}
	says, err := arrange(sub)
	if err != nil {
		return nil, d.Changes, err
	}
	err = db.view(ctx, func(tx querier, fr *frame) error { return d.against(ctx, tx, fr, says, sub.Links) })
	if err != nil {
		return nil, stat.Changes{}, fmt.Errorf("compare %s with what is held: %w", sub.Batch.File, err)
	}
	return d.list(), d.Changes, nil
}

// Changed lists the figures that an import made read differently when it was
// stored, be it withdrawn since or not, in the order of Preview and at most
// limit of them, and says how many there are. The error is ErrNotFound.
func (db *DB) Changed(ctx context.Context, id int64, limit int) ([]stat.Change, int, error) {
	d := differences{limit: limit}
	err := db.view(ctx, func(tx querier, _ *frame) error {
		var measures []string
		if err := tx.QueryRowContext(ctx, `SELECT measures FROM batch WHERE id = ?`, id).Scan((*words)(&measures)); err != nil {
			if errors.Is(err, sql.ErrNoRows) {
				return ErrNotFound
			}
			return err
		}
		own, err := origins(ctx, tx, db.now(), `b.id = ?2`, id)
		if err != nil {
			return err
		}
		before, err := origins(ctx, tx, db.now(), `b.id < ?2 AND (b.withdrawn IS NULL OR b.withdrawn_after >= ?2)`, id)
		if err != nil {
			return err
		}
		for _, m := range measures {
			says, err := foldOwn(ctx, tx, m, own)
			if err != nil {
				return err
			}
			held, err := fold(ctx, tx, m, queryFor(says).Areas, known{origins: before})
			if err != nil {
				return err
			}
			d.compare(held.observations, says)
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("what import %d changed: %w", id, err)
	}
	return d.list(), d.figures, nil
}

// differences between what is held and what is said.
type differences struct {
	stat.Changes
	figures, limit int
	revised, added []stat.Change // up to the limit each
}

// against takes observations in order.
func (d *differences) against(ctx context.Context, tx querier, fr *frame, says []stat.Observation, links []stat.Link) error {
	held, err := fr.fold(ctx, tx, queryFor(says))
	if err != nil {
		return err
	}
	d.Changes = linkChanges(links, fr.held.links)
	d.compare(held.observations, says)
	return nil
}

// compare takes both in order.
func (d *differences) compare(held, says []stat.Observation) {
	i := 0
	for j := range says {
		for i < len(held) && order(&held[i], &says[j]) < 0 {
			i++
		}
		if i < len(held) && order(&held[i], &says[j]) == 0 {
			switch {
			case d.observe(&held[i], &says[j]):
				d.Revised++
			case superseded(&says[j], &held[i]):
				d.Superseded++
			default:
				d.Unchanged++
			}
			continue
		}
		d.observe(&stat.Observation{}, &says[j])
		d.New++
	}
}

// observe reports whether any figure reads differently.
func (d *differences) observe(held, says *stat.Observation) (changed bool) {
	for _, p := range stat.Parts {
		was, now := held.Part(p), says.Part(p)
		if !supersedes(*now, *was) || now.Same(*was) {
			continue
		}
		changed = true
		d.figures++
		to := &d.added
		if was.Given() {
			to = &d.revised
		}
		if len(*to) < d.limit {
			*to = append(*to, stat.Change{Key: says.Key, Publisher: says.Publisher(), Part: p, Was: *was, Now: *now})
		}
	}
	return changed
}

// superseded reports whether any figure says otherwise than the later release
// that shows.
func superseded(says, held *stat.Observation) bool {
	for _, p := range stat.Parts {
		f, shows := says.Part(p), held.Part(p)
		if f.Given() && shows.Given() && !f.Same(*shows) && f.Mark != stat.Unexplained && earlier(f.Origin.Released, shows.Origin.Released) {
			return true
		}
	}
	return false
}

func (d *differences) list() []stat.Change {
	all := append(d.revised, d.added...)
	return all[:min(len(all), max(d.limit, 0))]
}

// queryFor asks for all that could be held of some observations.
func queryFor(says []stat.Observation) stat.Query {
	measures, areas := map[string]bool{}, map[string]bool{}
	for i := range says {
		measures[says[i].Measure], areas[says[i].Area] = true, true
	}
	return stat.Query{
		Measures: slices.Collect(maps.Keys(measures)),
		Areas:    append([]string{}, slices.Sorted(maps.Keys(areas))...),
	}
}

// order is that of a Holding.
func order(a, b *stat.Observation) int {
	if c := a.Key.Compare(b.Key); c != 0 {
		return c
	}
	return strings.Compare(a.Publisher(), b.Publisher())
}

// linkChanges compares links place by place.
func linkChanges(links, held []stat.Link) stat.Changes {
	type place struct {
		model, area string
		position    int
	}
	at := make(map[place]stat.Link, len(held))
	for _, l := range held {
		at[place{l.Model, l.Area, l.Position}] = l
	}
	var c stat.Changes
	for _, l := range links {
		switch h, ok := at[place{l.Model, l.Area, l.Position}]; {
		case !ok:
			c.New++
		case h.Neighbour != l.Neighbour || h.Closeness != l.Closeness:
			c.Revised++
		default:
			c.Unchanged++
		}
	}
	return c
}
