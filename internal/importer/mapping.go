package importer

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// Head is the top of a file, for somebody to say what its columns are.
type Head struct {
	File   string      `json:"file"`
	Sheets []HeadSheet `json:"sheets"`
}

// HeadSheet is the first rows of a sheet that hold something, twenty at most.
type HeadSheet struct {
	Name   string    `json:"name"`
	Hidden bool      `json:"hidden"`
	Header int       `json:"header"` // number of the row that is most likely the header, 0 where none is
	Rows   []HeadRow `json:"rows"`
}

// HeadRow is one of them, by its number in the sheet.
type HeadRow struct {
	Number int      `json:"number"`
	Cells  []string `json:"cells"`
}

// Head gives the first rows of each sheet. Of a file about single children it
// gives nothing but ErrChildLevel; of one that is no sound spreadsheet, the
// *workbook.Fault.
func (im *Importer) Head(name string, data []byte, l workbook.Limits) (*Head, error) {
	book, err := openTotals(name, data, l)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	h := &Head{File: base(name)}
	for i, s := range book.Sheets {
		sheet := HeadSheet{Name: s.Name, Hidden: s.Hidden}
		texts := 1
		for row, err := range book.Rows(i) {
			if err != nil {
				return nil, err
			}
			hr, n := headRow(row)
			if sheet.Rows = append(sheet.Rows, hr); n > texts {
				texts, sheet.Header = n, row.Number
			}
			if len(sheet.Rows) == headRows {
				break
			}
		}
		h.Sheets = append(h.Sheets, sheet)
	}
	return h, nil
}

// openTotals opens a file for anything but reading its figures: never one
// about single children.
func openTotals(name string, data []byte, l workbook.Limits) (*workbook.Book, error) {
	book, err := workbook.Open(base(name), data, l)
	if err != nil {
		return nil, err
	}
	scan, err := scanBook(book)
	if err == nil && scan.refuses() {
		err = ErrChildLevel
	}
	if err != nil {
		book.Close()
		return nil, err
	}
	return book, nil
}

// headRow is the row as it is shown, and how many of its cells may be headers.
func headRow(row workbook.Row) (out HeadRow, texts int) {
	out = HeadRow{Number: row.Number, Cells: []string{}}
	for _, c := range row.Cells {
		out.Cells = append(out.Cells, shown(c))
		if c.Kind == workbook.Date || c.Kind == workbook.Text && !numeric(c) {
			texts++
		}
	}
	return out, texts
}

// longestShown is how much of a cell is shown, in characters.
const longestShown = 200

// shown is a cell as a person reads it.
func shown(c workbook.Cell) string {
	text := strings.TrimSpace(c.Text)
	switch c.Kind {
	case workbook.Date:
		text = c.Time.Format("2 January 2006")
		if f := strings.ToLower(c.Format); f != "" && !strings.Contains(f, "d") {
			text = c.Time.Format("January 2006")
		}
	case workbook.Number:
		text = numberOf(c).text
	}
	if utf8.RuneCountInString(text) > longestShown {
		text = string([]rune(text)[:longestShown]) + "…"
	}
	return text
}

// Mapping is what somebody says of a file no layout fits: which row is the
// header, and what stands in its columns.
type Mapping struct {
	Sheet     string          `json:"sheet"`
	HeaderRow int             `json:"header_row"`
	Title     string          `json:"title"` // in words
	Name      string          `json:"name"`  // of the layout: "front-door-weekly"
	Kind      string          `json:"kind"`  // "table" or "grid"
	Columns   []MappingColumn `json:"columns"`
}

// MappingColumn says what the column under a header is.
type MappingColumn struct {
	Header  string `json:"header"`
	Is      string `json:"is"`      // one of Roles; "" leaves the column out
	Measure string `json:"measure"` // code, of a count, denominator or value
	Reason  string `json:"reason"`  // why it is left out, which may be ""
}

// Roles lists what a column of a kind of layout, "table" or "grid", may be
// mapped to. A column that is item needs texts that a mapping does not give.
func Roles(kind string) []string {
	var out []string
	for _, r := range rolesOf[kind] {
		if r != roleItem {
			out = append(out, string(r))
		}
	}
	return out
}

var layoutName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// draft is a layout as it is written.
type draft struct {
	Title     string        `toml:"title"`
	Kind      string        `toml:"kind"`
	Publisher string        `toml:"publisher"`
	Columns   []draftColumn `toml:"column"`
	Ignore    []draftIgnore `toml:"ignore,omitempty"`
}

type draftColumn struct {
	Header  []string `toml:"header"`
	Is      string   `toml:"is"`
	Measure string   `toml:"measure,omitempty"`
}

type draftIgnore struct {
	Header []string `toml:"header"`
	Reason string   `toml:"reason"`
}

// leave adds a header to those left out for the same reason.
func (d *draft) leave(header, reason string) {
	for i := range d.Ignore {
		if d.Ignore[i].Reason == reason {
			d.Ignore[i].Header = append(d.Ignore[i].Header, header)
			return
		}
	}
	d.Ignore = append(d.Ignore, draftIgnore{[]string{header}, reason})
}

// Draft writes a layout, in TOML, from the analyst's choice of header row and
// columns. It holds: With and New take it. The error says what the mapping
// lacks.
func (im *Importer) Draft(m Mapping) (string, error) {
	if err := im.mappable(m); err != nil {
		return "", err
	}
	d := draft{Title: strings.TrimSpace(m.Title), Kind: m.Kind, Publisher: stat.Council}
	for _, c := range m.Columns {
		switch header := strings.TrimSpace(c.Header); {
		case stat.Fold(header) == "" || c.Is == "" && m.Kind == gridKind && (isPeriod(header) || bare(header)):
		case c.Is == "":
			d.leave(header, cmp.Or(strings.TrimSpace(c.Reason), "left out when the columns were mapped"))
		default:
			d.Columns = append(d.Columns, draftColumn{[]string{header}, c.Is, c.Measure})
		}
	}
	text, err := toml.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("writing layout %s: %w", m.Name, err)
	}
	where := fmt.Sprintf("# Mapped from row %d", m.HeaderRow)
	if m.Sheet != "" {
		where += fmt.Sprintf(" of sheet %q", m.Sheet)
	}
	out := where + ".\n" + string(text)
	if _, err := parseLayout(m.Name+".toml", []byte(out), im.cat); err != nil {
		return "", fmt.Errorf("the mapping does not make a layout: %w", err)
	}
	return out, nil
}

// mappable finds what is wrong with a mapping in terms of the mapping.
func (im *Importer) mappable(m Mapping) error {
	switch {
	case len(m.Name) > 40 || !layoutName.MatchString(m.Name):
		return fmt.Errorf("%q cannot be a layout's name: use small letters, digits and hyphens, as in front-door-weekly", m.Name)
	case slices.ContainsFunc(im.layouts, func(l *layout) bool { return l.name == m.Name && !l.own }):
		return fmt.Errorf("there is already a layout %s: choose another name", m.Name)
	case strings.TrimSpace(m.Title) == "":
		return fmt.Errorf("the layout needs a title: say in words what the file is")
	case m.Kind != tableKind && m.Kind != gridKind:
		return fmt.Errorf("kind %q is not table or grid", m.Kind)
	}
	seen := map[string]string{}
	for _, c := range m.Columns {
		f := stat.Fold(c.Header)
		switch {
		case c.Is == "":
		case f == "":
			return fmt.Errorf("a column that is %s has no header: write one into the file's row %d", c.Is, m.HeaderRow)
		case seen[f] != "":
			return fmt.Errorf("two columns are headed %q: rename one of them in the file", c.Header)
		case !slices.Contains(Roles(m.Kind), c.Is):
			return fmt.Errorf("column %q cannot be %q: choose one of %s", c.Header, c.Is, strings.Join(Roles(m.Kind), ", "))
		default:
			seen[f] = c.Header
		}
	}
	return nil
}

// With is the same importer with the council's own layouts as well, instead of
// those of an earlier With. Where one of them fits a file as well as another
// layout does, it is taken. The error names layout and line.
func (im *Importer) With(saved []stat.SavedLayout) (*Importer, error) {
	out := *im
	out.layouts = slices.DeleteFunc(slices.Clone(im.layouts), func(l *layout) bool { return l.own })
	for _, s := range saved {
		if slices.Contains(out.Layouts(), s.Name) {
			return nil, fmt.Errorf("layout %s: there are two of that name", s.Name)
		}
		l, err := parseLayout(s.Name+".toml", []byte(s.TOML), im.cat)
		if err != nil {
			return nil, fmt.Errorf("reading a saved layout: %w", err)
		}
		l.own = true
		out.layouts = append(out.layouts, l)
	}
	return &out, nil
}
