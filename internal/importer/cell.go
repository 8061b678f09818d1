package importer

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// complaint is what is wrong with a cell, before it is known where it stands.
type complaint struct{ code, message string }

const emptyOrMark = "give a number, a mark (c, x, z, u, k or low), or leave the cell empty"

// figureOf reads a cell as a part of a measure. The zero Figure is a cell that
// says nothing. Beside the standard marks the layout's own, in lower case,
// count. The complaint is nil unless something is surely wrong.
func figureOf(c workbook.Cell, m *stat.Measure, part stat.Part, marks map[string]stat.Mark) (stat.Figure, *complaint) {
	text := strings.TrimSpace(c.Text)
	if c.Kind == workbook.Empty || text == "" && c.Kind != workbook.Number {
		return stat.Figure{}, nil
	}
	switch c.Kind {
	case workbook.Error:
		return stat.Figure{}, noFormula(text, "a number")
	case workbook.Date:
		return stat.Figure{}, &complaint{"not_a_number", "a date stands where a number belongs: format the cell as a number"}
	case workbook.Bool:
		return stat.Figure{}, &complaint{"not_a_number", text + " stands where a number belongs: " + emptyOrMark}
	case workbook.Number:
		return sound(numberOf(c), m, part)
	}
	if mark, ok := marks[strings.ToLower(text)]; ok {
		return stat.Figure{Mark: mark, Text: text}, nil
	}
	if mark, ok := stat.ParseMark(text); ok {
		return stat.Figure{Mark: mark, Text: text}, nil
	}
	if mark, ok := belowOf(text); ok {
		return stat.Figure{Mark: mark, Text: text}, nil
	}
	if text[0] == '#' && formulaError.MatchString(text) { // a CSV has it as text
		return stat.Figure{}, noFormula(text, "a number")
	}
	return sound(textNumber(text), m, part)
}

var formulaError = regexp.MustCompile(`^#(REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!)$`)

var below = regexp.MustCompile(`(?i)^(?:<|≤|<=|less than|fewer than|under)\s*(\d{1,3}(?:\.\d+)?)(\s*%)?$`)

// belowOf reads "<5", which hides a small number to protect children; "<1" and
// "<0.5%" only round to nothing.
func belowOf(text string) (stat.Mark, bool) {
	if strings.IndexByte("<\xe2lfuLFU", text[0]) < 0 { // \xe2 begins a ≤
		return "", false
	}
	m := below.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	if n, _ := strconv.ParseFloat(m[1], 64); n <= 1 {
		return stat.Low, true
	}
	return stat.Confidential, true
}

// noFormula complains of an error value.
func noFormula(text, want string) *complaint {
	if !strings.HasPrefix(text, "#") {
		text = "a " + text
	}
	return &complaint{"formula_error", "the cell holds " + text + ", not " + want + ": mend the formula, or leave the cell empty"}
}

// reading of a number: what it is, whether a per cent or pound sign was shown,
// and how it is printed; nan where it is none.
type printed struct {
	number          float64
	percent, pounds bool
	pence           bool // or provisional
	text            string
}

// numberOf takes a number as stored; one shown with a per cent sign is a
// hundredth of what is printed.
func numberOf(c workbook.Cell) printed {
	if !strings.Contains(c.Format, "%") {
		return printed{number: c.Number, text: c.Text}
	}
	s := strconv.FormatFloat(c.Number*100, 'g', 12, 64) // 0.127 is 12.7, not 12.700000000000001
	n, _ := strconv.ParseFloat(s, 64)
	return printed{number: n, percent: true, text: s + "%"}
}

var numeral = regexp.MustCompile(`^[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d{1,4})?$`)

var plain = strings.NewReplacer(",", "", "−", "-")

// thin are the spaces that only print puts between thousands, no-break, narrow
// and thin: a common one may stand between two numbers.
var thin = strings.NewReplacer("\u00a0", ",", "\u202f", ",", "\u2009", ",")

// footnote is what may stand after a number: "412*", "412 (p)", "412 [r]", and
// the bare letters of revised and provisional, "331r" and "331p".
var footnote = regexp.MustCompile(`(?i)^(.*\d%?)\s*(?:(?:\*+|[†‡§¹²³⁴-⁹]+|[(\[](?:p|r|e|u|b|prov|provisional|rev|revised|est|estimated?|note \d{1,2}|\d)[)\]]|[rp]\b)\s*)+$`)

const footnoteEnds = "*†‡§¹²³⁴⁵⁶⁷⁸⁹)]rpRP"

// footnoted reports whether a number has a footnote's mark beside it.
func footnoted(text string) bool {
	end, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(footnoteEnds, end) && footnote.MatchString(text)
}

func textNumber(text string) printed {
	p := printed{number: math.NaN(), text: text}
	bare := text
	if strings.Trim(bare, "0123456789") != "" { // nearly every cell is plain digits
		if footnoted(bare) {
			bare = footnote.FindStringSubmatch(bare)[1]
			p.pence = strings.HasSuffix(strings.ToLower(text), "p")
		}
		bare, p.percent = strings.CutSuffix(bare, "%")
		bare, p.pounds = strings.CutPrefix(strings.TrimSpace(bare), "£")
		if bare = thin.Replace(strings.TrimSpace(bare)); !numeral.MatchString(bare) {
			return p
		}
		bare = plain.Replace(bare)
	}
	n, err := strconv.ParseFloat(bare, 64)
	if err == nil || math.IsInf(n, 0) {
		p.number = n
	}
	return p
}

// sound turns a printed number into a figure, unless it cannot be one.
func sound(p printed, m *stat.Measure, part stat.Part) (stat.Figure, *complaint) {
	counts := part != stat.PartValue || m.Unit == stat.Number && m.Decimals == 0 && !m.Registered
	switch {
	case math.IsNaN(p.number):
		return stat.Figure{}, &complaint{"not_a_number", strconv.Quote(p.text) + " stands where a number belongs: " + emptyOrMark}
	case math.IsInf(p.number, 0) || math.Abs(p.number) > 1e15:
		return stat.Figure{}, &complaint{"number_out_of_range", strconv.Quote(p.text) + " is too large to be a figure: correct the cell"}
	case p.percent && !m.Registered && (part != stat.PartValue || m.Unit != stat.Percent):
		return stat.Figure{}, &complaint{"not_a_number", p.text + " is a percentage, but " + noun(m, part) + " belongs here: give that number"}
	case p.pence && (p.pounds || m.Unit == stat.Pounds):
		return stat.Figure{}, &complaint{"not_a_number", strconv.Quote(p.text) + " may be pence or a provisional number: write it in pounds, or (p) for provisional"}
	case p.pounds && !m.Registered && (part != stat.PartValue || m.Unit != stat.Pounds):
		return stat.Figure{}, &complaint{"not_a_number", p.text + " is an amount of money, but " + noun(m, part) + " belongs here: give that number"}
	case p.number < 0 && counts:
		return stat.Figure{}, &complaint{"negative_count", p.text + " is below zero, which a count cannot be: correct the cell"}
	case p.number < 0 && !m.Registered && (m.Unit == stat.Percent || m.Unit == stat.RateOf):
		return stat.Figure{}, &complaint{"negative_value", p.text + " is below zero, which a rate or percentage cannot be: correct the cell"}
	case counts && p.number != math.Trunc(p.number):
		return stat.Figure{}, &complaint{"not_whole", p.text + " is not a whole number, but a count belongs here: correct the cell, or give it as a rate"}
	}
	f := stat.Figure{Number: p.number, Text: p.text}
	if part == stat.PartValue && m.Unit == stat.Percent && !m.Registered && p.number > 100 {
		return f, &complaint{"above_hundred", p.text + " is more than a hundred per cent, which " + m.Name + " cannot be: correct the cell"}
	}
	return f, nil
}

func noun(m *stat.Measure, part stat.Part) string {
	switch {
	case part == stat.PartValue && m.Unit == stat.RateOf:
		return "a rate"
	case part == stat.PartValue && m.Unit == stat.Percent:
		return "a percentage"
	}
	return "a count"
}

// numeric reports whether a cell looks like a figure at all, be it a wrong one.
func numeric(c workbook.Cell) bool {
	switch c.Kind {
	case workbook.Number, workbook.Error:
		return true
	case workbook.Text:
		_, mark := stat.ParseMark(c.Text)
		_, small := belowOf(strings.TrimSpace(c.Text))
		return mark || small || formulaError.MatchString(c.Text) || !math.IsNaN(textNumber(strings.TrimSpace(c.Text)).number)
	}
	return false
}

// partFor is the part a figure is of: a measure that is a plain number has
// only a value. An unsaid part is the count where the measure counts children
// against a population, since returns give counts, and else the value.
func partFor(m *stat.Measure, said stat.Part) stat.Part {
	switch {
	case m.Unit == stat.Number && said != stat.PartDenominator:
		return stat.PartValue
	case said == "" && m.Unit == stat.RateOf:
		return stat.PartCount
	case said == "":
		return stat.PartValue
	}
	return said
}
