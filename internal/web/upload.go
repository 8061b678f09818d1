package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

// uploadPage shows how far an upload has come.
type uploadPage struct {
	page
	upload
	Errors     []problem
	Warnings   []problem // without a reason so far
	Accepted   []problem
	Notes      []problem
	Stages     []stage
	Tally      string // how the checks went
	Heading    string
	Problem    string     // with the reasons that were just given
	ChildLevel bool       // the file is about single children
	Mappable   bool       // what its columns are can be told
	AtOnce     bool       // whoever looks may publish it as it is imported
	Earlier    stat.Batch // that holds the same bytes
	Until      string     // it can be confirmed
}

func (s *Server) uploadPage(c *gin.Context) error {
	id, ext := split(c.Param("name"))
	u, ok := s.desk.find(id)
	if !ok {
		return goneUpload()
	}
	if ext == "json" {
		writeJSON(c.Writer, http.StatusOK, progressOf(u))
		return nil
	}
	if ext != "" {
		return notFound("There is nothing at this address.", nil)
	}
	if u.State == stored {
		c.Header("Cache-Control", "no-store")
		c.Redirect(http.StatusSeeOther, batchPath(u.Batch))
		return nil
	}
	status := http.StatusOK
	if u.State == refused {
		status = http.StatusUnprocessableEntity
	}
	return s.uploadHTML(c, u, status, "")
}

func (s *Server) uploadHTML(c *gin.Context, u upload, status int, problem string) error {
	p, err := s.uploadView(c.Request.Context(), u)
	if err != nil {
		return err
	}
	p.Problem = problem
	p.faulty(problem)
	return s.pages.write(c.Writer, status, "upload", p)
}

func (s *Server) uploadView(ctx context.Context, u upload) (p uploadPage, err error) {
	titles := map[state]string{reading: "Reading ", checked: "Check ", refused: "Nothing was stored from ", unchanged: "Already imported: ",
		storing: "Storing ", cancelled: "Cancelled: ", failed: "Could not import "}
	p = uploadPage{page: s.base(ctx, titles[u.State]+u.File, "/imports", ""), upload: u}
	p.Heading = p.Title
	p.Waiting = u.Busy()
	p.Until = u.sent.Add(lifetime).Local().Format("15:04")
	p.Mappable = mappable(u)
	if u.Result != nil {
		p.Errors, p.Warnings, p.Accepted, p.Notes = bySeverity(u.Result.Problems)
		p.Stages, p.Tally = stages(u.Result.Checks), tally(u.Result.Checks)
		p.Sample = u.Result.Batch.Sample
		p.ChildLevel = childLevel(u.Result)
	}
	if p.AtOnce, err = s.atOnce(ctx); err != nil {
		return p, err
	}
	if u.State == unchanged {
		p.Earlier, err = s.Store.Batch(ctx, u.Batch)
	}
	return p, err
}

// Caption heads the figures that would change.
func (p uploadPage) Caption() string { return captionOf(len(p.Changed)) }

// progressed is what the page asks for while it waits.
type progressed struct {
	State string `json:"state"` // in words
	Done  int    `json:"done"`
	Total int    `json:"total"`
	Next  string `json:"next"` // where to go, "" while it is under way
}

func progressOf(u upload) progressed {
	p := progressed{Done: u.Done, Total: u.Total, State: "Finished"}
	switch u.State {
	case reading:
		p.State = "Reading the file: " + count(u.Done) + " rows so far"
	case storing:
		p.State = "Storing the figures"
		if u.Total > 0 {
			p.State += ": " + count(u.Done) + " of " + count(u.Total)
		}
	case stored:
		p.Next = batchPath(u.Batch)
	default:
		p.Next = uploadPath(u.ID)
	}
	return p
}

func uploadPath(id string) string { return "/uploads/" + id }

func goneUpload() error {
	return notFound("This upload is no longer here: it was not confirmed within an hour, or Bellwether has been restarted. "+
		"Nothing is stored from an upload until it is confirmed; one that was is in the list of imports. Otherwise upload the file again.", nil)
}

// accept keeps the reasons that were given for warnings. A warning without
// one goes on waiting.
func (s *Server) accept(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	id, given := c.Param("name"), 0
	done := s.desk.change(id, func(u *upload) bool {
		if u.State != checked {
			return false
		}
		u.Result, given = accepted(u.Result, c.Request.PostForm)
		return true
	})
	u, ok := s.desk.find(id)
	switch {
	case !ok:
		return goneUpload()
	case !done:
		return conflict("The warnings of this upload cannot be accepted any more: it is " + string(u.State) + ".")
	case given == 0:
		return s.uploadHTML(c, u, http.StatusBadRequest, "Give a reason for at least one warning: say why the figures are right as they are.")
	}
	c.Redirect(http.StatusSeeOther, uploadPath(id))
	return nil
}

// accepted is a result of its own with the reasons of a form, and how many
// there were.
func accepted(r *importer.Result, form map[string][]string) (*importer.Result, int) {
	own, given := *r, 0
	own.Problems, own.Batch.Problems = slices.Clone(r.Problems), slices.Clone(r.Batch.Problems)
	for _, p := range r.Waiting() {
		for _, reason := range form["reason:"+p.ID()] {
			if own.Accept(p.ID(), plain(reason)) == nil {
				given++
				break
			}
		}
	}
	return &own, given
}

// confirm stores the figures that were previewed. Confirming twice is
// confirming once.
func (s *Server) confirm(c *gin.Context) error {
	publish, err := s.readAtOnce(c)
	if err != nil {
		return err
	}
	id := c.Param("name")
	u, ok := s.desk.find(id)
	if !ok {
		return goneUpload()
	}
	waiting := 0
	started := s.desk.change(id, func(u *upload) bool {
		if u.State != checked {
			return false
		}
		if waiting = len(u.Result.Waiting()); waiting > 0 {
			return false
		}
		u.State, u.Done, u.Total = storing, 0, 0
		u.drop()
		return true
	})
	if waiting > 0 {
		return conflict("A warning still waits for a reason. Nothing was stored. Go back, say why the figures are right as they are, and import them then.")
	}
	if !started && u.State != storing && u.State != stored && u.State != checked {
		return conflict("This upload cannot be confirmed: it is not waiting for that. Nothing was stored. Upload the file again if you want its figures.")
	}
	if started {
		if u, ok = s.desk.find(id); ok {
			by := *s.person(c)
			s.job(u, func(ctx context.Context) error { return s.store(ctx, u, by, publish) })
		}
	}
	c.Redirect(http.StatusSeeOther, uploadPath(id))
	return nil
}

// cancel forgets the file and what was read.
func (s *Server) cancel(c *gin.Context) error {
	id := c.Param("name")
	u, ok := s.desk.find(id)
	if !ok {
		return goneUpload()
	}
	done := s.desk.change(id, func(u *upload) bool {
		if u.State != checked && u.State != refused && u.State != cancelled {
			return false
		}
		u.end(cancelled)
		return true
	})
	if !done {
		return conflict("This upload cannot be cancelled any more: it is " + string(u.State) + ".")
	}
	c.Redirect(http.StatusSeeOther, uploadPath(id))
	return nil
}

// marked sends the file that was uploaded as a workbook with its problems
// marked. It takes its turn with the files that are read and stored, for it
// works as hard as they do.
func (s *Server) marked(c *gin.Context) error {
	u, ok := s.desk.find(c.Param("name"))
	if !ok || !u.Kept || u.Result == nil || len(u.Result.Problems) == 0 {
		return notFound("There is no workbook of problems for this upload: it has none, or its file is no longer here. Upload the file again.", nil)
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-c.Request.Context().Done():
		return c.Request.Context().Err()
	}
	body, err := importer.MarkProblems(u.File, u.data, u.Result.Problems, s.options().Limits)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", `attachment; filename="`+plainName(stem(u.File))+`-problems.xlsx"`)
	c.Data(http.StatusOK, xlsxType, body)
	return nil
}

// stem is a file's name without its ending.
func stem(file string) string {
	if at := strings.LastIndexByte(file, '.'); at > 0 {
		return file[:at]
	}
	return file
}
