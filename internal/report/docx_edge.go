package report

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// draftWord stands across and above each page of a draft.
const draftWord = "DRAFT"

// edges puts headers and footers in: the plain look's own, or a template's as
// they are, with what a draft and a page number need.
func (p *docxPackage) edges(d Document, h *house, b *docxBody) {
	for i, e := range h.edges {
		if e.wide && !b.turned {
			continue
		}
		part := h.parts[e.part]
		if h.own || part.data == nil {
			part.kind = wordType + e.kind + "+xml"
			part.data = wrapEdge(e.kind, ownEdge(d, e, b, h))
		} else if e.kind == "footer" && e.pages != "first" && !numbersPages(h, e.pages) {
			part.data = intoEdge(part.data, pageNumber(b, "", centred))
		}
		if d.Draft && e.kind == "header" {
			part.data = intoEdge(part.data, draftMark(i+1, !h.own))
		}
		p.parts[e.part] = part
	}
}

// centred stands a paragraph in the middle.
const centred = `<w:jc w:val="center"/>`

// ownEdge is a header or footer of the plain look; one that a template lacks
// has nothing but the page's number.
func ownEdge(d Document, e edge, b *docxBody, h *house) string {
	switch {
	case !h.own && e.kind == "footer":
		return pageNumber(b, "", centred)
	case !h.own:
		return b.edgePar("header", "", "")
	}
	s := h.section
	if e.wide {
		s = s.turned()
	}
	right := fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>`, s.text())
	if e.kind == "footer" {
		return pageNumber(b, d.Footer+"\t", right)
	}
	content := b.run(Run{Text: oneLine(cmp.Or(d.Header, d.Title))}, "")
	if d.Draft {
		content += b.run(Run{Text: "\t"}, "") + b.run(Run{Text: draftWord, Bold: true}, "")
	}
	return b.edgePar("header", right, content)
}

// edgePar is a paragraph of a header or footer.
func (b *docxBody) edgePar(role, props, content string) string {
	return `<w:p xmlns:w="` + nsWord + `"><w:pPr><w:pStyle w:val="` + esc(b.house.styles[role]) + `"/>` + props + `</w:pPr>` + content + `</w:p>`
}

func pageNumber(b *docxBody, before, props string) string {
	return b.edgePar("footer", props, b.run(Run{Text: before + "Page "}, "")+field("PAGE", "1")+b.run(Run{Text: " of "}, "")+field("NUMPAGES", "1"))
}

func wrapEdge(kind, content string) []byte {
	root := map[string]string{"header": "w:hdr", "footer": "w:ftr"}[kind]
	return []byte(xmlHead + `<` + root + ` xmlns:w="` + nsWord + `" xmlns:r="` + nsRel + `">` + content + `</` + root + `>`)
}

// intoEdge adds to a header or footer at its end.
func intoEdge(data []byte, content string) []byte {
	end := rootEnd(data)
	return bytes.Join([][]byte{data[:end], []byte(content), data[end:]}, nil)
}

// pageField is Word's field of the page's number.
var pageField = regexp.MustCompile(`(?i)(^|[\s"])PAGE($|[\s"\\])`)

// numbersPages reports whether a template's header or footer has the page's
// number on the given pages.
func numbersPages(h *house, pages string) bool {
	for _, e := range h.edges {
		if e.pages == pages && pageField.MatchString(fieldsOf(h.parts[e.part].data)) {
			return true
		}
	}
	return false
}

// draftMark is the word across the page, as Word's own watermarks are made,
// and above it in words that a screen reader says where said is true.
func draftMark(n int, said bool) string {
	var b strings.Builder
	if said {
		b.WriteString(`<w:p xmlns:w="` + nsWord + `"><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="right"/></w:pPr><w:r><w:rPr><w:b/><w:lang w:val="en-GB"/></w:rPr><w:t>` + draftWord + `</w:t></w:r></w:p>`)
	}
	fmt.Fprintf(&b, `<w:p xmlns:w="%s" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w10="urn:schemas-microsoft-com:office:word"><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr><w:r><w:rPr><w:noProof/></w:rPr><w:pict>`+textShape+
		`<v:shape id="BellwetherDraft%d" o:spid="_x0000_s%d" type="#_x0000_t136" alt="%s" style="position:absolute;margin-left:0;margin-top:0;width:430pt;height:145pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#d0d4d8" stroked="f"><v:fill opacity=".45"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt;font-weight:bold" string="%s"/><w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r></w:p>`,
		nsWord, n, 4096+n, draftWord, draftWord)
	return b.String()
}

// textShape is Word's own shape of a text that is stretched, its 136th.
const textShape = `<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>`
