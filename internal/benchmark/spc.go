package benchmark

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"bellwether/internal/stat"
)

// What a control chart cannot be drawn of. Callers ask with errors.Is.
var (
	ErrGap    = errors.New("a control chart needs every period")
	ErrTooFew = errors.New("a control chart needs at least two points")
)

// The constants of an XmR chart. 2.66 is 3 / 1.128 and 3.267 is D4, both for
// moving ranges of two.
const (
	limitsAt   = 2.66
	nearAt     = limitsAt * 2 / 3
	outlyingAt = 3.267

	runLength   = 7
	minBaseline = 12

	// shortBelow is the number of points under which Making Data Count shows
	// no limits.
	shortBelow = 13
)

// ControlSettings say how an XmR chart is drawn. The zero value is what
// NHSRplotthedots does, for a measure without polarity or target.
type ControlSettings struct {
	Step         stat.Span     // between snapshots ("month"); of spans it is their own length
	KeepOutliers bool          // all moving ranges count, as in Making Data Count's workbook
	BeyondCounts bool          // in two of three, points beyond the limit count too
	Trend        int           // points that make a trend: 6 or 7, 0 is 7
	Shift        int           // points that make a shift: 6 or 7, 0 is 7
	Baseline     int           // limits come from the first points of each segment: 12 or more, 0 is all
	Rebase       []Rebase      // in any order
	Polarity     stat.Polarity // without one no special cause is good or bad
	Target       *float64      // in the unit of the points
}

// Rebase begins a new segment because the process changed: with the first
// period that begins on From or later. One that falls on or before the first
// point, or after the last, changes nothing.
type Rebase struct {
	From   stat.Date
	Reason string // why a person decided so; never empty
}

// Control is a control chart.
type Control struct {
	Points    []ControlPoint // oldest first
	Segments  []Segment      // at least one
	Assurance Assurance      // "" without a target or a polarity
}

// ControlPoint is a point and what the rules say of it.
type ControlPoint struct {
	Point
	Segment   int  // index into Segments
	Side      int  // of the mean: 1 above, -1 below, 0 on it
	Near      bool // beyond a near limit, not beyond the limit
	Cause     Cause
	High      bool // of a special cause: a rising trend, or above the mean
	Variation Variation
}

// Segment is a stretch of the chart with one mean, in the unit of the points.
type Segment struct {
	From, To    stat.Period
	N           int
	Mean        float64
	MovingRange float64 // mean moving range, after screening
	Limits      *Limits // nil where it has but one point
	Short       bool    // fewer than 13 points: limits are not to be relied on
	Reason      string  // of the rebase that began it, "" of the first
}

// Limits are where common cause variation ends. They are symmetrical about
// the mean, and may lie below 0 or above 100%.
type Limits struct {
	Lower, Upper         float64
	NearLower, NearUpper float64
}

// XmR draws a control chart of a series of consecutive periods, given in any
// order. In each segment the mean and the mean moving range are those of its
// points, or of the first Baseline; limits stand at the mean plus and minus
// 2.66 mean moving ranges, near limits at two thirds of that. Unless outliers
// are kept, moving ranges of 3.267 times their mean or more are left out of
// it, once. Rules never cross a segment's ends.
//
// It fails with ErrGap where a period is missing or there twice, with
// ErrTooFew, or where a setting is not one of those allowed.
//
// Source: NHSRplotthedots 0.2.2; NHS England, Making Data Count; Nelson,
// "Control charts for individual measurements", Journal of Quality Technology
// 14 (1982), for the screening.
func XmR(points []Point, s ControlSettings) (Control, error) {
	if err := s.check(); err != nil {
		return Control{}, err
	}
	points = inOrder(points)
	if len(points) < 2 {
		return Control{}, ErrTooFew
	}
	if err := s.complete(points); err != nil {
		return Control{}, err
	}
	var c Control
	noise := noiseOf(points)
	for i, cut := range s.cuts(points) {
		seg := s.segment(points[cut.from:cut.to], cut.reason)
		c.Segments = append(c.Segments, seg)
		c.Points = append(c.Points, s.mark(points[cut.from:cut.to], seg, i, noise)...)
	}
	c.Assurance = s.assurance(c.Segments[len(c.Segments)-1], noise)
	return c, nil
}

// Latest is the point whose variation is the chart's.
func (c Control) Latest() ControlPoint { return c.Points[len(c.Points)-1] }

// Warnings name the segments whose limits rest on too few points.
func (c Control) Warnings() []string {
	var out []string
	for _, s := range c.Segments {
		switch {
		case s.Limits == nil:
			out = append(out, fmt.Sprintf("There are no limits from %s yet: they need two points.", s.From.Label()))
		case s.Short:
			out = append(out, fmt.Sprintf("The limits from %s rest on %d points; with fewer than %d they are not to be relied on.", s.From.Label(), s.N, shortBelow))
		}
	}
	return out
}

func (s ControlSettings) check() error {
	for name, n := range map[string]int{"trend": s.Trend, "shift": s.Shift} {
		if n != 0 && n != 6 && n != 7 {
			return fmt.Errorf("control chart: a %s is 6 or 7 points, not %d", name, n)
		}
	}
	if s.Baseline != 0 && s.Baseline < minBaseline {
		return fmt.Errorf("control chart: a baseline of %d points is too short: use %d or more", s.Baseline, minBaseline)
	}
	if s.Target != nil && !finite(*s.Target) {
		return fmt.Errorf("control chart: the target %v is not a number", *s.Target)
	}
	for _, r := range s.Rebase {
		if r.From.IsZero() || strings.TrimSpace(r.Reason) == "" {
			return errors.New("control chart: a rebase needs its date and the reason for it")
		}
	}
	return nil
}

// complete sees that no period is missing.
func (s ControlSettings) complete(points []Point) error {
	step := points[0].Period.Span
	if step == stat.Day {
		step = s.Step
	}
	if step == "" {
		return errors.New("control chart: figures of single days need a step: say how far apart the days are")
	}
	for i := 1; i < len(points); i++ {
		if p, before := points[i].Period, points[i-1].Period; !follows(p, before, step) {
			return fmt.Errorf("%w: %s comes after %s", ErrGap, p.Label(), before.Label())
		}
	}
	return nil
}

// cut is a segment before anything is known of it: points[from:to].
type cut struct {
	from, to int
	reason   string
}

func (s ControlSettings) cuts(points []Point) []cut {
	reasons := map[int][]string{}
	for _, r := range s.Rebase {
		i := 0
		for i < len(points) && points[i].Period.Start().Before(r.From) {
			i++
		}
		reasons[i] = append(reasons[i], r.Reason)
	}
	out := []cut{{to: len(points)}}
	for i := 1; i < len(points); i++ {
		if why := reasons[i]; why != nil {
			out[len(out)-1].to = i
			out = append(out, cut{i, len(points), strings.Join(why, "; ")})
		}
	}
	return out
}

// segment works out the mean and limits of its points.
func (s ControlSettings) segment(points []Point, reason string) Segment {
	seg := Segment{
		From: points[0].Period, To: points[len(points)-1].Period,
		N: len(points), Short: len(points) < shortBelow, Reason: reason,
	}
	base := points
	if s.Baseline > 0 {
		base = points[:min(s.Baseline, len(points))]
	}
	var values, ranges []float64
	for i, p := range base {
		values = append(values, p.Value)
		if i > 0 {
			ranges = append(ranges, math.Abs(p.Value-base[i-1].Value))
		}
	}
	seg.Mean = average(values)
	if len(ranges) == 0 {
		return seg
	}
	seg.MovingRange = average(ranges)
	if !s.KeepOutliers {
		seg.MovingRange = screened(ranges, seg.MovingRange)
	}
	seg.Limits = &Limits{
		Lower: seg.Mean - limitsAt*seg.MovingRange, Upper: seg.Mean + limitsAt*seg.MovingRange,
		NearLower: seg.Mean - nearAt*seg.MovingRange, NearUpper: seg.Mean + nearAt*seg.MovingRange,
	}
	return seg
}

// screened is the mean of the ranges that are not outlying. Where all are 0
// none is left, and the mean stays 0.
func screened(ranges []float64, mean float64) float64 {
	var kept []float64
	for _, r := range ranges {
		if r < outlyingAt*mean {
			kept = append(kept, r)
		}
	}
	if len(kept) == 0 {
		return mean
	}
	return average(kept)
}

func average(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
