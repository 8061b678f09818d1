package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// esc makes text fit for an element or an attribute. What XML cannot hold is
// left out.
func esc(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\ufffd"))
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) // a bytes.Buffer takes everything
	return b.String()
}

// oneLine is text on one line, for captions and names.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// runs writes runs, each link around its own.
func (b *docxBody) runs(runs []Run) string {
	var out strings.Builder
	for _, r := range runs {
		target := linkTarget(r.Link)
		if target == "" {
			out.WriteString(b.run(r, ""))
			continue
		}
		fmt.Fprintf(&out, `<w:hyperlink r:id="%s" w:history="1">%s</w:hyperlink>`, b.rels.external("hyperlink", target), b.run(r, "hyperlink"))
	}
	return out.String()
}

// run writes one run, its line ends and tabs as Word has them.
func (b *docxBody) run(r Run, style string) string {
	var out strings.Builder
	out.WriteString("<w:r>" + b.look(r, style))
	for i, line := range strings.Split(strings.ReplaceAll(r.Text, "\r\n", "\n"), "\n") {
		if i > 0 {
			out.WriteString("<w:br/>")
		}
		for j, piece := range strings.Split(line, "\t") {
			if j > 0 {
				out.WriteString("<w:tab/>")
			}
			if piece != "" {
				out.WriteString(`<w:t xml:space="preserve">` + esc(piece) + `</w:t>`)
			}
		}
	}
	out.WriteString("</w:r>")
	return out.String()
}

// look is a run's properties, in the order that the schema wants.
func (b *docxBody) look(r Run, style string) string {
	out := ""
	if style != "" {
		out += `<w:rStyle w:val="` + esc(b.house.styles[style]) + `"/>`
	}
	if r.Bold {
		out += "<w:b/><w:bCs/>"
	}
	if r.Italic {
		out += "<w:i/><w:iCs/>"
	}
	if b.house.foreign {
		out += `<w:lang w:val="en-GB"/>`
	}
	if out == "" {
		return ""
	}
	return "<w:rPr>" + out + "</w:rPr>"
}

// longestLink is the most characters of an address that Word opens.
const longestLink = 2048

// linkTarget is an address as Word takes it, "" for one that it must not
// have: Word calls a file with an unsound address damaged.
func linkTarget(s string) string {
	if s == "" || strings.ContainsFunc(s, unicode.IsControl) {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	switch {
	case (u.Scheme == "http" || u.Scheme == "https") && soundHost(u.Host):
	case u.Scheme == "mailto" && strings.Contains(u.Opaque, "@") && !strings.ContainsAny(u.Opaque, " <>\"{}|\\^`[]"):
	default:
		return ""
	}
	if out := u.String(); len(out) <= longestLink && isASCII(out) {
		return out
	}
	return ""
}

func soundHost(host string) bool {
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-:[]", r)
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// field is a field that Word works out, with what it says until then.
func field(code, shown string) string {
	const mark = `<w:r><w:fldChar w:fldCharType="%s"/></w:r>`
	return fmt.Sprintf(mark, "begin") + `<w:r><w:instrText xml:space="preserve"> ` + code + ` </w:instrText></w:r>` +
		fmt.Sprintf(mark, "separate") + `<w:r><w:t>` + esc(shown) + `</w:t></w:r>` + fmt.Sprintf(mark, "end")
}
