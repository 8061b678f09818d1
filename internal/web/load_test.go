package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

// readers is how many read at once where load is measured: more than a council
// has in a meeting.
const readers = 50

// crowd are readers over a connection each, half of them signed in and half of
// the public.
type crowd struct {
	testing.TB
	address string
	clients []*http.Client
}

// gathered are readers of a site that its public may read too.
func gathered(s *site) *crowd {
	s.Helper()
	settings, err := s.db.Settings(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	settings.Public, settings.By = true, "test"
	if err := s.db.SaveSettings(s.Context(), settings); err != nil {
		s.Fatal(err)
	}
	s.server.Stale()
	server := httptest.NewServer(s.server.Handler())
	s.Cleanup(server.Close)
	c := &crowd{TB: s.TB, address: server.URL}
	for i := range readers {
		wire := &http.Transport{}
		s.Cleanup(wire.CloseIdleConnections)
		client := &http.Client{Transport: wire, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		if i%2 == 0 {
			client.Jar = s.jar(server.URL, stat.Viewer)
		}
		c.clients = append(c.clients, client)
	}
	return c
}

// seen is an answer as a reader had it.
type seen struct {
	path string
	took time.Duration
	body []byte
}

// read has every reader ask for page after page, each beginning at another,
// once through all of them and then until done is closed. It returns what each
// saw, in order; any answer but a whole page fails the test.
func (c *crowd) read(paths []string, done <-chan struct{}) [][]seen {
	out := make([][]seen, len(c.clients))
	var wg sync.WaitGroup
	for i, client := range c.clients {
		wg.Go(func() {
			for n := 0; n < len(paths) || !closed(done); n++ {
				a, err := c.ask(client, paths[(i+n)%len(paths)])
				if err != nil {
					c.Errorf("reader %d: %v", i, err)
					return
				}
				out[i] = append(out[i], a)
			}
		})
	}
	wg.Wait()
	return out
}

func closed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

func (c *crowd) ask(client *http.Client, path string) (seen, error) {
	start := time.Now()
	r, err := client.Get(c.address + path)
	if err != nil {
		return seen{}, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		return seen{}, fmt.Errorf("%s: %w", path, err)
	case r.StatusCode != http.StatusOK:
		return seen{}, fmt.Errorf("%s: %s: %.300s", path, r.Status, body)
	}
	return seen{path, time.Since(start), body}, nil
}

// While a file is imported and published, fifty readers have every page they
// ask for; each sees the figures as they were and then as they are, and never
// goes back or gets something between.
func TestFiftyReaders(t *testing.T) {
	s := newSite(t)
	c := gathered(s)
	const path = "/measures/cla.json?area=E06000002"
	before := figures(c.one(path))
	done := make(chan struct{})
	var published error
	go func() {
		defer close(done)
		published = s.publishReturn()
	}()
	saw := c.read([]string{path, "/", "/measures", "/measures/cla", "/since", "/compare"}, done)
	if published != nil {
		t.Fatal(published)
	}
	after := figures(c.one(path))
	if bytes.Equal(before, after) {
		t.Fatal("the import changed nothing")
	}
	for i, answers := range saw {
		new := false
		for _, a := range answers {
			switch body := figures(a.body); {
			case a.path != path:
			case bytes.Equal(body, after):
				new = true
			case !bytes.Equal(body, before):
				t.Errorf("reader %d saw what was neither before nor after the publication: %.300s", i, a.body)
			case new:
				t.Errorf("reader %d saw the figures before the publication after those that came with it", i)
			}
		}
	}
}

// figures are an answer but for the version of the data, which rises with a
// draft too.
func figures(body []byte) []byte { return dataVersion.ReplaceAll(body, nil) }

var dataVersion = regexp.MustCompile(`"version":\d+`)

// one is what the last reader, one of the public, has for a path.
func (c *crowd) one(path string) []byte {
	c.Helper()
	a, err := c.ask(c.clients[len(c.clients)-1], path)
	if err != nil {
		c.Fatal(err)
	}
	return a.body
}

// publishReturn imports a monthly return, and publishes it.
func (s *site) publishReturn() error {
	d, err := define()
	if err != nil {
		return err
	}
	text := "date,measure,area,count\n30/09/2026,Children looked after,E06000002,512\n31/10/2026,Children looked after,E06000002,519\n"
	r, err := d.importer.Read(s.Context(), "return.csv", []byte(text), importer.Options{Today: stat.DateOf(s.now())}, func(int) {})
	if err != nil {
		return err
	}
	if r.Used == 0 {
		return fmt.Errorf("the return is refused: %v", r.Problems)
	}
	r.Submission.Batch.By = "test"
	b, err := s.db.Store(s.Context(), r.Submission, nil)
	if err != nil {
		return err
	}
	time.Sleep(200 * time.Millisecond) // it is a draft for a while
	_, err = s.db.Publish(s.Context(), b.ID, "test", "", time.Time{}, s.now())
	return err
}

// BenchmarkFiftyReaders is how long the slowest in a hundred of fifty readers'
// pages takes while files of 20,000 figures are read and stored, against the
// same while nothing is; more than five times is too much. Told apart is the
// slowest of all right after, when every page is made anew, and after a
// publication, when drawings are too.
func BenchmarkFiftyReaders(b *testing.B) {
	s := newSite(b)
	c := gathered(s)
	c.waits(closedIn(0)) // every drawing is made once
	var quiet, importing, after, publishing waits
	rounds := 0
	for b.Loop() {
		quiet = append(quiet, c.waits(closedIn(2*time.Second))...)
		rounds++
		var id int64
		importing = append(importing, c.during(func() { id = s.importMany(b, rounds) })...)
		after = append(after, c.waits(closedIn(time.Second))...)
		publishing = append(publishing, c.during(func() {
			if _, err := s.db.Publish(b.Context(), id, "test", "", time.Time{}, s.now()); err != nil {
				b.Error(err)
			}
		})...)
		publishing = append(publishing, c.waits(closedIn(time.Second))...)
	}
	ratio := importing.p99().Seconds() / quiet.p99().Seconds()
	b.ReportMetric(ms(quiet.p99()), "p99-quiet-ms")
	b.ReportMetric(ms(importing.p99()), "p99-importing-ms")
	b.ReportMetric(ratio, "x-quiet")
	b.ReportMetric(ms(slices.Max(after)), "slowest-after-ms")
	b.ReportMetric(ms(slices.Max(publishing)), "slowest-published-ms")
	b.ReportMetric(0, "ns/op")
	if ratio > 5 {
		b.Errorf("while a file is imported the slowest in a hundred pages takes %.1f times as long", ratio)
	}
}

// importMany stores a return of many figures as a draft.
func (s *site) importMany(b *testing.B, round int) int64 {
	sub := manyFigures(b)
	sub.Batch.SHA256, sub.Batch.By = strconv.Itoa(round), "test"
	held, err := s.db.Store(b.Context(), sub, nil)
	if err != nil {
		b.Error(err)
	}
	return held.ID
}

// during reads until something has been done.
func (c *crowd) during(do func()) waits {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	return c.waits(done)
}

func closedIn(d time.Duration) <-chan struct{} {
	done := make(chan struct{})
	time.AfterFunc(d, func() { close(done) })
	return done
}

func (c *crowd) waits(done <-chan struct{}) (out waits) {
	paths := slices.DeleteFunc(slices.Clone(weighed), func(path string) bool { return path == "/imports" }) // which is for analysts
	for _, answers := range c.read(paths, done) {
		for _, a := range answers {
			out = append(out, a.took)
		}
	}
	return out
}
