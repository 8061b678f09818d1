package store

import (
	"context"
	"fmt"
	"slices"

	"bellwether/internal/stat"
)

// rows lists every row of a query, each scanned into dest, which is made of
// parts of one.
func rows[T any](ctx context.Context, q querier, query string, args, dest []any, one *T) ([]T, error) {
	var out []T
	err := each(ctx, q, query, args, dest, func() error { out = append(out, *one); return nil })
	return slices.Clip(out), err
}

// day is a date as the tables hold it; see dayNumber.
type day stat.Date

// Scan implements sql.Scanner.
func (d *day) Scan(cell any) error {
	n, ok := cell.(int64)
	if !ok {
		return fmt.Errorf("%v is not a day", cell)
	}
	*d = day(dayOf(n))
	return nil
}
