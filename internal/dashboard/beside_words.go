package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// ranked are the areas with a figure where they are compared, highest first.
func (g *side) ranked() []*subject {
	var out []*subject
	for _, s := range g.subjects {
		if s.shown(s.heldAt(g.at)).Known() {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b *subject) int {
		return cmp.Compare(b.shown(b.heldAt(g.at)).Number, a.shown(a.heldAt(g.at)).Number)
	})
	return out
}

// figure is an area's figure as shown where they are compared.
func (g *side) figure(s *subject) string {
	return stat.Format(s.shown(s.heldAt(g.at)).Number, s.decimals())
}

func (g *side) title(ranked []*subject) string {
	first, last := ranked[0], ranked[len(ranked)-1]
	if len(ranked) == 1 {
		return fit(fmt.Sprintf("%s in %s", g.m.Name, first.area.Name), g.m.Name)
	}
	if g.figure(first) == g.figure(last) {
		return fit(fmt.Sprintf("%s: the same in all %d areas", g.m.Name, len(ranked)), g.m.Name)
	}
	if _, chance := g.apart(ranked); chance {
		return fit(fmt.Sprintf("%s: differences may be chance", g.m.Name), g.m.Name)
	}
	if len(ranked) == 2 {
		return fit(fmt.Sprintf("%s: higher in %s than in %s", g.m.Name, first.area.Name, last.area.Name),
			fmt.Sprintf("%s: higher in %s", g.m.Name, first.area.Name), g.m.Name)
	}
	if g.figure(first) == g.figure(ranked[1]) {
		return fit(fmt.Sprintf("%s: lowest in %s", g.m.Name, last.area.Name), g.m.Name)
	}
	return fit(fmt.Sprintf("%s: highest in %s, lowest in %s", g.m.Name, first.area.Name, last.area.Name),
		fmt.Sprintf("%s: highest in %s", g.m.Name, first.area.Name), g.m.Name)
}

// sentence lists the areas' figures, how far apart they are, and which way each
// has gone over the years drawn.
func (g *side) sentence(ranked []*subject, t *TrendPanel) string {
	parts := make([]string, len(ranked))
	for i, s := range ranked {
		parts[i] = s.area.Name + " " + g.figure(s)
		if i == 0 {
			parts[i] = s.area.Name + " " + s.pointText(Point{Text: g.figure(s)})
		}
	}
	out := benchmark.UpperFirst(benchmark.When(g.at)) + ": " + listed(parts) + "."
	if len(ranked) > 1 {
		out = strings.Replace(out, ":", ", highest first:", 1)
		words, _ := g.apart(ranked)
		out += words
	}
	return out + g.moves(t)
}

// apart says whether the highest and the lowest differ by more than chance
// would explain, "" where that cannot be told.
func (g *side) apart(ranked []*subject) (words string, chance bool) {
	high, low := ranked[0], ranked[len(ranked)-1]
	if high.counting() {
		return "", false
	}
	i, ok := benchmark.ChangeInterval(g.m, low.heldAt(g.at), high.heldAt(g.at), stat.PartValue, nil)
	if !ok {
		return "", false
	}
	who := "The highest and the lowest"
	if len(ranked) == 2 {
		who = "The two"
	}
	if i.Lower > 0 {
		return " " + who + " differ by more than chance would explain.", false
	}
	return " " + who + " differ by no more than chance may explain.", true
}

// moves says where the figures rose and where they fell, of the areas that have
// one at both ends of the chart.
func (g *side) moves(t *TrendPanel) string {
	from := ""
	ways := map[string][]string{}
	for _, l := range t.Lines {
		a, b := ends(l)
		if b.Period != g.at.End.String() || a.Period == b.Period || from != "" && a.Label != from {
			continue
		}
		from = a.Label
		verb := "rose"
		switch x, y := stat.RoundHalfUp(*a.Number, t.Decimals), stat.RoundHalfUp(*b.Number, t.Decimals); {
		case x > y:
			verb = "fell"
		case x == y:
			verb = "ended as it began"
		}
		ways[verb] = append(ways[verb], fmt.Sprintf("%s (from %s)", l.Name, a.Text))
	}
	var said []string
	for _, verb := range []string{"rose", "fell", "ended as it began"} {
		if len(ways[verb]) > 0 {
			said = append(said, verb+" in "+listed(ways[verb]))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return fmt.Sprintf(" Since %s it %s.", strings.TrimPrefix(from, "year ending "), strings.Join(said, ", and "))
}

// time is "31 March 2016 to 31 March 2025".
func (s *subject) time(t *TrendPanel) string {
	return strings.TrimPrefix(strings.TrimPrefix(s.placeAndTime(t), s.area.Name), ", ")
}
