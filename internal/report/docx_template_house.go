package report

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"bellwether/internal/workbook"
)

// house makes a look of a template.
func (r *templateReader) house() (*house, error) {
	main, rels, err := r.main()
	if err != nil {
		return nil, err
	}
	h := &house{parts: map[string]docxPart{}, styles: map[string]string{}, foreign: true}
	byKind := map[string]string{}
	for _, one := range rels {
		if !one.external && byKind[one.kind] == "" {
			byKind[one.kind] = one.target
		}
	}
	if err := r.settings(h, byKind["settings"]); err != nil {
		return nil, err
	}
	for _, kind := range []string{"theme", "fontTable"} {
		if byKind[kind] == "" {
			continue
		}
		if err := r.keep(h, byKind[kind], kind); err != nil {
			return nil, err
		}
		h.related = append(h.related, relation{kind: kind, target: byKind[kind]})
	}
	if err := r.lists(h, byKind["numbering"]); err != nil {
		return nil, err
	}
	if err := r.styles(h, byKind["styles"]); err != nil {
		return nil, err
	}
	return h, r.pages(h, main, rels)
}

// main is the document part and its relations.
func (r *templateReader) main() ([]byte, []relation, error) {
	root, err := r.rels("")
	if err != nil {
		return nil, nil, err
	}
	for _, one := range root {
		if one.kind != "officeDocument" || one.external {
			continue
		}
		if !strings.HasPrefix(r.typeOf(one.target), wordType) {
			break
		}
		data, err := r.readXML(one.target, nil)
		if err != nil {
			return nil, nil, err
		}
		rels, err := r.rels(one.target)
		return data, rels, err
	}
	return nil, nil, templateFault(NotWord, "it is not a Word document (.docx).")
}

// off reports whether a switch of Word's is said to be off.
func off(e xml.StartElement) bool {
	v := attr(e, nsWord, "val")
	return v == "0" || v == "false" || v == "off"
}

func (r *templateReader) settings(h *house, name string) error {
	if name == "" {
		return nil
	}
	_, err := r.readXML(name, func(e xml.StartElement) {
		if e.Name.Space != nsWord {
			return
		}
		switch e.Name.Local {
		case "mirrorMargins":
			h.settings.mirror = !off(e)
		case "evenAndOddHeaders":
			h.settings.evenOdd = !off(e)
		case "defaultTabStop":
			h.settings.tab = twips(attr(e, nsWord, "val"), 0)
		case "clrSchemeMapping":
			h.settings.colours = wordAttrs(e)
		}
	})
	return err
}

// twips is a length, or another where there is none that a page can have.
func twips(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > longestPage {
		return otherwise
	}
	return n
}

// Sides of a page, in twentieths of a point: Word's greatest, and the least
// that holds a report.
const (
	longestPage  = 31_680
	shortestPage = 5_000
)

// wordAttrs are an element's attributes of Word's own, each once.
func wordAttrs(e xml.StartElement) string {
	out := ""
	for i, a := range e.Attr {
		twice := slices.ContainsFunc(e.Attr[:i], func(b xml.Attr) bool { return a.Name == b.Name })
		if a.Name.Space == nsWord && !twice {
			out += fmt.Sprintf(` w:%s="%s"`, a.Name.Local, esc(a.Value))
		}
	}
	return out
}

// paper is what a template says of its pages: the last section's, with the
// headers and footers that it has of those before it.
type paper struct {
	refs            map[edge]string // relation by kind and pages
	size, margins   xml.StartElement
	borders, titled string
	grid            string
}

// readPaper finds the sections of a document part that is well formed.
func readPaper(data []byte) paper {
	p := paper{refs: map[edge]string{}}
	d := xml.NewDecoder(bytes.NewReader(data))
	in, bordered := 0, false // depth below the section's properties; among its borders
	for {
		t, err := d.Token()
		if err != nil {
			return p
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch {
			case t.Name.Space != nsWord:
			case t.Name.Local == "sectPrChange":
				d.Skip()
				continue
			case t.Name.Local == "sectPr":
				p = paper{refs: p.refs}
				in = 1
				continue
			case in == 1:
				p.property(t)
				bordered = t.Name.Local == "pgBorders"
			case in == 2 && bordered:
				p.borders += "<w:" + t.Name.Local + wordAttrs(t) + "/>"
			}
			if in > 0 {
				in++
			}
		case xml.EndElement:
			if in == 2 && bordered {
				p.borders += "</w:pgBorders>"
				bordered = false
			}
			in = max(in-1, 0)
		}
	}
}

func (p *paper) property(e xml.StartElement) {
	switch e.Name.Local {
	case "headerReference", "footerReference":
		kind := strings.TrimSuffix(e.Name.Local, "Reference")
		p.refs[edge{kind: kind, pages: cmp.Or(attr(e, nsWord, "type"), "default")}] = attr(e, nsRel, "id")
	case "pgSz":
		p.size = e
	case "pgMar":
		p.margins = e
	case "pgBorders":
		p.borders = "<w:pgBorders" + wordAttrs(e) + ">"
	case "titlePg":
		if !off(e) {
			p.titled = "<w:titlePg/>"
		}
	case "docGrid":
		p.grid = "<w:docGrid" + wordAttrs(e) + "/>"
	}
}

// pages takes over the paper, its margins, and the headers and footers.
func (r *templateReader) pages(h *house, main []byte, rels []relation) error {
	p := readPaper(main)
	s := section{
		width:  max(shortestPage, twips(attr(p.size, nsWord, "w"), 11906)),
		height: max(shortestPage, twips(attr(p.size, nsWord, "h"), 16838)),
		left:   twips(attr(p.margins, nsWord, "left"), 1134) + twips(attr(p.margins, nsWord, "gutter"), 0),
		right:  twips(attr(p.margins, nsWord, "right"), 1134),
	}
	margins := "<w:pgMar" + wordAttrs(p.margins) + "/>"
	if len(p.margins.Attr) == 0 {
		margins = `<w:pgMar w:top="1304" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>`
	}
	if s.left+s.right > s.width-shortestPage/2 {
		return templateFault(workbook.Damaged, "its margins leave no room for text. Make them narrower in Word.")
	}
	s.after = margins + p.borders + `<w:cols w:space="708"/>` + p.titled + p.grid
	h.section = s
	pages := []string{"default"}
	if p.titled != "" {
		pages = append(pages, "first")
	}
	if h.settings.evenOdd {
		pages = append(pages, "even")
	}
	for _, kind := range []string{"header", "footer"} {
		for _, on := range pages {
			if err := r.edge(h, edge{kind: kind, pages: on}, p.refs, rels); err != nil {
				return err
			}
		}
	}
	return nil
}

// edge takes a header or footer over. One that the template has not is added,
// to be marked as a draft's or to have the page's number.
func (r *templateReader) edge(h *house, e edge, refs map[edge]string, rels []relation) error {
	for _, one := range rels {
		if id := refs[e]; id == "" || one.id != id || one.kind != e.kind || one.external {
			continue
		}
		e.part = one.target
		if err := r.keep(h, one.target, e.kind); err != nil {
			return err
		}
		h.edges = append(h.edges, e)
		return nil
	}
	if e.kind == "footer" && (e.pages == "first" || numbersPages(h, e.pages)) {
		return nil
	}
	e.part = fmt.Sprintf("word/%s-%s.xml", e.kind, e.pages)
	h.edges = append(h.edges, e)
	return nil
}

// fieldsOf are the codes of all fields in a part, wherever Word broke them.
func fieldsOf(data []byte) string {
	var out strings.Builder
	d := xml.NewDecoder(bytes.NewReader(data))
	code := false
	for {
		t, err := d.Token()
		if err != nil {
			return out.String()
		}
		switch t := t.(type) {
		case xml.StartElement:
			code = t.Name.Space == nsWord && t.Name.Local == "instrText"
			switch {
			case t.Name.Space != nsWord:
			case t.Name.Local == "fldSimple":
				out.WriteString(" " + attr(t, nsWord, "instr") + " ")
			case t.Name.Local == "fldChar":
				out.WriteString(" ")
			}
		case xml.EndElement:
			code = false
		case xml.CharData:
			if code {
				out.Write(t)
			}
		}
	}
}

// rootEnd is where the end tag of a part's root begins, -1 where it has none.
func rootEnd(data []byte) int {
	d := xml.NewDecoder(bytes.NewReader(data))
	depth := 0
	for {
		at := d.InputOffset()
		t, err := d.Token()
		if err != nil {
			return -1
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth == 0 && bytes.HasPrefix(data[at:], []byte("</")) {
				return int(at)
			} else if depth == 0 {
				return -1
			}
		}
	}
}

// childOffsets are where the children of a part's root begin whose name is
// one of those given.
func childOffsets(data []byte, names ...string) []int {
	var out []int
	d := xml.NewDecoder(bytes.NewReader(data))
	depth := 0
	for {
		at := int(d.InputOffset())
		t, err := d.Token()
		if err != nil {
			if err != io.EOF {
				return nil
			}
			return out
		}
		switch t := t.(type) {
		case xml.StartElement:
			for _, name := range names {
				if depth == 1 && t.Name.Space == nsWord && t.Name.Local == name {
					out = append(out, at)
				}
			}
			depth++
		case xml.EndElement:
			depth--
		}
	}
}
