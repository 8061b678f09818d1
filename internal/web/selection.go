package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// selection reads what was chosen from the query string; what was not is as
// Boards has it. A choice that does not exist is an error that says so.
func (s *Server) selection(q url.Values) (dashboard.Selection, error) {
	return s.Boards.Select(q.Get)
}

// query writes a selection as a query string, every choice in it, so that a
// link pasted into a report goes on meaning what it meant.
func query(sel dashboard.Selection) string { return "?" + encoded(values(sel)) }

// encoded is a query without its mark; commas part lists and stay as they are.
func encoded(q url.Values) string { return strings.ReplaceAll(q.Encode(), "%2C", ",") }

func values(sel dashboard.Selection) url.Values {
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
	if sel.Since != "" {
		q.Set("since", sel.Since)
	}
	if sel.Project != 0 {
		q.Set("project", strconv.Itoa(sel.Project))
	}
	if sel.Cadence != "" {
		q.Set("cadence", sel.Cadence)
	}
	for name, value := range map[string]string{"axis": sel.Axis, "highlight": sel.Highlight, "mine": sel.Mine} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// carried is a selection by name and value, for a form to carry.
func carried(sel dashboard.Selection) []choice {
	q := values(sel)
	var out []choice
	for _, name := range slices.Sorted(maps.Keys(q)) {
		out = append(out, choice{name, q.Get(name)})
	}
	return out
}

// timeless is a selection for pages that have no period or cadence of their
// own.
func timeless(sel dashboard.Selection) dashboard.Selection {
	sel.Period, sel.Cadence = "", ""
	return sel
}

// form is the selection as it is offered on a page.
type form struct {
	dashboard.Selection
	Action string
	Groups []areaGroup
	Models []dashboard.Choice
	Years  []int
	Areas  bool // only the area can be chosen

	Meetings []dashboard.Choice // that changes can be told from
	Projects []int              // years that can be projected to, where the page projects

	Cadences []dashboard.Choice // of a scorecard

	Lines      bool               // it has line charts, whose axis can be chosen
	Highlights []dashboard.Choice // neighbours that its charts can bring out
	Hidden     []choice           // what else was chosen, by name, kept while these change

	Periods []dashboard.Choice // of a page of areas
	Rates   bool               // numbers are not shown instead of rates
	Single  bool               // one period is shown, no years
	Sort    string             // column, "" for none; with Dir, kept while other choices change
	Dir     string
}

// Chosen says what is chosen in a line: "Middlesbrough, 2025 neighbours, rates".
func (f form) Chosen() string {
	var words []string
	for _, g := range f.Groups {
		for _, a := range g.Areas {
			if a.Code == f.Area {
				words = append(words, a.Name)
			}
		}
	}
	for _, m := range f.Models {
		if m.Value == f.Neighbours {
			words = append(words, modelled(m))
		}
	}
	switch {
	case f.Rates: // nothing else can be
	case f.Show == dashboard.ShowCount:
		words = append(words, "numbers")
	default:
		words = append(words, "rates")
	}
	return strings.Join(words, ", ")
}

// modelled is a choice of neighbours in few words, a model's by its year.
func modelled(m dashboard.Choice) string {
	if model(m.Value) {
		return m.Value + " neighbours"
	}
	return m.Label
}

// of offers what a View has to choose from.
func (f *form) of(v *dashboard.View, by order) {
	page := pageOf(v)
	scorecard := slices.ContainsFunc(v.Panels, func(p dashboard.Panel) bool { return p.Scorecard != nil })
	f.Periods, f.Rates, f.Single = v.Periods, page != "" || scorecard, page == authoritiesPage || scorecard
	f.Sort, f.Dir, f.Cadences = by.column, by.Dir(), v.Cadences
	f.Meetings, f.Projects = meetingsOf(v), projectsOf(v)
	f.Highlights, f.Lines = v.Highlights, slices.ContainsFunc(v.Panels, lines)
	if scorecard {
		f.Meetings = nil // its cadence says what is before
	}
}

// meetingsOf are the meetings a View offers, and the day that was chosen where
// none was held on it.
func meetingsOf(v *dashboard.View) []dashboard.Choice {
	since := v.Selection.Since
	if since == "" || slices.ContainsFunc(v.Meetings, func(c dashboard.Choice) bool { return c.Value == since }) {
		return v.Meetings
	}
	label := since
	if d, err := stat.ParseDate(since); err == nil {
		label = d.Long()
	}
	return append(slices.Clone(v.Meetings), dashboard.Choice{Value: since, Label: label})
}

// furthest is how many years ahead a projection may go.
const furthest = 5

// projectsOf are the years a View's projection may go to.
func projectsOf(v *dashboard.View) []int {
	at := slices.IndexFunc(v.Panels, func(p dashboard.Panel) bool { return p.Ahead != nil })
	if at < 0 {
		return nil
	}
	first, err := stat.ParseDate(v.Panels[at].Ahead.Ahead[0].Period)
	if err != nil {
		return nil
	}
	var out []int
	for y := range furthest {
		out = append(out, first.FinancialYear()+y)
	}
	return out
}

// form offers every choice there is beside the one that was made.
func (s *Server) form(sel dashboard.Selection, action string, models []dashboard.Choice) form {
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
