package benchmark

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"bellwether/internal/stat"
)

// Quantity is a value in its unit: "138 per 10,000", "23.0%", "£12.50".
func Quantity(m stat.Measure, x float64, decimals int) string {
	return InUnit(m, stat.Format(x, decimals))
}

// InUnit puts a number as it is shown into the measure's unit.
func InUnit(m stat.Measure, s string) string {
	switch m.Unit {
	case stat.RateOf:
		return s + " per 10,000"
	case stat.Percent:
		return s + "%"
	case stat.Days:
		return s + " " + some(s, "days")
	case stat.Pounds:
		return "£" + s
	}
	return s
}

// Words is the rank as it is said: "6th highest of 151", "joint 2nd highest of
// 149", "highest of 151", "joint lowest of 151".
func (r Rank) Words() string {
	place := Ordinal(r.Position) + " highest"
	switch {
	case r.Position == 1:
		place = "highest"
	case r.Lowest || r.Position == r.Of:
		place = "lowest"
	}
	if r.Joint {
		place = "joint " + place
	}
	return fmt.Sprintf("%s of %d", place, r.Of)
}

// Ordinal is 1st, 2nd, 3rd, 4th, 11th, 121st.
func Ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n, suffix)
}

var small = []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// numeral writes counts up to twelve in words.
func numeral(n int) string {
	if n >= 0 && n < len(small) {
		return small[n]
	}
	return fmt.Sprint(n)
}

// LowerFirst puts a name into a sentence; one that opens with capitals, such
// as "CIN", stays.
func LowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[size:]); s == "" || unicode.IsUpper(next) || unicode.IsDigit(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[size:]
}

// When is a period inside a sentence: "on 31 March 2025", "in the year ending
// 31 March 2025", "in March 2024".
func When(p stat.Period) string {
	switch p.Span {
	case stat.Day:
		return "on " + p.Label()
	case stat.Year:
		return "in the " + p.Label()
	case stat.Month:
		return "in " + p.Label()
	}
	return "from " + p.Label()
}

// Direction is how a stands to b where both are shown with one decimal:
// "above", "below" or "the same as".
func Direction(a, b float64) string {
	switch a, b := stat.RoundHalfUp(a, 1), stat.RoundHalfUp(b, 1); {
	case a > b:
		return "above"
	case a < b:
		return "below"
	}
	return theSame
}

const theSame = "the same as"

// UpperFirst opens a sentence.
func UpperFirst(s string) string {
	if s == "" {
		return s
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// Sentence is the rank with its article: "the 6th highest of 151", "joint 2nd
// highest of 149".
func (r Rank) Sentence() string {
	if r.Joint {
		return r.Words()
	}
	return "the " + r.Words()
}
