package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

type compareCmd struct {
	Measure    string `required:"" help:"Code, name or alias."`
	Area       string `required:"" help:"ONS code, DfE number or an unambiguous name."`
	Period     string `help:"2025, 2025-03-31, 2024-25, 2024-25-Q2, 2026-09; otherwise the latest that has neighbours."`
	Neighbours string `help:"Whom to compare with: the year of a neighbour model, region for the region's other authorities, or a group's name." default:"2025" placeholder:"WHOM"`
	Since      string `help:"Tell also what changed since a meeting: its day, or last." placeholder:"DATE"`
	Project    int    `help:"Tell also what to expect of a coming reporting year." placeholder:"YEAR"`
	Keep       bool   `help:"Keep the projection, to be set beside what happens."`
	Note       string `help:"What to keep with the projection." placeholder:"TEXT"`
}

// compared is an answer, and the projection where one was kept.
type compared struct {
	*benchmark.Comparison
	Kept *kept `json:"kept,omitempty"`
}

type kept struct {
	stat.Projection
	Last string `json:"last"` // ISO end date of the latest figure it was made from
	For  string `json:"for"`  // and of the period it is of
}

func (cmd *compareCmd) Run(ctx context.Context, s streams, c *cli) error {
	if cmd.Keep && cmd.Project == 0 {
		return usageError{errors.New("--keep: give the year to project to as well, --project YEAR")}
	}
	if cmd.Note != "" && !cmd.Keep {
		return usageError{errors.New("--note: it is kept with a projection, so add --keep")}
	}
	return c.with(ctx, s, func(p *parts) (err error) {
		var answer compared
		answer.Comparison, err = p.boards.Compare(ctx, p.db, dashboard.CompareQuery{Measure: cmd.Measure, Area: cmd.Area,
			Period: cmd.Period, Neighbours: cmd.Neighbours, Since: cmd.Since, Project: cmd.Project})
		if err != nil {
			return err
		}
		if cmd.Keep {
			if answer.Kept, err = cmd.keep(ctx, p); err != nil {
				return err
			}
		}
		if c.JSON {
			return writeJSON(s.out, answer)
		}
		m, err := p.catalogue.Measure(cmd.Measure)
		if err != nil {
			return err
		}
		return answer.print(s.out, m)
	})
}

func (cmd *compareCmd) keep(ctx context.Context, p *parts) (*kept, error) {
	ahead, err := p.boards.ToKeep(ctx, p.db, cmd.Measure, cmd.Area, cmd.Project)
	if err != nil {
		return nil, err
	}
	ahead.Note, ahead.By, ahead.At = cmd.Note, p.who, time.Now()
	if ahead.ID, err = p.db.KeepProjection(ctx, ahead); err != nil {
		return nil, err
	}
	return &kept{ahead, ahead.Last.End.String(), ahead.For.End.String()}, nil
}

// newer is the council's own figure after the compared one, "" for none.
func (a compared) newer(m stat.Measure) string {
	l := a.Latest
	if l == nil {
		return ""
	}
	figure := l.Mark
	if l.Count != nil {
		figure = stat.Format(*l.Count, 0)
	}
	if l.Value != nil {
		value := benchmark.Quantity(m, *l.Value, m.Decimals)
		if l.Derived {
			value += ", worked out here"
		}
		if l.Count != nil {
			value = figure + " (" + value + ")"
		}
		figure = value
	}
	return fmt.Sprintf("The council's own latest figure, of %s, is %s.", strings.TrimPrefix(l.Label, "year ending "), figure)
}

func (a compared) print(w io.Writer, m stat.Measure) error {
	for _, sentence := range a.Sentences {
		fmt.Fprintln(w, sentence)
	}
	if latest := a.newer(m); latest != "" {
		fmt.Fprintln(w, latest)
	}
	for _, warning := range a.Warnings {
		fmt.Fprintln(w, "Note:", warning)
	}
	if a.Kept != nil {
		fmt.Fprintf(w, "Kept as projection %d, by %s.\n", a.Kept.ID, a.Kept.By)
	}
	fmt.Fprintln(w)
	return table(w, []any{"neighbour", "code", "value"}, func(row func(...any)) {
		for _, m := range a.Neighbours.Members {
			row(m.Name, m.Code, number(m.Value, m.Mark))
		}
	})
}
