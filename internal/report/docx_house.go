package report

import (
	"fmt"
	"strings"
)

// house is the look that a document is written in: the parts that it has
// beside its own, and what they call the styles and lists it uses. A house is
// never changed once made.
type house struct {
	parts     map[string]docxPart // by name: "word/styles.xml"
	related   []relation          // parts that the document part refers to and names nowhere
	styles    map[string]string   // style identifiers by role; "" for a paragraph as it comes
	numbering []byte              // the numbering part up to where more instances belong
	bullets   int                 // instance of the bullets
	numbers   int                 // instance of the numbered paragraphs
	counted   int                 // what the instances of numbered paragraphs are instances of
	next      int                 // instance that is free, with all after it
	section   section
	edges     []edge // headers and footers
	settings  settings
	foreign   bool // the styles may be in another language than British English
	own       bool // headers and footers are written anew for each document

	numberingEnd, numberingRels []byte
	instances                   map[int]int // of a template's lists: what each is an instance of
}

// docxPart is one part of a package with what it refers to.
type docxPart struct {
	kind string // content type
	data []byte
	rels []byte // nil for none
}

// edge is a header or footer: its kind, the pages it is on and its part.
type edge struct {
	kind, pages, part string
	wide              bool // of the plain look's landscape pages
}

// settings are those of a template that its look needs.
type settings struct {
	mirror, evenOdd bool
	tab             int    // default tab stop; 0 for Word's
	colours         string // attributes of the mapping of a theme's colours
}

// style is one that a document needs. Names are Word's own where it has the
// thing, so that a template's is found by them.
type style struct {
	role, id, name string
	names          []string // of a template that serve as well, before name
	kind           string   // "" for a paragraph
	next           string   // id of the style of what follows; "" for the same
	ppr, rpr       string
	accent         bool // in the plain look's colour
	rest           string
}

const accent = "12436D"

// houseStyles are in the order in which the plain look writes them.
var houseStyles = []style{
	{role: "title", id: "Title", name: "Title", next: "Normal", ppr: `<w:keepNext/><w:spacing w:before="0" w:after="200" w:line="240" w:lineRule="auto"/>`, rpr: `<w:b/><w:bCs/>%s<w:sz w:val="40"/><w:szCs w:val="40"/>`, accent: true},
	heading(1, 30, 320), heading(2, 26, 240), heading(3, 22, 200),
	{role: "number", id: "ReportNumber", name: "Numbered Paragraph", names: []string{"numbered paragraph", "paragraph numbered", "report numbered", "list number"}},
	{role: "bullet", id: "ListBullet", name: "List Bullet", ppr: `<w:spacing w:after="60"/>`},
	{role: "fact", id: "ReportFact", name: "Report Fact", ppr: `<w:tabs><w:tab w:val="left" w:pos="2835"/></w:tabs><w:spacing w:after="40"/><w:ind w:left="2835" w:hanging="2835"/>`},
	{role: "definition", id: "ReportDefinition", name: "Report Definition", ppr: `<w:spacing w:after="80"/><w:ind w:left="284" w:hanging="284"/>`},
	{role: "note", id: "ReportNote", name: "Report Note", ppr: `<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="` + accent + `"/></w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="F3F2F1"/><w:spacing w:before="0" w:after="0"/><w:ind w:left="227"/>`},
	{role: "byline", id: "ReportByline", name: "Report Byline", ppr: `<w:spacing w:after="160"/><w:jc w:val="right"/>`, rpr: `<w:i/><w:iCs/>`},
	{role: "caption", id: "Caption", name: "caption", next: "Normal", ppr: `<w:keepNext/><w:spacing w:before="200" w:after="80" w:line="240" w:lineRule="auto"/>`, rpr: `<w:b/><w:bCs/><w:sz w:val="20"/><w:szCs w:val="20"/>`},
	{role: "cell", id: "ReportCell", name: "Report Cell", names: []string{"table text"}, ppr: `<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>`, rpr: `<w:sz w:val="20"/><w:szCs w:val="20"/>`},
	{role: "figure", id: "ReportFigure", name: "Report Figure", ppr: `<w:spacing w:before="0" w:after="60" w:line="240" w:lineRule="auto"/>`},
	{role: "small", id: "ReportSource", name: "Report Source", ppr: `<w:spacing w:before="40" w:after="200" w:line="240" w:lineRule="auto"/>`, rpr: `<w:sz w:val="18"/><w:szCs w:val="18"/>`},
	{role: "after", id: "ReportAfter", name: "Report After", ppr: `<w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/>`, rpr: `<w:sz w:val="8"/><w:szCs w:val="8"/>`},
	{role: "header", id: "Header", name: "header", ppr: `<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>`, rpr: `<w:sz w:val="18"/><w:szCs w:val="18"/>`},
	{role: "footer", id: "Footer", name: "footer", ppr: `<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>`, rpr: `<w:sz w:val="18"/><w:szCs w:val="18"/>`},
	{role: "hyperlink", id: "Hyperlink", name: "Hyperlink", kind: "character", rpr: `<w:color w:val="1D4F91"/><w:u w:val="single"/>`},
	{role: "table", id: "ReportTable", name: "Report Table", names: []string{"report table", "table grid"}, kind: "table", rest: `<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="0B0C0C"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="0B0C0C"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/></w:tblBorders><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>`},
}

// heading has the outline level that makes it one to a screen reader.
func heading(level, halfPoints, before int) style {
	return style{
		role: fmt.Sprintf("heading %d", level), id: fmt.Sprintf("Heading%d", level), name: fmt.Sprintf("heading %d", level), next: "Normal",
		ppr:    fmt.Sprintf(`<w:keepNext/><w:keepLines/><w:spacing w:before="%d" w:after="100" w:line="240" w:lineRule="auto"/><w:outlineLvl w:val="%d"/>`, before, level-1),
		rpr:    fmt.Sprintf(`<w:b/><w:bCs/>%%s<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, halfPoints, halfPoints),
		accent: true,
	}
}

// xml is a style based on the paragraph style of the given id, in the plain
// look's colour or the template's own.
func (s style) xml(base, table string, coloured bool) string {
	kind, based := s.kind, base
	switch kind {
	case "":
		kind = "paragraph"
	case "character":
		based = ""
	case "table":
		based = table
	}
	out := fmt.Sprintf(`<w:style w:type="%s" w:styleId="%s"><w:name w:val="%s"/>`, kind, esc(s.id), esc(s.name))
	if based != "" {
		out += `<w:basedOn w:val="` + esc(based) + `"/>`
	}
	if s.next != "" && base != "" {
		out += `<w:next w:val="` + esc(base) + `"/>`
	}
	out += `<w:qFormat/>`
	rpr := s.rpr
	if s.accent {
		rpr = fmt.Sprintf(rpr, map[bool]string{true: `<w:color w:val="` + accent + `"/>`}[coloured])
	}
	if s.ppr != "" {
		out += "<w:pPr>" + s.ppr + "</w:pPr>"
	}
	if rpr != "" {
		out += "<w:rPr>" + rpr + "</w:rPr>"
	}
	return out + s.rest + "</w:style>"
}

// plainHouse is the look of a report without a template: A4, Arial.
func plainHouse() *house {
	h := &house{
		parts: map[string]docxPart{}, styles: map[string]string{},
		bullets: 1, numbers: 2, counted: 1, next: 3, own: true, numberingEnd: []byte("</w:numbering>"),
		section: section{width: 11906, height: 16838, left: 1134, right: 1134,
			after: `<w:pgMar w:top="1304" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/><w:cols w:space="708"/>`},
		related: []relation{{kind: "styles", target: stylesPart}},
		edges: []edge{
			{"header", "default", "word/header1.xml", false}, {"footer", "default", "word/footer1.xml", false},
			{"header", "default", "word/header2.xml", true}, {"footer", "default", "word/footer2.xml", true},
		},
	}
	var b strings.Builder
	b.WriteString(xmlHead + `<w:styles xmlns:w="` + nsWord + `"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:eastAsia="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="269" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style><w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style><w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	for _, s := range houseStyles {
		h.styles[s.role] = s.id
		b.WriteString(s.xml("Normal", "TableNormal", true))
	}
	b.WriteString("</w:styles>")
	h.parts[stylesPart] = docxPart{kind: wordType + "styles+xml", data: []byte(b.String())}
	h.numbering = []byte(xmlHead + `<w:numbering xmlns:w="` + nsWord + `">` + bulletList(0) + numberedList(1) + instance(1, 0, false) + instance(2, 1, false))
	return h
}

const stylesPart, numberingPart = "word/styles.xml", "word/numbering.xml"

// bulletList and numberedList are the kinds of lists that a document has.
func bulletList(id int) string {
	return listOf(id, "hybridMultilevel", level(0, "bullet", "\u2022", 964, 397)+level(1, "bullet", "\u2013", 1361, 397))
}

func numberedList(id int) string {
	return listOf(id, "multilevel", level(0, "decimal", "%1.", 567, 567)+level(1, "lowerLetter", "(%2)", 1134, 567))
}

func listOf(id int, kind, levels string) string {
	return fmt.Sprintf(`<w:abstractNum xmlns:w="%s" w:abstractNumId="%d"><w:multiLevelType w:val="%s"/>%s</w:abstractNum>`, nsWord, id, kind, levels)
}

func level(n int, format, text string, left, hanging int) string {
	return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:tabs><w:tab w:val="num" w:pos="%d"/></w:tabs><w:ind w:left="%d" w:hanging="%d"/></w:pPr></w:lvl>`,
		n, format, esc(text), left, left, hanging)
}

// instance is a list in a document; one that restarts counts from 1 again.
func instance(id, of int, restart bool) string {
	again := ""
	if restart {
		again = `<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>`
	}
	return fmt.Sprintf(`<w:num xmlns:w="%s" w:numId="%d"><w:abstractNumId w:val="%d"/>%s</w:num>`, nsWord, id, of, again)
}
