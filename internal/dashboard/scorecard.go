package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// scorecardPlace is where a scorecard's commentary is kept.
func scorecardPlace(name string) string { return "scorecard/" + name }

// seriesLength is how many figures a row's small trend has at most: a year of
// months and the one they are set against.
const seriesLength = 13

// scorecard makes the panel of a definition's rows, nil where there are none.
// With a chosen period only figures of what had ended by its day count.
func (f *figures) scorecard(def *Definition, v *View) (*Panel, error) {
	if len(def.Rows) == 0 {
		return nil, nil
	}
	var by stat.Date
	if v.Selection.Period != "" {
		p, err := stat.ParsePeriod(v.Selection.Period)
		if err != nil {
			return nil, &ChoiceError{"period", v.Selection.Period, err}
		}
		by, v.Selection.Period = p.End, p.End.String()
	}
	cadence := cmp.Or(v.Selection.Cadence, def.Cadence)
	v.Selection.Cadence, v.Cadences = cadence, cadenceChoices
	sc := &ScorecardPanel{Cadence: cadence, Since: cadenceWords[cadence], Comments: scorecardPlace(def.Name)}
	cr, ends, doubts := &credit{}, map[stat.Date]bool{}, doubts{}
	for i := range def.Rows {
		s := f.scoring(&def.Rows[i], cadence, v, by)
		sc.Rows = append(sc.Rows, s.row(sc.Comments, cr))
		s.doubt(&doubts)
		for _, o := range s.all() {
			ends[o.Period.End] = true
		}
		if s.season && sc.Since == cadenceWords[cadence] && cadence != yearly {
			sc.Since += ", or the same month or quarter a year before of what goes with the seasons"
		}
	}
	v.Periods = endChoices(ends)
	p := &Panel{Kind: Scorecard, ID: Scorecard, Scorecard: sc, Warnings: doubts.words()}
	sc.words(p, def, v.Area)
	p.Table = sc.table(def)
	p.Source = cr.words()
	return p, nil
}

// endChoices are the days figures are of, latest first.
func endChoices(ends map[stat.Date]bool) []Choice {
	var days []stat.Date
	for d := range ends {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b stat.Date) int { return b.Compare(a) })
	var out []Choice
	for _, d := range days {
		out = append(out, Choice{d.String(), d.Long()})
	}
	return out
}

// scoring is one row being made.
type scoring struct {
	*subject
	def     *RowDefinition
	cadence string
	by      stat.Date // last day a period may end, zero for any
	list    []stat.Observation
	now     int // index in list of the current figure, -1 for none
	before  stat.Observation
	season  bool // before is of the same months a year earlier
}

func (f *figures) scoring(r *RowDefinition, cadence string, v *View, by stat.Date) *scoring {
	m, _ := f.cat.Measure(r.Measure) // checked by Load
	sel := v.Selection
	sel.From, sel.To, sel.Show = 0, 0, ShowValue
	if r.Show != "" {
		sel.Show = r.Show
	}
	s := &scoring{subject: f.subject(m, v.Area, sel), def: r, cadence: cadence, by: by}
	s.pick()
	return s
}

// said reports whether an observation says anything of what the row shows; a
// gap without a reason says nothing.
func (s *scoring) said(o stat.Observation) bool {
	fig := s.shown(o)
	return fig.Given() && fig.Mark != stat.Unexplained
}

// all are the area's figures, published and the council's own, of any day.
func (s *scoring) all() []stat.Observation {
	return slices.DeleteFunc(slices.Concat(s.f.history(s.m.Code, s.area.Code), s.own),
		func(o stat.Observation) bool { return !s.said(o) })
}

// lists are the area's figures up to the chosen day, those of one publisher
// and one length of period together, oldest first.
func (s *scoring) lists() [][]stat.Observation {
	type kind struct {
		own  bool
		span stat.Span
	}
	at, out := map[kind]int{}, [][]stat.Observation{}
	for _, o := range s.all() {
		if !s.by.IsZero() && s.by.Before(o.Period.End) {
			continue
		}
		k := kind{o.Publisher() == stat.Council, o.Period.Span}
		i, ok := at[k]
		if !ok {
			i, at[k] = len(out), len(out)
			out = append(out, nil)
		}
		out[i] = append(out[i], o)
	}
	return out
}

// pick finds the current figure, the newest there is, and the one before it.
// A flow is wanted in periods as long as the cadence, unless those have fallen
// behind by more than one.
func (s *scoring) pick() {
	s.now = -1
	lists := s.lists()
	for _, l := range lists {
		if s.now < 0 || s.prefer(l, s.list) {
			s.list, s.now = l, len(l)-1
		}
	}
	if s.now < 0 {
		return
	}
	day := cadenceBefore(s.cadence, s.list[s.now].Period)
	if s.before = lastBy(s.list, day); s.before.Period.IsZero() {
		for _, l := range lists { // another publisher's, named where it is shown
			if o := lastBy(l, day); o.Period.Span == s.list[s.now].Period.Span && s.before.Period.Compare(o.Period) < 0 {
				s.before = o
			}
		}
	}
	s.sameSeason(lists)
}

// sameSeason takes for the figure before that of the same months a year
// earlier, where one is held: what happens in a month goes with the seasons.
func (s *scoring) sameSeason(lists [][]stat.Observation) {
	now := s.current()
	if !s.seasonal(now.Period) {
		return
	}
	for _, l := range append([][]stat.Observation{s.list}, lists...) {
		for _, o := range l {
			if !s.season && o.Period == yearEarlier(now.Period) && s.shown(o).Known() {
				s.before, s.season = o, true
			}
		}
	}
}

// yearEarlier is a period of whole months a year before.
func yearEarlier(p stat.Period) stat.Period {
	return stat.Period{End: p.End.AddMonthEnds(-12), Span: p.Span}
}

// prefer reports whether a is rather to be shown than b. Of two that end on one
// day it is the one with the later figure before it, for a month is set against
// a month; or else the published one.
func (s *scoring) prefer(a, b []stat.Observation) bool {
	x, y := a[len(a)-1], b[len(b)-1]
	before := func(l []stat.Observation) stat.Date {
		return lastBy(l, cadenceBefore(s.cadence, l[len(l)-1].Period)).Period.End
	}
	want := cadenceSpan[s.cadence]
	step := months[want]
	switch {
	case x.Period.Span == want && y.Period.Span != want:
		return !x.Period.End.AddMonthEnds(step).Before(y.Period.End)
	case y.Period.Span == want && x.Period.Span != want:
		return y.Period.End.AddMonthEnds(step).Before(x.Period.End)
	case x.Period.End != y.Period.End:
		return y.Period.End.Before(x.Period.End)
	}
	if c := before(a).Compare(before(b)); c != 0 {
		return c > 0
	}
	return x.Publisher() != stat.Council
}

// lastBy is the last observation of a period that had ended by day.
func lastBy(list []stat.Observation, day stat.Date) stat.Observation {
	for _, o := range slices.Backward(list) {
		if !day.Before(o.Period.End) {
			return o
		}
	}
	return stat.Observation{}
}

// current is the observation the row is of; it has no period where there is none.
func (s *scoring) current() stat.Observation {
	if s.now < 0 {
		return stat.Observation{}
	}
	return s.list[s.now]
}

// row lays the row out, naming what it rests on to cr.
func (s *scoring) row(place string, cr *credit) ScorecardRow {
	r := ScorecardRow{
		Section: s.def.Section, Ref: s.def.Ref, Head: s.def.head,
		Measure: s.m.Code, Name: s.m.Name, Path: "/measures/" + s.m.Code, Unit: s.unitWords(), Decimals: s.decimals(),
		Current: s.figure(s.current(), cr), Previous: s.figure(s.before, cr), Series: s.series(cr),
	}
	r.Good, r.GoodIs = s.def.goodIs(s.m)
	s.others(&r, cr)
	goal := s.goal(&r)
	r.Target = goal.Target
	r.Travel = s.travel(&r)
	r.Rating = s.rate(&r, goal)
	r.Comment = s.remark(place)
	r.Flags = r.flags()
	return r
}

// figure is an observation as it is shown in the row.
func (s *scoring) figure(o stat.Observation, cr *credit) ScorecardPoint {
	if o.Period.IsZero() {
		return ScorecardPoint{}
	}
	out := ScorecardPoint{Point: s.point(o.Period, s.shown(o), cr), Publisher: whoseWords(o.Publisher(), s.shown(o))}
	out.Bare = out.Text
	if out.Number != nil {
		out.Text = s.def.unitOf(s.m, out.Text)
	}
	if s.m.Unit == stat.Percent && s.def.Show != ShowCount && o.Count.Known() && o.Denominator.Known() {
		out.Of = fmt.Sprintf("%s of %s", stat.Format(o.Count.Number, 0), stat.Format(o.Denominator.Number, 0))
	}
	return out
}

// series is the small trend: the latest figures of the current one's kind.
func (s *scoring) series(cr *credit) []Point {
	given := map[stat.Period]stat.Figure{}
	var ps []stat.Period
	for _, o := range s.list {
		given[o.Period] = s.shown(o)
		ps = append(ps, o.Period)
	}
	ps = fill(ps, closest(ps))
	out := []Point{}
	for _, p := range ps[max(0, len(ps)-seriesLength):] {
		out = append(out, s.point(p, given[p], cr))
	}
	return out
}

// others puts in the latest published figures of the neighbours, region and
// England. Plain numbers are compared with nobody.
func (s *scoring) others(r *ScorecardRow, cr *credit) {
	mean := benchmark.Neighbours{Group: s.with.group}.MeanName()
	r.Neighbours.Name = benchmark.UpperFirst(strings.TrimPrefix(mean, "the "))
	r.Region.Name, r.England.Name = "Region", s.in.England.Name
	if len(s.in.Regions) > 0 {
		r.Region.Name = s.in.Regions[0].Name
	}
	i := s.compareAt()
	if i < 0 {
		return
	}
	c, p := s.comparedAt(i), s.periods[i]
	r.Neighbours.set(s.m, p, c.Neighbours.Mean, 1)
	r.Region.Name = cmp.Or(c.Region.Name, r.Region.Name)
	r.Region.set(s.m, p, c.Region.Value, s.m.Decimals)
	r.England.set(s.m, p, c.England.Value, s.m.Decimals)
	s.averaged(cr, p, c.Neighbours)
	for _, code := range []string{c.Region.Code, c.England.Code} {
		s.point(p, s.observation(code, p).Value, cr)
	}
}

func (c *Comparator) set(m stat.Measure, p stat.Period, x *float64, decimals int) {
	if x != nil {
		c.Number, c.Bare, c.Period, c.Label = x, stat.Format(*x, decimals), p.End.String(), p.Label()
		c.Text = benchmark.InUnit(m, c.Bare)
	}
}

// peersMean is the mean of the statistical neighbours, whomever the reader
// compares with: a target does not move with that.
func (s *scoring) peersMean(r *ScorecardRow) *Comparator {
	if s.sel.Neighbours == DefaultModel {
		return &r.Neighbours
	}
	sel, other := s.sel, *s
	sel.Neighbours = DefaultModel
	other.subject = s.f.subject(s.m, s.area, sel)
	out := &Comparator{}
	if i := other.compareAt(); i >= 0 {
		out.set(s.m, other.periods[i], other.comparedAt(i).Neighbours.Mean, 1)
	}
	return out
}

// compareAt is the latest period by the chosen day of which others have
// figures, -1 where there is none.
func (s *scoring) compareAt() int {
	if s.local || s.counting() {
		return -1
	}
	for i := range slices.Backward(s.periods) {
		c := s.comparedAt(i)
		some := c.Neighbours.N > 0 || c.Region.Value != nil || c.England.Value != nil
		if some && (s.by.IsZero() || !s.by.Before(s.periods[i].End)) {
			return i
		}
	}
	return -1
}

// remark is the latest commentary on the row, of figures up to the chosen day.
// What was said of figures that are not here, be it that they are a draft or
// were withdrawn, is not.
func (s *scoring) remark(place string) *Remark {
	var found *stat.Comment
	newest := s.current().Period.End
	for i, c := range s.f.said.Comments {
		ours := c.Place == place && c.Head == s.def.head && c.Area == s.area.Code && c.Text != ""
		if ours && !newest.Before(c.Date) && (s.by.IsZero() || !s.by.Before(c.Date)) && (found == nil || found.Date.Before(c.Date)) {
			found = &s.f.said.Comments[i]
		}
	}
	if found == nil {
		return nil
	}
	return &Remark{
		Text: found.Text, By: found.By, At: found.At.Format(time.RFC3339),
		Date: found.Date.String(), Label: found.Date.Long(), Stale: found.Date.Before(s.current().Period.End),
	}
}
