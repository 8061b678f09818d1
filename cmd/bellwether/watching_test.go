package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"testing"
)

// Metrics have an address of their own, at which there is nothing else, until
// the server stops.
func TestMetricsExposed(t *testing.T) {
	var said bytes.Buffer
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "bellwether_database_up 1\n") })
	stop, err := watching{Metrics: "127.0.0.1:0"}.expose(slog.New(slog.NewTextHandler(&said, nil)), metrics)
	if err != nil {
		t.Fatal(err)
	}
	at := regexp.MustCompile(`http://\S+/metrics`).FindString(said.String())
	for address, want := range map[string]int{at: http.StatusOK, at + "/more": http.StatusNotFound, at[:len(at)-len("/metrics")]: http.StatusNotFound} {
		r, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("%s answers %d, want %d", address, r.StatusCode, want)
		}
	}
	if r, err := http.Post(at, "text/plain", nil); err != nil || r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a form sent there: %v, %v", r, err)
	}
	if _, err := (watching{Metrics: at[len("http://") : len(at)-len("/metrics")]}).expose(slog.New(slog.DiscardHandler), metrics); err == nil {
		t.Error("an address that is taken is taken again")
	}
	stop()
	if r, err := http.Get(at); err == nil {
		t.Errorf("it goes on answering: %d", r.StatusCode)
	}
}

func TestMetricsNowhere(t *testing.T) {
	stop, err := watching{}.expose(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	stop()
}

func TestContact(t *testing.T) {
	for in, want := range map[string]string{"": "", "security@example.gov.uk": "mailto:security@example.gov.uk"} {
		if got, err := (watching{SecurityContact: in}).contact(); err != nil || got != want {
			t.Errorf("%q is %q, %v", in, got, err)
		}
	}
	if got, err := (watching{SecurityContact: "nobody"}).contact(); err == nil {
		t.Errorf("nobody is %q", got)
	}
}
