package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// Projections lists what was expected of a measure's figures, in the order in
// which it was kept; "" is every measure.
func (db *DB) Projections(ctx context.Context, measure string) ([]stat.Projection, error) {
	out, err := projections(ctx, db.read, `?1 IN ('', measure)`, measure)
	if err != nil {
		return nil, fmt.Errorf("list the projections of measure %q: %w", measure, plain(err))
	}
	return out, nil
}

// KeepProjection keeps a projection for good and returns its number. The error
// is ErrInvalid for one without a measure, an area, a period later than the
// last it was made from, finite numbers in order, a method or somebody who
// keeps it.
func (db *DB) KeepProjection(ctx context.Context, p stat.Projection) (int64, error) {
	p.Method, p.Note, p.By = strings.TrimSpace(p.Method), strings.TrimSpace(p.Note), strings.TrimSpace(p.By)
	last, its := slices.Index(spans, p.Last.Span), slices.Index(spans, p.For.Span)
	sound := needs(
		need{p.Measure != "", "a measure"},
		need{p.Area != "", "an area"},
		need{dated(p.Last.End) && last >= 0, "the period of the latest figure it was made from"},
		need{dated(p.For.End) && its >= 0 && p.Last.End.Before(p.For.End), "a period that is later than that"},
		need{p.Lower <= p.Value && p.Value <= p.Upper && !math.IsInf(p.Upper-p.Lower, 0), "a value, and a range that it lies in"},
		need{p.Method != "", "how it was worked out"},
		need{p.By != "", "who keeps it"})
	act := func(id int64) stat.Act {
		return stat.Act{What: "projection.keep", On: fmt.Sprintf("projection %d", id), Who: p.By, At: p.At,
			Detail: fmt.Sprintf("%s of %s for %s", p.Measure, p.Area, p.For)}
	}
	id, err := db.add(ctx, act, sound, `
		INSERT INTO projection (measure, area, last_end, last_span, for_end, for_span, value, lower, upper, method, note, who, said, latest)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, `+latestImport+`)`,
		p.Measure, p.Area, dayNumber(p.Last.End), last, dayNumber(p.For.End), its,
		p.Value, p.Lower, p.Upper, p.Method, p.Note, p.By, said(p.At))
	if err != nil {
		return 0, fmt.Errorf("keep the projection of %s for %s: %w", p.Measure, p.For, err)
	}
	return id, nil
}

func projections(ctx context.Context, q querier, where string, args ...any) ([]stat.Projection, error) {
	var out []stat.Projection
	var p stat.Projection
	var lastEnd, lastSpan, forEnd, forSpan int64
	err := each(ctx, q, `
		SELECT id, measure, area, last_end, last_span, for_end, for_span, value, lower, upper, method, note, who, said
		FROM projection WHERE `+where+` ORDER BY id`, args,
		[]any{&p.ID, &p.Measure, &p.Area, &lastEnd, &lastSpan, &forEnd, &forSpan, &p.Value, &p.Lower, &p.Upper,
			&p.Method, &p.Note, &p.By, (*instant)(&p.At)},
		func() error {
			p.Last = stat.Period{End: dayOf(lastEnd), Span: spans[lastSpan]}
			p.For = stat.Period{End: dayOf(forEnd), Span: spans[forSpan]}
			out = append(out, p)
			return nil
		})
	return slices.Clip(out), err
}
