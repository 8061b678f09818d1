package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

type commentCmd struct {
	List  commentListCmd  `cmd:"" help:"What the service says in reports and scorecards."`
	Write commentWriteCmd `cmd:"" help:"Write below a heading of a report, or of a row of a scorecard, in place of what stands there."`
}

type commentListCmd struct {
	Place string `arg:"" optional:"" help:"Only that of report/NAME or scorecard/NAME."`
}

func (cmd *commentListCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		comments, err := p.db.Comments(ctx, cmd.Place)
		if err != nil {
			return err
		}
		return tabled(s, c, orEmpty(comments), []any{"place", "heading", "area", "date", "by", "text"}, func(row func(...any)) {
			for _, c := range comments {
				row(c.Place, c.Head, p.name(c.Area), c.Date, c.By, stat.Line(c.Text))
			}
		})
	})
}

type commentWriteCmd struct {
	Place string `arg:"" help:"report/NAME or scorecard/NAME."`
	Head  string `arg:"" name:"heading" help:"A heading of the report's commentary, or a scorecard's row: its measure's code, or its number."`
	File  string `arg:"" optional:"" help:"A file of plain text; otherwise, and with -, standard input. An empty text removes what stands there."`
	Area  string `help:"ONS code, DfE number or name; otherwise the home council." placeholder:"AREA"`
	Date  string `help:"Of the report it is for; otherwise today. A scorecard's is that of the row's figure." placeholder:"DATE"`
}

// commented is what was kept, and what the figures do not bear out of it.
type commented struct {
	stat.Comment
	Flags []dashboard.Flag `json:"flags"`
}

func (cmd *commentWriteCmd) Run(ctx context.Context, s streams, c *cli) error {
	text, err := cmd.text(s.in)
	if err != nil {
		return err
	}
	return c.with(ctx, s, func(p *parts) (err error) {
		a := commented{Comment: stat.Comment{Place: cmd.Place, Text: text, By: p.who, At: time.Now().UTC()}, Flags: []dashboard.Flag{}}
		if a.Area, err = p.area(cmd.Area); err != nil {
			return err
		}
		if err := cmd.find(ctx, p, &a); err != nil {
			return err
		}
		if err := p.db.SaveComment(ctx, a.Comment); err != nil {
			return err
		}
		if err := p.check(ctx, &a); err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(s.out, a)
		}
		return a.print(s)
	})
}

func (a commented) print(s streams) error {
	for _, f := range a.Flags {
		fmt.Fprintf(s.err, "look again: %q: %s\n", f.Quote, f.Why)
	}
	did := "kept"
	if a.Text == "" {
		did = "removed"
	}
	_, err := fmt.Fprintf(s.out, "%s, %s: %s for %s\n", a.Place, a.Head, did, a.Date.Long())
	return err
}

// text reads plain text, no more of it than may be kept.
func (cmd *commentWriteCmd) text(in io.Reader) (string, error) {
	if cmd.File != "" && cmd.File != "-" {
		f, err := os.Open(cmd.File)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, utf8.UTFMax*stat.LongestCommentary+1))
	if err != nil {
		return "", fmt.Errorf("reading the text: %w", err)
	}
	if !utf8.Valid(data) && len(data) <= utf8.UTFMax*stat.LongestCommentary || slices.Contains(data, 0) {
		return "", fmt.Errorf("%s is not plain text: save it as text in UTF-8", cmp.Or(strings.Trim(cmd.File, "-"), "what was given"))
	}
	text := stat.Paragraphs(string(data))
	most := stat.LongestCommentary
	if strings.HasPrefix(cmd.Place, "scorecard/") {
		most = stat.LongestRemark
	}
	if utf8.RuneCountInString(text) > most {
		return "", fmt.Errorf("the text has more than %d characters: shorten it", most)
	}
	return text, nil
}

// find checks that there is such a heading, and names it and its day as they
// are kept.
func (cmd *commentWriteCmd) find(ctx context.Context, p *parts, a *commented) error {
	if name, ok := strings.CutPrefix(cmd.Place, "report/"); ok {
		return cmd.findHeading(p, name, a)
	}
	if name, ok := strings.CutPrefix(cmd.Place, "scorecard/"); ok {
		return cmd.findRow(ctx, p, name, a)
	}
	return usageError{fmt.Errorf("%q is no place to write in: give report/NAME or scorecard/NAME", cmd.Place)}
}

func (cmd *commentWriteCmd) findHeading(p *parts, name string, a *commented) error {
	reports := p.boards.Reports()
	i := slices.IndexFunc(reports, func(r dashboard.ReportInfo) bool { return r.Name == name })
	if i < 0 {
		return fmt.Errorf("there is no report %q: there are %s", name, listed(reports))
	}
	heads := reports[i].Heads
	j := slices.IndexFunc(heads, func(h string) bool { return stat.Fold(h) == stat.Fold(cmd.Head) })
	if j < 0 {
		return fmt.Errorf("report %s has no heading %q for commentary: it has %q", name, cmd.Head, heads)
	}
	a.Head, a.Date = heads[j], stat.DateOf(time.Now())
	if cmd.Date == "" {
		return nil
	}
	var err error
	if a.Date, err = stat.ParseDate(cmd.Date); err != nil {
		return usageError{fmt.Errorf("--date: %w", err)}
	}
	return nil
}

func (cmd *commentWriteCmd) findRow(ctx context.Context, p *parts, name string, a *commented) error {
	if cmd.Date != "" {
		return usageError{errors.New("--date: what is written of a scorecard's row is of the date of its figure")}
	}
	v, err := p.boards.Dashboard(ctx, p.db, name, dashboard.Selection{Area: a.Area, Neighbours: dashboard.DefaultModel, Show: dashboard.ShowValue})
	if err != nil {
		return err
	}
	heads := []string{}
	for _, panel := range v.Panels {
		if panel.Scorecard == nil {
			continue
		}
		for i, row := range panel.Scorecard.Rows {
			if row.Head == cmd.Head && row.Current.Period != "" {
				a.Head = row.Head
				if a.Date, err = stat.ParseDate(row.Current.Period); err != nil || a.Text == "" {
					return err
				}
				return p.boards.ToRemark(ctx, p.db, v, &panel.Scorecard.Rows[i])
			}
			heads = append(heads, row.Head)
		}
	}
	return fmt.Errorf("scorecard %s has no row %q with a figure: its rows are %q", name, cmd.Head, heads)
}

// check holds a report's commentary against the figures of the report it is
// for: those known by its date.
func (p *parts) check(ctx context.Context, a *commented) error {
	name, ok := strings.CutPrefix(a.Place, "report/")
	if !ok || a.Text == "" {
		return nil
	}
	sel := dashboard.ReportSelection{Area: a.Area, Dated: a.Date.String(), By: a.By}
	if a.Date.Before(stat.DateOf(time.Now())) {
		sel.AsOf = sel.Dated
	}
	r, err := p.boards.Report(ctx, p.db, name, sel)
	if err != nil {
		return fmt.Errorf("the text is kept, but could not be checked: %w", err)
	}
	for _, sec := range r.Sections {
		for _, c := range sec.Comments {
			if c.Head == a.Head {
				a.Flags = append(a.Flags, c.Flags...)
			}
		}
	}
	return nil
}
