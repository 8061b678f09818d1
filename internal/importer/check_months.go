package importer

import (
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// months are those of one area, as the last day of each.
type months map[stat.Date]bool

// missingMonths finds months that a council's monthly figures jump over,
// between the newest held, or the file's first where nothing is, and the
// file's newest. A month counts as there when any measure has it.
func (c *checking) missingMonths() []stat.Problem {
	if !c.council {
		return nil
	}
	file, held := c.monthly()
	var out []stat.Problem
	for _, area := range sortedKeys(file) {
		in := sortedMonths(file[area])
		if len(in) == 0 { // a day within a month, of a series that is held by month
			continue
		}
		from, last := in[0], in[len(in)-1]
		if h := sortedMonths(held[area]); len(h) > 0 {
			from = h[len(h)-1]
		}
		var gaps []string
		for d := from.AddMonthEnds(1); d.Before(last); d = d.AddMonthEnds(1) {
			if !file[area][d] && !held[area][d] {
				gaps = append(gaps, d.Time().Format("January 2006"))
			}
		}
		if len(gaps) > 0 {
			out = append(out, warning(codeMissing, c.atMonth(area, last), "%s: nothing is held or in the file for %s, between %s and %s",
				c.area(area).Name, shortList(gaps), from.Time().Format("January 2006"), last.Time().Format("January 2006")))
		}
	}
	return out
}

// shortList names a dozen at most.
func shortList(texts []string) string {
	if n := len(texts); n > 12 {
		return strings.Join(texts[:11], ", ") + " and " + stat.Format(float64(n-11), 0) + " more"
	}
	return list(texts)
}

// monthly collects the months of each area from the series that are monthly:
// somewhere, in the file or held, two of their figures are a month apart.
func (c *checking) monthly() (file, held map[string]months) {
	file, held = map[string]months{}, map[string]months{}
	past := c.heldSeries(stat.Council)
	for s, os := range c.fileSeries() {
		in, before := monthsOf(os), monthsOf(past[s])
		if !aMonthApart(in, before) {
			continue
		}
		addMonths(file, s.area, in)
		addMonths(held, s.area, before)
	}
	return file, held
}

func monthsOf(os []*stat.Observation) months {
	out := months{}
	for _, o := range os {
		if o.Period.End == o.Period.End.MonthEnd() && (o.Period.Span == stat.Month || o.Period.Span == stat.Day) {
			out[o.Period.End] = true
		}
	}
	return out
}

func aMonthApart(a, b months) bool {
	for _, ms := range []months{a, b} {
		for d := range ms {
			if next := d.AddMonthEnds(1); a[next] || b[next] {
				return true
			}
		}
	}
	return false
}

func addMonths(to map[string]months, area string, ms months) {
	if to[area] == nil {
		to[area] = months{}
	}
	for d := range ms {
		to[area][d] = true
	}
}

func sortedMonths(ms months) []stat.Date {
	var out []stat.Date
	for d := range ms {
		out = append(out, d)
	}
	slices.SortFunc(out, stat.Date.Compare)
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// atMonth is the first cell of an area's figures of a month.
func (c *checking) atMonth(area string, end stat.Date) string {
	for i := range c.r.Observations {
		if o := &c.r.Observations[i]; o.Area == area && o.Period.End == end && o.Period.Span != stat.Year {
			return givenFigure(o).At
		}
	}
	return ""
}
