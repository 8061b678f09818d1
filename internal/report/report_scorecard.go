package report

import (
	"fmt"
	"strings"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
)

// Fills behind ratings; each has a shape and a word in front.
const (
	greenFill = "#D5E8D8"
	amberFill = "#FBE8C8"
	redFill   = "#F6D7D2"
)

var ratingFills = map[string]string{dashboard.Green: greenFill, dashboard.Amber: amberFill, dashboard.Red: redFill}

var shapes = map[string]string{"circle": "\u25cf", "triangle": "\u25b2", "diamond": "\u25c6", "square": "\u25a0"}

// scorecard is a table as wide as a page on its side: of each measure what is
// read together stands in one cell. What the service says comes below it.
func (l *layout) scorecard(p dashboard.Panel) {
	if p.Sentence != "" {
		l.numbered(p.Sentence)
	}
	l.turn(true)
	t := Table{Caption: captioned(p), Columns: []Column{
		{Head: "Measure", Width: 19}, {Head: "Target", Width: 13}, {Head: "Previous", Width: 12}, {Head: "Current", Width: 12},
		{Head: "Direction of travel", Width: 15}, {Head: "Rating, and why", Width: 18}, {Head: "Others", Width: 17},
	}}
	section := ""
	for _, r := range p.Scorecard.Rows {
		if r.Section != section {
			section = r.Section
			t.Rows = append(t.Rows, Row{Cells: Cells(section), Strong: true})
		}
		t.Rows = append(t.Rows, Row{Cells: scoreCells(r)})
	}
	if p.Table != nil {
		t.Notes = append(t.Notes, p.Table.Notes...)
	}
	t.Notes = append(t.Notes, sourced(p))
	l.table(t)
	for _, r := range p.Scorecard.Rows {
		if r.Comment == nil || strings.TrimSpace(r.Comment.Text) == "" {
			continue
		}
		l.add(Paragraph{Runs: remark(r), Number: Numbered})
	}
}

func scoreCells(r dashboard.ScorecardRow) []Cell {
	rating := r.Rating.Word
	if shape := shapes[r.Rating.Shape]; shape != "" {
		rating = shape + "\u00a0" + rating
	}
	return []Cell{
		{Text: stacked(strings.TrimSpace(r.Ref+" "+r.Name), r.Unit)},
		{Text: stacked(benchmark.UpperFirst(r.Target.Words), r.Target.ByWords, "Good is "+r.GoodIs)},
		{Text: pointCell(r.Previous)},
		{Text: stacked(pointCell(r.Current), r.Current.Publisher)},
		{Text: strings.TrimSpace(r.Travel.Arrow + " " + r.Travel.Words)},
		{Text: stacked(rating, r.Rating.Reason), Fill: ratingFills[r.Rating.Code]},
		{Text: stacked(comparatorCell(r.Neighbours), comparatorCell(r.Region), comparatorCell(r.England))},
	}
}

// stacked puts what is there one below the other.
func stacked(texts ...string) string {
	var out []string
	for _, s := range texts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n")
}

func pointCell(p dashboard.ScorecardPoint) string {
	return stacked(p.Text, p.Of, benchmark.UpperFirst(p.Label))
}

func comparatorCell(c dashboard.Comparator) string {
	if c.Text == "" {
		return ""
	}
	return fmt.Sprintf("%s: %s (%s)", c.Name, c.Bare, c.Label)
}

// remark is what the service says of a row, with who said it.
func remark(r dashboard.ScorecardRow) []Run {
	out := []Run{{Text: strings.TrimSpace(r.Ref+" "+r.Name) + ": ", Bold: true}}
	if r.Comment.Stale {
		out = append(out, Run{Text: "of " + r.Comment.Label + ": "})
	}
	out = append(out, Run{Text: oneLine(r.Comment.Text)})
	day, _, _ := strings.Cut(r.Comment.At, "T")
	if by := strings.TrimPrefix(r.Comment.By+", "+longDay(day), ", "); r.Comment.By != "" {
		out = append(out, Run{Text: " (" + by + ")", Italic: true})
	}
	return out
}
