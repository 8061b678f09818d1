package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bellwether/internal/stat"
)

type stewardCmd struct {
	Measure    string  `arg:"" optional:"" help:"Code, name or alias; without it every measure that somebody answers for."`
	Owner      *string `help:"Who answers for it, such as a post; \"\" for nobody." placeholder:"WHO"`
	Review     *string `help:"Day by which its definition is looked at again; \"\" for none." placeholder:"DATE"`
	Unmeasured *string `help:"Why it is not measured yet; \"\" where it is." placeholder:"WHY"`
}

func (cmd *stewardCmd) Run(ctx context.Context, s streams, c *cli) error {
	says := cmd.Owner != nil || cmd.Review != nil || cmd.Unmeasured != nil
	if says && cmd.Measure == "" {
		return usageError{errors.New("name the measure that this is said of")}
	}
	return c.with(ctx, s, func(p *parts) error {
		all, err := p.db.Stewards(ctx)
		if err != nil || cmd.Measure == "" {
			return listStewards(s, c, all, err)
		}
		m, err := p.catalogue.Measure(cmd.Measure)
		if err != nil {
			return err
		}
		now := stat.Steward{Measure: m.Code}
		if i := slices.IndexFunc(all, func(x stat.Steward) bool { return x.Measure == m.Code }); i >= 0 {
			now = all[i]
		}
		if !says {
			return listStewards(s, c, []stat.Steward{now}, nil)
		}
		if err := cmd.apply(&now); err != nil {
			return usageError{err}
		}
		now.By, now.At = p.who, time.Now()
		if err := p.db.SaveSteward(ctx, now); err != nil {
			return err
		}
		return said(s, c, now, "%s: saved", m.Name)
	})
}

// apply changes what the flags say and leaves the rest.
func (cmd *stewardCmd) apply(s *stat.Steward) (err error) {
	if cmd.Owner != nil {
		s.Owner = *cmd.Owner
	}
	if cmd.Unmeasured != nil {
		s.Unmeasured = *cmd.Unmeasured
	}
	if cmd.Review == nil {
		return nil
	}
	if s.Review = (stat.Date{}); *cmd.Review == "" {
		return nil
	}
	if s.Review, err = stat.ParseDate(*cmd.Review); err != nil {
		return fmt.Errorf("--review: %w", err)
	}
	return nil
}

func listStewards(s streams, c *cli, all []stat.Steward, err error) error {
	if err != nil {
		return err
	}
	return tabled(s, c, orEmpty(all), []any{"measure", "owner", "review", "not measured yet", "said by"}, func(row func(...any)) {
		for _, x := range all {
			row(x.Measure, x.Owner, x.Review, x.Unmeasured, x.By)
		}
	})
}
