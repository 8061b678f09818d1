package importer

import (
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// filter is a column whose texts break the figures down.
type filter struct {
	col    int
	label  string
	blanks *int
	first  *string
}

// newPublished reads a table of Explore Education Statistics that no layout
// was written for: what is neither time nor place is a filter or an indicator,
// as the .meta.csv says or else as the cells look.
func newPublished(r *reading, s sheetMatch, sheet int) (*table, error) {
	ln := &s.head[s.line]
	t := bindTable(r, ln)
	m, err := r.readMeta()
	if err != nil {
		return nil, err
	}
	if m != nil {
		m.matches(r, ln)
	}
	open := t.open(ln)
	looks, span, err := t.survey(s, sheet)
	if err != nil {
		return nil, err
	}
	t.registered = map[int]stat.Measure{}
	set := dataset(r.res.Batch.File)
	var taken []stat.Measure
	for i, c := range ln.cells {
		f := ln.folded[i]
		switch {
		case !slices.Contains(open, i):
		case ln.cols[f][0] != i:
			t.problem(stat.Error, "duplicate_column", t.at(i, ln.number), "two columns are headed %q: rename or delete one of them", c.Text)
		case m != nil && m.groups[f] != "":
			t.skip("column "+strconv.Quote(c.Text)+": it groups the filter "+m.groups[f], t.at(i, ln.number), 0)
		case looks[i].filled == 0:
			t.skip("column "+strconv.Quote(c.Text)+": it is empty", t.at(i, ln.number), 0)
		default:
			in, what := t.columnOf(c.Text, f, m, looks[i])
			switch in.span = span; what {
			case isFilter:
				t.filters = append(t.filters, filter{i, in.label, new(int), new(string)})
			case isIndicator:
				measure := r.measure(set, in, taken)
				taken = append(taken, measure)
				t.addIndicator(i, measure)
			default:
				t.problem(stat.Note, "unknown_column", t.at(i, ln.number), "column %q is not in the .meta.csv and was not read", c.Text)
			}
		}
	}
	t.headers(ln)
	if len(t.figures) == 0 {
		t.problem(stat.Error, "no_indicator", t.at(0, ln.number), "%s has no column of figures beside those of time and place: check that its numbers are numbers", r.res.Batch.File)
	}
	return t, nil
}

// addIndicator reads a column by a copy of its measure that leaves open
// whether it may be negative or broken: nobody has said.
func (t *table) addIndicator(col int, m stat.Measure) {
	t.registered[col] = m
	m.Registered = true
	t.figures = append(t.figures, figureColumn{col: col, part: stat.PartValue, measure: &m, used: new(int)})
}

const (
	isNeither = iota
	isFilter
	isIndicator
)

// columnOf is what a column is, with its label and, of an indicator, its unit
// and decimals.
func (t *table) columnOf(header, folded string, m *meta, look look) (indicator, int) {
	in := indicator{column: header, label: strings.TrimSpace(strings.ReplaceAll(header, "_", " ")), unit: unitOf(header), decimals: look.decimals}
	if in.unit == stat.Number {
		switch {
		case look.percent:
			in.unit = stat.Percent
		case look.pounds:
			in.unit = stat.Pounds
		}
	}
	if m == nil {
		if look.isIndicator(folded) {
			return in, isIndicator
		}
		return in, isFilter
	}
	c, ok := m.columns[folded]
	if !ok {
		return in, isNeither
	}
	if c.label != "" {
		in.label = c.label
		if in.unit == stat.Number {
			in.unit = unitOf(c.label)
		}
	}
	if c.filter {
		return in, isFilter
	}
	switch c.unit {
	case "%":
		in.unit = stat.Percent
	case "£":
		in.unit = stat.Pounds
	case "£m":
		in.unit, in.suffix = stat.Number, "£ million"
	case "pp":
		in.unit, in.suffix = stat.Number, "percentage points"
	}
	if c.decimals >= 0 {
		in.decimals = c.decimals
	}
	return in, isIndicator
}

// look is what the cells of a column look like.
type look struct {
	filled, numbers, marks int
	fractions              int // numbers that are not whole
	least, most            float64
	decimals               int // most that were seen, of those that count
	percent, pounds, total bool
}

// mostDecimals is how many decimals a registered measure is shown with at most.
const mostDecimals = 3

var unsaidMeasure = stat.Measure{Registered: true, Unit: stat.Percent}

func (k *look) add(c workbook.Cell, marks map[string]stat.Mark) {
	if c.Kind == workbook.Empty || strings.TrimSpace(c.Text) == "" {
		return
	}
	k.filled++
	k.pounds = k.pounds || strings.HasPrefix(c.Text, "£")
	f, fault := figureOf(c, &unsaidMeasure, stat.PartValue, marks)
	switch {
	case fault != nil:
		k.total = k.total || isTotal(c.Text)
		return
	case f.Mark != "":
		k.marks++
		return
	}
	if k.numbers++; k.numbers == 1 {
		k.least, k.most = f.Number, f.Number
	}
	k.least, k.most = min(k.least, f.Number), max(k.most, f.Number)
	k.percent = k.percent || strings.Contains(f.Text, "%")
	if _, after, broken := strings.Cut(strconv.FormatFloat(f.Number, 'f', -1, 64), "."); broken {
		k.fractions++
		k.decimals = max(k.decimals, min(len(after), mostDecimals))
	}
}

// codeWords end the names of columns whose numbers are names; ageWords of
// those whose small whole numbers, or years, are.
var (
	codeWords = []string{"code", "id", "urn", "ukprn", "upin", "laestab", "estab", "key"}
	ageWords  = []string{"age", "year", "group", "band", "order", "quarter", "month", "week", "decile", "quintile"}
)

// isIndicator takes a column that is all numbers and marks for figures, and
// also one that has a stray text among its numbers, which will be a problem. A
// column that says Total is a filter.
func (k look) isIndicator(folded string) bool {
	last := folded[strings.LastIndex(folded, " ")+1:]
	whole := k.fractions == 0 && (k.least >= 0 && k.most <= 30 || k.least >= 1900 && k.most < 2200)
	switch {
	case slices.Contains(codeWords, last), slices.Contains(ageWords, last) && whole:
		return false
	case k.numbers+k.marks == k.filled:
		return true
	}
	return !k.total && k.numbers > 0 && 2*(k.numbers+k.marks) >= k.filled
}

// open are the columns that are neither time nor place.
func (t *table) open(ln *line) []int {
	var out []int
	for i, f := range ln.folded {
		if f != "" && t.layout.column(f) == nil && !t.isPlace(i) && t.layout.ignored[f] == "" {
			out = append(out, i)
		}
	}
	return out
}

// survey looks at every cell below the header, and at the length of the first
// period.
func (t *table) survey(s sheetMatch, sheet int) ([]look, stat.Span, error) {
	looks, open := make([]look, t.width), t.open(&s.head[s.line])
	span := stat.Span("")
	for row, err := range t.book.Rows(sheet) {
		if err != nil {
			return nil, "", err
		}
		if row.Number <= s.row {
			continue
		}
		for _, i := range open {
			looks[i].add(cell(row, i), t.layout.marks)
		}
		if span == "" {
			p, _ := stat.ParseIdentified(text(row, t.period), text(row, t.identifier))
			span = p.Span
		}
		if row.Number%tick == 0 && t.ctx.Err() != nil {
			return nil, "", t.ctx.Err()
		}
	}
	return looks, span, nil
}

// isTotal reports whether a filter's text breaks nothing down.
func isTotal(s string) bool {
	s = strings.TrimSpace(s)
	return strings.EqualFold(s, "Total") || strings.EqualFold(s, "All")
}

// breakdown is a row's: "Sex: Female; Age: 10 to 15", "" for the total.
func (t *table) breakdown(row workbook.Row) string {
	var parts []string
	for _, f := range t.filters {
		s := cellText(cell(row, f.col))
		switch s = strings.Join(strings.Fields(s), " "); {
		case s == "":
			if *f.blanks++; *f.blanks == 1 {
				*f.first = t.at(f.col, row.Number)
			}
		case !isTotal(s):
			parts = append(parts, f.label+": "+s)
		}
	}
	return strings.Join(parts, "; ")
}

// tellBlanks warns of filters that say nothing in some rows.
func (t *table) tellBlanks() {
	for _, f := range t.filters {
		if *f.blanks > 0 {
			t.problem(stat.Warning, "blank_filter", *f.first, "%d rows say nothing of %q, and were read as its total: write Total where that is meant", *f.blanks, f.label)
		}
	}
}
