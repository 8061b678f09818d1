package importer

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// asides are what is told of a whole file, once, when it has been read.
type asides struct {
	footnotes aside
	fractions map[string]*fractions // by measure
	order     []string
}

// aside counts cells of one sort.
type aside struct {
	n           int
	first, text string
}

func (a *aside) add(at, text string) {
	if a.n++; a.n == 1 {
		a.first, a.text = at, text
	}
}

// fractions are the percentages of a measure that no per cent sign goes with.
type fractions struct {
	aside
	measure string
	above   bool // one is above 1
}

// note remembers what is worth telling of a figure that was read.
func (a *asides) note(m *stat.Measure, part stat.Part, sheet string, f stat.Figure) {
	if f.Mark != "" {
		return
	}
	if footnoted(f.Text) {
		a.footnotes.add(f.At, f.Text)
	}
	if m.Unit != stat.Percent || part != stat.PartValue || m.Registered || strings.Contains(f.Text, "%") {
		return
	}
	id := m.Code
	if a.fractions == nil {
		a.fractions = map[string]*fractions{}
	}
	fr := a.fractions[id]
	if fr == nil {
		fr = &fractions{measure: m.Name}
		a.fractions[id], a.order = fr, append(a.order, id)
	}
	fr.above = fr.above || f.Number > 1
	if f.Number != math.Trunc(f.Number) {
		fr.add(f.At, f.Text)
	}
}

func (a *asides) tell(r *reading) {
	if n := a.footnotes; n.n > 0 {
		r.problem(stat.Note, "footnote_marks", n.first, "%d numbers have a footnote's mark beside them, first %q: the number was read and the mark left out", n.n, n.text)
	}
	for _, id := range a.order {
		if fr := a.fractions[id]; fr.n > 0 && !fr.above {
			r.problem(stat.Warning, "percentage_or_fraction", fr.first, "no figure of %s is above 1, first %s: they were read as percentages. If %s stands for %s%%, format the cells as percentages",
				fr.measure, fr.text, fr.text, strconv.FormatFloat(hundredfold(fr.text), 'f', -1, 64))
		}
	}
}

func hundredfold(text string) float64 {
	return stat.RoundHalfUp(textNumber(text).number*100, 6)
}

// hidden tells of what a reader of the spreadsheet does not see.
func (r *reading) hidden(sheet workbook.Sheet, rows int) {
	if rows > 0 {
		r.problem(stat.Note, "hidden_rows", sheet.Name, "%d hidden rows were read like the others: delete them, and import again, if they should not count", rows)
	}
	if n := len(sheet.HiddenCols); n > 0 {
		r.problem(stat.Note, "hidden_columns", sheet.Name, "%d hidden columns were read like the others, the first of them column %s: delete them, and import again, if they should not count",
			n, strings.TrimRight(workbook.Address("", sheet.HiddenCols[0], 1), "1"))
	}
}

// Rows that are shown with a problem are cut to this.
const (
	shownCells = 30
	shownRunes = 80
)

// show puts the texts of the row beside the problems found in it.
func (r *reading) show(row workbook.Row, from int) {
	if from >= len(r.res.Problems) {
		return
	}
	var texts []string
	for i := range r.res.Problems[from:] {
		p := &r.res.Problems[from+i]
		if p.Row != nil || !inRow(p.At, row.Number) {
			continue
		}
		if texts == nil {
			texts = rowTexts(row)
		}
		p.Row = slices.Clone(texts)
	}
}

// inRow reports whether an address is of that row.
func inRow(at string, row int) bool {
	before, ok := strings.CutSuffix(at, strconv.Itoa(row))
	return ok && before != "" && before[len(before)-1] >= 'A' && before[len(before)-1] <= 'Z'
}

func rowTexts(row workbook.Row) []string {
	texts := []string{}
	for _, c := range row.Cells[:min(len(row.Cells), shownCells)] {
		texts = append(texts, shortened(cellText(c)))
	}
	return texts
}

// cellText is a cell as it is shown, near enough.
func cellText(c workbook.Cell) string {
	if c.Kind == workbook.Date {
		return stat.DateOf(c.Time).String()
	}
	return c.Text
}

func shortened(text string) string {
	if runes := []rune(text); len(runes) > shownRunes {
		return fmt.Sprintf("%s…", string(runes[:shownRunes-1]))
	}
	return text
}

// spread gives a row what merged cells say in it; see merged.
func (r *reading) spread(row workbook.Row, width int, isFigure func(col int) bool) workbook.Row {
	if len(r.merged.open) == 0 {
		return row
	}
	for _, b := range r.merged.figures(row.Number, isFigure) {
		r.problem(stat.Error, "merged_figure", r.at(b.FirstCol, b.FirstRow), "%s stands in merged cells, %s to %s: unmerge them and give each its figure", b.cell.Text, r.at(b.FirstCol, b.FirstRow), r.at(b.LastCol, b.LastRow))
	}
	return r.merged.spread(row, width, isFigure)
}
