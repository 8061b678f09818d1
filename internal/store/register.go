package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"bellwether/internal/stat"
)

// Registered lists the measures and areas that files have brought, in the
// order they came, for Catalogue.Register. They stay when their batch is
// withdrawn: what is known of them may have been used elsewhere.
func (db *DB) Registered(ctx context.Context) ([]stat.Measure, []stat.Area, error) {
	var measures []stat.Measure
	var areas []stat.Area
	err := db.view(ctx, func(tx querier, _ *frame) (err error) {
		if measures, err = registeredMeasures(ctx, tx, `true`); err != nil {
			return err
		}
		areas, err = registeredAreas(ctx, tx)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the measures and areas that files brought: %w", err)
	}
	return measures, areas, nil
}

// NameMeasure says what a registered measure is: from then on it counts as
// named, and no file changes it. Who named it and when is kept, and so is what
// it was called before. The caller sees to it that the name is free
// (Catalogue.Register). The error is ErrNotFound for a code no file has
// brought, ErrInvalid where m has no name or nobody gives it.
func (db *DB) NameMeasure(ctx context.Context, m stat.Measure, by string) error {
	err := db.change(ctx, func(tx *sql.Tx) (stat.Act, error) {
		act := stat.Act{What: "measure.name", On: "measure " + m.Code, Who: by, At: moment(time.Time{}), Detail: m.Name}
		if m.Name == "" || by == "" {
			return act, fmt.Errorf("the name %w: it takes a name and who gives it", ErrInvalid)
		}
		known, err := registeredMeasures(ctx, tx, `code = ?`, m.Code)
		if err != nil {
			return act, err
		}
		if len(known) == 0 {
			return act, ErrNotFound
		}
		if _, err := tx.ExecContext(ctx, insertMeasure, measureCells(m, nil, by, act.At.Format(time.RFC3339Nano))...); err != nil {
			return act, err
		}
		return act, rise(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("name measure %q: %w", m.Code, err)
	}
	return nil
}

// register keeps what a batch brings and no batch has brought before.
func register(ctx context.Context, tx execer, batch int64, measures []stat.Measure, areas []stat.Area) error {
	for _, m := range measures {
		once := insertMeasure + ` WHERE NOT EXISTS (SELECT 1 FROM measure WHERE code = ?1)`
		if _, err := tx.ExecContext(ctx, once, measureCells(m, batch, nil, nil)...); err != nil {
			return fmt.Errorf("register measure %s: %w", m.Code, err)
		}
	}
	for _, a := range areas {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO area (code, number, name, level, region, began, ended, other_codes, other_names, predecessors, successors, batch)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING`,
			a.Code, a.Number, a.Name, string(a.Level), a.Region, dayNumber(a.Began), dayNumber(a.Ended),
			list(a.OtherCodes), list(a.OtherNames), list(a.Predecessors), list(a.Successors), batch)
		if err != nil {
			return fmt.Errorf("register area %s: %w", a.Code, err)
		}
	}
	return nil
}

const insertMeasure = `
	INSERT INTO measure (code, name, noun, topic, kind, unit, polarity, decimals, frequency,
		numerator, denominator, population, source, definition, aliases, batch, named_by, named)
	SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18`

func measureCells(m stat.Measure, batch, by, at any) []any {
	return []any{m.Code, m.Name, m.Noun, m.Topic, string(m.Kind), string(m.Unit), string(m.Polarity), m.Decimals, string(m.Frequency),
		m.Numerator, m.Denominator, m.Population, m.Source, m.Definition, list(m.Aliases), batch, by, at}
}

// registeredMeasures are in the order in which their codes first came.
func registeredMeasures(ctx context.Context, q querier, where string, args ...any) ([]stat.Measure, error) {
	var out []stat.Measure
	var m stat.Measure
	err := each(ctx, q, `
		SELECT m.code, name, noun, topic, kind, unit, polarity, decimals, frequency,
			numerator, denominator, population, source, definition, aliases, batch IS NOT NULL
		FROM measure m JOIN (
			SELECT code, min(id) AS first, max(id) AS latest FROM measure WHERE `+where+` GROUP BY code
		) ON id = latest ORDER BY first`, args,
		[]any{&m.Code, &m.Name, &m.Noun, &m.Topic, &m.Kind, &m.Unit, &m.Polarity, &m.Decimals, &m.Frequency,
			&m.Numerator, &m.Denominator, &m.Population, &m.Source, &m.Definition, (*words)(&m.Aliases), &m.Registered},
		func() error { out = append(out, m); return nil })
	return out, err
}

func registeredAreas(ctx context.Context, q querier) ([]stat.Area, error) {
	var out []stat.Area
	var a stat.Area
	var began, ended int64
	err := each(ctx, q, `
		SELECT code, number, name, level, region, began, ended, other_codes, other_names, predecessors, successors
		FROM area ORDER BY id`, nil,
		[]any{&a.Code, &a.Number, &a.Name, &a.Level, &a.Region, &began, &ended,
			(*words)(&a.OtherCodes), (*words)(&a.OtherNames), (*words)(&a.Predecessors), (*words)(&a.Successors)},
		func() error {
			a.Began, a.Ended = dayOf(began), dayOf(ended)
			out = append(out, a)
			return nil
		})
	return out, err
}

// words is the inverse of list; none is nil.
type words []string

// Scan implements sql.Scanner.
func (w *words) Scan(cell any) error {
	*w = nil
	text, _ := cell.(string)
	if err := json.Unmarshal([]byte(text), (*[]string)(w)); err != nil {
		return fmt.Errorf("%q is not a list: %w", text, err)
	}
	if len(*w) == 0 {
		*w = nil
	}
	return nil
}
