package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bellwether/internal/stat"
)

type publishCmd struct {
	Batch    int64  `arg:"" help:"The number of the import."`
	From     string `help:"When viewers may see it, by this computer's clock: 2026-11-24 or 2026-11-24T09:30; otherwise at once." placeholder:"TIME"`
	Why      string `help:"What is to be said of it; it is kept. Taking a publication back needs a reason." placeholder:"WHY"`
	TakeBack bool   `help:"Take the publication back: the import is a draft again."`
}

// published is what became of an import.
type published struct {
	Batch     int64     `json:"batch"`
	File      string    `json:"file"`
	Published time.Time `json:"published,omitzero"` // from when viewers see it; none for a draft
	By        string    `json:"by"`
	Why       string    `json:"why"`
}

func (cmd *publishCmd) Run(ctx context.Context, s streams, c *cli) error {
	from, err := cmd.from(time.Now())
	if err != nil {
		return usageError{err}
	}
	return c.within(ctx, s, func(p *parts) error {
		if cmd.TakeBack {
			b, err := p.db.Unpublish(ctx, cmd.Batch, p.who, cmd.Why, time.Now())
			if err != nil {
				return err
			}
			return said(s, c, publishedOf(b), "%s (import %d) is a draft again: viewers see what there is without it", b.File, b.ID)
		}
		b, err := p.db.Publish(ctx, cmd.Batch, p.who, cmd.Why, from, time.Now())
		if err != nil {
			return err
		}
		return said(s, c, publishedOf(b), "%s (import %d) is published: viewers see it %s", b.File, b.ID, since(b.Published))
	})
}

func publishedOf(b stat.Batch) published {
	return published{b.ID, b.File, b.Published, b.PublishedBy, b.PublishedWhy}
}

// since is from when something is seen.
func since(t time.Time) string {
	if t.After(time.Now()) {
		return "from " + t.Local().Format("2 January 2006, 15:04")
	}
	return "now"
}

// from checks the flags and reads the time to come at which an embargo ends,
// zero for none.
func (cmd *publishCmd) from(now time.Time) (time.Time, error) {
	switch {
	case cmd.TakeBack && cmd.From != "":
		return time.Time{}, errors.New("--from: taking a publication back is at once")
	case cmd.TakeBack && cmd.Why == "":
		return time.Time{}, errors.New("--why: say why the publication is taken back; it is kept")
	case cmd.From == "":
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		t, err := time.ParseInLocation(layout, cmd.From, time.Local)
		if err != nil {
			continue
		}
		if !t.After(now) {
			return t, fmt.Errorf("--from %s: that is past; leave it out to publish at once", cmd.From)
		}
		return t, nil
	}
	return time.Time{}, fmt.Errorf("--from %s is no time: write it as 2026-11-24 or 2026-11-24T09:30", cmd.From)
}
