package stat

import (
	"strings"
	"unicode"
)

// How many characters may be written of figures.
const (
	LongestCommentary = 10_000 // below a heading of a report
	LongestRemark     = 2_000  // of a row of a scorecard, or as a question or its answer: two paragraphs
)

// Visible is a text without what cannot be seen; a space of any kind is one.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r) || r == '\u200d': // which joins letters
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Line is what somebody typed, Visible and on one line: fit to be shown and
// kept.
func Line(s string) string { return strings.Join(strings.Fields(Visible(s)), " ") }

// Paragraphs is what somebody typed, each line as Line has it, with no more
// than one blank line together and none at its ends.
func Paragraphs(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		line = Line(line)
		if n := len(out); line != "" || n > 0 && out[n-1] != "" {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
