package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// sent is what the upload form sends.
type sent struct {
	most     int64 // bytes of a file
	files    []named
	released stat.Release

	named        // the one with the figures, once they are paired
	meta  []byte // of the other, which describes its columns
}

type named struct {
	file string
	data []byte
}

// receive takes a file and answers at once with the page of its upload, where
// it is read.
func (s *Server) receive(c *gin.Context) error {
	in, err := receiveForm(c, s.MaxUpload)
	if err := s.admitAgain(c); err != nil {
		return err
	}
	if err != nil {
		return s.retry(c, err)
	}
	sum := sha256.Sum256(in.data)
	batch, err := s.Store.BatchBySHA(c.Request.Context(), hex.EncodeToString(sum[:]))
	held := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	u, err := s.desk.add(in)
	if err != nil {
		return s.retry(c, conflict("Bellwether is still reading other files. Wait a minute, then upload this one again. Nothing of it was stored."))
	}
	if held {
		s.desk.change(u.ID, func(u *upload) bool {
			u.end(unchanged)
			u.Batch = batch.ID
			return true
		})
	} else {
		s.job(u, func(ctx context.Context) error { return s.read(ctx, u) })
	}
	c.Redirect(http.StatusSeeOther, "/uploads/"+u.ID)
	return nil
}

// receiveForm reads the upload form as it comes, never more than two files
// within the limit in memory. A file above the limit is read to its end and
// thrown away, so that the browser gets to see the answer; far above it, the
// line is cut.
func receiveForm(c *gin.Context, most int64) (in sent, err error) {
	in.most = most
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, 8*most)
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
			return in, in.failed(err)
		}
	}
	return in, in.pair()
}

// metaEnding is how the file is called that describes the columns of a CSV:
// figures.meta.csv beside figures.csv.
const metaEnding = ".meta.csv"

// pair tells the file with the figures from the one that describes them.
func (in *sent) pair() error {
	slices.SortStableFunc(in.files, func(a, b named) int { return cmp.Compare(len(a.file), len(b.file)) })
	switch len(in.files) {
	case 0:
		return badUpload("No file was chosen. Choose a spreadsheet (.xlsx, .xlsm or .ods) or a CSV file.")
	case 1:
		if stem, ok := cutEnding(in.files[0].file, metaEnding); ok {
			return badUpload("A " + metaEnding + " file only describes the columns of another. Choose " + stem + ".csv together with it.")
		}
	default:
		stem, ok := cutEnding(in.files[1].file, metaEnding)
		if !ok || !strings.EqualFold(in.files[0].file, stem+".csv") {
			return badUpload("The two files do not belong together. Upload one file at a time, or a CSV together with the " + metaEnding + " of the same name.")
		}
		in.meta = in.files[1].data
	}
	in.named = in.files[0]
	return nil
}

// cutEnding is strings.CutSuffix for any case of letters.
func cutEnding(name, ending string) (stem string, ok bool) {
	at := len(name) - len(ending)
	if at < 0 || !strings.EqualFold(name[at:], ending) {
		return name, false
	}
	return name[:at], true
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
		if len(in.files) == 2 {
			return badUpload("More than two files were sent. Upload one file at a time, or a CSV together with its " + metaEnding + ".")
		}
		data, err := io.ReadAll(io.LimitReader(part, in.most+1))
		if err == nil && int64(len(data)) > in.most {
			err = tooLarge(in.most, nil)
		}
		in.files = append(in.files, named{fileName(part.FileName()), data})
		return err
	}
	return err
}

func (in *sent) failed(err error) error {
	var f *failure
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &over):
		return tooLarge(in.most, err)
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
	name = stat.Line(path.Base(strings.ReplaceAll(name, `\`, "/")))
	for len(name) > 200 {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:] // the ending says what it is
	}
	return name
}

// maxText is how many runes a field may have.
const maxText = 1000

// plain is a field of a form as one line, fit to be shown and kept.
func plain(s string) string {
	s = stat.Line(s)
	if runes := []rune(s); len(runes) > maxText {
		s = string(runes[:maxText])
	}
	return s
}
