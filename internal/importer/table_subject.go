package importer

import (
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// said is what a row, by its item or measure column, says of its figures.
type said struct {
	measure stat.Measure
	part    stat.Part
	month   string // of release

	breakdown string
}

func (t *table) measureOfRow(row workbook.Row) (said, string) {
	switch {
	case t.item >= 0:
		return t.itemOfRow(text(row, t.item), row.Number)
	case t.measure >= 0:
		return t.labelOfRow(row), ""
	}
	return said{}, ""
}

// itemOfRow warns once of an item that the layout has not, whose figures would
// be missed if it were only called something else this year.
func (t *table) itemOfRow(s string, row int) (said, string) {
	it, ok := t.items[s]
	if !ok {
		it = t.layout.byItem[stat.Fold(s)]
		t.items[s] = it
	}
	if !ok && it == nil {
		t.unknown[s] = "item " + strconv.Quote(s) + " is not one that is kept"
		t.problem(stat.Warning, "unknown_item", t.at(t.item, row), "%q is not an item that the layout %s knows, and its rows were left out: where it is one of %s under another name, add it to the layout", s, t.layout.name, strings.Join(quoted(t.layout.itemTexts()), ", "))
	}
	if it != nil {
		return said{measure: it.measure, part: it.Part, month: it.ReleasedMonth}, ""
	}
	return said{}, t.unknown[s]
}

func (t *table) labelOfRow(row workbook.Row) said {
	s := text(row, t.measure)
	l, ok := t.labels[s]
	if !ok {
		l, _ = measureOf(t.im.cat, s)
		t.labels[s] = l
	}
	if l.measure.Code == "" {
		t.problem(stat.Error, "unknown_measure", t.at(t.measure, row.Number), "%q is not a measure that is known: give a measure's name or code, such as %q", s, t.im.example())
	}
	return said{measure: l.measure, part: l.part}
}

// example is a measure's name for a message that asks for one.
func (im *Importer) example() string {
	if m, err := im.cat.Measure("cla"); err == nil {
		return m.Name
	}
	return "cla"
}

// areaOfRow follows the level where the table has one, as DfE's have: England
// by its country code, a region by its own, an authority by code, number and
// name. A table without an area is the home council's.
func (t *table) areaOfRow(row workbook.Row) (stat.Area, string) {
	code, number, name := t.code, t.number, t.name
	if t.area >= 0 {
		name = t.area
	}
	level := text(row, t.level)
	switch {
	case t.level < 0:
	case strings.EqualFold(level, string(stat.National)):
		code, number, name = t.country, -1, -1
	case strings.EqualFold(level, string(stat.Regional)):
		code, number, name = t.region, -1, t.regionName
	case !strings.EqualFold(level, string(stat.Authority)):
		return t.placeOfRow(row, level)
	}
	if code < 0 && number < 0 && name < 0 && t.level < 0 {
		return t.im.home, ""
	}
	ref := areaRef{text(row, code), text(row, number), text(row, name)}
	found := t.reading.area(ref)
	if found.fault != nil && t.layout.Kind == publishedKind {
		found = t.newArea(level, ref, found)
	}
	if found.fault != nil && t.layout.Kind == publishedKind && nowhere(ref) {
		return stat.Area{}, "figures of a location that the file leaves out"
	}
	if found.fault != nil {
		t.complain(*found.fault, placeOf(found, code, number, name), row.Number)
	} else if t.layout.Kind == publishedKind && ref.name != "" && ref.code != "" && !unsaid(ref.code) {
		return t.sameName(found.area, level, ref, name, row.Number), ""
	}
	return found.area, ""
}

// placeOf is the column a complaint about an area points at.
func placeOf(found foundArea, code, number, name int) int {
	switch {
	case found.byNumber:
		return number
	case found.fromName || code < 0 && number < 0:
		return name
	case code >= 0:
		return code
	}
	return number
}
