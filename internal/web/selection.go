package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// selection reads what was chosen from the query string; what was not is as
// Boards has it. A choice that does not exist is an error that says so.
func (s *Server) selection(q url.Values) (dashboard.Selection, error) {
	return s.Boards.Select(q.Get("area"), q.Get("neighbours"), q.Get("show"), q.Get("from"), q.Get("to"))
}

// query writes a selection as a query string, every choice in it, so that a
// link pasted into a report goes on meaning what it meant.
func query(sel dashboard.Selection) string {
	q := url.Values{"area": {sel.Area}, "neighbours": {sel.Neighbours}, "show": {sel.Show}}
	if sel.From != 0 {
		q.Set("from", strconv.Itoa(sel.From))
	}
	if sel.To != 0 {
		q.Set("to", strconv.Itoa(sel.To))
	}
	if sel.Period != "" {
		q.Set("period", sel.Period)
	}
	return "?" + q.Encode()
}

// timeless is a selection for pages that have no period of their own.
func timeless(sel dashboard.Selection) dashboard.Selection {
	sel.Period = ""
	return sel
}

// form is the selection as it is offered on a page.
type form struct {
	dashboard.Selection
	Action string
	Groups []areaGroup
	Models []string
	Years  []int
	Areas  bool // only the area can be chosen

	Periods []dashboard.Choice // of a page of areas
	Rates   bool               // numbers are not shown instead of rates
	Single  bool               // one period is shown, no years
	Sort    string             // column, "" for none; with Dir, kept while other choices change
	Dir     string
}

// of offers what a View has to choose from.
func (f *form) of(v *dashboard.View, by order) {
	page := pageOf(v)
	f.Periods, f.Rates, f.Single = v.Periods, page != "", page == authoritiesPage
	f.Sort, f.Dir = by.column, by.Dir()
}

// form offers every choice there is beside the one that was made.
func (s *Server) form(sel dashboard.Selection, action string, models []string) form {
	today := stat.DateOf(s.Now())
	f := form{Selection: sel, Action: action, Groups: areaGroups(s.Catalogue, today), Models: models}
	for y := firstYear; y <= today.FinancialYear(); y++ {
		f.Years = append(f.Years, y)
	}
	for _, y := range []int{sel.From, sel.To} {
		if y != 0 && !slices.Contains(f.Years, y) {
			f.Years = append(f.Years, y)
		}
	}
	slices.Sort(f.Years)
	return f
}

// firstYear is the earliest reporting year that is offered.
const firstYear = 2010

type areaGroup struct {
	Name  string
	Areas []stat.Area
}

// areaGroups lists the authorities there are by region, and last those that
// were abolished.
func areaGroups(cat *stat.Catalogue, today stat.Date) []areaGroup {
	var groups []areaGroup
	var gone []stat.Area
	at := map[string]int{}
	for _, a := range cat.ByLevel(stat.Authority) {
		if !a.ExistedAt(today) {
			gone = append(gone, a)
			continue
		}
		i, ok := at[a.Region]
		if !ok {
			i, at[a.Region] = len(groups), len(groups)
			groups = append(groups, areaGroup{Name: regionName(cat, a.Region)})
		}
		groups[i].Areas = append(groups[i].Areas, a)
	}
	slices.SortFunc(groups, func(a, b areaGroup) int { return cmp.Compare(a.Name, b.Name) })
	if len(gone) > 0 {
		groups = append(groups, areaGroup{"No longer exist", gone})
	}
	for _, g := range groups {
		slices.SortFunc(g.Areas, func(a, b stat.Area) int { return cmp.Compare(a.Name, b.Name) })
	}
	return groups
}

func regionName(cat *stat.Catalogue, code string) string {
	if a, err := cat.Area(code); err == nil {
		return a.Name
	}
	return "England"
}
