package credential

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A password's length: at least in characters, at most in bytes.
const (
	Shortest = 12
	Longest  = 1000
)

var (
	ErrTooShort = errors.New("a password has at least 12 characters")
	ErrTooLong  = errors.New("a password has at most 1,000 bytes")
	ErrGuessed  = errors.New("this password is among those that are tried first")
)

// enough is what a password has to be worth, in letters drawn by chance.
// Three words of the list pass; two with a year and a "!" do not.
const enough = 6

// What a piece of a password is worth. The list has some 1,600 words, so that
// one of them is worth little more than two letters drawn by chance (26 x 26).
const (
	worthLetter = 1
	worthRun    = 1 // a run of the keyboard or the alphabet, or a year
	worthOwn    = 1 // a word anybody would think of here
	worthWord   = 2
)

// Check says why a password cannot be had: ErrTooShort, ErrTooLong or
// ErrGuessed. What counts is how soon it would be guessed, never which kinds
// of characters it is made of. The name is the person's; also takes what else
// others would try first, such as the title and the council's name.
func Check(password, name string, also ...string) error {
	if n := utf8.RuneCountInString(norm.NFC.String(password)); n < Shortest {
		return fmt.Errorf("%w, and this has %d: three words that have nothing to do with each other are easy to keep in mind", ErrTooShort, n)
	}
	if len(password) > Longest {
		return ErrTooLong
	}
	worth, of := weigh(password, ownWords(append(also, name)))
	if worth >= enough {
		return nil
	}
	return fmt.Errorf("%w: it is little more than %s. Three words that have nothing to do with each other are good", ErrGuessed, strings.Join(of, " and "))
}

// The words and passwords that people use most, written down for Bellwether
// from general knowledge of what published lists of leaked passwords have in
// common and of what is near at hand in an English council. It is copied from
// no such list, and shows nobody's password.
//
//go:embed common.txt
var commonText string

var common, longestCommon = func() (map[string]bool, int) {
	words, longest := map[string]bool{}, 0
	for line := range strings.Lines(commonText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			w = string(alike(fold(w)))
			words[w], longest = true, max(longest, utf8.RuneCountInString(w))
		}
	}
	return words, longest
}()

// here are words that anybody would try on this program.
const here = `bellwether council councils childrens children child services service dashboard performance
	borough county city district metropolitan unitary authority local government safeguarding social care team`

// ownWords are those of the person, the council and this program, as alike
// makes them, of three letters and more.
func ownWords(texts []string) map[string]bool {
	own := map[string]bool{}
	for _, text := range append(texts, here) {
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-_.,@/", r) }) {
			if w := alike(fold(w)); len(w) >= 3 {
				own[string(w)] = true
			}
		}
	}
	return own
}

// fold takes away what changes nothing for whoever guesses: case, accents, and
// the signs between words.
func fold(s string) []rune {
	var out []rune
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if !unicode.Is(unicode.Mn, r) && !unicode.IsSpace(r) && !strings.ContainsRune("-_.,'’", r) {
			out = append(out, r)
		}
	}
	return out
}

// alike writes what is used for a letter as that letter: "l1verp00l". Since a 1
// is an i or an l, these two are one.
func alike(text []rune) []rune {
	out := slices.Clone(text)
	for i, r := range out {
		if k := strings.IndexRune("01!|l34@5$7+8", r); k >= 0 {
			out[i] = rune("oiiiieaassttb"[k])
		}
	}
	return out
}
