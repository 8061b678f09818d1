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
	door
	signOn
	safekeeping
	watching
	Addr string `help:"Address to listen on. Other computers reach it through a proxy that speaks https, which --base names." default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"BELLWETHER_ADDR"`
}

func (cmd *serveCmd) Run(ctx context.Context, s streams, c *cli) error {
	log := slog.New(slog.NewTextHandler(s.err, nil))
	template, err := cmd.read()
	if err != nil {
		return err
	}
	if err := cmd.check(cmd.Addr); err != nil {
		return err
	}
	return c.with(ctx, s, func(p *parts) error {
		stop, err := cmd.guard(ctx, log, p.db, cmd.folder(c.DB))
		if err != nil {
			return err
		}
		defer stop()
		l, err := net.Listen("tcp", cmd.Addr)
		if err != nil {
			return fmt.Errorf("listening on %s: %w", cmd.Addr, err)
		}
		defer l.Close() // once more where it has served
		handler, end, err := cmd.handler(ctx, p, c, log, template, l.Addr())
		if err != nil {
			return err
		}
		defer end()
		base := cmd.base(l.Addr())
		fmt.Fprintf(s.out, "Bellwether is at %s/ (Ctrl-C stops it)\n", base)
		if err := cmd.invite(ctx, p, s.out, base); err != nil {
			return err
		}
		return listen(ctx, l, handler)
	})
}

// handler is the web application over the parts, and what lets go of it.
func (cmd *serveCmd) handler(ctx context.Context, p *parts, c *cli, log *slog.Logger, template []byte, at net.Addr) (http.Handler, func(), error) {
	front, err := assets.Embedded()
	if err != nil {
		return nil, nil, err
	}
	contact, err := cmd.contact()
	if err != nil {
		return nil, nil, err
	}
	base := cmd.base(at)
	provider, err := cmd.provider(ctx, log, base)
	if err != nil {
		return nil, nil, err
	}
	sessions, err := cmd.sessions(ctx, c.DB)
	if err != nil {
		return nil, nil, err
	}
	renderer, err := chart.NewRenderer(front.Server, min(runtime.NumCPU(), 4))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("starting the chart renderer: %w", err), sessions.Close())
	}
	server, err := web.New(web.Config{
		Store: p.db, Importer: p.importer, Boards: p.boards, Renderer: renderer, Catalogue: p.catalogue,
		Home: p.home, Imports: imports.FS, Log: log, Now: time.Now,
		MaxUpload: int64(cmd.MaxUpload), MaxRows: int(cmd.MaxRows), Template: template,
		Sessions: sessions, SignOn: provider, Base: base, Proxies: cmd.networks(),
		Backups: cmd.folder(c.DB), SecurityContact: contact,
	})
	if err != nil {
		renderer.Close()
		return nil, nil, errors.Join(fmt.Errorf("starting the web application: %w", err), sessions.Close())
	}
	unwatch, err := cmd.expose(log, server.Metrics())
	if err != nil {
		server.Close()
		renderer.Close()
		return nil, nil, errors.Join(err, sessions.Close())
	}
	return server.Handler(), func() { unwatch(); server.Close(); renderer.Close(); sessions.Close() }, nil
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
