package stat_test

import (
	"testing"

	"bellwether/internal/stat"
)

func TestLine(t *testing.T) {
	for given, want := range map[string]string{
		"  Fostering\tand\r\n Adoption ": "Fostering and Adoption",
		"a\u202eb\u0000c\u200bd":         "abcd",
		"a \u0007 b":                     "a b",
		"क्\u200dष":                      "क्\u200dष",
		"caf\xe9":                        "caf\uFFFD",
		"\u200b \n":                      "",
	} {
		if got := stat.Line(given); got != want {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	for given, want := range map[string]string{
		"\r\n\r\n One  two \r\nthree\n\n\n\u200b\nfour\n\n": "One two\nthree\n\nfour",
		"one line": "one line",
		" \n\t\n ": "",
	} {
		if got := stat.Paragraphs(given); got != want {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
}
