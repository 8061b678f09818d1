package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// stewarding is who answers for a measure, and the form that says so.
type stewarding struct {
	reader
	stat.Steward
	Action         string
	Day            string // on which its definition is looked at again, as it was typed
	Past           bool   // that day is past
	Field, Problem string
}

// problem is "" where there is no such form.
func (f *stewarding) problem() string {
	if f == nil {
		return ""
	}
	return f.Problem
}

// Said reports whether anything is said of the measure.
func (f stewarding) Said() bool { return f.Owner != "" || !f.Review.IsZero() || f.Unmeasured != "" }

// stewarding is what a page says of a measure; nil on one that is not its own.
func (s *Server) stewarding(asks reader, v *dashboard.View, h *holding) *stewarding {
	if h == nil {
		return nil
	}
	f := &stewarding{reader: asks, Steward: h.steward, Action: measurePath(v.Name) + "/steward" + query(v.Selection), Day: h.steward.Review.Long()}
	f.Past = !f.Review.IsZero() && f.Review.Before(stat.DateOf(s.Now()))
	return f
}

// unmeasured is why a measure of the council is not measured yet, where its
// page has nothing else to show; "" elsewhere.
func (s *Server) unmeasured(p viewPage) string {
	if p.Steward == nil || p.View.Area.Code != s.Home.Code || !blank(p.View) {
		return ""
	}
	return p.Steward.Unmeasured
}

// blank reports whether a measure's page has no figure of its area.
func blank(v *dashboard.View) bool {
	for _, d := range v.Panels {
		if d.Headline != nil && d.Headline.AsOf != "" {
			return false
		}
	}
	return true
}

// steward keeps who answers for a measure, when its definition is next looked
// at, and why it is not measured yet.
func (s *Server) steward(c *gin.Context) error {
	m, sel, err := s.spoken(c)
	if err != nil {
		return err
	}
	f := &stewarding{Day: plain(c.PostForm("review"))}
	f.Steward = stat.Steward{Measure: m.Code, Owner: plain(c.PostForm("owner")), Unmeasured: plain(c.PostForm("unmeasured")), By: s.who(c), At: s.Now()}
	if f.Day != "" {
		var ok bool
		if f.Review, ok = readDay(f.Day); !ok {
			f.Field, f.Problem = "review", "Give the day as 3 June 2026 or 03/06/2026, or leave it empty."
			return s.measureHTML(c, m, filled{steward: f})
		}
	}
	if err := s.Store.SaveSteward(c.Request.Context(), f.Steward); err != nil {
		return err
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, measurePath(m.Code)+query(sel)+"#steward")
	return nil
}
