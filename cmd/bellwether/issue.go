package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

type reportsCmd struct{}

// reportList is what there is to report with, and what was issued.
type reportList struct {
	Reports []dashboard.ReportInfo `json:"reports"`
	Issues  []stat.Issue           `json:"issues"` // the newest first
}

func (reportsCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		issues, err := p.db.Issues(ctx)
		if err != nil {
			return err
		}
		a := reportList{orEmpty(p.boards.Reports()), orEmpty(issues)}
		if c.JSON {
			return writeJSON(s.out, a)
		}
		if err := table(s.out, []any{"report", "title", "for"}, func(row func(...any)) {
			for _, r := range a.Reports {
				row(r.Name, r.Title, r.Audience)
			}
		}); err != nil || len(issues) == 0 {
			return err
		}
		fmt.Fprintln(s.out)
		return table(s.out, []any{"issue", "report", "area", "as of", "dated", "by", "sha256"}, func(row func(...any)) {
			for _, is := range issues {
				row(is.Number, is.Name, p.name(is.Area), is.AsOf, is.Dated, is.By, is.SHA256[:12])
			}
		})
	})
}

type issueCmd struct {
	Number    int64    `arg:"" help:"The number of the issue."`
	Out       []string `help:"Where its files go, as they were issued: .docx, .xlsx, .html, .csv or .json." placeholder:"FILE" sep:"none"`
	Revisions bool     `help:"List which of its figures have since been revised."`
}

// issueAnswer is an issue, and what has been revised since.
type issueAnswer struct {
	stat.Issue
	Endings   []string              `json:"endings"` // of the files it was issued in
	Files     []string              `json:"files"`   // written
	Revisions *[]dashboard.Revision `json:"revisions,omitempty"`
}

func (cmd *issueCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		is, err := p.db.Issue(ctx, cmd.Number)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no issue %d: bellwether reports lists them", cmd.Number)
		} else if err != nil {
			return err
		}
		a := issueAnswer{Issue: is, Endings: append(slices.Sorted(maps.Keys(is.Files)), report.JSON), Files: []string{}}
		if err := a.save(cmd.Out); err != nil {
			return err
		}
		if cmd.Revisions {
			if a.Revisions, err = p.revisions(ctx, is); err != nil {
				return err
			}
		}
		if c.JSON {
			return writeJSON(s.out, a)
		}
		return a.print(s.out, p)
	})
}

// issued are the bytes of an issue with an ending.
func issued(is stat.Issue, ending string) ([]byte, error) {
	if ending == report.JSON {
		return is.Content, nil
	}
	data, ok := is.Files[ending]
	if !ok {
		return nil, fmt.Errorf("issue %d was not issued as .%s, but as .%s and .%s", is.Number, ending,
			strings.Join(slices.Sorted(maps.Keys(is.Files)), ", ."), report.JSON)
	}
	return data, nil
}

func (a *issueAnswer) save(files []string) error {
	for _, file := range files {
		data, err := issued(a.Issue, endingOf(file))
		if err != nil {
			return usageError{fmt.Errorf("--out %s: %w", file, err)}
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
		a.Files = append(a.Files, file)
	}
	return nil
}

// revisions are never nil, so that JSON says [] for none.
func (p *parts) revisions(ctx context.Context, is stat.Issue) (*[]dashboard.Revision, error) {
	r, err := dashboard.ReadReport(is.Content)
	if err != nil {
		return nil, err
	}
	found, err := p.boards.Revisions(ctx, p.db, r)
	out := orEmpty(found)
	return &out, err
}

func (a issueAnswer) print(w io.Writer, p *parts) error {
	fmt.Fprintf(w, "issue %d: %s, %s\n", a.Number, a.Title, p.name(a.Area))
	fmt.Fprintf(w, "as of %s, dated %s, issued by %s on %s\n", a.AsOf.Long(), a.Dated.Long(), a.By, stat.DateOf(a.At.Local()).Long())
	fmt.Fprintf(w, "sha256 %s\n", a.SHA256)
	for _, f := range a.Files {
		fmt.Fprintf(w, "  %s\n", f)
	}
	switch {
	case a.Revisions == nil:
		return nil
	case len(*a.Revisions) == 0:
		_, err := fmt.Fprintln(w, "\nNone of its figures has been revised since.")
		return err
	}
	fmt.Fprintln(w, "\nRevised since:")
	return table(w, []any{"measure", "area", "period", "figure", "publisher", "was", "is", "released"}, func(row func(...any)) {
		for _, v := range *a.Revisions {
			row(v.Name, p.name(v.Area), v.Label, v.Part, v.Publisher, v.Text, v.Now, v.Revealed)
		}
	})
}
