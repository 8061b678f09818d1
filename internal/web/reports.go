package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/stat"
)

// reportsPath is the page of all reports, with each below it.
const reportsPath = "/reports"

// reportPath is the address of a report that is being prepared.
func reportPath(name string) string { return reportsPath + "/" + url.PathEscape(name) }

// reportsPage lists the reports there are and what was issued.
type reportsPage struct {
	page
	Reports []dashboard.ReportInfo
	Issues  []listedIssue
}

// listedIssue is an issue with the name of its area.
type listedIssue struct {
	stat.Issue
	AreaName string
}

func (s *Server) reportList(c *gin.Context) error {
	issues, err := s.Store.Issues(c.Request.Context())
	if err != nil {
		return err
	}
	p := reportsPage{page: s.base(c.Request.Context(), "Reports", reportsPath, reportsPath+".json"), Reports: s.Boards.Reports()}
	if strings.HasSuffix(c.Request.URL.Path, ".json") {
		writeJSON(c.Writer, http.StatusOK, map[string]any{"reports": p.Reports, "issues": append([]stat.Issue{}, issues...)})
		return nil
	}
	sel, err := s.selection(c.Request.URL.Query())
	if err != nil {
		return err
	}
	p.Query = query(sel)
	for _, is := range issues {
		p.Issues = append(p.Issues, listedIssue{is, s.areaName(is.Area)})
	}
	return s.pages.write(c.Writer, http.StatusOK, "reports", p)
}

// wanted is a report as a page asks for it, with what was typed.
type wanted struct {
	Name        string
	Sel         dashboard.ReportSelection
	AsOf, Dated string            // as they were typed, or in words
	Problems    map[string]string // by field
}

// want reads what report is asked for. Days may be typed as people write them;
// one that cannot be read is a problem of its field.
func (s *Server) want(c *gin.Context, name string) (wanted, error) {
	q := c.Request.URL.Query()
	sel, err := s.Boards.Select(func(choice string) string {
		if choice == "area" || choice == "neighbours" {
			return q.Get(choice)
		}
		return ""
	})
	if err != nil {
		return wanted{}, err
	}
	w := wanted{Name: name, Problems: map[string]string{}}
	w.Sel = dashboard.ReportSelection{Area: sel.Area, Neighbours: sel.Neighbours, By: cmp.Or(plain(q.Get("by")), s.who(c))}
	w.Sel.AsOf, w.AsOf = s.wantDay(&w, "as-of", q)
	w.Sel.Dated, w.Dated = s.wantDay(&w, "dated", q)
	return w, nil
}

// wantDay reads a day, which is today where none is given: in ISO, and in
// words for its field.
func (s *Server) wantDay(w *wanted, field string, q url.Values) (iso, shown string) {
	typed := plain(q.Get(field))
	if typed == "" {
		today := stat.DateOf(s.Now())
		return today.String(), today.Long()
	}
	day, ok := readDay(typed)
	if !ok {
		w.Problems[field] = "Give the day as 3 June 2026 or 03/06/2026."
		return "", typed
	}
	return day.String(), day.Long()
}

// query is all that was asked for.
func (w wanted) query() string {
	return "?" + encoded(url.Values{"area": {w.Sel.Area}, "neighbours": {w.Sel.Neighbours}, "as-of": {w.Sel.AsOf}, "dated": {w.Sel.Dated}, "by": {w.Sel.By}})
}

// path is the address of one of the report's pages, "" for the first.
func (w wanted) path(page string) string {
	if page == "" {
		return reportPath(w.Name) + w.query()
	}
	return reportPath(w.Name) + "/" + page + w.query()
}

// Back is the report that is being prepared.
func (w wanted) Back() string { return w.path("") }

// Problem is the first thing wrong, with its field.
func (w wanted) Problem() (p said) {
	for _, field := range []string{"as-of", "dated"} {
		if p.Problem == "" && w.Problems[field] != "" {
			p = said{Field: field, Problem: w.Problems[field]}
		}
	}
	return p
}

// make makes the report that is asked for. It is nil, and w has a problem,
// where the days cannot be.
func (s *Server) make(ctx context.Context, w *wanted) (*dashboard.Report, error) {
	if !slices.ContainsFunc(s.Boards.Reports(), func(r dashboard.ReportInfo) bool { return r.Name == w.Name }) {
		return nil, dashboard.ErrNotFound
	}
	if len(w.Problems) > 0 {
		return nil, nil
	}
	r, err := s.written(ctx, w)
	var choice *dashboard.ChoiceError
	if errors.As(err, &choice) && (choice.Field == "as-of" || choice.Field == "dated") {
		w.Problems[choice.Field] = sentence(choice)
		return nil, nil
	}
	return r, err
}

// paper is what reports are put on.
func (s *Server) paper(ctx context.Context) report.Paper {
	return report.Paper{Template: s.Template, Charts: func(p dashboard.Panel) ([]byte, error) {
		if !drawn(p) {
			return nil, nil
		}
		svg, err := s.draw(ctx, p, reportChart)
		if errors.Is(err, chart.ErrNoFigures) {
			return nil, nil
		}
		return svg, err
	}}
}

// reportChart is how wide a chart of a report is, in pixels.
const reportChart = 960

// report is a report being prepared, or the draft as a file.
func (s *Server) report(c *gin.Context) error {
	name, ext := splitReport(c.Param("name"))
	return s.drafted(c, name, func(ctx context.Context, r *dashboard.Report, w wanted) (*document, error) {
		if ext != "" {
			body, err := s.paper(ctx).File(r, ext)
			return newDocument(fileTypes[ext], plainName(name+"-"+r.Area.Number+"-"+r.AsOf+"-draft")+"."+ext, body), err
		}
		body, err := s.reportHTML(ctx, r, w, said{})
		return newDocument(htmlType, "", body), err
	}, ext)
}

// Pages of a report that is being prepared.
const (
	briefingPage = "briefing"
	issuePage    = "issue"
)

// reportPart is one of the other pages of a report.
func (s *Server) reportPart(c *gin.Context) error {
	name := c.Param("name")
	part, ext := splitReport(c.Param("page"))
	if part == issuePage && ext == "" {
		return s.drafted(c, name, s.confirmation, "")
	}
	if part != briefingPage || ext != "" && !slices.Contains(report.Briefings, ext) && ext != report.JSON {
		return notFound("There is nothing at this address.", nil)
	}
	return s.drafted(c, name, func(ctx context.Context, r *dashboard.Report, w wanted) (*document, error) {
		return s.briefing(ctx, r, w, ext)
	}, ext)
}

// drafted answers with what is made of a draft, or asks again for the days it
// is of.
func (s *Server) drafted(c *gin.Context, name string, lay func(context.Context, *dashboard.Report, wanted) (*document, error), ext string) error {
	w, err := s.want(c, name)
	if err != nil {
		return err
	}
	return s.cached(c, c.Request.URL.Path+"\n"+w.query()+w.Problem().Problem, func(ctx context.Context) (*document, error) {
		r, err := s.make(ctx, &w)
		switch {
		case err != nil:
			return nil, err
		case r != nil:
			return lay(ctx, r, w)
		case ext != "":
			return nil, &failure{http.StatusBadRequest, "That choice does not work", w.Problem().Problem, nil}
		}
		body, err := s.reportHTML(ctx, nil, w, said{})
		d := newDocument(htmlType, "", body)
		d.status = http.StatusBadRequest
		return d, err
	})
}

// splitReport cuts the ending of a report's file from its name.
func splitReport(name string) (stem, ending string) {
	if at := strings.LastIndexByte(name, '.'); at > 0 && fileTypes[name[at+1:]] != "" {
		return name[:at], name[at+1:]
	}
	return name, ""
}

// fileTypes are the files a report comes in, by ending.
var fileTypes = map[string]string{
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": xlsxType, "html": htmlType, "csv": csvType, report.JSON: jsonType,
}

// download is a file that can be taken away.
type download struct{ Words, About, Href string }

// downloads are a report's files at an address.
func downloads(path, query string, endings []string) []download {
	words := map[string][2]string{"docx": {"Word", "document"}, "xlsx": {"Excel", "workbook"}, "html": {"Web page", "that stands alone"}, "csv": {"CSV", "of every figure"}, report.JSON: {"JSON", "of all of it"}}
	var out []download
	for _, e := range endings {
		out = append(out, download{words[e][0], words[e][1], path + "." + e + query})
	}
	return out
}

// allFiles are the endings of a report, with that of the report itself.
var allFiles = append(slices.Clone(report.Endings), report.JSON)

// reportFrame is what the pages of a report that is being prepared share.
type reportFrame struct {
	page
	Want   wanted
	Form   form
	Tabs   []tab
	Draft  *dashboard.Report // nil where its days cannot be
	Files  []download
	Issue  string // where it is issued
	Wrong  said
	Action string // of the form
}

// framed is the frame of one of the pages.
func (s *Server) framed(ctx context.Context, r *dashboard.Report, w wanted, here string) reportFrame {
	sel := dashboard.Selection{Area: w.Sel.Area, Neighbours: w.Sel.Neighbours, Show: dashboard.ShowValue}
	f := reportFrame{page: s.base(ctx, "Report to "+s.audience(w.Name), reportsPath, reportPath(w.Name)+".json"+w.query()), Want: w, Draft: r, Wrong: w.Problem(), Action: reportPath(w.Name)}
	f.Query, f.Style, f.Issue = query(sel), reportStyle, w.path(issuePage)
	f.Form = s.form(sel, f.Action, nil)
	if here == briefingPage {
		f.Action += "/" + briefingPage
	}
	f.Tabs = []tab{{w.path(""), "The report", here == ""}, {w.path(briefingPage), "Questions to expect", here == briefingPage}}
	if r != nil {
		f.Form.Models = r.Models
		f.Sample = sampled(r)
		f.draft(r.Drafts()...)
	}
	f.faulty(f.Wrong.Problem)
	return f
}

// sampled reports whether sample figures are in the report.
func sampled(r *dashboard.Report) bool {
	for _, s := range r.Sections {
		if slices.Contains(s.Paragraphs, dashboard.SampleWarning) {
			return true
		}
	}
	return false
}

// audience is whom a report is for.
func (s *Server) audience(name string) string {
	for _, r := range s.Boards.Reports() {
		if r.Name == name {
			return r.Audience
		}
	}
	return name
}

// reportPage is a report that is being prepared: its choices, what is to be
// checked, the commentary, and how it will read.
type reportPage struct {
	reportFrame
	Checks []check
	Forms  []*commentForm
	Body   template.HTML
}

// reportHTML is the page; told is what was written and could not be kept.
func (s *Server) reportHTML(ctx context.Context, r *dashboard.Report, w wanted, told said) ([]byte, error) {
	p := reportPage{reportFrame: s.framed(ctx, r, w, "")}
	if r != nil {
		body, err := report.Body(r, s.paper(ctx).Charts)
		if err != nil {
			return nil, fmt.Errorf("writing the report %s as a page: %w", w.Name, err)
		}
		p.Body, p.Forms, p.Checks = template.HTML(body), commentForms(r, w, told), checks(r)
		p.Files = downloads(reportPath(w.Name), w.query(), allFiles)
	}
	if told.Problem != "" {
		p.Wrong = told
		p.faulty(told.Problem)
	}
	return s.pages.render("report", p)
}

// Next are the parts of the page.
func (p reportPage) Next() []choice {
	out := []choice{{"#preview", "How it will read"}, {p.Issue, "Issue this report"}}
	if len(p.Forms) > 0 {
		out = append([]choice{{"#write", "What officers write"}}, out...)
	}
	return out
}

// reportStyle is the address of the style sheet of a report's text.
const reportStyle = reportsPath + "/style.css"

func (s *Server) reportStyle(c *gin.Context) error {
	newDocument("text/css; charset=utf-8", "", []byte(report.Style())).send(c.Writer, c.Request)
	return nil
}
