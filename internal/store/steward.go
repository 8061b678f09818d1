package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// Stewards lists who answers for measures, and what is said of those not
// measured yet, by measure.
func (db *DB) Stewards(ctx context.Context) ([]stat.Steward, error) {
	out, err := stewards(ctx, db.read, `true`)
	if err != nil {
		return nil, fmt.Errorf("list the stewards of measures: %w", plain(err))
	}
	return out, nil
}

// SaveSteward keeps who answers for a measure, in place of what was said of it
// before; one that says nothing removes that. What was said is kept. The error
// is ErrInvalid without a measure or somebody who says so, and for a day that
// there is not.
func (db *DB) SaveSteward(ctx context.Context, s stat.Steward) error {
	s.Owner, s.Unmeasured, s.By = strings.TrimSpace(s.Owner), strings.TrimSpace(s.Unmeasured), strings.TrimSpace(s.By)
	sound := needs(
		need{s.Measure != "", "a measure"},
		need{s.Review.IsZero() || dated(s.Review), "a day for its review that there is, or none"},
		need{s.By != "", "who says so"})
	act := stat.Act{What: "measure.steward", On: "measure " + s.Measure, Who: s.By, At: s.At, Detail: s.Owner}
	_, err := db.add(ctx, whatever(act), sound, `INSERT INTO steward (measure, owner, review, unmeasured, who, said) VALUES (?, ?, ?, ?, ?, ?)`,
		s.Measure, s.Owner, dayNumber(s.Review), s.Unmeasured, s.By, said(s.At))
	if err != nil {
		return fmt.Errorf("save the steward of %q: %w", s.Measure, err)
	}
	return nil
}

func stewards(ctx context.Context, q querier, where string, args ...any) ([]stat.Steward, error) {
	var s stat.Steward
	return rows(ctx, q, `
		SELECT measure, owner, review, unmeasured, who, said FROM steward
		WHERE (owner <> '' OR review > 0 OR unmeasured <> '') AND id IN (SELECT max(id) FROM steward WHERE `+where+` GROUP BY measure)
		ORDER BY measure`, args,
		[]any{&s.Measure, &s.Owner, (*day)(&s.Review), &s.Unmeasured, &s.By, (*instant)(&s.At)}, &s)
}

// stewardsOf are those of the measures a query asks for.
func (fr *frame) stewardsOf(q stat.Query) (out []stat.Steward) {
	for _, s := range fr.stewards {
		if slices.Contains(q.Measures, s.Measure) {
			out = append(out, s)
		}
	}
	return out
}
