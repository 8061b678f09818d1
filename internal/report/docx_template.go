package report

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"

	"bellwether/internal/workbook"
)

// Template is a council's own Word file, checked. Of it a report keeps the
// styles, lists, theme and fonts, the headers and footers, and the paper and
// its margins; nothing of its text, its properties or who wrote it.
type Template struct{ house *house }

// NotWord is the code of a fault of a file that is no Word document; the
// others are those of the workbook package.
const NotWord = "not_word"

// Bounds of a template, beside those of an uploaded workbook.
const (
	mostPart = 16 << 20 // bytes of one part, unpacked
	mostKept = 48 << 20 // of all that is kept
)

const saveTemplate = "Open it in Word, save it again as a Word document (.docx) and use that copy."

func templateFault(code, format string, args ...any) error {
	return &workbook.Fault{Code: code, Message: "The template cannot be used: " + fmt.Sprintf(format, args...)}
}

// ReadTemplate checks a .docx or .dotx file and takes from it what reports
// keep. The error is a *workbook.Fault, which says what is wrong and what to do.
func ReadTemplate(data []byte) (*Template, error) {
	r, err := openTemplate(data)
	if err != nil {
		return nil, err
	}
	h, err := r.house()
	if err != nil {
		return nil, err
	}
	return &Template{h}, nil
}

// templateReader reads the parts of a template.
type templateReader struct {
	files map[string]*zip.File // by lower-case name
	types map[string]string    // content types: of parts by "/name", of endings by "name"
	kept  int                  // bytes read so far
}

func openTemplate(data []byte) (*templateReader, error) {
	limits := workbook.DefaultLimits
	switch {
	case len(data) == 0:
		return nil, templateFault(workbook.EmptyFile, "the file is empty.")
	case int64(len(data)) > limits.Upload:
		return nil, templateFault(workbook.TooLarge, "it is larger than %d MB. Take out what a report does not need, such as large pictures.", limits.Upload>>20)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, templateFault(workbook.Password, "it has a password, or is of Word 97 to 2003 (.doc). Open it in Word, take the password out and save it as a Word document (.docx).")
	case bytes.Count(data, []byte("PK\x01\x02")) > limits.Parts:
		return nil, templateFault(workbook.TooLarge, "it is made of more than %d parts. %s", limits.Parts, saveTemplate)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if errors.Is(err, zip.ErrFormat) && !bytes.HasPrefix(data, []byte("PK")) {
		return nil, templateFault(NotWord, "it is not a Word document (.docx).")
	}
	if err != nil {
		return nil, templateFault(workbook.Damaged, "it is cut short or damaged (%v). %s", err, saveTemplate)
	}
	r := &templateReader{files: map[string]*zip.File{}}
	for _, f := range z.File {
		if err := r.add(f); err != nil {
			return nil, err
		}
	}
	return r, r.readTypes()
}

func (r *templateReader) add(f *zip.File) error {
	name := strings.ToLower(f.Name)
	clean := strings.TrimSuffix(name, "/")
	switch {
	case clean == "", strings.HasPrefix(name, "/"), path.Clean(clean) != clean, strings.HasPrefix(name, ".."), strings.ContainsAny(name, "\x00:\\"):
		return templateFault(workbook.Unsafe, "a part of it is named %.60q. %s", f.Name, saveTemplate)
	case r.files[name] != nil:
		return templateFault(workbook.Unsafe, "two parts of it are named %.60q. %s", f.Name, saveTemplate)
	case f.Flags&1 != 0:
		return templateFault(workbook.Password, "it has a password. Take it out in Word and save it again.")
	case strings.HasSuffix(name, "vbaproject.bin"), strings.HasSuffix(name, "vbadata.xml"):
		return templateFault(workbook.Macros, "it holds macros. Open it in Word and save it as a Word document without macros (.docx).")
	}
	if !strings.HasSuffix(name, "/") {
		r.files[name] = f
	}
	return nil
}

// read unpacks a part; archive/zip refuses one of another size or check sum
// than it says.
func (r *templateReader) read(name string) ([]byte, error) {
	f := r.files[strings.ToLower(name)]
	if f == nil {
		return nil, templateFault(workbook.Damaged, "its part %.60s is missing. %s", name, saveTemplate)
	}
	in, err := f.Open()
	if err == nil {
		defer in.Close()
		var data []byte
		data, err = io.ReadAll(io.LimitReader(in, mostPart+1))
		if r.kept += len(data); len(data) > mostPart || r.kept > mostKept {
			return nil, templateFault(workbook.TooLarge, "its part %.60s is too large. Take out what a report does not need, such as large pictures.", name)
		}
		if err == nil {
			return data, nil
		}
	}
	return nil, templateFault(workbook.Damaged, "its part %.60s cannot be unpacked (%v). %s", name, err, saveTemplate)
}

// readXML reads a part and checks that it is whole: see names each element as
// it begins, and may be nil.
func (r *templateReader) readXML(name string, see func(e xml.StartElement)) ([]byte, error) {
	data, err := r.read(name)
	if err != nil {
		return nil, err
	}
	if err := wellFormed(data, see); err != nil {
		return nil, templateFault(workbook.Damaged, "its part %.60s is not sound (%v). %s", name, err, saveTemplate)
	}
	return data, nil
}

// readRoot reads a part whose root has the given name.
func (r *templateReader) readRoot(name, root string, see func(e xml.StartElement)) ([]byte, error) {
	first := ""
	data, err := r.readXML(name, func(e xml.StartElement) {
		if first == "" {
			first = e.Name.Local
		}
		if see != nil {
			see(e)
		}
	})
	if err == nil && (first != root || root != "theme" && root != "fonts" && rootEnd(data) < 0) {
		err = templateFault(workbook.Damaged, "its part %.60s does not hold %s as Word writes it. %s", name, root, saveTemplate)
	}
	return data, err
}

// wellFormed checks an XML part, which has no document type and nothing after
// its root.
func wellFormed(data []byte, see func(e xml.StartElement)) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	depth, roots := 0, 0
	for {
		t, err := d.Token()
		if err == io.EOF && roots == 1 {
			return nil
		}
		if err != nil || roots > 1 {
			return fmt.Errorf("no whole XML: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			if depth++; depth > 256 || len(t.Attr) > 256 {
				return fmt.Errorf("too many elements within one another")
			}
			if see != nil {
				see(t)
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			return fmt.Errorf("it has a document type")
		}
	}
}

func attr(e xml.StartElement, space, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local && a.Name.Space == space {
			return a.Value
		}
	}
	return ""
}

func (r *templateReader) readTypes() error {
	r.types = map[string]string{}
	if r.files["[content_types].xml"] == nil || r.files["_rels/.rels"] == nil {
		return templateFault(NotWord, "it is not a Word document (.docx).")
	}
	macros := false
	_, err := r.readXML("[Content_Types].xml", func(e xml.StartElement) {
		kind := attr(e, "", "ContentType")
		macros = macros || strings.Contains(strings.ToLower(kind), "macroenabled")
		switch e.Name.Local {
		case "Default":
			r.types[strings.ToLower(attr(e, "", "Extension"))] = kind
		case "Override":
			r.types[strings.ToLower(attr(e, "", "PartName"))] = kind
		}
	})
	if err == nil && macros {
		err = templateFault(workbook.Macros, "it is a template for macros (.docm or .dotm). Open it in Word and save it as a Word document (.docx).")
	}
	return err
}

func (r *templateReader) typeOf(name string) string {
	name = strings.ToLower(name)
	if kind := r.types["/"+name]; kind != "" {
		return kind
	}
	return r.types[strings.TrimPrefix(path.Ext(name), ".")]
}

// strictRel begins the types of relations in the ISO standard's strict form.
const strictRel = "http://purl.oclc.org/"

// rels are the relations of a part, "" being the file itself.
func (r *templateReader) rels(of string) ([]relation, error) {
	dir, base := path.Split(of)
	name := dir + "_rels/" + base + ".rels"
	if r.files[strings.ToLower(name)] == nil {
		return nil, nil
	}
	var out []relation
	strict := false
	_, err := r.readXML(name, func(e xml.StartElement) {
		if e.Name.Local != "Relationship" {
			return
		}
		one := relation{id: attr(e, "", "Id"), kind: path.Base(attr(e, "", "Type")), target: attr(e, "", "Target"), external: attr(e, "", "TargetMode") == "External"}
		strict = strict || strings.HasPrefix(attr(e, "", "Type"), strictRel)
		if !one.external {
			one.target = r.resolve(dir, one.target)
		}
		out = append(out, one)
	})
	if err == nil && strict {
		err = templateFault(NotWord, "it is saved in the strict form of Open XML. Save it as an ordinary Word document (.docx).")
	}
	return out, err
}

// resolve is the part that a relation of a part in dir leads to.
func (r *templateReader) resolve(dir, target string) string {
	if !strings.HasPrefix(target, "/") {
		target = dir + target
	}
	target = strings.TrimPrefix(path.Clean("/"+target), "/")
	if r.files[strings.ToLower(target)] == nil {
		if plain, err := url.PathUnescape(target); err == nil {
			return plain
		}
	}
	return target
}

// soundName is what a part that is kept may be called.
var soundName = regexp.MustCompile(`^[A-Za-z0-9_()-]+(?:[./]+[A-Za-z0-9_()-]+)*$`)

// companions are what parts that are kept may bring with them.
var companions = map[string]map[string]bool{
	"header": {"image": true}, "footer": {"image": true}, "theme": {"image": true},
	"numbering": {"image": true}, "fontTable": {"font": true},
}

// keptTypes are the content types of what is kept.
var keptTypes = map[string]*regexp.Regexp{
	"header":    regexp.MustCompile(`wordprocessingml\.header\+xml$`),
	"footer":    regexp.MustCompile(`wordprocessingml\.footer\+xml$`),
	"numbering": regexp.MustCompile(`wordprocessingml\.numbering\+xml$`),
	"fontTable": regexp.MustCompile(`wordprocessingml\.fontTable\+xml$`),
	"theme":     regexp.MustCompile(`officedocument\.theme\+xml$`),
	"image":     regexp.MustCompile(`^image/[\w.+-]+$`),
	"font":      regexp.MustCompile(`^application/(x-font[\w.+-]*|vnd\.openxmlformats-officedocument\.obfuscatedFont)$`),
}

// roots are the elements that parts begin with.
var roots = map[string]string{"header": "hdr", "footer": "ftr", "numbering": "numbering", "fontTable": "fonts", "theme": "theme"}

// keep takes a part over with what belongs to it. What would run, or be
// fetched when the report is opened, is refused.
func (r *templateReader) keep(h *house, name, kind string) error {
	part := docxPart{kind: r.typeOf(name)}
	switch {
	case !soundName.MatchString(name) || name == documentPart:
		return templateFault(workbook.Unsafe, "a part of it is named %.60q. %s", name, saveTemplate)
	case !keptTypes[kind].MatchString(part.kind):
		return templateFault(workbook.Unsafe, "its part %.60s is not what it should be (%s). %s", name, kind, saveTemplate)
	case h.parts[name].data != nil:
		return nil
	}
	used := map[string]bool{}
	var err error
	switch kind {
	case "image", "font":
		part.data, err = r.read(name)
	default:
		part.data, err = r.readRoot(name, roots[kind], func(e xml.StartElement) {
			for _, a := range e.Attr {
				if a.Name.Space == nsRel && a.Value != "" {
					used[a.Value] = true
				}
			}
		})
	}
	if err != nil {
		return err
	}
	part.rels, err = r.keepRels(h, name, kind, used)
	h.parts[name] = part
	return err
}

func (r *templateReader) keepRels(h *house, name, kind string, used map[string]bool) ([]byte, error) {
	list, err := r.rels(name)
	if err != nil {
		return nil, err
	}
	var out []relation
	for _, one := range list {
		switch {
		case !used[one.id]:
			continue
		case one.external && one.kind == "hyperlink" && linkTarget(one.target) != "":
			one.target = linkTarget(one.target)
		case one.external:
			return nil, templateFault(workbook.Unsafe, "its %s refers to %.80q, which is not in the file. Put the picture into the template, or take the link out.", kind, one.target)
		case !companions[kind][one.kind]:
			return nil, templateFault(workbook.Unsafe, "its %s holds an object (%.40s) that a report cannot keep. Take it out, or put a picture in its place.", kind, one.kind)
		default:
			if err := r.keep(h, one.target, one.kind); err != nil {
				return nil, err
			}
		}
		delete(used, one.id)
		out = append(out, one)
	}
	if len(used) > 0 {
		return nil, templateFault(workbook.Damaged, "its part %.60s refers to something that is not there. %s", name, saveTemplate)
	}
	if out == nil {
		return nil, nil
	}
	return relsXML(path.Dir(name)+"/", out), nil
}
