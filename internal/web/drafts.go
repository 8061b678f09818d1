package web

import (
	"context"
	"errors"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
)

// draft notes that the page shows figures of an import not published yet.
func (p *page) draft(imports ...int64) {
	p.Drafts = slices.Compact(slices.Sorted(slices.Values(append(p.Drafts, imports...))))
}

// bannered reports whether a warning of a View is what a banner of its page
// says.
func bannered(v *dashboard.View, warning string) bool {
	return v.Sample && warning == dashboard.SampleWarning || len(v.Drafts) > 0 && strings.Contains(warning, "not been published yet")
}

// written is a report as it would be issued: of the figures that viewers may
// see. While it would rest on drafts it cannot be issued, and is of all that
// is held, drafts being marked.
func (s *Server) written(ctx context.Context, w *wanted) (*dashboard.Report, error) {
	r, err := s.Boards.Report(ctx, s.Store, w.Name, w.Sel)
	if err != nil || len(r.Drafts()) > 0 {
		return r, err
	}
	a, err := s.readership(ctx)
	if err != nil {
		return nil, err
	}
	return s.Boards.ToIssue(ctx, s.Store, a.viewers, a.settings, w.Name, w.Sel)
}

// draftFault says that commentary cannot be kept on a row of a scorecard,
// because it rests on a draft; "" where it can be.
func (s *Server) draftFault(ctx context.Context, v *dashboard.View, row *dashboard.ScorecardRow) (string, error) {
	err := s.Boards.ToRemark(ctx, s.Store, v, row)
	var draft *dashboard.RemarkError
	if errors.As(err, &draft) {
		return benchmark.UpperFirst(draft.Error()) + ".", nil
	}
	return "", err
}
