package benchmark

import (
	"math"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// withArticle are the areas that a sentence calls "the".
var withArticle = []string{"City of London", "Isles of Scilly"}

// PlaceName is an area's name inside a sentence: "Bristol" for "Bristol, City
// of", "the Isles of Scilly".
func PlaceName(name string) string {
	name = bare(name)
	if slices.Contains(withArticle, name) {
		return "the " + name
	}
	return name
}

// bare is a name without what ONS puts behind its comma.
func bare(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, ", City of"), ", County of")
}

// Possessive is "Middlesbrough's", "St Helens'" and "Bristol's", for "Bristol,
// City of" too.
func Possessive(name string) string {
	name = bare(name)
	if name != "" && name[len(name)-1] == 's' {
		return name + "'"
	}
	return name + "'s"
}

// things are so many of what a measure counts: "493 children looked after",
// "1 child looked after".
func things(n float64, decimals int, noun string) string {
	s := stat.Format(n, decimals)
	return s + " " + some(s, noun)
}

// some is a noun after a number as it is shown.
func some(number, noun string) string {
	if strings.TrimLeft(number, "+\u2212") == "1" {
		return singular(noun)
	}
	return noun
}

// singular is the noun of one: its first plural is taken to be its head, as
// in "child protection plans ending".
func singular(noun string) string {
	words := strings.Fields(noun)
	for i, w := range words {
		if one := singularOf(w); one != w {
			words[i] = one
			return strings.Replace(strings.Join(words, " "), " who are ", " who is ", 1)
		}
	}
	return noun
}

func singularOf(word string) string {
	switch {
	case word == "children":
		return "child"
	case word == "people":
		return "person"
	case strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case len(word) < 4, strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"), strings.HasSuffix(word, "is"), strings.HasSuffix(word, "'s"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

// cardWords is the most that a noun may have on a card.
const cardWords = 3

// brief is a noun for a card, where the measure has been named: "children",
// "" for a long one.
func brief(noun string) string {
	if strings.HasPrefix(noun, "children ") {
		return "children"
	}
	if len(strings.Fields(noun)) > cardWords {
		return ""
	}
	return noun
}

// amount is the size of a difference of values: "2.1 percentage points", "1
// day", "£1,000".
func amount(m stat.Measure, x float64) string {
	return inUnits(m, stat.Format(math.Abs(x), m.Decimals))
}

// inUnits puts a difference as it is shown, with its sign if it has one, into
// words; a rate's unit is left to the caller.
func inUnits(m stat.Measure, s string) string {
	switch m.Unit {
	case stat.Percent:
		return s + " " + some(s, "percentage points")
	case stat.Days:
		return s + " " + some(s, "days")
	case stat.Pounds:
		digits := strings.TrimLeft(s, "+\u2212")
		return strings.TrimSuffix(s, digits) + "£" + digits
	}
	return s
}
