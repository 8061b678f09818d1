package web

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/web/assets"
)

//go:embed pages/*.html
var pageFiles embed.FS

// page is what every page has; each page's struct embeds it.
type page struct {
	reader
	places  []place // the reader may go to
	offices []place
	Title   string
	Place   string  // in the header
	Current string  // path of the item of the navigation it belongs to
	Query   string  // the selection, to carry to other pages: "?area=…" or ""
	Twin    string  // its JSON
	Charts  bool    // it needs the script that draws
	Style   string  // a style sheet beside the usual one
	Sample  bool    // it shows sample figures
	Drafts  []int64 // imports, not published yet, that it shows figures of
	Date    string  // the day it was made, for paper
	Waiting bool    // without scripts it loads itself again until the job is done
}

// base is a page of this council for who asks.
func (s *Server) base(ctx context.Context, title, current, twin string) page {
	r := readerOf(ctx)
	return page{reader: r, places: s.reachable(r, places), offices: s.reachable(r, offices), Title: title, Place: s.Home.Name, Current: current, Twin: twin, Date: stat.DateOf(s.Now()).Long()}
}

// pages are the templates by name, each with the layout around it.
type pages map[string]*template.Template

// frontEnd is what the binary holds, which is the same for every Server.
type frontEnd struct {
	assets *assets.Set
	pages  pages
}

var readFrontEnd = sync.OnceValues(func() (f frontEnd, err error) {
	if f.assets, err = assets.Embedded(); err == nil {
		f.pages, err = parsePages(f.assets)
	}
	return f, err
})

// parsePages reads pages/*.html: layout.html and the parts that begin with
// "_" go into every page.
func parsePages(a *assets.Set) (pages, error) {
	helpers := template.FuncMap{"asset": a.URL, "count": count, "many": many, "long": long, "publisher": whoSays, "when": when, "measure": measurePath, "cut": cut, "dict": dict, "brief": brief}
	shared, err := template.New("layout.html").Funcs(helpers).ParseFS(pageFiles, "pages/layout.html", "pages/_*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the page layout: %w", err)
	}
	files, err := fs.Glob(pageFiles, "pages/[a-z]*.html")
	if err != nil {
		return nil, err
	}
	out := pages{}
	for _, f := range files {
		t, err := shared.Clone()
		if err != nil {
			return nil, err
		}
		if out[strings.TrimSuffix(path.Base(f), ".html")], err = t.ParseFS(pageFiles, f); err != nil {
			return nil, fmt.Errorf("reading the page %s: %w", f, err)
		}
	}
	return out, nil
}

// render makes a page whole before any of it is sent.
func (p pages) render(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := p[name].ExecuteTemplate(&b, "layout.html", data); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// write sends a page that is not cached, because it may change any moment.
func (p pages) write(w http.ResponseWriter, status int, name string, data any) error {
	body, err := p.render(name, data)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", htmlType)
	w.WriteHeader(status)
	w.Write(body) // a client that has gone is no fault of ours
	return nil
}

// faulty says so in the title where there is a problem with a form: it is what
// a screen reader says first.
func (p *page) faulty(problems ...string) {
	if strings.Join(problems, "") != "" {
		p.Title = "Error: " + p.Title
	}
}

// badly sends a form that could not be followed, as it was filled in.
func badly(c *gin.Context, body []byte, err error) error {
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusBadRequest, htmlType, body)
	return nil
}

// Content types.
const (
	htmlType = "text/html; charset=utf-8"
	jsonType = "application/json"
	csvType  = "text/csv; charset=utf-8"
	svgType  = "image/svg+xml"
)

// writeJSON sends v; what is sent here always marshals.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":{"status":500}}`)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	w.Write(append(body, '\n'))
}

// marshalled is v as JSON on a line.
func marshalled(v any) ([]byte, error) {
	body, err := json.Marshal(v)
	return append(body, '\n'), err
}

// dict is what a template hands on to one with several things to say: names
// and values in turn.
func dict(pairs ...any) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out
}

// count writes a whole number with commas between thousands.
func count(n int) string { return stat.Format(float64(n), 0) }

// many is so many of something: "1 row", "1,267 rows".
func many(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// long is a release in words, or a dash where there is none.
func long(r stat.Release) string {
	if s := r.Long(); s != "" {
		return s
	}
	return "not given"
}

// whoSays is the publisher of a figure, as a sentence has it.
func whoSays(p string) string {
	if p == stat.Council {
		return "the council"
	}
	return p
}

// when is a moment, by the server's clock.
func when(t time.Time) string { return t.Local().Format("2 January 2006, 15:04") }

// endings are those an address may have.
var endings = []string{"json", "csv", "svg", "xlsx"}

// split cuts "cla.json" into "cla" and "json"; a page has no ending, and any
// other dot belongs to the name.
func split(name string) (stem, ending string) {
	if at := strings.LastIndexByte(name, '.'); at > 0 && slices.Contains(endings, name[at+1:]) {
		return name[:at], name[at+1:]
	}
	return name, ""
}
