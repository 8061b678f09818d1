package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
	"bellwether/internal/web/assets"
)

// parts are what every test's server shares: all that is only read.
type parts struct {
	renderer *chart.Renderer
	filled   string // database with the published figures
}

// defined are what a server learns from, so that each has its own.
type defined struct {
	catalogue *stat.Catalogue
	home      stat.Area
	importer  *importer.Importer
	boards    *dashboard.Boards
}

func define() (d defined, err error) {
	figures := os.DirFS("../../imports")
	if d.catalogue, err = importer.ReadCatalogue(figures); err != nil {
		return d, err
	}
	if d.home, err = d.catalogue.Area("806"); err != nil {
		return d, err
	}
	if d.importer, err = importer.New(figures, d.catalogue, d.home); err != nil {
		return d, err
	}
	d.boards, err = dashboard.New(os.DirFS("../../dashboards"), d.catalogue, d.home)
	return d, err
}

var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "bellwether-web")
	if err != nil {
		panic(err)
	}
	scratch = dir
	code := unvisited(m.Run())
	ended()
	os.RemoveAll(dir)
	os.Exit(code)
}

var shared = sync.OnceValues(func() (*parts, error) {
	p := &parts{filled: filepath.Join(scratch, "filled.db")}
	d, err := define()
	if err != nil {
		return nil, err
	}
	set, err := assets.Embedded()
	if err != nil {
		return nil, err
	}
	if p.renderer, err = chart.NewRenderer(set.Server, 2); err != nil {
		return nil, err
	}
	return p, p.fill(d.catalogue)
})

func (p *parts) fill(cat *stat.Catalogue) error {
	ctx := context.Background()
	db, err := store.Open(ctx, p.filled)
	if err != nil {
		return err
	}
	db.Now = func() time.Time { return time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC) }
	for sub, err := range importer.ReadBox(os.DirFS("../../imports"), cat) {
		if err == nil {
			sub.Batch.By, sub.Batch.Published = "test", db.Now()
			_, err = db.Store(ctx, sub, nil)
		}
		if err != nil {
			return errors.Join(err, db.Close())
		}
	}
	return db.Close()
}

// site is a server on a copy of the filled database: what it shares with
// another test's never changes.
type site struct {
	testing.TB
	*running
	by *visitor
}

// running is what runs, whoever asks.
type running struct {
	server   *web.Server
	handler  http.Handler
	db       *store.DB
	sessions *store.Sessions
	log      *logged
	path     string
	mu       sync.Mutex
	clock    time.Time
}

// newSite is one that an administrator called analyst asks, unless as or public
// says who does. It lets the test run beside others, so it is called once in a
// test.
func newSite(t testing.TB) *site {
	t.Helper()
	if t, ok := t.(*testing.T); ok {
		t.Parallel()
	}
	p, err := shared()
	if errors.Is(err, assets.ErrNotBuilt) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(p.filled)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s := &site{t, &running{log: &logged{}, path: path, clock: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)}, &visitor{name: "analyst"}}
	s.configured(p.renderer, web.Config{})
	t.Cleanup(func() {
		s.server.Close()
		s.db.Close()
		s.sessions.Close()
		s.server, s.handler, s.db, s.sessions = nil, nil, nil, nil // the test itself is kept until all have run
	})
	return s
}

// configured opens the database and serves it with the settings of c.
func (s *site) configured(renderer *chart.Renderer, c web.Config) {
	s.Helper()
	d, err := define()
	if err != nil {
		s.Fatal(err)
	}
	if s.db, err = store.Open(s.Context(), s.path); err != nil {
		s.Fatal(err)
	}
	s.db.Now = s.now
	if s.sessions, err = store.OpenSessions(s.Context(), s.path+".sessions"); err != nil {
		s.Fatal(err)
	}
	c.Sessions = s.sessions
	c.Store, c.Importer, c.Boards, c.Renderer = s.db, d.importer, d.boards, renderer
	c.Catalogue, c.Home, c.Imports = d.catalogue, d.home, os.DirFS("../../imports")
	c.Log, c.Now = slog.New(slog.NewTextHandler(s.log, nil)), s.now
	s.server, err = web.New(c)
	if err != nil {
		s.Fatal(err)
	}
	s.handler = recorded(s.server)
	if s.by.name != "" {
		s.person(s.by.name, stat.Administrator)
		s.come()
	}
}

// restart is a server started anew on the same database.
func (s *site) restart() {
	s.Helper()
	s.reconfigured(web.Config{})
}

// limit is a restart with limits of its own.
func (s *site) limit(upload int64, rows int) {
	s.Helper()
	s.reconfigured(web.Config{MaxUpload: upload, MaxRows: rows})
}

func (s *site) reconfigured(c web.Config) {
	s.Helper()
	s.server.Close()
	s.db.Close()
	s.sessions.Close()
	p, err := shared()
	if err != nil {
		s.Fatal(err)
	}
	s.configured(p.renderer, c)
}

// logged is what a log was told; jobs write to it beside the test.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

func (s *site) wait(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

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

// forget empties the cache of pages.
func (s *site) forget() { s.server.Forget() }

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
