package web

import "github.com/gin-gonic/gin"

// What the tests look at from outside.

var (
	FileName    = fileName
	ReadRelease = readRelease
	Split       = split
	ColumnOf    = columnOf
	LayoutName  = layoutName
	AsPrinted   = asPrinted
)

const (
	MaxPending = maxPending
	Lifetime   = lifetime
	CacheLimit = cacheLimit
)

// Routes are all there are, as "GET /measures/:name".
func (s *Server) Routes() []string {
	var out []string
	for _, r := range s.engine.Routes() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

// Forget empties the cache of pages.
func (s *Server) Forget() { s.cache.put(-1, "", &document{}) }

// Cached is how many bytes of documents are held after putting n of size each.
func Cached(n, size int) (held, counted int) {
	var c cache
	for i := range n {
		c.put(1, string(rune(i)), &document{body: make([]byte, size)})
	}
	for _, d := range c.held {
		held += d.size()
	}
	return held, c.size
}

// Hold keeps every job waiting until the function it returns is called.
func (s *Server) Hold() (release func()) {
	s.turn <- struct{}{}
	return func() { <-s.turn }
}

// Break adds a page that panics.
func (s *Server) Break(path string) {
	s.engine.GET(path, s.guarded(route{access: open, answer: func(*Server, *gin.Context) error { panic("the inside of it") }}))
}

// Bytes is how much of the uploaded files is held.
func (s *Server) Bytes() (n int) {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	for _, u := range s.desk.uploads {
		n += len(u.data) + len(u.meta)
	}
	return n
}

// Stale lets the version of the data be asked for anew.
func (s *Server) Stale() { s.cache.changed() }

// Table says of every line of the table of routes who may come to it.
func (s *Server) Table() map[string]string {
	out := map[string]string{}
	for _, r := range s.table {
		out[r.method+" "+r.path] = string(r.access)
	}
	return out
}

// Local is where a sign-in goes on to.
var Local = local

// Readable are the routes that the public or a viewer may read, but for those
// that anybody may.
func (s *Server) Readable() []string {
	var out []string
	for _, r := range s.table {
		if r.method == "GET" && (r.access == public || r.access == viewer) {
			out = append(out, r.path)
		}
	}
	return out
}
