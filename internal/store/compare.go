package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// Compare counts what a submission would change, storing nothing. Against what
// is held of the same key and publisher an observation is new where nothing
// is, revised where some part would read differently or be added, and
// otherwise unchanged, as is a release older than the one that shows. The
// error is ErrInvalid where Store would refuse.
func (db *DB) Compare(ctx context.Context, sub stat.Submission) (stat.Changes, error) {
	var c stat.Changes
	says, err := arrange(sub)
	if err != nil {
		return c, err
	}
	err = db.view(ctx, func(tx querier, fr *frame) (err error) {
		c, err = changes(ctx, tx, fr, says, sub.Links)
		return err
	})
	if err != nil {
		return stat.Changes{}, fmt.Errorf("compare %s with what is held: %w", sub.Batch.File, err)
	}
	return c, nil
}

// changes takes observations in order.
func changes(ctx context.Context, tx querier, fr *frame, says []stat.Observation, links []stat.Link) (stat.Changes, error) {
	held, err := fr.observations(ctx, tx, queryFor(says))
	if err != nil {
		return stat.Changes{}, err
	}
	c := linkChanges(links, fr.links)
	i := 0
	for _, o := range says {
		for i < len(held) && order(held[i], o) < 0 {
			i++
		}
		if i == len(held) || order(held[i], o) > 0 {
			c.New++
		} else if overlay(&held[i], &o) {
			c.Revised++
		} else {
			c.Unchanged++
		}
	}
	return c, nil
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
func order(a, b stat.Observation) int {
	return cmp.Or(a.Key.Compare(b.Key), strings.Compare(a.Publisher(), b.Publisher()))
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
