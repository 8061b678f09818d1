package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"bellwether/imports"
	"bellwether/internal/dashboard"
	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// parts are what a command works with: definitions that have been checked, and
// a database that holds at least the published figures.
type parts struct {
	catalogue *stat.Catalogue
	home      stat.Area
	importer  *importer.Importer
	boards    *dashboard.Boards
	db        *store.DB
	who       string // does this, for the records
}

// define reads and checks every definition; it opens no database.
func (c *cli) define() (*parts, error) {
	cat, err := importer.ReadCatalogue(imports.FS)
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	home, err := cat.Area(c.Home)
	if err != nil {
		return nil, usageError{fmt.Errorf("--home: %w", err)}
	}
	im, err := importer.New(imports.FS, cat, home)
	if err != nil {
		return nil, fmt.Errorf("reading the layouts: %w", err)
	}
	defined, err := c.definitions()
	if err != nil {
		return nil, err
	}
	boards, err := dashboard.New(defined, cat, home)
	if err != nil {
		return nil, fmt.Errorf("reading the dashboards%s: %w", c.beside(), err)
	}
	return &parts{catalogue: cat, home: home, importer: im, boards: boards, who: c.Who}, nil
}

// open is define and the database, filled with the published figures where it
// is empty.
func (c *cli) open(ctx context.Context, messages io.Writer) (*parts, error) {
	p, err := c.define()
	if err != nil {
		return nil, err
	}
	if p.db, err = store.Open(ctx, c.DB); err != nil {
		return nil, fmt.Errorf("opening %s: %w", c.DB, err)
	}
	if err := p.fill(ctx, c.DB, messages); err != nil {
		p.db.Close()
		return nil, fmt.Errorf("filling %s with the published figures: %w", c.DB, err)
	}
	if err := p.learn(ctx, messages); err != nil {
		p.db.Close()
		return nil, fmt.Errorf("reading what %s adds to the catalogue and the layouts: %w", c.DB, err)
	}
	return p, nil
}

// with opens the parts for what a command does, and closes the database behind
// it. Every change was safe on the disk before it was answered for, so a close
// that fails loses nothing.
func (c *cli) with(ctx context.Context, s streams, do func(p *parts) error) error {
	p, err := c.open(ctx, s.err)
	if err != nil {
		return err
	}
	defer p.db.Close()
	return do(p)
}

// within is with, for what there is to be done only in a database that is there:
// of one that a slip of the pen has just made, the audit trail would be whole
// and a backup sound.
func (c *cli) within(ctx context.Context, s streams, do func(p *parts) error) error {
	if _, err := os.Stat(c.DB); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no such database: say with --db or BELLWETHER_DB which one is meant (%w)", err)
	}
	return c.with(ctx, s, do)
}

// learn adds the measures, areas and layouts that this council's files have
// brought. One whose name the catalogue has since taken is left out, and said:
// its figures stay, and the rest must go on working.
func (p *parts) learn(ctx context.Context, messages io.Writer) error {
	measures, areas, err := p.db.Registered(ctx)
	if err != nil {
		return err
	}
	if p.catalogue.Register(measures, areas) != nil {
		p.learnSingly(measures, areas, messages)
	}
	saved, err := p.db.Layouts(ctx)
	if err != nil {
		return err
	}
	p.importer, err = p.importer.With(saved)
	return err
}

func (p *parts) learnSingly(measures []stat.Measure, areas []stat.Area, messages io.Writer) {
	for _, a := range areas {
		if err := p.catalogue.Register(nil, []stat.Area{a}); err != nil {
			fmt.Fprintf(messages, "area %s is left out: %v\n", a.Code, err)
		}
	}
	for _, m := range measures {
		if err := p.catalogue.Register([]stat.Measure{m}, nil); err != nil {
			fmt.Fprintf(messages, "measure %s is left out: %v\n", m.Code, err)
		}
	}
}

// fill imports the box. Each file of it is a batch of its own, so a fill that
// was cut short goes on where it stopped, and one that was withdrawn stays so.
func (p *parts) fill(ctx context.Context, path string, messages io.Writer) error {
	held, err := p.db.Batches(ctx)
	if err != nil {
		return err
	}
	had := map[string]bool{}
	for _, b := range held {
		had[b.SHA256] = true
	}
	said := false
	for sub, err := range importer.ReadBox(imports.FS, p.catalogue) {
		if err != nil {
			return err
		}
		if had[sub.Batch.SHA256] {
			continue
		}
		if !said {
			fmt.Fprintf(messages, "filling %s with the published figures\n", path)
			said = true
		}
		sub.Batch.By, sub.Batch.Published, sub.Batch.PublishedWhy = "Bellwether", time.Now(), "published figures that come with Bellwether"
		sub.Bundled = true
		if _, err := p.db.Store(ctx, sub, nil); err != nil {
			return err
		}
	}
	return nil
}
