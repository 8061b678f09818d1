package importer

import (
	"slices"
	"strconv"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// tableUnits are what a unit column says, folded.
var tableUnits = map[stat.Unit][]string{
	stat.Number:  {"number", "numbers", "count", "counts", "n", "no", "children", "young people", "people", "cases", "episodes", "plans", "contacts", "referrals", "assessments"},
	stat.RateOf:  {"rate", "rates", "rate per 10 000", "rate per 10000", "per 10 000", "per 10000", "rate per 10k", "per 10k", "rate per 10 000 children", "rate per 10000 children", "per 10 000 children", "per 10000 children"},
	stat.Percent: {"percent", "percentage", "per cent", "percentages", "pct"},
	stat.Days:    {"days", "day"},
	stat.Pounds:  {"pounds", "gbp"},
	stat.Ratio:   {"ratio"},
}

var unitSigns = map[string]stat.Unit{"%": stat.Percent, "£": stat.Pounds, "#": stat.Number}

func unitNamed(text string) (stat.Unit, bool) {
	if u, ok := unitSigns[text]; ok {
		return u, true
	}
	f := stat.Fold(text)
	for u, words := range tableUnits {
		if slices.Contains(words, f) {
			return u, true
		}
	}
	return "", false
}

// unitPart is the part of a measure that a figure in a unit is. header is the
// part the column's header or the measure's label says, if any. The complaint
// is of a unit that the measure, or that part, cannot be in.
func unitPart(text string, m *stat.Measure, header stat.Part) (stat.Part, *complaint) {
	if text == "" || header == stat.PartDenominator {
		return header, nil
	}
	u, ok := unitNamed(text)
	if !ok {
		return "", &complaint{"unit_mismatch", strconv.Quote(text) + " is not a unit that is read, so it is not certain what the number is: write Number, Rate per 10,000 or %, and give the number in that"}
	}
	part := stat.PartValue
	switch {
	case u == stat.Number && m.Unit == stat.Percent:
		part = stat.PartCount // only under a header that says so
	case u == stat.Number && m.Unit == stat.RateOf:
		part, header = stat.PartCount, orPart(header, stat.PartCount)
	case u == m.Unit, u == stat.Number && m.Unit != stat.Percent:
		header = orPart(header, partFor(m, stat.PartValue))
	default:
		header = ""
	}
	if m.Unit != stat.Number && header != part || header == "" {
		return "", &complaint{"unit_mismatch", "the unit says " + strconv.Quote(text) + ", but " + m.Name + " is " + wanted(m) + ": correct the unit, or the measure, or give the number under a header that says what it is"}
	}
	return header, nil
}

func orPart(said, otherwise stat.Part) stat.Part {
	if said != "" {
		return said
	}
	return otherwise
}

// wanted is what figures of a measure are.
func wanted(m *stat.Measure) string {
	switch m.Unit {
	case stat.RateOf:
		return "read as a number of children or a rate per 10,000, whichever the measure's label and the column's header say"
	case stat.Percent:
		return "a percentage"
	}
	return "in " + m.Unit.Words()
}

// ofUnit reports whether the row's unit is said of a column's figure: of the
// one whose header leaves it open, else of the only one that is filled in.
func (t *table) ofUnit(row workbook.Row, f figureColumn) bool {
	if f.part == "" {
		return true
	}
	filled := func(f figureColumn) bool { return f.part != stat.PartDenominator && text(row, f.col) != "" }
	return !slices.ContainsFunc(t.figures, func(other figureColumn) bool { return other.col != f.col && filled(other) })
}
