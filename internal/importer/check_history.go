package importer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// series is one line of figures: a measure, breakdown and area. Snapshots are
// of any day; flows are of one length of period.
type series struct {
	measure, breakdown, area string
	span                     stat.Span
}

func (c *checking) seriesOf(o *stat.Observation) series {
	return series{o.Measure, o.Breakdown, o.Area, o.Period.Span}
}

// byPeriod orders observations by their end.
func byPeriod(a, b *stat.Observation) int { return a.Period.Compare(b.Period) }

// heldSeries is what one of the publishers has said of a series, in order.
func (c *checking) heldSeries(publishers ...string) map[series][]*stat.Observation {
	out := map[series][]*stat.Observation{}
	for _, os := range c.held {
		for _, o := range os {
			if slices.Contains(publishers, o.Publisher()) {
				out[c.seriesOf(o)] = append(out[c.seriesOf(o)], o)
			}
		}
	}
	for _, os := range out {
		slices.SortFunc(os, byPeriod)
	}
	return out
}

// fileSeries is what the file says, in order.
func (c *checking) fileSeries() map[series][]*stat.Observation {
	out := map[series][]*stat.Observation{}
	for i := range c.r.Observations {
		o := &c.r.Observations[i]
		out[c.seriesOf(o)] = append(out[c.seriesOf(o)], o)
	}
	for _, os := range out {
		slices.SortFunc(os, byPeriod)
	}
	return out
}

// fewestStale is how many measures must repeat themselves.
const fewestStale = 3

// stale finds a council's newest figures that are those of the period before,
// measure by measure: the report was not run anew.
func (c *checking) stale() []stat.Problem {
	if !c.council {
		return nil
	}
	newest, held := map[string]stat.Date{}, c.heldSeries(stat.Council)
	for i := range c.r.Observations {
		if o := &c.r.Observations[i]; newest[o.Area].Before(o.Period.End) {
			newest[o.Area] = o.Period.End
		}
	}
	same, differ := map[string][]*stat.Observation{}, map[string]bool{}
	before := map[string]stat.Date{}
	for s, os := range c.fileSeries() {
		last := os[len(os)-1]
		previous := latestBefore(held[s], last.Period)
		if s.breakdown != "" || last.Period.End != newest[s.area] || previous == nil || c.heldOf(last.Key, stat.Council) != nil {
			continue
		}
		switch repeats(last, previous) {
		case yes:
			same[s.area] = append(same[s.area], last)
			before[s.area] = previous.Period.End
		case no:
			differ[s.area] = true
		}
	}
	var out []stat.Problem
	for area, os := range same {
		if len(os) >= fewestStale && !differ[area] {
			out = append(out, c.staleProblem(os, before[area]))
		}
	}
	slices.SortFunc(out, func(a, b stat.Problem) int { return cmp.Compare(a.At, b.At) })
	return out
}

func (c *checking) staleProblem(os []*stat.Observation, before stat.Date) stat.Problem {
	slices.SortFunc(os, func(a, b *stat.Observation) int { return a.Key.Compare(b.Key) })
	var says []string
	for _, o := range os {
		says = append(says, c.measure(o.Measure).Name+" "+givenFigure(o).Text)
	}
	return warning(codeStale, givenFigure(os[0]).At, "the figures of %s are all those of %s again (%s): check that the report was run anew",
		os[0].Period.End.Long(), before.Long(), strings.Join(says, ", "))
}

func givenFigure(o *stat.Observation) stat.Figure {
	for _, p := range stat.Parts {
		if f := o.Part(p); f.Given() {
			return *f
		}
	}
	return stat.Figure{}
}

type answer uint8

const (
	unsaidYet answer = iota
	yes
	no
)

// repeats compares the parts that both give. Zeros and marks repeat
// themselves often and say nothing.
func repeats(a, b *stat.Observation) answer {
	out := unsaidYet
	for _, p := range stat.Parts {
		x, y := a.Part(p), b.Part(p)
		switch {
		case p == stat.PartDenominator || !x.Given() || !y.Given():
		case !x.Same(*y):
			return no
		case x.Known() && x.Number != 0:
			out = yes
		}
	}
	return out
}

// latestBefore is the last observation of a series that ends before p does.
func latestBefore(os []*stat.Observation, p stat.Period) *stat.Observation {
	for _, o := range slices.Backward(os) {
		if o.Period.End.Before(p.End) {
			return o
		}
	}
	return nil
}

const (
	fewestPoints = 5    // of a series that shows how much it may change
	leastChange  = 0.10 // that is worth a word
	noise        = 3    // standard errors of the difference of two counts (Poisson) that chance alone may make
)

// beyondHistory finds a new figure that lies further from the one before it
// than two neighbouring figures of the series ever did, by more than a tenth,
// and more than chance makes of two counts. The series is the publisher's own
// or, where that is short, the published one. Of published files only the home
// area is looked at: what its neighbours do is not for the analyst to explain.
func (c *checking) beyondHistory() []stat.Problem {
	own := c.heldSeries(c.r.Batch.Publisher)
	published := c.heldSeries(stat.DfE, stat.ONS)
	var out []stat.Problem
	for s, os := range c.fileSeries() {
		if !c.council && s.area != c.home.Code {
			continue
		}
		past := own[s]
		if len(past) < fewestPoints {
			past = published[s]
		}
		if len(past) >= fewestPoints {
			out = append(out, c.outliers(os, past)...)
		}
	}
	slices.SortFunc(out, func(a, b stat.Problem) int { return cmp.Compare(a.At, b.At) })
	return out
}

// outliers looks at what is new or revised in os.
func (c *checking) outliers(os, past []*stat.Observation) []stat.Problem {
	all := slices.SortedFunc(slices.Values(slices.Concat(past, os)), byPeriod)
	var out []stat.Problem
	for _, o := range os {
		if held := c.heldOf(o.Key, c.r.Batch.Publisher); held != nil && repeats(o, held) == yes {
			continue
		}
		before := latestBefore(all, o.Period)
		if before == nil {
			continue
		}
		for _, part := range []stat.Part{stat.PartCount, stat.PartValue} {
			now, was := *o.Part(part), *before.Part(part)
			if !now.Known() || !was.Known() {
				continue
			}
			if most, ok := largestStep(past, part); ok && c.unseen(o.Measure, part, now.Number, was.Number, most) {
				out = append(out, warning(codeOutlier, now.At, "%s: %s, after %s on %s: the series has never changed by more than %s from one figure to the next (%d are held)",
					c.ofWhat(o), now.Text, was.Text, before.Period.End.Long(), stat.Format(most, decimalsOf(most)), len(past)))
			}
			break
		}
	}
	return out
}

func decimalsOf(x float64) int {
	if x == math.Trunc(x) {
		return 0
	}
	return 1
}

func (c *checking) unseen(measure string, part stat.Part, now, was, most float64) bool {
	step := math.Abs(now - was)
	if step <= most || step <= leastChange*math.Abs(was) {
		return false
	}
	counts := part == stat.PartCount || c.measure(measure).Unit == stat.Number
	return !counts || step > noise*math.Sqrt(now+was)
}

// largestStep is the largest change between two figures that follow on one
// another; false where too few are numbers.
func largestStep(past []*stat.Observation, part stat.Part) (most float64, ok bool) {
	n, last := 0, 0.0
	for _, o := range past {
		f := o.Part(part)
		if !f.Known() {
			continue
		}
		if n++; n > 1 {
			most = max(most, math.Abs(f.Number-last))
		}
		last = f.Number
	}
	return most, n >= fewestPoints
}

// fewestRestated is how many revised figures are worth a note.
const fewestRestated = 10

// restated counts the figures that are held already and come out otherwise.
func (c *checking) restated() []stat.Problem {
	n, of := 0, 0
	var first stat.Figure
	for i := range c.r.Observations {
		o := &c.r.Observations[i]
		held := c.heldOf(o.Key, c.r.Batch.Publisher)
		if held == nil {
			continue
		}
		for _, p := range stat.Parts {
			now, was := o.Part(p), held.Part(p)
			if !now.Known() || !was.Known() || was.Origin != nil && now.Origin != nil && now.Origin.Released.Last().Before(was.Origin.Released.Last()) {
				continue
			}
			if of++; !now.Same(*was) {
				if n++; n == 1 {
					first = *now
				}
			}
		}
	}
	if n < fewestRestated {
		return nil
	}
	return []stat.Problem{{At: first.At, Severity: stat.Note, Code: codeRestated,
		Message: fmt.Sprintf("%d of the %d figures that are held already are restated by this file, the first here: both versions are kept", n, of)}}
}
