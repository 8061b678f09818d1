package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// Settings are those in force: the default ones until somebody changes them.
func (db *DB) Settings(ctx context.Context) (stat.Settings, error) {
	s, err := settings(ctx, db.read, `true`)
	if err != nil {
		return stat.Settings{}, fmt.Errorf("read the settings: %w", plain(err))
	}
	return s, nil
}

// SaveSettings keeps settings in place of those in force and gives the data a
// new version, for pages differ. The error is ErrInvalid for a threshold below
// none, one of no measure, and where nobody saves them.
func (db *DB) SaveSettings(ctx context.Context, s stat.Settings) error {
	s.By, s.At = strings.TrimSpace(s.By), moment(s.At)
	_, err := db.add(ctx, whatever(settingsAct(s)), soundSettings(s), `
		INSERT INTO settings (public, second_person, mask_viewers, threshold, thresholds, who, said) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.Public, s.SecondPerson, s.MaskViewers, s.Threshold, thresholdCell(s.Thresholds), s.By, said(s.At))
	if err != nil {
		return fmt.Errorf("save the settings: %w", err)
	}
	return nil
}

func soundSettings(s stat.Settings) func(querier) error {
	list := []need{
		{s.Threshold >= 0, "a threshold of 0 or more"},
		{s.By != "", "who saves them"},
	}
	for _, measure := range slices.Sorted(maps.Keys(s.Thresholds)) {
		list = append(list,
			need{measure != "", "the measure of each threshold"},
			need{s.Thresholds[measure] >= 0, "a threshold of 0 or more for " + measure})
	}
	return needs(list...)
}

func settingsAct(s stat.Settings) stat.Act {
	says := []string{
		"public " + onOff(s.Public), "second person " + onOff(s.SecondPerson), "viewers masked " + onOff(s.MaskViewers),
		fmt.Sprintf("threshold %d", s.Threshold),
	}
	for _, measure := range slices.Sorted(maps.Keys(s.Thresholds)) {
		says = append(says, fmt.Sprintf("of %s %d", measure, s.Thresholds[measure]))
	}
	return stat.Act{What: "settings.save", On: "settings", Who: s.By, At: s.At, Detail: strings.Join(says, ", ")}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// settings are the latest of some, the default ones where there are none.
func settings(ctx context.Context, q querier, where string, args ...any) (stat.Settings, error) {
	s := stat.DefaultSettings
	err := each(ctx, q, `
		SELECT public, second_person, mask_viewers, threshold, thresholds, who, said
		FROM settings WHERE `+where+` ORDER BY id DESC LIMIT 1`, args,
		[]any{&s.Public, &s.SecondPerson, &s.MaskViewers, &s.Threshold, (*thresholds)(&s.Thresholds), &s.By, (*instant)(&s.At)},
		func() error { return nil })
	return s, err
}

// thresholds are as the table holds them; none is nil.
type thresholds map[string]int

// Scan implements sql.Scanner.
func (t *thresholds) Scan(cell any) error {
	*t = nil
	text, _ := cell.(string)
	if err := json.Unmarshal([]byte(text), (*map[string]int)(t)); err != nil {
		return fmt.Errorf("%q are no thresholds: %w", text, err)
	}
	if len(*t) == 0 {
		*t = nil
	}
	return nil
}

func thresholdCell(of map[string]int) string {
	b, _ := json.Marshal(of) // names and numbers can always be written
	return string(b)
}
