package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"bellwether/internal/dashboard"
)

// The pages of a measure that list areas, by the end of their address.
const (
	neighboursPage  = "neighbours"
	authoritiesPage = "authorities"
)

func (s *Server) areas(c *gin.Context) error {
	page, ext := split(c.Param("page"))
	if page != neighboursPage && page != authoritiesPage {
		return notFound("There is nothing at this address.", nil)
	}
	return s.view(c, page, c.Param("name"), ext)
}

// pagePath is the address of a View's page.
func pagePath(v *dashboard.View) string {
	if rest, ok := strings.CutPrefix(v.Path, "/measures/"+v.Name); ok {
		return measurePath(v.Name) + rest
	}
	return v.Path
}

// pageOf is which page of areas a View is, "" for another.
func pageOf(v *dashboard.View) string {
	rest, _ := strings.CutPrefix(v.Path, "/measures/"+v.Name+"/")
	if rest == neighboursPage || rest == authoritiesPage {
		return rest
	}
	return ""
}

// tab leads to one of the pages of a measure.
type tab struct {
	Href, Text string
	Here       bool
}

// tabs are the pages of a measure that has pages of areas, or of one where a
// reader has come to such a page.
func tabs(v *dashboard.View, q string) []tab {
	page := pageOf(v)
	if len(v.Links) == 0 {
		return nil
	}
	base, near := measurePath(v.Name), "Each statistical neighbour"
	if !model(v.Selection.Neighbours) {
		near = "Each authority compared with"
	}
	return []tab{
		{base + q, "The measure", page == ""},
		{base + "/" + neighboursPage + q, near, page == neighboursPage},
		{base + "/" + authoritiesPage + q, "All authorities", page == authoritiesPage},
		{"/compare" + besideQuery(v.Selection, v.Near, []string{v.Name}), "Areas of your choice", false},
	}
}

// model reports whether the authorities compared with are those of a model of
// statistical neighbours, which go by a year.
func model(neighbours string) bool {
	_, err := strconv.Atoi(neighbours)
	return err == nil
}

// order is the column that tables are sorted by, and which way.
type order struct {
	column string // name of its heading, "" for the table's own order
	down   bool
}

func readOrder(q url.Values) (order, error) {
	o := order{column: q.Get("sort"), down: q.Get("dir") == "desc"}
	if dir := q.Get("dir"); dir != "" && dir != "asc" && dir != "desc" {
		return o, &dashboard.ChoiceError{Field: "dir", Value: dir, Err: fmt.Errorf("a table cannot be sorted %q: choose asc or desc", dir)}
	}
	return o, nil
}

// Dir is the direction as the address has it, "" without a column.
func (o order) Dir() string {
	switch {
	case o.column == "":
		return ""
	case o.down:
		return "desc"
	}
	return "asc"
}

// query is the order as part of an address that has a query already.
func (o order) query() string {
	if o.column == "" {
		return ""
	}
	return "&" + url.Values{"sort": {o.column}, "dir": {o.Dir()}}.Encode()
}

// aria is the direction as aria-sort and captions have it.
func (o order) aria() string {
	if o.down {
		return "descending"
	}
	return "ascending"
}

// words say how a table with that heading is sorted.
func (o order) words(heading string) string { return "by " + heading + ", " + o.aria() }

// apply sorts the tables of a View that have the column. A View that has none
// such keeps its own order, and says so.
func (o order) apply(v *dashboard.View) {
	if o.column == "" {
		return
	}
	sorted := false
	for i := range v.Panels {
		t := v.Panels[i].Table
		if t == nil {
			continue
		}
		at := o.at(*t, v.Area.Name)
		if by, ok := t.Sorted(at, o.down); ok {
			by.Caption, _ = ownOrder(by.Caption)
			by.Caption += ", " + o.words(by.Columns[at])
			v.Panels[i].Table, sorted = &by, true
		}
	}
	if !sorted {
		v.Warnings = append(v.Warnings, fmt.Sprintf("No table here has a column “%s” to sort by, so all are in their own order.", o.column))
	}
}

// at is the place of the column in a table that sorts by it, -1 for none.
func (o order) at(t dashboard.TablePanel, area string) int {
	for i, kind := range t.Sort {
		if kind != "" && o.column == columnName(t.Columns[i], area) {
			return i
		}
	}
	return -1
}

// columnName is a heading as an address has it, the same for every area:
// "rate-per-10-000", "difference-from".
func columnName(heading, area string) string {
	plain := plainName(strings.ToLower(strings.ReplaceAll(heading, area, "")))
	return strings.Join(strings.FieldsFunc(plain, func(r rune) bool { return r == '-' }), "-")
}

// ownOrder cuts from a caption how the table is ordered by itself.
func ownOrder(caption string) (rest, own string) {
	for _, words := range []string{"highest first", "closest first"} {
		if before, after, ok := strings.Cut(caption, ", "+words); ok {
			return before + after, words
		}
	}
	return caption, ""
}

// figures is a table as a page has it.
type figures struct {
	Caption, Order string // Order is how its rows go, "" where they keep to time
	Heads          []head
	Rows           []row
}

// head is a heading; one of a column that sorts has the rest as well.
type head struct {
	Text string
	Kind string // number or text
	Name string // of the column
	Href string // the page sorted by it, or the other way round
	Aria string

	Words bool // its cells are words, which stand left
}

// row is one of a table; Own marks that of the chosen area.
type row struct {
	Own   bool
	Href  string // of what heads the row
	About string // what that is, for those who do not see the page
	Cells []string
}

// wordy reports whether a column's cells are words: by what it sorts as, or
// where it does not, by its having text and no number.
func wordy(t *dashboard.TablePanel, column int) bool {
	if column < len(t.Sort) {
		return t.Sort[column] != dashboard.SortNumber
	}
	text := false
	for i, row := range t.Rows {
		if i < len(t.Numbers) && t.Numbers[i][column] != nil {
			return false
		}
		first, _ := utf8.DecodeRuneInString(row[column])
		text = text || unicode.IsLetter(first) && len(row[column]) > longestMark && !strings.HasPrefix(row[column], "joint ")
	}
	return text
}

// longestMark is the length of a mark's letters, as in "low".
const longestMark = 3

// figuresOf lays out a panel's table. history is where the history of a row's
// figure is, by the row's first cell.
func figuresOf(v *dashboard.View, p panel, by order, history map[string]string) *figures {
	t := p.Table
	if t == nil {
		return nil
	}
	f := &figures{Caption: t.Caption}
	f.Caption, f.Order = ownOrder(t.Caption)
	at := by.at(*t, v.Area.Name)
	if at >= 0 {
		f.Order = by.words(t.Columns[at])
		f.Caption = strings.TrimSuffix(t.Caption, ", "+f.Order)
	}
	for i, text := range t.Columns {
		h := head{Text: text, Words: i > 0 && wordy(t, i)}
		if i < len(t.Sort) && t.Sort[i] != "" {
			h.Kind, h.Name, h.Aria = t.Sort[i], columnName(text, v.Area.Name), "none"
			next := order{column: h.Name}
			if i == at {
				h.Aria, next.down = by.aria(), !by.down
			}
			h.Href = address(v, v.Selection) + next.query() + "#" + p.ID
		}
		f.Heads = append(f.Heads, h)
	}
	for i, cells := range t.Rows {
		r := row{Own: i == t.Mark, Cells: cells}
		if href := history[cells[0]]; href != "" {
			r.Href, r.About = href, "history of this figure"
		}
		if i < len(t.Keys) && t.Keys[i] != v.Area.Code {
			sel := v.Selection
			sel.Area = t.Keys[i]
			r.Href, r.About = address(v, sel)+by.query(), "this page for it"
		}
		f.Rows = append(f.Rows, r)
	}
	return f
}
