package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/workbook"
)

type importCmd struct {
	DryRun   bool   `help:"Say what would change and store nothing."`
	Released string `help:"Release date, 2025-10-23 or 2025-10; otherwise the layout's rule, or today." placeholder:"DATE"`
	Layout   string `help:"Read the files by this layout instead of recognising one." placeholder:"NAME"`

	Accept    []string `help:"Accept one warning, named as the import names it, and why." placeholder:"CODE@CELL=REASON" sep:"none"`
	AcceptAll string   `help:"Accept every warning for this reason." placeholder:"REASON"`

	Publish bool `help:"Publish what is imported at once; otherwise it is a draft until bellwether publish."`

	limits

	Files []string `arg:"" name:"file" help:"Workbooks (xlsx, xlsm, ods) and CSVs. A FILE.meta.csv beside a FILE.csv is read with it."`
}

// imported is what became of one file.
type imported struct {
	File         string         `json:"file"`
	SHA256       string         `json:"sha256"`
	Layout       string         `json:"layout"`
	Status       string         `json:"status"` // imported, unchanged, checked, refused
	Batch        int64          `json:"batch,omitempty"`
	Published    time.Time      `json:"published,omitzero"` // from when viewers see it; none for a draft
	Rows         int            `json:"rows"`
	Used         int            `json:"used"`
	Observations int            `json:"observations"`
	Links        int            `json:"links,omitempty"`
	New          int            `json:"new"`
	Revised      int            `json:"revised"`
	Unchanged    int            `json:"unchanged"`
	Superseded   int            `json:"superseded"` // kept, but a later release is in force
	Faulty       int            `json:"faulty"`
	Skipped      []stat.Skip    `json:"skipped"`
	Checks       []stat.Check   `json:"checks"`
	Problems     []stat.Problem `json:"problems"`
}

func (cmd *importCmd) Run(ctx context.Context, s streams, c *cli) error {
	o, err := cmd.options()
	if err != nil {
		return usageError{err}
	}
	return c.with(ctx, s, func(p *parts) error {
		answers := []imported{}
		for _, file := range cmd.Files {
			if isMeta(file) && slices.Contains(cmd.Files, strings.TrimSuffix(file, metaEnding)+".csv") {
				continue // read with its data
			}
			a, err := p.importFile(ctx, file, o, cmd, newProgress(s.err, filepath.Base(file)))
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
	})
}

func (cmd *importCmd) options() (importer.Options, error) {
	o := importer.Options{Layout: cmd.Layout, Today: stat.DateOf(time.Now())}
	o.Limits.Upload, o.Limits.Rows = int64(cmd.MaxUpload), int(cmd.MaxRows)
	for _, a := range cmd.Accept {
		if id, reason, ok := strings.Cut(a, "="); !ok || id == "" || strings.TrimSpace(reason) == "" {
			return o, fmt.Errorf("--accept %q: give the warning and the reason, CODE@CELL=REASON", a)
		}
	}
	if cmd.Released == "" {
		return o, nil
	}
	r, err := stat.ParseRelease(cmd.Released)
	if err != nil {
		return o, fmt.Errorf("--released: %w", err)
	}
	o.Released = r
	return o, nil
}

// metaEnding is that of the file which describes an open-data CSV's columns.
const metaEnding = ".meta.csv"

func isMeta(file string) bool { return strings.HasSuffix(strings.ToLower(file), metaEnding) }

// importFile reads a file and stores it, unless it is refused, waits for a
// warning to be accepted, or this is a dry run. A file that cannot be read at
// all is refused like a bad one.
func (p *parts) importFile(ctx context.Context, file string, o importer.Options, cmd *importCmd, pr *progress) (imported, error) {
	defer pr.end()
	data, err := readCapped(file, o.Limits)
	if err == nil {
		o.Meta, err = metaOf(file, o.Limits)
	}
	if err != nil {
		return unreadable(file, err), nil
	}
	r, err := p.read(ctx, filepath.Base(file), data, o, pr)
	if err != nil {
		return imported{}, err
	}
	if r.Batch.By = p.who; cmd.Publish {
		r.Batch.Published = time.Now()
	}
	cmd.accept(r)
	a := answer(r)
	switch {
	case r.Refused() || len(r.Waiting()) > 0 && !cmd.DryRun:
		a.Status = "refused"
		return a, nil
	case cmd.DryRun:
		changes, err := p.db.Compare(ctx, r.Submission)
		a.Status = "checked"
		a.count(changes)
		return a, err
	}
	return a, p.storeFile(ctx, r, &a, pr)
}

// read is the file as it was understood, checked against what is held.
func (p *parts) read(ctx context.Context, name string, data []byte, o importer.Options, pr *progress) (*importer.Result, error) {
	r, err := p.importer.Read(ctx, name, data, o, func(rows int) { pr.show("%d rows read", rows) })
	if err != nil {
		return nil, err
	}
	held, err := p.db.Read(ctx, p.importer.Needs(r))
	if err != nil {
		return nil, err
	}
	p.importer.Check(r, held)
	return r, nil
}

// accept takes the warnings that the flags name.
func (cmd *importCmd) accept(r *importer.Result) {
	for _, a := range cmd.Accept {
		id, reason, _ := strings.Cut(a, "=")
		_ = r.Accept(id, reason) // one that this file does not have belongs to another
	}
	for _, w := range r.Waiting() {
		if cmd.AcceptAll != "" {
			_ = r.Accept(w.ID(), cmd.AcceptAll) // it is waiting, and the reason is not blank
		}
	}
}

func (p *parts) storeFile(ctx context.Context, r *importer.Result, a *imported, pr *progress) error {
	b, err := p.db.Store(ctx, r.Submission, func(n, of int) { pr.show("%d of %d stored", n, of) })
	switch {
	case errors.Is(err, store.ErrUnchanged):
		a.Status, a.Unchanged = "unchanged", len(r.Observations)+len(r.Links)
	case errors.Is(err, store.ErrSecondPerson):
		return fmt.Errorf("--publish: %w: import it without", err)
	case err != nil:
		return err
	default:
		a.Status = "imported"
		a.count(b.Changes)
	}
	a.Batch, a.Published = b.ID, b.Published
	return p.catalogue.Register(r.Measures, r.Areas)
}

// metaOf reads the description beside an open-data CSV, if there is one.
func metaOf(file string, l workbook.Limits) ([]byte, error) {
	data, err := readCapped(strings.TrimSuffix(file, filepath.Ext(file))+metaEnding, l)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

func unreadable(file string, err error) imported {
	return imported{File: filepath.Base(file), Status: "refused", Skipped: []stat.Skip{}, Checks: []stat.Check{},
		Problems: []stat.Problem{{Severity: stat.Error, Code: "unreadable_file", Message: err.Error()}}}
}

func answer(r *importer.Result) imported {
	a := imported{File: r.Batch.File, SHA256: r.Batch.SHA256, Layout: r.Batch.Layout, Rows: r.Rows, Used: r.Used,
		Observations: len(r.Observations), Links: len(r.Links), Faulty: r.Faulty, Skipped: r.Skipped, Checks: r.Checks, Problems: r.Problems}
	if a.Skipped == nil {
		a.Skipped = []stat.Skip{}
	}
	if a.Checks == nil {
		a.Checks = []stat.Check{}
	}
	if a.Problems == nil {
		a.Problems = []stat.Problem{}
	}
	return a
}

func (a *imported) count(c stat.Changes) {
	a.New, a.Revised, a.Unchanged, a.Superseded = c.New, c.Revised, c.Unchanged, c.Superseded
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
	if a.Batch > 0 && a.Published.IsZero() {
		fmt.Fprintf(w, "  a draft, which viewers do not see: bellwether publish %d\n", a.Batch)
	}
	if a.Rows > 0 {
		fmt.Fprintf(w, "  %d rows: %d used, %d skipped, %d with problems\n", a.Rows, a.Used, a.Rows-a.Used-a.Faulty, a.Faulty)
	}
	if a.Status != "refused" {
		fmt.Fprintf(w, "  %d new, %d revised, %d unchanged\n", a.New, a.Revised, a.Unchanged)
	}
	if a.Superseded > 0 {
		fmt.Fprintf(w, "  %d superseded: kept, but a later release is in force\n", a.Superseded)
	}
	for _, k := range a.Skipped {
		rows := fmt.Sprintf("%d rows, the first at", k.Rows)
		if k.Rows == 0 { // a column
			rows = "at"
		}
		fmt.Fprintf(w, "  skipped %s %s: %s\n", rows, k.First, k.Reason)
	}
	for _, c := range a.Checks {
		if c.Outcome == stat.Warned || c.Outcome == stat.Failed {
			fmt.Fprintf(w, "  %s %s: %s\n", c.Outcome, c.Title, c.Advice)
		}
	}
	waiting := 0
	for _, p := range a.Problems {
		fmt.Fprintf(w, "  %s %s: %s [%s]\n", p.Severity, p.At, p.Message, p.ID())
		if p.Accepted != "" {
			fmt.Fprintf(w, "    accepted: %s\n", p.Accepted)
		} else if p.Severity == stat.Warning {
			waiting++
		}
	}
	if waiting > 0 {
		fmt.Fprintf(w, "  %d warnings wait to be accepted: --accept CODE@CELL=REASON, or --accept-all REASON\n", waiting)
	}
}

// readCapped reads a little more than the importer does, which then says so
// properly; it only keeps a mistaken path from filling the memory.
func readCapped(file string, l workbook.Limits) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err == nil && st.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name the files in it", file)
	}
	data, err := io.ReadAll(io.LimitReader(f, l.Filled().Upload+1))
	if err != nil {
		return nil, err
	}
	return data, nil
}
