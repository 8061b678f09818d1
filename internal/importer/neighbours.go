package importer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// neighbours reads a sheet in which each row is an area and its statistical
// neighbours, closest first, each with its closeness in the column after it.
type neighbours struct {
	*reading
	model              string
	code, number, name int
	positions          []int // columns
	seen               map[string]string
	ended              string // the heading below which nothing is read
}

var yearIn = regexp.MustCompile(`20\d\d`)

func newNeighbours(r *reading, s sheetMatch) *neighbours {
	ln := &s.head[s.line]
	n := &neighbours{reading: r, seen: map[string]string{}}
	n.code, n.number, n.name = r.layout.place(ln, roleCode), r.layout.place(ln, roleNumber), r.layout.place(ln, roleName)
	for _, h := range r.layout.Neighbours {
		n.positions = append(n.positions, ln.cols[stat.Fold(h)][0])
	}
	for _, name := range []string{r.res.Batch.File, r.sheet} {
		if n.model == "" {
			n.model = yearIn.FindString(name)
			r.published = monthIn(name)
		}
	}
	if n.model == "" {
		r.problem(stat.Error, "unknown_model", r.at(0, ln.number), "neither the file's name, %s, nor the sheet's holds the year of the model: put it into the file's name, as in sn_may_2025.xlsx", r.res.Batch.File)
	}
	return n
}

var monthYear = regexp.MustCompile(`(?i)([a-z]{3,9})[ _-]*(20\d\d)`)

// monthIn is the month a name such as sn_may_2025.xlsx says, if it does.
func monthIn(name string) stat.Release {
	m := monthYear.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	p, err := stat.ParsePeriod(m[1] + " " + m[2])
	if err != nil || p.Span != stat.Month {
		return ""
	}
	return stat.Release(p.End.String()[:len("2025-05")])
}

func (n *neighbours) row(row workbook.Row) string {
	if i := firstCell(row.Cells); n.ended == "" && slices.Contains(n.layout.End, text(row, i)) {
		n.ended = "below the heading " + strconv.Quote(text(row, i)) + ": areas that are no more"
	}
	if n.ended != "" {
		return n.ended
	}
	if !slices.ContainsFunc(n.positions, func(col int) bool { return text(row, col) != "" }) {
		return "no neighbour in the row"
	}
	found := n.reading.area(areaRef{text(row, n.code), text(row, n.number), text(row, n.name)})
	at := n.at(max(n.code, n.number), row.Number)
	switch first, twice := n.seen[found.area.Code]; {
	case found.fault != nil:
		n.problem(stat.Error, found.fault.code, at, "%s", found.fault.message)
		return ""
	case twice:
		n.problem(stat.Error, "duplicate_key", at, "the neighbours of %s are given here and at %s: keep one of the two rows", found.area.Name, first)
		return ""
	}
	n.seen[found.area.Code] = at
	n.links(row, found.area)
	return ""
}

func (n *neighbours) links(row workbook.Row, area stat.Area) {
	taken := map[string]string{}
	for i, col := range n.positions {
		at := n.at(col, row.Number)
		if text(row, col) == "" {
			n.problem(stat.Error, "missing_neighbour", at, "%s has no neighbour at position %d: give its DfE number", area.Name, i+1)
			continue
		}
		found := n.reading.area(areaRef{number: strings.TrimSuffix(text(row, col), ".0")})
		switch first, twice := taken[found.area.Code]; {
		case found.fault != nil:
			n.problem(stat.Error, found.fault.code, at, "%s", found.fault.message)
			continue
		case found.area.Code == area.Code:
			n.problem(stat.Error, "own_neighbour", at, "%s is given as its own neighbour: correct the number", area.Name)
			continue
		case twice:
			n.problem(stat.Error, "duplicate_key", at, "%s is a neighbour of %s here and at %s: correct one of the two", found.area.Name, area.Name, first)
			continue
		}
		taken[found.area.Code] = at
		n.res.Links = append(n.res.Links, stat.Link{Model: n.model, Area: area.Code, Neighbour: found.area.Code,
			Position: i + 1, Closeness: text(row, col+1), At: at})
	}
}

func (n *neighbours) end() {}
