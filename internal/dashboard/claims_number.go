package dashboard

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
)

// claimQuote is a number that a text gives of a measure.
type claimQuote struct{ at int }

var (
	claimAbout  = wordSet("about around approximately roughly circa c nearly almost over under above below some than to least most by < > ~ up team phase section ward aged age ages day week year and")
	claimLeads  = wordSet("numbers number figures figure total is are was were at stands stand stood currently now ( : of has have been risen rose fallen fell reduced increased to of = – the overall remain remains remained")
	claimCounts = wordSet("children per ( ) and at on as compared from to this over since which with by but while representing giving or")
)

// claimQuoted are the numbers that are given of a mention: "412 LAC", "LAC
// numbers are 412", "LAC (412)". Dates, shares and what is said to be about so
// many are none.
func claimQuoted(words []claimWord, m claimMention) []claimQuote {
	var out []claimQuote
	if m.start > 0 && words[m.start-1].numeric && claimPlain(words, m.start-1) && (m.start < 2 || !claimAbout[words[m.start-2].low] && !words[m.start-2].numeric) &&
		(m.end == len(words) || words[m.end].sign || claimAfter[words[m.end].low]) {
		out = append(out, claimQuote{m.start - 1})
	}
	if m.start > 0 && !words[m.start-1].numeric && !claimOpens(words[:m.start]) {
		return out
	}
	for i := m.end; i < len(words) && i < m.end+6; i++ {
		w := words[i]
		if w.numeric {
			vague := i > 0 && claimAbout[words[i-1].low] && words[i-1].low != "to"
			if claimPlain(words, i) && !vague && !(words[i-1].low == "to" && !claimMoved(words[m.end:i])) && !claimBlank(words, i) {
				out = append(out, claimQuote{i})
			}
			return out
		}
		if !claimLeads[w.low] {
			return out
		}
	}
	return out
}

// claimMoved reports whether words say that something moved, so that "to" leads
// to where.
func claimMoved(words []claimWord) bool {
	return slices.ContainsFunc(words, func(w claimWord) bool { return claimVerbs[w.low] != "" })
}

// claimPlain reports whether a number is no year, day of a month or small
// number of a list.
func claimPlain(words []claimWord, i int) bool {
	w := words[i]
	year := w.decimals == 0 && w.number >= 1990 && w.number <= 2100 && !strings.Contains(w.text, ",")
	day := i+1 < len(words) && claimMonths[words[i+1].low]
	money := i > 0 && words[i-1].text == "£"
	return !year && !day && !money && w.number >= 10
}

// claimBlank reports whether what follows a number makes it one of something
// else.
func claimBlank(words []claimWord, i int) bool {
	if i+1 == len(words) {
		return false
	}
	next := words[i+1]
	switch {
	case next.low == "per":
		return i+2 >= len(words) || !words[i+2].numeric
	case next.sign:
		return !slices.Contains([]string{".", ",", ";", "!", "?", "(", ")", ":", "”", "\""}, next.text)
	}
	return !claimCounts[next.low]
}

// claimNumbers flags a number quoted of one measure that no figure of it has.
func claimNumbers(words []claimWord, mentions []claimMention, facts []ClaimFact) []Flag {
	var out []Flag
	for _, m := range mentions {
		for _, q := range claimQuoted(words, m) {
			if claimHolds(words[q.at], m, facts) {
				continue
			}
			f := facts[m.facts[0]]
			why := fmt.Sprintf("No figure of %s in this report is %s", benchmark.LowerFirst(f.Name), words[q.at].text)
			if f.Latest != "" {
				why += "; the latest is " + f.Latest
			}
			out = append(out, Flag{Quote: quoteOf(words, min(q.at, m.start), max(q.at+1, m.end)), Why: why + "."})
		}
	}
	return out
}

// claimHolds reports whether any measure that a mention may mean has a number,
// rounded or cut off as it is quoted.
func claimHolds(w claimWord, m claimMention, facts []ClaimFact) bool {
	unit := math.Pow10(-w.decimals)
	for _, i := range m.facts {
		for _, x := range facts[i].Numbers {
			if x = math.Abs(x); math.Abs(x-w.number) < unit*(1-1e-9) && (w.decimals > 0 || x != math.Trunc(x)) || x == w.number {
				return true
			}
		}
	}
	return false
}
