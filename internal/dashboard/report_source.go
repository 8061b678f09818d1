package dashboard

import (
	"context"
	"slices"

	"bellwether/internal/stat"
)

// ReportSource is where a report reads, beside figures, what was issued and
// asked before it.
type ReportSource interface {
	Source
	Issues(ctx context.Context) ([]stat.Issue, error)                 // newest first, without Content and Files
	Issue(ctx context.Context, number int64) (stat.Issue, error)      // whole
	Questions(ctx context.Context, area string) ([]stat.Asked, error) // of an area
}

// asOfSource answers as a source would have on a day: with what had been
// released by then, of periods that had ended.
type asOfSource struct {
	Source
	day   stat.Date
	today bool // all that is held was known by the day
}

func (s asOfSource) Read(ctx context.Context, q stat.Query) (stat.Holding, error) {
	if !s.today {
		q.AsOf, q.Own = s.day, true
	}
	h, err := s.Source.Read(ctx, q)
	if err != nil {
		return h, err
	}
	h.Observations = slices.DeleteFunc(h.Observations, func(o stat.Observation) bool { return s.day.Before(o.Period.End) })
	restated := make([]stat.Restatement, 0, len(h.Restated)) // readers share the list
	for _, r := range h.Restated {
		if !s.day.Before(r.Period.End) {
			restated = append(restated, r)
		}
	}
	h.Restated = restated
	return h, nil
}
