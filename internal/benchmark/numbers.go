package benchmark

import (
	"slices"

	"bellwether/internal/stat"
)

// shed takes the binary noise off a number worked out from decimal ones:
// 562.9 - 554.6 is 8.3, not 8.299999999999955. It rounds nothing a reader
// could see.
func shed(x float64) float64 { return stat.RoundHalfUp(x, 9) }

// mean is the unweighted mean, the way DfE's Local Authority Interactive Tool
// averages statistical neighbours. xs is not empty.
func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return shed(sum / float64(len(xs)))
}

// quantile is R's type 7 (Hyndman and Fan, "Sample Quantiles in Statistical
// Packages", 1996). sorted is in ascending order and not empty; p is 0 to 1.
func quantile(sorted []float64, p float64) float64 {
	h := float64(len(sorted)-1) * p
	i := int(h)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return shed(sorted[i] + (h-float64(i))*(sorted[i+1]-sorted[i]))
}

// quarter is 1 to 4, 1 the lowest: a value on a cut belongs below it, as in
// the Local Authority Interactive Tool.
func quarter(x float64, cuts []float64) int {
	for i, cut := range cuts {
		if x <= cut {
			return i + 1
		}
	}
	return len(cuts) + 1
}

// rank is the competition rank of x among all, which include x itself: one
// more than the number above it, so that ties share the better place.
func rank(x float64, all []float64) Rank {
	r, same := Rank{Position: 1, Of: len(all)}, 0
	for _, y := range all {
		switch {
		case y > x:
			r.Position++
		case y == x:
			same++
		}
	}
	r.Joint = same > 1
	r.Lowest = r.Position > 1 && r.Position+same-1 == r.Of
	return r
}

// summarise fills in n, mean, median and range from the members' values.
func (n *Neighbours) summarise() {
	var xs []float64
	for _, m := range n.Members {
		if m.Value != nil {
			xs = append(xs, *m.Value)
		}
	}
	if n.N = len(xs); n.N == 0 {
		return
	}
	slices.Sort(xs)
	n.Mean, n.Median = ptr(mean(xs)), ptr(quantile(xs, 0.5))
	n.Min, n.Max = ptr(xs[0]), ptr(xs[len(xs)-1])
}

func ptr[T any](x T) *T { return &x }
