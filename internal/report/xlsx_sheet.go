package report

import (
	"math"
	"strings"
	"unicode/utf8"

	"bellwether/internal/dashboard"
	"bellwether/internal/workbook"
)

// sheet is a panel as a worksheet: prose, then a table, beside it a chart.
type sheet struct {
	name     string
	title    string
	subtitle string
	prose    []string // sentence, source and warnings, a row each
	sources  []string
	table    dashboard.TablePanel
	cells    [][]workbook.OutCell // of the table's rows
	plot     *plot                // nil where nothing is drawn
	alt      string
}

const (
	titleSize = 16
	shade     = "#F3F2F1"
	lineUp    = 15.0 // points a line of text takes
	proseCols = 110  // characters prose is wide at least
)

// written is a panel's table, or what it says about a measure as one.
func written(p dashboard.Panel) *dashboard.TablePanel {
	if p.About == nil || p.Table != nil {
		return p.Table
	}
	t := &dashboard.TablePanel{Columns: []string{"About", "Text"}, Mark: -1}
	for _, f := range p.About.Facts {
		t.Rows = append(t.Rows, f[:])
	}
	return t
}

func newSheet(p dashboard.Panel, t dashboard.TablePanel) sheet {
	s := sheet{title: p.Title, subtitle: p.Subtitle, sources: []string{p.Source}, table: t, plot: plotOf(p), alt: strings.TrimSpace(p.Title + ". " + p.Sentence)}
	s.prose = append(s.prose, p.Sentence)
	if p.Source != "" {
		s.prose = append(s.prose, "Source: "+p.Source)
	}
	s.prose = append(s.prose, p.Warnings...)
	s.cells = typed(t)
	return s
}

// out lays the sheet out: title in A1, the table's head frozen, the chart to
// the right of the table, and right of that what is drawn and not in it.
func (s sheet) out(sample bool) workbook.OutSheet {
	o := page{OutSheet: workbook.OutSheet{ColWidths: widths(s.table, s.cells), Landscape: true}}
	o.across = o.columnsOf(proseCols, len(s.table.Columns))
	o.title(s.title)
	if s.subtitle != s.title {
		o.prose(s.subtitle)
	}
	for _, p := range s.prose {
		o.prose(p)
	}
	if sample {
		o.prose(sampleWords)
	}
	o.FreezeRows = s.rows(&o)
	o.HeadRow = o.FreezeRows
	return o.OutSheet
}

// rows adds the table with its chart and notes, and answers with the row of
// its head.
func (s sheet) rows(o *page) (head int) {
	o.add()
	o.add(heads(s.table, s.cells)...)
	head = len(o.Rows)
	o.heighten(head, o.Rows[head-1])
	for _, row := range s.cells {
		o.add(row...)
		o.heighten(len(o.Rows), row)
	}
	if s.plot != nil {
		s.draw(o, head)
	}
	o.add()
	for _, n := range s.table.Notes {
		o.prose(n)
	}
	return head
}

// page is a worksheet being laid out.
type page struct {
	workbook.OutSheet
	across int // columns prose runs over
}

func (o *page) add(cells ...workbook.OutCell) { o.Rows = append(o.Rows, cells) }

func (o *page) title(s string) {
	o.add(workbook.OutCell{Kind: workbook.Text, Text: s, Bold: true, Size: titleSize})
	o.height(len(o.Rows), 1)
	o.RowHeights[len(o.Rows)-1] = 2 * lineUp
}

// put sets a cell, wherever the rows so far end.
func (o *page) put(col, row int, c workbook.OutCell) {
	for len(o.Rows) < row {
		o.add()
	}
	cells := o.Rows[row-1]
	for len(cells) <= col {
		cells = append(cells, workbook.OutCell{})
	}
	cells[col] = c
	o.Rows[row-1] = cells
}

// prose adds a row of text over several columns, as high as it needs: Excel
// fits no row to a merged cell.
func (o *page) prose(s string) {
	if s == "" {
		return
	}
	o.add(wrapped(s))
	row := len(o.Rows)
	if o.across > 1 {
		o.Merges = append(o.Merges, workbook.Merge{FirstRow: row, LastRow: row, LastCol: o.across - 1})
	}
	o.height(row, lines(s, o.width(o.across)))
}

func (o *page) height(row, lines int) {
	for len(o.RowHeights) < row {
		o.RowHeights = append(o.RowHeights, 0)
	}
	o.RowHeights[row-1] = lineUp * float64(max(lines, 1))
}

// heighten makes a row as high as its wrapped cells need.
func (o *page) heighten(row int, cells []workbook.OutCell) {
	most := 1
	for col, c := range cells {
		if c.Wrap {
			most = max(most, lines(c.Text, o.columnWidth(col)))
		}
	}
	if most > 1 {
		o.height(row, most)
	}
}

// width is that of the first columns, in characters.
func (o *page) width(columns int) float64 {
	var w float64
	for col := range columns {
		w += o.columnWidth(col)
	}
	return w
}

const usualWidth = 9.0 // of a column, in characters

func (o *page) columnWidth(col int) float64 {
	if col < len(o.ColWidths) && o.ColWidths[col] > 0 {
		return o.ColWidths[col]
	}
	return usualWidth
}

// columnsOf is how many columns make up a width, and at least so many.
func (o *page) columnsOf(width float64, least int) int {
	n := least
	for o.width(n) < width {
		n++
	}
	return n
}

// lines is how many a text breaks into. A column is as wide as so many
// digits, and a letter is narrower on average, by more than breaking loses.
func lines(s string, width float64) int {
	return int(math.Ceil(float64(utf8.RuneCountInString(s)) * 0.95 / width))
}

// heads are the names of the columns, above numbers to the right as they are.
func heads(t dashboard.TablePanel, rows [][]workbook.OutCell) []workbook.OutCell {
	out := make([]workbook.OutCell, len(t.Columns))
	for i, name := range t.Columns {
		out[i] = workbook.OutCell{Kind: workbook.Text, Text: name, Bold: true, Wrap: true, Fill: shade}
		if mostlyNumbers(rows, i) {
			out[i].Align = "right"
		} else if i > 0 {
			out[i].Indent = 1
		}
	}
	return out
}

const (
	narrowest, widest = 11.0, 48.0
	headRows          = 3 // lines a column's name may take
)

// widths are those of a table's columns, in characters.
func widths(t dashboard.TablePanel, rows [][]workbook.OutCell) []float64 {
	out := make([]float64, len(t.Columns))
	for i, name := range t.Columns {
		w := float64(utf8.RuneCountInString(name)) / headRows
		for word := range strings.FieldsSeq(name) {
			w = max(w, float64(utf8.RuneCountInString(word)))
		}
		for _, row := range t.Rows {
			if i < len(row) {
				w = max(w, float64(utf8.RuneCountInString(row[i])))
			}
		}
		out[i] = min(max(w+3, narrowest), widest)
	}
	return out
}
