package benchmark

import (
	"cmp"
	"math"

	"bellwether/internal/stat"
)

// Cause is the rule that marks a point.
type Cause string

// The rules, in the order in which they claim a point.
const (
	OutsideLimits Cause = "outside the limits"
	TrendRun      Cause = "trend"        // 6 or 7 points that only rise or only fall
	TwoOfThree    Cause = "two of three" // near one limit, all three on its side of the mean
	ShiftRun      Cause = "shift"        // 6 or 7 points on one side of the mean
	NoCause       Cause = "none"
)

// Variation is what the rules make of a point.
type Variation string

// The variations of Making Data Count.
const (
	CommonCause Variation = "common cause"
	Improving   Variation = "improving"
	Concerning  Variation = "concerning"
	NeutralHigh Variation = "high" // where neither way is good
	NeutralLow  Variation = "low"
)

// Words are plain ones, and those of Making Data Count's variation icons.
func (p ControlPoint) Words() string {
	values, plain := "lower", "unusually low"
	if p.High {
		values, plain = "higher", "unusually high"
	}
	switch p.Variation {
	case Improving:
		return plain + ", a good sign (special cause of improving nature or lower pressure due to " + values + " values)"
	case Concerning:
		return plain + ", a cause for concern (special cause of concerning nature or higher pressure due to " + values + " values)"
	case NeutralHigh:
		return plain + " (special cause of an increasing nature, where up is not necessarily improving nor concerning)"
	case NeutralLow:
		return plain + " (special cause of a decreasing nature, where down is not necessarily improving nor concerning)"
	}
	return "usual variation (common cause, no significant change)"
}

// Assurance is whether the process, as it is, will meet its target.
type Assurance string

// The assurances of Making Data Count.
const (
	ConsistentPass Assurance = "consistent pass"
	ConsistentFail Assurance = "consistent fail"
	HitOrMiss      Assurance = "hit or miss"
)

// Words are those of Making Data Count's assurance icons, "" for none.
func (a Assurance) Words() string {
	switch a {
	case ConsistentPass:
		return "variation indicates consistently passing the target"
	case ConsistentFail:
		return "variation indicates consistently falling short of the target"
	case HitOrMiss:
		return "variation indicates inconsistently passing and falling short of the target"
	}
	return ""
}

// assurance sets the target against the last segment's limits: only one
// strictly beyond them is always met or never.
func (s ControlSettings) assurance(last Segment, noise float64) Assurance {
	good := s.good()
	if s.Target == nil || good == 0 || last.Limits == nil {
		return ""
	}
	above, below := side(*s.Target, last.Limits.Upper, noise) > 0, side(*s.Target, last.Limits.Lower, noise) < 0
	switch {
	case below && good > 0, above && good < 0:
		return ConsistentPass
	case above, below:
		return ConsistentFail
	}
	return HitOrMiss
}

// good is the way that is good: 1 up, -1 down, 0 neither.
func (s ControlSettings) good() int {
	switch s.Polarity {
	case stat.HighIsGood:
		return 1
	case stat.LowIsGood:
		return -1
	}
	return 0
}

// mark applies the rules to the points of one segment. In a segment without
// limits, of one point, there is nothing to see.
func (s ControlSettings) mark(points []Point, seg Segment, index int, noise float64) []ControlPoint {
	out := make([]ControlPoint, len(points))
	sides, near, outside := make([]int, len(points)), make([]bool, len(points)), make([]bool, len(points))
	for i, p := range points {
		if l := seg.Limits; l != nil {
			sides[i] = side(p.Value, seg.Mean, noise)
			outside[i] = side(p.Value, l.Upper, noise) > 0 || side(p.Value, l.Lower, noise) < 0
			near[i] = !outside[i] && (side(p.Value, l.NearUpper, noise) > 0 || side(p.Value, l.NearLower, noise) < 0)
		}
		out[i] = ControlPoint{Point: p, Segment: index, Side: sides[i], Near: near[i], Cause: NoCause}
	}
	trend := trendRuns(points, cmp.Or(s.Trend, runLength), noise)
	two := s.twoOfThree(sides, near, outside)
	shift := runs(sides, cmp.Or(s.Shift, runLength))
	for i := range out {
		way := sides[i]
		switch {
		case outside[i]:
			out[i].Cause = OutsideLimits
		case trend[i] != 0:
			out[i].Cause, way = TrendRun, trend[i]
		case two[i]:
			out[i].Cause = TwoOfThree
		case shift[i] != 0:
			out[i].Cause = ShiftRun
		}
		out[i].Variation = s.variation(out[i].Cause, way)
		out[i].High = out[i].Cause != NoCause && way > 0
	}
	return out
}

// variation is what a special cause towards higher (1) or lower (-1) values
// means for the measure.
func (s ControlSettings) variation(c Cause, way int) Variation {
	switch good := s.good(); {
	case c == NoCause:
		return CommonCause
	case good == 0 && way > 0:
		return NeutralHigh
	case good == 0:
		return NeutralLow
	case way == good:
		return Improving
	}
	return Concerning
}

// trendRuns marks with 1 or -1 every point of a run of length points that
// only rise or only fall; a tie ends it. The point at which a rise turns into
// a fall belongs to the later run.
func trendRuns(points []Point, length int, noise float64) []int {
	var steps []int
	for i := 1; i < len(points); i++ {
		steps = append(steps, side(points[i].Value, points[i-1].Value, noise))
	}
	inRun := runs(steps, length-1)
	out := make([]int, len(points))
	for i := range out {
		if i < len(inRun) {
			out[i] = inRun[i]
		}
		if i > 0 && out[i] == 0 {
			out[i] = inRun[i-1]
		}
	}
	return out
}

// runs keeps the signs that stand in a row of at least length equal ones, and
// makes all others 0.
func runs(signs []int, length int) []int {
	out := make([]int, len(signs))
	for from := 0; from < len(signs); {
		to := from
		for to < len(signs) && signs[to] == signs[from] {
			to++
		}
		if to-from >= length {
			copy(out[from:to], signs[from:to])
		}
		from = to
	}
	return out
}

// twoOfThree marks the points near a limit of any three in a row on one side
// of the mean of which two are near. Making Data Count announced in November
// 2023 that points beyond the limit count as well, which NHSRplotthedots did
// not follow (its issue 194): BeyondCounts decides.
func (s ControlSettings) twoOfThree(sides []int, near, outside []bool) []bool {
	counts := func(i int) bool { return near[i] || s.BeyondCounts && outside[i] }
	out := make([]bool, len(sides))
	for i := 0; i+3 <= len(sides); i++ {
		n := 0
		for j := i; j < i+3; j++ {
			if counts(j) {
				n++
			}
		}
		if n < 2 || sides[i] == 0 || sides[i] != sides[i+1] || sides[i] != sides[i+2] {
			continue
		}
		for j := i; j < i+3; j++ {
			out[j] = out[j] || counts(j)
		}
	}
	return out
}

// side is 1 where y lies above a line, -1 below, 0 on it, which binary noise
// does not move it off.
func side(y, line, noise float64) int {
	switch d := y - line; {
	case d > noise:
		return 1
	case d < -noise:
		return -1
	}
	return 0
}

// noiseOf is how far sums of such numbers stray in binary.
func noiseOf(points []Point) float64 {
	largest := 0.0
	for _, p := range points {
		largest = max(largest, math.Abs(p.Value))
	}
	return largest * 1e-12
}
