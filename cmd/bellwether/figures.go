package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

type seriesCmd struct {
	Measure string `required:"" help:"Code, name or alias."`
	Area    string `required:"" help:"ONS code, DfE number or an unambiguous name."`
	Show    string `enum:"value,count" default:"value" help:"What the points are for: value or count."`
	AsOf    string `help:"Only what had been released by this day." placeholder:"DATE"`
}

func (cmd *seriesCmd) Run(ctx context.Context, s streams, c *cli) error {
	var asOf stat.Date
	if cmd.AsOf != "" {
		d, err := stat.ParseDate(cmd.AsOf)
		if err != nil {
			return usageError{fmt.Errorf("--as-of: %w", err)}
		}
		asOf = d
	}
	return c.with(ctx, s, func(p *parts) error {
		answer, err := p.boards.Series(ctx, p.db, cmd.Measure, cmd.Area, cmd.Show, asOf)
		if err != nil {
			return err
		}
		return tabled(s, c, answer, []any{"period", "count", "value", "publisher", "released", "file", "cell"}, func(row func(...any)) {
			for _, pt := range answer.Points {
				value := number(pt.Value, pt.Mark)
				if pt.Derived {
					value += " (derived)"
				}
				row(pt.Label, number(pt.Count, pt.Mark), value, whose(pt.Publisher, pt.Draft), pt.Released, pt.File, pt.At)
			}
		})
	})
}

type historyCmd struct {
	Measure string `required:"" help:"Code, name or alias."`
	Area    string `required:"" help:"ONS code, DfE number or an unambiguous name."`
	Period  string `required:"" help:"2025, 2025-03-31, 2024-25, 2024-25-Q2, 2026-09."`
}

func (cmd *historyCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		key, err := p.key(cmd.Measure, cmd.Area, cmd.Period)
		if err != nil {
			return err
		}
		held, err := p.db.History(ctx, key)
		if err != nil {
			return err
		}
		versions := make([]dashboard.Version, 0, len(held))
		for _, o := range held {
			versions = append(versions, dashboard.VersionOf(o))
		}
		return tabled(s, c, versions, []any{"released", "publisher", "count", "value", "file", "cell"}, func(row func(...any)) {
			for _, v := range versions {
				row(v.Released, whose(v.Publisher, v.Draft), number(v.Count, v.Mark), number(v.Value, v.Mark), v.File, v.At)
			}
		})
	})
}

func (p *parts) key(measure, area, period string) (stat.Key, error) {
	m, err := p.catalogue.Measure(measure)
	if err != nil {
		return stat.Key{}, err
	}
	a, err := p.catalogue.Area(area)
	if err != nil {
		return stat.Key{}, err
	}
	when, err := stat.ParsePeriod(period)
	if err != nil {
		return stat.Key{}, err
	}
	if when, err = when.For(m.Kind); err != nil {
		return stat.Key{}, err
	}
	return stat.Key{Measure: m.Code, Area: a.Code, Period: when}, nil
}

// whose names the publisher of a figure, and says where it is a draft.
func whose(publisher string, draft bool) string {
	if draft {
		return publisher + ", draft"
	}
	return publisher
}

// number writes a figure for a terminal: the number, else its mark, else "".
func number(n *float64, mark string) string {
	if n == nil {
		return mark
	}
	return fmt.Sprint(*n)
}

// tabled answers with a list: a value in JSON, a table otherwise.
func tabled(s streams, c *cli, v any, head []any, rows func(row func(...any))) error {
	if c.JSON {
		return writeJSON(s.out, v)
	}
	return table(s.out, head, rows)
}

// table lines up columns of text below their headings.
func table(w io.Writer, head []any, rows func(row func(...any))) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	write := func(cells ...any) {
		for i, c := range cells {
			if i > 0 {
				fmt.Fprint(t, "\t")
			}
			fmt.Fprint(t, c)
		}
		fmt.Fprintln(t)
	}
	write(head...)
	rows(write)
	return t.Flush()
}
