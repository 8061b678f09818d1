package benchmark

import "bellwether/internal/stat"

// Distance is how far a figure lies from a benchmark, such as the mean of its
// neighbours.
type Distance struct {
	Benchmark float64  `json:"benchmark"` // in the measure's unit
	Absolute  float64  `json:"absolute"`  // value less benchmark, in the measure's unit
	Percent   *float64 `json:"percent"`   // of the benchmark; nil where that is 0
	Match     *float64 `json:"match"`     // the count that would give the benchmark on the area's own denominator, to the nearest child
	Children  *float64 `json:"children"`  // Match less the count: -64 is 64 fewer; nil where count or denominator is not known
}

// DistanceFrom measures an observation of rates or percentages against a
// benchmark in the same unit. The children are counted on the area's own
// denominator, 120.4 per 10,000 of 35,617 being 429, half up. It is false
// where the value is not known. A count needs no children: where the value
// is no rate or percentage, Match and Children are nil.
func DistanceFrom(benchmark float64, m stat.Measure, o stat.Observation) (Distance, bool) {
	if !o.Value.Known() || !finite(benchmark) {
		return Distance{}, false
	}
	d := Distance{Benchmark: benchmark, Absolute: shed(o.Value.Number - benchmark)}
	if benchmark != 0 {
		d.Percent = ptr(shed(100 * (o.Value.Number - benchmark) / benchmark))
	}
	if k := multiplierOf(m); k != 0 && o.Count.Known() && o.Denominator.Known() && positive(o.Denominator.Number) {
		d.Match = ptr(stat.RoundHalfUp(benchmark*o.Denominator.Number/k, 0))
		d.Children = ptr(*d.Match - o.Count.Number)
	}
	return d, true
}
