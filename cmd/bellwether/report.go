package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"bellwether/internal/dashboard"
	"bellwether/internal/disclosure"
	"bellwether/internal/report"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

type reportCmd struct {
	letterhead
	Name       string   `arg:"" help:"The report: bellwether reports lists them."`
	Area       string   `help:"ONS code, DfE number or an unambiguous name; otherwise the home council." placeholder:"AREA"`
	AsOf       string   `help:"The day the figures are for: only what was known by then counts; otherwise today." placeholder:"DATE"`
	Dated      string   `help:"The day of the report itself; otherwise today." placeholder:"DATE"`
	Neighbours string   `help:"Whom to compare with: the year of a neighbour model, region, or a group's name." placeholder:"WHOM"`
	By         string   `help:"Its author; otherwise who does this." placeholder:"NAME"`
	Out        []string `help:"Where it goes: .docx, .xlsx, .html, .csv or .json; more than once for more files." placeholder:"FILE" sep:"none"`
	Briefing   string   `help:"Where the questions to expect go, with what answers them: .docx or .html." placeholder:"FILE"`
	Issue      bool     `help:"Issue it: it gets a number and stays as it is for good. Otherwise it is a draft."`
}

// reported is what became of a report.
type reported struct {
	Name     string           `json:"name"`
	Title    string           `json:"title"`
	Area     string           `json:"area"` // code
	AsOf     string           `json:"asOf"`
	Dated    string           `json:"dated"`
	By       string           `json:"by"`
	Number   int64            `json:"number,omitempty"` // of the issue
	SHA256   string           `json:"sha256,omitempty"`
	Replaces []int64          `json:"replaces,omitempty"` // issues of the same report, area and date
	Files    []string         `json:"files"`
	Flags    []pointed        `json:"flags"`
	Stale    []dashboard.Flag `json:"stale"` // where the text of the last issue no longer holds
}

// pointed is a claim of a text that its figures do not bear out.
type pointed struct {
	Head string `json:"head"`
	dashboard.Flag
}

func (cmd *reportCmd) Run(ctx context.Context, s streams, c *cli) error {
	endings, err := cmd.endings()
	if err != nil {
		return err
	}
	template, err := cmd.read()
	if err != nil {
		return err
	}
	return c.with(ctx, s, func(p *parts) error {
		r, err := p.report(ctx, cmd.Name, dashboard.ReportSelection{Area: cmd.Area, Neighbours: cmd.Neighbours,
			AsOf: cmd.AsOf, Dated: cmd.Dated, By: cmp.Or(cmd.By, p.who)})
		if err != nil {
			return err
		}
		on, done, err := paper(ctx, template, endings)
		if err != nil {
			return err
		}
		defer done()
		a := reportedOf(r)
		if err := cmd.write(ctx, p, r, on, &a); err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(s.out, a)
		}
		a.point(s.err)
		return a.print(s.out)
	})
}

// endings checks where the files go, and says which kinds are written.
func (cmd *reportCmd) endings() ([]string, error) {
	if len(cmd.Out) == 0 && cmd.Briefing == "" && !cmd.Issue {
		return nil, usageError{errors.New("--out: say where the report goes, such as --out report.docx")}
	}
	var out []string
	if cmd.Issue {
		out = slices.Clone(report.Endings)
	}
	for _, f := range []struct {
		flag  string
		files []string
		known []string
	}{{"--out", cmd.Out, append(slices.Clone(report.Endings), report.JSON)}, {"--briefing", some(cmd.Briefing), report.Briefings}} {
		for _, file := range f.files {
			is, err := ending(f.flag, file, f.known)
			if err != nil {
				return nil, err
			}
			if err := writable(f.flag, file); err != nil {
				return nil, err
			}
			out = append(out, is)
		}
	}
	return out, nil
}

func some(file string) []string {
	if file == "" {
		return nil
	}
	return []string{file}
}

// report makes a draft; what was asked wrongly on the command line is said so.
func (p *parts) report(ctx context.Context, name string, sel dashboard.ReportSelection) (*dashboard.Report, error) {
	r, err := p.boards.Report(ctx, p.db, name, sel)
	if err == nil && len(r.Drafts()) == 0 {
		r, err = p.asViewers(ctx, name, sel)
	}
	var choice *dashboard.ChoiceError
	switch {
	case errors.Is(err, dashboard.ErrNotFound):
		return nil, fmt.Errorf("there is no report %q: there are %s", name, listed(p.boards.Reports()))
	case errors.As(err, &choice):
		return nil, usageError{fmt.Errorf("--%s: %w", choice.Field, choice)}
	}
	return r, err
}

// asViewers makes a report of what viewers may see, as it is issued: where the
// settings mask small counts for them, it has none.
func (p *parts) asViewers(ctx context.Context, name string, sel dashboard.ReportSelection) (*dashboard.Report, error) {
	settings, err := p.db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	return p.boards.ToIssue(ctx, p.db, disclosure.New(p.db, p.catalogue, settings, false), settings, name, sel)
}

func listed(reports []dashboard.ReportInfo) (out string) {
	for i, r := range reports {
		if i > 0 {
			out += ", "
		}
		out += r.Name
	}
	return cmp.Or(out, "none")
}

// write issues the report, where that is asked for, and writes its files.
func (cmd *reportCmd) write(ctx context.Context, p *parts, r *dashboard.Report, on report.Paper, a *reported) error {
	content := func(ending string) ([]byte, error) { return on.File(r, ending) }
	if cmd.Issue {
		is, err := p.db.SaveIssue(ctx, p.who, r.Version, func(number int64) (stat.Issue, error) { return on.Issue(r, number, time.Now()) })
		if errors.Is(err, store.ErrChanged) {
			return fmt.Errorf("%w: make the report again", err)
		}
		if err != nil {
			return err
		}
		a.Number, a.SHA256 = is.Number, is.SHA256
		if a.Replaces, err = p.replaced(ctx, is); err != nil {
			return err
		}
		content = func(ending string) ([]byte, error) { return issued(is, ending) }
	}
	err := a.save(cmd.Out, content)
	if err == nil {
		err = a.save(some(cmd.Briefing), func(ending string) ([]byte, error) { return on.Briefing(r, ending) })
	}
	if err != nil && cmd.Issue {
		return fmt.Errorf("issue %d is kept, but not all of its files could be written here: bellwether issue %d --out FILE writes them: %w", a.Number, a.Number, err)
	}
	return err
}

// replaced are the numbers of earlier issues of the same report, area and date,
// which stay but are not what a later report looks back to.
func (p *parts) replaced(ctx context.Context, is stat.Issue) (out []int64, err error) {
	issues, err := p.db.Issues(ctx)
	for _, was := range issues {
		if was.Number < is.Number && was.Name == is.Name && was.Area == is.Area && was.Dated == is.Dated {
			out = append(out, was.Number)
		}
	}
	return out, err
}

// save writes files, each as its ending says.
func (a *reported) save(files []string, content func(ending string) ([]byte, error)) error {
	for _, file := range files {
		data, err := content(endingOf(file))
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
		a.Files = append(a.Files, file)
	}
	return nil
}

func reportedOf(r *dashboard.Report) reported {
	a := reported{Name: r.Name, Title: r.Title, Area: r.Area.Code, AsOf: r.AsOf, Dated: r.Dated, By: r.By,
		Files: []string{}, Flags: []pointed{}, Stale: []dashboard.Flag{}}
	for _, sec := range r.Sections {
		for _, c := range sec.Comments {
			for _, f := range c.Flags {
				a.Flags = append(a.Flags, pointed{c.Head, f})
			}
		}
	}
	if r.Before != nil {
		a.Stale = append(a.Stale, r.Before.Stale...)
	}
	return a
}

// point tells the author what the figures do not bear out.
func (a reported) point(w io.Writer) {
	for _, f := range a.Flags {
		fmt.Fprintf(w, "look again: %s: %q: %s\n", f.Head, f.Quote, f.Why)
	}
	for _, n := range a.Replaces {
		fmt.Fprintf(w, "issue %d is of the same report and date: both are kept, and the later one counts\n", n)
	}
	for _, f := range a.Stale {
		fmt.Fprintf(w, "the last report's text no longer holds: %q: %s\n", f.Quote, f.Why)
	}
}

func (a reported) print(w io.Writer) error {
	state := "draft"
	if a.Number > 0 {
		state = fmt.Sprintf("issue %d, %.12s", a.Number, a.SHA256)
	}
	fmt.Fprintf(w, "%s: %s, as of %s, dated %s\n", a.Title, state, a.AsOf, a.Dated)
	for _, f := range a.Files {
		fmt.Fprintf(w, "  %s\n", f)
	}
	return nil
}
