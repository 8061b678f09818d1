package report

import (
	"fmt"
	"strings"
)

// docxBody is the document part as far as it is written, with all that its
// blocks need of other parts.
type docxBody struct {
	strings.Builder
	house     *house
	rels      *docxRels
	section   section // of the pages being written
	numbers   []int   // of numbered paragraphs: an instance for each restart
	level     int     // of the last heading
	tables    int
	charts    []docxChart
	sectioned bool // nothing stands on the section's first page yet
	turned    bool // some pages are landscape
	broken    bool // the next paragraph begins a page
}

func newBody(h *house) *docxBody {
	b := &docxBody{house: h, rels: newRels(), section: h.section}
	for _, kept := range h.related {
		b.rels.add(kept.kind, kept.target)
	}
	b.numbers = []int{h.numbers}
	return b
}

// par writes a paragraph in the style of a role; props are its other
// properties in the schema's order.
func (b *docxBody) par(role, props, content string) {
	if b.broken {
		keep := ""
		if rest, ok := strings.CutPrefix(props, "<w:keepNext/>"); ok {
			keep, props = "<w:keepNext/>", rest
		}
		props, b.broken = keep+"<w:pageBreakBefore/>"+props, false
	}
	if id := b.house.styles[role]; id != "" {
		props = `<w:pStyle w:val="` + esc(id) + `"/>` + props
	}
	if props != "" {
		props = "<w:pPr>" + props + "</w:pPr>"
	}
	b.WriteString("<w:p>" + props + content + "</w:p>")
	b.sectioned = false
}

func numbered(num, level int) string {
	return fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, level, num)
}

func (h Heading) write(b *docxBody) error {
	if h.Level < 1 || h.Level > 3 || h.Level > b.level+1 {
		return fmt.Errorf("heading %q of level %d below one of level %d", h.Text, h.Level, b.level)
	}
	if strings.TrimSpace(h.Text) == "" {
		return fmt.Errorf("a heading without text")
	}
	b.level = h.Level
	b.par(fmt.Sprintf("heading %d", h.Level), "", b.runs(Text(oneLine(h.Text))))
	return nil
}

func (p Paragraph) write(b *docxBody) error {
	if p.Restart {
		b.numbers = append(b.numbers, b.house.next+len(b.numbers)-1)
	}
	num := b.numbers[len(b.numbers)-1]
	switch p.Number {
	case Numbered:
		b.par("number", numbered(num, 0), b.runs(p.Runs))
	case Lettered:
		b.par("number", numbered(num, 1), b.runs(p.Runs))
	default:
		b.par("", "", b.runs(p.Runs))
	}
	return nil
}

func (l List) write(b *docxBody) error {
	for _, item := range l.Items {
		b.par("bullet", numbered(b.house.bullets, 0), b.runs(item))
	}
	return nil
}

func (f Facts) write(b *docxBody) error {
	for _, item := range f.Items {
		b.par("fact", "", b.runs([]Run{{Text: oneLine(item[0]), Bold: true}, {Text: "\t" + item[1]}}))
	}
	return nil
}

func (d Definitions) write(b *docxBody) error {
	for _, item := range d.Items {
		b.par("definition", "", b.runs([]Run{{Text: oneLine(item[0]), Bold: true}, {Text: "  " + item[1]}}))
	}
	return nil
}

func (n Notes) write(b *docxBody) error {
	if n.Head != "" {
		b.par("note", "<w:keepNext/>", b.runs([]Run{{Text: n.Head, Bold: true}}))
	}
	for _, item := range n.Items {
		b.par("note", "", b.runs(Text(item)))
	}
	return nil
}

func (c Commentary) write(b *docxBody) error {
	blocks := plain(c.Text, c.Number)
	if len(blocks) == 0 {
		return nil
	}
	for _, block := range blocks {
		if err := block.write(b); err != nil {
			return err
		}
	}
	by := oneLine(c.Author)
	if !c.On.IsZero() {
		by = strings.TrimPrefix(by+", "+c.On.Long(), ", ")
	}
	if by != "" {
		b.par("byline", "", b.runs([]Run{{Text: by, Italic: true}}))
	}
	return nil
}

// plain reads paragraphs and lists from plain text.
func plain(text string, number Numbering) []Block {
	var out []Block
	fresh := true // the line before was blank
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		item, bullet := bulleted(line)
		last := len(out) - 1
		switch {
		case line == "":
			fresh = true
			continue
		case bullet:
			if list, ok := lastList(out); ok {
				out[last] = List{append(list.Items, Text(item))}
			} else {
				out = append(out, List{[][]Run{Text(item)}})
			}
		case !fresh:
			out[last] = joined(out[last], line)
		default:
			out = append(out, Paragraph{Runs: Text(line), Number: number})
		}
		fresh = false
	}
	return out
}

func bulleted(line string) (string, bool) {
	for _, mark := range []string{"- ", "* ", "\u2022 "} {
		if item, ok := strings.CutPrefix(line, mark); ok {
			return strings.TrimSpace(item), true
		}
	}
	return "", false
}

func lastList(blocks []Block) (List, bool) {
	if len(blocks) == 0 {
		return List{}, false
	}
	list, ok := blocks[len(blocks)-1].(List)
	return list, ok
}

// joined is a block whose last line goes on.
func joined(block Block, line string) Block {
	runs := func(r []Run) []Run { return Text(r[0].Text + " " + line) }
	switch t := block.(type) {
	case Paragraph:
		t.Runs = runs(t.Runs)
		return t
	case List:
		t.Items[len(t.Items)-1] = runs(t.Items[len(t.Items)-1])
		return t
	}
	return block
}

func (p PageBreak) write(b *docxBody) error {
	if wide := p.Landscape || b.house.section.landscape(); wide == b.section.landscape() {
		b.broken = !b.sectioned
		return nil
	}
	b.broken = false
	b.par("after", b.sectionEnd(), "")
	b.section = b.section.turned()
	b.sectioned = true
	return nil
}

// caption numbers a table or a figure as Word does, so that Word can list them.
func (b *docxBody) caption(kind string, n int, text string) {
	content := b.run(Run{Text: kind + " "}, "") + field("SEQ "+kind+` \* ARABIC`, fmt.Sprint(n))
	if text = oneLine(text); text != "" {
		content += b.run(Run{Text: ": " + text}, "")
	}
	b.par("caption", "<w:keepNext/>", content)
}

// small writes what stands below a table or a chart.
func (b *docxBody) small(texts ...string) {
	for _, s := range texts {
		if s != "" {
			b.par("small", "", b.runs(Text(s)))
		}
	}
}

// sectionEnd closes a section: its headers, footers and paper.
func (b *docxBody) sectionEnd() string {
	var out strings.Builder
	out.WriteString("<w:sectPr>")
	for _, e := range b.house.edges {
		if e.wide == b.section.landscape() || !b.house.own {
			fmt.Fprintf(&out, `<w:%sReference w:type="%s" r:id="%s"/>`, e.kind, e.pages, b.rels.add(e.kind, e.part))
		}
	}
	b.turned = b.turned || b.section.landscape()
	out.WriteString(b.section.xml() + "</w:sectPr>")
	return out.String()
}

// section is the paper of some pages, in twentieths of a point.
type section struct {
	width, height int
	left, right   int    // margins, the gutter with the left
	before, after string // other properties, before and after the size of the paper
}

func (s section) landscape() bool { return s.width > s.height }

func (s section) turned() section {
	s.width, s.height = s.height, s.width
	return s
}

// text is the width between the margins.
func (s section) text() int { return max(s.width-s.left-s.right, 1440) }

func (s section) xml() string {
	orient := ""
	if s.landscape() {
		orient = ` w:orient="landscape"`
	}
	return fmt.Sprintf(`%s<w:pgSz w:w="%d" w:h="%d"%s/>%s`, s.before, s.width, s.height, orient, s.after)
}
