package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
)

// request is what is written down of one that was answered: never its path or
// its query, which can hold a name or a figure; and of who sent it the number, or
// where there were too many tries the IP address.
type request struct {
	number  int64  // since the program began
	route   string // pattern of the table: "/measures/:name"
	status  int
	person  int64  // who is signed in, 0 for nobody
	refused string // for want of "permission", for too many "tries", "" for nothing of that kind
	from    string // IP address, "" unless there were too many tries
}

// watch is what a server knows of the requests it has answered, and of the
// acts it has counted.
type watch struct {
	numbers  atomic.Int64
	requests *prometheus.CounterVec
	times    *prometheus.HistogramVec
	acts     actCounts
}

// nowhere is the route of what no line of the table answers.
const nowhere = "none"

type requestKey struct{}

// methods that are told apart; any other is a word of the client's.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// observed numbers each request, and counts and logs it once it is answered.
func (s *Server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		q := &request{number: s.watch.numbers.Add(1), route: nowhere}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		defer func() { s.answered(r, q, time.Since(started)) }()
		next.ServeHTTP(&statusWriter{w, q}, r)
	})
}

// routed notes which line of the table answers.
func routed(c *gin.Context) {
	if q := noted(c.Request); q.number > 0 && c.FullPath() != "" {
		q.route = c.FullPath()
	}
}

// noted is what is written down of a request; of one that came another way,
// nothing is.
func noted(r *http.Request) *request {
	if q, ok := r.Context().Value(requestKey{}).(*request); ok {
		return q
	}
	return &request{route: nowhere}
}

// closed is the status of a request whose client had gone before an answer.
const closed = 499

func (s *Server) answered(r *http.Request, q *request, took time.Duration) {
	method := methodOf(r)
	switch {
	case q.status == 0 && r.Context().Err() != nil:
		q.status = closed
	case q.status == 0:
		q.status = http.StatusOK
	}
	s.watch.count(method, q.route, q.status, took)
	s.Log.LogAttrs(context.Background(), levelOf(q), "request", append([]slog.Attr{slog.Int64("request", q.number), slog.String("method", method),
		slog.String("route", q.route), slog.Int("status", q.status), slog.Float64("ms", float64(took.Microseconds())/1000)}, q.who()...)...)
}

// who is what is known of who sent it, and why it was refused.
func (q *request) who() (out []slog.Attr) {
	if q.person > 0 {
		out = append(out, slog.Int64("person", q.person))
	}
	if q.from != "" {
		out = append(out, slog.String("from", q.from))
	}
	if q.refused != "" {
		out = append(out, slog.String("refused", q.refused))
	}
	return out
}

func methodOf(r *http.Request) string {
	if slices.Contains(methods, r.Method) {
		return r.Method
	}
	return "other"
}

// levelOf warns of who is refused what they may not do, and keeps what comes by
// itself, and often, out of the usual log.
func levelOf(q *request) slog.Level {
	if q.refused != "" {
		return slog.LevelWarn
	}
	if q.status < http.StatusBadRequest && slices.Contains([]string{"/assets/*name", "/healthz", "/metrics"}, q.route) {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// statusWriter notes the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	q *request
}

func (w *statusWriter) WriteHeader(status int) {
	if w.q.status == 0 && status >= http.StatusOK { // others come before the answer
		w.q.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
