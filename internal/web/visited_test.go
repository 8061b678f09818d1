package web_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"bellwether/internal/web"
)

// visited are the routes that tests came to, by browser or without one, and
// whether any of the answers was what the route is for: a page, a file, or
// where to look next.
var visited = struct {
	sync.Mutex
	routes map[string]bool
}{routes: map[string]bool{}}

// recorded is a server's handler that notes which routes are answered. The
// routes are matched as the server itself matches them.
func recorded(server *web.Server) http.Handler {
	next, match := server.Handler(), gin.New()
	match.UseRawPath = true
	for _, route := range server.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if method == http.MethodHead {
			continue // each GET has its HEAD
		}
		match.Handle(method, path, func(c *gin.Context) { note(route, c.GetHeader("Status") == "done") })
		note(route, false)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kept := &keptStatus{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(kept, r)
		said := http.Header{}
		if kept.status < http.StatusBadRequest && !out(w.Header()) {
			said.Set("Status", "done")
		}
		match.ServeHTTP(httptest.NewRecorder(), &http.Request{Method: r.Method, URL: r.URL, Header: said})
	})
}

func note(route string, done bool) {
	visited.Lock()
	defer visited.Unlock()
	visited.routes[route] = visited.routes[route] || done
}

// keptStatus keeps the status of an answer.
type keptStatus struct {
	http.ResponseWriter
	status int
}

func (w *keptStatus) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *keptStatus) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// unvisited says which routes no test has seen do what they are for, and gives
// the tests' exit code. It says nothing where only some of the tests ran.
func unvisited(code int) int {
	if code != 0 || flag.Lookup("test.run").Value.String() != "" || flag.Lookup("test.skip").Value.String() != "" || flag.Lookup("test.list").Value.String() != "" {
		return code
	}
	visited.Lock()
	defer visited.Unlock()
	var missed []string
	for route, done := range visited.routes {
		if !done {
			missed = append(missed, route)
		}
	}
	slices.Sort(missed)
	for _, route := range missed {
		fmt.Fprintln(os.Stderr, "no test has seen an answer of", route)
		code = 1
	}
	return code
}
