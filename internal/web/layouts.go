package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// ownLayouts are the council's own layouts and the importer that reads by
// them. It is replaced, never changed: a file that is being read goes on with
// the one it began with.
type ownLayouts struct {
	importer *importer.Importer
	saved    []ownLayout
}

// ownLayout is one of them; Fault says why it cannot be used.
type ownLayout struct {
	stat.SavedLayout
	Fault string
}

// usable are those that can be.
func (o *ownLayouts) usable() []stat.SavedLayout {
	var out []stat.SavedLayout
	for _, l := range o.saved {
		if l.Fault == "" {
			out = append(out, l.SavedLayout)
		}
	}
	return out
}

// importer reads by all layouts there are now.
func (s *Server) importer() *importer.Importer { return s.own.Load().importer }

// loadLayouts takes the layouts that are kept into use. One that no longer
// works is left out, and the log and the imports page say so.
func (s *Server) loadLayouts(ctx context.Context) error {
	saved, err := s.Store.Layouts(ctx)
	if err != nil {
		return err
	}
	own := &ownLayouts{importer: s.Importer}
	for _, l := range saved {
		kept := ownLayout{SavedLayout: l}
		if im, err := s.Importer.With(append(own.usable(), l)); err != nil {
			s.Log.Error("a kept layout is not used", "layout", l.Name, "err", err)
			kept.Fault = err.Error()
		} else {
			own.importer = im
		}
		own.saved = append(own.saved, kept)
	}
	s.own.Store(own)
	return nil
}

// keepLayout checks and keeps a layout and takes it into use, in place of the
// one it replaces, if any. What is wrong with it is a *failure.
func (s *Server) keepLayout(ctx context.Context, l stat.SavedLayout, replaces string) error {
	s.growing.Lock()
	defer s.growing.Unlock()
	own := s.own.Load()
	names := s.Importer.Layouts()
	for _, k := range own.saved {
		if k.Name != replaces {
			names = append(names, k.Name)
		}
	}
	if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, l.Name) }) {
		return badMapping("There is a layout called " + l.Name + " already. Choose another name.")
	}
	others := slices.DeleteFunc(own.usable(), func(k stat.SavedLayout) bool { return k.Name == replaces })
	if _, err := s.Importer.With(append(others, l)); err != nil {
		return badMapping(sentence(err))
	}
	if replaces != "" && replaces != l.Name {
		if err := s.Store.DeleteLayout(ctx, replaces, l.By, l.At); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	if err := s.Store.SaveLayout(ctx, l); err != nil {
		return err
	}
	return s.loadLayouts(ctx)
}

// deleteLayout stops using a layout. What it has read stays.
func (s *Server) deleteLayout(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	s.growing.Lock()
	defer s.growing.Unlock()
	ctx := c.Request.Context()
	if err := s.Store.DeleteLayout(ctx, c.PostForm("name"), s.who(c), s.Now()); err != nil {
		return err
	}
	if err := s.loadLayouts(ctx); err != nil {
		return fmt.Errorf("after deleting a layout: %w", err)
	}
	c.Redirect(http.StatusSeeOther, "/imports#layouts")
	return nil
}
