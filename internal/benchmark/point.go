package benchmark

import (
	"math"
	"slices"

	"bellwether/internal/stat"
)

// Point is one number of a series. A series of points has no marks: where a
// file has one, there is no point, and the gap is told by the periods.
type Point struct {
	Period stat.Period
	Value  float64
}

// Points are the numbers of one part of a series (a count, say), oldest
// first. Marks and figures not given leave no point.
func Points(series []stat.Observation, part stat.Part) []Point {
	var out []Point
	for _, o := range series {
		if f := o.Part(part); f != nil && f.Known() {
			out = append(out, Point{o.Period, f.Number})
		}
	}
	return inOrder(out)
}

// inOrder is a copy, oldest first, without what is no finite number.
func inOrder(points []Point) []Point {
	out := make([]Point, 0, len(points))
	for _, p := range points {
		if finite(p.Value) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Point) int { return a.Period.Compare(b.Period) })
	return out
}

// follows reports whether p is the next period after o, a step apart. It is
// stat's Consecutive, and knows weeks.
func follows(p, o stat.Period, step stat.Span) bool {
	if step == stat.Week {
		return p.Span == o.Span && o.End.AddDays(7) == p.End
	}
	return p.Consecutive(o, step)
}

// unbroken reports whether each point follows directly on the one before.
func unbroken(points []Point, step stat.Span) bool {
	for i := 1; i < len(points); i++ {
		if !follows(points[i].Period, points[i-1].Period, step) {
			return false
		}
	}
	return true
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 0) }

// whole reports whether x can be a number of children: 0, 1, 2…
func whole(x float64) bool { return x >= 0 && finite(x) && x == math.Trunc(x) }
