package report

import (
	"cmp"
	"fmt"
	"strings"

	"bellwether/internal/workbook"
)

// docxDashes are those of the workbook's charts as DrawingML calls them.
var docxDashes = map[workbook.Dash]string{
	workbook.Solid: "solid", workbook.Dashed: "dash", workbook.Dotted: "sysDot", workbook.DashDotted: "dashDot",
}

// fill is a colour, a quiet grey where there is none.
func fill(s string) string {
	if !colour.MatchString(s) {
		s = grey
	}
	return `<a:solidFill><a:srgbClr val="` + strings.ToUpper(s[1:]) + `"/></a:solidFill>`
}

// emuPoint is a point in English Metric Units.
const emuPoint = 12_700

// lineLook is a line as a series of Excel's has it; one of no width is points
// alone.
func lineLook(s workbook.ChartSeries) string {
	if s.Width <= 0 {
		return `<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>`
	}
	return fmt.Sprintf(`<c:spPr><a:ln w="%d" cap="rnd">%s<a:prstDash val="%s"/><a:round/></a:ln></c:spPr>`,
		int(s.Width*emuPoint), fill(s.Color), cmp.Or(docxDashes[s.Dash], "solid"))
}

// symbols are those that a marker may have.
var symbols = map[string]bool{"circle": true, "triangle": true, "square": true, "diamond": true, "x": true}

func markerLook(s workbook.ChartSeries) string {
	if !symbols[s.Symbol] {
		return `<c:marker><c:symbol val="none"/></c:marker>`
	}
	inside := fill(s.Color)
	if s.Open {
		inside = fill("#FFFFFF")
	}
	return fmt.Sprintf(`<c:marker><c:symbol val="%s"/><c:size val="%d"/><c:spPr>%s<a:ln w="15875">%s</a:ln></c:spPr></c:marker>`,
		s.Symbol, min(max(s.Size, 2), 72), inside, fill(s.Color))
}

// ruleLook is a thin line of an axis or a grid.
func ruleLook(colour string) string {
	return `<c:spPr><a:ln w="6350">` + fill("#"+colour) + `</a:ln></c:spPr>`
}
