package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// Questions lists what was asked of an area's figures, by meeting and then as
// it was asked; "" is every area.
func (db *DB) Questions(ctx context.Context, area string) ([]stat.Asked, error) {
	out, err := questions(ctx, db.read, `?1 IN ('', q.area)`, area)
	if err != nil {
		return nil, fmt.Errorf("list the questions of %q: %w", area, plain(err))
	}
	return out, nil
}

// Ask keeps a question, which is open, and returns its number. The error is
// ErrInvalid without an area, a meeting's day, a text or somebody who says so.
func (db *DB) Ask(ctx context.Context, a stat.Asked) (int64, error) {
	a.Text, a.By = strings.TrimSpace(a.Text), strings.TrimSpace(a.By)
	sound := needs(
		need{a.Area != "", "an area"},
		need{dated(a.Meeting), "the day of the meeting it was asked at"},
		need{a.Text != "", "what was asked"},
		need{a.By != "", "who keeps it"})
	act := func(id int64) stat.Act {
		return stat.Act{What: "question.ask", On: questionNumber(id), Who: a.By, At: a.At, Detail: spaced(a.Area, a.Meeting.String(), a.Measure)}
	}
	id, err := db.add(ctx, act, sound, `INSERT INTO question (area, day, measure, text, who, said) VALUES (?, ?, ?, ?, ?, ?)`,
		a.Area, dayNumber(a.Meeting), a.Measure, a.Text, a.By, said(a.At))
	if err != nil {
		return 0, fmt.Errorf("keep a question of %s: %w", a.Meeting, err)
	}
	return id, nil
}

// Answer answers a question, in place of an answer it has, which is kept; a
// blank one opens it again. The error is ErrNotFound, or ErrInvalid without
// somebody who answers.
func (db *DB) Answer(ctx context.Context, id int64, text, by string, at time.Time) error {
	text, by = strings.TrimSpace(text), strings.TrimSpace(by)
	sound := func(q querier) error {
		held, err := questions(ctx, q, `q.id = ?`, id)
		if err := found(held, err); err != nil {
			return err
		}
		return needs(need{by != "", "who answers it"})(q)
	}
	act := stat.Act{What: "question.answer", On: questionNumber(id), Who: by, At: at}
	_, err := db.add(ctx, whatever(act), sound, `INSERT INTO answer (question, text, who, said) VALUES (?, ?, ?, ?)`, id, text, by, said(at))
	if err != nil {
		return fmt.Errorf("answer question %d: %w", id, err)
	}
	return nil
}

func questionNumber(id int64) string { return fmt.Sprintf("question %d", id) }

func questions(ctx context.Context, q querier, where string, args ...any) ([]stat.Asked, error) {
	var a stat.Asked
	return rows(ctx, q, `
		SELECT q.id, q.area, q.day, q.measure, q.text, q.who, q.said, coalesce(a.text, ''), a.said, coalesce(a.who, '')
		FROM question q LEFT JOIN answer a ON a.id = (SELECT max(id) FROM answer WHERE question = q.id) AND a.text <> ''
		WHERE `+where+` ORDER BY q.day, q.id`, args,
		[]any{&a.ID, &a.Area, (*day)(&a.Meeting), &a.Measure, &a.Text, &a.By, (*instant)(&a.At), &a.Answer, (*instant)(&a.Answered), &a.Answerer}, &a)
}
