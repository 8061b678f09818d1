package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

type importCmd struct {
	DryRun   bool     `help:"Say what would change and store nothing."`
	Released string   `help:"Release date, 2025-10-23 or 2025-10; otherwise the layout's rule, or today." placeholder:"DATE"`
	Layout   string   `help:"Read the files by this layout instead of recognising one." placeholder:"NAME"`
	Files    []string `arg:"" name:"file" help:"Workbooks (xlsx) and CSVs."`
}

// imported is what became of one file.
type imported struct {
	File         string         `json:"file"`
	SHA256       string         `json:"sha256"`
	Layout       string         `json:"layout"`
	Status       string         `json:"status"` // imported, unchanged, checked, refused
	Batch        int64          `json:"batch,omitempty"`
	Rows         int            `json:"rows"`
	Used         int            `json:"used"`
	Observations int            `json:"observations"`
	Links        int            `json:"links,omitempty"`
	New          int            `json:"new"`
	Revised      int            `json:"revised"`
	Unchanged    int            `json:"unchanged"`
	Faulty       int            `json:"faulty"`
	Skipped      []stat.Skip    `json:"skipped"`
	Problems     []stat.Problem `json:"problems"`
}

func (cmd *importCmd) Run(ctx context.Context, s streams, c *cli) error {
	o := importer.Options{Layout: cmd.Layout, Today: stat.DateOf(time.Now())}
	if cmd.Released != "" {
		r, err := stat.ParseRelease(cmd.Released)
		if err != nil {
			return usageError{fmt.Errorf("--released: %w", err)}
		}
		o.Released = r
	}
	p, err := c.open(ctx, s.err)
	if err != nil {
		return err
	}
	defer p.db.Close()
	answers := []imported{}
	for _, file := range cmd.Files {
		a, err := p.importFile(ctx, file, o, cmd.DryRun, newProgress(s.err, filepath.Base(file)))
		if err != nil {
			return fmt.Errorf("importing %s: %w", file, err)
		}
		answers = append(answers, a)
		if !c.JSON {
			a.print(s.out)
		}
	}
	if c.JSON {
		if err := writeJSON(s.out, answers); err != nil {
			return err
		}
	}
	for _, a := range answers {
		if a.Status == "refused" {
			return errRefused
		}
	}
	return nil
}

// importFile reads a file and stores it, unless it is refused or this is a dry
// run. A file that cannot be read at all is refused like a bad one.
func (p *parts) importFile(ctx context.Context, file string, o importer.Options, dry bool, pr *progress) (imported, error) {
	defer pr.end()
	data, err := readCapped(file)
	if err != nil {
		return imported{File: filepath.Base(file), Status: "refused", Skipped: []stat.Skip{}, Problems: []stat.Problem{{
			Severity: stat.Error, Code: "unreadable_file", Message: err.Error()}}}, nil
	}
	r, err := p.importer.Read(ctx, filepath.Base(file), data, o, func(rows int) { pr.show("%d rows read", rows) })
	if err != nil {
		return imported{}, err
	}
	a := answer(r)
	if r.Refused() {
		a.Status = "refused"
		return a, nil
	}
	if dry {
		changes, err := p.db.Compare(ctx, r.Submission)
		a.Status, a.New, a.Revised, a.Unchanged = "checked", changes.New, changes.Revised, changes.Unchanged
		return a, err
	}
	b, err := p.db.Store(ctx, r.Submission, func(n, of int) { pr.show("%d of %d stored", n, of) })
	switch {
	case errors.Is(err, store.ErrUnchanged):
		a.Status, a.Unchanged = "unchanged", len(r.Observations)+len(r.Links)
	case err != nil:
		return imported{}, err
	default:
		a.Status, a.New, a.Revised, a.Unchanged = "imported", b.New, b.Revised, b.Unchanged
	}
	a.Batch = b.ID
	return a, nil
}

func answer(r *importer.Result) imported {
	a := imported{File: r.Batch.File, SHA256: r.Batch.SHA256, Layout: r.Batch.Layout, Rows: r.Rows, Used: r.Used,
		Observations: len(r.Observations), Links: len(r.Links), Faulty: r.Faulty, Skipped: r.Skipped, Problems: r.Problems}
	if a.Skipped == nil {
		a.Skipped = []stat.Skip{}
	}
	if a.Problems == nil {
		a.Problems = []stat.Problem{}
	}
	return a
}

func (a imported) print(w io.Writer) {
	switch a.Status {
	case "refused":
		fmt.Fprintf(w, "%s: refused; nothing was stored\n", a.File)
	case "unchanged":
		fmt.Fprintf(w, "%s: unchanged; these same bytes are batch %d\n", a.File, a.Batch)
	case "checked":
		fmt.Fprintf(w, "%s: %s, checked; nothing was stored\n", a.File, a.Layout)
	default:
		fmt.Fprintf(w, "%s: %s, imported as batch %d\n", a.File, a.Layout, a.Batch)
	}
	if a.Rows > 0 {
		fmt.Fprintf(w, "  %d rows: %d used, %d skipped, %d with problems\n", a.Rows, a.Used, a.Rows-a.Used-a.Faulty, a.Faulty)
	}
	if a.Status != "refused" {
		fmt.Fprintf(w, "  %d new, %d revised, %d unchanged\n", a.New, a.Revised, a.Unchanged)
	}
	for _, k := range a.Skipped {
		fmt.Fprintf(w, "  skipped %d (first at %s): %s\n", k.Rows, k.First, k.Reason)
	}
	for _, p := range a.Problems {
		fmt.Fprintf(w, "  %s %s: %s [%s]\n", p.Severity, p.At, p.Message, p.Code)
	}
}

// maxUpload is more than any limit of the importer's, which says so properly;
// it only keeps a mistaken path from filling the memory.
const maxUpload = 256 << 20

func readCapped(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err == nil && st.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name the files in it", file)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxUpload))
	if err != nil {
		return nil, err
	}
	return data, nil
}
