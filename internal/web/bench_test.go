package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// weighed are the pages whose weight and speed are measured.
var weighed = []string{"/", "/dashboards/looked-after", "/dashboards/corporate-parenting", "/measures", "/measures/cla", "/measures/cla/neighbours", "/measures/cla/authorities", "/compare", "/since", "/search?q=care", "/imports", "/about/methods"}

// BenchmarkPage is each page over a connection, compressed, as a browser asks
// for it: made anew (but for its drawings, which stay), and out of the cache,
// against a gin handler that writes the same bytes; and what a first view of
// it weighs.
func BenchmarkPage(b *testing.B) {
	s := newSite(b)
	for _, path := range weighed {
		b.Run(path, func(b *testing.B) {
			first := s.get(path, "Accept-Encoding", "gzip").want(http.StatusOK)
			ours, bare := connected(b, s.server.Handler(), s.by.has), connected(b, sameBytes(first))
			w := s.weigh(path)
			var anew, cached, floor time.Duration
			rounds := 0
			for b.Loop() {
				s.forget()
				anew += ours.fetch(path, "")
				for range 50 {
					cached += ours.fetch(path, "")
					floor += bare.fetch(path, "")
				}
				rounds++
			}
			pages := float64(rounds)
			b.ReportMetric(pages/anew.Seconds(), "anew/s")
			b.ReportMetric(50*pages/cached.Seconds(), "cached/s")
			b.ReportMetric(cached.Seconds()/floor.Seconds(), "x-gin-same-bytes")
			b.ReportMetric(float64(w.page), "page-B")
			b.ReportMetric(float64(w.page+w.files), "first-view-B")
			b.ReportMetric(float64(w.requests), "requests")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkNotModified is the overview asked for by who has it already.
func BenchmarkNotModified(b *testing.B) {
	s := newSite(b)
	first := s.get("/", "Accept-Encoding", "gzip").want(http.StatusOK)
	ours, bare := connected(b, s.server.Handler(), s.by.has), connected(b, sameBytes(first))
	var held, floor time.Duration
	for b.Loop() {
		for range 50 {
			held += ours.fetch("/", first.header.Get("ETag"))
			floor += bare.fetch("/", "")
		}
	}
	b.ReportMetric(held.Seconds()/floor.Seconds(), "x-gin-same-bytes")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDuringImport is how long the slowest in a hundred readers of the
// overview waits while a file of 20,000 figures is stored, against the same
// where nothing is, and against the slowest in a hundred of a gin handler that
// writes the same bytes beside as much storing.
func BenchmarkDuringImport(b *testing.B) {
	s := newSite(b)
	first := s.get("/", "Accept-Encoding", "gzip").want(http.StatusOK)
	ours, bare := connected(b, s.server.Handler(), s.by.has), connected(b, sameBytes(first))
	sub := manyFigures(b)
	var quiet, busy, floor waits
	rounds := 0
	store := func() chan error {
		rounds++
		sub.Batch.SHA256 = strconv.Itoa(rounds) // the same bytes would be unchanged
		done := make(chan error, 1)
		go func() { done <- stored(s.db, sub) }()
		return done
	}
	for b.Loop() {
		for range 200 {
			quiet = append(quiet, ours.fetch("/", ""))
		}
		busy = busy.until(b, store(), ours)
		floor = floor.until(b, store(), bare)
	}
	b.ReportMetric(ms(quiet.p99()), "p99-quiet-ms")
	b.ReportMetric(ms(busy.p99()), "p99-importing-ms")
	b.ReportMetric(ms(floor.p99()), "p99-gin-importing-ms")
	b.ReportMetric(busy.p99().Seconds()/floor.p99().Seconds(), "x-gin-importing")
	b.ReportMetric(0, "ns/op")
}

// manyFigures are a return of every authority for years of months.
func manyFigures(b *testing.B) stat.Submission {
	b.Helper()
	d, err := define()
	if err != nil {
		b.Fatal(err)
	}
	var lines []string
	for year := 2016; len(lines) < 20_000; year++ {
		for month := 1; month <= 12; month++ {
			for _, a := range d.catalogue.ByLevel(stat.Authority) {
				if !a.ExistedAt(stat.Date{Year: year, Month: time.Month(month), Day: 28}) {
					continue
				}
				lines = append(lines, "28/"+strconv.Itoa(month)+"/"+strconv.Itoa(year)+",Children looked after,"+a.Code+",487")
			}
		}
	}
	text := []byte("date,measure,area,count\n")
	for _, line := range lines[:20_000] {
		text = append(append(text, line...), '\n')
	}
	r, err := d.importer.Read(b.Context(), "many.csv", text, importer.Options{Today: stat.Date{Year: 2199, Month: 12, Day: 31}}, func(int) {})
	if err != nil || r.Used == 0 {
		b.Fatal(err, r.Problems)
	}
	return r.Submission
}

func stored(db *store.DB, sub stat.Submission) error {
	sub.Batch.By = "test"
	_, err := db.Store(context.Background(), sub, func(int, int) {})
	return err
}

// waits are how long answers took.
type waits []time.Duration

// until asks for the overview until done.
func (w waits) until(b *testing.B, done chan error, from *connection) waits {
	b.Helper()
	for {
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			return w
		default:
			w = append(w, from.fetch("/", ""))
		}
	}
}

func (w waits) p99() time.Duration {
	slices.Sort(w)
	return w[len(w)*99/100]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// sameBytes is a gin handler that answers everything as the page was answered.
func sameBytes(page answer) http.Handler {
	bare, body, kind := gin.New(), []byte(page.body), page.header.Get("Content-Type")
	bare.GET("/*path", func(c *gin.Context) {
		c.Header("Content-Encoding", "gzip")
		c.Data(http.StatusOK, kind, body)
	})
	return bare
}

// connection is one reader of a server.
type connection struct {
	*testing.B
	address string
	client  *http.Client
	cookies []*http.Cookie
}

func connected(b *testing.B, h http.Handler, cookies ...*http.Cookie) *connection {
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	return &connection{b, server.URL, &http.Client{Transport: &http.Transport{DisableCompression: true}}, cookies}
}

// fetch says how long an answer takes, read whole.
func (c *connection) fetch(path, tag string) time.Duration {
	r, err := http.NewRequest(http.MethodGet, c.address+path, nil)
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	if tag != "" {
		r.Header.Set("If-None-Match", tag)
	}
	start := time.Now()
	a, err := c.client.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer a.Body.Close()
	if _, err := io.Copy(io.Discard, a.Body); err != nil || a.StatusCode >= http.StatusBadRequest {
		c.Fatal(a.Status, err)
	}
	return time.Since(start)
}
