package credential

import (
	"slices"
	"unicode/utf8"
)

// piece is one way to read a password on from a place.
type piece struct {
	length, worth int
	kind          string // as the reader is told; "" for a letter of its own
}

// weigh reads a password as the cheapest sequence of pieces, as whoever guesses
// would, and tells what it is worth in letters drawn by chance, and of which
// kinds its pieces are.
func weigh(password string, own map[string]bool) (worth int, kinds []string) {
	text := fold(password)
	g := guesser{text: text, letters: alike(text), repeats: repeats(text), own: own, longest: longestCommon}
	for w := range own {
		g.longest = max(g.longest, utf8.RuneCountInString(w))
	}
	best := make([]int, len(text)+1)
	choice := make([]piece, len(text))
	for i := len(text) - 1; i >= 0; i-- {
		for k, p := range g.pieces(i) {
			if w := p.worth + best[i+p.length]; k == 0 || w < best[i] {
				best[i], choice[i] = w, p
			}
		}
	}
	for i := 0; i < len(text); i += choice[i].length {
		if kind := choice[i].kind; kind != "" && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		kinds = []string{"signs between words"}
	}
	return best[0], kinds
}

type guesser struct {
	text, letters []rune // of one length: as typed, and with letters for what looks like them
	repeats       []int
	own           map[string]bool
	longest       int // word there is
}

// pieces that begin at a place; the first is always the letter itself.
func (g guesser) pieces(i int) []piece {
	out := []piece{{1, worthLetter, ""}}
	if n := run(g.text[i:]); n > 0 {
		out = append(out, piece{n, worthRun, "a run such as 1234 or qwerty"})
	}
	if year(g.text[i:]) {
		out = append(out, piece{4, worthRun, "a year"})
	}
	if n := g.repeats[i]; n > 0 {
		out = append(out, piece{n, 0, "a part said twice"})
	}
	for n := 3; n <= min(g.longest, len(g.letters)-i); n++ {
		word := string(g.letters[i : i+n])
		switch {
		case g.own[word]:
			out = append(out, piece{n, worthOwn, "names that are known here"})
		case common[word]:
			out = append(out, piece{n, worthWord, "words that many choose"})
		}
	}
	return out
}

// lines along which fingers run; the shifted digits are those of British and
// American keyboards.
var lines = func() (out [][]rune) {
	for _, s := range []string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
		`!"£$%^&*()`, "!@#$%^&*()", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol", "13579", "24680"} {
		there := []rune(s)
		back := slices.Clone(there)
		slices.Reverse(back)
		out = append(out, there, back)
	}
	return out
}()

// run is the length of the run at the text's start: one character again and
// again, or the next along a line; 0 for fewer than three.
func run(text []rune) int {
	longest := 1
	for longest < len(text) && text[longest] == text[0] {
		longest++
	}
	for _, line := range lines {
		if at := slices.Index(line, text[0]); at >= 0 {
			longest = max(longest, shared(text, line[at:]))
		}
	}
	if longest < 3 {
		return 0
	}
	return longest
}

// shared is the length of what two texts begin with alike.
func shared(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// year reports whether a text begins with one of this century or the last.
func year(text []rune) bool {
	if len(text) < 4 || string(text[:2]) != "19" && string(text[:2]) != "20" {
		return false
	}
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	return digit(text[2]) && digit(text[3])
}

// repeats is, for each place, the length of the longest piece from there on
// that stood whole before it; 0 for fewer than three characters.
func repeats(text []rune) []int {
	out := make([]int, len(text))
	same := make([]int, len(text)+1) // how far text[i:] and text[j:] begin alike, by j
	for i := len(text) - 1; i >= 0; i-- {
		for j := range len(text) { // upwards, so that same[j+1] is still that of i+1
			same[j] = 0
			if text[i] == text[j] {
				same[j] = same[j+1] + 1
			}
			if n := min(same[j], i-j); n >= 3 {
				out[i] = max(out[i], n)
			}
		}
	}
	return out
}
