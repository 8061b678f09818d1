package web

import (
	"context"
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
	r, err := s.Boards.Report(ctx, reported{s.Store, s.Store}, w.Name, w.Sel)
	if err != nil || len(r.Drafts()) > 0 {
		return r, err
	}
	viewers, err := s.viewers(ctx)
	if err != nil {
		return nil, err
	}
	return s.Boards.Report(ctx, reported{viewers, s.Store}, w.Name, w.Sel)
}

// project is what is expected of a year from published figures. What is kept is
// for all to see, so it is refused where a draft would change it.
func (s *Server) project(ctx context.Context, measure, area string, year int) (stat.Projection, error) {
	p, err := s.Boards.Project(ctx, s.Store, measure, area, year)
	if err != nil {
		return p, err
	}
	published, err := s.Boards.Project(ctx, disclosure.New(s.Store, s.Catalogue, stat.Settings{}, false), measure, area, year)
	if err != nil || published != p {
		return p, conflict("This projection rests on figures of an import that has not been published yet. Publish it first, then keep the projection.")
	}
	return p, nil
}
