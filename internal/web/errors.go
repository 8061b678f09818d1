package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// failure is an error as a reader sees it; err, if any, is for the log alone.
type failure struct {
	status         int
	title, message string
	err            error
}

func (f *failure) Error() string { return fmt.Sprintf("%d %s: %v", f.status, f.message, f.err) }
func (f *failure) Unwrap() error { return f.err }

func notFound(message string, err error) error {
	return &failure{http.StatusNotFound, "Page not found", message, err}
}

func badUpload(message string) error {
	return &failure{http.StatusBadRequest, "There is a problem with the upload", message, nil}
}

func tooLarge(most int64, err error) error {
	return &failure{http.StatusRequestEntityTooLarge, "The file is too large", fmt.Sprintf(
		"A file can be up to %s. Nothing was stored. Delete sheets, pictures and columns that hold no figures, or split the file, and upload it again; or ask whoever runs Bellwether to raise the limit (--max-upload).", megabytes(most)), err}
}

// megabytes are so many bytes as a person says them, "20 MB" or "0.5 MB".
func megabytes(n int64) string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64), ".0") + " MB"
}

func conflict(message string) error {
	return &failure{http.StatusConflict, "That cannot be done now", message, nil}
}

// asFailure maps any error to what is shown. What is not known here is masked.
func asFailure(err error) *failure {
	var f *failure
	var choice *dashboard.ChoiceError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &choice) && choice.Field == "area" && errors.Is(err, stat.ErrUnknown):
		return &failure{http.StatusNotFound, "Area not found", sentence(choice), err}
	case errors.As(err, &choice):
		return &failure{http.StatusBadRequest, "That choice does not work", sentence(choice), err}
	case errors.Is(err, store.ErrShutOut):
		return &failure{http.StatusForbidden, "You may not do this", "Your account was closed while this was waiting. Nothing was changed.", err}
	case errors.Is(err, stat.ErrUnknown), errors.Is(err, dashboard.ErrNotFound), errors.Is(err, store.ErrNotFound):
		return &failure{http.StatusNotFound, "Page not found", "There is nothing at this address. Check that it was copied whole, or start from one of these.", err}
	}
	return &failure{http.StatusInternalServerError, "Sorry, there is a problem", "", err}
}

// sentence is an error that is fit to be read, as a sentence.
func sentence(err error) string {
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// recovered shows a panic as the masked error page and logs where it was.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler {
			panic(p)
		}
		s.fail(c.Writer, c.Request, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		c.Abort()
	}()
	c.Next()
}

// denied answers a request that another site made a browser send.
func (s *Server) denied(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, &failure{http.StatusForbidden, "That request was refused", "It came from another site. Open Bellwether itself and try again.", nil})
}

// fail answers with the error as a page, or as JSON where that was asked for.
// A masked error carries a reference that stands in the log too.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the reader has gone
	}
	f := *asFailure(err)
	if f.status == http.StatusForbidden && readerOf(r.Context()).SignedIn() {
		noted(r).refused = "permission"
	}
	if f.status >= 500 {
		reference := rand.Text()[:8]
		s.Log.Error("request failed", "reference", reference, "request", noted(r).number, "method", methodOf(r), "route", noted(r).route, "err", err)
		if f.message == "" {
			f.message = "The page could not be made. Try again in a minute. If it goes on, tell whoever looks after Bellwether the reference " + reference + "."
		}
	}
	s.answerFailure(w, r, f)
}

func (s *Server) answerFailure(w http.ResponseWriter, r *http.Request, f failure) {
	h := w.Header()
	for _, name := range []string{"ETag", "Content-Encoding", "Content-Disposition", "Content-Length"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	if strings.HasSuffix(r.URL.Path, ".json") {
		writeJSON(w, f.status, map[string]any{"error": map[string]any{"status": f.status, "title": f.title, "message": f.message}})
		return
	}
	p := errorPage{page: s.base(r.Context(), f.title, "", ""), Message: f.message, SignIn: !readerOf(r.Context()).SignedIn() && f.status < 500, Meant: s.meant(r, f.err)}
	if err := s.pages.write(w, f.status, "error", p); err != nil {
		s.Log.Error("error page failed", "err", err)
		http.Error(w, f.title+". "+f.message, f.status)
	}
}

type errorPage struct {
	page
	Message string
	SignIn  bool        // may help
	Meant   []meantArea // the areas an ambiguous name may stand for
}

// meantArea is the same page of one of the areas that share a name.
type meantArea struct{ Name, Number, Until, Path string }

// meant are the pages a reader may have wanted who gave the name of more than
// one area.
func (s *Server) meant(r *http.Request, err error) []meantArea {
	var choice *dashboard.ChoiceError
	if r.Method != http.MethodGet || !errors.As(err, &choice) || choice.Field != "area" || !errors.Is(err, stat.ErrAmbiguous) {
		return nil
	}
	var out []meantArea
	for _, a := range s.Catalogue.ByLevel(stat.Authority) {
		if stat.Fold(a.Name) != stat.Fold(choice.Value) {
			continue
		}
		m := meantArea{Name: a.Name, Number: a.Number}
		if !a.Ended.IsZero() {
			m.Until = a.Ended.Long()
		}
		q := r.URL.Query()
		q.Set("area", a.Code)
		m.Path = r.URL.Path + "?" + q.Encode()
		out = append(out, m)
	}
	return out
}
