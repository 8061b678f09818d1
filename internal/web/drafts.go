package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/disclosure"
	"bellwether/internal/stat"
)

// draft notes that the page shows figures of an import not published yet.
func (p *page) draft(imports ...int64) {
	p.Drafts = slices.Compact(slices.Sorted(slices.Values(append(p.Drafts, imports...))))
}

// bannered reports whether a warning of a View is what a banner of its page
// says.
func bannered(v *dashboard.View, warning string) bool {
	return v.Sample && strings.Contains(warning, "sample figures") || len(v.Drafts) > 0 && strings.Contains(warning, "not been published yet")
}

// written is a report as it would be issued: of the figures that viewers may
// see. While it would rest on drafts it cannot be issued, and is of all that
// is held, drafts being marked.
func (s *Server) written(ctx context.Context, w *wanted) (*dashboard.Report, error) {
	r, err := s.Boards.Report(ctx, s.Store, w.Name, w.Sel)
	if err != nil || len(r.Drafts()) > 0 {
		return r, err
	}
	viewers, err := s.viewers(ctx)
	if err != nil {
		return nil, err
	}
	return s.Boards.Report(ctx, dashboard.Written{ReportSource: s.Store, Figures: viewers}, w.Name, w.Sel)
}

// draftFault says that commentary cannot be kept on a row, shown as v has it,
// because a draft changes its figure: all would read of what they cannot see.
// It is "" where it can be. What is masked for viewers is no draft.
func (s *Server) draftFault(ctx context.Context, v *dashboard.View, name string, sel dashboard.Selection, row *dashboard.ScorecardRow) (string, error) {
	if len(v.Drafts) == 0 {
		return "", nil
	}
	seen, err := s.Boards.Dashboard(ctx, disclosure.New(s.Store, s.Catalogue, stat.Settings{}, false), name, sel)
	if err != nil {
		return "", err
	}
	if _, same := findRow(seen, row.Head); same != nil && same.Current.Period == row.Current.Period && same.Current.Text == row.Current.Text && same.Current.Of == row.Current.Of {
		return "", nil
	}
	if len(v.Drafts) == 1 {
		return fmt.Sprintf("The figure of %s rests on import %d, which has not been published yet. Publish it first, then save again.", row.Current.Label, v.Drafts[0]), nil
	}
	return fmt.Sprintf("The figure of %s rests on an import that has not been published yet. Publish it first, then save again.", row.Current.Label), nil
}
