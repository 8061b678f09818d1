package main

import (
	"context"
	"fmt"
	"time"
)

type withdrawCmd struct {
	Batch  int64  `arg:"" help:"The number of the import."`
	Reason string `required:"" help:"Why; it is kept."`
}

func (cmd *withdrawCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.within(ctx, s, func(p *parts) error {
		b, err := p.db.Withdraw(ctx, cmd.Batch, p.who, cmd.Reason, time.Now())
		if err != nil {
			return fmt.Errorf("withdrawing import %d: %w", cmd.Batch, err)
		}
		return said(s, c, map[string]any{"batch": b.ID, "file": b.File, "withdrawn": b.Withdrawn, "by": b.WithdrawnBy, "reason": b.WithdrawnWhy},
			"%s (import %d) is withdrawn; what it had superseded shows again", b.File, b.ID)
	})
}
