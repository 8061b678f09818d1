package web

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// Metrics answers in Prometheus' text format: how much is asked and how fast it
// is answered, what was done, how old the last backup is. It asks for no
// sign-in, so that it belongs on a listener of its own. No figure, name, query
// or path of a request is in it.
func (s *Server) Metrics() http.Handler {
	list := prometheus.NewRegistry()
	list.MustRegister(s.watch.requests, s.watch.times, heldMetrics{s})
	metrics := promhttp.HandlerFor(list, promhttp.HandlerOpts{DisableCompression: true})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		metrics.ServeHTTP(w, r)
	})
}

// metrics are the same for a signed-in administrator.
func (s *Server) metrics(c *gin.Context) error {
	s.Metrics().ServeHTTP(c.Writer, c.Request)
	return nil
}

func (w *watch) begin() {
	w.requests = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bellwether_requests_total",
		Help: "Requests answered, by route, method and status."}, []string{"method", "route", "status"})
	w.times = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "bellwether_request_seconds",
		Help: "How long answers took, by route.", Buckets: prometheus.DefBuckets}, []string{"route"})
}

func (w *watch) count(method, route string, status int, took time.Duration) {
	w.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	w.times.WithLabelValues(route).Observe(took.Seconds())
}

// heldMetrics are those of the database, read when they are asked for.
type heldMetrics struct{ *Server }

func described(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("bellwether_"+name, help, labels, nil)
}

var (
	versionMetric = described("data_version", "Version of the data, which rises with each change.")
	sizeMetric    = described("database_bytes", "Size of the database.")
	actsMetric    = described("acts_total", "Acts in the audit trail, by what was done.", "what")
	backupMetric  = described("last_backup_age_seconds", "Age of the newest copy of the database.")
	drillMetric   = described("last_drill_age_seconds", "Age of the last restore that was proven.")
	upMetric      = described("database_up", "1 where all of the database's metrics could be read.")
)

// Describe implements prometheus.Collector.
func (m heldMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{versionMetric, sizeMetric, actsMetric, backupMetric, drillMetric, upMetric} {
		to <- d
	}
}

// Collect implements prometheus.Collector. What cannot be read is left out, and
// bellwether_database_up says so.
func (m heldMetrics) Collect(to chan<- prometheus.Metric) {
	up := 1.0
	ctx, done := context.WithTimeout(context.Background(), 10*time.Second)
	defer done()
	for _, read := range []func(context.Context, chan<- prometheus.Metric) error{m.data, m.acts, m.copied, m.drilled} {
		if err := read(ctx, to); err != nil {
			up = 0
			m.Log.Error("a metric cannot be read", "err", err)
		}
	}
	to <- gauge(upMetric, up)
}

func gauge(d *prometheus.Desc, value float64) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
}

func (m heldMetrics) data(ctx context.Context, to chan<- prometheus.Metric) error {
	version, err := m.Store.Version(ctx)
	if err != nil {
		return err
	}
	size, err := m.Store.Size(ctx)
	if err != nil {
		return err
	}
	to <- gauge(versionMetric, float64(version))
	to <- gauge(sizeMetric, float64(size))
	return nil
}

// acts count what was done, sign-ins and imports among it, since the database
// began.
func (m heldMetrics) acts(ctx context.Context, to chan<- prometheus.Metric) error {
	counts, err := m.watch.acts.count(ctx, m.Store)
	for what, n := range counts {
		to <- prometheus.MustNewConstMetric(actsMetric, prometheus.CounterValue, float64(n), what)
	}
	return err
}

func (m heldMetrics) copied(ctx context.Context, to chan<- prometheus.Metric) error {
	copies, err := m.copies(ctx)
	if len(copies) > 0 {
		to <- gauge(backupMetric, m.Now().Sub(copies[0].Made).Seconds())
	}
	return err
}

func (m heldMetrics) drilled(ctx context.Context, to chan<- prometheus.Metric) error {
	drill, err := m.Store.LastDrill(ctx)
	if drill.Number > 0 {
		to <- gauge(drillMetric, m.Now().Sub(drill.At).Seconds())
	}
	return err
}

// actCounts count the acts by what they were. Only those that came since the
// last time are read.
type actCounts struct {
	mu      sync.Mutex
	counted int64 // number of the last
	by      map[string]int
}

// count is a copy of the counts, with the latest acts in them.
func (a *actCounts) count(ctx context.Context, db *store.DB) (map[string]int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var fresh []stat.Act
	for act, err := range newestFirst(ctx, db, 0) {
		if err != nil {
			return nil, err
		}
		if act.Number <= a.counted {
			break
		}
		fresh = append(fresh, stat.Act{Number: act.Number, What: act.What})
	}
	if a.by == nil {
		a.by = map[string]int{}
	}
	for _, act := range fresh {
		a.by[act.What]++
		a.counted = max(a.counted, act.Number)
	}
	return maps.Clone(a.by), nil
}
