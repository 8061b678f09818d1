package benchmark

import (
	"cmp"
	"fmt"
	"math"

	"bellwether/internal/stat"
)

// Movement is the way from an earlier point of a series to its last.
type Movement struct {
	From, To Point
	Step     stat.Span // From is the period this step before To; "" for any other
	Absolute float64   // To less From, in the unit of the series
	Percent  *float64  // of From; nil where that is 0
}

// Previous is the change from the point before the last. Where that is not
// the period directly before, a step apart, the movement has no Step: it is
// across a gap and to be named by both its dates. False for fewer than two
// points.
func Previous(series []Point, step stat.Span) (Movement, bool) {
	series = inOrder(series)
	if len(series) < 2 {
		return Movement{}, false
	}
	last, before := series[len(series)-1], series[len(series)-2]
	m := moved(before, last)
	if follows(last.Period, before.Period, step) {
		m.Step = step
	}
	return m, true
}

// Peak is the highest point, the latest of equals; false for no points.
func Peak(series []Point) (Point, bool) {
	series = inOrder(series)
	if len(series) == 0 {
		return Point{}, false
	}
	top := series[0]
	for _, p := range series {
		if p.Value >= top.Value {
			top = p
		}
	}
	return top, true
}

func moved(from, to Point) Movement {
	m := Movement{From: from, To: to, Absolute: shed(to.Value - from.Value)}
	if from.Value != 0 {
		m.Percent = ptr(shed(100 * (to.Value - from.Value) / from.Value))
	}
	return m
}

// Crossing is the passing of a level by the last point of a series.
type Crossing struct {
	Level float64
	Above bool  // the last point lies above the level, otherwise below
	Last  Point // the last point
	Since Point // the latest earlier one on this side, or else the first of all
	Never bool  // there was none on this side
	Gap   bool  // periods since then have no figure
}

// Crossed reports whether the last point lies above (or below) a level that
// the point before it did not, and since when none has. The level may be a
// round number or any past value, in the unit of the series.
func Crossed(series []Point, level float64, step stat.Span) (Crossing, bool) {
	series = inOrder(series)
	n := len(series)
	if n < 2 || !finite(level) {
		return Crossing{}, false
	}
	way := cmp.Compare(series[n-1].Value, level)
	if way == 0 || cmp.Compare(series[n-2].Value, level) == way {
		return Crossing{}, false
	}
	c := Crossing{Level: level, Above: way > 0, Last: series[n-1], Since: series[0], Never: true}
	from := 0
	for i := n - 3; i >= 0; i-- {
		if cmp.Compare(series[i].Value, level) == way {
			c.Since, c.Never, from = series[i], false, i
			break
		}
	}
	c.Gap = !unbroken(series[from:], step)
	return c, true
}

// Words say it, given the level as it is shown: "below 550 for the first time
// in 13 months". Nothing is claimed of periods without a figure.
func (c Crossing) Words(level string) string {
	s := "below " + level
	if c.Above {
		s = "above " + level
	}
	since := "since " + date(c.Since.Period)
	switch {
	case c.Never:
		since = "since the figures begin (" + c.Since.Period.Label() + ")"
	case !c.Gap:
		since = cmp.Or(c.lapse(), since)
	}
	if c.Gap {
		since += ", as far as there are figures"
	}
	return s + " for the first time " + since
}

// lapse is "in 13 months" or "in two years", "" where it is neither.
func (c Crossing) lapse() string {
	a, b := c.Since.Period.End, c.Last.Period.End
	months := 12*(b.Year-a.Year) + int(b.Month) - int(a.Month)
	if a.AddMonthEnds(months) != b || a.MonthEnd() != a {
		return ""
	}
	if months%12 == 0 && months > 12 {
		return fmt.Sprintf("in %s years", numeral(months/12))
	}
	return fmt.Sprintf("in %s months", numeral(months))
}

// date is a period's label as a noun in a sentence.
func date(p stat.Period) string {
	if p.Span == stat.Year {
		return "the " + p.Label()
	}
	return p.Label()
}

// RoundBetween is the roundest number that a series has crossed on the way
// from one value to the next, the last of them where there are several:
// multiples of 1,000, 500, 100, 50 and 10 in that order for values in the
// hundreds. It may be the earlier value, never the later. False where none
// lies between.
func RoundBetween(before, after float64) (float64, bool) {
	if before == after || !finite(before) || !finite(after) {
		return 0, false
	}
	unit := math.Pow(10, math.Floor(math.Log10(max(math.Abs(before), math.Abs(after)))))
	for _, k := range []float64{10, 5, 1, 0.5, 0.1} {
		step := k * unit
		level := shed((math.Floor(shed(after/step)) + 1) * step)
		if after > before {
			level = shed((math.Ceil(shed(after/step)) - 1) * step)
		}
		if min(before, after) <= level && level <= max(before, after) && level != after {
			return level, true
		}
	}
	return 0, false
}
