package report

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"bellwether/internal/dashboard"
	"bellwether/internal/workbook"
)

// XLSX is a council report as an Excel workbook: a cover, a sheet for each
// section with its text, its tables in typed numbers and its charts, which
// Excel draws of the sheet's own cells, and a sheet of every figure with where
// it is from. The same report gives the same bytes.
func XLSX(r *dashboard.Report) ([]byte, error) {
	names := []string{"About this report"}
	for _, s := range r.Sections {
		names = append(names, s.Heading)
	}
	if r.Before != nil {
		names = append(names, "Since the last report")
	}
	names = workbook.SheetNames(append(names, everyFigure))
	sheets := []workbook.OutSheet{reportCover(r)}
	for _, s := range r.Sections {
		sheets = append(sheets, sectionSheet(r, s))
	}
	if r.Before != nil {
		sheets = append(sheets, beforeSheet(r))
	}
	sheets = append(sheets, figureSheet(r))
	for i := range sheets {
		sheets[i].Name = names[i]
	}
	var out bytes.Buffer
	if err := workbook.Write(&out, sheets); err != nil {
		return nil, fmt.Errorf("write %s as a workbook: %w", r.Title, err)
	}
	return out.Bytes(), nil
}

const everyFigure = "Every figure"

// titled is a sheet whose first cell is its title, which says so of a draft.
func titled(r *dashboard.Report, title string, widths []float64) *page {
	o := &page{OutSheet: workbook.OutSheet{ColWidths: widths, Landscape: true, FreezeRows: 1, HeadRow: 1}}
	if r.Number == 0 {
		title = "DRAFT: " + title
	}
	o.title(title)
	return o
}

func reportCover(r *dashboard.Report) workbook.OutSheet {
	o := titled(r, r.Title, []float64{26, 100})
	o.across = 2
	o.add()
	for _, f := range reportFacts(r) {
		o.fact(f[0], f[1])
	}
	o.fact("Marks", "A letter in place of a figure says why there is none; each sheet says what its letters mean. A mark is never a zero.")
	o.fact(everyFigure, fmt.Sprintf("The last sheet: all %d figures that the report rests on, with who published each, when, and in which cell of which file.", len(r.Figures)))
	return o.OutSheet
}

// sectionSheet has the section's one table first, below its title, so that the
// table's head stays in sight; with several, each stands below its own title
// and the sheet's title stays.
func sectionSheet(r *dashboard.Report, s dashboard.ReportSection) workbook.OutSheet {
	var sheets []sheet
	for _, p := range s.Panels {
		if t := written(p); t != nil {
			sheets = append(sheets, newSheet(p, *t))
		}
	}
	o := titled(r, s.Heading, sectionWidths(sheets))
	o.across = o.columnsOf(proseCols, 1)
	if len(sheets) == 1 {
		o.panel(sheets[0], true)
		o.words(r, s)
		return o.OutSheet
	}
	o.words(r, s)
	for _, sh := range sheets {
		o.panel(sh, false)
	}
	return o.OutSheet
}

// sectionWidths have room for each of a sheet's tables.
func sectionWidths(of []sheet) []float64 {
	var out []float64
	for _, s := range of {
		for i, w := range widths(s.table, s.cells) {
			if i == len(out) {
				out = append(out, w)
			}
			out[i] = max(out[i], w)
		}
	}
	return out
}

// panel adds a title, a table and its chart; the head of one that is frozen
// stays in sight.
func (o *page) panel(s sheet, frozen bool) {
	if !frozen {
		o.add()
		o.add(workbook.OutCell{Kind: workbook.Text, Text: s.title, Bold: true, Size: 13})
	} else {
		o.prose(s.title)
	}
	if s.subtitle != s.title {
		o.prose(s.subtitle)
	}
	for _, p := range s.prose {
		if !frozen {
			o.prose(p)
		}
	}
	head := s.rows(o)
	if frozen {
		o.FreezeRows, o.HeadRow = head, head
		for _, p := range s.prose {
			o.prose(p)
		}
	}
}

// words are a section's text, officers' with who wrote it.
func (o *page) words(r *dashboard.Report, s dashboard.ReportSection) {
	if len(o.Rows) > 1 {
		o.add()
	}
	for _, p := range append(s.Paragraphs[:len(s.Paragraphs):len(s.Paragraphs)], s.Empty) {
		o.prose(p)
	}
	if len(s.Notes) > 0 {
		o.section("Take care with these figures", s.Notes...)
	}
	for _, c := range printedComments(r, s) {
		o.section(c.Head)
		for line := range strings.Lines(cmp.Or(c.Text, unwritten)) {
			o.prose(strings.TrimSpace(line))
		}
		if c.Text != "" {
			o.prose(strings.Trim(c.By+", "+c.At, ", "))
		}
	}
}

func beforeSheet(r *dashboard.Report) workbook.OutSheet {
	l := &layout{r: r}
	l.before()
	o := titled(r, "Since the last report", []float64{110})
	o.across = 1
	for _, b := range l.blocks {
		switch b := b.(type) {
		case Heading:
			o.prose(b.Text)
		case Paragraph:
			if b.Number == Numbered {
				o.add()
			}
			o.prose(b.Runs[0].Text)
		}
	}
	return o.OutSheet
}

// figureSheet is what CSV has, in typed numbers.
func figureSheet(r *dashboard.Report) workbook.OutSheet {
	heads := []string{"Measure", "Area", "Period", "Written out", "Breakdown", "Part", "Number", "As shown", "Worked out", "Publisher", "Released", "File", "Cell"}
	o := titled(r, "Every figure in this report", []float64{26, 12, 14, 28, 26, 12, 14, 14, 11, 14, 12, 48, 14})
	var row []workbook.OutCell
	for _, h := range heads {
		row = append(row, workbook.OutCell{Kind: workbook.Text, Text: h, Bold: true, Wrap: true, Fill: shade})
	}
	row[6].Align = "right"
	o.add(row...)
	o.FreezeRows, o.HeadRow = 2, 2
	for _, f := range r.Figures {
		number := workbook.OutCell{}
		if drawable(f.Number) {
			number = workbook.OutCell{Kind: workbook.Number, Number: *f.Number}
		}
		o.add(text(f.Measure), text(f.Area), text(f.Period), text(f.Label), text(f.Breakdown), text(string(f.Part)), number,
			workbook.OutCell{Kind: workbook.Text, Text: f.Text, Align: "right"}, text(yes(f.Derived)), text(f.Publisher), text(f.Released), text(f.File), text(f.At))
		for i, c := range o.Rows[len(o.Rows)-1] {
			if c.Kind == workbook.Text && c.Text == "" {
				o.Rows[len(o.Rows)-1][i] = workbook.OutCell{}
			}
		}
	}
	return o.OutSheet
}
