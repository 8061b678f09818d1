package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// A way is where a series went from the latest figure of a day up to the
// meeting: to its newest, or nowhere.
type way struct {
	run
	from, to stat.Observation
	part     string // MovedLate, MovedNone or, where the newest is of a later day, MovedNot until it is judged
}

// move is what there is to say of the measure since a day; "" where it has no
// figure. The council's own figures are told where they go further.
func (s *subject) move(day stat.Date, cr *credit) (string, Move) {
	w, ok := s.way(s.publishedSeries(), day)
	own, has := s.way(s.ownSeries(), day)
	if has && (!ok || own.newerThan(w)) {
		w, ok = own, true
	}
	if !ok {
		return "", Move{}
	}
	m := s.moveOf(w, cr)
	m.Notes = s.moveNotes(w, day)
	if w.part == MovedNone {
		m.Sentence = s.noneSentence(w, day)
		return w.part, m
	}
	s.judge(w, &m)
	m.Sentence = s.moveSentence(w, m)
	switch {
	case w.part == MovedLate:
		return w.part, m
	case m.Way == "" && s.number(w.from).Number == s.number(w.to).Number:
		return MovedNot, m
	case m.Beyond:
		return MovedBeyond, m
	}
	return MovedChance, m
}

// newerThan prefers what moved to what did not, then the later figure.
func (w way) newerThan(o way) bool {
	if (w.part == MovedNone) != (o.part == MovedNone) {
		return o.part == MovedNone
	}
	if (w.part == MovedLate) != (o.part == MovedLate) {
		return o.part == MovedLate
	}
	return o.to.Period.End.Before(w.to.Period.End)
}

// publishedSeries is the area's published figures: as numbers where no rate is
// known.
func (s *subject) publishedSeries() run {
	r := run{observations: s.published(), step: s.step()}
	rates := slices.ContainsFunc(r.observations, func(o stat.Observation) bool { return o.Value.Known() })
	r.counts = s.m.Unit == stat.RateOf && !rates
	return r
}

// ownSeries is the council's own figures of the periods as long as its newest,
// the shortest where several end on one day.
func (s *subject) ownSeries() run {
	var newest stat.Observation
	for _, o := range s.own {
		if (o.Value.Known() || s.number(o).Known()) && newest.Period.End.Before(o.Period.End) {
			newest = o
		}
	}
	r := run{own: true, step: newest.Period.Span, counts: s.m.Unit == stat.RateOf && !newest.Value.Known()}
	var days []stat.Period
	for _, o := range s.own {
		if o.Period.Span == newest.Period.Span {
			r.observations, days = append(r.observations, o), append(days, o.Period)
		}
	}
	if r.step == stat.Day {
		r.step = closest(days)
	}
	return r
}

// way finds the two ends; false for a series without a number.
func (s *subject) way(r run, day stat.Date) (way, bool) {
	var known []stat.Observation
	for _, o := range r.observations {
		if s.figure(r, o).Known() {
			known = append(known, o)
		}
	}
	if len(known) == 0 {
		return way{}, false
	}
	w := way{run: r, to: known[len(known)-1], part: MovedNone}
	before := known[:len(known)-1]
	if day.Before(w.to.Period.End) {
		for _, o := range before {
			if !day.Before(o.Period.End) {
				w.from, w.part = o, MovedNot
			}
		}
		return w, true
	}
	released := s.figure(r, w.to).Origin
	if released == nil || !day.Before(released.Released.Last()) || len(before) == 0 {
		return w, true
	}
	w.from, w.part = before[len(before)-1], MovedLate
	for _, o := range before {
		if s.m.Kind != stat.Snapshot && w.to.Period.Consecutive(o.Period, stat.Year) {
			w.from = o
		}
	}
	return w, true
}

// moveOf is the two figures and the change between them.
func (s *subject) moveOf(w way, cr *credit) Move {
	m := Move{Measure: s.m.Code, Name: s.m.Name, Path: "/measures/" + s.m.Code, Unit: s.m.Unit.Words()}
	if w.counts {
		m.Unit = stat.Number.Words()
	}
	m.To = s.movePoint(w.run, w.to, cr)
	m.Whose = whoseWords(w.to.Publisher(), s.figure(w.run, w.to))
	if w.from.Period.IsZero() {
		return m
	}
	m.From = s.movePoint(w.run, w.from, cr)
	moved, _ := benchmark.Previous([]benchmark.Point{
		{Period: w.from.Period, Value: *m.From.Number}, {Period: w.to.Period, Value: *m.To.Number},
	}, "")
	m.Absolute, m.Percent = &moved.Absolute, moved.Percent
	decimals := s.m.Decimals
	if w.counts {
		decimals = 0
	}
	m.Change = stat.FormatChange(moved.Absolute, decimals)
	still := m.Change == "no change"
	switch {
	case s.m.Unit == stat.RateOf && !w.counts && w.from.Count.Known() && w.to.Count.Known():
		s.moveCount(&m, w, still)
	case still:
	case s.m.Unit == stat.Percent:
		m.Change += " percentage points"
	case m.Percent != nil:
		m.Change += " (" + percentSign(*m.Percent)
		if s.m.Unit == stat.RateOf && !w.counts {
			m.Change += " of the rate"
		}
		m.Change += ")"
	}
	if still {
		return m
	}
	m.Way, m.Good = "up", map[stat.Polarity]string{stat.HighIsGood: "better", stat.LowIsGood: "worse"}[s.m.Polarity]
	if moved.Absolute < 0 {
		m.Way, m.Good = "down", map[stat.Polarity]string{stat.HighIsGood: "worse", stat.LowIsGood: "better"}[s.m.Polarity]
	}
	return m
}

// moveCount tells a change of a rate by the number behind it too, and in per
// cent of that alone: of a rounded rate it would be a coarse one. The rate goes
// first where the two do not go the same way.
func (s *subject) moveCount(m *Move, w way, still bool) {
	from, to := w.from.Count.Number, w.to.Count.Number
	by := to - from
	number := stat.FormatChange(by, 0)
	if m.Number, m.Percent = &by, nil; from != 0 {
		percent := 100 * by / from
		if m.Percent = &percent; by != 0 {
			number += " (" + percentSign(percent) + ")"
		}
	}
	switch rate := *m.Absolute; {
	case still && by == 0:
	case still:
		m.Change = number + "; rate unchanged"
	case rate*by > 0:
		m.Change = number + "; rate " + m.Change
	default:
		m.Change = "rate " + m.Change + "; number " + number
	}
}

// percentSign is "+0.7%".
func percentSign(x float64) string { return withSign(x, 1) + "%" }

// withSign is a difference that may be 0.
func withSign(x float64, decimals int) string {
	if s := stat.FormatChange(x, decimals); s != "no change" {
		return s
	}
	return stat.Format(0, decimals)
}

func (s *subject) movePoint(r run, o stat.Observation, cr *credit) MovePoint {
	drawn := *s
	if r.counts {
		drawn.sel.Show = ShowCount
	}
	out := MovePoint{Point: drawn.point(o.Period, s.figure(r, o), cr)}
	out.Said = drawn.pointText(out.Point)
	if !r.counts && s.m.Unit == stat.RateOf && o.Count.Known() {
		out.Count = stat.Format(o.Count.Number, 0)
	}
	return out
}

// judge asks whether chance explains the change: by the control chart where
// the measure has one up to the newest figure, or else by the interval of the
// change.
func (s *subject) judge(w way, m *Move) {
	if s.m.Control {
		r := s.latestRun(w.run)
		if n := len(r.observations); n >= r.fewest() && r.observations[n-1].Period == w.to.Period {
			if chart, err := s.xmr(r); err == nil {
				m.Beyond, m.Chance = chartSays(chart, w, *m.Absolute)
				return
			}
		}
	}
	part := stat.PartValue
	if w.counts || s.m.Unit == stat.Number {
		part = stat.PartCount
	}
	from, to := w.from, w.to
	from.Count, to.Count = s.number(from), s.number(to)
	i, ok := benchmark.ChangeInterval(s.m, from, to, part, s.yearsTo(w))
	if !ok || part == stat.PartCount && s.m.Unit == stat.Number && s.m.Denominator != "" {
		m.Chance = "chance cannot be told: no count and denominator are held that give the figures"
		return
	}
	m.Interval, m.Beyond = &i, !i.Holds(0)
	decimals := max(1, s.m.Decimals)
	m.Chance = "chance alone could explain it"
	if m.Beyond {
		m.Chance = "more than chance explains"
	}
	m.Chance += fmt.Sprintf(" (95%% interval of the change: %s to %s)", withSign(i.Lower, decimals), withSign(i.Upper, decimals))
}

// yearsTo are the yearly figures up to the earlier one, whose scatter tells
// how much they move anyway.
func (s *subject) yearsTo(w way) []stat.Observation {
	if w.step != stat.Year {
		return nil
	}
	var out []stat.Observation
	for _, o := range w.observations {
		if o.Period.Compare(w.from.Period) <= 0 {
			out = append(out, o)
		}
	}
	return out
}

// chartSays reads a control chart for the way of a change: it is more than
// chance where the newest figure shows special cause that way and the earlier
// one did not yet.
func chartSays(chart benchmark.Control, w way, change float64) (bool, string) {
	latest := chart.Latest()
	level := "low"
	if latest.High {
		level = "high"
	}
	then := slices.IndexFunc(chart.Points, func(p benchmark.ControlPoint) bool { return p.Period == w.from.Period })
	before := then >= 0 && chart.Points[then].Cause != benchmark.NoCause && chart.Points[then].High == latest.High
	switch {
	case latest.Cause == benchmark.NoCause:
		return false, "within the usual variation of its control chart"
	case before:
		return false, fmt.Sprintf("unusually %s on its control chart, as it was before", level)
	case change == 0 || latest.High != (change > 0):
		return false, fmt.Sprintf("unusually %s on its control chart, though not by this change", level)
	}
	return true, fmt.Sprintf("unusually %s: %s on its control chart", level, causeWords[latest.Cause])
}

// moveSentence says the whole of it.
func (s *subject) moveSentence(w way, m Move) string {
	a, b := m.From.withCount(), m.To.withCount()
	verb := map[string]string{"up": "rose", "down": "fell"}[m.Way]
	out := fmt.Sprintf("%s %s from %s %s to %s %s", s.m.Name, verb, a, benchmark.When(w.from.Period), b, benchmark.When(w.to.Period))
	if verb == "" {
		out = fmt.Sprintf("%s: %s %s and %s %s", s.m.Name, a, benchmark.When(w.from.Period), b, benchmark.When(w.to.Period))
	}
	if w.own {
		out += ", by the council's own figures"
	}
	return out + ": " + m.Chance + "."
}

func (p MovePoint) withCount() string {
	if p.Count == "" {
		return p.Said
	}
	return p.Count + " (" + p.Said + ")"
}

// noneSentence says what the newest figure is, and why nothing is compared.
func (s *subject) noneSentence(w way, day stat.Date) string {
	to := s.movePoint(w.run, w.to, &credit{})
	out := fmt.Sprintf("The newest figure is %s %s", to.withCount(), benchmark.When(w.to.Period))
	if day.Before(w.to.Period.End) {
		out += ", with none of a day up to the meeting to compare it with"
	}
	return out + "."
}

// moveNotes are the doubts: a newer figure that is no number, a definition
// that changed on the way, an earlier figure restated since.
func (s *subject) moveNotes(w way, day stat.Date) []string {
	var out []string
	for _, o := range w.observations {
		if f := s.figure(w.run, o); f.Given() && f.Mark != "" && w.to.Period.End.Before(o.Period.End) {
			out = append(out, fmt.Sprintf("The figure %s is %s (%s).", strings.TrimPrefix(benchmark.When(o.Period), "from "), f.Mark.Meaning(), f.Mark.Letter()))
		}
	}
	if w.from.Period.IsZero() {
		return out
	}
	for _, c := range s.m.Changed {
		from, err := stat.ParseDate(c.From)
		if err == nil && w.from.Period.End.Before(from) && !w.to.Period.End.Before(from) {
			out = append(out, fmt.Sprintf("The figures from %s are not made as those before: %s", from.Long(), c.What))
		}
	}
	for _, r := range s.f.said.Restated {
		if r.Measure != s.m.Code || r.Area != s.area.Code || r.Breakdown != "" || r.Part != stat.PartValue || r.Period != w.from.Period ||
			w.own != (r.Publisher == stat.Council) || !r.First.Known() || !r.Now.Known() || r.Now.Origin == nil || !day.Before(r.Now.Origin.Released.Last()) {
			continue
		}
		out = append(out, fmt.Sprintf("The earlier figure was first published as %s and has been restated as %s.",
			benchmark.InUnit(s.m, r.First.Text), benchmark.InUnit(s.m, r.Now.Text)))
	}
	return out
}
