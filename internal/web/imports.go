package web

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
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
	{"breakdowns.csv", "Sample figures by category of abuse, placement type, age and ethnicity"},
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
		kind = xlsxType
	}
	newDocument(kind, name, data).send(c.Writer, c.Request)
	return nil
}

// importsPath is the page of imports, with each below it.
const importsPath = "/imports"

// importsPage is the upload form and what has been imported.
type importsPage struct {
	page
	Samples []sample
	Batches []listedBatch
	Layouts []ownLayout
	Limit   string // of a file: "20 MB"
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
	p := importsPage{page: s.base(c.Request.Context(), "Imports", "/imports", "/imports.json"), Samples: s.samples, Batches: s.listed(batches), Layouts: s.own.Load().saved, Limit: megabytes(s.MaxUpload), Problem: problem, Field: field}
	p.faulty(problem)
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
	Batch      int64          `json:"batch"`
	File       string         `json:"file"`
	SHA256     string         `json:"sha256"`
	Layout     string         `json:"layout"`
	Publisher  string         `json:"publisher"`
	Released   stat.Release   `json:"released"`
	By         string         `json:"by"`
	At         time.Time      `json:"at"`
	Sample     bool           `json:"sample"`
	Rows       int            `json:"rows"`
	New        int            `json:"new"`
	Revised    int            `json:"revised"`
	Unchanged  int            `json:"unchanged"`
	Superseded int            `json:"superseded"`
	Problems   []stat.Problem `json:"problems"`
	Skipped    []stat.Skip    `json:"skipped"`
	Withdrawn  *withdrawnJSON `json:"withdrawn,omitempty"`

	Published    time.Time `json:"published,omitzero"` // from when viewers see it; none for a draft
	PublishedBy  string    `json:"publishedBy,omitempty"`
	PublishedWhy string    `json:"publishedWhy,omitempty"`
}

type withdrawnJSON struct {
	At  time.Time `json:"at"`
	By  string    `json:"by"`
	Why string    `json:"why"`
}

func asJSON(b stat.Batch) batchJSON {
	out := batchJSON{b.ID, b.File, b.SHA256, b.Layout, b.Publisher, b.Released, b.By, b.At, b.Sample, b.Rows,
		b.New, b.Revised, b.Unchanged, b.Superseded, append([]stat.Problem{}, b.Problems...), append([]stat.Skip{}, b.Skipped...), nil,
		b.Published, b.PublishedBy, b.PublishedWhy}
	if !b.Withdrawn.IsZero() {
		out.Withdrawn = &withdrawnJSON{b.Withdrawn, b.WithdrawnBy, b.WithdrawnWhy}
	}
	return out
}

// listedBatch is an import in the list.
type listedBatch struct {
	stat.Batch
	Accepted int // warnings
	Sign     publication
}

func (s *Server) listed(all []stat.Batch) []listedBatch {
	out := make([]listedBatch, len(all))
	for i, b := range all {
		out[i].Batch, out[i].Sign = b, s.publicationOf(b)
		for _, p := range b.Problems {
			if p.Accepted != "" {
				out[i].Accepted++
			}
		}
	}
	return out
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
