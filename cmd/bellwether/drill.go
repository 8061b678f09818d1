package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

type drillCmd struct {
	letterhead
	File    string `arg:"" help:"The backup. It is only read."`
	Scratch string `help:"A folder with room for a copy of it, which is gone afterwards; otherwise the system's." placeholder:"DIR"`
}

// drilled is what a backup was proven to hold. An issue has the bytes it was
// handed out with, or the drill fails; whether this program, with this
// template, would write them again is another matter, and no fault.
type drilled struct {
	store.Drilled
	Rendered []rendered `json:"rendered"`
}

// rendered is an issued report, written again from what it froze.
type rendered struct {
	Issue   int64    `json:"issue"`
	Differs []string `json:"differs"` // endings of the files that came out otherwise; none in the program that issued it
}

func (cmd *drillCmd) Run(ctx context.Context, s streams, c *cli) error {
	template, err := cmd.read()
	if err != nil {
		return err
	}
	d, err := cmd.drill(ctx, template)
	act := stat.Act{Who: c.Who, What: stat.ActDrill, On: filepath.Base(cmd.File), Detail: "sha256 " + d.SHA256}
	if err != nil {
		act.What, act.Detail = stat.ActDrillFailed, err.Error()
	}
	if ctx.Err() == nil {
		c.note(ctx, s.err, act)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(s.out, d)
	}
	return d.print(s.out)
}

func (cmd *drillCmd) drill(ctx context.Context, template []byte) (d drilled, err error) {
	on, done, err := paper(ctx, template, report.Endings)
	if err != nil {
		return d, err
	}
	defer done()
	d.Rendered = []rendered{}
	d.Drilled, err = store.Drill(ctx, cmd.File, cmd.Scratch, func(is stat.Issue) error {
		r, err := again(is, on)
		d.Rendered = append(d.Rendered, r)
		return err
	})
	return d, err
}

// again renders an issue from its content, and compares.
func again(is stat.Issue, on report.Paper) (rendered, error) {
	out := rendered{Issue: is.Number, Differs: []string{}}
	r, err := dashboard.ReadReport(is.Content)
	if err != nil {
		return out, fmt.Errorf("issue %d cannot be read: %w", is.Number, err)
	}
	for _, ending := range append(slices.Sorted(maps.Keys(is.Files)), report.JSON) {
		kept, err := issued(is, ending)
		if err != nil {
			return out, err
		}
		if made, err := on.File(r, ending); err != nil {
			return out, fmt.Errorf("issue %d cannot be written as %s: %w", is.Number, ending, err)
		} else if !bytes.Equal(made, kept) {
			out.Differs = append(out.Differs, ending)
		}
	}
	return out, nil
}

// note adds an act to the audit trail of the database in use. A drill may well
// be where there is none, or where it is what was lost: that is only said.
func (c *cli) note(ctx context.Context, messages io.Writer, act stat.Act) {
	if _, err := os.Stat(c.DB); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(messages, "there is no database %s, so no audit trail says that this was done\n", c.DB)
		return
	}
	db, err := store.Open(ctx, c.DB)
	if err == nil {
		err = errors.Join(db.Note(ctx, act), db.Close())
	}
	if err != nil {
		fmt.Fprintf(messages, "the audit trail of %s does not say that this was done: %v\n", c.DB, err)
	}
}

func (d drilled) print(w io.Writer) error {
	fmt.Fprintf(w, "%s can be restored: %d imports, %d figures, %d issued reports\n", d.File, d.Imports, d.Figures, d.Issues)
	fmt.Fprintf(w, "sha256 %s%s\n%s\n", d.SHA256, d.told(), trail(d.Acts, d.Head))
	if d.Migrated {
		fmt.Fprintf(w, "its tables, of version %d, were brought up to date on the way\n", d.Schema)
	}
	for _, r := range d.Rendered {
		says := "has the bytes it was handed out with, and this program writes the same"
		if len(r.Differs) > 0 {
			says = fmt.Sprintf("has the bytes it was handed out with; this program, or this template, writes .%s otherwise", strings.Join(r.Differs, ", ."))
		}
		if _, err := fmt.Fprintf(w, "issue %d %s\n", r.Issue, says); err != nil {
			return err
		}
	}
	return nil
}

func (d drilled) told() string {
	if d.Made.IsZero() {
		return " (no manifest is beside it to compare with)"
	}
	return ", as its manifest says"
}
