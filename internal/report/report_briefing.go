package report

import (
	"strings"

	"bellwether/internal/dashboard"
)

const briefingTitle = "Questions to expect"

// briefingBlocks are the questions that were left open at a meeting, then
// those on each headline, with the figures that answer them.
func briefingBlocks(r *dashboard.Report) []Block {
	l := &layout{r: r}
	l.add(Facts{append([][2]string{{"On", r.Title}}, reportFacts(r)...)})
	var carried, expected []dashboard.Question
	for _, q := range r.Briefing {
		if q.Asked != "" {
			carried = append(carried, q)
		} else {
			expected = append(expected, q)
		}
	}
	l.questions("Asked at earlier meetings", carried)
	l.questions("On the headline figures", expected)
	if len(r.Briefing) == 0 {
		l.numbered("No question is known: the report leads with no figures, and none was left open.")
	}
	return l.blocks
}

func (l *layout) questions(head string, of []dashboard.Question) {
	if len(of) > 0 {
		l.heading(1, head)
	}
	for _, q := range of {
		l.heading(2, q.Text)
		if q.Asked != "" {
			l.add(Paragraph{Runs: []Run{{Text: "Asked " + q.Asked + ".", Italic: true}}})
		}
		if !q.Known && q.Asked == "" {
			l.add(Paragraph{Runs: []Run{{Text: "The figures held cannot answer this.", Bold: true}}})
		}
		for answer := range strings.SplitSeq(q.Answer, "\n") {
			if answer = strings.TrimSpace(answer); answer != "" {
				l.numbered(answer)
			}
		}
	}
}
