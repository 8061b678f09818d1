package importer

import (
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// unit is what a file says its figures are in; "" where it does not say.
type unit string

const (
	numbers     unit = "number"
	rates       unit = "rate"
	percentages unit = "percentage"
	days        unit = "days"
	otherwise   unit = "another unit" // one that no measure is in
)

// Headers of a column of units, folded.
var unitHeaders = []string{"unit", "units", "unit of measure", "unit of measurement", "measure type", "measure unit", "value type", "data type", "format", "type"}

// Whole texts that are a unit, folded.
var unitWords = map[unit][]string{
	numbers:     {"number", "numbers", "count", "counts", "no", "nos", "num", "volume", "volumes", "number of children", "numbers of children"},
	rates:       {"rate", "rates", "annualised rate", "annualised rates", "per 10 000", "per 10000", "per 10k"},
	percentages: {"%", "percent", "percentage", "percentages", "per cent", "pct", "proportion"},
	days:        {"day", "days", "number of days"},
	otherwise:   {"weeks", "months", "thousands", "000s", "000", "per 1 000", "per 1000", "per 100 000", "per 100000", "rate per 1 000", "rate per 1000", "rate per 100 000", "rate per 100000"},
}

func exactUnit(folded string) unit {
	for u, words := range unitWords {
		if slices.Contains(words, folded) {
			return u
		}
	}
	return ""
}

// unitSaid reads a text that says a unit, perhaps with more beside it: "Rate per
// 10,000 (annualised)".
func unitSaid(text string) unit {
	folded := stat.Fold(text)
	if u := exactUnit(folded); u != "" {
		return u
	}
	for _, w := range []struct {
		start string
		unit  unit
	}{{"number of ", numbers}, {"no of ", numbers}, {"count of ", numbers}, {"number ", numbers},
		{"rate ", rates}, {"rates ", rates}, {"percentage ", percentages}, {"percent ", percentages}, {"% ", percentages}} {
		if strings.HasPrefix(folded, w.start) {
			return w.unit
		}
	}
	if perTenThousand(folded) {
		return rates
	}
	return ""
}

// perTenThousand reports whether a text says "per 10,000" and nothing of
// numbers.
func perTenThousand(folded string) bool {
	padded := " " + folded + " "
	says := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(padded, " "+w+" ") })
	}
	return says("per 10 000", "per 10000", "per 10k") && !says("number", "numbers", "count", "counts")
}

// partIn is the part of a measure that figures in a unit are, unless the
// measure cannot be in it. A label's own word must not contradict it.
func partIn(m *stat.Measure, labelled stat.Part, u unit) (stat.Part, bool) {
	if u == "" || m.Registered {
		return partFor(m, labelled), true
	}
	var part stat.Part
	switch {
	case u == numbers && m.Unit == stat.RateOf:
		part = stat.PartCount
	case u == numbers && m.Unit != stat.Percent, u == rates && m.Unit == stat.RateOf, u == percentages && m.Unit == stat.Percent, u == days && m.Unit == stat.Days:
		part = stat.PartValue
	default:
		return "", false
	}
	return part, labelled == "" || partFor(m, labelled) == part
}

// unitBeside is the unit a row says: under a header of units, or as a word of
// its own left of the months.
func (g *grid) unitBeside(row workbook.Row) (unit, int) {
	for _, col := range g.units {
		if u := unitSaid(text(row, col)); u != "" {
			return u, col
		}
	}
	for col := 0; len(g.months) > 0 && col < g.months[0].col; col++ {
		if col == g.label || col == g.area {
			continue
		}
		word := stat.Fold(text(row, col)) // "no" may as well answer a question
		if u := exactUnit(word); word != "no" && (u == numbers || u == rates || u == percentages) {
			return u, col
		}
	}
	return "", -1
}

// unitFault says that a unit contradicts the measure.
func unitFault(l labelled, u unit, says string) *complaint {
	in := map[stat.Unit]string{stat.RateOf: "a number of children or a rate per 10,000", stat.Percent: "a percentage", stat.Number: "a number", stat.Days: "days"}[l.measure.Unit]
	if in == "" {
		in = "in " + string(l.measure.Unit)
	}
	return &complaint{"unit_mismatch", strconv.Quote(says) + " says the figures are in the unit " + strconv.Quote(string(u)) + ", but the row " + strconv.Quote(l.measure.Name) + " is " + in + ": correct the unit, or label the row with the measure that is meant"}
}
