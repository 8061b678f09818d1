package web

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// section is rows of a scorecard that stand together.
type section struct {
	Name string
	Rows []scoreRow
}

// scoreRow is a row of a scorecard with what only a page needs.
type scoreRow struct {
	dashboard.ScorecardRow
	ID    string // of its element
	Spark template.HTML
	Form  *remarkForm // nil where there is no figure to speak of
	Why   string      // it is rated so, "" where nothing is rated
	Said  string      // when the commentary was written
}

// remarkForm is where the service says something of a row.
type remarkForm struct {
	said
	Action, ID string // address it is sent to, and id of its field
	About      string // the row
	Head, Date string // what it is about, as it is kept
	Label      string // of the date
	Was        string // which commentary it takes the place of
	Text       string
	Held       bool // there is one of these figures already
}

// Open reports whether somebody is in the middle of it.
func (f *remarkForm) Open() bool { return f.Field == f.ID }

// commentary is the end of the address that takes what is said of rows.
const commentary = "/commentary"

// called tells a row from another of the same measure.
func called(r dashboard.ScorecardRow) string { return strings.TrimSpace(r.Ref + " " + r.Name) }

// Called is the row's number and name.
func (r scoreRow) Called() string { return called(r.ScorecardRow) }

// brief is a figure as a scorecard has room for it: its row names the unit.
func brief(figure string) string { return strings.TrimSuffix(figure, " per 10,000") }

// rowID is the fragment of a scorecard's row.
func rowID(r dashboard.ScorecardRow) string { return "row-" + plainName(r.Head) }

// scoreSections are the rows of a scorecard as a page shows them. told is what
// was said of one of them and could not be kept.
func scoreSections(asks reader, v *dashboard.View, sc *dashboard.ScorecardPanel, told said) []section {
	var out []section
	for _, r := range sc.Rows {
		if n := len(out); n == 0 || out[n-1].Name != r.Section {
			out = append(out, section{Name: r.Section})
		}
		last := &out[len(out)-1]
		row := scoreRow{ScorecardRow: r, ID: rowID(r), Spark: template.HTML(chart.Spark(r.Series)), Form: remarkFormOf(v, r, told)}
		if !asks.May(stat.Analyst) {
			row.Form = nil
		}
		if r.Current.Period != "" && r.Target.Words != "" {
			row.Why = r.Rating.Reason
		}
		if r.Comment != nil {
			row.Said = moment(r.Comment.At)
		}
		last.Rows = append(last.Rows, row)
	}
	return out
}

// remarkFormOf is the form of a row. Commentary on earlier figures is offered
// to be brought up to date.
func remarkFormOf(v *dashboard.View, r dashboard.ScorecardRow, told said) *remarkForm {
	if r.Current.Period == "" {
		return nil
	}
	f := &remarkForm{said: told, Action: v.Path + commentary + query(v.Selection), ID: "say-" + plainName(r.Head),
		About: called(r), Head: r.Head, Date: r.Current.Period, Label: r.Current.Label, Was: was(r)}
	if r.Comment != nil {
		f.Text, f.Held = r.Comment.Text, !r.Comment.Stale
	}
	if f.Open() {
		f.Text = told.Text
	}
	return f
}

// was tells one commentary on a row from the next.
func was(r dashboard.ScorecardRow) string {
	if r.Comment == nil {
		return ""
	}
	return r.Comment.Date + " " + r.Comment.At
}

// Others is a row of a scorecard that names whom its figures stand beside: the
// first that is compared with anybody.
func (p panel) Others() dashboard.ScorecardRow {
	rows := p.Scorecard.Rows
	return rows[max(0, slices.IndexFunc(rows, func(r dashboard.ScorecardRow) bool { return r.Region.Text != "" }))]
}

// Flagged are the rows whose commentary does not agree with their figures.
func (p panel) Flagged() []scoreRow {
	var out []scoreRow
	for _, s := range p.Sections {
		for _, r := range s.Rows {
			if len(r.Flags) > 0 {
				out = append(out, r)
			}
		}
	}
	return out
}

// comment keeps what the service says of a row of a scorecard, or that it says
// nothing any longer.
func (s *Server) comment(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	sel, err := s.selection(c.Request.URL.Query())
	if err != nil {
		return err
	}
	sel.Period = c.Query("period")
	s.growing.Lock()
	defer s.growing.Unlock()
	ctx := c.Request.Context()
	v, _, err := s.load(ctx, "dashboards", c.Param("name"), sel)
	if err != nil {
		return err
	}
	place, row := findRow(v, c.PostForm("head"))
	if row == nil || row.Current.Period == "" {
		return store.ErrNotFound
	}
	told := said{Text: stat.Paragraphs(c.PostForm("text"))}
	told.Problem = remarkFault(row, c.PostForm("date"), c.PostForm("was"), told.Text)
	if told.Problem == "" && told.Text != "" {
		if told.Problem, err = s.draftFault(ctx, v, row); err != nil {
			return err
		}
	}
	if told.Problem != "" {
		told.Field = remarkFormOf(v, *row, told).ID
		return s.scorecardAgain(c, v, told)
	}
	day, err := stat.ParseDate(row.Current.Period)
	if err != nil {
		return fmt.Errorf("the period of %s: %w", row.Head, err)
	}
	return s.remarked(c, pagePath(v)+query(v.Selection)+"#"+url.PathEscape(rowID(*row)),
		stat.Comment{Place: place, Head: row.Head, Area: v.Area.Code, Date: day, Text: told.Text})
}

// remarked keeps what was said, and leads to where it stands.
func (s *Server) remarked(c *gin.Context, to string, remarks ...stat.Comment) error {
	for _, r := range remarks {
		r.By, r.At = s.who(c), s.Now()
		if err := s.Store.SaveComment(c.Request.Context(), r); err != nil {
			return err
		}
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// findRow is the row of a scorecard's commentary and the place that is kept in.
func findRow(v *dashboard.View, head string) (place string, row *dashboard.ScorecardRow) {
	for _, p := range v.Panels {
		if p.Scorecard == nil {
			continue
		}
		if i := slices.IndexFunc(p.Scorecard.Rows, func(r dashboard.ScorecardRow) bool { return r.Head == head }); i >= 0 {
			return p.Scorecard.Comments, &p.Scorecard.Rows[i]
		}
	}
	return "", nil
}

// remarkFault says why a commentary cannot be kept as it was sent: the row may
// have changed while it was being written.
func remarkFault(r *dashboard.ScorecardRow, date, before, text string) string {
	switch {
	case date != r.Current.Period:
		return fmt.Sprintf("Newer figures came in while you were writing: the row is now of %s. See whether what you wrote fits them, then save again.", r.Current.Label)
	case before != was(*r) && r.Comment == nil:
		return overtaken("", "")
	case before != was(*r):
		return overtaken(r.Comment.By, r.Comment.Text)
	}
	return tooLong(text, stat.LongestRemark)
}

// overtaken says that somebody else was quicker, who now says a text, or
// nothing any longer.
func overtaken(by, text string) string {
	if text == "" {
		return "Somebody removed the commentary while you were writing. Save again to put yours in its place."
	}
	return fmt.Sprintf("%s saved this while you were writing: “%s” Save again to put yours in its place.", by, text)
}

func tooLong(text string, most int) string {
	if n := utf8.RuneCountInString(text); n > most {
		return fmt.Sprintf("Commentary can have up to %s characters; this has %s.", count(most), count(n))
	}
	return ""
}

// scorecardAgain is the page with what could not be kept in its form.
func (s *Server) scorecardAgain(c *gin.Context, v *dashboard.View, told said) error {
	body, err := s.viewHTML(c.Request.Context(), v, nil, order{}, filled{said: told})
	return badly(c, body, err)
}

// moment is when something was said, as a page has it.
func moment(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return when(t)
}
