package benchmark

import (
	"cmp"
	"fmt"
	"strings"

	"bellwether/internal/stat"
)

// warnings are the doubts that travel with the numbers.
func (c Comparison) warnings(in Input) []string {
	out := []string{}
	out = append(out, keep(
		in.ended(), in.differs(), in.derived(), c.contradicts(in), c.few(in), c.incomparable(in), c.fallback(in), c.unmoved(in), c.longBefore(in),
	)...)
	out = append(out, c.restated(in)...)
	out = append(out, c.redefined(in)...)
	if Comparable(in.Measure) && !in.alone() {
		out = append(out, c.missing(in)...)
		out = append(out, keep(c.withheld(in), c.drawn(in))...)
	}
	return out
}

// ended says from when the area is no more.
func (in Input) ended() string {
	if in.Area.Ended.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s was abolished on %s; its figures to that day remain.", UpperFirst(PlaceName(in.Area.Name)), in.Area.Ended.AddDays(1).Long())
}

// differs names the council's own figure and the published one where they
// are of the same period and not the same.
func (in Input) differs() string {
	for _, own := range in.Own {
		if own.Period == in.Period {
			return Difference(in.Measure, own, in.Figures[in.Area.Code])
		}
	}
	return ""
}

// Difference names the council's own figure and the published one of the same
// period, "" where they agree. Counts are compared, or else the values as the
// measure's decimals show them; a value worked out here disputes nothing.
func Difference(m stat.Measure, own, published stat.Observation) string {
	say := func(a, b string) string {
		return fmt.Sprintf("%s the council's own figure was %s, but %s published %s.", UpperFirst(When(own.Period)), a, published.Publisher(), b)
	}
	switch {
	case own.Count.Known() && published.Count.Known():
		if own.Count.Number != published.Count.Number {
			return say(stat.Format(own.Count.Number, 0), stat.Format(published.Count.Number, 0))
		}
	case own.Value.Known() && published.Value.Known() && !own.Value.Derived && !published.Value.Derived:
		a, b := Quantity(m, own.Value.Number, m.Decimals), Quantity(m, published.Value.Number, m.Decimals)
		if a != b {
			return say(a, b)
		}
	}
	return ""
}

// derived says when rates of the period were not published as such.
func (in Input) derived() string {
	given, derived := 0, 0
	for _, o := range in.Figures {
		switch {
		case o.Value.Known() && o.Value.Derived:
			derived++
		case o.Value.Known():
			given++
		}
	}
	switch {
	case derived == 0 || in.publisher() == stat.Council: // who publishes no rates
		return ""
	case given == 0:
		return fmt.Sprintf("Rates %s were worked out here from published counts and populations, because none were published.", When(in.Period))
	case in.Figures[in.Area.Code].Value.Derived:
		return fmt.Sprintf("The rate %s was worked out here from the count and the population, because none was published.", When(in.Period))
	}
	return fmt.Sprintf("Some other areas' rates %s were worked out here from published counts and populations, because none were published.", When(in.Period))
}

func (c Comparison) incomparable(in Input) string {
	if Comparable(in.Measure) || in.alone() || c.Value == nil && c.Count == nil {
		return ""
	}
	return "Plain numbers depend on the size of an area, so they are not averaged, ranked or compared with neighbours."
}

// fallback names the region that stands in for one without a value.
func (c Comparison) fallback(in Input) string {
	if len(in.Regions) < 2 || c.Region.Value == nil || c.Region.Code == in.Regions[0].Code {
		return ""
	}
	return fmt.Sprintf("Compared with %s, because there is no figure for %s %s.", c.Region.Name, in.Regions[0].Name, When(in.Period))
}

// missing says why there are fewer neighbours' values than neighbours, those
// with the same reason together.
func (c Comparison) missing(in Input) []string {
	switch {
	case len(in.Neighbours) == 0 && in.Group == "":
		return []string{fmt.Sprintf("%s has no statistical neighbours in the %s model.", UpperFirst(PlaceName(in.Area.Name)), in.Model)}
	case len(in.Neighbours) == 0:
		return []string{fmt.Sprintf("There is nobody but %s in the group %s, so nothing to compare with.", PlaceName(in.Area.Name), in.Group)}
	}
	var reasons []string
	names := map[string][]string{}
	for i, a := range in.Neighbours {
		if c.Neighbours.Members[i].Value != nil {
			continue
		}
		why := in.reason(a)
		if names[why] == nil {
			reasons = append(reasons, why)
		}
		names[why] = append(names[why], PlaceName(a.Name))
	}
	if len(reasons) == 0 {
		return nil
	}
	out := []string{fmt.Sprintf("%s a figure %s; no other areas stand in.", c.Neighbours.having(), When(in.Period))}
	for _, why := range reasons {
		out = append(out, fmt.Sprintf("No figure for %s: %s.", list(names[why]), why))
	}
	return out
}

// having opens a sentence on how many have a figure: "Nine of the ten
// neighbours have".
func (n Neighbours) having() string {
	whole := "the " + numeral(len(n.Members)) + " neighbours"
	if n.Group != "" {
		whole = n.whole(len(n.Members))
	}
	if n.N == 1 {
		return "One of " + whole + " has"
	}
	return UpperFirst(numeral(n.N)) + " of " + whole + " have"
}

// reason is why an area has no value, as far as is known.
func (in Input) reason(a stat.Area) string {
	o := in.Figures[a.Code]
	mark := cmp.Or(o.Value.Mark, o.Count.Mark)
	if mark == stat.Unexplained { // of the value: the count's may explain it
		mark = cmp.Or(o.Count.Mark, mark)
	}
	switch {
	case !a.Ended.IsZero() && a.Ended.Before(in.Period.End):
		return "abolished on " + a.Ended.AddDays(1).Long()
	case !a.ExistedAt(in.Period.End):
		return "created on " + a.Began.Long()
	case mark != "":
		return fmt.Sprintf("%s, %s", mark.Letter(), mark.Meaning())
	}
	return "none is held"
}

// list joins names: "Cumbria", "Bury and Wigan", "Bury, Wigan and York".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
