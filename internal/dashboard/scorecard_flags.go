package dashboard

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
)

// flags are what does not agree in a row, for whoever keeps the scorecard.
// They are of the commentary, which is typed by hand: it may be about another
// figure, rate the row otherwise than its target does, or quote a number that
// the row has not. What is not certain to disagree is left alone.
func (r *ScorecardRow) flags() []string {
	if r.Comment == nil {
		return nil
	}
	if r.Comment.Stale {
		return []string{fmt.Sprintf("The commentary is about figures of %s; the row is of %s.", r.Comment.Label, r.Current.Label)}
	}
	return append(r.ratingFlags(), r.quoteFlags()...)
}

var (
	// stated is a rating in words: "RAG: red", "rated green", "is now amber".
	stated = regexp.MustCompile(`(?i)\b(?:rag(?:[ -](?:rating|status|rated))?|rated|rating|status)\b[\s:=\x{2013}-]*(?:(?:is|as|now|at|remains|of)\s+)*(red|amber|green)\b|^\s*(red|amber|green)\b\s*[:.,;\x{2013}-]`)
	// met and missed are what is said of the target.
	met     = regexp.MustCompile(`(?i)\b(?:on target|(?:meets?|met|meeting|achieved|exceeds?|exceeded|hit) (?:the |our |its |this )?(?:local |national )?target|target (?:is |was |has been |being |now )*(?:met|achieved|exceeded|hit))\b`)
	missed  = regexp.MustCompile(`(?i)\b(?:off target|(?:miss(?:es|ed)?|missing) (?:the |our |its |this )?(?:local |national )?target|target (?:is |was |has been |being )*missed|(?:not|never|n['\x{2019}]t) (?:yet |been |be |being )*(?:on target|met|achieved|meet(?:ing)? (?:the |our |its )?target))\b`)
	negated = regexp.MustCompile(`(?i)\b(?:not|never|no longer|nor|without|until|if|when|should|will|would|could|expected|likely|aim\w*|to)\b[^.;]{0,24}$|n['\x{2019}]t [^.;]{0,24}$`)
)

// ratingFlags are ratings in the commentary that the target does not bear out.
func (r *ScorecardRow) ratingFlags() []string {
	var out []string
	text := r.Comment.Text
	for _, m := range stated.FindAllStringSubmatchIndex(text, -1) {
		word := ""
		for _, at := range []int{2, 4} {
			if m[at] >= 0 {
				word = strings.ToLower(text[m[at]:m[at+1]])
			}
		}
		if word == r.Rating.Code || hedged(text, m[0]) {
			continue
		}
		says := "by its target it is " + r.Rating.Code
		if r.Rating.Code == Unrated {
			says = "the row has no rating"
		}
		if flag := fmt.Sprintf("The commentary says %s; %s.", word, says); !slices.Contains(out, flag) {
			out = append(out, flag)
		}
	}
	code := r.Rating.Code
	off := code == Red || code == Amber
	switch said := missed.FindString(text); {
	case said != "" && code == Green:
		out = append(out, fmt.Sprintf("The commentary says %q; the row is green: %s", said, r.Rating.Reason))
	case said == "" && off && claims(met, text):
		out = append(out, fmt.Sprintf("The commentary says %q; the row is %s: %s", met.FindString(text), code, r.Rating.Reason))
	}
	return out
}

// claims reports whether text says what re finds, without a not or a wish.
func claims(re *regexp.Regexp, text string) bool {
	for _, at := range re.FindAllStringIndex(text, -1) {
		if !hedged(text, at[0]) {
			return true
		}
	}
	return false
}

// hedged reports whether what stands at i is denied or only expected.
func hedged(text string, i int) bool { return negated.MatchString(text[:i]) }

var (
	// asides are numbers that are no figures: dates, years, spans of time, ages,
	// references, per 10,000.
	asides = regexp.MustCompile(`(?i)` + strings.Join([]string{
		`\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:` + monthNames + `|(?-i:May))\b(?:,? (?:19|20)\d\d\b)?`,
		`\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[ '\x{2019}-]+\d\d\b`,
		`\b\d{4}-\d\d-\d\d\b`, `\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b`,
		`\b(?:19|20)\d\d(?:[-/\x{2013}]\d{2,4})?\b`,
		`\b\d{1,2}:\d\d\b`,
		`\b(?:per|in every|for every|in) (?:100,?000|10,?000|1,?000)\b`,
		`\baged? (?:of )?\d{1,2}(?:\s?(?:to|-|\x{2013}|and)\s?\d{1,2})?\b`,
		`\b\d{1,2}(?:\s?(?:to|-|\x{2013}|and|or)\s?\d{1,2})?[- ](?:year|yr)s?[- ]olds?\b`,
		`\b\d+(?:\s?(?:to|-|\x{2013}|or)\s?\d+)?[- ](?:working |calendar |school |consecutive )?(?:day|week|month|quarter|year|hour|minute)s?\b`,
		`\b(?:section|regulation|reg|part|schedule|annex|appendix|phase|tier|level|band|quarter|page|item|version)\.? \d{1,2}\b`,
		`\b[a-z]+\d+[a-z0-9]*\b`, `\b\d+(?:st|nd|rd|th)\b`,
	}, "|"))
	quoted = regexp.MustCompile(`(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?`)
	about  = regexp.MustCompile(`(?i)(?:about|around|nearly|almost|roughly|approximately|circa|c\.|some|over|under|more than|fewer than|less than|just)\s*(?:over |under |below |above )?[\x{00A3}]?$`)
)

// monthNames are all but May, which is a verb too.
const monthNames = `jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?`

// hedge is how far from a number of the row one "about" it may be.
const hedge = 0.05

// quoteFlags are the numbers of the commentary that the row does not have. A
// number may be quoted with fewer decimals, and "about 500" of 493.
func (r *ScorecardRow) quoteFlags() []string {
	var out []string
	text := asides.ReplaceAllStringFunc(r.Comment.Text, func(s string) string { return strings.Repeat(" ", len(s)) })
	known := r.numbers()
	for _, at := range quoted.FindAllStringIndex(text, -1) {
		said := text[at[0]:at[1]]
		x, err := strconv.ParseFloat(strings.ReplaceAll(said, ",", ""), 64)
		if err != nil || quotes(known, x, said, about.MatchString(text[:at[0]])) {
			continue
		}
		if strings.HasPrefix(text[at[1]:], "%") {
			said += "%"
		}
		if flag := fmt.Sprintf("The commentary says %s; the row has no %s.", said, said); !slices.Contains(out, flag) {
			out = append(out, flag)
		}
	}
	return out
}

// quotes reports whether x, as it was written, is one of the numbers.
func quotes(known []float64, x float64, said string, loosely bool) bool {
	_, frac, _ := strings.Cut(said, ".")
	return slices.ContainsFunc(known, func(k float64) bool {
		return stat.RoundHalfUp(k, len(frac)) == x || loosely && math.Abs(k-x) <= hedge*math.Abs(k)
	})
}

// numbers are all that stand in the row: its figures, those they are made of,
// the differences between them, and what they are held against.
func (r *ScorecardRow) numbers() []float64 {
	var out []float64
	add := func(xs ...*float64) {
		for _, x := range xs {
			if x != nil {
				out = append(out, math.Abs(*x))
			}
		}
	}
	add(r.Current.Number, r.Previous.Number, r.Travel.Number, r.Target.Lower, r.Target.Upper, r.Target.Tolerance,
		r.Neighbours.Number, r.Region.Number, r.England.Number)
	for _, p := range r.Series {
		add(p.Number)
	}
	words := []string{r.Current.Of, r.Previous.Of, r.Travel.Words, r.Rating.Reason}
	for _, w := range words {
		for _, s := range quoted.FindAllString(asides.ReplaceAllString(w, " "), -1) {
			if x, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64); err == nil {
				out = append(out, x)
			}
		}
	}
	return out
}
