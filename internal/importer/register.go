package importer

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

var notPlain = regexp.MustCompile(`[^\p{L}\p{Nd}]+`)

// slug is a text in lower case, with one "_" for all that is neither letter
// nor digit.
func slug(s string) string {
	return strings.Trim(notPlain.ReplaceAllString(strings.ToLower(s), "_"), "_")
}

var (
	yearWord = regexp.MustCompile(`^(?:(?:19|20)\d\d|(?:19|20)\d{4}|(?:19|20)\d\d(?:19|20)\d\d)$`)
	yearTail = regexp.MustCompile(`^\d\d$`)
)

// dataset is what the releases of a file have in common: its name without
// ending and years, "b1_children_in_need" for
// b1_children_in_need_2013_to_2025.csv.
func dataset(file string) string {
	whole := slug(strings.TrimSuffix(file, path.Ext(file)))
	words := strings.Split(whole, "_")
	var kept []string
	for i := 0; i < len(words); i++ {
		if !yearWord.MatchString(words[i]) {
			kept = append(kept, words[i])
			continue
		}
		for i+1 < len(words) && (yearTail.MatchString(words[i+1]) || words[i+1] == "to" && i+2 < len(words) && (yearWord.MatchString(words[i+2]) || yearTail.MatchString(words[i+2]))) {
			i++
		}
	}
	if len(kept) == 0 {
		return whole
	}
	return strings.Join(kept, "_")
}

// indicator is a column of figures the catalogue does not know.
type indicator struct {
	column   string
	label    string
	unit     stat.Unit
	decimals int
	suffix   string // a unit there is no word for: "£ million"
	span     stat.Span
}

// measure is the indicator under the file's own names, or what the catalogue
// has made of it since. taken are those of the file before it.
func (r *reading) measure(set string, in indicator, taken []stat.Measure) stat.Measure {
	m := stat.Measure{Code: set + "." + slug(in.column), Name: in.label + " (" + spaced(set) + ")",
		Topic: "Not in the catalogue", Kind: kindOf(in.column + " " + in.label + " " + set), Unit: in.unit, Polarity: stat.NoPolarity, Decimals: in.decimals,
		Frequency: in.span, Source: r.layout.Publisher + ", " + r.res.Batch.File, Registered: true,
		Definition: fmt.Sprintf("The column %q of %s. It is not in the catalogue: name it to say what it means.", in.column, r.res.Batch.File)}
	if in.suffix != "" {
		m.Name = in.label + ", " + in.suffix + " (" + spaced(set) + ")"
	}
	if r.takenBy(m.Code, m.Code, taken) {
		m.Code = set + ".column_" + slug(in.column)
	}
	if known, err := r.im.cat.Measure(m.Code); err == nil && known.Code == m.Code {
		return known
	}
	for _, more := range []string{" [" + in.column + "]", " [" + m.Code + "]"} {
		if r.takenBy(m.Name, m.Code, taken) {
			m.Name += more
		}
	}
	return m
}

func spaced(slug string) string { return strings.ReplaceAll(slug, "_", " ") }

// takenBy reports whether another measure than that of the code has the name.
func (r *reading) takenBy(name, code string, taken []stat.Measure) bool {
	if m, err := r.im.cat.Measure(name); err == nil && m.Code != code {
		return true
	}
	f := stat.Fold(name)
	return slices.ContainsFunc(taken, func(m stat.Measure) bool { return stat.Fold(m.Code) == f || stat.Fold(m.Name) == f })
}

var onADay = regexp.MustCompile(`\b(?:(?:at|on) ?31(?: ?st)?\b|as at\b|at end of|at \d{1,2} [a-z]{3,9}\b|at31)`)

// kindOf is a flow over the period, as most indicators are, unless the words
// say that it stands at a day.
func kindOf(words string) stat.Kind {
	if onADay.MatchString(strings.ReplaceAll(stat.Fold(words), "31march", "31 march")) {
		return stat.Snapshot
	}
	return stat.Flow
}

// unitOf guesses the unit of a column from its name.
func unitOf(name string) stat.Unit {
	f := " " + stat.Fold(name) + " "
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(f, " "+w+" ") })
	}
	switch {
	case has("per 10000", "per 10 000", "per 10k"):
		return stat.RateOf
	case has("percent", "percentage", "per cent", "pct", "pc", "perc", "%"):
		return stat.Percent
	case has("rate", "ratio"):
		return stat.Ratio
	case has("days"):
		return stat.Days
	}
	return stat.Number
}

// register hands on the measures that gave a figure, and tells of them and of
// the areas.
func (t *table) register() {
	if t.layout.Kind != publishedKind {
		return
	}
	var names []string
	for _, f := range t.figures {
		m := t.registered[f.col]
		if *f.used == 0 || !m.Registered {
			continue
		}
		names = append(names, m.Name)
		if _, err := t.im.cat.Measure(m.Code); err != nil {
			t.res.Measures = append(t.res.Measures, m)
		}
	}
	if len(names) > 0 {
		t.problem(stat.Note, "registered_measures", t.sheet, "%d indicators are not in the catalogue and are kept under the file's own names, until an analyst names them: %s", len(names), some(names))
	}
}

// tellAreas tells of the areas a file brings. A region or authority is rarely
// new, and more often a wrong code.
func (r *reading) tellAreas() {
	levels := map[stat.Level][]string{}
	var order []stat.Level
	for _, a := range r.res.Areas {
		if levels[a.Level] == nil {
			order = append(order, a.Level)
		}
		levels[a.Level] = append(levels[a.Level], a.Name)
	}
	var notes, warnings []string
	for _, l := range order {
		says := fmt.Sprintf("%d of the level %s (%s)", len(levels[l]), l, some(levels[l]))
		if l == stat.Authority || l == stat.Regional {
			warnings = append(warnings, says)
		} else {
			notes = append(notes, says)
		}
	}
	if len(warnings) > 0 {
		r.problem(stat.Warning, "new_areas", "", "the file names areas that are not known, and they would be added: %s. Check their codes", strings.Join(warnings, ", "))
	}
	if len(notes) > 0 {
		r.problem(stat.Note, "registered_areas", "", "the file brings places that the catalogue lacks, and they are kept as it has them: %s", strings.Join(notes, ", "))
	}
}

// some names the first few.
func some(names []string) string {
	const few = 5
	if len(names) <= few {
		return strings.Join(names, "; ")
	}
	return strings.Join(names[:few], "; ") + fmt.Sprintf(" and %d more", len(names)-few)
}
