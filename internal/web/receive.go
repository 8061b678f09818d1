package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

const (
	maxUpload = 20 << 20 // bytes of a file
	maxBody   = 8 * maxUpload
)

// sent is what the upload form sends.
type sent struct {
	file     string
	data     []byte
	released stat.Release
}

// receive takes a file and answers at once with the page of its upload, where
// it is read.
func (s *Server) receive(c *gin.Context) error {
	in, err := receiveForm(c)
	if err != nil {
		return s.retry(c, err)
	}
	sum := sha256.Sum256(in.data)
	batch, err := s.Store.BatchBySHA(c.Request.Context(), hex.EncodeToString(sum[:]))
	held := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	u, err := s.desk.add(in.file, in.released)
	if err != nil {
		return s.retry(c, conflict("Bellwether is still reading other files. Wait a minute, then upload this one again. Nothing of it was stored."))
	}
	if held {
		s.desk.change(u.ID, func(u *upload) bool { u.State, u.Batch = unchanged, batch.ID; return true })
	} else {
		s.job(u, func(ctx context.Context) error { return s.read(ctx, u, in.data) })
	}
	c.Redirect(http.StatusSeeOther, "/uploads/"+u.ID)
	return nil
}

// receiveForm reads the upload form as it comes, never more than the limit of
// it in memory. A file above the limit is read to its end and thrown away, so
// that the browser gets to see the answer; far above it, the line is cut.
func receiveForm(c *gin.Context) (in sent, err error) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxBody)
	form, err := c.Request.MultipartReader()
	if err != nil {
		return in, badUpload("The form did not arrive as a file upload. Choose a file on the imports page and send it from there.")
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = in.take(part)
		}
		if err != nil {
			io.Copy(io.Discard, c.Request.Body)
			return in, uploadError(err)
		}
	}
	if in.file == "" {
		return in, badUpload("No file was chosen. Choose a spreadsheet (.xlsx) or a CSV file.")
	}
	return in, nil
}

// take reads one field of the form.
func (in *sent) take(part *multipart.Part) (err error) {
	switch part.FormName() {
	case "released":
		text, err := io.ReadAll(io.LimitReader(part, 100))
		if err != nil {
			return err
		}
		in.released, err = readRelease(string(text))
		return err
	case "file":
		if part.FileName() == "" {
			return nil
		}
		if in.file != "" {
			return badUpload("More than one file was sent. Upload one file at a time.")
		}
		in.file = fileName(part.FileName())
		if in.data, err = io.ReadAll(io.LimitReader(part, maxUpload+1)); err == nil && len(in.data) > maxUpload {
			return tooLarge(nil)
		}
	}
	return err
}

func uploadError(err error) error {
	var f *failure
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &over):
		return tooLarge(err)
	}
	return badUpload("The file did not arrive whole. Upload it again.")
}

var errRelease = errors.New("The date the figures were released could not be read. Write a day, such as 20 November 2026, or a month, such as November 2026, or leave it empty.")

// readRelease reads the day or month figures were published, as people write
// it; nothing is no release.
func readRelease(text string) (stat.Release, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if r, err := stat.ParseRelease(text); err == nil {
		return r, nil
	}
	if p, err := stat.ParsePeriod(text); err == nil {
		switch p.Span {
		case stat.Day:
			return stat.Release(p.End.String()), nil
		case stat.Month:
			return stat.Release(p.End.Time().Format("2006-01")), nil
		}
	}
	return "", &failure{http.StatusBadRequest, "There is a problem with the upload", errRelease.Error(), errRelease}
}

// fileName is what a file was called, without its folder and fit to be shown.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	for len(name) > 200 {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:] // the ending says what it is
	}
	return name
}

// uploadPage shows how far an upload has come.
type uploadPage struct {
	page
	upload
	Errors   []stat.Problem
	Warnings []stat.Problem
	Earlier  stat.Batch // that holds the same bytes
	Until    string     // it can be confirmed
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
	p, err := s.uploadView(c.Request.Context(), u)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if u.State == refused {
		status = http.StatusUnprocessableEntity
	}
	return s.pages.write(c.Writer, status, "upload", p)
}

func (s *Server) uploadView(ctx context.Context, u upload) (p uploadPage, err error) {
	titles := map[state]string{reading: "Reading ", checked: "Check ", refused: "Nothing was stored from ", unchanged: "Already imported: ",
		storing: "Storing ", cancelled: "Cancelled: ", failed: "Could not import "}
	p = uploadPage{page: s.base(titles[u.State]+u.File, "/imports", ""), upload: u}
	p.Waiting = u.Busy()
	p.Until = u.sent.Add(lifetime).Local().Format("15:04")
	if u.Result != nil {
		p.Errors, p.Warnings = bySeverity(u.Result.Problems)
		p.Sample = u.Result.Batch.Sample
	}
	if u.State == unchanged {
		p.Earlier, err = s.Store.Batch(ctx, u.Batch)
	}
	return p, err
}

func bySeverity(all []stat.Problem) (errors, warnings []stat.Problem) {
	for _, p := range all {
		if p.Severity == stat.Error {
			errors = append(errors, p)
		} else {
			warnings = append(warnings, p)
		}
	}
	return errors, warnings
}

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
		p.State = "Storing the figures: " + count(u.Done) + " of " + count(max(u.Total, u.Done))
	case stored:
		p.Next = batchPath(u.Batch)
	default:
		p.Next = "/uploads/" + u.ID
	}
	return p
}

func goneUpload() error {
	return notFound("This upload is no longer here: it was not confirmed within an hour, or Bellwether has been restarted. "+
		"Nothing is stored from an upload until it is confirmed; one that was is in the list of imports. Otherwise upload the file again.", nil)
}

// confirm stores the figures that were previewed. Confirming twice is
// confirming once.
func (s *Server) confirm(c *gin.Context) error {
	id := c.Param("name")
	u, ok := s.desk.find(id)
	if !ok {
		return goneUpload()
	}
	started := s.desk.change(id, func(u *upload) bool {
		if u.State != checked {
			return false
		}
		u.State, u.Done, u.Total = storing, 0, 0
		return true
	})
	if !started && u.State != storing && u.State != stored && u.State != checked {
		return conflict("This upload cannot be confirmed: it is not waiting for that. Nothing was stored. Upload the file again if you want its figures.")
	}
	if started {
		s.job(u, func(ctx context.Context) error { return s.store(ctx, u) })
	}
	c.Redirect(http.StatusSeeOther, "/uploads/"+id)
	return nil
}

// cancel forgets what was read.
func (s *Server) cancel(c *gin.Context) error {
	id := c.Param("name")
	u, ok := s.desk.find(id)
	if !ok {
		return goneUpload()
	}
	done := s.desk.change(id, func(u *upload) bool {
		if u.State != checked && u.State != cancelled {
			return false
		}
		u.State, u.Result, u.Look = cancelled, nil, nil
		return true
	})
	if !done {
		return conflict("This upload cannot be cancelled any more: it is " + string(u.State) + ".")
	}
	c.Redirect(http.StatusSeeOther, "/uploads/"+id)
	return nil
}
