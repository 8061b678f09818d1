package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"bellwether/internal/report"
	"bellwether/internal/workbook"
)

const (
	wordNS   = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="` + relNS + `"`
	wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// dot is a picture of one pixel.
var dot = func() string {
	data, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
	if err != nil {
		panic(err)
	}
	return string(data)
}()

func relations(list ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, r := range list {
		f := strings.Fields(r) // id, kind, target, mode
		mode := ""
		if len(f) > 3 {
			mode = ` TargetMode="External"`
		}
		b.WriteString(`<Relationship Id="` + f[0] + `" Type="` + relNS + "/" + f[1] + `" Target="` + f[2] + `"` + mode + `/>`)
	}
	return b.String() + `</Relationships>`
}

// houseParts are a council's template as Word writes one, in little: its own
// names for styles, a crest in the header, numbered pages, a list of its own,
// a text and a name that no report may carry on.
func houseParts() map[string]string {
	return map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` +
			`<Override PartName="/word/document.xml" ContentType="` + wordType + `template.main+xml"/><Override PartName="/word/styles.xml" ContentType="` + wordType + `styles+xml"/><Override PartName="/word/settings.xml" ContentType="` + wordType + `settings+xml"/><Override PartName="/word/numbering.xml" ContentType="` + wordType + `numbering+xml"/><Override PartName="/word/header7.xml" ContentType="` + wordType + `header+xml"/><Override PartName="/word/footer3.xml" ContentType="` + wordType + `footer+xml"/><Override PartName="/word/theme/theme1.xml" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/></Types>`,
		"_rels/.rels":                  relations("rId1 officeDocument word/document.xml"),
		"docProps/core.xml":            `<c>SECRET AUTHOR</c>`,
		"word/_rels/document.xml.rels": relations("rId1 styles styles.xml", "rId2 settings settings.xml", "rId3 numbering numbering.xml", "rId4 header header7.xml", "rId5 footer /word/footer3.xml", "rId6 theme theme/theme1.xml", "rId7 image media/secret.png", "rId8 attachedTemplate file:///C:/secret.dotx External"),
		"word/document.xml": `<w:document ` + wordNS + `><w:body><w:p><w:pPr><w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr></w:pPr></w:p><w:p><w:r><w:t>SECRET TEXT</w:t></w:r></w:p>` +
			`<w:sectPr w:rsidR="00AA"><w:footerReference w:type="default" r:id="rId5"/><w:pgSz w:w="11900" w:h="16840"/><w:pgMar w:top="1985" w:right="1701" w:bottom="1418" w:left="1701" w:header="709" w:footer="709" w:gutter="0"/><w:pgBorders w:offsetFrom="page"><w:top w:val="single" w:sz="4" w:space="24" w:color="auto"/></w:pgBorders><w:pgNumType w:start="7"/><w:cols w:num="2" w:space="708"><w:col w:w="100"/></w:cols><w:titlePg w:val="0"/><w:docGrid w:linePitch="360"/></w:sectPr></w:body></w:document>`,
		"word/styles.xml": `<w:styles ` + wordNS + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Georgia" w:hAnsi="Georgia"/><w:lang w:val="en-US"/></w:rPr></w:rPrDefault></w:docDefaults>` +
			`<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style><w:style w:type="table" w:default="1" w:styleId="Plain"><w:name w:val="Normal Table"/></w:style>` +
			`<w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="Heading 1"/><w:basedOn w:val="Standard"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:color w:val="006633"/><w:sz w:val="36"/></w:rPr></w:style>` +
			`<w:style w:type="paragraph" w:styleId="CouncilTitle"><w:name w:val="title"/><w:basedOn w:val="Standard"/><w:rPr><w:b/><w:color w:val="006633"/><w:sz w:val="52"/></w:rPr></w:style>` +
			`<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="Something else"/></w:style><w:style w:type="character" w:styleId="ReportNote"><w:name w:val="Taken"/></w:style>` +
			`<w:style w:type="paragraph" w:styleId="Para"><w:name w:val="List Number"/><w:basedOn w:val="Standard"/><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>` +
			`<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:basedOn w:val="Plain"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4" w:color="006633"/></w:tblBorders></w:tblPr></w:style></w:styles>`,
		"word/settings.xml":           `<w:settings ` + wordNS + `><w:attachedTemplate r:id="rId9"/><w:defaultTabStop w:val="720"/><w:evenAndOddHeaders w:val="false"/><w:rsids><w:rsid w:val="00SECRET"/></w:rsids><w:clrSchemeMapping w:bg1="light1" w:t1="dark1"/></w:settings>`,
		"word/numbering.xml":          `<w:numbering ` + wordNS + `><w:abstractNum w:abstractNumId="9"><w:multiLevelType w:val="multilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum><w:num w:numId="4"><w:abstractNumId w:val="9"/></w:num><w:numIdMacAtCleanup w:val="4"/></w:numbering>`,
		"word/header7.xml":            `<w:hdr ` + wordNS + ` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><w:p><w:r><w:t>Borough Council</w:t></w:r><a:blip r:embed="rId1"/></w:p></w:hdr>`,
		"word/_rels/header7.xml.rels": relations("rId1 image media/crest.png", "rId2 image media/secret.png"),
		"word/footer3.xml":            `<w:ftr ` + wordNS + `><w:p><w:r><w:t>Official</w:t></w:r></w:p></w:ftr>`,
		"word/theme/theme1.xml":       `<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Council"/>`,
		"word/media/crest.png":        dot,
		"word/media/secret.png":       dot + "SECRET PICTURE",
	}
}

func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func template(t *testing.T, parts map[string]string) *report.Template {
	t.Helper()
	house, err := report.ReadTemplate(zipped(t, parts))
	if err != nil {
		t.Fatal(err)
	}
	return house
}

func TestTemplateIsKept(t *testing.T) {
	house := template(t, houseParts())
	p := sound(t, docx(t, council(), house))
	document, styles := p["word/document.xml"], p["word/styles.xml"]
	for what, found := range map[string]bool{
		"title":                   strings.Contains(document, `<w:pStyle w:val="CouncilTitle"/>`),
		"heading 1":               strings.Contains(document, `<w:pStyle w:val="Kop1"/>`),
		"heading 2, added":        strings.Contains(styles, `w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Standard"/>`),
		"caption, by identifier":  strings.Contains(document, `<w:pStyle w:val="Caption"/>`),
		"note, under a free name": strings.Contains(document, `<w:pStyle w:val="ReportNote1"/>`),
		"table":                   strings.Contains(document, `<w:tblStyle w:val="Grid"/>`),
		"numbered paragraphs":     strings.Contains(document, `<w:pStyle w:val="Para"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr>`),
		"their restart":           strings.Contains(p["word/numbering.xml"], `<w:abstractNumId w:val="9"/><w:lvlOverride`),
		"typeface":                strings.Contains(styles, "Georgia"),
		"language":                strings.Contains(document, `<w:lang w:val="en-GB"/>`),
		"header":                  strings.Contains(p["word/header7.xml"], "Borough Council"),
		"crest":                   p["word/media/crest.png"] == dot,
		"draft":                   strings.Contains(p["word/header7.xml"], `string="DRAFT"`) && strings.Contains(p["word/header7.xml"], "<w:t>DRAFT</w:t>"),
		"footer":                  strings.Contains(p["word/footer3.xml"], "Official"),
		"page of pages":           strings.Contains(p["word/footer3.xml"], " PAGE ") && strings.Contains(p["word/footer3.xml"], " NUMPAGES "),
		"paper":                   strings.Contains(document, `<w:pgSz w:w="11900" w:h="16840"/><w:pgMar w:top="1985" w:right="1701"`),
		"paper turned":            strings.Contains(document, `<w:pgSz w:w="16840" w:h="11900" w:orient="landscape"/>`),
		"borders":                 strings.Contains(document, `<w:pgBorders w:offsetFrom="page"><w:top w:val="single"`),
		"theme":                   p["word/theme/theme1.xml"] != "",
		"tab stop":                strings.Contains(p["word/settings.xml"], `<w:defaultTabStop w:val="720"/>`),
		"theme's colours":         strings.Contains(p["word/settings.xml"], `<w:clrSchemeMapping w:bg1="light1" w:t1="dark1"/>`),
	} {
		if !found {
			t.Errorf("%s: not as the template has it", what)
		}
	}
	for name, content := range p {
		for _, gone := range []string{"SECRET", "secret", "attachedTemplate", `w:num="2"`, `w:start="7"`} {
			if strings.Contains(content, gone) {
				t.Errorf("%s still has %s", name, gone)
			}
		}
	}
}

// A template serves many reports, a draft's before a final one's.
func TestTemplateIsNotChanged(t *testing.T) {
	house := template(t, houseParts())
	d := council()
	d.Draft = false
	before := docx(t, d, house)
	docx(t, council(), house)
	after := docx(t, d, house)
	if !bytes.Equal(before, after) {
		t.Error("writing a draft changed the template")
	}
	for name, content := range sound(t, after) {
		if strings.Contains(content, "DRAFT") {
			t.Errorf("%s of a final report says DRAFT", name)
		}
	}
}

// Pages of which a template says nothing are marked and numbered as well.
func TestTemplateWithoutEdges(t *testing.T) {
	parts := houseParts()
	parts["word/_rels/document.xml.rels"] = relations("rId1 styles styles.xml", "rId2 settings settings.xml")
	parts["word/document.xml"] = `<w:document ` + wordNS + `><w:body><w:sectPr><w:titlePg/></w:sectPr></w:body></w:document>`
	parts["word/settings.xml"] = `<w:settings ` + wordNS + `><w:evenAndOddHeaders/></w:settings>`
	p := sound(t, docx(t, council(), template(t, parts)))
	for _, name := range []string{"word/header-default.xml", "word/header-first.xml", "word/header-even.xml"} {
		if !strings.Contains(p[name], "DRAFT") {
			t.Errorf("%s says no DRAFT", name)
		}
	}
	for _, name := range []string{"word/footer-default.xml", "word/footer-even.xml"} {
		if !strings.Contains(p[name], " PAGE ") {
			t.Errorf("%s has no page number", name)
		}
	}
	if !strings.Contains(p["word/document.xml"], "<w:titlePg/>") {
		t.Error("the first page is no longer apart")
	}
}

// A page number that Word broke over runs is found, and not written twice.
func TestTemplateNumbersItsPages(t *testing.T) {
	for _, field := range []string{
		`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PA</w:instrText></w:r><w:r><w:instrText>GE \* MERGEFORMAT </w:instrText></w:r>`,
		`<w:fldSimple w:instr="PAGE"/>`,
	} {
		parts := houseParts()
		parts["word/footer3.xml"] = `<w:ftr ` + wordNS + `><w:p>` + field + `</w:p></w:ftr>`
		p := sound(t, docx(t, council(), template(t, parts)))
		if strings.Contains(p["word/footer3.xml"], "NUMPAGES") {
			t.Errorf("a second page number beside %s", field)
		}
	}
}

func TestTemplateFaults(t *testing.T) {
	with := func(name, content string) []byte {
		parts := houseParts()
		parts[name] = content
		return zipped(t, parts)
	}
	header := houseParts()["word/header7.xml"]
	headerRel := func(rel string) []byte { return with("word/_rels/header7.xml.rels", relations(rel)) }
	whole := zipped(t, houseParts())
	for _, tc := range []struct {
		name, code, want string
		data             []byte
	}{
		{"nothing", workbook.EmptyFile, "empty", nil},
		{"another file", report.NotWord, "not a Word document", []byte("%PDF-1.7")},
		{"a workbook", report.NotWord, "not a Word document", xlsx(t, page())},
		{"an old document", workbook.Password, "Word 97 to 2003", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
		{"cut short", workbook.Damaged, "cut short or damaged", whole[:len(whole)/2]},
		{"too many parts", workbook.TooLarge, "parts", append([]byte("PK"), bytes.Repeat([]byte("PK\x01\x02"), 3000)...)},
		{"a large part", workbook.TooLarge, "too large", with("word/styles.xml", strings.Repeat(" ", 17<<20))},
		{"macros", workbook.Macros, "macros", with("word/vbaProject.bin", "x")},
		{"macros by type", workbook.Macros, "macros", with("[Content_Types].xml", strings.Replace(houseParts()["[Content_Types].xml"], wordType+"template.main+xml", "application/vnd.ms-word.template.macroEnabledTemplate.main+xml", 1))},
		{"a name that climbs", workbook.Unsafe, "named", with("word/../../evil.xml", "x")},
		{"a name twice", workbook.Unsafe, "two parts", with("WORD/styles.xml", "x")},
		{"an entity", workbook.Damaged, "document type", with("word/styles.xml", `<!DOCTYPE w [<!ENTITY a "b">]><w:styles `+wordNS+`></w:styles>`)},
		{"broken styles", workbook.Damaged, "word/styles.xml", with("word/styles.xml", "<w:styles>")},
		{"deep elements", workbook.Damaged, "within one another", with("word/styles.xml", strings.Repeat("<a>", 300)+strings.Repeat("</a>", 300))},
		{"a linked picture", workbook.Unsafe, "not in the file", headerRel("rId1 image https://tracker.example.org/x.png External")},
		{"an embedded object", workbook.Unsafe, "cannot keep", headerRel("rId1 oleObject embeddings/x.bin")},
		{"a picture that is none", workbook.Unsafe, "not what it should be (image)", headerRel("rId1 image theme/theme1.xml")},
		{"a picture that is missing", workbook.Damaged, "missing", headerRel("rId1 image media/none.png")},
		{"a reference to nothing", workbook.Damaged, "not there", headerRel("rId8 image media/crest.png")},
		{"a header that is no XML", workbook.Damaged, "word/header7.xml", with("word/header7.xml", header[:40])},
		{"styles that are none", workbook.Damaged, "does not hold styles", with("word/styles.xml", `<w:fonts `+wordNS+`></w:fonts>`)},
		{"margins that meet", workbook.Damaged, "margins", with("word/document.xml", strings.Replace(houseParts()["word/document.xml"], `w:left="1701"`, `w:left="9000"`, 1))},
		{"strict", report.NotWord, "strict", with("_rels/.rels", strings.ReplaceAll(relations("rId1 officeDocument word/document.xml"), relNS, "http://purl.oclc.org/ooxml/officeDocument/relationships"))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := report.ReadTemplate(tc.data)
			fault, ok := errors.AsType[*workbook.Fault](err)
			if !ok || fault.Code != tc.code || !strings.Contains(fault.Message, tc.want) {
				t.Errorf("%v, want %s with %q", err, tc.code, tc.want)
			}
		})
	}
}

// Whatever a template says, a report in its look is sound.
func FuzzTemplate(f *testing.F) {
	parts := houseParts()
	for _, name := range []string{"word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml", "word/header7.xml", "word/footer3.xml", "word/_rels/header7.xml.rels", "word/_rels/document.xml.rels", "[Content_Types].xml"} {
		f.Add(name, parts[name])
	}
	f.Fuzz(func(t *testing.T, name, content string) {
		parts := houseParts()
		if parts[name] == "" {
			return
		}
		parts[name] = content
		house, err := report.ReadTemplate(zipped(t, parts))
		if err != nil {
			if _, ok := errors.AsType[*workbook.Fault](err); !ok {
				t.Fatalf("%v is no fault", err)
			}
			return
		}
		var out bytes.Buffer
		d := report.Document{Title: "Fuzzed", Draft: true, Blocks: []report.Block{
			report.Heading{Level: 1, Text: "A"}, report.Paragraph{Runs: report.Text("B"), Number: report.Numbered}, report.Paragraph{Runs: report.Text("C"), Number: report.Numbered, Restart: true},
			report.Table{Columns: []report.Column{{Head: "D"}}}, report.PageBreak{Landscape: true}, report.List{Items: [][]report.Run{report.Text("E")}},
		}}
		if err := report.WriteDOCX(&out, d, house); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range z.File {
			if strings.HasSuffix(p.Name, ".xml") || strings.HasSuffix(p.Name, ".rels") {
				in, err := p.Open()
				if err != nil {
					t.Fatal(err)
				}
				data, err := io.ReadAll(in)
				if err != nil {
					t.Fatal(err)
				}
				parse(t, string(data))
			}
		}
	})
}
