package chart

import (
	"math"
	"strings"
	"unicode"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// Text is 4.5:1 on white or better, lines and bars 3:1.
const (
	ink   = "#0B0C0C"
	quiet = "#484949"
	rule  = "#D5DCE2"
	edge  = "#6F7F8D"
	grey  = "#8A9499"
	white = "#FFFFFF"
	font  = "Arial, Helvetica, sans-serif"

	wideText   = 16 // pixels
	narrowText = 14
)

// look is how a role is drawn; no two share both dash and symbol, so that
// none is told by its colour alone. The colours are the Government Analysis
// Function's palette for line charts.
type look struct {
	colour string
	width  float32
	dash   any // "solid", or the lengths of dashes and gaps
	symbol string
	size   int
	open   bool // a bar is outlined, not filled
}

var looks = map[string]look{
	dashboard.RoleArea:       {"#12436D", 3.5, "solid", "circle", 8, false},
	dashboard.RoleNeighbours: {"#28A197", 2.5, []int{9, 5}, "triangle", 9, true},
	dashboard.RoleRegion:     {"#801650", 2.5, []int{2, 4}, "rect", 7, true},
	dashboard.RoleEngland:    {"#F46A25", 2.5, []int{10, 4, 2, 4}, "diamond", 10, true},
	dashboard.RoleOwn:        {"#12436D", 1.5, []int{4, 3}, "emptyCircle", 6, false},
	dashboard.RoleNeighbour:  {grey, 2, "solid", "roundRect", 7, false},
	dashboard.RoleSecond:     {"#28A197", 2.5, []int{9, 5}, "triangle", 9, false},
	dashboard.RoleThird:      {"#801650", 2.5, []int{2, 4}, "rect", 7, false},
	dashboard.RoleFourth:     {"#F46A25", 2.5, []int{10, 4, 2, 4}, "diamond", 10, false},
	dashboard.RoleBefore:     {edge, 2, []int{6, 3}, "emptyDiamond", 9, false},
}

// bandColour is the neighbours' in a pale tint.
const bandColour = "rgba(40,161,151,0.16)"

// thin is a neighbour's line among ten: read as one of a group, named on
// hover and in the table.
var thin = look{grey, 1.25, "solid", "none", 0, false}

// brought is the line of the neighbour that was brought out; mark.js draws
// what a reader marks alike.
var brought = look{markColour, 3, "solid", "none", 0, false}

const markColour = "#801650"

// lineLook is how a line of a trend is drawn.
func lineLook(l dashboard.Line) look {
	switch {
	case l.Marked:
		return brought
	case l.Role == dashboard.RoleNeighbour:
		return thin
	}
	return lookOf(l.Role)
}

func lookOf(role string) look {
	if l, ok := looks[role]; ok {
		return l
	}
	return looks[dashboard.RoleNeighbour]
}

// sign is what stands about a number on an axis: "£" before or "%" after it.
func sign(p dashboard.Panel) (before, after string) {
	switch p.Unit {
	case stat.Percent.Words():
		return "", "%"
	case stat.Pounds.Words():
		return "£", ""
	}
	return "", ""
}

// axisName is the unit in words, and that the axis leaves zero where it does.
func axisName(p dashboard.Panel, zero bool) string {
	name := p.Unit
	if name != "" {
		name = strings.ToUpper(name[:1]) + name[1:]
	}
	if !zero {
		name = strings.TrimSpace(name + " (axis does not start at zero)")
	}
	return name
}

// advance is the width of a character in Arial, in thousandths of the size.
func advance(r rune) float64 {
	switch {
	case strings.ContainsRune("iljI.,:;'’|!f t()[]-r\u00a0", r):
		return 300
	case strings.ContainsRune("cksvxyzJ", r):
		return 500
	case strings.ContainsRune("mwMW%", r):
		return 860
	case r >= 'A' && r <= 'Z':
		return 690
	}
	return 556
}

// textWidth estimates the width of s in pixels, wide enough for bold text.
func textWidth(s string, size int) int {
	var w float64
	for _, r := range s {
		w += advance(r)
	}
	return int(math.Ceil(w * float64(size) / 1000 * 1.06))
}

// noBreak is a space at which no line is broken.
const noBreak = '\u00a0'

// wrap breaks s at spaces into lines of at most a width in pixels, where its
// words allow. ECharts breaks text too, but not alike everywhere.
func wrap(s string, width, size int) string {
	var lines []string
	var line string
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r != noBreak && unicode.IsSpace(r) }) {
		if joined := strings.TrimPrefix(line+" "+word, " "); textWidth(joined, size) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = word
	}
	return strings.Join(append(lines, line), "\n")
}
