// Package web serves Bellwether to a browser: routes, pages and their twins,
// uploads while they wait, and the static files. It knows HTTP, HTML and how
// long a rendered page stays true. It refuses to know how a figure is worked
// out, drawn, read or kept: it lays out what the other packages hand it.
package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web/assets"
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
	Who       string           // who is said to have imported a file: "analyst" if ""

	MaxUpload int64 // bytes of a file, and MaxRows its rows: the importer's own limits if 0
	MaxRows   int

	Template []byte // the council's own Word document that reports are put on; nil for the built-in one
}

// Server answers requests. Close it after the last one.
type Server struct {
	Config
	engine  *gin.Engine
	assets  *assets.Set
	pages   pages
	cache   cache
	desk    desk
	samples []sample
	words   glossary
	ctx     context.Context // of the jobs that outlive a request
	stop    context.CancelFunc
	jobs    sync.WaitGroup
	turn    chan struct{} // one file is read or stored at a time
	own     atomic.Pointer[ownLayouts]
	growing sync.Mutex   // held while layouts or names of measures are changed
	known   atomic.Int64 // version of the data whose measures and areas are in the catalogue
	lessons atomic.Int64 // how often the catalogue was told something
}

// New checks the configuration, templates and assets, and mounts the routes.
func New(c Config) (*Server, error) {
	if c.Store == nil || c.Importer == nil || c.Boards == nil || c.Renderer == nil || c.Catalogue == nil || c.Imports == nil {
		return nil, errors.New("web: the store, importer, boards, renderer, catalogue and samples are all needed")
	}
	s := &Server{Config: c, turn: make(chan struct{}, 1)}
	s.defaults()
	var err error
	if s.assets, err = assets.Embedded(); err != nil {
		return nil, err
	}
	if s.pages, err = parsePages(s.assets); err != nil {
		return nil, err
	}
	if s.samples, err = listSamples(c.Imports); err != nil {
		return nil, err
	}
	if s.words, err = readGlossary(); err != nil {
		return nil, err
	}
	s.desk.now = s.Now
	s.ctx, s.stop = context.WithCancel(context.Background())
	if err := s.learn(); err != nil {
		s.stop()
		return nil, err
	}
	s.engine = s.mount()
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
	if s.Who == "" {
		s.Who = "analyst"
	}
	s.MaxUpload = s.options().Limits.Filled().Upload
	s.Boards.Now = s.Now
}

// Close stops the jobs under way, undoing what they had half stored, and
// waits for them.
func (s *Server) Close() {
	s.stop()
	s.jobs.Wait()
}

// Handler is the whole application: security headers on every answer, requests
// from other origins refused, answers compressed.
func (s *Server) Handler() http.Handler {
	compress, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false))
	if err != nil {
		panic(err) // the options are constant
	}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(s.denied))
	return secured(guard.Handler(compress(s.engine)))
}

// mount is the table of routes.
func (s *Server) mount() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.SetTrustedProxies(nil)
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.UseRawPath = true
	e.Use(s.recovered)
	get := func(path string, h func(*gin.Context) error, endings ...string) {
		for _, ending := range append([]string{""}, endings...) {
			e.GET(path+ending, s.handle(h))
			e.HEAD(path+ending, s.handle(h))
		}
	}
	get("/", s.overview)
	get("/dashboards", s.boardList)
	get("/dashboards/:name", s.board)
	e.POST("/dashboards/:name/commentary", s.handle(s.comment))
	get("/compare", s.compare, ".json", ".csv", ".xlsx", ".svg")
	get("/build", s.build, ".json", ".csv", ".xlsx", ".svg")
	get("/measures", s.measureList, ".json")
	get("/measures/:name", s.measure)
	get("/measures/:name/history", s.history, ".json")
	get("/measures/:name/:page", s.areas)
	e.POST("/measures/:name/name", s.handle(s.name))
	e.POST("/measures/:name/process", s.handle(s.rebase))
	e.POST("/measures/:name/process/undo", s.handle(s.undoRebase))
	e.POST("/measures/:name/projection", s.handle(s.keepProjection))
	get(sincePath, s.since, ".json", ".csv", ".xlsx")
	get(searchPath, s.search, ".json")
	get("/council", s.council, ".json")
	get("/groups/new", s.newGroup)
	get("/groups/:name", s.group)
	e.POST("/groups", s.handle(s.addGroup))
	e.POST("/groups/:name", s.handle(s.changeGroup))
	e.POST("/groups/:name/delete", s.handle(s.deleteGroup))
	e.POST("/meetings", s.handle(s.addMeeting))
	e.POST("/meetings/delete", s.handle(s.deleteMeeting))
	get(reportsPath, s.reportList, ".json")
	get(reportsPath+"/style.css", s.reportStyle)
	get(reportsPath+"/issues/:number", s.issued)
	get(reportsPath+"/:name", s.report)
	get(reportsPath+"/:name/:page", s.reportPart)
	e.POST(reportsPath+"/:name/commentary", s.handle(s.reportComment))
	e.POST(reportsPath+"/:name/questions", s.handle(s.ask))
	e.POST(reportsPath+"/:name/answers", s.handle(s.reply))
	e.POST(reportsPath+"/:name/issue", s.handle(s.issue))
	get("/imports", s.importList, ".json")
	get("/imports/:name", s.importPage)
	e.POST("/imports", s.handle(s.receive))
	e.POST("/imports/:name/withdraw", s.handle(s.withdraw))
	e.POST("/layouts/delete", s.handle(s.deleteLayout))
	get("/uploads/:name", s.uploadPage)
	get("/uploads/:name/problems.xlsx", s.marked)
	get("/uploads/:name/columns", s.mappingPage)
	e.POST("/uploads/:name/columns", s.handle(s.tell))
	e.POST("/uploads/:name/accept", s.handle(s.accept))
	e.POST("/uploads/:name/confirm", s.handle(s.confirm))
	e.POST("/uploads/:name/cancel", s.handle(s.cancel))
	get("/samples/:name", s.sample)
	get("/about/accessibility", s.accessibility)
	get("/about/methods", s.methods)
	get(glossaryPath, s.glossary, ".json")
	get("/assets/*name", s.asset)
	get("/healthz", healthz)
	e.NoRoute(s.handle(func(*gin.Context) error { return notFound("There is nothing at this address.", nil) }))
	e.NoMethod(s.handle(func(c *gin.Context) error {
		return &failure{status: http.StatusMethodNotAllowed, title: "That cannot be done here", message: "This address does not take a " + c.Request.Method + " request."}
	}))
	return e
}

func healthz(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	c.String(http.StatusOK, "ok\n")
	return nil
}
