package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// commentForm is where officers write below a heading of a report.
type commentForm struct {
	remarkForm
	By, At string
	Flags  []dashboard.Flag
	Anchor string // of its element
	Said   string // what is kept
}

// check is what an author looks at again before a report is issued.
type check struct {
	Href, Head string // where it is corrected
	dashboard.Flag
}

// commentsOf are the headings that officers write below, in order.
func commentsOf(r *dashboard.Report) []dashboard.ReportComment {
	var out []dashboard.ReportComment
	for _, s := range r.Sections {
		out = append(out, s.Comments...)
	}
	return out
}

func commentAnchor(head string) string { return "heading-" + plainName(stat.Fold(head)) }

// commentForms are the forms of a report's headings. told is what was written
// below one of them and could not be kept.
func commentForms(r *dashboard.Report, w wanted, told said) []*commentForm {
	var out []*commentForm
	for _, c := range commentsOf(r) {
		f := &commentForm{By: c.By, At: c.At, Flags: c.Flags, Anchor: commentAnchor(c.Head), Said: c.Text}
		f.remarkForm = remarkForm{said: told, Action: w.path("commentary"), ID: "say-" + plainName(stat.Fold(c.Head)), About: c.Head, Head: c.Head, Was: commentWas(c), Text: c.Text, Held: c.Text != ""}
		if f.Open() {
			f.Text = told.Text
		}
		out = append(out, f)
	}
	return out
}

// commentWas tells one text below a heading from the next.
func commentWas(c dashboard.ReportComment) string {
	if c.Text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(c.At + "\n" + c.By + "\n" + c.Text))
	return hex.EncodeToString(sum[:8])
}

// checks are all claims that figures do not bear out: of the texts below the
// headings.
func checks(r *dashboard.Report) []check {
	var out []check
	for _, c := range commentsOf(r) {
		for _, f := range c.Flags {
			out = append(out, check{"#" + commentAnchor(c.Head), c.Head, f})
		}
	}
	return out
}

// Unwritten are the headings nobody has written below.
func (p reportPage) Unwritten() (out []string) {
	for _, f := range p.Forms {
		if f.Said == "" {
			out = append(out, f.Head)
		}
	}
	return out
}

// sent is the draft that a form was sent from, with what was asked for.
func (s *Server) sent(c *gin.Context) (*dashboard.Report, wanted, error) {
	if err := readForm(c); err != nil {
		return nil, wanted{}, err
	}
	w, err := s.want(c, c.Param("name"))
	if err != nil {
		return nil, w, err
	}
	r, err := s.make(c.Request.Context(), &w)
	if err == nil && r == nil {
		err = &failure{http.StatusBadRequest, "That choice does not work", w.Problem().Problem, nil}
	}
	return r, w, err
}

// reportComment keeps what officers write below a heading, or that they say
// nothing any longer.
func (s *Server) reportComment(c *gin.Context) error {
	s.growing.Lock()
	defer s.growing.Unlock()
	r, w, err := s.sent(c)
	if err != nil {
		return err
	}
	all := commentsOf(r)
	at := slices.IndexFunc(all, func(x dashboard.ReportComment) bool { return x.Head == c.PostForm("head") })
	if at < 0 {
		return store.ErrNotFound
	}
	held := all[at]
	told := said{Field: "say-" + plainName(stat.Fold(held.Head)), Text: stat.Paragraphs(c.PostForm("text"))}
	if told.Problem = tooLong(told.Text, stat.LongestCommentary); c.PostForm("was") != commentWas(held) {
		told.Problem = overtaken(held.By, held.Text)
	}
	if told.Problem != "" {
		body, err := s.reportHTML(c.Request.Context(), r, w, told)
		return badly(c, body, err)
	}
	remarks, err := s.remarks(c.Request.Context(), r, held.Head, told.Text)
	if err != nil {
		return err
	}
	return s.remarked(c, w.path("")+"#"+commentAnchor(held.Head), remarks...)
}

// remarks are what is to be kept for a text below a heading. A blank one clears
// what stands there from earlier reports, too.
func (s *Server) remarks(ctx context.Context, r *dashboard.Report, head, text string) ([]stat.Comment, error) {
	dated, err := stat.ParseDate(r.Dated)
	if err != nil {
		return nil, err
	}
	place := "report/" + r.Name
	if text != "" {
		return []stat.Comment{{Place: place, Head: head, Area: r.Area.Code, Date: dated, Text: text}}, nil
	}
	kept, err := s.Store.Comments(ctx, place)
	var out []stat.Comment
	for _, k := range kept {
		if stat.Fold(k.Head) == stat.Fold(head) && k.Area == r.Area.Code && !dated.Before(k.Date) {
			k.Text = ""
			out = append(out, k)
		}
	}
	return out, err
}

// questionsPage is that of the questions to expect, and of those that were
// asked.
type questionsPage struct {
	reportFrame
	Body     template.HTML
	Asked    []askedForm
	Ask      said // From is the meeting's day, Text the question
	Measure  string
	Measures []choice
	Meetings []dashboard.Choice
	Send     string // where a question goes
	Reply    string // where an answer goes
}

// Next are the parts of the page.
func (p questionsPage) Next() []choice { return []choice{{"#asked", "Asked at meetings"}} }

// askedForm is a question with its answer.
type askedForm struct {
	stat.Asked
	MeasureName string
}

// briefing is the questions to expect, in one of its forms.
func (s *Server) briefing(ctx context.Context, r *dashboard.Report, w wanted, ext string) (*document, error) {
	file := plainName(w.Name+"-briefing-"+r.Area.Number+"-"+r.AsOf) + "." + ext
	switch ext {
	case "":
		body, err := s.briefingHTML(ctx, r, w, said{}, "")
		return newDocument(htmlType, "", body), err
	case report.JSON:
		body, err := marshalled(r.Briefing)
		return newDocument(jsonType, "", body), err
	}
	body, err := s.paper(ctx).Briefing(r, ext)
	return newDocument(fileTypes[ext], file, body), err
}

// briefingHTML is its page, with the form of a question as it was filled in.
func (s *Server) briefingHTML(ctx context.Context, r *dashboard.Report, w wanted, told said, measure string) ([]byte, error) {
	body, err := report.BriefingBody(r)
	if err != nil {
		return nil, err
	}
	asked, err := s.Store.Questions(ctx, r.Area.Code)
	if err != nil {
		return nil, err
	}
	p := questionsPage{reportFrame: s.framed(ctx, r, w, briefingPage), Body: template.HTML(body), Ask: told, Measure: measure, Meetings: r.Meetings}
	p.Twin = reportPath(w.Name) + "/" + briefingPage + ".json" + w.query()
	p.Files = downloads(reportPath(w.Name)+"/"+briefingPage, w.query(), report.Briefings)
	p.Send, p.Reply = w.path("questions"), w.path("answers")
	for _, a := range slices.Backward(asked) {
		f := askedForm{Asked: a}
		if a.Measure != "" {
			f.MeasureName = s.measureName(a.Measure)
		}
		p.Asked = append(p.Asked, f)
	}
	for _, f := range r.Figures {
		if !slices.ContainsFunc(p.Measures, func(c choice) bool { return c.Value == f.Measure }) && f.Measure != stat.Population {
			p.Measures = append(p.Measures, choice{f.Measure, s.measureName(f.Measure)})
		}
	}
	if told.Problem != "" {
		p.Wrong = told
		p.faulty(told.Problem)
	}
	return s.pages.render("report-questions", p)
}

// ask keeps a question of a meeting.
func (s *Server) ask(c *gin.Context) error {
	r, w, err := s.sent(c)
	if err != nil {
		return err
	}
	told := said{From: plain(c.PostForm("meeting")), Text: stat.Paragraphs(c.PostForm("text"))}
	day, ok := readDay(told.From)
	measure := c.PostForm("measure")
	switch {
	case told.Text == "":
		told.Field, told.Problem = "question", "Write what was asked."
	case tooLong(told.Text, stat.LongestRemark) != "":
		told.Field, told.Problem = "question", "A question can have up to "+count(stat.LongestRemark)+" characters."
	case !ok:
		told.Field, told.Problem = "meeting", "Give the day of the meeting, such as 3 June 2026."
	}
	if told.Problem != "" {
		body, err := s.briefingHTML(c.Request.Context(), r, w, told, measure)
		return badly(c, body, err)
	}
	if measure != "" {
		m, err := s.Catalogue.Measure(measure)
		if err != nil {
			return err
		}
		measure = m.Code
	}
	if _, err := s.Store.Ask(c.Request.Context(), stat.Asked{Area: r.Area.Code, Meeting: day, Measure: measure, Text: told.Text, By: s.who(c), At: s.Now()}); err != nil {
		return err
	}
	return s.toQuestions(c, w)
}

// reply answers a question; a blank answer opens it again.
func (s *Server) reply(c *gin.Context) error {
	r, w, err := s.sent(c)
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(c.PostForm("id"), 10, 64)
	asked, err := s.Store.Questions(c.Request.Context(), r.Area.Code)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(asked, func(a stat.Asked) bool { return a.ID == id }) {
		return store.ErrNotFound
	}
	text := stat.Paragraphs(c.PostForm("text"))
	field := "answer-" + strconv.FormatInt(id, 10)
	if problem := tooLong(text, stat.LongestRemark); problem != "" {
		body, err := s.briefingHTML(c.Request.Context(), r, w, said{Field: field, Problem: "An answer can have up to " + count(stat.LongestRemark) + " characters.", Text: text}, "")
		return badly(c, body, err)
	}
	if err := s.Store.Answer(c.Request.Context(), id, text, s.who(c), s.Now()); err != nil {
		return err
	}
	return s.toQuestions(c, w)
}

// toQuestions leads back to the list of questions.
func (s *Server) toQuestions(c *gin.Context, w wanted) error {
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, w.path(briefingPage)+"#asked")
	return nil
}
