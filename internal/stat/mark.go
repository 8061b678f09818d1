package stat

import "strings"

// Mark is why a figure is not a number. The letters are those of DfE's
// open-data standard, https://dfe-analytical-services.github.io/analysts-guide
// (statistics production, open data standards, symbols).
type Mark string

const (
	Confidential   Mark = "c"
	Unavailable    Mark = "x"
	NotApplicable  Mark = "z"
	LowReliability Mark = "u"
	Low            Mark = "low" // rounds to zero but is not zero
	RoundsToZero   Mark = "k"   // the older letter for the same

	// Unexplained is a gap a file gives no reason for, as LAIT's "-". It is
	// read as x and never replaces another file's value or mark.
	Unexplained Mark = "x?"
)

// ParseMark reads a standard letter, bare or bracketed as in "[c]".
func ParseMark(s string) (Mark, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = s[1 : len(s)-1]
	}
	switch m := Mark(s); m {
	case Confidential, Unavailable, NotApplicable, LowReliability, Low, RoundsToZero:
		return m, true
	}
	return "", false
}

// Letter is the mark as it is shown.
func (m Mark) Letter() string {
	if m == Unexplained {
		return string(Unavailable)
	}
	return string(m)
}

// Meaning is the mark in plain words.
func (m Mark) Meaning() string {
	switch m {
	case Confidential:
		return "withheld to protect children's identities"
	case Unavailable:
		return "not available"
	case Unexplained:
		return "not available; the file gives no reason"
	case NotApplicable:
		return "not applicable"
	case LowReliability:
		return "too unreliable to publish"
	case Low, RoundsToZero:
		return "rounds to zero but is not zero"
	}
	return ""
}
