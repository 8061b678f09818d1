// Package web serves Bellwether to a browser: routes and who may take them,
// pages and their twins, uploads while they wait, metrics and the static files.
// It knows HTTP, HTML, who is signed in, and how long a rendered page stays
// true. It refuses to know how a figure is worked
// out, drawn, read or kept: it lays out what the other packages hand it.
package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/importer"
	"bellwether/internal/signon"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// Config is what the pages are made from. What stands before Log is required.
type Config struct {
	Store     *store.DB
	Importer  *importer.Importer
	Boards    *dashboard.Boards
	Renderer  *chart.Renderer
	Catalogue *stat.Catalogue
	Home      stat.Area
	Imports   fs.FS            // rooted at imports/: the samples to download
	Log       *slog.Logger     // slog.Default if nil
	Now       func() time.Time // time.Now if nil

	Sessions *store.Sessions  // required too: who is signed in
	SignOn   *signon.Provider // the council's own sign-in; nil for local accounts alone
	Base     *url.URL         // where people reach Bellwether: https, or nil for http on this computer
	Proxies  []netip.Prefix   // whose word is taken for whom a request comes from; nobody's if nil

	MaxUpload int64 // bytes of a file, and MaxRows its rows: the importer's own limits if 0
	MaxRows   int

	Backups         string // the folder of the database's copies; none are made if ""
	SecurityContact string // whom security.txt names, as ReadContact gives it; there is none if ""

	Template []byte // the council's own Word document that reports are put on; nil for the built-in one
}

// Server answers requests. Close it after the last one.
type Server struct {
	Config
	frontEnd
	engine  *gin.Engine
	cache   cache
	desk    desk
	samples []sample
	words   glossary
	ctx     context.Context // of the jobs that outlive a request
	stop    context.CancelFunc
	jobs    sync.WaitGroup
	turn    chan struct{} // one file is read or stored at a time
	own     atomic.Pointer[ownLayouts]
	growing sync.Mutex               // held while layouts or names of measures are changed
	known   lasting[int64, struct{}] // version of the data whose measures and areas are in the catalogue
	lessons atomic.Int64             // how often the catalogue was told something

	watch    watch
	table    table
	sessions *scs.SessionManager
	set      lasting[int64, stat.Settings]

	acquainted acquaintance

	readers lasting[string, readership]     // by what is masked
	hidden  lasting[int64, map[string]bool] // measures of a version of the data that nothing has been published of
}

// New checks the configuration, templates and assets, and mounts the routes.
func New(c Config) (*Server, error) {
	if c.Store == nil || c.Importer == nil || c.Boards == nil || c.Renderer == nil || c.Catalogue == nil || c.Imports == nil || c.Sessions == nil {
		return nil, errors.New("web: the store, importer, boards, renderer, catalogue, samples and sessions are all needed")
	}
	s := &Server{Config: c, turn: make(chan struct{}, 1)}
	s.defaults()
	var err error
	if s.frontEnd, err = readFrontEnd(); err != nil {
		return nil, err
	}
	if s.samples, err = listSamples(c.Imports); err != nil {
		return nil, err
	}
	if s.words, err = readGlossary(); err != nil {
		return nil, err
	}
	s.desk.now = s.Now
	s.watch.begin()
	s.ctx, s.stop = context.WithCancel(context.Background())
	if err := s.learn(); err != nil {
		s.stop()
		return nil, err
	}
	if err := s.endCopied(s.ctx); err != nil {
		s.stop()
		return nil, err
	}
	s.table = routes()
	s.sessions = s.sessionManager()
	s.engine = s.mount(s.table)
	return s, nil
}

// learn takes up what imports have taught since the program was built.
func (s *Server) learn() error {
	if err := s.register(s.ctx); err != nil {
		return fmt.Errorf("reading the measures of imported files: %w", err)
	}
	if err := s.loadLayouts(s.ctx); err != nil {
		return fmt.Errorf("reading the kept layouts: %w", err)
	}
	return nil
}

// options hold the limits of the files that are read.
func (s *Server) options() (o importer.Options) {
	o.Limits.Upload, o.Limits.Rows = s.MaxUpload, s.MaxRows
	return o
}

func (s *Server) defaults() {
	if s.Log == nil {
		s.Log = slog.Default()
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	s.MaxUpload = s.options().Limits.Filled().Upload
	s.Boards.Now = s.Now
}

// grace is how long Close waits for what somebody has asked for.
const grace = 20 * time.Second

// Close lets the jobs under way end, and stops those that take too long,
// undoing what they had half stored. There may be no more requests.
func (s *Server) Close() {
	ended := make(chan struct{})
	go func() { s.jobs.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(grace):
		s.Log.Error("an upload took too long to end and was given up: nothing of it is stored")
	}
	s.stop()
	<-ended
}

// Handler is the whole application: requests counted and logged, security
// headers on every answer, requests from other origins refused, answers
// compressed, forms read whole, then sessions kept.
func (s *Server) Handler() http.Handler {
	compress, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false))
	if err != nil {
		panic(err) // the options are constant
	}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(s.denied))
	return s.observed(s.secured(guard.Handler(compress(arrived(s.sessions.LoadAndSave(s.engine))))))
}
