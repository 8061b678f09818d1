package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"bellwether/internal/web"
)

// watching is how those who run the server, and those who find a weakness in
// it, come to know of each other.
type watching struct {
	Metrics         string `help:"Address on which Prometheus reads metrics, without signing in: one that only it can reach. They hold no figures and no names." placeholder:"HOST:PORT" env:"BELLWETHER_METRICS"`
	SecurityContact string `help:"Whom to tell of a weakness, for /.well-known/security.txt: an e-mail address, or a page that begins with https://." placeholder:"ADDRESS" env:"BELLWETHER_SECURITY_CONTACT"`
}

// contact is whom security.txt names, "" for nobody.
func (w watching) contact() (string, error) {
	if w.SecurityContact == "" {
		return "", nil
	}
	return web.ReadContact(w.SecurityContact)
}

// expose serves the metrics at their own address, if they have one, until the
// function it returns is called.
func (w watching) expose(log *slog.Logger, metrics http.Handler) (stop func(), err error) {
	if w.Metrics == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", w.Metrics)
	if err != nil {
		return nil, fmt.Errorf("listening on %s for metrics: %w", w.Metrics, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	go srv.Serve(l) // ends with an error that says it was stopped
	log.Info("metrics", "address", "http://"+l.Addr().String()+"/metrics")
	return func() {
		ending, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if srv.Shutdown(ending) != nil {
			srv.Close()
		}
	}, nil
}
