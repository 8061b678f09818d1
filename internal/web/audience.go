package web

import (
	"context"
	"fmt"
	"net/http"

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
	a, err := s.readership(ctx)
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
	a, err := s.readership(ctx)
	if err != nil {
		return err
	}
	if withheld, err := s.Boards.Withheld(ctx, a.viewers, a.settings, is); err != nil || !withheld {
		return err
	}
	return &failure{http.StatusForbidden, "This report is kept for officers", fmt.Sprintf("Issue %d may have small numbers that are masked for viewers now. It stays as it was issued, and so it is not shown. "+
		"Ask %s, who issued it, or another officer of the council: they can tell you what you need from it, or issue it anew.", is.Number, is.By), nil}
}

// readership are the sources of figures under some settings. They remember what
// is masked, and so are kept until the settings change.
type readership struct {
	settings        stat.Settings
	public, viewers source
}

// readership is that of the settings in force.
func (s *Server) readership(ctx context.Context) (readership, error) {
	settings, err := s.settings(ctx)
	if err != nil {
		return readership{}, err
	}
	masks := fmt.Sprint(settings.MaskViewers, settings.Threshold, settings.Thresholds)
	return s.readers.at(masks, func() (readership, error) {
		return readership{settings, disclosure.New(s.Store, s.Catalogue, settings, true), disclosure.New(s.Store, s.Catalogue, settings, false)}, nil
	})
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
	return s.hidden.at(version, func() (map[string]bool, error) { return s.unpublished(ctx) })
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
