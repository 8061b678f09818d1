package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// answer is a response, read whole.
type answer struct {
	testing.TB
	status int
	header http.Header
	body   string
}

func (s *site) do(r *http.Request) answer {
	s.Helper()
	w := httptest.NewRecorder()
	s.show(r)
	s.handler.ServeHTTP(w, r)
	s.keep(w.Result().Cookies())
	checkHeaders(s.TB, r, w.Header())
	return answer{s.TB, w.Code, w.Header(), w.Body.String()}
}

// checkHeaders holds for every answer, whatever it is.
func checkHeaders(t testing.TB, r *http.Request, h http.Header) {
	t.Helper()
	referrer := "same-origin"
	if strings.HasPrefix(r.URL.Path, "/first/") || strings.HasPrefix(r.URL.Path, "/link/") { // the token is in the address
		referrer = "no-referrer"
		if got := h.Get("Cache-Control"); !strings.Contains(got, "no-store") {
			t.Errorf("%s %s: Cache-Control is %q", r.Method, r.URL, got)
		}
	}
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":  "nosniff",
		"Referrer-Policy":         referrer,
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s %s: %s is %q, want %q", r.Method, r.URL, name, got, want)
		}
	}
}

func (s *site) get(path string, headers ...string) answer {
	s.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return s.do(r)
}

func (s *site) post(path string, fields ...string) answer {
	s.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r)
}

// location is where an answer leads.
func (a answer) location() string {
	a.Helper()
	return a.want(http.StatusSeeOther).header.Get("Location")
}

// want stops the test where the status is another.
func (a answer) want(status int) answer {
	a.Helper()
	if a.status != status {
		a.Fatalf("status %d, want %d: %.600s", a.status, status, a.body)
	}
	return a
}

func (a answer) page() *goquery.Document {
	a.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		a.Fatal(err)
	}
	return doc
}

// text is that of the main part of a page, spaces folded.
func (a answer) text() string {
	a.Helper()
	return fold(a.page().Find("main").Text())
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

func (a answer) says(parts ...string) answer {
	a.Helper()
	text := a.text()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			a.Errorf("the page does not say %q: %.1500s", p, text)
		}
	}
	return a
}

func (a answer) json(v any) {
	a.Helper()
	if got := a.header.Get("Content-Type"); got != "application/json" {
		a.Fatalf("Content-Type %q: %.300s", got, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		a.Fatalf("%v: %.300s", err, a.body)
	}
}

// file is one to upload.
type file struct {
	name string
	data []byte
}

// uploadRequest is what a browser sends for the form.
func uploadRequest(t testing.TB, released string, files ...file) *http.Request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField("released", released)
	for _, f := range files {
		part, err := w.CreateFormFile("file", f.name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(f.data)
	}
	w.Close()
	r := httptest.NewRequest(http.MethodPost, "/imports", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// upload sends a file and waits until it has been read; the answer is the
// page of the upload.
func (s *site) upload(f file) (path string, page answer) {
	s.Helper()
	a := s.do(uploadRequest(s.TB, "", f)).want(http.StatusSeeOther)
	path = a.header.Get("Location")
	return path, s.settled(path)
}

// settled follows the progress of an upload to where it leads.
func (s *site) settled(path string) answer {
	s.Helper()
	var at struct{ Next string }
	for range 2000 {
		s.get(path + ".json").want(http.StatusOK).json(&at)
		if at.Next != "" {
			return s.get(at.Next)
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.Fatalf("%s is still busy after ten seconds; the log: %s", path, s.log)
	return answer{}
}

func sampleFile(t *testing.T, name string) file {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../imports/samples", name))
	if err != nil {
		t.Fatal(err)
	}
	return file{name, data}
}

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
