// Package importer turns a spreadsheet into a stat.Submission: it recognises
// which known layout the file has by its header row, and reads every row as
// observations, neighbour links or problems, each with its cell. Layouts are
// data, imports/layouts/*.toml. It also reads the reference data and writes
// and reads the published figures that come with the project. It refuses to
// know what a spreadsheet is made of (workbook does) and what is held already
// (store does).
package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// Importer reads files in the layouts it was made with. It is safe for
// concurrent use.
type Importer struct {
	cat     *stat.Catalogue
	home    stat.Area
	layouts []*layout
}

// New reads and checks layouts/*.toml of fsys, which is rooted at imports/.
// home is the area of figures in files that name none. Errors name file and
// line.
func New(fsys fs.FS, cat *stat.Catalogue, home stat.Area) (*Importer, error) {
	layouts, err := readLayouts(fsys, cat)
	if err != nil {
		return nil, err
	}
	return &Importer{cat: cat, home: home, layouts: layouts}, nil
}

// Layouts lists the names Options.Layout takes, in order.
func (im *Importer) Layouts() []string {
	var names []string
	for _, l := range im.layouts {
		names = append(names, l.name)
	}
	return names
}

// Options say what a file does not say itself.
type Options struct {
	Layout   string       // name of a layout; "" recognises it
	Released stat.Release // overrides the layout's rule
	Today    stat.Date    // periods may not end after it; zero is the clock's day
	Limits   workbook.Limits
	Meta     []byte // the .meta.csv that came with a file of Explore Education Statistics, if one did
}

// Result is what a file says: the submission, and an account of its rows,
// where Rows == Used + Faulty + the rows of Skipped, always.
type Result struct {
	stat.Submission
	Skipped  []stat.Skip
	Problems []stat.Problem
	Checks   []stat.Check // by Importer.Check

	Rows   int // rows below a header that hold something
	Used   int // gave at least one observation or link
	Faulty int // have a problem of severity error
}

// Refused reports whether any problem is an error: then nothing is stored.
func (r *Result) Refused() bool {
	for _, p := range r.Problems {
		if p.Severity == stat.Error {
			return true
		}
	}
	return false
}

// Read reads a file that was uploaded under name. What is wrong with the file
// is in Result.Problems; the error is the context's. progress, which may be
// nil, hears the number of rows read so far now and then.
func (im *Importer) Read(ctx context.Context, name string, data []byte, o Options, progress func(rows int)) (*Result, error) {
	if o.Today.IsZero() {
		o.Today = stat.DateOf(time.Now())
	}
	if progress == nil {
		progress = func(int) {}
	}
	r := newReading(ctx, im, base(name), data, o, progress)
	err := r.file(data)
	var fault *workbook.Fault
	switch {
	case errors.As(err, &fault):
		r.fault(fault)
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", base(name), err)
	}
	r.finish()
	r.childLevel()
	return r.res, nil
}

// base is the last element of a path of any system.
func base(name string) string {
	return filepath.Base(strings.ReplaceAll(name, `\`, "/"))
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
