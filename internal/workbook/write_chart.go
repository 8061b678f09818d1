package workbook

import (
	"bytes"
	"cmp"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// ChartKind is how a chart draws its series.
type ChartKind uint8

const (
	Lines      ChartKind = iota // over dates, which keep their distances
	Bars                        // lying, one to a name, the first on top
	PairedBars                  // lying, all series side by side at each name
)

// Chart is a native chart of the cells of its own sheet. All its series lie in
// the same rows, and an empty cell breaks a line.
type Chart struct {
	Kind          ChartKind
	Title         string
	AltText       string
	Col, Row      int // of its upper left corner: column from 0, row from 1
	Width, Height int // pixels
	Head          int // row of the series' names
	First, Last   int // rows of their figures
	Across        int // column of the dates of Lines, of the names of bars
	Months        int // of Lines: between two dates on the axis
	Series        []ChartSeries
	Unit          string   // stands below the title
	Format        string   // number format of the value axis
	Min, Max      *float64 // ends of the value axis; nil lets the reader's program choose
	Step          float64  // of the value axis; 0 lets it choose
}

// ChartSeries is one column of figures. What a line has none of is nought.
type ChartSeries struct {
	Col    int
	Color  string  // "#12436D"
	Width  float64 // of the line, in points
	Dash   Dash
	Symbol string // of each point: "circle", "triangle", "square", "diamond", "x"
	Size   int    // of the symbol, in points, from 2
	Open   bool   // the symbol is outlined, not filled
}

// Dash is how a line is broken.
type Dash uint8

const (
	Solid Dash = iota
	Dashed
	Dotted
	DashDotted
)

var dashes = map[Dash]excelize.LineDashType{
	Solid: excelize.LineDashSolid, Dashed: excelize.LineDashDash, Dotted: excelize.LineDashSysDot, DashDotted: excelize.LineDashSashDot,
}

var kinds = map[ChartKind]excelize.ChartType{Lines: excelize.Line, Bars: excelize.Bar, PairedBars: excelize.Bar}

const (
	chartInk  = "0B0C0C"
	chartRule = "D5DCE2"
	chartText = 10 // points
)

func (w *writer) chart(s OutSheet, c Chart) error {
	if err := c.check(s); err != nil {
		return err
	}
	if err := w.file.AddChart(s.Name, Address("", c.Col, c.Row), c.excel(s.Name)); err != nil {
		return err
	}
	w.charts++
	if c.Kind == Lines {
		return w.dateAxis(c)
	}
	return nil
}

// check refuses a series with a text in it, which Excel would draw as a zero.
func (c Chart) check(s OutSheet) error {
	if len(c.Series) == 0 || c.First < 1 || c.Last < c.First || c.Last > len(s.Rows) || c.Head < 1 || c.Head > len(s.Rows) {
		return fmt.Errorf("it has no figures in rows %d to %d of %d", c.First, c.Last, len(s.Rows))
	}
	for _, one := range c.Series {
		for r := c.First; r <= c.Last; r++ {
			row := s.Rows[r-1]
			if one.Col < len(row) && row[one.Col].Kind != Number && row[one.Col].Kind != Empty {
				return fmt.Errorf("%s would be drawn as a zero", Address("", one.Col, r))
			}
		}
	}
	return nil
}

// excel is the chart as the library has it. Nothing is left to a theme, whose
// axis text is a pale grey.
func (c Chart) excel(sheet string) *excelize.Chart {
	face := excelize.Font{Family: font, Size: chartText, Color: chartInk}
	no, gap, overlap := false, uint(45), 100
	out := &excelize.Chart{
		Type:         kinds[c.Kind],
		VaryColors:   &no,
		Dimension:    excelize.ChartDimension{Width: uint(c.Width), Height: uint(c.Height)},
		Format:       excelize.GraphicOptions{Name: c.Title, AltText: c.AltText, Positioning: "oneCell"},
		Title:        c.title(),
		Legend:       excelize.ChartLegend{Position: "bottom", Font: &face},
		Border:       excelize.LineOptions{Type: excelize.LineNone},
		ShowBlanksAs: "gap",
		XAxis:        excelize.ChartAxis{Font: face, TickLabelPosition: excelize.ChartTickLabelLow},
		YAxis:        excelize.ChartAxis{Font: face, Minimum: c.Min, Maximum: c.Max, MajorUnit: c.Step, NumFmt: excelize.ChartNumFmt{CustomNumFmt: c.Format}},
	}
	if len(c.Series) == 1 {
		out.Legend.Position = "none"
	}
	if c.Kind == Lines {
		out.XAxis.NumFmt.CustomNumFmt = "mmm yyyy"
		out.YAxis.MajorGridLines = true
	} else {
		out.XAxis.ReverseOrder, out.YAxis.None, out.GapWidth = true, true, &gap
		out.PlotArea.ShowVal, out.PlotArea.NumFmt.SourceLinked = true, true
		if c.Kind == Bars {
			out.Overlap = &overlap
		}
	}
	for _, one := range c.Series {
		out.Series = append(out.Series, c.series(sheet, one, face))
	}
	return out
}

// title has the unit on a line of its own, where it need not be read sideways.
func (c Chart) title() excelize.ChartTitle {
	title := []excelize.RichTextRun{{Text: c.Title, Font: &excelize.Font{Family: font, Size: 13, Bold: true, Color: chartInk}}}
	if c.Unit != "" {
		title = append(title, excelize.RichTextRun{Text: c.Unit, Font: &excelize.Font{Family: font, Size: chartText, Color: chartInk}})
	}
	return excelize.ChartTitle{Paragraph: title}
}

func (c Chart) series(sheet string, s ChartSeries, face excelize.Font) excelize.ChartSeries {
	fill := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.Color}}
	out := excelize.ChartSeries{
		Name:       absolute(sheet, s.Col, c.Head, c.Head),
		Categories: absolute(sheet, c.Across, c.First, c.Last),
		Values:     absolute(sheet, s.Col, c.First, c.Last),
		Fill:       fill,
	}
	if c.Kind != Lines {
		out.DataLabel.Font = face
		return out
	}
	out.Line = excelize.LineOptions{Type: excelize.LineSolid, Dash: dashes[s.Dash], Width: s.Width}
	if s.Width == 0 {
		out.Line.Type = excelize.LineNone
	}
	out.Marker = excelize.ChartMarker{Symbol: cmp.Or(s.Symbol, "none"), Size: s.Size, Fill: fill, Border: excelize.LineOptions{Type: excelize.LineSolid, Width: 1.5, Fill: fill}}
	if s.Open {
		out.Marker.Fill.Color = []string{"#FFFFFF"}
	}
	return out
}

// absolute names cells of one column as a chart refers to them.
func absolute(sheet string, col, first, last int) string {
	at := fmt.Sprintf("%s!$%s$%d", quoteSheet(sheet), columnName(col), first)
	if last != first {
		at += fmt.Sprintf(":$%s$%d", columnName(col), last)
	}
	return at
}

// dateAxis makes the axis of names that the library gives the chart just added
// an axis of dates, so that a month is not drawn as long as a year: it has
// none for lines. What differs is the element's name, its last children
// (ECMA-376 part 1, 21.2.2.39) and that the dates are read as numbers.
func (w *writer) dateAxis(c Chart) error {
	part := fmt.Sprintf("xl/charts/chart%d.xml", w.charts)
	held, _ := w.file.Pkg.Load(part)
	xml, _ := held.([]byte)
	months := fmt.Sprintf(`<baseTimeUnit val="days"></baseTimeUnit><majorUnit val="%d"></majorUnit><majorTimeUnit val="months"></majorTimeUnit></dateAx>`, max(c.Months, 1))
	for _, r := range [][2]string{
		{"<catAx>", "<dateAx>"},
		{`<lblAlgn val="ctr"></lblAlgn>`, ""},
		{`<noMultiLvlLbl val="0"></noMultiLvlLbl></catAx>`, months},
		{"<cat><strRef>", "<cat><numRef>"},
		{"</strRef></cat>", "</numRef></cat>"},
	} {
		if !bytes.Contains(xml, []byte(r[0])) {
			return fmt.Errorf("%s has no %s to make an axis of dates of", part, r[0])
		}
		xml = bytes.ReplaceAll(xml, []byte(r[0]), []byte(r[1]))
	}
	w.file.Pkg.Store(part, xml)
	return nil
}

// forgetPictures takes out the kinds of pictures that the library names beside
// charts, in an order that changes from one writing to the next. There are no
// pictures.
func (w *writer) forgetPictures() {
	types := w.file.ContentTypes
	if types == nil {
		return
	}
	kept := types.Defaults[:0]
	for _, d := range types.Defaults {
		if d.Extension == "rels" || d.Extension == "xml" {
			kept = append(kept, d)
		}
	}
	types.Defaults = kept
}
