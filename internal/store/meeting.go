package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// Meetings lists the days on which figures are read, the latest first.
func (db *DB) Meetings(ctx context.Context) ([]stat.Meeting, error) {
	out, err := meetings(ctx, db.read, `true`)
	if err != nil {
		return nil, fmt.Errorf("list the meetings: %w", plain(err))
	}
	return out, nil
}

// SaveMeeting keeps a meeting, known by its day and its name, of which capitals
// make no other. The error is ErrInvalid without a day, a name or somebody who
// says so.
func (db *DB) SaveMeeting(ctx context.Context, m stat.Meeting) error {
	m.Name, m.By = strings.TrimSpace(m.Name), strings.TrimSpace(m.By)
	sound := needs(
		need{dated(m.Date), "a day"},
		need{m.Name != "", "a name, such as that of the panel that meets"},
		need{m.By != "", "who saves it"})
	if err := db.addMeeting(ctx, "meeting.save", m, false, sound); err != nil {
		return fmt.Errorf("save the meeting of %s: %w", m.Date, err)
	}
	return nil
}

// DeleteMeeting stops listing a meeting; what was saved is kept. The error is
// ErrNotFound, or ErrInvalid where nobody says so.
func (db *DB) DeleteMeeting(ctx context.Context, date stat.Date, name, by string, at time.Time) error {
	m := stat.Meeting{Date: date, Name: strings.TrimSpace(name), By: strings.TrimSpace(by), At: at}
	err := db.addMeeting(ctx, "meeting.delete", m, true, func(q querier) error {
		if err := needs(need{m.By != "", "who deletes it"})(q); err != nil {
			return err
		}
		return found(meetings(ctx, q, `day = ? AND name = ?`, dayNumber(m.Date), m.Name))
	})
	if err != nil {
		return fmt.Errorf("delete the meeting %q of %s: %w", m.Name, date, err)
	}
	return nil
}

func (db *DB) addMeeting(ctx context.Context, what string, m stat.Meeting, removed bool, sound func(querier) error) error {
	act := stat.Act{What: what, On: "meeting " + m.Date.String(), Who: m.By, At: m.At, Detail: m.Name}
	_, err := db.add(ctx, whatever(act), sound, `INSERT INTO meeting (day, name, removed, who, said) VALUES (?, ?, ?, ?, ?)`,
		dayNumber(m.Date), m.Name, removed, m.By, said(m.At))
	return err
}

func meetings(ctx context.Context, q querier, where string, args ...any) ([]stat.Meeting, error) {
	var m stat.Meeting
	return rows(ctx, q, `
		SELECT day, name, who, said FROM meeting
		WHERE NOT removed AND id IN (SELECT max(id) FROM meeting WHERE `+where+` GROUP BY day, name)
		ORDER BY day DESC, name`, args,
		[]any{(*day)(&m.Date), &m.Name, &m.By, (*instant)(&m.At)}, &m)
}
