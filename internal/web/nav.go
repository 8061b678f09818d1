package web

import (
	"net/http"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// place is an item of the navigation.
type place struct {
	path, text string
	carries    bool // the selection goes along
}

// places are the parts of Bellwether, in the order they are read.
var places = []place{
	{"/", "At a glance", true},
	{"/dashboards", "Dashboards", true},
	{"/measures", "Measures", true},
	{"/compare", "Compare areas", true},
	{"/since", "Since last meeting", true},
	{reportsPath, "Reports", true},
	{importsPath, "Imports", false},
	{councilPath, "Groups and meetings", false},
}

// offices are where administrators look after Bellwether.
var offices = []place{
	{"/people", "People", false},
	{"/settings", "Settings", false},
	{"/audit", "Audit", false},
	{"/safekeeping", "Safekeeping", false},
}

// reachable are those places that a reader may go to, by the table of routes.
func (s *Server) reachable(r reader, all []place) []place {
	return slices.DeleteFunc(slices.Clone(all), func(p place) bool {
		return !slices.ContainsFunc(s.table, func(line route) bool {
			return line.path == p.path && line.method == http.MethodGet && line.access.admits(r)
		})
	})
}

// navLink is a place as a page shows it.
type navLink struct {
	Href, Text string
	Here       bool
}

// Nav is the navigation as it stands on the page.
func (p page) Nav() []navLink { return p.links(p.places) }

// Offices are what an administrator looks after.
func (p page) Offices() []navLink { return p.links(p.offices) }

func (p page) links(to []place) []navLink {
	out := make([]navLink, len(to))
	for i, at := range to {
		out[i] = navLink{at.path, at.text, at.path == p.Current}
		if at.carries {
			out[i].Href += p.Query
		}
	}
	return out
}

// Address is the page's path and selection, to stand below it on paper; ""
// for a page that has no twin to tell it by. A script makes it whole.
func (p page) Address() string {
	path, query, chosen := strings.Cut(p.Twin, "?")
	path = strings.TrimSuffix(path, ".json")
	if path == "/dashboards/"+front {
		path = "/"
	}
	if chosen {
		path += "?" + query
	}
	return path
}

// notes are doubts about figures, to stand together in one list.
type notes struct {
	About string // whose they are, for who cannot see where they stand
	List  []string
}

// routine are parts of notes that say how a figure came about or why another
// is not there. Any other says that the figure itself may mislead.
var routine = []string{
	"worked out here from", "no other areas stand in.", "No figure for ", "Compared with ",
	"Only the council has figures", "These are the council's own figures", "Plain numbers depend", "Showing numbers:",
}

// Open reports whether a note is one that nobody should miss.
func (n notes) Open() bool {
	return slices.ContainsFunc(n.List, func(note string) bool {
		return !slices.ContainsFunc(routine, func(part string) bool { return strings.Contains(note, part) })
	})
}

// Notes are the doubts of the whole page.
func (p viewPage) Notes() notes { return notes{List: p.Warnings} }

// Notes are the doubts that the block's cards have in common.
func (b block) Notes() notes { return notes{About: "all of these cards", List: b.Shared} }

// Notes are the panel's doubts.
func (p panel) Notes(about string) notes { return notes{about, p.Warnings} }

// shared takes the notes that several cards have in common from them, to be
// said once for all.
func shared(cards []panel) (common []string) {
	seen := map[string]int{}
	for _, p := range cards {
		for _, w := range p.Warnings {
			if seen[w]++; seen[w] == 2 {
				common = append(common, w)
			}
		}
	}
	for i, p := range cards {
		cards[i].Warnings = slices.DeleteFunc(slices.Clone(p.Warnings), func(w string) bool { return slices.Contains(common, w) })
	}
	return common
}

// Sparked are the first and the last figure of the small trend, in words, a
// line each.
func (p panel) Sparked() []string {
	first, last, _ := strings.Cut(p.Headline.SparkWords, ", ")
	return []string{first + ",", last}
}

// Said is the beginning of a card's sentence, the figure and how it stands,
// and Rest what follows it. The card of a measure's own page says all at once.
func (p panel) Said() string {
	if c := p.comparison(); c != nil && p.Short {
		return strings.Join(c[:min(2, len(c))], " ")
	}
	return p.Sentence
}

func (p panel) Rest() string {
	if c := p.comparison(); len(c) > 2 && p.Short {
		return strings.Join(c[2:], " ")
	}
	return ""
}

// comparison are the sentences of a card.
func (p panel) comparison() []string {
	if p.Headline == nil || p.Headline.Comparison == nil {
		return nil
	}
	return p.Headline.Comparison.Sentences
}

// Meaning is why a card has no number: the mark in plain words, "" where it
// has one or there is nothing at all.
func (p panel) Meaning() string {
	if p.Headline == nil || p.Headline.Comparison == nil {
		return ""
	}
	return stat.Mark(p.Headline.Comparison.Mark).Meaning()
}

// Letter is the mark that Meaning explains.
func (p panel) Letter() string {
	if p.Meaning() == "" {
		return ""
	}
	return p.Headline.Comparison.Mark
}
