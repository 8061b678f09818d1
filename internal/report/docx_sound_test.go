package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const relNS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

// node is an element of a part.
type node struct {
	name     string
	space    string
	attrs    map[string]string
	refs     []string // relations that it names
	text     string
	children []*node
}

func (n *node) all(name string) []*node {
	var out []*node
	for _, c := range n.children {
		if c.name == name {
			out = append(out, c)
		}
		out = append(out, c.all(name)...)
	}
	return out
}

// first is the first of a name below n, an empty one where there is none.
func (n *node) first(name string) *node {
	if all := n.all(name); len(all) > 0 {
		return all[0]
	}
	return &node{}
}

func parse(t *testing.T, data string) *node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(data))
	root := &node{}
	stack := []*node{root}
	for {
		token, err := d.Token()
		if err == io.EOF && len(stack) == 1 && len(root.children) == 1 {
			return root.children[0]
		}
		if err != nil {
			t.Fatalf("%v in %.300s", err, data)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name.Local, space: token.Name.Space, attrs: map[string]string{}}
			for _, a := range token.Attr {
				n.attrs[a.Name.Local] = a.Value
				if a.Name.Space == relNS {
					n.refs = append(n.refs, a.Value)
				}
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(token)
		}
	}
}

// sound checks that a file is what Word opens without a question, and gives
// its parts by name.
func sound(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for i, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if _, twice := parts[f.Name]; err != nil || twice {
			t.Fatalf("%s: %v, twice: %v", f.Name, err, twice)
		}
		if i == 0 && f.Name != "[Content_Types].xml" {
			t.Errorf("the first part is %s", f.Name)
		}
		parts[f.Name] = string(content)
	}
	roots := map[string]*node{}
	for name, content := range parts {
		if ext := path.Ext(name); ext == ".xml" || ext == ".rels" {
			roots[name] = parse(t, content)
			inOrder(t, name, roots[name])
		}
	}
	checkTypes(t, parts, roots)
	checkRelations(t, parts, roots)
	checkDocument(t, roots)
	return parts
}

func checkTypes(t *testing.T, parts map[string]string, roots map[string]*node) {
	t.Helper()
	types := map[string]string{}
	for _, c := range roots["[Content_Types].xml"].children {
		key := c.attrs["PartName"]
		if c.name == "Default" {
			key = "." + c.attrs["Extension"]
		}
		if types[key] != "" || c.attrs["ContentType"] == "" {
			t.Errorf("content type of %q given twice or empty", key)
		}
		types[key] = c.attrs["ContentType"]
	}
	for name := range parts {
		if name != "[Content_Types].xml" && types["/"+name] == "" && types[path.Ext(name)] == "" {
			t.Errorf("%s has no content type", name)
		}
	}
	for key := range types {
		if strings.HasPrefix(key, "/") && parts[key[1:]] == "" {
			t.Errorf("%s is declared and not there", key)
		}
	}
}

// checkRelations wants every target there, every reference related, and every
// part reached.
func checkRelations(t *testing.T, parts map[string]string, roots map[string]*node) {
	t.Helper()
	reached := map[string]bool{}
	for name, root := range roots {
		if path.Ext(name) != ".rels" {
			continue
		}
		dir := strings.TrimSuffix(path.Dir(name), "_rels")
		of := dir + strings.TrimSuffix(path.Base(name), ".rels")
		ids := map[string]bool{}
		for _, r := range root.children {
			if ids[r.attrs["Id"]] {
				t.Errorf("%s: %s twice", name, r.attrs["Id"])
			}
			ids[r.attrs["Id"]] = true
			if r.attrs["TargetMode"] == "External" {
				continue
			}
			target := r.attrs["Target"]
			if !strings.HasPrefix(target, "/") {
				target = "/" + dir + target
			}
			target = path.Clean(target)[1:]
			if parts[target] == "" {
				t.Errorf("%s leads to %s, which is not there", name, target)
			}
			reached[target] = true
		}
		if owner := roots[of]; owner != nil {
			for _, ref := range references(owner) {
				if !ids[ref] {
					t.Errorf("%s refers to %s", of, ref)
				}
			}
		}
	}
	for name := range parts {
		if path.Ext(name) != ".rels" && name != "[Content_Types].xml" && !reached[name] {
			t.Errorf("nothing leads to %s", name)
		}
		if root := roots[name]; root != nil && path.Ext(name) == ".xml" && len(references(root)) > 0 && parts[path.Dir(name)+"/_rels/"+path.Base(name)+".rels"] == "" {
			t.Errorf("%s has no relations", name)
		}
	}
}

func references(n *node) []string {
	out := slices.Clone(n.refs)
	for _, c := range n.children {
		out = append(out, references(c)...)
	}
	return out
}

func checkDocument(t *testing.T, roots map[string]*node) {
	t.Helper()
	document := roots["word/document.xml"]
	styles, levels := map[string]string{}, map[string]int{}
	for _, s := range roots["word/styles.xml"].all("style") {
		if styles[s.attrs["styleId"]] != "" {
			t.Errorf("style %s twice", s.attrs["styleId"])
		}
		styles[s.attrs["styleId"]] = s.attrs["type"]
		if o := s.all("outlineLvl"); len(o) > 0 {
			levels[s.attrs["styleId"]] = int(o[0].attrs["val"][0]-'0') + 1
		}
	}
	lists := map[string]bool{}
	for _, num := range roots["word/numbering.xml"].all("num") {
		lists[num.attrs["numId"]] = true
	}
	for of, want := range map[string]string{"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"} {
		for _, s := range document.all(of) {
			if styles[s.attrs["val"]] != want {
				t.Errorf("%s %q is no style of a %s", of, s.attrs["val"], want)
			}
		}
	}
	for _, num := range document.all("numId") {
		if !lists[num.attrs["val"]] {
			t.Errorf("list %s is not there", num.attrs["val"])
		}
	}
	last := 0
	for _, p := range document.all("p") {
		if l := levels[p.first("pStyle").attrs["val"]]; l > 0 {
			if l > last+1 {
				t.Errorf("a heading of level %d below level %d", l, last)
			}
			last = l
		}
	}
	checkFigures(t, document)
}

func checkFigures(t *testing.T, document *node) {
	t.Helper()
	ids := map[string]bool{}
	for _, d := range document.all("drawing") {
		props := d.first("docPr")
		if strings.TrimSpace(props.attrs["descr"]) == "" || ids[props.attrs["id"]] {
			t.Errorf("drawing %s has no alternative text, or another's number", props.attrs["id"])
		}
		ids[props.attrs["id"]] = true
	}
	for _, table := range document.all("tbl") {
		rows, columns := table.all("tr"), len(table.all("gridCol"))
		if len(rows) == 0 || len(rows[0].all("tblHeader")) != 1 {
			t.Error("a table has no row of headings")
		}
		for i, r := range rows {
			cells := len(r.all("tc"))
			for _, span := range r.all("gridSpan") {
				more, _ := strconv.Atoi(span.attrs["val"])
				cells += more - 1
			}
			if cells != columns {
				t.Errorf("row %d has %d cells of %d", i, cells, columns)
			}
		}
	}
	body := document.children[0]
	for i, c := range body.children {
		if c.name == "tbl" && body.children[i+1].name != "p" {
			t.Error("nothing stands between a table and what follows")
		}
	}
	if body.children[len(body.children)-1].name != "sectPr" {
		t.Error("the document does not end with its section")
	}
}

// order is that of elements' children in the schemas (ECMA-376 part 1, annex
// A), of those children that are written. Word calls a file with another
// order damaged; LibreOffice does not mind.
var order = map[string]string{
	"pPr":        "pStyle keepNext keepLines pageBreakBefore numPr pBdr shd tabs spacing ind jc outlineLvl sectPr",
	"rPr":        "rStyle rFonts b bCs i iCs noProof color sz szCs u lang solidFill",
	"tblPr":      "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
	"tcPr":       "tcW gridSpan shd",
	"style":      "name basedOn next qFormat pPr rPr tblPr",
	"sectPr":     "headerReference footerReference pgSz pgMar pgBorders cols titlePg docGrid",
	"numbering":  "abstractNum num numIdMacAtCleanup",
	"lvl":        "start numFmt pStyle lvlText lvlJc pPr",
	"num":        "abstractNumId lvlOverride",
	"settings":   "mirrorMargins defaultTabStop evenAndOddHeaders characterSpacingControl compat themeFontLang clrSchemeMapping decimalSymbol listSeparator",
	"inline":     "extent effectExtent docPr cNvGraphicFramePr graphic",
	"chartSpace": "date1904 lang roundedCorners chart spPr txPr externalData",
	"chart":      "title autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs",
	"title":      "tx layout overlay",
	"plotArea":   "layout barChart lineChart catAx dateAx valAx spPr",
	"lineChart":  "grouping varyColors ser marker axId",
	"barChart":   "barDir grouping varyColors ser gapWidth overlap axId",
	"ser":        "idx order tx spPr invertIfNegative marker dLbls cat val smooth",
	"dLbls":      "numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
	"catAx":      "axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses auto lblAlgn lblOffset tickLblSkip noMultiLvlLbl",
	"dateAx":     "axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses auto lblOffset baseTimeUnit majorUnit majorTimeUnit",
	"valAx":      "axId scaling delete axPos majorGridlines numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses crossBetween majorUnit",
	"scaling":    "orientation max min",
	"legend":     "legendPos overlay txPr",
	"numCache":   "formatCode ptCount pt",
	"strCache":   "ptCount pt",
	"ln":         "noFill solidFill prstDash round",
}

func inOrder(t *testing.T, part string, n *node) {
	t.Helper()
	if want, ok := order[n.name]; ok && len(n.children) > 0 && !strings.Contains(n.space, "metadata") {
		at := -1
		names := strings.Fields(want)
		for _, c := range n.children {
			i := slices.Index(names, c.name)
			if i < at {
				t.Errorf("%s: %s stands too late, or is not known, in %s", part, c.name, n.name)
			}
			at = max(at, i)
		}
	}
	for _, c := range n.children {
		inOrder(t, part, c)
	}
}

// said is what a document says, a line to a paragraph with its style, a row of
// a table with bars between its cells.
func said(t *testing.T, data []byte) string {
	t.Helper()
	parts := sound(t, data)
	var b strings.Builder
	for _, name := range []string{"word/header1.xml", "word/footer1.xml"} {
		for _, p := range parse(t, parts[name]).all("p") {
			fmt.Fprintf(&b, "%s: %s\n", strings.TrimSuffix(path.Base(name), "1.xml"), words(p))
		}
	}
	for _, c := range parse(t, parts["word/document.xml"]).children[0].children {
		switch c.name {
		case "p":
			fmt.Fprintf(&b, "[%s] %s%s\n", c.first("pStyle").attrs["val"], words(c), c.first("docPr").attrs["descr"])
		case "tbl":
			for _, r := range c.all("tr") {
				var cells []string
				for _, cell := range r.all("tc") {
					cells = append(cells, words(cell))
				}
				b.WriteString("  " + strings.Join(cells, " | ") + "\n")
			}
		}
	}
	return b.String()
}

func words(n *node) string {
	switch n.name {
	case "t":
		return n.text
	case "instrText":
		return "{" + strings.TrimSpace(n.text) + "}"
	case "tab":
		return "\t"
	case "br":
		return "\n"
	case "pPr":
		return ""
	}
	out := ""
	for _, c := range n.children {
		out += words(c)
	}
	return out
}
