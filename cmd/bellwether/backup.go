package main

import (
	"context"
	"fmt"

	"bellwether/internal/store"
)

type backupCmd struct {
	File string `arg:"" help:"Where the copy goes; it must not exist. FILE.json beside it will say what it holds."`
}

// backedUp is a copy that was made.
type backedUp struct {
	File string `json:"backup"`
	store.Copy
}

func (cmd *backupCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.within(ctx, s, func(p *parts) error {
		made, err := p.db.Backup(ctx, cmd.File, p.who)
		if err != nil {
			return fmt.Errorf("backing up: %w", err)
		}
		return said(s, c, backedUp{cmd.File, made}, "backed up to %s\nsha256 %s\n%s", cmd.File, made.SHA256, trail(made.Acts, made.Head))
	})
}
