package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bellwether/internal/stat"
)

type groupCmd struct {
	List   groupListCmd   `cmd:"" help:"The groups there are."`
	Save   groupSaveCmd   `cmd:"" help:"Make a group, or make it anew."`
	Delete groupDeleteCmd `cmd:"" help:"List a group no longer; what was saved is kept."`
}

type groupListCmd struct{}

func (groupListCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		groups, err := p.db.Groups(ctx)
		if err != nil {
			return err
		}
		return tabled(s, c, orEmpty(groups), []any{"name", "title", "authorities", "saved by"}, func(row func(...any)) {
			for _, g := range groups {
				row(g.Name, g.Title, strings.Join(p.names(g.Areas), ", "), g.By)
			}
		})
	})
}

type groupSaveCmd struct {
	Name  string   `arg:"" help:"Its name in an address: small letters, digits and hyphens, such as north-east."`
	Title string   `required:"" help:"Its name on a page." placeholder:"TITLE"`
	Areas []string `arg:"" name:"area" help:"Authorities: ONS code, DfE number or an unambiguous name."`
}

func (cmd *groupSaveCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		g := stat.Group{Name: cmd.Name, Title: cmd.Title, By: p.who, At: time.Now()}
		for _, name := range cmd.Areas {
			a, err := p.catalogue.Area(name)
			if err != nil {
				return err
			}
			if a.Level != stat.Authority {
				return fmt.Errorf("%s is not a local authority: a group is made of these", a.Name)
			}
			if !slices.Contains(g.Areas, a.Code) {
				g.Areas = append(g.Areas, a.Code)
			}
		}
		if err := p.db.SaveGroup(ctx, g); err != nil {
			return err
		}
		return said(s, c, g, "%s: saved with %s; compare --neighbours %s", g.Title, authorities(len(g.Areas)), g.Name)
	})
}

func authorities(n int) string {
	if n == 1 {
		return "1 authority"
	}
	return fmt.Sprintf("%d authorities", n)
}

type groupDeleteCmd struct {
	Name string `arg:"" help:"Its name in an address."`
}

func (cmd *groupDeleteCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		if err := p.db.DeleteGroup(ctx, cmd.Name, p.who, time.Now()); err != nil {
			return err
		}
		return said(s, c, map[string]string{"deleted": cmd.Name, "by": p.who}, "group %s is listed no longer", cmd.Name)
	})
}

// name of an area, its code where it is not known.
func (p *parts) name(code string) string {
	a, err := p.catalogue.Area(code)
	if err != nil {
		return code
	}
	return a.Name
}

func (p *parts) names(codes []string) []string {
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = p.name(code)
	}
	return out
}

// said answers for something that was done: a value in JSON, a line otherwise.
func said(s streams, c *cli, v any, format string, args ...any) error {
	if c.JSON {
		return writeJSON(s.out, v)
	}
	_, err := fmt.Fprintf(s.out, format+"\n", args...)
	return err
}

// orEmpty is [] in JSON where there is nothing.
func orEmpty[T any](list []T) []T { return append([]T{}, list...) }
