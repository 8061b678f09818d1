package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// councilPath is the page of what the council says beside its figures.
const councilPath = "/council"

// councilPage lists whom the council compares itself with, the meetings at
// which figures are read, and what was said of single measures.
type councilPage struct {
	page
	Groups      []stat.Group
	Meetings    []stat.Meeting
	Rebases     []shownRebase
	Projections []shownProjection
	Form        meetingForm
}

// Names are the authorities of a group in words: all of a few, the first of
// many.
func (p councilPage) Names(names []string) string {
	const shown = 12
	if len(names) > shown {
		return strings.Join(names[:shown], ", ") + " and " + many(len(names)-shown, "other")
	}
	return strings.Join(names, ", ")
}

// shownRebase is a change of a process as it is listed.
type shownRebase struct {
	stat.Rebase
	Page, MeasureName, AreaName string
}

// shownProjection is a kept projection as it is listed.
type shownProjection struct {
	stat.Projection
	Page, MeasureName, AreaName string
	Figure, Range               string
}

func (s *Server) council(c *gin.Context) error {
	if strings.HasSuffix(c.Request.URL.Path, ".json") {
		return s.councilJSON(c)
	}
	return s.councilHTML(c, http.StatusOK, meetingForm{})
}

// councilHTML is the page, with the form for a meeting as it was filled in.
func (s *Server) councilHTML(c *gin.Context, status int, f meetingForm) error {
	p := councilPage{page: s.base(c.Request.Context(), "Groups and meetings", councilPath, councilPath+".json"), Form: f}
	p.faulty(f.Problem)
	ctx := c.Request.Context()
	var err error
	if p.Groups, err = s.Store.Groups(ctx); err != nil {
		return err
	}
	for i := range p.Groups {
		names := make([]string, len(p.Groups[i].Areas))
		for j, code := range p.Groups[i].Areas {
			names[j] = s.areaName(code)
		}
		p.Groups[i].Areas = names
	}
	if p.Meetings, err = s.Store.Meetings(ctx); err != nil {
		return err
	}
	if len(p.Meetings) > 0 && f.Problem == "" {
		p.Form.Name = p.Meetings[0].Name // the next is most likely of the same
	}
	if err := s.councilSaid(ctx, &p); err != nil {
		return err
	}
	return s.pages.write(c.Writer, status, "council", p)
}

// councilSaid lists what was said of the measures that whoever asks may see, as
// their source of figures has it.
func (s *Server) councilSaid(ctx context.Context, p *councilPage) error {
	unseen, err := s.unseen(ctx)
	if err != nil {
		return err
	}
	said, err := s.saidOfMeasures(ctx)
	if err != nil {
		return err
	}
	for _, r := range said.Rebases {
		if !unseen[r.Measure] {
			p.Rebases = append(p.Rebases, shownRebase{r, placeOf(r.Measure, r.Area, dashboard.Control), s.measureName(r.Measure), s.areaName(r.Area)})
		}
	}
	for _, k := range said.Projections {
		if !unseen[k.Measure] {
			p.Projections = append(p.Projections, s.shown(k))
		}
	}
	return nil
}

// saidOfMeasures has the rebases in force and the projections kept of what
// whoever asks may see, as they may see them.
func (s *Server) saidOfMeasures(ctx context.Context) (stat.Holding, error) {
	src, err := s.figures(ctx)
	if err != nil {
		return stat.Holding{}, err
	}
	rebases, err := s.Store.Rebases(ctx, "")
	if err != nil {
		return stat.Holding{}, err
	}
	projections, err := s.Store.Projections(ctx, "")
	if err != nil {
		return stat.Holding{}, err
	}
	codes := map[string]bool{}
	for _, r := range rebases {
		codes[r.Measure] = true
	}
	for _, k := range projections {
		codes[k.Measure] = true
	}
	return src.Read(ctx, stat.Query{Measures: slices.Sorted(maps.Keys(codes)), Areas: []string{}})
}

// shown is a projection in the measure's own decimals.
func (s *Server) shown(k stat.Projection) shownProjection {
	m, _ := s.Catalogue.Measure(k.Measure)
	write := func(x float64) string { return stat.Format(x, m.Decimals) }
	return shownProjection{k, placeOf(k.Measure, k.Area, dashboard.Ahead), s.measureName(k.Measure), s.areaName(k.Area),
		write(k.Value), write(k.Lower) + " to " + write(k.Upper)}
}

// placeOf is the address of a panel of a measure's page for an area.
func placeOf(measure, area, kind string) string {
	return measurePath(measure) + "?" + url.Values{"area": {area}}.Encode() + panelAt(measure, kind)
}

func (s *Server) measureName(code string) string {
	if m, err := s.Catalogue.Measure(code); err == nil {
		return m.Name
	}
	return code
}

// councilJSON is the page for a program.
func (s *Server) councilJSON(c *gin.Context) error {
	ctx := c.Request.Context()
	groups, err := s.Store.Groups(ctx)
	if err != nil {
		return err
	}
	meetings, err := s.Store.Meetings(ctx)
	if err != nil {
		return err
	}
	writeJSON(c.Writer, http.StatusOK, map[string]any{"groups": append([]stat.Group{}, groups...), "meetings": append([]stat.Meeting{}, meetings...)})
	return nil
}

// meetingForm adds a meeting; Problem is with the Field of it.
type meetingForm struct{ Date, Name, Field, Problem string }

// addMeeting keeps a meeting.
func (s *Server) addMeeting(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	f := meetingForm{Date: plain(c.PostForm("date")), Name: plain(c.PostForm("name"))}
	day, ok := readDay(f.Date)
	switch {
	case !ok:
		f.Field, f.Problem = "date", "Give the day of the meeting, such as 3 June 2026."
	case strings.Trim(stat.Fold(f.Name), " ") == "":
		f.Field, f.Problem = "name", "Say whose meeting it is, such as Children’s Scrutiny Panel."
	}
	if f.Problem != "" {
		return s.councilHTML(c, http.StatusBadRequest, f)
	}
	if err := s.Store.SaveMeeting(c.Request.Context(), stat.Meeting{Date: day, Name: f.Name, By: s.who(c), At: s.Now()}); err != nil {
		return err
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, councilPath+"#meetings")
	return nil
}

// deleteMeeting stops listing a meeting.
func (s *Server) deleteMeeting(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	day, err := stat.ParseDate(c.PostForm("date"))
	if err != nil {
		return store.ErrNotFound
	}
	if err := s.Store.DeleteMeeting(c.Request.Context(), day, c.PostForm("name"), s.who(c), s.Now()); err != nil {
		return err
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, councilPath+"#meetings")
	return nil
}

// readDay reads a day as people write it.
func readDay(text string) (stat.Date, bool) {
	p, err := stat.ParsePeriod(text)
	return p.End, err == nil && p.Span == stat.Day
}
