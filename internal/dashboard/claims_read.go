package dashboard

import (
	"slices"
	"strings"
)

// directions are the words that say which way; those of claimNouns stand
// before what they are of as well: "a reduction in LAC".
var (
	claimVerbs = map[string]claimWay{}
	claimNouns = map[string]claimWay{}
	claimAdjs  = map[string]claimWay{}
)

func init() {
	for way, list := range map[claimWay]string{
		claimUp:     "rise rises rising rose risen increase increases increasing increased grow grows growing grew grown climb climbs climbing climbed up escalating escalated",
		claimDown:   "fall falls falling fell fallen reduce reduces reducing reduced decrease decreases decreasing decreased decline declines declining declined drop drops dropping dropped down dipped shrunk shrinking",
		claimStable: "stable steady unchanged static constant flat stabilised stabilising stabilized stabilizing",
		claimBetter: "improve improves improving improved better",
		claimWorse:  "worsen worsens worsening worsened worse deteriorate deteriorates deteriorating deteriorated",
	} {
		for _, w := range strings.Fields(list) {
			claimVerbs[w] = way
		}
	}
	for way, list := range map[claimWay]string{
		claimUp: "increase rise growth", claimDown: "reduction decrease fall decline drop",
		claimBetter: "improvement", claimWorse: "deterioration", claimStable: "stability",
	} {
		for _, w := range strings.Fields(list) {
			claimNouns[w] = way
		}
	}
	for way, list := range map[claimWay]string{claimUp: "rising growing", claimDown: "falling declining", claimStable: "stable steady static unchanged"} {
		for _, w := range strings.Fields(list) {
			claimAdjs[w] = way
		}
	}
}

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

var (
	// claimThrough may stand between a measure and its direction.
	claimThrough = wordSet(`numbers number figures figure rate rates total totals population cohort overall
		is are was were has have had been be being do does did continue continues continued continuing to now also again still all both each
		slightly steadily significantly gradually currently recently remain remains remained remaining stayed stay stays kept keep
		very fairly relatively broadly largely generally quite further a an on the trend seen seeing saw shown showing show shows
		downward upward downwards upwards markedly sharply considerably substantially rapidly slowly notably ( ) then
		since over in this last past previous year years twelve twelvemonth months month quarter period report briefing meeting 12 five 5 council
		% per cent as by went gone going come came trending`)
	claimNegations = wordSet(`not no never isn't aren't wasn't weren't hasn't haven't hadn't didn't doesn't don't without neither nor stopped ceased longer`)

	// claimUnsaid in a sentence make it no claim about what is so.
	claimUnsaid = wordSet(`will would should could may might must expect expected expects expecting forecast forecasts predicted projected projection anticipate anticipated
		aim aims aimed aiming target targets targeted goal hope hopes hoped hoping plan planned intend intended intends ambition likely unlikely if unless
		until till whether need needs prevent preventing avoid avoiding slow slowed slowing slowdown rather instead risk challenge pressure pressures
		former once previously historically originally earlier`)
	claimPlaces = wordSet(`national nationally england english regional regionally region north east neighbour neighbours neighbour's neighbours' authorities country elsewhere nationwide uk tees valley`)

	// claimBefore may stand before a measure that is itself what is spoken of.
	claimBefore = wordSet(`the our of in number numbers rate rates total overall current and with that as while whilst but although though because however also both , : ( – - " ' “ ” where when which
		have has seen saw shows show report reports reported note noted pleased say see again headline this these council's ; reduction increase rise fall decrease decline drop growth improvement a an
		falling rising growing declining stable steady static unchanged members despite`)
	// claimAfter may follow a measure whose direction stands before it.
	claimAfter  = wordSet(`numbers number figures figure rate rates population cohort has have is was were are and but , ; . : ! ? ) since over by from to this which as at during ( compared`)
	claimMonths = wordSet(`january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec
		week weekly weeks today yesterday overnight spring summer autumn winter christmas easter`)
)

// claimElsewhere reports whether a sentence is of another place, of what may
// be, or of another time, so that nothing in it is held against the facts. The
// names of measures say nothing of that: children in need are not needed.
func claimElsewhere(words []claimWord, mentions []claimMention) bool {
	named := map[int]bool{}
	for _, m := range mentions {
		for i := m.start; i < m.end; i++ {
			named[i] = true
		}
	}
	for i, w := range words {
		if !named[i] && (claimUnsaid[w.low] || claimPlaces[strings.TrimSuffix(w.low, "'s")]) {
			return true
		}
	}
	return false
}

// claimDated reports whether the words near a claim name a date.
func claimDated(words []claimWord) bool {
	for _, w := range words {
		if claimMonths[w.low] || w.numeric && w.decimals == 0 && w.number >= 1990 && w.number <= 2100 && !strings.Contains(w.text, ",") {
			return true
		}
	}
	return false
}

// claimOver is the time that words near a claim name, "" for none; false where
// it is one that nothing is known of.
func claimOver(words []claimWord) (string, bool) {
	var low []string
	for _, w := range words {
		low = append(low, w.low)
	}
	text := " " + strings.Join(low, " ") + " "
	has := func(list ...string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(text, " "+s+" ") })
	}
	switch {
	case has("last report", "last briefing", "last meeting", "previous report", "previous meeting", "previous briefing", "last update", "last council"):
		return ClaimSince, true
	case has("five years", "5 years", "5 year", "five year"):
		return ClaimFive, true
	case has("twelve months", "12 months", "last year", "past year", "the year", "this year", "year on year", "a year", "previous year"):
		return ClaimYear, true
	case has("month", "months", "quarter", "week", "years", "fortnight", "decade"):
		return "", false
	}
	return "", true
}

// claimsOf are the directions that a sentence says a group of measures took.
func claimsOf(words []claimWord, group []claimMention) []claim {
	first, last := group[0], group[len(group)-1]
	if first.start > 0 && !claimOpens(words[:first.start]) {
		return nil
	}
	c, ok := claimAhead(words, last.end)
	if !ok {
		c, ok = claimBehind(words, first, last)
	}
	if !ok {
		return nil
	}
	c.group, c.start = group, min(c.start, first.start)
	c.end = max(c.end, last.end)
	near := words[c.start:claimClause(words, c.end)]
	if claimDated(near) || claimDated(words[claimClauseStart(words, c.start):c.start]) {
		return nil
	}
	over, known := claimOver(near)
	if !known {
		return nil
	}
	if over == "" {
		if over, known = claimOver(words[claimClauseStart(words, c.start):c.start]); !known {
			return nil
		}
	}
	c.over = over
	return []claim{c}
}

// claimOpens reports whether the word before a measure lets it be what is
// spoken of, and not a part of something else.
func claimOpens(before []claimWord) bool {
	w := before[len(before)-1]
	if w.low == "of" && len(before) > 1 {
		o := before[len(before)-2].low
		return slices.Contains([]string{"number", "numbers", "rate", "rates", "total", "levels", "level"}, o)
	}
	return claimBefore[w.low] || w.sign || w.numeric || claimVerbs[w.low] != "" || claimNegations[w.low]
}

// claimClause is where the clause after i ends.
func claimClause(words []claimWord, i int) int {
	for ; i < len(words); i++ {
		switch words[i].low {
		case ",", ";", ":", "but", "while", "whilst", "although", "though", "and", "with", "however", "whereas", "because", "despite":
			return i
		}
	}
	return len(words)
}

// claimClauseStart is where the clause before i begins, a comma after an
// opening ("Over the year, …") being part of it.
func claimClauseStart(words []claimWord, i int) int {
	for i > 0 {
		switch words[i-1].low {
		case ";", "but", "while", "whilst", "although", "though", "however", "whereas", "and", "with":
			return i
		}
		i--
	}
	return i
}

// claimAhead finds a direction after a measure, over nothing but words that
// lead to it.
func claimAhead(words []claimWord, from int) (claim, bool) {
	c := claim{start: from}
	for i := from; i < len(words); i++ {
		w := words[i]
		switch {
		case claimVerbs[w.low] != "":
			if !claimStands(words, i) {
				return c, false
			}
			c.way, c.end = claimVerbs[w.low], i+1
			return c, true
		case claimNouns[w.low] != "" && i > from && (words[i-1].low == "a" || words[i-1].low == "an" || words[i-1].low == "no"):
			c.way, c.end = claimNouns[w.low], i+1
			return c, true
		case w.low == "level" && i > from && words[i-1].low != "the" || w.low == "same" && i > from && words[i-1].low == "the":
			c.way, c.end = claimStable, i+1
			return c, true
		case w.low == "longer" && c.not:
		case claimNegations[w.low]:
			c.not = true
		case claimThrough[w.low], w.numeric && i > from && words[i-1].text == "(":
		default:
			return c, false
		}
	}
	return c, false
}

// claimStands reports whether a direction is the whole of what is said, and
// does not go on to something else: "reducing the need", "up to date", "better
// than planned".
func claimStands(words []claimWord, i int) bool {
	if i+1 == len(words) {
		return true
	}
	next := words[i+1]
	switch words[i].low {
	case "up", "down":
		return next.numeric || slices.Contains([]string{"by", "on", "from", "again", "slightly", ",", ".", "over", "since", "and"}, next.low)
	case "better", "worse":
		return next.sign || slices.Contains([]string{"and", "over", "since", "again"}, next.low)
	}
	return next.sign || next.numeric || claimGoesOn[next.low] || strings.HasSuffix(next.low, "ly")
}

var claimGoesOn = wordSet(`by from to at over since in during this again further and but while whilst although though compared on with for as however year trend
	significantly slightly steadily overall too now still throughout across after below above through there so which`)

// claimBehind finds a direction before a measure: "a reduction in LAC",
// "falling LAC numbers".
func claimBehind(words []claimWord, first, last claimMention) (claim, bool) {
	if last.end < len(words) && !claimFollows(words, last.end) {
		return claim{}, false
	}
	i := first.start - 1
	for i >= 0 && slices.Contains([]string{"the", "our", "of", "in", "number", "numbers", "rate", "overall", "total", "to"}, words[i].low) {
		i--
	}
	if i < 0 {
		return claim{}, false
	}
	w := words[i].low
	way, of := claimNouns[w], i+1 < first.start && (words[i+1].low == "in" || words[i+1].low == "of")
	if way == "" || !of {
		if way = claimAdjs[w]; way == "" || i+1 < first.start && words[i+1].low == "in" {
			return claim{}, false
		}
	}
	c := claim{start: i, end: last.end, way: way}
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if claimNegations[words[j].low] {
			c.not, c.start = true, j
		}
	}
	return c, true
}

// claimFollows reports whether a word may follow a measure whose direction
// stands before it: "over the year", not "over 16".
func claimFollows(words []claimWord, i int) bool {
	if i+1 < len(words) {
		next := words[i+1]
		switch words[i].low {
		case "over", "during":
			return claimSpans[next.low]
		case "from", "to", "by", "at":
			return next.numeric
		}
	}
	return claimAfter[words[i].low]
}

var claimSpans = wordSet("the this last past twelve 12 five a recent")
