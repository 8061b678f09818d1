package dashboard

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"bellwether/internal/stat"
)

// claimWord is one word, number or sign of a sentence.
type claimWord struct {
	text     string // as written
	low      string
	number   float64
	decimals int
	numeric  bool
	sign     bool // punctuation
}

var (
	claimWordForm   = regexp.MustCompile(`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[\p{L}][\p{L}\p{N}]*(?:[’'\-][\p{L}\p{N}]+)*[’']?|[^\s]`)
	claimNumberForm = regexp.MustCompile(`^[\d,]+(\.\d+)?$`)
)

// claimSentences splits a text where a sentence ends: not at the point in a
// number or an abbreviation.
func claimSentences(text string) []string {
	var out []string
	start := 0
	runes := []rune(text)
	for i, c := range runes {
		last := i+1 == len(runes)
		ends := c == '\n' || c == ';' || (c == '.' || c == '!' || c == '?') && (last || unicode.IsSpace(runes[i+1]))
		if ends || last {
			if s := strings.TrimSpace(string(runes[start : i+1])); s != "" {
				out = append(out, s)
			}
			start = i + 1
		}
	}
	return out
}

func claimWords(sentence string) []claimWord {
	var out []claimWord
	for _, s := range claimWordForm.FindAllString(sentence, -1) {
		w := claimWord{text: s, low: strings.ToLower(strings.ReplaceAll(s, "’", "'"))}
		if claimNumberForm.MatchString(s) {
			w.numeric = true
			w.number, _ = strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
			_, frac, _ := strings.Cut(s, ".")
			w.decimals = len(frac)
		}
		w.sign = !w.numeric && !unicode.IsLetter([]rune(s)[0])
		out = append(out, w)
	}
	return out
}

// quoteOf puts words together again as they may be quoted.
func quoteOf(words []claimWord, start, end int) string {
	var b strings.Builder
	for i := start; i < end; i++ {
		w := words[i]
		tight := w.sign && w.text != "(" && w.text != "&" && w.text != "£" && w.text != "–" && w.text != "-"
		if i > start && !tight && words[i-1].text != "(" && words[i-1].text != "£" {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// claimMention is where a text names a measure, or several that go by one name.
type claimMention struct {
	start, end int
	facts      []int
}

// claimMentions finds the measures a sentence names, the longest names first.
// A name in capitals is one only in capitals: "CP", and "CiN" for "CIN".
func claimMentions(words []claimWord, facts []ClaimFact) []claimMention {
	names := map[string][]int{}
	longest := 0
	for i, f := range facts {
		for _, n := range f.Names {
			key := strings.Join(foldedWords(n), " ")
			if key != "" && !slices.Contains(names[key], i) {
				names[key] = append(names[key], i)
				longest = max(longest, len(strings.Fields(key)))
			}
		}
	}
	var out []claimMention
	for i := 0; i < len(words); {
		found := false
		for n := min(longest, len(words)-i); n > 0 && !found; n-- {
			var low []string
			for _, w := range words[i : i+n] {
				low = append(low, strings.TrimSuffix(w.low, "'"))
			}
			of := names[strings.Join(low, " ")]
			if len(of) == 0 || n == 1 && !capitals(words[i].text) && len(words[i].text) <= 4 {
				continue
			}
			out = append(out, claimMention{i, i + n, of})
			i, found = i+n, true
		}
		if !found {
			i++
		}
	}
	return out
}

func foldedWords(s string) []string {
	var out []string
	for _, w := range claimWords(s) {
		if !w.sign {
			out = append(out, strings.TrimSuffix(w.low, "'"))
		}
	}
	return out
}

// capitals reports whether all letters but one at most are capitals, and the
// first is.
func capitals(s string) bool {
	small := 0
	for i, c := range s {
		if unicode.IsLower(c) {
			if small++; i == 0 || small > 1 {
				return false
			}
		}
	}
	return true
}

// claimGroups joins measures named together: "CIN, CP and LAC numbers".
func claimGroups(words []claimWord, mentions []claimMention) [][]claimMention {
	var out [][]claimMention
	for i, m := range mentions {
		if i > 0 && joinsMentions(words[mentions[i-1].end:m.start]) {
			out[len(out)-1] = append(out[len(out)-1], m)
			continue
		}
		out = append(out, []claimMention{m})
	}
	return out
}

func joinsMentions(between []claimWord) bool {
	for _, w := range between {
		switch w.low {
		case ",", "and", "&", "both", "the", "numbers", "rates", "number", "of", "/":
		default:
			return false
		}
	}
	return len(between) > 0 && len(between) < 4
}

// claimNames are what a measure goes by in a text: its name, its noun, what
// files call it, and what everybody does.
func claimNames(m stat.Measure) []string {
	out := append([]string{m.Name}, m.Aliases...)
	if m.Noun != "" {
		out = append(out, m.Noun)
	}
	return append(out, map[string][]string{
		"cla":       {"LAC", "CLA", "CIC", "looked after children", "looked-after children", "children in care", "children looked after"},
		"cpp":       {"CP", "CPP", "CPPs", "CP plans", "child protection", "child protection plans"},
		"cin":       {"CIN", "children in need", "child in need"},
		"cin_local": {"CIN", "children in need", "child in need"},
	}[m.Code]...)
}
