package dashboard

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// partKey names the categories of one dimension that one publisher has of a
// measure, an area and a period.
type partKey struct {
	measure, area, dimension string
	period                   stat.Period
	own                      bool
}

// addPart files a figure of one category of one dimension; one of several
// dimensions at once ("sex: male; age: 4 to 6") is nobody's share.
func (f *figures) addPart(o stat.Observation) {
	dimension, _, ok := strings.Cut(o.Breakdown, ": ")
	if !ok || strings.Contains(o.Breakdown, "; ") {
		return
	}
	key := partKey{o.Measure, o.Area, benchmark.LowerFirst(dimension), o.Period, o.Publisher() == stat.Council}
	f.parts[key] = append(f.parts[key], o)
}

// category is that of an observation of one dimension.
func category(o stat.Observation) string {
	_, c, _ := strings.Cut(o.Breakdown, ": ")
	return c
}

// shared is what a representation is worked out of: the categories of one
// dimension of a measure, and those of the population that its date goes with.
type shared struct {
	partKey
	total      stat.Observation
	groups     []stat.Observation
	population stat.Observation            // of the groups' own publisher
	people     map[string]stat.Observation // by folded category
	ours       bool                        // the population is the council's own
	summed     bool                        // it is the sum of the groups, there being no total
	met        bool                        // it is the published one, to which the council's groups add up exactly
	pairs      int                         // categories that both have
}

// shared finds the latest period with a breakdown that the population has too:
// of those, published before the council's own, and the dimension with most
// categories in common.
func (s *subject) shared() (shared, bool) {
	var found []shared
	for key, groups := range s.f.parts {
		if key.measure != s.m.Code || key.area != s.area.Code || !s.within(key.period) {
			continue
		}
		if sh := s.share(key, groups); sh.pairs > 0 {
			found = append(found, sh)
		}
	}
	if len(found) == 0 {
		return shared{}, false
	}
	return slices.MaxFunc(found, func(a, b shared) int {
		return cmp.Or(a.period.Compare(b.period), published(a)-published(b), a.pairs-b.pairs, strings.Compare(b.dimension, a.dimension))
	}), true
}

func published(sh shared) int {
	if sh.own {
		return 0
	}
	return 1
}

// share pairs a measure's categories with the population's; there are no pairs
// where a total is missing.
func (s *subject) share(key partKey, groups []stat.Observation) shared {
	sh := shared{partKey: key, groups: groups}
	sh.total = s.observation(s.area.Code, key.period)
	if key.own {
		i := slices.IndexFunc(s.own, func(o stat.Observation) bool { return o.Period == key.period })
		if i < 0 {
			return sh
		}
		sh.total = s.own[i]
	}
	if s.populate(&sh); !s.number(sh.total).Known() || !people(sh.population).Known() {
		return sh
	}
	for _, g := range groups {
		if people(sh.people[stat.Fold(category(g))]).Known() {
			sh.pairs++
		}
	}
	return sh
}

// populate takes the latest population that has the dimension and is not of
// after the one a rate of this date divides by; what the council brought where
// nobody has published one of that day.
func (s *subject) populate(sh *shared) {
	for key, groups := range s.f.parts {
		newer := key.period.Compare(sh.population.Period)
		if key.measure != stat.Population || key.area != s.area.Code || key.dimension != sh.dimension ||
			key.period.End.Year > estimateFor(sh.period.End) || newer < 0 || newer == 0 && !sh.ours && sh.people != nil {
			continue
		}
		sh.ours, sh.people = key.own, map[string]stat.Observation{}
		for _, g := range groups {
			sh.people[stat.Fold(category(g))] = g
		}
		sh.population = s.peopleAt(key.period, key.own)
		sh.population.Period = key.period
	}
	if people(sh.population).Known() {
		return
	}
	in, published := sum(sh.people), s.peopleAt(sh.population.Period, false)
	if sh.met = in.Known() && people(published).Number == in.Number; sh.met {
		sh.population = published
		return
	}
	sh.population.Value, sh.summed = in, true
}

// peopleAt is the area's population as the council or as others give it.
func (s *subject) peopleAt(p stat.Period, own bool) stat.Observation {
	if !own {
		return s.f.published[stat.Population][p][s.area.Code]
	}
	for _, o := range s.f.own[stat.Population][s.area.Code] {
		if o.Period == p {
			return o
		}
	}
	return stat.Observation{}
}

// sum is of all groups; it is not known where one of them is not.
func sum(groups map[string]stat.Observation) stat.Figure {
	total := 0.0
	for _, g := range groups {
		if !people(g).Known() {
			return stat.Figure{}
		}
		total += people(g).Number
	}
	if total == 0 {
		return stat.Figure{}
	}
	return stat.Figure{Number: total, Text: stat.Format(total, 0)}
}

// people is how many a population figure says there are.
func people(o stat.Observation) stat.Figure {
	if o.Value.Given() {
		return o.Value
	}
	return o.Count
}

// sharesPanel sets each group's share of the children counted beside its share
// of all children.
func (s *subject) sharesPanel(p *Panel, cr *credit) bool {
	if s.m.Unit != stat.RateOf && s.m.Unit != stat.Number || s.m.Code == stat.Population {
		return false
	}
	sh, ok := s.shared()
	if !ok {
		return false
	}
	p.Shares = &SharesPanel{Dimension: sh.dimension, Period: sh.period.End.String()}
	all := s.number(sh.total).Number
	for _, o := range slices.Concat(sh.groups, slices.Collect(maps.Values(sh.people)), []stat.Observation{sh.total, sh.population}) {
		s.credit(cr, o)
	}
	for _, g := range sh.groups {
		p.Shares.Groups = append(p.Shares.Groups, s.shareOf(g, all, sh))
	}
	p.Unit = "percentage of children"
	p.Title = sharesTitle(s.m.Name, p.Shares)
	p.Subtitle = fmt.Sprintf("%s by %s, share of children, %s, %s", s.m.Name, sh.dimension, s.area.Name, sh.period.Label())
	p.Sentence = s.sharesSentence(p.Shares, sh.period)
	p.Table = s.sharesTable(p.Shares, sh)
	p.Warnings = s.sharesWarnings(p.Shares, sh)
	return true
}

func (s *subject) shareOf(g stat.Observation, all float64, sh shared) Share {
	fig := s.number(g)
	out := Share{Name: category(g), Count: cell(fig, 0).text}
	whom := people(sh.people[stat.Fold(out.Name)])
	everyone := people(sh.population).Number
	percent := func(f stat.Figure, of float64) *float64 {
		if !f.Known() || of <= 0 {
			return nil
		}
		x := 100 * f.Number / of
		return &x
	}
	out.Of, out.Population = percent(fig, all), percent(whom, everyone)
	if !fig.Known() || !whom.Known() {
		return out
	}
	if r, ok := benchmark.Represent(fig.Number, all, whom.Number, everyone, benchmark.Confidence95); ok {
		out.Ratio, out.Lower, out.Upper, out.Words = &r.Ratio, &r.Interval.Lower, &r.Interval.Upper, r.Words()
	}
	return out
}

const overWords, underWords = "over-represented", "under-represented"

// told are the names of the groups with these words.
func (sp *SharesPanel) told(words string) []string {
	var out []string
	for _, g := range sp.Groups {
		if g.Words == words {
			out = append(out, g.Name)
		}
	}
	return out
}

func sharesTitle(name string, sp *SharesPanel) string {
	over, under := sp.told(overWords), sp.told(underWords)
	switch {
	case len(over) == 1:
		return fit(name+": "+over[0]+" "+overWords, fmt.Sprintf("%s: one group %s", name, overWords), name)
	case len(over) > 1:
		return fit(fmt.Sprintf("%s: %d groups %s", name, len(over), overWords), name)
	case len(under) > 0:
		return fit(fmt.Sprintf("%s: %s %s", name, plural(len(under), "group"), underWords), name)
	}
	return fit(name+" by "+sp.Dimension, name)
}

// populationWarnings say what the groups' populations are shares of, where that
// is not plainly all children.
func (s *subject) populationWarnings(sh shared) []string {
	var out []string
	all := people(sh.population).Number
	if sh.summed {
		out = append(out, fmt.Sprintf("No total goes with these groups' populations, so a share of all children is of their sum, %s.", stat.Format(all, 0)))
	} else if in := sum(sh.people); in.Known() && apart(in.Number, all) {
		out = append(out, fmt.Sprintf("The populations of the groups add up to %s, not to the %s that shares of all children are of.", stat.Format(in.Number, 0), stat.Format(all, 0)))
	}
	published := s.peopleAt(sh.population.Period, false)
	if sh.met {
		out = append(out, fmt.Sprintf("The groups' populations are the council's own and come exactly to %s.", publishedBy(people(published), published)))
	}
	if f := people(published); sh.ours && f.Known() && apart(f.Number, all) {
		out = append(out, fmt.Sprintf("The groups' populations are the council's own, %s together; %s publishes %s for that date.", stat.Format(all, 0), published.Publisher(), stat.Format(f.Number, 0)))
	}
	return out
}

// apart reports whether two populations differ by more than rounding makes of
// a dozen groups.
func apart(a, b float64) bool { return math.Abs(a-b) > max(60, 0.002*b) }

// sharesSentence names the groups whose share is not what chance would make of
// their share of the population.
func (s *subject) sharesSentence(sp *SharesPanel, period stat.Period) string {
	var parts []string
	for _, g := range sp.Groups {
		if g.Words == overWords || g.Words == underWords {
			parts = append(parts, fmt.Sprintf("%s, %s of them and %s of all children, %s", g.Name, percentText(g.Of), percentText(g.Population), g.Words))
		}
	}
	when := benchmark.UpperFirst(benchmark.When(period))
	if len(parts) == 0 {
		return fmt.Sprintf("%s no group by %s was further from its share of all children than chance would explain.", when, sp.Dimension)
	}
	return fmt.Sprintf("%s among %s by %s: %s.", when, benchmark.LowerFirst(s.m.Name), sp.Dimension, strings.Join(parts, "; "))
}

func percentText(x *float64) string { return number(x, 1) + "%" }

func (s *subject) sharesTable(sp *SharesPanel, sh shared) *TablePanel {
	t := &TablePanel{
		Mark: -1, Caption: fmt.Sprintf("%s by %s, %s, %s", s.m.Name, sh.dimension, s.area.Name, sh.period.Label()),
		Columns: []string{benchmark.UpperFirst(sh.dimension), "Number", "Share of them (%)", "Share of all children (%)", "Times its share", "95% interval", "In words"},
	}
	for _, g := range sp.Groups {
		i := slices.IndexFunc(sh.groups, func(o stat.Observation) bool { return category(o) == g.Name })
		interval := ""
		if g.Lower != nil {
			interval = number(g.Lower, 2) + " to " + number(g.Upper, 2)
		}
		t.add([]entry{text(g.Name), cell(s.number(sh.groups[i]), 0), numeral(g.Of, 1), numeral(g.Population, 1), numeral(g.Ratio, 2), text(interval), text(g.Words)})
	}
	t.Notes = notes(t)
	return t
}

// sharesWarnings are the doubts: small numbers, an older population, children
// in none of the groups.
func (s *subject) sharesWarnings(sp *SharesPanel, sh shared) []string {
	var out []string
	var few []string
	in, marked := 0.0, false
	for _, g := range sh.groups {
		fig := s.number(g)
		if fig.Known() {
			in += fig.Number
		} else {
			marked = true
		}
		if fig.Known() && fig.Number < 10 {
			few = append(few, category(g))
		}
	}
	if len(few) > 0 {
		out = append(out, fmt.Sprintf("Fewer than ten children, so one more or less moves the share much: %s.", strings.Join(few, ", ")))
	}
	if y := sh.population.Period.End.Year; y < estimateFor(sh.period.End) {
		out = append(out, fmt.Sprintf("Shares of all children are those of mid-%d, the latest held with this breakdown.", y))
	}
	all := s.number(sh.total).Number
	switch left := all - in; {
	case left > 0 && marked:
		out = append(out, fmt.Sprintf("%s of the %s are in a group whose number is withheld, or in none.", stat.Format(left, 0), stat.Format(all, 0)))
	case left > 0:
		out = append(out, fmt.Sprintf("%s of the %s are in none of these groups.", stat.Format(left, 0), stat.Format(all, 0)))
	case left < 0:
		out = append(out, fmt.Sprintf("The groups add up to %s, more than the %s there are: some children are counted twice, or a figure is wrong.", stat.Format(in, 0), stat.Format(all, 0)))
	}
	out = append(out, s.populationWarnings(sh)...)
	return append(out, "A large group cannot have a large ratio: compare groups by their rates, not by their ratios.")
}
