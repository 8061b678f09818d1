package dashboard

import (
	"context"
	"slices"
	"strings"

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

// Written is where a report reads that is to be issued: figures from Figures,
// which may leave out what its readers may not see, and what was issued, asked
// and written for reports from ReportSource. Text that is written for a report
// is part of it, and whoever issues it has read it.
type Written struct {
	ReportSource
	Figures Source
}

func (w Written) Read(ctx context.Context, q stat.Query) (stat.Holding, error) {
	h, err := w.Figures.Read(ctx, q)
	if err != nil {
		return h, err
	}
	all, err := w.ReportSource.Read(ctx, stat.Query{})
	h.Comments = slices.DeleteFunc(slices.Clone(all.Comments), func(c stat.Comment) bool {
		return !strings.HasPrefix(c.Place, reportPlace("")) && !slices.Contains(h.Comments, c)
	})
	return h, err
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
