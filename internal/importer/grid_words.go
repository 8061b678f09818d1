package importer

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// headingKind is what a word over or beside figures makes of them.
type headingKind uint8

const (
	headUnknown headingKind = iota
	headFigure              // the figures themselves
	headUnit                // a number, a rate or a percentage
	headSkip                // not figures of the measure
	headArea                // those of an area
	headPart                // those of some children only
)

// heading is a text over or beside figures, understood.
type heading struct {
	kind   headingKind
	unit   stat.Unit
	area   stat.Area
	reason string // of headSkip
}

// Words for the figure of the month itself, folded.
var figureWords = []string{"actual", "actuals", "month", "in month", "this month", "monthly", "figure", "figures", "value", "result", "performance", "provisional", "final"}

// Words for all children, folded.
var wholeWords = []string{"total", "totals", "all", "all children", "overall", "everyone", "persons", "all persons"}

// Words for some children only, folded.
var someWords = []string{"male", "males", "female", "females", "boy", "boys", "girl", "girls", "men", "women", "gender unknown", "unknown gender", "non binary",
	"white", "white british", "white irish", "white other", "mixed", "mixed or multiple ethnic groups", "mixed ethnicity", "asian", "asian or asian british", "asian british",
	"black", "black or black british", "black african", "black caribbean", "chinese", "other ethnic group", "other ethnic groups", "any other ethnic group", "gypsy roma", "minority ethnic", "bame", "ethnicity not stated",
	"disabled", "disabled children", "not disabled", "uasc", "non uasc", "unaccompanied asylum seeking children", "of which", "unborn"}

var ageBand = regexp.MustCompile(`(?i)^\s*(?:ages?d?\s*)?(?:(?:under|over)\s+\d{1,2}|\d{1,2}\s*(?:-|–|to)\s*\d{1,2}|\d{1,2}\s*(?:\+|plus|and over|or over)|under\s+one)(?:\s*(?:years?|yrs?)(?:\s+olds?)?)?\s*$`)

// ofSome reports whether a text names some children only, such as "Male" or
// "Aged 5 to 9".
func ofSome(text string) bool {
	return slices.Contains(someWords, stat.Fold(text)) || ageBand.MatchString(text)
}

// underMonth is what a header below a month says of its column.
func (g *grid) underMonth(text string) heading {
	folded := stat.Fold(text)
	if slices.Contains(figureWords, folded) {
		return heading{kind: headFigure}
	}
	if u := exactUnit(folded); u != "" {
		return heading{kind: headUnit, unit: u}
	}
	if reason, ok := g.layout.ignores(folded); ok && !strings.HasPrefix(folded, "no of ") {
		return heading{kind: headSkip, reason: reason}
	}
	if u := unitSaid(text); u != "" {
		return heading{kind: headUnit, unit: u}
	}
	return g.narrowing(text)
}

// overMonths is what a text over several months says of them. It must be
// nothing but the word, since titles stand there too.
func (g *grid) overMonths(text string) heading {
	folded := stat.Fold(text)
	if u := exactUnit(folded); u != "" {
		return heading{kind: headUnit, unit: u}
	}
	if reason, ok := g.layout.ignored[folded]; ok && !slices.Contains(wholeWords, folded) {
		return heading{kind: headSkip, reason: reason}
	}
	return g.narrowing(text)
}

// overRows is what a heading between rows says of those below it.
func (g *grid) overRows(text string) heading {
	folded := stat.Fold(text)
	if a, ok := g.im.areaNamed(text); ok {
		return heading{kind: headArea, area: a}
	}
	if u := unitSaid(text); u != "" {
		return heading{kind: headUnit, unit: u}
	}
	if slices.Contains(wholeWords, folded) {
		return heading{kind: headFigure}
	}
	if slices.Contains(figureWords, folded) {
		return heading{kind: headFigure}
	}
	if reason, ok := g.layout.ignored[folded]; ok {
		return heading{kind: headSkip, reason: reason}
	}
	if reason, ok := g.layout.ignored["target"]; ok && ofTargets(folded) {
		return heading{kind: headSkip, reason: reason}
	}
	return g.narrowing(text)
}

// ofTargets reports whether a heading is of targets: "Targets 2026/27".
func ofTargets(folded string) bool {
	words := strings.Fields(folded)
	if len(words) == 0 || len(words) > 4 {
		return false
	}
	first, last := words[0], words[len(words)-1]
	return strings.TrimSuffix(first, "s") == "target" || strings.TrimSuffix(last, "s") == "target"
}

func (g *grid) narrowing(text string) heading {
	if a, ok := g.im.areaNamed(text); ok {
		return heading{kind: headArea, area: a}
	}
	if ofSome(text) {
		return heading{kind: headPart}
	}
	return heading{}
}

var councilEnds = []string{" metropolitan borough council", " borough council", " city council", " county council", " district council", " unitary authority", " council", " mbc", " cc", " bc"}

var councilStarts = []string{"royal borough of ", "london borough of ", "city of ", "county of "}

// areaNamed is the area whose name a text is, and nothing else, with or
// without "Borough Council". Of a name that two have it is the one that is
// not over; a number is no name.
func (im *Importer) areaNamed(text string) (stat.Area, bool) {
	folded := stat.Fold(text)
	names := []string{folded}
	for _, end := range councilEnds {
		if rest, ok := strings.CutSuffix(folded, end); ok {
			names = append(names, rest)
			break
		}
	}
	for _, start := range councilStarts {
		if rest, ok := strings.CutPrefix(names[len(names)-1], start); ok {
			names = append(names, rest)
		}
	}
	for _, name := range names {
		if strings.Trim(name, "0123456789") == "" {
			continue
		}
		a, err := im.cat.Area(name)
		if err == nil {
			return a, true
		}
		if errors.Is(err, stat.ErrAmbiguous) {
			return im.standing(name)
		}
	}
	return stat.Area{}, false
}

// standing is the one area of a name that has not ended.
func (im *Importer) standing(folded string) (stat.Area, bool) {
	var found []stat.Area
	for _, a := range im.cat.Areas() {
		if a.Ended.IsZero() && stat.Fold(a.Name) == folded {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		return stat.Area{}, false
	}
	return found[0], true
}
