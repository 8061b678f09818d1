package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"bellwether/internal/stat"
)

// Kinds of layout.
const (
	tableKind      = "table"      // a row is an area and period
	publishedKind  = "published"  // a table of DfE's in which the columns beside time and place are filters or indicators
	gridKind       = "grid"       // measures down the side, periods across
	neighboursKind = "neighbours" // a row is an area and its ten neighbours
)

// role is what a column is for.
type role string

const (
	rolePeriod      role = "period"
	roleIdentifier  role = "identifier" // DfE's time_identifier
	roleLevel       role = "level"      // DfE's geographic_level
	roleCountry     role = "country"
	roleRegion      role = "region"
	roleRegionName  role = "region_name"
	roleCode        role = "code"   // ONS code of an authority
	roleNumber      role = "number" // DfE number
	roleName        role = "name"
	roleArea        role = "area" // code, number or name
	roleItem        role = "item" // its text picks the measure, by [[item]]
	roleMeasure     role = "measure"
	roleUnit        role = "unit"      // number, rate or percentage: which part of the measure a figure is
	roleBreakdown   role = "breakdown" // of its texts each is a category of the dimension the header names
	roleDimension   role = "dimension" // "ethnicity", beside a column that is category
	roleCategory    role = "category"  // "White", or "ethnicity: White"
	roleLabel       role = "label"     // of a grid: the measure down the side
	roleCount       role = "count"
	roleDenominator role = "denominator"
	roleValue       role = "value"
	roleFigure      role = "figure" // which part it is follows from item or measure
)

var figureRoles = map[role]stat.Part{
	roleCount: stat.PartCount, roleDenominator: stat.PartDenominator, roleValue: stat.PartValue, roleFigure: "",
}

var rolesOf = map[string][]role{
	tableKind: {rolePeriod, roleIdentifier, roleLevel, roleCountry, roleRegion, roleRegionName, roleCode, roleNumber,
		roleName, roleArea, roleItem, roleMeasure, roleUnit, roleBreakdown, roleDimension, roleCategory, roleCount, roleDenominator, roleValue, roleFigure},
	gridKind:       {roleLabel, roleArea},
	publishedKind:  {rolePeriod, roleIdentifier, roleLevel, roleCountry, roleRegion, roleRegionName, roleCode, roleNumber, roleName},
	neighboursKind: {roleCode, roleNumber, roleName},
}

// layout is one file of imports/layouts.
type layout struct {
	Title          string `toml:"title"`
	Kind           string `toml:"kind"`
	Publisher      string `toml:"publisher"`
	ReleasedMonth  string `toml:"released_month"`       // in the year of the latest period; "" is the day of import
	ReleasedLater  int    `toml:"released_years_later"` // or so many years after it
	YearEnds       string `toml:"year_ends"`            // "06-30": the year 2024 is that day of 2024
	MeasureColumns bool   `toml:"measure_columns"`      // a column headed by a measure's name is that measure

	Columns    []column             `toml:"column"`
	Items      []item               `toml:"item"`
	Ignore     []ignore             `toml:"ignore"`
	Marks      map[string]stat.Mark `toml:"marks"`      // beside the standard letters
	Neighbours []string             `toml:"neighbours"` // headers, closest first; the column after each is the closeness
	End        []string             `toml:"end"`        // first cell of a row from which on nothing is read

	name        string
	own         bool                 // the council's, by Importer.With
	byItem      map[string]*item     // folded text
	ignored     map[string]string    // folded header to reason
	ignoredRows map[string]string    // folded row label to reason
	marks       map[string]stat.Mark // lower case
	months      map[string]time.Month
}

// column binds a column by its header, whatever its position.
type column struct {
	Header    []string `toml:"header"` // any of these
	Is        role     `toml:"is"`
	Measure   string   `toml:"measure"`   // of a figure
	Dimension string   `toml:"dimension"` // of a breakdown; "" is what the header says
	Optional  bool     `toml:"optional"`
}

// item says what the text of the item column means.
type item struct {
	Text          string    `toml:"text"`
	Also          []string  `toml:"also"` // what other years call it
	Measure       string    `toml:"measure"`
	Part          stat.Part `toml:"part"` // of the figure column
	ReleasedMonth string    `toml:"released_month"`

	measure stat.Measure
}

// ignore names columns, or rows of a grid, that are left out on purpose.
type ignore struct {
	Header []string `toml:"header"`
	Row    []string `toml:"row"`
	Reason string   `toml:"reason"`
}

// readLayouts reads them in the order of their names.
func readLayouts(fsys fs.FS, cat *stat.Catalogue) ([]*layout, error) {
	names, err := fs.Glob(fsys, "layouts/*.toml")
	if err != nil {
		return nil, fmt.Errorf("listing layouts: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("layouts/*.toml: there is no layout")
	}
	var layouts []*layout
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading a layout: %w", err)
		}
		l, err := parseLayout(name, data, cat)
		if err != nil {
			return nil, err
		}
		layouts = append(layouts, l)
	}
	return layouts, nil
}

func parseLayout(file string, data []byte, cat *stat.Catalogue) (*layout, error) {
	l := &layout{name: strings.TrimSuffix(path.Base(file), ".toml")}
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := d.Decode(l); err != nil {
		return nil, tomlError(file, err)
	}
	c := layoutCheck{file: file, data: data, cat: cat, layout: l}
	if err := c.run(); err != nil {
		return nil, err
	}
	return l, nil
}

// tomlError puts file and line before what the decoder says.
func tomlError(file string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		line, _ := strict.Errors[0].Position()
		return fmt.Errorf("%s:%d: there is no setting %q", file, line, strings.Join(strict.Errors[0].Key(), "."))
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		line, _ := decode.Position()
		return fmt.Errorf("%s:%d: %w", file, line, err)
	}
	return fmt.Errorf("%s: %w", file, err)
}

// layoutCheck finds what strict decoding cannot, and fills the look-ups.
type layoutCheck struct {
	file   string
	data   []byte
	cat    *stat.Catalogue
	layout *layout
}

func (c *layoutCheck) run() error {
	for _, step := range []func() error{c.head, c.columns, c.items, c.rest} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// bad is an error at the nth line (from 0) that starts with text.
func (c *layoutCheck) bad(text string, n int, format string, args ...any) error {
	line := 1
	for i, s := range strings.Split(string(c.data), "\n") {
		if !strings.HasPrefix(strings.TrimSpace(s), text) {
			continue
		}
		if line = i + 1; n == 0 {
			break
		}
		n--
	}
	return fmt.Errorf("%s:%d: %s", c.file, line, fmt.Sprintf(format, args...))
}

func (c *layoutCheck) head() error {
	l := c.layout
	l.months = map[string]time.Month{"": 0}
	switch {
	case l.Title == "":
		return c.bad("title", 0, "a layout needs a title")
	case rolesOf[l.Kind] == nil:
		return c.bad("kind", 0, "kind %q is not table, published, grid or neighbours", l.Kind)
	case l.Publisher != stat.DfE && l.Publisher != stat.ONS && l.Publisher != stat.Council:
		return c.bad("publisher", 0, "publisher %q is not %s, %s or %s", l.Publisher, stat.DfE, stat.ONS, stat.Council)
	case l.YearEnds != "" && !validDay(l.YearEnds):
		return c.bad("year_ends", 0, "%q is not a month and day such as 06-30", l.YearEnds)
	}
	return c.month(l.ReleasedMonth, "released_month", 0)
}

func validDay(s string) bool {
	_, err := time.Parse(time.DateOnly, "2000-"+s)
	return err == nil
}

func (c *layoutCheck) month(name, text string, n int) error {
	if name == "" {
		return nil
	}
	t, err := time.Parse("January", name)
	if err != nil {
		return c.bad(text, n, "released_month %q is not a month such as November", name)
	}
	c.layout.months[name] = t.Month()
	return nil
}

func (c *layoutCheck) columns() error {
	l := c.layout
	for i, col := range l.Columns {
		_, isFigure := figureRoles[col.Is]
		switch {
		case len(col.Header) == 0:
			return c.bad("[[column]]", i, "a column needs a header")
		case !slices.Contains(rolesOf[l.Kind], col.Is):
			return c.bad("[[column]]", i, "a column of a %s cannot be %q: it is one of %v", l.Kind, col.Is, rolesOf[l.Kind])
		case col.Measure != "" && !isFigure:
			return c.bad("[[column]]", i, "only a figure has a measure, and %q is none", col.Is)
		case col.Dimension != "" && (col.Is != roleBreakdown || col.Dimension != plainPart(col.Dimension)):
			return c.bad("[[column]]", i, "only a breakdown has a dimension, in plain words, and not %q", col.Dimension)
		case col.Measure != "" && !c.known(col.Measure):
			return c.bad("[[column]]", i, "there is no measure %q", col.Measure)
		case isFigure && col.Measure == "" && !c.has(roleItem) && !c.has(roleMeasure):
			return c.bad("[[column]]", i, "the figure %v needs a measure, or the table a column that is item or measure", col.Header)
		}
	}
	switch {
	case l.Kind == gridKind && !c.has(roleLabel):
		return c.bad("kind", 0, "a grid needs a column that is label")
	case (l.Kind == tableKind || l.Kind == publishedKind) && !c.has(rolePeriod):
		return c.bad("kind", 0, "a table needs a column that is period")
	case l.Kind == publishedKind && (!c.has(roleIdentifier) || !c.has(roleLevel) || !c.has(roleCountry)):
		return c.bad("kind", 0, "a published table needs columns that are identifier, level and country")
	case l.Kind == tableKind && !l.MeasureColumns && !slices.ContainsFunc(l.Columns, isFigure):
		return c.bad("kind", 0, "a table needs a column that is count, denominator, value or figure, or measure_columns = true")
	case l.Kind == neighboursKind && len(l.Neighbours) == 0:
		return c.bad("kind", 0, "neighbours need their headers, closest first: neighbours = [\"SN1\", …]")
	}
	return nil
}

func isFigure(col column) bool { _, ok := figureRoles[col.Is]; return ok }

func (c *layoutCheck) has(r role) bool {
	return slices.ContainsFunc(c.layout.Columns, func(col column) bool { return col.Is == r })
}

func (c *layoutCheck) known(measure string) bool {
	m, err := c.cat.Measure(measure)
	return err == nil && m.Code == measure
}

func (c *layoutCheck) items() error {
	l := c.layout
	l.byItem = map[string]*item{}
	for i := range l.Items {
		it := &l.Items[i]
		for _, text := range append([]string{it.Text}, it.Also...) {
			if text == "" || l.byItem[stat.Fold(text)] != nil {
				return c.bad("[[item]]", i, "an item needs a text of its own, not %q", text)
			}
			l.byItem[stat.Fold(text)] = it
		}
		if !c.known(it.Measure) {
			return c.bad("[[item]]", i, "there is no measure %q", it.Measure)
		}
		if it.Part != "" && !slices.Contains(stat.Parts, it.Part) {
			return c.bad("[[item]]", i, "part %q is not one of %v", it.Part, stat.Parts)
		}
		if err := c.month(it.ReleasedMonth, "[[item]]", i); err != nil {
			return err
		}
		it.measure, _ = c.cat.Measure(it.Measure)
	}
	if c.has(roleItem) != (len(l.Items) > 0) {
		return c.bad("[[item]]", 0, "a column that is item and [[item]] tables go together")
	}
	return nil
}

// ignores reports whether a folded header is left out on purpose. In a grid it
// is enough that it holds the words: "Q1 total" holds "total".
func (l *layout) ignores(folded string) (reason string, ok bool) {
	if reason, ok = l.ignored[folded]; ok || l.Kind != gridKind {
		return reason, ok
	}
	for _, ig := range l.Ignore {
		for _, h := range ig.Header {
			if strings.Contains(" "+folded+" ", " "+stat.Fold(h)+" ") {
				return ig.Reason, true
			}
		}
	}
	return "", false
}

func (c *layoutCheck) rest() error {
	l := c.layout
	l.ignored, l.ignoredRows, l.marks = map[string]string{}, map[string]string{}, map[string]stat.Mark{}
	for i, ig := range l.Ignore {
		if ig.Reason == "" || len(ig.Header)+len(ig.Row) == 0 {
			return c.bad("[[ignore]]", i, "what is ignored needs a header or row, and a reason")
		}
		for _, text := range ig.Header {
			l.ignored[stat.Fold(text)] = ig.Reason
		}
		for _, text := range ig.Row {
			l.ignoredRows[stat.Fold(text)] = ig.Reason
		}
	}
	for text, m := range l.Marks {
		if m.Meaning() == "" {
			return c.bad("[marks]", 0, "%q is not a mark", m)
		}
		l.marks[strings.ToLower(text)] = m
	}
	return nil
}

func (l *layout) itemTexts() []string {
	var texts []string
	for _, it := range l.Items[:min(len(l.Items), 5)] {
		texts = append(texts, it.Text)
	}
	return texts
}
