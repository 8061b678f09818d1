package web_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

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

// forget empties the cache of pages.
func (s *site) forget() { s.server.Forget() }

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
