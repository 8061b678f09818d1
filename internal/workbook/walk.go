package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// visit is called with each token of a part. path holds the local names from
// the root to the element the token stands in or, for a start or an end, is.
type visit func(path []string, t xml.Token) error

// walk reads one part to its last byte, so that its check sum is tested, and
// refuses what is not well-formed, has a document type, or is too deep or wide.
func (a *archive) walk(f *zip.File, each visit) error {
	r, err := f.Open()
	if err != nil {
		return unpackFault(f, err)
	}
	defer r.Close()
	w := walker{part: f, limits: a.limits, each: each}
	d := xml.NewDecoder(&tagReader{r: r, max: a.limits.Tag})
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return w.end()
		}
		if err != nil {
			return w.fault(err)
		}
		if err := w.token(t); err != nil {
			return err
		}
	}
}

type walker struct {
	part   *zip.File
	limits Limits
	each   visit
	names  []xml.Name
	path   []string
	roots  int
}

func (w *walker) token(t xml.Token) error {
	switch e := t.(type) {
	case xml.StartElement:
		if err := w.push(e); err != nil {
			return err
		}
		return w.each(w.path, t)
	case xml.EndElement:
		last := len(w.names) - 1
		if last < 0 || w.names[last] != e.Name {
			return damaged("", "%s is not well-formed: </%s> closes nothing", w.part.Name, e.Name.Local)
		}
		err := w.each(w.path, t)
		w.names, w.path = w.names[:last], w.path[:last]
		return err
	case xml.CharData:
		return w.each(w.path, t)
	case xml.Directive:
		return suspect("%s declares a document type", w.part.Name)
	}
	return nil
}

func (w *walker) push(e xml.StartElement) error {
	if len(w.path) == 0 {
		w.roots++
	}
	switch {
	case w.roots > 1:
		return damaged("", "%s is not well-formed: it goes on after its end", w.part.Name)
	case len(w.path) >= w.limits.Depth:
		return suspect("%s has elements more than %d deep", w.part.Name, w.limits.Depth)
	case len(e.Attr) > w.limits.Attrs:
		return suspect("%s has an element with %d attributes", w.part.Name, len(e.Attr))
	}
	w.names, w.path = append(w.names, e.Name), append(w.path, e.Name.Local)
	return nil
}

func (w *walker) end() error {
	if len(w.path) > 0 {
		return damaged("", "%s is cut short inside <%s>", w.part.Name, w.path[len(w.path)-1])
	}
	if w.roots == 0 {
		return damaged("", "%s is empty", w.part.Name)
	}
	return nil
}

func (w *walker) fault(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errTag):
		return suspect("%s has a tag or a text of more than %d kB", w.part.Name, w.limits.Tag>>10)
	case errors.As(err, &syntax):
		return damaged("", "%s is not well-formed at line %d (%s)", w.part.Name, syntax.Line, syntax.Msg)
	}
	return unpackFault(w.part, err)
}

var errTag = errors.New("tag too long")

// tagReader refuses a run of more than max bytes without '>', so that one
// element of a million attributes never reaches the decoder whole.
type tagReader struct {
	r        io.Reader
	run, max int
}

func (t *tagReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p[:min(len(p), 32<<10)])
	if i := bytes.LastIndexByte(p[:n], '>'); i >= 0 {
		t.run = n - i
	} else if t.run += n; t.run > t.max {
		return 0, errTag
	}
	return n, err
}

// attr is the value of the attribute with a local name, "" if there is none.
func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// truth reads an XML Schema boolean; absent is false.
func truth(s string) bool { return s == "1" || s == "true" }
