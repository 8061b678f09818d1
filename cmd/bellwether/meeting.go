package main

import (
	"context"
	"fmt"
	"time"

	"bellwether/internal/stat"
)

type meetingCmd struct {
	List   meetingListCmd   `cmd:"" help:"The meetings there are, the latest first."`
	Add    meetingAddCmd    `cmd:"" help:"Add a meeting."`
	Delete meetingDeleteCmd `cmd:"" help:"List a meeting no longer; what was saved is kept."`
}

type meetingListCmd struct{}

func (meetingListCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		meetings, err := p.db.Meetings(ctx)
		if err != nil {
			return err
		}
		return tabled(s, c, orEmpty(meetings), []any{"date", "name", "saved by"}, func(row func(...any)) {
			for _, m := range meetings {
				row(m.Date, m.Name, m.By)
			}
		})
	})
}

// theMeeting names one.
type theMeeting struct {
	Date string `arg:"" help:"Its day, 2025-06-03."`
	Name string `arg:"" help:"What meets: \"Children and Young People's Scrutiny Panel\"."`
}

func (m theMeeting) day() (stat.Date, error) {
	d, err := stat.ParseDate(m.Date)
	if err != nil {
		return d, usageError{fmt.Errorf("the meeting's day: %w", err)}
	}
	return d, nil
}

type meetingAddCmd struct{ theMeeting }

func (cmd *meetingAddCmd) Run(ctx context.Context, s streams, c *cli) error {
	day, err := cmd.day()
	if err != nil {
		return err
	}
	return c.with(ctx, s, func(p *parts) error {
		m := stat.Meeting{Date: day, Name: cmd.Name, By: p.who, At: time.Now()}
		if err := p.db.SaveMeeting(ctx, m); err != nil {
			return err
		}
		return said(s, c, m, "%s, %s: saved; compare --since %s", m.Name, m.Date.Long(), m.Date)
	})
}

type meetingDeleteCmd struct{ theMeeting }

func (cmd *meetingDeleteCmd) Run(ctx context.Context, s streams, c *cli) error {
	day, err := cmd.day()
	if err != nil {
		return err
	}
	return c.with(ctx, s, func(p *parts) error {
		if err := p.db.DeleteMeeting(ctx, day, cmd.Name, p.who, time.Now()); err != nil {
			return err
		}
		return said(s, c, map[string]string{"deleted": cmd.Name, "date": day.String(), "by": p.who}, "the meeting %s of %s is listed no longer", cmd.Name, day.Long())
	})
}
