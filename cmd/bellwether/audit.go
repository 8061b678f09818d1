package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"bellwether/internal/report"
	"bellwether/internal/stat"
)

type auditCmd struct {
	Limit int    `help:"How many acts are listed, the latest first." default:"50" placeholder:"N"`
	Check bool   `help:"Work every act's hash out again: exit code 1 where the trail is not as it was written."`
	Head  string `help:"A head of the trail that a log or a backup's FILE.json has: exit code 1 where no act of the trail has that hash. A trail that was written anew does not." placeholder:"HASH"`
	CSV   string `name:"csv" help:"Where the whole trail goes, as CSV." placeholder:"FILE"`
}

// auditAnswer is what was found of the trail, or done with it.
type auditAnswer struct {
	Acts  int64  `json:"acts"`
	Head  string `json:"head"`
	Whole bool   `json:"whole,omitempty"` // every hash was worked out again
	Holds int64  `json:"holds,omitempty"` // the act that has the given head
	File  string `json:"file,omitempty"`
}

func (cmd *auditCmd) Run(ctx context.Context, s streams, c *cli) error {
	if cmd.Limit < 1 {
		return usageError{errors.New("--limit: a number of acts, such as 50")}
	}
	return c.within(ctx, s, func(p *parts) error {
		if !cmd.Check && cmd.Head == "" && cmd.CSV == "" {
			return cmd.list(ctx, s, c, p)
		}
		a, err := cmd.look(ctx, p)
		if err != nil {
			return err
		}
		return said(s, c, a, "%s", a)
	})
}

func (cmd *auditCmd) list(ctx context.Context, s streams, c *cli, p *parts) error {
	acts, err := p.db.Acts(ctx, 0, cmd.Limit)
	if err != nil {
		return err
	}
	return tabled(s, c, orEmpty(acts), []any{"act", "at", "who", "what", "on", "detail"}, func(row func(...any)) {
		for _, a := range acts {
			row(a.Number, a.At.Local().Format(time.DateTime), a.Who, a.What, a.On, a.Detail)
		}
	})
}

func (cmd *auditCmd) look(ctx context.Context, p *parts) (a auditAnswer, err error) {
	var head stat.Act
	if cmd.Check {
		head, err = p.db.CheckActs(ctx)
		a.Whole = true
	} else {
		head, err = p.db.Head(ctx)
	}
	if err != nil {
		return a, err
	}
	a.Acts, a.Head = head.Number, head.Hash
	if cmd.Head != "" {
		if a.Holds, err = p.actWith(ctx, cmd.Head); err != nil {
			return a, err
		}
	}
	if cmd.CSV != "" {
		a.File = cmd.CSV
		return a, p.writeActs(ctx, cmd.CSV)
	}
	return a, nil
}

// actWith is the number of the act that has a hash.
func (p *parts) actWith(ctx context.Context, hash string) (int64, error) {
	for a, err := range p.db.AllActs(ctx) {
		if err != nil {
			return 0, err
		}
		if strings.EqualFold(a.Hash, strings.TrimSpace(hash)) {
			return a.Number, nil
		}
	}
	return 0, fmt.Errorf("no act of the audit trail has the hash %s: the trail is not the one that had this head; compare it with the backup that has", hash)
}

func (p *parts) writeActs(ctx context.Context, file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // it names people
	if err != nil {
		return err
	}
	if err := f.Chmod(0o600); err != nil { // it may have been there before
		return errors.Join(err, f.Close())
	}
	return errors.Join(report.WriteActs(f, p.db.AllActs(ctx)), f.Close())
}

func (a auditAnswer) String() string {
	lines := []string{trail(a.Acts, a.Head)}
	if a.Whole {
		lines = append(lines, "each is as it was written after the one before")
	}
	if a.Holds > 0 {
		lines = append(lines, fmt.Sprintf("act %d has the given hash", a.Holds))
	}
	if a.File != "" {
		lines = append(lines, "written to "+a.File)
	}
	return strings.Join(lines, "\n")
}
