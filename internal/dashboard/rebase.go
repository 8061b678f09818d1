package dashboard

import (
	"errors"
	"fmt"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// Why limits cannot begin anew; callers ask with errors.Is.
var (
	ErrUncharted = errors.New("there is no control chart")
	ErrToCome    = errors.New("new limits begin with a day that has been")
)

// CheckRebase sees that a rebase is of something with a control chart, and of a
// day that has been. The error is ErrUncharted or ErrToCome, or wraps
// stat.ErrUnknown.
func (b *Boards) CheckRebase(r stat.Rebase) error {
	m, err := b.cat.Measure(r.Measure)
	if err != nil {
		return err
	}
	a, err := b.cat.Area(r.Area)
	switch {
	case err != nil:
		return err
	case !m.Control:
		return fmt.Errorf("%w of %s, so there are no limits to begin anew", ErrUncharted, benchmark.LowerFirst(m.Name))
	case a.Level != stat.Authority:
		return fmt.Errorf("%w for %s: only local authorities have one", ErrUncharted, a.Name)
	case b.today().Before(r.From):
		return fmt.Errorf("%w: %s is still to come", ErrToCome, r.From.Long())
	}
	return nil
}
