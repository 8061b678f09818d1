package store

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"bellwether/internal/stat"
)

// slug is a name as an address has it. A name that is all digits would pass
// for the year of a neighbour model.
var (
	slug   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	digits = regexp.MustCompile(`^[0-9]+$`)
)

// region is the choice of the region's authorities, which no group may hide.
const region = "region"

// Groups lists the council's own groups of authorities by title.
func (db *DB) Groups(ctx context.Context) ([]stat.Group, error) {
	out, err := groups(ctx, db.read, `true`)
	if err != nil {
		return nil, fmt.Errorf("list the groups of authorities: %w", plain(err))
	}
	return out, nil
}

// SaveGroup keeps a group under its name, in place of one it finds there. An
// area that is given twice counts once. The error is ErrInvalid for a name that
// is not of small letters, digits and hyphens, is "region" or all digits; and
// for a group without a title, an area or somebody who says so.
func (db *DB) SaveGroup(ctx context.Context, g stat.Group) error {
	g.Title, g.By = strings.TrimSpace(g.Title), strings.TrimSpace(g.By)
	areas := distinct(g.Areas)
	sound := needs(
		need{slug.MatchString(g.Name), "a name of small letters, digits and hyphens, such as north-east"},
		need{g.Name != region && !digits.MatchString(g.Name), "a name that is not taken: a year names a neighbour model, and region the other authorities of the region"},
		need{g.Title != "", "a title"},
		need{len(areas) > 0 && !slices.Contains(areas, ""), "at least one authority"},
		need{g.By != "", "who saves it"})
	_, err := db.add(ctx, groupAct("group.save", g), sound, insertGroup, g.Name, g.Title, list(areas), g.By, said(g.At))
	if err != nil {
		return fmt.Errorf("save group %q: %w", g.Name, err)
	}
	return nil
}

// DeleteGroup stops listing a group; what was saved is kept. The error is
// ErrNotFound, or ErrInvalid where nobody says so.
func (db *DB) DeleteGroup(ctx context.Context, name, by string, at time.Time) error {
	by = strings.TrimSpace(by)
	sound := func(q querier) error {
		if err := needs(need{by != "", "who deletes it"})(q); err != nil {
			return err
		}
		return found(groups(ctx, q, `name = ?`, name))
	}
	gone := groupAct("group.delete", stat.Group{Name: name, By: by, At: at})
	if _, err := db.add(ctx, gone, sound, insertGroup, name, "", nil, by, said(at)); err != nil {
		return fmt.Errorf("delete group %q: %w", name, err)
	}
	return nil
}

func groupAct(what string, g stat.Group) func(int64) stat.Act {
	return whatever(stat.Act{What: what, On: "group " + g.Name, Who: g.By, At: g.At, Detail: g.Title})
}

const insertGroup = `INSERT INTO comparison_group (name, title, areas, who, said) VALUES (?, ?, ?, ?, ?)`

func groups(ctx context.Context, q querier, where string, args ...any) ([]stat.Group, error) {
	var g stat.Group
	return rows(ctx, q, `
		SELECT name, title, areas, who, said FROM comparison_group
		WHERE areas IS NOT NULL AND id IN (SELECT max(id) FROM comparison_group WHERE `+where+` GROUP BY name)
		ORDER BY title COLLATE NOCASE, name`, args,
		[]any{&g.Name, &g.Title, (*words)(&g.Areas), &g.By, (*instant)(&g.At)}, &g)
}

// distinct leaves the first of each.
func distinct(all []string) []string {
	var out []string
	for _, s := range all {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
