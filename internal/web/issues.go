package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

func issuePath(number int64) string {
	return reportsPath + "/issues/" + strconv.FormatInt(number, 10)
}

// confirmPage says what will be frozen, before it is.
type confirmPage struct {
	reportFrame
	Checks    []check
	Unwritten []string
	Before    []stat.Issue // of the same report, area and date
	Seen      string       // tells the draft that was looked at
	Measures  int
}

// Model is whom the report compares with.
func (p confirmPage) Model() string { return benchmark.UpperFirst(p.Draft.Model) }

// confirmation is the page that asks whether a report is to be issued.
func (s *Server) confirmation(ctx context.Context, r *dashboard.Report, w wanted) (*document, error) {
	body, err := s.confirmHTML(ctx, r, w, "")
	return newDocument(htmlType, "", body), err
}

func (s *Server) confirmHTML(ctx context.Context, r *dashboard.Report, w wanted, problem string) ([]byte, error) {
	p := confirmPage{reportFrame: s.framed(ctx, r, w, issuePage)}
	p.Title = "Issue the report to " + r.Audience
	if problem != "" {
		p.Wrong = said{Field: "issue", Problem: problem}
		p.faulty(problem)
	}
	for _, x := range checks(r) {
		x.Href = w.path("") + x.Href
		p.Checks = append(p.Checks, x)
	}
	for _, c := range commentsOf(r) {
		if c.Text == "" {
			p.Unwritten = append(p.Unwritten, c.Head)
		}
	}
	issues, err := s.Store.Issues(ctx)
	if err != nil {
		return nil, err
	}
	for _, is := range issues {
		if is.Name == r.Name && is.Area == r.Area.Code && is.Dated.String() == r.Dated {
			p.Before = append(p.Before, is)
		}
	}
	measures := map[string]bool{}
	for _, f := range r.Figures {
		measures[f.Measure] = true
	}
	p.Measures = len(measures)
	if p.Seen, err = looksOf(r); err != nil {
		return nil, err
	}
	return s.pages.render("report-confirm", p)
}

// looksOf tells one draft from another.
func looksOf(r *dashboard.Report) (string, error) {
	content, err := r.Marshal()
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), err
}

// issue issues a report: the draft that was looked at, and no other.
func (s *Server) issue(c *gin.Context) error {
	s.growing.Lock()
	defer s.growing.Unlock()
	r, w, err := s.sent(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	seen, err := looksOf(r)
	if err != nil {
		return err
	}
	again := func(problem string) error {
		body, err := s.confirmHTML(ctx, r, w, problem)
		return badly(c, body, err)
	}
	const changed = "Its figures or its text have changed since you looked at it. Look at the report again, then issue it."
	if drafts := r.Drafts(); len(drafts) > 0 {
		return again(benchmark.UpperFirst(dashboard.DraftsError(drafts).Error()) + ".")
	}
	if c.PostForm("seen") != seen {
		return again(changed)
	}
	is, err := s.Store.SaveIssue(ctx, s.who(c), r.Version, func(number int64) (stat.Issue, error) { return s.paper(ctx).Issue(r, number, s.Now()) })
	if errors.Is(err, store.ErrChanged) {
		return again(changed)
	}
	if err != nil {
		return err
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, issuePath(is.Number))
	return nil
}

// issuedPage is an issued report as it was handed out, with what has been
// revised since.
type issuedPage struct {
	page
	Issue     stat.Issue
	AreaName  string
	Body      template.HTML
	Files     []download
	Revisions []shownRevision
	Current   string // the same report as a draft of today
	Later     []stat.Issue
}

// shownRevision is a revision with the name of its area.
type shownRevision struct {
	dashboard.Revision
	AreaName string
}

// issued is an issued report, or one of its files as it was kept.
func (s *Server) issued(c *gin.Context) error {
	stem, ext := splitReport(c.Param("number"))
	number, err := strconv.ParseInt(stem, 10, 64)
	if err != nil || number < 1 || strconv.FormatInt(number, 10) != stem {
		return notFound("There is no such issue. Reports lists them all.", err)
	}
	return s.cached(c, c.Request.URL.Path, func(ctx context.Context) (*document, error) {
		is, err := s.Store.Issue(ctx, number)
		if err != nil {
			return nil, err
		}
		if err := s.issuedTo(ctx, is); err != nil {
			return nil, err
		}
		if ext == "" {
			body, err := s.issuedHTML(ctx, is)
			return newDocument(htmlType, "", body), err
		}
		body := is.Files[ext]
		if ext == report.JSON {
			body = is.Content
		}
		if body == nil {
			return nil, notFound("It was not issued as ."+ext+".", nil)
		}
		return newDocument(fileTypes[ext], plainName(fmt.Sprintf("%s-issue-%d", is.Name, number))+"."+ext, body), nil
	})
}

func (s *Server) issuedHTML(ctx context.Context, is stat.Issue) ([]byte, error) {
	r, err := dashboard.ReadReport(is.Content)
	if err != nil {
		return nil, err
	}
	at := issuePath(is.Number)
	p := issuedPage{page: s.base(ctx, fmt.Sprintf("Issue %d: %s", is.Number, is.Title), reportsPath, at+".json"), Issue: is, AreaName: s.areaName(is.Area)}
	p.Query, p.Style, p.Sample = query(r.Selection), reportStyle, sampled(r)
	p.Body = template.HTML(article(is.Files["html"]))
	p.Files = downloads(at, "", append(slices.DeleteFunc(slices.Clone(report.Endings), func(e string) bool { return is.Files[e] == nil }), report.JSON))
	p.Current = wanted{Name: is.Name, Sel: dashboard.ReportSelection{Area: is.Area, Neighbours: r.Selection.Neighbours}}.path("")
	src, err := s.figures(ctx)
	if err != nil {
		return nil, err
	}
	revisions, err := s.Boards.Revisions(ctx, src, r)
	if err != nil {
		return nil, err
	}
	for _, v := range revisions {
		p.Revisions = append(p.Revisions, shownRevision{v, s.areaName(v.Area)})
	}
	issues, err := s.Store.Issues(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range issues {
		if l.Name == is.Name && l.Area == is.Area && (is.Dated.Before(l.Dated) || is.Dated == l.Dated && is.Number < l.Number) {
			p.Later = append(p.Later, l)
		}
	}
	return s.pages.render("report-issued", p)
}

// article is the text of a page that a report was issued as, which this
// program made and whose hash the store has checked.
func article(page []byte) []byte {
	const end = "</article>"
	from, to := bytes.Index(page, []byte(`<article class="bw-report`)), bytes.LastIndex(page, []byte(end))
	if from < 0 || to < from {
		return nil
	}
	return page[from : to+len(end)]
}
