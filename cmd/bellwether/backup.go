package main

import (
	"context"
	"fmt"
)

type backupCmd struct {
	File string `arg:"" help:"Where the copy goes; it must not exist."`
}

func (cmd *backupCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		if err := p.db.Backup(ctx, cmd.File); err != nil {
			return fmt.Errorf("backing up to %s: %w", cmd.File, err)
		}
		return said(s, c, map[string]string{"backup": cmd.File}, "backed up to %s", cmd.File)
	})
}
