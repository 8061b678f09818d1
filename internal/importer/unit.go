package importer

import (
	"cmp"
	"slices"
	"strconv"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// otherUnit is one that no measure is in.
const otherUnit stat.Unit = "another unit"

// unitWords are the whole texts that say a unit wherever they stand, folded.
var unitWords = map[stat.Unit][]string{
	stat.Number:  {"number", "numbers", "count", "counts", "no", "nos", "num", "volume", "volumes", "number of children", "numbers of children"},
	stat.RateOf:  {"rate", "rates", "annualised rate", "annualised rates", "rate per 10 000", "rate per 10000", "rate per 10k", "per 10 000", "per 10000", "per 10k", "rate per 10 000 children", "rate per 10000 children", "per 10 000 children", "per 10000 children"},
	stat.Percent: {"%", "percent", "percentage", "percentages", "per cent", "pct", "proportion"},
	stat.Days:    {"day", "days", "number of days"},
	otherUnit:    {"weeks", "months", "thousands", "000s", "000", "per 1 000", "per 1000", "per 100 000", "per 100000", "rate per 1 000", "rate per 1000", "rate per 100 000", "rate per 100000"},
}

// headedWords say one only under a header of units: elsewhere they may be what
// is counted.
var headedWords = map[stat.Unit][]string{
	stat.Number: {"n", "children", "young people", "people", "cases", "episodes", "plans", "contacts", "referrals", "assessments"},
	stat.Pounds: {"pounds", "gbp"},
	stat.Ratio:  {"ratio"},
}

var unitSigns = map[string]stat.Unit{"%": stat.Percent, "£": stat.Pounds, "#": stat.Number}

// exactUnit is the unit a folded text is, wherever it stands; "" where it is
// none.
func exactUnit(folded string) stat.Unit { return unitIn(unitWords, folded) }

func unitIn(words map[stat.Unit][]string, folded string) stat.Unit {
	for u, list := range words {
		if slices.Contains(list, folded) {
			return u
		}
	}
	return ""
}

// unitHeaded is the unit a text under a header of units is.
func unitHeaded(text string) (stat.Unit, bool) {
	if u, ok := unitSigns[text]; ok {
		return u, true
	}
	folded := stat.Fold(text)
	u := cmp.Or(exactUnit(folded), unitIn(headedWords, folded))
	return u, u != "" && u != otherUnit && folded != "proportion" // which may be a fraction
}

// unitPart is the part of a measure that a figure in a unit is. header is the
// part the column's header or the measure's label says, if any. The complaint
// is of a unit that the measure, or that part, cannot be in.
func unitPart(text string, m *stat.Measure, header stat.Part) (stat.Part, *complaint) {
	if text == "" || header == stat.PartDenominator {
		return header, nil
	}
	u, ok := unitHeaded(text)
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
