package web

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

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

// jobFailed names the file by its hash alone: its name may say whom it is about.
func (s *Server) jobFailed(u upload, err error) {
	hash := "not read yet"
	if u.Result != nil {
		hash = u.Result.Batch.SHA256
	}
	s.Log.Error("upload failed", "sha256", hash, "err", strings.ReplaceAll(err.Error(), u.File, "the file"))
	s.desk.change(u.ID, func(u *upload) bool {
		u.end(failed)
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

// read reads and checks the file, and compares it with what is held. It stores
// nothing.
func (s *Server) read(ctx context.Context, u upload) error {
	im := s.importer()
	options := s.options()
	options.Layout, options.Released, options.Today, options.Meta = u.Layout, u.Released, stat.DateOf(s.Now()), u.meta
	result, err := im.Read(ctx, u.File, u.data, options, func(rows int) { s.progress(u.ID, rows, 0) })
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	held, err := s.Store.Read(ctx, im.Needs(result))
	if err != nil {
		return fmt.Errorf("checking: %w", err)
	}
	im.Check(result, held)
	if result.Refused() {
		s.refuse(im, u, result)
		return nil
	}
	changed, changes, err := s.preview(ctx, result.Submission)
	if err != nil {
		return fmt.Errorf("comparing: %w", err)
	}
	s.desk.change(u.ID, func(u *upload) bool {
		u.Result, u.Changes, u.Changed, u.State = result, changes, changed, checked
		if len(result.Problems) == 0 {
			u.drop()
		}
		return true
	})
	return nil
}

// refuse keeps what is wrong with a file, and of the file itself only what may
// be looked at again. Its hash alone goes to the log.
func (s *Server) refuse(im *importer.Importer, u upload, result *importer.Result) {
	head, err := im.Head(u.File, u.data, s.options().Limits)
	child := childLevel(result) || errors.Is(err, importer.ErrChildLevel)
	result.Submission = stat.Submission{Batch: stat.Batch{SHA256: result.Batch.SHA256, Sample: result.Batch.Sample}}
	if child {
		result.Problems, result.Skipped = withhold(result.Problems), nil
	}
	var codes []string
	for _, p := range result.Problems {
		if p.Severity == stat.Error && !slices.Contains(codes, p.Code) {
			codes = append(codes, p.Code)
		}
	}
	s.Log.Info("file refused", "sha256", result.Batch.SHA256, "problems", codes)
	s.desk.change(u.ID, func(u *upload) bool {
		u.Result, u.Head, u.State = result, head, refused
		if child || err != nil {
			u.Head = nil
			u.drop()
		}
		return true
	})
}

var errNoLonger = errors.New("whoever confirmed it may no longer import")

// store stores what was read, whole or not at all, for who confirmed it, as a
// draft or published at once. What they may do is looked at again: others may
// have had their turn before.
func (s *Server) store(ctx context.Context, u upload, by stat.Person, publish bool) error {
	by, err := s.Store.Person(ctx, by.ID)
	if err != nil {
		return err
	}
	if by.Disabled || !by.Role.May(stat.Analyst) {
		return errNoLonger
	}
	sub := u.Result.Submission
	if sub.Batch.By, sub.Batch.At = by.Title, s.Now(); publish && by.Role.May(stat.Publisher) {
		sub.Batch.Published = sub.Batch.At
	}
	told := func(done, total int) { s.progress(u.ID, done, total) }
	batch, err := s.Store.Store(store.As(ctx, by.ID), sub, told)
	if errors.Is(err, store.ErrSecondPerson) {
		sub.Batch.Published = time.Time{}
		batch, err = s.Store.Store(store.As(ctx, by.ID), sub, told)
	}
	s.cache.changed()
	end := stored
	if errors.Is(err, store.ErrUnchanged) {
		end = unchanged
	} else if err != nil {
		return fmt.Errorf("storing: %w", err)
	}
	if err := s.register(ctx); err != nil {
		s.Log.Error("measures of the file not listed until the next start", "import", batch.ID, "err", err)
	}
	s.desk.change(u.ID, func(u *upload) bool {
		u.end(end)
		u.Batch = batch.ID
		return true
	})
	return nil
}
