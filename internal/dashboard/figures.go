package dashboard

import (
	"context"
	"fmt"
	"slices"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// figures is one Holding laid out for look-up, with the rates that no file
// gave worked out. Published figures and the council's own stay apart. It
// belongs to one page and one goroutine.
type figures struct {
	cat       *stat.Catalogue
	published map[string]map[stat.Period]map[string]stat.Observation // measure, period, area
	own       map[string]map[string][]stat.Observation               // measure, area; in order
	estimates map[string]map[int]stat.Figure                         // population of an area at 30 June of a year
	everyone  []stat.Area                                            // every authority
	links     []stat.Link                                            // all there are
	models    []string                                               // latest first
	parts     map[partKey][]stat.Observation                         // by category, as they were held
	said      stat.Holding                                           // what the council says of its figures, and what was restated; no observations
	today     stat.Date                                              // of the page
	dues      map[string]due                                         // when the council's own figures come in, by measure
	version   int64
	empty     bool
	sampled   bool     // a sample figure has been shown
	drafts    drafts   // what has been shown of imports not published yet
	remarks   []string // of what is not on the page
}

// read asks src once for some measures and the population their rates may
// need.
func (b *Boards) read(ctx context.Context, src Source, q stat.Query, codes ...string) (*figures, error) {
	q.Measures = append(slices.Clone(codes), stat.Population)
	slices.Sort(q.Measures)
	q.Measures = slices.Compact(q.Measures)
	held, err := src.Read(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("reading figures: %w", err)
	}
	return arrange(b.cat, held), nil
}

// arrange lays a holding out.
func arrange(cat *stat.Catalogue, held stat.Holding) *figures {
	f := &figures{
		cat: cat, version: held.Version, empty: len(held.Observations) == 0,
		published: map[string]map[stat.Period]map[string]stat.Observation{},
		own:       map[string]map[string][]stat.Observation{},
		estimates: map[string]map[int]stat.Figure{},
		everyone:  cat.ByLevel(stat.Authority),
		links:     held.Links,
		models:    []string{},
		parts:     map[partKey][]stat.Observation{},
		drafts:    drafts{},
		said:      held,
	}
	f.said.Observations = nil
	for _, o := range held.Observations {
		if o.Measure == stat.Population && o.Breakdown == "" && o.Publisher() != stat.Council {
			f.addEstimate(o)
		}
	}
	var m stat.Measure // of the run of observations in key order
	for _, o := range held.Observations {
		if o.Measure != m.Code {
			m, _ = cat.Measure(o.Measure)
		}
		switch {
		case m.Code == "":
		case o.Breakdown == "":
			f.add(f.complete(m, o))
		default:
			f.addPart(o)
		}
	}
	for _, areas := range f.own {
		for _, es := range areas {
			slices.SortFunc(es, func(a, b stat.Observation) int { return a.Period.Compare(b.Period) })
		}
	}
	f.findModels()
	return f
}

func (f *figures) addEstimate(o stat.Observation) {
	if f.estimates[o.Area] == nil {
		f.estimates[o.Area] = map[int]stat.Figure{}
	}
	for _, fig := range []stat.Figure{o.Value, o.Count} {
		if fig.Known() {
			f.estimates[o.Area][o.Period.End.Year] = fig
			return
		}
	}
}

// add files an observation under its publisher; where both DfE and another publish
// a figure, DfE's is taken.
func (f *figures) add(e stat.Observation) {
	if e.Publisher() == stat.Council {
		if f.own[e.Measure] == nil {
			f.own[e.Measure] = map[string][]stat.Observation{}
		}
		f.own[e.Measure][e.Area] = append(f.own[e.Measure][e.Area], e)
		return
	}
	periods := f.published[e.Measure]
	if periods == nil {
		periods = map[stat.Period]map[string]stat.Observation{}
		f.published[e.Measure] = periods
	}
	if periods[e.Period] == nil {
		periods[e.Period] = map[string]stat.Observation{}
	}
	if held, taken := periods[e.Period][e.Area]; taken && held.Publisher() == stat.DfE {
		return
	}
	periods[e.Period][e.Area] = e
}

// complete derives a rate that no file gave: of a date or a year, never of a
// month, whose count is no annual rate. A gap without a reason counts as not
// given; any other mark stands. A rate that was given without its denominator
// gets the population it would be divided by.
func (f *figures) complete(m stat.Measure, o stat.Observation) stat.Observation {
	annual := m.Kind == stat.Snapshot || o.Period.Span == stat.Year
	if m.Unit != stat.RateOf || m.Population == "" || !annual || !o.Count.Known() {
		return o
	}
	population := o.Denominator
	if !population.Known() {
		population, _ = f.population(o.Area, o.Period.End)
	}
	if o.Value.Given() && o.Value.Mark != stat.Unexplained {
		if o.Value.Known() && !o.Denominator.Given() {
			o.Denominator = population
		}
		return o
	}
	rate, ok := stat.Rate(o.Count.Number, population.Number, m.Decimals)
	if !population.Known() || !ok {
		return o
	}
	o.Denominator = population
	o.Value = stat.Figure{
		Number: rate, Text: stat.Format(rate, m.Decimals), Derived: true,
		At: o.Count.At, Origin: o.Count.Origin,
	}
	return o
}

// population is the area's mid-year estimate for a date, or the latest earlier
// one, with its year.
func (f *figures) population(area string, d stat.Date) (stat.Figure, int) {
	best := 0
	for year := range f.estimates[area] {
		if year <= estimateFor(d) && year > best {
			best = year
		}
	}
	return f.estimates[area][best], best
}

// estimateFor is the year of the mid-year estimate DfE divides by: the year
// before the 31 March that ends the date's financial year.
func estimateFor(d stat.Date) int { return d.FinancialYear() - 1 }

// provisional is the year of the estimate a derived rate rests on, where that
// is an earlier one than will be used in the end; 0 otherwise.
func (f *figures) provisional(o stat.Observation) int {
	if !o.Value.Derived {
		return 0
	}
	return f.early(o)
}

// early is the year of the population estimate that serves an observation as
// denominator, where that is an earlier one than will be used in the end; 0
// otherwise.
func (f *figures) early(o stat.Observation) int {
	used, year := f.population(o.Area, o.Period.End)
	if !used.Known() || o.Denominator != used || year == estimateFor(o.Period.End) {
		return 0
	}
	return year
}

// findModels lists the models that the links are of.
func (f *figures) findModels() {
	for _, l := range f.links {
		if !slices.Contains(f.models, l.Model) {
			f.models = append(f.models, l.Model)
		}
	}
	slices.Sort(f.models)
	slices.Reverse(f.models)
}

// near are the links of an area to its neighbours in a model, closest first.
func (f *figures) near(model, area string) []stat.Link {
	var out []stat.Link
	for _, l := range f.links {
		if l.Area == area && l.Model == model {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b stat.Link) int { return a.Position - b.Position })
	return out
}

// area is an area by code, or a bare one that the catalogue does not know.
func (f *figures) area(code string) stat.Area {
	if a, err := f.cat.Area(code); err == nil {
		return a
	}
	return stat.Area{Code: code, Name: code}
}

// regions are those an area is compared with, in order of preference: its
// own, then what that is part of (London for Inner and Outer London).
func (f *figures) regions(a stat.Area) []stat.Area {
	var out []stat.Area
	for code := a.Region; code != ""; {
		r := f.area(code)
		out = append(out, r)
		if len(out) > 3 {
			break
		}
		code = r.Region
	}
	return out
}

// remark keeps something to be said once on the page.
func (f *figures) remark(s string) {
	if !f.empty && !slices.Contains(f.remarks, s) {
		f.remarks = append(f.remarks, s)
	}
}

// history is the area's published observations, oldest first.
func (f *figures) history(measure, area string) []stat.Observation {
	var out []stat.Observation
	for _, areas := range f.published[measure] {
		if o, ok := areas[area]; ok {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b stat.Observation) int { return a.Period.Compare(b.Period) })
	return out
}

// input is all that is known of a measure in an area, for benchmark to compare
// once a Period, its Figures and those to compare with are set.
func (f *figures) input(m stat.Measure, a stat.Area, with peers) benchmark.Input {
	in := benchmark.Input{
		Measure: m, Area: a, Model: with.choice, Group: with.group, Member: with.member,
		Regions: f.regions(a), England: f.area(stat.England), Authorities: f.everyone,
		Earlier: f.history(m.Code, a.Code), Own: f.own[m.Code][a.Code],
	}
	for _, r := range f.said.Restated {
		if r.Measure == m.Code && r.Area == a.Code && r.Breakdown == "" {
			in.Restated = append(in.Restated, r)
		}
	}
	return in
}
