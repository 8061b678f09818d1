package dashboard

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// ClaimFact is what a text may claim of one measure, and what is so.
type ClaimFact struct {
	Place   string        // whose figures they are: "Middlesbrough"
	Name    string        // as a sentence opens with it: "Children looked after"
	Names   []string      // all it goes by in a text: "LAC", "looked after children"
	Good    stat.Polarity // which way is better
	Changes []ClaimChange // the first that a claim can be held against comes first
	Numbers []float64     // every figure of it that may be quoted, with the changes between
	Latest  string        // "412 on 26 September 2016"
}

// Times that a change is over.
const (
	ClaimYear  = "twelve months"
	ClaimSince = "since the last report"
	ClaimFive  = "five years"
)

// ClaimChange is how the measure moved over a time. By is in what it is
// counted in, Percent of the earlier figure where it has one.
type ClaimChange struct {
	Over    string // one of the above
	By      float64
	Percent *float64
	Beyond  bool   // more than chance explains
	Words   string // without the time: "rose by 18% (377 to 444)"
}

// ClaimCheck points out what a text says of the facts that they do not bear
// out: a direction ("numbers reducing", "remained stable", "has not fallen",
// "improving") that the change over the time it names, or else over twelve
// months, gives the lie to; and a number quoted of a measure that no figure
// has. A claim that names a date, another place, a part of the whole or the
// future is left alone: no false alarm is worth a true one missed.
func ClaimCheck(text string, facts []ClaimFact) []Flag {
	out := []Flag{}
	for _, f := range facts { // "Middlesbrough's LAC numbers" are LAC numbers
		if f.Place != "" {
			own := benchmark.Possessive(f.Place)
			text = strings.NewReplacer(own+" ", "", strings.ReplaceAll(own, "'", "’")+" ", "").Replace(text)
		}
	}
	for _, sentence := range claimSentences(text) {
		words := claimWords(sentence)
		mentions := claimMentions(words, facts)
		if claimElsewhere(words, mentions) {
			continue
		}
		for _, group := range claimGroups(words, mentions) {
			for _, c := range claimsOf(words, group) {
				out = append(out, c.flags(words, facts)...)
			}
		}
		out = append(out, claimNumbers(words, mentions, facts)...)
	}
	return slices.CompactFunc(out, func(a, b Flag) bool { return a == b })
}

// claim is a direction that a text says some measures took.
type claim struct {
	group      []claimMention
	start, end int // words that it is quoted by
	way        claimWay
	not        bool
	over       string // the time it names, "" for none
}

// claimWay is the direction claimed.
type claimWay string

const (
	claimUp     claimWay = "up"
	claimDown   claimWay = "down"
	claimStable claimWay = "stable"
	claimBetter claimWay = "better"
	claimWorse  claimWay = "worse"
)

// flags are what the facts say against a claim, one for each measure.
func (c claim) flags(words []claimWord, facts []ClaimFact) []Flag {
	var out []Flag
	for _, m := range c.group {
		var why string
		for _, i := range m.facts { // a name several go by is right if it is right of one
			if why = c.against(facts[i]); why == "" {
				break
			}
		}
		if why != "" {
			out = append(out, Flag{Quote: quoteOf(words, c.start, c.end), Why: why})
		}
	}
	return out
}

// against is what a fact says against the claim, "" for nothing.
func (c claim) against(f ClaimFact) string {
	for i, ch := range f.Changes {
		if c.over != "" && ch.Over != c.over || c.over == "" && ch.Over == ClaimFive {
			continue
		}
		if !c.denied(f, ch) {
			return ""
		}
		out := fmt.Sprintf("%s %s %s.", f.Name, ch.Words, claimTime(ch.Over))
		if c.over == "" {
			for _, other := range f.Changes[i+1:] {
				if other.Over == ClaimSince && !c.denied(f, other) {
					out = strings.TrimSuffix(out, ".") + fmt.Sprintf(", though it %s %s.", other.Words, claimTime(other.Over))
				}
			}
		}
		return out
	}
	return ""
}

func claimTime(over string) string {
	if over == ClaimSince {
		return over
	}
	return "over " + over
}

// denied reports whether a change gives the claim the lie.
func (c claim) denied(f ClaimFact, ch ClaimChange) bool {
	up, down := ch.By > 0, ch.By < 0
	switch way := c.judged(f.Good); {
	case way == claimUp && !c.not:
		return !up
	case way == claimUp:
		return up
	case way == claimDown && !c.not:
		return !down
	case way == claimDown:
		return down
	case way == claimStable && !c.not:
		return ch.much()
	}
	return false
}

// judged turns better and worse into up and down where the measure says which
// way is good; otherwise they claim nothing that could be held against it.
func (c claim) judged(good stat.Polarity) claimWay {
	up := good == stat.HighIsGood
	switch {
	case c.way != claimBetter && c.way != claimWorse:
		return c.way
	case good != stat.HighIsGood && good != stat.LowIsGood:
		return ""
	case up == (c.way == claimBetter):
		return claimUp
	}
	return claimDown
}

// A change is more than stable where chance does not explain it, or it is of a
// tenth and of ten at least.
const (
	claimMuchPercent = 10
	claimMuchNumber  = 10
)

func (ch ClaimChange) much() bool {
	large := ch.Percent != nil && math.Abs(*ch.Percent) >= claimMuchPercent && math.Abs(ch.By) >= claimMuchNumber
	return ch.By != 0 && (ch.Beyond || large)
}
