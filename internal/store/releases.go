package store

import (
	"context"
	"fmt"
	"slices"

	"bellwether/internal/stat"
)

// Releases are the days on which the council's published figures of a measure
// were released, each once, the oldest first. Drafts and what has been
// withdrawn do not count.
func (db *DB) Releases(ctx context.Context, measure string) ([]stat.Date, error) {
	var out []stat.Date
	err := db.view(ctx, func(tx querier, fr *frame) error {
		var id int64
		return each(ctx, tx, `SELECT DISTINCT origin FROM observation WHERE measure = ?`, []any{measure}, []any{&id}, func() error {
			if o := fr.published.origins[id]; o != nil && o.Publisher == stat.Council {
				out = append(out, o.Released.Last())
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read the releases of %s: %w", measure, err)
	}
	slices.SortFunc(out, stat.Date.Compare)
	return slices.Compact(out), nil
}
