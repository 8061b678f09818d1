package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// words are the panel's title, subtitle and sentence: how many of the rows
// that have a target meet it.
func (sc *ScorecardPanel) words(p *Panel, def *Definition, area stat.Area) {
	tally, missing, goals, last := map[string]int{}, 0, 0, Point{}
	for _, r := range sc.Rows {
		tally[r.Rating.Code]++
		if r.Target.Words != "" {
			goals++
		}
		if r.Current.Period == "" {
			missing++
		}
		if r.Current.Period > last.Period {
			last = r.Current.Point
		}
	}
	rated := tally[Green] + tally[Amber] + tally[Red]
	p.Title = fit(fmt.Sprintf("%d of %s on target", tally[Green], plural(rated, "measure")))
	if rated == 0 {
		p.Title = fit(def.Title+": nothing to rate", "Nothing to rate")
	}
	p.Subtitle = area.Name
	if last.Label != "" {
		p.Subtitle += ", figures to " + strings.TrimPrefix(last.Label, "year ending ")
	}
	p.Subtitle += "; previous is " + sc.Since
	p.Sentence = sc.sentence(tally, rated, goals, missing)
}

func (sc *ScorecardPanel) sentence(tally map[string]int, rated, goals, missing int) string {
	var parts []string
	add := func(n int, words string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words))
		}
	}
	add(tally[Green], "on target")
	add(tally[Amber], "off target but within tolerance")
	add(tally[Red], "off target")
	out := "No measure could be rated"
	if rated > 0 {
		out = fmt.Sprintf("Of %s rated, %s", plural(rated, "measure"), listed(parts))
	}
	parts = nil
	add(len(sc.Rows)-goals, "for information")
	add(goals-rated, "not rated although there is a target")
	if len(parts) > 0 {
		out += "; besides, " + listed(parts)
	}
	if missing > 0 {
		out += fmt.Sprintf("; there is no figure for %d", missing)
	}
	return out + "."
}

// listed is "a, b and c".
func listed(parts []string) string {
	if n := len(parts); n > 1 {
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
	return strings.Join(parts, "")
}

// scoreColumn is one column of a scorecard's table: its text, and the number
// behind it where there is one.
type scoreColumn struct {
	head   string
	text   func(r *ScorecardRow) string
	number func(r *ScorecardRow) *float64
	whole  bool // left out where no row has any
}

var scoreColumns = []scoreColumn{
	{head: "Measure", text: func(r *ScorecardRow) string { return r.Name }}, // its number too where a measure has several rows
	{head: "Section", text: func(r *ScorecardRow) string { return r.Section }, whole: true},
	{head: "Ref", text: func(r *ScorecardRow) string { return r.Ref }, whole: true},
	{head: "Unit", text: func(r *ScorecardRow) string { return r.Unit }},
	{head: "Good is", text: func(r *ScorecardRow) string { return r.GoodIs }},
	{head: "Target", text: func(r *ScorecardRow) string { return cmp.Or(r.Target.Words, "for information") }},
	{head: "Target set", text: func(r *ScorecardRow) string { return r.Target.By }, whole: true},
	{head: "Tolerance", text: func(r *ScorecardRow) string { return asGiven(r.Target.Tolerance) },
		number: func(r *ScorecardRow) *float64 { return r.Target.Tolerance }, whole: true},
	{head: "Previous", text: func(r *ScorecardRow) string { return r.Previous.Bare },
		number: func(r *ScorecardRow) *float64 { return r.Previous.Number }},
	{head: "Previous period", text: func(r *ScorecardRow) string { return benchmark.UpperFirst(r.Previous.Label) }},
	{head: "Current", text: func(r *ScorecardRow) string { return r.Current.Bare },
		number: func(r *ScorecardRow) *float64 { return r.Current.Number }},
	{head: "Current period", text: func(r *ScorecardRow) string { return benchmark.UpperFirst(r.Current.Label) }},
	{head: "Whose figure", text: func(r *ScorecardRow) string { return r.Current.Publisher }},
	{head: "Change", text: func(r *ScorecardRow) string { return asChange(r.Travel.Number, r.Decimals) },
		number: func(r *ScorecardRow) *float64 { return r.Travel.Number }, whole: true},
	{head: "Direction of travel", text: func(r *ScorecardRow) string {
		return strings.TrimSpace(r.Travel.Arrow + " " + r.Travel.Words)
	}},
	{head: "Rating", text: func(r *ScorecardRow) string { return r.Rating.Word }},
	{head: "Why", text: func(r *ScorecardRow) string { return r.Rating.Reason }},
	{head: "Neighbours' mean", text: func(r *ScorecardRow) string { return r.Neighbours.Bare },
		number: func(r *ScorecardRow) *float64 { return r.Neighbours.Number }, whole: true},
	{head: "Region", text: func(r *ScorecardRow) string { return r.Region.Bare },
		number: func(r *ScorecardRow) *float64 { return r.Region.Number }, whole: true},
	{head: "England", text: func(r *ScorecardRow) string { return r.England.Bare },
		number: func(r *ScorecardRow) *float64 { return r.England.Number }, whole: true},
	{head: "Others' period", text: func(r *ScorecardRow) string {
		return benchmark.UpperFirst(cmp.Or(r.Neighbours.Label, r.Region.Label, r.England.Label))
	}, whole: true},
	{head: "Commentary", text: func(r *ScorecardRow) string {
		switch {
		case r.Comment == nil:
			return ""
		case r.Comment.Stale:
			return r.Comment.Label + ": " + r.Comment.Text
		}
		return r.Comment.Text
	}, whole: true},
}

// asGiven is a number of a definition with the decimals it has, "" for none.
func asGiven(x *float64) string {
	if x == nil {
		return ""
	}
	return plain(*x, 0)
}

// asChange is a difference with its sign, "" for none.
func asChange(x *float64, decimals int) string {
	text := number(x, decimals)
	if x != nil && *x > 0 {
		return "+" + text
	}
	return text
}

// table is the scorecard as text, a row for each row. Columns that no row has
// anything in are left out; flags are not for a download.
func (sc *ScorecardPanel) table(def *Definition) *TablePanel {
	t := &TablePanel{Mark: -1, Caption: def.Title, Rows: make([][]string, len(sc.Rows)), Numbers: make([][]*float64, len(sc.Rows))}
	marks := &TablePanel{}
	for _, c := range scoreColumns {
		if c.whole && !slices.ContainsFunc(sc.Rows, func(r ScorecardRow) bool { return c.text(&r) != "" }) {
			continue
		}
		t.Columns = append(t.Columns, strings.ReplaceAll(c.head, "Neighbours' mean", sc.Rows[0].Neighbours.Name))
		for i := range sc.Rows {
			r := &sc.Rows[i]
			t.Rows[i] = append(t.Rows[i], c.text(r))
			var x *float64
			if c.number != nil {
				x = c.number(r)
			}
			t.Numbers[i] = append(t.Numbers[i], x)
		}
	}
	times := map[string]int{}
	for _, r := range sc.Rows {
		times[r.Measure]++
	}
	for i, r := range sc.Rows {
		if times[r.Measure] > 1 {
			t.Rows[i][0] = strings.TrimSpace(r.Ref + " " + r.Name)
		}
		marks.Rows = append(marks.Rows, []string{r.Name, cmp.Or(r.Previous.Mark, "-"), cmp.Or(r.Current.Mark, "-")})
	}
	t.Notes = notes(marks)
	return t
}

// lacking is a measure that nothing is held of, with how its figures come in.
func lacking(m stat.Measure) Missing {
	how := "The council's own: put it on the monthly return and import that."
	for _, publisher := range []string{stat.DfE, "Ofsted", stat.ONS} {
		if series, ok := strings.CutPrefix(m.Source, publisher+", "); ok {
			series, _, _ = strings.Cut(series, ";")
			series, _, _ = strings.Cut(series, " (") // its return and older names
			how = fmt.Sprintf("Published by %s in %s: import that file, or the council's own figures on the monthly return.", publisher, series)
		}
	}
	return Missing{Code: m.Code, Name: m.Name, Path: "/measures/" + m.Code, How: how}
}

// lacks reports whether nothing is held of a measure, neither published of
// anyone nor the area's own.
func (f *figures) lacks(measure, area string) bool {
	return len(f.published[measure]) == 0 && len(f.own[measure][area]) == 0
}

// lack names, once each, the measures of a dashboard that nothing is held of.
func (v *View) lack(f *figures, def *Definition) {
	for _, code := range def.inOrder() {
		if m, err := f.cat.Measure(code); err == nil && f.lacks(code, v.Area.Code) {
			v.Missing = append(v.Missing, lacking(m))
		}
	}
	if n := len(v.Missing); n > 0 && n == len(def.inOrder()) && !f.empty {
		v.Warnings = append(v.Warnings, missingWarning)
	}
}

const missingWarning = "No figures of this dashboard's measures are held yet. Import a file that has them, and they appear here."
