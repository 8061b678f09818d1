package web

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// job runs work on an upload beside the requests, one at a time. Work that
// fails or panics leaves the upload failed, and a line in the log.
func (s *Server) job(u upload, work func(context.Context) error) {
	s.jobs.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				s.jobFailed(u, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		select {
		case s.turn <- struct{}{}:
			defer func() { <-s.turn }()
		case <-s.ctx.Done():
			return
		}
		if err := work(s.ctx); err != nil {
			s.jobFailed(u, err)
		}
	})
}

func (s *Server) jobFailed(u upload, err error) {
	s.Log.Error("upload failed", "upload", u.ID, "file", u.File, "err", err)
	s.desk.change(u.ID, func(u *upload) bool {
		u.State, u.Result, u.Look = failed, nil, nil
		return true
	})
}

// progress writes down how many rows are done.
func (s *Server) progress(id string, done, total int) {
	s.desk.change(id, func(u *upload) bool {
		u.Done, u.Total = done, total
		return true
	})
}

// read reads the file and compares it with what is held. It stores nothing.
func (s *Server) read(ctx context.Context, u upload, data []byte) error {
	options := importer.Options{Released: u.Released, Today: stat.DateOf(s.Now())}
	result, err := s.Importer.Read(ctx, u.File, data, options, func(rows int) { s.progress(u.ID, rows, 0) })
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	var changes stat.Changes
	var look []looked
	if result.Refused() {
		result.Observations, result.Links = nil, nil // nothing of a refused file is kept
	} else {
		if changes, err = s.Store.Compare(ctx, result.Submission); err != nil {
			return fmt.Errorf("comparing: %w", err)
		}
		if look, err = s.look(ctx, result.Submission); err != nil {
			return fmt.Errorf("comparing: %w", err)
		}
	}
	s.desk.change(u.ID, func(u *upload) bool {
		u.Result, u.Changes, u.Look, u.State = result, changes, look, checked
		if result.Refused() {
			u.State = refused
		}
		return true
	})
	return nil
}

// store stores what was read, whole or not at all.
func (s *Server) store(ctx context.Context, u upload) error {
	sub := u.Result.Submission
	sub.Batch.By, sub.Batch.At = s.Who, s.Now()
	batch, err := s.Store.Store(ctx, sub, func(done, total int) { s.progress(u.ID, done, total) })
	s.cache.changed()
	end := stored
	if errors.Is(err, store.ErrUnchanged) {
		end = unchanged
	} else if err != nil {
		return fmt.Errorf("storing: %w", err)
	}
	s.desk.change(u.ID, func(u *upload) bool {
		u.State, u.Batch, u.Result, u.Look = end, batch.ID, nil, nil
		return true
	})
	return nil
}
