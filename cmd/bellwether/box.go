package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

// boxCmd is for Bellwether's developers, when DfE publishes anew.
type boxCmd struct {
	Out   string   `required:"" help:"The folder imports/reference/figures." placeholder:"DIR"`
	Files []string `arg:"" name:"file" help:"Published originals, in the order in which they are to be stored."`
}

func (cmd *boxCmd) Run(ctx context.Context, s streams, c *cli) error {
	p, err := c.define()
	if err != nil {
		return err
	}
	var subs []stat.Submission
	for _, file := range cmd.Files {
		data, err := readCapped(file)
		if err != nil {
			return err
		}
		r, err := p.importer.Read(ctx, filepath.Base(file), data, importer.Options{Today: stat.DateOf(time.Now())}, func(int) {})
		if err != nil {
			return err
		}
		if r.Refused() {
			answer(r).print(s.out)
			return errRefused
		}
		subs = append(subs, r.Submission)
	}
	if err := importer.WriteBox(cmd.Out, subs); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "wrote %d files to %s\n", len(subs), cmd.Out)
	return err
}
