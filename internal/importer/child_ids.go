package importer

import (
	"regexp"
	"strings"
	"time"
)

// personal is a kind of number that is given to one person.
type personal uint8

const (
	noPersonal personal = iota
	pupilNumber
	healthNumber
	insuranceNumber
)

var personalNames = map[personal]string{
	pupilNumber: "unique pupil numbers (UPN)", healthNumber: "NHS numbers", insuranceNumber: "National Insurance numbers",
}

var (
	upnForm  = regexp.MustCompile(`(?i)\b[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]\b`)
	ninoForm = regexp.MustCompile(`(?i)\b[A-CEGHJ-PRSTW-Z][A-CEGHJ-NPRSTW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b`)
	nhsForm  = regexp.MustCompile(`\b\d{3}[ -]\d{3}[ -]\d{4}\b`)
	nhsBare  = regexp.MustCompile(`\b\d{10}\b`)
)

// personalIn finds a number of one person in a text: only those that its
// check digit or its form gives away.
func personalIn(text string) personal {
	for _, m := range upnForm.FindAllString(text, -1) {
		if validUPN(m) {
			return pupilNumber
		}
	}
	for _, m := range ninoForm.FindAllString(text, -1) {
		if validNINO(m) {
			return insuranceNumber
		}
	}
	for _, m := range nhsForm.FindAllString(text, -1) {
		if validNHS(strings.NewReplacer(" ", "", "-", "").Replace(m)) {
			return healthNumber
		}
	}
	return noPersonal
}

// upnLetters are the check letters of a unique pupil number. Source: DfE,
// "Unique pupil numbers: guidance", check letter calculation.
const upnLetters = "ABCDEFGHJKLMNPQRTUVWXYZ"

// validUPN weighs characters 2 to 13 by 2 to 13 and takes the sum modulo 23;
// the last character of a temporary number is a letter.
func validUPN(s string) bool {
	s, sum := strings.ToUpper(s), 0
	for i := 1; i < len(s); i++ {
		v := int(s[i] - '0')
		if v > 9 {
			v = strings.IndexByte(upnLetters, s[i])
		}
		sum += v * (i + 1)
	}
	return len(s) == 13 && upnLetters[sum%23] == s[0]
}

// validNHS applies the modulus 11 check of NHS numbers, to those that start as
// numbers issued do. Source: NHS Data Model and Dictionary, "NHS number".
func validNHS(s string) bool {
	if len(s) != 10 || !strings.ContainsRune("34679", rune(s[0])) || strings.Count(s, s[:1]) == 10 {
		return false
	}
	sum := 0
	for i := range 9 {
		sum += int(s[i]-'0') * (10 - i)
	}
	return (11-sum%11)%11 == int(s[9]-'0')
}

// validNINO excludes the prefixes that are not given out. Source: HMRC,
// National Insurance Manual, NIM39110.
func validNINO(s string) bool {
	switch strings.ToUpper(s[:2]) {
	case "BG", "GB", "NK", "KN", "TN", "NT", "ZZ":
		return false
	}
	return true
}

var postcodeForm = regexp.MustCompile(`(?i)^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$`)

// postcode has a quick look first, since nearly no cell is one.
func postcode(s string) bool {
	n := len(s)
	if n < 5 || n > 8 || s[n-3] < '0' || s[n-3] > '9' || s[n-1] < 'A' || s[n-2] < 'A' {
		return false
	}
	return postcodeForm.MatchString(s)
}

// textDay reads a day as returns have it, 31/03/2010 or 2010-03-31.
func textDay(s string) (time.Time, bool) {
	if len(s) < 10 || len(s) > 19 || s[0] < '0' || s[0] > '9' {
		return time.Time{}, false
	}
	layout := "02/01/2006"
	if s[4] == '-' {
		layout = time.DateOnly
	} else if s[2] != '/' {
		return time.Time{}, false
	}
	t, err := time.Parse(layout, s[:10])
	return t, err == nil
}

// longestRun counts the digits of the longest run of them, one space or
// hyphen between two allowed.
func longestRun(s string) int {
	best, run, gap := 0, 0, false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			run, gap = run+1, false
			best = max(best, run)
		case (c == ' ' || c == '-') && run > 0 && !gap:
			gap = true
		default:
			run, gap = 0, false
		}
	}
	return best
}
