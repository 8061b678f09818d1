package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// peers are whom an area is compared with: its statistical neighbours in a
// model, the other authorities of its region, or those of a group of the
// council's own choosing.
type peers struct {
	choice string // as Selection.Neighbours has it
	group  string // its title, "" of a model: "North East authorities"
	member bool   // the area is itself one of the group
	areas  []stat.Area
	links  []stat.Link // of a model, closest first
}

// peers finds whom a choice means; an unknown one is a *ChoiceError that lists
// what there is. Before any neighbours are imported every year is accepted as
// a model: the page then says there are none.
func (f *figures) peers(choice string, a stat.Area) (peers, error) {
	if choice == Region {
		return f.region(a), nil
	}
	for _, g := range f.said.Groups {
		if g.Name == choice || stat.Fold(g.Title) == stat.Fold(choice) {
			return f.group(g, a), nil
		}
	}
	if _, err := year(choice); slices.Contains(f.models, choice) || len(f.models) == 0 && err == nil {
		p := peers{choice: choice, links: f.near(choice, a.Code)}
		for _, l := range p.links {
			p.areas = append(p.areas, f.area(l.Neighbour))
		}
		return p, nil
	}
	var there []string
	for _, c := range f.whom(a) {
		there = append(there, fmt.Sprintf("%s (%s)", c.Value, c.Label))
	}
	return peers{}, &ChoiceError{"neighbours", choice, fmt.Errorf("neighbours %q: %w, there are %s", choice, stat.ErrUnknown, strings.Join(there, ", "))}
}

// region is every other authority of the area's region; for London's, of
// Inner or Outer London.
func (f *figures) region(a stat.Area) peers {
	p := peers{choice: Region, member: true, group: f.regionTitle(a)}
	for _, other := range f.everyone {
		if a.Region != "" && other.Region == a.Region && other.Code != a.Code {
			p.areas = append(p.areas, other)
		}
	}
	return p
}

func (f *figures) regionTitle(a stat.Area) string {
	if a.Region == "" {
		return "the region's authorities"
	}
	return f.area(a.Region).Name + " authorities"
}

func (f *figures) group(g stat.Group, a stat.Area) peers {
	p := peers{choice: g.Name, group: g.Title}
	for _, code := range g.Areas {
		if code == a.Code {
			p.member = true
			continue
		}
		p.areas = append(p.areas, f.area(code))
	}
	return p
}

// whom are the choices there are for an area.
func (f *figures) whom(a stat.Area) []Choice {
	out := []Choice{}
	for _, m := range f.models {
		out = append(out, Choice{m, fmt.Sprintf("Statistical neighbours, %s model", m)})
	}
	if a.Region != "" {
		out = append(out, Choice{Region, "Other " + f.regionTitle(a)})
	}
	for _, g := range f.said.Groups {
		out = append(out, Choice{g.Name, g.Title})
	}
	return out
}

// at are those to compare with at a period. A region's authorities are those it
// had at the time; of a model or a group, one that had ended has no value, and
// that is said.
func (p peers) at(period stat.Period) []stat.Area {
	if p.choice != Region {
		return p.areas
	}
	var out []stat.Area
	for _, a := range p.areas {
		if a.ExistedAt(period.End) {
			out = append(out, a)
		}
	}
	return out
}

func (p peers) none() bool { return len(p.areas) == 0 }

// words are benchmark's for all of them: "statistical neighbours", "other North
// East authorities".
func (p peers) words() string {
	return benchmark.Neighbours{Model: p.choice, Group: p.group, Others: p.member}.Title()
}

// its is whom a sentence about the area names: "its neighbours", "the other
// North East authorities".
func (p peers) its() string {
	switch {
	case p.group == "":
		return "its neighbours"
	case p.member:
		return "the " + p.words()
	}
	return p.group
}

// listed are they in a table's caption.
func (p peers) listed() string {
	if p.group == "" {
		return "its statistical neighbours, closest first"
	}
	return p.its()
}

// count is a number of them: "10 neighbours", "11 other North East
// authorities", "4 authorities of Coastal towns".
func (p peers) count(n int) string {
	switch {
	case p.group == "":
		return plural(n, p.noun())
	case p.member && n > 1:
		return fmt.Sprintf("%d %s", n, p.words())
	case n > 1 && slices.Contains([]string{"authorities", "councils", "boroughs"}, lastWord(p.group)):
		return fmt.Sprintf("%d %s", n, p.group)
	}
	return plural(n, p.noun()) + " of " + p.group
}

func lastWord(s string) string { return s[strings.LastIndex(s, " ")+1:] }

// line names their mean on a chart.
func (p peers) line() string {
	if p.group == "" {
		return fmt.Sprintf("Neighbours' mean (%s)", p.choice)
	}
	return "Mean of " + p.who()
}

// possessive goes before "mean", "median".
func (p peers) possessive() string {
	if p.group == "" {
		return "Neighbours'"
	}
	return "Group's"
}

// noun is one of them.
func (p peers) noun() string {
	switch {
	case p.group == "":
		return "neighbour"
	case p.member:
		return "other authority"
	}
	return "authority"
}

// nouns are several.
func (p peers) nouns() string { return plurals(p.noun()) }

// who they are in a title: "neighbours", "other North East authorities".
func (p peers) who() string {
	if p.group == "" {
		return "neighbours"
	}
	return p.words()
}

// each is a link to a page of each of them.
func (p peers) each() string {
	if p.group == "" {
		return "Each statistical neighbour"
	}
	return "Each of " + p.its()
}

// source names them in a line below a title: "2025 model", "North East
// authorities".
func (p peers) source() string {
	if p.group == "" {
		return p.choice + " model"
	}
	return p.group
}

// absence says that there are none to compare an area with.
func (p peers) absence(a stat.Area) string {
	if p.group == "" {
		return fmt.Sprintf("%s has no statistical neighbours in the %s model.", benchmark.UpperFirst(benchmark.PlaceName(a.Name)), p.choice)
	}
	return fmt.Sprintf("There are no others to compare %s with in %s.", benchmark.PlaceName(a.Name), p.group)
}
