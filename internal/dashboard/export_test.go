package dashboard

import (
	"context"
	"errors"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// CompareAll is Compare for every authority that has an answer, on one read.
func (b *Boards) CompareAll(ctx context.Context, src Source, code string, sel Selection) ([]*benchmark.Comparison, error) {
	m, err := b.cat.Measure(code)
	if err != nil {
		return nil, err
	}
	fs, err := b.read(ctx, src, stat.Query{}, m.Code)
	if err != nil {
		return nil, err
	}
	var out []*benchmark.Comparison
	for _, a := range b.cat.ByLevel(stat.Authority) {
		c, err := fs.subject(m, a, sel).comparison(stat.Period{})
		if errors.Is(err, ErrNoFigures) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}
