package importer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// Headers of a column of units, folded.
var unitHeaders = []string{"unit", "units", "unit of measure", "unit of measurement", "measure type", "measure unit", "value type", "data type", "format", "type"}

// unitSaid reads a text that says a unit, perhaps with more beside it: "Rate per
// 10,000 (annualised)".
func unitSaid(text string) stat.Unit {
	folded := stat.Fold(text)
	if u := exactUnit(folded); u != "" {
		return u
	}
	for _, w := range []struct {
		start string
		unit  stat.Unit
	}{{"number of ", stat.Number}, {"no of ", stat.Number}, {"count of ", stat.Number}, {"number ", stat.Number},
		{"rate ", stat.RateOf}, {"rates ", stat.RateOf}, {"percentage ", stat.Percent}, {"percent ", stat.Percent}, {"% ", stat.Percent}} {
		if strings.HasPrefix(folded, w.start) {
			return w.unit
		}
	}
	if perTenThousand(folded) {
		return stat.RateOf
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
func partIn(m *stat.Measure, labelled stat.Part, u stat.Unit) (stat.Part, bool) {
	if u == "" || m.Registered {
		return partFor(m, labelled), true
	}
	var part stat.Part
	switch {
	case u == stat.Number && m.Unit == stat.RateOf:
		part = stat.PartCount
	case u == m.Unit, u == stat.Number && m.Unit != stat.Percent:
		part = stat.PartValue
	default:
		return "", false
	}
	return part, labelled == "" || partFor(m, labelled) == part
}

// unitBeside is the unit a row says: under a header of units, or as a word of
// its own left of the months.
func (g *grid) unitBeside(row workbook.Row) (stat.Unit, int) {
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
		if u := exactUnit(word); word != "no" && (u == stat.Number || u == stat.RateOf || u == stat.Percent) {
			return u, col
		}
	}
	return "", -1
}

// unitFault says that a unit contradicts the measure.
func unitFault(l labelled, u stat.Unit, says string) *complaint {
	in := map[stat.Unit]string{stat.RateOf: "a number of children or a rate per 10,000", stat.Percent: "a percentage", stat.Number: "a number", stat.Days: "days"}[l.measure.Unit]
	if in == "" {
		in = "in " + l.measure.Unit.Words()
	}
	name := map[stat.Unit]string{stat.RateOf: "rate", otherUnit: string(otherUnit)}[u]
	return &complaint{"unit_mismatch", strconv.Quote(says) + " says the figures are in the unit " + strconv.Quote(cmp.Or(name, u.Words())) + ", but the row " + strconv.Quote(l.measure.Name) + " is " + in + ": correct the unit, or label the row with the measure that is meant"}
}
