package chart

import (
	"fmt"
	"math"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// Sides of a small trend in pixels, and the room its line leaves for the dot
// at its end.
const (
	SparkWidth  = 160
	SparkHeight = 40
	sparkRoom   = 5
)

// sparkSpan is the least share of the highest figure that the height stands
// for, so that a line which hardly moves looks as if it hardly moved.
const sparkSpan = 0.2

// Spark is a small trend of a figure, oldest point first, as an SVG without
// axes or text: a line in the colour of the text around it, broken where a
// point has no number, and a dot at the last. It is an ornament, hidden from
// assistive technology; the page says the same in words beside it. It is nil
// where fewer than two points have a number.
func Spark(points []dashboard.Point) []byte {
	dots := sparkDots(points)
	if len(dots) < 2 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="bw-spark" viewBox="0 0 %d %d" width="%d" height="%d" aria-hidden="true" focusable="false">`,
		SparkWidth, SparkHeight, SparkWidth, SparkHeight)
	b.WriteString(`<path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" d="`)
	for i, d := range dots {
		step := "L"
		if i == 0 || d.begins {
			step = "M"
		}
		fmt.Fprintf(&b, "%s%.1f %.1f", step, d.x, d.y)
		if step == "M" && (i == len(dots)-1 || dots[i+1].begins) {
			b.WriteString("h0") // a figure between two gaps is a dot
		}
	}
	last := dots[len(dots)-1]
	fmt.Fprintf(&b, `"/><circle cx="%.1f" cy="%.1f" r="4" fill="currentColor"/></svg>`, last.x, last.y)
	return []byte(b.String())
}

// sparkDot is a figure in pixels; begins says that none stands just before it.
type sparkDot struct {
	x, y   float64
	begins bool
}

func sparkDots(points []dashboard.Point) []sparkDot {
	var dots []sparkDot
	begins := true
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		d, err := stat.ParseDate(p.Period)
		if p.Number == nil || err != nil {
			begins = true
			continue
		}
		dots = append(dots, sparkDot{float64(d.Time().Unix()), *p.Number, begins})
		low, high, begins = min(low, *p.Number), max(high, *p.Number), false
	}
	if len(dots) == 0 {
		return nil
	}
	if least := sparkSpan * max(math.Abs(low), math.Abs(high)); high-low < least {
		middle := (low + high) / 2
		low, high = middle-least/2, middle+least/2
	}
	first, last := dots[0].x, dots[len(dots)-1].x
	for i, d := range dots {
		dots[i].x = along(d.x, first, last, sparkRoom, SparkWidth-sparkRoom)
		dots[i].y = along(d.y, low, high, SparkHeight-sparkRoom, sparkRoom)
	}
	return dots
}

// along is where x lies between a and b, as a place between from and to.
func along(x, a, b, from, to float64) float64 {
	if b <= a {
		return (from + to) / 2
	}
	return from + (x-a)/(b-a)*(to-from)
}
