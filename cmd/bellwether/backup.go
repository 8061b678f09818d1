package main

import (
	"context"
	"fmt"
)

type backupCmd struct {
	File string `arg:"" help:"Where the copy goes; it must not exist."`
}

func (cmd *backupCmd) Run(ctx context.Context, s streams, c *cli) error {
	p, err := c.open(ctx, s.err)
	if err != nil {
		return err
	}
	defer p.db.Close()
	if err := p.db.Backup(ctx, cmd.File); err != nil {
		return fmt.Errorf("backing up to %s: %w", cmd.File, err)
	}
	if c.JSON {
		return writeJSON(s.out, map[string]string{"backup": cmd.File})
	}
	_, err = fmt.Fprintf(s.out, "backed up to %s\n", cmd.File)
	return err
}
