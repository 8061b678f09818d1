package importer

import (
	"strconv"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// section is a heading between rows, for those below it.
type section struct {
	heading
	text  string
	title bool // it stands above the header, and holds where it can
	rows  int  // of figures read below it
}

// onlyText is what a row says where it says one thing only.
func onlyText(row workbook.Row) string {
	only := ""
	for col := range row.Cells {
		s := text(row, col)
		if s != "" && only != "" && s != only {
			return ""
		}
		only = max(only, s)
	}
	return only
}

// enter takes a heading between rows. One that says nothing of the figures
// ends a section that had rows; else it stands within it. An area holds until
// the next.
func (g *grid) enter(says string) {
	h := g.overRows(says)
	switch {
	case says == "":
	case h.kind == headArea:
		g.areaSays = &h.area
	case h.kind == headUnit, h.kind == headSkip, h.kind == headPart, h.kind == headFigure:
		g.within = section{heading: h, text: says}
	default:
		g.leave()
	}
}

func (g *grid) leave() {
	if g.within.rows > 0 {
		g.within = g.base
	}
}

// refuses says why the rows of a section are not read: as a reason to skip
// them, or by a problem.
func (g *grid) refuses(row workbook.Row) (reason string, refused bool) {
	g.within.rows++
	switch g.within.kind {
	case headSkip:
		return "below " + strconv.Quote(g.within.text) + ": " + g.within.reason, true
	case headPart:
		g.problem(stat.Error, "part_of_measure", g.at(g.label, row.Number), "the row stands below %q, which is only a part of the children, and must not be stored as all of them: give the figures of all under a heading such as Total, or delete the row", g.within.text)
		return "", true
	}
	return "", false
}

// partOf is the part of a measure a cell gives, by its column, else its row,
// else the section or title above it.
func (g *grid) partOf(row workbook.Row, l labelled, c gridColumn) (stat.Part, *complaint) {
	said, at := g.unitBeside(row)
	says := text(row, max(at, 0))
	switch {
	case c.unit != "" && said != "" && c.unit != said:
		return "", unitFault(l, c.unit, c.unitSays)
	case c.unit != "":
		said, says = c.unit, c.unitSays
	case said == "" && g.within.kind == headUnit && l.part == "":
		said, says = g.within.unit, g.within.text
		if _, ok := partIn(&l.measure, "", said); g.within.title && !ok {
			said = ""
		}
	}
	part, ok := partIn(&l.measure, l.part, said)
	if !ok {
		return "", unitFault(l, said, says)
	}
	return part, nil
}

// areaOf is the area of a row: of its own cell, the section's, or home.
func (g *grid) areaOf(row workbook.Row) (stat.Area, *complaint) {
	said := text(row, g.area)
	switch {
	case said == "" && g.areaSays != nil:
		return *g.areaSays, nil
	case g.area >= 0 && said == "":
		return stat.Area{}, &complaint{"missing_area", "the row names no area, and others do: " + areaRemedy}
	case said == "":
		return g.im.home, nil
	}
	found := g.reading.area(areaRef{name: said})
	if found.fault != nil {
		return stat.Area{}, found.fault
	}
	if g.areaSays != nil && g.areaSays.Code != found.area.Code {
		return stat.Area{}, &complaint{"area_mismatch", "the row says " + found.area.Name + ", but stands below the heading " + g.areaSays.Name + ": correct one of the two"}
	}
	return found.area, nil
}
