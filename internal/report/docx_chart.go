package report

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// docxChart is a chart part and the workbook that Word opens to edit it.
type docxChart struct{ xml, book []byte }

// English Metric Units.
const (
	emuTwip = 635
	emuCM   = 360_000
)

// Heights of charts.
const (
	linesHeight = 8.0 * emuCM
	barsHeight  = 1.6 * emuCM // of what is not bars
	eachBar     = 0.57 * emuCM
	mostHeight  = 21 * emuCM
)

func (c Chart) write(b *docxBody) error {
	if err := c.check(); err != nil {
		return fmt.Errorf("chart %q: %w", oneLine(c.Caption), err)
	}
	book, err := c.book()
	if err != nil {
		return fmt.Errorf("chart %q: %w", oneLine(c.Caption), err)
	}
	b.charts = append(b.charts, docxChart{xml: []byte(c.xml(b.section.text())), book: book})
	n := len(b.charts)
	b.caption("Figure", n, c.Caption)
	props := ""
	if c.Source != "" {
		props = "<w:keepNext/>"
	}
	b.par("figure", props, fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="%d" name="Chart %d" descr="%s"/><wp:cNvGraphicFramePr/><a:graphic xmlns:a="%s"><a:graphicData uri="%s"><c:chart xmlns:c="%s" r:id="%s"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		b.section.text()*emuTwip, c.height(), firstDrawing+n, n, esc(c.Alt), nsDrawing, nsChart, nsChart, b.rels.add("chart", chartPart(n))))
	b.small(c.Source)
	if c.Source == "" {
		b.par("after", "", "")
	}
	return nil
}

// firstDrawing is above the numbers that a template's headers give theirs.
const firstDrawing = 5000

func chartPart(n int) string { return fmt.Sprintf("word/charts/chart%d.xml", n) }
func chartBook(n int) string { return fmt.Sprintf("word/embeddings/chart%d.xlsx", n) }

func (c Chart) check() error {
	switch {
	case strings.TrimSpace(c.Alt) == "":
		return fmt.Errorf("it has no text for those who do not see it")
	case len(c.Series) == 0 || len(c.Names) == 0:
		return fmt.Errorf("it has no figures")
	case c.Kind == workbook.Lines && len(c.Ends) != len(c.Names):
		return fmt.Errorf("it has %d dates for %d points", len(c.Ends), len(c.Names))
	}
	for _, s := range c.Series {
		if len(s.Numbers) != len(c.Names) {
			return fmt.Errorf("%s has %d figures for %d names", s.Name, len(s.Numbers), len(c.Names))
		}
	}
	for _, d := range c.Ends {
		if d.Year < 1901 || d.Year > 9999 {
			return fmt.Errorf("%s is not a date that Word can draw", d)
		}
	}
	return nil
}

func (c Chart) height() int {
	bars := len(c.Names)
	switch c.Kind {
	case workbook.Lines:
		return linesHeight
	case workbook.PairedBars:
		bars *= len(c.Series)
	}
	return int(min(barsHeight+eachBar*float64(bars), mostHeight))
}

// sheetOfChart is the one sheet of a chart's workbook.
const sheetOfChart = "Figures"

// first is the column of the first series, after the names and the dates.
func (c Chart) first() int {
	if c.Kind == workbook.Lines {
		return 2
	}
	return 1
}

// book is the chart's figures as a workbook: names, dates, a column a series.
func (c Chart) book() ([]byte, error) {
	heads := []workbook.OutCell{bold("Name")}
	widths := []float64{32}
	if c.Kind == workbook.Lines {
		heads, widths = append(heads, bold("Date")), append(widths, 12)
	}
	for _, s := range c.Series {
		heads, widths = append(heads, bold(clip(s.Name))), append(widths, 16)
	}
	rows := [][]workbook.OutCell{heads}
	for i, name := range c.Names {
		row := []workbook.OutCell{text(clip(name))}
		if c.Kind == workbook.Lines {
			row = append(row, workbook.OutCell{Kind: workbook.Date, Time: c.Ends[i].Time()})
		}
		for _, s := range c.Series {
			cell := workbook.OutCell{}
			if n := s.Numbers[i]; drawable(n) {
				cell = workbook.OutCell{Kind: workbook.Number, Number: *n}
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	var out bytes.Buffer
	err := workbook.Write(&out, []workbook.OutSheet{{Name: sheetOfChart, Rows: rows, ColWidths: widths, FreezeRows: 1}})
	return out.Bytes(), err
}

func drawable(n *float64) bool { return n != nil && !math.IsNaN(*n) && !math.IsInf(*n, 0) }

// clip keeps a name to what a cell and a legend can hold.
func clip(s string) string {
	if r := []rune(oneLine(s)); len(r) > 255 {
		return string(r[:254]) + "…"
	}
	return oneLine(s)
}

// cells names those of a column of the chart's workbook, headings in row 1.
func (c Chart) cells(col, first, last int) string {
	name := strings.TrimSuffix(workbook.Address("", col, 1), "1")
	if first == last {
		return fmt.Sprintf("%s!$%s$%d", sheetOfChart, name, first)
	}
	return fmt.Sprintf("%s!$%s$%d:$%s$%d", sheetOfChart, name, first, name, last)
}

// aDate is how wide a date is below an axis, in twentieths of a point.
const aDate = 900

// months are between two dates named, as many as asked for or as there is
// room for on a page so wide.
func (c Chart) months(across int) int {
	asked := max(cmp.Or(c.Months, 12), 1)
	first, last := slices.MinFunc(c.Ends, stat.Date.Compare), slices.MaxFunc(c.Ends, stat.Date.Compare)
	span := (last.Year-first.Year)*12 + int(last.Month) - int(first.Month)
	for _, m := range []int{1, 3, 6, 12, 24, 36, 60} {
		if m >= asked && (span/m+1)*aDate <= across {
			return m
		}
	}
	return max(asked, 120)
}

// xml is the chart part, for a page so wide. Its elements stand in the schema's order (ECMA-376
// part 1, 21.2.2): Word calls a file with any other damaged.
func (c Chart) xml(across int) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<c:chartSpace xmlns:c="` + nsChart + `" xmlns:a="` + nsDrawing + `" xmlns:r="` + nsRel + `"><c:date1904 val="0"/><c:lang val="en-GB"/><c:roundedCorners val="0"/><c:chart>`)
	if c.Unit != "" {
		b.WriteString(`<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr algn="l">` + face("defRPr", false) + `</a:pPr><a:r>` + face("rPr", false) + `<a:t>` + esc(oneLine(c.Unit)) + `</a:t></a:r></a:p></c:rich></c:tx><c:layout><c:manualLayout><c:xMode val="edge"/><c:yMode val="edge"/><c:x val="0.012"/><c:y val="0.012"/></c:manualLayout></c:layout><c:overlay val="0"/></c:title>`)
	}
	fmt.Fprintf(&b, `<c:autoTitleDeleted val="%d"/><c:plotArea><c:layout/>`, truth(c.Unit == ""))
	if c.Kind == workbook.Lines {
		c.lines(&b, across)
	} else {
		c.bars(&b)
	}
	b.WriteString(`<c:spPr><a:noFill/></c:spPr></c:plotArea>`)
	if len(c.Series) > 1 && c.Kind != workbook.Bars {
		b.WriteString(`<c:legend><c:legendPos val="b"/><c:overlay val="0"/>` + textLook() + `</c:legend>`)
	}
	b.WriteString(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>` + textLook() + `<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>`)
	return b.String()
}

func truth(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// chartInk is the colour of a chart's text.
const chartInk = "0B0C0C"

// face is a chart's typeface as an element of the given name, the document's
// own where a theme has one.
func face(element string, strong bool) string {
	return fmt.Sprintf(`<a:%s lang="en-GB" sz="1000" b="%d"><a:solidFill><a:srgbClr val="%s"/></a:solidFill></a:%s>`, element, truth(strong), chartInk, element)
}

func textLook() string {
	return `<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>` + face("defRPr", false) + `</a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>`
}

// barNames is the size of the names of bars, in hundredths of a point: of a
// larger one LibreOffice leaves some out.
const barNames = 900

func sized(look string, size int) string {
	return strings.ReplaceAll(look, `sz="1000"`, fmt.Sprintf(`sz="%d"`, size))
}

func (c Chart) lines(b *strings.Builder, across int) {
	b.WriteString(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	for i, s := range c.Series {
		c.open(b, i, s)
		b.WriteString(lineLook(s.Look) + markerLook(s.Look))
		c.figures(b, i, s)
		b.WriteString(`<c:smooth val="0"/></c:ser>`)
	}
	b.WriteString(`<c:marker val="1"/><c:axId val="101"/><c:axId val="102"/></c:lineChart>` +
		`<c:dateAx><c:axId val="101"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="mmm yyyy" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>` + ruleLook("6F7F8D") + textLook() +
		fmt.Sprintf(`<c:crossAx val="102"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblOffset val="100"/><c:baseTimeUnit val="days"/><c:majorUnit val="%d"/><c:majorTimeUnit val="months"/></c:dateAx>`, c.months(across)))
	c.values(b, false)
}

func (c Chart) bars(b *strings.Builder) {
	b.WriteString(`<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>`)
	for i, s := range c.Series {
		c.open(b, i, s)
		b.WriteString(`<c:spPr>` + fill(s.Look.Color) + `</c:spPr><c:invertIfNegative val="0"/><c:dLbls><c:numFmt formatCode="` + esc(c.format()) + `" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>` + textLook() + `<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`)
		c.figures(b, i, s)
		b.WriteString(`</c:ser>`)
	}
	overlap := `<c:overlap val="100"/>` // of a name's series only one has a bar
	if c.Kind == workbook.PairedBars {
		overlap = ""
	}
	b.WriteString(`<c:gapWidth val="45"/>` + overlap + `<c:axId val="101"/><c:axId val="102"/></c:barChart>` +
		`<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>` + ruleLook("6F7F8D") + sized(textLook(), barNames) +
		`<c:crossAx val="102"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>`)
	c.values(b, true)
}

// open begins a series with its name.
func (c Chart) open(b *strings.Builder, i int, s Series) {
	fmt.Fprintf(b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:strRef><c:f>%s</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>%s</c:v></c:pt></c:strCache></c:strRef></c:tx>`,
		i, i, c.cells(c.first()+i, 1, 1), esc(clip(s.Name)))
}

// figures are a series' names or dates, and its numbers.
func (c Chart) figures(b *strings.Builder, i int, s Series) {
	last := len(c.Names) + 1
	if c.Kind == workbook.Lines {
		fmt.Fprintf(b, `<c:cat><c:numRef><c:f>%s</c:f><c:numCache><c:formatCode>dd/mm/yyyy</c:formatCode><c:ptCount val="%d"/>`, c.cells(1, 2, last), len(c.Names))
		for k, d := range c.Ends {
			fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%d</c:v></c:pt>`, k, serial(d.Time()))
		}
		b.WriteString(`</c:numCache></c:numRef></c:cat>`)
	} else {
		fmt.Fprintf(b, `<c:cat><c:strRef><c:f>%s</c:f><c:strCache><c:ptCount val="%d"/>`, c.cells(0, 2, last), len(c.Names))
		for k, name := range c.Names {
			fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, k, esc(clip(name)))
		}
		b.WriteString(`</c:strCache></c:strRef></c:cat>`)
	}
	fmt.Fprintf(b, `<c:val><c:numRef><c:f>%s</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="%d"/>`, c.cells(c.first()+i, 2, last), len(c.Names))
	for k, n := range s.Numbers {
		if drawable(n) {
			fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, k, strconv.FormatFloat(*n, 'f', -1, 64))
		}
	}
	b.WriteString(`</c:numCache></c:numRef></c:val>`)
}

// serial is a day as Excel counts them, from 30 December 1899.
func serial(day time.Time) int {
	return int(day.Sub(time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

// values is the value axis. Bars have their values at their ends, and none.
func (c Chart) values(b *strings.Builder, bars bool) {
	scale, pos := "", "l"
	if c.Max != nil {
		scale += `<c:max val="` + strconv.FormatFloat(*c.Max, 'f', -1, 64) + `"/>`
	}
	if from := c.from(); from != nil {
		scale += `<c:min val="` + strconv.FormatFloat(*from, 'f', -1, 64) + `"/>`
	}
	if bars {
		pos = "b"
	}
	fmt.Fprintf(b, `<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/>%s</c:scaling><c:delete val="%d"/><c:axPos val="%s"/>`, scale, truth(bars), pos)
	if !bars {
		b.WriteString(`<c:majorGridlines>` + ruleLook("D5DCE2") + `</c:majorGridlines>`)
	}
	fmt.Fprintf(b, `<c:numFmt formatCode="%s" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>%s<c:crossAx val="101"/><c:crosses val="autoZero"/><c:crossBetween val="%s"/>`,
		esc(c.format()), textLook(), map[bool]string{true: "between", false: "midCat"}[bars])
	if c.Step > 0 {
		fmt.Fprintf(b, `<c:majorUnit val="%s"/>`, strconv.FormatFloat(c.Step, 'f', -1, 64))
	}
	b.WriteString(`</c:valAx>`)
}

// from is where the value axis begins: at zero where nothing else was said and
// no figure is below it. Bars always begin at zero.
func (c Chart) from() *float64 {
	zero := 0.0
	if c.Min != nil && c.Kind == workbook.Lines {
		return c.Min
	}
	for _, s := range c.Series {
		for _, n := range s.Numbers {
			if drawable(n) && *n < 0 {
				return nil
			}
		}
	}
	return &zero
}

// format has as many decimals as tell figures apart: on an axis by how far
// they reach, at the ends of bars one where a figure has any.
func (c Chart) format() string {
	if c.Format != "" {
		return c.Format
	}
	most, fractions := 0.0, false
	for _, s := range c.Series {
		for _, n := range s.Numbers {
			if drawable(n) {
				most, fractions = max(most, math.Abs(*n)), fractions || *n != math.Trunc(*n)
			}
		}
	}
	if fractions && (c.Kind != workbook.Lines || most < 10) {
		return "#,##0.0"
	}
	return "#,##0"
}
