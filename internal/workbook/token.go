package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// tokens splits XML into tags and text through a window of fixed size. What
// encoding/xml refuses it refuses (FuzzTokens holds it to that), and more: a
// document type, a name beyond ASCII, an attribute twice, another encoding
// than UTF-8, a tag or run of text longer than the window.
type tokens struct {
	r       io.Reader
	window  []byte
	at, end int // what of the window is not taken yet
	taken   int64
	lines   int    // line ends before the window
	err     error  // of r
	items   int    // tags and texts so far
	closing bool   // the last tag closes itself: its end is due
	raw     []byte // the last token as it stands in the window
	scratch []byte
	names   *[nameSlots]xmlName
	most    int // attributes of one tag
	token   token
}

type tokenKind uint8

const (
	startTag tokenKind = iota
	endTag
	charData
)

// token is valid until the next one.
type token struct {
	kind  tokenKind
	name  xmlName // of tags
	attrs []attribute
	text  []byte // of charData
}

// xmlName is "table:name" whole and "name" alone.
type xmlName struct{ full, local string }

type attribute struct {
	name  xmlName
	value []byte
}

var (
	errTag     = errors.New("tag too long")
	errDoctype = errors.New("document type")
	errAttrs   = errors.New("too many attributes")
)

// syntaxError is what keeps a part from being well-formed.
type syntaxError struct {
	line int
	what string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.what) }

func (t *tokens) syntax(format string, args ...any) error {
	return &syntaxError{t.lines + 1 + bytes.Count(t.window[:t.at], []byte("\n")), fmt.Sprintf(format, args...)}
}

// reset begins another input with the same window.
func (t *tokens) reset(r io.Reader, l Limits) {
	if len(t.window) != l.Tag {
		t.window = make([]byte, l.Tag)
	}
	if t.names == nil {
		t.names = new([nameSlots]xmlName)
	}
	*t = tokens{r: r, window: t.window, names: t.names, most: l.Attrs, scratch: t.scratch, token: token{attrs: t.token.attrs}}
}

// offset is how many bytes have been taken.
func (t *tokens) offset() int64 { return t.taken + int64(t.at) }

// fill reads more into the window: io.EOF at the end, errTag when it is full.
func (t *tokens) fill() error {
	if t.err != nil {
		return t.err
	}
	if t.at > 0 {
		t.lines += bytes.Count(t.window[:t.at], []byte("\n"))
		t.taken += int64(t.at)
		copy(t.window, t.window[t.at:t.end])
		t.at, t.end = 0, t.end-t.at
	}
	if t.end == len(t.window) {
		return errTag
	}
	n := 0
	for n == 0 && t.err == nil {
		n, t.err = t.r.Read(t.window[t.end:])
		t.end += n
	}
	if n > 0 {
		return nil
	}
	return t.err
}

// next is the next tag or text; comments and instructions are passed over.
// io.EOF is the end of the input.
func (t *tokens) next() (*token, error) {
	if t.closing {
		t.closing, t.raw, t.token.kind = false, nil, endTag
		return &t.token, nil
	}
	t.scratch = t.scratch[:0]
	for {
		if t.end-t.at < longestOpening && t.err == nil {
			t.fill()
			continue
		}
		if t.offset() == 0 && bytes.HasPrefix(t.unread(), bomUTF8) {
			t.at = len(bomUTF8)
		}
		if t.at == t.end {
			return nil, t.err
		}
		t.items++
		if t.window[t.at] != '<' {
			return t.chars()
		}
		raw, err := t.markup()
		if err != nil {
			return nil, err
		}
		if tok, err := t.tag(raw); tok != nil || err != nil {
			return tok, err
		}
	}
}

// longestOpening tells what markup is.
const longestOpening = len("<![CDATA[")

func (t *tokens) unread() []byte { return t.window[t.at:t.end] }

// tag reads markup from < to >; nil for what is passed over.
func (t *tokens) tag(raw []byte) (*token, error) {
	body := raw[1 : len(raw)-1]
	switch raw[1] {
	case '/':
		return t.endTag(body[1:])
	case '?':
		return nil, t.instruction(body[1 : len(body)-1])
	case '!':
		if raw[2] == '[' {
			text, err := t.decode(raw[9:len(raw)-3], inCDATA)
			t.token = token{kind: charData, text: text, attrs: t.token.attrs}
			return &t.token, err
		}
		if bytes.Contains(raw[4:len(raw)-2], []byte("--")) {
			return nil, t.syntax("a comment holds --")
		}
		return nil, nil
	}
	return t.startTag(body)
}

// markup takes what begins with < up to its end.
func (t *tokens) markup() ([]byte, error) {
	for {
		b := t.unread()
		n, err := markupEnd(b)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			t.at += n
			t.raw = b[:n]
			return t.raw, nil
		}
		if err := t.fill(); err == io.EOF {
			return nil, t.syntax("the input ends in a tag")
		} else if err != nil {
			return nil, err
		}
	}
}

// markupEnd is the length of what begins with <, 0 when its end is not there.
func markupEnd(b []byte) (int, error) {
	switch {
	case len(b) < 2:
		return 0, nil
	case b[1] == '/':
		return after(b, 2, ">"), nil
	case b[1] == '?':
		return after(b, 2, "?>"), nil
	case b[1] != '!':
		return tagEnd(b), nil
	case bytes.HasPrefix(b, []byte("<!--")):
		return after(b, 4, "-->"), nil
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		return after(b, 9, "]]>"), nil
	case len(b) < longestOpening:
		return 0, nil
	}
	return 0, errDoctype
}

// tagEnd finds the first > outside quotation marks.
func tagEnd(b []byte) int {
	for from := 0; ; {
		n := bytes.IndexAny(b[from:], `>"'`)
		if n < 0 {
			return 0
		}
		if from += n + 1; b[from-1] == '>' {
			return from
		}
		n = bytes.IndexByte(b[from:], b[from-1])
		if n < 0 {
			return 0
		}
		from += n + 1
	}
}

func after(b []byte, from int, end string) int {
	if i := bytes.Index(b[from:], []byte(end)); i >= 0 {
		return from + i + len(end)
	}
	return 0
}

var declaration = regexp.MustCompile(`^xml\s+version\s*=\s*(?:"1\.0"|'1\.0')(?:\s+encoding\s*=\s*(?:"([\w.-]+)"|'([\w.-]+)'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*$`)

// instruction checks <?name ...?>; only the XML declaration says anything.
func (t *tokens) instruction(body []byte) error {
	n := nameLength(body)
	name, err := t.name(body[:n])
	if err == nil && n < len(body) && len(trimSpace(body[n:n+1])) > 0 {
		err = t.syntax("<?%s does not end with ?>", name.full)
	}
	if err != nil || name.full != "xml" {
		return err
	}
	said := declaration.FindSubmatch(body)
	if said == nil || t.items > 1 {
		return t.syntax("the XML declaration is not sound")
	}
	if encoding := string(said[1]) + string(said[2]); encoding != "" && !strings.EqualFold(encoding, "UTF-8") {
		return t.syntax("it is in %s, not UTF-8", encoding)
	}
	return nil
}

func (t *tokens) endTag(body []byte) (*token, error) {
	n := nameLength(body)
	name, err := t.name(body[:n])
	if err == nil && len(trimSpace(body[n:])) > 0 {
		err = t.syntax("</%s does not end with >", name.full)
	}
	t.token = token{kind: endTag, name: name, attrs: t.token.attrs}
	return &t.token, err
}

func (t *tokens) startTag(body []byte) (*token, error) {
	if n := len(body); n > 0 && body[n-1] == '/' {
		t.closing, body = true, body[:n-1]
	}
	n := nameLength(body)
	name, err := t.name(body[:n])
	t.token = token{kind: startTag, name: name, attrs: t.token.attrs[:0]}
	for rest := trimSpace(body[n:]); len(rest) > 0 && err == nil; rest = trimSpace(rest) {
		rest, err = t.attribute(rest)
	}
	return &t.token, err
}

// attribute reads name="value" and gives what follows it.
func (t *tokens) attribute(b []byte) (rest []byte, err error) {
	n := nameLength(b)
	name, err := t.name(b[:n])
	if err != nil {
		return nil, err
	}
	b = trimSpace(b[n:])
	if len(b) == 0 || b[0] != '=' {
		return nil, t.syntax("attribute %s has no value", name.full)
	}
	b = trimSpace(b[1:])
	if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
		return nil, t.syntax("attribute %s is not in quotation marks", name.full)
	}
	n = 1 + bytes.IndexByte(b[1:], b[0])
	if n == 0 || bytes.IndexByte(b[1:n], '<') >= 0 {
		return nil, t.syntax("attribute %s does not end", name.full)
	}
	for _, a := range t.token.attrs {
		if a.name.full == name.full {
			return nil, t.syntax("attribute %s is given twice", name.full)
		}
	}
	if len(t.token.attrs) == t.most {
		return nil, errAttrs
	}
	value, err := t.decode(b[1:n], inAttribute)
	t.token.attrs = append(t.token.attrs, attribute{name, value})
	return b[n+1:], err
}

// nameSlots is how many names are remembered, each in the place its first and
// last byte and its length give it.
const nameSlots = 256

func (t *tokens) name(b []byte) (xmlName, error) {
	if len(b) == 0 {
		return xmlName{}, t.syntax("a name is missing")
	}
	slot := &t.names[(uint(b[0])*7+uint(b[len(b)-1])*3+uint(len(b)))%nameSlots]
	if slot.full == string(b) {
		return *slot, nil
	}
	s := string(b)
	prefix, local, ok := strings.Cut(s, ":")
	if !ok {
		prefix, local = "x", s
	}
	if prefix == "" || local == "" || strings.Contains(local, ":") || strings.IndexByte("0123456789.-", s[0]) >= 0 {
		return xmlName{}, t.syntax("the name %.40s is not sound", s)
	}
	*slot = xmlName{s, local}
	return *slot, nil
}

func nameLength(b []byte) int {
	for i, c := range b {
		if !nameByte[c] {
			return i
		}
	}
	return len(b)
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n' || b[0] == '\r' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}

// chars takes the text up to the next tag or the end.
func (t *tokens) chars() (*token, error) {
	n := -1
	for n < 0 {
		if n = bytes.IndexByte(t.unread(), '<'); n >= 0 {
			break
		}
		if err := t.fill(); err == io.EOF {
			n = t.end - t.at
		} else if err != nil {
			return nil, err
		}
	}
	t.raw = t.unread()[:n]
	t.at += n
	text, err := t.decode(t.raw, inText)
	t.token = token{kind: charData, text: text, attrs: t.token.attrs}
	return &t.token, err
}
