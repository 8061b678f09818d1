package importer

import (
	"strings"

	"bellwether/internal/stat"
)

// Words beside a measure's name that say which part of it a number is,
// folded. The longer come first.
var (
	rateWords = []string{"rate per 10 000 children", "rate per 10000 children", "rate per 10 000", "rate per 10000", "rate per 10k",
		"per 10 000 children", "per 10000 children", "per 10 000", "per 10000", "per 10k", "rate of", "rates", "rate"}
	countWords   = []string{"total number of", "number of", "numbers of", "count of", "no of", "number", "count", "no"}
	percentWords = []string{"percentage of", "percent of", "% of", "percentage", "per cent", "percent", "%"}
)

// labelled is a measure, and the part of it that its label asks for.
type labelled struct {
	measure stat.Measure
	part    stat.Part // "" where the label does not say
}

// measureOf reads a row label or header: a measure's code, name or alias,
// with or without words such as "rate per 10,000" or "number of".
func measureOf(cat *stat.Catalogue, label string) (labelled, bool) {
	if m, err := cat.Measure(label); err == nil {
		return labelled{m, partNamed(m, label)}, true
	}
	for _, w := range []struct {
		words []string
		part  stat.Part
	}{{rateWords, stat.PartValue}, {countWords, stat.PartCount}, {percentWords, stat.PartValue}} {
		for rest, cut := without(stat.Fold(label), w.words); cut; rest, cut = without(rest, w.words) {
			if m, err := cat.Measure(rest); err == nil && fits(m, w.words[0], w.part) {
				return labelled{m, w.part}, true
			}
		}
	}
	return labelled{}, false
}

// fits keeps "% of X" from being read as the rate or number X.
func fits(m stat.Measure, word string, part stat.Part) bool {
	if word == percentWords[0] {
		return m.Unit == stat.Percent
	}
	return part != stat.PartCount || m.Unit == stat.RateOf || m.Unit == stat.Number
}

// partNamed is for a whole name that says rate itself: "CLA rate".
func partNamed(m stat.Measure, label string) stat.Part {
	if m.Unit != stat.RateOf {
		return ""
	}
	if _, ok := without(stat.Fold(label), rateWords); ok {
		return stat.PartValue
	}
	return ""
}

// without cuts the first of words that folded starts or ends with.
func without(folded string, words []string) (string, bool) {
	for _, w := range words {
		if rest, ok := strings.CutSuffix(folded, " "+w); ok {
			return rest, true
		}
		if rest, ok := strings.CutPrefix(folded, w+" "); ok {
			return rest, true
		}
	}
	return folded, false
}
