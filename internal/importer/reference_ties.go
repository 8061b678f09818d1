package importer

import (
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// checkMeasureTies sees that what measure i has to do with others can be so: that those
// are of this file, and on a date or over a period alike.
func (m *measureFile) checkMeasureTies(measures []stat.Measure, i int) {
	s := measures[i]
	find := func(key, code string, kind stat.Kind) {
		j := slices.IndexFunc(measures, func(o stat.Measure) bool { return o.Code == code })
		switch {
		case code == "":
		case j < 0:
			m.wrong(i, key, "%s of measure %q: %q is no measure of this file", key, s.Code, code)
		case j == i:
			m.wrong(i, key, "%s of measure %q names the measure itself", key, s.Code)
		case measures[j].Kind != kind:
			m.wrong(i, key, "%s of measure %q: %q is no %s", key, s.Code, code, kind)
		}
	}
	find("within", s.Within, s.Kind)
	for _, code := range s.Adds {
		find("adds", code, s.Kind)
	}
	find("starts", s.Starts, stat.Flow)
	find("ends", s.Ends, stat.Flow)
	find("ever", s.Ever, stat.Flow)
	if len(s.Adds) == 1 {
		m.wrong(i, "adds", "adds of measure %q names one measure: it takes two to add up", s.Code)
	}
	if (s.Starts == "") != (s.Ends == "") || s.Ever != "" && s.Starts == "" {
		m.wrong(i, "starts", "measure %q wants both starts and ends, or neither and no ever", s.Code)
	}
	if s.Starts != "" && s.Kind != stat.Snapshot {
		m.wrong(i, "starts", "starts of measure %q: only a number on a date has them", s.Code)
	}
	m.checkCategories(i, s)
	m.checkCircle(measures, i)
}

// checkCategories sees that a category is one of something.
func (m *measureFile) checkCategories(i int, s stat.Measure) {
	divided := s.Denominator != "" && s.Population == ""
	if len(s.Category) > 0 && s.Within == "" && (!divided || s.Unit != stat.Percent) {
		m.wrong(i, "category", "category of measure %q: it is no percentage, and is not within another that it could be a category of", s.Code)
	}
	if len(s.Whole) > 0 && (s.Within == "" || !divided) {
		m.wrong(i, "whole", "whole of measure %q wants a denominator, and within which measure that is", s.Code)
	}
	for _, key := range []string{"category", "whole"} {
		for _, c := range map[string][]string{"category": s.Category, "whole": s.Whole}[key] {
			if dimension, name, ok := strings.Cut(c, ": "); !ok || stat.Fold(dimension) == "" || stat.Fold(name) == "" {
				m.wrong(i, key, "%s of measure %q: %q is no \"dimension: category\"", key, s.Code, c)
			}
		}
	}
}

// checkCircle sees that no measure is within itself by way of others.
func (m *measureFile) checkCircle(measures []stat.Measure, i int) {
	at, by := i, map[int]bool{}
	for at >= 0 && !by[at] {
		by[at] = true
		at = slices.IndexFunc(measures, func(o stat.Measure) bool { return measures[at].Within == o.Code })
	}
	if at == i && measures[i].Within != measures[i].Code {
		m.wrong(i, "within", "measure %q is within itself, by way of %q", measures[i].Code, measures[i].Within)
	}
}

// wording is one name of a thing counted.
type wording struct {
	measure   int
	key, text string
	kind      stat.Kind
}

// checkWordings finds what is all but the same words and so, most likely, the
// same children: masking links figures by the words alone.
func (m *measureFile) checkWordings(measures []stat.Measure) {
	var all []wording
	for i, s := range measures {
		all = append(all, wording{i, "numerator", s.Numerator, s.Kind})
		if s.Denominator != "" && s.Population == "" {
			all = append(all, wording{i, "denominator", s.Denominator, s.Kind})
		}
	}
	told := map[string]bool{}
	for n, w := range all {
		for _, o := range all[:n] {
			pair := fmt.Sprint(stat.Fold(o.text), "|", stat.Fold(w.text))
			if w.kind != o.kind || stat.Fold(w.text) == stat.Fold(o.text) || told[pair] || !alike(w.text, o.text) {
				continue
			}
			told[pair] = true
			m.wrong(w.measure, w.key, "%s %q of measure %s is all but the %s %q of measure %s: word them alike if they are the same, or say more of how they differ",
				w.key, w.text, measures[w.measure].Code, o.key, o.text, measures[o.measure].Code)
		}
	}
}

// alike reports whether two wordings have the same words that tell, or one has
// one more.
func alike(a, b string) bool {
	x, y := telling(a), telling(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	return len(y)-len(x) <= 1 && len(x) > 0 && !slices.ContainsFunc(x, func(w string) bool { return !slices.Contains(y, w) })
}

// untold are the words that tell nothing of who is counted.
var untold = strings.Fields("a an the of in on at by for to with from and or who whose had has have is are was were been their all any period date month year end child children number those recorded received held open current case")

// telling are the words of a text that tell who is counted, in the singular.
func telling(s string) []string {
	var out []string
	for _, w := range strings.Fields(stat.Fold(s)) {
		if len(w) > 3 {
			w = strings.TrimSuffix(w, "s")
		}
		if !slices.Contains(untold, w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
