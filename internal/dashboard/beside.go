package dashboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// The most areas and measures that are set side by side: four lines are as
// many as can be told apart.
const (
	MostAreas    = 4
	MostMeasures = 3
)

// Beside is what is set side by side, as it was understood.
type Beside struct {
	Areas    []stat.Area `json:"areas"`
	Measures []Choice    `json:"measures"`           // code and name
	Problems []Problem   `json:"problems,omitempty"` // of choices that could not be followed
}

// Problem is a choice that was left out, and why.
type Problem struct {
	Field   string `json:"field"` // "areas", "measures" or "panel"
	Value   string `json:"value"` // as it was given, or the names of what was too many
	Message string `json:"message"`
}

// roles are those of areas side by side, in their order.
var roles = []string{RoleArea, RoleSecond, RoleThird, RoleFourth}

// Areas sets areas of any level beside each other: a chart for each measure
// and one table of their latest figures, with one read of src. Without areas
// they are the selection's and the three closest it is compared with; without
// measures those of the first dashboard. What cannot be followed is among the
// problems of View.Beside, and the rest is shown. Errors are those of
// Dashboard.
func (b *Boards) Areas(ctx context.Context, src Source, sel Selection, areas, measures []string) (*View, error) {
	chosen := &Beside{Areas: []stat.Area{}, Measures: []Choice{}}
	ms := b.measuresOf(measures, chosen)
	for _, m := range ms {
		chosen.Measures = append(chosen.Measures, Choice{m.Code, m.Name})
	}
	b.areasOf(areas, chosen)
	codes := make([]string, len(ms))
	for i, m := range ms {
		codes[i] = m.Code
	}
	sel.Period, sel.Cadence = "", ""
	v, fs, err := b.open(ctx, src, sel, codes...)
	if err != nil {
		return nil, fmt.Errorf("areas side by side: %w", err)
	}
	if len(chosen.Areas) == 0 {
		with, _ := fs.peers(v.Selection.Neighbours, v.Area) // checked by open
		chosen.Areas = append([]stat.Area{v.Area}, with.areas[:min(MostAreas-1, len(with.areas))]...)
	}
	v.Area = stat.Area{} // the page is of no area more than of another
	if i := slices.IndexFunc(chosen.Areas, func(a stat.Area) bool { return a.Level == stat.Authority }); i >= 0 {
		v.Selection.Area = chosen.Areas[i].Code
	}
	v.Name, v.Title, v.Path, v.Beside = "compare", "Compare areas", "/compare", chosen
	v.Lead = benchmark.UpperFirst(listed(names(chosen.Areas))) + " side by side, as published."
	together := &TablePanel{Mark: -1, Caption: "Latest figures of " + listed(names(chosen.Areas)), Columns: append([]string{"Measure"}, names(chosen.Areas)...)}
	credit := &credit{}
	for _, m := range ms {
		if g := fs.side(m, chosen.Areas, v.Selection); g != nil {
			v.add(g.panel())
			g.rows(together, credit)
		}
	}
	if len(together.Rows) > 0 {
		together.Notes = notes(together)
		v.add(&Panel{
			Kind: Table, ID: "side-by-side", Title: "The latest figures side by side", Table: together, Source: credit.words(),
			Sentence: "Each measure on the latest date of which most of these areas have a figure.",
		})
	}
	v.close(fs)
	return v, nil
}

// choose takes what find understands of some values, each once, up to most.
// find gives its key and its name.
func choose[T any](field string, values []string, most int, into *Beside, find func(string) (x T, key, name string, err error)) []T {
	var out []T
	var seen, over []string
	for _, value := range values {
		x, key, name, err := find(value)
		switch {
		case err != nil:
			into.Problems = append(into.Problems, Problem{field, value, benchmark.UpperFirst(err.Error()) + "."})
		case slices.Contains(seen, key):
		case len(out) == most:
			over = append(over, name)
		default:
			out, seen = append(out, x), append(seen, key)
		}
	}
	if len(over) > 0 {
		into.Problems = append(into.Problems, Problem{field, strings.Join(over, ", "),
			fmt.Sprintf("Up to %d %ss can be shown: %s left out.", most, strings.TrimSuffix(field, "s"), was(over))})
	}
	return out
}

func was(names []string) string {
	if len(names) == 1 {
		return names[0] + " was"
	}
	return listed(names) + " were"
}

func (b *Boards) areasOf(values []string, into *Beside) {
	into.Areas = append(into.Areas, choose("areas", b.separate(values), MostAreas, into, func(value string) (a stat.Area, code, name string, err error) {
		a, err = b.cat.Area(value)
		if errors.Is(err, stat.ErrUnknown) {
			err = fmt.Errorf("there is no area %q: choose one from a list", value)
		}
		if err == nil && a.Level != stat.Authority && a.Level != stat.Regional && a.Level != stat.National {
			err = fmt.Errorf("%s is not an authority, a region or the country: choose one from a list", a.Name)
		}
		return a, a.Code, a.Name, err
	})...)
}

// measuresOf are those chosen; where none was, the first dashboard's.
func (b *Boards) measuresOf(values []string, into *Beside) []stat.Measure {
	find := func(value string) (m stat.Measure, code, name string, err error) {
		if m, err = b.cat.Measure(value); err != nil {
			err = fmt.Errorf("there is no measure %q: choose one from a list", value)
		}
		return m, m.Code, m.Name, err
	}
	if out := choose("measures", b.separate(values), MostMeasures, into, find); len(out) > 0 {
		return out
	}
	first := b.defs[0].inOrder()
	return choose("measures", first[:min(MostMeasures, len(first))], MostMeasures, into, find)
}

// separate cuts values at commas, but for those that are the name of an area
// with one in it, such as "Bristol, City of".
func (b *Boards) separate(values []string) []string {
	var out []string
	for _, v := range values {
		parts := strings.Split(v, ",")
		if _, err := b.cat.Area(v); err == nil || errors.Is(err, stat.ErrAmbiguous) {
			parts = []string{v}
		}
		for _, p := range parts {
			if p = strings.TrimSpace(p); p != "" {
				out = append(out, p)
			}
		}
	}
	return out
}

func names(areas []stat.Area) []string {
	out := make([]string, len(areas))
	for i, a := range areas {
		out[i] = a.Name
	}
	return out
}
