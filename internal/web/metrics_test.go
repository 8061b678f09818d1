package web_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bellwether/internal/stat"
	"bellwether/internal/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with what was looked at once.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), which -update writes anew:\n%s", path, diff)
	}
}

// private are names, figures, queries and parts of paths that requests of the
// tests below have.
var private = []string{"Zebedee", "zebedee", "Quartermain", "0b7c-subject", "login.example", "Atlantis", "no-such-measure", "secretive", "4877100487", "yewtree", "Yewtree", "PURGE", "a-viewer", "wrong-word"}

// busy makes requests of every kind, with what is private wherever it can be.
func (s *site) busy() {
	s.Helper()
	path := s.added("title", "Zebedee Quartermain", "name", "zebedee", "role", "viewer")
	s.added("known", "provider", "title", "Zebedee Quartermain", "issuer", "https://login.example.org", "subject", "0b7c-subject", "role", "viewer")
	s.post(path + "/link").want(http.StatusOK)
	s.get("/people?done=zebedee").want(http.StatusOK)
	s.get("/audit?who=Zebedee&on=4877100487").want(http.StatusOK)
	s.get("/measures/cla?area=Atlantis").want(http.StatusNotFound)
	s.get("/measures/no-such-measure.json").want(http.StatusNotFound)
	s.get("/dashboards/secretive").want(http.StatusNotFound)
	s.get("/search?q=Yewtree").want(http.StatusOK)
	s.get("/yewtree/4877100487").want(http.StatusNotFound)
	s.post("/measures/cla").want(http.StatusMethodNotAllowed)
	s.do(httptest.NewRequest("PURGE", "/measures/yewtree", nil)).want(http.StatusMethodNotAllowed)
	s.imported(file{"yewtree.csv", tidy("31/10/2026,Children looked after,487,")})
	s.upload(file{"yewtree-wrong.csv", tidy("someday,Children looked after,4877100487,")})
	s.public().post("/sign-in", "name", "zebedee", "password", "wrong-word")
	s.public().get("/people/4877100487").want(http.StatusSeeOther)
	s.as(stat.Viewer).get("/people").want(http.StatusForbidden)
	s.server.Break("/broken/:name")
	s.get("/broken/yewtree").want(http.StatusInternalServerError)
	other := httptest.NewRequest(http.MethodPost, "/groups?title=Yewtree", nil)
	other.Header.Set("Sec-Fetch-Site", "cross-site")
	s.do(other).want(http.StatusForbidden)
	s.post("/safekeeping/backup").location()
	s.tampered("CREATE TRIGGER refuse BEFORE INSERT ON person BEGIN SELECT raise(ABORT, 'not today'); END")
	s.post("/people", "title", "Zebedee Quartermain", "name", "zebedee.q", "role", "viewer").want(http.StatusInternalServerError)
	s.tampered("DROP TRIGGER refuse")
	for range 9 {
		s.public().post("/sign-in", "name", "zebedee", "password", "wrong-word").want(http.StatusUnauthorized)
	}
	s.public().post("/sign-in", "name", "zebedee", "password", "wrong-word").want(http.StatusTooManyRequests)
}

// exposed are the metrics.
func (s *site) exposed() string {
	s.Helper()
	w := httptest.NewRecorder()
	s.server.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || !strings.HasPrefix(got, "text/plain; version=0.0.4; charset=utf-8") {
		s.Fatalf("metrics are %d, %s", w.Code, got)
	}
	return w.Body.String()
}

var metricLine = regexp.MustCompile(`^([a-z_]+)(\{([a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*)\})? (-?[0-9.e+-]+)$`)

// Metrics and the log tell routes, statuses and kinds of acts, and nothing that
// a request or the database says: all the labels and keys they have stand in
// golden files.
func TestNothingPrivate(t *testing.T) {
	s := newSite(t)
	s.reconfigured(web.Config{Backups: filepath.Join(t.TempDir(), "backups")})
	s.busy()
	metrics, log := s.exposed(), s.log.String()
	for _, word := range private {
		if strings.Contains(metrics, word) {
			t.Errorf("the metrics say %q", word)
		}
		for line := range strings.Lines(log) {
			if strings.Contains(line, word) {
				t.Errorf("the log says %q: %s", word, line)
			}
		}
	}
	golden(t, "metrics.golden", labelsOf(t, metrics))
	golden(t, "log.golden", keysOf(t, log))
}

// labelsOf are the metrics without their values, of the buckets the widest.
func labelsOf(t *testing.T, metrics string) string {
	t.Helper()
	var out []string
	for line := range strings.Lines(metrics) {
		line = strings.TrimSpace(line)
		m := metricLine.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "# HELP "), strings.HasPrefix(line, "# TYPE "):
			out = append(out, line)
		case m == nil:
			t.Errorf("%q is no metric", line)
		case !strings.Contains(m[1], "_bucket") || strings.Contains(line, `le="+Inf"`):
			out = append(out, m[1]+m[2])
		}
	}
	return strings.Join(out, "\n") + "\n"
}

var logValue = regexp.MustCompile(`([a-zA-Z0-9]+)=("(?:[^"\\]|\\.)*"|\S*)`)

// keysOf are the lines of a log by their keys: what tells them apart is kept,
// of anything else only that it is there.
func keysOf(t *testing.T, log string) string {
	t.Helper()
	kept := []string{"level", "msg", "method", "route", "status", "problems", "refused"}
	seen := map[string]bool{}
	for line := range strings.Lines(log) {
		var out []string
		for _, m := range logValue.FindAllStringSubmatch(line, -1) {
			if slices.Contains(kept, m[1]) {
				out = append(out, m[1]+"="+m[2])
			} else {
				out = append(out, m[1])
			}
		}
		if !strings.HasPrefix(line, "time=") || len(out) < 3 {
			t.Errorf("%q is no line of the log", line)
		}
		seen[strings.Join(out, " ")] = true
	}
	var all []string
	for line := range seen {
		all = append(all, line)
	}
	slices.Sort(all)
	return strings.Join(all, "\n") + "\n"
}

// Who is refused what their role may not do, or tries too often, is warned of in
// the log: by their number, or where there is none by the address.
func TestRefusalsAreWarned(t *testing.T) {
	s := newSite(t)
	jo := s.as(stat.Viewer)
	who := s.person("a-viewer", stat.Viewer)
	last := func() string {
		t.Helper()
		lines := strings.Split(strings.TrimSpace(s.log.String()), "\n")
		_, line, _ := strings.Cut(lines[len(lines)-1], " ")
		return regexp.MustCompile(`(request|ms)=[0-9.]+`).ReplaceAllString(line, "$1")
	}
	jo.get("/people").want(http.StatusForbidden)
	if got, want := last(), fmt.Sprintf("level=WARN msg=request request method=GET route=/people status=403 ms person=%d refused=permission", who.ID); got != want {
		t.Errorf("the log ends with %s, want %s", got, want)
	}
	jo.get("/measures").want(http.StatusOK)
	if got, want := last(), fmt.Sprintf("level=INFO msg=request request method=GET route=/measures status=200 ms person=%d", who.ID); got != want {
		t.Errorf("the log ends with %s, want %s", got, want)
	}
	s.public().get("/measures").want(http.StatusSeeOther)
	if got, want := last(), "level=INFO msg=request request method=GET route=/measures status=303 ms"; got != want {
		t.Errorf("the log ends with %s, want %s", got, want)
	}
	for range 10 {
		s.public().post("/sign-in", "name", "nobody", "password", "x").want(http.StatusUnauthorized)
	}
	before := s.lastAct()
	s.public().post("/sign-in", "name", "nobody", "password", "x").want(http.StatusTooManyRequests)
	if got, want := last(), "level=WARN msg=request request method=POST route=/sign-in status=429 ms from=192.0.2.1 refused=tries"; got != want {
		t.Errorf("the log ends with %s, want %s", got, want)
	}
	if act := s.lastAct(); act.Number != before.Number {
		t.Errorf("one too many is an act: %+v", act)
	}
}

// Each request has a number and is counted once, under its route.
func TestRequestLog(t *testing.T) {
	s := newSite(t)
	before := strings.Count(s.log.String(), "msg=request ")
	s.get("/measures/cla.csv").want(http.StatusOK)
	s.get("/measures/cla.csv", "If-None-Match", s.get("/measures/cla.csv").header.Get("ETag")).want(http.StatusNotModified)
	s.get("/healthz").want(http.StatusOK)
	lines := strings.Split(strings.TrimSpace(s.log.String()), "\n")
	if now := strings.Count(s.log.String(), "msg=request "); now != before+3 {
		t.Errorf("%d requests are logged, the check of health among them or one left out: %v", now-before, lines)
	}
	if last := lines[len(lines)-1]; !regexp.MustCompile(`level=INFO msg=request request=\d+ method=GET route=/measures/:name status=304 ms=[0-9.]+ person=1$`).MatchString(last) {
		t.Errorf("the log ends with %s", last)
	}
	metrics := s.exposed()
	for _, line := range []string{
		`bellwether_requests_total{method="GET",route="/measures/:name",status="200"} 2`, `bellwether_requests_total{method="GET",route="/measures/:name",status="304"} 1`,
		`bellwether_requests_total{method="GET",route="/healthz",status="200"} 1`, `bellwether_request_seconds_count{route="/measures/:name"} 3`, `bellwether_request_seconds_bucket{route="/measures/:name",le="+Inf"} 3`,
	} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("the metrics do not say %s: %s", line, metrics)
		}
	}
}

// What is held is counted as it is: acts since the database began, wherever
// they were done, and the age of what is kept.
func TestHeldMetrics(t *testing.T) {
	s := newSite(t)
	s.reconfigured(web.Config{Backups: filepath.Join(t.TempDir(), "backups")})
	says := func(want bool, lines ...string) {
		t.Helper()
		metrics := s.exposed()
		for _, line := range lines {
			if strings.Contains(metrics, line) != want {
				t.Errorf("that the metrics say %q is %v: %s", line, !want, metrics)
			}
		}
	}
	says(false, "bellwether_last_backup_age_seconds", "bellwether_last_drill_age_seconds", `what="report.issue"`)
	s.note(stat.Act{Who: "Jo Smith", What: "report.issue", On: "report issue 1", At: s.now()})
	says(true, `bellwether_acts_total{what="report.issue"} 1`+"\n", "bellwether_database_up 1\n")
	s.note(stat.Act{Who: "Jo Smith", What: "report.issue", On: "report issue 2", At: s.now()})
	s.note(stat.Act{Who: "Jo Smith", What: "drill", On: "a.db", At: s.now()})
	s.post("/safekeeping/backup").location()
	s.wait(90e9)
	says(true, `bellwether_acts_total{what="report.issue"} 2`+"\n", "bellwether_last_backup_age_seconds 90\n", "bellwether_last_drill_age_seconds 90\n", "bellwether_data_version ", "bellwether_database_bytes ")
	if !strings.HasPrefix(s.get("/metrics").want(http.StatusOK).header.Get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8") {
		t.Error("an administrator gets something else")
	}
	s.db.Close()
	says(true, "bellwether_database_up 0\n", "bellwether_requests_total")
	says(false, "bellwether_acts_total", "sql")
}
