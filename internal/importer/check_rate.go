package importer

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
)

// fractions finds what is plainly at most 1 where other percentages of the
// measure, in the council's file or held of the area, are at least five times as
// large. Where no figure of the file is above 1, reading it has told so.
func (c *checking) fractions() []stat.Problem {
	most, told := map[string]float64{}, map[string]bool{}
	for _, o := range c.percentages() {
		most[o.Measure] = max(most[o.Measure], o.Value.Number)
		told[o.Measure] = told[o.Measure] || plainFraction(o.Value) && o.Value.Number < 1
	}
	type place struct{ measure, area string }
	held := map[place]float64{}
	for key, os := range c.held {
		for _, o := range os {
			if p := (place{key.Measure, key.Area}); o.Value.Known() {
				held[p] = max(held[p], o.Value.Number)
			}
		}
	}
	var out []stat.Problem
	for _, o := range c.percentages() {
		beside, where := most[o.Measure], "in the file"
		if h := held[place{o.Measure, o.Area}]; h > beside {
			beside, where = h, "held for the area"
		}
		if plainFraction(o.Value) && beside >= 5*o.Value.Number && beside > 1 && (most[o.Measure] > 1 || !told[o.Measure]) {
			out = append(out, warning("percentage_or_fraction", o.Value.At, "%s: %s was read as a percentage, but %s is %s: if it stands for %s%%, write that",
				c.ofWhat(o), o.Value.Text, "another "+where, strconv.FormatFloat(beside, 'f', -1, 64)+"%", strconv.FormatFloat(hundredfold(o.Value.Text), 'f', -1, 64)))
		}
	}
	return out
}

// percentages are the council's.
func (c *checking) percentages() []*stat.Observation {
	var out []*stat.Observation
	for i := range c.r.Observations {
		o := &c.r.Observations[i]
		if m := c.measure(o.Measure); c.council && m.Unit == stat.Percent && !m.Registered && o.Value.Known() {
			out = append(out, o)
		}
	}
	return out
}

func plainFraction(f stat.Figure) bool {
	return f.Number > 0 && f.Number <= 1 && !strings.Contains(f.Text, "%")
}

// printedRate is a rate or percentage beside its count.
type printedRate struct {
	*stat.Observation
	per   float64 // 10,000 or 100
	unit  float64 // of its last printed digit
	by    float64 // what it is divided by
	year  int     // of the estimate that is, 0 where the row gives its own
	slack float64 // count and denominator may each be so far off, having been rounded
}

// rates finds printed rates that are more than one unit in their last digit
// away from what follows: rounded half up or cut off, both pass. The row's own
// denominator is used, or else the population held for the date; rates that
// rest on that are told together for each area and date, with the population
// they imply. A publisher's rates that come without a denominator are left
// alone: they rest on estimates that have been revised since, by up to a sixth.
func (c *checking) rates() []stat.Problem {
	type place struct {
		area string
		end  stat.Date
	}
	var out []stat.Problem
	groups := map[place][]printedRate{}
	var order []place
	for i := range c.r.Observations {
		p, ok := c.printedRate(&c.r.Observations[i])
		if !ok {
			continue
		}
		if p.year > 0 {
			at := place{p.Area, p.Period.End}
			if groups[at] == nil {
				order = append(order, at)
			}
			groups[at] = append(groups[at], p)
		} else if !p.follows() {
			out = append(out, c.rateProblem([]printedRate{p}))
		}
	}
	for _, at := range order {
		if slices.ContainsFunc(groups[at], func(p printedRate) bool { return !p.follows() }) {
			out = append(out, c.rateProblem(groups[at]))
		}
	}
	return out
}

// printedRate is false where nothing can be said: a monthly count makes no
// annual rate.
func (c *checking) printedRate(o *stat.Observation) (printedRate, bool) {
	m := c.measure(o.Measure)
	p := printedRate{Observation: o, per: 10_000, by: o.Denominator.Number, unit: lastDigit(o.Value)}
	if !o.Count.Known() || !o.Value.Known() || m.Unit != stat.RateOf && m.Unit != stat.Percent {
		return p, false
	}
	if m.Unit == stat.Percent {
		p.per = 100
	} else if m.Kind == stat.Flow && o.Period.Span != stat.Year {
		return p, false
	}
	if !o.Denominator.Known() && c.council && m.Unit == stat.RateOf && m.Population == stat.Population && o.Breakdown == "" {
		p.by, p.year = c.population(o.Area, o.Period.End)
	}
	if c.area(o.Area).Level != stat.Authority && inTens(o.Count.Number) { // DfE rounds regions after dividing
		p.slack = 5
	}
	return p, p.by > 0 && o.Count.Number >= 0
}

// lastDigit is the unit of a figure's last printed digit, down to a ten
// thousandth; what a spreadsheet stores as 638.70000000000005 was 638.7.
func lastDigit(f stat.Figure) float64 {
	_, decimals, _ := strings.Cut(strings.TrimRight(f.Text, "% "), ".")
	n := len(decimals)
	if n > 4 {
		_, decimals, _ = strings.Cut(strconv.FormatFloat(stat.RoundHalfUp(f.Number, 8), 'f', -1, 64), ".")
		n = min(len(decimals), 4)
	}
	return math.Pow10(-n)
}

func (p printedRate) exact() float64 { return p.Count.Number * p.per / p.by }

func (p printedRate) follows() bool {
	least := max(p.Count.Number-p.slack, 0) * p.per / (p.by + p.slack*p.per/10_000)
	most := (p.Count.Number + p.slack) * p.per / max(p.by-p.slack*p.per/10_000, 1)
	near := p.unit * (1 + 1e-9)
	return p.Value.Number >= least-near && p.Value.Number <= most+near
}

// rateProblem tells of one rate with its own denominator, or of all of an
// area and date that rest on the same population.
func (c *checking) rateProblem(group []printedRate) stat.Problem {
	var says, would []string
	at := ""
	for _, p := range group {
		if !p.follows() {
			says = append(says, p.Count.Text+" ("+p.Value.Text+")")
			would = append(would, stat.Format(p.exact(), p.decimals()))
			if at == "" {
				at = p.Value.At
			}
		}
	}
	first := group[0]
	by := "a denominator of " + stat.Format(first.by, 0)
	what := c.ofWhat(first.Observation)
	if first.year > 0 {
		by = fmt.Sprintf("the population held, %s at mid-%d,", stat.Format(first.by, 0), first.year)
		what = c.area(first.Area).Name + ", " + first.Period.End.Long()
	}
	return warning(codeRate, at, "%s: %s printed, but %s gives %s. %s The rates are kept as printed", what, list(says), by, list(would), implied(group))
}

func (p printedRate) decimals() int { return int(math.Round(-math.Log10(p.unit))) }

// list writes "a, b and c".
func list(texts []string) string {
	n := len(texts) - 1
	if n < 1 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:n], ", ") + " and " + texts[n]
}

// implied says which denominators give all rates of the group as printed,
// rounded half up or, if none does, cut off.
func implied(group []printedRate) string {
	for _, way := range []struct {
		down, up float64 // of the last digit, that the exact rate may lie below or above
		words    string
	}{{0.5, 0.5, ""}, {0, 1, ", cut off and not rounded"}} {
		least, most := 0.0, math.Inf(1)
		for _, p := range group {
			if low := p.Value.Number - way.down*p.unit; low > 0 {
				most = min(most, p.Count.Number*p.per/low)
			}
			least = max(least, p.Count.Number*p.per/(p.Value.Number+way.up*p.unit))
		}
		from, to := math.Floor(least)+1, math.Floor(most)
		switch {
		case math.IsInf(most, 1) || from > to:
		case from == to:
			return "As printed they follow from " + stat.Format(from, 0) + way.words + "."
		default:
			return "As printed they follow from " + stat.Format(from, 0) + " to " + stat.Format(to, 0) + way.words + "."
		}
	}
	return "No one denominator gives them all."
}
