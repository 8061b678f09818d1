package main

import (
	"context"
	"fmt"
	"time"

	"bellwether/internal/stat"
)

type rebaseCmd struct {
	List   rebaseListCmd   `cmd:"" help:"The rebases there are."`
	Add    rebaseAddCmd    `cmd:"" help:"Begin the limits of a measure's control chart anew."`
	Delete rebaseDeleteCmd `cmd:"" help:"Take a rebase back; what was saved is kept."`
}

type rebaseListCmd struct {
	Measure string `help:"Code, name or alias; otherwise every measure." placeholder:"MEASURE"`
}

func (cmd *rebaseListCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		code := ""
		if cmd.Measure != "" {
			m, err := p.catalogue.Measure(cmd.Measure)
			if err != nil {
				return err
			}
			code = m.Code
		}
		rebases, err := p.db.Rebases(ctx, code)
		if err != nil {
			return err
		}
		return tabled(s, c, orEmpty(rebases), []any{"measure", "area", "from", "reason", "saved by"}, func(row func(...any)) {
			for _, r := range rebases {
				row(r.Measure, p.name(r.Area), r.From, r.Reason, r.By)
			}
		})
	})
}

// theRebase names one, and why it is.
type theRebase struct {
	Measure string `required:"" help:"Code, name or alias." placeholder:"MEASURE"`
	Area    string `required:"" help:"ONS code, DfE number or an unambiguous name." placeholder:"AREA"`
	From    string `required:"" help:"The first day of the first period of the new limits." placeholder:"DATE"`
	Reason  string `required:"" help:"Why; it is kept." placeholder:"WHY"`
}

func (t theRebase) in(p *parts) (stat.Rebase, error) {
	r := stat.Rebase{Reason: t.Reason, By: p.who, At: time.Now()}
	m, err := p.catalogue.Measure(t.Measure)
	if err != nil {
		return r, err
	}
	a, err := p.catalogue.Area(t.Area)
	if err != nil {
		return r, err
	}
	if r.From, err = stat.ParseDate(t.From); err != nil {
		return r, usageError{fmt.Errorf("--from: %w", err)}
	}
	r.Measure, r.Area = m.Code, a.Code
	return r, nil
}

type rebaseAddCmd struct{ theRebase }

func (cmd *rebaseAddCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		r, err := cmd.in(p)
		if err != nil {
			return err
		}
		if err := p.boards.CheckRebase(r); err != nil {
			return err
		}
		if err := p.db.SaveRebase(ctx, r); err != nil {
			return err
		}
		return said(s, c, r, "%s in %s: new limits from %s", r.Measure, p.name(r.Area), r.From.Long())
	})
}

type rebaseDeleteCmd struct{ theRebase }

func (cmd *rebaseDeleteCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		r, err := cmd.in(p)
		if err != nil {
			return err
		}
		if err := p.db.DeleteRebase(ctx, r.Measure, r.Area, r.From, r.By, r.Reason, r.At); err != nil {
			return err
		}
		return said(s, c, map[string]string{"deleted": r.Measure, "area": r.Area, "from": r.From.String(), "by": r.By},
			"%s in %s: no new limits from %s any longer", r.Measure, p.name(r.Area), r.From.Long())
	})
}
