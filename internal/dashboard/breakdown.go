package dashboard

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// parted is a measure by the categories of one dimension, as one publisher has
// it, over the periods held of one length.
type parted struct {
	dimension string
	own       bool
	areas     bool // its parts are areas within the authority, not categories
	both      bool // the other publisher has the dimension too
	counts    bool // its figures are how many there were, not values
	held      map[string]map[stat.Period]stat.Observation
	names     []string      // of the parts, in the order they are read
	periods   []stat.Period // with the missing ones in between
	latest    stat.Period   // with a number of at least one part
}

// breakdowns are the panels of each dimension the figures are held by, or of
// the one that is asked for.
func (s *subject) breakdowns(dimension string) []*Panel {
	var out []*Panel
	for _, d := range s.divisions() {
		if dimension != "" && stat.Fold(dimension) != stat.Fold(d.dimension) {
			continue
		}
		p := &Panel{Kind: Parted, ID: s.m.Code + "-" + Parted + "-" + slug(d.dimension), Measure: s.m, Code: s.m.Code}
		if d.own && d.both {
			p.ID += "-own"
		}
		credit := &credit{}
		s.partedPanel(p, d, credit)
		p.Source = credit.words()
		out = append(out, p)
	}
	return out
}

// slug is a dimension as a part of an ID.
func slug(dimension string) string { return strings.ReplaceAll(stat.Fold(dimension), " ", "-") }

// divisions finds what the measure is held by: categories of dimensions, and
// areas within the authority. One part alone divides nothing.
func (s *subject) divisions() []*parted {
	found := map[string]*parted{}
	at := func(dimension string, own bool) *parted {
		key := stat.Fold(dimension)
		if own {
			key += "\nown"
		}
		if found[key] == nil {
			found[key] = &parted{dimension: dimension, own: own, held: map[string]map[stat.Period]stat.Observation{}}
		}
		return found[key]
	}
	for key, figures := range s.f.parts {
		if key.measure == s.m.Code && key.area == s.area.Code && s.within(key.period) {
			d := at(key.dimension, key.own)
			for _, o := range figures {
				d.take(category(o), o)
			}
		}
	}
	s.areasWithin(at)
	var out []*parted
	for key, d := range found {
		if s.settleParts(d); len(d.names) > 1 {
			_, d.both = found[strings.TrimSuffix(key, "\nown")]
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b *parted) int {
		return cmp.Or(strings.Compare(stat.Fold(a.dimension), stat.Fold(b.dimension)), order(a.own)-order(b.own))
	})
	return out
}

func order(later bool) int {
	if later {
		return 1
	}
	return 0
}

// areasWithin adds the areas that lie within the authority, by their level.
func (s *subject) areasWithin(at func(dimension string, own bool) *parted) {
	for _, a := range s.f.cat.Areas() {
		if a.Region != s.area.Code || a.Level == stat.Regional || a.Level == stat.Authority {
			continue
		}
		add := func(o stat.Observation) {
			if s.within(o.Period) {
				d := at(benchmark.LowerFirst(string(a.Level)), o.Publisher() == stat.Council)
				d.areas = true
				d.take(a.Name, o)
			}
		}
		for _, o := range s.f.own[s.m.Code][a.Code] {
			add(o)
		}
		for _, areas := range s.f.published[s.m.Code] {
			if o, ok := areas[a.Code]; ok {
				add(o)
			}
		}
	}
}

func (d *parted) take(name string, o stat.Observation) {
	if d.held[name] == nil {
		d.held[name] = map[stat.Period]stat.Observation{}
	}
	d.held[name][o.Period] = o
}

// settleParts chooses the periods of one length, the figure that is shown, and
// the order of the parts.
func (s *subject) settleParts(d *parted) {
	bySpan := map[stat.Span]map[stat.Period]bool{}
	var span stat.Span
	values, counts := false, false
	for _, figures := range d.held {
		for p, o := range figures {
			if bySpan[p.Span] == nil {
				bySpan[p.Span] = map[stat.Period]bool{}
			}
			bySpan[p.Span][p] = true
			if n := len(bySpan[p.Span]) - len(bySpan[span]); n > 0 || n == 0 && months[p.Span] > months[span] {
				span = p.Span
			}
			values, counts = values || o.Value.Known(), counts || s.number(o).Known()
		}
	}
	d.counts = s.m.Unit == stat.Number || counts && (s.sel.Show == ShowCount || !values)
	d.periods = slices.SortedFunc(maps.Keys(bySpan[span]), stat.Period.Compare)
	d.periods = fill(d.periods, closest(d.periods))
	for name, figures := range d.held {
		known := false
		for _, p := range d.periods {
			if s.partFigure(d, figures[p]).Known() {
				known = true
				if d.latest.Compare(p) < 0 {
					d.latest = p
				}
			}
		}
		if known || len(figures) > 0 && slices.ContainsFunc(d.periods, func(p stat.Period) bool { return s.partFigure(d, figures[p]).Given() }) {
			d.names = append(d.names, name)
		}
	}
	if d.latest.IsZero() {
		d.names = nil // marks alone
	}
	arrangeParts(d.names, func(name string) float64 { return s.partFigure(d, d.held[name][d.latest]).Number })
}

// partFigure is the figure of an observation that the breakdown is of.
func (s *subject) partFigure(d *parted, o stat.Observation) stat.Figure {
	if d.counts {
		return s.number(o)
	}
	return o.Value
}

// whole is what the same publisher has of all parts together, or, where the
// council has no total of its parts, the published one that they meet exactly.
func (s *subject) whole(d *parted, p stat.Period) stat.Figure {
	published := s.partFigure(d, s.observation(s.area.Code, p))
	switch f := s.ownWhole(d, p); {
	case !d.own:
		return published
	case !f.Given() && s.meets(d, p, published):
		return published
	default:
		return f
	}
}

// ownWhole is the council's own total of the parts.
func (s *subject) ownWhole(d *parted, p stat.Period) stat.Figure {
	for _, o := range s.own {
		if o.Period == p {
			return s.partFigure(d, o)
		}
	}
	return stat.Figure{}
}

// meets reports whether the parts, none of them marked, add up to a total.
func (s *subject) meets(d *parted, p stat.Period, total stat.Figure) bool {
	in := 0.0
	for _, name := range d.names {
		f := s.partFigure(d, d.held[name][p])
		if f.Given() && !f.Known() {
			return false
		}
		in += f.Number
	}
	return d.counts && in > 0 && total.Known() && in == total.Number
}

// heatPeriods is how many columns the shaded table has at most: a year and the
// same month of the year before.
const heatPeriods = 13

// partedPanel draws and tables one breakdown.
func (s *subject) partedPanel(p *Panel, d *parted, cr *credit) {
	shownAs := *s
	shownAs.sel.Show = ShowValue
	if d.counts {
		shownAs.sel.Show = ShowCount
	}
	p.Unit = shownAs.unitWords()
	out := &PartedPanel{Dimension: d.dimension, Decimals: shownAs.decimals()}
	if d.counts && s.m.Unit == stat.Number {
		out.Decimals = s.m.Decimals
	}
	recent := d.periods[max(0, len(d.periods)-heatPeriods):]
	for _, period := range recent {
		out.Heads = append(out.Heads, headOf(s.m, period))
	}
	highest := s.highest(d, recent)
	all := s.whole(d, d.latest)
	for _, name := range d.names {
		part := Part{Name: name}
		for _, period := range d.periods {
			part.Points = append(part.Points, shownAs.point(period, s.partFigure(d, d.held[name][period]), cr))
		}
		for _, pt := range part.Points[len(d.periods)-len(recent):] {
			part.Cells = append(part.Cells, HeatCell{pt.Text, shade(pt.Number, highest)})
		}
		if fig := s.partFigure(d, d.held[name][d.latest]); d.counts && fig.Known() && all.Known() && all.Number > 0 && fig.Number <= all.Number {
			part.Share = stat.Format(100*fig.Number/all.Number, 1) + "%"
		}
		out.Parts = append(out.Parts, part)
	}
	s.partedTotal(out, d, recent, cr)
	p.Parted = out
	s.partedWords(p, d)
	p.Table = s.partedTable(p, d)
	p.Warnings = s.partedWarnings(d, recent)
}

// partedTotal puts the row of totals below the parts, where there are any.
func (s *subject) partedTotal(out *PartedPanel, d *parted, recent []stat.Period, cr *credit) {
	var row []HeatCell
	given := false
	for _, period := range recent {
		fig := s.whole(d, period)
		if fig.Given() {
			cr.figure(fig)
			s.show(fig)
			given = true
		}
		row = append(row, HeatCell{Text: cell(fig, out.Decimals).text})
	}
	if given {
		out.Total = row
	}
}

// highest is the most any part has in some periods.
func (s *subject) highest(d *parted, periods []stat.Period) float64 {
	var most float64
	for _, figures := range d.held {
		for _, p := range periods {
			if f := s.partFigure(d, figures[p]); f.Known() {
				most = max(most, f.Number)
			}
		}
	}
	return most
}

// shade is a number's, by fifths of the highest.
func shade(n *float64, highest float64) int {
	if n == nil || *n <= 0 || highest <= 0 {
		return 0
	}
	fifth := int(HeatShades * *n / highest)
	if float64(fifth)*highest < HeatShades**n {
		fifth++
	}
	return min(max(fifth, 1), HeatShades)
}

// headOf is a period above a narrow column: "Sep 2026", "2024-25".
func headOf(m stat.Measure, p stat.Period) string {
	switch {
	case p.Span == stat.Month, p.Span == stat.Day && p.End == p.End.MonthEnd():
		return p.End.Time().Format("Jan 2006")
	case p.Span == stat.Day, p.Span == stat.Week:
		return p.End.Time().Format("2 Jan 2006")
	}
	return benchmark.UpperFirst(p.String())
}

// Charted reports whether there are periods enough for a line.
func (d *PartedPanel) Charted() bool {
	for _, part := range d.Parts {
		n := 0
		for _, pt := range part.Points {
			if pt.Number != nil {
				n++
			}
		}
		if n > 1 {
			return true
		}
	}
	return false
}

// Heading is that of the parts' names.
func (d *PartedPanel) Heading() string { return benchmark.UpperFirst(d.Dimension) }

// Shared reports whether any part's share of the total is told.
func (d *PartedPanel) Shared() bool {
	return slices.ContainsFunc(d.Parts, func(p Part) bool { return p.Share != "" })
}
