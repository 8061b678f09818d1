package importer

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// metaSheet names the .meta.csv in addresses: "meta!C4".
const metaSheet = "meta"

// meta is what a .meta.csv says of the columns of its data file, as DfE's
// open-data standard has it.
type meta struct {
	columns map[string]metaColumn // by folded col_name
	groups  map[string]string     // folded filter_grouping_column to the filter it groups
}

type metaColumn struct {
	name, label string
	filter      bool
	unit        string
	decimals    int // -1 where it does not say
	row         int
}

// metaUnits are those of the standard; "numberstring" is shown as it stands.
var metaUnits = []string{"", "£", "£m", "%", "pp", "numberstring"}

func isMeta(ln *line) bool { return len(ln.cols["col name"]) > 0 && len(ln.cols["col type"]) > 0 }

// readMeta reads the .meta.csv that came with a file; nil where none did.
// What is wrong with it is a problem.
func (r *reading) readMeta() (*meta, error) {
	if len(r.o.Meta) == 0 {
		return nil, nil
	}
	book, err := workbook.Open("x.meta.csv", r.o.Meta, r.o.Limits)
	var fault *workbook.Fault
	if errors.As(err, &fault) {
		r.problem(stat.Error, fault.Code, metaSheet, "the .meta.csv cannot be read: %s", fault.Message)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer book.Close()
	m := &meta{map[string]metaColumn{}, map[string]string{}}
	var head *line
	for row, err := range book.Rows(0) {
		if errors.As(err, &fault) {
			r.problem(stat.Error, fault.Code, metaAt(fault.At), "the .meta.csv cannot be read: %s", fault.Message)
			return m, nil
		}
		if err != nil {
			return nil, err
		}
		if head != nil {
			m.row(r, head, row)
			continue
		}
		ln := newLine(row)
		if head = &ln; !r.metaHeader(head) {
			return m, nil
		}
	}
	return m, nil
}

func metaAt(at string) string {
	if at == "" {
		return metaSheet
	}
	return metaSheet + "!" + at
}

func (r *reading) metaHeader(head *line) bool {
	for _, h := range []string{"col_name", "col_type", "label"} {
		if len(head.cols[stat.Fold(h)]) == 0 {
			r.problem(stat.Error, "missing_column", workbook.Address(metaSheet, 0, head.number), "the .meta.csv lacks the column %q: add it", h)
			return false
		}
	}
	return true
}

func (m *meta) row(r *reading, head *line, row workbook.Row) {
	col := func(h string) int {
		if cols := head.cols[stat.Fold(h)]; len(cols) > 0 {
			return cols[0]
		}
		return -1
	}
	at := func(h string) string { return workbook.Address(metaSheet, max(col(h), 0), row.Number) }
	of := func(h string) string { return text(row, col(h)) }
	c := metaColumn{name: of("col_name"), label: of("label"), unit: of("indicator_unit"), decimals: -1, row: row.Number}
	_, twice := m.columns[stat.Fold(c.name)]
	switch {
	case c.name == "":
		r.problem(stat.Error, "meta_name", at("col_name"), "the row names no column: give the name of a column of the data file")
		return
	case twice:
		r.problem(stat.Error, "meta_name", at("col_name"), "%q is described twice, also in row %d: keep one of the two", c.name, m.columns[stat.Fold(c.name)].row)
		return
	}
	switch kind := of("col_type"); {
	case strings.EqualFold(kind, "Filter"):
		c.filter = true
	case !strings.EqualFold(kind, "Indicator"):
		r.problem(stat.Error, "meta_type", at("col_type"), "%q is not a type of column: write Filter or Indicator", kind)
		return
	}
	if !slices.Contains(metaUnits, c.unit) {
		r.problem(stat.Error, "meta_unit", at("indicator_unit"), "%q is not a unit: leave it empty, or write £, £m, %%, pp or numberstring", c.unit)
	}
	if dp := of("indicator_dp"); dp != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(dp, ".0"))
		if err != nil || n < 0 || n > 9 {
			r.problem(stat.Error, "meta_decimals", at("indicator_dp"), "%q is not a number of decimals: write a whole number, such as 1", dp)
			n = -1
		}
		c.decimals = n
	}
	if g := of("filter_grouping_column"); g != "" {
		m.groups[stat.Fold(g)] = c.name
	}
	m.columns[stat.Fold(c.name)] = c
}

// matches complains of columns that the data file lacks.
func (m *meta) matches(r *reading, ln *line) {
	for name, c := range m.columns {
		if len(ln.cols[name]) == 0 {
			r.problem(stat.Error, "meta_name", workbook.Address(metaSheet, 0, c.row), "the data file has no column %q: correct the name, or take the row out", c.name)
		}
	}
}
