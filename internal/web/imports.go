package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
)

// sample is a workbook to download and try.
type sample struct {
	File, About string
}

// samples are listed in the order they are tried.
var samplesAbout = []sample{
	{"monthly-return.xlsx", "Sample monthly return: sample figures, to see how an import goes"},
	{"monthly-return-next.xlsx", "Next month's sample return: upload it after the first and see the line grow"},
	{"monthly-return-template.xlsx", "Blank monthly return, to fill in with your own figures"},
	{"tidy-example.csv", "Sample figures as a plain table, one figure a line"},
}

// listSamples finds the workbooks there are; no other file can be downloaded.
func listSamples(fsys fs.FS) ([]sample, error) {
	entries, err := fs.ReadDir(fsys, "samples")
	if err != nil {
		return nil, fmt.Errorf("listing the samples: %w", err)
	}
	var out []sample
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".xlsx") || strings.HasSuffix(e.Name(), ".csv") {
			out = append(out, sample{e.Name(), aboutSample(e.Name())})
		}
	}
	rank := func(s sample) int {
		i := slices.IndexFunc(samplesAbout, func(k sample) bool { return k.File == s.File })
		if i < 0 {
			return len(samplesAbout)
		}
		return i
	}
	slices.SortStableFunc(out, func(a, b sample) int { return rank(a) - rank(b) })
	return out, nil
}

func aboutSample(file string) string {
	for _, k := range samplesAbout {
		if k.File == file {
			return k.About
		}
	}
	return "Sample file " + file
}

func (s *Server) sample(c *gin.Context) error {
	name := c.Param("name")
	if !slices.ContainsFunc(s.samples, func(k sample) bool { return k.File == name }) {
		return notFound("There is no sample of that name. The samples are on the imports page.", nil)
	}
	data, err := fs.ReadFile(s.Imports, "samples/"+name)
	if err != nil {
		return fmt.Errorf("reading sample: %w", err)
	}
	kind := csvType
	if strings.HasSuffix(name, ".xlsx") {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	newDocument(kind, name, data).send(c.Writer, c.Request)
	return nil
}

// importsPage is the upload form and what has been imported.
type importsPage struct {
	page
	Samples []sample
	Batches []stat.Batch
	Limit   int    // MB
	Problem string // with the upload that was just tried
	Field   string // of the form, where the problem is
}

func (s *Server) importList(c *gin.Context) error {
	if strings.HasSuffix(c.Request.URL.Path, ".json") {
		return s.importsJSON(c)
	}
	return s.importsHTML(c, http.StatusOK, "", "")
}

func (s *Server) importsHTML(c *gin.Context, status int, problem, field string) error {
	batches, err := s.Store.Batches(c.Request.Context())
	if err != nil {
		return err
	}
	title := "Imports"
	if problem != "" {
		title = "Error: " + title
	}
	p := importsPage{page: s.base(title, "/imports", "/imports.json"), Samples: s.samples, Batches: batches, Limit: maxUpload >> 20, Problem: problem, Field: field}
	return s.pages.write(c.Writer, status, "imports", p)
}

func (s *Server) importsJSON(c *gin.Context) error {
	batches, err := s.Store.Batches(c.Request.Context())
	if err != nil {
		return err
	}
	out := make([]batchJSON, len(batches))
	for i, b := range batches {
		out[i] = asJSON(b)
	}
	writeJSON(c.Writer, http.StatusOK, out)
	return nil
}

// batchJSON is a batch in the words of `bellwether import --json`.
type batchJSON struct {
	Batch     int64          `json:"batch"`
	File      string         `json:"file"`
	SHA256    string         `json:"sha256"`
	Layout    string         `json:"layout"`
	Publisher string         `json:"publisher"`
	Released  stat.Release   `json:"released"`
	By        string         `json:"by"`
	At        time.Time      `json:"at"`
	Sample    bool           `json:"sample"`
	Rows      int            `json:"rows"`
	New       int            `json:"new"`
	Revised   int            `json:"revised"`
	Unchanged int            `json:"unchanged"`
	Problems  []stat.Problem `json:"problems"`
	Skipped   []stat.Skip    `json:"skipped"`
}

func asJSON(b stat.Batch) batchJSON {
	return batchJSON{b.ID, b.File, b.SHA256, b.Layout, b.Publisher, b.Released, b.By, b.At, b.Sample, b.Rows,
		b.New, b.Revised, b.Unchanged, append([]stat.Problem{}, b.Problems...), append([]stat.Skip{}, b.Skipped...)}
}

// batchPage is one imported file.
type batchPage struct {
	page
	Batch    stat.Batch
	Measures []stat.Measure // with figures of it in force
}

func (s *Server) importPage(c *gin.Context) error {
	name, ext := split(c.Param("name"))
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || ext != "" && ext != "json" {
		return notFound("There is no such import. They are listed on the imports page.", err)
	}
	b, err := s.Store.Batch(c.Request.Context(), id)
	if err != nil {
		return err
	}
	if ext == "json" {
		writeJSON(c.Writer, http.StatusOK, asJSON(b))
		return nil
	}
	p := batchPage{page: s.base(b.File, "/imports", batchPath(id)+".json"), Batch: b}
	p.Sample = b.Sample
	if p.Measures, err = s.measuresOf(c.Request.Context(), id); err != nil {
		return err
	}
	return s.pages.write(c.Writer, http.StatusOK, "import", p)
}

func batchPath(id int64) string { return "/imports/" + strconv.FormatInt(id, 10) }

// measuresOf lists the measures that show figures of a batch: for the council
// or England, which nearly every file has, or else for any area.
func (s *Server) measuresOf(ctx context.Context, batch int64) ([]stat.Measure, error) {
	q := stat.Query{Areas: []string{s.Home.Code, stat.England}}
	for _, m := range s.Catalogue.Measures() {
		q.Measures = append(q.Measures, m.Code)
	}
	found, err := s.measuresIn(ctx, q, batch)
	if err == nil && len(found) == 0 {
		q.Areas = nil
		found, err = s.measuresIn(ctx, q, batch)
	}
	return found, err
}

func (s *Server) measuresIn(ctx context.Context, q stat.Query, batch int64) ([]stat.Measure, error) {
	held, err := s.Store.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	touched := map[string]bool{}
	for _, o := range held.Observations {
		for _, part := range stat.Parts {
			if f := o.Part(part); f.Origin != nil && f.Origin.Batch == batch {
				touched[o.Measure] = true
			}
		}
	}
	var out []stat.Measure
	for _, m := range s.Catalogue.Measures() {
		if touched[m.Code] {
			out = append(out, m)
		}
	}
	return out, nil
}

// retry shows the upload form again with what was wrong, so that it can be put
// right there.
func (s *Server) retry(c *gin.Context, err error) error {
	var f *failure
	if !errors.As(err, &f) || f.status >= 500 {
		return err
	}
	field := "file"
	if errors.Is(err, errRelease) {
		field = "released"
	}
	return s.importsHTML(c, f.status, f.message, field)
}
