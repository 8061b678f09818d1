package importer

import (
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// table reads a sheet in which each row is an area and a period.
type table struct {
	*reading
	monthly bool // the period column is headed month

	period, identifier, level, country, region, regionName, code, number, name, area, item, measure, unit int // columns, -1 where there is none

	figures  []figureColumn
	filters  []filter            // columns whose texts are the categories of a dimension
	places   map[string]location // of levels beside nation, region and authority, by folded level
	labels   map[string]labelled // texts of the measure column, by text
	items    map[string]*item    // texts of the item column, by text
	unknown  map[string]string   // those that the layout has not: reason
	measured bool                // the row picks the measure, by item or measure column
	width    int                 // columns of the header

	head    []string              // texts of the header
	narrow  []int                 // unknown columns that break figures down
	strange []int                 // other unknown columns
	remarks []int                 // columns of words about the figures
	beside  map[stat.Key][]string // what the first row of a key says in the strange columns
	told    map[string]bool       // what is told once

	dimension, category int // columns of any dimension's name and of its category, -1 where there is none

	year int    // column of years beside one of months, -1 where there is none
	band string // the year that stands above the rows
	said map[placeKey]placeName

	registered map[int]stat.Measure // of a published table, by column
}

// figureColumn is a column of numbers.
type figureColumn struct {
	col     int
	part    stat.Part     // "" where the row says it
	measure *stat.Measure // nil where the row says it
	used    *int          // how many figures it gave, of a published table
}

func newTable(r *reading, s sheetMatch) *table {
	ln := &s.head[s.line]
	t := bindTable(r, ln)
	for i := range s.head[:s.line] {
		t.noteBand(workbook.Row{Cells: s.head[i].cells})
	}
	t.bindFigures(ln)
	t.headers(ln)
	return t
}

// bindTable finds the columns that say what a row is of.
func bindTable(r *reading, ln *line) *table {
	t := &table{reading: r, labels: map[string]labelled{}, items: map[string]*item{}, unknown: map[string]string{},
		said: map[placeKey]placeName{}, places: placesIn(ln), beside: map[stat.Key][]string{}, told: map[string]bool{}}
	for i, c := range ln.cells {
		if t.head = append(t.head, strings.TrimSpace(c.Text)); ln.folded[i] != "" || t.head[i] != "" {
			t.width = i + 1
		}
	}
	for to, is := range map[*int]role{&t.period: rolePeriod, &t.identifier: roleIdentifier, &t.level: roleLevel, &t.country: roleCountry,
		&t.region: roleRegion, &t.regionName: roleRegionName, &t.code: roleCode, &t.number: roleNumber, &t.name: roleName,
		&t.area: roleArea, &t.item: roleItem, &t.measure: roleMeasure, &t.unit: roleUnit} {
		*to = r.layout.place(ln, is)
	}
	t.measured = t.item >= 0 || t.measure >= 0
	t.bindBreakdowns(ln)
	t.monthly = t.period >= 0 && strings.Contains(ln.folded[t.period], "month")
	t.year = t.yearColumn(ln)
	return t
}

// place is the column of a role, -1 where the sheet has none.
func (l *layout) place(ln *line, is role) int {
	for _, c := range l.Columns {
		if col, ok := c.find(ln); ok && c.Is == is {
			return col
		}
	}
	return -1
}

func (t *table) bindFigures(ln *line) {
	for _, c := range t.layout.Columns {
		col, stands := c.find(ln)
		if !stands || !isFigure(c) {
			continue
		}
		f := figureColumn{col: col, part: figureRoles[c.Is]}
		if c.Measure != "" {
			m, _ := t.im.cat.Measure(c.Measure) // checked by New
			f.measure = &m
		}
		t.figures = append(t.figures, f)
	}
	if t.layout.MeasureColumns {
		t.bindMeasures(ln)
	}
	t.settleValue()
}

func (t *table) bindMeasures(ln *line) {
	for i := range ln.cells {
		if l, ok := t.layout.headsMeasure(t.im.cat, ln, i); ok {
			t.figures = append(t.figures, figureColumn{col: i, part: partFor(&l.measure, l.part), measure: &l.measure})
		}
	}
}

// settleValue reads a column headed "value" as the value where another one
// gives the count.
func (t *table) settleValue() {
	if !slices.ContainsFunc(t.figures, func(f figureColumn) bool { return f.part == stat.PartCount }) || t.item >= 0 {
		return
	}
	for i := range t.figures {
		if t.figures[i].part == "" && t.figures[i].measure == nil {
			t.figures[i].part = stat.PartValue
		}
	}
}

// headers accounts for every header: bound, ignored with a reason, or unknown;
// no two may be bound to the same.
func (t *table) headers(ln *line) {
	for i, c := range ln.cells {
		if ln.folded[i] == "" {
			continue
		}
		at := t.at(i, ln.number)
		bound := t.layout.column(c.Text)
		reason, ignored := t.layout.ignored[ln.folded[i]]
		switch {
		case i == t.year || t.isPlace(i):
		case bound != nil:
			if first, _ := bound.find(ln); first != i {
				t.problem(stat.Error, "duplicate_column", at, "columns %s and %s, %q and %q, mean the same: rename or delete one of them", t.at(first, ln.number), at, ln.cells[first].Text, c.Text)
			}
		case ignored:
			t.skip("column "+strconv.Quote(c.Text)+": "+reason, at, 0)
			if slices.Contains(remarkHeaders, ln.folded[i]) {
				t.remarks = append(t.remarks, i)
			}
		case t.isFigure(i) || t.layout.Kind == publishedKind: // which has accounted for the others
		case narrows(ln.folded[i]):
			t.narrow = append(t.narrow, i)
		default:
			t.strange = append(t.strange, i)
			t.problem(stat.Note, "unknown_column", at, "column %q is not known to the layout %s and was not read", c.Text, t.layout.name)
		}
	}
}

// cell is the row's cell in a column; an empty one where there is none.
func cell(row workbook.Row, col int) workbook.Cell {
	if col < 0 || col >= len(row.Cells) {
		return workbook.Cell{}
	}
	return row.Cells[col]
}

func text(row workbook.Row, col int) string { return strings.TrimSpace(cell(row, col).Text) }

// row implements rowReader.
func (t *table) row(row workbook.Row) string {
	if fault, col := t.surplus(row); fault != nil {
		t.complain(*fault, col, row.Number)
		return ""
	}
	if t.isTotalRow(row) {
		return "a total of other rows"
	}
	if reason := t.blank(row); reason != "" {
		t.noteBand(row)
		return reason
	}
	row = t.reading.spread(row, t.width, t.isFigure)
	if fault, col := t.narrowed(row); fault != nil {
		t.complain(*fault, col, row.Number)
		return ""
	}
	said, reason := t.measureOfRow(row)
	if reason != "" || t.measured && said.measure.Code == "" {
		return reason
	}
	area, reason := t.areaOfRow(row)
	if reason != "" {
		return reason
	}
	found := t.periodOfRow(row)
	if found.fault != nil {
		t.complain(*found.fault, t.period, row.Number)
	}
	if found.fault != nil || area.Code == "" {
		return ""
	}
	part, fault, col := t.partOfRow(row)
	if fault != nil {
		t.complain(*fault, col, row.Number)
		return ""
	}
	said.breakdown = part
	for _, f := range t.figures {
		t.figure(row, f, said, area, found.period)
	}
	return ""
}

func (t *table) end() {
	t.register()
	t.tellBlanks()
}

func (t *table) isFigure(col int) bool {
	return slices.ContainsFunc(t.figures, func(f figureColumn) bool { return f.col == col })
}

// blank is the reason to skip a row that holds no figure at all.
func (t *table) blank(row workbook.Row) string {
	for _, f := range t.figures {
		if c := cell(row, f.col); c.Kind != workbook.Empty && (c.Kind != workbook.Text || strings.TrimSpace(c.Text) != "") {
			return ""
		}
	}
	full := 0
	for _, c := range row.Cells {
		if c.Kind != workbook.Empty {
			full++
		}
	}
	if full == 1 {
		return "a note, with no figure in the row"
	}
	return "no figure in the row"
}

func (t *table) complain(c complaint, col, row int) {
	t.problem(stat.Error, c.code, t.at(max(col, 0), row), "%s", c.message)
}

func (t *table) figure(row workbook.Row, f figureColumn, said said, area stat.Area, p stat.Period) {
	m := f.measure
	if m == nil {
		m = &said.measure
	}
	part := f.part
	if part == "" {
		part = said.part
	}
	if unit := text(row, t.unit); unit != "" && t.ofUnit(row, f) {
		p, fault := unitPart(unit, m, part)
		if fault != nil {
			t.complain(*fault, t.unit, row.Number)
			return
		}
		part = p
	}
	part = partFor(m, part)
	fig, fault := figureOf(cell(row, f.col), m, part, t.layout.marks)
	if beyond := fig.Given() && m.Unit == stat.Percent && part == stat.PartValue && fig.Number > 100; beyond && t.layout.Publisher != stat.Council {
		t.problem(stat.Warning, "above_hundred", t.at(f.col, row.Number), "%s is more than a hundred per cent: check the figure at its source", fig.Text)
		fault = nil
	}
	if fault != nil {
		t.complain(*fault, f.col, row.Number)
	}
	if fault != nil || !fig.Given() {
		return
	}
	if p, fault = t.timely(p, m); fault != nil {
		t.complain(*fault, t.period, row.Number)
		return
	}
	if fault = t.notThen(area, p); fault != nil && !t.outsideLife(*fault, fig, f.col, row.Number) {
		return
	}
	fig.At = t.at(f.col, row.Number)
	t.asides.note(m, part, t.sheet, fig)
	key := stat.Key{Measure: m.Code, Breakdown: said.breakdown, Area: area.Code, Period: p}
	if fault, col := t.twiceNarrowed(key, row); fault != nil {
		t.complain(*fault, col, row.Number)
		return
	}
	t.add(key, part, fig, said.month)
	if f.used != nil {
		*f.used++
	}
}
