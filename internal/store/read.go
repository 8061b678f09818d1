package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"bellwether/internal/stat"
)

// Read answers a query. Figures share their Origins, and all readers share the
// Links, what was restated and what the council says: nobody may change these.
func (db *DB) Read(ctx context.Context, q stat.Query) (stat.Holding, error) {
	var h stat.Holding
	err := db.view(ctx, func(tx querier, fr *frame) error {
		counts := fr.reading(q)
		h.Links, h.Version, h.Stewards = counts.links, fr.version, fr.stewardsOf(q)
		counts.tell(&h, q)
		r, err := fr.fold(ctx, tx, q)
		h.Observations, h.Restated = r.observations, r.restated
		return err
	})
	if err != nil {
		return stat.Holding{}, fmt.Errorf("read figures: %w", err)
	}
	return h, nil
}

// Version is the version of the data, which rises whenever anything is stored
// that a page may show, and when an embargo ends.
func (db *DB) Version(ctx context.Context) (int64, error) {
	version, err := versionAt(ctx, db.read, db.now())
	if err != nil {
		return 0, fmt.Errorf("read the version of the data: %w", plain(err))
	}
	return version, nil
}

// versionAt adds to what was last written how many embargoes have ended ever:
// neither falls, so that the sum rises with each.
func versionAt(ctx context.Context, q querier, now time.Time) (version int64, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT version + (SELECT count(*) FROM publication WHERE embargo AND visible <= ?) FROM holding`, now.UnixMilli()).Scan(&version)
	return version, err
}

// History lists all that was ever said of a key, in drafts too, by every
// publisher: one observation per release, as printed, the oldest release first.
func (db *DB) History(ctx context.Context, key stat.Key) ([]stat.Observation, error) {
	var out []stat.Observation
	err := db.view(ctx, func(tx querier, fr *frame) error {
		return scan(ctx, tx, fr.held.origins, key.Measure,
			`breakdown = ? AND area = ? AND period_end = ? AND span = ?`,
			[]any{key.Breakdown, key.Area, dayNumber(key.Period.End), slices.Index(spans, key.Period.Span)},
			func(o *stat.Observation, _ string) { out = append(out, *o) })
	})
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", key, err)
	}
	slices.SortStableFunc(out, func(a, b stat.Observation) int {
		return origin(&a).Released.Last().Compare(origin(&b).Released.Last())
	})
	return out, nil
}

// origin is that of the first part given.
func origin(o *stat.Observation) *stat.Origin {
	for _, p := range stat.Parts {
		if f := o.Part(p); f.Given() {
			return f.Origin
		}
	}
	return nil
}

// fold reads the observations of a measure that are in force, counting only
// what is known. Nil areas means every one.
func fold(ctx context.Context, tx querier, measure string, areas []string, is known) (folded, error) {
	f := folder{late: is.late, day: is.day}
	if areas == nil {
		err := scan(ctx, tx, is.origins, measure, `true`, nil, f.add)
		return f.fold(), err
	}
	breakdowns, err := breakdownsOf(ctx, tx, measure)
	if err != nil {
		return folded{}, err
	}
	for _, b := range breakdowns {
		where := `breakdown = ? AND area IN (SELECT value FROM json_each(?))`
		if err := scan(ctx, tx, is.origins, measure, where, []any{b, list(areas)}, f.add); err != nil {
			return folded{}, err
		}
	}
	return f.fold(), nil
}

// foldOwn reads what the origins of one batch say of a measure. Their numbers
// follow on one another.
func foldOwn(ctx context.Context, tx querier, measure string, own map[int64]*stat.Origin) ([]stat.Observation, error) {
	var f folder
	ids := slices.Sorted(maps.Keys(own))
	err := scan(ctx, tx, own, measure, `origin BETWEEN ? AND ?`, []any{ids[0], ids[len(ids)-1]}, f.add)
	return f.fold().observations, err
}

// breakdownsOf steps from one breakdown of a measure to the next, so that
// areas can be sought in each without reading those between.
func breakdownsOf(ctx context.Context, tx querier, measure string) ([]string, error) {
	var out []string
	var b string
	err := each(ctx, tx, `
		WITH RECURSIVE step (breakdown) AS (
			SELECT min(breakdown) FROM observation WHERE measure = ?1
			UNION ALL
			SELECT (SELECT min(o.breakdown) FROM observation o WHERE o.measure = ?1 AND o.breakdown > step.breakdown)
			FROM step WHERE step.breakdown IS NOT NULL
		)
		SELECT breakdown FROM step WHERE breakdown IS NOT NULL`,
		[]any{measure}, []any{&b}, func() error { out = append(out, b); return nil })
	return out, err
}

// list is strings as a table or json_each takes them.
func list(s []string) string {
	b, _ := json.Marshal(append([]string{}, s...)) // strings always can be written
	return string(b)
}

// spans are in the order of their codes, which is that of stat.Period.Compare.
var spans = []stat.Span{stat.Day, stat.Week, stat.Month, stat.Quarter, stat.Half, stat.Year}

// dayNumber is a date as it is kept: 20250331.
func dayNumber(d stat.Date) int64 {
	return int64(d.Year)*10000 + int64(d.Month)*100 + int64(d.Day)
}

func dayOf(n int64) stat.Date {
	return stat.Date{Year: int(n / 10000), Month: time.Month(n / 100 % 100), Day: int(n % 100)}
}

const columns = `breakdown, area, period_end, span, origin,
	count, count_mark, count_text, count_at,
	denominator, denominator_mark, denominator_text, denominator_at,
	value, value_mark, value_text, value_at`

// scan hands on each row of a measure that comes from one of the origins, in
// key order and then as it was stored. The observation is good until the next.
func scan(ctx context.Context, tx querier, origins map[int64]*stat.Origin, measure, where string, args []any, f func(o *stat.Observation, publisher string)) error {
	query := `SELECT ` + columns + ` FROM observation WHERE measure = ? AND ` + where +
		` ORDER BY breakdown, area, period_end, span, origin`
	// Scanning into any takes database/sql's short way: a page reads some
	// 150,000 cells.
	cells := make([]any, 17)
	dest := make([]any, len(cells))
	for i := range cells {
		dest[i] = &cells[i]
	}
	o := stat.Observation{Key: stat.Key{Measure: measure}}
	return each(ctx, tx, query, append([]any{measure}, args...), dest, func() error {
		from, ok := origins[cells[4].(int64)]
		if !ok {
			return nil
		}
		keep(&o.Breakdown, cells[0].(string))
		keep(&o.Area, cells[1].(string))
		o.Period = stat.Period{End: dayOf(cells[2].(int64)), Span: spans[cells[3].(int64)]}
		o.Count = figure(cells[5:9], from)
		o.Denominator = figure(cells[9:13], from)
		o.Value = figure(cells[13:17], from)
		f(&o, from.Publisher)
		return nil
	})
}

// keep leaves an equal string in place, so that a series shares one copy.
func keep(dst *string, s string) {
	if *dst != s {
		*dst = s
	}
}

// figure reads number, mark, text and cell.
func figure(cells []any, from *stat.Origin) stat.Figure {
	var f stat.Figure
	if n, ok := cells[0].(float64); ok {
		f.Number, f.Text = n, written(n)
	} else if m, ok := cells[1].(string); ok {
		f.Mark = stat.Mark(m)
		f.Text = f.Mark.Letter()
	} else {
		return f
	}
	if text, ok := cells[2].(string); ok {
		f.Text = text
	}
	f.At, _ = cells[3].(string)
	f.Origin = from
	return f
}

// written is a number as most files print it; only another text is kept.
func written(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
