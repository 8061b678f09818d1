package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"time"

	"bellwether/imports"
	"bellwether/internal/chart"
	"bellwether/internal/web"
	"bellwether/internal/web/assets"
)

type serveCmd struct {
	limits
	letterhead
	Addr string `help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
}

func (cmd *serveCmd) Run(ctx context.Context, s streams, c *cli) error {
	log := slog.New(slog.NewTextHandler(s.err, nil))
	template, err := cmd.read()
	if err != nil {
		return err
	}
	return c.with(ctx, s, func(p *parts) error {
		handler, stop, err := p.handler(log, cmd.limits, template)
		if err != nil {
			return err
		}
		defer stop()
		l, err := net.Listen("tcp", cmd.Addr)
		if err != nil {
			return fmt.Errorf("listening on %s: %w", cmd.Addr, err)
		}
		fmt.Fprintf(s.out, "Bellwether is at http://%s/ (Ctrl-C stops it)\n", l.Addr())
		return listen(ctx, l, handler)
	})
}

// handler is the web application over the parts, and what lets go of it.
func (p *parts) handler(log *slog.Logger, l limits, template []byte) (http.Handler, func(), error) {
	front, err := assets.Embedded()
	if err != nil {
		return nil, nil, err
	}
	renderer, err := chart.NewRenderer(front.Server, min(runtime.NumCPU(), 4))
	if err != nil {
		return nil, nil, fmt.Errorf("starting the chart renderer: %w", err)
	}
	server, err := web.New(web.Config{
		Store: p.db, Importer: p.importer, Boards: p.boards, Renderer: renderer, Catalogue: p.catalogue,
		Home: p.home, Imports: imports.FS, Log: log, Now: time.Now, Who: p.who,
		MaxUpload: int64(l.MaxUpload), MaxRows: int(l.MaxRows), Template: template,
	})
	if err != nil {
		renderer.Close()
		return nil, nil, fmt.Errorf("starting the web application: %w", err)
	}
	return server.Handler(), func() { server.Close(); renderer.Close() }, nil
}

// listen serves until ctx is done, then lets what is under way finish.
func listen(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute,
		WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := srv.Shutdown(stopping); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}
