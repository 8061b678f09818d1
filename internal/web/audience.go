package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"bellwether/internal/dashboard"
	"bellwether/internal/disclosure"
	"bellwether/internal/stat"
)

// source is where the figures of an answer are read.
type source interface {
	dashboard.Source
	History(ctx context.Context, key stat.Key) ([]stat.Observation, error)
}

// figures are those that whoever asks may see, and every answer has them from
// here: analysts and those above them read all that is held, drafts being
// marked; viewers what is published; and the public that without small counts
// and what gives them away.
func (s *Server) figures(ctx context.Context) (source, error) {
	r := readerOf(ctx)
	if r.May(stat.Analyst) {
		return s.Store, nil
	}
	a, err := s.readers(ctx)
	if err != nil || !r.SignedIn() {
		return a.public, err
	}
	return a.viewers, nil
}

// issuedTo is why whoever asks may not read an issued report, which stays as it
// was handed out.
func (s *Server) issuedTo(ctx context.Context, is stat.Issue) error {
	if readerOf(ctx).May(stat.Analyst) {
		return nil
	}
	a, err := s.readers(ctx)
	if err != nil {
		return err
	}
	if withheld, err := s.Boards.Withheld(ctx, a.viewers, a.settings, is); err != nil || !withheld {
		return err
	}
	return &failure{http.StatusForbidden, "This report is kept for officers", fmt.Sprintf("Issue %d may have small numbers that are masked for viewers now. It stays as it was issued, and so it is not shown. "+
		"Ask %s, who issued it, or another officer of the council: they can tell you what you need from it, or issue it anew.", is.Number, is.By), nil}
}

// audience are the sources of figures under some settings. They remember what
// is masked, and so are kept until the settings change.
type audience struct {
	settings        stat.Settings
	public, viewers source
}

type audiences struct {
	mu sync.Mutex
	audience
}

func (s *Server) readers(ctx context.Context) (audience, error) {
	settings, err := s.settings(ctx)
	if err != nil {
		return audience{}, err
	}
	s.audiences.mu.Lock()
	defer s.audiences.mu.Unlock()
	if held := &s.audiences.audience; held.public == nil || !sameMasks(held.settings, settings) {
		*held = audience{settings, disclosure.New(s.Store, s.Catalogue, settings, true), disclosure.New(s.Store, s.Catalogue, settings, false)}
	}
	return s.audiences.audience, nil
}

// sameMasks reports whether two settings mask the same.
func sameMasks(a, b stat.Settings) bool {
	return a.MaskViewers == b.MaskViewers && a.Threshold == b.Threshold && maps.Equal(a.Thresholds, b.Thresholds)
}

// unseen are the measures that files brought of which whoever asks may see
// nothing: to them there are no such measures.
func (s *Server) unseen(ctx context.Context) (map[string]bool, error) {
	if readerOf(ctx).May(stat.Analyst) {
		return nil, nil
	}
	version, err := s.version(ctx)
	if err != nil {
		return nil, err
	}
	s.hidden.mu.Lock()
	defer s.hidden.mu.Unlock()
	if s.hidden.measures == nil || s.hidden.version != version {
		found, err := s.unpublished(ctx)
		if err != nil {
			return nil, err
		}
		s.hidden.version, s.hidden.measures = version, found
	}
	return s.hidden.measures, nil
}

// hidden are the measures of a version of the data that nothing has been
// published of.
type hidden struct {
	mu       sync.Mutex
	version  int64
	measures map[string]bool
}

func (s *Server) unpublished(ctx context.Context) (map[string]bool, error) {
	brought, _, err := s.Store.Registered(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, m := range brought {
		held, err := s.Store.Read(ctx, stat.Query{Measures: []string{m.Code}, Published: true})
		if err != nil {
			return nil, err
		}
		out[m.Code] = len(held.Observations) == 0
	}
	return out, nil
}

// seen is the error that there is no such measure, where it is one of those
// that whoever asks knows nothing of.
func (s *Server) seen(ctx context.Context, measures ...string) error {
	unseen, err := s.unseen(ctx)
	if err != nil {
		return err
	}
	for _, m := range measures {
		if unseen[m] {
			return fmt.Errorf("measure %q: %w", m, stat.ErrUnknown) // as one that nobody has heard of
		}
	}
	return nil
}

// visible is the error that a View names what whoever asks knows nothing of.
func (s *Server) visible(ctx context.Context, v *dashboard.View) error {
	var codes []string
	for _, p := range v.Panels {
		codes = append(codes, p.Code)
	}
	if v.Built != nil {
		for _, p := range v.Built.Panels {
			codes = append(codes, p.Measure)
		}
	}
	if v.Beside != nil {
		for _, m := range v.Beside.Measures {
			codes = append(codes, m.Value)
		}
	}
	return s.seen(ctx, codes...)
}

// projections are those kept of what whoever asks may see, as they may see them.
func (s *Server) projections(ctx context.Context) ([]stat.Projection, error) {
	src, err := s.figures(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Projections(ctx, "")
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, k := range all {
		codes = append(codes, k.Measure)
	}
	slices.Sort(codes)
	held, err := src.Read(ctx, stat.Query{Measures: slices.Compact(codes), Areas: []string{}})
	return held.Projections, err
}
