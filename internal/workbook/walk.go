package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
)

// xmlReader is one part of an archive as tokens, held to be well-formed and
// within limits. path holds the local names from the root to the element the
// token stands in or, for a start or an end, is.
type xmlReader struct {
	tokens
	path []string

	part    *zip.File
	limits  Limits
	spent   *int // elements of all parts so far
	open    io.ReadCloser
	stack   []xmlName
	leaving bool // the last token was an end: its element is still on the stack
	rooted  bool
}

// openXML begins a part. The archive keeps the reader's window for the next.
func (a *archive) openXML(f *zip.File) (*xmlReader, error) {
	r, err := f.Open()
	if err != nil {
		return nil, unpackFault(f, err)
	}
	x := a.spare
	if a.spare = nil; x == nil {
		x = &xmlReader{}
	}
	a.walked[f] = true
	x.tokens.reset(r, a.limits)
	*x = xmlReader{tokens: x.tokens, path: x.path[:0], stack: x.stack[:0], part: f, limits: a.limits, spent: &a.elements, open: r}
	return x, nil
}

// closeXML ends the reading of a part, or breaks it off.
func (a *archive) closeXML(x *xmlReader) {
	x.open.Close()
	a.spare = x
}

// visit is called with each token of a part.
type visit func(path []string, t *token) error

// walk reads one part to its last byte, so that its check sum is tested, and
// refuses what is not well-formed, has a document type, or is too deep or wide.
func (a *archive) walk(f *zip.File, each visit) error {
	x, err := a.openXML(f)
	if err != nil {
		return err
	}
	defer a.closeXML(x)
	for {
		t, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(x.path, t); err != nil {
			return err
		}
	}
}

// next is the next token; io.EOF is the sound end of the part, any other
// error a *Fault.
func (x *xmlReader) next() (*token, error) {
	if x.leaving {
		last := len(x.stack) - 1
		x.stack, x.path, x.leaving = x.stack[:last], x.path[:last], false
	}
	t, err := x.tokens.next()
	if err == io.EOF {
		return nil, x.end()
	}
	if err != nil {
		return nil, x.fault(err)
	}
	switch t.kind {
	case startTag:
		err = x.push(t)
	case endTag:
		x.leaving = true
		if last := len(x.stack) - 1; last < 0 || x.stack[last] != t.name {
			x.leaving = false
			err = damaged("", "%s is not well-formed: </%s> closes nothing", x.part.Name, t.name.full)
		}
	default:
		if len(x.path) == 0 && len(bytes.TrimSpace(t.text)) > 0 {
			err = damaged("", "%s is not well-formed: text stands outside its elements", x.part.Name)
		}
	}
	return t, err
}

func (x *xmlReader) push(t *token) error {
	switch {
	case len(x.path) == 0 && x.rooted:
		return damaged("", "%s is not well-formed: it goes on after its end", x.part.Name)
	case len(x.path) >= x.limits.Depth:
		return suspect("%s has elements more than %d deep", x.part.Name, x.limits.Depth)
	}
	if *x.spent++; *x.spent > x.limits.Elements {
		return tooLarge("", "the workbook is made of more than %d XML elements: its cells, empty or not, and their formatting. Delete the rows and columns that are not needed.", x.limits.Elements)
	}
	x.rooted = true
	x.stack, x.path = append(x.stack, t.name), append(x.path, t.name.local)
	return nil
}

func (x *xmlReader) end() error {
	if len(x.path) > 0 {
		return damaged("", "%s is cut short inside <%s>", x.part.Name, x.path[len(x.path)-1])
	}
	if !x.rooted {
		return damaged("", "%s is empty", x.part.Name)
	}
	return io.EOF
}

func (x *xmlReader) fault(err error) error {
	var syntax *syntaxError
	switch {
	case errors.Is(err, errTag):
		return suspect("%s has a tag or a text of more than %d kB", x.part.Name, x.limits.Tag>>10)
	case errors.Is(err, errDoctype):
		return suspect("%s declares a document type", x.part.Name)
	case errors.Is(err, errAttrs):
		return suspect("%s has an element with more than %d attributes", x.part.Name, x.limits.Attrs)
	case errors.As(err, &syntax):
		return damaged("", "%s is not well-formed at line %d (%s)", x.part.Name, syntax.line, syntax.what)
	}
	return unpackFault(x.part, err)
}

// attr is the value of the attribute with a local name, "" if there is none.
func (t *token) attr(local string) string { return string(t.bytes(local)) }

// bytes is the same, valid until the next token.
func (t *token) bytes(local string) []byte {
	for _, a := range t.attrs {
		if a.name.local == local {
			return a.value
		}
	}
	return nil
}

// truth reads an XML Schema boolean; absent is false.
func truth(b []byte) bool { return string(b) == "1" || string(b) == "true" }
