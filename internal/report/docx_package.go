package report

import (
	"archive/zip"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// Namespaces and types of ECMA-376, transitional, which all of Word reads.
const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	nsWord    = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	nsRel     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPackage = "http://schemas.openxmlformats.org/package/2006/"
	nsInline  = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
	nsDrawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
	nsChart   = "http://schemas.openxmlformats.org/drawingml/2006/chart"

	wordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	chartType = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
	bookType  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	coreType  = "application/vnd.openxmlformats-package.core-properties+xml"
	appType   = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
	relsType  = "application/vnd.openxmlformats-package.relationships+xml"
)

const documentPart = "word/document.xml"

// relation is from one part to another or to an address.
type relation struct {
	id, kind, target string // kind is the last word of its type
	external         bool
}

// docxRels are the relations of the document part; one to each target.
type docxRels struct {
	list []relation
	ids  map[string]string
}

func newRels() *docxRels { return &docxRels{ids: map[string]string{}} }

func (r *docxRels) add(kind, part string) string { return r.put(relation{kind: kind, target: part}) }

func (r *docxRels) external(kind, address string) string {
	return r.put(relation{kind: kind, target: address, external: true})
}

func (r *docxRels) put(one relation) string {
	key := one.kind + " " + one.target
	if r.ids[key] == "" {
		one.id = fmt.Sprintf("rId%d", len(r.list)+1)
		r.ids[key] = one.id
		r.list = append(r.list, one)
	}
	return r.ids[key]
}

// relsXML are relations of a part in the folder dir.
func relsXML(dir string, list []relation) []byte {
	var b strings.Builder
	b.WriteString(xmlHead + `<Relationships xmlns="` + nsPackage + `relationships">`)
	for _, r := range list {
		target, mode := relative(dir, r.target), ""
		if r.external {
			target, mode = r.target, ` TargetMode="External"`
		}
		kind := nsRel + "/" + r.kind
		if r.kind == "core-properties" {
			kind = nsPackage + "relationships/metadata/core-properties"
		}
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s" Target="%s"%s/>`, esc(r.id), kind, esc(target), mode)
	}
	b.WriteString("</Relationships>")
	return []byte(b.String())
}

// relative is a part's name as seen from a folder.
func relative(dir, part string) string {
	if rest, ok := strings.CutPrefix(part, dir); ok {
		return rest
	}
	return "/" + part
}

// docxPackage are all parts of a file.
type docxPackage struct{ parts map[string]docxPart }

func newPackage(d Document, h *house, b *docxBody) *docxPackage {
	p := &docxPackage{parts: maps.Clone(h.parts)}
	p.edges(d, h, b)
	p.numbering(h, b)
	for i, c := range b.charts {
		rels := relsXML("word/charts/", []relation{{id: "rId1", kind: "package", target: chartBook(i + 1)}})
		rels = []byte(strings.Replace(string(rels), `"/word/embeddings/`, `"../embeddings/`, 1))
		p.parts[chartPart(i+1)] = docxPart{kind: chartType, data: c.xml, rels: rels}
		p.parts[chartBook(i+1)] = docxPart{kind: bookType, data: c.book}
	}
	b.rels.add("settings", "word/settings.xml")
	p.parts["word/settings.xml"] = docxPart{kind: wordType + "settings+xml", data: h.settings.xml()}
	last := b.sectionEnd()
	p.parts[documentPart] = docxPart{
		kind: wordType + "document.main+xml",
		data: []byte(xmlHead + `<w:document xmlns:w="` + nsWord + `" xmlns:r="` + nsRel + `" xmlns:wp="` + nsInline + `"><w:body>` + b.String() + last + `</w:body></w:document>`),
		rels: relsXML("word/", b.rels.list),
	}
	p.parts["docProps/core.xml"] = docxPart{kind: coreType, data: core(d)}
	p.parts["docProps/app.xml"] = docxPart{kind: appType, data: []byte(xmlHead + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Bellwether</Application></Properties>`)}
	return p
}

// numbering is the house's, with an instance for each restart.
func (p *docxPackage) numbering(h *house, b *docxBody) {
	var out strings.Builder
	out.Write(h.numbering)
	for _, id := range b.numbers[1:] {
		out.WriteString(instance(id, h.counted, true))
	}
	out.Write(h.numberingEnd)
	p.parts[numberingPart] = docxPart{kind: wordType + "numbering+xml", data: []byte(out.String()), rels: h.numberingRels}
	b.rels.add("numbering", numberingPart)
}

// core are the properties that Word and a screen reader show of a file.
func core(d Document) []byte {
	var b strings.Builder
	b.WriteString(xmlHead + `<cp:coreProperties xmlns:cp="` + nsPackage + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	for _, f := range [][2]string{{"dc:title", d.Title}, {"dc:subject", d.Subject}, {"dc:creator", d.Author}, {"cp:lastModifiedBy", d.Author}} {
		if s := oneLine(f[1]); s != "" {
			fmt.Fprintf(&b, `<%s>%s</%s>`, f[0], esc(s), f[0])
		}
	}
	b.WriteString(`<dc:language>en-GB</dc:language>`)
	if !d.Created.IsZero() {
		at := d.Created.UTC().Format(time.RFC3339)
		fmt.Fprintf(&b, `<dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified>`, at, at)
	}
	if d.Draft {
		b.WriteString(`<cp:contentStatus>Draft</cp:contentStatus>`)
	}
	b.WriteString(`</cp:coreProperties>`)
	return []byte(b.String())
}

// xml are a document's settings: those of the template that its look needs,
// and none that would follow its author about.
func (s settings) xml() []byte {
	out := xmlHead + `<w:settings xmlns:w="` + nsWord + `">`
	if s.mirror {
		out += `<w:mirrorMargins/>`
	}
	if s.tab > 0 {
		out += fmt.Sprintf(`<w:defaultTabStop w:val="%d"/>`, s.tab)
	}
	if s.evenOdd {
		out += `<w:evenAndOddHeaders/>`
	}
	out += `<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-GB"/>`
	if s.colours != "" {
		out += `<w:clrSchemeMapping` + s.colours + `/>`
	}
	return []byte(out + `<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>`)
}

// written long ago, so that the same document gives the same bytes.
var zipTime = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// writeTo writes the parts, the content types first as readers want them, the
// others by name.
func (p *docxPackage) writeTo(w io.Writer) error {
	out := zip.NewWriter(w)
	put := func(name string, data []byte) error {
		f, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipTime})
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	root := relsXML("", []relation{{id: "rId1", kind: "officeDocument", target: documentPart}, {id: "rId2", kind: "core-properties", target: "docProps/core.xml"}, {id: "rId3", kind: "extended-properties", target: "docProps/app.xml"}})
	if err := put("[Content_Types].xml", p.types()); err != nil {
		return err
	}
	if err := put("_rels/.rels", root); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(p.parts)) {
		part := p.parts[name]
		if err := put(name, part.data); err != nil {
			return err
		}
		if part.rels == nil {
			continue
		}
		if err := put(path.Dir(name)+"/_rels/"+path.Base(name)+".rels", part.rels); err != nil {
			return err
		}
	}
	return out.Close()
}

// types says of each part what it is.
func (p *docxPackage) types() []byte {
	var b strings.Builder
	b.WriteString(xmlHead + `<Types xmlns="` + nsPackage + `content-types"><Default Extension="rels" ContentType="` + relsType + `"/><Default Extension="xml" ContentType="application/xml"/>`)
	for _, name := range slices.Sorted(maps.Keys(p.parts)) {
		fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="%s"/>`, esc(name), esc(p.parts[name].kind))
	}
	b.WriteString("</Types>")
	return []byte(b.String())
}
