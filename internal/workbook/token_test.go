package workbook_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"bellwether/internal/workbook"
)

// standardTokens writes down what encoding/xml makes of XML.
func standardTokens(s string) (string, error) {
	full := func(n xml.Name) string { return strings.TrimPrefix(n.Space+":"+n.Local, ":") }
	d := xml.NewDecoder(strings.NewReader(s))
	var out strings.Builder
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return out.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch e := t.(type) {
		case xml.StartElement:
			fmt.Fprintf(&out, "\x00<%s", full(e.Name))
			for _, a := range e.Attr {
				fmt.Fprintf(&out, " %s=%q", full(a.Name), a.Value)
			}
			out.WriteString(">\x00")
		case xml.EndElement:
			fmt.Fprintf(&out, "\x00</%s>\x00", full(e.Name))
		case xml.CharData:
			out.Write(e)
		case xml.Directive:
			return "", fmt.Errorf("a document type")
		}
	}
}

var soundXML = []string{
	xmlHead + `<a b="1" c='2'><d:e f:g="&lt;&#65;&#x42;"/> text &amp; more &#13;` + "\r\n\r</a >\n",
	`<?xml version='1.0'?><!-- - a comment - --><?pi some > data?><a><![CDATA[<&]]]]><![CDATA[>]]></a>`,
	"\xef\xbb\xbf<a>\u00e9\U0001F600 ] ]] ]></a>",
	`<a b = "x>y" c="'">"'</a>`, `<a-b.c_d1/>`, `<a b="1"c="2"/>`, "<a\n\tb='\n'\r\n/>",
	"<a>" + strings.Repeat("x", 100) + "</a>", "",
}

var unsoundXML = []string{
	"<", "<a", "<a b", "<a b=", "<a b=c>", `<a b="c>`, `<a b="<">`, "< a>", "</ a>", "<a/ >", "<a / >", "<1a>", "<:a>", "<a:>", "<a:b:c>", "<é/>", "<a\xff>",
	"<a>&b;</a>", "<a>&amp</a>", "<a>&#0;</a>", "<a>&#xFFFE;</a>", "<a>&#x110000;</a>", "<a>&#;</a>", "<a>&#X41;</a>", "<a>&;</a>", "<a>& b</a>", `<a b="&c;"/>`,
	"<a>]]></a>", "<a>\x01</a>", "<a>\xff</a>", "<a>\xed\xa0\x80</a>", "<a b='\x00'/>", "<![CDATA[\x02]]>", "<![CDATA[a]]", "<![cdata[a]]>", "<!-- a -- b -->", "<!--a--->", "<!-", "<!--a-",
	"<!DOCTYPE a>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<?", "<??>", "<?1?>", "<?a", "<?a\x80?>",
	`<?xml version="1.1"?>`, `<?xml version="1.0" encoding="UTF-16"?>`, `<?xml version="1.0" encoding="latin1"?>`, `<a/><?xml version="1.0"?>`, `<?xml encoding="UTF-16" version="1.0"?>`,
	`<a b="1" b="2"/>`, "</a b>", "</a", "</>",
}

func TestTokens(t *testing.T) {
	l := workbook.DefaultLimits
	l.Tag = 128
	for _, s := range soundXML {
		want, err := standardTokens(strings.TrimPrefix(s, "\xef\xbb\xbf"))
		if err != nil {
			t.Fatal(err)
		}
		for what, r := range map[string]io.Reader{"whole": strings.NewReader(s), "by bytes": iotest.OneByteReader(strings.NewReader(s))} {
			if got, err := workbook.TokensOf(r, l); err != nil || got != want {
				t.Errorf("%s, %q is %q, %v; want %q", what, s, got, err, want)
			}
		}
	}
	for _, s := range append(unsoundXML, "<a>"+strings.Repeat("x", 200)+"</a>", "<a>"+strings.Repeat("x>", 100)+"</a>", "<!--"+strings.Repeat("x>", 100)+"-->") {
		if got, err := workbook.TokensOf(iotest.OneByteReader(strings.NewReader(s)), l); err == nil {
			t.Errorf("%q was taken for %q", s, got)
		}
	}
	if _, err := workbook.TokensOf(iotest.ErrReader(io.ErrUnexpectedEOF), l); err != io.ErrUnexpectedEOF {
		t.Errorf("a failing reader gave %v", err)
	}
}

// FuzzTokens holds the tokenizer to encoding/xml: what it takes encoding/xml
// takes as well, and for the same.
func FuzzTokens(f *testing.F) {
	for _, s := range append(soundXML, unsoundXML...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := workbook.TokensOf(strings.NewReader(s), workbook.DefaultLimits)
		if err != nil {
			return
		}
		want, err := standardTokens(strings.TrimPrefix(s, "\xef\xbb\xbf"))
		if err != nil || got != want {
			t.Fatalf("taken for %q; encoding/xml says %q, %v", got, want, err)
		}
	})
}
