package main

import (
	"context"
	"fmt"
	"time"

	"bellwether/internal/stat"
)

type questionCmd struct {
	List   questionListCmd   `cmd:"" help:"What was asked at meetings, and what was answered."`
	Ask    questionAskCmd    `cmd:"" help:"Keep a question of a meeting, to be answered at a later one."`
	Answer questionAnswerCmd `cmd:"" help:"Answer a question, in place of any answer it has."`
}

type questionListCmd struct {
	Area string `help:"Only those of an area: ONS code, DfE number or name." placeholder:"AREA"`
	Open bool   `help:"Only those without an answer."`
}

func (cmd *questionListCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) (err error) {
		area := ""
		if cmd.Area != "" {
			if area, err = p.area(cmd.Area); err != nil {
				return err
			}
		}
		held, err := p.db.Questions(ctx, area)
		if err != nil {
			return err
		}
		questions := []stat.Asked{}
		for _, q := range held {
			if q.Answer == "" || !cmd.Open {
				questions = append(questions, q)
			}
		}
		return tabled(s, c, questions, []any{"number", "meeting", "area", "measure", "question", "answer", "answered by"}, func(row func(...any)) {
			for _, q := range questions {
				row(q.ID, q.Meeting, p.name(q.Area), q.Measure, stat.Line(q.Text), stat.Line(q.Answer), q.Answerer)
			}
		})
	})
}

type questionAskCmd struct {
	Text    string `arg:"" help:"What was asked."`
	Meeting string `required:"" help:"The day of the meeting, 2026-06-03." placeholder:"DATE"`
	Area    string `help:"ONS code, DfE number or name; otherwise the home council." placeholder:"AREA"`
	Measure string `help:"The measure it is about: code, name or alias." placeholder:"MEASURE"`
}

func (cmd *questionAskCmd) Run(ctx context.Context, s streams, c *cli) error {
	day, err := stat.ParseDate(cmd.Meeting)
	if err != nil {
		return usageError{fmt.Errorf("--meeting: %w", err)}
	}
	return c.with(ctx, s, func(p *parts) (err error) {
		q := stat.Asked{Meeting: day, Text: cmd.Text, By: p.who, At: time.Now().UTC()}
		if q.Area, err = p.area(cmd.Area); err != nil {
			return err
		}
		if cmd.Measure != "" {
			m, err := p.catalogue.Measure(cmd.Measure)
			if err != nil {
				return err
			}
			q.Measure = m.Code
		}
		if q.ID, err = p.db.Ask(ctx, q); err != nil {
			return err
		}
		return said(s, c, q, "question %d of the meeting of %s is kept; bellwether question answer %d TEXT answers it", q.ID, day.Long(), q.ID)
	})
}

type questionAnswerCmd struct {
	Number int64  `arg:"" help:"The number of the question."`
	Text   string `arg:"" help:"The answer; an empty one opens the question again."`
}

func (cmd *questionAnswerCmd) Run(ctx context.Context, s streams, c *cli) error {
	return c.with(ctx, s, func(p *parts) error {
		if err := p.db.Answer(ctx, cmd.Number, cmd.Text, p.who, time.Now()); err != nil {
			return err
		}
		became := "answered"
		if stat.Line(cmd.Text) == "" {
			became = "open again"
		}
		return said(s, c, map[string]any{"question": cmd.Number, "answer": cmd.Text, "by": p.who}, "question %d is %s", cmd.Number, became)
	})
}

// area is the code of an area, of the home council where none is named.
func (p *parts) area(name string) (string, error) {
	if name == "" {
		return p.home.Code, nil
	}
	a, err := p.catalogue.Area(name)
	return a.Code, err
}
