package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

// mappable reports whether somebody can say what the columns of a file are:
// no layout fits it, or one that was told did not either.
func mappable(u upload) bool {
	if u.State != refused || u.Head == nil || !u.Kept || u.Result == nil {
		return false
	}
	return u.Layout != "" || slices.ContainsFunc(u.Result.Problems, func(p stat.Problem) bool {
		return p.Code == "unknown_layout" || p.Code == "missing_column"
	})
}

// mappingPage shows the top of a file and asks what its columns are.
type mappingPage struct {
	page
	Mapping  importer.Mapping
	ID, File string
	Head     *importer.Head
	At       int // the sheet, among those of Head
	Sheet    importer.HeadSheet
	Letters  []string // of its columns
	Told     []toldColumn
	Kinds    []choice
	Roles    []choice
	Measures []topic
	Problem  string
}

// toldColumn is a column of the sheet and what it was said to be.
type toldColumn struct {
	importer.MappingColumn
	N       int // from 0
	Letter  string
	Samples []string // the first texts below its header
}

var mappingKinds = []choice{
	{"table", "A row for each date and area"}, {"grid", "Measures down the side, dates across the top"},
}

// roleWords says in words what a column may be; a role without any is shown as
// it is.
var roleWords = map[string]string{
	"period": "Date or period", "identifier": "What kind of period it is (time identifier)", "level": "Geographic level", "country": "Country code",
	"region": "Region code", "region_name": "Region name", "code": "Area’s ONS code", "number": "Area’s DfE number", "name": "Area’s name",
	"area": "Area (its name, code or number)", "measure": "Name of the measure", "label": "Name of the measure, down the side",
	"count": "How many (a count)", "denominator": "Out of how many (a denominator)", "value": "Rate, percentage or other value", "unit": "Unit of the value",
	"breakdown": "Categories of what the header names (ethnicity, ward)", "dimension": "What the row is broken down by (ethnicity)", "category": "Category (White)", "figure": "Figure of the measure the row names",
}

// mappingPage offers what the address asks for, or what was told before, or a
// guess.
func (s *Server) mappingPage(c *gin.Context) error {
	u, err := s.toMap(c.Param("name"))
	if err != nil {
		return err
	}
	if u.Mapping != nil && c.Request.URL.RawQuery == "" {
		return s.mappingHTML(c, u, *u.Mapping, http.StatusOK, "")
	}
	m := firstMapping(u)
	if at, err := strconv.Atoi(c.Query("sheet")); err == nil && at >= 0 && at < len(u.Head.Sheets) && u.Head.Sheets[at].Name != m.Sheet {
		m.Sheet, m.HeaderRow = u.Head.Sheets[at].Name, u.Head.Sheets[at].Header
	} else if row, err := strconv.Atoi(c.Query("row")); err == nil {
		m.HeaderRow = row
	}
	if c.Query("kind") == "grid" {
		m.Kind = "grid"
	}
	s.guess(u.Head, &m)
	return s.mappingHTML(c, u, m, http.StatusOK, "")
}

// toMap is an upload whose columns can be told.
func (s *Server) toMap(id string) (upload, error) {
	u, ok := s.desk.find(id)
	if !ok {
		return u, goneUpload()
	}
	if !mappable(u) {
		return u, conflict("What the columns of this file are cannot be told: it is not waiting for that. Upload the file again if you want to tell.")
	}
	return u, nil
}

// firstMapping is of the first sheet that is not hidden.
func firstMapping(u upload) importer.Mapping {
	m := importer.Mapping{Kind: "table", Name: layoutName(u.File), Title: stem(u.File)}
	at := max(0, slices.IndexFunc(u.Head.Sheets, func(s importer.HeadSheet) bool { return !s.Hidden && len(s.Rows) > 0 }))
	if len(u.Head.Sheets) > 0 {
		m.Sheet, m.HeaderRow = u.Head.Sheets[at].Name, u.Head.Sheets[at].Header
	}
	return m
}

// layoutName makes a name for a layout out of a file's: front-door-weekly.
func layoutName(file string) string {
	words := strings.FieldsFunc(strings.ToLower(stem(file)), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	name := strings.Join(words, "-")
	return strings.TrimRight(name[:min(len(name), 40)], "-")
}

// sheetOf is the sheet a mapping is of, and the index of its header row, -1
// where it has none.
func sheetOf(h *importer.Head, m importer.Mapping) (sheet, row int) {
	sheet = slices.IndexFunc(h.Sheets, func(s importer.HeadSheet) bool { return s.Name == m.Sheet })
	if sheet < 0 {
		return -1, -1
	}
	return sheet, slices.IndexFunc(h.Sheets[sheet].Rows, func(r importer.HeadRow) bool { return r.Number == m.HeaderRow })
}

// columnsOf are the columns of a mapping's sheet that have a header.
func columnsOf(h *importer.Head, m importer.Mapping) []toldColumn {
	sheet, row := sheetOf(h, m)
	if row < 0 {
		return nil
	}
	rows := h.Sheets[sheet].Rows
	var out []toldColumn
	for i, header := range rows[row].Cells {
		if strings.TrimSpace(header) == "" {
			continue
		}
		col := toldColumn{MappingColumn: importer.MappingColumn{Header: header}, N: i, Letter: letter(i)}
		for _, below := range rows[row+1:] {
			if i < len(below.Cells) && strings.TrimSpace(below.Cells[i]) != "" && len(col.Samples) < 3 {
				col.Samples = append(col.Samples, cut(below.Cells[i], shownText))
			}
		}
		out = append(out, col)
	}
	return out
}

// letter is the name of a column, A for 0.
func letter(i int) string {
	out := ""
	for i++; i > 0; i = (i - 1) / 26 {
		out = string(rune('A'+(i-1)%26)) + out
	}
	return out
}

// headerWords are those by which a header is guessed to be of a role, the most
// telling first.
var headerWords = []struct {
	role  string
	words []string
}{
	{"period", []string{"date", "month", "mth", "quarter", "qtr", "year", "period", "week", "as at", "ended", "ending"}},
	{"measure", []string{"measure", "indicator", "kpi", "metric"}},
	{"area", []string{"area", "authority", "council", "la", "district"}},
	{"denominator", []string{"denominator", "population", "out of", "cohort"}},
	{"value", []string{"rate", "percent", "percentage", "%", "value", "average"}},
	{"count", []string{"count", "number", "numerator", "total", "no", "n"}},
	{"dimension", []string{"dimension"}},
	{"category", []string{"breakdown", "characteristic"}},
	{"breakdown", []string{"ethnicity", "ethnic", "age", "gender", "sex", "placement", "ward", "locality", "category"}},
}

// guess says what each column is, as far as its header and what stands below
// tell. No role is guessed twice but that of figures.
func (s *Server) guess(h *importer.Head, m *importer.Mapping) {
	m.Columns = nil
	roles := importer.Roles(m.Kind)
	if m.Kind == "grid" {
		roles = []string{"label"}
	}
	taken := map[string]bool{}
	for _, col := range columnsOf(h, *m) {
		if known, err := s.Catalogue.Measure(col.Header); err == nil {
			col.Measure = known.Code
		}
		if is := guessRole(col); slices.Contains(roles, is) && !taken[is] {
			col.Is, taken[is] = is, !slices.Contains(figureRoles, is)
		} else if m.Kind == "grid" && !taken["label"] && len(col.Samples) > 0 {
			col.Is, taken["label"] = "label", true
		}
		m.Columns = append(m.Columns, col.MappingColumn)
	}
}

// figureRoles are those that several columns may have.
var figureRoles = []string{"count", "denominator", "value", "figure", "breakdown"}

func guessRole(col toldColumn) string {
	folded := " " + stat.Fold(col.Header) + " "
	if col.Measure != "" {
		return "figure"
	}
	for _, g := range headerWords {
		if slices.ContainsFunc(g.words, func(w string) bool { return strings.Contains(folded, " "+w+" ") }) {
			return g.role
		}
	}
	if len(col.Samples) > 0 && strings.Trim(col.Samples[0], "0123456789.,") != "" {
		if _, err := stat.ParsePeriod(col.Samples[0]); err == nil {
			return "period"
		}
	}
	return ""
}

func (s *Server) mappingHTML(c *gin.Context, u upload, m importer.Mapping, status int, problem string) error {
	p := mappingPage{page: s.base(c.Request.Context(), "What the columns of "+u.File+" are", "/imports", ""), Mapping: m, ID: u.ID, File: u.File, Head: u.Head, Kinds: mappingKinds, Problem: problem}
	p.faulty(problem)
	p.Told = columnsOf(u.Head, m)
	for i := range p.Told {
		if i < len(m.Columns) {
			p.Told[i].MappingColumn = m.Columns[i]
		}
	}
	if p.At, _ = sheetOf(u.Head, m); p.At >= 0 {
		p.Sheet = u.Head.Sheets[p.At]
	}
	width := 0
	for _, r := range p.Sheet.Rows {
		width = max(width, len(r.Cells))
	}
	for i := range width {
		p.Letters = append(p.Letters, letter(i))
	}
	for _, r := range importer.Roles(m.Kind) {
		p.Roles = append(p.Roles, choice{r, roleName(r)})
	}
	p.Measures = s.measuresByTopic()
	return s.pages.write(c.Writer, status, "mapping", p)
}

func roleName(role string) string {
	if words, ok := roleWords[role]; ok {
		return words
	}
	return role
}

// measuresByTopic lists every measure to choose from.
func (s *Server) measuresByTopic() []topic {
	var out topics
	for _, m := range s.Catalogue.Measures() {
		out.add(m, listedMeasure{Code: m.Code, Name: m.Name})
	}
	return out.all()
}

// tell keeps what the columns are as a layout, and reads the file by it.
func (s *Server) tell(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	u, err := s.toMap(c.Param("name"))
	if err != nil {
		return err
	}
	m, err := readMapping(c, u.Head)
	if err != nil {
		return err
	}
	if err := s.keepMapping(c, u, m); err != nil {
		if f := asFailure(err); f.status < 500 {
			return s.mappingHTML(c, u, m, f.status, f.message)
		}
		return err
	}
	again := s.desk.change(u.ID, func(u *upload) bool {
		if !mappable(*u) {
			return false
		}
		u.State, u.Layout, u.Mapping, u.Result, u.Done, u.Total = reading, m.Name, &m, nil, 0, 0
		return true
	})
	if u, ok := s.desk.find(u.ID); ok && again {
		s.job(u, func(ctx context.Context) error { return s.read(ctx, u) })
	}
	c.Redirect(http.StatusSeeOther, uploadPath(u.ID))
	return nil
}

func (s *Server) keepMapping(c *gin.Context, u upload, m importer.Mapping) error {
	text, err := s.importer().Draft(m)
	if err != nil {
		return badMapping(sentence(err))
	}
	return s.keepLayout(c.Request.Context(), stat.SavedLayout{Name: m.Name, TOML: text, By: s.who(c), At: s.Now()}, u.Layout)
}

func badMapping(message string) error {
	return &failure{http.StatusBadRequest, "There is a problem with the columns", message, nil}
}

// readMapping reads the form. A sheet or row that is not in the file is no
// slip of whoever filled it in.
func readMapping(c *gin.Context, h *importer.Head) (importer.Mapping, error) {
	m := importer.Mapping{Kind: c.PostForm("kind"), Name: plain(c.PostForm("name")), Title: plain(c.PostForm("title"))}
	at, err := strconv.Atoi(c.PostForm("sheet"))
	if err != nil || at < 0 || at >= len(h.Sheets) {
		return m, badMapping("That sheet is not in the file. Go back and choose one that is.")
	}
	m.Sheet = h.Sheets[at].Name
	m.HeaderRow, _ = strconv.Atoi(c.PostForm("row"))
	for _, col := range columnsOf(h, m) {
		n := strconv.Itoa(col.N)
		col.Is, col.Measure, col.Reason = c.PostForm("is-"+n), c.PostForm("measure-"+n), plain(c.PostForm("why-"+n))
		m.Columns = append(m.Columns, col.MappingColumn)
	}
	return m, nil
}
