package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"strings"

	"bellwether/internal/dashboard"
)

// Draw draws a panel as an SVG; nothing where there is nothing to draw.
type Draw func(p dashboard.Panel) ([]byte, error)

//go:embed report.css
var pageStyle string

//go:embed report.html
var pageMarkup string

var pageTemplates = template.Must(template.New("report").Parse(pageMarkup))

// Style is the style sheet of Body, all of it below the class bw-report but
// for how pages print.
func Style() string { return pageStyle }

// HTML is a council report as a page that needs nothing beside it and prints
// on A4: charts as pictures in it, no script. A report without a number says
// DRAFT on every page. Its own policy lets it load nothing.
func HTML(r *dashboard.Report, charts Draw) ([]byte, error) {
	body, err := bodyOf(r, r.Title, blocksOf(r), charts, 1)
	if err != nil {
		return nil, err
	}
	return standing(r, r.Title, body), nil
}

// Body is the same report as an article for a page that has Style among its
// style sheets. Its title is an h2.
func Body(r *dashboard.Report, charts Draw) ([]byte, error) {
	return bodyOf(r, r.Title, blocksOf(r), charts, 2)
}

// BriefingHTML is the questions to expect as a page like HTML's.
func BriefingHTML(r *dashboard.Report) ([]byte, error) {
	body, err := bodyOf(r, briefingTitle, briefingBlocks(r), nil, 1)
	if err != nil {
		return nil, err
	}
	return standing(r, briefingTitle, body), nil
}

// BriefingBody is the questions to expect as an article like Body's.
func BriefingBody(r *dashboard.Report) ([]byte, error) {
	return bodyOf(r, briefingTitle, briefingBlocks(r), nil, 2)
}

// standing is a page around an article.
func standing(r *dashboard.Report, title string, body []byte) []byte {
	css := pageStyle + marginCSS(r)
	sum := sha256.Sum256([]byte(css))
	var b bytes.Buffer
	fmt.Fprintf(&b, `<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s: %s, %s</title>
<meta name="author" content="%s">
<style>%s</style>
</head>
<body class="bw-report-page">
`, policyOf(sum[:]), html.EscapeString(title), html.EscapeString(r.Area.Name), longDay(r.Dated), html.EscapeString(r.By), css)
	b.Write(body)
	b.WriteString("</body>\n</html>\n")
	return b.Bytes()
}

func policyOf(sum []byte) string {
	return "default-src 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum) + "'; base-uri 'none'; form-action 'none'"
}

// marginCSS puts what the report is into the margins of its printed pages.
func marginCSS(r *dashboard.Report) string {
	return fmt.Sprintf("@page{@bottom-left{content:%s}}\n", cssText(footer(r)))
}

// cssText is a text as a string of a style sheet, safe in a style element.
func cssText(s string) string {
	var b strings.Builder
	for _, c := range oneLine(s) {
		if strings.ContainsRune(`"\<>&`, c) || c < ' ' {
			fmt.Fprintf(&b, `\%06x`, c)
			continue
		}
		b.WriteRune(c)
	}
	return `"` + b.String() + `"`
}

// pageBody writes the blocks of a document as HTML.
type pageBody struct {
	bytes.Buffer
	draw    Draw
	level   int // of the title
	numbers [2]int
	tables  int
	figures int
	wide    bool
}

func bodyOf(r *dashboard.Report, title string, blocks []Block, draw Draw, level int) ([]byte, error) {
	b := &pageBody{draw: draw, level: level}
	b.put("open", map[string]any{"Title": title, "Level": level, "Draft": r.Number == 0})
	for i, block := range blocks {
		if err := b.block(block); err != nil {
			return nil, fmt.Errorf("write %s as a page: block %d: %w", title, i+1, err)
		}
	}
	b.turn(false)
	b.WriteString("</article>\n")
	return b.Bytes(), nil
}

// put executes a template; a bytes.Buffer takes everything, and the templates
// are the package's own.
func (b *pageBody) put(name string, data any) {
	if err := pageTemplates.ExecuteTemplate(b, name, data); err != nil {
		panic(err)
	}
}

func (b *pageBody) block(block Block) error {
	switch t := block.(type) {
	case Heading:
		b.put("heading", map[string]any{"Level": b.level + t.Level, "Text": t.Text})
	case Paragraph:
		b.paragraph(t)
	case List:
		b.put("list", t)
	case Facts:
		b.put("facts", t)
	case Definitions:
		b.put("definitions", t)
	case Notes:
		b.put("notes", t)
	case Commentary:
		return b.commentary(t)
	case Table:
		b.tables++
		b.put("table", pageTable{b.tables, t})
	case Figure:
		return b.figure(t)
	case PageBreak:
		if t.Landscape == b.wide {
			b.WriteString(`<div class="bw-report__break"></div>` + "\n")
		}
		b.turn(t.Landscape)
	default:
		return fmt.Errorf("a page has no %T", block)
	}
	return nil
}

func (b *pageBody) turn(wide bool) {
	switch {
	case wide && !b.wide:
		b.WriteString(`<div class="bw-report__wide">` + "\n")
	case !wide && b.wide:
		b.WriteString("</div>\n")
	}
	b.wide = wide
}

// paragraph writes its number as text, so that it goes where the text is
// copied to, as in Word.
func (b *pageBody) paragraph(p Paragraph) {
	if p.Restart {
		b.numbers = [2]int{}
	}
	number := ""
	switch p.Number {
	case Numbered:
		b.numbers = [2]int{b.numbers[0] + 1}
		number = fmt.Sprintf("%d.", b.numbers[0])
	case Lettered:
		b.numbers[1]++
		number = "(" + letter(b.numbers[1]) + ")"
	}
	b.put("paragraph", map[string]any{"Number": number, "Lettered": p.Number == Lettered, "Runs": pageRuns(p.Runs)})
}

// letter counts as Word does: a to z, then aa, bb.
func letter(n int) string {
	return strings.Repeat(string(rune('a'+(n-1)%26)), (n-1)/26+1)
}

func (b *pageBody) commentary(c Commentary) error {
	for _, block := range plain(c.Text, c.Number) {
		if err := b.block(block); err != nil {
			return err
		}
	}
	by := oneLine(c.Author)
	if !c.On.IsZero() {
		by = strings.TrimPrefix(by+", "+c.On.Long(), ", ")
	}
	b.put("byline", by)
	return nil
}

// figure is a chart as a picture; where none is drawn, its words alone.
func (b *pageBody) figure(f Figure) error {
	b.figures++
	var svg []byte
	if b.draw != nil {
		var err error
		if svg, err = b.draw(f.Panel); err != nil {
			return fmt.Errorf("chart %q: %w", f.Caption, err)
		}
	}
	src := ""
	if len(svg) > 0 {
		src = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)
	}
	b.put("figure", map[string]any{"N": b.figures, "Caption": f.Caption, "Alt": f.Alt, "Src": template.URL(src), "Source": f.Source})
	return nil
}

// pageTable is a table with its number.
type pageTable struct {
	N int
	Table
}

// Cells pairs each cell of a row with its column; a row may be shorter.
func (t pageTable) Cells(row Row) []pageCell {
	out := make([]pageCell, len(t.Columns))
	for i, c := range t.Columns {
		out[i].Number = c.Number
		if i < len(row.Cells) {
			out[i].Text, out[i].Class = pageText(row.Cells[i].Text), fillClasses[row.Cells[i].Fill]
		}
	}
	return out
}

// Whole reports a row that is a heading of those below it.
func (t pageTable) Whole(row Row) bool {
	return row.Strong && len(row.Cells) == 1 && len(t.Columns) > 1
}

type pageCell struct {
	Text   template.HTML
	Class  string
	Number bool
}

var fillClasses = map[string]string{greenFill: "green", amberFill: "amber", redFill: "red"}

// pageText is plain text with its line ends.
func pageText(s string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(strings.ReplaceAll(s, "\r\n", "\n")), "\n", "<br>"))
}

func pageRuns(runs []Run) template.HTML {
	var b strings.Builder
	for _, r := range runs {
		s := string(pageText(r.Text))
		if r.Bold {
			s = "<strong>" + s + "</strong>"
		}
		if r.Italic {
			s = "<em>" + s + "</em>"
		}
		if to := linkTarget(r.Link); to != "" {
			s = `<a href="` + template.HTMLEscapeString(to) + `">` + s + "</a>"
		}
		b.WriteString(s)
	}
	return template.HTML(b.String())
}

// Runs are the items of a list as they are written.
func (l List) Runs() []template.HTML {
	var out []template.HTML
	for _, item := range l.Items {
		out = append(out, pageRuns(item))
	}
	return out
}
