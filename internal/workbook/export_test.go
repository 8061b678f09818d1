package workbook

import (
	"fmt"
	"io"
	"strings"
)

// TokensOf writes down what the tokenizer makes of XML, adjacent texts joined.
func TokensOf(r io.Reader, l Limits) (string, error) {
	var t tokens
	t.reset(r, l)
	var out strings.Builder
	for {
		tok, err := t.next()
		if err == io.EOF {
			return out.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch tok.kind {
		case startTag:
			fmt.Fprintf(&out, "\x00<%s", tok.name.full)
			for _, a := range tok.attrs {
				fmt.Fprintf(&out, " %s=%q", a.name.full, a.value)
			}
			out.WriteString(">\x00")
		case endTag:
			fmt.Fprintf(&out, "\x00</%s>\x00", tok.name.full)
		case charData:
			out.Write(tok.text)
		}
	}
}
