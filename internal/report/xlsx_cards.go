package report

import (
	"cmp"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// cardSheet is all cards of a page side by side, a column each. What no card
// says has no row.
func cardSheet(v *dashboard.View, cards []dashboard.Panel) sheet {
	out := sheet{name: sheetNames[dashboard.Headline], title: "The latest figures", subtitle: v.Area.Name}
	if len(cards) == 1 {
		out.title, out.subtitle, out.prose = cards[0].Title, cards[0].Subtitle, []string{cards[0].Sentence}
	}
	columns := make([][]fact, len(cards))
	t := dashboard.TablePanel{Columns: []string{"Measure"}, Mark: -1}
	for i, p := range cards {
		columns[i] = card(p)
		if len(cards) > 1 {
			columns[i] = append(columns[i], fact{"Summary", p.Sentence, nil})
		}
		t.Columns = append(t.Columns, cmp.Or(p.Measure.Name, p.Title))
		out.sources = append(out.sources, p.Source)
		for _, w := range p.Warnings {
			if len(cards) > 1 {
				w = t.Columns[i+1] + ": " + w
			}
			out.prose = append(out.prose, w)
		}
	}
	for _, s := range sourcesOf([]sheet{out}) {
		out.prose = append(out.prose, "Source: "+s)
	}
	for i := range columns[0] {
		addFacts(&t, columns, i)
	}
	out.table, out.cells = t, typed(t)
	return out
}

// addFacts adds a row of the cards' facts, none where no card has one.
func addFacts(t *dashboard.TablePanel, columns [][]fact, i int) {
	row, numbers, any := []string{columns[0][i].head}, []*float64{nil}, false
	for _, facts := range columns {
		row, numbers = append(row, facts[i].text), append(numbers, facts[i].number)
		any = any || facts[i].text != ""
	}
	if any {
		t.Rows, t.Numbers = append(t.Rows, row), append(t.Numbers, numbers)
	}
}

// fact is one thing a card says, with the number where it is one.
type fact struct {
	head, text string
	number     *float64
}

// card is what a card says; every card has the same facts in the same order.
func card(p dashboard.Panel) []fact {
	h := p.Headline
	var count, value *float64
	bare := ""
	if c := h.Comparison; c != nil {
		if count, value = c.Count, c.Value; value != nil {
			bare = stat.Format(*value, p.Measure.Decimals)
		}
	}
	return []fact{
		{"Date", h.AsOf, nil}, {"Number", h.Count, count}, {"Value", bare, value}, {"In words", h.Value, nil},
		{"95% interval", h.Interval, nil}, {"Change", h.Change, nil}, {"Since the meeting", h.Meeting, nil},
		{"Against neighbours", h.Against, nil}, {"Verdict", h.Verdict, nil}, {"Rank", h.Rank, nil}, {"Five-year trend", h.Trend, nil},
		{"First crossed", h.Crossed, nil}, {"Peak", h.Peak, nil}, {"Council's latest", h.Latest, nil},
	}
}
