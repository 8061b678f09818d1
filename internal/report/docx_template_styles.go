package report

import (
	"bytes"
	"encoding/xml"
	"strings"

	"bellwether/internal/workbook"
)

// templateStyle is a style of a template.
type templateStyle struct {
	Kind    string `xml:"type,attr"`
	ID      string `xml:"styleId,attr"`
	Default string `xml:"default,attr"`
	Name    struct {
		Val string `xml:"val,attr"`
	} `xml:"name"`
	List struct {
		Val int `xml:"val,attr"`
	} `xml:"pPr>numPr>numId"`
}

// styles takes a template's styles over and adds those that a report needs
// and the template has not, based on its own.
func (r *templateReader) styles(h *house, name string) error {
	if name == "" {
		return templateFault(workbook.Damaged, "it has no styles. %s", saveTemplate)
	}
	data, err := r.readRoot(name, "styles", nil)
	if err != nil {
		return err
	}
	var read struct {
		Styles []templateStyle `xml:"style"`
	}
	if err := xml.Unmarshal(data, &read); err != nil {
		return templateFault(workbook.Damaged, "its styles cannot be read (%v). %s", err, saveTemplate)
	}
	base, table := "", ""
	ids := map[string]bool{}
	for _, s := range read.Styles {
		ids[s.ID] = true
		if s.Default == "1" || s.Default == "true" {
			switch s.Kind {
			case "paragraph":
				base = s.ID
			case "table":
				table = s.ID
			}
		}
	}
	var added strings.Builder
	for _, s := range houseStyles {
		if found := s.in(read.Styles); found != nil {
			h.styles[s.role] = found.ID
			h.adopt(s.role, found.List.Val)
			continue
		}
		for ids[s.id] {
			s.id += "1"
		}
		ids[s.id] = true
		h.styles[s.role] = s.id
		added.WriteString(strings.Replace(s.xml(base, table, false), "<w:style ", `<w:style xmlns:w="`+nsWord+`" `, 1))
	}
	end := rootEnd(data)
	h.parts[stylesPart] = docxPart{kind: wordType + "styles+xml", data: bytes.Join([][]byte{data[:end], []byte(added.String()), data[end:]}, nil)}
	h.related = append(h.related, relation{kind: "styles", target: stylesPart})
	return nil
}

// in finds the style among a template's: by a name that serves as well, by
// Word's own name, by its identifier.
func (s style) in(of []templateStyle) *templateStyle {
	kind := s.kind
	if kind == "" {
		kind = "paragraph"
	}
	for _, name := range append(s.names[:len(s.names):len(s.names)], s.name) {
		for i := range of {
			if of[i].Kind == kind && strings.EqualFold(of[i].Name.Val, name) {
				return &of[i]
			}
		}
	}
	for i := range of {
		if of[i].Kind == kind && of[i].ID == s.id {
			return &of[i]
		}
	}
	return nil
}

// adopt counts paragraphs, or marks items, as the list of a template's style
// does.
func (h *house) adopt(role string, list int) {
	of, known := h.instances[list]
	switch {
	case !known:
	case role == "number":
		h.numbers, h.counted = list, of
	case role == "bullet":
		h.bullets = list
	}
}

// lists takes a template's lists over and adds a report's own.
func (r *templateReader) lists(h *house, name string) error {
	h.instances = map[int]int{}
	var part docxPart
	if name == "" {
		part.data = []byte(xmlHead + `<w:numbering xmlns:w="` + nsWord + `"></w:numbering>`)
	} else {
		if err := r.keep(h, name, "numbering"); err != nil {
			return err
		}
		part = h.parts[name]
		delete(h.parts, name)
	}
	var read struct {
		Kinds []struct {
			ID int `xml:"abstractNumId,attr"`
		} `xml:"abstractNum"`
		Lists []struct {
			ID int `xml:"numId,attr"`
			Of struct {
				Val int `xml:"val,attr"`
			} `xml:"abstractNumId"`
		} `xml:"num"`
	}
	err := xml.Unmarshal(part.data, &read)
	end := rootEnd(part.data)
	if err != nil {
		return templateFault(workbook.Damaged, "its lists cannot be read (%v). %s", err, saveTemplate)
	}
	kind, list := 0, 0
	for _, k := range read.Kinds {
		kind = max(kind, k.ID+1)
	}
	for _, l := range read.Lists {
		list = max(list, l.ID)
		h.instances[l.ID] = l.Of.Val
	}
	if kind > 1<<30 || list > 1<<30 {
		return templateFault(workbook.Unsafe, "its lists are numbered beyond what Word counts. %s", saveTemplate)
	}
	h.bullets, h.numbers, h.counted, h.next = list+1, list+2, kind+1, list+3
	h.insertLists(part, kind, end)
	return nil
}

// insertLists puts kinds of lists before the first list, and lists after the
// last, as the schema wants them.
func (h *house) insertLists(part docxPart, kind, end int) {
	data, first, last := part.data, end, end
	if at := childOffsets(data, "num", "numIdMacAtCleanup"); len(at) > 0 {
		first = at[0]
	}
	if at := childOffsets(data, "numIdMacAtCleanup"); len(at) > 0 {
		last = at[0]
	}
	h.numbering = bytes.Join([][]byte{data[:first], []byte(bulletList(kind) + numberedList(kind+1)), data[first:last], []byte(instance(h.bullets, kind, false) + instance(h.numbers, kind+1, false))}, nil)
	h.numberingEnd = data[last:]
	h.numberingRels = part.rels
}
