package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"bellwether/internal/store"
)

// safekeeping is how serve looks after the database.
type safekeeping struct {
	Backups string `help:"The folder of the database's daily copies; otherwise backups, beside the database." placeholder:"DIR" env:"BELLWETHER_BACKUPS"`
}

// folder is where the copies of a database go.
func (k safekeeping) folder(db string) string {
	return cmp.Or(k.Backups, filepath.Join(filepath.Dir(db), "backups"))
}

// guard makes this process the one that serves the database, checks it, and
// copies it daily until ctx is done or stop is called. Stop returns when
// nothing is being copied any longer, and the log has the audit trail's head.
func (k safekeeping) guard(ctx context.Context, log *slog.Logger, db *store.DB, folder string) (stop func(), err error) {
	if err := db.Serve(ctx); err != nil {
		return nil, err
	}
	logHead(ctx, log, db, "serving")
	if err := tried(folder); err != nil {
		log.Error("no backup can be made: let Bellwether write to the folder of --backups", "error", err)
	}
	copying, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		daily(copying, func(at time.Time) { keepCopy(copying, log, db, folder, at) })
	}()
	return func() {
		cancel()
		<-ended
		logHead(context.WithoutCancel(ctx), log, db, "stopped")
	}, nil
}

// tried is the error of writing into a folder, which is made where there is
// none: better known now than with the first copy.
func tried(folder string) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "try")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// daily does something an hour after the start, and every day from then on.
func daily(ctx context.Context, do func(at time.Time)) {
	for wait := time.Hour; ; wait = 24 * time.Hour {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
			do(time.Now())
		}
	}
}

// keepCopy makes the day's copy. What becomes of it stands in the log and in
// the audit trail; there is nobody else to tell.
func keepCopy(ctx context.Context, log *slog.Logger, db *store.DB, folder string, at time.Time) {
	c, err := db.Keep(ctx, folder, "Bellwether", at)
	if ctx.Err() != nil {
		log.Info("a backup was given up: the server stops")
		return
	}
	if c.Path != "" {
		log.Info("backup", "copy", c)
	}
	if err != nil {
		log.Error("the daily backup failed: mend what is wrong, then run bellwether backup", "error", err)
	}
}

// logHead leaves the head of the audit trail where whoever rewrites the trail
// cannot reach it.
func logHead(ctx context.Context, log *slog.Logger, db *store.DB, state string) {
	head, err := db.Head(ctx)
	if err != nil {
		log.Error("the audit trail cannot be read", "error", err)
		return
	}
	log.Info(state, "acts", head.Number, "head", head.Hash)
}

// trail says in words where an audit trail stands.
func trail(acts int64, head string) string {
	if acts == 0 {
		return "no audit trail yet"
	}
	return fmt.Sprintf("%d acts in the audit trail, the last %s", acts, head)
}
