package benchmark

import (
	"fmt"
	"math"
	"slices"

	"bellwether/internal/stat"
)

const (
	// fewCount is the number below which one child more or less moves a figure
	// much: the same from which intervals are approximated.
	fewCount = exactBelow

	// fewWhole is the number below which one child moves a percentage of it by
	// more than two points.
	fewWhole = 50

	// fewExtreme is the number below which that of an extreme figure is told.
	fewExtreme = 50
)

// few warns of small numbers behind a rate or a percentage.
func (c Comparison) few(in Input) string {
	if !Comparable(in.Measure) || c.Value == nil {
		return ""
	}
	whole, count, about := in.whole(), c.Count, ""
	if count == nil && whole > 0 && multiplierOf(in.Measure) > 0 {
		count, about = ptr(stat.RoundHalfUp(*c.Value*whole/multiplierOf(in.Measure), 0)), "about "
	}
	switch {
	case in.Measure.Unit == stat.Percent && whole > 0 && whole < fewWhole:
		return fmt.Sprintf("The percentage is of only %s: one more or less moves it by %s percentage points, so a change or a rank may be chance.",
			stat.Format(whole, 0), stat.Format(100/whole, 1))
	case count == nil || *count >= fewCount:
		return ""
	}
	return fmt.Sprintf("The figure rests on a count of %s%s: with fewer than %s, one more or less moves it much, so a change or a rank may be chance.",
		about, stat.Format(*count, 0), numeral(fewCount))
}

// whole is what the figure is divided by, 0 where that is not known.
func (in Input) whole() float64 {
	for _, f := range []stat.Figure{in.here().Denominator, in.Whole} {
		if f.Known() && positive(f.Number) {
			return f.Number
		}
	}
	return 0
}

// contradicts warns of a printed value that does not follow from its count and
// denominator: both are kept as printed, and where they are far apart nothing
// is worked out from them.
func (c Comparison) contradicts(in Input) string {
	o, m := in.here(), in.Measure
	x, ok := reckoned(m, o)
	if !ok || adds(m, o) {
		return ""
	}
	why := "one of them may have been revised"
	switch {
	case in.countRestated():
		why = "the count has been restated, the " + valueNoun(m) + " has not"
	case m.Unit == stat.RateOf:
		why = "the rate may be from another estimate of the population"
	}
	said := fmt.Sprintf("The %s %s is kept as printed, %s, but %s of %s would be %s: %s.",
		valueNoun(m), When(in.Period), Quantity(m, o.Value.Number, m.Decimals), stat.Format(o.Count.Number, 0), stat.Format(o.Denominator.Number, 0), Quantity(m, x, m.Decimals), why)
	if _, near := settled(m, o); near {
		return said
	}
	return said + " So no interval and no number to match the mean is given."
}

// countRestated reports whether the compared figure's count was published
// again and its value was not.
func (in Input) countRestated() bool {
	parts := map[stat.Part]bool{}
	for _, r := range in.Restated {
		if r.Area == in.Area.Code && r.Measure == in.Measure.Code && r.Breakdown == "" && r.Period == in.Period && r.Publisher == in.publisher() {
			parts[r.Part] = true
		}
	}
	return parts[stat.PartCount] && !parts[stat.PartValue]
}

// withheldShare is the share of all authorities from which those withheld put
// a rank in doubt.
const withheldShare = 0.05

// withheld warns that figures withheld are of small numbers, so that the rank
// and the mean are those of the others.
func (c Comparison) withheld(in Input) string {
	near, all := in.confidential(in.Neighbours), in.confidential(in.Authorities)
	mean := near > 0 && c.Neighbours.Mean != nil
	rank := c.Rank != nil && float64(all) > withheldShare*float64(len(in.Authorities))
	what := "the rank is that"
	switch {
	case mean && rank:
		what = "the rank and " + c.Neighbours.MeanName() + " are those"
	case mean:
		all, what = near, c.Neighbours.MeanName()+" is that"
	case !rank:
		return ""
	}
	whose := numeral(all) + " authorities"
	if all == 1 {
		whose = "one authority"
	}
	return fmt.Sprintf("Small numbers are withheld (%s), so %s of the others.", whose, what)
}

// confidential is how many of some areas have a figure that is withheld.
func (in Input) confidential(areas []stat.Area) int {
	n := 0
	for _, a := range areas {
		if o := in.Figures[a.Code]; !o.Value.Known() && (o.Value.Mark == stat.Confidential || o.Count.Mark == stat.Confidential) {
			n++
		}
	}
	return n
}

const (
	drawnBy    = 0.10 // of the mean without it
	drawnFence = 3    // interquartile ranges, Tukey's outer fence
	drawnLeast = 5    // values
)

// drawn names the one neighbour that draws the mean away from the others: it
// lies beyond Tukey's outer fence, and without it the mean would be a tenth
// other.
//
// Source: Tukey, "Exploratory data analysis" (1977), 2D.
func (c Comparison) drawn(in Input) string {
	n := c.Neighbours
	if n.N < drawnLeast {
		return ""
	}
	far, xs := Place{}, []float64{}
	for _, p := range n.Members {
		if p.Value == nil {
			continue
		}
		xs = append(xs, *p.Value)
		if far.Value == nil || math.Abs(*p.Value-*n.Mean) > math.Abs(*far.Value-*n.Mean) {
			far = p
		}
	}
	slices.Sort(xs)
	low, high := quantile(xs, 0.25), quantile(xs, 0.75)
	fence := drawnFence * (high - low)
	without := (*n.Mean*float64(n.N) - *far.Value) / float64(n.N-1)
	if *far.Value >= low-fence && *far.Value <= high+fence || math.Abs(*n.Mean-without) <= drawnBy*math.Abs(without) {
		return ""
	}
	m := plain(in.Measure)
	figure := Quantity(m, *far.Value, m.Decimals)
	if o := in.Figures[far.Code]; o.Count.Known() && o.Count.Number < fewExtreme {
		figure += ", resting on a count of " + stat.Format(o.Count.Number, 0)
	}
	return fmt.Sprintf("%s draws %s far from the others (%s): without it the mean would be %s, not %s.",
		UpperFirst(PlaceName(far.Name)), n.MeanName(), figure, Quantity(m, without, 1), Quantity(m, *n.Mean, 1))
}
