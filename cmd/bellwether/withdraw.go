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
	p, err := c.open(ctx, s.err)
	if err != nil {
		return err
	}
	defer p.db.Close()
	b, err := p.db.Withdraw(ctx, cmd.Batch, p.who, cmd.Reason, time.Now())
	if err != nil {
		return fmt.Errorf("withdrawing import %d: %w", cmd.Batch, err)
	}
	if c.JSON {
		return writeJSON(s.out, map[string]any{"batch": b.ID, "file": b.File, "withdrawn": b.Withdrawn, "by": b.WithdrawnBy, "reason": b.WithdrawnWhy})
	}
	_, err = fmt.Fprintf(s.out, "%s (import %d) is withdrawn; what it had superseded shows again\n", b.File, b.ID)
	return err
}
