package dashboard

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// The fewest consecutive points a control chart is drawn of. With fewer than
// thirteen benchmark warns; ten years are all that most published series have.
const (
	fewestPoints = 12
	fewestYears  = 10

	// A stretch of fewer has moving ranges too few to say what is usual: it has
	// no limits yet, and of its points nothing is said.
	fewestInStretch = 6
)

// run is a series a control chart may be of: consecutive periods, each with a
// number. Limits come of all of them, so that a verdict does not hang on the
// years shown; those are observations[from:to].
type run struct {
	observations []stat.Observation
	from, to     int
	step         stat.Span
	own          bool
	counts       bool   // its numbers are counts, not values
	after        string // label of the missing period it begins after, "" for none
}

// run chooses the council's own months or quarters, or else the published
// series, or else the council's own years.
func (s *subject) run() (run, bool) {
	published := run{observations: s.published(), step: s.step(), counts: s.sel.Show == ShowCount && s.m.Unit != stat.Number}
	choices := []run{s.ownRun(stat.Month), s.ownRun(stat.Quarter), published, s.ownRun(stat.Year)}
	for _, r := range choices {
		if r = s.latestRun(r); len(r.observations) >= r.fewest() && r.to-r.from >= 2 {
			return r, true
		}
	}
	return run{}, false
}

func (r run) fewest() int {
	if r.step == stat.Year {
		return fewestYears
	}
	return fewestPoints
}

// step is how far apart the published periods are.
func (s *subject) step() stat.Span {
	if s.m.Kind == stat.Snapshot {
		return closest(s.periods)
	}
	return s.span
}

// published are the area's published figures of the measure's series.
func (s *subject) published() []stat.Observation {
	if s.local {
		return nil
	}
	var out []stat.Observation
	for _, p := range s.periods {
		out = append(out, s.observation(s.area.Code, p))
	}
	return out
}

// ownRun is the council's own figures of one step: as numbers where the measure
// is a rate, which a month has none of.
func (s *subject) ownRun(step stat.Span) run {
	r := run{step: step, own: true, counts: s.m.Unit == stat.RateOf}
	var days []stat.Period
	for _, o := range s.own {
		days = append(days, o.Period)
	}
	for _, o := range s.own {
		if o.Period.Span == step || o.Period.Span == stat.Day && closest(days) == step {
			r.observations = append(r.observations, o)
		}
	}
	return r
}

// figure is the number the chart is of.
func (s *subject) figure(r run, o stat.Observation) stat.Figure {
	if r.counts || s.m.Unit == stat.Number {
		return s.number(o)
	}
	return o.Value
}

// latestRun keeps what comes after the last period that is missing before the
// end of the selected years, and finds those years in it.
func (s *subject) latestRun(r run) run {
	var kept []stat.Observation
	var missing stat.Period
	for _, o := range r.observations {
		if o.Period.IsZero() {
			continue
		}
		known := s.figure(r, o).Known()
		if n := len(kept); n > 0 && (!known || !o.Period.Consecutive(kept[n-1].Period, r.step)) {
			if s.later(o.Period) {
				break
			}
			missing, kept = kept[n-1].Period, nil
		}
		if known {
			kept = append(kept, o)
		}
	}
	if r.observations = kept; !missing.IsZero() {
		r.after = missing.Label()
	}
	for r.to = len(kept); r.to > 0 && !s.within(kept[r.to-1].Period); r.to-- {
	}
	for r.from = 0; r.from < r.to && !s.within(kept[r.from].Period); r.from++ {
	}
	return r
}

// later reports whether a period is after the selected years.
func (s *subject) later(p stat.Period) bool {
	return s.sel.To != 0 && p.End.FinancialYear() > s.sel.To
}

// controlPanel draws an XmR chart of a measure the catalogue says one is for.
func (s *subject) controlPanel(p *Panel, cr *credit) bool {
	if !s.m.Control {
		return false
	}
	r, ok := s.run()
	if !ok {
		return false
	}
	chart, err := s.xmr(r)
	if err != nil {
		return false
	}
	s.drawControl(p, r, chart, cr)
	return true
}

// unsaid is why limits begin anew, for readers who are not told.
const unsaid = "the process changed"

// xmr is the control chart of a run.
func (s *subject) xmr(r run) (benchmark.Control, error) {
	var points []benchmark.Point
	for _, o := range r.observations {
		points = append(points, benchmark.Point{Period: o.Period, Value: s.figure(r, o).Number})
	}
	settings := benchmark.ControlSettings{Step: r.step, Polarity: s.m.Polarity}
	for _, b := range s.rebases() {
		settings.Rebase = append(settings.Rebase, benchmark.Rebase{From: b.From, Reason: cmp.Or(b.Reason, unsaid)})
	}
	return benchmark.XmR(points, settings)
}

// rebases are those of this measure and area, oldest first.
func (s *subject) rebases() []stat.Rebase {
	var out []stat.Rebase
	for _, b := range s.f.said.Rebases {
		if b.Measure == s.m.Code && b.Area == s.area.Code {
			out = append(out, b)
		}
	}
	return out
}

func (s *subject) drawControl(p *Panel, r run, chart benchmark.Control, cr *credit) {
	decimals := s.m.Decimals
	if r.counts {
		decimals = 0
	}
	latest := chart.Points[r.to-1]
	p.Control = &ControlPanel{
		Decimals: decimals, Variation: variationIn(chart, latest), Words: latest.Words(), Assurance: chart.Assurance.Words(),
	}
	if p.Control.Variation == TooEarly {
		p.Control.Words = tooEarlyWords
	}
	drawn := *s
	if r.counts {
		drawn.sel.Show = ShowCount
	} else {
		drawn.sel.Show = ShowValue
	}
	for i := r.from; i < r.to; i++ {
		cp := chart.Points[i]
		point := ControlPoint{Point: drawn.point(cp.Period, s.figure(r, r.observations[i]), cr), Variation: variationIn(chart, cp)}
		if point.Variation != TooEarly {
			point.Cause = causeWords[cp.Cause]
		}
		p.Control.Points = append(p.Control.Points, point)
	}
	for i := chart.Points[r.from].Segment; i <= latest.Segment; i++ {
		p.Control.Segments = append(p.Control.Segments, s.controlSegment(r, chart, i))
	}
	p.Unit = drawn.unitWords()
	s.controlWords(p, r, chart)
	p.Table = s.controlTable(p.Control, r, chart)
}

// controlSegment is what is shown of a stretch, with its limits. One that no
// figure can reach is drawn at 0, or of a percentage at 100.
func (s *subject) controlSegment(r run, chart benchmark.Control, i int) ControlSegment {
	seg, first, last := chart.Segments[i], chart.Points[r.from].Period, chart.Points[r.to-1].Period
	out := ControlSegment{From: seg.From.End.String(), To: seg.To.End.String(), Mean: seg.Mean, Reason: seg.Reason}
	if seg.From.Compare(first) < 0 {
		out.From = first.End.String()
	}
	if seg.To.Compare(last) > 0 {
		out.To = last.End.String()
	}
	if limited(seg) {
		lower, upper := math.Max(0, seg.Limits.Lower), seg.Limits.Upper
		if s.m.Unit == stat.Percent && !r.counts {
			upper = math.Min(100, upper)
		}
		out.Lower, out.Upper = &lower, &upper
	}
	if i == 0 {
		return out
	}
	var by []string
	for _, b := range s.rebases() {
		if b.By != "" && strings.Contains(seg.Reason, b.Reason) && !seg.From.Start().Before(b.From) && !slices.Contains(by, b.By) {
			by = append(by, b.By)
		}
	}
	out.By = strings.Join(by, ", ")
	return out
}

// limited reports whether a stretch has points enough for limits.
func limited(seg benchmark.Segment) bool { return seg.Limits != nil && seg.N >= fewestInStretch }

// variationIn is a point's, where its stretch has points enough to say.
func variationIn(chart benchmark.Control, cp benchmark.ControlPoint) string {
	if !limited(chart.Segments[cp.Segment]) {
		return TooEarly
	}
	return variation(cp.Variation)
}

// variation is benchmark's in the words of a View.
func variation(v benchmark.Variation) string {
	switch v {
	case benchmark.Improving:
		return Improvement
	case benchmark.Concerning:
		return Concern
	case benchmark.NeutralHigh:
		return SpecialHigh
	case benchmark.NeutralLow:
		return SpecialLow
	}
	return CommonCause
}

var causeWords = map[benchmark.Cause]string{
	benchmark.OutsideLimits: "outside the limits",
	benchmark.TrendRun:      "one of a run that only rises or only falls",
	benchmark.TwoOfThree:    "one of two out of three points near a limit",
	benchmark.ShiftRun:      "one of a run on one side of the mean",
}
